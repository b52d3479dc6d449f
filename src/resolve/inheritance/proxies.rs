//! Proxies: classes for the rows of a table above them.

use super::{Context, repeated};
use crate::decision::{Because, Decision};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::facts::{AttributeKind, Facts, Form, Inheritance, Parent};
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

type Class = Id<Classifier>;

/// What a class below a table becomes: a proxy if that was asked for and it has no columns of its own.
pub(super) fn form(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    class: Class,
    decided: Decision<bool>,
) -> Decision<Form> {
    let plain = decided.map(|is_abstract| if is_abstract { Form::Abstract } else { Form::Table });
    let own = asked(cx, facts, class);
    let above = line(drawn, class).into_iter().find_map(|at| strategy(cx, facts, at, "proxy"));
    let Some(because) = own.or(above) else { return plain };
    match obstacle(cx, facts, found, drawn, class) {
        None => Decision { value: Form::Proxy, because: because.clone() },
        Some(why) => {
            // What was said of a whole hierarchy is meant for those that can be proxies.
            if own.is_some() {
                refuse(cx, report, class, because, &why);
            }
            plain
        }
    }
}

/// A class without a table above it cannot be a proxy.
pub(super) fn without_table(cx: &Context<'_>, facts: &Facts, report: &mut Report, class: Class) {
    if let Some(because) = asked(cx, facts, class) {
        refuse(cx, report, class, because, "no class above it has a table");
    }
}

fn asked<'f>(cx: &Context<'_>, facts: &'f Facts, class: Class) -> Option<&'f Because> {
    facts.tags().has(cx.model.classifiers[class].element, "proxy")
}

/// Whether the classes below one shall be stored by a strategy where they can.
pub(super) fn strategy<'f>(cx: &Context<'_>, facts: &'f Facts, class: Class, name: &str) -> Option<&'f Because> {
    let (tag, because) = facts.tags().text(cx.model.classifiers[class].element, "inheritance")?;
    tag.eq_ignore_ascii_case(name).then_some(because)
}

/// Why a class cannot be a proxy (`ModelBase.__new__`, models.E017).
fn obstacle(
    cx: &Context<'_>,
    facts: &Facts,
    found: &Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    class: Class,
) -> Option<String> {
    let parents: Vec<Class> = drawn.get(class).into_iter().flatten().map(|parent| parent.class).collect();
    let tables = parents.iter().filter(|parent| found.is_concrete(**parent)).count();
    if tables > 1 {
        return Some(format!("it has {tables} parents with tables"));
    }
    let name = |class: Class| cx.model.classifier_name(class);
    let above = line(drawn, class);
    for &at in above.iter().filter(|at| found.is_abstract(**at)) {
        let is_of_table = above.iter().any(|&table| found.is_concrete(table) && line(drawn, table).contains(&at));
        if !is_of_table && has_columns(facts, found, at) {
            return Some(format!("it inherits columns of `{}`, which has no table", name(at)));
        }
    }
    let inherited: Vec<_> = above.iter().flat_map(|&at| repeated::attributes(facts, found, at)).collect();
    let own = repeated::attributes(facts, found, class)
        .into_iter()
        .find(|own| stores(&own.kind) && !inherited.iter().any(|other| repeated::is_repeated(cx, own, other)));
    if let Some(own) = own {
        let name = crate::resolve::types::name(&cx.model.properties[own.property]);
        return Some(format!("`{name}` is a column of its own"));
    }
    holds(facts, class).then(|| "it holds a relation".to_owned())
}

fn stores(kind: &AttributeKind) -> bool {
    matches!(kind, AttributeKind::Column(_) | AttributeKind::Embedded { .. })
}

/// Whether a relation is stored in the table of a class.
fn holds(facts: &Facts, class: Class) -> bool {
    let mut binary = facts.connections().binary.values();
    binary.any(|connection| {
        connection.shape.as_ref().is_some_and(|(shape, _)| connection.ends[shape.holder()].class == class)
    })
}

pub(super) fn has_columns(facts: &Facts, found: &Inheritance, class: Class) -> bool {
    repeated::attributes(facts, found, class).iter().any(|own| stores(&own.kind)) || holds(facts, class)
}

/// Everything above a class.
pub(super) fn line(drawn: &Map<Classifier, Vec<Parent>>, class: Class) -> Vec<Class> {
    let mut all: Vec<Class> = Vec::new();
    let mut stack = vec![class];
    while let Some(at) = stack.pop() {
        for parent in drawn.get(at).into_iter().flatten() {
            if !all.contains(&parent.class) {
                all.push(parent.class);
                stack.push(parent.class);
            }
        }
    }
    all
}

fn refuse(cx: &Context<'_>, report: &mut Report, class: Class, because: &Because, why: &str) {
    let classifier = &cx.model.classifiers[class];
    let path = cx.elements.path(classifier.element);
    let at = match because {
        Because::Tag(at) | Because::Setting { at: Some(at), .. } => *at,
        Because::Setting { .. } | Because::Rule { .. } => classifier.span,
    };
    report.add(
        Diagnostic::new(&codes::U1004, format!("tag `proxy` of `{path}` cannot be used: {why}"))
            .about(classifier.element)
            .here(at, "it gets a table of its own")
            .help("a proxy is another class for the rows of one table, without columns of its own"),
    );
}
