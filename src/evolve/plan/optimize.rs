//! The optimiser: folds what is added to a table into its creation, as far as the order of what lies between allows.

use std::collections::BTreeSet;

use crate::django::state::{BaseState, FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// Folds the operations of one migration of `app`, in Django's order: whenever two were folded, it starts over.
pub(super) fn optimize(app: &str, operations: Vec<Operation>) -> Vec<Operation> {
    let mut items: Vec<Item> = operations.into_iter().map(|operation| Item::new(app, operation)).collect();
    while let Some(fold) = next_fold(app, &items) {
        let added = items.remove(fold.addition);
        let mut table = items.remove(fold.table);
        table.fold(app, added.operation);
        // Removing the table has moved everything after it by one place.
        let place = if fold.moves_right { fold.addition - 1 } else { fold.table };
        items.insert(place, table);
    }
    items.into_iter().map(|item| item.operation).collect()
}

/// An operation with the models of its own app that it mentions.
struct Item {
    operation: Operation,
    mentions: BTreeSet<String>,
}

/// What is folded next.
struct Fold {
    table: usize,
    addition: usize,
    /// Whether the table moves to the place of the addition; else the addition moves to the table.
    moves_right: bool,
}

fn next_fold(app: &str, items: &[Item]) -> Option<Fold> {
    items.iter().enumerate().find_map(|(table, item)| {
        let Operation::CreateModel(state) = &item.operation else { return None };
        let model = &state.key.name;
        let (between, addition) = items[table + 1..]
            .iter()
            .position(|later| later.operation.model() == model)
            .map(|distance| (&items[table + 1..=table + distance], table + 1 + distance))?;
        let moves_right = between.iter().all(|crossed| !crossed.mentions_model(model));
        let may_fold = moves_right || between.iter().all(|crossed| crossed.lets_pass(app, &items[addition]));
        may_fold.then_some(Fold { table, addition, moves_right })
    })
}

impl Item {
    fn new(app: &str, operation: Operation) -> Self {
        let mut mentions = BTreeSet::new();
        mentions.insert(operation.model().to_owned());
        match &operation {
            Operation::CreateModel(state) => {
                let bases = state.bases.iter().filter_map(|base| match base {
                    BaseState::Model(key) => Some(key),
                    BaseState::Django => None,
                });
                mentions.extend(bases.filter(|key| key.app == app).map(|key| key.name.clone()));
                mentions.extend(state.fields.iter().flat_map(|field| targets(app, field)));
            }
            Operation::AddField { field, .. } => mentions.extend(targets(app, field)),
            Operation::AddIndex { .. } | Operation::AddConstraint { .. } => {}
        }
        Self { operation, mentions }
    }

    /// Django does not look into indexes and constraints: they mention every model.
    fn mentions_model(&self, model: &str) -> bool {
        self.is_opaque() || self.mentions.contains(model)
    }

    fn is_opaque(&self) -> bool {
        matches!(self.operation, Operation::AddIndex { .. } | Operation::AddConstraint { .. })
    }

    fn mentions_field(&self, app: &str, model: &str, name: &str) -> bool {
        let Operation::AddField { model: holder, field } = &self.operation else { return self.mentions_model(model) };
        if holder == model && field.name == name {
            return true;
        }
        let Some(relation) = &field.relation else { return false };
        let is = |key: &ModelKey| key.app == app && key.name == model;
        let goes_through = relation.through.as_ref().is_some_and(is)
            && relation.through_fields.as_ref().is_none_or(|(source, target)| source == name || target == name);
        is(&relation.to) || goes_through
    }

    /// Whether `later` may move in front of this operation.
    fn lets_pass(&self, app: &str, later: &Item) -> bool {
        match &self.operation {
            Operation::CreateModel(state) => !later.mentions_model(&state.key.name),
            Operation::AddField { model, field } => !later.mentions_field(app, model, &field.name),
            Operation::AddIndex { .. } | Operation::AddConstraint { .. } => false,
        }
    }

    fn fold(&mut self, app: &str, addition: Operation) {
        let Operation::CreateModel(state) = &mut self.operation else { return };
        match addition {
            Operation::AddField { field, .. } => {
                self.mentions.extend(targets(app, &field));
                state.fields.push(field);
            }
            Operation::AddIndex { index, .. } => append(state, "indexes", index),
            Operation::AddConstraint { constraint, .. } => append(state, "constraints", constraint),
            Operation::CreateModel(_) => {}
        }
    }
}

/// The models of `app` that a field leads to or through.
fn targets(app: &str, field: &FieldState) -> impl Iterator<Item = String> {
    let keys = field.relation.iter().flat_map(|relation| std::iter::once(&relation.to).chain(&relation.through));
    keys.filter(move |key| key.app == app).map(|key| key.name.clone())
}

/// Adds to a list among the options; the list stands where it was begun.
fn append(state: &mut ModelState, option: &'static str, value: Expr) {
    match state.options.iter_mut().find(|(key, _)| *key == option) {
        Some((_, Expr::List(values))) => values.push(value),
        _ => state.options.push((option, Expr::List(vec![value]))),
    }
}
