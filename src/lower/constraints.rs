//! Indexes and constraints with their names.

use std::collections::BTreeSet;

use super::Context;
use super::condition::{condition, tests};
use super::model::{field_name, primary_key};
use crate::django::constraint::{Constraint, ConstraintKind, Index, IndexKind, TextFunction};
use crate::django::expr::{Condition, Formula, Operand};
use crate::django::field::Exposure;
use crate::django::logic;
use crate::django::{Field, FieldKind, Lists, Meta, Origin};
use crate::facts::{Column, Named, Table, WordsFact};
use crate::policy::indexes as policy;
use crate::policy::naming::{self, ObjectKind};
use crate::python::{Dotted, Expr};
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
        meta.constraints.push(Constraint {
            name,
            kind,
            message: None,
            code: None,
            reasons: vec![unique.reason.clone()],
        });
    }
    for check in facts.checks.get(id).into_iter().flatten() {
        let fields: Vec<String> = check.columns.iter().map(name).collect();
        if let Some(condition) = condition(cx, check.count, &fields) {
            let name = names.name(&[check_word(&check.name, &fields)], None, ObjectKind::Check);
            let kind = ConstraintKind::Check(condition);
            meta.constraints.push(Constraint {
                name,
                kind,
                message: None,
                code: None,
                reasons: vec![check.reason.clone()],
            });
        }
    }
    singleton(cx, id, &mut names, meta);
    drawn(cx, id, &mut names, meta);
    for overlap in facts.overlaps.get(id).into_iter().flatten() {
        let Some(range) = overlap.range else { continue };
        let (start, end) = (name(&overlap.start), name(&overlap.end));
        let by: Vec<String> = overlap.by.iter().map(name).collect();
        let parts = [&[start.clone(), end.clone()], by.as_slice()].concat();
        let name = names.name(&parts, None, ObjectKind::Exclusion);
        let kind = ConstraintKind::NoOverlap { start, end, by, range };
        meta.constraints.push(Constraint {
            name,
            kind,
            message: None,
            code: None,
            reasons: vec![overlap.reason.clone()],
        });
    }
    for index in cx.facts.indexes_of(id) {
        let mut fields: Vec<String> = index
            .columns
            .iter()
            .map(|(column, descending)| if *descending { format!("-{}", name(column)) } else { name(column) })
            .collect();
        if index.with_key {
            match &cx.facts.tables().tables[id].key {
                Some(key) => fields.extend(key.columns.iter().map(name)),
                None => fields.push(primary_key(cx, id)),
            }
        }
        let kind = match index.kind {
            IndexKind::Plain => ObjectKind::Index,
            IndexKind::Brin => ObjectKind::Brin,
            IndexKind::Document | IndexKind::Words | IndexKind::Trigram | IndexKind::PortableTrigram => ObjectKind::Gin,
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
    if let Some(words) = words(cx, id) {
        let mut made = Index::new(vec![words_name(cx, id)], vec![words.reason.clone()]);
        made.name = names.name(&made.fields, None, ObjectKind::Gin);
        made.kind = IndexKind::Words;
        meta.indexes.push(made);
    }
}

/// That the key is 1, where there is one row.
fn singleton(cx: &Context<'_>, id: Id<Table>, names: &mut Names<'_, '_>, meta: &mut Meta) {
    let Some(asked) = cx.facts.asked().tables.get(id).filter(|asked| asked.is_singleton) else { return };
    let condition = Condition::Lookup { field: primary_key(cx, id), lookup: "", value: Operand::Literal(Expr::int(1)) };
    meta.constraints.push(Constraint {
        name: names.name(&["singleton".to_owned()], None, ObjectKind::Check),
        kind: ConstraintKind::Check(condition),
        message: Some("There is only one.".to_owned()),
        code: Some("singleton".to_owned()),
        reasons: asked.reasons.clone(),
    });
}

fn words<'a>(cx: &Context<'a>, id: Id<Table>) -> Option<&'a WordsFact> {
    cx.facts.indexes().lists.get(id)?.words.as_ref()
}

