//! Models that go and have nothing but keys, as children without attributes have: Django takes the keys away first, and SQLite
//! knows no table without columns.

use std::collections::BTreeSet;

use super::{Prepared, Track};
use crate::django::state::{BaseState, FieldState};
use crate::django::{Evolution, ModelKey, Operation, State};

/// Deletes the models whose tables `evolution` would leave without columns, as far as nothing refers to them. Nothing, if there
/// are none.
pub(in crate::evolve) fn emptied(prepared: &Prepared, evolution: &Evolution, target: &State) -> Option<Prepared> {
    let mut left = empty(prepared, evolution);
    left.retain(|model| !target.models.contains_key(model));
    let mut track = Track { prepared: prepared.clone(), target, last: None };
    let mut is_changed = false;
    // One that went may have referred to another.
    while let Some(model) = left.iter().find(|model| !is_referred_to(track.state(), model)).cloned() {
        left.remove(&model);
        let Some(state) = track.state().models.get(&model) else { continue };
        let name = state.name.clone();
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
    let mut others = state.models.values().filter(|model| model.key != *key);
    others.any(|model| {
        let mut relations = model.fields.iter().filter_map(|field| field.relation.as_ref());
        model.bases.contains(&BaseState::Model(key.clone()))
            || relations.any(|relation| relation.to == *key || relation.through.as_ref() == Some(key))
    })
}
