//! What `behaviors.py` of each app already has: it is the user's, so what is missing there is left out and said.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::behavior::{self, Behavior, StubKind, There};
use crate::django::{Base, FieldKind, Model, ModelKey, Origin, Project};
use crate::lock::{Lock, Past};
use crate::python::{Imports, Stmt, body, outline};

/// Notes in `project` what the models inherit from. Where an app has no `behaviors.py`, one with all stubs is written; where it
/// has one, what stands in it counts, and what is missing is reported (U1507). Methods of operations that are gone from the
/// diagram are reported, too (U1509).
pub fn settle(past: &Past, project: &mut Project, elements: &Elements, report: &mut Report) {
    gone(past, project, elements, report);
    let packages: Vec<String> = project.packages().into_iter().map(str::to_owned).collect();
    let core = project.core.clone();
    let shared = std::iter::once((core.as_str(), &mut project.shared));
    let apps = project.apps.iter_mut().map(|app| (app.label.as_str(), &mut app.models));
    for (app, models) in shared.chain(apps) {
        let Some(text) = past.behaviors.get(app) else {
            for behavior in models.iter_mut().filter_map(|model| model.behavior.as_mut()) {
                behavior.there = behavior.complete();
            }
            continue;
        };
        let mut classes = outline::classes(text);
        for model in models {
            let mut behavior = model.behavior.take().map_or_else(|| Behavior::new(&model.name), |behavior| *behavior);
            behavior.there = There { base: classes.remove(&behavior.base), rows: classes.remove(&behavior.rows) };
            missing(app, model, &behavior, &packages, elements, report);
            kept(app, model, &behavior, elements, report);
            if behavior.there != There::default() || !behavior.stubs.is_empty() {
                model.behavior = Some(Box::new(behavior));
            }
        }
    }
    order(project);
}

/// What the user wrote before the diagram said how to compute it stays, and there is no field of its name (U1509): Django would set it,
/// and a property cannot be set.
fn kept(app: &str, model: &mut Model, behavior: &Behavior, elements: &Elements, report: &mut Report) {
    let is_kept = |name: &str| behavior.defines(name);
    for (name, origin) in computed(model).filter(|(name, _)| is_kept(name)) {
        let (seen, path) = (elements.get(origin.element), elements.path(origin.element));
        let (class, file) = (&behavior.base, format!("{app}/{}.py", behavior::MODULE));
        let message = format!("`{class}.{name}` in `{file}` stands in the place of what the diagram says of `{path}`");
        let found = Diagnostic::new(&codes::U1509, message).about(origin.element).here(seen.span, "computed");
        report.add(found.help(format!("take it out of `{file}`")));
    }
    model.fields.retain(|field| !matches!(field.kind, FieldKind::Generated { .. }) || !is_kept(&field.name));
}

/// What a model computes as the diagram says.
fn computed(model: &Model) -> impl Iterator<Item = (&str, &Origin)> {
    let generated = model.fields.iter().filter(|field| matches!(field.kind, FieldKind::Generated { .. }));
    let generated = generated.map(|field| (field.name.as_str(), &field.origin));
    generated.chain(model.queries.iter().map(|query| (query.name.as_str(), &query.origin)))
}

/// Reports what the file of an app lacks.
fn missing(
    app: &str,
    model: &Model,
    behavior: &Behavior,
    packages: &[String],
    elements: &Elements,
    report: &mut Report,
) {
    for is_rows in [false, true] {
        let (class, there) =
            if is_rows { (&behavior.rows, &behavior.there.rows) } else { (&behavior.base, &behavior.there.base) };
        let mut is_first = true;
        let stubs = behavior.stubs.iter().filter(|stub| (stub.kind == StubKind::Rows) == is_rows);
        // Without it, the model says itself what stands for a row.
        for stub in stubs.filter(|stub| stub.kind != StubKind::Text && !behavior.has(stub)) {
            let seen = elements.get(stub.origin.element);
            let (path, word) = (elements.path(stub.origin.element), seen.kind.word());
            let file = format!("{app}/{}.py", behavior::MODULE);
            let message = format!("{word} `{path}` needs `{class}.{}` in `{file}`", stub.name);
            let mut found = Diagnostic::new(&codes::U1507, message).about(stub.origin.element);
            let place = stub.origin.reasons.last().and_then(|reason| super::place(&reason.because));
            found = found.here(place.unwrap_or(seen.span), "left out till then");
            let mut imports = Imports::new(packages);
            behavior.reserve(&mut imports);
            found = match there {
                Some(_) => {
                    let text = body(&[Stmt::Def(stub.def(model, &mut imports))], 4);
                    to_write(found, &format!("`class {class}`"), &imports, &text)
                }
                None if is_first => {
                    is_first = false;
                    let written = behavior.class(stub.kind, model, &mut imports);
                    let written: Vec<Stmt> = written.into_iter().map(Stmt::Class).collect();
                    to_write(found, &format!("`{file}`"), &imports, &body(&written, 0))
                }
                None => found.note(format!("it is part of the `class {class}` that is missing")),
            };
            report.add(found);
        }
    }
}

