//! Migrations in two releases (`compatible = "rolling"`): servers with the old models go on while those with the new ones start. So what
//! they use stays in the database, in a form that both can live with, until somebody says that none of them is left.

use std::collections::BTreeSet;

use crate::django::state::left::named;
use crate::django::state::query::{Standing, text, with, without};
use crate::django::state::{BaseState, FieldState, ModelState, State};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

use super::recipes;

/// What no server uses any more, as it is called now: models, and fields of models.
pub(super) type Contracted = BTreeSet<(ModelKey, Option<String>)>;

/// How many keys may be made of each other before we stop asking what they lead to.
const HOPS: usize = 32;

/// What is to be done, and what is known about it.
pub(super) struct Rolling<'a> {
    /// Before the operation.
    pub(super) state: &'a State,
    /// After all of them.
    pub(super) target: &'a State,
    pub(super) contracted: &'a Contracted,
}

impl Rolling<'_> {
    /// What is done instead of an operation of `app` on a table that is in use; nothing, if it is done as it is.
    pub(super) fn steps(&self, app: &str, operation: &Operation) -> Option<Vec<Operation>> {
        let model = self.state.models.get(&ModelKey::new(app, operation.model()).lowered())?;
        if model.standing() != Standing::Table {
            return None;
        }
        match operation {
            Operation::RemoveField { field, .. } => {
                let field = model.field(field)?;
                let is_contracted = self.contracted.contains(&(model.key.clone(), Some(field.name.clone())));
                (!is_contracted && !self.is_taken(model, field)).then(|| self.leave_field(model, field))
            }
            Operation::DeleteModel { .. } => {
                let is_contracted = self.contracted.contains(&(model.key.clone(), None));
                (!is_contracted).then(|| self.leave_model(model, operation))
            }
            Operation::AlterField { field, preserve_default, .. } => {
                let was = model.field(&field.name)?;
                let is_column = !field.is_many_to_many() && !was.is_many_to_many() && !field.primary_key;
                let is_contracted = self.contracted.contains(&(model.key.clone(), Some(field.name.clone())));
                if !is_column || is_contracted || !was.is_nullable() || field.is_nullable() {
                    return None;
                }
                let optional = FieldState { call: with(&field.call, "null", Expr::Bool(true)), ..field.clone() };
                let first = (optional.definition() != was.definition()).then(|| Operation::AlterField {
                    model: model.key.name.clone(),
                    field: optional,
                    preserve_default: *preserve_default,
                });
                Some(first.into_iter().chain([leave(operation.clone())]).collect())
            }
            _ => None,
        }
    }

    /// Whether something else has the column now, or the table of links.
    fn is_taken(&self, model: &ModelState, field: &FieldState) -> bool {
        let Some(now) = self.target.models.get(&model.key) else { return false };
        let table = |model: &ModelState, field: &FieldState| recipes::table(model, field).map(|table| text(&table));
        if field.is_many_to_many() {
            let mut others = now.fields.iter().filter(|field| field.is_many_to_many());
            return others.any(|other| table(now, other) == table(model, field));
        }
        // The key of rows that stay has become another one.
        let mut columns = now.fields.iter().filter(|field| !field.is_many_to_many());
        field.primary_key || columns.any(|other| other.column() == field.column())
    }

    fn leave_field(&self, model: &ModelState, field: &FieldState) -> Vec<Operation> {
        if field.is_many_to_many() {
            return self.leave_links(model, field);
        }
        let relaxed = self.relaxed(field);
        let alter = (relaxed.definition() != field.definition()).then(|| apart(&model.key, relaxed));
        let gone = Operation::RemoveField { model: model.key.name.clone(), field: field.name.clone() };
        alter.into_iter().chain([leave(gone)]).collect()
    }

    /// The table of links becomes a model that is left.
    fn leave_links(&self, model: &ModelState, field: &FieldState) -> Vec<Operation> {
        let gone = Operation::RemoveField { model: model.key.name.clone(), field: field.name.clone() };
        let link = recipes::Link::of(self.state, model.key.clone(), field.clone());
        let Some(recipes::Link { class, .. }) = link else { return vec![gone] };
        let free = FieldState { call: with(&field.call, "db_constraint", Expr::Bool(false)), ..field.clone() };
        let keys = class.fields.iter().map(|key| if key.relation.is_some() { self.plain(key) } else { key.clone() });
        let class = ModelState { fields: keys.collect(), ..class.clone() };
        let delete = Operation::DeleteModel { name: class.name.clone() };
        vec![apart(&model.key, free), Operation::StateOnly(vec![gone, Operation::CreateModel(class)]), leave(delete)]
    }

    /// Nobody deletes the rows of the table together with those that they lead to: so they lead nowhere.
    fn leave_model(&self, model: &ModelState, operation: &Operation) -> Vec<Operation> {
        let mut steps = Vec::new();
        for field in &model.fields {
            if field.is_many_to_many() {
                steps.extend(self.leave_links(model, field));
            } else if is_parent_link(field) {
                let call = with(&field.call, "db_constraint", Expr::Bool(false));
                steps.push(apart(&model.key, FieldState { call, ..field.clone() }));
            } else if field.relation.is_some() {
                steps.push(apart(&model.key, self.relaxed(field)));
            }
        }
        // A child is left as a model of its own: its parent may go before it.
        if model.bases.iter().any(|base| matches!(base, BaseState::Model(_))) {
            let own = model.fields.iter().filter(|field| !field.is_many_to_many());
            let fields = own.map(|field| match &field.relation {
                Some(relation) if relation.parent_link => self.plain(field),
                Some(_) => self.relaxed(field),
                None => field.clone(),
            });
            let alone = ModelState {
                fields: fields.collect(),
                bases: Vec::new(),
                indexes: Vec::new(),
                constraints: Vec::new(),
                ..model.clone()
            };
            steps.push(Operation::StateOnly(vec![operation.clone(), Operation::CreateModel(alone)]));
        }
        steps.push(leave(operation.clone()));
        steps
    }

    /// The field so that rows can do without it, and lead nowhere.
    fn relaxed(&self, field: &FieldState) -> FieldState {
        let plain = if field.relation.is_some() { self.plain(field) } else { field.clone() };
        if field.is_nullable() || field.argument("db_default").is_some() || field.is_generated() || field.primary_key {
            return plain;
        }
        let is = |key: &str| field.argument(key) == Some(&Expr::Bool(true));
        let value = match field.argument("default") {
            Some(value @ (Expr::Str(_) | Expr::Int(_) | Expr::Bool(_))) => Some(value.clone()),
            Some(_) => None,
            // Servers that read an empty text go on.
            None => matches!(field.class(), "CharField" | "TextField").then(|| Expr::str("")),
        };
        let call = match value.filter(|_| field.relation.is_none() && !is("unique")) {
            Some(value) => with(&plain.call, "db_default", value),
            None => with(&plain.call, "null", Expr::Bool(true)),
        };
        FieldState { call, ..plain }
    }

    /// The column of a key, which leads nowhere. What is outside of the project stays, and so do keys that lead there.
    fn plain(&self, field: &FieldState) -> FieldState {
        let is = |key: &str| field.argument(key) == Some(&Expr::Bool(true));
        let Some(target) = self.key_of(field) else {
            return FieldState { call: with(&field.call, "db_constraint", Expr::Bool(false)), ..field.clone() };
        };
        let mut plain = named(&recipes::plain(target, &field.name), &field.name);
        plain.call = without(&plain.call, &["null"]);
        if plain.column() != field.column() {
            plain.call = with(&plain.call, "db_column", Expr::Str(field.column()));
        }
        if field.primary_key {
            plain.primary_key = true;
            plain.call = with(&plain.call, "primary_key", Expr::Bool(true));
        } else if is("unique") || field.class() == "OneToOneField" {
            plain.call = with(&plain.call, "unique", Expr::Bool(true));
        } else if field.argument("db_index") != Some(&Expr::Bool(false)) {
            plain.call = with(&plain.call, "db_index", Expr::Bool(true));
        }
        if field.is_nullable() {
            plain.call = with(&plain.call, "null", Expr::Bool(true));
        }
        plain
    }

    /// The column that a key holds the values of, if it is one of the project's.
    fn key_of<'f>(&'f self, field: &'f FieldState) -> Option<&'f FieldState> {
        let mut at = field;
        for _ in 0..HOPS {
            let Some(relation) = &at.relation else { return Some(at) };
            let model = self.state.models.get(&relation.to)?;
            at = match at.argument("to_field") {
                Some(Expr::Str(name)) => model.field(name)?,
                _ => recipes::primary(model)?,
            };
        }
        None
    }
}

fn is_parent_link(field: &FieldState) -> bool {
    field.relation.as_ref().is_some_and(|relation| relation.parent_link)
}

fn leave(operation: Operation) -> Operation {
    Operation::Leave(Box::new(operation))
}

/// In no transaction with others: what leads from one table to another locks both, and so do those who delete.
fn apart(model: &ModelKey, field: FieldState) -> Operation {
    let alter = Operation::AlterField { model: model.name.clone(), field, preserve_default: true };
    Operation::Online(Box::new(alter))
}
