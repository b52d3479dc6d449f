//! What stereotypes ask to be kept about rows: who made them and when.
//!
//! A class inherits it from an abstract model that all apps share. What the diagram draws of it itself is drawn there, and the
//! class gets only the rest.

use std::collections::BTreeSet;

use crate::decision::Because;
use crate::django::field::{Auto, Kept};
use crate::django::{FieldKind, ForeignKey};
use crate::facts::{
    Column, ColumnKind, DefaultFact, Facts, Table, TableSubject, Tables, Upkeep, ValueFact, Wish, reason,
};
use crate::policy::naming;
use crate::python::Expr;
use crate::resolve::links::new_table;
use crate::util::arena::Id;

/// Adds the columns of all classes that ask for some.
pub(super) fn run(facts: &Facts, tables: &mut Tables) {
    for upkeep in [Upkeep::Audited, Upkeep::Versioned] {
        let classes: Vec<(Id<Table>, Because)> = tables
            .tables
            .iter()
            .filter(|(id, table)| !table.is_proxy && !tables.hosts.contains(*id))
            .filter(|(_, table)| matches!(table.subject, TableSubject::Class(_)))
            .filter_map(|(id, table)| Some((id, facts.tags().has(table.element, upkeep.stereotype())?.clone())))
            .collect();
        let all: BTreeSet<Id<Table>> = classes.iter().map(|(table, _)| *table).collect();
        let mut shared = None;
        for (table, because) in &classes {
            // A version that is no number counts nothing: it is the model's own.
            if upkeep == Upkeep::Versioned && !can_count(tables, tables.root(*table)) {
                continue;
            }
            if tables.ancestors(*table).iter().any(|above| all.contains(above)) {
                let why = reason(upkeep.what(), "inherited: what is above it keeps it", because.clone());
                tables.tables[*table].reasons.push(why);
            } else {
                let why = reason(upkeep.what(), "asked for", because.clone());
                tables.tables[*table].reasons.push(why);
                // A row is saved as a whole, in all of its tables.
                let place = if upkeep == Upkeep::Versioned { tables.root(*table) } else { *table };
                keep(tables, upkeep, place, because, &mut shared);
            }
        }
    }
}

/// Whether no attribute of the class stands in the way of a number that counts how often a row was saved.
fn can_count(tables: &Tables, table: Id<Table>) -> bool {
    let line = std::iter::once(table).chain(tables.ancestors(table));
    let mut columns = line.flat_map(|at| &tables.tables[at].columns).map(|&column| &tables.columns[column]);
    columns.all(|column| naming::snake(&column.wish.text) != "version" || is_whole(&column.kind))
}

fn is_whole(kind: &ColumnKind) -> bool {
    let ColumnKind::Value(value) = kind else { return false };
    matches!(
        value.kind,
        FieldKind::SmallInteger
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::PositiveSmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger
    )
}

/// Adds the columns of one class.
fn keep(tables: &mut Tables, upkeep: Upkeep, table: Id<Table>, because: &Because, shared: &mut Option<Id<Table>>) {
    let line: Vec<Id<Table>> = std::iter::once(table).chain(tables.ancestors(table)).collect();
    let columns = line.iter().flat_map(|&at| tables.tables[at].columns.iter().copied());
    let columns: Vec<(Id<Column>, String)> =
        columns.map(|column| (column, naming::snake(&tables.columns[column].wish.text))).collect();
    let mut missing = Vec::new();
    for &name in upkeep.columns() {
        match columns.iter().find(|(_, known)| known == name) {
            Some(&(column, _)) => drawn(tables, column, name, because),
            None => missing.push(name),
        }
    }
    // What its rows do besides, no column can.
    if missing.len() < upkeep.columns().len() && upkeep.runtime().is_none() {
        for name in missing {
            push(tables, table, name, because);
        }
        return;
    }
    let base = *shared.get_or_insert_with(|| {
        let from = &tables.tables[table];
        let wish = Wish::made(upkeep.class(), "what the stereotype adds");
        let mut made = new_table(TableSubject::Upkeep(upkeep), from, from.element, wish);
        made.is_abstract = true;
        let rule = Because::Rule { name: "what many classes keep is one abstract model", at: because.place() };
        made.reasons.push(reason("abstract", format!("what «{}» adds", upkeep.stereotype()), rule));
        let base = tables.tables.push(made);
        for name in upkeep.columns() {
            push(tables, base, name, because);
        }
        base
    });
    if !tables.tables[table].bases.contains(&base) {
        tables.tables[table].bases.push(base);
    }
}

