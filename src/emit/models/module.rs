//! `models.py` of an app, and `abstract.py` of what the apps share.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::models as django_models;
use super::constraint::{constraint, index};
use super::{contracts, embedded, field, kinds, methods, natural, queries, rules, singleton};
use crate::django::behavior::{self, Stub};
use crate::django::generic::Generic;
use crate::django::model::{Constant, StrMethod, StrPart};
use crate::django::shape::Shape;
use crate::django::{App, Base, FieldKind, Meta, Model, ModelKey, ModelKind, Project};
use crate::python::{Assign, Class, Code, Def, Doctext, Imports, Module, Part, Stmt, translated};
use crate::util::words;

/// What a file binds its names to, while it is written.
pub(super) struct Scope<'a> {
    /// The project.
    pub project: &'a Project,
    /// The file's imports.
    pub imports: Imports,
    /// The app's label.
    pub app: &'a str,
    /// The model that is being written.
    pub model: &'a str,
    /// Models that stand above in this file.
    above: BTreeSet<&'a str>,
    /// Names that mean something else inside of classes.
    shadowed: BTreeSet<&'a str>,
    /// Models above that ruff can follow to `models.Model`, and whether it finds a `__str__` on the way.
    followed: BTreeMap<&'a str, bool>,
}

/// `models.py`
pub(super) fn models<'a>(project: &'a Project, app: &'a App) -> Module {
    let doc = format!("Models of the {} app.", app.label.replace('_', " "));
    file(project, &app.label, &app.models, &doc)
}

/// `abstract.py`
pub(super) fn shared(project: &Project) -> Module {
    file(project, &project.core, &project.shared, "Abstract models that the apps share.")
}

/// A name as a sentence: `Order line.`
pub(super) fn title(name: &str) -> String {
    // `SIUnit` is an SI unit, also in a sentence.
    let is_abbreviation = |word: &str| word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    let words = words::split(name).into_iter();
    let words = words.map(|word| if is_abbreviation(&word) { word } else { word.to_lowercase() });
    let text = words.collect::<Vec<_>>().join(" ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}

fn file<'a>(project: &'a Project, app: &'a str, models: &'a [Model], doc: &str) -> Module {
    let mut scope = Scope {
        project,
        imports: Imports::new(project.packages()),
        app,
        model: "",
        above: BTreeSet::new(),
        shadowed: BTreeSet::new(),
        followed: BTreeMap::new(),
    };
    for model in models {
        scope.imports.reserve(&model.name);
        if !model.natural_key.is_empty() {
            scope.imports.reserve(&format!("{}Manager", model.name));
        }
        scope.shadowed.extend(model.fields.iter().map(|field| field.name.as_str()));
        scope.shadowed.extend(model.constants.iter().map(|constant| constant.name.as_str()));
        scope.shadowed.extend(model.generics.iter().map(|generic| generic.name.as_str()));
        scope.shadowed.extend(model.generic_relations.iter().map(|relation| relation.name.as_str()));
        scope.shadowed.extend(model.embedded.iter().map(|value| value.name.as_str()));
        scope.shadowed.extend(model.methods.iter().map(|method| method.name.as_str()));
        scope.shadowed.extend(model.queries.iter().map(|query| query.name.as_str()));
        let checked =
            model.behavior.iter().flat_map(|behavior| behavior.written()).filter(|stub| !stub.contract.is_empty());
        scope.shadowed.extend(checked.flat_map(Stub::names));
        scope
            .shadowed
            .extend(model.embedded.iter().flat_map(|value| value.parts.iter().map(|(part, _)| part.as_str())));
    }
    for name in &scope.shadowed {
        scope.imports.reserve(name);
    }
    let values = embedded::Values::of(project, app, models);
    let mut body: Vec<Stmt> = values.classes(&mut scope.imports);
    for model in models {
        let manager = (!model.natural_key.is_empty()).then(|| {
            let taken = |name: &String| models.iter().any(|model| model.name == *name);
            let names = ["Manager", "KeyManager", "NaturalKeyManager"].map(|suffix| format!("{}{suffix}", model.name));
            let [first, ..] = &names;
            names.iter().find(|name| !taken(name)).unwrap_or(first).clone()
        });
        if let Some(name) = &manager {
            let is_marked = is_marked(project, app, model);
            body.push(Stmt::Class(natural::manager(model, name, is_marked, &mut scope)));
        }
        body.push(Stmt::Class(class(model, manager.as_deref(), &values, &mut scope)));
        scope.above.insert(&model.name);
    }
    Module { doc: Doctext::ours(doc), imports: scope.imports, body }
}

impl Scope<'_> {
    /// Whether a name means something in the file, so that nothing else should be called so.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        const OURS: [&str; 12] =
            ["self", "models", "any", "all", "sum", "len", "min", "max", "abs", "int", "hasattr", "apps"];
        OURS.contains(&name) || self.imports.is_bound(name)
    }

    /// The enumeration.
    pub(super) fn choices(&mut self, key: &ModelKey) -> Code {
        Code::name(&self.imports.from(&format!("{}.choices", key.app), &key.name))
    }

    /// A relation's target.
    pub(super) fn target(&mut self, to: &ModelKey) -> Code {
        if to.app == self.app && to.name == self.model {
            Code::str("self")
        } else if *to == self.project.user {
            self.imports.reference("django.conf", "settings.AUTH_USER_MODEL")
        } else {
            self.model(to)
        }
    }

    /// A model: the class if it stands above, else its name.
    pub(super) fn model(&self, key: &ModelKey) -> Code {
        let here =
            key.app == self.app && self.above.contains(key.name.as_str()) && !self.shadowed.contains(key.name.as_str());
        if here { Code::name(&key.name) } else { Code::str(key.dotted()) }
    }

    /// A class of the user's in the same app.
    fn of_behaviors(&mut self, class: &str) -> Code {
        Code::name(&self.imports.from(&format!("{}.{}", self.app, behavior::MODULE), class))
    }

    fn base(&mut self, base: &Base) -> Code {
        match base {
            Base::AbstractUser => Code::name(&self.imports.from("django.contrib.auth.models", "AbstractUser")),
            Base::Core { module, class } => {
                Code::name(&self.imports.from(&format!("{}.{module}", self.project.core), class))
            }
            Base::Model(key) if key.app == self.app => Code::name(&key.name),
            Base::Model(key) => {
                let module = if key.app == self.project.core { "abstract" } else { "models" };
                Code::name(&self.imports.from(&format!("{}.{module}", key.app), &key.name))
            }
        }
    }
}

