//! What the database keeps while the models say nothing of it any more: servers with older models still use it.

use super::query::with;
use super::{FieldState, ModelState, State};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// Something that stays in the database until no server uses it any more.
#[derive(Clone, Debug, PartialEq)]
pub enum Left {
    /// A column of a model, as the field that it was last.
    Field(ModelKey, FieldState),
    /// A column that may be NULL, by the name of the field that demands a value.
    Optional(ModelKey, String),
    /// A table, and the columns of it that were left before.
    Model(ModelState, Vec<FieldState>),
}

impl Left {
    /// The model whose table it is, or is in.
    pub fn model(&self) -> &ModelKey {
        match self {
            Self::Field(model, _) | Self::Optional(model, _) => model,
            Self::Model(model, _) => &model.key,
        }
    }

    /// What it is called in Django: `shop.Order.note`.
    pub fn dotted(&self, state: &State) -> String {
        let (key, field) = match self {
            Self::Field(key, field) => (key, &field.name),
            Self::Optional(key, field) => (key, field),
            Self::Model(model, _) => return format!("{}.{}", model.key.app, model.name),
        };
        let name = state.models.get(key).map_or(&key.name, |model| &model.name);
        format!("{}.{name}.{field}", key.app)
    }
}

impl State {
    /// Remembers what `operation` leaves in the database, which is about to change the models alone.
    pub(super) fn leave(&mut self, app: &str, operation: &Operation) {
        if matches!(operation, Operation::AddField { .. }) {
            return self.take_back(app, operation);
        }
        let key = ModelKey::new(app, operation.model());
        let Some(model) = self.models.get(&key) else { return };
        let left = match operation {
            Operation::RemoveField { field, .. } => {
                model.field(field).map(|field| Left::Field(key.clone(), field.clone()))
            }
            Operation::AlterField { field, .. } => Some(Left::Optional(key.clone(), field.name.clone())),
            Operation::DeleteModel { .. } => {
                let mut model = model.clone();
                // The table goes as a whole one day.
                (model.indexes, model.constraints) = (Vec::new(), Vec::new());
                let columns = self.left.iter().filter_map(|left| match left {
                    Left::Field(of, field) if *of == key => Some(field.clone()),
                    _ => None,
                });
                Some(Left::Model(model, columns.collect()))
            }
            _ => None,
        };
        self.forget(app, operation);
        self.left.extend(left);
    }

    /// Forgets what the models know of again.
    pub(super) fn take_back(&mut self, app: &str, operation: &Operation) {
        let key = ModelKey::new(app, operation.model());
        match operation {
            Operation::AddField { field, .. } => {
                let is_it =
                    |left: &Left| matches!(left, Left::Field(of, it) if *of == key && it.column() == field.column());
                self.left.retain(|left| !is_it(left));
            }
            Operation::CreateModel(_) => {
                self.left.retain(|left| !matches!(left, Left::Model(model, _) if model.key == key));
            }
            _ => {}
        }
    }

    /// Keeps in step with what really happens to tables and columns.
    pub(super) fn follow(&mut self, app: &str, operation: &Operation) {
        let key = ModelKey::new(app, operation.model());
        match operation {
            Operation::RenameModel { new, .. } | Operation::RenameParent { new, .. } => {
                self.rekey_left(&key, &ModelKey::new(app, new).lowered());
            }
            Operation::MoveModel { name, from } => self.rekey_left(&ModelKey::new(from, name).lowered(), &key),
            Operation::RenameField { old, new, .. } | Operation::RenameKey { old, new, .. } => {
                for left in &mut self.left {
                    if let Left::Optional(of, name) = left
                        && *of == key
                        && name == old
                    {
                        new.clone_into(name);
                    }
                }
            }
            _ => self.forget(app, operation),
        }
    }

    /// Forgets what goes with a table or a column, and what is demanded no more.
    fn forget(&mut self, app: &str, operation: &Operation) {
        let key = ModelKey::new(app, operation.model());
        let is_gone = |left: &Left| match (operation, left) {
            (Operation::DeleteModel { .. }, Left::Field(of, _) | Left::Optional(of, _)) => *of == key,
            (Operation::RemoveField { field, .. }, Left::Optional(of, name)) => *of == key && name == field,
            (Operation::AlterField { field, .. }, Left::Optional(of, name)) => {
                *of == key && *name == field.name && field.is_nullable()
            }
            _ => false,
        };
        self.left.retain(|left| !is_gone(left));
    }

    fn rekey_left(&mut self, old: &ModelKey, new: &ModelKey) {
        for left in &mut self.left {
            if let Left::Field(of, _) | Left::Optional(of, _) = left
                && of == old
            {
                new.clone_into(of);
            }
        }
    }
}

/// The field with the name of its column said.
#[must_use]
pub fn named(field: &FieldState, name: &str) -> FieldState {
    let column = field.column();
    let call = if column == name { field.call.clone() } else { with(&field.call, "db_column", Expr::Str(column)) };
    FieldState { name: name.to_owned(), call, ..field.clone() }
}
