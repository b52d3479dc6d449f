//! Migrations: the operations that lead from one state to the next.

use std::collections::BTreeSet;

use super::state::{FieldState, ModelState};
use crate::python::Expr;

/// What leads from the previous state to the project's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evolution {
    /// New migrations, by app and number.
    pub migrations: Vec<Migration>,
}

/// A migration.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The app's label.
    pub app: String,
    /// `0001_initial`
    pub name: String,
    /// Whether the app had no model before.
    pub initial: bool,
    /// What must be applied first.
    pub dependencies: BTreeSet<Dependency>,
    /// What it does.
    pub operations: Vec<Operation>,
}

/// What must be applied before a migration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dependency {
    /// A migration of an app.
    Migration {
        /// The app's label.
        app: String,
        /// The migration, or `__first__`.
        name: String,
    },
    /// The first migration of the app that holds the user model, whichever that is:
    /// `migrations.swappable_dependency(settings.AUTH_USER_MODEL)`.
    UserModel,
}

/// One step of a migration. Models are named in lower case, as Django names them here.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A new table. Indexes and constraints of the state that were not folded in stand in operations of their own.
    CreateModel(ModelState),
    /// A new column or many-to-many table.
    AddField {
        /// The model.
        model: String,
        /// The field.
        field: FieldState,
    },
    /// A new index.
    AddIndex {
        /// The model.
        model: String,
        /// `models.Index(..)`
        index: Expr,
    },
    /// A new constraint.
    AddConstraint {
        /// The model.
        model: String,
        /// `models.UniqueConstraint(..)`
        constraint: Expr,
    },
}

impl Operation {
    /// The model that it is about, in lower case.
    pub fn model(&self) -> &str {
        match self {
            Self::CreateModel(state) => &state.key.name,
            Self::AddField { model, .. } | Self::AddIndex { model, .. } | Self::AddConstraint { model, .. } => model,
        }
    }
}
