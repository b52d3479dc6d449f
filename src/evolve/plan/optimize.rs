//! The optimiser: folds what is done to a table into its creation, as far as the order of what lies between allows.
//!
//! Django looks for the first operation from the left that can take in a later one: either it moves right, if nothing between
//! mentions it; or the later one moves left, if it mentions nothing of what is between. After each fold Django starts
//! over, in cubic time. Here an operation that could not fold sleeps until one of those that were in its way has moved,
//! which comes to the same: what lies between the two changes by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::mention::{is_frozen, is_universal, may_cross, models};
use crate::django::Operation;
use crate::django::state::ModelState;
use crate::django::state::query::Standing;
use crate::python::Expr;

/// Folds the operations of one migration of `app`.
pub(super) fn optimize(app: &str, operations: Vec<Operation>) -> Vec<Operation> {
    let mut optimizer = Optimizer::new(app, operations);
    while let Some(place) = optimizer.awake.pop_first() {
        optimizer.visit(place);
    }
    optimizer.places.into_iter().flatten().map(|(_, operation)| operation).collect()
}

/// The place of an operation: one that moves takes the place of what it takes in, so that places only ever become empty.
type Place = usize;
/// An operation wherever it is: the place where it began.
type Id = usize;

struct Optimizer<'a> {
    app: &'a str,
    places: Vec<Option<(Id, Operation)>>,
    /// Where each operation is now.
    at: Vec<Place>,
    /// The places that are not empty.
    present: BTreeSet<Place>,
    /// What is done to each model.
    about: BTreeMap<String, BTreeSet<Place>>,
    /// Who names each model, those aside who do not say what they name.
    naming: BTreeMap<String, BTreeSet<Place>>,
    /// Those who do not say what they name.
    universal: BTreeSet<Place>,
    /// Those that nothing may cross.
    frozen: BTreeSet<Place>,
    /// Who may be able to fold.
    awake: BTreeSet<Place>,
    /// Who waits for the operation at a place to move.
    asleep: BTreeMap<Place, Vec<Id>>,
}

impl<'a> Optimizer<'a> {
    fn new(app: &'a str, operations: Vec<Operation>) -> Self {
        let mut optimizer = Self {
            app,
            places: vec![None; operations.len()],
            at: (0..operations.len()).collect(),
            present: BTreeSet::new(),
            about: BTreeMap::new(),
            naming: BTreeMap::new(),
            universal: BTreeSet::new(),
            frozen: BTreeSet::new(),
            awake: (0..operations.len()).collect(),
            asleep: BTreeMap::new(),
        };
        for (id, operation) in operations.into_iter().enumerate() {
            optimizer.put(id, id, operation);
        }
        optimizer
    }

    fn put(&mut self, place: Place, id: Id, operation: Operation) {
        self.about.entry(operation.model()).or_default().insert(place);
        if is_universal(&operation) {
            self.universal.insert(place);
        } else {
            for model in models(self.app, &operation) {
                self.naming.entry(model).or_default().insert(place);
            }
        }
        if is_frozen(&operation) {
            self.frozen.insert(place);
        }
        self.present.insert(place);
        self.at[id] = place;
        self.places[place] = Some((id, operation));
    }

    fn take(&mut self, place: Place) -> Option<(Id, Operation)> {
        let (id, operation) = self.places.get_mut(place)?.take()?;
        if let Some(places) = self.about.get_mut(&operation.model()) {
            places.remove(&place);
        }
        for model in models(self.app, &operation) {
            if let Some(places) = self.naming.get_mut(&model) {
                places.remove(&place);
            }
        }
        self.universal.remove(&place);
        self.frozen.remove(&place);
        self.present.remove(&place);
        Some((id, operation))
    }

    fn operation(&self, place: Place) -> Option<&Operation> {
        self.places.get(place)?.as_ref().map(|(_, operation)| operation)
    }

    /// Folds the first later operation that it can take in, or puts it to sleep.
    fn visit(&mut self, place: Place) {
        let Some((id, operation)) = self.places.get(place).and_then(Option::as_ref) else { return };
        let id = *id;
        let later = self.about.get(&operation.model()).into_iter().flat_map(|places| places.range(place + 1..));
        let fits = |&&other: &&Place| self.operation(other).is_some_and(|later| takes_in(operation, later));
        let Some(&other) = later.into_iter().find(fits) else { return };
        let Some(obstacle) = self.in_way_right(place, other) else { return self.fold(place, other, other) };
        match self.in_way_left(place, other) {
            None => self.fold(place, other, place),
            Some(second) => {
                self.asleep.entry(obstacle).or_default().push(id);
                self.asleep.entry(second).or_default().push(id);
            }
        }
    }

