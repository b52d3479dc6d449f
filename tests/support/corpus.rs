//! The real files, where they are.

use std::path::{Path, PathBuf};

use super::{root, say};

/// The folder `part` of the corpus, `modern` or `legacy`; says loudly when it is not there.
pub fn folder(part: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/corpus").join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    say(&format!("NOT TESTED: the corpus of real files is not at {}\n", folder.display()));
    None
}

/// All files of both parts with their names (`modern/ea/…`), but the ones that are there for their size.
pub fn files() -> impl Iterator<Item = (String, Vec<u8>)> {
    let parts = ["modern", "legacy"].into_iter().filter_map(|part| Some((part, folder(part)?)));
    parts.flat_map(|(part, folder)| {
        let manifest = std::fs::read_to_string(folder.join("MANIFEST.csv")).expect("the list of the corpus");
        let paths: Vec<String> = manifest.lines().skip(1).map(first_cell).collect();
        paths.into_iter().filter(|path| !path.starts_with("perf/")).map(move |path| {
            let bytes = std::fs::read(Path::new(&folder).join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            (format!("{part}/{path}"), bytes)
        })
    })
}

/// The first cell of a line of CSV.
fn first_cell(line: &str) -> String {
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
        None => line.split(',').next().unwrap_or_default().to_owned(),
    }
}
