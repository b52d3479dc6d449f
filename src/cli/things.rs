//! What a model became, thing by thing, with the decisions about each: for `explain` and `graph`.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::django::constraint::ConstraintKind;
use crate::django::{Field, Model, ModelKind, Project};
use crate::pipeline::Outcome;
use crate::settings::pattern;

use super::places::{Places, printable};

/// Something that can be explained.
pub(super) struct Thing<'a> {
    /// The element that it comes from.
    pub(super) element: Element,
    /// Further elements that it answers for: the association and the other end of a relation.
    pub(super) also: Vec<Element>,
    /// Its path in Django: `shop.Order.customer`; none for what is not there.
    pub(super) django: String,
    /// Its path from the other side of a relation: `shop.Customer.orders`.
    pub(super) reverse: Option<String>,
    /// In a few words, what it became.
    pub(super) became: String,
    /// The decisions.
    pub(super) reasons: Vec<&'a Reason>,
}

impl Thing<'_> {
    fn elements(&self) -> impl Iterator<Item = Element> {
        std::iter::once(self.element).chain(self.also.iter().copied())
    }
}

/// Everything that a model became, apps first, each with what is in it.
pub(super) fn things(outcome: &Outcome) -> Vec<Thing<'_>> {
    let project = &outcome.project;
    let mut things = Vec::new();
    for app in &project.apps {
        if let Some(origin) = &app.origin {
            things.push(thing(
                origin.element,
                app.label.clone(),
                format!("the app `{}`", app.label),
                origin.reasons.iter().collect(),
            ));
        }
        for choices in &app.choices {
            let django = format!("{}.{}", app.label, choices.name);
            let (origin, became) = (&choices.origin, format!("the enumeration `{}`", choices.name));
            things.push(thing(origin.element, django.clone(), became, origin.reasons.iter().collect()));
            for member in &choices.members {
                let (origin, became) = (&member.origin, format!("the value `{}`", member.value));
                let django = format!("{django}.{}", member.name);
                things.push(thing(origin.element, django, became, origin.reasons.iter().collect()));
            }
        }
    }
    for app in &project.apps {
        for protocol in &app.protocols {
            let (origin, django) = (&protocol.origin, format!("{}.{}", app.label, protocol.name));
            let became = format!("the protocol `{}`", protocol.name);
            things.push(thing(origin.element, django, became, origin.reasons.iter().collect()));
        }
    }
    for (app, model) in models(project) {
        of_model(&mut things, app, model);
    }
    nothings(outcome, &mut things);
    groups(outcome, &mut things);
    things
}

fn thing(element: Element, django: String, became: String, reasons: Vec<&Reason>) -> Thing<'_> {
    Thing { element, also: Vec::new(), django, reverse: None, became, reasons }
}

/// All models with their apps.
fn models(project: &Project) -> impl Iterator<Item = (&str, &Model)> {
    let shared = project.shared.iter().map(|model| (project.core.as_str(), model));
    let own = project.apps.iter().flat_map(|app| app.models.iter().map(|model| (app.label.as_str(), model)));
    shared.chain(own)
}

fn of_model<'a>(things: &mut Vec<Thing<'a>>, app: &str, model: &'a Model) {
    let django = format!("{app}.{}", model.name);
    let became = match model.kind {
        ModelKind::Abstract => "an abstract model",
        ModelKind::Concrete => "a model",
        ModelKind::Proxy => "a proxy",
    }
    .to_owned();
    let element = model.origin.element;
    things.push(thing(element, django.clone(), became, model.origin.reasons.iter().collect()));
    for constant in &model.constants {
        let (origin, django) = (&constant.origin, format!("{django}.{}", constant.name));
        things.push(thing(origin.element, django, "a class constant".to_owned(), origin.reasons.iter().collect()));
    }
    for (stub, class) in model.behavior.iter().flat_map(|it| it.stubs.iter().map(|stub| (stub, it.class_of(stub)))) {
        let is_there = model.behavior.as_ref().is_some_and(|behavior| behavior.has(stub));
        let became = if is_there {
            format!("`{}` of `{class}`", stub.name)
        } else {
            format!("`{}`, missing in `{class}`", stub.name)
        };
        let django = format!("{django}.{}", stub.name);
        things.push(thing(stub.origin.element, django, became, stub.origin.reasons.iter().collect()));
    }
    for query in &model.queries {
        let what = if query.parameters.is_some() { "method" } else { "property" };
        let (became, django) = (format!("a {what} of `{}`", model.name), format!("{django}.{}", query.name));
        things.push(thing(query.origin.element, django, became, query.origin.reasons.iter().collect()));
    }
    for field in &model.fields {
        let (origin, django) = (&field.origin, format!("{django}.{}", field.name));
        let became = format!("a field of `{}`", model.name);
        let field_thing = thing(origin.element, django, became, origin.reasons.iter().collect());
        things.push(Thing { reverse: reverse(field), ..field_thing });
    }
    for generic in &model.generics {
        let (origin, django) = (&generic.origin, format!("{django}.{}", generic.name));
        let became = format!("a reference to rows of several tables in `{}`", model.name);
        things.push(thing(origin.element, django, became, origin.reasons.iter().collect()));
    }
    for relation in &model.generic_relations {
        let (origin, django) = (&relation.origin, format!("{django}.{}", relation.name));
        let became = format!("the way back from `{}` to `{}`", model.name, relation.to.name);
        things.push(thing(origin.element, django, became, origin.reasons.iter().collect()));
    }
    for constraint in &model.meta.constraints {
        let became = match &constraint.kind {
            ConstraintKind::Unique { fields, .. } => format!("unique ({})", fields.join(", ")),
            ConstraintKind::Check(_) => format!("a check of `{}`", model.name),
            ConstraintKind::NoOverlap { start, end, .. } => format!("ranges {start}..{end} that do not overlap"),
        };
        let django = format!("{django}.{}", constraint.name);
        things.push(thing(element, django, became, constraint.reasons.iter().collect()));
    }
    for index in &model.meta.indexes {
        let became = format!("an index ({})", index.fields.join(", "));
        things.push(thing(element, format!("{django}.{}", index.name), became, index.reasons.iter().collect()));
    }
}

