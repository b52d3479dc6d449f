//! Pass 9: unique constraints, checks and indexes of each table, without those that another one serves for.

use super::Context;
use crate::decision::Because;
use crate::facts::{CheckFact, Column, ColumnKind, Facts, IndexFact, Indexes, Table, Tables, UniqueFact, reason};
use crate::policy::indexes::is_prefix;
use crate::policy::naming;
use crate::util::arena::Id;

pub(super) fn run(cx: &Context<'_>, facts: &Facts) -> Indexes {
    let _ = cx;
    let tables = facts.tables();
    let children = tables.children();
    let mut found = Indexes::default();
    for (id, table) in tables.tables.iter() {
        // What an abstract model demands stands in the tables below it.
        let mut uniques: Vec<UniqueFact> = table.uniques.clone();
        uniques.extend(asked_uniques(facts, id));
        let checks: Vec<CheckFact> = table.checks.clone();
        for holder in tables.holders(&children, id) {
            append(&mut found.uniques, holder, &uniques);
            append(&mut found.checks, holder, &checks);
        }
        if table.is_abstract {
            continue;
        }
        if let Some((columns, because)) = asked_ordering(facts, id) {
            let why = reason("ordering", "asked for", because.clone());
            append(
                &mut found.indexes,
                id,
                &[IndexFact {
                    columns: columns.clone(),
                    with_key: true,
                    reason: reason("an index", "lists are ordered by it", because),
                }],
            );
            found.ordering.insert(id, (columns, why));
        }
        if let Some(position) = table.position {
            let at = Some(tables.columns[position.position].span);
            let because = Because::Rule { name: "rows are listed in order within their owner", at };
            let index = IndexFact {
                columns: vec![(position.owner, false), (position.position, false)],
                with_key: false,
                reason: reason("an index", "the order within the owner", because),
            };
            append(&mut found.indexes, id, &[index]);
        }
        append(&mut found.indexes, id, &asked_indexes(facts, id));
    }
    for id in tables.tables.ids() {
        prune(tables, &mut found, id);
    }
    found
}

fn append<T: Clone>(map: &mut crate::util::arena::Map<Table, Vec<T>>, table: Id<Table>, more: &[T]) {
    if more.is_empty() {
        return;
    }
    match map.get_mut(table) {
        Some(list) => list.extend_from_slice(more),
        None => {
            map.insert(table, more.to_vec());
        }
    }
}

/// Columns by the names of attributes or fields, `-` in front of descending ones; `None` if one is unknown.
fn columns(facts: &Facts, table: Id<Table>, list: &str, separator: char) -> Option<Vec<(Id<Column>, bool)>> {
    let tables = facts.tables();
    let mut found = Vec::new();
    for word in list.split(separator).map(str::trim).filter(|word| !word.is_empty()) {
        let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name.trim(), true));
        let wanted = naming::snake(name);
        let column = tables.tables[table].columns.iter().copied().find(|&column| {
            !matches!(tables.columns[column].kind, ColumnKind::Many(_))
                && (naming::snake(&tables.columns[column].wish.text) == wanted
                    || facts.names().columns.get(column).is_some_and(|(name, _)| *name == wanted))
        })?;
        found.push((column, descending));
    }
    (!found.is_empty()).then_some(found)
}

fn asked_uniques(facts: &Facts, table: Id<Table>) -> Vec<UniqueFact> {
    let Some((text, because)) = facts.tags().text(facts.tables().tables[table].element, "unique") else {
        return Vec::new();
    };
    text.split(';')
        .filter_map(|list| columns(facts, table, list, '+'))
        .map(|columns| UniqueFact {
            columns: columns.into_iter().map(|(column, _)| column).collect(),
            reason: reason("a unique constraint", "asked for", because.clone()),
        })
        .collect()
}

fn asked_indexes(facts: &Facts, table: Id<Table>) -> Vec<IndexFact> {
    let Some((text, because)) = facts.tags().text(facts.tables().tables[table].element, "index") else {
        return Vec::new();
    };
    text.split(';')
        .filter_map(|list| columns(facts, table, list, ','))
        .map(|columns| IndexFact { columns, with_key: false, reason: reason("an index", "asked for", because.clone()) })
        .collect()
}

type Asked = (Vec<(Id<Column>, bool)>, Because);

fn asked_ordering(facts: &Facts, table: Id<Table>) -> Option<Asked> {
    let tables = facts.tables();
    let joined = tables.tables[table].bases.iter().any(|&base| !tables.tables[base].is_abstract);
    let (text, because) = facts.tags().text(tables.tables[table].element, "ordering")?;
    let found = columns(facts, table, text, ',')?;
    (!joined).then(|| (found, because.clone()))
}

/// Leaves out what another index or constraint serves for, and the own index of keys that lead one.
fn prune(tables: &Tables, found: &mut Indexes, table: Id<Table>) {
    let is_single_unique = |columns: &[Id<Column>]| match columns {
        [only] => match &tables.columns[*only].kind {
            ColumnKind::Value(value) => value.unique || value.primary_key,
            ColumnKind::Key(key) => key.one_to_one,
            ColumnKind::Many(_) => true,
        },
        _ => false,
    };
    if let Some(uniques) = found.uniques.get_mut(table) {
        let mut kept: Vec<UniqueFact> = Vec::new();
        for unique in uniques.drain(..) {
            let mut sorted = unique.columns.clone();
            sorted.sort();
            let known = kept.iter().any(|other| {
                let mut other = other.columns.clone();
                other.sort();
                other == sorted
            });
            if !known && !is_single_unique(&unique.columns) {
                kept.push(unique);
            }
        }
        *uniques = kept;
    }
    let uniques: Vec<Vec<(Id<Column>, bool)>> = found
        .uniques
        .get(table)
        .into_iter()
        .flatten()
        .map(|unique| unique.columns.iter().map(|&column| (column, false)).collect())
        .collect();
    if let Some(indexes) = found.indexes.get_mut(table) {
        let all = indexes.clone();
        let mut index = 0;
        indexes.retain(|own| {
            let at = index;
            index += 1;
            let longer = all.iter().enumerate().any(|(other_at, other)| {
                other_at != at
                    && !own.with_key
                    && is_prefix(&own.columns, &other.columns)
                    && (own.columns.len() < other.columns.len() || other_at < at)
            });
            !longer && !uniques.iter().any(|unique| !own.with_key && is_prefix(&own.columns, unique))
        });
    }
    let leaders: Vec<(Id<Column>, String)> = found
        .uniques
        .get(table)
        .into_iter()
        .flatten()
        .filter(|unique| unique.columns.len() > 1)
        .map(|unique| (unique.columns[0], "leads a unique constraint".to_owned()))
        .chain(found.indexes.get(table).into_iter().flatten().filter_map(|index| {
            let (first, _) = index.columns.first()?;
            (index.columns.len() > 1 || index.with_key).then(|| (*first, "leads an index".to_owned()))
        }))
        .collect();
    for (column, why) in leaders {
        let is_key = matches!(&tables.columns[column].kind, ColumnKind::Key(key) if !key.one_to_one);
        // A key of an abstract model leads nothing in some of the tables below.
        if is_key && tables.columns[column].table == table && !found.without_index.contains(column) {
            let because =
                Because::Rule { name: "the longer index serves for the key", at: Some(tables.columns[column].span) };
            found.without_index.insert(column, reason("db_index=False", why, because));
        }
    }
}
