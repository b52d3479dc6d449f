//! Names that are missing (U0401). An association needs none, and an attribute takes its type's.

use std::collections::BTreeSet;

use crate::account::{Element, ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::source::{Name, Span};
use crate::uml::Model;
use crate::uml::model::{ClassifierKind, Package, PackageKind};
use crate::util::arena::Id;

pub(super) fn check(model: &Model, elements: &Elements, report: &mut Report) {
    let used: BTreeSet<Id<Package>> = (model.classifiers.values().filter_map(|classifier| classifier.package))
        .chain(model.packages.values().filter_map(|package| package.owner))
        .collect();
    for (id, package) in model.packages.iter() {
        let is_built = package.kind == PackageKind::Package && !package.is_library && used.contains(&id);
        if is_built && is_blank(package.name.as_ref()) {
            unnamed(elements, report, package.element, elements.get(package.element).span);
        }
    }
    for classifier in model.classifiers.values() {
        // Actors and the like are classes only if they are used like classes.
        let is_class = match classifier.kind {
            ClassifierKind::Signal | ClassifierKind::Actor | ClassifierKind::Component | ClassifierKind::Node => {
                !classifier.attributes.is_empty()
            }
            ClassifierKind::Class
            | ClassifierKind::AssociationClass
            | ClassifierKind::Interface
            | ClassifierKind::DataType
            | ClassifierKind::PrimitiveType
            | ClassifierKind::Enumeration => true,
        };
        if classifier.is_library || !is_class {
            continue;
        }
        if is_blank(classifier.name.as_ref()) {
            unnamed(elements, report, classifier.element, classifier.span);
        }
        for literal in classifier.literals.iter().filter(|literal| is_blank(literal.name.as_ref())) {
            unnamed(elements, report, literal.element, literal.span);
        }
    }
}

fn is_blank(name: Option<&Name>) -> bool {
    name.is_none_or(|name| name.value.trim().is_empty())
}

fn unnamed(elements: &Elements, report: &mut Report, element: Element, span: Span) {
    let seen = elements.get(element);
    let word = seen.kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let owner = seen.owner.map(|owner| (elements.get(owner), elements.path(owner)));
    let place = match &owner {
        Some((owner, path)) if seen.kind == ElementKind::Literal => format!(" of {} `{path}`", owner.kind.word()),
        Some((owner, path)) => format!(" in {} `{path}`", owner.kind.word()),
        None => String::new(),
    };
    // A drawing with many nameless things in one place is one slip, not many.
    let message = format!("{article} {word}{place} has no name");
    let mut diagnostic = Diagnostic::new(&codes::U0401, message.clone())
        .cause(message)
        .about(element)
        .here(span, format!("this {word}"));
    if let Some((owner, _)) = owner {
        diagnostic = diagnostic.because(owner.span, format!("in this {}", owner.kind.word()));
    }
    report.add(diagnostic.help("name it in the tool, or take it out"));
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn classes_packages_and_literals_need_names() {
        let mut sample = Sample::new();
        let shop = sample.package(Some("shop"));
        sample.class(None, Some(shop));
        let status = sample.class(Some("Status"), Some(shop));
        sample.literal(status, Some(" "));
        let nameless = sample.package(None);
        sample.class(Some("Order"), Some(nameless));
        assert_eq!(
            sample.messages(),
            [
                "U0401: a package has no name",
                "U0401: a class in package `shop` has no name",
                "U0401: a literal of class `shop.Status` has no name",
            ]
        );
    }

    #[test]
    fn what_is_never_built_needs_no_name() {
        let mut sample = Sample::new();
        sample.package(None);
        let library = sample.class(None, None);
        sample.model.classifiers[library].is_library = true;
        let actor = sample.class(None, None);
        sample.model.classifiers[actor].kind = ClassifierKind::Actor;
        assert_eq!(sample.messages(), [] as [&str; 0]);
    }
}
