//! What a change of the diagram would do to the rows that are there, said before anything is written.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::built::{Changes, FieldRename};
use crate::django::state::left::Left;
use crate::django::state::query::Standing;
use crate::django::state::{BaseState, FieldState, ModelState, State};
use crate::django::{Model, ModelKey, Project};
use crate::lock::Past;
use crate::python::Expr;
use crate::settings;
use crate::source::Span;

use super::recipes::{Conversion, Prepared, conversion, leading_to, primary, table};
use super::{enumerate, place};

/// What is asked about.
pub(super) struct Question<'a> {
    pub(super) past: &'a Past,
    /// What the recipes leave to be done.
    pub(super) prepared: &'a Prepared,
    pub(super) changes: &'a Changes,
    pub(super) project: &'a Project,
    pub(super) state: &'a State,
    pub(super) settings: &'a settings::Evolution,
    /// What may have been renamed, which is asked elsewhere: names in Django, as they were.
    pub(super) asked: &'a BTreeSet<String>,
    /// What all migrations lead to.
    pub(super) after: &'a State,
}

/// Reports what would lose data, cannot be done, or needs values that nobody gave.
pub(super) fn report(question: &Question<'_>, report: &mut Report) {
    for old in question.prepared.built.state.models.values() {
        match question.state.models.get(&old.key) {
            None if old.standing() == Standing::Table => question.gone(old, report),
            None => {}
            Some(new) => question.changed(old, new, report),
        }
    }
    question.user(report);
    question.literals(report);
    question.cut(report);
    question.left(report);
}

/// Ids are no help: the tool makes new ones at each export.
pub(super) fn unstable(kept: usize, with_id: usize) -> Diagnostic {
    let lost = kept - with_id;
    Diagnostic::new(&codes::U1303, format!("{lost} of {kept} elements have new ids; they are matched by name"))
        .note("an element that was renamed cannot be told from one that went and another that came")
        .help("name renames in `[evolution] rename`; or make the tool keep its ids at export")
}

