//! References between documents: which file a reference leads to.

use std::collections::BTreeMap;

use super::built_in::is_built_in;
use crate::settings::Settings;
use crate::source::INSIDE;
use crate::uml::draft::{Draft, DraftEnd, Reference, RelationKind, Target};

/// The documents of a compilation by their names.
#[derive(Debug, Default)]
pub(super) struct Documents {
    by_path: BTreeMap<String, Option<usize>>,
    by_name: BTreeMap<String, Option<usize>>,
    aliases: BTreeMap<String, String>,
}

impl Documents {
    pub(super) fn new(drafts: &[Draft], settings: &Settings) -> Self {
        let mut documents = Self { aliases: settings.documents.clone(), ..Self::default() };
        for (index, draft) in drafts.iter().enumerate() {
            let path = normal("", &draft.file);
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            documents.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(index));
            // The name of an archive means the one model in it.
            for (at, _) in path.match_indices(INSIDE) {
                let archive = path[..at].to_owned();
                let name = archive.rsplit('/').next().unwrap_or_default().to_owned();
                documents.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(index));
                documents.by_path.entry(archive).and_modify(|known| *known = None).or_insert(Some(index));
            }
            documents.by_path.entry(path).or_insert(Some(index));
        }
        documents
    }

    /// The document that `written` means in the document `from`.
    pub(super) fn find(&self, from: &str, written: &str) -> Option<usize> {
        if let Some(path) = self.aliases.get(written) {
            return self.by_path.get(&normal("", path)).copied().flatten();
        }
        if is_built_in(written) {
            return None;
        }
        let paths = paths(from, written);
        if let Some(index) = paths.iter().find_map(|path| self.by_path.get(path).copied().flatten()) {
            return Some(index);
        }
        // Files that were exported together are often given from another folder, or unpacked.
        let name = paths.first()?.rsplit('/').next().unwrap_or_default();
        let unpacked = name.strip_suffix(".zip").unwrap_or(name);
        [name, unpacked].iter().find_map(|name| self.by_name.get(*name).copied().flatten())
    }
}

/// The paths that `written` may mean in the file `from`: inside the archive that the file lies in, and beside it.
fn paths(from: &str, written: &str) -> Vec<String> {
    let from = from.replace('\\', "/");
    let archives = from.rmatch_indices(INSIDE).map(|(at, _)| &from[..at]);
    let mut paths: Vec<String> =
        std::iter::once(from.as_str()).chain(archives).map(|from| normal(from, written)).collect();
    paths.dedup();
    paths
}

/// Files that references lead to and that were not given, as paths beside the files that refer to them.
///
/// The references to primitive types whose name the reference tells need no file.
pub fn missing_documents(drafts: &[Draft], settings: &Settings) -> Vec<String> {
    let documents = Documents::new(drafts, settings);
    let mut missing = Vec::new();
    for draft in drafts {
        for reference in essential(draft) {
            let Target::Href(href) = &reference.target else { continue };
            let document = href.document();
            if reference.is_primitive_type || documents.find(&draft.file, document).is_some() {
                continue;
            }
            let paths = match settings.documents.get(document) {
                Some(path) => vec![path.clone()],
                None if document.contains("://") || document.contains(":/") || is_built_in(document) => continue,
                None => paths(&draft.file, document),
            };
            for path in paths {
                if !missing.contains(&path) {
                    missing.push(path);
                }
            }
        }
    }
    missing
}

/// The references without which something cannot be built, and those to profiles, which know the defaults of tags.
fn essential(draft: &Draft) -> impl Iterator<Item = &Reference> {
    let types = draft.properties.iter().flat_map(|property| property.ty.iter().chain(property.association.as_deref()));
    let relations = draft.relations.iter().filter(|relation| relation.kind != RelationKind::Dependency);
    let ends = draft.associations.iter().flat_map(|association| &association.ends).filter_map(|end| match end {
        DraftEnd::Member(reference) => Some(reference),
        DraftEnd::Owned(_) => None,
    });
    let fragments = draft.fragments.iter().map(|fragment| &fragment.part);
    let profiles = &draft.applied_profiles;
    types.chain(profiles).chain(relations.flat_map(|relation| &relation.to)).chain(ends).chain(fragments)
}

/// `written`, as it stands in the file `from`, as a path without `.` and `..`, with escapes resolved.
fn normal(from: &str, written: &str) -> String {
    let written = unescape(written).replace('\\', "/");
    let from = from.replace('\\', "/");
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let whole = if written.starts_with('/') || folder.is_empty() { written } else { format!("{folder}/{written}") };
    let is_absolute = whole.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_file_that_refers() {
        for (from, written, path) in [
            ("models/shop.uml", "core.uml", "models/core.uml"),
            ("models/shop.uml", "../base%20types.uml", "base types.uml"),
            ("shop.uml", "./core.uml", "core.uml"),
            ("/a/b/shop.uml", "../../../core.uml", "/../core.uml"),
        ] {
            assert_eq!(normal(from, written), path);
        }
    }
}
