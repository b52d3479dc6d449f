//! What PostgreSQL does with a large table meanwhile: writes it anew (U1307), or lets nobody write (U1308).
//!
//! Measured with half a million rows: a new index or a validated constraint takes about a second, a table that is written anew up
//! to two, and all the while others wait.

use std::collections::{BTreeMap, BTreeSet};

use super::{Impact, Table, first_place, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::state::FieldState;
use crate::django::state::query::name;
use crate::django::{Evolution, ModelKey, Operation};
use crate::python::Expr;
use crate::settings::Compatible;
use crate::source::Span;

/// What is said about a table: each with its place.
#[derive(Default)]
struct Locks {
    /// What rewrites it, as a sentence's beginning.
    rewrites: Vec<(String, Option<Span>)>,
    /// What it is looked through for, while nobody can write.
    blocks: Vec<(String, Option<Span>)>,
}

impl Impact<'_> {
    /// Reports what the operations do to the tables that are there.
    pub(super) fn locks(&self, tables: &[Table<'_>], evolution: &Evolution, report: &mut Report) {
        let tables: BTreeMap<&ModelKey, &Table<'_>> = tables.iter().map(|table| (&table.new.key, table)).collect();
        let mut locks: BTreeMap<&ModelKey, Locks> = BTreeMap::new();
        let mut state = self.built.state.clone();
        for migration in &evolution.migrations {
            for operation in &migration.operations {
                let key = ModelKey::new(&migration.app, operation.model()).lowered();
                if let Some((key, table)) = tables.get_key_value(&key) {
                    let fields = state.models.get(*key).map_or(&[][..], |model| &model.fields);
                    self.lock(table, fields, operation, locks.entry(*key).or_default());
                }
                state.apply(&migration.app, operation);
            }
        }
        for (key, locks) in locks {
            for (what, span) in locks.rewrites {
                let what = format!("{what} rewrites the table under an exclusive lock");
                report.add(
                    here(Diagnostic::new(&codes::U1307, what), span, "the new type")
                        .note("nobody can read or write the table meanwhile: a million rows take seconds")
                        .help("migrate in a quiet moment, or draw a new attribute beside the old one, copy the values, and take the old one away later"),
                );
            }
            let (Some(table), false) = (tables.get(key), locks.blocks.is_empty()) else { continue };
            // One finding for a class: migrations are applied one after the other anyway.
            let list: BTreeSet<&str> = locks.blocks.iter().map(|(what, _)| what.as_str()).collect();
            let list: Vec<String> = list.into_iter().map(str::to_owned).collect();
            let list = super::super::enumerate(&list);
            let what = format!("writes to `{}` wait for {list}, until all rows were looked at", table.new.name);
            let span = locks.blocks.iter().find_map(|(_, span)| *span).or_else(|| table.place());
            report.add(
                here(Diagnostic::new(&codes::U1308, what), span, "this")
                    .note("of a small table nobody will notice; a million rows take seconds")
                    .help(if self.settings.compatible == Compatible::None {
                        "migrate in a quiet moment, or let others write meanwhile: `[evolution] compatible = \"restart\"`"
                    } else {
                        "migrate in a quiet moment"
                    }),
            );
        }
    }

    /// What an operation does to a table with these fields.
    fn lock(&self, table: &Table<'_>, fields: &[FieldState], operation: &Operation, into: &mut Locks) {
        let meta = table.class.map(|class| &class.meta);
        let is = |field: &FieldState, key: &str| field.argument(key) == Some(&Expr::Bool(true));
        let is_unique = |field: &FieldState| is(field, "unique") || field.class() == "OneToOneField";
        match operation {
            Operation::AddIndex { index, .. } => {
                let declared = meta.and_then(|meta| meta.indexes.iter().find(|it| it.name == name(index)));
                let span = declared.and_then(|it| first_place(&it.reasons));
                into.blocks.push((format!("the index `{}`", name(index)), span));
            }
            Operation::AddConstraint { constraint, .. } => {
                let declared = meta.and_then(|meta| meta.constraints.iter().find(|it| it.name == name(constraint)));
                let span = declared.and_then(|it| first_place(&it.reasons));
                into.blocks.push((format!("the constraint `{}`", name(constraint)), span));
            }
            Operation::AddField { field, .. } => {
                let span = table.field_place(field);
                if field.is_generated() {
                    into.rewrites.push((format!("adding `{}`, which is computed,", table.field_name(field)), span));
                } else if is_unique(field) {
                    into.blocks.push((format!("the unique constraint of the new `{}`", field.name), span));
                } else if field.class() == "ForeignKey" && field.argument("db_index") != Some(&Expr::Bool(false)) {
                    into.blocks.push((format!("the index of the new key `{}`", field.name), span));
                } else if is(field, "db_index") {
                    into.blocks.push((format!("the index of the new `{}`", field.name), span));
                }
            }
            Operation::AlterField { field: now, .. } => {
                let Some(was) = fields.iter().find(|field| field.name == now.name) else { return };
                let span = table.field_place(now);
                if let Some(how) = rewrite(was, now) {
                    into.rewrites.push((format!("changing `{}` {how}", table.field_name(now)), span));
                }
                if is_unique(now) && !is_unique(was) {
                    into.blocks.push((format!("the unique constraint of `{}`", now.name), span));
                }
                if is(now, "db_index") && !is(was, "db_index") {
                    into.blocks.push((format!("the index of `{}`", now.name), span));
                }
                // Without a value for the rows that are there it cannot be applied at all, which is told.
                let filled = (table.new.key.clone(), now.name.clone());
                let has_value = now.has_default() || self.prepared.filled.contains(&filled);
                if was.is_nullable() && !now.is_nullable() && has_value {
                    into.blocks.push((format!("the new demand that `{}` has a value", now.name), span));
                }
            }
            _ => {}
        }
    }
}

/// How the type changes, if PostgreSQL has to write every row again.
fn rewrite(was: &FieldState, now: &FieldState) -> Option<String> {
    let (old, new) = (stored(was)?, stored(now)?);
    let is_widened = match (&old, &new) {
        (Stored::Text(_), Stored::Text(None)) => true,
        (Stored::Text(Some(old)), Stored::Text(Some(new))) => old <= new,
        (Stored::Decimal(old, places), Stored::Decimal(new, now)) => places == now && old <= new,
        (old, new) => old == new,
    };
    (!is_widened).then(|| format!("from {} to {}", old.words(), new.words()))
}

/// What a column is to PostgreSQL, as far as it matters here.
#[derive(PartialEq, Eq)]
enum Stored {
    /// A text, of a greatest length.
    Text(Option<String>),
    /// A number with so many digits and decimal places.
    Decimal(u32, u32),
    Plain(&'static str),
}

impl Stored {
    fn words(&self) -> String {
        match self {
            Self::Text(None) => "text".to_owned(),
            Self::Text(Some(length)) => format!("varchar({})", length.trim_start_matches('0')),
            Self::Decimal(digits, places) => format!("numeric({digits}, {places})"),
            Self::Plain(name) => (*name).to_owned(),
        }
    }
}

fn stored(field: &FieldState) -> Option<Stored> {
    let number = |key: &str| match field.argument(key) {
        Some(Expr::Int(digits)) => digits.parse::<u32>().ok(),
        _ => None,
    };
    // Padded, so that they compare as numbers do.
    let length = |default: u32| Some(format!("{:010}", number("max_length").unwrap_or(default)));
    Some(match field.class() {
        "TextField" => Stored::Text(None),
        "CharField" => Stored::Text(number("max_length").and_then(length)),
        "EmailField" => Stored::Text(length(254)),
        "URLField" => Stored::Text(length(200)),
        "SlugField" => Stored::Text(length(50)),
        "FileField" => Stored::Text(length(100)),
        "DecimalField" => Stored::Decimal(number("max_digits")?, number("decimal_places")?),
        "SmallIntegerField" | "PositiveSmallIntegerField" => Stored::Plain("smallint"),
        "IntegerField" | "PositiveIntegerField" => Stored::Plain("integer"),
        "BigIntegerField" | "PositiveBigIntegerField" => Stored::Plain("bigint"),
        "FloatField" => Stored::Plain("double precision"),
        "BooleanField" => Stored::Plain("boolean"),
        "DateField" => Stored::Plain("date"),
        "DateTimeField" => Stored::Plain("timestamp with time zone"),
        "TimeField" => Stored::Plain("time"),
        "DurationField" => Stored::Plain("interval"),
        "UUIDField" => Stored::Plain("uuid"),
        "JSONField" => Stored::Plain("jsonb"),
        _ => return None,
    })
}
