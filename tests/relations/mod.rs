//! Relations: that every combination becomes what the rules say, that Django agrees, and that what is deleted is what the
//! decisions say.

mod behaviour;
mod cascade;
mod draw;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use umlaut::django::{FieldKind, Project};
use umlaut::pipeline::Outcome;

use crate::support::compile::{compile_bytes, write_project};
use crate::support::postgres::Server;
use crate::support::python::python;
use crate::support::{judge_dir, root};
use draw::Drawing;
use table::{Row, Stored, rows, stored};

/// What is allowed by default is told too: the tests ask for it.
const SETTINGS: &str = "[lints]\nU0807 = \"note\"\n[emit]\nlayers = [\"models\"]\n";

/// A project of some rows.
fn draw(rows: &[Row]) -> Drawing {
    let mut drawing = Drawing::default();
    drawing.package("shop");
    for row in rows {
        for end in &row.ends {
            drawing.class(&end.class);
        }
        if row.is_attribute {
            drawing.attribute(&row.ends[0].class, &row.ends[1]);
        } else {
            drawing.association(&row.name, &row.ends);
        }
    }
    drawing
}

fn compile(rows: &[Row]) -> Outcome {
    compile_bytes("relations.uml", draw(rows).xmi().into_bytes(), Some(SETTINGS))
}

/// What became of a row.
fn found(row: &Row, project: &Project, findings: &BTreeMap<String, Vec<&'static str>>) -> Stored {
    let app = project.app("shop").expect("an app");
    let mut stored = Vec::new();
    for (holder, end) in row.ends.iter().enumerate() {
        let model = app.models.iter().find(|model| model.name == end.class).expect("a model");
        for field in &model.fields {
            let target = match &field.kind {
                FieldKind::ForeignKey(key) => Some((&key.to, "ForeignKey", key.on_delete.name())),
                FieldKind::OneToOne(key) => Some((&key.to, "OneToOneField", key.on_delete.name())),
                FieldKind::ManyToMany(many) => Some((&many.to, "ManyToManyField", "")),
                _ => None,
            };
            let Some((to, kind, on_delete)) = target else { continue };
            assert_eq!(to.name, row.ends[1 - holder].class, "{}", row.name);
            stored.push(Stored {
                kind,
                holder,
                null: field.null,
                on_delete,
                findings: findings.get(&row.name).cloned().unwrap_or_default(),
            });
        }
    }
    let count = stored.len();
    assert_eq!(count, 1, "{} has {count} fields", row.name);
    stored.remove(0)
}

/// The findings of each row, by the number that all its names end with.
fn findings(outcome: &Outcome) -> BTreeMap<String, Vec<&'static str>> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for diagnostic in outcome.report.diagnostics() {
        for subject in diagnostic.subject.iter().chain(&diagnostic.others) {
            let path = outcome.elements.path(*subject);
            let row = path.split('.').find_map(|part| part.trim_start_matches(['A', 'B']).strip_prefix('r'));
            let row = row.unwrap_or_else(|| panic!("{} is about {path}", diagnostic.message));
            found.entry(format!("r{row}")).or_default().push(diagnostic.code.id);
        }
    }
    for codes in found.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    found
}

#[test]
fn every_combination_is_stored_as_the_table_says() {
    let rows = rows();
    assert_eq!(rows.len(), 4 * 4 * 5 * 9 + 12);
    let outcome = compile(&rows);
    let findings = findings(&outcome);
    let mut wrong = Vec::new();
    for row in &rows {
        let mut expected = stored(row);
        expected.findings.dedup();
        let found = found(row, &outcome.project, &findings);
        if found != expected {
            let drawn: Vec<String> =
                row.ends.iter().map(|end| format!("{} {} {:?}", end.bounds, end.aggregation, end.owner)).collect();
            wrong.push(format!("{} ({}):\n  {found:?}\n  {expected:?}", row.name, drawn.join(" -- ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong[..wrong.len().min(8)].join("\n"));
    let kinds: BTreeSet<(&str, usize, bool, &str)> =
        rows.iter().map(stored).map(|it| (it.kind, it.holder, it.null, it.on_delete)).collect();
    assert_eq!(kinds.len(), 18, "{kinds:#?}");
}

/// Writes the project of `outcome` into a fresh folder, which stays for whoever wants to see why it was refused.
fn write(name: &str, outcome: &Outcome) -> PathBuf {
    let folder = judge_dir().join("relations").join(name);
    write_project(outcome, &folder);
    folder
}

/// Runs a script beside this file in a project, on the database at `url`; gives what it printed.
#[track_caller]
fn script(name: &str, folder: &Path, url: &str, args: &[&str]) -> String {
    let path = root().join("tests/relations").join(name);
    let args: Vec<&str> = std::iter::once(path.to_str().unwrap()).chain(args.iter().copied()).collect();
    let settings = ("DJANGO_SETTINGS_MODULE", "config.settings.local");
    let here = folder.to_str().unwrap();
    let output = python(&args, folder, &[settings, ("DATABASE_URL", url), ("PYTHONPATH", here)]);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_combination_is_accepted_by_django_and_deleted_as_the_table_says() {
    const ROWS: usize = 92;
    let rows = rows();
    let server = Server::start();
    let chunks: Vec<(usize, &[Row])> = rows.chunks(ROWS).enumerate().collect();
    let judge = |(number, rows): (usize, &[Row])| {
        let name = format!("table{number}");
        let folder = write(&name, &compile(rows));
        let expected: Vec<_> = rows
            .iter()
            .map(|row| {
                let stored = stored(row);
                json!({
                    "name": row.name, "holder": row.ends[stored.holder].class,
                    "kind": stored.kind, "null": stored.null, "on_delete": stored.on_delete,
                })
            })
            .collect();
        fs::write(folder.join("expected.json"), json!(expected).to_string()).unwrap();
        for url in ["sqlite://:memory:".to_owned(), server.create(&name)] {
            let said = script("table.py", &folder, &url, &[]);
            assert_eq!(said.trim(), format!("{} rows", rows.len()), "{name} on {url}");
        }
    };
    let (even, odd): (Vec<_>, Vec<_>) = chunks.iter().copied().partition(|(number, _)| number % 2 == 0);
    std::thread::scope(|scope| {
        let half = scope.spawn(|| even.into_iter().for_each(judge));
        odd.into_iter().for_each(judge);
        half.join().expect("the other half is judged too");
    });
}
