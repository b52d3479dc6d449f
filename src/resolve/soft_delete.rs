//! Pass 8: classes whose rows are only marked when they are deleted, with everything that goes with such a row.
//!
//! It comes behind the rules of deletion, because they say what goes with what. What is unique then is so among the rows that
//! are not marked.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::links::new_table;
use super::relations::plural_of;
use crate::decision::Because;
use crate::django::FieldKind;
use crate::django::field::{Auto, Kept};
use crate::facts::{
    Column, ColumnKind, Facts, Table, TableSubject, Tables, UniqueFact, Upkeep, ValueFact, Wish, reason,
};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::source::Span;
use crate::util::arena::Id;

/// The name of the column.
const MARK: &str = "deleted_at";

pub(super) fn run(cx: &Context<'_>, facts: &mut Facts) {
    let asked = asked(facts);
    if asked.is_empty() {
        return;
    }
    let children = facts.tables().children();
    let marked = marked(facts, &children, &asked);
    let tables = facts.tables_mut();
    let Some(base) = base(tables, &marked) else { return };
    for (&table, because) in &marked {
        mark(cx, tables, &children, base, table, because);
        if matches!(because, Because::Rule { .. }) {
            let why = reason(Upkeep::SoftDelete.what(), "it goes with what is only marked", because.clone());
            tables.tables[table].reasons.push(why);
        }
    }
    for (table, because) in asked {
        let holders = tables.holders(&children, table);
        let mut rows = holders.into_iter().map(|holder| tables.root(holder));
        if marked.contains_key(&table) || rows.any(|row| tables.marks.contains(row)) {
            let why = reason(Upkeep::SoftDelete.what(), "asked for", because);
            tables.tables[table].reasons.push(why);
        }
    }
}

/// The classes that ask for it. A proxy has no rows of its own, and links of a many-to-many relation Django follows without
/// asking them.
fn asked(facts: &Facts) -> Vec<(Id<Table>, Because)> {
    let tables = facts.tables();
    let links = links(tables);
    let mut asked = Vec::new();
    for (id, table) in tables.tables.iter() {
        let has_rows = !table.is_proxy && !tables.hosts.contains(id);
        let is_class = matches!(table.subject, TableSubject::Class(_));
        let said = facts.tags().has(table.element, Upkeep::SoftDelete.stereotype());
        if let Some(because) = said.filter(|_| has_rows && is_class && !links.contains(&id)) {
            asked.push((id, because.clone()));
        }
    }
    asked
}

/// The tables that get the column, and why.
fn marked(facts: &Facts, children: &[Vec<Id<Table>>], asked: &[(Id<Table>, Because)]) -> BTreeMap<Id<Table>, Because> {
    let tables = facts.tables();
    let (links, parts) = (links(tables), parts(facts));
    let mut marked: BTreeMap<Id<Table>, Because> = BTreeMap::new();
    let mut waiting = asked.to_vec();
    while let Some((table, because)) = waiting.pop() {
        let holders = tables.holders(children, table);
        let is_shared = tables.tables[table].is_abstract && holders.iter().all(|&it| tables.root(it) == it);
        let places = if is_shared { vec![table] } else { holders.iter().map(|&it| tables.root(it)).collect() };
        for place in places {
            let above = tables.ancestors(place);
            let is_new = !marked.contains_key(&place) && above.iter().all(|above| !marked.contains_key(above));
            if links.contains(&place) || !is_new {
                continue;
            }
            marked.insert(place, because.clone());
            // What goes with a row goes with it, whichever of its tables it refers to.
            let rows = std::iter::once(place).chain(tables.descendants(children, place));
            for (part, span) in rows.filter_map(|row| parts.get(&row)).flatten() {
                let name = "what goes with a row that is only marked is only marked, too";
                waiting.push((*part, Because::Rule { name, at: Some(*span) }));
            }
        }
    }
    // What stands below another place has the column from there.
    let below = |table: &Id<Table>| tables.ancestors(*table).iter().any(|above| marked.contains_key(above));
    let below: Vec<Id<Table>> = marked.keys().copied().filter(below).collect();
    marked.retain(|table, _| below.binary_search(table).is_err());
    marked
}

/// The tables whose rows go with a row of each table, and where that is drawn.
fn parts(facts: &Facts) -> BTreeMap<Id<Table>, Vec<(Id<Table>, Span)>> {
    let tables = facts.tables();
    let mut parts: BTreeMap<Id<Table>, Vec<(Id<Table>, Span)>> = BTreeMap::new();
    for (column, found) in tables.columns.iter() {
        let Some(key) = tables.key(column).filter(|key| key.nature != KeyNature::Parent) else { continue };
        if facts.deletion().get(column).is_some_and(|(rule, _)| rule.cascades()) {
            parts.entry(tables.storage(key.to)).or_default().push((found.table, found.span));
        }
    }
    for generic in tables.generics.iter().filter(|generic| generic.on_delete.0.cascades()) {
        for &target in &generic.targets {
            parts.entry(target).or_default().push((generic.table, generic.span));
        }
    }
    parts
}

