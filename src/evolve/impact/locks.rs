//! What PostgreSQL does with a large table meanwhile: writes it anew (U1307), or lets nobody write (U1308).
//!
//! Measured with half a million rows: a new index or a validated constraint takes about a second, a table that is written anew up
//! to two, and all the while others wait.

use std::collections::BTreeSet;

use super::{Impact, Table, first_place, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::state::FieldState;
use crate::django::state::query::{name, names, text, without};
use crate::python::Expr;

impl Impact<'_> {
    pub(super) fn locks(&self, table: &Table<'_>, report: &mut Report) {
        for (was, now) in &table.fields {
            if let Some(how) = rewrite(was, now) {
                let what =
                    format!("changing `{}` {how} rewrites the table under an exclusive lock", table.field_name(now));
                report.add(rewritten(here(
                    Diagnostic::new(&codes::U1307, what),
                    table.field_place(now),
                    "the new type",
                )));
            }
        }
        for field in table.come.iter().filter(|field| field.is_generated()) {
            let what = format!(
                "adding `{}`, which is computed, rewrites the table under an exclusive lock",
                table.field_name(field)
            );
            report.add(rewritten(here(
                Diagnostic::new(&codes::U1307, what),
                table.field_place(field),
                "the new column",
            )));
        }
        let blocking = blocking(table);
        if blocking.is_empty() {
            return;
        }
        let list: Vec<String> = blocking.iter().map(|(what, _)| what.clone()).collect();
        let list = super::super::enumerate(&list);
        let what = format!("writes to `{}` wait for {list}, until all rows were looked at", table.new.name);
        let span = blocking.iter().find_map(|(_, span)| *span).or_else(|| table.place());
        report.add(
            here(Diagnostic::new(&codes::U1308, what), span, "this")
                .note("of a small table nobody will notice; a million rows take seconds")
                .help("migrate in a quiet moment"),
        );
    }
}

fn rewritten(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic
        .note("nobody can read or write the table meanwhile: a million rows take seconds")
        .help("migrate in a quiet moment, or draw a new attribute beside the old one, copy the values, and take the old one away later")
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

/// What is built or looked through while nobody can write, with its place.
fn blocking(table: &Table<'_>) -> Vec<(String, Option<crate::source::Span>)> {
    let mut found = Vec::new();
    let same = |known: &[Expr], it: &Expr| known.iter().any(|known| without_name(known) == without_name(it));
    let meta = table.class.map(|class| &class.meta);
    for index in table.new.indexes.iter().filter(|it| !same(&table.old.indexes, it)) {
        let name = name(index);
        let declared = meta.and_then(|meta| meta.indexes.iter().find(|it| it.name == name));
        found.push((format!("the index `{name}`"), declared.and_then(|it| first_place(&it.reasons))));
    }
    for constraint in table.new.constraints.iter().filter(|it| !same(&table.old.constraints, it)) {
        let name = name(constraint);
        let declared = meta.and_then(|meta| meta.constraints.iter().find(|it| it.name == name));
        found.push((format!("the constraint `{name}`"), declared.and_then(|it| first_place(&it.reasons))));
    }
    // The names of fields that were renamed stand in the definitions.
    if table.fields.iter().any(|(was, now)| was.name != now.name) {
        let renamed: BTreeSet<&str> =
            table.fields.iter().filter(|(was, now)| was.name != now.name).map(|(_, now)| now.name.as_str()).collect();
        let mentions = |it: &Expr| names(it).iter().any(|name| renamed.contains(name));
        let all = table.new.indexes.iter().chain(&table.new.constraints);
        let beside: BTreeSet<String> = all.filter(|it| mentions(it)).map(|it| format!("`{}`", name(it))).collect();
        found.retain(|(what, _)| !beside.iter().any(|name| what.ends_with(name.as_str())));
    }
    for field in table.come.iter().filter(|field| field.class() == "ForeignKey") {
        if field.argument("db_index") != Some(&Expr::Bool(false)) {
            found.push((format!("the index of the new key `{}`", field.name), table.field_place(field)));
        }
    }
    for (was, now) in &table.fields {
        let is = |field: &FieldState, key: &str| field.argument(key) == Some(&Expr::Bool(true));
        for (key, word) in [("unique", "the unique constraint"), ("db_index", "the index")] {
            if is(now, key) && !is(was, key) {
                found.push((format!("{word} of `{}`", now.name), table.field_place(now)));
            }
        }
        // Without a default the migration cannot be applied at all, which is told.
        let is_filled = now.has_default() && !now.is_many_to_many();
        if was.is_nullable() && !now.is_nullable() && is_filled {
            found.push((format!("the new demand that `{}` has a value", now.name), table.field_place(now)));
        }
    }
    found
}

fn without_name(it: &Expr) -> String {
    text(&without(it, &["name", "violation_error_message", "violation_error_code"]))
}
