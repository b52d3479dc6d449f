//! Pass 9: unique constraints, checks and indexes of each table, without those that another one serves for.

mod circles;
mod lists;
mod prune;
mod written;

use super::Context;
use crate::decision::Because;
use crate::diagnostic::Report;
use crate::django::field::Validator;
use crate::django::pattern;
use crate::facts::{
    CheckFact, Column, ColumnKind, Columns, Count, Facts, IndexFact, Indexes, Table, TestFact, UniqueRule, reason,
};
use crate::util::arena::{Id, Map};

/// Columns, and where they were asked for.
type Asked = (Columns, Because);

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Indexes {
    let tables = facts.tables();
    let children = tables.children();
    let scope = Scope { cx, facts };
    let mut found = Indexes::default();
    for (id, table) in tables.tables.iter() {
        // What an abstract model demands stands in the tables below it.
        let uniques: Vec<UniqueRule> = table
            .uniques
            .iter()
            .map(|unique| UniqueRule {
                columns: unique.columns.clone(),
                functions: Vec::new(),
                condition: Vec::new(),
                reason: unique.reason.clone(),
            })
            .collect();
        let mut checks: Vec<CheckFact> = table.checks.clone();
        checks.extend(literal_checks(cx, facts, table));
        checks.extend(pattern_checks(cx, facts, table));
        for holder in tables.holders(&children, id) {
            append(&mut found.uniques, holder, &uniques);
            append(&mut found.checks, holder, &checks);
        }
    }
    for (id, table) in tables.tables.iter().filter(|(_, table)| !table.is_abstract) {
        if table.is_proxy {
            scope.refuse_of_proxy(id, report);
            if let Some((columns, because)) = scope.asked_ordering(id, report) {
                let why = reason("ordering", "asked for", because);
                found.ordering.insert(id, (columns, why));
            }
            continue;
        }
        append(&mut found.uniques, id, &scope.asked_uniques(id, report));
        append(&mut found.overlaps, id, &scope.asked_overlaps(id, report));
        let mut indexes = Vec::new();
        let ordering = scope.asked_ordering(id, report);
        if let Some((columns, because)) = &ordering {
            let why = reason("an index", "lists are ordered by it", because.clone());
            indexes.push(IndexFact { with_key: true, ..IndexFact::new(columns.clone(), why) });
            let why = reason("ordering", "asked for", because.clone());
            found.ordering.insert(id, (columns.clone(), why));
        }
        if let Some(position) = table.position {
            let at = Some(tables.columns[position.position].span);
            let because = Because::Rule { name: "rows are listed in order within their owner", at };
            let columns = vec![(position.owner, false), (position.position, false)];
            indexes.push(IndexFact::new(columns, reason("an index", "the order within the owner", because)));
        }
        let (list, more) = scope.lists(id, ordering.as_ref().map(|(columns, _)| columns), report);
        indexes.extend(more);
        indexes.extend(scope.asked_indexes(id, report));
        found.lists.insert(id, list);
        append(&mut found.indexes, id, &indexes);
    }
    for generic in &tables.generics {
        let because = Because::Rule { name: "content type and key find the row together", at: Some(generic.span) };
        let columns = vec![(generic.kind, false), (generic.key, false)];
        let index = IndexFact::new(columns, reason("an index", "a reference by content type", because));
        for holder in tables.holders(&children, generic.table) {
            append(&mut found.indexes, holder, std::slice::from_ref(&index));
        }
    }
    // What a deleted row had, another one may have; only `clean()` knows that of ranges.
    for (table, &column) in tables.marks.iter() {
        for unique in found.uniques.get_mut(table).into_iter().flatten() {
            unique.condition.push(TestFact::is_null(column));
        }
        for overlap in found.overlaps.get_mut(table).into_iter().flatten() {
            overlap.range = None;
        }
    }
    found.by_value = circles::keys(tables, &found.ordering);
    for id in tables.tables.ids() {
        prune::prune(cx, facts, &mut found, id, report);
    }
    found
}

/// What questions about a table's columns need.
pub(super) struct Scope<'a, 'b> {
    pub(super) cx: &'a Context<'b>,
    pub(super) facts: &'a Facts,
}

impl Scope<'_, '_> {
    /// The columns that a table has itself.
    fn columns(&self, table: Id<Table>) -> Vec<Id<Column>> {
        let tables = self.facts.tables();
        let all = std::iter::once(table).chain(tables.lenders(table));
        all.flat_map(|table| tables.tables[table].columns.iter().copied()).collect()
    }

    /// Whether a part of its rows stands in another table.
    fn is_joined(&self, table: Id<Table>) -> bool {
        let tables = self.facts.tables();
        let all = std::iter::once(table).chain(tables.lenders(table));
        all.into_iter().any(|table| tables.tables[table].bases.iter().any(|&base| !tables.tables[base].is_abstract))
    }
}

/// Checks that columns hold literals of their enumerations, if the settings ask for them.
fn literal_checks(cx: &Context<'_>, facts: &Facts, table: &Table) -> Vec<CheckFact> {
    if !cx.settings.rules.enum_checks {
        return Vec::new();
    }
    let tables = facts.tables();
    let checked = table.columns.iter().filter_map(|&id| {
        let column = &tables.columns[id];
        let ColumnKind::Value(value) = &column.kind else { return None };
        let because = Because::Setting { key: "rules.enum_checks".to_owned(), at: None };
        Some(CheckFact {
            columns: vec![id],
            count: Count::Literal(value.choices.filter(|_| !value.leads_to_row())?, value.blank && !value.null),
            name: "literal".to_owned(),
            reason: reason("a check constraint", "only literals of the enumeration", because),
        })
    });
    checked.collect()
}

/// Checks that texts fit their patterns, if the settings ask for them. Of patterns that databases do not read alike, the tag was told.
fn pattern_checks(cx: &Context<'_>, facts: &Facts, table: &Table) -> Vec<CheckFact> {
    if !cx.settings.rules.db_regex {
        return Vec::new();
    }
    let tables = facts.tables();
    let checked = table.columns.iter().filter_map(|&id| {
        let ColumnKind::Value(value) = &tables.columns[id].kind else { return None };
        let is_portable =
            |it: &&Validator| matches!(it, Validator::Regex { pattern, .. } if pattern::strangeness(pattern).is_none());
        value.validators.iter().find(is_portable)?;
        let because = Because::Setting { key: "rules.db_regex".to_owned(), at: None };
        Some(CheckFact {
            columns: vec![id],
            count: Count::Fits(id, value.blank && !value.null),
            name: "pattern".to_owned(),
            reason: reason("a check constraint", "only texts that fit the pattern", because),
        })
    });
    checked.collect()
}

fn append<T: Clone>(map: &mut Map<Table, Vec<T>>, table: Id<Table>, more: &[T]) {
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
