//! The last pass: what was chosen without a fault, and characters that nobody can see. It decides nothing.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::Context;
use crate::account::{Element, ElementKind};
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::facts::{ColumnKind, Connection, End, Facts, Role};
use crate::policy::deletion::KeyNature;
use crate::policy::naming::{self, Adapted};
use crate::python::unicode::is_assigned;
use crate::source::{Name, Span, Spanned};
use crate::uml::model::{Constraint, Property, PropertyOwner};
use crate::util::arena::Id;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    names(cx, facts, report);
    texts(cx, facts, report);
    ends(cx, facts, report);
    rules(cx, facts, report);
    constraints(cx, facts, report);
    enumerations(cx, facts, report);
    let rules = &cx.settings.rules;
    if rules.db_comments && !crate::policy::indexes::is_postgresql_alone(&cx.settings.databases) {
        report.add(super::not_here("`[rules] db_comments`", "PostgreSQL alone", "left out"));
    }
}

/// Attributes of enumerations have no place: a member is a value and a label (U0204).
fn enumerations(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    for (id, classifier) in cx.model.classifiers.iter() {
        if facts.roles().get(id) != Role::Enumeration || classifier.is_library {
            continue;
        }
        for &attribute in &classifier.attributes {
            let property = &cx.model.properties[attribute];
            let path = cx.elements.path(property.element);
            report.add(
                Diagnostic::new(&codes::U0204, format!("attribute `{path}` of an enumeration is not kept"))
                    .about(property.element)
                    .here(property.span, "a literal is a value and a label"),
            );
        }
    }
}

/// Names that were adapted (U0402) or have characters that are left out (U0408, U0410).
fn names(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    for (id, classifier) in cx.model.classifiers.iter() {
        let Some(name) = &classifier.name else { continue };
        if matches!(facts.roles().get(id), Role::Entity | Role::Interface | Role::Value | Role::Enumeration) {
            told(cx, facts, report, classifier.element, name, naming::class_name(&name.value));
        }
        for literal in &classifier.literals {
            if let Some(name) = &literal.name {
                hidden(cx, report, literal.element, name, naming::enum_member(&name.value));
            }
        }
    }
    for (id, property) in cx.model.properties.iter() {
        if let Some(name) = property.name.as_ref().filter(|_| is_built(cx, facts, id)) {
            told(cx, facts, report, property.element, name, naming::field_name(&name.value));
        }
    }
}

/// Whether a property becomes something: the attribute or end of what is no library.
fn is_built(cx: &Context<'_>, facts: &Facts, id: Id<Property>) -> bool {
    match cx.model.properties[id].owner {
        PropertyOwner::Classifier(owner) => {
            matches!(facts.roles().get(owner), Role::Entity | Role::Interface | Role::Value)
        }
        PropertyOwner::Association(_) => true,
        PropertyOwner::Property(_) => false,
    }
}

fn told(cx: &Context<'_>, facts: &Facts, report: &mut Report, element: Element, name: &Name, adapted: Option<Adapted>) {
    let Some(adapted) = adapted.filter(|_| facts.tags().text(element, "name").is_none()) else { return };
    if adapted.respelled() && adapted.reserved().is_none() {
        let word = cx.elements.get(element).kind.word();
        report.add(
            Diagnostic::new(
                &codes::U0402,
                format!("{word} `{}` becomes `{}`", cx.elements.path(element), adapted.name),
            )
            .about(element)
            .here(name.span, format!("becomes `{}`", adapted.name))
            .note("the name as drawn stays as the name for people")
            .cause(package(cx, element)),
        );
    }
    hidden(cx, report, element, name, Some(adapted));
}

/// The path of the package around `element`: what happens to many names is told once for each.
fn package(cx: &Context<'_>, element: Element) -> String {
    let mut at = Some(element);
    while let Some(inner) = at {
        let seen = cx.elements.get(inner);
        if matches!(seen.kind, ElementKind::Package | ElementKind::Model | ElementKind::Profile) {
            return cx.elements.path(inner);
        }
        at = seen.owner.filter(|owner| *owner < inner);
    }
    String::new()
}

fn hidden(cx: &Context<'_>, report: &mut Report, element: Element, name: &Name, adapted: Option<Adapted>) {
    let Some(adapted) = adapted else { return };
    let path = cx.elements.path(element);
    let (unassigned, hidden): (Vec<char>, Vec<char>) =
        adapted.hidden().iter().partition(|c| c.general_category() == GeneralCategory::Unassigned);
    if let Some(c) = hidden.first() {
        report.add(
            Diagnostic::new(&codes::U0408, format!("the name `{path}` contains an invisible character"))
                .about(element)
                .here(name.span, format!("U+{:04X} is left out", u32::from(*c)))
                .help("type the name again"),
        );
    }
    if let Some(c) = unassigned.first() {
        report.add(no_meaning(cx, element, name.span, *c).note("it is left out of the name in Python"));
    }
}

/// Texts that migrations hold with characters that not every version of Python knows (U0410).
fn texts(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    for (id, property) in cx.model.properties.iter() {
        let texts = [property.documentation.as_deref(), property.default.as_ref().map(|default| &default.text)];
        for text in texts.into_iter().flatten().filter(|_| is_built(cx, facts, id)) {
            unassigned(cx, report, property.element, text);
        }
    }
    for classifier in cx.model.classifiers.values().filter(|classifier| !classifier.is_library) {
        for literal in &classifier.literals {
            for text in [literal.documentation.as_deref(), literal.value.as_ref()].into_iter().flatten() {
                unassigned(cx, report, literal.element, text);
            }
        }
    }
}