/// A column that nobody drew.
fn push(tables: &mut Tables, table: Id<Table>, name: &'static str, because: &Because) {
    let (element, span) = (tables.tables[table].element, tables.tables[table].span);
    let mut value = ValueFact::new(FieldKind::DateTime { auto: Auto::No }, element);
    let why = match name {
        "created_at" => {
            value.kind = FieldKind::DateTime { auto: Auto::NowAdd };
            "when the row was made"
        }
        "updated_at" => {
            value.kind = FieldKind::DateTime { auto: Auto::Now };
            "when the row was changed last"
        }
        "version" => {
            value.kind = FieldKind::PositiveInteger;
            is_version(&mut value);
            "how often the row was saved"
        }
        _ => {
            value.kind = FieldKind::ForeignKey(Box::new(ForeignKey::of_user()));
            (value.null, value.blank, value.editable) = (true, true, false);
            if name == "created_by" { "who made the row" } else { "who changed the row last" }
        }
    };
    let is_key = matches!(value.kind, FieldKind::ForeignKey(_));
    let mut reasons = vec![reason(why, "asked for", because.clone())];
    if is_key {
        let rule = |name| Because::Rule { name, at: because.place() };
        let name = "a row outlives the user who made it";
        reasons.push(reason("on_delete SET_NULL", name, rule(name)));
        let name = "nobody asks users for what they made";
        reasons.push(reason("related_name `+`", name, rule(name)));
    }
    let column = tables.push(Column {
        table,
        element,
        span,
        wish: Wish::made(name, "what the stereotype adds"),
        kind: ColumnKind::Value(value),
        reasons,
    });
    if name == "version" {
        tables.kept.insert(column, Kept::Version);
    } else if is_key {
        tables.kept.insert(column, Kept::Signer);
    }
}

/// What the diagram draws is filled in as that of others: times set themselves, users are those who save the row.
fn drawn(tables: &mut Tables, column: Id<Column>, name: &str, because: &Because) {
    let wanted = if name == "created_at" { Auto::NowAdd } else { Auto::Now };
    let users: Vec<Id<Table>> = tables.tables.iter().filter(|(_, table)| table.is_user).map(|(id, _)| id).collect();
    let own = &mut tables.columns[column];
    let decided = match &mut own.kind {
        ColumnKind::Value(value) if name == "version" => {
            is_version(value);
            tables.kept.insert(column, Kept::Version);
            Some("counted from 1 on")
        }
        ColumnKind::Value(value) if value.default.is_none() && name.ends_with("_at") => match &mut value.kind {
            FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } if *auto == Auto::No => {
                *auto = wanted;
                Some(if wanted == Auto::Now { "auto_now" } else { "auto_now_add" })
            }
            _ => None,
        },
        ColumnKind::Key(key) if users.contains(&key.to) && name.ends_with("_by") => {
            tables.kept.insert(column, Kept::Signer);
            Some("whoever saves the row")
        }
        _ => None,
    };
    own.reasons.extend(decided.map(|what| reason(what, "what the stereotype of the class asks for", because.clone())));
}

/// A number that counts how often a row was saved.
fn is_version(value: &mut ValueFact) {
    value.default = Some(DefaultFact::expr(Expr::int(1)));
    (value.null, value.blank, value.editable, value.check_min) = (false, false, false, None);
    value.validators.clear();
}
