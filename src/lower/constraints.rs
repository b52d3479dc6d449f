//! Indexes and constraints with their names.

use std::collections::BTreeSet;

use super::Context;
use super::condition::{condition, tests};
use super::model::{field_name, primary_key};
use crate::django::constraint::{Constraint, ConstraintKind, Index, IndexKind, TextFunction};
use crate::django::expr::Condition;
use crate::django::{Lists, Meta};
use crate::facts::{Column, Table};
use crate::policy::naming::{self, ObjectKind};
use crate::util::arena::Id;

/// Writes the indexes and constraints of a table.
pub(super) fn fill(cx: &Context<'_>, id: Id<Table>, meta: &mut Meta) {
    let mut names = Names { cx, id, taken: BTreeSet::new() };
    let facts = cx.facts.indexes();
    let name = |column: &Id<Column>| field_name(cx, *column);
    for unique in facts.uniques.get(id).into_iter().flatten() {
        let fields: Vec<String> = unique.columns.iter().map(name).collect();
        let condition = tests(cx, &unique.condition);
        let name = names.name(&fields, condition.as_ref(), ObjectKind::Unique);
        let kind = ConstraintKind::Unique { fields, functions: functions(cx, &unique.functions), condition };
        meta.constraints.push(Constraint { name, kind, message: None, reasons: vec![unique.reason.clone()] });
    }
    for check in facts.checks.get(id).into_iter().flatten() {
        let fields: Vec<String> = check.columns.iter().map(name).collect();
        if let Some(condition) = condition(cx, check.count, &fields) {
            let name = names.name(&[check_word(&check.name, &fields)], None, ObjectKind::Check);
            let kind = ConstraintKind::Check(condition);
            meta.constraints.push(Constraint { name, kind, message: None, reasons: vec![check.reason.clone()] });
        }
    }
    for overlap in facts.overlaps.get(id).into_iter().flatten() {
        let Some(range) = overlap.range else { continue };
        let (start, end) = (name(&overlap.start), name(&overlap.end));
        let by: Vec<String> = overlap.by.iter().map(name).collect();
        let parts = [&[start.clone(), end.clone()], by.as_slice()].concat();
        let name = names.name(&parts, None, ObjectKind::Exclusion);
        let kind = ConstraintKind::NoOverlap { start, end, by, range };
        meta.constraints.push(Constraint { name, kind, message: None, reasons: vec![overlap.reason.clone()] });
    }
    for index in cx.facts.indexes_of(id) {
        let mut fields: Vec<String> = index
            .columns
            .iter()
            .map(|(column, descending)| if *descending { format!("-{}", name(column)) } else { name(column) })
            .collect();
        if index.with_key {
            fields.push(primary_key(cx, id));
        }
        let kind = match index.kind {
            IndexKind::Plain => ObjectKind::Index,
            IndexKind::Brin => ObjectKind::Brin,
            IndexKind::Document | IndexKind::Trigram | IndexKind::PortableTrigram => ObjectKind::Gin,
        };
        let condition = tests(cx, &index.condition);
        let mut made = Index::new(fields, vec![index.reason.clone()]);
        made.name = names.name(&made.fields, condition.as_ref(), kind);
        made.kind = index.kind;
        made.functions = functions(cx, &index.functions);
        made.condition = condition;
        made.include = index.include.iter().map(name).collect();
        meta.indexes.push(made);
    }
}

/// What lists of the table offer.
pub(super) fn lists(cx: &Context<'_>, id: Id<Table>) -> Lists {
    let names = |columns: &[Id<Column>]| columns.iter().map(|column| field_name(cx, *column)).collect();
    cx.facts.indexes().lists.get(id).map_or_else(Lists::default, |list| Lists {
        search: names(&list.search),
        filter: names(&list.filter),
        sort: names(&list.sort),
    })
}

fn functions(cx: &Context<'_>, functions: &[(Id<Column>, TextFunction)]) -> Vec<(String, TextFunction)> {
    functions.iter().map(|(column, function)| (field_name(cx, *column), *function)).collect()
}

/// The word that tells a check from others.
fn check_word(name: &str, fields: &[String]) -> String {
    match (name, fields) {
        ("min", [field]) => format!("{field}_min"),
        ("literal", [field]) => field.clone(),
        _ => name.to_owned(),
    }
}

struct Names<'a, 'b> {
    cx: &'a Context<'b>,
    id: Id<Table>,
    taken: BTreeSet<String>,
}

impl Names<'_, '_> {
    /// A name for an index or a constraint, which is unique in the project because the table's is.
    fn name(&mut self, parts: &[String], condition: Option<&Condition>, kind: ObjectKind) -> String {
        let key = self.cx.key(self.id);
        let twin = self.cx.twins.contains(&key.name.to_lowercase());
        let tested = condition.map_or_else(Vec::new, fields_of);
        let mut parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        for field in tested {
            if !parts.contains(&field) {
                parts.push(field);
            }
        }
        // Two models of one name in several apps: the app goes in front of all their names.
        let plain = naming::object_name(&key.app, &key.name, &parts, kind, |_| false);
        let found = naming::object_name(&key.app, &key.name, &parts, kind, |name| {
            self.taken.contains(name) || (twin && name == plain)
        });
        self.taken.insert(found.clone());
        found
    }
}

/// The fields of a condition that is made of tests.
fn fields_of(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::Lookup { field, .. } => vec![field],
        Condition::And(tests) => tests.iter().flat_map(fields_of).collect(),
        Condition::Not(test) => fields_of(test),
        Condition::Or(_) | Condition::Xor(_) => Vec::new(),
    }
}
