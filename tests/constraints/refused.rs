//! What rules of real projects say and refuse: the constraints of the sample, broken through its API, and rules over all rows of a class.

use std::fs;
use std::path::Path;

use crate::support::compile::{compile_bytes, sample, write_project};
use crate::support::python::python;
use crate::support::{judge_dir, root};
use umlaut::pipeline::Outcome;

/// What a script prints, a line for each refusal, once the project is written.
fn refused(outcome: &Outcome, folder: &Path, script: &str) -> usize {
    write_project(outcome, folder);
    let script = root().join("tests/constraints").join(script);
    let here = folder.to_str().expect("a path");
    let environment = [
        ("DJANGO_SETTINGS_MODULE", "config.settings.test"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("PYTHONPATH", here),
    ];
    let said = python(&[script.to_str().expect("a path")], folder, &environment);
    String::from_utf8(said.stdout).expect("text").lines().count()
}

#[test]
fn each_constraint_of_the_shop_speaks_through_the_api() {
    let refusals = refused(&sample("shop"), &judge_dir().join("constraints-shop"), "wording.py");
    let drawn = fs::read_to_string(root().join("samples/shop/model.xmi")).expect("the sample");
    // A derivation says what is computed, not what must hold.
    let rules = drawn.matches("<ownedRule ").count() - drawn.matches("<body>derive:").count();
    assert_eq!(refusals, rules);
}

#[test]
fn the_row_that_is_saved_is_one_of_those_that_its_rule_looks_at() {
    let drawn = fs::read(root().join("tests/cases/project/constraints/input.xmi")).expect("the case");
    let outcome = compile_bytes("input.xmi", drawn, None);
    assert_eq!(refused(&outcome, &judge_dir().join("constraints-rows"), "own_rows.py"), 7);
}
