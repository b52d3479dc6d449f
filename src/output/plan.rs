//! The plan: what has to happen on the disk, decided without touching it.
//!
//! What was there is given ([`Previous`]), what comes of it is a value ([`Plan`]). A file that people changed is never
//! overwritten or removed, whatever the levels of the diagnostics are.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Entry, Manifest, Source, sha256};
use super::paths::unsafe_because;
use super::{File, FileSet, Ownership};
use crate::account::{Element, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};

/// What the last build wrote, and what the disk has at all places that matter now.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// What the last build wrote.
    pub manifest: Manifest,
    /// Lines of the manifest that cannot be read: file and number.
    pub damaged: Vec<(String, usize)>,
    /// What is there, by path; nothing is there where there is no entry.
    pub existing: BTreeMap<String, Existing>,
}

/// What the disk has at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    /// A file.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A symbolic link, a socket, or a file that cannot be read.
    Other,
    /// The path cannot be reached, because this one above it is a symbolic link or no folder.
    Behind(String),
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Create,
    /// It is rewritten.
    Update,
    /// It already is as it should be, or belongs to the user.
    Keep,
    /// It is not written any more, and goes.
    Remove,
    /// It is in the way or was changed by hand; a diagnostic says so.
    Leave,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Relative to the project, with `/`.
    pub path: String,
    /// What happens.
    pub action: Action,
    /// The text to write, where one is written.
    pub content: Option<String>,
    /// The hash of what is there now, if a file is.
    pub before: Option<String>,
}

/// Everything that has to happen.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One step for each file, sorted by path.
    pub steps: Vec<Step>,
    /// What is said about the files afterwards.
    pub manifest: Manifest,
}

impl Plan {
    /// The paths of the steps that do `action`.
    pub fn paths(&self, action: Action) -> impl Iterator<Item = &str> {
        self.steps.iter().filter(move |step| step.action == action).map(|step| step.path.as_str())
    }

    /// Whether no file changes.
    pub fn changes_nothing(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.action, Action::Keep | Action::Leave))
    }
}

/// Compares what should be there with what is there.
pub fn plan(files: &FileSet, previous: &Previous, elements: &Elements, report: &mut Report) -> Plan {
    let mut planner = Planner { previous, elements, report, plan: Plan::default() };
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for (path, file) in files.iter() {
        // Also of the folders above it.
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let twin = ends.map(|end| &path[..end]).find_map(|part| {
            let known = *folded.entry(part.to_lowercase()).or_insert(part);
            (known != part).then(|| format!("`{part}` differs from `{known}` in upper and lower case only"))
        });
        match twin.or_else(|| unsafe_because(path)) {
            Some(reason) => planner.unsafe_path(path, file, &reason),
            None => planner.wanted(path, file),
        }
    }
    let wanted: BTreeSet<&str> = files.iter().map(|(path, _)| path).collect();
    for entry in previous.manifest.iter().filter(|entry| !wanted.contains(entry.path.as_str())) {
        // Somebody else may have written the manifest: it never leads out of the project.
        if unsafe_because(&entry.path).is_none() {
            planner.unwanted(entry);
        }
    }
    planner.plan.steps.sort_by(|a, b| a.path.cmp(&b.path));
    planner.plan
}

struct Planner<'a> {
    previous: &'a Previous,
    elements: &'a Elements,
    report: &'a mut Report,
    plan: Plan,
}

