//! Pass 3: packages to apps, and their labels.

use super::Context;
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{AppFact, Apps, Facts, Role, reason};
use crate::policy::apps as policy;
use crate::policy::naming;
use crate::policy::reserved;
use crate::uml::model::{Package, PackageKind};
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Apps {
    let mut apps = Apps::default();
    let roots = roots(cx, facts);
    let mut home: Map<Package, Id<AppFact>> = Map::new();
    let mut outside: Option<Id<AppFact>> = None;
    for (id, classifier) in cx.model.classifiers.iter() {
        if !has_a_place(facts.roles().get(id)) || classifier.is_library {
            continue;
        }
        let root =
            cx.model.package_chain(classifier.package).find(|package| roots.get(*package).copied() == Some(true));
        let app = match root {
            Some(package) => {
                if let Some(app) = home.get(package) {
                    *app
                } else {
                    let app = enter(cx, facts, report, &mut apps, package);
                    prefix(cx, facts, &mut apps.list[app], package);
                    home.insert(package, app);
                    app
                }
            }
            None => *outside.get_or_insert_with(|| without_package(cx, report, &mut apps)),
        };
        apps.of.insert(id, app);
    }
    hoist(cx, facts, &mut apps);
    for id in cx.model.packages.ids() {
        let root = cx.model.package_chain(Some(id)).find(|package| roots.get(*package).copied() == Some(true));
        if let Some(app) = root.and_then(|root| home.get(root)).or(outside.as_ref()) {
            apps.of_package.insert(id, *app);
        }
    }
    let taken = |apps: &Apps, label: &str| apps.list.values().any(|app| app.label == label);
    let core = if taken(&apps, "core") { "project_core" } else { "core" };
    apps.core = String::from(core);
    let accounts = if taken(&apps, "accounts") { "project_accounts" } else { "accounts" };
    apps.accounts = Some(accounts.to_owned());
    apps
}

/// Classes with the tag `hoist` stand in the app of their first parent.
fn hoist(cx: &Context<'_>, facts: &Facts, apps: &mut Apps) {
    for (id, classifier) in cx.model.classifiers.iter() {
        if facts.tags().has(classifier.element, "hoist").is_none() {
            continue;
        }
        let (mut at, mut seen) = (id, vec![id]);
        while facts.tags().has(cx.model.classifiers[at].element, "hoist").is_some()
            && let Some(parent) = cx.model.classifiers[at].generalizations.first()
            && !seen.contains(&parent.general)
        {
            at = parent.general;
            seen.push(at);
        }
        if let Some(&app) = apps.of.get(at).filter(|_| apps.of.contains(id)) {
            apps.of.insert(id, app);
        }
    }
}

/// Whether such classifiers stand in some file of an app.
pub(super) fn has_a_place(role: Role) -> bool {
    matches!(role, Role::Entity | Role::Interface | Role::Enumeration | Role::Value)
}

/// The packages that are apps: those that own classifiers and are not inside one that does; and those with «app».
fn roots(cx: &Context<'_>, facts: &Facts) -> Map<Package, bool> {
    let mut owns: Map<Package, bool> = Map::new();
    for (id, classifier) in cx.model.classifiers.iter() {
        if let Some(package) = classifier.package
            && has_a_place(facts.roles().get(id))
            && !classifier.is_library
        {
            owns.insert(package, true);
        }
    }
    let mut roots = Map::new();
    let mut inside: Map<Package, bool> = Map::new();
    // Outer packages come before inner ones.
    for (id, package) in cx.model.packages.iter() {
        let inside_app = package.owner.is_some_and(|owner| inside.get(owner).copied().unwrap_or_default());
        let name = naming::snake(package.name.as_ref().map_or("", |name| name.value.as_str()));
        let is_wrapper = package.kind == PackageKind::Model
            || policy::is_view(&name)
            || (package.owner.is_none() && policy::is_tool_name(&name));
        let asked = facts.tags().has(package.element, "app").is_some();
        let is_root = asked || (!inside_app && !is_wrapper && owns.contains(id));
        roots.insert(id, is_root);
        inside.insert(id, is_root || inside_app);
    }
    roots
}

/// The tag `api_prefix` of the first package of an app that has it.
fn prefix(cx: &Context<'_>, facts: &Facts, app: &mut AppFact, package: Id<Package>) {
    let said = facts.tags().text(cx.model.packages[package].element, "api_prefix");
    if let Some((text, because)) = said.filter(|_| app.api_prefix.is_none()) {
        app.api_prefix = Some(text.to_owned());
        app.reasons.push(reason(format!("addresses below `/api/v1/{text}/`"), "asked for", because.clone()));
    }
}