/// The path of a relation from its other side.
fn reverse(field: &Field) -> Option<String> {
    let (to, name) = match (field.foreign_key(), field.many_to_many()) {
        (Some(key), _) => (&key.to, key.related_name.as_ref()),
        (_, Some(relation)) => (&relation.to, relation.related_name.as_ref()),
        _ => return None,
    };
    name.filter(|name| !name.contains(['+', '%'])).map(|name| format!("{}.{name}", to.dotted()))
}

/// Attributes without a column say why.
fn nothings<'a>(outcome: &'a Outcome, things: &mut Vec<Thing<'a>>) {
    let known: BTreeSet<Element> = things.iter().map(|thing| thing.element).collect();
    for (element, reasons) in &outcome.without_column {
        if !known.contains(element) {
            things.push(thing(*element, String::new(), "no column".to_owned(), reasons.iter().collect()));
        }
    }
    for (element, reason) in &outcome.without_stub {
        if !known.contains(element) {
            things.push(thing(*element, String::new(), "nothing".to_owned(), vec![reason]));
        }
    }
    for (element, translated) in &outcome.constraints {
        let became = format!("the rule `{}`", translated.text);
        things.push(thing(*element, String::new(), became, translated.reasons.iter().collect()));
    }
}

/// A relation answers for its association and all of its ends, a base for its generalization.
fn groups(outcome: &Outcome, things: &mut [Thing<'_>]) {
    let model = &outcome.model;
    let mut group: BTreeMap<Element, Vec<Element>> = BTreeMap::new();
    for association in model.associations.values() {
        let class = association.class.map(|class| model.classifiers[class].element);
        let ends = association.ends.iter().map(|&end| model.properties[end].element);
        let all: Vec<Element> = ends.chain([association.element]).chain(class).collect();
        for &element in &all {
            let known = group.entry(element).or_default();
            known.extend(all.iter().copied().filter(|other| *other != element));
        }
    }
    for classifier in model.classifiers.values() {
        let relations = classifier.generalizations.iter().chain(&classifier.realizations);
        group.entry(classifier.element).or_default().extend(relations.map(|relation| relation.element));
    }
    let classes: BTreeSet<Element> = model.classifiers.values().map(|classifier| classifier.element).collect();
    for thing in things {
        let Some(all) = group.get(&thing.element) else { continue };
        // A class is explained by its model alone.
        let is_class = classes.contains(&thing.element);
        thing.also.extend(all.iter().copied().filter(|other| is_class || !classes.contains(other)));
    }
}

/// Everything that `path` names: by Django path, by model path, by id or pattern, else by a shorter end of either path.
pub(super) fn find<'a, 'b>(things: &'a [Thing<'b>], path: &str, outcome: &Outcome) -> Vec<&'a Thing<'b>> {
    let paths = |thing: &Thing<'_>| -> Vec<String> {
        let drawn = thing.elements().map(|element| outcome.elements.path(element));
        drawn.chain([thing.django.clone()]).chain(thing.reverse.clone()).collect()
    };
    if let Some(id) = path.strip_prefix("id:") {
        let has_id = |element| outcome.elements.id(element) == Some(id);
        return things.iter().filter(|thing| thing.elements().any(has_id)).collect();
    }
    if path.contains('*') {
        return things.iter().filter(|thing| paths(thing).iter().any(|at| pattern::matches(path, at, None))).collect();
    }
    let exact: Vec<&Thing> = things.iter().filter(|thing| paths(thing).iter().any(|at| at == path)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let end = format!(".{path}");
    things.iter().filter(|thing| paths(thing).iter().any(|at| at.ends_with(&end))).collect()
}

/// Where a decision comes from, in words.
pub(super) fn because(because: &Because, places: &Places) -> String {
    match because {
        Because::Tag(span) => format!("tag, {}", places.name(*span)),
        Because::Setting { key, at: Some(span) } => format!("setting `{key}`, {}", places.name(*span)),
        Because::Setting { key, at: None } => format!("setting `{key}`"),
        Because::Rule { name, at: Some(span) } => format!("rule: {name}, {}", places.name(*span)),
        Because::Rule { name, at: None } => format!("rule: {name}"),
    }
}

/// A decision in one line, without its place: `PROTECT: a plain association, lower bound 1`.
pub(super) fn told(reason: &Reason) -> String {
    printable(&format!("{}: {}", reason.decision, reason.why))
}
