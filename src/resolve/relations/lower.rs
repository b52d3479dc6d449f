//! Many-to-many relations that lead to one object at least: forms and the API can ask for it, as long as one can come first.

use crate::decision::Because;
use crate::facts::{Column, ColumnKind, Facts, Tables, reason};
use crate::graph::order;
use crate::util::arena::Id;

pub(super) fn run(facts: &Facts, tables: &mut Tables) {
    let mut needs = needed(tables);
    let columns: Vec<Id<Column>> = tables.columns.ids().collect();
    for id in columns {
        let column = &tables.columns[id];
        let ColumnKind::Many(many) = &column.kind else { continue };
        let Some(connection) = many.connection else { continue };
        let ends = &facts.connections().binary[connection].ends;
        let is_there = |class| tables.of_class.get(class) == Some(&many.to);
        let Some(far) = ends.iter().find(|end| is_there(end.class)) else { continue };
        let (from, to) = (column.table, many.to);
        if many.through.is_some() || from == to || !far.multiplicity.value.is_required() {
            continue;
        }
        // What must be there first must not need this one.
        if order::shortest_path(tables.tables.len(), &needs, to.index(), from.index()).is_some() {
            continue;
        }
        let at = Some(crate::resolve::ends::evidence(&far.multiplicity, far.span));
        let because = Because::Rule { name: "forms ask for as many as there must be", at };
        let why = reason("at least one", format!("multiplicity {}", far.multiplicity.value), because);
        needs.push((from.index(), to.index()));
        let column = &mut tables.columns[id];
        column.reasons.push(why);
        if let ColumnKind::Many(many) = &mut column.kind {
            many.required = true;
        }
    }
}

/// Which table's rows need a row of which: by keys that must not be empty, and by inheritance in both directions, because a
/// row may have to be one of a child.
fn needed(tables: &Tables) -> Vec<(usize, usize)> {
    let keys = tables.columns.values().filter_map(|column| match &column.kind {
        ColumnKind::Key(key) if !key.null => Some((column.table.index(), key.to.index())),
        _ => None,
    });
    let bases = tables.tables.iter().flat_map(|(id, table)| {
        table.bases.iter().flat_map(move |base| [(id.index(), base.index()), (base.index(), id.index())])
    });
    keys.chain(bases).collect()
}