impl<'a> Question<'a> {
    /// The app and the name that a model had in the last build.
    fn last_name<'k>(&'k self, key: &'k ModelKey, name: &'k str) -> (&'k str, &'k str) {
        let renamed = self.changes.models.iter().find(|it| it.app == key.app && it.new == name);
        let name = renamed.map_or(name, |it| it.old.as_str());
        let came = self.changes.moves.iter().find(|it| it.to == key.app && it.name == name);
        (came.map_or(key.app.as_str(), |it| it.from.as_str()), name)
    }

    /// Literals that are gone while rows may lead to theirs.
    fn literals(&self, report: &mut Report) {
        let built = &self.prepared.built.state;
        for (model, now) in &self.state.rows {
            let (Some(was), Some(state)) = (built.rows.get(model), self.state.models.get(model)) else { continue };
            let class = self.class(model);
            let (app, name) = self.last_name(model, &state.name);
            let entry = self.past.lock.models.iter().find(|it| it.app == app && it.name == name);
            let path = entry.map_or_else(|| format!("{app}.{name}"), |entry| entry.path.clone());
            for row in was.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, row)| row) {
                let Some((_, code)) = row.first() else { continue };
                let (Expr::Str(code) | Expr::Int(code)) = code else { continue };
                let path = format!("{path}.{code}");
                if self.is_accepted(&[&path]) {
                    continue;
                }
                let what = format!("`{}` has no row `{code}` any more, and others may lead to it", state.name);
                let diagnostic = here(Diagnostic::new(&codes::U1310, what), class_place(class), "its literals");
                report.add(
                    diagnostic
                        .note("the migration deletes the row; it stops where a key leads to it, and takes links of many-to-many relations away")
                        .help("if it was only renamed, keep the stored value: tag `value` at the literal")
                        .help(format!("if it is to go: `[evolution] accept = [\"{path}\"]`")),
                );
            }
        }
    }

    fn gone(&self, old: &ModelState, report: &mut Report) {
        // Its rows were those of the diagram.
        if self.prepared.built.state.rows.contains_key(&old.key) {
            return;
        }
        let (app, name) = self.last_name(&old.key, &old.name);
        let path = self.past.lock.models.iter().find(|it| it.app == app && it.name == name);
        let django = format!("{app}.{name}");
        let path = path.map_or(django.as_str(), |entry| entry.path.as_str());
        let stays = self.after.left.iter().any(|left| matches!(left, Left::Model(model, _) if model.key == old.key));
        if stays || self.is_accepted(&[path, &django]) || self.asked.contains(&django) {
            return;
        }
        let diagnostic =
            Diagnostic::new(&codes::U1302, format!("`{path}` is gone; its table and all rows would be dropped"));
        report.add(accept(diagnostic, &[path]));
    }

    fn changed(&self, old: &'a ModelState, new: &'a ModelState, report: &mut Report) {
        let class = self.class(&new.key);
        if self.recast(old, new, class, report) {
            return;
        }
        self.rebased(old, new, class, report);
        self.rekeyed(old, new, class, report);
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
        let mut renames = self.prepared.renames.iter().filter(|rename| rename.model == new.key);
        let taken = |rename: &&FieldRename| rename.new == field.name;
        match renames.clone().find(|rename| rename.old == field.name) {
            Some(rename) => new.field(&rename.new),
            None if renames.any(|rename| taken(&rename)) => None,
            None => new.field(&field.name),
        }
    }

    /// Every earlier migration leads to the user by the name in the settings, so it must have had that name from the start.
    fn user(&self, report: &mut Report) {
        let user = &self.state.user;
        let Some(state) = self.state.models.get(user) else { return };
        let (app, name) = self.last_name(user, &state.name);
        let (what, text) = if app != user.app {
            (format!("`{name}` is the user model, which Django cannot move"), "the new package")
        } else if name != state.name {
            (format!("`{name}` is the user model, which Django cannot rename"), "the new name")
        } else {
            return;
        };
        let class = self.class(user);
        let diagnostic = here(Diagnostic::new(&codes::U1315, what), class_place(class), text);
        report.add(
            diagnostic
                .note("every earlier migration leads to it by the name in the settings")
                .help("keep its name and its app: tags `name` and `app`"),
        );
    }

    /// What values lose where they get another type.
    fn cut(&self, report: &mut Report) {
        for (model, field, what) in &self.prepared.cut {
            let Some(state) = self.state.models.get(model) else { continue };
            let class = self.class(model);
            let (app, name) = self.last_name(&state.key, &state.name);
            let mut renames =
                self.changes.fields.iter().filter(|rename| rename.model == *model && rename.new == *field);
            let old = renames.next().map_or(field.as_str(), |rename| rename.old.as_str());
            let entry = self.past.lock.fields.iter().find(|it| it.app == app && it.model == name && it.name == old);
            let django = format!("{app}.{name}.{old}");
            let path = entry.map_or(django.as_str(), |entry| entry.path.as_str());
            if self.is_accepted(&[path, &django]) {
                continue;
            }
            let message = format!("`{}.{field}` has another type, and every value loses {what}", state.name);
            let place = state.field(field).and_then(|field| field_place(class, field));
            report.add(accept(here(Diagnostic::new(&codes::U1302, message), place, "the new type"), &[path]));
        }
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
        fn parents(model: &ModelState) -> impl Iterator<Item = &BaseState> {
            model.bases.iter().filter(|base| **base != BaseState::Django)
        }
        if parents(old).eq(parents(new)) {
            return;
        }
        let what = format!("`{}` has other parents than before; its rows cannot follow", new.name);
        let diagnostic = here(Diagnostic::new(&codes::U1315, what), class_place(class), "this class");
        report.add(
            diagnostic
                .note("rows follow if one parent without parents of its own comes or goes, and a parent that comes is new and has no other children")
                .help("keep the generalization, or draw a new class and move the rows"),
        );
    }

    /// What leads to rows cannot follow another key.
    fn rekeyed(&self, old: &ModelState, new: &ModelState, class: Option<&Model>, report: &mut Report) {
        let (Some(was), Some(now)) = (primary(old), primary(new)) else { return };
        // Another type of the same key is told with the field.
        if self.changes.field(&new.key, &was.name) == Some(now.name.as_str())
            || was.relation.as_ref().is_some_and(|it| it.parent_link)
        {
            return;
        }
        let models = self.prepared.built.state.models.values();
        let fields = models.flat_map(|model| model.fields.iter().map(move |field| (model, field)));
        let mut leads = fields.filter(|(_, field)| field.relation.as_ref().is_some_and(|it| it.to == old.key));
        let generics = leading_to(&self.prepared.built.state, self.changes, old);
        let by_kind = generics.first().map(|(generic, field)| (&generic.holder, &field.name));
        let Some((holder, by)) = leads.next().map(|(model, field)| (&model.key, &field.name)).or(by_kind) else {
            return;
        };
        let what = format!("`{}` is the primary key of `{}` now, not `{}`", now.name, new.name, was.name);
        let place = field_place(class, now).or_else(|| class_place(class));
        let diagnostic = here(Diagnostic::new(&codes::U1315, what), place, "this key");
        report.add(
            diagnostic
                .note(format!("rows of `{}` lead to the old one by `{by}` and cannot follow", self.class(holder).map_or(&holder.name, |class| &class.name)))
                .note("they follow where the new key is an automatic number, a UUID or an attribute that is there, the class has no children, and no key of another class is made of it")
                .help("keep the old key: the tag `key`, and the name and type of an attribute `id`"),
        );
    }

    /// The model path of what went with the column `field`, unless nothing of the diagram did, or it may go.
    fn lost(&self, old: &ModelState, field: &FieldState) -> Option<String> {
        // What is computed, and what Django added itself, holds nothing that the diagram ever had.
        let is_pointer = field.relation.as_ref().is_some_and(|relation| relation.parent_link);
        if field.is_generated() || is_pointer || field.argument("auto_created").is_some() {
            return None;
        }
        let mut fields = self.past.lock.fields.iter();
        let (app, model) = self.last_name(&old.key, &old.name);
        let entry = fields.find(|it| it.app == app && it.model == model && it.name == field.name);
        let django = format!("{app}.{model}.{}", field.name);
        let path = entry.map_or(django.as_str(), |entry| entry.path.as_str());
        let is_told = self.is_accepted(&[path, &django]) || self.asked.contains(&django) || self.stays(old, field);
        (!is_told).then(|| path.to_owned())
    }

    /// Whether the column or the table of links stays in the database.
    fn stays(&self, model: &ModelState, field: &FieldState) -> bool {
        self.after.left.iter().any(|left| match left {
            Left::Field(of, left) => *of == model.key && left.column() == field.column(),
            Left::Model(left, _) if field.is_many_to_many() => {
                table(model, field).is_some_and(|table| left.option("db_table") == Some(&table))
            }
            _ => false,
        })
    }

    /// What stays in the database for servers with older models, and what need not.
    fn left(&self, report: &mut Report) {
        let names: Vec<String> = self.after.left.iter().map(|left| left.dotted(self.after)).collect();
        if !names.is_empty() {
            let list = enumerate(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>());
            let mut diagnostic = Diagnostic::new(&codes::U1318, format!("the database goes on as before with {list}"));
            for (left, name) in self.after.left.iter().zip(&names) {
                diagnostic = diagnostic.note(match left {
                    Left::Field(..) => format!("`{name}`: the column stays, and rows need no value for it"),
                    Left::Optional(..) => format!("`{name}`: the column may be empty, though models demand a value"),
                    Left::Model(..) => format!("`{name}`: the table stays"),
                });
            }
            let list: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            let help =
                format!("once no server with the older models is left: `[evolution] contract = [{}]`", list.join(", "));
            report.add(diagnostic.help(help));
        }
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
        if was.is_generated() || now.is_generated() {
            // Nothing of it was ever in the diagram but how it is computed.
        } else if was.relation.is_some() != now.relation.is_some()
            || was.relation.is_none() && conversion(was.class(), now.class()) == Conversion::Meaningless
        {
            let what =
                format!("`{name}` was a `{}` and is a `{}` now, and no value can follow", was.class(), now.class());
            let diagnostic = here(Diagnostic::new(&codes::U1315, what), place, "the new type");
            report.add(diagnostic.help("draw the new attribute beside the old one; take the old one away later"));
        } else if was.is_many_to_many() != now.is_many_to_many() {
            let (before, after) = if now.is_many_to_many() { ("one", "many") } else { ("many", "one") };
            let what = format!("`{name}` led to {before} and leads to {after} now; the links would be lost");
            let diagnostic = here(Diagnostic::new(&codes::U1311, what), place, "this relation");
            report.add(self.reshaped(diagnostic, new, now));
        } else if was.is_many_to_many() && through(was) != through(now) {
            let what = format!("`{name}` has another through model than before, and Django cannot alter that");
            let diagnostic = here(Diagnostic::new(&codes::U1311, what), place, "this relation");
            report.add(self.reshaped(diagnostic, new, now));
        } else if self.leads_elsewhere(was, now) {
            let what = format!("`{name}` leads to another class than before, where no row has the keys that it holds");
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
            && !self.prepared.filled.contains(&(new.key.clone(), now.name.clone()))
        {
            let what = format!("`{name}` is required now, but rows may have no value");
            report.add(required(here(Diagnostic::new(&codes::U1305, what), place, "needs a value")));
        }
    }

    /// Whether a relation has another target, by the tables that they are in.
    fn leads_elsewhere(&self, was: &FieldState, now: &FieldState) -> bool {
        let (Some(was), Some(now)) = (&was.relation, &now.relation) else { return false };
        !was.parent_link && was.to != now.to && self.state.models.contains_key(&now.to)
    }

    fn reshaped(&self, diagnostic: Diagnostic, model: &ModelState, field: &FieldState) -> Diagnostic {
        let path = format!("{}.{}.{}", model.key.app, model.name, field.name);
        diagnostic.help(format!("keep the relation as it was, and draw the new one beside it; copy the links with a migration of your own; then take `{path}` away"))
    }

    fn is_accepted(&self, paths: &[&str]) -> bool {
        let mut accepted = self.settings.accept.iter().chain(&self.settings.contract);
        accepted.any(|accepted| paths.contains(&accepted.as_str()))
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
