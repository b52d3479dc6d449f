//! Which class holds the column of each relation, and whether that may be empty.

use std::collections::BTreeSet;

use super::Context;
use crate::decision::{Because, Decision};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{Connection, Connections, Facts, reason};
use crate::policy::plural;
use crate::policy::relations::{self, Owner, Shape};
use crate::util::arena::Id;
use crate::util::words;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Connections {
    let mut connections = facts.connections().clone();
    let mut open: Vec<Id<Connection>> = Vec::new();
    let mut depends: BTreeSet<(usize, usize)> = BTreeSet::new();
    let app = |class| facts.apps().of.get(class).map(|app| app.index());
    for classifier in cx.model.classifiers.ids() {
        for generalization in &cx.model.classifiers[classifier].generalizations {
            if let (Some(from), Some(to)) = (app(classifier), app(generalization.general)) {
                depends.insert((from, to));
            }
        }
    }
    let ids: Vec<_> = connections.binary.ids().collect();
    for id in ids {
        let connection = &connections.binary[id];
        let sides = connection.ends.each_ref().map(crate::facts::End::side);
        let asked = asked_owner(cx, facts, connection).filter(|(owner, ..)| allows(&sides, *owner));
        let decided = match asked {
            Some((owner, because)) => Some((owner, "asked for", because)),
            None => match relations::owner(&sides) {
                Owner::Decided(owner, rule) => {
                    Some((owner, rule, Because::Rule { name: rule, at: Some(connection.span) }))
                }
                Owner::Open => None,
            },
        };
        let Some((owner, rule, because)) = decided else {
            open.push(id);
            continue;
        };
        let ends = &connection.ends;
        if let (Some(from), Some(to)) = (app(ends[owner].class), app(ends[1 - owner].class)) {
            depends.insert((from, to));
        }
        set(cx, &mut connections.binary[id], relations::shape(&sides, owner), rule, because);
    }
    for id in open {
        let connection = &connections.binary[id];
        let sides = connection.ends.each_ref().map(crate::facts::End::side);
        let classes = connection.ends.each_ref().map(|end| end.class);
        let apps = classes.map(app);
        let needs = |from: usize, to: usize| match (apps[from], apps[to]) {
            (Some(a), Some(b)) => a != b && depends.contains(&(a, b)),
            _ => false,
        };
        let names = classes.map(|class| cx.model.classifier_name(class));
        let (owner, rule, is_unclear) = relations::by_app(&sides, [needs(0, 1), needs(1, 0)], names);
        if is_unclear && classes[0] != classes[1] {
            let mut diagnostic = Diagnostic::new(
                &codes::U0603,
                format!("either `{}` or `{}` could hold the column; `{}` does", names[0], names[1], names[owner]),
            )
            .about(connection.element)
            .here(connection.span, "a one-to-one that nothing decides");
            for class in classes {
                diagnostic = diagnostic.because(cx.model.classifiers[class].span, "one of the classes");
            }
            report.add(diagnostic.help("draw one arrow, or choose with the tag `owner`"));
        }
        let because = Because::Rule { name: rule, at: Some(connection.span) };
        set(cx, &mut connections.binary[id], relations::shape(&sides, owner), rule, because);
    }
    connections
}

/// Only one-to-one and many-to-many relations leave a choice.
fn allows(sides: &[relations::Side; 2], owner: usize) -> bool {
    let many = [0, 1].map(|side| relations::is_many(sides, side));
    many[0] == many[1] || many[owner]
}

/// The tag `owner` names the end whose class holds the column.
fn asked_owner(cx: &Context<'_>, facts: &Facts, connection: &Connection) -> Option<(usize, Because)> {
    let (wanted, because) = facts.tags().text(connection.element, "owner")?;
    let at = (0..2).find(|&end| {
        let end = &connection.ends[end];
        end.role.as_ref().is_some_and(|role| role.value == wanted) || cx.model.classifier_name(end.class) == wanted
    })?;
    Some((at, because.clone()))
}

fn set(cx: &Context<'_>, connection: &mut Connection, shape: Shape, rule: &'static str, because: Because) {
    let holder = shape.holder();
    let holder_name = cx.model.classifier_name(connection.ends[holder].class);
    let target = cx.model.classifier_name(connection.ends[1 - holder].class);
    let (what, why) = match shape {
        Shape::ForeignKey { .. } => {
            let (many, one) = (plural::plural(&words::snake(holder_name)), words::snake(target));
            (format!("ForeignKey on {holder_name}"), format!("many {many} per {one}").replace('_', " "))
        }
        Shape::OneToOne { .. } => (format!("OneToOneField on {holder_name}"), rule.to_owned()),
        Shape::ManyToMany { .. } => (format!("ManyToManyField on {holder_name}"), rule.to_owned()),
    };
    let mut reasons = vec![reason(what, why, because)];
    if let Shape::ForeignKey { null, .. } | Shape::OneToOne { null, .. } = shape {
        let multiplicity: &Decision<_> = &connection.ends[1 - holder].multiplicity;
        let decision = if null { "null" } else { "not null" };
        reasons.push(reason(decision, format!("multiplicity {}", multiplicity.value), multiplicity.because.clone()));
    }
    connection.shape = Some((shape, reasons));
}
