//! `explain`: nothing in the project of a sample is without a reason, and no reason without a place.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::support::compile::compile_bytes;
use crate::support::root;

/// What `explain` says as JSON, by the path in Django.
fn explained(model: &str, path: &str) -> BTreeMap<String, Vec<Value>> {
    let output = Command::new(env!("CARGO_BIN_EXE_umlaut"))
        .args(["explain", model, path, "--json", "--isolated"])
        .current_dir(root())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        let value: Value = serde_json::from_str(line).expect("a line is a JSON object");
        found.entry(value["django"].as_str().unwrap_or_default().to_owned()).or_default().push(value);
    }
    found
}

#[test]
fn everything_in_the_samples_has_a_reason_with_a_place() {
    for model in ["samples/shop/model.xmi", "samples/library/model.xmi"] {
        let known = explained(model, "**");
        let bytes = std::fs::read(root().join(model)).expect("the sample");
        let outcome = compile_bytes("model.xmi", bytes, None);
        let mut count = 0;
        let mut check = |path: String| {
            let things = known.get(&path).unwrap_or_else(|| panic!("{model}: {path} is not explained"));
            let reasons: Vec<&Value> = things.iter().flat_map(|thing| thing["reasons"].as_array().unwrap()).collect();
            assert!(!reasons.is_empty(), "{model}: {path} has no reason");
            for reason in reasons {
                assert!(reason["place"].is_string() || path.starts_with("accounts."), "{model}: {path}: {reason}");
                assert!(
                    !reason["why"].as_str().unwrap().is_empty() && !reason["decision"].as_str().unwrap().is_empty()
                );
            }
            count += 1;
        };
        for app in &outcome.project.apps {
            if app.origin.is_some() {
                check(app.label.clone());
            }
            for choices in &app.choices {
                check(format!("{}.{}", app.label, choices.name));
                for member in &choices.members {
                    check(format!("{}.{}.{}", app.label, choices.name, member.name));
                }
            }
            for model in &app.models {
                let path = format!("{}.{}", app.label, model.name);
                check(path.clone());
                for field in &model.fields {
                    check(format!("{path}.{}", field.name));
                }
                for constraint in &model.meta.constraints {
                    check(format!("{path}.{}", constraint.name));
                }
                for index in &model.meta.indexes {
                    check(format!("{path}.{}", index.name));
                }
            }
        }
        assert!(count >= 30, "{model}: {count}");
    }
}

#[test]
fn an_association_and_its_ends_are_explained_by_the_field_that_they_became() {
    let known = explained("samples/shop/model.xmi", "sales.Customer.orders");
    let fields: Vec<&String> = known.keys().collect();
    assert_eq!(fields, ["sales.Order.customer"]);
}

#[test]
fn a_path_that_names_nothing_is_answered_by_the_nearest() {
    for (path, near) in
        [("shop.Order", "sales.Order"), ("sales.Order.custmer", "sales.Order.customer"), ("custmer", "sales.Customer")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_umlaut"))
            .args(["explain", "samples/shop/model.xmi", path, "--isolated"])
            .current_dir(root())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(near), "{path}: {said}");
    }
}
