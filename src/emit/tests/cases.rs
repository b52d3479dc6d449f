//! What the tests of an app try, as tables for `pytest.mark.parametrize`.

use serde::Serialize;

use super::factories::{Makes, Plan};
use super::tried::{
    asked_for, change, is_written, literals, own_fields, own_generics, ranges, refused, refuses_null, shown, uniques,
    violations,
};
use crate::django::constraint::{Constraint, ConstraintKind};
use crate::django::field::{Field, FieldKind, OnDelete};
use crate::django::generic::Gone;
use crate::django::model::{Access, StrMethod};
use crate::django::{App, Project};
use crate::python::{Code, Imports, Place};

/// `tests/test_<app>_models.py`; tables are empty if there is nothing to try.
#[derive(Debug, Serialize)]
pub(super) struct Models {
    imports: String,
    factories: String,
    named: String,
    numbered: String,
    required: String,
    unique: String,
    checks: String,
    invalid: String,
    cascading: String,
    nulled: String,
    protecting: String,
    children: String,
    bare: String,
    siblings: String,
    overlaps: String,
    marked: String,
    versioned: String,
    lookups: String,
    singletons: String,
}

/// `tests/test_<app>_serializers.py`
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names)]
pub(super) struct Serializers {
    imports: String,
    serializers: String,
    invalid: String,
    forbidden: String,
    constant_keys: String,
}

/// `tests/test_<app>_api.py`
#[derive(Debug, Serialize)]
pub(super) struct Api {
    imports: String,
    resources: String,
    shown: String,
    readable: String,
    public: String,
    unwritable: String,
    secrets: String,
    users: String,
    changes: String,
    required: String,
    protected: String,
    paged: String,
    lists: String,
    searched: String,
    filtered: String,
    signed: String,
    versioned: String,
}

/// A list with a case per line, to stand `indent` columns from the left; nothing if there are none.
fn table(rows: Vec<Code>, indent: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    Code::list(rows).expanded().print(Place { indent, column: indent, tail: 1 })
}

