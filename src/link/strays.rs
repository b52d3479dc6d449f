//! Features that stand where nothing can own them: an attribute in an attribute, an operation in an association.

use std::collections::{BTreeMap, BTreeSet};

use super::a;
use crate::account::{Element, ElementKind, Elements, explains_absence};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::uml::Model;

/// Tells of the features that came into no classifier and no association, those of one owner together. What was told before, or is
/// left out on purpose, has a fate.
pub(super) fn report(model: &Model, elements: &Elements, report: &mut Report) {
    let mut placed = vec![false; elements.iter().len()];
    let mut place = |element: Element| placed[element.index()] = true;
    for classifier in model.classifiers.values() {
        classifier.attributes.iter().for_each(|&attribute| place(model.properties[attribute].element));
        classifier.operations.iter().for_each(|operation| place(operation.element));
        classifier.literals.iter().for_each(|literal| place(literal.element));
    }
    for end in model.associations.values().flat_map(|association| &association.ends) {
        place(model.properties[*end].element);
        let qualifiers = model.properties[*end].qualifiers.iter().map(|&qualifier| model.properties[qualifier].element);
        qualifiers.filter(|&it| elements.get(it).kind == ElementKind::Qualifier).for_each(&mut place);
    }
    let losses = report.diagnostics().iter().filter(|diagnostic| explains_absence(diagnostic.code));
    let told: BTreeSet<Element> = losses.flat_map(Diagnostic::subjects).collect();
    let is_settled = |element: Element| elements.get(element).fate.is_some() || told.contains(&element);
    let mut strays: BTreeMap<Option<Element>, Vec<Element>> = BTreeMap::new();
    for (element, seen) in elements.iter() {
        let is_feature = matches!(
            seen.kind,
            ElementKind::Attribute
                | ElementKind::End
                | ElementKind::Qualifier
                | ElementKind::Operation
                | ElementKind::Literal
        );
        // What a package is told for says nothing about what stands in it.
        let owner = seen.owner.filter(|&owner| !is_package(elements.get(owner).kind));
        if is_feature && !placed[element.index()] && !is_settled(element) && !owner.is_some_and(is_settled) {
            strays.entry(seen.owner).or_default().push(element);
        }
    }
    for (owner, features) in strays {
        let Some((&first, more)) = features.split_first() else { continue };
        let seen = elements.get(first);
        let path = elements.path(first);
        let message = match owner {
            Some(owner) => format!(
                "{} `{path}` stands in {}, which has no {}s",
                seen.kind.word(),
                a(elements.get(owner).kind),
                seen.kind.word()
            ),
            None => format!("{} `{path}` stands outside of all classes", seen.kind.word()),
        };
        let mut diagnostic = Diagnostic::new(&codes::U0210, message).about(first).here(seen.span, "it is left out");
        diagnostic.others.extend(more);
        if let [second, ..] = more {
            diagnostic = diagnostic.because(elements.get(*second).span, format!("and {} more", more.len()));
        }
        if let Some(owner) = owner {
            diagnostic = diagnostic.because(elements.get(owner).span, "what it stands in");
        }
        report.add(diagnostic.help("move it into a class, or delete it"));
    }
}

fn is_package(kind: ElementKind) -> bool {
    matches!(kind, ElementKind::Model | ElementKind::Package | ElementKind::Profile)
}
