//! What is a model among files that somebody named, that lie in a folder, or that are packed in an archive.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::detect::Other;
use super::unpack::{self, Container, Member, Refused};
use super::{Content, InputFile, Reading};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::uml::draft::Draft;

/// So many files are listed by name in one finding.
const LISTED: usize = 20;

/// Reads files and what is packed in them. The first names the project; the order of the others makes no difference.
pub(super) fn gather(mut files: Vec<InputFile>, reading: &mut Reading<'_>) -> Vec<Draft> {
    if let Some(others) = files.get_mut(1..) {
        others.sort_by(|a, b| (&a.found_in, &a.name).cmp(&(&b.found_in, &b.name)));
    }
    let mut drafts = Vec::new();
    let mut folder: Option<Collection> = None;
    for file in files {
        match &file.found_in {
            Some(name) => {
                let collection = folder.get_or_insert_with(|| Collection::new(name));
                if &collection.name != name {
                    let done = std::mem::replace(collection, Collection::new(name));
                    drafts.extend(done.finish(reading));
                }
                collection.file(file, reading);
            }
            None if Container::of(&file.bytes).is_some() => {
                let mut archive = Collection::new(&file.name);
                archive.file(file, reading);
                drafts.extend(archive.finish(reading));
            }
            None => match reading.one(&file.name, file.bytes) {
                Content::Model(draft, empty) => {
                    if let Some(finding) = empty {
                        reading.report.add(finding);
                    }
                    drafts.push(*draft);
                }
                Content::Other(other, place, faults) => {
                    reading.report.append(faults);
                    reading.report.add(other.diagnostic(&file.name, place));
                }
                Content::Unread => {}
            },
        }
    }
    drafts.extend(folder.into_iter().flat_map(|folder| folder.finish(reading)));
    drafts
}

/// The files of a folder or an archive: what is no model may lie there too.
struct Collection {
    name: String,
    drafts: Vec<Draft>,
    /// What is to be said about models without classes, if there are no others.
    empty: Vec<Diagnostic>,
    /// Files that are no models, and what they are.
    passed: Vec<Passed>,
    /// The files by what they contain.
    contents: BTreeMap<[u8; 32], String>,
    /// Something could not be read, and that was told.
    is_damaged: bool,
}

struct Passed {
    file: String,
    other: Other,
    place: Option<Span>,
}

impl Collection {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            drafts: Vec::new(),
            empty: Vec::new(),
            passed: Vec::new(),
            contents: BTreeMap::new(),
            is_damaged: false,
        }
    }

    fn file(&mut self, file: InputFile, reading: &mut Reading<'_>) {
        if Container::of(&file.bytes).is_none() {
            return self.member(Member::new(&file.name, file.bytes), reading);
        }
        let limits = reading.settings.limits.clone();
        let refused = unpack::unpack(&file.name, &file.bytes, &limits, |member| self.member(member, reading));
        for Refused { name, why, limit } in refused {
            self.refuse(&name, &why, limit, reading);
        }
    }

    fn member(&mut self, member: Member, reading: &mut Reading<'_>) {
        let Member { name, bytes, damage } = member;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if let Some(first) = self.contents.get(&digest) {
            let other = Other::copy_of(first);
            self.passed.push(Passed { file: name, other, place: None });
            return;
        }
        self.contents.insert(digest, name.clone());
        let content = reading.one(&name, bytes);
        if let (Content::Model(..) | Content::Unread, Some(damage)) = (&content, damage) {
            self.refuse(&name, damage, None, reading);
        }
        match content {
            Content::Model(draft, empty) => {
                self.drafts.push(*draft);
                self.empty.extend(empty);
            }
            Content::Other(other, place, _) => self.passed.push(Passed { file: name, other, place: Some(place) }),
            Content::Unread => self.is_damaged = true,
        }
    }

    fn refuse(&mut self, name: &str, why: &str, limit: Option<&str>, reading: &mut Reading<'_>) {
        self.is_damaged = true;
        let source = reading.sources.add(name, "");
        let diagnostic = Diagnostic::new(&codes::U1601, format!("`{name}` {why}"))
            .here(Span::new(source, 0..0), "this is not read, or not to its end");
        reading.report.add(match limit {
            Some(limit) => {
                diagnostic.help(format!("raise `{limit}` under `[limits]` in `umlaut.toml` if the archive is sound"))
            }
            None => diagnostic.help("pack it again, or unpack it and give the model itself"),
        });
    }

    /// Says what was passed over, and gives the models.
    fn finish(mut self, reading: &mut Reading<'_>) -> Vec<Draft> {
        let has_classes = self.drafts.iter().any(|draft| !draft.classifiers.is_empty());
        if !has_classes {
            for finding in self.empty.drain(..) {
                reading.report.add(finding);
            }
        }
        if self.drafts.is_empty() {
            self.nothing(reading);
        } else if !self.passed.is_empty() {
            let place = Span::new(reading.sources.add(&self.name, ""), 0..0);
            let message = match self.passed.len() {
                1 => format!("1 file in `{}` is passed over", self.name),
                count => format!("{count} files in `{}` are passed over", self.name),
            };
            let diagnostic = Diagnostic::new(&codes::U0208, message).here(place, "what is a model is read");
            reading.report.add(self.list(diagnostic));
        }
        self.drafts
    }

    fn nothing(&self, reading: &mut Reading<'_>) {
        if let [Passed { file, other, place: Some(place) }] = self.passed.as_slice() {
            return reading.report.add(other.diagnostic(file, *place));
        }
        if self.is_damaged && self.passed.is_empty() {
            return;
        }
        let place = Span::new(reading.sources.add(&self.name, ""), 0..0);
        let diagnostic = Diagnostic::new(&codes::U1602, format!("there is no model in `{}`", self.name))
            .here(place, "nothing in it is read");
        let mut diagnostic = self.list(diagnostic);
        for help in self.passed.iter().filter_map(|passed| passed.other.help()) {
            if !diagnostic.help.iter().any(|said| said == help) && diagnostic.help.len() < 3 {
                diagnostic = diagnostic.help(help);
            }
        }
        reading.report.add(diagnostic);
    }

    /// Lists what was passed over.
    fn list(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for Passed { file, other, .. } in self.passed.iter().take(LISTED) {
            diagnostic = diagnostic.note(format!("`{file}` {}", other.what()));
        }
        match self.passed.len().saturating_sub(LISTED) {
            0 => diagnostic,
            more => diagnostic.note(format!("and {more} others")),
        }
    }
}
