//! Models that are new.

use std::cmp::Reverse;

use super::{Differ, bases, class_needs, concrete};
use crate::django::state::query::Standing;
use crate::django::state::{FieldState, ModelState, Relation};
use crate::django::{ModelKey, Operation, State};
use crate::evolve::plan::Step;
use crate::evolve::plan::need::{Kind, Need};
use crate::python::Expr;

impl<'a> Differ<'a> {
    /// New models, those that are gone as proxies, and new proxies.
    pub(super) fn created(&mut self) {
        let had = |key: &ModelKey| self.old.models.get(key).is_some_and(|model| model.standing() != Standing::Proxy);
        let mut models: Vec<&ModelState> =
            self.new.models.values().filter(|model| model.standing() != Standing::Proxy && !had(&model.key)).collect();
        models.sort_by_cached_key(|model| {
            (model.standing() == Standing::Unmanaged, Reverse(order(self.new, &model.key)))
        });
        let mut in_front: std::collections::BTreeMap<&str, Vec<Step>> = std::collections::BTreeMap::new();
        for model in models {
            in_front.entry(&model.key.app).or_default().push(self.create(model));
            if model.standing() == Standing::Table {
                self.complete(model);
            }
        }
        // Each table was put in front of what its app already had.
        for (app, tables) in in_front {
            let steps = self.steps.entry(app.to_owned()).or_default();
            steps.splice(0..0, tables.into_iter().rev());
        }
        self.deleted_proxies();
        self.created_proxies();
    }

    fn create(&self, model: &ModelState) -> Step {
        let mut needs = class_needs(model);
        for base in bases(model) {
            // What the parent gives up in favour of the child must be gone before.
            let (Some(was), Some(is)) = (self.old.models.get(base), self.new.models.get(base)) else { continue };
            let mut moved: Vec<&str> = was.fields.iter().map(|field| field.name.as_str()).collect();
            moved.retain(|field| is.field(field).is_none() && model.field(field).is_some());
            moved.sort_unstable();
            needs.extend(moved.into_iter().map(|field| Need::field(base, field, Kind::Removed)));
        }
        // The user model behind a primary key is needed itself, not through the setting.
        let keys = model.fields.iter().filter(|field| field.primary_key || is_key_part(model, field));
        needs.extend(keys.filter_map(|field| Some(Need::model(&field.relation.as_ref()?.to, Kind::Created))));
        let table = ModelState {
            fields: model.fields.iter().filter(|field| !is_deferred(model, field)).cloned().collect(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            ..model.clone()
        };
        Step { operation: Operation::CreateModel(table), needs }
    }

    /// What is added once the table is there.
    fn complete(&mut self, model: &'a ModelState) {
        let ModelKey { app, name } = &model.key;
        let mut deferred: Vec<&FieldState> = model.fields.iter().filter(|field| is_deferred(model, field)).collect();
        deferred.sort_by(|left, right| left.name.cmp(&right.name));
        let table = Need::model(&model.key, Kind::Created);
        for &field in &deferred {
            let mut needs = Need::of_relation(self.new, field);
            needs.push(table.clone());
            let operation = Operation::AddField { model: name.clone(), field: field.clone(), preserve_default: true };
            self.add(app, operation, needs);
        }
        let mut needs: Vec<Need> =
            deferred.iter().map(|field| Need::field(&model.key, &field.name, Kind::Created)).collect();
        needs.push(table.clone());
        for index in &model.indexes {
            self.add(app, Operation::AddIndex { model: name.clone(), index: index.clone() }, needs.clone());
        }
        for constraint in &model.constraints {
            let operation = Operation::AddConstraint { model: name.clone(), constraint: constraint.clone() };
            self.add(app, operation, needs.clone());
        }
        if self.old.models.get(&model.key).is_some_and(|was| was.standing() == Standing::Proxy) {
            self.retarget(model, &table);
        }
    }

    /// Keys to what was a proxy lead to a table of its own now.
    fn retarget(&mut self, model: &ModelState, table: &Need) {
        for holder in self.new.models.values() {
            for field in &holder.fields {
                let Some(relation) = &field.relation else { continue };
                let mut ends = std::iter::once(&relation.to).chain(&relation.through);
                if ends.any(|end| *concrete(self.new, end) == model.key) {
                    let operation = Operation::AlterField {
                        model: holder.name.clone(),
                        field: field.clone(),
                        preserve_default: true,
                    };
                    self.add(&holder.key.app, operation, vec![table.clone()]);
                }
            }
        }
    }

    fn created_proxies(&mut self) {
        let is_proxy = |model: &ModelState| model.standing() == Standing::Proxy;
        let new: Vec<&ModelState> = self
            .new
            .models
            .values()
            .filter(|model| is_proxy(model) && !self.old.models.get(&model.key).is_some_and(is_proxy))
            .collect();
        for model in new {
            let mut proxy = ModelState { fields: Vec::new(), ..model.clone() };
            for (option, values) in [
                ("indexes", std::mem::take(&mut proxy.indexes)),
                ("constraints", std::mem::take(&mut proxy.constraints)),
            ] {
                if proxy.option(option).is_none() {
                    proxy.options.push((option, Expr::List(values)));
                }
            }
            self.add(&model.key.app, Operation::CreateModel(proxy), class_needs(model));
        }
    }
}

/// Models are created in descending order of this key, and the later one stands further in front.
fn order(state: &State, key: &ModelKey) -> (String, String) {
    let prefix = if *key == state.user { "___" } else { "" };
    (format!("{prefix}{}", key.app), format!("{prefix}{}", key.name))
}

/// Whether a field waits until the table of its model is there.
fn is_deferred(model: &ModelState, field: &FieldState) -> bool {
    let waits = |relation: &Relation| {
        (!field.primary_key && !relation.parent_link && !is_key_part(model, field)) || relation.through.is_some()
    };
    field.relation.as_ref().is_some_and(waits)
}

/// Whether a field is a part of a key of several, which cannot be made without it. Django itself adds such fields later where
/// what they lead to comes later, and then cannot apply what it wrote.
fn is_key_part(model: &ModelState, field: &FieldState) -> bool {
    let key = model.fields.iter().find(|key| key.is_composite());
    matches!(key.map(|key| &key.call), Some(Expr::Call { args, .. }) if args.contains(&Expr::str(&field.name)))
}
