//! What stands elsewhere and belongs to an element: comments, constraints, applications of stereotypes.

use std::collections::{BTreeMap, BTreeSet};

use thin_vec::ThinVec;

use super::associations::Kept;
use super::index::{Found, Index, Known};
use super::profiles::Profiles;
use crate::account::{Element, Elements, Fate};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::source::{Span, Spanned};
use crate::uml::Model;
use crate::uml::draft::{DraftApplication, DraftComment, Reference};
use crate::uml::model::{Constraint, ConstraintRole, Marks, Tag};

/// Repetitions are looked for among so many; more on one element are no model, and looking would take quadratic time.
const MANY: usize = 1 << 12;

/// The constraint that a comment is about: it stands in it, or names it.
fn of_constraint(
    index: &Index<'_>,
    number: usize,
    comment: &DraftComment,
    constraints: &BTreeSet<Element>,
) -> Option<Element> {
    if constraints.is_empty() {
        return None;
    }
    let named = comment.annotated.iter().find_map(|reference| match index.find(number, reference) {
        Found::Element(element) => Some(element),
        _ => None,
    });
    let about = named.or(comment.owner)?;
    constraints.contains(&about).then_some(about)
}

/// Attaches everything.
pub(super) fn attach<'d>(
    index: &Index<'d>,
    kept: &Kept,
    model: &mut Model,
    elements: &mut Elements,
    report: &mut Report,
) {
    let profiles = Profiles::new(index);
    for (number, draft) in index.drafts.iter().enumerate() {
        let targets = |references: &'d [Reference], owner: Option<Element>| -> Vec<Known> {
            let mut found: Vec<Element> = references
                .iter()
                .filter_map(|reference| match index.find(number, reference) {
                    Found::Element(element) => Some(element),
                    _ => None,
                })
                .collect();
            if references.is_empty() {
                found.extend(owner);
            }
            found.into_iter().filter_map(|element| index.known(element)).collect()
        };
        // What is written about a constraint.
        let known: BTreeSet<Element> = draft.constraints.iter().map(|constraint| constraint.element).collect();
        let mut of_constraints: BTreeMap<Element, Spanned<String>> = BTreeMap::new();
        for comment in &draft.comments {
            let found = targets(&comment.annotated, comment.owner);
            if let Some(constraint) = of_constraint(index, number, comment, &known) {
                of_constraints.entry(constraint).or_insert_with(|| comment.body.clone());
                elements.get_mut(comment.element).fate = Some(Fate::Carried);
                if found.is_empty() {
                    continue;
                }
            }
            if found.is_empty() {
                // A note about something that is no part of the model is about nothing here.
                let is_note = comment.annotated.is_empty();
                if is_note {
                    model.notes.push(comment.body.clone());
                }
                elements.get_mut(comment.element).fate = Some(if is_note { Fate::Carried } else { Fate::Ignored });
                continue;
            }
            elements.get_mut(comment.element).fate = Some(Fate::Carried);
            for target in found {
                if let Some(documentation) = documentation(kept, model, target) {
                    append(documentation, &comment.body);
                }
            }
        }
        for constraint in &draft.constraints {
            let built = Constraint {
                element: constraint.element,
                name: constraint.name.clone(),
                language: constraint.language.clone(),
                role: constraint.role,
                body: constraint.body.clone(),
                documentation: of_constraints.get(&constraint.element).cloned().map(Box::new),
            };
            let mut is_kept = false;
            for target in targets(&constraint.constrained, constraint.owner) {
                if let Some(constraints) = constraints(kept, model, target) {
                    constraints.push(built.clone());
                    is_kept = true;
                } else if let Some(documentation) = documentation(kept, model, target) {
                    // Of operations and literals a constraint is a part of what is written about them.
                    let name = constraint.name.as_ref().map_or("", |name| name.value.trim());
                    let text = match (name, constraint.body.value.trim()) {
                        ("", body) => body.to_owned(),
                        (name, "") => name.to_owned(),
                        (name, body) if name == body => name.to_owned(),
                        (name, body) => format!("{name}: {body}"),
                    };
                    let text = match constraint.role {
                        _ if text.is_empty() => text,
                        ConstraintRole::Before => format!("Before: {text}"),
                        ConstraintRole::After => format!("After: {text}"),
                        ConstraintRole::Body => format!("Result: {text}"),
                        _ => text,
                    };
                    if !text.is_empty() {
                        append(documentation, &Spanned::new(text, constraint.body.span));
                        elements.get_mut(constraint.element).fate = Some(Fate::Carried);
                    }
                    if let Known::Operation(class, number) = target
                        && let Some(operation) = model.classifiers[class].operations.get_mut(number)
                    {
                        operation.constraints.push(built.clone());
                    }
                }
            }
            // Rules for what is no part of the model.
            if !is_kept {
                elements.get_mut(constraint.element).fate.get_or_insert(Fate::Ignored);
            }
        }
        let mut orphans: BTreeMap<&str, (usize, Span, Element)> = BTreeMap::new();
        for application in &draft.applications {
            let mut is_lost = !application.bases.is_empty();
            for base in &application.bases {
                match index.find(number, base) {
                    Found::Element(element) => {
                        is_lost = false;
                        let target = index.known(element);
                        elements.get_mut(application.element).owner = Some(element);
                        let defaults = profiles.defaults(application, elements);
                        if let Some(marks) = target.and_then(|target| marks(kept, model, target)) {
                            apply(marks, application, &defaults);
                        }
                        // An association class is marked on both its sides.
                        if let Some(class @ Known::Classifier(_)) = target
                            && let Some(association) = index.association(class)
                            && let Some(marks) = marks(kept, model, Known::Association(association))
                        {
                            apply(marks, application, &defaults);
                        }
                    }
                    // What is applied to another document's elements is not lost.
                    Found::Named(_) | Found::Missing(super::index::Cause::Document(_)) => is_lost = false,
                    Found::Missing(super::index::Cause::Id(..)) => {}
                }
            }
            if is_lost && draft.cut_off.is_none() {
                let first = (0, application.name.span, application.element);
                orphans.entry(&application.profile).or_insert(first).0 += 1;
            }
        }
        for (profile, (count, place, element)) in orphans {
            let message = match count {
                1 => format!("1 stereotype application of `{profile}` belongs to an element that does not exist"),
                _ => format!("{count} stereotype applications of `{profile}` belong to elements that do not exist"),
            };
            report.add(
                Diagnostic::new(&codes::U1007, message)
                    .about(element)
                    .here(place, "the first of them")
                    .help("save the model again in its tool, which usually removes them"),
            );
        }
    }
}

