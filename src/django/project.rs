//! Projects, apps and enumerations.

use std::collections::BTreeSet;

use super::behavior::Stub;
use super::field::Field;
use super::model::Model;
use super::version::DjangoVersion;
use crate::account::Element;
use crate::decision::Reason;

/// A whole project, ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// Its name as an identifier: `shop`.
    pub name: String,
    /// Its name for people: `Shop`.
    pub title: String,
    /// The model's documentation.
    pub doc: Option<String>,
    /// The name of the file that it was compiled from, without its folder.
    pub source_name: String,
    /// The Django that it is written for.
    pub django: DjangoVersion,
    /// What the models must run on.
    pub databases: Vec<Database>,
    /// Which model signs in.
    pub user: ModelKey,
    /// The label of our own app for what the apps share: `core`, or `project_core` if the diagram has a `core`.
    pub core: String,
    /// The label of our own app that holds the user model, if the diagram has none: `accounts` or `project_accounts`.
    pub accounts: Option<String>,
    /// Abstract models that classes of several apps inherit from, in `<core>/abstract.py`; parents first, then by name.
    pub shared: Vec<Model>,
    /// The apps, sorted by label; that of `accounts` among them.
    pub apps: Vec<App>,
    /// Comments of the diagram that are attached to nothing.
    pub notes: Vec<String>,
}

/// A database that the project must run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Database {
    /// SQLite
    Sqlite,
    /// PostgreSQL
    Postgresql,
}

/// An app: a Python package of the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// The label, also the package's name: `shop`.
    pub label: String,
    /// The name for people, if it is not what Django derives from the label (the label in title case).
    pub verbose_name: Option<String>,
    /// The package's documentation, one or more paragraphs of plain text.
    pub doc: Option<String>,
    /// Enumerations, in model order: `<app>/choices.py`.
    pub choices: Vec<Choices>,
    /// What classes promise to do, for type checkers: `<app>/protocols.py`.
    pub protocols: Vec<Protocol>,
    /// Abstract models first, then those that others refer to, then model order: `<app>/models.py`.
    pub models: Vec<Model>,
    /// What stands before the addresses of its models in the API.
    pub api_prefix: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

impl App {
    /// An app that is gone from the diagram and still has migrations.
    pub fn retired(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            verbose_name: None,
            doc: None,
            choices: Vec::new(),
            protocols: Vec::new(),
            models: Vec::new(),
            api_prefix: None,
            origin: None,
        }
    }
}

/// An interface without attributes: a `typing.Protocol`. No model inherits from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// The class name.
    pub name: String,
    /// The docstring.
    pub doc: Option<String>,
    /// Protocols above it in the same file that it promises, too.
    pub bases: Vec<String>,
    /// What it promises, in model order; never empty.
    pub methods: Vec<Stub>,
    /// Where it comes from.
    pub origin: Origin,
}

/// The name of a model or enumeration in its app.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelKey {
    /// The app's label.
    pub app: String,
    /// The class name.
    pub name: String,
}

impl ModelKey {
    /// `name` in `app`.
    pub fn new(app: impl Into<String>, name: impl Into<String>) -> Self {
        Self { app: app.into(), name: name.into() }
    }

    /// As Django writes it in a relation of `models.py`: `shop.Order`.
    pub fn dotted(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    /// The key by which states and migrations know the model: its name in lower case.
    #[must_use]
    pub fn lowered(&self) -> Self {
        Self { app: self.app.clone(), name: self.name.to_lowercase() }
    }

    /// As Django writes it in a migration: `shop.order`.
    pub fn lower(&self) -> String {
        format!("{}.{}", self.app, self.name.to_lowercase())
    }
}

/// An enumeration: `models.TextChoices` or `models.IntegerChoices`.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The class name.
    pub name: String,
    /// The docstring.
    pub doc: Option<String>,
    /// Whether the values are integers.
    pub is_integer: bool,
    /// The members, in model order; never empty.
    pub members: Vec<Member>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// `IN_PROGRESS`
    pub name: String,
    /// The stored value; decimal digits with an optional sign if the enumeration is of integers.
    pub value: String,
    /// The label for people: `In progress`.
    pub label: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a part of the project comes from, and the decisions that shaped it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The element of the diagram.
    pub element: Element,
    /// The decisions, in the order in which `explain` prints them.
    pub reasons: Vec<Reason>,
}

impl Project {
    /// All models: the shared abstract ones, then those of the apps.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.shared.iter().chain(self.apps.iter().flat_map(|app| &app.models))
    }

    /// The app with this label.
    pub fn app(&self, label: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.label == label)
    }

    /// The top-level packages of the project: what isort calls first party.
    pub fn packages(&self) -> BTreeSet<&str> {
        let own = [self.core.as_str(), "config", "tests"];
        self.apps.iter().map(|app| app.label.as_str()).chain(own).collect()
    }

    /// The model that `key` names, in an app or among the shared ones (whose app is [`Project::core`]).
    pub fn model(&self, key: &ModelKey) -> Option<&Model> {
        if key.app == self.core {
            return self.shared.iter().find(|model| model.name == key.name);
        }
        self.app(&key.app)?.models.iter().find(|model| model.name == key.name)
    }

    /// The type of the attribute that holds a field's value.
    pub fn python_type(&self, field: &Field) -> (&'static str, &'static str) {
        let codes = field.choices.as_ref().filter(|_| field.is_lookup()).and_then(|key| self.choices(key));
        match codes {
            Some(codes) => ("builtins", if codes.is_integer { "int" } else { "str" }),
            None => field.kind.python_type(),
        }
    }

    /// The enumeration that `key` names.
    pub fn choices(&self, key: &ModelKey) -> Option<&Choices> {
        self.app(&key.app)?.choices.iter().find(|choices| choices.name == key.name)
    }
}
