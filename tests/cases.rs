//! Golden cases by folder: `tests/cases/<stage>/<name>/` holds `input.xmi`, perhaps `umlaut.toml`, and `expected.txt`.
//!
//! Adding a case needs no Rust. `UMLAUT_BLESS=1 cargo test cases` writes the expectations.

use std::fs;

use crate::support::compile::{compile_bytes, expect_file, findings};
use crate::support::root;
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
