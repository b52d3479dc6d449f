//! The optimiser: folds what is added to a table into its creation, as far as the order of what lies between allows.
//!
//! Django looks for the first table from the left that can take in the first addition to it: either the table moves right, if
//! nothing between mentions it; or the addition moves left, if nothing between is mentioned by it. After each fold Django
//! starts over, in cubic time. Here a table that could not fold sleeps until one of the operations that were in its way has
//! moved, which comes to the same: what lies between it and its addition changes by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::django::state::{BaseState, FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// Folds the operations of one migration of `app`.
pub(super) fn optimize(app: &str, operations: Vec<Operation>) -> Vec<Operation> {
    let mut optimizer = Optimizer::new(app, operations);
    while let Some(table) = optimizer.awake.pop_first() {
        optimizer.visit(table);
    }
    optimizer.places.into_iter().flatten().collect()
}

/// The place of an operation: a table that moves takes the place of what it takes in, so that places only ever become empty.
type Place = usize;

struct Optimizer<'a> {
    app: &'a str,
    places: Vec<Option<Operation>>,
    /// Where each table is created.
    tables: BTreeMap<String, Place>,
    /// What is added to each table.
    additions: BTreeMap<String, BTreeSet<Place>>,
    /// Who mentions each table, indexes and constraints aside.
    mentions: BTreeMap<String, BTreeSet<Place>>,
    /// Indexes and constraints: Django does not look into them, and takes them to mention everything.
    opaque: BTreeSet<Place>,
    /// Tables that may be able to fold.
    awake: BTreeSet<Place>,
    /// Tables that wait for the operation at a place to move.
    asleep: BTreeMap<Place, Vec<String>>,
}

impl<'a> Optimizer<'a> {
    fn new(app: &'a str, operations: Vec<Operation>) -> Self {
        let mut optimizer = Self {
            app,
            places: Vec::new(),
            tables: BTreeMap::new(),
            additions: BTreeMap::new(),
            mentions: BTreeMap::new(),
            opaque: BTreeSet::new(),
            awake: BTreeSet::new(),
            asleep: BTreeMap::new(),
        };
        for (place, operation) in operations.into_iter().enumerate() {
            for model in mentioned(app, &operation) {
                optimizer.mentions.entry(model).or_default().insert(place);
            }
            let model = operation.model().to_owned();
            if matches!(operation, Operation::CreateModel(_)) {
                optimizer.tables.insert(model, place);
                optimizer.awake.insert(place);
            } else {
                optimizer.additions.entry(model).or_default().insert(place);
            }
            if is_opaque(&operation) {
                optimizer.opaque.insert(place);
            }
            optimizer.places.push(Some(operation));
        }
        optimizer
    }

    /// Folds the first addition into the table, or puts it to sleep.
    fn visit(&mut self, table: Place) {
        let Some(Operation::CreateModel(state)) = self.places.get(table).and_then(Option::as_ref) else { return };
        let model = state.key.name.clone();
        let Some(addition) = first_between(self.additions.get(&model), table, self.places.len()) else { return };
        match self.in_way_of_table(&model, table, addition) {
            None => self.fold(&model, table, addition, addition),
            Some(obstacle) => match self.in_way_of_addition(table, addition) {
                None => self.fold(&model, table, addition, table),
                Some(other) => {
                    self.asleep.entry(obstacle).or_default().push(model.clone());
                    self.asleep.entry(other).or_default().push(model);
                }
            },
        }
    }

    /// What mentions the table on its way right to the addition.
    fn in_way_of_table(&self, model: &str, table: Place, addition: Place) -> Option<Place> {
        first_between(self.mentions.get(model), table, addition)
            .or_else(|| first_between(Some(&self.opaque), table, addition))
    }

