//! A document says the same however its XML is written: other quotes, blanks, line ends, comments, references, encodings.

use std::fmt::Write as _;

use quick_xml::events::Event;
use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::{Sources, decode};

use super::support::compile::{compile_bytes, files_below, findings, first_difference};
use super::support::{corpus, root, say};

/// A way of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The attributes of a tag in the other order.
    Reversed,
    /// Apostrophes for quotes.
    Apostrophes,
    /// No blanks between tags.
    Dense,
    /// Blanks and line ends between attributes and around their equals signs.
    Airy,
    /// A comment and an instruction before each tag.
    Remarks,
    /// `<a></a>` for `<a/>`.
    Pairs,
    /// References for some letters of values and texts.
    References,
    /// `\r\n` for `\n`.
    LineEnds,
    /// UTF-16 with a mark.
    Utf16,
}

const WAYS: [Way; 9] = [
    Way::Reversed,
    Way::Apostrophes,
    Way::Dense,
    Way::Airy,
    Way::Remarks,
    Way::Pairs,
    Way::References,
    Way::LineEnds,
    Way::Utf16,
];

/// The document written otherwise; `None` if the parser finds it unsound.
fn rewritten(text: &str, way: Way) -> Option<Vec<u8>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut out = String::new();
    let mut is_in_text = false;
    loop {
        let event = reader.read_event().ok()?;
        // A text with references comes in pieces, and blanks between these are no blanks between tags.
        let was_in_text = std::mem::replace(&mut is_in_text, matches!(event, Event::GeneralRef(_) | Event::CData(_)));
        let remark = match event {
            Event::Start(_) | Event::Empty(_) | Event::End(_) if way == Way::Remarks => "<!-- <a> --><?tool b?>",
            _ => "",
        };
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) if tag.attributes().any(|it| it.is_err()) => return None,
            // What stands before the first tag is told from other formats by its start.
            Event::Start(tag) => {
                let remark = if out.is_empty() { "" } else { remark };
                start(&mut out, remark, &tag, false, way);
            }
            Event::Empty(tag) => start(&mut out, remark, &tag, true, way),
            Event::End(tag) => {
                let _ = write!(out, "{remark}</{}>", &*tag);
            }
            Event::Text(blank)
                if way == Way::Dense && !was_in_text && blank.trim().is_empty() && blank.contains('\n') => {}
            Event::Text(text) => out.push_str(&referring(&text, way)),
            Event::CData(text) => {
                let _ = write!(out, "<![CDATA[{}]]>", &*text);
            }
            Event::Comment(text) => {
                let _ = write!(out, "<!--{}-->", &*text);
            }
            Event::PI(text) => {
                let _ = write!(out, "<?{}?>", &*text);
            }
            // The text is decoded already.
            Event::Decl(_) => {}
            Event::DocType(text) => {
                let _ = write!(out, "<!DOCTYPE {}>", &*text);
            }
            Event::GeneralRef(name) => {
                let _ = write!(out, "&{};", &*name);
            }
        }
    }
    Some(match way {
        Way::LineEnds => out.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
        Way::Utf16 => "\u{feff}".encode_utf16().chain(out.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => out.into_bytes(),
    })
}

fn start(out: &mut String, remark: &str, tag: &quick_xml::events::BytesStart<'_>, is_empty: bool, way: Way) {
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    let mut kept = Vec::new();
    for attribute in tag.attributes() {
        kept.push(attribute.expect("was looked at"));
    }
    for attribute in &kept {
        attributes.push((attribute.key.as_ref(), &*attribute.value));
    }
    if way == Way::Reversed {
        attributes.reverse();
    }
    let _ = write!(out, "{remark}<{}", tag.name().as_ref());
    for (name, value) in attributes {
        let quote = match way {
            Way::Apostrophes if !value.contains('\'') => '\'',
            _ if value.contains('"') => '\'',
            _ => '"',
        };
        let (before, around) = if way == Way::Airy { ("\n\t  ", " ") } else { (" ", "") };
        let value = if name.starts_with("xmlns") { value.to_owned() } else { referring(value, way) };
        let _ = write!(out, "{before}{name}{around}={around}{quote}{value}{quote}");
    }
    let end = match (is_empty, way) {
        (true, Way::Pairs) => format!("></{}>", tag.name().as_ref()),
        (true, Way::Airy) => "\n/>".to_owned(),
        (true, _) => "/>".to_owned(),
        (false, Way::Airy) => "  >".to_owned(),
        (false, _) => ">".to_owned(),
    };
    out.push_str(&end);
}

