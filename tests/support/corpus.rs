//! The real files, where they are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{root, say};

/// The folder `part` of the corpus, `modern` or `legacy`; says loudly when it is not there. `UMLAUT_CORPUS` names another corpus.
pub fn folder(part: &str) -> Option<PathBuf> {
    let corpus = std::env::var_os("UMLAUT_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let folder = corpus.join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    say(&format!("NOT TESTED: the corpus of real files is not at {}\n", folder.display()));
    None
}

/// What the independent counters found in the files of a part: an object for each, with its `path`.
pub fn counted(part: &str) -> Vec<(String, Value)> {
    let Some(root) = folder(part) else { return Vec::new() };
    let rows = std::fs::read_to_string(root.join("COUNTS.jsonl")).expect("counts of the corpus");
    let row = |line: &str| -> Value { serde_json::from_str(line).expect("one JSON object a line") };
    rows.lines().map(row).map(|row| (row["path"].as_str().expect("a path").to_owned(), row)).collect()
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

/// Counts by the names of the counter.
pub type Counts = BTreeMap<&'static str, u64>;

/// Files beside what an independent counter found in them.
#[derive(Default)]
pub struct Comparison {
    different: Vec<(String, String)>,
    /// How many files of a group are equal, and how many are not.
    table: BTreeMap<String, (usize, usize)>,
}

impl Comparison {
    /// Compares one file. Only what the counter counted is looked at.
    pub fn add(&mut self, group: &str, path: &str, ours: &Counts, theirs: &Counts) {
        let differences: Vec<String> = theirs
            .iter()
            .filter(|(key, count)| ours.get(*key) != Some(count))
            .map(|(key, count)| format!("{key} {} not {count}", ours.get(key).copied().unwrap_or_default()))
            .collect();
        let line = self.table.entry(group.to_owned()).or_default();
        if differences.is_empty() {
            line.0 += 1;
        } else {
            line.1 += 1;
            self.different.push((path.to_owned(), differences.join(", ")));
        }
    }

    /// Prints the table, and fails unless just the `explained` files differ, in just the way that stands there beside its cause.
    #[track_caller]
    pub fn finish(self, title: &str, explained: &[(&str, &str, &str)]) {
        let known: Vec<(String, String)> =
            explained.iter().map(|&(path, differences, _)| (path.to_owned(), differences.to_owned())).collect();
        let wrong: Vec<&(String, String)> = self.different.iter().filter(|line| !known.contains(line)).collect();
        let mut text = format!("{title:28} {:>6} {:>10}\n", "equal", "different");
        for (group, (equal, different)) in &self.table {
            text += &format!("{group:28} {equal:>6} {different:>10}\n");
        }
        let (equal, different) = self.table.values().fold((0, 0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
        let explained = different - wrong.len();
        text += &format!("{equal} files are equal, {explained} explained, {} wrong\n", wrong.len());
        for (path, differences) in wrong {
            text += &format!("    (\"{path}\", \"{differences}\", CAUSE),\n");
        }
        say(&text);
        assert_eq!(self.different, known);
    }
}