fn class<'a>(model: &'a Model, manager: Option<&str>, values: &embedded::Values<'_>, scope: &mut Scope<'a>) -> Class {
    scope.model = &model.name;
    let behavior = model.behavior.as_ref().filter(|behavior| behavior.there.base.is_some());
    // What the user writes stands before what parents do.
    let mut bases: Vec<Code> = behavior.map(|behavior| scope.of_behaviors(&behavior.base)).into_iter().collect();
    bases.extend(model.bases.iter().map(|base| scope.base(base)));
    if bases.is_empty() {
        bases.push(django_models(&mut scope.imports, "Model"));
    }
    let text = model.str_method.as_ref().filter(|_| !model.is_defined_by_user("__str__"));
    let known = |base: &Base| match base {
        Base::Model(key) if key.app == scope.app => scope.followed.get(key.name.as_str()).copied(),
        _ => None,
    };
    let known: Vec<bool> = model.bases.iter().filter_map(known).collect();
    let has_str = text.is_some() || known.contains(&true);
    let is_followed = (model.bases.is_empty() && behavior.is_none()) || !known.is_empty();
    if is_followed {
        scope.followed.insert(&model.name, has_str);
    }
    // It has one all the same, from another module.
    let allow = if is_followed && !has_str && model.is_concrete() { vec!["DJ008"] } else { vec![] };
    let mut body = Vec::new();
    for constant in &model.constants {
        body.push(Stmt::Assign(self::constant(constant, scope)));
        if constant.doc.is_some() {
            body.push(Stmt::Doc(Doctext::of(constant.doc.as_deref(), self::title(&constant.name))));
        }
    }
    body.push(Stmt::Blank);
    if !model.composite_key.is_empty() {
        let key = django_models(&mut scope.imports, "CompositePrimaryKey").call();
        let key = model.composite_key.iter().fold(key, |call, name| call.arg(Code::str(name)));
        body.push(Stmt::assign("pk", key));
    }
    for field in &model.fields {
        body.push(Stmt::Assign(field::assignment(field, scope)));
    }
    body.extend(generics(model, scope));
    if let Some(objects) = objects(model, manager, scope) {
        body.push(Stmt::Blank);
        body.push(Stmt::assign("objects", objects));
    }
    body.push(Stmt::Blank);
    let meta = meta(model, scope);
    if !meta.is_empty() {
        body.push(Stmt::Class(Class { name: "Meta".to_owned(), body: meta, ..Class::default() }));
    }
    if let Some(method) = text {
        body.push(Stmt::Def(str_method(model, method, scope)));
    }
    body.extend(kinds::save(model, scope).map(Stmt::Def));
    body.extend(singleton::methods(model, scope).into_iter().map(Stmt::Def));
    body.extend(rules::clean(model, scope).map(Stmt::Def));
    if manager.is_some() {
        body.push(Stmt::Def(natural::method(model, scope)));
    }
    body.extend(methods::methods(model, scope).into_iter().map(Stmt::Def));
    body.extend(queries::queries(model, scope).into_iter().map(Stmt::Def));
    body.extend(contracts::contracts(model, scope).into_iter().map(Stmt::Def));
    for value in model.embedded.iter().filter(|value| !model.is_defined_by_user(&value.name)) {
        body.push(Stmt::Def(values.property(model, value)));
    }
    let title = model.meta.verbose_name.as_deref().unwrap_or(&model.name);
    Class {
        name: model.name.clone(),
        bases,
        doc: Some(Doctext::of(model.doc.as_deref(), self::title(title))),
        body,
        allow,
        ..Class::default()
    }
}

