//! Changes over which Django's own operations would lose rows, or stop: done in migrations of their own that keep them.
//!
//! Each recipe changes the state so far that the planner, which comes after, has nothing left to do but what Django does well.
//! Room is made, rows are copied in a migration of their own (PostgreSQL alters no table whose triggers wait), and what is
//! not needed any more goes. On the way back the same happens the other way round: so what goes may be empty first.

mod convert;
mod emptied;
mod family;
mod generics;
mod kept;
mod keys;
mod left;
mod lookups;
mod moved;
mod replaced;
mod single;
mod through;

pub(super) use convert::{Conversion, conversion, is_same_kind};
pub(super) use emptied::emptied;
pub(super) use generics::leading_to;
pub(super) use keys::{Link, plain, primary};

use std::collections::BTreeSet;

use crate::django::built::{Built, Changes, FieldRename};
use crate::django::operation::Dependency;
use crate::django::state::query::{Standing, argument, name, names, with, without};
use crate::django::state::{FieldState, ModelState};
use crate::django::{Evolution, Migration, ModelKey, Operation, State};
use crate::python::Expr;

use super::plan::{self, name as file_name};
use super::rolling::Contracted;
pub(super) use through::table;

/// How far the recipes lead.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// What the migrations add up to after them.
    pub(super) built: Built,
    /// Their migrations.
    pub(super) evolution: Evolution,
    /// Fields that are still to be renamed.
    pub(super) renames: Vec<FieldRename>,
    /// Fields that may be NULL for the moment, and hold no NULL.
    pub(super) filled: BTreeSet<(ModelKey, String)>,
    /// Fields whose values lose something, and what.
    pub(super) cut: Vec<(ModelKey, String, &'static str)>,
    /// What no server uses any more.
    pub(super) contracted: Contracted,
}

/// Moves and renames models, and does what the planner could not do on the way to `target`.
/// What earlier builds left in the database for older servers goes if it is in the list `contract`. Where it `keeps_names`, what `target`
/// says of tables and columns is said before anything is called otherwise.
pub(super) fn prepare(
    built: &Built,
    changes: &Changes,
    target: &State,
    contract: &[String],
    keeps_names: bool,
) -> Prepared {
    let prepared = Prepared {
        built: built.clone(),
        evolution: Evolution::default(),
        renames: changes.fields.clone(),
        filled: BTreeSet::new(),
        cut: Vec::new(),
        contracted: Contracted::new(),
    };
    let mut track = Track { prepared, target, last: None };
    track.prepared.contracted = left::take_back(&mut track, changes, contract);
    if keeps_names {
        kept::names(&mut track, changes);
    }
    // Django renames permissions in the app that a model is in after all is done.
    moved::moves(&mut track, &changes.moves);
    moved::rename(&mut track, &changes.models);
    lookups::first(&mut track, changes);
    family::parents(&mut track);
    single::tables(&mut track, changes);
    keys::keys(&mut track, changes);
    through::associations(&mut track);
    replaced::fields(&mut track);
    track.prepared
}

/// Migrations that follow each other in one line, whichever apps they are in.
struct Track<'a> {
    prepared: Prepared,
    target: &'a State,
    last: Option<Dependency>,
}

/// A field that is there before and after.
struct Pair {
    model: ModelKey,
    was: FieldState,
    now: FieldState,
}

