//! The REST API and the tests that generated projects have, judged by Django itself.

mod every;

use std::fs;
use std::path::PathBuf;

use umlaut::diagnostic::Report;
use umlaut::django::Project;
use umlaut::emit::{Context, Parts, registry};
use umlaut::output::FileSet;

use crate::support::judge_dir;
use crate::support::postgres::Server;

/// What all emitters make of `project`.
fn emit(project: &Project) -> FileSet {
    let evolution = umlaut::evolve::initial(project, &mut Report::default());
    let mut parts = Parts::default();
    for emitter in registry() {
        emitter.contribute(project, &mut parts);
    }
    let mut files = FileSet::default();
    for emitter in registry() {
        emitter.write(Context { project, evolution: &evolution, parts: &parts }, &mut files).unwrap();
    }
    files
}

/// Writes the project into a fresh folder, which stays for whoever wants to see why it was refused.
pub(crate) fn write(project: &Project) -> PathBuf {
    let folder = judge_dir().join("drf").join(&project.name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (path, file) in emit(project).iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.content).unwrap();
    }
    folder
}

/// How many tests pytest says that it ran.
fn passed(output: &std::process::Output) -> usize {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let count = text.split_once(" passed").and_then(|(before, _)| before.rsplit([' ', '\n']).next()?.parse().ok());
    count.unwrap_or_else(|| panic!("pytest does not say how many tests passed:\n{text}"))
}

#[test]
fn a_project_with_one_of_everything_passes_its_own_tests_on_both_databases() {
    let folder = write(&every::project());
    crate::django::ruff(&folder);
    crate::django::makemigrations(&folder);
    let on_sqlite = passed(&crate::django::pytest(&folder, None));
    assert!(on_sqlite > 250, "only {on_sqlite} tests");
    let server = Server::start();
    let on_postgresql = passed(&crate::django::pytest(&folder, Some(&server.create("every"))));
    assert_eq!(on_sqlite, on_postgresql);
}
