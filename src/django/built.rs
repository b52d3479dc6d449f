//! What the last build left, and what is known about the way from there.

use std::collections::BTreeMap;

use super::project::ModelKey;
use super::state::{ModelState, State};
use crate::python::Expr;

/// What the migrations that are there add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// The state after the last of them.
    pub state: State,
    /// The last migration of each app of the project.
    pub leaves: BTreeMap<String, String>,
}

/// What became of things, and what the rows that are there get.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Classes that are called otherwise now.
    pub models: Vec<ModelRename>,
    /// Classes that are in another app now.
    pub moves: Vec<ModelMove>,
    /// Fields that are called otherwise now.
    pub fields: Vec<FieldRename>,
    /// References by content type.
    pub generics: Vec<Generic>,
    /// Values for the rows that are there when a field becomes required, by model in lower case and field.
    pub fillings: BTreeMap<(ModelKey, String), Expr>,
    /// Fields that are in another model now.
    pub carried: Vec<FieldMove>,
    /// What columns for the kind said in the last build, and what they say now.
    pub kinds: [Vec<Kind>; 2],
}

impl Changes {
    /// The key that a model has now, as far as it was only moved or renamed.
    pub fn key(&self, model: &ModelState) -> ModelKey {
        let (app, name) = (&model.key.app, &model.name);
        let app = self.moves.iter().find(|it| it.from == *app && it.name == *name).map_or(app, |it| &it.to);
        let name = self.models.iter().find(|it| it.app == *app && it.old == *name).map_or(name, |it| &it.new);
        ModelKey::new(app, name).lowered()
    }

    /// The name that the field called `old` has now in `model`, as far as it was only renamed; nothing if another one took it.
    pub fn field<'a>(&'a self, model: &ModelKey, old: &'a str) -> Option<&'a str> {
        let mut renames = self.fields.iter().filter(|it| it.model == *model);
        match renames.clone().find(|it| it.old == old) {
            Some(rename) => Some(&rename.new),
            None if renames.any(|it| it.new == old) => None,
            None => Some(old),
        }
    }
}

/// A reference by content type: two fields of a model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generic {
    /// The model that they stand in, in lower case.
    pub holder: ModelKey,
    /// The field that says which table it leads to.
    pub kind: String,
    /// The field with the key of the row there.
    pub key: String,
}

/// A model under its old and its new name, in the app that it is in now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelRename {
    /// Its app.
    pub app: String,
    /// The class name that it has.
    pub old: String,
    /// The class name that it gets.
    pub new: String,
}

/// A model that is in another app than before. If it is called otherwise as well, it is renamed there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelMove {
    /// The class name that it has.
    pub name: String,
    /// The app that it was in.
    pub from: String,
    /// The app that it gets into.
    pub to: String,
}

/// A field under its old and its new name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldRename {
    /// The model, in lower case, as it is called after the models were renamed.
    pub model: ModelKey,
    /// The name that it has.
    pub old: String,
    /// The name that it gets.
    pub new: String,
}

/// A field that is in another model than before: attributes of classes that share a table are in the table of the one above.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldMove {
    /// The model that it was in, in lower case.
    pub from: ModelKey,
    /// The name that it had there.
    pub old: String,
    /// The model that it is in now, in lower case.
    pub to: ModelKey,
    /// The name that it has there.
    pub new: String,
}

/// What a column for the kind says of the rows of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The class, in lower case.
    pub model: ModelKey,
    /// The field that says it.
    pub field: String,
    /// What it says; nothing, if all rows are of classes below.
    pub value: Option<String>,
}
