//! What each classifier is for the database: an entity, a value, an enumeration, or only the name of a type.

use super::Context;
use crate::account::Element;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{EnumFact, Facts, LiteralFact, Role, Roles};
use crate::policy::enumeration;
use crate::policy::naming;
use crate::source::Span;
use crate::uml::model::{Classifier, ClassifierKind, PropertyOwner, Type};
use crate::util::arena::Id;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Roles {
    let mut roles = Roles::default();
    for id in cx.model.classifiers.ids() {
        roles.set(id, role(cx, facts, report, id));
    }
    promote(cx, &mut roles);
    for id in cx.model.classifiers.ids() {
        if roles.get(id) == Role::Enumeration {
            let literals = literals(cx, facts, report, &roles, id);
            roles.enumerations.insert(id, literals);
        }
    }
    roles
}

fn role(cx: &Context<'_>, facts: &Facts, report: &mut Report, id: Id<Classifier>) -> Role {
    let classifier = &cx.model.classifiers[id];
    let says = |name: &str| facts.tags().has(classifier.element, name).is_some();
    let around = || cx.model.package_chain(classifier.package).map(|package| cx.model.packages[package].element);
    let is_skipped = || says("skip") || around().any(|package| facts.tags().has(package, "skip").is_some());
    if classifier.is_library || is_skipped() {
        return match classifier.kind {
            ClassifierKind::DataType | ClassifierKind::PrimitiveType => Role::Alias,
            _ => Role::Named,
        };
    }
    if classifier.is_template && classifier.kind != ClassifierKind::Enumeration {
        if !classifier.is_bound {
            let path = cx.elements.path(classifier.element);
            let message = format!("template `{path}` is bound nowhere; it gets no table");
            let found = Diagnostic::new(&codes::U0709, message).about(classifier.element);
            report.add(found.here(classifier.span, "has parameters of its own"));
        }
        return Role::Named;
    }
    let drawn_values = !classifier.literals.is_empty();
    match classifier.kind {
        ClassifierKind::Enumeration => Role::Enumeration,
        ClassifierKind::PrimitiveType => Role::Alias,
        ClassifierKind::DataType if says("enumeration") || says("codeList") || says("enum") => Role::Enumeration,
        ClassifierKind::DataType if drawn_values && classifier.attributes.is_empty() => Role::Enumeration,
        ClassifierKind::DataType if says("entity") || says("table") || says("persistent") => Role::Entity,
        ClassifierKind::DataType => value(cx, id),
        ClassifierKind::Interface => Role::Interface,
        ClassifierKind::Class | ClassifierKind::AssociationClass => {
            let named = classifier.name.as_ref().is_some_and(|name| !name.value.trim().is_empty());
            if !named || ["transient", "dto", "control", "boundary"].iter().any(|name| says(name)) {
                Role::Named
            } else if ["enumeration", "codeList", "enum"].iter().any(|name| says(name)) {
                Role::Enumeration
            } else if ["valueObject", "dataType"].iter().any(|name| says(name)) {
                value(cx, id)
            } else {
                Role::Entity
            }
        }
        ClassifierKind::Signal | ClassifierKind::Actor | ClassifierKind::Component | ClassifierKind::Node => {
            let node = crate::graph::Node::Classifier(id);
            let used = !classifier.attributes.is_empty()
                || !cx.graph.outgoing(node).is_empty()
                || !cx.graph.incoming(node).is_empty();
            let named = classifier.name.as_ref().is_some_and(|name| !name.value.trim().is_empty());
            if used && named { Role::Entity } else { Role::Named }
        }
    }
}

/// A data type with attributes, own or inherited, is a value; without any it is another name of a type.
fn value(cx: &Context<'_>, id: Id<Classifier>) -> Role {
    let mut seen = vec![id];
    let mut at = 0;
    while at < seen.len() {
        let classifier = &cx.model.classifiers[seen[at]];
        if !classifier.attributes.is_empty() {
            return Role::Value;
        }
        for generalization in &classifier.generalizations {
            let kind = cx.model.classifiers[generalization.general].kind;
            if kind == ClassifierKind::DataType && !seen.contains(&generalization.general) {
                seen.push(generalization.general);
            }
        }
        at += 1;
    }
    Role::Alias
}

/// A data type with a relation of its own to an entity is an entity; and so are those that have such attributes.
fn promote(cx: &Context<'_>, roles: &mut Roles) {
    let mut changed = true;
    while changed {
        changed = false;
        for property in cx.model.properties.values() {
            let PropertyOwner::Classifier(owner) = property.owner else { continue };
            let Type::Classifier(ty, _) = property.ty else { continue };
            let is_static = property.is_static || property.is_derived;
            if roles.get(owner) == Role::Value && roles.get(ty) == Role::Entity && !is_static {
                roles.set(owner, Role::Entity);
                changed = true;
            }
        }
    }
}