pub(super) fn models(project: &Project, plan: &Plan<'_>, own: &[&Makes<'_>]) -> Models {
    let mut imports = imports(project);
    imports.module("pytest");
    let mut factories = Vec::new();
    let [mut named, mut numbered, mut required, mut unique, mut checks] = [const { Vec::new() }; 5];
    let [mut invalid, mut cascading, mut nulled, mut protecting, mut children] = [const { Vec::new() }; 5];
    let [mut bare, mut siblings, mut overlaps, mut marked] = [const { Vec::new() }; 4];
    let [mut versioned, mut lookups, mut singletons] = [const { Vec::new() }; 3];
    for makes in own {
        let shape = &makes.route.shape;
        let factory = factory(makes, &mut imports);
        if makes.needs_kind() {
            bare.push(factory.clone());
        } else if makes.rows.is_sure() {
            factories.push(factory.clone());
        }
        match shape.str_method() {
            Some(StrMethod::Text(name)) => named.push(pair(&factory, Code::strings([name]))),
            Some(StrMethod::Fields(parts)) => {
                named.push(pair(&factory, Code::strings(parts.iter().map(|name| shown(shape, name)))));
            }
            Some(StrMethod::VerboseName) => numbered.push(factory.clone()),
            Some(StrMethod::Template(_)) | None => {}
        }
        if let Some(lookup) = &shape.model.lookup {
            // Its rows are there, and nobody writes others.
            let model = imports.from(&format!("{}.models", shape.key.app), &shape.key.name);
            let codes = imports.from(&format!("{}.choices", lookup.choices.app), &lookup.choices.name);
            lookups.push(pair(&Code::name(&model), Code::name(&codes)));
            continue;
        }
        if shape.model.is_singleton {
            singletons.push(factory.clone());
        }
        // A row is of its kind, whatever is said; without a part of its key it is another one.
        let is_key_part = |field: &Field| shape.model.composite_key.contains(&field.name);
        let kind = shape.model.kind_of.as_ref().map(|kind| &kind.field);
        let fields = own_fields(makes)
            .filter(|field| refuses_null(field) && kind != Some(&field.name) && !is_key_part(field))
            .map(|field| field.name.as_str());
        let fields: Vec<&str> = fields.collect();
        if !fields.is_empty() {
            required.push(pair(&factory, Code::strings(fields)));
        }
        // The factory gives the only row again.
        let unique_fields = if shape.model.is_singleton { Vec::new() } else { uniques(makes) };
        unique.extend(
            unique_fields
                .into_iter()
                .map(|(fields, full)| Code::tuple([factory.clone(), Code::strings(fields), Code::bool(full)])),
        );
        for (full, values) in violations(project, makes) {
            let full = full.then(|| (Code::str("full_row"), Code::bool(true)));
            checks.push(pair(&factory, Code::dict(literals(&values, &mut imports).into_iter().chain(full))));
        }
        let values = refused(project, makes, false);
        if !values.is_empty() && makes.is_creatable() {
            invalid.push(pair(&factory, Code::dict(values)));
        }
        for field in own_fields(makes) {
            let key = field.foreign_key().filter(|key| !key.is_content_type());
            let Some(key) = key.filter(|_| makes.rows.has(&field.name, true)) else { continue };
            let is_refusal = matches!(key.on_delete, OnDelete::Protect | OnDelete::Restrict);
            if plan.is_marked(&key.to) && !is_refusal {
                // What refers to a row that is only marked stays as it is, unless it goes with it.
                if !(key.on_delete.cascades() && shape.is_marked()) {
                    continue;
                }
            }
            let case = pair(&factory, Code::str(&field.name));
            match &key.on_delete {
                OnDelete::Cascade | OnDelete::DbCascade => cascading.push(case),
                OnDelete::SetNull | OnDelete::DbSetNull if makes.rows.can_lose(&field.name) => nulled.push(case),
                OnDelete::Protect | OnDelete::Restrict => {
                    let error = if key.on_delete == OnDelete::Protect { "ProtectedError" } else { "RestrictedError" };
                    let error = Code::name(&imports.from("django.db.models", error));
                    protecting.push(Code::tuple([factory.clone(), Code::str(&field.name), error]));
                }
                OnDelete::SetNull
                | OnDelete::DbSetNull
                | OnDelete::SetDefault
                | OnDelete::DoNothing
                | OnDelete::Set(_) => {}
            }
        }
        if shape.is_versioned() {
            imports.from(&format!("{}.versions", project.core), "OutdatedError");
            versioned.push(factory.clone());
        }
        if shape.is_marked() && makes.is_creatable() {
            marked.push(factory.clone());
        }
        for generic in own_generics(makes).filter(|it| !plan.is_marked(&it.sample) || shape.is_marked()) {
            let case = pair(&factory, Code::str(&generic.name));
            match generic.on_delete {
                Gone::Cascade => cascading.push(case),
                Gone::Protect => {
                    let error = Code::name(&imports.from("django.db.models", "ProtectedError"));
                    protecting.push(Code::tuple([factory.clone(), Code::str(&generic.name), error]));
                }
                Gone::Nothing => {}
            }
        }
        overlaps.extend(ranges(makes).into_iter().map(|(values, by)| {
            let values = Code::dict(literals(&values, &mut imports));
            Code::tuple([factory.clone(), values, Code::strings(by)])
        }));
        // A row that is of no kind is refused for that already.
        for sibling in plan.siblings(makes).filter(|_| !makes.needs_kind()) {
            siblings.push(pair(&factory, self::factory(sibling, &mut imports)));
        }
        if let Some(parent) = shape.parents.first().and_then(|key| plan.find(key)) {
            let key = &parent.route.shape.key;
            let parent = imports.from(&format!("{}.models", key.app), &key.name);
            children.push(pair(&factory, Code::name(&parent)));
        }
    }
    let copies = !(invalid.is_empty() && siblings.is_empty() && overlaps.is_empty() && singletons.is_empty());
    if copies {
        imports.module("copy");
    }
    if !(invalid.is_empty() && siblings.is_empty() && overlaps.is_empty() && bare.is_empty()) {
        imports.from("django.core.exceptions", "ValidationError");
    }
    if !(required.is_empty() && unique.is_empty() && checks.is_empty() && singletons.is_empty()) {
        imports.from("django.db", "IntegrityError");
        imports.from("django.db", "transaction");
    }
    Models {
        imports: imports.block(),
        factories: table(factories, 4),
        named: table(named, 4),
        numbered: table(numbered, 4),
        required: table(required, 4),
        unique: table(unique, 4),
        checks: table(checks, 4),
        invalid: table(invalid, 4),
        cascading: table(cascading, 4),
        nulled: table(nulled, 4),
        protecting: table(protecting, 4),
        children: table(children, 4),
        bare: table(bare, 4),
        siblings: table(siblings, 4),
        overlaps: table(overlaps, 4),
        marked: table(marked, 4),
        versioned: table(versioned, 4),
        lookups: table(lookups, 4),
        singletons: table(singletons, 4),
    }
}

