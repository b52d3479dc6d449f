//! Names: of models, tables, fields, ways back, indexes and constraints.

use std::collections::BTreeMap;

use super::Net;
use crate::account::Element;
use crate::django::{Base, Field, FieldKind, Model, ModelKey};
use crate::python::Identifier;

pub(super) fn check(net: &mut Net<'_, '_>) {
    let models = net.models();
    let mut classes: BTreeMap<(String, String), Element> = BTreeMap::new();
    let mut tables: BTreeMap<String, Element> = BTreeMap::new();
    let mut objects: BTreeMap<String, Element> = BTreeMap::new();
    for app in &net.project.apps {
        for choices in &app.choices {
            let key = (app.label.clone(), choices.name.to_lowercase());
            if classes.insert(key, choices.origin.element).is_some() {
                net.fault(choices.origin.element, "a name clash", &format!("two classes `{}`", choices.name));
            }
        }
    }
    for (key, model) in &models {
        let element = model.origin.element;
        if Identifier::new(&model.name).is_none() {
            net.fault(element, "models.E023", &format!("`{}` is no class name", model.name));
        }
        if classes.insert((key.app.clone(), model.name.to_lowercase()), element).is_some() {
            net.fault(element, "models.E028", &format!("two classes `{}` in app `{}`", model.name, key.app));
        }
        if !model.is_concrete() || model.is_proxy() {
            continue;
        }
        let table = model.meta.db_table.clone().unwrap_or_else(|| format!("{}_{}", key.app, model.name.to_lowercase()));
        if table.len() > 63 {
            net.fault(element, "a table name", &format!("table `{table}` has more than 63 bytes"));
        }
        if tables.insert(table.clone(), element).is_some() {
            net.fault(element, "models.E028", &format!("two tables `{table}`"));
        }
        for field in net.local_fields(model) {
            let Some(many) = field.many_to_many().filter(|many| many.through.is_none()) else { continue };
            let table = many
                .db_table
                .clone()
                .unwrap_or_else(|| format!("{}_{}_{}", key.app, model.name.to_lowercase(), field.name));
            // A name that Django makes for the children of an abstract model is cut by Django.
            let is_own = model.fields.iter().any(|own| own.name == field.name);
            if is_own && table.len() > 63 {
                net.fault(field.origin.element, "a table name", &format!("table `{table}` has more than 63 bytes"));
            }
            if tables.insert(table.clone(), element).is_some() {
                net.fault(element, "fields.E340", &format!("two tables `{table}`"));
            }
        }
        for index in &model.meta.indexes {
            if index.name.len() > 30 {
                net.fault(element, "models.E034", &format!("index `{}` has more than 30 characters", index.name));
            }
            if objects.insert(index.name.clone(), element).is_some() {
                net.fault(element, "models.E030", &format!("two indexes `{}`", index.name));
            }
        }
        for constraint in &model.meta.constraints {
            if constraint.name.len() > 63 {
                net.fault(element, "a constraint name", &format!("`{}` has more than 63 bytes", constraint.name));
            }
            if objects.insert(constraint.name.clone(), element).is_some() {
                net.fault(element, "models.E032", &format!("two constraints `{}`", constraint.name));
            }
        }
    }
    for (_, model) in &models {
        own(net, model);
    }
    accessors(net, &models);
}

/// Field names of one model: identifiers, unique, and not repeated below a table.
fn own<'a>(net: &mut Net<'a, '_>, model: &'a Model) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for field in &model.fields {
        let element = field.origin.element;
        let name = &field.name;
        if Identifier::new(name).is_none() || name.ends_with('_') || name.contains("__") || name == "pk" {
            net.fault(element, "fields.E001 to E003", &format!("`{name}` is no name of a field"));
        }
        if name == "id" && !field.primary_key {
            net.fault(element, "models.E004", "a field `id` that is not the key");
        }
        let column = field.column();
        if column.as_ref().is_some_and(|column| column.len() > 63) {
            net.fault(element, "models.E018", &format!("column of `{name}` has more than 63 bytes"));
        }
        for taken in [Some(name.clone()), column].into_iter().flatten() {
            if names.insert(taken.clone(), name).is_some_and(|other| other != name) {
                net.fault(element, "models.E006, E007", &format!("two fields or columns `{taken}`"));
            }
        }
    }
    let repeated = model
        .fields
        .iter()
        .enumerate()
        .find(|(at, field)| model.fields[..*at].iter().any(|other| other.name == field.name));
    if let Some((_, field)) = repeated {
        net.fault(field.origin.element, "models.E006", &format!("two fields `{}`", field.name));
    }
    if !model.is_concrete() {
        return;
    }
    if model.is_proxy() {
        proxy(net, model);
        return;
    }
    // What stands in the tables above may not be repeated, nor stand in two of them.
    let mut above: BTreeMap<&str, &ModelKey> = BTreeMap::new();
    for (key, ancestor) in net.ancestors(model) {
        if !ancestor.is_concrete() {
            continue;
        }
        for field in net.local_fields(ancestor) {
            if above.insert(&field.name, key).is_some_and(|other| other != key) {
                net.fault(
                    model.origin.element,
                    "models.E005",
                    &format!("field `{}` stands in two tables above `{}`", field.name, model.name),
                );
            }
        }
    }
    for field in &model.fields {
        if let Some(key) = above.get(field.name.as_str()) {
            let key = key.dotted();
            net.fault(field.origin.element, "a FieldError", &format!("`{}` repeats a field of `{key}`", field.name));
        }
    }
    let tables = model.bases.iter().filter(|base| match base {
        Base::Model(key) => net.model(key).is_some_and(Model::is_concrete),
        Base::AbstractUser | Base::Core { .. } => false,
    });
    if tables.count() > 1 {
        let roots = net
            .ancestors(model)
            .into_iter()
            .filter(|(_, above)| above.is_concrete() && net.ancestors(above).iter().all(|(_, top)| !top.is_concrete()));
        let implicit = roots.filter(|(_, root)| net.local_fields(root).iter().all(|field| !field.primary_key)).count();
        if implicit > 1 {
            net.fault(model.origin.element, "models.E005", "two tables above have a key `id`");
        }
    }
}

