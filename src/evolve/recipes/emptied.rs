//! Models that go and whose tables would lose their columns first: Django takes keys away before the model. SQLite knows no table
//! without columns, as children without attributes would be, and PostgreSQL lets no key go that others lead to.

use std::collections::BTreeSet;

use super::{Prepared, Track};
use crate::django::state::{BaseState, FieldState};
use crate::django::{Evolution, ModelKey, Operation, State};

/// Deletes the models whose tables `evolution` would leave without columns or without the key that others lead to, after what
/// leads there and goes as well. Nothing, if there are none.
pub(in crate::evolve) fn emptied(prepared: &Prepared, evolution: &Evolution, target: &State) -> Option<Prepared> {
    let mut left = empty(prepared, evolution);
    left.retain(|model| !target.models.contains_key(model));
    let mut track = Track { prepared: prepared.clone(), target, last: None };
    let mut is_changed = false;
    // One that went may have referred to another.
    while let Some(model) = left.iter().find(|model| is_free(&track, model)).cloned() {
        left.remove(&model);
        let Some(name) = track.state().models.get(&model).map(|state| state.name.clone()) else { continue };
        for (owner, field) in referrers(track.state(), &model) {
            let mut operations = track.without_indexes(&owner, &field.name);
            operations.push(Operation::RemoveField { model: owner.name.clone(), field: field.name.clone() });
            track.write(&owner.app, &format!("release_{}_{}", owner.name, field.name), operations);
        }
        track.write(&model.app, &format!("delete_{}", model.name), vec![Operation::DeleteModel { name }]);
        is_changed = true;
    }
    is_changed.then_some(track.prepared)
}

fn empty(prepared: &Prepared, evolution: &Evolution) -> BTreeSet<ModelKey> {
    let mut state = prepared.built.state.clone();
    let mut found = BTreeSet::new();
    for migration in evolution.migrations.iter().skip(prepared.evolution.migrations.len()) {
        for operation in &migration.operations {
            if let Operation::RemoveField { model, field } = operation {
                let key = ModelKey::new(&migration.app, model).lowered();
                let gone = state.models.get(&key).and_then(|model| model.field(field));
                if gone.is_some_and(|gone| gone.primary_key) && is_referred_to(&state, &key) {
                    found.insert(key);
                }
            }
            state.apply(&migration.app, operation);
            if let Operation::RemoveField { model, .. } = operation {
                let key = ModelKey::new(&migration.app, model).lowered();
                if state.models.get(&key).is_some_and(|model| model.fields.iter().all(FieldState::is_many_to_many)) {
                    found.insert(key);
                }
            }
        }
    }
    found
}

fn is_referred_to(state: &State, key: &ModelKey) -> bool {
    let mut fields = state.models.values().flat_map(|model| &model.fields);
    fields.any(|field| !field.is_many_to_many() && field.relation.as_ref().is_some_and(|it| it.to == *key))
}

/// Fields of other models that lead to the model or through it.
fn referrers(state: &State, key: &ModelKey) -> Vec<(ModelKey, FieldState)> {
    let others = state.models.values().filter(|model| model.key != *key);
    let fields = others.flat_map(|model| model.fields.iter().map(move |field| (model.key.clone(), field.clone())));
    let leads = |field: &FieldState| {
        let mut relation = field.relation.iter();
        relation.any(|relation| relation.to == *key || relation.through.as_ref() == Some(key))
    };
    fields.filter(|(_, field)| leads(field)).collect()
}

/// Whether nothing keeps the model from going: no children, and what leads there goes as well and is no key itself.
fn is_free(track: &Track<'_>, key: &ModelKey) -> bool {
    let base = BaseState::Model(key.clone());
    let has_children = track.state().models.values().any(|model| model.bases.contains(&base));
    !has_children
        && referrers(track.state(), key).iter().all(|(owner, field)| {
            let name = track.new_name(owner, &field.name);
            let stays = track.target.models.get(owner).zip(name).and_then(|(model, name)| model.field(name));
            stays.is_none() && !field.primary_key
        })
}
