//! `umlaut diff`: what it tells of two versions of the shop, and that it writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::root;

/// A folder with `old.xmi` and `new.xmi`, which is the shop after `edits`: texts and what stands in their place.
fn versions(edits: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let old = fs::read_to_string(root().join("samples/shop/model.xmi")).unwrap();
    let mut new = old.clone();
    for (from, to) in edits {
        assert!(new.contains(from), "{from}");
        new = new.replace(from, to);
    }
    fs::write(folder.path().join("old.xmi"), old).unwrap();
    fs::write(folder.path().join("new.xmi"), new).unwrap();
    folder
}

const EDITS: &[(&str, &str)] = &[
    ("name=\"sku\"", "name=\"stockCode\""),
    ("xmi:id=\"_Supplier\" name=\"Supplier\"", "xmi:id=\"_Supplier\" name=\"Vendor\""),
    ("<ownedAttribute xmi:id=\"_Book_pages\"", "<!-- <ownedAttribute xmi:id=\"_Book_pages\""),
    ("<ownedAttribute xmi:id=\"_Book_published\"", "--><ownedAttribute xmi:id=\"_Book_published\""),
];

fn umlaut(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_umlaut")).args(args).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn two_versions_are_told_in_the_words_of_the_diagram() {
    let folder = versions(EDITS);
    let output = umlaut(folder.path(), &["diff", "old.xmi", "new.xmi", "--format", "short"]);
    let said = text(&output.stdout);
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "old.xmi:93:9: removed attribute catalog.Book.pages",
            "new.xmi:46:9: renamed attribute catalog.Product.stockCode, was catalog.Product.sku",
            "new.xmi:108:7: renamed class catalog.Vendor, was catalog.Supplier",
            "catalog/migrations/0002_rename_supplier_vendor.py: Rename model Supplier to Vendor",
            "catalog/migrations/0003_remove_book_book_some_leaves_ck_and_more.py: Remove constraint \
             book_some_leaves_ck from model book; Rename field sku on product to stock_code; Remove field pages from book",
            "new.xmi:76:66: error[U1302]: `Book.pages` is gone; its column and data would be dropped",
        ],
        "{}",
        text(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_last_build_is_compared_and_nothing_is_written() {
    let folder = versions(EDITS);
    let none = umlaut(folder.path(), &["diff", "new.xmi"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("nothing was built"), "{}", text(&none.stderr));

    assert_eq!(umlaut(folder.path(), &["build", "old.xmi"]).status.code(), Some(0));
    let before = files(folder.path());
    let same = umlaut(folder.path(), &["diff", "old.xmi"]);
    assert!(text(&same.stdout).ends_with("nothing changes\n"), "{}", text(&same.stdout));
    assert_eq!(same.status.code(), Some(0));
    let output = umlaut(folder.path(), &["diff", "new.xmi"]);
    let said = text(&output.stdout);
    for line in [
        "  - removed attribute catalog.Book.pages\n",
        "  ~ renamed class catalog.Vendor, was catalog.Supplier  (new.xmi:108:7)\n",
        "Migration catalog/migrations/0002_rename_supplier_vendor.py\n  Rename model Supplier to Vendor\n",
        "  error[U1302]: `Book.pages` is gone",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn programs_and_pull_requests_get_the_same() {
    let folder = versions(EDITS);
    fs::write(folder.path().join("umlaut.toml"), "[evolution]\naccept = [\"catalog.Book.pages\"]\n").unwrap();
    let output = umlaut(folder.path(), &["diff", "old.xmi", "new.xmi", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], "umlaut-diff/1");
    assert_eq!(document["changes"].as_array().unwrap().len(), 3);
    assert_eq!(document["risks"].as_array().unwrap().len(), 0);
    let migrations = document["migrations"].as_array().unwrap();

    // They are those that `build` writes.
    assert_eq!(umlaut(folder.path(), &["build", "old.xmi", "--out", "shop"]).status.code(), Some(0));
    assert_eq!(umlaut(folder.path(), &["build", "new.xmi", "--out", "shop"]).status.code(), Some(0));
    assert_eq!(migrations.len(), 2);
    for migration in migrations {
        let path = folder.path().join("shop").join(migration["path"].as_str().unwrap());
        assert_eq!(migration["python"].as_str().unwrap(), fs::read_to_string(path).unwrap());
    }

    let output = umlaut(folder.path(), &["diff", "old.xmi", "new.xmi", "--format", "markdown"]);
    let said = text(&output.stdout);
    assert!(
        said.starts_with("## old.xmi \u{2192} new.xmi\n\n3 changes of the model, 2 migrations, no risk.\n"),
        "{said}"
    );
    assert!(said.contains("- renamed class `catalog.Vendor`, was `catalog.Supplier`\n"), "{said}");
    assert_eq!(said.matches("<details>").count(), said.matches("</details>").count());
    assert_eq!(umlaut(folder.path(), &["check", "old.xmi", "--format", "markdown"]).status.code(), Some(2));
}

#[test]
fn what_is_no_model_is_told_like_anywhere() {
    let folder = versions(&[]);
    fs::write(folder.path().join("none.xmi"), "no model").unwrap();
    for pair in [["none.xmi", "new.xmi"], ["old.xmi", "none.xmi"]] {
        let output = umlaut(folder.path(), &["diff", pair[0], pair[1]]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains("U0102"), "{}", text(&output.stderr));
    }
    assert_eq!(umlaut(folder.path(), &["diff", "old.xmi", "new.xmi", "--out", "shop"]).status.code(), Some(2));
}
