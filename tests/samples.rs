//! `samples/*/project` is what the compiler writes today.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use umlaut::django::DjangoVersion;
use umlaut::pipeline::Outcome;

use crate::django;
use crate::support::bless;
use crate::support::compile::{
    compile_bytes, expect_file, files_below, findings, first_difference, sample, sample_for, write_project,
};
use crate::support::postgres::Server;
use crate::support::root;

#[test]
fn samples_compile_without_errors_to_the_committed_projects() {
    for name in ["library", "shop"] {
        let outcome = sample(name);
        assert!(outcome.report.is_sound(), "{name}:\n{}", findings(&outcome));
        let files = outcome.files.as_ref().expect("a sound model is written");
        let project = root().join("samples").join(name).join("project");
        if bless() && project.exists() {
            fs::remove_dir_all(&project).expect("the old project can be removed");
        }
        for (path, file) in files.iter() {
            expect_file(&project.join(path), &file.content);
        }
        let committed: BTreeSet<String> = files_below(&project)
            .into_iter()
            .map(|path| path.to_string_lossy().replace('\\', "/"))
            .filter(|path| !path.starts_with(".umlaut/") && !path.contains("__pycache__") && !path.contains(".sqlite3"))
            .collect();
        let written: BTreeSet<String> = files.iter().map(|(path, _)| path.to_owned()).collect();
        assert_eq!(committed, written, "{name}: files that the compiler does not write, or that are missing");
    }
}

/// The pieces in this language that the README shows.
fn readme(language: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("README.md")).expect("the README");
    let fence = format!("```{language}\n");
    let pieces = text.split(&fence).skip(1);
    pieces.map(|rest| rest.split_once("```").expect("it ends").0.trim_end().to_owned()).collect()
}

#[test]
fn what_the_readme_shows_of_the_shop_is_what_is_written() {
    let outcome = sample("shop");
    let files = outcome.files.as_ref().expect("a sound model is written");
    let shown = readme("python");
    assert!(!shown.is_empty());
    for code in shown {
        assert!(files.iter().any(|(_, file)| file.content.contains(&code)), "nothing like this is written:\n{code}");
    }
}

#[test]
fn what_the_readme_quotes_is_what_umlaut_says() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let shop = fs::read_to_string(root().join("samples/shop/model.xmi")).expect("the sample");
    let says = |model: &str, args: &[&str]| {
        fs::write(folder.path().join("shop.xmi"), model).expect("the model can be written");
        let mut umlaut = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        let output = umlaut.args(args).current_dir(folder.path()).output().expect("it runs");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("text")
    };
    let end = r#"name="customer" type="_Customer" association="_A_order_customer""#;
    assert_eq!(shop.matches(end).count(), 1);
    let said = says(&shop, &["explain", "shop.xmi", "sales.Order.customer"])
        + &says(&shop.replace(end, &end.replace("_Customer", "_Kunde")), &["check", "shop.xmi"]);
    let shown = readme("text");
    assert_eq!(shown.len(), 2);
    for text in shown {
        assert!(said.contains(&text), "it does not say this:\n{text}\nbut:\n{said}");
    }
}

/// Writes the project of `outcome` and has Django, its linter and its own tests judge it.
fn judge(name: &str, outcome: &Outcome, postgres: &Server) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let project = folder.path().join(name);
    write_project(outcome, &project);
    django::judge(&project, true, Some(postgres));
}

#[test]
fn django_accepts_the_samples_on_both_databases() {
    let postgres = Server::start();
    for name in ["library", "shop"] {
        judge(name, &sample(name), &postgres);
    }
}

#[test]
fn django_5_2_accepts_the_samples_on_both_databases() {
    let postgres = Server::start();
    for name in ["library", "shop"] {
        let outcome = sample_for(DjangoVersion::V5_2, name);
        assert!(outcome.report.is_sound(), "{name}:\n{}", findings(&outcome));
        judge(name, &outcome, &postgres);
    }
}

#[test]
fn django_accepts_what_tags_and_settings_ask_for_on_both_databases() {
    let postgres = Server::start();
    for name in ["tags", "known-findings"] {
        let case = root().join("tests/cases/project").join(name);
        let bytes = fs::read(case.join("input.xmi")).expect("the case can be read");
        let toml = fs::read_to_string(case.join("umlaut.toml")).ok();
        judge(name, &compile_bytes("input.xmi", bytes, toml.as_deref()), &postgres);
    }
}

#[test]
fn the_picture_in_the_readme_is_what_umlaut_draws() {
    let output = Command::new(env!("CARGO_BIN_EXE_umlaut"))
        .args(["graph", "samples/shop/model.xmi"])
        .current_dir(root())
        .output()
        .expect("the program starts");
    expect_file(&root().join("samples/shop/model.svg"), &String::from_utf8_lossy(&output.stdout));
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    for name in ["library", "shop"] {
        let (first, second) = (sample(name), sample(name));
        assert_eq!(findings(&first), findings(&second));
        let (first, second) = (first.files.expect("written"), second.files.expect("written"));
        assert_eq!(first.len(), second.len());
        for ((path, a), (_, b)) in first.iter().zip(second.iter()) {
            assert!(a.content == b.content, "{name}/{path}: {}", first_difference(&a.content, &b.content));
        }
    }
}
