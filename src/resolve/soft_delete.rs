//! Pass 8: classes whose rows are only marked when they are deleted, with everything that goes with such a row.
//!
//! It comes behind the rules of deletion, because they say what goes with what. What is unique then is so among the rows that
//! are not marked.

use std::collections::BTreeMap;

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
    let marked = marked(facts);
    let tables = facts.tables_mut();
    let Some(base) = base(tables, &marked) else { return };
    for (&table, because) in &marked {
        let why = match because {
            Because::Rule { .. } => "it goes with what is only marked",
            Because::Tag(_) | Because::Setting { .. } => "asked for",
        };
        let why = reason("rows are marked when they are deleted", why, because.clone());
        tables.tables[table].reasons.push(why);
        mark(cx, tables, base, table, because);
    }
}

/// The tables that get the column, and who asks for it.
fn marked(facts: &Facts) -> BTreeMap<Id<Table>, Because> {
    let tables = facts.tables();
    let children = tables.children();
    let mut marked: BTreeMap<Id<Table>, Because> = BTreeMap::new();
    let mut waiting = Vec::new();
    for (id, table) in tables.tables.iter() {
        let has_rows = !table.is_proxy && !tables.hosts.contains(id);
        let is_class = matches!(table.subject, TableSubject::Class(_));
        let said = facts.tags().has(table.element, Upkeep::SoftDelete.stereotype());
        if let Some(because) = said.filter(|_| has_rows && is_class && !is_linking(tables, id)) {
            waiting.push((id, because.clone()));
        }
    }
    while let Some((table, because)) = waiting.pop() {
        let holders = tables.holders(&children, table);
        let is_shared = tables.tables[table].is_abstract && holders.iter().all(|&it| root(tables, it) == it);
        let places = if is_shared { vec![table] } else { holders.iter().map(|&it| root(tables, it)).collect() };
        for place in places {
            let above = tables.ancestors(place);
            let is_new = !marked.contains_key(&place) && above.iter().all(|above| !marked.contains_key(above));
            if is_linking(tables, place) || !is_new {
                continue;
            }
            marked.insert(place, because.clone());
            // What goes with a row goes with it, whichever of its tables it refers to.
            let mut rows = vec![place];
            rows.extend(tables.descendants(&children, place));
            for (column, found) in tables.columns.iter() {
                let Some(key) = tables.key(column).filter(|key| rows.contains(&tables.storage(key.to))) else {
                    continue;
                };
                let goes = facts.deletion().get(column).is_some_and(|(rule, _)| rule.cascades());
                if goes && key.nature != KeyNature::Parent {
                    waiting.push((found.table, goes_with(found.span)));
                }
            }
            let generics = tables.generics.iter().filter(|generic| generic.on_delete.0.cascades());
            let generics = generics.filter(|generic| generic.targets.iter().any(|target| rows.contains(target)));
            waiting.extend(generics.map(|generic| (generic.table, goes_with(generic.span))));
        }
    }
    // What stands below another place has the column from there.
    let all: Vec<Id<Table>> = marked.keys().copied().collect();
    marked.retain(|table, _| tables.ancestors(*table).iter().all(|above| !all.contains(above)));
    marked
}

fn goes_with(span: Span) -> Because {
    Because::Rule { name: "what goes with a row that is only marked is only marked, too", at: Some(span) }
}

/// Whether its rows are the links of a many-to-many relation: Django follows those without asking them.
fn is_linking(tables: &Tables, table: Id<Table>) -> bool {
    let mut columns = tables.columns.values();
    columns.any(|column| matches!(&column.kind, ColumnKind::Many(many) if many.through == Some(table)))
}

/// The table that holds the top of a row: a row is deleted as a whole.
fn root(tables: &Tables, table: Id<Table>) -> Id<Table> {
    let mut at = table;
    for above in tables.ancestors(table) {
        if !tables.tables[above].is_abstract {
            at = above;
        }
    }
    at
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
fn mark(cx: &Context<'_>, tables: &mut Tables, base: Id<Table>, table: Id<Table>, because: &Because) {
    let Some(&column) = tables.tables[base].columns.first() else { return };
    tables.tables[table].bases.push(base);
    let children = tables.children();
    for holder in tables.holders(&children, table) {
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