pub(super) fn serializers(project: &Project, own: &[&Makes<'_>]) -> Serializers {
    let mut imports = imports(project);
    imports.module("pytest");
    let [mut serializers, mut invalid, mut forbidden, mut keys] = [const { Vec::new() }; 4];
    for makes in own.iter().filter(|makes| !makes.needs_kind() && makes.route.shape.model.lookup.is_none()) {
        let before = (imports.clone(), serializers.len() + invalid.len() + forbidden.len() + keys.len());
        let factory = factory(makes, &mut imports);
        let serializer = serializer(makes, &mut imports);
        // Nor does a serializer alone know who saves a row.
        let mut members = makes.route.shape.fields.iter();
        let has_secrets =
            members.any(|member| !member.field.is_shown() || member.field.is_signed() && !member.field.null);
        if makes.rows.is_sure() && !has_secrets && !keeps_values(makes) {
            serializers.push(pair(&factory, serializer.clone()));
        }
        let values = refused(project, makes, true);
        if !values.is_empty() {
            invalid.push(Code::tuple([factory.clone(), serializer.clone(), Code::dict(values)]));
        }
        for (full, values) in violations(project, makes) {
            // What nobody can write through the API, nobody can write wrongly.
            if values.iter().all(|(field, _)| is_written(field)) {
                let values = literals(&values, &mut imports);
                let full = Code::bool(full);
                forbidden.push(Code::tuple([factory.clone(), serializer.clone(), full, Code::dict(values)]));
            }
        }
        let writable = makes.route.shape.primary_key.filter(|key| !key.is_automatic());
        if writable.is_some() && makes.capacity.is_none() {
            keys.push(pair(&factory, serializer));
        }
        // Nothing is imported for models of which nothing can be said.
        if before.1 == serializers.len() + invalid.len() + forbidden.len() + keys.len() {
            imports = before.0;
        }
    }
    if !serializers.is_empty() {
        imports.from("tests.helpers", "files_of");
        imports.from("tests.helpers", "values_of");
    }
    if !keys.is_empty() {
        imports.from("tests.helpers", "key_of");
    }
    Serializers {
        imports: imports.block(),
        serializers: table(serializers, 4),
        invalid: table(invalid, 4),
        forbidden: table(forbidden, 4),
        constant_keys: table(keys, 4),
    }
}

pub(super) fn api(project: &Project, plan: &Plan<'_>, own: &[&Makes<'_>]) -> Api {
    let mut imports = imports(project);
    imports.module("pytest");
    let [mut resources, mut readable, mut users, mut changes] = [const { Vec::new() }; 4];
    let [mut required, mut protected, mut paged, mut lists] = [const { Vec::new() }; 4];
    let [mut searched, mut filtered] = [const { Vec::new() }; 2];
    let [mut shown, mut public, mut unwritable, mut secrets, mut signed, mut versioned] = [const { Vec::new() }; 6];
    for makes in own {
        let shape = &makes.route.shape;
        let factory = factory(makes, &mut imports);
        let address = url(makes);
        let resource = Code::tuple([address.clone(), factory.clone(), serializer(makes, &mut imports)]);
        let is_writable = shape.model.api != Access::Read;
        let hidden: Vec<&str> =
            shape.fields.iter().map(|it| it.field).filter(|it| !it.is_shown()).map(|it| &*it.name).collect();
        let can_go = !keeps_values(makes) && !shape.model.is_singleton;
        if makes.is_creatable() && is_writable && hidden.is_empty() && can_go {
            resources.push(resource.clone());
            let users = shape.fields.iter().map(|it| it.field).filter(|it| it.is_signed()).map(|it| it.name.as_str());
            let users: Vec<&str> = users.collect();
            if !users.is_empty() {
                let serializer = serializer(makes, &mut imports);
                signed.push(Code::tuple([address.clone(), factory.clone(), serializer, Code::strings(users)]));
            }
        }
        if !is_writable {
            unwritable.push(pair(&address, factory.clone()));
        }
        if !hidden.is_empty() {
            secrets.push(Code::tuple([address.clone(), factory.clone(), Code::strings(hidden.clone())]));
        }
        let is_plentiful = makes.capacity.is_none_or(|rows| rows >= 3);
        // Rows that are sorted by another one have no order of their own.
        if is_plentiful
            && shape.model.lookup.is_none()
            && shape.primary_key.is_none_or(|key| key.foreign_key().is_none())
        {
            paged.push(resource.clone());
        }
        if shape.is_user && keeps_values(makes) {
            readable.push(resource);
        } else if shape.is_user {
            users.push(resource);
        } else {
            if shape.model.api == Access::Public {
                public.push(pair(&address, factory.clone()));
            } else if hidden.is_empty() {
                shown.push(resource.clone());
            }
            readable.push(resource);
        }
        if let Some((name, value)) = change(project, makes).filter(|_| makes.is_changeable() && is_writable) {
            let values = Code::dict([(Code::str(name), value)]);
            let case = Code::tuple([address.clone(), factory.clone(), values]);
            // The test deletes, too, which the only row of a class does not let one do.
            if shape.is_versioned() && !shape.model.is_singleton {
                versioned.push(case.clone());
            }
            changes.push(case);
        }
        let names: Vec<&str> = asked_for(makes).collect();
        if !names.is_empty() && is_writable {
            required.push(pair(&address, Code::strings(names)));
        }
        for field in own_fields(makes).filter(|field| makes.rows.has(&field.name, true)) {
            let Some(key) = field.foreign_key().filter(|key| !key.is_content_type()) else { continue };
            let refuses = matches!(key.on_delete, OnDelete::Protect | OnDelete::Restrict);
            let is_deletable = |it: &&Makes<'_>| {
                let model = it.route.shape.model;
                refuses && model.api == Access::Write && !model.is_singleton
            };
            if let Some(target) = plan.find(&key.to).filter(is_deletable) {
                protected.push(Code::tuple([url(target), factory.clone(), Code::str(&field.name)]));
            }
        }
        for generic in own_generics(makes).filter(|it| it.on_delete == Gone::Protect) {
            if let Some(target) = plan.find(&generic.sample).filter(|it| it.route.shape.model.api == Access::Write) {
                protected.push(Code::tuple([url(target), factory.clone(), Code::str(&generic.name)]));
            }
        }
        let is_known = |name: &String| makes.rows.has(name, true);
        searched.extend(
            shape
                .lists()
                .search
                .iter()
                .filter(|name| is_known(name))
                .map(|name| Code::tuple([address.clone(), factory.clone(), Code::str(name)])),
        );
        let filters = makes.route.filters().into_iter().filter(|field| is_known(&field.name));
        filtered.extend(filters.map(|field| {
            let serializer = serializer(makes, &mut imports);
            Code::tuple([address.clone(), factory.clone(), serializer, Code::str(&field.name)])
        }));
        if is_plentiful {
            lists.push(pair(&address, factory));
        }
    }
    imports.from("tests.helpers", "address");
    if !paged.is_empty() {
        imports.from("tests.helpers", "key_of");
    }
    if !(resources.is_empty() && users.is_empty()) {
        for name in ["files_of", "key_of", "send", "values_of"] {
            imports.from("tests.helpers", name);
        }
    }
    if !lists.is_empty() {
        imports.from("django.db", "connection");
        imports.from("django.test.utils", "CaptureQueriesContext");
    }
    Api {
        imports: imports.block(),
        resources: table(resources, 4),
        shown: table(shown, 4),
        public: table(public, 4),
        unwritable: table(unwritable, 4),
        secrets: table(secrets, 4),
        readable: table(readable, 4),
        users: table(users, 4),
        changes: table(changes, 4),
        required: table(required, 4),
        protected: table(protected, 4),
        paged: table(paged, 4),
        lists: table(lists, 4),
        searched: table(searched, 4),
        filtered: table(filtered, 4),
        signed: table(signed, 4),
        versioned: table(versioned, 4),
    }
}

