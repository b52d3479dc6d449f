//! What an operation mentions, and what may therefore not change places with it (`Operation.references_model`,
//! `references_field`).

use std::collections::BTreeSet;

use crate::django::state::{BaseState, FieldState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// Whether an operation does not say what it mentions: Django then takes it to mention every model.
pub(super) fn is_universal(operation: &Operation) -> bool {
    is_frozen(operation) || matches!(operation, Operation::DeleteModel { .. })
}

/// Whether nothing may cross an operation, whatever it mentions: indexes and constraints. So are renames of models, which
/// Django would let some pass, but here they stand in migrations of their own.
pub(super) fn is_frozen(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::AddIndex { .. }
            | Operation::RemoveIndex { .. }
            | Operation::RenameIndex { .. }
            | Operation::AddConstraint { .. }
            | Operation::RemoveConstraint { .. }
            | Operation::AlterConstraint { .. }
            | Operation::RenameModel { .. }
    )
}

/// The models of `app` that an operation names.
pub(super) fn models(app: &str, operation: &Operation) -> BTreeSet<String> {
    let mut models = BTreeSet::from([operation.model()]);
    let mut name = |key: &ModelKey| {
        if key.app == app {
            models.insert(key.name.clone());
        }
    };
    match operation {
        Operation::CreateModel(state) => {
            for base in &state.bases {
                if let BaseState::Model(key) = base {
                    name(key);
                }
            }
            state.fields.iter().flat_map(ends).for_each(name);
        }
        Operation::AddField { field, .. } | Operation::AlterField { field, .. } => ends(field).for_each(name),
        _ => {}
    }
    models
}

fn ends(field: &FieldState) -> impl Iterator<Item = &ModelKey> {
    let relation = field.relation.iter();
    relation.flat_map(|relation| std::iter::once(&relation.to).chain(&relation.through))
}

/// Whether `later`, an operation of `app`, may be done before `earlier`.
pub(super) fn may_cross(app: &str, earlier: &Operation, later: &Operation) -> bool {
    if is_frozen(earlier) {
        return false;
    }
    let model = earlier.model();
    match earlier {
        Operation::AddField { field, .. } | Operation::AlterField { field, .. } => {
            !mentions_field(app, later, &model, &field.name)
        }
        Operation::RemoveField { field, .. } => !mentions_field(app, later, &model, field),
        Operation::RenameField { old, new, .. } => {
            !mentions_field(app, later, &model, old) && !mentions_field(app, later, &model, new)
        }
        _ => !mentions_model(app, later, &model),
    }
}

fn mentions_model(app: &str, operation: &Operation, model: &str) -> bool {
    is_universal(operation) || models(app, operation).contains(model)
}

fn mentions_field(app: &str, operation: &Operation, model: &str, name: &str) -> bool {
    match operation {
        Operation::AddField { field, .. } | Operation::AlterField { field, .. } => {
            let is_own = operation.model() == model;
            is_own && (field.name == name || field.sources().contains(name)) || leads_to(app, field, model, name)
        }
        Operation::RemoveField { field, .. } => operation.model() == model && field == name,
        Operation::RenameField { old, new, .. } => operation.model() == model && (old == name || new == name),
        _ => mentions_model(app, operation, model),
    }
}

/// Whether a relation leads to the field `name` of a model, or goes through it.
fn leads_to(app: &str, field: &FieldState, model: &str, name: &str) -> bool {
    let Some(relation) = &field.relation else { return false };
    let is = |key: &ModelKey| key.app == app && key.name == model;
    let is_other_field = |argument: &Expr| *argument != Expr::str(name);
    // Any field of the target may be the one that is referred to, unless another one is named.
    let to = is(&relation.to) && (relation.many_to_many || !field.argument("to_field").is_some_and(is_other_field));
    let keys = relation.through_fields.as_ref();
    let through = relation.through.as_ref().is_some_and(is)
        && keys.is_none_or(|(source, target)| source == name || target == name);
    to || through
}
