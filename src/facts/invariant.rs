//! Constraints of the diagram that became rules of the project.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Reason;
use crate::django::logic::Test;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

use super::index::UniqueRule;
use super::table::{Column, Table};

/// What a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A column, or a relation from the side of its field.
    Column(Id<Column>),
    /// A relation from the other side.
    Back(Id<Column>),
    /// All rows of a model.
    Table(Id<Table>),
    /// An enumeration.
    Enumeration(Id<Classifier>),
}

/// A rule of a table.
#[derive(Clone, Debug)]
pub struct InvariantFact {
    /// Its name, as drawn.
    pub name: Option<String>,
    /// What people are told: its documentation, else its text.
    pub message: String,
    /// What must not be false.
    pub test: Test<Named>,
    /// The attribute that it is drawn at.
    pub at: Option<Id<Column>>,
    /// Why it stands where it does.
    pub reason: Reason,
}

/// A rule that no two rows have the same values.
#[derive(Clone, Debug)]
pub struct UniqueInvariant {
    /// Its name, as drawn.
    pub name: Option<String>,
    /// What people are told.
    pub message: String,
    /// What is unique.
    pub rule: UniqueRule,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Invariants {
    /// Those that the database checks, by the tables that hold the rows.
    pub checks: Map<Table, Vec<InvariantFact>>,
    /// Those that the database checks as unique constraints.
    pub uniques: Map<Table, Vec<UniqueInvariant>>,
    /// Those that `clean()` applies, by the table of their class.
    pub cleaned: Map<Table, Vec<InvariantFact>>,
    /// What became of each constraint that was translated.
    pub translated: BTreeMap<Element, Translated>,
    /// Those that were not, about which something was said.
    pub told: BTreeMap<Element, Translated>,
}

/// What became of a constraint.
#[derive(Clone, Debug)]
pub struct Translated {
    /// Its text.
    pub text: String,
    /// What it became, and why that.
    pub reasons: Vec<Reason>,
}

impl Invariants {
    /// Whether a constraint is enforced, or was told not to be.
    pub fn is_settled(&self, constraint: Element) -> bool {
        self.translated.contains_key(&constraint) || self.told.contains_key(&constraint)
    }
}
