//! No index and no constraint for which another one serves.

use super::Context;
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::constraint::IndexKind;
use crate::facts::{Column, ColumnKind, Columns, Facts, IndexFact, Indexes, Table, Tables, UniqueRule, reason};
use crate::policy::indexes::is_prefix;
use crate::source::Span;
use crate::util::arena::Id;

/// Leaves out what another index or constraint serves for, and the own index of keys that lead one.
pub(super) fn prune(cx: &Context<'_>, facts: &Facts, found: &mut Indexes, table: Id<Table>, report: &mut Report) {
    let tables = facts.tables();
    if let Some(uniques) = found.uniques.get_mut(table) {
        let mut kept: Vec<UniqueRule> = Vec::new();
        for unique in uniques.drain(..) {
            let known = kept.iter().any(|other| {
                sorted(&other.columns) == sorted(&unique.columns)
                    && other.functions == unique.functions
                    && other.condition == unique.condition
            });
            let is_plain = unique.functions.is_empty() && unique.condition.is_empty();
            if !(known || is_plain && is_single_unique(tables, &unique.columns)) {
                kept.push(unique);
            }
        }
        *uniques = kept;
    }
    // Whole constraints serve as indexes too; of the others only some rows stand in theirs.
    let uniques: Vec<Columns> = found
        .uniques
        .get(table)
        .into_iter()
        .flatten()
        .filter(|unique| unique.functions.is_empty() && unique.condition.is_empty())
        .map(|unique| &unique.columns)
        .chain(tables.tables[table].key.iter().map(|key| &key.columns))
        .map(|columns| columns.iter().map(|&column| (column, false)).collect())
        .collect();
    if let Some(indexes) = found.indexes.get_mut(table) {
        let all = indexes.clone();
        let mut place = 0;
        indexes.retain(|own| {
            let at = place;
            place += 1;
            let others = all.iter().enumerate().filter(|(other_at, _)| *other_at != at);
            let longer =
                others.filter(|(other_at, other)| serves(own, other) && (is_longer(own, other) || *other_at < at));
            let by_index = longer.map(|(_, other)| (other.columns.clone(), other.written)).next();
            let is_plain = own.kind == IndexKind::Plain && own.functions.is_empty() && own.include.is_empty();
            let by_unique = uniques
                .iter()
                .find(|unique| is_plain && own.condition.is_empty() && !own.with_key && is_prefix(&own.columns, unique))
                .map(|unique| (unique.clone(), None))
                .or_else(|| {
                    let columns: Vec<Id<Column>> = own.columns.iter().map(|(column, _)| *column).collect();
                    let has_one = is_plain && own.condition.is_empty() && is_single_unique(tables, &columns);
                    has_one.then(|| (own.columns.clone(), None))
                });
            let Some(longer) = by_index.or(by_unique) else { return true };
            if let Some(at) = own.written {
                let because = longer.1.unwrap_or(tables.columns[longer.0[0].0].span);
                redundant(cx, tables, table, (own, at), (&longer.0, because), report);
            }
            false
        });
    }
    leaders(facts, found, table);
}

fn sorted(columns: &[Id<Column>]) -> Vec<Id<Column>> {
    let mut columns = columns.to_vec();
    columns.sort();
    columns
}

fn is_single_unique(tables: &Tables, columns: &[Id<Column>]) -> bool {
    match columns {
        [only] => match &tables.columns[*only].kind {
            ColumnKind::Value(value) => value.unique || value.primary_key,
            ColumnKind::Key(key) => key.one_to_one,
            ColumnKind::Many(_) => true,
        },
        _ => false,
    }
}

/// Whether `long` finds what `short` finds.
fn serves(short: &IndexFact, long: &IndexFact) -> bool {
    let has_key = !short.with_key || (long.with_key && short.columns.len() == long.columns.len());
    short.kind == long.kind
        && short.condition == long.condition
        && (short.functions == long.functions || short.functions.is_empty() && !concerns(long, short))
        && (short.include.is_empty() || short.include == long.include)
        && has_key
        && is_prefix(&short.columns, &long.columns)
}

/// Whether a function of the longer index is about a column of the shorter one.
fn concerns(long: &IndexFact, short: &IndexFact) -> bool {
    long.functions.iter().any(|(column, _)| short.columns.iter().any(|(own, _)| own == column))
}

fn is_longer(short: &IndexFact, long: &IndexFact) -> bool {
    let length = |index: &IndexFact| (index.columns.len() + usize::from(index.with_key), index.include.len());
    length(long) > length(short)
}

fn redundant(
    cx: &Context<'_>,
    tables: &Tables,
    table: Id<Table>,
    (own, at): (&IndexFact, Span),
    (longer, because): (&Columns, Span),
    report: &mut Report,
) {
    let names = |columns: &Columns| {
        let names = columns.iter().map(|(column, _)| format!("`{}`", tables.columns[*column].wish.text));
        names.collect::<Vec<_>>().join(", ")
    };
    let element = tables.tables[table].element;
    let is_same = own.columns == *longer;
    let other = if is_same { "there anyway".to_owned() } else { format!("the beginning of index ({})", names(longer)) };
    let message = format!("index ({}) of `{}` is {other}", names(&own.columns), cx.elements.path(element));
    report.add(
        Diagnostic::new(&codes::U0903, message)
            .about(element)
            .here(at, "left out")
            .because(because, if is_same { "the other one" } else { "the longer one" })
            .help("take it out: the other one serves for both"),
    );
}

/// A key that leads a longer index or constraint needs none of its own.
fn leaders(facts: &Facts, found: &mut Indexes, table: Id<Table>) {
    let tables = facts.tables();
    let uniques = found.uniques.get(table).into_iter().flatten();
    let uniques = uniques.filter(|unique| unique.columns.len() > 1 && unique.condition.is_empty());
    let of_uniques = uniques
        .filter(|unique| unique.functions.iter().all(|(column, _)| *column != unique.columns[0]))
        .map(|unique| (unique.columns[0], "leads a unique constraint".to_owned()));
    let indexes = found.indexes.get(table).into_iter().flatten();
    let of_indexes = indexes
        .filter(|index| index.kind == IndexKind::Plain && index.condition.is_empty())
        .filter(|index| index.columns.len() > 1 || index.with_key)
        .filter_map(|index| Some((index.columns.first()?.0, "leads an index".to_owned())));
    let of_key = tables.tables[table].key.iter().map(|key| (key.columns[0], "leads the primary key".to_owned()));
    let leaders: Vec<(Id<Column>, String)> = of_key.chain(of_uniques).chain(of_indexes).collect();
    for (column, why) in leaders {
        let (is_key, tagged) = match &tables.columns[column].kind {
            ColumnKind::Key(key) => (!key.one_to_one, key.tagged),
            ColumnKind::Value(value) if tables.lookup(value).is_some() => {
                (!value.unique && !value.primary_key, tables.columns[column].element)
            }
            _ => continue,
        };
        // Who asks for an index of its own wants it beside the longer one.
        let is_asked = facts.tags().get(tagged, "db_index").is_some();
        // A key of an abstract model leads nothing in some of the tables below.
        if is_key && !is_asked && tables.columns[column].table == table && !found.without_index.contains(column) {
            let because =
                Because::Rule { name: "the longer index serves for the key", at: Some(tables.columns[column].span) };
            found.without_index.insert(column, reason("db_index=False", why, because));
        }
    }
}