/// The name of the column with the words of texts: nobody drew it, so that it gives way.
fn words_name(cx: &Context<'_>, id: Id<Table>) -> String {
    let names = cx.facts.names();
    let is_taken = |name: &str| {
        names.columns.iter().any(|(_, (known, _))| known == name)
            || names.reverse.iter().any(|(_, (known, _))| known == name)
    };
    let class = names.tables.get(id).map_or("", |names| names.class.as_str());
    let longer = format!("{}_search_vector", naming::snake(class));
    if is_taken("search_vector") { longer } else { "search_vector".to_owned() }
}

/// The column with the words of texts, which PostgreSQL computes.
pub(super) fn words_field(cx: &Context<'_>, id: Id<Table>) -> Option<Field> {
    let words = words(cx, id)?;
    let fields = words.columns.iter().map(|&column| field_name(cx, column)).collect();
    let formula = Formula::Words { fields, config: words.config.clone() };
    let origin = Origin { element: cx.facts.tables().tables[id].element, reasons: vec![words.reason.clone()] };
    let class = Dotted::new("django.contrib.postgres.search.SearchVectorField")?;
    let output = Field::new("", FieldKind::Custom { class, kwargs: Vec::new() }, origin.clone());
    let kind = FieldKind::Generated { formula, output: Box::new(output) };
    Some(Field { exposure: Exposure::Kept, ..Field::new(words_name(cx, id), kind, origin) })
}

/// The rules of the diagram that the database checks.
fn drawn(cx: &Context<'_>, id: Id<Table>, names: &mut Names<'_, '_>, meta: &mut Meta) {
    let facts = cx.facts.invariants();
    for unique in facts.uniques.get(id).into_iter().flatten() {
        let fields: Vec<String> = unique.rule.columns.iter().map(|&column| field_name(cx, column)).collect();
        let condition = tests(cx, &unique.rule.condition);
        let parts = unique.name.as_ref().map_or_else(|| fields.clone(), |name| vec![naming::snake(name)]);
        let name = names.name(&parts, condition.as_ref(), ObjectKind::Unique);
        meta.constraints.push(Constraint {
            name,
            kind: ConstraintKind::Unique { fields, functions: Vec::new(), condition },
            message: Some(percent(&unique.message)),
            code: code(unique.name.as_deref()),
            reasons: vec![unique.rule.reason.clone()],
        });
    }
    for check in facts.checks.get(id).into_iter().flatten() {
        let Some(condition) = check.test.condition(&OwnNames { cx }) else { continue };
        let fields = || condition.fields().into_iter().map(str::to_owned).collect();
        let parts: Vec<String> = check.name.as_ref().map_or_else(fields, |name| vec![naming::snake(name)]);
        let name = names.name(&parts, None, ObjectKind::Check);
        meta.constraints.push(Constraint {
            name,
            kind: ConstraintKind::Check(condition),
            message: Some(percent(&check.message)),
            code: code(check.name.as_deref()),
            reasons: vec![check.reason.clone()],
        });
    }
}

/// What programs are told when a rule is violated: its name.
pub(super) fn code(name: Option<&str>) -> Option<String> {
    name.map(naming::snake).filter(|code| !code.is_empty())
}

/// Django formats messages.
fn percent(message: &str) -> String {
    message.replace('%', "%%")
}

/// What the parts of a condition are called.
pub(super) struct OwnNames<'a, 'b> {
    pub(super) cx: &'a Context<'b>,
}

impl logic::Names<Named> for OwnNames<'_, '_> {
    fn field(&self, of: &Named) -> Option<String> {
        match of {
            Named::Column(column) => self.cx.facts.names().columns.get(*column).map(|(name, _)| name.clone()),
            _ => None,
        }
    }

    fn member(&self, of: &Named, which: usize) -> Option<Expr> {
        let Named::Enumeration(class) = *of else { return None };
        let fact = self.cx.facts.enumeration(class)?;
        let literal = fact.literals.get(which)?;
        Some(if fact.is_integer { Expr::Int(literal.value.clone()) } else { Expr::str(&literal.value) })
    }

    fn places(&self, of: &Named) -> Option<u32> {
        match of {
            Named::Column(column) => self.cx.facts.tables().columns[*column].places(),
            _ => None,
        }
    }

    fn is_inexact(&self) -> bool {
        policy::is_inexact(&self.cx.settings.databases)
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
        ("pattern", [field]) => format!("{field}_pattern"),
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
        let tested = condition.map_or_else(Vec::new, Condition::fields);
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
