//! Real files from the corpus become projects that Django accepts, with the migrations that Django would write.
//!
//! The corpus is no part of this repository: where it is missing, this says so and goes on.

use std::path::Path;
use std::process::Command;

use crate::django;
use crate::support::{describe, root, try_run};

/// Files of Papyrus and Eclipse, of the OMG and of Enterprise Architect, small and large.
const FILES: &[&str] = &[];

#[test]
fn real_files_build_and_django_accepts_them() {
    let corpus = root().join("../shared/corpus/modern");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: the corpus is not there: {}", corpus.display());
        return;
    }
    assert!(FILES.len() >= 20, "{} files", FILES.len());
    for name in FILES {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let project = folder.path().join("project");
        build(&corpus.join(name), &project);
        django::check(&project);
        django::oracle(&project, None);
    }
}

/// Builds although there are errors: 0 and 1 are what may come of a real file, and the project is written.
fn build(model: &Path, out: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
    command.args(["build", "--isolated", "--keep-going", "--format", "short", "--out"]).arg(out).arg(model);
    let output = try_run(&mut command);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", describe(&command, &output));
    assert!(out.join("manage.py").is_file(), "{}", describe(&command, &output));
}
