//! What builds leave for the next one: which element of the diagram has which names in Django (`umlaut.lock`), and the
//! migrations.
//!
//! The lock is one JSON line for each name, sorted, so that a change of the diagram changes the lines that it is about.

mod identity;
mod inventory;

pub use identity::Renamed;
pub use inventory::inventory;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::{Element, Elements};
use crate::django::shape::Shape;
use crate::django::{Model, ModelKey, Project};

/// The file's name.
pub const FILE: &str = "umlaut.lock";
/// The file in each app that is the user's.
pub const OWN: &str = "behaviors.py";
/// Which form of the file this is.
const FORMAT: u32 = 1;

/// What earlier builds left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The migrations that are there, ours and others.
    pub migrations: Vec<PastMigration>,
    /// Who had which name.
    pub lock: Lock,
    /// The file [`OWN`] of each app that has one.
    pub behaviors: BTreeMap<String, String>,
}

/// A migration as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastMigration {
    /// The app's label.
    pub app: String,
    /// `0001_initial`
    pub name: String,
    /// The file.
    pub text: String,
}

/// Names in Django and the elements that have them, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Models with a table.
    pub models: BTreeSet<ModelEntry>,
    /// The fields of their tables.
    pub fields: BTreeSet<FieldEntry>,
    /// What columns for the kind say of rows.
    pub kinds: BTreeSet<KindEntry>,
    /// What stands for operations in the classes of the users.
    pub methods: BTreeSet<MethodEntry>,
}

/// A model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModelEntry {
    /// The app's label.
    pub app: String,
    /// The class name.
    pub name: String,
    /// The model path of its element: `shop.Order`.
    pub path: String,
    /// The id of its element in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// A field of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldEntry {
    /// The app's label.
    pub app: String,
    /// The class name.
    pub model: String,
    /// The field's name.
    pub name: String,
    /// The model path of its element: `shop.Order.note`.
    pub path: String,
    /// The id of its element in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What the column for the kind says of rows of a class, where one table holds those of several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KindEntry {
    /// The app's label.
    pub app: String,
    /// The class name.
    pub model: String,
    /// The field that says the kind.
    pub field: String,
    /// What it says; nothing, if all rows are of classes below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A method or property that an operation or derived attribute has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MethodEntry {
    /// The app's label.
    pub app: String,
    /// The class that it stands in: `OrderBehavior`.
    pub class: String,
    /// Its name.
    pub name: String,
    /// The model path of its element: `shop.Order.cancel`.
    pub path: String,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Umlaut { format: u32 },
    Model(ModelEntry),
    Field(FieldEntry),
    Kind(KindEntry),
    Method(MethodEntry),
}

impl Past {
    /// From the files of a project, by their path in it; other files than the lock and migrations are passed over.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut past = Self::default();
        for (path, text) in files {
            if path == FILE {
                past.lock = Lock::read(&text);
            } else if let Some((app, OWN)) = path.split_once('/') {
                past.behaviors.insert(app.to_owned(), text);
            } else if let Some((app, file)) = path.split_once("/migrations/")
                && let Some(name) = file.strip_suffix(".py")
                && !name.starts_with('_')
            {
                past.migrations.push(PastMigration { app: app.to_owned(), name: name.to_owned(), text });
            }
        }
        past.migrations.sort_by(|left, right| (&left.app, &left.name).cmp(&(&right.app, &right.name)));
        past
    }
}

impl Lock {
    /// Who has which name in `project`.
    pub fn of(project: &Project, elements: &Elements) -> Self {
        let mut lock = Self::default();
        let id = |element: Element| elements.lasting_id(element).map(str::to_owned);
        for app in &project.apps {
            lock.note_methods(&app.label, &app.models, elements);
            for (model, kind) in app.models.iter().filter_map(|model| Some((model, model.kind_of.as_ref()?))) {
                lock.kinds.insert(KindEntry {
                    app: app.label.clone(),
                    model: model.name.clone(),
                    field: kind.field.clone(),
                    value: kind.member.as_ref().map(|(_, value)| value.clone()),
                });
            }
            // A proxy that is called otherwise is another one: it has nothing to lose.
            for model in app.models.iter().filter(|model| model.is_concrete() && !model.is_proxy()) {
                let element = model.origin.element;
                lock.models.insert(ModelEntry {
                    app: app.label.clone(),
                    name: model.name.clone(),
                    path: elements.path(element),
                    id: id(element),
                });
                let Some(shape) = Shape::of(project, &ModelKey::new(&app.label, &model.name)) else { continue };
                for field in shape.stored() {
                    let element = field.origin.element;
                    lock.fields.insert(FieldEntry {
                        app: app.label.clone(),
                        model: model.name.clone(),
                        name: field.name.clone(),
                        path: elements.path(element),
                        id: id(element),
                    });
                }
            }
        }
        lock.note_methods(&project.core, &project.shared, elements);
        lock
    }

