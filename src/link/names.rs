//! Types that were written as text and name a classifier of the model.

use std::collections::BTreeMap;

use super::index::Index;
use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::uml::draft::{Reference, Target};
use crate::uml::model::{Classifier, Property, PropertyOwner, Type, WrittenMultiplicity};
use crate::uml::wrapped::{Many, wrapped};
use crate::uml::{Model, Multiplicity};
use crate::util::arena::Id;
use crate::util::texts::trimmed;

/// Ends that their association owns are known by the class from which they lead away, as those that a class owns.
pub(super) fn know_ends(model: &Model, elements: &mut Elements) {
    for association in model.associations.values() {
        let [first, second] = association.ends[..] else { continue };
        for (end, other) in [(first, second), (second, first)] {
            let (end, other) = (&model.properties[end], &model.properties[other]);
            let (PropertyOwner::Association(_), Type::Classifier(class, _)) = (end.owner, &other.ty) else { continue };
            let (class, name) = (&model.classifiers[*class], role(end));
            // What the class has itself is meant first.
            if class.attributes.iter().all(|own| role(&model.properties[*own]) != name) {
                elements.know_also(end.element, class.element);
            }
        }
    }
}

/// The name of a property as it is compared.
fn role(property: &Property) -> Option<&str> {
    property.name.as_ref().map(|name| trimmed(&name.value))
}

/// Binds types that are text to the one classifier of their name. Where two have it, the text stays.
pub(super) fn rebind(index: &Index<'_>, model: &mut Model, elements: &Elements, report: &mut Report) {
    if !index.has_types_as_text() {
        return;
    }
    let mut by_name: BTreeMap<&str, Option<Id<Classifier>>> = BTreeMap::new();
    for (id, classifier) in model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
        if let Some(name) = &classifier.name {
            by_name.entry(name.value.trim()).and_modify(|known| *known = None).or_insert(Some(id));
        }
    }
    let mut bound: Vec<(usize, Id<Classifier>, Option<Many>, bool)> = Vec::new();
    let written = index.drafts.iter().flat_map(|draft| &draft.properties).map(|property| &property.ty);
    for (number, ty) in written.enumerate() {
        if let Some(Reference { target: Target::Name(name), .. }) = ty {
            let written = wrapped(name);
            let plain = by_name.get(name.trim()).map(|class| (class, wrapped("")));
            if let Some((&Some(class), around)) = plain.or_else(|| Some((by_name.get(written.name)?, written))) {
                bound.push((number, class, around.many, around.optional));
            }
        }
    }
    for (number, class, many, optional) in bound {
        let property = &mut model.properties[Id::new(number)];
        let Type::Named(name) = &property.ty else { continue };
        let span = name.span;
        let (kind, path) = (elements.get(property.element).kind.word(), elements.path(property.element));
        let target = &model.classifiers[class];
        let message =
            format!("{kind} `{path}` has its type as text; the {} of that name is used", super::word(target.kind));
        report.add(
            Diagnostic::new(&codes::U0306, message)
                .about(property.element)
                .here(span, "this is text")
                .because(target.span, "this is used")
                .help("choose the classifier as the type in the tool")
                .cause(elements.path(target.element)),
        );
        property.ty = Type::Classifier(class, span);
        // What the type says holds where nothing else was drawn.
        if property.multiplicity.is_none_or(|drawn| drawn.value == Multiplicity::ONE) {
            let value = match (many, optional) {
                (Some(_), _) => Multiplicity::MANY,
                (None, true) => Multiplicity::OPTIONAL,
                (None, false) => continue,
            };
            property.multiplicity = Some(WrittenMultiplicity { value, span });
            property.is_ordered |= many.is_some_and(|many| many.ordered);
        }
    }
}
