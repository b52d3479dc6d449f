//! Rows that every database has: the literals of enumerations that are tables.

use std::collections::BTreeMap;

use super::{Row, Rows, State};
use crate::django::operation::RowStep;
use crate::django::{ModelKey, Operation, Project};
use crate::python::Expr;

/// The rows of a project's models.
pub(super) fn of(project: &Project) -> BTreeMap<ModelKey, Rows> {
    let mut found = BTreeMap::new();
    for app in &project.apps {
        // Who makes a table fills it.
        for model in app.models.iter().filter(|model| !model.meta.is_external) {
            let Some(lookup) = &model.lookup else { continue };
            let rows = lookup.rows.iter().map(|row| {
                let key = std::iter::once((lookup.key.clone(), row.code.clone()));
                keyed(key.chain(row.values.iter().cloned()).collect())
            });
            found.insert(ModelKey::new(&app.label, &model.name).lowered(), rows.collect());
        }
    }
    found
}

/// A row with the text of its key.
fn keyed(row: Row) -> (String, Row) {
    (row.first().map_or_else(String::new, |(_, key)| format!("{key:?}")), row)
}

/// The operation that makes rows of `old` those of `new`.
pub fn change(model: &ModelKey, old: &[Row], new: &[Row]) -> Operation {
    let dict = |row: &Row| Expr::Dict(row.iter().map(|(name, value)| (Expr::str(name), value.clone())).collect());
    let list = |rows: &[Row]| Expr::List(rows.iter().map(dict).collect());
    let arguments = vec![("old", list(old)), ("new", list(new))];
    Operation::Rows { model: model.name.clone(), step: RowStep::ChangeRows, arguments }
}

/// The rows that an argument of such an operation names.
fn listed(arguments: &[(&'static str, Expr)], name: &str) -> Rows {
    let list = arguments.iter().find(|(known, _)| *known == name);
    let Some((_, Expr::List(rows))) = list else { return Rows::new() };
    let row = |row: &Expr| match row {
        Expr::Dict(pairs) => {
            let named = pairs.iter().filter_map(|(name, value)| match name {
                Expr::Str(name) => Some((name.clone(), value.clone())),
                _ => None,
            });
            Some(keyed(named.collect()))
        }
        _ => None,
    };
    rows.iter().filter_map(row).collect()
}

impl State {
    /// Follows what an operation does to the rows that every database has.
    pub(super) fn follow_rows(&mut self, key: &ModelKey, operation: &Operation) {
        match operation {
            Operation::Rows { step: RowStep::ChangeRows, arguments, .. } => {
                let rows = self.rows.entry(key.clone()).or_default();
                rows.retain(|row, _| !listed(arguments, "old").contains_key(row));
                rows.extend(listed(arguments, "new"));
            }
            Operation::DeleteModel { .. } => drop(self.rows.remove(key)),
            Operation::RenameField { old, new, .. } | Operation::RenameKey { old, new, .. } => {
                let rows = self.rows.get_mut(key).into_iter().flat_map(BTreeMap::values_mut);
                for (name, _) in rows.flatten().filter(|(name, _)| name == old) {
                    name.clone_from(new);
                }
            }
            Operation::RemoveField { field, .. } => {
                for row in self.rows.get_mut(key).into_iter().flat_map(BTreeMap::values_mut) {
                    row.retain(|(name, _)| name != field);
                }
            }
            _ => {}
        }
    }
}
