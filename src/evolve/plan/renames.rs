//! Renames: of models in a step of their own before everything else, of fields among the other changes.

use std::collections::{BTreeMap, BTreeSet};

use super::need::{Kind, Need};
use super::{Plan, Start, Step, Steps, finish};
use crate::django::built::{FieldRename, ModelRename};
use crate::django::state::FieldState;
use crate::django::state::query::names;
use crate::django::{ModelKey, Operation, State};

/// The migrations that rename models.
pub(in crate::evolve) fn models(start: &Start<'_>, renames: &[ModelRename]) -> Plan {
    let mut steps = Steps::new();
    let mut state = start.state.clone();
    for (app, old, new) in ordered(start.state, renames) {
        let key = ModelKey::new(&app, &old).lowered();
        let needs = model_needs(&state, &key);
        let operation = Operation::RenameModel { old, new };
        state.apply(&app, &operation);
        steps.entry(app).or_default().push(Step { operation, needs });
    }
    finish(start, steps, &start.state.user)
}

/// Renames of models in an order in which no name is taken twice: the app, the old name, the new one.
pub(in crate::evolve) fn ordered(state: &State, renames: &[ModelRename]) -> Vec<(String, String, String)> {
    let mut all = Vec::with_capacity(renames.len());
    for app in renames.iter().map(|rename| &rename.app).collect::<BTreeSet<_>>() {
        let pairs = renames.iter().filter(|rename| rename.app == *app);
        let taken = state.models.values().filter(|model| model.key.app == *app);
        let taken = taken.map(|model| model.name.as_str()).collect();
        let ordered = in_order(pairs.map(|rename| (rename.old.as_str(), rename.new.as_str())), &taken);
        all.extend(ordered.into_iter().map(|(old, new)| (app.clone(), old, new)));
    }
    all
}

/// That what it leads to and what leads to it is there.
fn model_needs(state: &State, key: &ModelKey) -> Vec<Need> {
    let Some(model) = state.models.get(key) else { return Vec::new() };
    let mut needs: Vec<Need> = model.fields.iter().flat_map(|field| Need::of_relation(state, field)).collect();
    let leads = |holder: &&crate::django::state::ModelState| {
        let mut relations = holder.fields.iter().filter_map(|field| field.relation.as_ref());
        relations.any(|relation| relation.to == *key || relation.through.as_ref() == Some(key))
    };
    needs.extend(state.models.values().filter(leads).map(|holder| Need::model(&holder.key, Kind::Created)));
    needs
}

/// The operations that rename fields, with the app of each.
pub(super) fn fields(state: &State, renames: &[FieldRename]) -> Vec<(String, Operation)> {
    let mut operations = Vec::new();
    for model in renames.iter().map(|rename| &rename.model).collect::<BTreeSet<_>>() {
        let pairs = renames.iter().filter(|rename| rename.model == *model);
        let fields = state.models.get(model).into_iter().flat_map(|model| &model.fields);
        let taken = fields.map(|field| field.name.as_str()).collect();
        for (old, new) in in_order(pairs.map(|rename| (rename.old.as_str(), rename.new.as_str())), &taken) {
            operations.push((model.app.clone(), Operation::RenameField { model: model.name.clone(), old, new }));
        }
    }
    operations
}

/// What can be done in one pass with the renames of fields: the new models, but what was altered as well as renamed stays as it
/// was, and whatever names it waits. Django takes a field of another name and definition for another field.
pub(in crate::evolve) fn without_alterations(old: &State, new: &State, renames: &[FieldRename]) -> State {
    let mut state = new.clone();
    for rename in renames {
        let was = old.models.get(&rename.model).and_then(|model| model.field(&rename.old));
        let (Some(was), Some(model)) = (was, state.models.get_mut(&rename.model)) else { continue };
        let Some(field) = model.fields.iter_mut().find(|field| field.name == rename.new) else { continue };
        if was.definition() != field.definition() {
            *field = FieldState { name: rename.new.clone(), ..was.clone() };
            model.indexes.retain(|index| !names(index).contains(rename.new.as_str()));
            model.constraints.retain(|constraint| !names(constraint).contains(rename.new.as_str()));
        }
    }
    state
}

/// Renames in an order in which no name is taken twice, sorted by the new name as far as that allows. A name that goes round
/// in a circle steps aside for a while; so does what had a name and goes.
///
/// Names that are equal but for their case count as one: so do tables and columns.
fn in_order<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, taken: &BTreeSet<&'a str>) -> Vec<(String, String)> {
    let mut left: BTreeMap<&str, &str> = pairs.map(|(old, new)| (new, old)).collect();
    let names: BTreeMap<String, &str> = taken.iter().map(|name| (name.to_lowercase(), *name)).collect();
    let mut taken: BTreeSet<String> = names.keys().cloned().collect();
    let mut ordered = Vec::with_capacity(left.len());
    let mut aside: BTreeMap<&str, String> = BTreeMap::new();
    while !left.is_empty() {
        let is_free = |new: &str, old: &str| !taken.contains(&new.to_lowercase()) || new.eq_ignore_ascii_case(old);
        let next = left.iter().find(|(new, old)| is_free(new, old)).map(|(new, old)| (*new, *old));
        if let Some((new, old)) = next {
            left.remove(new);
            let old = aside.remove(old).unwrap_or_else(|| old.to_owned());
            taken.remove(&old.to_lowercase());
            taken.insert(new.to_lowercase());
            ordered.push((old, new.to_owned()));
            continue;
        }
        // All that are left wait for each other, or for something that goes: whoever has the first name makes room.
        let Some(wanted) = left.keys().next().map(|new| new.to_lowercase()) else { break };
        let mut other = format!("{wanted}_before");
        while taken.contains(&other) {
            other.push('x');
        }
        let Some(holder) = names.get(&wanted).copied() else { break };
        taken.remove(&wanted);
        taken.insert(other.clone());
        ordered.push((holder.to_owned(), other.clone()));
        aside.insert(holder, other);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(pairs: &[(&str, &str)], taken: &[&str]) -> Vec<String> {
        let pairs = in_order(pairs.iter().copied(), &taken.iter().copied().collect());
        pairs.into_iter().map(|(old, new)| format!("{old} {new}")).collect()
    }

    #[test]
    fn a_chain_begins_at_its_free_end() {
        assert_eq!(ordered(&[("a", "b"), ("b", "c")], &["a", "b", "z"]), ["b c", "a b"]);
    }

    #[test]
    fn names_that_are_swapped_step_aside() {
        assert_eq!(ordered(&[("a", "b"), ("b", "a")], &["a", "b"]), ["a a_before", "b a", "a_before b"]);
    }

    #[test]
    fn another_case_is_no_other_name() {
        assert_eq!(ordered(&[("Item", "ITEM")], &["Item"]), ["Item ITEM"]);
    }

    #[test]
    fn what_goes_makes_room() {
        assert_eq!(ordered(&[("a", "b")], &["a", "b"]), ["b b_before", "a b"]);
    }
}