/// The tables whose rows are links of a many-to-many relation: Django follows those without asking them.
fn links(tables: &Tables) -> BTreeSet<Id<Table>> {
    let through = tables.columns.values().filter_map(|column| match &column.kind {
        ColumnKind::Many(many) => many.through,
        _ => None,
    });
    through.collect()
}

/// The abstract model that all of them inherit from.
fn base(tables: &mut Tables, marked: &BTreeMap<Id<Table>, Because>) -> Option<Id<Table>> {
    let (&first, because) = marked.first_key_value()?;
    let from = &tables.tables[first];
    let (element, span) = (from.element, from.span);
    let wish = Wish::made(Upkeep::SoftDelete.class(), "what the stereotype adds");
    let mut made = new_table(TableSubject::Upkeep(Upkeep::SoftDelete), from, element, wish);
    made.is_abstract = true;
    let rule = Because::Rule { name: "what many classes keep is one abstract model", at: because.place() };
    made.reasons.push(reason("abstract", "what «softDelete» adds", rule));
    let base = tables.tables.push(made);
    let mut value = ValueFact::new(FieldKind::DateTime { auto: Auto::No }, element);
    (value.null, value.blank, value.editable) = (true, true, false);
    let column = tables.push(Column {
        table: base,
        element,
        span,
        wish: Wish::made(MARK, "what the stereotype adds"),
        kind: ColumnKind::Value(value),
        reasons: vec![reason("when the row was deleted", "empty as long as it is not", because.clone())],
    });
    tables.kept.insert(column, Kept::Deletion);
    Some(base)
}

/// Gives a table the column, and lets what is unique in it be so among rows that are not marked.
fn mark(
    cx: &Context<'_>,
    tables: &mut Tables,
    children: &[Vec<Id<Table>>],
    base: Id<Table>,
    table: Id<Table>,
    because: &Because,
) {
    let Some(&column) = tables.tables[base].columns.first() else { return };
    tables.tables[table].bases.push(base);
    for holder in tables.holders(children, table) {
        let line: Vec<Id<Table>> = std::iter::once(holder).chain(tables.lenders(holder)).collect();
        let columns: Vec<Id<Column>> =
            line.iter().filter(|at| **at != base).flat_map(|&at| tables.tables[at].columns.iter().copied()).collect();
        let drawn = columns.iter().copied().find(|&own| {
            let own = &tables.columns[own];
            matches!(own.kind, ColumnKind::Value(_)) && naming::snake(&own.wish.text) == MARK
        });
        if let Some(drawn) = drawn {
            is_mark(&mut tables.columns[drawn], because);
            tables.kept.insert(drawn, Kept::Deletion);
        }
        tables.marks.insert(holder, drawn.unwrap_or(column));
        for own in columns {
            among_the_others(cx, tables, own);
        }
    }
}

/// What the diagram draws as the time of deletion is that, whatever type it was given.
fn is_mark(column: &mut Column, because: &Because) {
    let ColumnKind::Value(value) = &mut column.kind else { return };
    value.kind = FieldKind::DateTime { auto: Auto::No };
    (value.null, value.blank, value.editable, value.default) = (true, true, false, None);
    column.reasons.push(reason("DateTimeField, null", "it says when the row was deleted", because.clone()));
}

/// A value of its own that a deleted row had, another one may have.
fn among_the_others(cx: &Context<'_>, tables: &mut Tables, id: Id<Column>) {
    let column = &mut tables.columns[id];
    let because = Because::Rule { name: "what a deleted row had, another one may have", at: Some(column.span) };
    let why = match &mut column.kind {
        ColumnKind::Value(value) if value.unique && !value.primary_key => {
            value.unique = false;
            reason("a unique constraint", "among rows that are not deleted", because)
        }
        ColumnKind::Key(key) if key.one_to_one && key.nature != KeyNature::Parent => {
            key.one_to_one = false;
            if let Some(wish) = key.reverse.as_mut().filter(|wish| wish.drawn.is_none()) {
                wish.text = plural_of(cx, &wish.text);
            }
            reason("ForeignKey with a unique constraint", "one at most among rows that are not deleted", because)
        }
        _ => return,
    };
    column.reasons.push(why.clone());
    let table = column.table;
    tables.tables[table].uniques.push(UniqueFact { columns: vec![id], identifies: false, reason: why });
}
