//! Indexes and constraints.

use super::expr::Condition;
use crate::decision::Reason;

/// `models.Index(fields=[..], name=..)`
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name, at most 30 characters.
    pub name: String,
    /// Field names, `-` in front of descending ones.
    pub fields: Vec<String>,
    /// Only rows that fulfil it.
    pub condition: Option<Condition>,
    /// Why.
    pub reasons: Vec<Reason>,
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
        /// Only rows that fulfil it.
        condition: Option<Condition>,
    },
    /// `models.CheckConstraint`
    Check(Condition),
}
