//! Migrations: the operations that lead from one state to the next.

use std::collections::BTreeSet;

use super::project::ModelKey;
use super::state::{FieldState, ModelState};
use crate::python::Expr;

/// What leads from the previous state to the project's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evolution {
    /// New migrations, by app and number.
    pub migrations: Vec<Migration>,
    /// What these migrations and those that are there need, whatever becomes of the models.
    pub needs: Needs,
    /// What PostgreSQL needs first.
    pub extensions: Option<Extensions>,
}

/// What stays in the project as long as there are migrations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// They use operations of the project's own.
    pub operations: bool,
    /// They use indexes of the project's own.
    pub indexes: bool,
    /// One of the project's core installs extensions of PostgreSQL.
    pub extensions: bool,
    /// They use what Django has for PostgreSQL alone, which must be installed.
    pub postgresql: bool,
}

/// A migration of the project's core that installs extensions of PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extensions {
    /// `0001_extensions`
    pub name: String,
    /// The migration of the core that it follows.
    pub after: Option<String>,
    /// The migrations that need it, with their apps.
    pub before: Vec<(String, String)>,
    /// `BtreeGistExtension`
    pub operations: Vec<&'static str>,
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
    /// Whether `makemigrations` would write something else.
    pub is_recipe: bool,
}