/// The literals of an enumeration, those of the enumerations that it specialises first.
fn literals(cx: &Context<'_>, facts: &Facts, report: &mut Report, roles: &Roles, id: Id<Classifier>) -> EnumFact {
    struct Found<'a> {
        element: Element,
        name: &'a str,
        value: Option<String>,
        label: Option<String>,
        span: Span,
    }
    let mut found: Vec<Found<'_>> = Vec::new();
    for holder in sources(cx, roles, id) {
        let classifier = &cx.model.classifiers[holder];
        for literal in &classifier.literals {
            let Some(name) = literal.name.as_ref().filter(|name| !name.value.trim().is_empty()) else { continue };
            if facts.tags().has(literal.element, "skip").is_some() {
                continue;
            }
            let tag = facts.tags().text(literal.element, "value").map(|(value, _)| value.to_owned());
            let label = facts.tags().text(literal.element, "label").map(|(value, _)| value.to_owned());
            found.push(Found {
                element: literal.element,
                name: &name.value,
                value: tag.or_else(|| literal.value.as_ref().map(|value| value.value.clone())),
                label: label.or_else(|| short(literal.documentation.as_ref().map(|text| text.value.as_str()))),
                span: literal.span,
            });
        }
        if !classifier.literals.is_empty() {
            continue;
        }
        // Attributes in place of literals.
        for &attribute in &classifier.attributes {
            let property = &cx.model.properties[attribute];
            let Some(name) = property.name.as_ref().filter(|name| !name.value.trim().is_empty()) else { continue };
            if property.association.is_some() || facts.tags().has(property.element, "skip").is_some() {
                continue;
            }
            found.push(Found {
                element: property.element,
                name: &name.value,
                value: property.default.as_ref().map(|default| default.text.value.clone()),
                label: short(property.documentation.as_ref().map(|text| text.value.as_str())),
                span: property.span,
            });
        }
    }
    let classifier = &cx.model.classifiers[id];
    let wants = facts.tags().text(classifier.element, "type");
    let wants_text = wants.is_some_and(|(value, _)| value.eq_ignore_ascii_case("text"));
    let are_integers = enumeration::are_integers(found.iter().map(|literal| literal.value.as_deref()));
    let is_integer = are_integers && !wants_text;
    if let Some((_, because)) = wants.filter(|_| !are_integers && !wants_text) {
        let path = cx.elements.path(classifier.element);
        let message = format!("tag `type` of `{path}` cannot be `int`: not every literal has a whole number");
        let diagnostic = Diagnostic::new(&codes::U1004, message).about(classifier.element);
        let at = because.place().unwrap_or(classifier.span);
        report.add(diagnostic.here(at, "its values are texts").help("give each literal a number with the tag `value`"));
    }
    let lookup = ["lookup", "table"].into_iter().find_map(|name| facts.tags().has(classifier.element, name).cloned());
    let mut fact = EnumFact { literals: Vec::new(), is_integer, lookup };
    for literal in found {
        let mut value = match &literal.value {
            Some(value) if is_integer => value.trim().trim_start_matches('+').to_owned(),
            _ => facts
                .tags()
                .text(literal.element, "value")
                .map(|(value, _)| value.to_owned())
                .or_else(|| naming::enum_value(literal.name))
                .unwrap_or_else(|| literal.name.to_owned()),
        };
        let tags = facts.tags();
        let name = tags.text(literal.element, "name").map_or(literal.name, |(name, _)| name);
        let Some(adapted) = naming::enum_member(name) else { continue };
        let mut member = adapted.name;
        let is_member = |member: &str| fact.literals.iter().any(|other| other.member == member);
        if tags.text(literal.element, "value").is_some() && is_member(&member) {
            // A value of its own is a name of its own.
            let other = naming::enum_member(&value).map(|adapted| adapted.name);
            member = other.filter(|other| !is_member(other)).unwrap_or(member);
        }
        let twin = fact.literals.iter().find(|other| other.member == member || other.value == value);
        if let Some(twin) = twin {
            if twin.element != literal.element {
                report.add(
                    Diagnostic::new(
                        &codes::U0508,
                        format!(
                            "literals `{}` and `{}` of `{}` have the same value",
                            twin.name,
                            literal.name,
                            cx.elements.path(classifier.element)
                        ),
                    )
                    .about(literal.element)
                    .here(literal.span, format!("becomes `{value}`"))
                    .because(twin.span, "and so does this one")
                    .help("give them names or values that differ"),
                );
            }
            let free = |number: usize| {
                let (with, text) = (format!("{member}_{number}"), format!("{value}_{number}"));
                fact.literals.iter().all(|other| other.member != with && other.value != text)
            };
            let number = (2..=fact.literals.len() + 2).find(|&number| free(number)).unwrap_or(2);
            if !is_integer {
                value = format!("{value}_{number}");
            } else if fact.literals.iter().any(|other| other.value == value) {
                // Two integers cannot be told apart: the first one stays.
                continue;
            }
            member = format!("{member}_{number}");
        }
        let label = literal.label.unwrap_or_else(|| label(literal.name));
        fact.literals.push(LiteralFact {
            element: literal.element,
            name: literal.name.to_owned(),
            span: literal.span,
            member,
            value,
            label,
        });
    }
    if fact.literals.is_empty() {
        report.add(
            Diagnostic::new(
                &codes::U0507,
                format!(
                    "enumeration `{}` has no literals; its users become text",
                    cx.elements.path(classifier.element)
                ),
            )
            .about(classifier.element)
            .here(classifier.span, "nothing to choose from"),
        );
    }
    fact
}

/// An enumeration and those above it, the most general first.
fn sources(cx: &Context<'_>, roles: &Roles, id: Id<Classifier>) -> Vec<Id<Classifier>> {
    let mut found = vec![id];
    let mut at = 0;
    while at < found.len() {
        for generalization in &cx.model.classifiers[found[at]].generalizations {
            let general = generalization.general;
            if roles.get(general) == Role::Enumeration && !found.contains(&general) {
                found.push(general);
            }
        }
        at += 1;
    }
    found.reverse();
    found
}

/// Documentation that is short enough for a label.
fn short(documentation: Option<&str>) -> Option<String> {
    let text = documentation?.trim();
    let fits = !text.is_empty() && text.chars().count() <= 60 && !text.contains('\n');
    fits.then(|| text.trim_end_matches('.').to_owned())
}

/// `In progress`
fn label(drawn: &str) -> String {
    let words = naming::words_for_people(drawn);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => drawn.trim().to_owned(),
    }
}
