//! Attributes that an ancestor has already.

use std::collections::BTreeMap;

use super::{Context, narrowed};
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{Attribute, AttributeKind, Facts, Inheritance, reason};
use crate::policy::naming;
use crate::resolve::types::name;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::Id;

type Class = Id<Classifier>;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report, found: &mut Inheritance, sorted: &[Class]) {
    for &class in sorted {
        if !found.has_model(class) {
            continue;
        }
        inherited(cx, facts, report, found, class);
        co_parents(cx, facts, report, found, class);
    }
}

/// The attributes of a class and of the data types that are copied into it.
pub(super) fn attributes<'a>(facts: &'a Facts, found: &Inheritance, class: Class) -> Vec<&'a Attribute> {
    let copied = found.copied.get(class).into_iter().flatten();
    copied.chain([&class]).flat_map(|&class| facts.types().of(class)).collect()
}

pub(super) fn spelled(cx: &Context<'_>, property: Id<Property>) -> String {
    naming::snake(name(&cx.model.properties[property]))
}

/// Whether the table of a class above `class` has the columns of `owner`, so that they cannot be replaced.
fn is_fixed(found: &Inheritance, class: Class, owner: Class) -> bool {
    found.is_concrete(owner)
        || found
            .ancestors(class)
            .iter()
            .any(|&above| found.is_concrete(above) && found.ancestors(above).contains(&owner))
}

fn inherited(cx: &Context<'_>, facts: &Facts, report: &mut Report, found: &mut Inheritance, class: Class) {
    let mut above: BTreeMap<String, (Class, &Attribute)> = BTreeMap::new();
    for &ancestor in found.ancestors(class) {
        for attribute in attributes(facts, found, ancestor) {
            if !found.repeated.contains(attribute.property) && stores(attribute) {
                above.insert(spelled(cx, attribute.property), (ancestor, attribute));
            }
        }
    }
    for attribute in attributes(facts, found, class) {
        let property = &cx.model.properties[attribute.property];
        let Some((owner, other)) = above.get(&spelled(cx, attribute.property)).filter(|_| stores(attribute)) else {
            continue;
        };
        if other.property == attribute.property {
            continue;
        }
        let above = &cx.model.properties[other.property];
        let (path, general) = (cx.elements.path(property.element), cx.elements.path(above.element));
        let because = Because::Rule { name: "an inherited attribute has its column already", at: Some(above.span) };
        let is_said = property.redefines.contains(&other.property);
        if fits(attribute, other) {
            if !is_said {
                report.add(
                    Diagnostic::new(
                        &codes::U0705,
                        format!("`{path}` repeats `{general}`; it gets no column of its own"),
                    )
                    .about(property.element)
                    .here(property.span, "the same name, and a type that fits")
                    .because(above.span, "inherited from here")
                    .help("take it out, or say that it redefines the other one"),
                );
            }
            let why = format!("{} has it", cx.model.classifier_name(*owner));
            found.repeated.insert(attribute.property, reason("no column of its own", why, because));
            narrowed::compare(cx, report, found, attribute, other);
        } else if is_fixed(found, class, *owner) {
            report.add(clash(cx, class, attribute.property, other.property));
            let why = format!("{general} has another type, and a table");
            found.renamed.insert(attribute.property, reason("another name", why, because));
        }
        // Below an abstract parent the child's field replaces the parent's.
    }
}

fn clash(cx: &Context<'_>, class: Class, own: Id<Property>, other: Id<Property>) -> Diagnostic {
    let (own, other) = (&cx.model.properties[own], &cx.model.properties[other]);
    let adapted = format!("{}_{}", naming::snake(cx.model.classifier_name(class)), naming::snake(name(own)));
    Diagnostic::new(
        &codes::U0703,
        format!(
            "`{}` is inherited from `{}` with another type; the child's is called `{adapted}`",
            cx.elements.path(own.element),
            cx.elements.path(other.element)
        ),
    )
    .about(own.element)
    .here(own.span, "of another type")
    .because(other.span, "inherited from here")
    .note("a field of a table cannot be replaced in a table below")
}

/// Two tables above a class may not have fields of the same name (models.E005).
fn co_parents(cx: &Context<'_>, facts: &Facts, report: &mut Report, found: &mut Inheritance, class: Class) {
    if found.bases(class).filter(|parent| found.is_concrete(parent.class)).count() < 2 {
        return;
    }
    let mut seen: BTreeMap<String, (Class, Id<Property>)> = BTreeMap::new();
    let ancestors = found.ancestors(class).to_vec();
    for ancestor in ancestors {
        for attribute in attributes(facts, found, ancestor) {
            if !stores(attribute)
                || found.repeated.contains(attribute.property)
                || found.renamed.contains(attribute.property)
            {
                continue;
            }
            let spelled = spelled(cx, attribute.property);
            let Some(&(first, other)) = seen.get(&spelled) else {
                seen.insert(spelled, (ancestor, attribute.property));
                continue;
            };
            if other == attribute.property || first == ancestor {
                continue;
            }
            // Related ones were seen to before.
            let related = found.ancestors(ancestor).contains(&first) || found.ancestors(first).contains(&ancestor);
            if related {
                continue;
            }
            let (own, above) = (&cx.model.properties[attribute.property], &cx.model.properties[other]);
            let child = &cx.model.classifiers[class];
            let adapted = format!("{}_{spelled}", naming::snake(cx.model.classifier_name(ancestor)));
            report.add(
                Diagnostic::new(
                    &codes::U0703,
                    format!(
                        "`{}` inherits `{}` from `{}` and from `{}`; the second one is called `{adapted}`",
                        cx.elements.path(child.element),
                        name(own),
                        cx.model.classifier_name(first),
                        cx.model.classifier_name(ancestor)
                    ),
                )
                .about(child.element)
                .here(own.span, "the second one")
                .because(above.span, "the first one")
                .note("Django refuses two tables with the same field above one class"),
            );
            let because =
                Because::Rule { name: "two tables above a class have no field in common", at: Some(above.span) };
            let why = format!("{} has it too", cx.model.classifier_name(first));
            found.renamed.insert(attribute.property, reason("another name", why, because));
        }
    }
}

pub(super) fn stores(attribute: &Attribute) -> bool {
    matches!(
        attribute.kind,
        AttributeKind::Column(_)
            | AttributeKind::Embedded { .. }
            | AttributeKind::Links(_)
            | AttributeKind::Values { .. }
    )
}

/// Whether it is one column.
pub(super) fn is_column(attribute: &Attribute) -> bool {
    matches!(attribute.kind, AttributeKind::Column(_))
}

/// Whether an attribute gets no column because of another one above it.
pub(super) fn is_repeated(cx: &Context<'_>, own: &Attribute, above: &Attribute) -> bool {
    stores(above) && spelled(cx, own.property) == spelled(cx, above.property) && fits(own, above)
}

/// Whether what is inherited can hold it: the same class of field and the same choices.
pub(super) fn fits(own: &Attribute, above: &Attribute) -> bool {
    match (&own.kind, &above.kind) {
        (AttributeKind::Column(own), AttributeKind::Column(above)) => {
            std::mem::discriminant(&own.kind) == std::mem::discriminant(&above.kind) && own.choices == above.choices
        }
        (AttributeKind::Embedded { class: own, .. }, AttributeKind::Embedded { class: above, .. })
        | (AttributeKind::Links(own), AttributeKind::Links(above)) => own == above,
        (AttributeKind::Values { .. }, AttributeKind::Values { .. }) => true,
        _ => false,
    }
}
