//! Models that are called otherwise or are in another app.

use std::collections::BTreeMap;

use super::Track;
use crate::django::built::{ModelMove, ModelRename};
use crate::django::state::{BaseState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::evolve::plan;

/// Renames models. As Django does it, unless one of them has children: those would lose their parent.
pub(super) fn rename(track: &mut Track<'_>, renames: &[ModelRename]) {
    let is_parent = |rename: &ModelRename| {
        let key = BaseState::Model(ModelKey::new(&rename.app, &rename.old).lowered());
        track.state().models.values().any(|model| model.bases.contains(&key))
    };
    if !renames.iter().any(is_parent) {
        let built = &track.prepared.built;
        let start = plan::Start { state: &built.state, leaves: &built.leaves };
        let plan = plan::renames::models(&start, renames);
        crate::evolve::follow(&mut track.prepared.built, &mut track.prepared.evolution, plan);
        return;
    }
    for (app, old, new) in plan::renames::ordered(track.state(), renames) {
        let key = ModelKey::new(&app, &old).lowered();
        let target = ModelKey::new(&app, &new).lowered();
        let mut pointers = BTreeMap::new();
        for child in children(track, &key) {
            // Django names the key to a parent after it.
            let pointer = format!("{}_ptr", key.name);
            if child.field(&pointer).is_some_and(|field| field.argument("auto_created").is_some()) {
                let model = if child.key == key { target.clone() } else { child.key.clone() };
                pointers.insert(model, pointer);
            }
        }
        let words = format!("rename_{old}_{new}");
        let operation = if children(track, &key).is_empty() {
            Operation::RenameModel { old, new }
        } else {
            Operation::RenameParent { old, new }
        };
        track.write(&app, &words, vec![operation]);
        for (model, old) in pointers {
            let new = format!("{}_ptr", target.name);
            let words = format!("rename_{old}_{}_{new}", model.name);
            let operation = Operation::RenameKey { model: model.name, old, new };
            track.write(&model.app, &words, vec![operation]);
        }
    }
}

fn children(track: &Track<'_>, key: &ModelKey) -> Vec<ModelState> {
    let base = BaseState::Model(key.clone());
    track.state().models.values().filter(|model| model.bases.contains(&base)).cloned().collect()
}

/// Moves models to other apps. Those that they left get an empty migration, so that whatever they do next comes after.
pub(super) fn moves(track: &mut Track<'_>, moves: &[ModelMove]) {
    let mut ways: BTreeMap<(&str, &str), Vec<Operation>> = BTreeMap::new();
    for it in moves {
        let old = ModelKey::new(&it.from, &it.name).lowered();
        let new = ModelKey::new(&it.to, &it.name).lowered();
        let models = &track.state().models;
        // Django cannot move the user model, and two models cannot have one name.
        if models.contains_key(&old) && !models.contains_key(&new) && track.state().user != old {
            let operation = Operation::MoveModel { name: it.name.clone(), from: it.from.clone() };
            ways.entry((&it.to, &it.from)).or_default().push(operation);
        }
    }
    for ((to, from), operations) in ways {
        let words = match operations.as_slice() {
            [only] => format!("move_{}_from_{from}", only.model()),
            _ => format!("move_from_{from}"),
        };
        track.write(to, &words, operations);
        track.write(from, &format!("after_move_to_{to}"), Vec::new());
    }
}