fn enter(cx: &Context<'_>, facts: &Facts, report: &mut Report, apps: &mut Apps, id: Id<Package>) -> Id<AppFact> {
    let package = &cx.model.packages[id];
    let drawn = package.name.as_ref().map_or("", |name| name.value.trim());
    let span = package.name.as_ref().map(|name| name.span);
    let asked = ["label", "app", "name"]
        .iter()
        .find_map(|tag| facts.tags().text(package.element, tag))
        .filter(|(value, _)| *value != "true");
    let wanted = asked.map_or(drawn, |(value, _)| value);
    // Several packages may ask for one app.
    if asked.is_some() {
        let label = naming::snake(wanted);
        let existing = apps.list.iter().find(|(_, app)| app.label == label).map(|(existing, _)| existing);
        if let (Some(existing), Some((_, because))) = (existing, asked) {
            let why = reason(format!("app `{label}`"), "several packages are one app", because.clone());
            apps.list[existing].reasons.push(why);
            return existing;
        }
    }
    let adapted = naming::app_label(wanted).or_else(|| naming::app_label("main_app"));
    let mut label = adapted.as_ref().map_or_else(|| "main".to_owned(), |adapted| adapted.name.clone());
    let says = asked.map(|(_, because)| because).or_else(|| facts.tags().has(package.element, "app"));
    let why = if says.is_some() { "the diagram says so" } else { "a package that owns classes" };
    let because = says.cloned().unwrap_or(Because::Rule { name: "a package that owns classes is an app", at: span });
    if let Some((reserved, by)) = adapted.as_ref().and_then(naming::Adapted::reserved) {
        let mut diagnostic =
            Diagnostic::new(&codes::U0406, format!("app `{reserved}` would hide {}; it becomes `{label}`", by.words()))
                .about(package.element);
        if let Some(span) = span {
            diagnostic = diagnostic.here(span, "the package");
        }
        report.add(diagnostic);
    }
    if let Some((full, limit)) = adapted.as_ref().and_then(naming::Adapted::shortened) {
        let mut diagnostic = Diagnostic::new(
            &codes::U0407,
            format!("app `{full}` has a name of {} characters; shortened to `{label}`", full.len()),
        )
        .about(package.element);
        if let Some(span) = span {
            diagnostic = diagnostic.here(span, format!("{limit} characters are allowed"));
        }
        report.add(diagnostic);
    }
    if apps.list.values().any(|app| app.label == label) {
        let parent = package
            .owner
            .and_then(|owner| cx.model.packages[owner].name.as_ref())
            .map_or_else(String::new, |name| naming::snake(&name.value));
        let is_free =
            |wanted: &str| apps.list.values().all(|app| app.label != wanted) && reserved::app(wanted).is_none();
        let numbered = |number: usize| match number {
            1 if parent.is_empty() => naming::qualified_label(&[&label, "2"]),
            1 => naming::qualified_label(&[&parent, &label]),
            _ => naming::qualified_label(&[&parent, &label, &number.to_string()]),
        };
        let free = (1..=apps.list.len() + 2).map(numbered).find(|wanted| is_free(wanted));
        let qualified = free.unwrap_or_else(|| label.clone());
        let first = apps.list.values().find(|app| app.label == label).and_then(|app| app.package);
        let mut diagnostic = Diagnostic::new(
            &codes::U0409,
            format!(
                "two packages give the app `{label}`; `{}` becomes `{qualified}`",
                cx.elements.path(package.element)
            ),
        )
        .about(package.element);
        if let Some(span) = span {
            diagnostic = diagnostic.here(span, "the second package");
        }
        if let Some(first) = first.and_then(|first| cx.model.packages[first].name.as_ref()) {
            diagnostic = diagnostic.because(first.span, "the first package");
        }
        report.add(diagnostic);
        label = qualified;
    }
    apps.list.push(AppFact {
        title: naming::words_for_people(drawn),
        reasons: vec![reason(format!("app `{label}`"), why, because)],
        label,
        package: Some(id),
        api_prefix: None,
    })
}

/// The app for classes outside of packages: named after the model, else after the file.
fn without_package(cx: &Context<'_>, report: &mut Report, apps: &mut Apps) -> Id<AppFact> {
    let model = cx.model.name.as_ref().filter(|name| !policy::is_tool_name(&naming::snake(&name.value)));
    let drawn = model.map(|name| name.value.to_string()).or_else(|| cx.settings.project_name.clone());
    let file = cx.model.documents.first().map_or("", |document| document.file.as_str());
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let drawn = drawn.unwrap_or_else(|| if stem.is_empty() { "main".to_owned() } else { stem.to_owned() });
    let adapted = naming::app_label(&drawn);
    let mut label = adapted.as_ref().map_or_else(|| "main".to_owned(), |adapted| adapted.name.clone());
    if let Some((reserved, by)) = adapted.as_ref().and_then(naming::Adapted::reserved) {
        let mut diagnostic =
            Diagnostic::new(&codes::U0406, format!("app `{reserved}` would hide {}; it becomes `{label}`", by.words()));
        if let Some(name) = model {
            diagnostic = diagnostic.here(name.span, "the model, whose classes stand in no package");
        }
        report.add(diagnostic);
    }
    let base = label.clone();
    let mut number = 2;
    while apps.list.values().any(|app| app.label == label) {
        label = format!("{base}_{number}");
        number += 1;
    }
    let why = if model.is_some() {
        "classes outside of packages: the model's name"
    } else {
        "classes outside of packages: the file's name"
    };
    let at = model.map(|name| name.span);
    let because = Because::Rule { name: "classes outside of packages are an app of their own", at };
    apps.list.push(AppFact {
        title: naming::words_for_people(&drawn),
        reasons: vec![reason(format!("app `{label}`"), why, because)],
        label,
        package: None,
        api_prefix: None,
    })
}
