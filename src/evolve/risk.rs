//! What a change of the diagram would do to the rows that are there, said before anything is written.

use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::built::{Built, Changes, FieldRename};
use crate::django::state::query::Standing;
use crate::django::state::{BaseState, FieldState, ModelState, State};
use crate::django::{Model, ModelKey, Project};
use crate::lock::Past;
use crate::settings;
use crate::source::Span;

use super::{enumerate, place};

/// What is asked about.
pub(super) struct Question<'a> {
    pub(super) past: &'a Past,
    pub(super) built: &'a Built,
    pub(super) changes: &'a Changes,
    pub(super) project: &'a Project,
    pub(super) state: &'a State,
    pub(super) settings: &'a settings::Evolution,
}

/// Reports what would lose data, cannot be done, or needs values that nobody gave.
pub(super) fn report(question: &Question<'_>, report: &mut Report) {
    for old in question.built.state.models.values() {
        match question.successor(old) {
            None if old.standing() == Standing::Table => question.gone(old, report),
            None => {}
            Some(new) => question.changed(old, new, report),
        }
    }
}

/// Ids are no help: the tool makes new ones at each export.
pub(super) fn unstable(kept: usize, with_id: usize) -> Diagnostic {
    let lost = kept - with_id;
    Diagnostic::new(&codes::U1303, format!("{lost} of {kept} elements have new ids; they are matched by name"))
        .note("an element that was renamed cannot be told from one that went and another that came")
        .help("name renames in `[evolution] rename`; or make the tool keep its ids at export")
}

