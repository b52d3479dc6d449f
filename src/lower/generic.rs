//! References to rows of several tables.

use std::collections::BTreeMap;

use super::Context;
use super::model::field_name;
use crate::decision::{Because, Reason};
use crate::django::expr::{Condition, Operand};
use crate::django::generic::{Generic, GenericRelation, Gone};
use crate::django::project::Origin;
use crate::django::{ModelKey, OnDelete};
use crate::facts::{Column, GenericFact, Table, reason};
use crate::python::Expr;
use crate::util::arena::Id;

/// The references that stand in a table.
pub(super) fn generics(cx: &Context<'_>, id: Id<Table>) -> Vec<Generic> {
    let named = cx.facts.tables().generics.iter().zip(&cx.facts.names().generics);
    let own = named.filter(|(fact, _)| fact.table == id);
    let lowered = own.filter_map(|(fact, names)| {
        let others = fact.targets.iter().find(|target| **target != id);
        Some(Generic {
            name: names.name.clone(),
            kind: field_name(cx, fact.kind),
            key: field_name(cx, fact.key),
            sample: cx.key(*others.or_else(|| fact.targets.first())?),
            origin: Origin { element: fact.element, reasons: reasons(fact, &names.name) },
            on_delete: match fact.on_delete.0 {
                OnDelete::Cascade => Gone::Cascade,
                OnDelete::Protect => Gone::Protect,
                _ => Gone::Nothing,
            },
        })
    });
    lowered.collect()
}

/// Why there is a reference, why it has its name, and why its row goes or stays.
fn reasons(fact: &GenericFact, name: &str) -> Vec<Reason> {
    let because = Because::Rule { name: fact.wish.why, at: Some(fact.wish.drawn.unwrap_or(fact.span)) };
    vec![fact.reason.clone(), reason(format!("name `{name}`"), fact.wish.why, because), fact.on_delete.1.clone()]
}

/// The ways back that start at a table.
pub(super) fn relations(cx: &Context<'_>, id: Id<Table>) -> Vec<GenericRelation> {
    let tables = cx.facts.tables();
    let named = tables.generics.iter().zip(&cx.facts.names().generics);
    let own: Vec<_> = named
        .flat_map(|(fact, names)| names.reverse.iter().map(move |reverse| (fact, reverse)))
        .filter(|(_, reverse)| reverse.from == id)
        .collect();
    if own.is_empty() {
        return Vec::new();
    }
    let below = tables.descendants(&tables.children(), id);
    let is_joined = below.iter().any(|&table| !tables.tables[table].is_proxy && !tables.tables[table].is_abstract);
    let lowered = own.into_iter().map(|(fact, reverse)| {
        let because = Because::Rule { name: "Django goes this way when the row goes", at: Some(fact.span) };
        let rule = fact.on_delete.0.name();
        GenericRelation {
            name: reverse.name.clone(),
            to: cx.key(reverse.holder),
            kind: field_name(cx, fact.kind),
            key: field_name(cx, fact.key),
            protects: fact.on_delete.0 == OnDelete::Protect,
            is_joined,
            origin: Origin {
                element: fact.element,
                reasons: vec![reason(
                    format!("GenericRelation `{}`", reverse.name),
                    format!("on_delete {rule}"),
                    because,
                )],
            },
        }
    });
    lowered.collect()
}

/// The reference whose content type a column holds.
pub(super) fn of_kind<'a>(cx: &'a Context<'_>, column: Id<Column>) -> Option<&'a GenericFact> {
    cx.facts.tables().generics.iter().find(|generic| generic.kind == column)
}

/// The content types that a reference may have: those of its targets and of what is below them.
pub(super) fn limit(cx: &Context<'_>, generic: &GenericFact) -> Option<Condition> {
    let tables = cx.facts.tables();
    let children = tables.children();
    let mut models: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for &target in &generic.targets {
        let target = tables.storage(target);
        for table in std::iter::once(target).chain(tables.descendants(&children, target)) {
            if tables.tables[table].is_proxy || tables.tables[table].is_abstract {
                continue;
            }
            let ModelKey { app, name } = cx.key(table);
            let known = models.entry(app).or_default();
            known.push(name.to_lowercase());
        }
    }
    let text = |field: &str, text: &str| Condition::Lookup {
        field: field.to_owned(),
        lookup: "",
        value: Operand::Literal(Expr::str(text)),
    };
    let mut apps: Vec<Condition> = models
        .into_iter()
        .map(|(app, mut names)| {
            names.sort();
            names.dedup();
            let model = match &names[..] {
                [only] => text("model", only),
                _ => Condition::Lookup {
                    field: "model".to_owned(),
                    lookup: "in",
                    value: Operand::Literal(Expr::List(names.iter().map(Expr::str).collect())),
                },
            };
            Condition::And(vec![text("app_label", &app), model])
        })
        .collect();
    match apps.len() {
        0 | 1 => apps.pop(),
        _ => Some(Condition::Or(apps)),
    }
}