    /// What mentions the operation at `place` on its way right to `other`.
    fn in_way_right(&self, place: Place, other: Place) -> Option<Place> {
        let operation = self.operation(place)?;
        let naming = self.naming.get(&operation.model());
        let blocks =
            |between: &Place| self.operation(*between).is_some_and(|between| !may_cross(self.app, operation, between));
        between(naming, place, other).find(blocks).or_else(|| between(Some(&self.universal), place, other).next())
    }

    /// What the operation at `other` may not cross on its way left to `place`.
    fn in_way_left(&self, place: Place, other: Place) -> Option<Place> {
        let operation = self.operation(other)?;
        if is_universal(operation) {
            return between(Some(&self.present), place, other).next();
        }
        let blocks = |between: &Place| {
            self.operation(*between)
                .is_some_and(|between| takes_in(between, operation) || !may_cross(self.app, between, operation))
        };
        models(self.app, operation)
            .iter()
            .find_map(|model| between(self.about.get(model), place, other).find(blocks))
            .or_else(|| between(Some(&self.frozen), place, other).next())
    }

    /// Takes the operation at `other` into that at `place`, which then stands at `to`.
    fn fold(&mut self, place: Place, other: Place, to: Place) {
        let (Some((id, operation)), Some((_, later))) = (self.take(place), self.take(other)) else { return };
        let adds =
            matches!(later, Operation::AddField { .. } | Operation::AddIndex { .. } | Operation::AddConstraint { .. });
        if let Some(folded) = folded(operation, later) {
            self.put(to, id, folded);
            self.awake.insert(to);
        }
        // Whoever waited for one of them may go on; not if it stays and only names more than before.
        let left = if place == to && adds { None } else { self.asleep.remove(&place) };
        for sleeper in left.into_iter().chain(self.asleep.remove(&other)).flatten() {
            if self.places[self.at[sleeper]].as_ref().is_some_and(|(id, _)| *id == sleeper) {
                self.awake.insert(self.at[sleeper]);
            }
        }
    }
}

fn between(places: Option<&BTreeSet<Place>>, left: Place, right: Place) -> impl Iterator<Item = Place> {
    places.into_iter().flat_map(move |places| places.range(left + 1..right).copied())
}

/// Whether the two operations of one model become one (or none). What no plan brings together is left out.
fn takes_in(operation: &Operation, later: &Operation) -> bool {
    let is_same = || operation.model() == later.model();
    match (operation, later) {
        (Operation::CreateModel(state), Operation::DeleteModel { .. }) => {
            is_same() && state.standing() != Standing::Proxy
        }
        (
            Operation::CreateModel(_),
            Operation::AddField { .. }
            | Operation::AlterField { .. }
            | Operation::AddIndex { .. }
            | Operation::AddConstraint { .. },
        )
        | (Operation::RemoveField { .. }, Operation::DeleteModel { .. }) => is_same(),
        (
            Operation::AddField { field, .. } | Operation::AlterField { field, .. },
            Operation::AlterField { field: altered, .. },
        ) => is_same() && field.name == altered.name,
        _ => false,
    }
}

/// What two operations become.
fn folded(operation: Operation, later: Operation) -> Option<Operation> {
    match (operation, later) {
        (Operation::CreateModel(_), Operation::DeleteModel { .. }) => None,
        (Operation::CreateModel(mut state), later) => {
            match later {
                Operation::AddField { field, .. } => state.fields.push(field),
                Operation::AlterField { field, .. } => {
                    if let Some(known) = state.fields.iter_mut().find(|known| known.name == field.name) {
                        *known = field;
                    }
                }
                Operation::AddIndex { index, .. } => append(&mut state, "indexes", index),
                Operation::AddConstraint { constraint, .. } => append(&mut state, "constraints", constraint),
                _ => {}
            }
            Some(Operation::CreateModel(state))
        }
        (Operation::AddField { model, preserve_default, .. }, Operation::AlterField { field, .. }) => {
            Some(Operation::AddField { model, field, preserve_default })
        }
        (_, later) => Some(later),
    }
}

/// Adds to a list among the options; the list stands where it was begun.
fn append(state: &mut ModelState, option: &'static str, value: Expr) {
    match state.options.iter_mut().find(|(key, _)| *key == option) {
        Some((_, Expr::List(values))) => values.push(value),
        _ => state.options.push((option, Expr::List(vec![value]))),
    }
}