impl<'a> Question<'a> {
    /// The model that `old` is now.
    fn successor(&self, old: &ModelState) -> Option<&'a ModelState> {
        let mut renames = self.changes.models.iter();
        let name = match renames.find(|rename| rename.app == old.key.app && rename.old == old.name) {
            Some(rename) => &rename.new,
            // What took its name is somebody else.
            None if renames.clone().any(|rename| rename.app == old.key.app && rename.new == old.name) => return None,
            None => &old.name,
        };
        self.state.models.get(&ModelKey::new(&old.key.app, name).lowered())
    }

    fn gone(&self, old: &ModelState, report: &mut Report) {
        let path = self.past.lock.models.iter().find(|it| it.app == old.key.app && it.name == old.name);
        let django = format!("{}.{}", old.key.app, old.name);
        let path = path.map_or(django.as_str(), |entry| entry.path.as_str());
        if self.is_accepted(&[path, &django]) {
            return;
        }
        let diagnostic =
            Diagnostic::new(&codes::U1302, format!("`{path}` is gone; its table and all rows would be dropped"));
        report.add(accept(diagnostic, &[path]));
    }

    fn changed(&self, old: &'a ModelState, new: &'a ModelState, report: &mut Report) {
        let class = self.class(&new.key);
        if old.name != new.name {
            self.renamed(old, new, class, report);
        }
        if self.recast(old, new, class, report) {
            return;
        }
        self.rebased(old, new, class, report);
        let mut gone = Vec::new();
        for field in &old.fields {
            match self.field_successor(new, field) {
                Some(now) => self.altered(new, field, now, class, report),
                None => gone.push(field),
            }
        }
        self.columns_gone(old, new, &gone, report);
        for field in new.fields.iter().filter(|field| !field.can_be_added()) {
            let is_new = !old.fields.iter().any(|was| self.field_successor(new, was).is_some_and(|now| now == field));
            let dates_itself = field.argument("auto_now_add").is_some();
            // The key to a parent came with another parent, which is told.
            let is_drawn = field.argument("auto_created").is_none();
            if is_new && is_drawn && !dates_itself && !self.is_filled(new, field) {
                let name = format!("{}.{}", new.name, field.name);
                let what = format!("new attribute `{name}` is required, but existing rows have no value");
                report.add(required(here(
                    Diagnostic::new(&codes::U1305, what),
                    field_place(class, field),
                    "needs a value",
                )));
            }
        }
    }

    /// Whether somebody said what rows get that are there.
    fn is_filled(&self, model: &ModelState, field: &FieldState) -> bool {
        self.changes.fillings.contains_key(&(model.key.clone(), field.name.clone()))
    }

    fn field_successor(&self, new: &'a ModelState, field: &FieldState) -> Option<&'a FieldState> {
        let mut renames = self.changes.fields.iter().filter(|rename| rename.model == new.key);
        let taken = |rename: &&FieldRename| rename.new == field.name;
        match renames.clone().find(|rename| rename.old == field.name) {
            Some(rename) => new.field(&rename.new),
            None if renames.any(|rename| taken(&rename)) => None,
            None => new.field(&field.name),
        }
    }

    /// Django renames the class, but not the bases of its children, and not the setting that names the user.
    fn renamed(&self, old: &ModelState, new: &ModelState, class: Option<&Model>, report: &mut Report) {
        let is_base = |model: &&ModelState| model.bases.contains(&BaseState::Model(old.key.clone()));
        let what = if let Some(child) = self.built.state.models.values().find(is_base) {
            format!("`{}` has the child `{}`, and Django cannot rename a parent", old.name, child.name)
        } else if self.built.state.user == old.key || self.state.user == new.key {
            format!("`{}` is the user model, which Django cannot rename", old.name)
        } else {
            return;
        };
        let diagnostic = here(Diagnostic::new(&codes::U1315, what), class_place(class), "the new name");
        report.add(diagnostic.help(format!("keep its name in Python: tag `name` = `{}`", old.name)));
    }

    /// A table cannot become a proxy, nor the other way round: what refers to its rows would refer to others.
    fn recast(&self, old: &ModelState, new: &ModelState, class: Option<&Model>, report: &mut Report) -> bool {
        let what = match (old.standing(), new.standing()) {
            (Standing::Proxy, Standing::Table) => "was a proxy and would get a table; its rows are not there",
            (Standing::Table, Standing::Proxy) => "had a table and would become a proxy; its rows would be dropped",
            _ => return false,
        };
        let message = format!("`{}` {what}", new.name);
        let diagnostic = here(Diagnostic::new(&codes::U1315, message), class_place(class), "this class");
        report.add(diagnostic.help("leave it as it was, or draw a new class and move the rows"));
        true
    }

    /// Django does not compare bases: the rows of a child would have no parent, or the other way round.
    fn rebased(&self, old: &ModelState, new: &ModelState, class: Option<&Model>, report: &mut Report) {
        let renamed = |base: &BaseState| match base {
            BaseState::Model(key) => {
                let renames = self.changes.models.iter();
                let mut to = renames.filter(|it| it.app == key.app && it.old.to_lowercase() == key.name);
                BaseState::Model(to.next().map_or_else(|| key.clone(), |it| ModelKey::new(&it.app, &it.new).lowered()))
            }
            BaseState::Django => BaseState::Django,
        };
        let was: Vec<BaseState> = old.bases.iter().map(renamed).collect();
        if was == new.bases {
            return;
        }
        let what = format!("`{}` has other parents than before; its rows cannot follow", new.name);
        let diagnostic = here(Diagnostic::new(&codes::U1315, what), class_place(class), "this class");
        report.add(diagnostic.help("keep the generalization, or draw a new class and move the rows"));
    }

    /// The model path of what went with the column `field`, unless nothing of the diagram did, or it may go.
    fn lost(&self, old: &ModelState, field: &FieldState) -> Option<String> {
        // What is computed, and what Django added itself, holds nothing that the diagram ever had.
        let is_pointer = field.relation.as_ref().is_some_and(|relation| relation.parent_link);
        if field.is_generated() || is_pointer || field.argument("auto_created").is_some() {
            return None;
        }
        let mut fields = self.past.lock.fields.iter();
        let entry = fields.find(|it| it.app == old.key.app && it.model == old.name && it.name == field.name);
        let django = format!("{}.{}.{}", old.key.app, old.name, field.name);
        let path = entry.map_or(django.as_str(), |entry| entry.path.as_str());
        (!self.is_accepted(&[path, &django])).then(|| path.to_owned())
    }

    /// One finding for a class: there is one place for all that is not there any more.
    fn columns_gone(&self, old: &ModelState, new: &ModelState, gone: &[&FieldState], report: &mut Report) {
        let lost: Vec<(&FieldState, String)> =
            gone.iter().filter_map(|field| Some((*field, self.lost(old, field)?))).collect();
        let names: Vec<String> = lost.iter().map(|(field, _)| format!("`{}.{}`", new.name, field.name)).collect();
        let paths: Vec<&str> = lost.iter().map(|(_, path)| path.as_str()).collect();
        let what = match lost.as_slice() {
            [] => return,
            [(field, _)] if field.is_many_to_many() => format!("{} is gone; all its links would be dropped", names[0]),
            [_] => format!("{} is gone; its column and data would be dropped", names[0]),
            _ => format!("{} are gone; their columns and data would be dropped", enumerate(&names)),
        };
        let place = class_place(self.class(&new.key));
        let diagnostic = here(Diagnostic::new(&codes::U1302, what), place, "the class that had it");
        report.add(accept(diagnostic, &paths));
    }

    fn altered(
        &self,
        new: &ModelState,
        was: &FieldState,
        now: &FieldState,
        class: Option<&Model>,
        report: &mut Report,
    ) {
        let name = format!("{}.{}", new.name, now.name);
        let place = field_place(class, now);
        if was.is_many_to_many() != now.is_many_to_many() {
            let (before, after) = if now.is_many_to_many() { ("one", "many") } else { ("many", "one") };
            let what = format!("`{name}` led to {before} and leads to {after} now; the links would be lost");
            let diagnostic = here(Diagnostic::new(&codes::U1311, what), place, "this relation");
            report.add(self.reshaped(diagnostic, new, now));
        } else if was.is_many_to_many() && through(was) != through(now) {
            let what = format!("`{name}` has another through model than before, and Django cannot alter that");
            let diagnostic = here(Diagnostic::new(&codes::U1311, what), place, "this relation");
            report.add(self.reshaped(diagnostic, new, now));
        } else if was.primary_key && now.primary_key && was.class() != now.class() {
            let what = format!("`{name}` is the primary key and has another type than before");
            let diagnostic = here(Diagnostic::new(&codes::U1315, what), place, "this key");
            report.add(diagnostic.note("keys that lead to it would have to follow").help("keep the type of the key"));
        } else if was.is_nullable()
            && !now.is_nullable()
            && !now.has_default()
            && !now.is_many_to_many()
            && !self.is_filled(new, now)
        {
            let what = format!("`{name}` is required now, but rows may have no value");
            report.add(required(here(Diagnostic::new(&codes::U1305, what), place, "needs a value")));
        }
    }

    fn reshaped(&self, diagnostic: Diagnostic, model: &ModelState, field: &FieldState) -> Diagnostic {
        let path = format!("{}.{}.{}", model.key.app, model.name, field.name);
        diagnostic.help(format!("keep the relation as it was, and draw the new one beside it; copy the links with a migration of your own; then take `{path}` away"))
    }

    fn is_accepted(&self, paths: &[&str]) -> bool {
        self.settings.accept.iter().any(|accepted| paths.contains(&accepted.as_str()))
    }

    fn class(&self, key: &ModelKey) -> Option<&'a Model> {
        let models = &self.project.app(&key.app)?.models;
        models.iter().find(|model| model.name.to_lowercase() == key.name)
    }
}

