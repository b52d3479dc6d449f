//! Pass 7: what happens to the holder of a key when the referenced row goes.

mod asked;
mod cascade;
mod database;

use super::Context;
use crate::decision::{Because, Reason};
use crate::diagnostic::Report;
use crate::django::OnDelete;
use crate::facts::{Column, Count, Facts, KeyFact, Tables, reason};
use crate::policy::deletion::{self as policy, KeyNature};
use crate::source::Span;
use crate::util::arena::{Id, Map};

type Rules = Map<Column, (OnDelete, Reason)>;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Rules {
    let tables = facts.tables();
    let children = tables.children();
    let alternatives = alternatives(tables);
    let mut rules = Rules::new();
    for (id, key) in keys(tables) {
        let is_alternative = alternatives.contains(id);
        let rule = asked::rule(cx, facts, report, id, key, is_alternative);
        rules.insert(id, rule.unwrap_or_else(|| by_kind(cx, facts, id, key, is_alternative)));
    }
    cascade::together(cx, report, tables, &children, &mut rules);
    cascade::far_reaching(cx, report, tables, &children, &rules);
    database::run(cx, facts, report, &children, &mut rules);
    rules
}

fn keys(tables: &Tables) -> impl Iterator<Item = (Id<Column>, &KeyFact)> {
    tables.columns.ids().filter_map(|id| Some((id, tables.key(id)?)))
}

/// Keys of which just one is set in each row: emptying it would leave none.
fn alternatives(tables: &Tables) -> Map<Column, ()> {
    let mut found = Map::new();
    let checks = tables.tables.values().flat_map(|table| &table.checks);
    for column in checks.filter(|check| check.count == Count::ExactlyOne).flat_map(|check| &check.columns) {
        found.insert(*column, ());
    }
    found
}

/// The rule by the kind of relation.
fn by_kind(cx: &Context<'_>, facts: &Facts, id: Id<Column>, key: &KeyFact, is_alternative: bool) -> (OnDelete, Reason) {
    let column = &facts.tables().columns[id];
    // A key that lost its lower bound to a cycle protects as drawn.
    let required = match key.connection {
        Some(connection) if matches!(key.nature, KeyNature::Plain | KeyNature::Shared) => {
            let ends = &facts.connections().binary[connection].ends;
            ends.iter()
                .find(|end| end.property.is_some_and(|end| cx.model.properties[end].element == column.element))
                .map_or(!key.null, |end| end.multiplicity.value.is_required())
        }
        _ => !key.null,
    };
    let (rule, why) = if is_alternative && !required {
        policy::on_delete_of_one(key.nature)
    } else {
        policy::on_delete(key.nature, required)
    };
    let because = Because::Rule { name: why, at: Some(key.presence_at) };
    let why = reason(format!("on_delete {}", rule.name()), why, because);
    (rule, why)
}

/// Where a tag or a setting was written.
pub(super) fn place(because: &Because) -> Option<Span> {
    match because {
        Because::Tag(span) => Some(*span),
        Because::Setting { at, .. } | Because::Rule { at, .. } => *at,
    }
}