fn append(documentation: &mut Option<Box<Spanned<String>>>, text: &Spanned<String>) {
    match documentation {
        Some(known) if known.value.len() < MANY && known.value.contains(&text.value) => {}
        Some(known) => {
            known.value.push_str("\n\n");
            known.value.push_str(&text.value);
        }
        None => *documentation = Some(Box::new(text.clone())),
    }
}

/// Adds a stereotype and its values; tools that repeat it in their own part gave its name already.
fn apply(marks: &mut Marks, application: &DraftApplication, defaults: &[Tag]) {
    match marks
        .stereotypes
        .iter_mut()
        .take(MANY)
        .find(|known| known.value.eq_ignore_ascii_case(&application.name.value))
    {
        Some(known) => *known = application.name.clone(),
        None => marks.stereotypes.push(application.name.clone()),
    }
    for tag in application.tags.iter().chain(defaults) {
        let is_known = marks.tags.iter().take(MANY).any(|known| {
            known.name.value.eq_ignore_ascii_case(&tag.name.value) && known.value.value == tag.value.value
        });
        if !is_known {
            marks.tags.push(tag.clone());
        }
    }
}

fn documentation<'m>(kept: &Kept, model: &'m mut Model, target: Known) -> Option<&'m mut Option<Box<Spanned<String>>>> {
    Some(match target {
        Known::Package(id) => &mut model.packages[id].documentation,
        Known::Classifier(id) => &mut model.classifiers[id].documentation,
        Known::Property(id) => &mut model.properties[id].documentation,
        Known::Association(number) => &mut model.associations[kept.get(number).copied()??].documentation,
        Known::Literal(id, number) => &mut model.classifiers[id].literals.get_mut(number)?.documentation,
        Known::Operation(id, number) => &mut model.classifiers[id].operations.get_mut(number)?.documentation,
    })
}

fn constraints<'m>(kept: &Kept, model: &'m mut Model, target: Known) -> Option<&'m mut ThinVec<Constraint>> {
    Some(match target {
        Known::Package(id) => &mut model.packages[id].constraints,
        Known::Classifier(id) => &mut model.classifiers[id].constraints,
        Known::Property(id) => &mut model.properties[id].constraints,
        Known::Association(number) => &mut model.associations[kept.get(number).copied()??].constraints,
        Known::Literal(..) | Known::Operation(..) => return None,
    })
}

fn marks<'m>(kept: &Kept, model: &'m mut Model, target: Known) -> Option<&'m mut Marks> {
    Some(match target {
        Known::Package(id) => &mut model.packages[id].marks,
        Known::Classifier(id) => &mut model.classifiers[id].marks,
        Known::Property(id) => &mut model.properties[id].marks,
        Known::Association(number) => &mut model.associations[kept.get(number).copied()??].marks,
        Known::Literal(id, number) => &mut model.classifiers[id].literals.get_mut(number)?.marks,
        Known::Operation(id, number) => &mut model.classifiers[id].operations.get_mut(number)?.marks,
    })
}
