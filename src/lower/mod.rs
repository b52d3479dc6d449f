//! Lower: from facts to the Django project. Translation only: whatever is decided here was decided before.

mod condition;
mod constraints;
mod field;
mod generic;
mod methods;
mod model;
mod operations;
mod protocols;
mod rules;
mod traces;
mod unheard;

pub use traces::traces;
pub use unheard::unheard;

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{Element, Seen};
use crate::decision::{Because, Reason};
use crate::django::project::Member;
use crate::django::{App, Base, Choices, Meta, Model as DjangoModel, ModelKey, ModelKind, Origin, Project};
use crate::facts::{AppFact, Facts, Role, Table, TableSubject, reason};
use crate::graph::RelationGraph;
use crate::policy::apps::is_tool_name;
use crate::policy::naming;
use crate::policy::text;
use crate::settings::Settings;
use crate::uml::Model;
use crate::uml::model::{Association, Classifier, Package, Property, Type};
use crate::util::arena::{Id, Map};

/// What every translation reads.
pub(crate) struct Context<'a> {
    pub(crate) model: &'a Model,
    pub(crate) facts: &'a Facts,
    pub(crate) settings: &'a Settings,
    /// Abstract models that classes of other apps inherit from.
    shared: Map<Table, ()>,
    /// Properties by their element.
    properties: Map<Seen, Id<Property>>,
    /// Class names, in lower case, that models of several apps have.
    pub(crate) twins: BTreeSet<String>,
    /// Associations with constraints, by the class whose docstring tells them.
    pub(crate) constrained: BTreeMap<Id<Classifier>, Vec<Id<Association>>>,
}

impl Context<'_> {
    /// The property that an element is.
    pub(crate) fn property(&self, element: Element) -> Option<&Property> {
        self.properties.get(element).map(|&id| &self.model.properties[id])
    }

    /// The name of a table's model in its app.
    pub(crate) fn key(&self, table: Id<Table>) -> ModelKey {
        let name = self.facts.names().tables.get(table).map_or("", |names| names.class.as_str());
        if self.shared.contains(table) {
            return ModelKey::new(self.facts.apps().core.clone(), name);
        }
        let app = self.facts.tables().tables[table].app;
        ModelKey::new(self.facts.apps().list[app].label.clone(), name)
    }

    /// The user who signs in: what the settings say, the class that is marked so, or a model of ours.
    pub(crate) fn user(&self) -> ModelKey {
        if let Some((app, name)) = self.settings.user.as_deref().and_then(|user| user.split_once('.')) {
            return ModelKey::new(app, name);
        }
        if let Some((table, _)) = self.facts.tables().tables.iter().find(|(_, table)| table.is_user) {
            return self.key(table);
        }
        match self.first_element() {
            Some(_) => ModelKey::new(self.facts.apps().accounts.as_deref().unwrap_or("accounts"), "User"),
            None => ModelKey::new("auth", "User"),
        }
    }

    /// Any element that a model can come from.
    fn first_element(&self) -> Option<Element> {
        let packages = self.model.packages.values().map(|package| package.element);
        packages.chain(self.model.classifiers.values().map(|classifier| classifier.element)).next()
    }

    /// Whether classes of several apps inherit from a table's model.
    pub(crate) fn is_shared(&self, table: Id<Table>) -> bool {
        self.shared.contains(table)
    }

    /// The name of an enumeration in its app.
    pub(crate) fn choices(&self, id: Id<Classifier>) -> Option<ModelKey> {
        let app = *self.facts.apps().of.get(id)?;
        let (name, _) = self.facts.names().enumerations.get(id)?;
        Some(ModelKey::new(self.facts.apps().list[app].label.clone(), name.clone()))
    }
}

/// The class names, in lower case, that occur more than once.
fn twins(facts: &Facts) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let names = facts.names().tables.iter().map(|(_, names)| names.class.to_lowercase());
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// Constraints of an association stand in the docstring of the first of its classes that is a model.
fn constrained(model: &Model, facts: &Facts) -> BTreeMap<Id<Classifier>, Vec<Id<Association>>> {
    let mut found: BTreeMap<Id<Classifier>, Vec<Id<Association>>> = BTreeMap::new();
    for (id, association) in model.associations.iter() {
        if association.constraints.is_empty() || association.class.is_some() {
            continue;
        }
        let classes = association.ends.iter().filter_map(|&end| match model.properties[end].ty {
            Type::Classifier(class, _) => Some(class),
            _ => None,
        });
        if let Some(class) = classes.into_iter().find(|class| facts.tables().of_class.get(*class).is_some()) {
            found.entry(class).or_default().push(id);
        }
    }
    found
}

