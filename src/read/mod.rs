//! Bytes to [`Draft`]s: unpacking, decoding, recognising, the XML tree, the core of XMI 2.x and the dialects of the tools.
//!
//! Reading is total: it keeps what it understood of a damaged file and reports the rest.

mod detect;
mod dialects;
mod drafting;
mod foreign;
mod gather;
mod html;
mod json;
mod multiplicity;
mod native;
mod parts;
mod references;
mod unpack;
mod xmi1;
mod xmi2;
mod xml;

pub use unpack::member;

use detect::Other;
use drafting::Drafting;

use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Settings;
use crate::source::decode::{self, Fault, Guess};
use crate::source::{SourceId, Sources, Span};
use crate::uml::draft::Draft;

/// A file as it was given.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its name, for messages and for references between files.
    pub name: String,
    /// What it contains.
    pub bytes: Vec<u8>,
    /// The folder that was given instead, if nobody named the file itself: then it may be something else than a model.
    pub found_in: Option<String>,
}

impl InputFile {
    /// A file that somebody named.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), found_in: None }
    }
}

/// Reads files. A file without a model gives no draft but a finding.
pub fn read(
    files: Vec<InputFile>,
    settings: &Settings,
    sources: &mut Sources,
    elements: &mut Elements,
    report: &mut Report,
) -> Vec<Draft> {
    let mut reading = Reading { settings, sources, elements, report };
    gather::gather(files, &mut reading)
}

/// Whether a file that starts with `head` may be a model, or an archive that holds one.
pub fn may_be_model(head: &[u8]) -> bool {
    unpack::Container::of(head).is_some() || detect::binary(head).is_none()
}

/// What all files of a compilation are read into.
struct Reading<'r> {
    settings: &'r Settings,
    sources: &'r mut Sources,
    elements: &'r mut Elements,
    report: &'r mut Report,
}

/// What a file turned out to be.
enum Content {
    /// A model, with what is to be said if it holds no classes.
    Model(Box<Draft>, Option<Diagnostic>),
    /// Something else, with what is wrong with it beside that.
    Other(Other, Span, Report),
    /// Nothing that can be told; that was reported.
    Unread,
}

impl Reading<'_> {
    /// Reads a file that is no archive.
    fn one(&mut self, name: &str, bytes: Vec<u8>) -> Content {
        let Reading { settings, sources, elements, report } = self;
        // Places are counted in 32 bits, whatever the settings allow.
        let limit = settings.limits.file.min(u32::MAX as usize / 2);
        if bytes.len() > limit {
            let source = sources.add(name, "");
            let message = if bytes.len() == limit + 1 {
                // Reading stopped there.
                format!("`{name}` has more than the {limit} bytes allowed")
            } else {
                format!("`{name}` has {} bytes, more than the {limit} allowed", bytes.len())
            };
            report.add(
                Diagnostic::new(&codes::U0108, message)
                    .here(Span::new(source, 0..0), "the file is not read")
                    .help("raise `file` under `[limits]` in `umlaut.toml` if the file is sound"),
            );
            return Content::Unread;
        }
        if let Some(other) = detect::binary(&bytes) {
            let source = sources.add(name, "");
            return Content::Other(other, Span::new(source, 0..0), Report::default());
        }
        let decoded = decode::decode(bytes);
        let source = sources.add(name, decoded.text);
        let text = &sources.get(source).text;
        let format = detect::text(text);
        if let detect::Text::Other(other) = format {
            let end = text.char_indices().nth(20).map_or(text.len(), |(at, _)| at);
            return Content::Other(other, Span::new(source, 0..end), Report::default());
        }
        // What is wrong with a file that nobody named matters only if it is a model.
        let mut faults = Report::default();
        if let Some(fault) = decoded.fault {
            faults.add(wrong_encoding(name, source, &decoded.encoding, fault));
        }
        if let Some(guess) = decoded.guess {
            faults.add(guessed_encoding(name, source, &decoded.encoding, &guess));
        }
        if let detect::Text::Json = format {
            let tree = json::parse(text, source, name, &settings.limits, &mut faults);
            if !native::mdj::is_model(&tree) {
                if tree.cut_off.is_some() {
                    report.append(faults);
                    return Content::Unread;
                }
                return Content::Other(detect::json(), Span::new(source, 0..0), faults);
            }
            report.append(faults);
            let mut drafting = Drafting::new(source, name, settings, elements, report);
            drafting.draft.cut_off = tree.cut_off;
            let (draft, empty) = native::mdj::read(&tree, drafting);
            return Content::Model(Box::new(draft), empty);
        }
        if let detect::Text::Petal = format {
            let petal = native::petal::parse(text, source, name, &settings.limits, &mut faults);
            report.append(faults);
            let draft = native::petal::read(&petal, Drafting::new(source, name, settings, elements, report));
            let start = text.find('(').unwrap_or_default();
            let place = Span::new(source, start..start + "(object Petal".len());
            let empty = draft.classifiers.is_empty().then(|| only(&draft, [], place));
            return Content::Model(Box::new(draft), empty);
        }
        let tree = xml::build(text, source, name, &settings.limits, &mut faults);
        let read: fn(&xml::Tree<'_>, Drafting<'_>) -> Draft = match detect::document(&tree) {
            detect::Document::Xmi1 => xmi1::read,
            detect::Document::Xmi2 => xmi2::read,
            detect::Document::Xpd => native::xpd::read,
            detect::Document::Ecore => native::ecore::read,
            detect::Document::Gaphor => native::gaphor::read,
            detect::Document::Dia => native::dia::read,
            detect::Document::Other(other) => {
                // A file that breaks off before anything was told is cut off, not foreign.
                if tree.cut_off.is_some() && (tree.is_empty() || tree.local(0) == "XMI") {
                    report.append(faults);
                    return Content::Unread;
                }
                let place = tree.root().map_or(Span::new(source, 0..0), |root| tree.tag_span(root));
                return Content::Other(other, place, faults);
            }
        };
        report.append(faults);
        let mut drafting = Drafting::new(source, name, settings, elements, report);
        drafting.draft.cut_off = tree.cut_off;
        let draft = read(&tree, drafting);
        let empty = draft.classifiers.is_empty().then(|| no_classes(&draft, &tree));
        Content::Model(Box::new(draft), empty)
    }
}

