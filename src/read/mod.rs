//! Bytes to [`Draft`]s: decoding, recognising, the XML tree, the core of XMI 2.x and the dialects of the tools.
//!
//! Reading is total: it keeps what it understood of a damaged file and reports the rest.

mod detect;
mod dialects;
mod drafting;
mod html;
mod json;
mod multiplicity;
mod native;
mod xmi1;
mod xmi2;
mod xml;

use drafting::Drafting;

use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Settings;
use crate::source::{Sources, Span, decode};
use crate::uml::draft::Draft;

/// A file as it was given.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Its name, for messages and for references between files.
    pub name: String,
    /// What it contains.
    pub bytes: Vec<u8>,
}

/// Reads files. A file without a model gives no draft but a finding.
pub fn read(
    files: Vec<InputFile>,
    settings: &Settings,
    sources: &mut Sources,
    elements: &mut Elements,
    report: &mut Report,
) -> Vec<Draft> {
    files.into_iter().filter_map(|file| read_one(&file, settings, sources, elements, report)).collect()
}

fn read_one(
    file: &InputFile,
    settings: &Settings,
    sources: &mut Sources,
    elements: &mut Elements,
    report: &mut Report,
) -> Option<Draft> {
    let name = file.name.as_str();
    if file.bytes.len() > settings.limits.file {
        let source = sources.add(name, "");
        let message =
            format!("`{name}` has {} bytes, more than the {} allowed", file.bytes.len(), settings.limits.file);
        report.add(
            Diagnostic::new(&codes::U0108, message)
                .here(Span::new(source, 0..0), "the file is not read")
                .help("raise `file` under `[limits]` in `umlaut.toml` if the file is sound"),
        );
        return None;
    }
    if let Some(other) = detect::binary(&file.bytes) {
        let source = sources.add(name, "");
        report.add(other.diagnostic(name, Span::new(source, 0..0)));
        return None;
    }
    let decoded = decode::decode(&file.bytes);
    let source = sources.add(name, decoded.text);
    let text = &sources.get(source).text;
    let format = detect::text(text);
    if let detect::Text::Other(other) = format {
        let end = text.char_indices().nth(20).map_or(text.len(), |(at, _)| at);
        report.add(other.diagnostic(name, Span::new(source, 0..end)));
        return None;
    }
    if let Some(fault) = decoded.fault {
        let place = Span::new(source, fault.place.clone());
        let message = format!("`{name}` is not readable as `{}` at byte {}", decoded.encoding, thousands(fault.byte));
        let mut diagnostic = Diagnostic::new(&codes::U0101, message).here(place, "shown as U+FFFD");
        if let Some(declaration) = fault.declaration {
            diagnostic = diagnostic.because(Span::new(source, declaration), "the encoding that is declared");
        }
        if fault.count > 1 {
            diagnostic = diagnostic.note(format!("{} places are not readable", thousands(fault.count)));
        }
        diagnostic = match fault.fits {
            Some(fits) => diagnostic.help(format!("the file fits `{fits}`: declare that, or export again")),
            None => diagnostic.help("export the model again, as UTF-8 if the tool lets you choose"),
        };
        report.add(diagnostic);
    }
    if let detect::Text::Json = format {
        let tree = json::parse(text, source, name, &settings.limits, report);
        if !native::mdj::is_model(&tree) {
            if tree.cut_off.is_none() {
                report.add(detect::json().diagnostic(name, Span::new(source, 0..0)));
            }
            return None;
        }
        let mut drafting = Drafting::new(source, name, settings, elements, report);
        drafting.draft.cut_off = tree.cut_off;
        return Some(native::mdj::read(&tree, drafting));
    }
    let tree = xml::build(text, source, name, &settings.limits, report);
    let read: fn(&xml::Tree<'_>, Drafting<'_>) -> Draft = match detect::document(&tree) {
        detect::Document::Xmi1 => xmi1::read,
        detect::Document::Xmi2 => xmi2::read,
        detect::Document::Other(other) => {
            // A file that breaks off before anything was told is cut off, not foreign.
            if tree.cut_off.is_none() || !tree.is_empty() && tree.local(0) != "XMI" {
                let place = tree.root().map_or(Span::new(source, 0..0), |root| tree.tag_span(root));
                report.add(other.diagnostic(name, place));
            }
            return None;
        }
    };
    let mut drafting = Drafting::new(source, name, settings, elements, report);
    drafting.draft.cut_off = tree.cut_off;
    let draft = read(&tree, drafting);
    if draft.classifiers.is_empty() {
        report.add(no_classes(&draft, &tree));
    }
    Some(draft)
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
