//! The complete set of files that a build yields.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::failure::Failure;

/// Who a file belongs to after it was written (regeneration: who may change it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// Rewritten by each build.
    Generated,
    /// Written once, then the user's.
    Seed,
    /// The project shell, changed by both. Until merging exists it is treated as generated.
    Shared,
    /// Never rewritten: migrations.
    Sealed,
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its text: `\n` line ends, a final newline unless empty.
    pub content: String,
    /// Who it belongs to.
    pub ownership: Ownership,
    /// The elements that it comes from.
    pub elements: Vec<Element>,
}

/// Files by their path relative to the project, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet(BTreeMap<String, File>);

impl FileSet {
    /// Adds a file.
    ///
    /// # Errors
    ///
    /// Two emitters that write one path are our own mistake.
    pub fn add(&mut self, path: impl Into<String>, file: File) -> Result<(), Failure> {
        let path = path.into();
        if self.0.contains_key(&path) {
            return Err(Failure::internal(format!("two emitters write `{path}`")));
        }
        self.0.insert(path, file);
        Ok(())
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.0.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
