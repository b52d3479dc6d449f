//! Types that were written as text and name a classifier of the model.

use std::collections::BTreeMap;

use super::index::Index;
use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::uml::Model;
use crate::uml::draft::{Reference, Target};
use crate::uml::model::{Classifier, Type};
use crate::util::arena::Id;

/// Binds types that are text to the one classifier of their name. Where two have it, the text stays.
pub(super) fn rebind(index: &Index<'_>, model: &mut Model, elements: &Elements, report: &mut Report) {
    let mut by_name: BTreeMap<&str, Option<Id<Classifier>>> = BTreeMap::new();
    for (id, classifier) in model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
        if let Some(name) = &classifier.name {
            by_name.entry(name.value.trim()).and_modify(|known| *known = None).or_insert(Some(id));
        }
    }
    let mut bound: Vec<(usize, Id<Classifier>)> = Vec::new();
    let written = index.drafts.iter().flat_map(|draft| &draft.properties).map(|property| &property.ty);
    for (number, ty) in written.enumerate() {
        if let Some(Reference { target: Target::Name(name), .. }) = ty
            && let Some(&Some(class)) = by_name.get(name.trim())
        {
            bound.push((number, class));
        }
    }
    for (number, class) in bound {
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
    }
}
