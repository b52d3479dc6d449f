//! Models that are gone.

use std::collections::BTreeSet;

use super::Differ;
use crate::django::state::ModelState;
use crate::django::state::query::{Standing, name};
use crate::django::{ModelKey, Operation};
use crate::evolve::plan::need::{Kind, Need};

impl Differ<'_> {
    /// Tables first, then what somebody else keeps. Proxies go after the new models were found.
    pub(super) fn deleted(&mut self) {
        let stays = |key: &ModelKey| self.new.models.get(key).is_some_and(|it| it.standing() != Standing::Proxy);
        for standing in [Standing::Table, Standing::Unmanaged] {
            let gone: Vec<&ModelState> =
                self.old.models.values().filter(|it| it.standing() == standing && !stays(&it.key)).collect();
            for model in gone {
                self.deleted_table(model);
            }
        }
    }

    fn deleted_table(&mut self, model: &ModelState) {
        let ModelKey { app, name: table } = &model.key;
        let (indexes, constraints) =
            if self.unindexes_first { (&model.indexes[..], &model.constraints[..]) } else { (&[][..], &[][..]) };
        for index in indexes {
            let index = name(index).to_owned();
            self.add(app, Operation::RemoveIndex { model: table.clone(), index }, Vec::new());
        }
        for constraint in constraints {
            let constraint = name(constraint).to_owned();
            self.add(app, Operation::RemoveConstraint { model: table.clone(), constraint }, Vec::new());
        }
        let related = model.fields.iter().filter(|field| field.relation.is_some()).map(|field| field.name.as_str());
        let related: BTreeSet<&str> = related.collect();
        for &field in &related {
            let operation = Operation::RemoveField { model: table.clone(), field: field.to_owned() };
            self.add(app, operation, vec![Need::model(&model.key, Kind::Unindexed)]);
        }
        // Django keeps them in a set, whose order is different in each process: sorted is one of its orders.
        let mut needs: BTreeSet<Need> =
            related.iter().map(|field| Need::field(&model.key, field, Kind::Removed)).collect();
        for &(holder, place) in self.incoming.get(&model.key).into_iter().flatten() {
            let field = &holder.fields[place];
            needs.insert(Need::field(&holder.key, &field.name, Kind::Removed));
            if !field.is_many_to_many() {
                needs.insert(Need::field(&holder.key, &field.name, Kind::Altered));
            }
        }
        self.add(app, Operation::DeleteModel { name: model.name.clone() }, needs.into_iter().collect());
    }

    /// Proxies that are gone.
    pub(super) fn deleted_proxies(&mut self) {
        let is_proxy = |model: &ModelState| model.standing() == Standing::Proxy;
        let gone: Vec<&ModelState> = self
            .old
            .models
            .values()
            .filter(|model| is_proxy(model) && !self.new.models.get(&model.key).is_some_and(is_proxy))
            .collect();
        for model in gone {
            self.add(&model.key.app, Operation::DeleteModel { name: model.name.clone() }, Vec::new());
        }
    }
}