/// Shows `text` of what is to be written, and the imports that it needs.
fn to_write(found: Diagnostic, place: &str, imports: &Imports, text: &str) -> Diagnostic {
    let found = found.help(format!("write into {place}:\n{}", text.trim_end()));
    let block = imports.block();
    if block.is_empty() { found } else { found.help(format!("import at the top of the file:\n{}", block.trim_end())) }
}

/// Methods in the files whose operations the last build had and this one has not.
fn gone(past: &Past, project: &Project, elements: &Elements, report: &mut Report) {
    let now = Lock::of(project, elements);
    // What the diagram computes now is told of in its own way.
    let mut derived = BTreeSet::new();
    let shared = project.shared.iter().map(|model| (project.core.as_str(), model));
    let models = project.apps.iter().flat_map(|app| app.models.iter().map(|model| (app.label.as_str(), model)));
    for (app, model) in models.chain(shared) {
        let base = Behavior::base_of(&model.name);
        derived.extend(computed(model).map(|(name, _)| (app.to_owned(), base.clone(), name.to_owned())));
    }
    let mut outlines: BTreeMap<&str, _> = BTreeMap::new();
    for entry in past.lock.methods.iter().filter(|entry| !now.has_method(entry)) {
        if derived.contains(&(entry.app.clone(), entry.class.clone(), entry.name.clone())) {
            continue;
        }
        let Some(text) = past.behaviors.get(&entry.app) else { continue };
        let classes = outlines.entry(&entry.app).or_insert_with(|| outline::classes(text));
        let there = classes.get(&entry.class).is_some_and(|names| names.contains(&entry.name));
        if there {
            let (class, name, app) = (&entry.class, &entry.name, &entry.app);
            let message = format!(
                "`{}` is gone from the diagram; `{class}.{name}` in `{app}/{}.py` is kept",
                entry.path,
                behavior::MODULE
            );
            report.add(Diagnostic::new(&codes::U1509, message).help("delete it, or keep it as a method of your own"));
        }
    }
}

/// The rows of a model whose parent has a table are in the parent's order, unless another base stands before it: then it has to
/// be said (`django.db.models.base.ModelBase.__new__`).
fn order(project: &mut Project) {
    let mut said: Vec<(ModelKey, Vec<String>, Vec<String>)> = Vec::new();
    for app in &project.apps {
        for model in &app.models {
            let has_base = model.behavior.as_ref().is_some_and(|behavior| behavior.there.base.is_some());
            if has_base && model.is_concrete() && model.meta.ordering.is_empty() {
                let (ordering, latest) = inherited(project, model);
                said.push((ModelKey::new(&app.label, &model.name), ordering, latest));
            }
        }
    }
    for (key, ordering, latest) in said {
        let app = project.apps.iter_mut().find(|app| app.label == key.app);
        let model = app.and_then(|app| app.models.iter_mut().find(|model| model.name == key.name));
        if let Some(model) = model {
            model.meta.ordering = ordering;
            if model.meta.get_latest_by.is_empty() {
                model.meta.get_latest_by = latest;
            }
        }
    }
}

/// The order of the nearest model above that has one.
fn inherited(project: &Project, model: &Model) -> (Vec<String>, Vec<String>) {
    let mut seen: Vec<&ModelKey> = Vec::new();
    let mut at = Some(model);
    let mut next = 0;
    while let Some(model) = at {
        if !model.meta.ordering.is_empty() {
            return (model.meta.ordering.clone(), model.meta.get_latest_by.clone());
        }
        for base in &model.bases {
            if let Base::Model(key) = base
                && !seen.contains(&key)
            {
                seen.push(key);
            }
        }
        at = seen.get(next).and_then(|key| project.model(key));
        next += 1;
    }
    (Vec::new(), Vec::new())
}