/// A proxy has one model with a table above it, and no fields.
fn proxy<'a>(net: &mut Net<'a, '_>, model: &'a Model) {
    let element = model.origin.element;
    let bases: Vec<&Model> = model
        .bases
        .iter()
        .filter_map(|base| match base {
            Base::Model(key) => net.model(key),
            Base::AbstractUser | Base::Core { .. } => None,
        })
        .collect();
    if !net.local_fields(model).is_empty() {
        net.fault(element, "models.E017", "a proxy with fields");
    }
    if bases.iter().filter(|base| base.is_concrete()).count() != 1 {
        net.fault(element, "a TypeError", "a proxy of not just one model");
    }
}

/// Ways back: each must differ from the fields of its target and from all other ways back there.
fn accessors<'a>(net: &mut Net<'a, '_>, models: &[(ModelKey, &'a Model)]) {
    let mut taken: BTreeMap<ModelKey, BTreeMap<String, Element>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (key, model) in models.iter().filter(|(_, model)| model.is_concrete()) {
        for base in &model.bases {
            let Base::Model(parent) = base else { continue };
            if net.model(parent).is_some_and(Model::is_concrete) && !model.is_proxy() {
                let parent = net.storage(parent);
                let name = model.name.to_lowercase();
                enter(net, &mut taken, &mut faults, parent, name, model.origin.element);
            }
        }
        for field in net.local_fields(model) {
            let Some((to, name)) = accessor(key, model, field) else { continue };
            let to = net.storage(to);
            enter(net, &mut taken, &mut faults, to, name, field.origin.element);
        }
    }
    for (element, check, what) in faults {
        net.fault(element, check, &what);
    }
}

type Fault = (Element, &'static str, String);

fn enter(
    net: &Net<'_, '_>,
    taken: &mut BTreeMap<ModelKey, BTreeMap<String, Element>>,
    faults: &mut Vec<Fault>,
    to: &ModelKey,
    name: String,
    element: Element,
) {
    let Some(target) = net.model(to) else { return };
    let above = net.ancestors(target);
    let is_field = std::iter::once(target)
        .chain(above.iter().map(|(_, above)| *above))
        .any(|model| model.fields.iter().any(|field| field.name == name));
    if is_field {
        faults.push((element, "fields.E302, E303", format!("`{}` has a field `{name}` already", to.dotted())));
    }
    if taken.entry(to.clone()).or_default().insert(name.clone(), element).is_some() {
        faults.push((element, "fields.E304, E305", format!("two ways back `{name}` at `{}`", to.dotted())));
    }
}

/// Where a relation leads and what the way back is called; none if there is none.
fn accessor<'a>(key: &ModelKey, model: &Model, field: &'a Field) -> Option<(&'a ModelKey, String)> {
    let (to, related_name, is_symmetrical) = match &field.kind {
        FieldKind::ForeignKey(foreign) | FieldKind::OneToOne(foreign) => (&foreign.to, &foreign.related_name, false),
        FieldKind::ManyToMany(many) => (&many.to, &many.related_name, many.symmetrical == Some(true)),
        _ => return None,
    };
    if is_symmetrical || related_name.as_deref() == Some("+") {
        return None;
    }
    let name = match related_name {
        Some(name) => {
            name.replace("%(app_label)s", &key.app.to_lowercase()).replace("%(class)s", &model.name.to_lowercase())
        }
        None if matches!(field.kind, FieldKind::OneToOne(_)) => model.name.to_lowercase(),
        None => format!("{}_set", model.name.to_lowercase()),
    };
    Some((to, name))
}
