//! Indexes and constraints.

use std::collections::BTreeSet;

use super::expr::Condition;
use super::model::Meta;
use crate::decision::Reason;

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name, at most 30 characters.
    pub name: String,
    /// Its class.
    pub kind: IndexKind,
    /// Field names, `-` in front of descending ones.
    pub fields: Vec<String>,
    /// Fields of which not the value is indexed, but what a function makes of it.
    pub functions: Vec<(String, TextFunction)>,
    /// Only rows that fulfil it.
    pub condition: Option<Condition>,
    /// Fields whose values are stored beside those that are looked for: PostgreSQL then answers from the index alone.
    pub include: Vec<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Classes of indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// `models.Index`
    Plain,
    /// `BrinIndex`: small, for columns that grow with the row's place. On other databases an ordinary index.
    Brin,
    /// `GinIndex` on a document. On other databases an ordinary index.
    Document,
    /// `GinIndex` on the words of texts; PostgreSQL only.
    Words,
    /// `GinIndex` on the three-letter pieces of the text in capitals; PostgreSQL only.
    Trigram,
    /// `<core>.indexes.TrigramIndex`: the same, and on other databases an ordinary index on the text in capitals.
    PortableTrigram,
}

/// What an index makes of a text before it keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFunction {
    /// `Lower`
    Lower,
    /// `Upper`
    Upper,
}

impl TextFunction {
    /// The class in `django.db.models.functions`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lower => "Lower",
            Self::Upper => "Upper",
        }
    }
}

impl Meta {
    /// The extensions of PostgreSQL that its indexes and constraints need, by the operations that install them.
    pub fn extensions(&self) -> BTreeSet<&'static str> {
        let is_trigram = |index: &Index| matches!(index.kind, IndexKind::Trigram | IndexKind::PortableTrigram);
        let trigram = self.indexes.iter().any(is_trigram).then_some("TrigramExtension");
        // Keys and numbers are compared beside ranges.
        let is_range = |it: &Constraint| matches!(&it.kind, ConstraintKind::NoOverlap { by, .. } if !by.is_empty());
        let range = self.constraints.iter().any(is_range).then_some("BtreeGistExtension");
        trigram.into_iter().chain(range).collect()
    }

    /// Whether `django.contrib.postgres` must be installed.
    pub fn needs_postgresql(&self) -> bool {
        let is_range = |it: &Constraint| matches!(it.kind, ConstraintKind::NoOverlap { .. });
        self.indexes.iter().any(Index::needs_postgresql) || self.constraints.iter().any(is_range)
    }
}

impl Index {
    /// `models.Index(fields=[..])`, without a name yet.
    pub fn new(fields: Vec<String>, reasons: Vec<Reason>) -> Self {
        Self {
            name: String::new(),
            kind: IndexKind::Plain,
            fields,
            functions: Vec::new(),
            condition: None,
            include: Vec::new(),
            reasons,
        }
    }

    /// Whether only PostgreSQL has it, or something like it.
    pub fn needs_postgresql(&self) -> bool {
        self.kind != IndexKind::Plain
    }
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name, at most 63 characters, unique in the project.
    pub name: String,
    /// What it demands.
    pub kind: ConstraintKind,
    /// What people are told when it refuses; wrapped in `_()`. Django formats it: a `%` that is meant stands twice.
    pub message: Option<String>,
    /// What programs are told then: `violation_error_code`.
    pub code: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Kinds of constraints.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    /// `models.UniqueConstraint`
    Unique {
        /// Field names.
        fields: Vec<String>,
        /// Fields of which not the value is unique, but what a function makes of it.
        functions: Vec<(String, TextFunction)>,
        /// Only rows that fulfil it.
        condition: Option<Condition>,
    },
    /// `models.CheckConstraint`
    Check(Condition),
    /// `ExclusionConstraint`: ranges must not overlap; PostgreSQL only.
    NoOverlap {
        /// The field where the range starts.
        start: String,
        /// The field where it ends; the end is not part of it.
        end: String,
        /// Only among rows that have the same values here.
        by: Vec<String>,
        /// What the range is made of.
        range: Range,
    },
}

/// Ranges of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Of dates.
    Date,
    /// Of points in time.
    DateTime,
    /// Of whole numbers.
    Integer,
    /// Of other numbers.
    Decimal,
}

impl Range {
    /// The function of PostgreSQL that makes one.
    pub fn function(self) -> &'static str {
        match self {
            Self::Date => "DATERANGE",
            Self::DateTime => "TSTZRANGE",
            Self::Integer => "INT8RANGE",
            Self::Decimal => "NUMRANGE",
        }
    }

    /// The class in `django.contrib.postgres.fields`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Date => "DateRangeField",
            Self::DateTime => "DateTimeRangeField",
            Self::Integer => "BigIntegerRangeField",
            Self::Decimal => "DecimalRangeField",
        }
    }
}
