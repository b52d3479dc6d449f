//! For tools: one JSON object on each line, the last one a summary. The schema is versioned in each object.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::{Diagnostic, Label, Level, Report, Role};
use super::Options;
use crate::account::{Element, Elements};
use crate::source::Sources;
use crate::source::excerpt::Tables;
use crate::source::lines::Position;

/// The version of the format; it changes when a reader could stumble.
pub const SCHEMA: &str = "umlaut-diagnostic/1";

#[derive(Serialize)]
struct Finding<'a> {
    schema: &'static str,
    code: &'a str,
    slug: &'a str,
    level: &'a str,
    fingerprints: Fingerprints,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject<'a>>,
    labels: Vec<Place<'a>>,
    notes: &'a [String],
    help: &'a [String],
    others: Vec<Subject<'a>>,
    others_total: usize,
}

/// Two names under which a finding is known again; neither holds a line or a column.
#[derive(Serialize)]
struct Fingerprints {
    /// By the id of the subject: survives renaming.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// By the path of the subject: survives tools that renew ids.
    path: String,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    role: &'static str,
    text: &'a str,
    file: &'a str,
    /// In the decoded text, counted as UTF-8.
    bytes: [u32; 2],
    start: Coordinates,
    end: Coordinates,
}

#[derive(Serialize)]
struct Coordinates {
    line: usize,
    column: usize,
    utf16: usize,
}

#[derive(Serialize)]
struct Summary {
    schema: &'static str,
    summary: Counts,
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// All findings and the summary. Never cut.
pub fn render(report: &Report, sources: &Sources, elements: &Elements, _options: &Options) -> String {
    let mut tables = Tables::new(sources);
    let mut out = String::new();
    for diagnostic in report.diagnostics() {
        let finding = Finding {
            schema: SCHEMA,
            code: diagnostic.code.id,
            slug: diagnostic.code.slug,
            level: diagnostic.level.word(),
            fingerprints: fingerprints(diagnostic, sources, elements),
            message: &diagnostic.message,
            subject: diagnostic.subject.map(|element| subject(element, elements)),
            labels: diagnostic.labels.iter().map(|label| place(label, sources, &mut tables)).collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
            others: diagnostic.others.iter().map(|element| subject(*element, elements)).collect(),
            others_total: diagnostic.others.len(),
        };
        push_line(&mut out, &finding);
    }
    let (errors, warnings, notes) = (report.errors(), report.warnings(), report.count(Level::Note));
    push_line(&mut out, &Summary { schema: SCHEMA, summary: Counts { errors, warnings, notes } });
    out
}

fn push_line(out: &mut String, value: &impl Serialize) {
    // These structures have string keys and no numbers that JSON does not know: they cannot fail.
    out.push_str(&escape_hidden(&serde_json::to_string(value).unwrap_or_default()));
    out.push('\n');
}

/// JSON leaves DEL, C1 controls and direction marks as they are; a terminal would obey them.
fn escape_hidden(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let hidden = matches!(c, '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if hidden {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn subject(element: Element, elements: &Elements) -> Subject<'_> {
    let seen = elements.get(element);
    Subject { kind: seen.kind.word(), path: elements.path(element), id: elements.id(element) }
}

fn place<'a>(label: &'a Label, sources: &'a Sources, tables: &mut Tables<'_>) -> Place<'a> {
    Place {
        role: match label.role {
            Role::Here => "here",
            Role::Because => "because",
        },
        text: &label.text,
        file: &sources.get(label.span.source).name,
        bytes: [label.span.start, label.span.end],
        start: coordinates(tables.start(label.span)),
        end: coordinates(tables.end(label.span)),
    }
}

fn coordinates(position: Position) -> Coordinates {
    Coordinates { line: position.line, column: position.column, utf16: position.utf16 }
}

fn fingerprints(diagnostic: &Diagnostic, sources: &Sources, elements: &Elements) -> Fingerprints {
    let cause = diagnostic.cause.as_deref().unwrap_or_default();
    let hash = |kind: &str, name: &str| {
        let mut sha = Sha256::new();
        for part in [diagnostic.code.id, kind, cause, name] {
            // The length in front, so that no two lists of parts give the same bytes.
            sha.update(part.len().to_le_bytes());
            sha.update(part.as_bytes());
        }
        sha.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    let Some(element) = diagnostic.subject else {
        let name = diagnostic.place().map_or("", |span| sources.get(span.source).name.as_str());
        return Fingerprints { id: None, path: hash("file", name) };
    };
    let id = elements.id(element).map(|id| hash("id", id));
    Fingerprints { id, path: hash("path", &elements.path(element)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{ElementKind, Met};
    use crate::diagnostic::codes;
    use crate::source::Span;

    fn rendered(text: &str, name: &str, id: &str) -> Vec<serde_json::Value> {
        let mut sources = Sources::default();
        let source = sources.add("shop.xmi", text);
        let start = text.find("_gone").unwrap();
        let span = Span::new(source, start..start + 5);
        let mut elements = Elements::default();
        let element =
            elements.enter(Met { kind: ElementKind::Attribute, span, id: Some(id), name: Some(name), owner: None });
        let mut report = Report::default();
        report
            .add(Diagnostic::new(&codes::U0301, "\u{202e}\u{1b}").about(element).here(span, "no element has this id"));
        let json = render(&report, &sources, &elements, &Options::default());
        assert!(!json.contains(['\u{202e}', '\u{1b}']));
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_finding_is_one_object_and_the_summary_comes_last() {
        let lines = rendered("\n𝐱_gone", "email", "_a3");
        assert_eq!(lines.len(), 2);
        let finding = &lines[0];
        assert_eq!(finding["schema"], SCHEMA);
        assert_eq!(finding["code"], "U0301");
        assert_eq!(finding["message"], "\u{202e}\u{1b}");
        assert_eq!(finding["subject"]["path"], "email");
        assert_eq!(finding["labels"][0]["bytes"], serde_json::json!([5, 10]));
        assert_eq!(finding["labels"][0]["start"], serde_json::json!({"line": 2, "column": 2, "utf16": 3}));
        assert_eq!(lines[1]["summary"], serde_json::json!({"errors": 1, "warnings": 0, "notes": 0}));
    }

    #[test]
    fn a_fingerprint_knows_neither_line_nor_column() {
        let fingerprints = |text, name, id| rendered(text, name, id)[0]["fingerprints"].clone();
        let first = fingerprints("_gone", "email", "_a3");
        assert_eq!(first, fingerprints("\n\n  _gone", "email", "_a3"));
        let renamed = fingerprints("_gone", "mail", "_a3");
        assert_eq!(first["id"], renamed["id"]);
        assert_ne!(first["path"], renamed["path"]);
    }
}
