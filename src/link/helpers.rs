//! What texts in OCL add to a class: `def: isLarge : Boolean = total > 100` is a derived attribute, with parameters a query (OCL 2.4, 7.4.4).

use std::collections::BTreeMap;

use crate::account::{Element, ElementKind, Elements, Met};
use crate::source::{Name, Span, Spanned};
use crate::uml::model::{
    Aggregation, Classifier, Constraint, Marks, Operation, Package, Parameter, Property, PropertyOwner, Type,
    Visibility, WrittenMultiplicity,
};
use crate::uml::ocl::{self, Helper, RuleKind, TypeName};
use crate::uml::{Model, Multiplicity};
use crate::util::arena::Id;

type Class = Id<Classifier>;

/// A helper as it is written.
struct Written {
    class: Class,
    name: String,
    helper: Helper,
    span: Span,
}

/// Adds all helpers whose names their classes do not have yet.
pub(super) fn add(model: &mut Model, elements: &mut Elements) {
    let mut all = Vec::new();
    for (class, classifier) in model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
        for constraint in &classifier.constraints {
            written(class, classifier, constraint, &mut all);
        }
    }
    if all.is_empty() {
        return;
    }
    let named = named(model);
    for written in all {
        if !has(model, written.class, &written.name) {
            enter(model, elements, &named, written);
        }
    }
}

/// The helpers in a constraint of a class.
fn written(class: Class, classifier: &Classifier, constraint: &Constraint, found: &mut Vec<Written>) {
    // Few constraints define anything: only what might is parsed.
    if !constraint.body.value.contains("def") || constraint.is_ocl().is_none() {
        return;
    }
    let Ok(rules) = ocl::parse(ocl::unbraced(&constraint.body.value).1, false) else { return };
    for rule in rules.rules {
        let (RuleKind::Define, Some(name), Some(helper)) = (rule.kind, rule.name, rule.helper) else { continue };
        let own = classifier.name.as_ref().map(|name| name.value.trim());
        let around = rule.context.as_ref().and_then(|context| context.last()).map(String::as_str);
        if around.is_none() || around == own {
            found.push(Written { class, name, helper: *helper, span: constraint.body.span });
        }
    }
}

/// Whether a class has an attribute, an end or an operation of this name.
fn has(model: &Model, class: Class, name: &str) -> bool {
    let is_name = |known: &Option<Name>| known.as_ref().is_some_and(|known| known.value.trim() == name);
    let classifier = &model.classifiers[class];
    let is_far = |id: &Id<Property>| {
        let opposite = model.opposite(*id).map(|near| &model.properties[near].ty);
        matches!(opposite, Some(Type::Classifier(near, _)) if *near == class)
    };
    let mut ends = model.associations.values().flat_map(|association| &association.ends).filter(|id| is_far(id));
    classifier.attributes.iter().any(|&id| is_name(&model.properties[id].name))
        || classifier.operations.iter().any(|operation| is_name(&operation.name))
        || ends.any(|&id| is_name(&model.properties[id].name))
}

/// The classes of each name, with their packages.
type Known = BTreeMap<String, Vec<(Option<Id<Package>>, Class)>>;

fn named(model: &Model) -> Known {
    let mut known = Known::new();
    for (id, classifier) in model.classifiers.iter() {
        if let Some(name) = &classifier.name {
            known.entry(name.value.trim().to_owned()).or_default().push((classifier.package, id));
        }
    }
    known
}

/// The class that a type names: one of the same package, else the only one of that name.
fn ty(model: &Model, known: &Known, near: Class, written: &TypeName, span: Span) -> Type {
    let name = written.path.last().cloned().unwrap_or_default();
    let all = known.get(&name).map(Vec::as_slice).unwrap_or_default();
    let here = model.classifiers[near].package;
    match all.iter().find(|(package, _)| *package == here).or(if let [one] = all { Some(one) } else { None }) {
        Some((_, class)) => Type::Classifier(*class, span),
        None => Type::Named(Spanned { value: name.into(), span }),
    }
}

fn enter(model: &mut Model, elements: &mut Elements, known: &Known, written: Written) {
    let Written { class, name, helper, span } = written;
    let owner = Some(model.classifiers[class].element);
    let element = elements.enter(Met { name: Some(&name), owner, ..Met::new(ElementKind::Helper, span) });
    let is_many = helper.ty.as_ref().is_some_and(|ty| ty.is_many);
    let gives = helper.ty.as_ref().map(|written| ty(model, known, class, written, span));
    let name: Name = Spanned { value: name.into(), span };
    match helper.parameters {
        None => {
            let property = attribute(element, class, name, gives.unwrap_or(Type::Absent), is_many);
            let id = model.properties.push(property);
            model.classifiers[class].attributes.push(id);
        }
        Some(parameters) => {
            let inputs = parameters.into_iter().map(|(name, written)| Parameter {
                name: Some(Spanned { value: name.into(), span }),
                direction: "in".to_owned(),
                is_many: written.is_many,
                ty: ty(model, known, class, &written, span),
            });
            let mut parameters: Vec<Parameter> = inputs.collect();
            parameters.extend(gives.map(|ty| Parameter { name: None, direction: "return".to_owned(), is_many, ty }));
            model.classifiers[class].operations.push(Operation {
                element,
                name: Some(name),
                parameters,
                is_query: true,
                is_static: false,
                is_abstract: false,
                documentation: None,
                constraints: Vec::new(),
                marks: Marks::default(),
            });
        }
    }
}

/// A derived attribute.
fn attribute(element: Element, class: Class, name: Name, ty: Type, is_many: bool) -> Property {
    let span = name.span;
    Property {
        element,
        name: Some(name),
        owner: PropertyOwner::Classifier(class),
        association: None,
        ty,
        multiplicity: is_many.then_some(WrittenMultiplicity { value: Multiplicity::MANY, span }),
        default: None,
        aggregation: Spanned { value: Aggregation::None, span },
        navigable: None,
        is_id: false,
        is_unique: None,
        is_ordered: false,
        is_derived: true,
        is_read_only: false,
        is_static: false,
        visibility: Visibility::Public,
        qualifiers: [].into(),
        redefines: [].into(),
        subsets: [].into(),
        constraints: [].into(),
        documentation: None,
        marks: Marks::default(),
        span,
    }
}