/// Translates the facts into a Django project. `source_name` is the name of the file without its folder.
pub fn lower(model: &Model, graph: &RelationGraph, facts: &Facts, settings: &Settings, source_name: &str) -> Project {
    // The graph has nothing to say that the facts do not.
    let _ = graph;
    let mut properties = Map::new();
    for (id, property) in model.properties.iter() {
        properties.insert(property.element, id);
    }
    let cx = Context {
        model,
        facts,
        settings,
        shared: shared(facts),
        properties,
        twins: twins(facts),
        constrained: constrained(model, facts),
    };
    let promised = protocols::promised(&cx);
    let mut apps: Vec<App> = facts.apps().list.iter().map(|(id, app)| lower_app(&cx, id, app, &promised)).collect();
    apps.retain(|app| !app.models.is_empty() || !app.choices.is_empty());
    let mut shared: Vec<(usize, DjangoModel)> = cx
        .shared
        .iter()
        .map(|(table, ())| (facts.tables().ancestors(table).len(), model::lower_model(&cx, table)))
        .collect();
    // A model has more above it than any of its parents.
    shared.sort_by(|(depth, model), (other_depth, other)| (depth, &model.name).cmp(&(other_depth, &other.name)));
    let (user, accounts) = user(&cx, &mut apps);
    apps.sort_by(|a, b| a.label.cmp(&b.label));
    let drawn =
        model.name.as_ref().map(|name| name.value.to_string()).filter(|name| !is_tool_name(&naming::snake(name)));
    let stem = source_name.rsplit_once('.').map_or(source_name, |(stem, _)| stem);
    let title = drawn.unwrap_or_else(|| stem.to_owned());
    let name = settings
        .project_name
        .as_deref()
        .and_then(naming::project_name)
        .or_else(|| naming::project_name(&title))
        .or_else(|| naming::project_name(stem))
        .map_or_else(|| "project".to_owned(), |adapted| adapted.name);
    Project {
        name,
        title: capitalized(&naming::words_for_people(&title)),
        doc: root_documentation(model),
        source_name: source_name.to_owned(),
        django: settings.django,
        databases: settings.databases.clone(),
        user,
        core: facts.apps().core.clone(),
        accounts,
        shared: shared.into_iter().map(|(_, model)| model).collect(),
        apps,
        notes: model.notes.iter().filter_map(|note| text::documentation(&note.value)).collect(),
    }
}

/// Abstract models that classes of other apps inherit from, and what these inherit from.
fn shared(facts: &Facts) -> Map<Table, ()> {
    let tables = facts.tables();
    let mut shared = Map::new();
    for table in tables.tables.values() {
        for &base in &table.bases {
            let is_of_all = matches!(tables.tables[base].subject, TableSubject::Upkeep(_));
            let is_foreign = is_of_all || tables.tables[base].app != table.app;
            if tables.tables[base].is_abstract && is_foreign && shared.insert(base, ()).is_none() {
                for above in tables.ancestors(base) {
                    shared.insert(above, ());
                }
            }
        }
    }
    shared
}

fn lower_app(cx: &Context<'_>, id: Id<AppFact>, app: &AppFact, promised: &protocols::Promised<'_>) -> App {
    let package = app.package.map(|package| &cx.model.packages[package]);
    let mut choices = Vec::new();
    for (class, names) in cx.facts.names().enumerations.iter() {
        let is_ours = cx.facts.inheritance().kinds.contains(class);
        let is_drawn = cx.facts.roles().get(class) == Role::Enumeration;
        if cx.facts.apps().of.get(class) == Some(&id) && (is_drawn || is_ours) {
            choices.extend(lower_choices(cx, class, &names.0, names.1.as_ref()));
        }
    }
    let order = cx.facts.order().get(id.index()).map_or(&[][..], Vec::as_slice);
    let models = order.iter().filter(|table| !cx.shared.contains(**table)).map(|&table| model::lower_model(cx, table));
    let title = titled(&app.title);
    App {
        label: app.label.clone(),
        verbose_name: (!title.is_empty() && title != django_title(&app.label)).then_some(title),
        doc: package.and_then(app_documentation),
        choices,
        protocols: protocols::protocols(cx, id, promised),
        models: models.collect(),
        api_prefix: app.api_prefix.clone(),
        origin: package.map(|package| Origin { element: package.element, reasons: app.reasons.clone() }),
    }
}

