//! Pass 10: the order of models in each app: abstract models first, parents before children, what is referred to before what
//! refers to it, otherwise model order.

use crate::facts::{ColumnKind, Facts, Table, TableSubject};
use crate::graph::order;
use crate::util::arena::Id;

pub(super) fn run(facts: &Facts) -> Vec<Vec<Id<Table>>> {
    let tables = facts.tables();
    // Model order: tables that we add stand after the class that they belong to.
    let mut all: Vec<Id<Table>> = tables.tables.ids().collect();
    let class_of = |id: Id<Table>| match tables.tables[id].subject {
        TableSubject::Class(class) | TableSubject::Values(class, _) | TableSubject::Lookup(class) => {
            (class.index(), id)
        }
        TableSubject::Links(connection) => {
            let connection = &facts.connections().binary[connection];
            let owner = connection.shape.as_ref().map_or(0, |(shape, _)| shape.holder());
            (connection.ends[owner].class.index(), id)
        }
        TableSubject::Nary(_) | TableSubject::Upkeep(_) => (usize::MAX, id),
    };
    all.sort_by_key(|&id| class_of(id));
    let mut place = vec![0; all.len()];
    for (index, id) in all.iter().enumerate() {
        place[id.index()] = index;
    }
    let mut parents: Vec<(usize, usize)> = Vec::new();
    for (id, table) in tables.tables.iter() {
        parents.extend(table.bases.iter().map(|base| (place[id.index()], place[base.index()])));
    }
    let mut keys: Vec<(usize, usize)> = Vec::new();
    for column in tables.columns.values() {
        let to = match &column.kind {
            ColumnKind::Key(key) => key.to,
            ColumnKind::Many(many) if many.through.is_none() => many.to,
            ColumnKind::Value(value) => match tables.lookup(value) {
                Some(lookup) => lookup.table,
                None => continue,
            },
            ColumnKind::Many(_) => continue,
        };
        keys.push((place[column.table.index()], place[to.index()]));
    }
    // References in a circle say nothing about the order; generalizations are never circular.
    let both: Vec<(usize, usize)> = parents.iter().chain(&keys).copied().collect();
    let mut part = vec![usize::MAX; all.len()];
    for (number, cycle) in order::cycles(all.len(), &both).into_iter().enumerate() {
        for node in cycle {
            part[node] = number;
        }
    }
    keys.retain(|&(from, to)| part[from] == usize::MAX || part[from] != part[to]);
    parents.extend(keys);
    let sorted = order::dependencies_first(all.len(), &parents);
    let mut found = vec![Vec::new(); facts.apps().list.len()];
    for abstract_first in [true, false] {
        for &node in &sorted {
            let id = all[node];
            let table = &tables.tables[id];
            if table.is_abstract == abstract_first {
                found[table.app.index()].push(id);
            }
        }
    }
    found
}
