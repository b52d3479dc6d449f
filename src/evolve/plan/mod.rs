//! The planner: the operations that Django's autodetector would find between two states, in its order and in its files
//! (`django.db.migrations.autodetector`).
//!
//! What was renamed is not guessed from likeness: who calls knows it. Models are renamed in a step of their own ([`renames`]),
//! because Django errs where that meets another change of the same model.

mod generate;
mod mention;
pub(super) mod name;
mod need;
mod optimize;
pub(super) mod renames;
mod sort;
mod split;

use std::collections::BTreeMap;

use crate::django::built::FieldRename;
use crate::django::operation::Dependency;
use crate::django::state::query::{argument, names};
use crate::django::{Evolution, Migration, ModelKey, Operation, State};
use crate::python::Expr;

use need::Need;

/// The last migrations of Django's own apps that models can refer to; the same from 5.2 to 6.1.
pub(super) const LEAVES: &[(&str, &str)] =
    &[("auth", "0012_alter_user_first_name_max_length"), ("contenttypes", "0002_remove_content_type_name")];

/// The last migration of each app of the project.
pub(super) type Leaves = BTreeMap<String, String>;

/// Values for the rows that are there when a field becomes required, by model in lower case and field.
pub(super) type Fillings = BTreeMap<(ModelKey, String), Expr>;

/// Where a plan starts.
#[derive(Debug)]
pub(super) struct Start<'a> {
    /// The state after the last migrations.
    pub(super) state: &'a State,
    /// The last migrations.
    pub(super) leaves: &'a Leaves,
}

/// A plan, and whether Django would have come to it.
#[derive(Debug)]
pub(super) struct Plan {
    /// The migrations.
    pub(super) evolution: Evolution,
    /// What Django would give up at.
    pub(super) refused: Option<Refused>,
}

/// Where Django would say `Cannot resolve operation dependencies`.
#[derive(Debug)]
pub(super) struct Refused {
    /// The apps that had operations left.
    pub(super) apps: Vec<String>,
    /// For each of them the model whose operation came first.
    pub(super) models: Vec<ModelKey>,
}

/// An operation and what must have been done before it.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    operation: Operation,
    needs: Vec<Need>,
}

/// The operations of each app, by its label.
type Steps = BTreeMap<String, Vec<Step>>;

/// The migrations that lead from `start` to the models of `state`.
pub(super) fn plan(start: &Start<'_>, state: &State, renames: &[FieldRename], fillings: &Fillings) -> Plan {
    let renames = renames::fields(start.state, renames);
    let planned = |unindexes_first| {
        let mut steps = generate::steps(unindexes_first, start.state, state, renames.clone(), fillings);
        for (app, steps) in &mut steps {
            sort::sort(app, steps, &state.user);
        }
        finish(start, steps, &state.user)
    };
    let plan = planned(state.django.unindexes_first());
    if state.django.unindexes_first() || !removes_what_is_used(start.state, state, &plan.evolution) {
        return plan;
    }
    // No database does what this Django would write; the next one has learned the order.
    planned(true)
}

/// Whether a field goes while an index, a constraint or a computed column still looks at it. Of a table that goes itself, indexes go
/// with the keys that they are on.
fn removes_what_is_used(old: &State, new: &State, evolution: &Evolution) -> bool {
    let mut state = old.clone();
    for migration in &evolution.migrations {
        for operation in &migration.operations {
            if let Operation::RemoveField { model, field } = operation
                && let Some(model) = state.models.get(&ModelKey::new(&migration.app, model))
            {
                let is_kept = new.models.contains_key(&model.key);
                let is_plain = |index: &&Expr| argument(index, "condition").or(argument(index, "include")).is_none();
                let indexes = model.indexes.iter().filter(|index| is_kept || !is_plain(index));
                let mut calls = indexes.chain(&model.constraints);
                let is_computed_from = model.fields.iter().any(|other| other.sources().contains(field));
                if is_computed_from || calls.any(|call| names(call).contains(field.as_str())) {
                    return true;
                }
            }
            state.apply(&migration.app, operation);
        }
    }
    false
}

/// Cuts sorted steps into files and names them.
fn finish(start: &Start<'_>, steps: Steps, user: &ModelKey) -> Plan {
    let (parts, refused) = split::split(steps, user, start.leaves);
    let had_models = |app: &str| start.state.models.keys().any(|key| key.app == app);
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut migrations = Vec::new();
    for (app, parts) in parts {
        let initial = !had_models(&app);
        let mut leaf = start.leaves.get(&app).cloned();
        for part in parts {
            let operations = optimize::optimize(&app, part.operations);
            let name = name::next(leaf.as_deref(), initial, &operations);
            let previous = leaf.replace(name.clone());
            names.entry(app.clone()).or_default().push(name.clone());
            migrations.push((part.after, previous, app.clone(), name, initial, operations));
        }
    }
    let migrations = migrations.into_iter().map(|(after, previous, app, name, initial, operations)| {
        let dependency = |after: split::After| match after {
            split::After::User => Dependency::UserModel,
            split::After::Migration { app, name } => Dependency::Migration { app, name },
            split::After::Part { app, number } => {
                let name = names.get(&app).and_then(|names| names.get(number)).cloned().unwrap_or_default();
                Dependency::Migration { app, name }
            }
        };
        let previous = previous.map(|name| Dependency::Migration { app: app.clone(), name });
        let dependencies = after.into_iter().map(dependency).chain(previous).collect();
        Migration { app, name, initial, dependencies, operations, is_recipe: false }
    });
    Plan { evolution: Evolution { migrations: migrations.collect(), ..Evolution::default() }, refused }
}

#[cfg(test)]
mod tests;
