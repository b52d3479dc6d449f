//! Which factories there are, in which order, and what they say about rows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::django::routes::{Route, routes};
use crate::django::row::{self, Cell, Rows};
use crate::django::sample::{self, Sample};
use crate::django::{Base, Field, ModelKey, Project, Rule};
use crate::python::{Class, Code, Expr, Imports, Stmt, body};

/// All factories.
pub(super) struct Plan<'a> {
    /// In model order.
    makes: Vec<Makes<'a>>,
    /// Their places by their models.
    places: BTreeMap<ModelKey, usize>,
    user: ModelKey,
    user_factory: String,
}

/// A factory.
pub(super) struct Makes<'a> {
    pub route: Route<'a>,
    pub rows: Rows<'a>,
    /// How many rows it can make in one test, if not plenty.
    pub capacity: Option<i128>,
}

/// `tests/factories.py`
#[derive(Debug, Serialize)]
pub(super) struct View {
    imports: String,
    codes: bool,
    /// Whether there are models whose rows are there from the start.
    lookups: bool,
    factories: String,
}

/// What a factory cannot have as an attribute: methods of `factory_boy`, and names that the class bodies use.
const RESERVED: [&str; 15] = [
    "build",
    "build_batch",
    "bytes",
    "create",
    "create_batch",
    "factory",
    "full_row",
    "generate",
    "generate_batch",
    "reset_sequence",
    "simple_generate",
    "simple_generate_batch",
    "stub",
    "stub_batch",
    "list",
];

/// Whether the factory has another name for the field.
pub(super) fn is_renamed(field: &Field) -> bool {
    RESERVED.contains(&field.name.as_str())
}

impl Makes<'_> {
    /// Whether the model refuses rows that are of none of its children: the factory makes such rows all the same, because the
    /// database takes them, and the factories of its children inherit from it.
    pub(super) fn needs_kind(&self) -> bool {
        let model = self.route.shape.model;
        let is_bare = model.kind_of.as_ref().is_some_and(|kind| kind.member.is_none());
        is_bare || model.rules.iter().any(|rule| matches!(rule, Rule::Covered { .. } | Rule::Kind { .. }))
    }

    /// The models whose factories this one may inherit from: what they count, no two rows of one table have in common.
    fn above(&self) -> Vec<ModelKey> {
        let model = self.route.shape.model;
        if model.kind_of.is_none() || !model.is_proxy() {
            return self.route.shape.parents.clone();
        }
        let bases = model.bases.iter().filter_map(|base| match base {
            Base::Model(key) => Some(key.clone()),
            Base::AbstractUser | Base::Core { .. } => None,
        });
        bases.collect()
    }

    /// Whether validation accepts a row that the factory has made once more, with one value changed.
    pub(super) fn is_changeable(&self) -> bool {
        let mut rules = self.route.shape.line.iter().flat_map(|model| &model.rules);
        !self.needs_kind() && (self.rows.is_sure() || !rules.any(|rule| matches!(rule, Rule::Invariant { .. })))
    }

    /// Whether validation accepts what the factory makes.
    pub(super) fn is_creatable(&self) -> bool {
        self.rows.is_sure() && !self.needs_kind()
    }
}

