//! Compiling texts and samples in tests.

use std::fs;
use std::path::{Path, PathBuf};

use super::{bless, root};
use umlaut::diagnostic::{Report, render};
use umlaut::django::DjangoVersion;
use umlaut::pipeline::{Input, NoLoader, Outcome, compile};
use umlaut::read::InputFile;
use umlaut::settings::{self, Settings};
use umlaut::source::Sources;

/// Writes the project of `outcome` into `folder`, which has nothing else in it then.
pub fn write_project(outcome: &Outcome, folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the old project can be removed");
    }
    for (path, file) in outcome.files.as_ref().expect("the project was written").iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, &file.content).expect("the file can be written");
    }
}

/// Compiles one document with the settings of `umlaut.toml`, if there are any; writes although there are errors.
pub fn compile_bytes(name: &str, bytes: Vec<u8>, toml: Option<&str>) -> Outcome {
    compile_for(super::django(), name, bytes, toml)
}

/// The same for this Django.
pub fn compile_for(django: DjangoVersion, name: &str, bytes: Vec<u8>, toml: Option<&str>) -> Outcome {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let settings = settings::load(toml.map(|text| ("umlaut.toml", text)), &mut sources, &mut report);
    let settings = Settings { django, ..settings };
    let files = vec![InputFile::new(name, bytes)];
    compile(Input { files, loader: &NoLoader, settings, sources, report, keep_going: true })
        .unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

/// The model of `samples/<name>`, compiled.
pub fn sample(name: &str) -> Outcome {
    sample_for(super::django(), name)
}

/// The same for this Django.
pub fn sample_for(django: DjangoVersion, name: &str) -> Outcome {
    let folder = root().join("samples").join(name);
    let bytes = std::fs::read(folder.join("model.xmi")).expect("the sample can be read");
    let toml = std::fs::read_to_string(folder.join("umlaut.toml")).ok();
    compile_for(django, "model.xmi", bytes, toml.as_deref())
}

/// The findings as people see them, without colours.
pub fn findings(outcome: &Outcome) -> String {
    render::human::render(&outcome.report, &outcome.sources, &outcome.elements, &render::Options::default())
}

/// Compares `actual` with the file at `path`, or writes it there when blessing.
pub fn expect_file(path: &Path, actual: &str) {
    if bless() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("the folder can be made");
        }
        std::fs::write(path, actual).expect("the expectation can be written");
        return;
    }
    let expected = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; UMLAUT_BLESS=1 writes it", path.display()));
    assert!(
        expected == actual,
        "{} differs; UMLAUT_BLESS=1 rewrites it\n{}",
        path.display(),
        first_difference(&expected, actual)
    );
}

/// The first line in which two texts differ, with the lines around it.
pub fn first_difference(expected: &str, actual: &str) -> String {
    let (mut a, mut b) = (expected.lines(), actual.lines());
    for number in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (left, right) if left == right => {}
            (left, right) => {
                return format!(
                    "line {number}\n  expected: {}\n  actual:   {}",
                    left.unwrap_or("<end>"),
                    right.unwrap_or("<end>")
                );
            }
        }
    }
    "only line ends differ".to_owned()
}

/// All files below `folder`, relative, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).expect("it lies below").to_path_buf());
            }
        }
    }
    found.sort();
    found
}
