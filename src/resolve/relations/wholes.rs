//! Parts with several wholes: at most one of optional ones, and an error if two are required (U0801).

use std::collections::BTreeSet;

use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{CheckFact, Column, Count, Table, Tables, reason};
use crate::policy::deletion::KeyNature;
use crate::resolve::Context;
use crate::util::arena::Id;

/// More keys than this are not checked against each other.
const MANY_KEYS: usize = 8;

pub(super) fn run(cx: &Context<'_>, report: &mut Report, tables: &mut Tables) {
    let mut told: BTreeSet<(Id<Column>, Id<Column>)> = BTreeSet::new();
    // A key is one of several that stand for one whole, or that exclude each other: they have their own check.
    let checked: BTreeSet<Id<Column>> =
        tables.tables.values().flat_map(|table| &table.checks).flat_map(|check| check.columns.clone()).collect();
    let ids: Vec<_> = tables.tables.ids().collect();
    for id in ids {
        let mut above = tables.ancestors(id);
        above.reverse();
        let all: Vec<Id<Column>> = above.iter().chain([&id]).flat_map(|&table| wholes(tables, table)).collect();
        let required: Vec<Id<Column>> =
            all.iter().copied().filter(|column| tables.key(*column).is_some_and(|key| !key.null)).collect();
        if let [.., first, second] = required[..]
            && told.insert((first, second))
        {
            two_owners(cx, report, tables, id, first, second);
        }
        // A check reads columns of its own table only.
        let lenders = tables.lenders(id);
        let is_local = |column: &Id<Column>| {
            let table = tables.columns[*column].table;
            table == id || lenders.contains(&table)
        };
        let columns: Vec<Id<Column>> =
            all.into_iter().filter(|column| is_local(column) && !checked.contains(column)).collect();
        let has_own = columns.iter().any(|column| tables.columns[*column].table == id);
        if required.is_empty() && has_own && (2..=MANY_KEYS).contains(&columns.len()) {
            let because = Because::Rule { name: "a part has at most one whole", at: Some(tables.tables[id].span) };
            let reason = reason("a check on its wholes", format!("{} optional wholes", columns.len()), because);
            tables.tables[id].checks.push(CheckFact {
                columns,
                count: Count::AtMostOne,
                name: "one_whole".to_owned(),
                reason,
            });
        }
    }
}

/// The keys of a table that lead to wholes.
fn wholes(tables: &Tables, table: Id<Table>) -> Vec<Id<Column>> {
    let columns = tables.tables[table].columns.iter().copied();
    columns.filter(|column| tables.key(*column).is_some_and(|key| key.nature == KeyNature::Whole)).collect()
}

fn two_owners(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    part: Id<Table>,
    first: Id<Column>,
    second: Id<Column>,
) {
    let table = &tables.tables[part];
    let name = |column: Id<Column>| tables.key(column).map_or("", |key| &tables.tables[key.to].wish.text);
    report.add(
        Diagnostic::new(
            &codes::U0801,
            format!(
                "every `{}` must be part of `{}` and of `{}`",
                cx.elements.path(table.element),
                name(first),
                name(second)
            ),
        )
        .about(table.element)
        .here(tables.columns[second].span, "the second composition")
        .because(tables.columns[first].span, "the first composition")
        .help("make one whole optional, or draw an aggregation"),
    );
}
