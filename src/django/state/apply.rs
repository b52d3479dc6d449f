//! What an operation makes of a state (`django.db.migrations.state.ProjectState`).

use super::query::{argument, name, set, without};
use super::{BaseState, FieldState, ModelState, Relation, State};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// What `AlterModelOptions` sets, all of it each time (`AlterModelOptions.ALTER_OPTION_KEYS`).
pub const ALTERABLE_OPTIONS: &[&str] = &[
    "base_manager_name",
    "default_manager_name",
    "default_related_name",
    "get_latest_by",
    "managed",
    "ordering",
    "permissions",
    "default_permissions",
    "select_on_save",
    "verbose_name",
    "verbose_name_plural",
];

impl State {
    /// Does what `operation` of `app` does. What it names and what is not there is passed over.
    pub fn apply(&mut self, app: &str, operation: &Operation) {
        let key = ModelKey::new(app, operation.model());
        self.follow(app, operation);
        self.follow_rows(&key, operation);
        match operation {
            Operation::CreateModel(created) => {
                let created = unfolded(created.clone());
                self.models.insert(created.key.clone(), created);
            }
            Operation::DeleteModel { .. } => drop(self.models.remove(&key)),
            Operation::RenameModel { new, .. } | Operation::RenameParent { new, .. } => {
                self.rekey_model(&key, &ModelKey::new(app, new));
            }
            Operation::MoveModel { name, from } => {
                self.rekey_model(&ModelKey::new(from, name).lowered(), &ModelKey::new(app, name));
            }
            // Nothing is nested deeper than what Django's own operation holds.
            Operation::Online(inner) => self.apply(app, inner),
            Operation::StateOnly(operations) => {
                for operation in operations {
                    self.take_back(app, operation);
                    self.apply(app, operation);
                }
            }
            Operation::Leave(inner) => {
                self.leave(app, inner);
                self.apply(app, inner);
            }
            _ => {
                if let Operation::RenameField { old, new, .. } | Operation::RenameKey { old, new, .. } = operation {
                    self.rename_target(&key, old, new);
                }
                if let Some(model) = self.models.get_mut(&key) {
                    alter(model, operation);
                }
            }
        }
    }

    /// Renames the class and whatever leads to it. Django forgets the bases of its children; our own operation does not.
    fn rekey_model(&mut self, key: &ModelKey, renamed: &ModelKey) {
        let Some(mut model) = self.models.remove(key) else { return };
        model.key = renamed.lowered();
        model.name.clone_from(&renamed.name);
        self.models.insert(model.key.clone(), model);
        if self.user == *key {
            self.user = renamed.lowered();
        }
        if let Some(rows) = self.rows.remove(key) {
            self.rows.insert(renamed.lowered(), rows);
        }
        for model in self.models.values_mut() {
            for base in &mut model.bases {
                if *base == BaseState::Model(key.clone()) {
                    *base = BaseState::Model(renamed.lowered());
                }
            }
            for field in &mut model.fields {
                lead(field, key, renamed);
            }
        }
    }

    /// Keys that name the renamed field as their target follow.
    fn rename_target(&mut self, key: &ModelKey, old: &str, new: &str) {
        let fields = self.models.values_mut().flat_map(|model| &mut model.fields);
        for field in fields.filter(|field| field.relation.as_ref().is_some_and(|relation| relation.to == *key)) {
            if field.argument("to_field") == Some(&Expr::str(old)) {
                set(&mut field.call, "to_field", Expr::str(new));
            }
        }
    }
}

/// Takes indexes and constraints that were folded into the creation out of the options again.
fn unfolded(mut model: ModelState) -> ModelState {
    for (key, value) in std::mem::take(&mut model.options) {
        match (key, value) {
            ("indexes", Expr::List(indexes)) => model.indexes.extend(indexes),
            ("constraints", Expr::List(constraints)) => model.constraints.extend(constraints),
            (key, value) => model.options.push((key, value)),
        }
    }
    model
}

