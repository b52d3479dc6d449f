//! What migrations do to PostgreSQL: the statements that `manage.py sqlmigrate` prints for them, one by one
//! (`django.db.backends.postgresql.schema`).
//!
//! Django looks into the database for the names of constraints. So all migrations before are gone through as well, and what
//! they leave is remembered ([`catalog`]).

mod alter;
mod catalog;
mod column;
mod editor;
mod expression;
mod forwards;
mod literal;
mod name;
mod statement;
mod table;

use crate::django::state::query::argument;
use crate::django::state::{FieldState, ModelState};
use crate::django::{Migration, ModelKey, State};
use crate::python::Expr;

use catalog::Catalog;
use editor::Editor;

/// Something that only Django can tell: an expression or a class of fields that we do not know.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Untold(String);

/// A database that migrations are applied to, one after the other.
#[derive(Clone, Debug)]
pub struct Database {
    state: State,
    /// In which order Django knows the models.
    order: Vec<ModelKey>,
    catalog: Catalog,
}

impl Database {
    /// An empty one, of a project with the state that it has before the first migration.
    pub fn new(state: State) -> Self {
        Self { state, order: Vec::new(), catalog: Catalog::default() }
    }

    /// Applies a migration and gives its SQL, as `sqlmigrate` prints it. What only Django can tell is a comment that says so.
    pub fn migrate(&mut self, migration: &Migration) -> String {
        let before = self.catalog.clone();
        let mut editor = Editor::new(self.state.django, &before, &mut self.catalog);
        for operation in &migration.operations {
            editor.comment(&operation.describe());
            let start = editor.len();
            let mut after = self.state.clone();
            after.apply(&migration.app, operation);
            forwards::order(&mut self.order, &migration.app, operation);
            let step = forwards::Step { app: &migration.app, from: &self.state, to: &after, order: &self.order };
            if let Err(Untold(what)) = step.forwards(operation, &mut editor) {
                editor.note(&format!("-- THIS CANNOT BE TOLD WITHOUT DJANGO: {what}"));
            }
            if editor.len() == start {
                editor.note("-- (no-op)");
            }
            self.state = after;
        }
        let text = editor.finish().join("\n");
        if migration.is_atomic() { format!("BEGIN;\n{text}\nCOMMIT;\n") } else { format!("{text}\n") }
    }
}

/// The SQL of a migration that installs extensions, which are named by their operations: `TrigramExtension`.
pub fn extensions(operations: impl IntoIterator<Item = &'static str>) -> String {
    let names = operations.into_iter().map(|operation| match operation {
        "TrigramExtension" => "pg_trgm",
        "BtreeGistExtension" => "btree_gist",
        other => other,
    });
    let each = names.map(|name| {
        format!("--\n-- Creates extension {name}\n--\nCREATE EXTENSION IF NOT EXISTS {};\n", name::quoted(name))
    });
    format!("BEGIN;\n{}COMMIT;\n", each.collect::<String>())
}

/// The name of a model's table.
pub fn table(state: &State, model: &ModelKey) -> String {
    table::name(state, model)
}

/// The name of the table of a model that no state has.
pub fn table_of(model: &ModelState) -> String {
    table::own_name(model)
}

/// The table of links of a many-to-many relation, and its columns; nothing if it has none of its own.
pub fn links(state: &State, model: &ModelState, field: &FieldState) -> Option<(String, [String; 2])> {
    let table::Through { table, columns: [_, near, far] } = table::through(state, model, field).ok()??;
    Some((table, [near.name, far.name]))
}

/// What rows must not have in common under a unique constraint, and the condition of those rows. None if only Django can tell.
pub fn uniqueness(model: &ModelState, unique: &Expr) -> Option<(Vec<String>, Option<String>)> {
    let fields = expression::Fields { model };
    let Expr::Call { args, .. } = unique else { return None };
    let mut parts = Vec::new();
    if let Some(Expr::List(names) | Expr::Tuple(names)) = argument(unique, "fields") {
        for name in names {
            let Expr::Str(name) = name else { return None };
            parts.push(fields.column(name).ok()?);
        }
    }
    for arg in args {
        parts.push(expression::indexed(&fields, arg).ok()?);
    }
    let condition = match argument(unique, "condition") {
        Some(condition) => Some(expression::condition(&fields, condition).ok()?.replace(expression::REMAINDER, "%")),
        None => None,
    };
    Some((parts, condition))
}

/// The condition of rows that a check constraint does not let in. None if only Django can tell.
pub fn violation(model: &ModelState, check: &Expr) -> Option<String> {
    let condition = argument(check, "condition")?;
    let test = expression::condition(&expression::Fields { model }, condition).ok()?;
    Some(format!("NOT ({test})").replace(expression::REMAINDER, "%"))
}