fn unassigned(cx: &Context<'_>, report: &mut Report, element: Element, text: &Spanned<String>) {
    if let Some(c) = text.value.chars().find(|c| !is_assigned(*c)) {
        report.add(no_meaning(cx, element, text.span, c).note("migrations would differ between versions of Python"));
    }
}

fn no_meaning(cx: &Context<'_>, element: Element, place: Span, c: char) -> Diagnostic {
    let code = format!("U+{:04X}", u32::from(c));
    let word = cx.elements.get(element).kind.word();
    let message = format!(
        "{code} in a text of {word} `{}` has no meaning that all versions of Python know",
        cx.elements.path(element)
    );
    Diagnostic::new(&codes::U0410, message)
        .about(element)
        .here(place, format!("contains {code}"))
        .help("take the character out")
}

/// Ends without a name (U0604).
fn ends(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    let tables = facts.tables();
    for (id, column) in tables.columns.iter() {
        let (connection, far) = match &column.kind {
            ColumnKind::Key(key) => (key.connection, key.reverse.is_some()),
            ColumnKind::Many(many) => (many.connection, many.reverse.is_some()),
            ColumnKind::Value(_) => continue,
        };
        let Some(connection) = connection.map(|connection| &facts.connections().binary[connection]) else { continue };
        let Some([near, opposite]) = sides(cx, connection, column.element) else { continue };
        if column.wish.drawn.is_none()
            && let Some((name, _)) = facts.names().columns.get(id)
        {
            unnamed(cx, report, near, name);
        }
        if far && let Some((name, _)) = facts.names().reverse.get(id) {
            unnamed(cx, report, opposite, name);
        }
    }
}

/// The ends of a relation, that of the property `element` first.
fn sides<'a>(cx: &Context<'_>, connection: &'a Connection, element: Element) -> Option<[&'a End; 2]> {
    let [first, second] = &connection.ends;
    let is = |end: &End| end.property.is_some_and(|end| cx.model.properties[end].element == element);
    if is(first) {
        Some([first, second])
    } else if is(second) {
        Some([second, first])
    } else {
        None
    }
}

fn unnamed(cx: &Context<'_>, report: &mut Report, end: &End, name: &str) {
    let Some(property) = end.property.map(|end| &cx.model.properties[end]) else { return };
    if end.role.is_some() {
        return;
    }
    let class = cx.model.classifier_name(end.class);
    report.add(
        Diagnostic::new(&codes::U0604, format!("the end at `{class}` has no name; it becomes `{name}`"))
            .about(property.element)
            .here(property.span, format!("becomes `{name}`"))
            .cause(package(cx, property.element)),
    );
}

/// Rules of deletion that the diagram leaves open (U0807).
fn rules(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    for (id, (rule, reason)) in facts.deletion().iter() {
        let column = &facts.tables().columns[id];
        let is_plain = facts.tables().key(id).is_some_and(|key| key.nature == KeyNature::Plain);
        if !is_plain || !matches!(reason.because, Because::Rule { .. }) {
            continue;
        }
        let (path, rule) = (cx.elements.path(column.element), rule.name());
        report.add(
            Diagnostic::new(&codes::U0807, format!("`{path}` is a plain association; `{rule}` is used"))
                .about(column.element)
                .here(column.span, "says nothing about deletion")
                .note(reason.why.clone()),
        );
    }
}

/// Constraints are kept as text (U1103).
fn constraints(cx: &Context<'_>, facts: &Facts, report: &mut Report) {
    for package in cx.model.packages.values().filter(|package| !package.is_library) {
        for constraint in &package.constraints {
            let place = package.name.as_ref().map_or(constraint.body.span, |name| name.span);
            untranslated(cx, report, constraint, package.element, (place, "holds in this package"));
        }
    }
    for (id, classifier) in cx.model.classifiers.iter() {
        if !facts.roles().is_class(id) {
            continue;
        }
        let of_attributes = classifier.attributes.iter().flat_map(|&id| &cx.model.properties[id].constraints);
        let association = classifier.association.map(|id| &cx.model.associations[id]);
        let of_association = association.into_iter().flat_map(|association| &association.constraints);
        for constraint in classifier.constraints.iter().chain(of_attributes).chain(of_association) {
            if facts.invariants().is_settled(constraint.element) {
                continue;
            }
            let place = (classifier.span, "stands in the docstring of this class");
            untranslated(cx, report, constraint, classifier.element, place);
        }
    }
    for association in cx.model.associations.values().filter(|association| association.class.is_none()) {
        let enforced = &facts.tables().enforced;
        let is_settled = |it: &Constraint| enforced.contains(&it.element) || facts.invariants().is_settled(it.element);
        for constraint in association.constraints.iter().filter(|constraint| !is_settled(constraint)) {
            let place = (association.span, "holds for this association");
            untranslated(cx, report, constraint, association.element, place);
        }
    }
}

fn untranslated(
    cx: &Context<'_>,
    report: &mut Report,
    constraint: &Constraint,
    of: Element,
    (place, why): (Span, &str),
) {
    let path = cx.elements.path(of);
    let name = match &constraint.name {
        Some(name) if !name.value.trim().is_empty() => format!("constraint `{}` of `{path}`", name.value.trim()),
        _ => format!("a constraint of `{path}`"),
    };
    report.add(
        Diagnostic::new(&codes::U1103, format!("{name} is no rule of the database; it is kept as documentation"))
            .about(constraint.element)
            .here(constraint.body.span, "is not translated")
            .because(place, why),
    );
}
