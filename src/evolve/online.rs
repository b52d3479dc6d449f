//! Migrations for databases that others work with meanwhile (`[evolution] compatible`): what PostgreSQL would keep them from
//! writing for is done by operations of the project's own, each in a migration without a transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::django::built::Built;
use crate::django::operation::{Dependency, Needs};
use crate::django::state::query::{with, without};
use crate::django::state::{FieldState, State};
use crate::django::{Evolution, Migration, ModelKey, Operation};
use crate::python::Expr;
use crate::settings::Compatible;

use super::plan::name;
use super::rolling::{Contracted, Rolling};

/// The same steps in more migrations. The models come out as they did.
///
/// `rest` is the state that all of them lead to, and what no server uses any more.
pub(super) fn online(
    evolution: Evolution,
    built: &Built,
    compatible: Compatible,
    rest: (&State, &Contracted),
) -> Evolution {
    let mut rewriter = Rewriter {
        state: built.state.clone(),
        leaves: built.leaves.clone(),
        names: BTreeMap::new(),
        created: BTreeSet::new(),
        compatible,
        rest,
        migrations: Vec::new(),
    };
    for migration in in_order(evolution.migrations) {
        rewriter.migration(migration);
    }
    let needs = Needs { operations: !rewriter.migrations.is_empty(), ..Needs::default() };
    Evolution { needs, migrations: rewriter.migrations, ..Evolution::default() }
}

/// What a migration comes after comes before it: others wait for the last part of one that becomes several.
fn in_order(mut migrations: Vec<Migration>) -> Vec<Migration> {
    let mut sorted = Vec::with_capacity(migrations.len());
    let mut waiting: BTreeSet<(String, String)> =
        migrations.iter().map(|it| (it.app.clone(), it.name.clone())).collect();
    while !migrations.is_empty() {
        let is_ready = |it: &Migration| {
            it.dependencies.iter().all(|dependency| match dependency {
                Dependency::Migration { app, name } => !waiting.contains(&(app.clone(), name.clone())),
                Dependency::UserModel => true,
            })
        };
        let next = migrations.remove(migrations.iter().position(is_ready).unwrap_or(0));
        waiting.remove(&(next.app.clone(), next.name.clone()));
        sorted.push(next);
    }
    sorted
}

struct Rewriter<'a> {
    state: State,
    leaves: BTreeMap<String, String>,
    /// What the last part of a migration is called, by its app and the name that it had.
    names: BTreeMap<(String, String), String>,
    /// Tables that are new: nobody writes to them.
    created: BTreeSet<ModelKey>,
    compatible: Compatible,
    rest: (&'a State, &'a Contracted),
    migrations: Vec<Migration>,
}