impl<'a> Plan<'a> {
    pub(super) fn of(project: &'a Project) -> Self {
        let mut makes: Vec<Makes<'a>> = routes(project)
            .into_iter()
            .map(|route| {
                let rows = Rows::of(project, &route.shape);
                let capacity = rows.capacity();
                Makes { route, rows, capacity }
            })
            .collect();
        // A row that refers to another one is as rare as that.
        loop {
            let known: BTreeMap<ModelKey, Option<i128>> =
                makes.iter().map(|it| (it.route.shape.key.clone(), it.capacity)).collect();
            let mut changed = false;
            for it in &mut makes {
                let targets =
                    it.rows.complete.iter().filter_map(|(_, cell)| target(cell)).chain(&it.route.shape.parents);
                let least = targets.filter_map(|key| known.get(key).copied().flatten()).chain(it.capacity).min();
                changed |= least != it.capacity;
                it.capacity = least;
            }
            if !changed {
                break;
            }
        }
        let places: BTreeMap<ModelKey, usize> =
            makes.iter().enumerate().map(|(place, it)| (it.route.shape.key.clone(), place)).collect();
        let own = places.get(&project.user).map(|&place| &makes[place]);
        // A class of the diagram may be called like Django's user.
        let is_taken = makes.iter().any(|it| it.route.factory == "UserFactory");
        let fallback = if is_taken { "AuthUserFactory" } else { "UserFactory" };
        let user_factory = own.map_or_else(|| fallback.to_owned(), |it| it.route.factory.clone());
        Self { makes, places, user: project.user.clone(), user_factory }
    }

    pub(super) fn user_factory(&self) -> &str {
        &self.user_factory
    }

    /// The factories of an app's models.
    pub(super) fn of_app(&self, label: &str) -> impl Iterator<Item = &Makes<'a>> {
        self.makes.iter().filter(move |it| it.route.shape.key.app == *label)
    }

    /// The factory of a model.
    pub(super) fn find(&self, key: &ModelKey) -> Option<&Makes<'a>> {
        self.places.get(key).map(|&place| &self.makes[place])
    }

    /// Whether rows of a model are only marked when they are deleted.
    pub(super) fn is_marked(&self, key: &ModelKey) -> bool {
        self.find(key).is_some_and(|it| it.route.shape.is_marked())
    }

    /// The factories of models whose rows must not be rows of this one as well.
    pub(super) fn siblings<'m>(&'m self, of: &'m Makes<'a>) -> impl Iterator<Item = &'m Makes<'a>> {
        let names = of.route.shape.model.rules.iter().flat_map(|rule| match rule {
            Rule::Disjoint { siblings } => siblings.as_slice(),
            _ => &[],
        });
        let parents = &of.route.shape.parents;
        let find = move |name: &String| {
            self.makes.iter().find(|it| {
                let shape = &it.route.shape;
                shape.key.lowered().name == *name && shape.parents.iter().any(|parent| parents.contains(parent))
            })
        };
        names.filter_map(find)
    }

    pub(super) fn view(&self, project: &Project) -> View {
        let apps = project.apps.iter().map(|app| app.label.as_str());
        let mut imports = Imports::new(apps.chain([project.core.as_str(), "config", "tests"]));
        let fields = self.makes.iter().flat_map(|it| &it.route.shape.fields).map(|member| member.field.name.as_str());
        let factories = self.makes.iter().map(|it| it.route.factory.as_str());
        for name in fields.chain(factories).chain(["code", "DIGITS", "ModelFactory", "factory", "string"]) {
            imports.reserve(name);
        }
        imports.module("factory");
        imports.from("django.db.models", "Model");
        let codes = self
            .makes
            .iter()
            .flat_map(|it| &it.rows.complete)
            .any(|(_, cell)| matches!(cell, Cell::Set(Sample::Code(_))));
        if codes {
            imports.module("string");
        }
        let mut writer = Writer { plan: self, imports, written: BTreeSet::new() };
        let mut classes = Vec::new();
        if self.find(&self.user).is_none() {
            let model = writer.imports.from("django.contrib.auth.models", "User");
            classes.push(Stmt::Class(class(&self.user_factory, None, &model, user_fields(), vec![], vec![])));
            writer.written.insert(self.user.clone());
        }
        for makes in self.ordered() {
            classes.push(Stmt::Class(writer.factory(project, makes)));
            writer.written.insert(makes.route.shape.key.clone());
        }
        let lookups = self.makes.iter().any(|it| it.route.shape.model.lookup.is_some());
        View { imports: writer.imports.block(), codes, lookups, factories: body(&classes, 0) }
    }

    /// What factories above one say of the fullest row, and this one says of every row: it has to be said again.
    fn taken_back<'m>(&'m self, of: &'m Makes<'a>) -> Vec<(&'a Field, &'m Cell)> {
        let mut above: BTreeSet<&str> = BTreeSet::new();
        let (mut at, mut seen) = (of, BTreeSet::new());
        while let Some(parent) = at.above().first().and_then(|key| self.find(key))
            && seen.insert(&parent.route.shape.key)
        {
            above.extend(parent.rows.additions().map(|(field, _)| field.name.as_str()));
            at = parent;
        }
        above.retain(|name| of.rows.additions().all(|(field, _)| field.name != *name));
        let said = of.rows.complete.iter().filter(|(field, _)| above.contains(field.name.as_str()));
        said.map(|(field, cell)| (*field, cell)).collect()
    }

    /// Factories behind those that they need; in model order otherwise.
    fn ordered(&self) -> Vec<&Makes<'a>> {
        let mut done = vec![false; self.makes.len()];
        let mut entered = done.clone();
        let mut ordered = Vec::new();
        // Depth first with a stack of our own; what is entered twice is a cycle, which is cut there.
        for start in 0..self.makes.len() {
            let mut stack = vec![start];
            while let Some(&at) = stack.last() {
                let (Some(makes), Some(false)) = (self.makes.get(at), done.get(at)) else {
                    stack.pop();
                    continue;
                };
                if entered.get(at) == Some(&false) {
                    entered[at] = true;
                    let needs = makes.rows.minimal.iter().filter_map(|(_, cell)| target(cell));
                    let above = makes.above();
                    let needs = needs.chain(&above).filter_map(|key| self.places.get(key).copied());
                    let needs: Vec<usize> = needs.filter(|&need| entered.get(need) == Some(&false)).collect();
                    stack.extend(needs.into_iter().rev());
                } else {
                    done[at] = true;
                    ordered.push(makes);
                    stack.pop();
                }
            }
        }
        ordered
    }
}