fn alter(model: &mut ModelState, operation: &Operation) {
    match operation {
        Operation::AlterModelOptions { options, .. } => {
            model.options.retain(|(key, _)| !ALTERABLE_OPTIONS.contains(key));
            model.options.extend(options.iter().cloned());
        }
        Operation::AlterModelManagers { managers, .. } => managers.clone_into(&mut model.managers),
        Operation::AlterModelTable { table, .. } => option(model, "db_table", table.as_ref()),
        Operation::AlterModelTableComment { comment, .. } => option(model, "db_table_comment", comment.as_ref()),
        Operation::AddField { field, preserve_default, .. } => model.fields.push(kept(field, *preserve_default)),
        Operation::AlterField { field, preserve_default, .. } => {
            if let Some(known) = model.fields.iter_mut().find(|known| known.name == field.name) {
                *known = kept(field, *preserve_default);
            }
        }
        Operation::RemoveField { field, .. } => model.fields.retain(|known| known.name != *field),
        Operation::RenameField { old, new, .. } | Operation::RenameKey { old, new, .. } => {
            if let Some(field) = model.fields.iter_mut().find(|field| field.name == *old) {
                new.clone_into(&mut field.name);
            }
        }
        Operation::AddIndex { index, .. } => model.indexes.push(index.clone()),
        Operation::RemoveIndex { index, .. } => model.indexes.retain(|known| name(known) != index),
        Operation::RenameIndex { new, old, .. } => {
            for index in model.indexes.iter_mut().filter(|index| name(index) == old) {
                set(index, "name", Expr::str(new));
            }
        }
        Operation::AddConstraint { constraint, .. } => model.constraints.push(constraint.clone()),
        Operation::RemoveConstraint { constraint, .. } => model.constraints.retain(|known| name(known) != constraint),
        Operation::AlterConstraint { constraint, .. } => {
            if let Some(known) = model.constraints.iter_mut().find(|known| name(known) == name(constraint)) {
                *known = constraint.clone();
            }
        }
        Operation::AlterUniqueTogether { together, .. } => {
            let tuples = together.iter().map(|names| Expr::Tuple(names.iter().map(Expr::str).collect()));
            let value = (!together.is_empty()).then(|| Expr::List(tuples.collect()));
            option(model, "unique_together", value.as_ref());
        }
        Operation::ChangeParent { parent, key, .. } => {
            model.bases = parent.iter().cloned().map(BaseState::Model).collect();
            model.fields.retain(|field| !field.primary_key);
            model.fields.insert(0, key.clone());
        }
        Operation::CreateModel(_)
        | Operation::DeleteModel { .. }
        | Operation::RenameModel { .. }
        | Operation::StateOnly(_)
        | Operation::RenameParent { .. }
        | Operation::MoveModel { .. }
        | Operation::Online(_)
        | Operation::Leave(_)
        | Operation::LimitLockWait
        | Operation::Rows { .. } => {}
    }
}

fn option(model: &mut ModelState, key: &'static str, value: Option<&Expr>) {
    model.options.retain(|(known, _)| *known != key);
    model.options.extend(value.map(|value| (key, value.clone())));
}

/// The field as the state keeps it: a default for the rows of the moment is forgotten.
fn kept(field: &FieldState, preserve_default: bool) -> FieldState {
    let mut field = field.clone();
    if !preserve_default {
        field.call = without(&field.call, &["default"]);
    }
    field
}

/// Makes a relation that led to `old` lead to `new`.
fn lead(field: &mut FieldState, old: &ModelKey, new: &ModelKey) {
    let Some(Relation { to, through, .. }) = &mut field.relation else { return };
    if *to == *old {
        *to = new.lowered();
        // The user model stands there by the name of its setting.
        if matches!(argument(&field.call, "to"), Some(Expr::Str(_))) {
            set(&mut field.call, "to", Expr::Str(new.lower()));
        }
    }
    if through.as_ref() == Some(old) {
        *through = Some(new.lowered());
        set(&mut field.call, "through", Expr::Str(new.dotted()));
    }
}
