//! What a change means for the rows and tables that stay: whether a rename is likely, whether values fit, and what is locked.

mod asked;
mod likeness;
mod locks;
mod rows;
mod traffic;

use std::collections::BTreeSet;

use crate::decision::Reason;
use crate::diagnostic::{Diagnostic, Report};
use crate::django::built::{Built, Changes};
use crate::django::project::Database;
use crate::django::state::query::{Standing, with};
use crate::django::state::{FieldState, ModelState, State};
use crate::django::{Evolution, Model, Project};
use crate::lock::{Lock, Past};
use crate::python::Expr;
use crate::settings;
use crate::source::Span;

use super::place;
use super::recipes::Prepared;

/// What was, and what is to be.
pub(super) struct Impact<'a> {
    pub(super) past: &'a Past,
    pub(super) lock: &'a Lock,
    /// What the last build left.
    pub(super) built: &'a Built,
    /// What the recipes leave to be done.
    pub(super) prepared: &'a Prepared,
    pub(super) changes: &'a Changes,
    pub(super) new: &'a State,
    pub(super) project: &'a Project,
    pub(super) settings: &'a settings::Evolution,
    /// Whether elements are known again by their ids.
    pub(super) believes_ids: bool,
}

/// A table that stays.
struct Table<'a> {
    old: &'a ModelState,
    new: &'a ModelState,
    class: Option<&'a Model>,
    /// Fields as they were and are.
    fields: Vec<(&'a FieldState, &'a FieldState)>,
    gone: Vec<&'a FieldState>,
    come: Vec<&'a FieldState>,
}

impl<'a> Impact<'a> {
    /// Reports all of it, and what `evolution` does to tables on the way to `after`, and gives what may have been renamed instead of having gone: names in Django, as they were.
    pub(super) fn report(&self, evolution: &Evolution, after: &State, report: &mut Report) -> BTreeSet<String> {
        let tables = self.tables();
        self.reused(report);
        let asked = self.ask(&tables, report);
        for table in &tables {
            self.rows(table, report);
        }
        self.traffic(&tables, evolution, after, report);
        if self.project.databases.contains(&Database::Postgresql) {
            self.locks(&tables, evolution, report);
        }
        asked
    }

    fn tables(&self) -> Vec<Table<'a>> {
        let mut tables = Vec::new();
        for old in self.built.state.models.values().filter(|model| has_table(model)) {
            let key = self.changes.key(old);
            let Some(new) = self.new.models.get(&key).filter(|model| has_table(model)) else { continue };
            let (mut fields, mut gone) = (Vec::new(), Vec::new());
            // What recipes already took elsewhere is not gone.
            let rest = self.prepared.built.state.models.get(&key);
            let is_left = |field: &FieldState| rest.is_some_and(|rest| rest.field(&field.name).is_some());
            for field in &old.fields {
                match self.changes.field(&key, &field.name).and_then(|name| new.field(name)) {
                    Some(now) => fields.push((field, now)),
                    None if is_left(field) => gone.push(field),
                    None => {}
                }
            }
            let is_new = |field: &&FieldState| !fields.iter().any(|(_, now)| now.name == field.name);
            let come = new.fields.iter().filter(is_new).collect();
            let app = self.project.app(&key.app);
            let class = app.and_then(|app| app.models.iter().find(|model| model.name == new.name));
            tables.push(Table { old, new, class, fields, gone, come });
        }
        tables
    }

    /// Models with tables that go and that come, as far as recipes did not take them for each other.
    fn exchanged(&self) -> (Vec<&'a ModelState>, Vec<&'a ModelState>) {
        let (old, rest) = (&self.built.state.models, &self.prepared.built.state.models);
        let stays = |model: &ModelState| self.new.models.contains_key(&self.changes.key(model));
        let gone = old.values().filter(|model| has_table(model) && !stays(model)).collect();
        let is_new = |model: &&ModelState| has_table(model) && !rest.contains_key(&model.key);
        (gone, self.new.models.values().filter(is_new).collect())
    }

    /// Whether somebody said that it is meant, by a path of the diagram or a name in Django.
    fn is_accepted(&self, model: &ModelState, field: Option<&FieldState>) -> bool {
        let paths = self.paths(model, field);
        self.settings.accept.iter().any(|accepted| paths.contains(accepted))
    }

    /// The path of a thing as it was, if it was drawn, and its name in Django.
    fn paths(&self, model: &ModelState, field: Option<&FieldState>) -> Vec<String> {
        let (app, lock) = (&model.key.app, &self.past.lock);
        let (drawn, django) = match field {
            None => {
                let known = lock.models.iter().find(|it| it.app == *app && it.name == model.name);
                (known.map(|it| &it.path), format!("{app}.{}", model.name))
            }
            Some(field) => {
                let mut fields = lock.fields.iter();
                let known = fields.find(|it| it.app == *app && it.model == model.name && it.name == field.name);
                (known.map(|it| &it.path), format!("{app}.{}.{}", model.name, field.name))
            }
        };
        drawn.cloned().into_iter().chain([django]).collect()
    }
}

fn has_table(model: &ModelState) -> bool {
    model.standing() == Standing::Table
}

impl Table<'_> {
    fn field_place(&self, field: &FieldState) -> Option<Span> {
        let drawn = self.class.and_then(|class| class.field(&field.name));
        drawn.and_then(|field| first_place(&field.origin.reasons)).or_else(|| self.place())
    }

    fn place(&self) -> Option<Span> {
        first_place(&self.class?.origin.reasons)
    }

    /// The model with its old columns under the names that fields have now: what can be asked before it changes.
    fn before(&self) -> ModelState {
        let field = |(was, now): &(&FieldState, &FieldState)| FieldState {
            name: now.name.clone(),
            call: with(&was.call, "db_column", Expr::Str(was.column())),
            ..(*was).clone()
        };
        ModelState { fields: self.fields.iter().map(field).collect(), ..self.old.clone() }
    }

    /// `Person.email`
    fn field_name(&self, field: &FieldState) -> String {
        format!("{}.{}", self.new.name, field.name)
    }
}

fn first_place(reasons: &[Reason]) -> Option<Span> {
    reasons.iter().find_map(|reason| place(&reason.because))
}

fn here(diagnostic: Diagnostic, span: Option<Span>, text: &str) -> Diagnostic {
    match span {
        Some(span) => diagnostic.here(span, text),
        None => diagnostic,
    }
}