impl Rewriter<'_> {
    fn migration(&mut self, migration: Migration) {
        let Migration { app, name, initial, dependencies, operations, is_recipe } = migration;
        let renamed = |dependency| match dependency {
            Dependency::Migration { app, name } => {
                let key = (app, name);
                let name = self.names.get(&key).cloned().unwrap_or(key.1);
                Dependency::Migration { app: key.0, name }
            }
            Dependency::UserModel => Dependency::UserModel,
        };
        let mut part =
            Part { app: app.clone(), initial, dependencies: dependencies.into_iter().map(renamed).collect() };
        let words = is_recipe.then(|| name.split_once('_').map_or("", |(_, words)| words).to_owned());
        let mut together = Vec::new();
        for operation in operations {
            for step in self.all_steps(&app, operation.clone()) {
                self.state.apply(&app, &step);
                if step.is_apart() {
                    self.write(&mut part, words.as_deref(), std::mem::take(&mut together));
                    self.write(&mut part, None, vec![step]);
                } else {
                    together.push(step);
                }
            }
            if let Operation::CreateModel(model) = &operation {
                self.created.insert(model.key.clone());
            }
        }
        self.write(&mut part, words.as_deref(), together);
        if let Some(last) = self.leaves.get(&app) {
            self.names.insert((app, name), last.clone());
        }
    }

    /// Writes a part of a migration, if anything is in it; the next part follows it.
    fn write(&mut self, part: &mut Part, words: Option<&str>, mut operations: Vec<Operation>) {
        if operations.is_empty() {
            return;
        }
        let leaf = self.leaves.get(&part.app).map(String::as_str);
        let name = match words {
            Some(words) => name::after(leaf, words),
            None => name::next(leaf, part.initial, &operations),
        };
        if !operations.iter().any(Operation::is_apart) {
            operations.insert(0, Operation::LimitLockWait);
        }
        let next = [Dependency::Migration { app: part.app.clone(), name: name.clone() }].into();
        self.leaves.insert(part.app.clone(), name.clone());
        self.migrations.push(Migration {
            app: part.app.clone(),
            name,
            initial: std::mem::take(&mut part.initial),
            dependencies: std::mem::replace(&mut part.dependencies, next),
            operations,
            is_recipe: true,
        });
    }

    /// What is done instead of an operation: first so that older servers go on, then so that all can write meanwhile.
    fn all_steps(&self, app: &str, operation: Operation) -> Vec<Operation> {
        let is_new = self.created.contains(&ModelKey::new(app, operation.model()).lowered());
        let (target, contracted) = self.rest;
        let rolling = Rolling { state: &self.state, target, contracted };
        let is_rolling = self.compatible == Compatible::Rolling && !is_new;
        let steps = is_rolling.then(|| rolling.steps(app, &operation)).flatten();
        let steps = steps.unwrap_or_else(|| vec![operation]);
        steps.iter().flat_map(|step| self.steps(app, step)).collect()
    }

    /// What is done instead of an operation so that others can write meanwhile.
    fn steps(&self, app: &str, operation: &Operation) -> Vec<Operation> {
        let as_it_is = || vec![operation.clone()];
        let key = ModelKey::new(app, operation.model()).lowered();
        let Some(model) = self.state.models.get(&key).filter(|_| !self.created.contains(&key)) else {
            return as_it_is();
        };
        match operation {
            Operation::AddIndex { .. } => vec![apart(operation.clone())],
            Operation::AddConstraint { constraint: Expr::Call { name, .. }, .. }
                if matches!(*name, "CheckConstraint" | "UniqueConstraint") =>
            {
                vec![apart(operation.clone())]
            }
            Operation::AddField { field, .. }
                if !field.is_many_to_many() && !field.is_generated() && !field.primary_key =>
            {
                self.add_field(operation, field)
            }
            Operation::AlterField { field, .. } => match model.field(&field.name) {
                Some(was) if is_demanding(was, field) => vec![apart(operation.clone())],
                _ => as_it_is(),
            },
            _ => as_it_is(),
        }
    }

    /// A new field: the bare column first, what is looked up or demanded then.
    fn add_field(&self, operation: &Operation, field: &FieldState) -> Vec<Operation> {
        let Operation::AddField { model, preserve_default, .. } = operation else { return vec![operation.clone()] };
        let bare = bare(field);
        let is_bare = bare.call == field.call;
        let add = Operation::AddField { model: model.clone(), field: bare, preserve_default: *preserve_default };
        let is_free = field.is_nullable() || field.argument("db_default").is_some();
        let mut steps = vec![if self.compatible == Compatible::Rolling && !is_free { apart(add) } else { add }];
        if !is_bare {
            let call = if *preserve_default { field.call.clone() } else { without(&field.call, &["default"]) };
            let whole = FieldState { call, ..field.clone() };
            steps.push(apart(Operation::AlterField { model: model.clone(), field: whole, preserve_default: true }));
        }
        steps
    }
}

/// A migration that becomes several.
struct Part {
    app: String,
    initial: bool,
    dependencies: BTreeSet<Dependency>,
}

fn apart(operation: Operation) -> Operation {
    Operation::Online(Box::new(operation))
}

fn is(field: &FieldState, key: &str) -> bool {
    field.argument(key) == Some(&Expr::Bool(true))
}

fn is_unique(field: &FieldState) -> bool {
    is(field, "unique") || field.class() == "OneToOneField"
}

fn is_indexed(field: &FieldState) -> bool {
    let by_itself = matches!(field.class(), "ForeignKey" | "SlugField") && field.argument("db_index").is_none();
    by_itself || is(field, "db_index")
}

/// The column alone: without indexes, and nothing is demanded of its values but that they are there.
fn bare(field: &FieldState) -> FieldState {
    let mut call = without(&field.call, &["unique", "db_index"]);
    if let Expr::Call { name: class @ "OneToOneField", .. } = &mut call {
        *class = "ForeignKey";
    }
    if field.relation.is_some() {
        call = with(&call, "db_constraint", Expr::Bool(false));
    }
    if field.relation.is_some() || field.class() == "SlugField" {
        call = with(&call, "db_index", Expr::Bool(false));
    }
    FieldState { call, ..field.clone() }
}

/// Whether all rows are looked at for what is new about a field. Columns that become others are written anew, whatever is done.
fn is_demanding(was: &FieldState, now: &FieldState) -> bool {
    let keys = ["ForeignKey", "OneToOneField"];
    let is_key = keys.contains(&was.class()) && keys.contains(&now.class());
    if was.class() != now.class() && !is_key || now.is_many_to_many() || was.primary_key || now.primary_key {
        return false;
    }
    let is_checked = |field: &FieldState| is_key && field.argument("db_constraint") != Some(&Expr::Bool(false));
    let target = |field: &FieldState| field.relation.as_ref().map(|relation| relation.to.clone());
    let in_database = |field: &FieldState| {
        let rule = field.argument("on_delete").map(crate::django::state::query::text);
        rule.filter(|rule| rule.contains("DB_"))
    };
    was.is_nullable() && !now.is_nullable()
        || is_unique(now) && !is_unique(was)
        || is_indexed(now) && !is_indexed(was)
        || is_checked(now) && (!is_checked(was) || target(was) != target(now) || in_database(was) != in_database(now))
}
