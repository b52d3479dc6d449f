//! Which indexes pay, and which of them serves for another one (django-mapping 12).

use crate::decision::{Because, Decision};
use crate::django::FieldKind;
use crate::django::constraint::IndexKind;
use crate::django::project::Database;

/// Whether `short` is the beginning of `long`, so that `long` serves for both.
pub fn is_prefix<T: PartialEq>(short: &[T], long: &[T]) -> bool {
    short.len() <= long.len() && short == &long[..short.len()]
}

/// Whether one of the databases computes decimals in floating point.
pub fn is_inexact(databases: &[Database]) -> bool {
    databases.contains(&Database::Sqlite)
}

/// Whether the models run on PostgreSQL and nothing else, so that they may use all that it has.
pub fn is_postgresql_alone(databases: &[Database]) -> bool {
    databases == [Database::Postgresql]
}

/// The index for searches in texts. `Upper` stands in it because Django compares capitals where case does not matter.
pub fn search(databases: &[Database]) -> Option<Decision<IndexKind>> {
    if is_postgresql_alone(databases) {
        let name = "the letters of a text in groups of three find its parts";
        return Some(Decision::rule(IndexKind::Trigram, name, None));
    }
    let name = "on PostgreSQL groups of three letters find parts of a text, elsewhere an index finds its beginning";
    let portable = databases.contains(&Database::Postgresql);
    portable.then(|| Decision::rule(IndexKind::PortableTrigram, name, None))
}

/// What is known about a column that filters a list.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// Its class of field; none for a key.
    pub kind: Option<&'a FieldKind>,
    /// It has the members of an enumeration.
    pub has_choices: bool,
    /// It is unique.
    pub unique: bool,
    /// The class has an order of its own.
    pub ordered: bool,
}

/// The index for a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterIndex {
    /// None pays, or there is one.
    None,
    /// On the column.
    Own,
    /// On the column, then on what lists are ordered by.
    Ordered,
    /// On what lists are ordered by, for the rows where it is true.
    Partial,
    /// On the parts of a document.
    Document,
}

/// Which index a filter gets.
pub fn filter(of: Filter<'_>) -> Decision<FilterIndex> {
    let (index, why) = match of.kind {
        _ if of.unique => (FilterIndex::None, "what is unique has an index"),
        Some(FieldKind::Boolean) => {
            (FilterIndex::Partial, "of two values an index finds too many rows; those that are true have their own")
        }
        _ if of.has_choices => (FilterIndex::None, "of few values an index finds too many rows"),
        Some(FieldKind::Json) => (FilterIndex::Document, "the parts of a document are looked for"),
        Some(FieldKind::Text | FieldKind::Binary | FieldKind::File { .. }) => {
            (FilterIndex::None, "nobody looks for a long value as a whole")
        }
        _ if of.ordered => (FilterIndex::Ordered, "one index filters and orders: what is equal comes first"),
        None => (FilterIndex::None, "every key has an index"),
        Some(_) => (FilterIndex::Own, "lists are filtered by it"),
    };
    Decision::rule(index, why, None)
}

/// The reason of a rule with the words of the tag that asks for it.
pub fn asked(rule: &Because, tag: &Because) -> (String, Because) {
    let why = match rule {
        Because::Rule { name, .. } => (*name).to_owned(),
        Because::Tag(_) | Because::Setting { .. } => "asked for".to_owned(),
    };
    (why, tag.clone())
}
