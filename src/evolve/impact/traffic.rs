//! What servers with the old models still ask for while those with the new ones start, and would not find (U1309): of all that they know,
//! what the database has no more after the migrations, or has in another form.

use std::collections::{BTreeMap, BTreeSet};

use super::{Impact, Table, first_place, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::operation::RowStep;
use crate::django::state::left::Left;
use crate::django::state::{FieldState, ModelState, State};
use crate::django::{Evolution, ModelKey, Operation};
use crate::evolve::recipes::is_same_kind;
use crate::settings::Compatible;
use crate::source::Span;
use crate::sql;

impl Impact<'_> {
    pub(super) fn traffic(&self, tables: &[Table<'_>], evolution: &Evolution, after: &State, report: &mut Report) {
        if self.settings.compatible != Compatible::Rolling {
            return;
        }
        for table in tables {
            self.names(table, after, report);
            for field in &table.old.fields {
                self.column(table, field, after, report);
            }
        }
        self.copies(evolution, report);
    }

    fn names(&self, table: &Table<'_>, after: &State, report: &mut Report) {
        let (was, now) = (sql::table(&self.built.state, &table.old.key), sql::table(after, &table.new.key));
        if was != now {
            let what = format!("old code still asks for the table `{was}`, which becomes `{now}`");
            let help = format!("keep the table: tag `db_table = {was}`; or rename in a quiet moment");
            report.add(found(what, table.place(), "the new name", help));
        }
    }

    fn column(&self, table: &Table<'_>, was: &FieldState, after: &State, report: &mut Report) {
        let key = &table.new.key;
        let now = self.changes.field(key, &was.name).and_then(|name| table.new.field(name));
        let name = now.map_or(&was.name, |now| &now.name);
        // Somebody said that no server asks for it.
        if self.prepared.contracted.contains(&(key.clone(), Some(name.clone()))) {
            return;
        }
        let place = now.map_or_else(|| table.place(), |now| table.field_place(now));
        let quiet = "draw the new one beside it and take the old one away later; or migrate in a quiet moment";
        if was.is_many_to_many() {
            let Some(links) = sql::links(&self.built.state, table.old, was) else { return };
            if !has_links(after, &links) {
                let [near, far] = &links.1;
                let what = format!("old code still asks for `{near}` and `{far}` of the table `{}`", links.0);
                report.add(found(what, place, "these links", quiet.to_owned()));
            }
            return;
        }
        let column = was.column();
        let of_model = |model: &ModelState| model.fields.iter().find(|it| is_column(it, &column)).cloned();
        let left =
            after.left.iter().any(|left| matches!(left, Left::Field(of, it) if of == key && is_column(it, &column)));
        match (after.models.get(key).and_then(of_model), now) {
            (Some(found_there), _) => {
                let is_key = was.relation.is_some();
                if is_key != found_there.relation.is_some()
                    || !is_key && !is_same_kind(was.class(), found_there.class())
                {
                    let (old, new) = (was.class(), found_there.class());
                    let what = format!(
                        "old code takes `{column}` of `{}` for a `{old}`, which becomes a `{new}`",
                        table.new.name
                    );
                    report.add(found(what, place, "the new type", quiet.to_owned()));
                }
            }
            (None, _) if left => {}
            (None, Some(now)) if !now.is_many_to_many() => {
                let what = format!(
                    "old code still asks for `{column}` of `{}`, which becomes `{}`",
                    table.new.name,
                    now.column()
                );
                let help = format!("keep the column: tag `db_column = {column}`; or rename in a quiet moment");
                report.add(found(what, place, "the new name", help));
            }
            (None, _) => {
                let what = format!("old code still asks for `{column}` of `{}`, which goes", table.new.name);
                report.add(found(what, place, "the class that had it", quiet.to_owned()));
            }
        }
    }

    /// What is copied is copied once.
    fn copies(&self, evolution: &Evolution, report: &mut Report) {
        let mut models: BTreeMap<ModelKey, Option<Span>> = BTreeMap::new();
        for migration in &evolution.migrations {
            for operation in &migration.operations {
                if let Operation::Rows { model, step, .. } = operation
                    && !matches!(step, RowStep::FillField | RowStep::ContinueNumbers)
                {
                    let key = ModelKey::new(&migration.app, model).lowered();
                    let app = self.project.app(&key.app);
                    let class = app.and_then(|app| app.models.iter().find(|it| it.name.to_lowercase() == key.name));
                    models.insert(key, class.and_then(|class| first_place(&class.origin.reasons)));
                }
            }
        }
        for (key, place) in models {
            let what = format!(
                "values of `{}` are copied once: what old code writes afterwards stays where it was",
                key.dotted()
            );
            let help = "migrate in a quiet moment".to_owned();
            report.add(found(what, place, "this class", help));
        }
    }
}

fn is_column(field: &FieldState, column: &str) -> bool {
    !field.is_many_to_many() && field.column() == column
}

/// Whether there is a table of links with this name and these columns.
fn has_links(state: &State, (table, columns): &(String, [String; 2])) -> bool {
    let of_models = state.models.values().flat_map(|model| {
        let links = model.fields.iter().filter_map(|field| sql::links(state, model, field));
        links.map(|(table, columns)| (table, BTreeSet::from(columns)))
    });
    let columns_of = |model: &ModelState| -> BTreeSet<String> {
        model.fields.iter().filter(|field| !field.primary_key).map(FieldState::column).collect()
    };
    let tables = state.models.values().map(|model| (sql::table(state, &model.key), columns_of(model)));
    let left = state.left.iter().filter_map(|left| match left {
        Left::Model(model, columns) => {
            let columns = columns.iter().map(FieldState::column);
            Some((sql::table_of(model), columns_of(model).into_iter().chain(columns).collect()))
        }
        _ => None,
    });
    let mut all = of_models.chain(tables).chain(left);
    all.any(|(name, there)| name == *table && columns.iter().all(|column| there.contains(column)))
}

fn found(what: String, place: Option<Span>, text: &str, help: String) -> Diagnostic {
    here(Diagnostic::new(&codes::U1309, format!("while servers restart, {what}")), place, text).help(help)
}