impl Migration {
    /// Whether it is done as a whole or not at all.
    pub fn is_atomic(&self) -> bool {
        !self.operations.iter().any(Operation::is_apart)
    }
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

/// One step of a migration (`django.db.migrations.operations`).
///
/// `model` is the name of a model in lower case, as Django names it here; where a class name stands as declared, it is called
/// `name`.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A new table. Indexes and constraints of the state that were not folded in stand in operations of their own.
    CreateModel(ModelState),
    /// The table goes.
    DeleteModel {
        /// The class name as declared.
        name: String,
    },
    /// The class and its table get another name.
    RenameModel {
        /// The class name as it was declared.
        old: String,
        /// The class name as it is declared.
        new: String,
    },
    /// What `Meta` says without touching the table.
    AlterModelOptions {
        /// The model.
        model: String,
        /// All options of this kind.
        options: Vec<(&'static str, Expr)>,
    },
    /// The managers that migrations can use.
    AlterModelManagers {
        /// The model.
        model: String,
        /// All of them.
        managers: Vec<(&'static str, Expr)>,
    },
    /// Another name for the table alone.
    AlterModelTable {
        /// The model.
        model: String,
        /// The name; `None` for the one that Django derives.
        table: Option<Expr>,
    },
    /// Another comment on the table.
    AlterModelTableComment {
        /// The model.
        model: String,
        /// The comment, if there is one.
        comment: Option<Expr>,
    },
    /// A new column or many-to-many table.
    AddField {
        /// The model.
        model: String,
        /// The field.
        field: FieldState,
        /// Whether the default stays; else it is for the rows of this moment alone.
        preserve_default: bool,
    },
    /// Another definition of a field.
    AlterField {
        /// The model.
        model: String,
        /// The field as it becomes.
        field: FieldState,
        /// Whether the default stays; else it is for the rows of this moment alone.
        preserve_default: bool,
    },
    /// The column goes.
    RemoveField {
        /// The model.
        model: String,
        /// The field.
        field: String,
    },
    /// The field and its column get another name.
    RenameField {
        /// The model.
        model: String,
        /// The name that it had.
        old: String,
        /// The name that it gets.
        new: String,
    },
    /// A new index.
    AddIndex {
        /// The model.
        model: String,
        /// `models.Index(..)`
        index: Expr,
    },
    /// The index goes.
    RemoveIndex {
        /// The model.
        model: String,
        /// Its name.
        index: String,
    },
    /// The same index under another name.
    RenameIndex {
        /// The model.
        model: String,
        /// The name that it gets.
        new: String,
        /// The name that it had.
        old: String,
    },
    /// A new constraint.
    AddConstraint {
        /// The model.
        model: String,
        /// `models.UniqueConstraint(..)`
        constraint: Expr,
    },
    /// The constraint goes.
    RemoveConstraint {
        /// The model.
        model: String,
        /// Its name.
        constraint: String,
    },
    /// What a constraint says when it is violated: nothing changes in the database.
    AlterConstraint {
        /// The model.
        model: String,
        /// The constraint as it becomes, under its old name.
        constraint: Expr,
    },
    /// Columns whose values are unique together. Diagrams become constraints instead: it only says goodbye to what is there.
    AlterUniqueTogether {
        /// The model.
        model: String,
        /// All of them.
        together: Vec<Vec<String>>,
    },
    /// What changes in the models while the database stays as it is (`SeparateDatabaseAndState`).
    StateOnly(Vec<Operation>),
    /// The class gets another name, and its children follow: an operation of the project's own, as are all that come now.
    RenameParent {
        /// The class name as it was declared.
        old: String,
        /// The class name as it is declared.
        new: String,
    },
    /// A key that other tables lead to, and its column, get another name.
    RenameKey {
        /// The model.
        model: String,
        /// The name that it had.
        old: String,
        /// The name that it gets.
        new: String,
    },
    /// The class comes from another app.
    MoveModel {
        /// The class name as declared.
        name: String,
        /// The label of the app that it was in.
        from: String,
    },
    /// A child becomes a model of its own, or a model a child; keys keep their values.
    ChangeParent {
        /// The class name as declared.
        name: String,
        /// The new parent, in lower case.
        parent: Option<ModelKey>,
        /// The new key.
        key: FieldState,
    },
    /// Rows change, and no model does.
    Rows {
        /// The model.
        model: String,
        /// What is done.
        step: RowStep,
        /// The other arguments.
        arguments: Vec<(&'static str, Expr)>,
    },
    /// One of Django's operations, done so that others can go on: indexes, constraints and altered fields while they write, a new
    /// field so that those who do not know it can write.
    Online(Box<Operation>),
    /// One of Django's operations as far as the models go. Tables and columns stay as they are, for servers with the older models;
    /// only where a value is demanded from now on, rows get theirs. A field that is added has its column already.
    Leave(Box<Operation>),
    /// The migration gives up where others hold what it needs.
    LimitLockWait,
}

/// What can be done to the rows of a model: a class of the project's `operations.py` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStep {
    /// Rows without a value get one.
    FillField,
    /// A column is copied into one of another type.
    ConvertField,
    /// Keys become links, or links keys.
    CopyLinks,
    /// Values become rows of another model.
    MakeTargets,
    /// Values of the parent's row are copied.
    CopyFromParent,
    /// The parent's rows are made.
    CopyToParent,
    /// Rows get numbers for keys, or their old keys as text.
    MakeKeys,
    /// What leads to rows gets their new keys.
    CopyKeys,
    /// What leads to rows by content type gets their new keys.
    CopyObjectIds,
    /// New rows get numbers after those that are there.
    ContinueNumbers,
    /// Rows of joined tables are copied into the one that they are joined to.
    MergeTables,
    /// Rows of one table are copied into tables that are joined to it.
    DivideTable,
    /// Rows that every database has come, change or go.
    ChangeRows,
}

impl RowStep {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::FillField,
        Self::ConvertField,
        Self::CopyLinks,
        Self::MakeTargets,
        Self::CopyFromParent,
        Self::CopyToParent,
        Self::MakeKeys,
        Self::CopyKeys,
        Self::CopyObjectIds,
        Self::ContinueNumbers,
        Self::MergeTables,
        Self::DivideTable,
        Self::ChangeRows,
    ];

    /// The name of its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::FillField => "FillField",
            Self::ConvertField => "ConvertField",
            Self::CopyLinks => "CopyLinks",
            Self::MakeTargets => "MakeTargets",
            Self::CopyFromParent => "CopyFromParent",
            Self::CopyToParent => "CopyToParent",
            Self::MakeKeys => "MakeKeys",
            Self::CopyKeys => "CopyKeys",
            Self::CopyObjectIds => "CopyObjectIds",
            Self::ContinueNumbers => "ContinueNumbers",
            Self::MergeTables => "MergeTables",
            Self::DivideTable => "DivideTable",
            Self::ChangeRows => "ChangeRows",
        }
    }
}

impl Operation {
    /// The model that it is about, in lower case; of a rename the old name.
    pub fn model(&self) -> String {
        match self {
            Self::CreateModel(state) => state.key.name.clone(),
            Self::DeleteModel { name }
            | Self::RenameModel { old: name, .. }
            | Self::RenameParent { old: name, .. }
            | Self::MoveModel { name, .. }
            | Self::ChangeParent { name, .. } => name.to_lowercase(),
            Self::StateOnly(operations) => operations.first().map(Self::model).unwrap_or_default(),
            // Nothing is in it but what is not in anything itself.
            Self::Online(inner) | Self::Leave(inner) => inner.model(),
            Self::LimitLockWait => String::new(),
            Self::AlterModelOptions { model, .. }
            | Self::AlterModelManagers { model, .. }
            | Self::AlterModelTable { model, .. }
            | Self::AlterModelTableComment { model, .. }
            | Self::AddField { model, .. }
            | Self::AlterField { model, .. }
            | Self::RemoveField { model, .. }
            | Self::RenameField { model, .. }
            | Self::AddIndex { model, .. }
            | Self::RemoveIndex { model, .. }
            | Self::RenameIndex { model, .. }
            | Self::AddConstraint { model, .. }
            | Self::RemoveConstraint { model, .. }
            | Self::AlterConstraint { model, .. }
            | Self::AlterUniqueTogether { model, .. }
            | Self::RenameKey { model, .. }
            | Self::Rows { model, .. } => model.clone(),
        }
    }

