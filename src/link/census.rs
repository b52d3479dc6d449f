//! References that lead nowhere: found before anything is built, so that each cause is told once.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{Cause, Found, Index, Known};
use crate::account::{Element, ElementKind, Elements, Fate};
use crate::diagnostic::{Diagnostic, Report, Reported, codes};
use crate::source::Span;
use crate::uml::draft::{DraftEnd, Reference, RelationKind, RelationStart};
use crate::util::arena::Id;

/// A reference that leads nowhere.
struct Lost {
    subject: Element,
    /// What cannot be built without it.
    element: Element,
    span: Span,
    /// What is wrong with the subject.
    what: &'static str,
    /// The name of what it leads to, where the tool tells it.
    name: Option<Box<str>>,
}

/// The causes that were reported.
#[derive(Debug, Default)]
pub(super) struct Causes<'d> {
    told: BTreeSet<Cause<'d>>,
    proof: Option<Reported>,
}

impl<'d> Causes<'d> {
    /// The proof that `cause` was reported.
    pub(super) fn reported(&self, cause: &Cause<'d>) -> Option<Reported> {
        self.proof.filter(|_| self.told.contains(cause))
    }
}

/// Looks at every reference that something depends on.
pub(super) fn census<'d>(index: &Index<'d>, elements: &mut Elements, report: &mut Report) -> Causes<'d> {
    let mut lost: BTreeMap<Cause<'d>, Vec<Lost>> = BTreeMap::new();
    for (draft, content) in index.drafts.iter().enumerate() {
        let first = index.offsets(draft).properties;
        let mut miss_for =
            |reference: &'d Reference, found: Found<'d>, subject: Element, element: Element, what: &'static str| {
                if let Found::Missing(cause) = found {
                    lost.entry(cause).or_default().push(Lost {
                        subject,
                        element,
                        span: reference.span,
                        what,
                        name: reference.readable.clone(),
                    });
                    true
                } else {
                    false
                }
            };
        for (place, property) in content.properties.iter().enumerate() {
            let (id, subject) = (Id::new(first + place), property.element);
            let kind = elements.get(property.element).kind;
            let what = if kind == ElementKind::Attribute { "has a type" } else { "leads to a type" };
            let ty = index.find_type(draft, id, property);
            let untyped = ty.is_some_and(|(ty, found)| miss_for(ty, found, subject, subject, what));
            // An end of a class that is not there tells of it once.
            if !untyped && let (Some(association), Some(found)) = (&property.association, index.leads(id).association) {
                miss_for(association, found, subject, subject, "belongs to an association");
            }
        }
        for association in &content.associations {
            let members = association.ends.iter().filter_map(|end| match end {
                DraftEnd::Owned(_) => None,
                DraftEnd::Member(reference) => Some((reference, index.find(draft, reference))),
            });
            let members: Vec<(&Reference, Found<'_>)> = members.collect();
            if members.iter().all(|(_, found)| !matches!(found, Found::Missing(_))) {
                continue;
            }
            let owned = association.ends.iter().filter_map(|end| match end {
                DraftEnd::Owned(property) => Some(Id::new(first + property)),
                DraftEnd::Member(_) => None,
            });
            let named = members.iter().filter_map(|(_, found)| match found {
                Found::Element(element) => match index.known(*element) {
                    Some(Known::Property(id)) => Some(id),
                    _ => None,
                },
                _ => None,
            });
            let is_explained = owned.chain(named).any(|end| matches!(index.leads(end).ty, Some(Found::Missing(_))));
            if !is_explained {
                for (reference, found) in members {
                    miss_for(reference, found, association.element, association.element, "has an end");
                }
            }
        }
        for relation in &content.relations {
            let what = match relation.kind {
                RelationKind::Generalization => "has a generalization to a class",
                RelationKind::Realization => "realizes an interface",
                RelationKind::Dependency => continue,
            };
            let subject = relation.from.iter().find_map(|start| match start {
                RelationStart::Owner(owner) => Some(*owner),
                RelationStart::Named(reference) => match index.find(draft, reference) {
                    Found::Element(element) => Some(element),
                    _ => None,
                },
            });
            for reference in &relation.to {
                let found = index.find(draft, reference);
                miss_for(reference, found, subject.unwrap_or(relation.element), relation.element, what);
            }
        }
    }
    let mut causes = Causes::default();
    for (cause, mut found) in lost {
        found.sort_by_key(|lost| lost.span);
        let code = match cause {
            Cause::Id(..) => &codes::U0301,
            Cause::Document(_) => &codes::U0303,
        };
        for lost in &found {
            elements.get_mut(lost.element).fate = Some(Fate::Diagnosed(code));
        }
        if let Some(reported) = tell(&cause, &found, index, elements, report) {
            causes.told.insert(cause);
            causes.proof = Some(reported);
        }
    }
    causes
}

/// Reports one cause, with the first places that it concerns.
fn tell(
    cause: &Cause<'_>,
    found: &[Lost],
    index: &Index<'_>,
    elements: &Elements,
    report: &mut Report,
) -> Option<Reported> {
    let first = found.first()?;
    let diagnostic = match cause {
        Cause::Id(draft, id) => {
            if let Some(cut_off) = index.drafts[*draft].cut_off {
                return Some(cut_off);
            }
            let seen = elements.get(first.subject);
            let kind = seen.kind.word();
            let name =
                found.iter().find_map(|lost| lost.name.as_deref()).map(|name| format!(" `{name}`")).unwrap_or_default();
            let message =
                format!("{kind} `{}` {}{name} that is not in the model", elements.path(first.subject), first.what);
            Diagnostic::new(&codes::U0301, message)
                .here(first.span, "no element has this id")
                .help("export the package that holds it together with the model")
                .cause(format!("{draft}#{id}"))
        }
        Cause::Document(document) => {
            let message = match found.len() {
                1 => format!("1 reference leads to `{document}`, which was not given"),
                count => format!("{count} references lead to `{document}`, which was not given"),
            };
            Diagnostic::new(&codes::U0303, message)
                .here(first.span, "the first of them")
                .help(format!(
                    "give the file to the compiler, or name it under `[documents]`: \"{document}\" = \"PATH\""
                ))
                .cause(*document)
        }
    };
    let mut diagnostic = diagnostic.about(first.subject);
    for other in found.iter().skip(1).take(3) {
        diagnostic = diagnostic.because(other.span, format!("`{}` refers to it too", elements.path(other.subject)));
    }
    diagnostic.others = found.iter().skip(1).map(|lost| lost.subject).collect();
    Some(report.error(diagnostic))
}
