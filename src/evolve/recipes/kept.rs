//! Tables and columns that keep their names although classes and attributes get other ones: said before these are renamed, or the database
//! would follow for a moment.

use super::{Pair, Track, table};
use crate::django::built::Changes;
use crate::django::state::query::{Standing, with};
use crate::django::state::{FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;
use crate::sql;

pub(super) fn names(track: &mut Track<'_>, changes: &Changes) {
    let tables: Vec<ModelState> =
        track.state().models.values().filter(|model| model.standing() == Standing::Table).cloned().collect();
    for was in tables {
        let Some(now) = track.target.models.get(&changes.key(&was)).cloned() else { continue };
        let mut operations = Vec::new();
        let table = Expr::Str(sql::table(track.state(), &was.key));
        if now.key != was.key && was.option("db_table").is_none() && now.option("db_table") == Some(&table) {
            operations.push(Operation::AlterModelTable { model: was.key.name.clone(), table: Some(table) });
        }
        for field in &was.fields {
            let renamed = changes.field(&now.key, &field.name).filter(|name| *name != field.name);
            let Some(renamed) = renamed.and_then(|name| now.field(name)) else { continue };
            let pair = Pair { model: was.key.clone(), was: field.clone(), now: renamed.clone() };
            operations.extend(kept(&was, &pair).map(|field| alter(&was.key, field)));
        }
        if !operations.is_empty() {
            track.write(&was.key.app, &format!("keep_names_of_{}", was.key.name), operations);
        }
    }
}

/// The field with the name that it has in the database, if it is to have that.
fn kept(model: &ModelState, pair: &Pair) -> Option<FieldState> {
    let (key, name) = if pair.was.is_many_to_many() {
        ("db_table", text_of(&table(model, &pair.was)?)?)
    } else {
        ("db_column", pair.was.column())
    };
    let is_new = pair.was.argument(key).is_none();
    let is_kept = pair.now.argument(key) == Some(&Expr::Str(name.clone()));
    (is_new && is_kept).then(|| FieldState { call: with(&pair.was.call, key, Expr::Str(name)), ..pair.was.clone() })
}

fn text_of(name: &Expr) -> Option<String> {
    if let Expr::Str(name) = name { Some(name.clone()) } else { None }
}

fn alter(model: &ModelKey, field: FieldState) -> Operation {
    Operation::AlterField { model: model.name.clone(), field, preserve_default: true }
}