fn guessed_encoding(name: &str, source: SourceId, encoding: &str, guess: &Guess) -> Diagnostic {
    let message = match &guess.declared {
        Some(declared) => format!("`{name}` declares `{declared}` and is read as `{encoding}`, which fits its bytes"),
        None => format!("`{name}` declares no encoding and is no UTF-8; it is read as `{encoding}`"),
    };
    Diagnostic::new(&codes::U0109, message)
        .here(Span::new(source, guess.place.clone()), "the first character that depends on it")
        .help("look whether names are right; if they are not, export again as UTF-8")
}

fn wrong_encoding(name: &str, source: SourceId, encoding: &str, fault: Fault) -> Diagnostic {
    let message = format!("`{name}` is not readable as `{encoding}` at byte {}", thousands(fault.byte));
    let place = Span::new(source, fault.place);
    let mut diagnostic = Diagnostic::new(&codes::U0101, message).here(place, "shown as U+FFFD");
    if let Some(declaration) = fault.declaration {
        diagnostic = diagnostic.because(Span::new(source, declaration), "the encoding that is declared");
    }
    if fault.count > 1 {
        diagnostic = diagnostic.note(format!("{} places are not readable", thousands(fault.count)));
    }
    match fault.fits {
        Some(fits) => diagnostic.help(format!("the file fits `{fits}`: declare that, or export again")),
        None => diagnostic.help("export the model again, as UTF-8 if the tool lets you choose"),
    }
}

/// Says that a document has no classes, but perhaps something else.
fn no_classes(draft: &Draft, tree: &xml::Tree<'_>) -> Diagnostic {
    let mut kinds: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for node in 0..tree.len() {
        let tag = tree.local(node).rsplit('.').next().unwrap_or_default();
        let name = match tree.xmi(node, "type") {
            Some(written) => written.value.split_once(':').map(|(_, name)| name),
            None => Some(tag).filter(|_| tree.plain(node, "xmi.id").is_some()),
        };
        if let Some(name) = name
            && matches!(
                name,
                "UseCase" | "Activity" | "StateMachine" | "Interaction" | "Stereotype" | "InstanceSpecification"
            )
        {
            *kinds.entry(name).or_default() += 1;
        }
    }
    let place = tree.root().map_or(Span::new(draft.source, 0..0), |root| tree.tag_span(root));
    only(draft, kinds, place)
}

/// Says that a document has no classes, and what it has.
fn only<'k>(draft: &Draft, kinds: impl IntoIterator<Item = (&'k str, usize)>, place: Span) -> Diagnostic {
    let found: Vec<String> = kinds.into_iter().map(|(name, count)| format!("{count} `{name}`")).collect();
    let found = if found.is_empty() { String::new() } else { format!(" (but {})", found.join(", ")) };
    let diagnostic = Diagnostic::new(&codes::U0203, format!("`{}` contains no classes{found}", draft.file))
        .here(place, "there is nothing to build from here");
    match draft.packages.first() {
        Some(package) => diagnostic.about(package.element),
        None => diagnostic,
    }
}

/// Digits in groups, as people read them.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
