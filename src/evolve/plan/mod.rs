//! The planner: the operations that Django's autodetector would find, in its order and in its files.

mod generate;
mod name;
mod optimize;
mod sort;
mod split;

use std::collections::BTreeMap;

use crate::django::operation::Dependency;
use crate::django::{Evolution, Migration, ModelKey, Operation, State};

/// The last migrations of Django's own apps that models can refer to; the same from 5.2 to 6.1.
const LEAVES: &[(&str, &str)] =
    &[("auth", "0012_alter_user_first_name_max_length"), ("contenttypes", "0002_remove_content_type_name")];

/// A plan, and whether Django would have come to it.
#[derive(Debug)]
pub(super) struct Plan {
    /// The migrations.
    pub(super) evolution: Evolution,
    /// What Django would give up at.
    pub(super) refused: Option<Refused>,
}

/// Where Django would say `Cannot resolve operation dependencies`.
#[derive(Debug)]
pub(super) struct Refused {
    /// The apps that had operations left.
    pub(super) apps: Vec<String>,
    /// For each of them the model whose operation came first.
    pub(super) models: Vec<ModelKey>,
}

/// An operation and what must have been done before it.
#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    needs: Vec<Need>,
}

/// Something that must exist before an operation can run. Keys are in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// The model.
    Model(ModelKey),
    /// The field of the model.
    Field(ModelKey, String),
    /// The model that signs in, whichever the settings name.
    User,
}

impl Need {
    /// The need for something that has a name.
    fn resolved(&self, user: &ModelKey) -> Self {
        match self {
            Self::User => Self::Model(user.clone()),
            Self::Model(_) | Self::Field(..) => self.clone(),
        }
    }

    fn app<'a>(&'a self, user: &'a ModelKey) -> &'a str {
        match self {
            Self::Model(key) | Self::Field(key, _) => &key.app,
            Self::User => &user.app,
        }
    }
}

/// The operations of each app, by its label.
type Steps = BTreeMap<String, Vec<Step>>;

/// What an operation of `app` provides that others may need.
fn provided(app: &str, operation: &Operation) -> Vec<Need> {
    match operation {
        Operation::CreateModel(state) => {
            let fields = state.fields.iter().map(|field| Need::Field(state.key.clone(), field.name.clone()));
            std::iter::once(Need::Model(state.key.clone())).chain(fields).collect()
        }
        Operation::AddField { model, field } => {
            vec![Need::Field(ModelKey::new(app, model), field.name.clone())]
        }
        Operation::AddIndex { .. } | Operation::AddConstraint { .. } => Vec::new(),
    }
}

/// The first migrations of all models of `state`.
pub(super) fn initial(state: &State) -> Plan {
    let mut steps = generate::created(state);
    for (app, steps) in &mut steps {
        sort::sort(app, steps, &state.user);
    }
    let (parts, refused) = split::split(steps, &state.user);
    let mut migrations = Vec::new();
    for (app, parts) in parts {
        for (mut part, number) in parts.into_iter().zip(1..) {
            if number > 1 {
                part.dependencies.insert(Dependency::Migration { app: app.clone(), name: name::initial(number - 1) });
            }
            migrations.push(Migration {
                app: app.clone(),
                name: name::initial(number),
                initial: true,
                dependencies: part.dependencies,
                operations: optimize::optimize(&app, part.operations),
            });
        }
    }
    Plan { evolution: Evolution { migrations }, refused }
}

#[cfg(test)]
mod tests;
