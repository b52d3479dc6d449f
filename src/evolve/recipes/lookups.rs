//! Enumerations that are tables: their tables and rows come before what leads to them.

use super::Track;
use crate::django::built::Changes;
use crate::django::state::rows::change;
use crate::django::{ModelKey, Operation};
use crate::evolve::lookups::coming;
use crate::evolve::plan::{Start, plan};

/// Makes and alters the tables as Django would, without all others, and fills them.
pub(super) fn first(track: &mut Track<'_>, changes: &Changes) {
    // What had other rows before is no business of the literals.
    let is_ours =
        |model: &&ModelKey| !track.state().models.contains_key(*model) || track.state().rows.contains_key(*model);
    let models: Vec<ModelKey> = track.target.rows.keys().filter(is_ours).cloned().collect();
    let mut state = track.state().clone();
    for model in &models {
        state.models.extend(track.target.models.get(model).map(|found| (model.clone(), found.clone())));
    }
    let (ours, others) =
        std::mem::take(&mut track.prepared.renames).into_iter().partition::<Vec<_>, _>(|it| models.contains(&it.model));
    track.prepared.renames = others;
    let start = Start { state: track.state(), leaves: &track.prepared.built.leaves };
    let planned = plan(&start, &state, &ours, &changes.fillings);
    for migration in planned.evolution.migrations {
        for operation in &migration.operations {
            track.prepared.built.state.apply(&migration.app, operation);
        }
        track.prepared.built.leaves.insert(migration.app.clone(), migration.name.clone());
        track.prepared.evolution.migrations.push(migration);
    }
    for model in &models {
        let Some(now) = track.target.rows.get(model) else { continue };
        if let Some((old, new)) = coming(track.state().rows.get(model), now) {
            let filled: Operation = change(model, &old, &new);
            track.write(&model.app, &format!("fill_{}", model.name), vec![filled]);
        }
    }
}
