//! `samples/*/project` is what the compiler writes today.

use std::collections::BTreeSet;
use std::fs;

use crate::support::compile::{bless, expect_file, files_below, findings, first_difference, sample};
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
