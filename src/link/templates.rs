//! Classes that bind a template: they have its attributes and operations, with the parameters replaced (UML 2.5.1, 7.3.3.4).

use std::collections::BTreeMap;

use super::index::{Found, Index, Known};
use crate::account::{Element, ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::source::Spanned;
use crate::uml::Model;
use crate::uml::draft::{DraftBinding, Reference};
use crate::uml::model::{Classifier, ClassifierKind, Operation, Property, PropertyOwner, Type};
use crate::util::arena::Id;

/// So many attributes and operations are copied: what binds large templates over and over is no model.
const MOST: usize = 1 << 16;

/// Gives classes that bind a template what it has.
pub(super) fn bind(index: &Index<'_>, model: &mut Model, elements: &Elements, report: &mut Report) {
    if index.drafts.iter().all(|draft| draft.bindings.is_empty()) {
        return;
    }
    let inner = inner(elements);
    let mut copies = 0;
    for (draft, binding) in index.drafts.iter().enumerate().flat_map(|(number, draft)| {
        let bindings = draft.bindings.iter();
        bindings.map(move |binding| (number, binding))
    }) {
        let Some((class, template, signature)) = ends(index, model, elements, &inner, draft, binding) else { continue };
        let found = &model.classifiers[template];
        copies += found.attributes.len() + found.operations.len();
        if copies > MOST {
            let message = format!("templates are bound to more than {MOST} attributes and operations");
            let class = &model.classifiers[class];
            report.add(
                Diagnostic::new(&codes::U0108, message)
                    .about(class.element)
                    .here(class.span, "this one and those after it get none"),
            );
            return;
        }
        let replaced = replaced(index, elements, &inner, draft, binding, signature);
        let attributes = attributes(index, model, class, template, &replaced);
        let operations = operations(index, model, template, &replaced);
        name(model, class, template, &replaced);
        let bound = &mut model.classifiers[class];
        bound.attributes.splice(0..0, attributes);
        bound.operations.splice(0..0, operations);
        model.classifiers[template].is_bound = true;
    }
}

/// The elements of a signature and those in its parameters, by what they stand in.
fn inner(elements: &Elements) -> BTreeMap<Element, Vec<Element>> {
    let mut inner: BTreeMap<Element, Vec<Element>> = BTreeMap::new();
    for (element, seen) in elements.iter() {
        let Some(owner) = seen.owner else { continue };
        if seen.kind == ElementKind::Template || inner.contains_key(&owner) {
            inner.entry(owner).or_default().push(element);
            inner.entry(element).or_default();
        }
    }
    inner
}

/// The class that binds, the template, and the signature that is bound.
fn ends(
    index: &Index<'_>,
    model: &Model,
    elements: &Elements,
    inner: &BTreeMap<Element, Vec<Element>>,
    draft: usize,
    binding: &DraftBinding,
) -> Option<(Id<Classifier>, Id<Classifier>, Element)> {
    let Known::Classifier(class) = index.known(binding.class)? else { return None };
    let Found::Element(target) = index.find(draft, &binding.template) else { return None };
    let (template, signature) = if elements.get(target).kind == ElementKind::Template {
        (elements.get(target).owner?, target)
    } else {
        let is_signature = |element: &&Element| elements.get(**element).kind == ElementKind::Template;
        (target, *inner.get(&target)?.iter().find(is_signature)?)
    };
    let Known::Classifier(template) = index.known(template)? else { return None };
    let bound = &model.classifiers[class];
    let has_attributes = !matches!(bound.kind, ClassifierKind::PrimitiveType | ClassifierKind::Enumeration);
    // Of a template that binds another one nothing is known until it is bound itself.
    (has_attributes && model.classifiers[template].is_template && !bound.is_template)
        .then_some((class, template, signature))
}

/// What stands for each parameter: the element that is a type inside of the template, and the type in its place.
fn replaced<'d>(
    index: &Index<'d>,
    elements: &Elements,
    inner: &BTreeMap<Element, Vec<Element>>,
    draft: usize,
    binding: &'d DraftBinding,
    signature: Element,
) -> BTreeMap<Element, Type> {
    let parameters = inner.get(&signature).map_or(&[][..], Vec::as_slice);
    let mut replaced = BTreeMap::new();
    for (place, (formal, actual)) in binding.substitutions.iter().enumerate() {
        let named = formal.as_ref().and_then(|formal| match index.find(draft, formal) {
            Found::Element(element) => Some(element),
            _ => None,
        });
        let parameter = named.or_else(|| parameters.get(place).copied());
        let Some(inside) = parameter.and_then(|parameter| inner.get(&parameter)?.first().copied()) else { continue };
        if let Some(ty) = actual.as_ref().and_then(|actual| type_of(index, elements, draft, actual)) {
            replaced.insert(inside, ty);
        }
    }
    replaced
}

