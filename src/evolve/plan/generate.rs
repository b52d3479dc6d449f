//! Which operations are needed, and what each of them needs.

use super::{Need, Step, Steps};
use crate::django::state::{BaseState, FieldState, ModelState};
use crate::django::{ModelKey, Operation, State};

/// The operations that create all models of `state`, in the order in which Django's autodetector finds them.
pub(super) fn created(state: &State) -> Steps {
    let mut models: Vec<&ModelState> = state.models.values().collect();
    models.sort_by_cached_key(|model| std::cmp::Reverse(order(state, &model.key)));
    let mut steps = Steps::new();
    for model in &models {
        steps.entry(model.key.app.clone()).or_default().push(create(model));
    }
    // Each table was put in front of what its app already had.
    for steps in steps.values_mut() {
        steps.reverse();
    }
    for model in models {
        steps.entry(model.key.app.clone()).or_default().extend(complete(state, model));
    }
    steps
}

/// Models are created in descending order of this key, and the later one stands further in front.
fn order(state: &State, key: &ModelKey) -> (String, String) {
    let prefix = if *key == state.user { "___" } else { "" };
    (format!("{prefix}{}", key.app), format!("{prefix}{}", key.name))
}

/// Whether a field waits until the table of its model is there.
fn is_deferred(field: &FieldState) -> bool {
    field
        .relation
        .as_ref()
        .is_some_and(|relation| (!field.primary_key && !relation.parent_link) || relation.through.is_some())
}

fn create(model: &ModelState) -> Step {
    let mut needs: Vec<Need> = model
        .bases
        .iter()
        .filter_map(|base| match base {
            BaseState::Model(key) => Some(Need::Model(key.clone())),
            BaseState::Django => None,
        })
        .collect();
    // The user model behind a primary key is needed itself, not through the setting.
    needs.extend(
        model
            .fields
            .iter()
            .filter(|field| field.primary_key)
            .filter_map(|field| Some(Need::Model(field.relation.as_ref()?.to.clone()))),
    );
    let table = ModelState {
        fields: model.fields.iter().filter(|field| !is_deferred(field)).cloned().collect(),
        indexes: Vec::new(),
        constraints: Vec::new(),
        ..model.clone()
    };
    Step { operation: Operation::CreateModel(table), needs }
}

/// What is added once the table is there.
fn complete(state: &State, model: &ModelState) -> Vec<Step> {
    let mut deferred: Vec<&FieldState> = model.fields.iter().filter(|field| is_deferred(field)).collect();
    deferred.sort_by(|left, right| left.name.cmp(&right.name));
    let table = Need::Model(model.key.clone());
    let name = &model.key.name;
    let mut steps = Vec::new();
    for field in &deferred {
        let mut needs = relation_needs(state, field);
        needs.push(table.clone());
        let operation = Operation::AddField { model: name.clone(), field: (*field).clone() };
        steps.push(Step { operation, needs });
    }
    let mut needs: Vec<Need> =
        deferred.iter().map(|field| Need::Field(model.key.clone(), field.name.clone())).collect();
    needs.push(table);
    let indexes = model.indexes.iter().map(|index| Operation::AddIndex { model: name.clone(), index: index.clone() });
    let constraints = model
        .constraints
        .iter()
        .map(|constraint| Operation::AddConstraint { model: name.clone(), constraint: constraint.clone() });
    steps.extend(indexes.chain(constraints).map(|operation| Step { operation, needs: needs.clone() }));
    steps
}

fn relation_needs(state: &State, field: &FieldState) -> Vec<Need> {
    let Some(relation) = &field.relation else { return Vec::new() };
    let to = if relation.to == state.user { Need::User } else { Need::Model(relation.to.clone()) };
    std::iter::once(to).chain(relation.through.clone().map(Need::Model)).collect()
}