impl Planner<'_> {
    /// A file that should be there.
    fn wanted(&mut self, path: &str, file: &File) {
        let entry = self.previous.manifest.get(path);
        let bytes = match self.previous.existing.get(path) {
            None => return self.write(Action::Create, path, file, None),
            Some(Existing::File(bytes)) => bytes,
            Some(other) => return self.in_the_way(path, file, other),
        };
        let (hash, new) = (sha256(bytes), sha256(file.content.as_bytes()));
        let is_ours = entry.is_some_and(|entry| entry.sha256 == hash);
        match (file.ownership, entry) {
            _ if hash == new => self.keep(path, file, new, hash),
            (Ownership::Seed, _) => {
                let written = entry.map_or_else(|| hash.clone(), |entry| entry.sha256.clone());
                self.keep(path, file, written, hash);
            }
            (_, None) | (Ownership::Sealed, _) => self.in_the_way(path, file, &Existing::File(Vec::new())),
            (Ownership::Generated | Ownership::Shared, Some(_)) if is_ours => {
                self.write(Action::Update, path, file, Some(hash));
            }
            (_, Some(entry)) => self.edited(path, entry, file, bytes),
        }
    }

    /// A file that was written by the last build, and not by this one.
    fn unwanted(&mut self, entry: &Entry) {
        let path = entry.path.as_str();
        let Some(Existing::File(bytes)) = self.previous.existing.get(path) else {
            return;
        };
        let hash = sha256(bytes);
        let stale = |what: &str| Diagnostic::new(&codes::U1503, format!("`{path}` is not written any more; {what}"));
        match entry.ownership {
            Ownership::Sealed => {
                if hash != entry.sha256 {
                    self.edited_migration(path);
                }
                self.leave(path, Some(entry.clone()));
            }
            Ownership::Seed => {
                self.report.add(stale("it is kept, because it is yours"));
                self.step(path, Action::Keep, None, Some(hash));
            }
            _ if hash == entry.sha256 => {
                self.report.add(stale("it is removed"));
                self.step(path, Action::Remove, None, Some(hash));
            }
            _ => {
                let help = "delete it, or keep it as a file of your own";
                self.report.add(stale("it is kept, because it was edited").help(help));
                self.step(path, Action::Leave, None, Some(hash));
            }
        }
    }

    /// A migration that we wrote and somebody changed.
    fn edited_migration(&mut self, path: &str) {
        self.report.add(
            Diagnostic::new(&codes::U1312, format!("`{path}` was changed since it was written"))
                .note("databases may have been made with what it said before")
                .note("what it says now is what the next migration begins with")
                .help("restore it, and make the change in the model or in a migration of your own"),
        );
    }

    /// A file that we wrote and somebody changed.
    fn edited(&mut self, path: &str, entry: &Entry, file: &File, bytes: &[u8]) {
        let mut diagnostic = Diagnostic::new(&codes::U1501, format!("`{path}` was changed since it was written"));
        if let Some(note) = first_change(bytes, &file.content) {
            diagnostic = diagnostic.note(note);
        }
        if let Some(element) = only(file) {
            let span = self.elements.get(element).span;
            diagnostic = diagnostic.about(element).because(span, format!("`{path}` is written from this"));
        }
        self.report.add(diagnostic.help(format!(
            "make the change in the model or in a file of your own; then restore or delete `{path}` and build again"
        )));
        self.leave(path, Some(entry.clone()));
    }

    /// Something that we did not write is where a file should be.
    fn in_the_way(&mut self, path: &str, file: &File, existing: &Existing) {
        let mut diagnostic = match existing {
            Existing::Behind(above) => Diagnostic::new(
                &codes::U1506,
                format!("`{path}` cannot be written, because `{above}` is a link or no directory"),
            ),
            Existing::Folder => {
                Diagnostic::new(&codes::U1504, format!("`{path}` should be written and is a directory"))
            }
            Existing::File(_) | Existing::Other => {
                Diagnostic::new(&codes::U1504, format!("`{path}` exists and was not written by umlaut"))
            }
        };
        for (name, line) in &self.previous.damaged {
            diagnostic = diagnostic.note(format!("line {line} of `{name}`, which lists what was written, is damaged"));
        }
        if let Some(element) = only(file) {
            diagnostic = diagnostic.about(element);
        }
        self.report.add(diagnostic.help("move it away, or build into another directory"));
        self.leave(path, self.previous.manifest.get(path).cloned());
    }

    fn unsafe_path(&mut self, path: &str, file: &File, reason: &str) {
        let mut diagnostic = Diagnostic::new(&codes::U1506, format!("`{path}` cannot be written: {reason}"));
        if let Some(element) = file.elements.first() {
            diagnostic = diagnostic.about(*element).here(self.elements.get(*element).span, "the name comes from here");
        }
        self.report.add(diagnostic);
    }

    fn write(&mut self, action: Action, path: &str, file: &File, before: Option<String>) {
        self.note(path, file, sha256(file.content.as_bytes()));
        self.step(path, action, Some(file.content.clone()), before);
    }

    fn keep(&mut self, path: &str, file: &File, written: String, before: String) {
        self.note(path, file, written);
        self.step(path, Action::Keep, None, Some(before));
    }

    fn leave(&mut self, path: &str, entry: Option<Entry>) {
        if let Some(entry) = entry {
            self.plan.manifest.insert(entry);
        }
        self.step(path, Action::Leave, None, None);
    }

    fn step(&mut self, path: &str, action: Action, content: Option<String>, before: Option<String>) {
        self.plan.steps.push(Step { path: path.to_owned(), action, content, before });
    }

    /// Enters a file into the new manifest.
    fn note(&mut self, path: &str, file: &File, sha256: String) {
        let source = |element: &Element| Source {
            path: self.elements.path(*element),
            id: self.elements.id(*element).map(str::to_owned),
        };
        let mut met = BTreeSet::new();
        let elements = file.elements.iter().filter(|element| met.insert(**element)).map(source).collect();
        self.plan.manifest.insert(Entry { path: path.to_owned(), ownership: file.ownership, sha256, elements });
    }
}

/// The element that a file comes from, if it is one.
fn only(file: &File) -> Option<Element> {
    match file.elements[..] {
        [element] => Some(element),
        _ => None,
    }
}

/// Says where what is there first differs from what would be written.
fn first_change(there: &[u8], ours: &str) -> Option<String> {
    /// Characters of a line that are shown.
    const SHOWN: usize = 60;
    let there = String::from_utf8_lossy(there);
    let (mut left, mut right) = (there.split('\n'), ours.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        match (left.next(), right.next()) {
            (None, None) => return None,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if a.trim_end_matches('\r') == b => {
                return Some(format!("line {number} is the first that differs: its line end is not `\\n`"));
            }
            (Some(a), Some(_)) if !a.is_empty() || left.clone().next().is_some() => {
                let more = if a.chars().nth(SHOWN).is_some() { "…" } else { "" };
                let text: String = a.chars().take(SHOWN).filter(|c| !c.is_control()).collect();
                let text = text.trim();
                return Some(if text.is_empty() {
                    format!("line {number} is the first that differs: it is empty now")
                } else {
                    format!("line {number} is the first that differs: it is now `{text}{more}`")
                });
            }
            (_, Some(_)) => return Some(format!("line {number} and what followed it is gone")),
            (Some(_), None) => return Some(format!("line {number} and what follows it was added")),
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