/// Text in which some letters are written by their numbers.
fn referring(text: &str, way: Way) -> String {
    if way != Way::References {
        return text.to_owned();
    }
    let mut is_reference = false;
    let mut out = String::new();
    for c in text.chars() {
        is_reference = c == '&' || is_reference && c != ';';
        match c {
            'a' | 'e' if !is_reference => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            'o' if !is_reference => out.push_str("&#x6F;"),
            c => out.push(c),
        }
    }
    out
}

/// The elements of a document, and what is told of it, sorted: tags that are attributes come in the order of these.
fn read_and_linked(name: &str, bytes: Vec<u8>) -> String {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let drafts = read::read(vec![InputFile::new(name, bytes)], &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link::link(drafts, &settings, &mut elements, &mut report);
    let mut lines = Vec::new();
    for (element, seen) in elements.iter() {
        lines.push(format!("{} {} {:?}", seen.kind.word(), elements.path(element), elements.id(element)));
    }
    for property in model.properties.values() {
        let bounds = property.multiplicity.map(|written| written.value);
        let default = property.default.as_ref().map(|default| &default.text.value);
        let texts = (default, property.documentation.as_ref().map(|text| &text.value));
        lines.push(format!("{} {bounds:?} {texts:?}", elements.path(property.element)));
    }
    lines.extend(report.diagnostics().iter().map(|diagnostic| diagnostic.code.id.to_owned()));
    lines.sort_unstable();
    lines.join("\n")
}

#[test]
fn samples_written_otherwise_are_the_same_projects() {
    let folder = root().join("samples/dialects");
    let mut seen = 0;
    for path in files_below(&folder) {
        let bytes = std::fs::read(folder.join(&path)).expect("a sample");
        let text = decode::decode(bytes.clone()).text;
        if !text.trim_start().starts_with('<') {
            continue;
        }
        let project = |bytes: Vec<u8>, way: &str| {
            let outcome = compile_bytes("library.xmi", bytes, None);
            assert!(outcome.report.is_sound(), "{} {way}:\n{}", path.display(), findings(&outcome));
            let files = outcome.files.expect("a sound model is written");
            files.iter().map(|(path, file)| format!("==> {path}\n{}\n", file.content)).collect::<String>()
        };
        let expected = project(bytes, "as it is");
        for way in WAYS {
            let found = project(rewritten(&text, way).expect("samples are sound"), &format!("{way:?}"));
            assert!(expected == found, "{} {way:?}\n{}", path.display(), first_difference(&expected, &found));
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen} samples were compared");
}

/// The files of the corpus that are small enough, each in two ways that the next one is not written in.
#[test]
fn real_files_written_otherwise_are_the_same_models() {
    let (mut seen, mut different) = (0, Vec::new());
    for (number, (name, bytes)) in corpus::files().enumerate() {
        let text = undeclared(decode::decode(bytes.clone()).text);
        if bytes.len() > LARGEST || !text.starts_with('<') {
            continue;
        }
        // What is told of the encoding is not told of what is decoded.
        let expected = read_and_linked("model.xmi", text.clone().into_bytes());
        for way in [WAYS[number % WAYS.len()], WAYS[(number + 4) % WAYS.len()]] {
            let Some(other) = rewritten(&text, way) else { continue };
            let found = read_and_linked("model.xmi", other);
            if expected != found {
                different.push(format!("{name} {way:?}\n{}", first_difference(&expected, &found)));
            }
        }
        seen += 1;
    }
    say(&format!("{seen} real files were written otherwise, {} of them became something else", different.len()));
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

/// Without the mark and the declaration, which tell an encoding that the text no longer has.
fn undeclared(text: String) -> String {
    let rest = text.trim_start_matches('\u{feff}').trim_start();
    match rest.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start().to_owned(),
        None => rest.to_owned(),
    }
}

/// Larger files take too long in a test.
const LARGEST: usize = 150_000;
