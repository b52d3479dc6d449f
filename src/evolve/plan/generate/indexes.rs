//! Indexes and constraints that come, go or change.

use std::collections::{BTreeMap, BTreeSet};

use super::Differ;
use crate::django::state::ModelState;
use crate::django::state::query::{name, text, without};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// What becomes of the indexes and constraints of a model.
pub(super) struct Changes<'a> {
    model: &'a ModelState,
    new_indexes: Vec<&'a Expr>,
    old_indexes: Vec<&'a Expr>,
    /// Old and new name.
    renamed: Vec<(&'a str, &'a str)>,
    new_constraints: Vec<&'a Expr>,
    old_constraints: Vec<&'a Expr>,
    altered: Vec<&'a Expr>,
}

impl<'a> Differ<'a> {
    /// What becomes of all indexes and constraints.
    pub(super) fn index_changes(&self, pinned: &BTreeMap<String, String>) -> Vec<Changes<'a>> {
        self.kept.iter().map(|&(was, is)| Changes::between(was, is, pinned)).collect()
    }

    /// Constraints first, then indexes.
    pub(super) fn removed_indexes(&mut self, changes: &[Changes<'_>]) {
        for Changes { model, old_constraints, .. } in changes {
            let ModelKey { app, name: model } = &model.key;
            for constraint in old_constraints {
                let constraint = name(constraint).to_owned();
                self.add(app, Operation::RemoveConstraint { model: model.clone(), constraint }, Vec::new());
            }
        }
        for Changes { model, old_indexes, .. } in changes {
            let ModelKey { app, name: model } = &model.key;
            for index in old_indexes {
                let index = name(index).to_owned();
                self.add(app, Operation::RemoveIndex { model: model.clone(), index }, Vec::new());
            }
        }
    }

    /// Indexes that only get another name.
    pub(super) fn renamed_indexes(&mut self, changes: &[Changes<'_>]) {
        for Changes { model, renamed, .. } in changes {
            let ModelKey { app, name: model } = &model.key;
            for &(old, new) in renamed {
                let (old, new) = (old.to_owned(), new.to_owned());
                self.add(app, Operation::RenameIndex { model: model.clone(), new, old }, Vec::new());
            }
        }
    }

    /// Indexes first, then constraints, then those that only say something else.
    pub(super) fn added_indexes(&mut self, changes: &[Changes<'_>]) {
        for Changes { model, new_indexes, .. } in changes {
            for &index in new_indexes {
                let operation = Operation::AddIndex { model: model.key.name.clone(), index: index.clone() };
                self.add(&model.key.app, operation, self.model_needs(model));
            }
        }
        for Changes { model, new_constraints, .. } in changes {
            for &constraint in new_constraints {
                let (table, constraint) = (model.key.name.clone(), constraint.clone());
                let operation = Operation::AddConstraint { model: table, constraint };
                self.add(&model.key.app, operation, self.model_needs(model));
            }
        }
        for Changes { model, altered, .. } in changes {
            for &constraint in altered {
                let (table, constraint) = (model.key.name.clone(), constraint.clone());
                let operation = Operation::AlterConstraint { model: table, constraint };
                self.add(&model.key.app, operation, self.model_needs(model));
            }
        }
    }
}

impl<'a> Changes<'a> {
    fn between(was: &'a ModelState, is: &'a ModelState, pinned: &BTreeMap<String, String>) -> Self {
        let (mut new_indexes, mut old_indexes) = apart(&was.indexes, &is.indexes);
        let mut renamed = Vec::new();
        for &new in &new_indexes {
            for &old in &old_indexes {
                if name(old) != name(new) && text(&without(old, &["name"])) == text(&without(new, &["name"])) {
                    renamed.push((name(old), name(new)));
                }
            }
        }
        new_indexes.retain(|index| !renamed.iter().any(|(_, new)| *new == name(index)));
        old_indexes.retain(|index| !renamed.iter().any(|(old, _)| *old == name(index)));
        let (mut new_constraints, mut old_constraints) = apart(&was.constraints, &is.constraints);
        let in_database =
            |constraint: &Expr| text(&without(constraint, &["violation_error_code", "violation_error_message"]));
        let by_old_names = |constraint: &Expr| in_database(&renamed_back(constraint, pinned));
        let altered: Vec<&Expr> = new_constraints
            .iter()
            .filter(|new| {
                old_constraints.iter().any(|old| name(old) == name(new) && in_database(old) == by_old_names(new))
            })
            .copied()
            .collect();
        let names: BTreeSet<&str> = altered.iter().map(|constraint| name(constraint)).collect();
        new_constraints.retain(|constraint| !names.contains(name(constraint)));
        old_constraints.retain(|constraint| !names.contains(name(constraint)));
        Self { model: is, new_indexes, old_indexes, renamed, new_constraints, old_constraints, altered }
    }
}

/// The constraint over the old names of its fields.
fn renamed_back(constraint: &Expr, pinned: &BTreeMap<String, String>) -> Expr {
    let mut constraint = constraint.clone();
    let Expr::Call { kwargs, .. } = &mut constraint else { return constraint };
    for (_, fields) in kwargs.iter_mut().filter(|(key, _)| *key == "fields") {
        let Expr::Tuple(fields) = fields else { continue };
        for field in fields {
            if let Expr::Str(name) = field
                && let Some(old) = pinned.get(name)
            {
                old.clone_into(name);
            }
        }
    }
    constraint
}

/// Those that only the new state has, and those that only the old one had.
fn apart<'a>(was: &'a [Expr], is: &'a [Expr]) -> (Vec<&'a Expr>, Vec<&'a Expr>) {
    let texts = |values: &[Expr]| values.iter().map(text).collect::<BTreeSet<String>>();
    let (old, new) = (texts(was), texts(is));
    let added = is.iter().filter(|value| !old.contains(&text(value))).collect();
    let removed = was.iter().filter(|value| !new.contains(&text(value))).collect();
    (added, removed)
}