fn type_of<'d>(index: &Index<'d>, elements: &Elements, draft: usize, reference: &'d Reference) -> Option<Type> {
    let named = |name: &str| Type::Named(Spanned::new(name.into(), reference.span));
    match index.find(draft, reference) {
        Found::Named(name) => Some(named(name)),
        Found::Element(element) => match index.known(element) {
            Some(Known::Classifier(class)) => Some(Type::Classifier(class, reference.span)),
            _ => elements.name(element).map(named),
        },
        Found::Missing(_) => None,
    }
}

/// The attributes of the template, as attributes of the class. Its associations stay its own.
fn attributes(
    index: &Index<'_>,
    model: &mut Model,
    class: Id<Classifier>,
    template: Id<Classifier>,
    replaced: &BTreeMap<Element, Type>,
) -> Vec<Id<Property>> {
    let own = model.classifiers[template].attributes.clone();
    let mut copies = Vec::new();
    for id in own {
        if model.properties[id].association.is_some() {
            continue;
        }
        let mut copy = model.properties[id].clone();
        copy.owner = PropertyOwner::Classifier(class);
        if let Some(Found::Element(element)) = index.leads(id).ty
            && let Some(ty) = replaced.get(&element)
        {
            copy.ty = ty.clone();
        }
        copies.push(model.properties.push(copy));
    }
    copies
}

/// The operations of the template. What they demand and promise stays where it was said.
fn operations(
    index: &Index<'_>,
    model: &Model,
    template: Id<Classifier>,
    replaced: &BTreeMap<Element, Type>,
) -> Vec<Operation> {
    let mut copies = model.classifiers[template].operations.to_vec();
    let Some((number, drafted)) = index.drafted(template) else { return copies };
    for (copy, drafted) in copies.iter_mut().zip(&drafted.operations) {
        copy.constraints.clear();
        for (parameter, drafted) in copy.parameters.iter_mut().zip(&drafted.parameters) {
            if let Some(reference) = &drafted.ty
                && let Found::Element(element) = index.find(number, reference)
                && let Some(ty) = replaced.get(&element)
            {
                parameter.ty = ty.clone();
            }
        }
    }
    copies
}

/// A class without a name is called like the template and what stands in it.
fn name(model: &mut Model, class: Id<Classifier>, template: Id<Classifier>, replaced: &BTreeMap<Element, Type>) {
    let is_named = model.classifiers[class].name.as_ref().is_some_and(|name| !name.value.trim().is_empty());
    let stem = model.classifier_name(template);
    if is_named || stem.trim().is_empty() {
        return;
    }
    let mut name = stem.to_owned();
    for ty in replaced.values() {
        name.push_str(match ty {
            Type::Classifier(class, _) => model.classifier_name(*class),
            Type::Named(name) => &name.value,
            Type::Absent | Type::Unknown(_) => "",
        });
    }
    let span = model.classifiers[class].span;
    model.classifiers[class].name = Some(Spanned::new(name.into(), span));
}
