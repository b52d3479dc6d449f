//! Stereotypes that have no meaning here (U1001), one finding each.

use std::collections::BTreeMap;

use crate::account::{Element, Elements};
use crate::diagnostic::{Diagnostic, Level, Report, codes};
use crate::profile;
use crate::source::Span;
use crate::uml::Model;
use crate::uml::model::Marks;

/// The uses of an unknown stereotype.
struct Uses<'a> {
    name: &'a str,
    first: Element,
    at: Span,
    others: Vec<Element>,
}

pub(super) fn check(model: &Model, _elements: &Elements, report: &mut Report) {
    let mut unknown: BTreeMap<String, Uses<'_>> = BTreeMap::new();
    for (element, marks) in marks(model) {
        for stereotype in &marks.stereotypes {
            let normal = profile::normal(&stereotype.value);
            if normal.is_empty() || profile::stereotype(&stereotype.value).is_some() {
                continue;
            }
            unknown.entry(normal).and_modify(|uses| uses.others.push(element)).or_insert(Uses {
                name: stereotype.value.trim(),
                first: element,
                at: stereotype.span,
                others: Vec::new(),
            });
        }
    }
    let mut unknown: Vec<Uses<'_>> = unknown.into_values().collect();
    unknown.sort_by_key(|uses| uses.at);
    for uses in unknown {
        let count = match uses.others.len() {
            0 => String::new(),
            more => format!(" ({} uses)", more + 1),
        };
        let mut diagnostic =
            Diagnostic::new(&codes::U1001, format!("stereotype `«{}»` has no meaning here{count}", uses.name))
                .about(uses.first)
                .here(uses.at, "has no effect");
        if let Some(near) = profile::near_stereotype(uses.name) {
            // One letter away from a known one: most likely a slip.
            diagnostic = diagnostic.help(format!("there is `«{near}»`"));
            diagnostic.level = Level::Warning;
        }
        diagnostic.others = uses.others;
        report.add(diagnostic);
    }
}

/// The marks of everything that stereotypes of ours can stand at; libraries are not the user's.
fn marks(model: &Model) -> Vec<(Element, &Marks)> {
    let mut found = Vec::new();
    for package in model.packages.values().filter(|package| !package.is_library) {
        found.push((package.element, &package.marks));
    }
    for classifier in model.classifiers.values().filter(|classifier| !classifier.is_library) {
        found.push((classifier.element, &classifier.marks));
        found.extend(classifier.literals.iter().map(|literal| (literal.element, &literal.marks)));
        found.extend(classifier.operations.iter().map(|operation| (operation.element, &operation.marks)));
    }
    found.extend(model.properties.values().map(|property| (property.element, &property.marks)));
    found.extend(model.associations.values().map(|association| (association.element, &association.marks)));
    found
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn an_unknown_stereotype_is_told_once_and_a_slip_is_a_warning() {
        let mut sample = Sample::new();
        let [a, b, c] = sample.classes(["A", "B", "C"]);
        sample.mark(a, "block");
        sample.mark(b, "Block");
        sample.mark(b, "entity");
        sample.mark(c, "entitty");
        let report = sample.check();
        let [block, entity] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!(block.message, "stereotype `«block»` has no meaning here (2 uses)");
        assert_eq!((block.level, block.others.len()), (Level::Allow, 1));
        assert_eq!(
            (entity.level, entity.help.as_slice()),
            (Level::Warning, ["there is `«entity»`".to_owned()].as_slice())
        );
    }
}
