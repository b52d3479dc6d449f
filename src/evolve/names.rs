//! Names in the database while servers with older models go on: what is called otherwise in the diagram keeps its table and its column.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::decision::{Answer, Because, Reason};
use crate::django::built::{Built, Changes};
use crate::django::state::query::Standing;
use crate::django::state::{FieldState, ModelState, State};
use crate::django::{FieldKind, ModelKey, Project};
use crate::python::Expr;
use crate::sql;

use super::recipes;

const WHY: &str = "servers with the older models still ask for it";

/// Lets classes and attributes keep their tables and columns, unless somebody asked for other ones or something else has them now.
pub(super) fn keep(project: &mut Project, changes: &Changes, built: &Built) {
    let state = State::of(project);
    let tables: BTreeSet<String> = state.models.keys().map(|key| sql::table(&state, key)).collect();
    for (old, new) in pairs(&state, changes, built) {
        let table = sql::table(&built.state, &old.key);
        if table != sql::table(&state, &new.key) && !tables.contains(&table) {
            keep_table(project, &new.key, table);
        }
    }
    // Tables of links are called after those of their classes.
    let state = State::of(project);
    for (old, new) in pairs(&state, changes, built) {
        for was in &old.fields {
            let now = changes.field(&new.key, &was.name).and_then(|name| new.field(name));
            if let Some(column) = now.and_then(|now| kept_column((old, was), (new, now))) {
                keep_column(project, &new.key, now.map_or("", |now| &now.name), &column);
            }
        }
    }
}

/// Models with a table before and after.
fn pairs<'a>(state: &'a State, changes: &Changes, built: &'a Built) -> Vec<(&'a ModelState, &'a ModelState)> {
    let is_table = |model: &&ModelState| model.standing() == Standing::Table;
    let old = built.state.models.values().filter(is_table);
    old.filter_map(|old| Some((old, state.models.get(&changes.key(old)).filter(is_table)?))).collect()
}

fn keep_table(project: &mut Project, key: &ModelKey, table: String) {
    let app = project.apps.iter_mut().find(|app| app.label == key.app);
    let mut models = app.into_iter().flat_map(|app| &mut app.models);
    let Some(model) = models.find(|model| model.name.to_lowercase() == key.name) else { return };
    if model.meta.db_table.is_none() {
        let place = model.origin.reasons.first().and_then(|reason| reason.because.place());
        model.origin.reasons.push(reason(format!("table {table}"), place));
        model.meta.db_table = Some(table);
    }
}

/// The column that a field is to keep, or the table of links; nothing if it has it anyway, or cannot have it.
fn kept_column((old, was): (&ModelState, &FieldState), (new, now): (&ModelState, &FieldState)) -> Option<String> {
    if was.is_many_to_many() || now.is_many_to_many() {
        let is_automatic = [was, now].iter().all(|it| it.relation.as_ref().is_some_and(|to| to.through.is_none()));
        let (table, default) = (recipes::table(old, was)?, recipes::table(new, now));
        let Expr::Str(name) = &table else { return None };
        return (was.is_many_to_many() && now.is_many_to_many() && is_automatic && Some(&table) != default.as_ref())
            .then(|| name.clone());
    }
    let is_kind = was.relation.is_some() == now.relation.is_some() && was.is_generated() == now.is_generated();
    let column = was.column();
    let is_taken = new.fields.iter().any(|field| !field.is_many_to_many() && field.column() == column);
    (is_kind && !is_taken).then_some(column)
}

fn keep_column(project: &mut Project, key: &ModelKey, name: &str, column: &str) {
    // An inherited attribute stands in an abstract class.
    let Some(element) = element(project, key, name) else { return };
    let models = project.shared.iter_mut().chain(project.apps.iter_mut().flat_map(|app| &mut app.models));
    let fields = models.flat_map(|model| &mut model.fields);
    for field in fields.filter(|field| field.origin.element == element && field.name == name) {
        let place = match &mut field.kind {
            FieldKind::ManyToMany(relation) => &mut relation.db_table,
            _ => &mut field.db_column,
        };
        if place.is_none() {
            *place = Some(column.to_owned());
            let at = field.origin.reasons.first().and_then(|reason| reason.because.place());
            field.origin.reasons.push(reason(format!("column {column}"), at));
        }
    }
}

fn element(project: &Project, key: &ModelKey, name: &str) -> Option<crate::account::Element> {
    let model = project.app(&key.app)?.models.iter().find(|model| model.name.to_lowercase() == key.name)?;
    let shape = crate::django::shape::Shape::of(project, &ModelKey::new(&key.app, &model.name))?;
    let member = shape.fields.iter().find(|member| member.is_own && member.field.name == name)?;
    Some(member.field.origin.element)
}

fn reason(decision: String, at: Option<crate::source::Span>) -> Reason {
    let because = Because::Rule { name: WHY, at };
    Reason::new(Answer { decision: Cow::Owned(decision), why: Cow::Borrowed(WHY), because })
}
