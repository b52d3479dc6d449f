//! What models inherit.

use std::collections::BTreeSet;

use super::field::Field;
use super::model::{Base, Model};
use super::project::Project;

impl Project {
    /// `model` and all that it inherits from in the project: nearest first, each once, bases in the order of the class
    /// statement.
    pub fn lineage<'a>(&'a self, model: &'a Model) -> Vec<&'a Model> {
        let mut lineage = vec![model];
        let mut seen = BTreeSet::new();
        let mut next = 0;
        while let Some(&model) = lineage.get(next) {
            next += 1;
            for base in &model.bases {
                if let Base::Model(key) = base
                    && let Some(base) = self.model(key)
                    && seen.insert(key)
                {
                    lineage.push(base);
                }
            }
        }
        lineage
    }

    /// The fields that rows of `model` have, without those of Django's `AbstractUser`: inherited ones first, its own last. A
    /// field that is written again stands where the nearest class has it.
    pub fn all_fields<'a>(&'a self, model: &'a Model) -> Vec<&'a Field> {
        let lineage = self.lineage(model);
        let mut seen = BTreeSet::new();
        let mut groups: Vec<Vec<&Field>> = Vec::new();
        for model in lineage {
            groups.push(model.fields.iter().filter(|field| seen.insert(field.name.as_str())).collect());
        }
        groups.into_iter().rev().flatten().collect()
    }

    /// The field of that name, own or inherited.
    pub fn find_field<'a>(&'a self, model: &'a Model, name: &str) -> Option<&'a Field> {
        self.lineage(model).into_iter().find_map(|model| model.field(name))
    }

    /// Whether `model` is a user model of `django.contrib.auth`: it, or something that it inherits from, is an
    /// `AbstractUser`.
    pub fn signs_in(&self, model: &Model) -> bool {
        self.lineage(model).iter().any(|model| model.bases.contains(&Base::AbstractUser))
    }

    /// The top-level packages of the project: what isort calls first party.
    pub fn packages(&self) -> BTreeSet<&str> {
        let own = [self.core.as_str(), "config", "tests"];
        self.apps.iter().map(|app| app.label.as_str()).chain(own).collect()
    }
}