    /// Whether its class is one of the project's own.
    pub fn is_own(&self) -> bool {
        let own = [Self::RENAME_PARENT, Self::RENAME_KEY, Self::MOVE_MODEL, Self::CHANGE_PARENT];
        matches!(self, Self::Rows { .. } | Self::Online(_) | Self::Leave(_) | Self::LimitLockWait)
            || own.contains(&self.class())
    }

    /// Whether it cannot be done in a transaction.
    pub fn is_apart(&self) -> bool {
        match self {
            Self::Online(inner) => !matches!(**inner, Self::AddField { .. }),
            Self::Leave(inner) => matches!(**inner, Self::AlterField { .. }),
            _ => false,
        }
    }

    /// Classes of [`Operation::Online`], by those of what is done.
    pub const ONLINE: [(&str, &str); 4] = [
        ("AddField", "AddFieldKeepingDefault"),
        ("AddIndex", "AddIndexOnline"),
        ("AddConstraint", "AddConstraintOnline"),
        ("AlterField", "AlterFieldOnline"),
    ];
    /// Classes of [`Operation::Leave`], by those of what the models do.
    pub const LEAVE: [(&str, &str); 4] = [
        ("RemoveField", "LeaveField"),
        ("AddField", "TakeBackField"),
        ("DeleteModel", "LeaveModel"),
        ("AlterField", "AlterFieldLater"),
    ];
    /// The class of [`Operation::LimitLockWait`].
    pub const LIMIT_LOCK_WAIT: &str = "LimitLockWait";
    /// The class of [`Operation::RenameParent`].
    pub const RENAME_PARENT: &str = "RenameParent";
    /// The class of [`Operation::RenameKey`].
    pub const RENAME_KEY: &str = "RenameKey";
    /// The class of [`Operation::MoveModel`].
    pub const MOVE_MODEL: &str = "MoveModel";
    /// The class of [`Operation::ChangeParent`].
    pub const CHANGE_PARENT: &str = "ChangeParent";

    /// The name of its class in `django.db.migrations`, or in the project's own operations.
    pub fn class(&self) -> &'static str {
        match self {
            Self::CreateModel(_) => "CreateModel",
            Self::DeleteModel { .. } => "DeleteModel",
            Self::RenameModel { .. } => "RenameModel",
            Self::AlterModelOptions { .. } => "AlterModelOptions",
            Self::AlterModelManagers { .. } => "AlterModelManagers",
            Self::AlterModelTable { .. } => "AlterModelTable",
            Self::AlterModelTableComment { .. } => "AlterModelTableComment",
            Self::AddField { .. } => "AddField",
            Self::AlterField { .. } => "AlterField",
            Self::RemoveField { .. } => "RemoveField",
            Self::RenameField { .. } => "RenameField",
            Self::AddIndex { .. } => "AddIndex",
            Self::RemoveIndex { .. } => "RemoveIndex",
            Self::RenameIndex { .. } => "RenameIndex",
            Self::AddConstraint { .. } => "AddConstraint",
            Self::RemoveConstraint { .. } => "RemoveConstraint",
            Self::AlterConstraint { .. } => "AlterConstraint",
            Self::AlterUniqueTogether { .. } => "AlterUniqueTogether",
            Self::StateOnly(_) => "SeparateDatabaseAndState",
            Self::RenameParent { .. } => Self::RENAME_PARENT,
            Self::RenameKey { .. } => Self::RENAME_KEY,
            Self::MoveModel { .. } => Self::MOVE_MODEL,
            Self::ChangeParent { .. } => Self::CHANGE_PARENT,
            Self::Rows { step, .. } => step.class(),
            Self::Online(inner) => own_class(&Self::ONLINE, inner.class()),
            Self::Leave(inner) => own_class(&Self::LEAVE, inner.class()),
            Self::LimitLockWait => Self::LIMIT_LOCK_WAIT,
        }
    }
}

/// The class of the project's own that stands in for one of Django's.
fn own_class(table: &[(&'static str, &'static str)], class: &'static str) -> &'static str {
    table.iter().find(|(plain, _)| *plain == class).map_or(class, |(_, own)| own)
}