fn imports(project: &Project) -> Imports {
    let apps = project.apps.iter().map(|app: &App| app.label.as_str());
    Imports::new(apps.chain([project.core.as_str(), "config", "tests"]))
}

/// Whether a row that is deleted keeps values that no other row may have: its key, and what is unique in a table that does not
/// know that it is deleted.
fn keeps_values(makes: &Makes<'_>) -> bool {
    let shape = &makes.route.shape;
    let mut fields = shape.fields.iter().map(|member| member.field);
    let is_unique = |field: &Field| {
        let is_key = field.primary_key && !field.is_automatic();
        is_key || field.unique || matches!(field.kind, FieldKind::OneToOne(_))
    };
    let mut constraints = shape.line.iter().flat_map(|model| &model.meta.constraints);
    let is_whole = |it: &Constraint| matches!(&it.kind, ConstraintKind::Unique { condition: None, .. });
    shape.is_marked() && (shape.is_user || fields.any(is_unique) || constraints.any(is_whole))
}

/// The factory's name, imported.
fn factory(makes: &Makes<'_>, imports: &mut Imports) -> Code {
    Code::name(&imports.from("tests.factories", &makes.route.factory))
}

fn serializer(makes: &Makes<'_>, imports: &mut Imports) -> Code {
    let module = format!("{}.serializers", makes.route.shape.key.app);
    Code::name(&imports.from(&module, &makes.route.serializer))
}

fn url(makes: &Makes<'_>) -> Code {
    Code::str(format!("/api/v1/{}/", makes.route.path))
}

fn pair(first: &Code, second: Code) -> Code {
    Code::tuple([first.clone(), second])
}