/// The documentation of an app: that of its package, and the rules that hold in it.
fn app_documentation(package: &Package) -> Option<String> {
    let documentation = package.documentation.as_ref().and_then(|doc| text::documentation(&doc.value));
    let constraints = package.constraints.iter().filter_map(|constraint| model::constrained("", constraint));
    let paragraphs: Vec<String> = documentation.into_iter().chain(constraints).collect();
    if paragraphs.is_empty() { None } else { text::documentation(&paragraphs.join("\n\n")) }
}

fn lower_choices(cx: &Context<'_>, id: Id<Classifier>, name: &str, why: Option<&Reason>) -> Option<Choices> {
    let classifier = &cx.model.classifiers[id];
    let fact = cx.facts.enumeration(id)?;
    let kind = if fact.is_integer { "IntegerChoices" } else { "TextChoices" };
    let because = Because::Rule { name: "an enumeration is a class of choices", at: Some(classifier.span) };
    let why_kind = if fact.is_integer { "every literal has an integer" } else { "literals are stored as text" };
    let mut reasons = vec![reason(kind, why_kind, because)];
    reasons.extend(why.cloned());
    let said = |element: Element, tags: &'static [&'static str]| {
        let said = tags.iter().filter_map(move |tag| Some((*tag, cx.facts.tags().text(element, tag)?)));
        said.map(|(tag, (text, because))| reason(format!("{tag} `{text}`"), "asked for", because.clone()))
    };
    reasons.extend(said(classifier.element, &["type"]));
    let members = fact
        .literals
        .iter()
        .map(|literal| {
            let at = Some(literal.span);
            Member {
                name: literal.member.clone(),
                value: literal.value.clone(),
                label: literal.label.clone(),
                origin: Origin {
                    element: literal.element,
                    reasons: [
                        reason(
                            format!("member {}", literal.member),
                            "the name of the literal",
                            Because::Rule { name: "members are upper case", at },
                        ),
                        reason(
                            format!("value `{}`", literal.value),
                            if fact.is_integer {
                                "the literal's value"
                            } else {
                                "the literal's name, or its tag `value`"
                            },
                            Because::Rule { name: "what is stored never changes with the label", at },
                        ),
                    ]
                    .into_iter()
                    .chain(said(literal.element, &["value", "label", "name"]))
                    .collect(),
                },
            }
        })
        .collect();
    Some(Choices {
        name: name.to_owned(),
        doc: classifier
            .documentation
            .as_ref()
            .filter(|_| cx.facts.roles().get(id) == Role::Enumeration)
            .and_then(|doc| text::documentation(&doc.value)),
        is_integer: fact.is_integer,
        members,
        origin: Origin { element: classifier.element, reasons },
    })
}

/// The model of the user who signs in, and the label of the app that we add for it. A model that nobody drew is added to `apps`.
fn user(cx: &Context<'_>, apps: &mut Vec<App>) -> (ModelKey, Option<String>) {
    let user = cx.user();
    let is_drawn = cx.settings.user.is_some() || cx.facts.tables().tables.values().any(|table| table.is_user);
    let Some(element) = cx.first_element().filter(|_| !is_drawn) else { return (user, None) };
    let label = user.app.clone();
    let because = Because::Rule { name: "Django cannot change the user model later", at: None };
    let why = reason("AbstractUser", "a user model of our own from the first migration", because);
    apps.push(App {
        label: label.clone(),
        verbose_name: (label != "accounts").then(|| "Accounts".to_owned()),
        doc: None,
        choices: Vec::new(),
        protocols: Vec::new(),
        models: vec![DjangoModel {
            bases: vec![Base::AbstractUser],
            doc: Some("Someone who signs in.".to_owned()),
            meta: Meta { ordering: vec!["pk".to_owned()], ..Meta::default() },
            ..DjangoModel::new("User", ModelKind::Concrete, Origin { element, reasons: vec![why] })
        }],
        api_prefix: None,
        origin: None,
    });
    (user, Some(label))
}

fn root_documentation(model: &Model) -> Option<String> {
    let root = model.packages.values().find(|package| package.owner.is_none() && !package.is_library)?;
    root.documentation.as_ref().and_then(|doc| text::documentation(&doc.value))
}

fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Every word with a capital.
fn titled(words: &str) -> String {
    words.split_whitespace().map(capitalized).collect::<Vec<_>>().join(" ")
}

/// What Python's `str.title` makes of a label.
fn django_title(label: &str) -> String {
    label.split('_').map(capitalized).collect::<Vec<_>>().join("_")
}