/// References by content type, and their ways back: no columns.
fn generics(model: &Model, scope: &mut Scope<'_>) -> Vec<Stmt> {
    const MODULE: &str = "django.contrib.contenttypes.fields";
    let mut found = Vec::new();
    for Generic { name, kind, key, .. } in &model.generics {
        let class = Code::name(&scope.imports.from(MODULE, "GenericForeignKey"));
        found.push(Stmt::assign(name, class.call().arg(Code::str(kind)).arg(Code::str(key))));
    }
    for relation in &model.generic_relations {
        let ours = format!("{}.relations", scope.project.core);
        let class = scope.imports.from(if relation.is_ours() { &ours } else { MODULE }, relation.class());
        let to = scope.target(&relation.to);
        let call = Code::name(&class).call().arg(to);
        let call = call.kwarg("content_type_field", Code::str(&relation.kind));
        found.push(Stmt::assign(&relation.name, call.kwarg("object_id_field", Code::str(&relation.key))));
    }
    found
}

/// Whether its rows are only marked when they are deleted.
fn is_marked(project: &Project, app: &str, model: &Model) -> bool {
    Shape::of(project, &ModelKey::new(app, &model.name)).is_some_and(|shape| shape.is_marked())
}

/// The manager, if it is not inherited: of natural keys, of the querysets that the user writes, or of both.
fn objects(model: &Model, manager: Option<&str>, scope: &mut Scope<'_>) -> Option<Code> {
    let behavior = model.behavior.as_ref().filter(|behavior| behavior.there.rows.is_some());
    let rows = behavior.map(|behavior| scope.of_behaviors(&behavior.rows));
    let is_marked = is_marked(scope.project, scope.app, model);
    if let Some(manager) = kinds::manager(model, rows.as_ref(), is_marked, scope) {
        return Some(manager);
    }
    if is_marked {
        // What rows can do must not delete them for good.
        let is_user = model.bases.contains(&Base::AbstractUser);
        let ours = if is_user { "SoftDeleteUserManager" } else { "SoftDeleteManager" };
        let module = format!("{}.soft_delete", scope.project.core);
        let class = |scope: &mut Scope<'_>| Code::name(&scope.imports.from(&module, ours));
        return match (manager.map(Code::name), rows) {
            (Some(manager), Some(rows)) => Some(manager.attr("with_rows").call().arg(rows).call()),
            (Some(manager), None) => Some(manager.call()),
            (None, Some(rows)) => Some(class(scope).attr("with_rows").call().arg(rows).call()),
            (None, None) => is_user.then(|| class(scope).call()),
        };
    }
    match (manager.map(Code::name), rows) {
        (Some(manager), Some(rows)) => Some(manager.attr("from_queryset").call().arg(rows).call()),
        (Some(manager), None) => Some(manager.call()),
        (None, Some(rows)) => Some(rows.attr("as_manager").call()),
        (None, None) => None,
    }
}

fn constant(constant: &Constant, scope: &mut Scope<'_>) -> Assign {
    let annotation = match constant.annotation.as_str() {
        "Decimal" => scope.imports.reference("decimal", "Decimal"),
        name @ ("date" | "datetime" | "time" | "timedelta") => Code::name(&scope.imports.from("datetime", name)),
        "UUID" => scope.imports.reference("uuid", "UUID"),
        "Any" => scope.imports.reference("typing", "Any"),
        name @ ("bool" | "bytes" | "dict" | "float" | "int" | "list" | "str") => scope.imports.builtin(name),
        name => Code::name(name),
    };
    let value = constant.value.as_ref().map(|value| field::value(value, scope));
    Assign { target: constant.name.clone(), annotation: Some(annotation), value, allow: vec![] }
}

