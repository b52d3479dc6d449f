//! Which of several documents belong together: those that refer to each other.

use std::collections::BTreeSet;

use super::documents::Documents;
use super::index::Elsewhere;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Settings;
use crate::source::{Sources, Span};
use crate::uml::draft::{Draft, Target};
use crate::uml::model::ClassifierKind;

/// So many models are listed by name.
const LISTED: usize = 20;

/// Reports documents that came in one archive and have nothing to do with each other: nobody said that they are one model.
///
/// A document without classes does not count: it may be a profile or a library of the others.
pub fn report_strangers(
    archive: &str,
    drafts: &[Draft],
    settings: &Settings,
    sources: &mut Sources,
    report: &mut Report,
) {
    let groups = groups(drafts, settings);
    let mut models: Vec<(&Draft, usize)> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for (draft, group) in drafts.iter().zip(&groups) {
        let count = draft.classifiers.iter().filter(|classifier| is_class(classifier.kind)).count();
        if count == 0 || draft.is_library {
            continue;
        }
        match seen.iter().position(|known| known == group) {
            Some(at) => models[at].1 += count,
            None => {
                seen.push(*group);
                models.push((draft, count));
            }
        }
    }
    let [(first, _), _, ..] = models.as_slice() else { return };
    let place = Span::new(sources.add(archive, ""), 0..0);
    let message = format!("`{archive}` holds {} models that have nothing to do with each other", models.len());
    let mut diagnostic = Diagnostic::new(&codes::U0209, message).here(place, "all of them would become one project");
    for (draft, count) in models.iter().take(LISTED) {
        let classes = if *count == 1 { "1 class".to_owned() } else { format!("{count} classes") };
        diagnostic = diagnostic.note(format!("`{}`, {classes}", draft.file));
    }
    if models.len() > LISTED {
        diagnostic = diagnostic.note(format!("and {} others", models.len() - LISTED));
    }
    report.add(
        diagnostic
            .help(format!("name one of them instead, such as `{}`", first.file))
            .help("or say that they are one model: `--together`"),
    );
}

fn is_class(kind: ClassifierKind) -> bool {
    matches!(kind, ClassifierKind::Class | ClassifierKind::AssociationClass | ClassifierKind::Interface)
}

/// Sorts documents so that the one that the others are there for comes first; it names the model. Libraries and documents
/// without classes come last.
pub fn sort_roots_first(drafts: &mut Vec<Draft>, settings: &Settings) {
    if drafts.len() < 2 {
        return;
    }
    let (documents, elsewhere) = (Documents::new(drafts, settings), Elsewhere::new(drafts));
    let mut is_used = vec![false; drafts.len()];
    for (number, draft) in drafts.iter().enumerate() {
        for other in links(draft, &documents, &elsewhere).into_iter().filter(|&it| it != number) {
            is_used[other] = true;
        }
    }
    let has_classes = |draft: &Draft| draft.classifiers.iter().any(|classifier| is_class(classifier.kind));
    let mut keyed: Vec<_> = is_used.into_iter().zip(drafts.drain(..)).collect();
    keyed.sort_by_key(|(is_used, draft)| (draft.is_library, !has_classes(draft), *is_used));
    drafts.extend(keyed.into_iter().map(|(_, draft)| draft));
}

/// The drafts that `draft` refers to.
fn links(draft: &Draft, documents: &Documents, elsewhere: &Elsewhere<'_>) -> BTreeSet<usize> {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let others = super::build::all_references(draft).filter_map(|reference| match &reference.target {
        Target::Href(href) if asked.insert(href.document()) => documents.find(&draft.file, href.document()),
        Target::Id(id) if !draft.ids.contains_key(id) => elsewhere.find(id).map(|(other, _)| other),
        _ => None,
    });
    others.collect()
}

/// The group of each draft, as the number of its first draft.
fn groups(drafts: &[Draft], settings: &Settings) -> Vec<usize> {
    let documents = Documents::new(drafts, settings);
    let elsewhere = Elsewhere::new(drafts);
    let mut group: Vec<usize> = (0..drafts.len()).collect();
    for (number, draft) in drafts.iter().enumerate() {
        for other in links(draft, &documents, &elsewhere) {
            let (a, b) = (first_of(&group, number), first_of(&group, other));
            group[a.max(b)] = a.min(b);
        }
    }
    (0..drafts.len()).map(|number| first_of(&group, number)).collect()
}

/// The first member of the group of `number`: each entry leads to an earlier one, the first to itself.
fn first_of(group: &[usize], mut number: usize) -> usize {
    while group[number] != number {
        number = group[number];
    }
    number
}
