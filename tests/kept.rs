//! What stereotypes ask to be kept about rows: golden cases that bring tests of their own, on both releases of Django and on
//! both databases.

use std::fs;

use umlaut::django::DjangoVersion;

use crate::django;
use crate::support::compile::{compile_for, files_below, write_project};
use crate::support::postgres::Server;
use crate::support::{judge_dir, root};

/// Builds the case for both releases and lets everyone judge it.
fn judge(case: &str) {
    let server = Server::start();
    let folder = root().join("tests/cases/project").join(case);
    let bytes = fs::read(folder.join("input.xmi")).expect("the case can be read");
    let toml = fs::read_to_string(folder.join("umlaut.toml")).ok();
    for django in DjangoVersion::ALL {
        let name = format!("{}_{}", case.replace('-', "_"), django.number().replace('.', "_"));
        let project = judge_dir().join("kept").join(&name);
        if project.exists() {
            fs::remove_dir_all(&project).expect("the old project can be removed");
        }
        write_project(&compile_for(django, "input.xmi", bytes.clone(), toml.as_deref()), &project);
        django::ruff(&project);
        django::check(&project);
        django::oracle(&project, Some(&server));
        let own = folder.join("tests");
        for path in files_below(&own) {
            fs::copy(own.join(&path), project.join("tests").join(&path)).expect("it can be copied");
        }
        django::pytest(&project, None);
        django::pytest(&project, Some(&server.create(&name)));
    }
}

#[test]
fn audited_rows_know_who_saved_them() {
    judge("audited");
}

#[test]
fn deleted_rows_are_marked_and_can_be_restored() {
    judge("soft-delete");
}

#[test]
fn outdated_rows_are_not_saved() {
    judge("versioned");
}