fn meta(model: &Model, scope: &mut Scope<'_>) -> Vec<Stmt> {
    let mut body = Vec::new();
    match model.kind {
        ModelKind::Abstract => body.push(Stmt::assign("abstract", Code::bool(true))),
        ModelKind::Proxy => body.push(Stmt::assign("proxy", Code::bool(true))),
        ModelKind::Concrete => {}
    }
    let Meta {
        verbose_name,
        verbose_name_plural,
        db_table,
        db_table_comment,
        ordering,
        permissions,
        default_permissions,
        get_latest_by,
        is_external,
        indexes,
        constraints,
    } = &model.meta;
    if let Some(text) = verbose_name {
        body.push(Stmt::assign("verbose_name", translated(text, &mut scope.imports)));
    }
    if let Some(text) = verbose_name_plural {
        body.push(Stmt::assign("verbose_name_plural", translated(text, &mut scope.imports)));
    }
    if let Some(table) = db_table {
        body.push(Stmt::assign("db_table", Code::str(table)));
    }
    if let Some(text) = db_table_comment {
        body.push(Stmt::assign("db_table_comment", Code::str(text)));
    }
    if !ordering.is_empty() {
        body.push(Stmt::assign("ordering", Code::list(ordering.iter().map(Code::str))));
    }
    match get_latest_by.as_slice() {
        [] => {}
        [only] => body.push(Stmt::assign("get_latest_by", Code::str(only))),
        several => body.push(Stmt::assign("get_latest_by", Code::list(several.iter().map(Code::str)))),
    }
    if *is_external {
        body.push(Stmt::assign("managed", Code::bool(false)));
    }
    if let Some(names) = default_permissions {
        body.push(Stmt::assign("default_permissions", Code::strings(names)));
    }
    if !permissions.is_empty() {
        let pairs = permissions
            .iter()
            .map(|(code, label)| Code::tuple([Code::str(code), translated(label, &mut scope.imports)]))
            .collect::<Vec<_>>();
        body.push(Stmt::assign("permissions", Code::list(pairs).expanded()));
    }
    if !indexes.is_empty() {
        let indexes = indexes.iter().map(|given| index(given, &scope.project.core, &mut scope.imports));
        body.push(Stmt::assign("indexes", Code::list(indexes).expanded()));
    }
    if !constraints.is_empty() {
        let constraints = constraints.iter().map(|given| constraint(given, &mut scope.imports));
        body.push(Stmt::assign("constraints", Code::list(constraints).expanded()));
    }
    body
}

fn str_method(model: &Model, method: &StrMethod, scope: &mut Scope<'_>) -> Def {
    let this = || Code::name("self");
    let asks = matches!(method, StrMethod::Fields(_) | StrMethod::Template(_));
    let shape = asks.then(|| Shape::of(scope.project, &ModelKey::new(scope.app, &model.name))).flatten();
    let show = |name: &str| match shape.as_ref().and_then(|shape| shape.field(name)).map(|member| member.field) {
        Some(field) if field.choices.is_some() && !field.is_lookup() => {
            this().attr(&format!("get_{name}_display")).call()
        }
        // The key, not the row that it leads to: that would be a query for each line of a list.
        Some(field) if matches!(field.kind, FieldKind::ForeignKey(_) | FieldKind::OneToOne(_)) => {
            this().attr(&format!("{name}_id"))
        }
        _ => this().attr(name),
    };
    // Who asks for a row in a text gets what it is called.
    let ask = |name: &str| match shape.as_ref().and_then(|shape| shape.field(name)).map(|member| member.field) {
        Some(field) if field.choices.is_none() || field.is_lookup() => this().attr(name),
        _ => show(name),
    };
    let result = match method {
        StrMethod::Text(name) => this().attr(name),
        StrMethod::Fields(names) => match names.as_slice() {
            [name] => Code::name("str").call().arg(show(name)),
            names => {
                let mut parts = Vec::new();
                for name in names {
                    if !parts.is_empty() {
                        parts.push(Part::Text(" ".to_owned()));
                    }
                    parts.push(Part::Value(show(name)));
                }
                Code::format(parts)
            }
        },
        StrMethod::Template(parts) => match parts.as_slice() {
            [StrPart::Field(name)] => Code::name("str").call().arg(ask(name)),
            parts => Code::format(
                parts
                    .iter()
                    .map(|part| match part {
                        StrPart::Text(text) => Part::Text(text.clone()),
                        StrPart::Field(name) => Part::Value(ask(name)),
                    })
                    .collect(),
            ),
        },
        StrMethod::VerboseName => Code::format(vec![
            Part::Value(Code::name("self._meta.verbose_name")),
            Part::Text(" ".to_owned()),
            Part::Value(Code::name("self.pk")),
        ]),
    };
    Def {
        name: "__str__".to_owned(),
        params: vec![("self".to_owned(), None)],
        returns: Some(scope.imports.builtin("str")),
        body: vec![Stmt::Return(result)],
        ..Def::default()
    }
}