/// The model of which a row is made for the cell.
fn target(cell: &Cell) -> Option<&ModelKey> {
    match cell {
        Cell::Set(Sample::Row(key) | Sample::Rows(key) | Sample::KeyOf(key, _)) => Some(key),
        _ => None,
    }
}

fn user_fields() -> Vec<Stmt> {
    let username = sequence(Code::str("user{}").attr("format"));
    // What Django stores for somebody who cannot sign in with a password; tests sign in without one.
    vec![Stmt::assign("username", username), Stmt::assign("password", Code::str("!"))]
}

fn sequence(function: Code) -> Code {
    Code::name("factory.Sequence").call().arg(function)
}

/// What is being written.
struct Writer<'p, 'a> {
    plan: &'p Plan<'a>,
    imports: Imports,
    written: BTreeSet<ModelKey>,
}

impl<'a> Writer<'_, 'a> {
    fn factory(&mut self, project: &Project, makes: &Makes<'a>) -> Class {
        let shape = &makes.route.shape;
        let model = self.imports.from(&format!("{}.models", shape.key.app), &shape.key.name);
        let base = makes
            .above()
            .first()
            .and_then(|key| self.plan.find(key))
            .filter(|it| self.written.contains(&it.route.shape.key));
        let mut own = Vec::new();
        if shape.is_user && base.is_none() {
            own.extend(user_fields().into_iter().filter(|statement| match statement {
                Stmt::Assign(assign) => shape.field(&assign.target).is_none(),
                _ => true,
            }));
        }
        let mut renamed = Vec::new();
        for (field, cell) in &makes.rows.minimal {
            let inherited = base.and_then(|it| it.rows.minimal.iter().find(|(other, _)| other.name == field.name));
            if inherited.is_some_and(|(_, known)| known == cell) {
                continue;
            }
            if let Some(value) = self.value(&shape.key, field, cell) {
                own.push(Stmt::assign(argument(field), value));
            }
            renamed.extend(is_renamed(field).then_some(*field));
        }
        let mut additions: Vec<(&Field, &Cell)> = makes.rows.additions().collect();
        additions.extend(self.plan.taken_back(makes));
        renamed.extend(additions.iter().map(|(field, _)| *field).filter(|field| is_renamed(field)));
        renamed.sort_by_key(|field| field.name.clone());
        renamed.dedup_by_key(|field| field.name.clone());
        let mut full = Vec::new();
        for (field, cell) in additions {
            // What was said of the smallest row is taken back by saying the default.
            let value = self.value(&shape.key, field, cell).unwrap_or_else(|| {
                let default = sample::default(project, field).unwrap_or(Expr::None);
                Code::of(&default, &mut self.imports)
            });
            full.push((argument(field), value));
        }
        let base = base.map(|it| it.route.factory.clone());
        let renamed = renamed.into_iter().map(|field| (Code::str(argument(field)), Code::str(&field.name))).collect();
        let mut class = class(&makes.route.factory, base, &model, own, full, renamed);
        if let (Some(lookup), Some(Stmt::Class(meta))) = (&shape.model.lookup, class.body.first_mut()) {
            // The row that is there, and not another one.
            meta.body.push(Stmt::assign("django_get_or_create", Code::strings([&lookup.key])));
        }
        if shape.model.is_singleton
            && let Some(Stmt::Class(meta)) = class.body.first_mut()
        {
            meta.body.push(Stmt::assign("django_get_or_create", Code::strings(["pk"])));
            class.body.push(Stmt::assign("pk", Code::int(1)));
        }
        class
    }

    /// What stands behind `field =`.
    fn value(&mut self, model: &ModelKey, field: &Field, cell: &Cell) -> Option<Code> {
        let n = || Code::name("n");
        let number = |first: i128, count: i128| {
            let turn = if count > i128::from(u16::MAX) { n() } else { Code::binary("%", vec![n(), Code::int(count)]) };
            if first == 0 { turn } else { Code::binary("+", vec![turn, Code::int(first)]) }
        };
        let imports = &mut self.imports;
        let value = match cell {
            Cell::Unsaid => return None,
            Cell::Null => return Some(Code::none()),
            Cell::Set(value) => value,
        };
        Some(match value {
            Sample::Same(value) => Code::of(value, imports),
            Sample::Text(text) => sequence(Code::str(text).attr("format")),
            Sample::Code(length) => sequence(Code::name("code").call().arg(n()).arg(Code::int(*length)).lambda("n")),
            Sample::Whole { first, count } => sequence(number(*first, *count).lambda("n")),
            Sample::Float { first, count } => {
                sequence(Code::name("float").call().arg(number(*first, *count)).lambda("n"))
            }
            Sample::Decimal { first, count, scale } => {
                let decimal = imports.reference("decimal", "Decimal").call().arg(number(*first, *count));
                let places = Code::int(-i128::from(*scale));
                let scaled = if *scale == 0 { decimal } else { decimal.attr("scaleb").call().arg(places) };
                sequence(scaled.lambda("n"))
            }
            Sample::Cycle(values) => {
                let values: Vec<Code> = values.iter().map(|value| Code::of(value, imports)).collect();
                Code::name("factory.Iterator").call().arg(Code::list(values))
            }
            Sample::Dates | Sample::DateTimes => {
                let first = if *value == Sample::Dates { sample::date() } else { sample::datetime() };
                let first = Code::of(&first, imports);
                let days = imports.reference("datetime", "timedelta").call().kwarg("days", n());
                sequence(Code::binary("+", vec![first, days]).lambda("n"))
            }
            Sample::Times => {
                let minutes = Code::binary("%", vec![n(), Code::int(60)]);
                let hours = Code::binary("%", vec![Code::binary("//", vec![n(), Code::int(60)]), Code::int(24)]);
                sequence(imports.reference("datetime", "time").call().arg(hours).arg(minutes).lambda("n"))
            }
            Sample::Durations => {
                let hours = Code::binary("+", vec![n(), Code::int(1)]);
                sequence(imports.reference("datetime", "timedelta").call().kwarg("hours", hours).lambda("n"))
            }
            Sample::Uuids => {
                let number = Code::binary("+", vec![n(), Code::int(1)]);
                sequence(imports.reference("uuid", "UUID").call().kwarg("int", number).lambda("n"))
            }
            Sample::Documents => sequence(Code::dict([(Code::str("key"), n())]).lambda("n")),
            Sample::Bytes => Code::name("bytes").call().arg(Code::int(4)),
            Sample::File => Code::name("factory.django.FileField")
                .call()
                .kwarg("data", Code::name("bytes").call().arg(Code::int(4))),
            Sample::Kind(to) => {
                let types = imports.from("django.contrib.contenttypes.models", "ContentType");
                let model = imports.from(&format!("{}.models", to.app), &to.name);
                let kind = Code::name(&types).attr("objects").attr("get_for_model").call().arg(Code::name(&model));
                Code::name("factory.LazyFunction").call().arg(kind.lazy())
            }
            Sample::KeyOf(to, as_text) => {
                let factory = self.plan.find(to).map_or(&self.plan.user_factory, |it| &it.route.factory);
                let key = Code::name(factory).call().attr("pk");
                let key = if *as_text { Code::name("str").call().arg(key) } else { key };
                Code::name("factory.LazyFunction").call().arg(key.lazy())
            }
            Sample::Row(to) => self.sub_factory(to, model, field),
            Sample::Rows(to) => {
                let one = self.sub_factory(to, model, field);
                Code::name("factory.List").call().arg(Code::list([one]))
            }
        })
    }

    /// A row of another model; by a name in a string if its factory stands below or is this one.
    fn sub_factory(&mut self, to: &ModelKey, model: &ModelKey, field: &Field) -> Code {
        let factory = self.plan.find(to).map_or(&self.plan.user_factory, |it| &it.route.factory);
        let class = if self.written.contains(to) {
            Code::name(factory)
        } else {
            Code::str(format!("tests.factories.{factory}"))
        };
        let call = Code::name("factory.SubFactory").call().arg(class);
        // A relation to itself that must not be empty would never end.
        let limit = field.foreign_key().and_then(|key| key.limit.as_ref());
        let call = limit.map(row::meeting).into_iter().flatten().fold(call, |call, (name, value)| {
            let value = Code::of(&value, &mut self.imports);
            call.kwarg(&name, value)
        });
        let endless = to == model && field.many_to_many().is_some();
        if endless { call.kwarg(&argument(field), Code::list([])) } else { call }
    }
}

