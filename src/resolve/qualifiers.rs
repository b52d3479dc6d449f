//! Qualified associations (UML 2.5.1, 11.5.3): columns beside a key, what is unique with them, and the method that finds by them.

use super::Context;
use super::links::limit;
use crate::decision::Because;
use crate::facts::{
    AttributeKind, Column, ColumnKind, Connection, Facts, MethodFact, MethodKind, Tables, UniqueFact, Wish, reason,
};
use crate::policy::naming;
use crate::util::arena::Id;

/// The qualifiers at the end opposite to `split` become columns beside the key `here`, which leads to that end; with at most
/// one object for each value they are unique. `there` leads to the other end, if the table is one of links.
pub(super) fn store(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &mut Tables,
    connection: &Connection,
    split: usize,
    here: Id<Column>,
    there: Option<Id<Column>>,
) {
    let qualified = &connection.ends[1 - split];
    if qualified.qualifiers.is_empty() {
        return;
    }
    let table = tables.columns[here].table;
    let mut found = Vec::new();
    for &id in &qualified.qualifiers {
        let property = &cx.model.properties[id];
        let Some(attribute) = facts.types().qualifiers.get(id) else { continue };
        let AttributeKind::Column(value) = &attribute.kind else { continue };
        if naming::is_key(super::types::name(property)) {
            // The key tells rows apart anyway.
            return;
        }
        let drawn = naming::snake(super::types::name(property));
        let existing = tables.tables[table].columns.iter().copied().find(|&column| {
            matches!(tables.columns[column].kind, ColumnKind::Value(_))
                && naming::snake(&tables.columns[column].wish.text) == drawn
        });
        found.push(existing.unwrap_or_else(|| {
            let wish = match &property.name {
                Some(name) => Wish::drawn(name.value.clone(), name.span, "the name of the qualifier"),
                None => Wish::made("qualifier", "a qualifier without name"),
            };
            tables.push(Column {
                table,
                element: property.element,
                span: property.span,
                wish,
                kind: ColumnKind::Value(value.clone()),
                reasons: attribute.reasons.clone(),
            })
        }));
    }
    if found.is_empty() {
        return;
    }
    let columns: Vec<Id<Column>> = std::iter::once(here).chain(found.iter().copied()).collect();
    let is_one = !connection.ends[split].multiplicity.value.is_many();
    if is_one {
        let because = Because::Rule { name: "a qualifier and at most one object: unique", at: Some(qualified.span) };
        let reason = reason("a unique constraint", "one object for each value of the qualifier", because);
        tables.tables[table].uniques.push(UniqueFact { columns, identifies: false, reason });
    } else {
        limit(tables, table, &connection.ends[split], columns);
    }
    if is_one || there.is_none() {
        by_qualifier(cx, tables, connection, split, [here, there.unwrap_or(here)], found, is_one);
    }
}

/// `account_by_number(number)`: the method of the qualified class that finds by the qualifier.
fn by_qualifier(
    cx: &Context<'_>,
    tables: &mut Tables,
    connection: &Connection,
    split: usize,
    [here, there]: [Id<Column>; 2],
    columns: Vec<Id<Column>>,
    is_one: bool,
) {
    let Some(to) = tables.key(here).map(|key| key.to) else { return };
    let names: Vec<String> = columns.iter().map(|&column| naming::snake(&tables.columns[column].wish.text)).collect();
    let forward = naming::snake(&super::relations::forward(cx, connection, split, is_one).text);
    let wish = Wish::made(format!("{forward}_by_{}", names.join("_and_")), "what is found and the qualifier");
    let because = Because::Rule { name: "a qualifier finds", at: Some(connection.ends[1 - split].span) };
    let reason = reason(format!("method `{}`", wish.text), "a qualified association", because);
    let there = (there != here).then_some(there);
    let kind = MethodKind::Qualified { here, there, columns, is_one };
    tables.tables[to].rules.methods.push(MethodFact { wish, kind, reason });
}
