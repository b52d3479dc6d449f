//! The manifest: what the last build wrote. One JSON line for each file, sorted by path.
//!
//! It is kept per app (`.umlaut/manifest/<app>.jsonl`; `project.jsonl` for the rest), so that branches of a project that change
//! different apps do not conflict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Ownership;

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Relative to the project, with `/`.
    pub path: String,
    /// Who it belongs to.
    #[serde(rename = "class", with = "class")]
    pub ownership: Ownership,
    /// Of the bytes as they were written, in hexadecimal digits.
    pub sha256: String,
    /// What it was written from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Source>,
}

/// An element of the diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its model path: `shop.Order`.
    pub path: String,
    /// Its id in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// All files that were written, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest(BTreeMap<String, Entry>);

impl Manifest {
    /// Adds a file, or replaces what is said about it.
    pub fn insert(&mut self, entry: Entry) {
        self.0.insert(entry.path.clone(), entry);
    }

    /// What is said about the file at `path`.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.0.get(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    /// Reads the lines of one file of the manifest.
    ///
    /// Gives the numbers of lines that cannot be read, such as the markers of a merge. The files that they spoke of count as
    /// not written by us, which is the safe side.
    pub fn read(&mut self, text: &str) -> Vec<usize> {
        let mut damaged = Vec::new();
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str::<Entry>(line) {
                // The migration that installs extensions was once written again whenever others were needed.
                Ok(entry) if is_migration(&entry.path) => self.insert(Entry { ownership: Ownership::Sealed, ..entry }),
                Ok(entry) => self.insert(entry),
                Err(_) if line.trim().is_empty() => {}
                Err(_) => damaged.push(number + 1),
            }
        }
        damaged
    }

    /// The text of each file of the manifest, by its name in `.umlaut/manifest`.
    ///
    /// An app is a folder with an `apps.py`.
    pub fn print(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for entry in self.iter() {
            let app = entry.path.split_once('/').map(|(app, _)| app);
            let app = app.filter(|app| self.0.contains_key(&format!("{app}/apps.py")));
            let text: &mut String = files.entry(format!("{}.jsonl", app.unwrap_or("project"))).or_default();
            // Strings, lists and structs of them can always be written as JSON.
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
            text.push('\n');
        }
        files
    }
}

/// Whether a file is a migration: databases know it, so it never goes.
fn is_migration(path: &str) -> bool {
    let name = path.split_once("/migrations/").map(|(_, name)| name);
    name.is_some_and(|name| name.ends_with(".py") && !name.starts_with('_') && !name.contains('/'))
}

/// The hash that the manifest keeps.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Ownership as a word; the noun itself knows no serde.
mod class {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Ownership;

    const WORDS: [(Ownership, &str); 4] = [
        (Ownership::Generated, "generated"),
        (Ownership::Seed, "seed"),
        (Ownership::Shared, "shared"),
        (Ownership::Sealed, "sealed"),
    ];

    // The signature is serde's.
    #[expect(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(ownership: &Ownership, serializer: S) -> Result<S::Ok, S::Error> {
        let word = WORDS.iter().find(|(class, _)| class == ownership).map_or("", |(_, word)| word);
        serializer.serialize_str(word)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ownership, D::Error> {
        let word = String::deserialize(deserializer)?;
        let found = WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(class, _)| *class).ok_or_else(|| D::Error::custom(format!("unknown class `{word}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry { path: path.to_owned(), ownership: Ownership::Generated, sha256: sha256(b"x"), elements: Vec::new() }
    }

    #[test]
    fn each_app_has_a_file_and_the_rest_shares_one() {
        let mut manifest = Manifest::default();
        for path in ["config/urls.py", "manage.py", "shop/apps.py", "shop/models.py", "tests/test_shop.py"] {
            manifest.insert(entry(path));
        }
        let files = manifest.print();
        let lines: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.lines().count())).collect();
        assert_eq!(lines, [("project.jsonl", 3), ("shop.jsonl", 2)]);
    }

    #[test]
    fn what_is_printed_is_read_back() {
        let mut manifest = Manifest::default();
        manifest.insert(Entry {
            elements: vec![
                Source { path: "shop.Größe \"x\"".to_owned(), id: Some("_1".to_owned()) },
                Source { path: "shop.B".to_owned(), id: None },
            ],
            ..entry("shop/apps.py")
        });
        manifest.insert(Entry { ownership: Ownership::Sealed, ..entry("shop/migrations/0001_initial.py") });
        let mut read = Manifest::default();
        for text in manifest.print().values() {
            assert_eq!(read.read(text), Vec::<usize>::new());
        }
        assert_eq!(read, manifest);
    }

    #[test]
    fn migrations_are_sealed_whatever_is_said_of_them() {
        let lines = |manifest: &Manifest| manifest.print().into_values().collect::<String>();
        let mut manifest = Manifest::default();
        for path in ["core/migrations/0001_extensions.py", "core/migrations/__init__.py", "shop/models.py"] {
            manifest.insert(entry(path));
        }
        let mut read = Manifest::default();
        read.read(&lines(&manifest));
        let sealed: Vec<_> = read.iter().filter(|it| it.ownership == Ownership::Sealed).collect();
        assert_eq!(
            sealed.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(),
            ["core/migrations/0001_extensions.py"]
        );
    }

    #[test]
    fn damaged_lines_are_named_and_the_others_kept() {
        let text = format!("<<<<<<< ours\n{}\n\n=======\n", serde_json::to_string(&entry("manage.py")).unwrap());
        let mut manifest = Manifest::default();
        assert_eq!(manifest.read(&text), [1, 4]);
        assert!(manifest.get("manage.py").is_some());
    }

    #[test]
    fn the_hash_is_that_of_the_standard() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
