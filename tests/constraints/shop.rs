//! The constraints of the sample, broken through its API.

use std::fs;

use crate::support::compile::{sample, write_project};
use crate::support::python::python;
use crate::support::{judge_dir, root};

#[test]
fn each_constraint_of_the_shop_speaks_through_the_api() {
    let outcome = sample("shop");
    let folder = judge_dir().join("constraints-shop");
    write_project(&outcome, &folder);
    let script = root().join("tests/constraints/wording.py");
    let here = folder.to_str().expect("a path");
    let environment = [
        ("DJANGO_SETTINGS_MODULE", "config.settings.test"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("PYTHONPATH", here),
    ];
    let said = python(&[script.to_str().expect("a path")], &folder, &environment);
    let drawn = fs::read_to_string(root().join("samples/shop/model.xmi")).expect("the sample");
    // A derivation says what is computed, not what must hold.
    let rules = drawn.matches("<ownedRule ").count() - drawn.matches("<body>derive:").count();
    assert_eq!(String::from_utf8(said.stdout).expect("text").lines().count(), rules);
}
