//! Migrations against Django: random projects are written to disk, and Django is asked what it would write.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use umlaut::diagnostic::Report;
use umlaut::django::Project;
use umlaut::emit::{Context, Parts, registry};
use umlaut::output::FileSet;

use crate::support::{judge_dir, projects, python};

/// How many random projects are judged in a usual run.
const CASES: u64 = 40;

/// What the emitter called `emitter` writes for a project, and whether we said that Django refuses its migrations.
fn emit(emitter: &str, project: &Project) -> (BTreeMap<String, String>, bool) {
    let mut report = Report::default();
    let evolution = umlaut::evolve::initial(project, &mut report);
    let mut out = FileSet::default();
    let context = Context { project, evolution: &evolution, parts: &Parts::default() };
    registry().into_iter().find(|known| known.name() == emitter).unwrap().write(context, &mut out).unwrap();
    let files = out.iter().map(|(path, file)| (path.to_owned(), file.content.clone())).collect();
    let refused = report.diagnostics().iter().any(|diagnostic| diagnostic.code.id == "U1316");
    (files, refused)
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes the projects and asks Django about them. The answers stand in the order of the cases.
fn judge(name: &str, cases: &[Project]) -> Vec<Value> {
    let root = fresh(name);
    for (number, project) in cases.iter().enumerate() {
        let folder = root.join(format!("{number:04}"));
        let labels: Vec<&str> =
            project.apps.iter().map(|app| app.label.as_str()).chain([project.core.as_str()]).collect();
        put(&folder, "project.json", &json!({"apps": labels, "user": project.user.dotted()}).to_string());
        put(&folder, &format!("{}/__init__.py", project.core), "");
        for (path, text) in emit("models", project).0.into_iter().chain(emit("migrations", project).0) {
            put(&folder, &path, &text);
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/makemigrations.py");
    let output = python::python(&[script.to_str().unwrap(), root.to_str().unwrap()], &root, &[]);
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

fn fresh(name: &str) -> PathBuf {
    let root = judge_dir().join("migrations").join(name);
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    fs::create_dir_all(&root).unwrap();
    root
}

/// Our files without the first line and without packages, as Django's answer has them.
fn comparable(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files
        .into_iter()
        .filter(|(path, _)| !path.ends_with("__init__.py"))
        .map(|(path, text)| (path, text.split_once("\n\n").unwrap().1.to_owned()))
        .collect()
}

/// What is wrong with our migrations of `project`, judged by Django's answer.
fn faults(project: &Project, answer: &Value) -> Vec<String> {
    if let Some(crash) = answer.get("crash") {
        return vec![format!("crash: {}", crash.as_str().unwrap_or_default())];
    }
    let mut faults = Vec::new();
    if answer["errors"] != json!([]) {
        faults.push(format!("the system checks refuse {}", answer["errors"]));
    }
    if answer["pending"] != json!({}) {
        faults.push(format!("changes are left: {}", answer["pending"]));
    }
    let (files, refused) = emit("migrations", project);
    let written: Option<BTreeMap<String, String>> = serde_json::from_value(answer["written"].clone()).unwrap();
    if refused != written.is_none() {
        faults.push(format!("Django refuses: {}; we say so: {refused}", written.is_none()));
    }
    if let Some(written) = written {
        faults.extend(differences(&comparable(files), &written));
    }
    faults
}

fn differences(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> Vec<String> {
    let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    if paths(ours) != paths(theirs) {
        return vec![format!("ours: {:?}; Django's: {:?}", paths(ours), paths(theirs))];
    }
    let differing = ours.iter().filter(|(path, text)| **text != theirs[*path]);
    differing
        .map(|(path, text)| {
            let line = text.lines().zip(theirs[path].lines()).position(|(our, their)| our != their);
            let at = |text: &str| line.and_then(|line| text.lines().nth(line)).unwrap_or("(end)").to_owned();
            format!("{path}, line {line:?}\nours:   {}\nDjango: {}", at(text), at(&theirs[path]))
        })
        .collect()
}

#[test]
fn migrations_of_random_projects_are_what_django_writes() {
    // `UMLAUT_SEEDS=1000..2000` looks further than a test run should take.
    let seeds = std::env::var("UMLAUT_SEEDS").ok().and_then(|range| {
        let (first, end) = range.split_once("..")?;
        Some(first.parse().ok()?..end.parse().ok()?)
    });
    let seeds = seeds.unwrap_or(0..CASES);
    let cases: Vec<Project> = seeds.clone().map(projects::project).collect();
    let answers = judge("random", &cases);
    let mut wrong = Vec::new();
    let mut refused = 0;
    for ((seed, project), answer) in seeds.zip(&cases).zip(&answers) {
        refused += usize::from(answer["written"].is_null());
        wrong.extend(faults(project, answer).into_iter().map(|fault| format!("seed {seed}: {fault}")));
    }
    assert!(wrong.is_empty(), "{} faults, such as\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    assert!(refused < cases.len() / 4, "Django refuses {refused} of {} projects", cases.len());
}
