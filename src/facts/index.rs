//! Indexes and constraints.

use crate::decision::Reason;
use crate::django::constraint::{IndexKind, Range, TextFunction};
use crate::python::Expr;
use crate::source::Span;
use crate::util::arena::{Id, Map};

use super::table::{CheckFact, Column, Table};

/// Columns in order; true for descending.
pub type Columns = Vec<(Id<Column>, bool)>;

/// An index.
#[derive(Clone, Debug)]
pub struct IndexFact {
    /// Its class.
    pub kind: IndexKind,
    /// Its columns.
    pub columns: Columns,
    /// Columns of which a function is indexed.
    pub functions: Vec<(Id<Column>, TextFunction)>,
    /// Whether the primary key stands at its end.
    pub with_key: bool,
    /// Only rows that pass all of these.
    pub condition: Vec<TestFact>,
    /// Columns that are stored beside the others.
    pub include: Vec<Id<Column>>,
    /// Where it was asked for; none if it follows from a rule.
    pub written: Option<Span>,
    /// Why.
    pub reason: Reason,
}

impl IndexFact {
    /// An index of ours on these columns.
    pub fn new(columns: Columns, reason: Reason) -> Self {
        Self {
            kind: IndexKind::Plain,
            columns,
            functions: Vec::new(),
            with_key: false,
            condition: Vec::new(),
            include: Vec::new(),
            written: None,
            reason,
        }
    }
}

/// A test of a row: column, lookup of Django and value; or its opposite.
#[derive(Clone, Debug, PartialEq)]
pub struct TestFact {
    /// The column.
    pub column: Id<Column>,
    /// `gte`, `isnull`; empty for equality.
    pub lookup: &'static str,
    /// The value.
    pub value: Expr,
    /// Whether it must not hold.
    pub negated: bool,
}

impl TestFact {
    /// The column has no value.
    pub fn is_null(column: Id<Column>) -> Self {
        Self { column, lookup: "isnull", value: Expr::Bool(true), negated: false }
    }
}

/// A unique constraint of a table.
#[derive(Clone, Debug)]
pub struct UniqueRule {
    /// Its columns.
    pub columns: Vec<Id<Column>>,
    /// Columns of which a function is unique.
    pub functions: Vec<(Id<Column>, TextFunction)>,
    /// Only among rows that pass all of these.
    pub condition: Vec<TestFact>,
    /// Why.
    pub reason: Reason,
}

/// Ranges that must not overlap.
#[derive(Clone, Debug)]
pub struct OverlapFact {
    /// Where the range starts.
    pub start: Id<Column>,
    /// Where it ends.
    pub end: Id<Column>,
    /// Only among rows with the same values here.
    pub by: Vec<Id<Column>>,
    /// What PostgreSQL makes of it, if that is the only database.
    pub range: Option<Range>,
    /// Why.
    pub reason: Reason,
}

/// What lists of a table look for, are filtered and sorted by.
#[derive(Clone, Debug, Default)]
pub struct ListFact {
    /// Texts that are searched.
    pub search: Vec<Id<Column>>,
    /// Columns that filter.
    pub filter: Vec<Id<Column>>,
    /// Columns that sort.
    pub sort: Vec<Id<Column>>,
    /// Texts in which PostgreSQL looks for words.
    pub words: Option<WordsFact>,
    /// Who asks for it.
    pub reasons: Vec<Reason>,
}

/// Texts whose words PostgreSQL keeps in a column of their own.
#[derive(Clone, Debug)]
pub struct WordsFact {
    /// The texts.
    pub columns: Vec<Id<Column>>,
    /// Whose words and endings it knows.
    pub config: String,
    /// Why.
    pub reason: Reason,
}

/// The order of rows that somebody asked for, and why.
pub type OrderingFact = (Columns, Reason);

/// Indexes and constraints, and keys whose own index another one replaces.
#[derive(Clone, Debug, Default)]
pub struct Indexes {
    /// Unique constraints of each table, those of abstract models above it included.
    pub uniques: Map<Table, Vec<UniqueRule>>,
    /// Checks of each table, those of abstract models above it included.
    pub checks: Map<Table, Vec<CheckFact>>,
    /// Ranges that must not overlap.
    pub overlaps: Map<Table, Vec<OverlapFact>>,
    /// The order of rows, where it was asked for.
    pub ordering: Map<Table, OrderingFact>,
    /// Keys in it that stand for their own value, not for the order of what they lead to.
    pub by_value: Map<Column, Reason>,
    /// By table.
    pub indexes: Map<Table, Vec<IndexFact>>,
    /// What lists offer, of each table's own columns.
    pub lists: Map<Table, ListFact>,
    /// Keys without an index of their own.
    pub without_index: Map<Column, Reason>,
}