    /// What the addition may not cross on its way left to the table. Asked only if there is anything between.
    fn in_way_of_addition(&self, table: Place, addition: Place) -> Option<Place> {
        let Some(Operation::AddField { field, .. }) = self.places.get(addition).and_then(Option::as_ref) else {
            return self.places[table + 1..addition].iter().position(Option::is_some).map(|index| table + 1 + index);
        };
        let is_between = |place: &Place| table < *place && *place < addition;
        let relation = field.relation.as_ref();
        let of_app = |key: &&ModelKey| key.app == self.app;
        let to = relation.map(|relation| &relation.to).filter(of_app);
        let through = relation.and_then(|relation| relation.through.as_ref()).filter(of_app);
        let created = to.into_iter().chain(through).filter_map(|key| self.tables.get(&key.name)).copied();
        // Any field of the target may be the one that is referred to; of the through model only its two keys.
        let in_target = to.into_iter().filter_map(|key| first_between(self.additions.get(&key.name), table, addition));
        let keys = relation.and_then(|relation| relation.through_fields.as_ref());
        let in_through = through
            .into_iter()
            .filter_map(|key| self.additions.get(&key.name))
            .flat_map(|places| places.range(table + 1..addition).copied())
            .filter(|&place| match self.places.get(place) {
                Some(Some(Operation::AddField { field, .. })) => {
                    keys.is_none_or(|(source, target)| *source == field.name || *target == field.name)
                }
                _ => true,
            });
        created
            .filter(is_between)
            .chain(in_target)
            .chain(in_through)
            .next()
            .or_else(|| first_between(Some(&self.opaque), table, addition))
    }

    /// Takes the addition into the table, which then stands at `place`.
    fn fold(&mut self, model: &str, table: Place, addition: Place, place: Place) {
        let (Some(mut created), Some(added)) = (self.places[table].take(), self.places[addition].take()) else {
            return;
        };
        for mention in mentioned(self.app, &added) {
            self.mentions.entry(mention).or_default().remove(&addition);
        }
        for mention in mentioned(self.app, &created) {
            self.mentions.entry(mention).or_default().remove(&table);
        }
        if let Some(additions) = self.additions.get_mut(model) {
            additions.remove(&addition);
        }
        self.opaque.remove(&addition);
        take_in(&mut created, added);
        for mention in mentioned(self.app, &created) {
            self.mentions.entry(mention).or_default().insert(place);
        }
        self.tables.insert(model.to_owned(), place);
        self.places[place] = Some(created);
        self.awake.insert(place);
        let left = if place == table { None } else { self.asleep.remove(&table) };
        let sleepers = left.into_iter().chain(self.asleep.remove(&addition)).flatten();
        self.awake.extend(sleepers.filter_map(|sleeper| self.tables.get(&sleeper)).copied());
    }
}

/// The first of `places` between two others.
fn first_between(places: Option<&BTreeSet<Place>>, left: Place, right: Place) -> Option<Place> {
    places?.range(left + 1..right).next().copied()
}

fn is_opaque(operation: &Operation) -> bool {
    matches!(operation, Operation::AddIndex { .. } | Operation::AddConstraint { .. })
}

/// The models of `app` that an operation names.
fn mentioned(app: &str, operation: &Operation) -> BTreeSet<String> {
    let targets = |field: &FieldState| {
        let relation = field.relation.as_ref();
        let keys = relation.map(|relation| &relation.to).into_iter();
        let keys = keys.chain(relation.and_then(|relation| relation.through.as_ref()));
        keys.filter(|key| key.app == app).map(|key| key.name.clone()).collect::<Vec<_>>()
    };
    let mut models = BTreeSet::new();
    match operation {
        Operation::CreateModel(state) => {
            models.extend(state.bases.iter().filter_map(|base| match base {
                BaseState::Model(key) if key.app == app => Some(key.name.clone()),
                BaseState::Model(_) | BaseState::Django => None,
            }));
            models.extend(state.fields.iter().flat_map(targets));
        }
        Operation::AddField { field, .. } => models.extend(targets(field)),
        Operation::AddIndex { .. } | Operation::AddConstraint { .. } => {}
    }
    models.insert(operation.model().to_owned());
    models
}

fn take_in(table: &mut Operation, addition: Operation) {
    let Operation::CreateModel(state) = table else { return };
    match addition {
        Operation::AddField { field, .. } => state.fields.push(field),
        Operation::AddIndex { index, .. } => append(state, "indexes", index),
        Operation::AddConstraint { constraint, .. } => append(state, "constraints", constraint),
        Operation::CreateModel(_) => {}
    }
}

/// Adds to a list among the options; the list stands where it was begun.
fn append(state: &mut ModelState, option: &'static str, value: Expr) {
    match state.options.iter_mut().find(|(key, _)| *key == option) {
        Some((_, Expr::List(values))) => values.push(value),
        _ => state.options.push((option, Expr::List(vec![value]))),
    }
}