    fn note_methods(&mut self, app: &str, models: &[Model], elements: &Elements) {
        for behavior in models.iter().filter_map(|model| model.behavior.as_ref()) {
            self.methods.extend(behavior.stubs.iter().map(|stub| MethodEntry {
                app: app.to_owned(),
                class: behavior.class_of(stub).to_owned(),
                name: stub.name.clone(),
                path: elements.path(stub.origin.element),
            }));
        }
    }

    /// Whether a method of the same name stands in the same class.
    pub fn has_method(&self, entry: &MethodEntry) -> bool {
        let same = |it: &MethodEntry| it.app == entry.app && it.class == entry.class && it.name == entry.name;
        self.methods.iter().any(same)
    }

    /// Reads the file. Lines that cannot be read, such as the markers of a merge, are passed over: what they spoke of counts
    /// as known by its name alone.
    pub fn read(text: &str) -> Self {
        let mut lock = Self::default();
        for line in text.lines() {
            match serde_json::from_str(line) {
                Ok(Line::Model(entry)) => drop(lock.models.insert(entry)),
                Ok(Line::Field(entry)) => drop(lock.fields.insert(entry)),
                Ok(Line::Kind(entry)) => drop(lock.kinds.insert(entry)),
                Ok(Line::Method(entry)) => drop(lock.methods.insert(entry)),
                Ok(Line::Umlaut { .. }) | Err(_) => {}
            }
        }
        lock
    }

    /// The text of the file.
    pub fn print(&self) -> String {
        let head = std::iter::once(Line::Umlaut { format: FORMAT });
        let models = self.models.iter().cloned().map(Line::Model);
        let fields = self.fields.iter().cloned().map(Line::Field);
        let kinds = self.kinds.iter().cloned().map(Line::Kind);
        // Strings and structs of them can always be written as JSON.
        let methods = self.methods.iter().cloned().map(Line::Method);
        let lines = head
            .chain(models)
            .chain(fields)
            .chain(kinds)
            .chain(methods)
            .map(|line| serde_json::to_string(&line).unwrap_or_default());
        lines.fold(String::new(), |text, line| text + &line + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_back() {
        let field = |name: &str, id: Option<&str>| FieldEntry {
            app: "shop".to_owned(),
            model: "Order".to_owned(),
            name: name.to_owned(),
            path: format!("shop.Order.{name} \"ö\""),
            id: id.map(str::to_owned),
        };
        let lock = Lock {
            models: [ModelEntry {
                app: "shop".to_owned(),
                name: "Order".to_owned(),
                path: "shop.Order".to_owned(),
                id: Some("_a".to_owned()),
            }]
            .into(),
            fields: [field("note", None), field("count", Some("_b"))].into(),
            kinds: [KindEntry {
                app: "shop".to_owned(),
                model: "Order".to_owned(),
                field: "kind".to_owned(),
                value: Some("order".to_owned()),
            }]
            .into(),
            methods: [MethodEntry {
                app: "shop".to_owned(),
                class: "OrderBehavior".to_owned(),
                name: "cancel".to_owned(),
                path: "shop.Order.cancel".to_owned(),
            }]
            .into(),
        };
        let text = lock.print();
        assert_eq!(text.lines().next(), Some("{\"umlaut\":{\"format\":1}}"));
        assert_eq!(Lock::read(&text), lock);
        assert_eq!(Lock::read(&format!("<<<<<<< ours\n{text}>>>>>>>")), lock);
    }
}
