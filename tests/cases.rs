//! Golden cases by folder: `tests/cases/<stage>/<name>/` holds `input.xmi`, perhaps `umlaut.toml`, and `expected.txt`.
//!
//! Adding a case needs no Rust. `UMLAUT_BLESS=1 cargo test cases` writes the expectations.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::compile::{compile_bytes, expect_file, files_below, findings, write_project};
use crate::support::postgres::Server;
use crate::support::python::python;
use crate::support::{judge_dir, root};
use umlaut::django::project::Database;
use umlaut::pipeline::Outcome;

/// Runs all cases of a stage; `show` prints what the stage yields.
fn run(stage: &str, show: impl Fn(&Outcome) -> String) {
    let folder = root().join("tests/cases").join(stage);
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{} holds no case", folder.display());
    for case in names {
        let bytes = fs::read(case.join("input.xmi")).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        let toml = fs::read_to_string(case.join("umlaut.toml")).ok();
        let outcome = compile_bytes("input.xmi", bytes, toml.as_deref());
        let text = format!("{}\n--- findings\n{}", show(&outcome).trim_end(), findings(&outcome));
        expect_file(&case.join("expected.txt"), &text);
    }
}

#[test]
fn models_are_read_as_expected() {
    run("model", |outcome| umlaut::uml::print::print(&outcome.model));
}

#[test]
fn projects_are_resolved_as_expected() {
    run("project", |outcome| umlaut::django::print::print(&outcome.project));
}

/// Adds what the diagram says is somebody else's.
fn copy_by_hand(case: &Path, folder: &Path) {
    let by_hand = case.join("by_hand");
    for path in if by_hand.is_dir() { files_below(&by_hand) } else { Vec::new() } {
        fs::copy(by_hand.join(&path), folder.join(&path)).expect("it can be copied");
    }
}

/// Writes the projects of all cases below each other; those that cannot run on SQLite get a database of PostgreSQL.
fn written(server: &Server) -> Vec<(PathBuf, String)> {
    let all = judge_dir().join("cases");
    if all.exists() {
        fs::remove_dir_all(&all).unwrap();
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/cases/project"))
        .expect("the cases can be read")
        .map(|entry| entry.expect("a case").path())
        .collect();
    folders.sort();
    let write = |case: &PathBuf| {
        let name = case.file_name().unwrap().to_string_lossy().replace('-', "_");
        let bytes = fs::read(case.join("input.xmi")).expect("the case can be read");
        let toml = fs::read_to_string(case.join("umlaut.toml")).ok();
        let outcome = compile_bytes("input.xmi", bytes, toml.as_deref());
        let folder = all.join(&name);
        write_project(&outcome, &folder);
        copy_by_hand(case, &folder);
        let on_sqlite = outcome.project.databases.contains(&Database::Sqlite);
        let url = if on_sqlite { "sqlite://:memory:".to_owned() } else { server.create(&name) };
        (folder, url)
    };
    folders.iter().map(write).collect()
}

/// The projects of the cases as well as their print: the system checks, the migrations, a database, and ruff.
#[test]
fn projects_of_all_cases_are_accepted_by_django() {
    let server = Server::start();
    let projects = written(&server);
    assert!(projects.len() >= 20, "{} projects", projects.len());
    let judge = |projects: &[(PathBuf, String)]| {
        let mut args = vec!["tests/support/projects.py"];
        for (folder, url) in projects {
            args.extend([folder.to_str().unwrap(), url]);
        }
        String::from_utf8(python(&args, root(), &[]).stdout).unwrap()
    };
    let (first, second) = projects.split_at(projects.len() / 2);
    let refused = std::thread::scope(|scope| {
        let half = scope.spawn(|| judge(first));
        judge(second) + &half.join().expect("the other half is judged too")
    });
    assert!(refused.is_empty(), "{refused}");
    crate::django::ruff(&judge_dir().join("cases"));
}

/// Cases whose projects do what only their own tests show.
const BEHAVING: &[&str] = &[
    "addresses-and-files",
    "derived-ends",
    "external",
    "generic",
    "lookups",
    "promises",
    "single-table",
    "singletons",
    "values",
    "visibility",
];

#[test]
fn projects_of_cases_pass_their_own_tests() {
    let server = Server::start();
    let all = tempfile::tempdir().expect("a folder");
    for name in BEHAVING {
        let case = root().join("tests/cases/project").join(name);
        let bytes = fs::read(case.join("input.xmi")).expect("the case can be read");
        let toml = fs::read_to_string(case.join("umlaut.toml")).ok();
        let outcome = compile_bytes("input.xmi", bytes, toml.as_deref());
        let folder = all.path().join(name.replace('-', "_"));
        for (path, file) in outcome.files.as_ref().expect("the project was written").iter() {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.content).unwrap();
        }
        copy_by_hand(&case, &folder);
        crate::django::pytest(&folder, None);
        crate::django::pytest(&folder, Some(&server.create(name)));
        crate::django::oracle(&folder, None);
    }
}
