//! Which more general classes become bases, in which order, and which roots need a key of their own.

use std::collections::BTreeSet;

use super::Context;
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{AttributeKind, Facts, Inheritance, Parent, ParentKind, reason};
use crate::graph::order;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

type Class = Id<Classifier>;

pub(super) fn choose(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &mut Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    sorted: &[Class],
) {
    for &class in sorted {
        let mut kept: Vec<Parent> = Vec::new();
        let candidates: Vec<&Parent> =
            drawn.get(class).into_iter().flatten().filter(|parent| found.has_model(parent.class)).collect();
        if !found.has_model(class) {
            continue;
        }
        // What lies above each candidate, itself included; of interest only where there are several.
        let mut above: Map<Classifier, BTreeSet<Class>> = Map::new();
        if candidates.len() > 1 {
            for parent in &candidates {
                above.insert(parent.class, upwards(found, parent.class));
            }
        }
        for &parent in &candidates {
            // A base that another base has as well adds nothing.
            let is_redundant = candidates.iter().any(|other| {
                other.class != parent.class && above.get(other.class).is_some_and(|above| above.contains(&parent.class))
            });
            if is_redundant {
                continue;
            }
            let mut parent = parent.clone();
            if found.is_concrete(parent.class) {
                let shared = kept.iter().filter(|other| other.kind == ParentKind::Base).find_map(|other| {
                    let top = common(cx, facts, found, &above, other.class, parent.class)?;
                    found.is_concrete(other.class).then_some((other.clone(), top))
                });
                if let Some((other, top)) = shared {
                    diamond(cx, report, class, &other, &parent, top);
                    parent.kind = ParentKind::OneToOne;
                }
            }
            kept.push(parent);
        }
        // Tables before abstract models: their fields win, and Django does not ask twice.
        kept.sort_by_key(|parent| found.is_abstract(parent.class));
        if !kept.is_empty() {
            found.parents.insert(class, kept);
        }
    }
    app_cycles(cx, facts, report, found);
    linearize(found, sorted);
    for &class in sorted {
        let tables: Vec<&Parent> = found.bases(class).filter(|parent| found.is_concrete(parent.class)).collect();
        if tables.len() > 1 {
            let classifier = &cx.model.classifiers[class];
            let mut diagnostic = Diagnostic::new(
                &codes::U0702,
                format!(
                    "`{}` has {} concrete parents; it becomes {} joined tables",
                    cx.elements.path(classifier.element),
                    tables.len(),
                    tables.len() + 1
                ),
            )
            .about(classifier.element)
            .here(tables[1].span, "a further generalization")
            .because(tables[0].span, "the first one");
            for parent in tables.iter().skip(2) {
                diagnostic = diagnostic.because(parent.span, "and another one");
            }
            report.add(diagnostic.help("make all parents but one abstract"));
        }
    }
}

/// A class and everything above it.
fn upwards(found: &Inheritance, class: Class) -> BTreeSet<Class> {
    let mut all = BTreeSet::from([class]);
    let mut stack = vec![class];
    while let Some(at) = stack.pop() {
        for parent in found.bases(at) {
            if all.insert(parent.class) {
                stack.push(parent.class);
            }
        }
    }
    all
}

/// A class above both whose columns both would have.
fn common(
    cx: &Context<'_>,
    facts: &Facts,
    found: &Inheritance,
    above: &Map<Classifier, BTreeSet<Class>>,
    one: Class,
    other: Class,
) -> Option<Class> {
    let _ = cx;
    let (one, other) = (above.get(one)?, above.get(other)?);
    one.intersection(other).copied().find(|&class| found.is_concrete(class) || has_columns(facts, class))
}

fn has_columns(facts: &Facts, class: Class) -> bool {
    facts
        .types()
        .of(class)
        .iter()
        .any(|attribute| matches!(attribute.kind, AttributeKind::Column(_) | AttributeKind::Embedded { .. }))
        || facts.connections().binary.values().any(|connection| {
            connection.shape.as_ref().is_some_and(|(shape, _)| connection.ends[shape.holder()].class == class)
        })
}

fn diamond(cx: &Context<'_>, report: &mut Report, class: Class, first: &Parent, second: &Parent, top: Class) {
    let classifier = &cx.model.classifiers[class];
    let name = |class| cx.model.classifier_name(class);
    report.add(
        Diagnostic::new(
            &codes::U0707,
            format!(
                "`{}` reaches `{}` through `{}` and `{}`; Django has no such table",
                cx.elements.path(classifier.element),
                name(top),
                name(first.class),
                name(second.class)
            ),
        )
        .about(classifier.element)
        .here(second.span, "the second path, which becomes a one-to-one")
        .because(first.span, "the first path")
        .help(format!("make `{}` abstract, or draw the second path as an association", name(top))),
    );
}

