//! One library, drawn in the form of every tool: whatever the form, the project is the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::support::compile::{compile_bytes, findings, first_difference};
use super::support::root;

fn samples() -> PathBuf {
    root().join("samples/dialects")
}

/// What a file compiles to: the project's files by path.
fn project(path: &Path) -> BTreeMap<String, String> {
    let bytes = std::fs::read(path).expect("a sample");
    // The name of the file stands in the project, and the extension must not matter.
    let outcome = compile_bytes("library.xmi", bytes, None);
    assert!(outcome.report.is_sound(), "{}:\n{}", path.display(), findings(&outcome));
    let files = outcome.files.expect("a sound model is written");
    // The lock holds the ids of the elements, and each tool has its own.
    let files = files.iter().filter(|(path, _)| *path != umlaut::lock::FILE);
    files.map(|(path, file)| (path.to_owned(), file.content.clone())).collect()
}

/// A sample named `library` has the documentation of the model; one named `plain` comes from a tool that cannot write any.
#[test]
fn one_library_in_every_dialect_is_one_project() {
    let expected: BTreeMap<&str, _> =
        ["library", "plain"].map(|name| (name, project(&samples().join("omg").join(format!("{name}.xmi"))))).into();
    let mut tools: Vec<PathBuf> =
        std::fs::read_dir(samples()).expect("samples").map(|entry| entry.expect("an entry").path()).collect();
    tools.sort();
    let mut seen = 0;
    for path in tools.iter().flat_map(|tool| std::fs::read_dir(tool).expect("a tool's folder")) {
        let path = path.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let stem = name.split('.').next().unwrap_or_default();
        let expected = expected.get(stem).unwrap_or_else(|| panic!("{}: not library, not plain", path.display()));
        let found = project(&path);
        for (file, text) in expected {
            let other = found.get(file).unwrap_or_else(|| panic!("{}: no {file}", path.display()));
            assert!(text == other, "{}: {file}\n{}", path.display(), first_difference(text, other));
        }
        assert_eq!(found.len(), expected.len(), "{}: more files", path.display());
        seen += 1;
    }
    assert!(seen > 1, "samples were compared");
}
