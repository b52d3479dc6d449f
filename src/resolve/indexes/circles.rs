//! Rows that are ordered by other rows which are ordered by them: Django follows the key to the order of its target, and would go
//! round for ever. Such a key orders by its own value.

use std::collections::BTreeMap;

use crate::decision::{Because, Reason};
use crate::facts::{Column, ColumnKind, OrderingFact, Table, Tables, reason};
use crate::graph::order;
use crate::util::arena::{Id, Map};

/// Keys that order by their own value, and why.
pub(super) fn keys(tables: &Tables, ordering: &Map<Table, OrderingFact>) -> Map<Column, Reason> {
    // A table below another one has the order of that one.
    let order_of = |table: Id<Table>| {
        std::iter::once(table).chain(tables.ancestors(table)).find(|&above| ordering.contains(above))
    };
    let mut steps: Vec<(Id<Column>, (usize, usize))> = Vec::new();
    for table in tables.tables.ids() {
        let columns = ordering.get(table).map_or(&[][..], |(columns, _)| columns);
        for &(column, _) in columns {
            if let ColumnKind::Key(key) = &tables.columns[column].kind
                && let Some(target) = order_of(key.to)
            {
                steps.push((column, (table.index(), target.index())));
            }
        }
    }
    let edges: Vec<(usize, usize)> = steps.iter().map(|(_, edge)| *edge).collect();
    let circles = order::cycles(tables.tables.len(), &edges);
    let circles = circles.iter().enumerate().flat_map(|(number, part)| part.iter().map(move |&node| (node, number)));
    let circles: BTreeMap<usize, usize> = circles.collect();
    let mut found = Map::default();
    for (column, (from, to)) in steps {
        if circles.contains_key(&from) && circles.get(&from) == circles.get(&to) {
            let at = Some(tables.columns[column].span);
            let because = Because::Rule { name: "what a key leads to is ordered by it in turn", at };
            found.insert(
                column,
                reason("ordering by the value of the key", "two orders would wait for each other", because),
            );
        }
    }
    found
}