/// Concrete inheritance must be acyclic between apps, or Python cannot import the modules.
fn app_cycles(cx: &Context<'_>, facts: &Facts, report: &mut Report, found: &mut Inheritance) {
    let app = |class| facts.apps().of.get(class).map_or(0, |app| app.index());
    loop {
        let mut edges = Vec::new();
        for (class, parents) in found.parents.iter() {
            for (index, parent) in parents.iter().enumerate() {
                let crosses = app(class) != app(parent.class);
                if parent.kind == ParentKind::Base && found.is_concrete(parent.class) && crosses {
                    edges.push((class, index, parent.clone()));
                }
            }
        }
        let plain: Vec<(usize, usize)> =
            edges.iter().map(|(class, _, parent)| (app(*class), app(parent.class))).collect();
        let cycles = order::cycles(facts.apps().list.len(), &plain);
        let Some(cycle) = cycles.first() else { return };
        let inside: Vec<&(Class, usize, Parent)> = edges
            .iter()
            .filter(|(class, _, parent)| cycle.contains(&app(*class)) && cycle.contains(&app(parent.class)))
            .collect();
        let Some((class, index, last)) = inside.last() else { return };
        let label = |index: usize| facts.apps().list[Id::new(index)].label.clone();
        let mut diagnostic = Diagnostic::new(
            &codes::U0708,
            format!("classes of `{}` inherit from `{}`, and the reverse", label(app(*class)), label(app(last.class))),
        )
        .about(cx.model.classifiers[*class].element)
        .here(last.span, "becomes a one-to-one");
        for (_, _, other) in inside.iter().rev().skip(1).take(3) {
            diagnostic = diagnostic.because(other.span, "closes the cycle");
        }
        report.add(
            diagnostic
                .note("Python cannot import modules in a circle")
                .help("move one of the classes, or tag it `hoist`: then it stands in the app of its parent"),
        );
        if let Some(parent) = found.parents.get_mut(*class).and_then(|parents| parents.get_mut(*index)) {
            parent.kind = ParentKind::OneToOne;
        }
    }
}

/// Python needs a consistent order of all bases (C3). Where the drawn order has none, all classes take one order: children
/// before parents, later ones first.
fn linearize(found: &mut Inheritance, sorted: &[Class]) {
    if is_consistent(found, sorted) {
        return;
    }
    let mut place: Map<Classifier, usize> = Map::new();
    for (index, class) in sorted.iter().rev().enumerate() {
        place.insert(*class, index);
    }
    let classes: Vec<Class> = found.parents.iter().map(|(class, _)| class).collect();
    for class in classes {
        if let Some(parents) = found.parents.get_mut(class) {
            parents.sort_by_key(|parent| place.get(parent.class).copied());
        }
    }
}

fn is_consistent(found: &Inheritance, sorted: &[Class]) -> bool {
    if sorted.iter().all(|&class| found.bases(class).count() < 2) {
        return true;
    }
    let mut orders: Map<Classifier, Vec<Class>> = Map::new();
    for &class in sorted {
        let parents: Vec<Class> = found.bases(class).map(|parent| parent.class).collect();
        let mut lists: Vec<&[Class]> =
            parents.iter().filter_map(|parent| orders.get(*parent)).map(Vec::as_slice).collect();
        lists.push(&parents);
        let Some(mut merged) = merge(lists) else { return false };
        merged.insert(0, class);
        orders.insert(class, merged);
    }
    true
}

fn merge(mut lists: Vec<&[Class]>) -> Option<Vec<Class>> {
    let mut merged = Vec::new();
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return Some(merged);
        }
        let head = lists.iter().map(|list| list[0]).find(|head| lists.iter().all(|list| !list[1..].contains(head)))?;
        merged.push(head);
        for list in &mut lists {
            if list[0] == head {
                *list = &list[1..];
            }
        }
    }
}

/// Roots that share a child with another root need a key with a name of its own.
pub(super) fn keys(cx: &Context<'_>, facts: &Facts, report: &mut Report, found: &mut Inheritance, sorted: &[Class]) {
    let _ = report;
    let is_root = |found: &Inheritance, class: Class| {
        found.is_concrete(class) && found.ancestors(class).iter().all(|&above| found.is_abstract(above))
    };
    let mut incoming: Map<Classifier, usize> = Map::new();
    for connection in facts.connections().binary.values() {
        if let Some((shape, _)) = &connection.shape {
            let target = connection.ends[1 - shape.holder()].class;
            let count = incoming.get(target).copied().unwrap_or_default();
            incoming.insert(target, count + 1);
        }
    }
    for &class in sorted {
        let mut roots: Vec<Class> =
            found.ancestors(class).iter().copied().filter(|&above| is_root(found, above)).collect();
        if roots.len() < 2 || !found.is_concrete(class) {
            continue;
        }
        roots.sort_by_key(|root| (std::cmp::Reverse(incoming.get(*root).copied().unwrap_or_default()), *root));
        for root in roots.into_iter().skip(1) {
            if !found.explicit_key.contains(root) {
                let name = cx.model.classifier_name(root);
                let because = Because::Rule {
                    name: "further parents need a key with a name of its own",
                    at: Some(cx.model.classifiers[class].span),
                };
                let why = format!("{} inherits from several tables", cx.model.classifier_name(class));
                found.explicit_key.insert(root, reason(format!("an explicit key on {name}"), why, because));
            }
        }
    }
}
