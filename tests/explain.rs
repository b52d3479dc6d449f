//! `explain`: nothing in the project of a sample is without a reason, and no reason without a place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use umlaut::django::Project;

use crate::support::compile::compile_bytes;
use crate::support::root;

/// What `explain` says as JSON, by the path in Django.
fn explained(model: &Path, path: &str) -> BTreeMap<String, Vec<Value>> {
    let settings = model.with_file_name("umlaut.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
    command.arg("explain").arg(model).args([path, "--json"]).current_dir(root());
    if settings.exists() {
        command.arg("--config").arg(settings);
    } else {
        command.arg("--isolated");
    }
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        let value: Value = serde_json::from_str(line).expect("a line is a JSON object");
        found.entry(value["django"].as_str().unwrap_or_default().to_owned()).or_default().push(value);
    }
    found
}

/// The paths of everything in a project that comes from the diagram.
fn paths(project: &Project) -> Vec<String> {
    let mut paths = Vec::new();
    for app in &project.apps {
        paths.extend(app.origin.is_some().then(|| app.label.clone()));
        for choices in &app.choices {
            let path = format!("{}.{}", app.label, choices.name);
            paths.extend(choices.members.iter().map(|member| format!("{path}.{}", member.name)));
            paths.push(path);
        }
        for model in &app.models {
            let path = format!("{}.{}", app.label, model.name);
            let fields = model.fields.iter().map(|field| &field.name);
            let constraints = model.meta.constraints.iter().map(|constraint| &constraint.name);
            let indexes = model.meta.indexes.iter().map(|index| &index.name);
            let generics = model.generics.iter().map(|generic| &generic.name);
            let ways_back = model.generic_relations.iter().map(|relation| &relation.name);
            let computed = model.queries.iter().map(|query| &query.name);
            paths.extend(generics.chain(ways_back).chain(computed).map(|name| format!("{path}.{name}")));
            paths.extend(fields.chain(constraints).chain(indexes).map(|name| format!("{path}.{name}")));
            paths.push(path);
        }
    }
    paths
}

/// Sees that everything in the project of a model has reasons, and each reason a place; gives how many things there are.
fn explains_everything(model: &Path) -> usize {
    let known = explained(model, "**");
    let bytes = std::fs::read(model).expect("the model");
    let toml = std::fs::read_to_string(model.with_file_name("umlaut.toml")).ok();
    let outcome = compile_bytes(model.file_name().unwrap().to_str().unwrap(), bytes, toml.as_deref());
    let paths = paths(&outcome.project);
    for path in &paths {
        let things = known.get(path).unwrap_or_else(|| panic!("{}: {path} is not explained", model.display()));
        let reasons: Vec<&Value> = things.iter().flat_map(|thing| thing["reasons"].as_array().unwrap()).collect();
        assert!(!reasons.is_empty(), "{}: {path} has no reason", model.display());
        for reason in reasons {
            // Our own user model stands nowhere, and a setting that holds for all has its key.
            let is_told = reason["place"].is_string()
                || reason["decision"] == "AbstractUser"
                || (reason["because"] == "setting" && reason["name"].is_string());
            assert!(is_told, "{}: {path}: {reason}", model.display());
            assert!(!reason["why"].as_str().unwrap().is_empty() && !reason["decision"].as_str().unwrap().is_empty());
        }
    }
    paths.len()
}

#[test]
fn everything_in_the_samples_has_a_reason_with_a_place() {
    for name in ["shop", "library"] {
        let count = explains_everything(&root().join("samples").join(name).join("model.xmi"));
        assert!(count >= 30, "{name}: {count}");
    }
    for folder in folders("samples/dialects") {
        let is_model = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == "library" || stem == "plain");
        let files = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let models: Vec<PathBuf> = files.filter(is_model).collect();
        assert!(!models.is_empty(), "{}", folder.display());
        for model in models {
            assert!(explains_everything(&model) >= 5, "{}", model.display());
        }
    }
}

#[test]
fn everything_in_the_cases_has_a_reason_with_a_place() {
    let count: usize = folders("tests/cases/project").iter().map(|it| explains_everything(&it.join("input.xmi"))).sum();
    assert!(count >= 1400, "{count}");
}

fn folders(of: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(of)).expect("the folder");
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn an_association_and_its_ends_are_explained_by_the_field_that_they_became() {
    let known = explained(&root().join("samples/shop/model.xmi"), "sales.Customer.orders");
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