/// The class of a factory; `full` is what its fullest row has besides.
fn class(
    name: &str,
    base: Option<String>,
    model: &str,
    own: Vec<Stmt>,
    full: Vec<(String, Code)>,
    renamed: Vec<(Code, Code)>,
) -> Class {
    let mut meta = vec![Stmt::assign("model", Code::name(model))];
    if !renamed.is_empty() {
        meta.push(Stmt::assign("rename", Code::dict(renamed)));
    }
    let inner = |name: &str, body: Vec<Stmt>| Stmt::Class(Class { name: name.to_owned(), body, ..Class::default() });
    let mut body = vec![inner("Meta", meta)];
    if !full.is_empty() {
        let call = Code::name("factory.Trait").call();
        let call = full.into_iter().fold(call, |call, (name, value)| call.kwarg(&name, value));
        body.push(inner("Params", vec![Stmt::assign("full_row", call)]));
    }
    body.extend(own);
    let base = match base {
        Some(base) => Code::name(&base),
        None => Code::name("ModelFactory").subscript([Code::name(model)]),
    };
    Class { name: name.to_owned(), bases: vec![base], body, ..Class::default() }
}

/// What the factory calls the field.
fn argument(field: &Field) -> String {
    if is_renamed(field) { format!("{}_", field.name) } else { field.name.clone() }
}