fn through(field: &FieldState) -> Option<String> {
    field.argument("through").map(crate::django::state::query::text)
}

fn accept(diagnostic: Diagnostic, paths: &[&str]) -> Diagnostic {
    let list = |end: &str| paths.iter().map(|path| format!("\"{path}{end}\"")).collect::<Vec<_>>().join(", ");
    diagnostic
        .note("nothing is written until it is clear that this is meant")
        .help(format!("if it was renamed: `[evolution] rename = [{}]`", list(" -> ...")))
        .help(format!("if it is to go: `[evolution] accept = [{}]`", list("")))
}

fn required(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help("give it a default, or a `migration_default` for the rows that are there, or make it optional (0..1) until all rows have a value")
}

fn here(diagnostic: Diagnostic, span: Option<Span>, text: &str) -> Diagnostic {
    match span {
        Some(span) => diagnostic.here(span, text),
        None => diagnostic,
    }
}

fn class_place(class: Option<&Model>) -> Option<Span> {
    class?.origin.reasons.iter().find_map(|reason| place(&reason.because))
}

fn field_place(class: Option<&Model>, field: &FieldState) -> Option<Span> {
    let field = class?.field(&field.name)?;
    field.origin.reasons.iter().find_map(|reason| place(&reason.because)).or_else(|| class_place(class))
}
