//! Models and fields that are still there and are different.

use super::Differ;
use crate::django::state::query::{Standing, text, with};
use crate::django::state::{FieldState, ModelState, apply::ALTERABLE_OPTIONS};
use crate::django::{ModelKey, Operation};
use crate::evolve::plan::need::{Kind, Need};
use crate::python::Expr;

/// Kinds that a model can be of in both states so that its `Meta` is compared.
const SAME: [(Standing, Standing); 3] = [
    (Standing::Table, Standing::Table),
    (Standing::Proxy, Standing::Proxy),
    (Standing::Unmanaged, Standing::Unmanaged),
];

impl Differ<'_> {
    /// What `Meta` says without touching the table.
    pub(super) fn options(&mut self) {
        let taken = [(Standing::Unmanaged, Standing::Table), (Standing::Table, Standing::Unmanaged)];
        let standings: Vec<_> = SAME.into_iter().chain(taken).collect();
        for (was, is) in self.both(&standings) {
            let (old, new) = (alterable(was), alterable(is));
            if pairs(&old) != pairs(&new) {
                let operation = Operation::AlterModelOptions { model: is.key.name.clone(), options: new };
                self.add(&is.key.app, operation, Vec::new());
            }
        }
    }

    pub(super) fn managers(&mut self) {
        for (was, is) in self.kept.clone() {
            if pairs(&was.managers) != pairs(&is.managers) {
                let (model, managers) = (is.key.name.clone(), is.managers.clone());
                self.add(&is.key.app, Operation::AlterModelManagers { model, managers }, Vec::new());
            }
        }
    }

    pub(super) fn comments(&mut self) {
        for (model, comment) in self.changed_option("db_table_comment") {
            let operation = Operation::AlterModelTableComment { model: model.name.clone(), comment };
            self.add(&model.app, operation, Vec::new());
        }
    }

    pub(super) fn tables(&mut self) {
        for (model, table) in self.changed_option("db_table") {
            let operation = Operation::AlterModelTable { model: model.name.clone(), table };
            self.add(&model.app, operation, Vec::new());
        }
    }

    fn changed_option(&self, key: &str) -> Vec<(ModelKey, Option<Expr>)> {
        let both = self.both(&SAME).into_iter();
        let changed = both.filter(|(was, is)| was.option(key).map(text) != is.option(key).map(text));
        changed.map(|(_, is)| (is.key.clone(), is.option(key).cloned())).collect()
    }

    /// Columns that are computed otherwise now, before anything that they are computed from is renamed: no database can alter
    /// them. Django writes an `AlterField` that cannot be applied.
    pub(super) fn unmade_columns(&mut self) {
        for (was, is) in self.kept.clone() {
            for old in &was.fields {
                if is.field(&old.name).is_some_and(|new| must_be_made_anew(old, new)) {
                    self.removed_field(was, old);
                }
            }
        }
    }

    pub(super) fn removed_fields(&mut self) {
        for (was, is) in self.kept.clone() {
            let mut gone: Vec<&FieldState> = was.fields.iter().filter(|it| is.field(&it.name).is_none()).collect();
            gone.sort_by(|left, right| left.name.cmp(&right.name));
            for field in gone {
                self.removed_field(was, field);
            }
        }
    }

    fn removed_field(&mut self, was: &ModelState, field: &FieldState) {
        let mut needs = Vec::new();
        if self.unindexes_first {
            needs.push(Need::model(&was.key, Kind::Unindexed));
            // Columns that are computed from it go first.
            let computed = was.fields.iter().filter(|other| other.sources().contains(&field.name));
            needs.extend(computed.map(|other| Need::field(&was.key, &other.name, Kind::Removed)));
        }
        let operation = Operation::RemoveField { model: was.key.name.clone(), field: field.name.clone() };
        self.add(&was.key.app, operation, needs);
    }

    pub(super) fn added_fields(&mut self) {
        for (model, name) in self.new_fields() {
            if let Some(field) = model.field(&name) {
                self.added_field(model, field);
            }
        }
    }

    fn added_field(&mut self, model: &ModelState, field: &FieldState) {
        let mut needs = vec![Need::field(&model.key, &field.name, Kind::Removed)];
        needs.extend(Need::of_relation(self.new, field));
        if field.is_generated() {
            let sources = field.sources();
            for (other, name) in self.new_fields() {
                let is_relation = other.field(&name).is_some_and(|other| other.relation.is_some());
                if is_relation || sources.contains(&name) {
                    needs.push(Need::field(&other.key, &name, Kind::Created));
                }
            }
        }
        let (field, preserve_default) =
            if field.can_be_added() { (field.clone(), true) } else { self.filled(&model.key, field) };
        let operation = Operation::AddField { model: model.key.name.clone(), field, preserve_default };
        self.add(&model.key.app, operation, needs);
    }

    /// The field with a default for the rows that are there, if one is known.
    fn filled(&self, model: &ModelKey, field: &FieldState) -> (FieldState, bool) {
        let now = || Expr::Ref { module: "django.utils.timezone", name: "now" };
        let filling = self.fillings.get(&(model.clone(), field.name.clone())).cloned();
        let filling = filling.or_else(|| (field.argument("auto_now_add") == Some(&Expr::Bool(true))).then(now));
        match filling {
            Some(filling) => (FieldState { call: with(&field.call, "default", filling), ..field.clone() }, false),
            None => (field.clone(), true),
        }
    }

    pub(super) fn altered_fields(&mut self) {
        for (was, is) in self.kept.clone() {
            let mut fields: Vec<(&FieldState, &FieldState)> =
                is.fields.iter().filter_map(|field| Some((was.field(&field.name)?, field))).collect();
            fields.sort_by(|(_, left), (_, right)| left.name.cmp(&right.name));
            for (old, new) in fields {
                if old.definition() != new.definition() {
                    self.altered_field(was, is, old, new);
                }
            }
        }
    }

    fn altered_field(&mut self, was: &ModelState, is: &ModelState, old: &FieldState, new: &FieldState) {
        if must_be_made_anew(old, new) {
            self.added_field(is, new);
            return;
        }
        let is_many = (old.is_many_to_many(), new.is_many_to_many());
        let target = |field: &FieldState| field.argument("to").map(text);
        if is_many.0 != is_many.1 || is_many == (true, true) && target(old) != target(new) {
            // Another table: nothing of the old one can be kept.
            self.removed_field(was, old);
            self.added_field(is, new);
            return;
        }
        let needs = Need::of_relation(self.new, new);
        let can_lack = new.is_nullable() || new.has_default() || new.is_many_to_many() || new.is_generated();
        let becomes_required = old.is_nullable() && !can_lack;
        let (field, preserve_default) = if becomes_required { self.filled(&is.key, new) } else { (new.clone(), true) };
        let operation = Operation::AlterField { model: is.key.name.clone(), field, preserve_default };
        self.add(&is.key.app, operation, needs);
    }
}

/// Whether a column becomes computed, is no longer, or is computed otherwise.
fn must_be_made_anew(old: &FieldState, new: &FieldState) -> bool {
    let formula =
        |field: &FieldState| ["expression", "output_field", "db_persist"].map(|key| field.argument(key).map(text));
    old.is_generated() != new.is_generated() || old.is_generated() && formula(old) != formula(new)
}

fn alterable(model: &ModelState) -> Vec<(&'static str, Expr)> {
    model.options.iter().filter(|(key, _)| ALTERABLE_OPTIONS.contains(key)).cloned().collect()
}

/// What is compared of options and managers: in any order, as a migration prints them.
fn pairs(pairs: &[(&'static str, Expr)]) -> std::collections::BTreeMap<&'static str, String> {
    pairs.iter().map(|(key, value)| (*key, text(value))).collect()
}
