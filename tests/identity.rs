//! The first migrations of real diagrams against those that Django would write, byte for byte, for each version of Django.

use std::fs;
use std::path::Path;
use std::sync::mpsc;

use serde_json::{Value, json};
use umlaut::django::{DjangoVersion, Project};
use umlaut::pipeline::Outcome;

use crate::migrations::{ask, describe, emit, faults, fresh, labels, put};
use crate::support::compile::compile_bytes;
use crate::support::{corpus, say};

/// In a usual run one of `STEP` files up to this size is judged; all of the sizes in `UMLAUT_CORPUS_BYTES`, if it says any: `250000`
/// for files up to that many bytes, `250000..1000000` for
/// larger ones alone.
const LARGEST: usize = 40_000;
const STEP: usize = 6;

/// The files that are judged.
fn files() -> Vec<(String, Vec<u8>)> {
    let asked = std::env::var("UMLAUT_CORPUS_BYTES").ok();
    let (least, most, step) = asked.map_or((0, LARGEST, STEP), |sizes| {
        let (least, most) = sizes.split_once("..").unwrap_or(("0", &sizes));
        (least.parse().expect("a number of bytes"), most.parse().expect("a number of bytes"), 1)
    });
    corpus::files().filter(|(_, bytes)| (least..=most).contains(&bytes.len())).step_by(step).collect()
}

/// Writes everything that Django looks at. The versions differ in their migrations only.
fn write(outcome: &Outcome, project: &Project, folder: &Path) {
    describe(folder, project, &json!({}));
    let labels = labels(project);
    let is_asked = |path: &str| {
        let app = path.split('/').next().unwrap_or_default();
        labels.contains(&app) && !path.contains("/migrations/")
    };
    for (path, file) in outcome.files.iter().flat_map(umlaut::output::FileSet::iter) {
        if is_asked(path) {
            put(folder, path, &file.content);
        }
    }
    for (path, text) in emit("migrations", project).0 {
        put(folder, &path, &text);
    }
}

/// What came of the files under one version of Django.
#[derive(Default)]
struct Line {
    identical: usize,
    /// Django gives up where we find a way, and we say so.
    refused: usize,
    different: Vec<String>,
}

fn judge(django: DjangoVersion, root: &Path, cases: &[(String, Project)]) -> Line {
    let answers: Vec<Value> = ask(root, django);
    assert_eq!(answers.len(), cases.len());
    let mut line = Line::default();
    for ((path, project), answer) in cases.iter().zip(&answers) {
        let project = Project { django, ..project.clone() };
        match faults(&project, answer).first() {
            Some(fault) => line.different.push(format!("{path}: {fault}")),
            None if answer["written"].is_null() => line.refused += 1,
            None => line.identical += 1,
        }
    }
    line
}

#[test]
fn first_migrations_of_real_diagrams_are_what_django_writes() {
    let roots = DjangoVersion::ALL.map(|django| (django, fresh(&format!("corpus-{}", django.number()))));
    let (mut cases, mut without_table) = (Vec::new(), 0);
    for (path, bytes) in files() {
        let outcome = compile_bytes(&path, bytes, None);
        if outcome.files.is_none() || outcome.evolution.migrations.is_empty() {
            without_table += 1;
            continue;
        }
        for (django, root) in &roots {
            let project = Project { django: *django, ..outcome.project.clone() };
            write(&outcome, &project, &root.join(format!("{:04}", cases.len())));
        }
        cases.push((path, outcome.project));
    }
    if cases.is_empty() {
        return;
    }
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for (django, root) in &roots {
            let (send, cases) = (send.clone(), &cases);
            scope.spawn(move || send.send((*django, judge(*django, root, cases))));
        }
    });
    drop(send);
    let mut lines: Vec<(DjangoVersion, Line)> = receive.into_iter().collect();
    lines.sort_by_key(|(django, _)| *django);
    assert_eq!(lines.len(), DjangoVersion::ALL.len());
    let mut text = format!("{} files, {without_table} more without a table\n", cases.len());
    text += "first migrations   identical   refused by Django   different\n";
    for (django, line) in &lines {
        let name = format!("Django {}", django.number());
        text += &format!("{name:18} {:>9} {:>19} {:>11}\n", line.identical, line.refused, line.different.len());
    }
    let different: Vec<&String> = lines.iter().flat_map(|(_, line)| &line.different).collect();
    for fault in &different {
        text += &format!("{fault}\n");
    }
    say(&text);
    assert!(different.is_empty(), "{} differ", different.len());
    for (_, root) in &roots {
        fs::remove_dir_all(root).unwrap();
    }
}