impl Track<'_> {
    fn state(&self) -> &State {
        &self.prepared.built.state
    }

    /// Writes a migration of `app` that is named after `words`, and does what it does.
    fn write(&mut self, app: &str, words: &str, operations: Vec<Operation>) {
        let leaf = self.prepared.built.leaves.get(app).cloned();
        let name = file_name::after(leaf.as_deref(), words);
        let mut dependencies: BTreeSet<Dependency> = self.last.iter().cloned().collect();
        dependencies.extend(leaf.map(|name| Dependency::Migration { app: app.to_owned(), name }));
        for operation in &operations {
            self.needs(app, operation, &mut dependencies);
        }
        let initial = !self.state().models.keys().any(|key| key.app == app);
        for operation in &operations {
            self.prepared.built.state.apply(app, operation);
        }
        self.prepared.built.leaves.insert(app.to_owned(), name.clone());
        self.last = Some(Dependency::Migration { app: app.to_owned(), name: name.clone() });
        let app = app.to_owned();
        self.prepared.evolution.migrations.push(Migration {
            app,
            name,
            initial,
            dependencies,
            operations,
            is_recipe: true,
        });
    }

    /// The last migrations of the apps that an operation refers to.
    fn needs(&self, app: &str, operation: &Operation, into: &mut BTreeSet<Dependency>) {
        let leaves = &self.prepared.built.leaves;
        let of = |app: &str, name: &str| Dependency::Migration { app: app.to_owned(), name: name.to_owned() };
        let fields: Vec<&FieldState> = match operation {
            // Whatever any app ever said about the model must have been said before.
            Operation::RenameModel { .. } | Operation::RenameParent { .. } | Operation::DeleteModel { .. } => {
                into.extend(leaves.iter().map(|(app, name)| of(app, name)));
                return;
            }
            Operation::MoveModel { .. } => {
                into.extend(leaves.iter().map(|(app, name)| of(app, name)));
                into.extend(plan::LEAVES.iter().map(|(app, name)| of(app, name)));
                return;
            }
            Operation::StateOnly(operations) => {
                for operation in operations {
                    self.needs(app, operation, into);
                }
                return;
            }
            Operation::Leave(inner) => return self.needs(app, inner, into),
            Operation::AddField { field, .. }
            | Operation::AlterField { field, .. }
            | Operation::ChangeParent { key: field, .. } => vec![field],
            Operation::CreateModel(model) => model.fields.iter().collect(),
            _ => return,
        };
        for relation in fields.into_iter().filter_map(|field| field.relation.as_ref()) {
            for end in std::iter::once(&relation.to).chain(&relation.through).filter(|end| end.app != app) {
                if *end == self.state().user {
                    into.insert(Dependency::UserModel);
                } else if let Some(leaf) = leaves.get(&end.app) {
                    into.insert(of(&end.app, leaf));
                } else {
                    into.extend(
                        plan::LEAVES.iter().filter(|(app, _)| *app == end.app).map(|(app, name)| of(app, name)),
                    );
                }
            }
        }
    }

    /// Models with a table before and after.
    fn models(&self) -> Vec<(ModelState, ModelState)> {
        let is_table = |model: &&ModelState| model.standing() == Standing::Table;
        let kept = self.target.models.values().filter(is_table);
        let kept = kept.filter_map(|now| Some((self.state().models.get(&now.key).filter(is_table)?, now)));
        kept.map(|(was, now)| (was.clone(), now.clone())).collect()
    }

    /// What a field of the model is called now.
    fn new_name<'a>(&'a self, model: &ModelKey, old: &'a str) -> Option<&'a str> {
        let mut renames = self.prepared.renames.iter().filter(|rename| rename.model == *model);
        match renames.clone().find(|rename| rename.old == old) {
            Some(rename) => Some(&rename.new),
            // What took its name is something else.
            None if renames.any(|rename| rename.new == old) => None,
            None => Some(old),
        }
    }

    /// Fields that are there before and after, of models that are.
    fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (was, now) in self.models() {
            for field in &was.fields {
                let new = self.new_name(&now.key, &field.name).and_then(|name| now.field(name));
                pairs.extend(new.map(|new| Pair { model: now.key.clone(), was: field.clone(), now: new.clone() }));
            }
        }
        pairs
    }

    /// The operations that take away what names the field; the planner brings it back.
    fn without_indexes(&self, model: &ModelKey, field: &str) -> Vec<Operation> {
        let Some(state) = self.state().models.get(model) else { return Vec::new() };
        let of = |call: &&Expr| names(call).contains(field);
        let table = || model.name.clone();
        let constraints = state.constraints.iter().filter(of);
        let constraints =
            constraints.map(|it| Operation::RemoveConstraint { model: table(), constraint: name(it).to_owned() });
        let indexes = state.indexes.iter().filter(of);
        constraints
            .chain(indexes.map(|it| Operation::RemoveIndex { model: table(), index: name(it).to_owned() }))
            .collect()
    }
}

/// The field as it is while rows are copied: whatever may stand in it, and nobody looks it up.
fn open(field: &FieldState, name: &str) -> FieldState {
    let mut call = without(
        &field.call,
        &["unique", "db_index", "primary_key", "default", "db_default", "auto_now", "auto_now_add"],
    );
    if field.relation.is_some() {
        call = with(&call, "related_name", Expr::str("+"));
    }
    if !field.is_many_to_many() {
        call = with(&call, "null", Expr::Bool(true));
    }
    if let Expr::Call { name: class @ "OneToOneField", .. } = &mut call {
        *class = "ForeignKey";
    }
    FieldState { name: name.to_owned(), call, primary_key: false, relation: field.relation.clone() }
}

/// The field as it is, and optional: so that it can come back on the way back.
fn optional(model: &ModelKey, field: &FieldState) -> Option<Operation> {
    let is_optional = field.is_nullable() || field.is_many_to_many() || argument(&field.call, "primary_key").is_some();
    (!is_optional).then(|| Operation::AlterField {
        model: model.name.clone(),
        field: FieldState { call: with(&field.call, "null", Expr::Bool(true)), ..field.clone() },
        preserve_default: true,
    })
}
