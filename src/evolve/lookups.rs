//! Rows that every database has: those of enumerations that are tables. What leads to a row can come only when it is there, and
//! the row can go only when nothing leads to it any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::django::operation::Dependency;
use crate::django::state::rows::change;
use crate::django::state::{Row, Rows};
use crate::django::{Evolution, Migration, ModelKey, State};

use crate::python::Expr;

use super::plan::{Leaves, name as file_name};

/// What has to be done to the rows of a model: as they were, and as they become.
type Change = (Vec<Row>, Vec<Row>);

/// The rows of one model that come or get other values, with what those were.
pub(super) fn coming(was: Option<&Rows>, now: &Rows) -> Option<Change> {
    let old = |key: &str| was.and_then(|rows| rows.get(key));
    let mut differ: Vec<(&String, &Row)> = now.iter().filter(|(key, row)| old(key) != Some(row)).collect();
    // As they are drawn: a row begins with its key, its label and its place.
    differ.sort_by_key(|(_, row)| match row.get(2) {
        Some((_, Expr::Int(place))) => place.parse::<u32>().unwrap_or(u32::MAX),
        _ => u32::MAX,
    });
    let before = differ.iter().filter_map(|(key, _)| old(key).cloned()).collect();
    (!differ.is_empty()).then(|| (before, differ.into_iter().map(|(_, row)| row.clone()).collect()))
}

/// The rows that go.
fn going(was: &Rows, now: &Rows) -> Option<Change> {
    let gone: Vec<Row> = was.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, row)| row.clone()).collect();
    (!gone.is_empty()).then_some((gone, Vec::new()))
}

/// Adds to `evolution`, which leads to `state`, what its rows still need: a migration for each app, after all others of it.
pub(super) fn finish(evolution: &mut Evolution, start: &Leaves, state: &State, target: &State) {
    let mut leaves = start.clone();
    leaves.extend(evolution.migrations.iter().map(|it| (it.app.clone(), it.name.clone())));
    let mut apps: BTreeMap<&str, Vec<(&ModelKey, Change)>> = BTreeMap::new();
    for (model, now) in &target.rows {
        let was = state.rows.get(model);
        let changes = coming(was, now).into_iter().chain(was.and_then(|was| going(was, now)));
        apps.entry(&model.app).or_default().extend(changes.map(|change| (model, change)));
    }
    for (app, changes) in apps.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        let leaf = leaves.get(app).map(String::as_str);
        let words = words(changes.iter().map(|(model, _)| *model));
        let migration = Migration {
            app: app.to_owned(),
            name: file_name::after(leaf, &words),
            initial: false,
            dependencies: leaf
                .map(|name| Dependency::Migration { app: app.to_owned(), name: name.to_owned() })
                .into_iter()
                .collect::<BTreeSet<_>>(),
            operations: changes.iter().map(|(model, (old, new))| change(model, old, new)).collect(),
            is_recipe: true,
        };
        evolution.migrations.push(migration);
    }
}

/// `fill_status`, `fill_status_and_more`
fn words<'a>(models: impl Iterator<Item = &'a ModelKey>) -> String {
    let models: BTreeSet<&str> = models.map(|model| model.name.as_str()).collect();
    let more = if models.len() > 1 { "_and_more" } else { "" };
    format!("fill_{}{more}", models.first().copied().unwrap_or_default())
}
