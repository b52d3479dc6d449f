//! `umlaut inspect`: what a model holds, and the account of it.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::args::{Global, Inspect};
use super::places::{Places, printable};
use super::session::{Wanted, compile_model, print_findings};
use super::{err, exit, out};
use crate::account::{ElementKind, Fate};
use crate::failure::Failure;
use crate::pipeline::Outcome;
use crate::uml::counts::counts;
use crate::uml::model::{ClassifierKind, Document, PackageKind};

/// The columns of the account.
const FATES: [&str; 5] = ["lowered", "carried", "diagnosed", "ignored", "missing"];

pub(super) fn run(args: &Inspect, global: &Global) -> Result<u8, Failure> {
    let (outcome, _) = compile_model(&args.input, global, Wanted::Model)?;
    if outcome.model.documents.is_empty() {
        return Ok(print_findings(&outcome, global));
    }
    let text = match (args.json, args.account) {
        (true, account) => format!("{:#}\n", as_json(&outcome, account)),
        (false, true) => account(&outcome),
        (false, false) => outline(&outcome),
    };
    out(&text);
    let (errors, warnings) = (outcome.report.errors(), outcome.report.warnings());
    if errors + warnings > 0 && !global.quiet {
        err(&format!("{errors} errors, {warnings} warnings: `umlaut check` shows them\n"));
    }
    Ok(exit::SUCCESS)
}

/// What was read of the documents that were named, together.
fn read(outcome: &Outcome) -> Vec<(&'static str, usize)> {
    let mut sums: Vec<(&'static str, usize)> = Vec::new();
    for document in outcome.model.documents.iter().filter(|document| document.is_given) {
        let counts = counts(&outcome.elements, &outcome.model, document);
        if sums.is_empty() {
            sums = counts;
            continue;
        }
        for ((_, sum), (_, count)) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    sums
}

/// How many elements of each kind have which fate.
fn fates(outcome: &Outcome) -> BTreeMap<ElementKind, [usize; FATES.len()]> {
    let mut rows: BTreeMap<ElementKind, [usize; FATES.len()]> = BTreeMap::new();
    for (element, seen) in outcome.elements.iter() {
        let word = outcome.account.fate(element).word();
        let row = rows.entry(seen.kind).or_default();
        for (count, _) in row.iter_mut().zip(FATES).filter(|(_, fate)| *fate == word) {
            *count += 1;
        }
    }
    rows
}

fn outline(outcome: &Outcome) -> String {
    let mut text = documents(outcome);
    for (name, count) in read(outcome).into_iter().filter(|(_, count)| *count > 0) {
        let _ = writeln!(text, "{count:>8} {}", name.replace('_', " "));
    }
    let packages: Vec<_> = outcome.model.packages.iter().collect();
    if !packages.is_empty() {
        text.push('\n');
    }
    for (id, package) in packages {
        let depth = outcome.model.package_chain(Some(id)).count().saturating_sub(1).min(20);
        let name = package.name.as_ref().map_or("(without a name)", |name| name.value.as_str());
        let word = match package.kind {
            PackageKind::Model => "model",
            PackageKind::Package => "package",
            PackageKind::Profile => "profile",
        };
        let here = outcome.model.classifiers.values().filter(|it| it.package == Some(id));
        let (mut classes, mut types) = (0, 0);
        for classifier in here {
            match classifier.kind {
                ClassifierKind::Class | ClassifierKind::AssociationClass => classes += 1,
                _ => types += 1,
            }
        }
        let holds = match (classes, types) {
            (0, 0) => String::new(),
            (classes, 0) => format!(": {classes} classes"),
            (0, types) => format!(": {types} other types"),
            (classes, types) => format!(": {classes} classes, {types} other types"),
        };
        let library = if package.is_library { " (library)" } else { "" };
        let _ = writeln!(text, "{:indent$}{word} {}{holds}{library}", "", printable(name), indent = depth * 2);
    }
    text
}

fn documents(outcome: &Outcome) -> String {
    let mut text = String::new();
    for document in &outcome.model.documents {
        let why = if document.is_given { "" } else { ", read because others refer to it" };
        let _ = writeln!(text, "{}: {}{why}", printable(&document.file), document.tool);
    }
    text
}

fn account(outcome: &Outcome) -> String {
    let mut text = documents(outcome);
    let _ = write!(text, "\n{:<24}{:>9}", "", "read");
    for fate in FATES {
        let _ = write!(text, "{fate:>11}");
    }
    text.push('\n');
    let rows = fates(outcome);
    let mut all = [0; FATES.len()];
    for (kind, row) in &rows {
        line(&mut text, kind.word(), row);
        for (sum, count) in all.iter_mut().zip(row) {
            *sum += count;
        }
    }
    line(&mut text, "all", &all);
    let places = Places::new(&outcome.sources);
    let mut is_first = true;
    for (element, seen) in outcome.elements.iter() {
        let fate = outcome.account.fate(element);
        if matches!(fate, Fate::Lowered | Fate::Carried) || seen.kind == ElementKind::Other {
            continue;
        }
        if std::mem::take(&mut is_first) {
            text.push_str("\nnot lowered:\n");
        }
        let why = match fate {
            Fate::Diagnosed(code) => format!("{} {}", code.id, code.slug),
            other => other.word().to_owned(),
        };
        let path = printable(&outcome.elements.path(element));
        let _ = writeln!(text, "  {why:<28} {} `{path}`  {}", seen.kind.word(), places.name(seen.span));
    }
    text
}

fn line(text: &mut String, name: &str, row: &[usize; FATES.len()]) {
    let _ = write!(text, "{name:<24}{:>9}", row.iter().sum::<usize>());
    for count in row {
        let shown = if *count == 0 { "·".to_owned() } else { count.to_string() };
        let _ = write!(text, "{shown:>11}");
    }
    text.push('\n');
}

/// A document, and what was read of it.
fn document(outcome: &Outcome, document: &Document) -> Value {
    let read = counts(&outcome.elements, &outcome.model, document);
    json!({ "file": document.file, "tool": document.tool, "is_given": document.is_given, "read": object(read) })
}

fn object(counts: Vec<(&'static str, usize)>) -> Map<String, Value> {
    counts.into_iter().map(|(key, count)| (key.to_owned(), count.into())).collect()
}

fn as_json(outcome: &Outcome, account: bool) -> Value {
    let documents = outcome.model.documents.iter();
    let mut whole = json!({
        "documents": documents.map(|it| document(outcome, it)).collect::<Vec<_>>(),
        "read": object(read(outcome)),
    });
    if !account {
        return whole;
    }
    let kinds = fates(outcome).into_iter().map(|(kind, row)| {
        let mut object = json!({ "kind": kind.word(), "read": row.iter().sum::<usize>() });
        for (fate, count) in FATES.iter().zip(row) {
            object[*fate] = count.into();
        }
        object
    });
    whole["kinds"] = kinds.collect();
    let places = Places::new(&outcome.sources);
    let rest = outcome.elements.iter().filter_map(|(element, seen)| {
        let fate = outcome.account.fate(element);
        if matches!(fate, Fate::Lowered | Fate::Carried) {
            return None;
        }
        let code = match fate {
            Fate::Diagnosed(code) => Some(code.id),
            _ => None,
        };
        let (file, position) = places.at(seen.span);
        Some(json!({
            "kind": seen.kind.word(), "path": outcome.elements.path(element), "id": outcome.elements.id(element), "fate": fate.word(),
            "code": code, "file": file, "line": position.line, "column": position.column,
        }))
    });
    whole["not_lowered"] = rest.collect();
    whole
}
