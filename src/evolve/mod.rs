//! From the project and what was built before to migrations.

mod behaviors;
mod earlier;
mod extensions;
mod impact;
mod lookups;
mod names;
mod online;
mod plan;
mod recipes;
mod replay;
mod risk;
mod rolling;

pub use behaviors::settle;
pub use replay::{history, replay};

use std::collections::BTreeMap;

use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::built::{Built, Changes, Generic, Kind, ModelMove, ModelRename};
use crate::django::deconstruct;
use crate::django::operation::Needs;
use crate::django::project::Database;
use crate::django::shape::shapes;
use crate::django::{App, Evolution, Migration, ModelKey, Project, State};
use crate::lock::{Lock, Past, Renamed};
use crate::python::Expr;
use crate::settings::{self, Compatible};
use crate::source::Span;

use plan::{Plan, Start};
use recipes::Prepared;

/// The migrations that the project needs, given those that are there. Apps that are gone from the diagram but have migrations
/// stay in the project without models: only so their tables can go.
///
/// Nothing comes of it if the migrations that are there cannot be followed, which is reported.
pub fn evolve(
    past: &Past,
    project: &mut Project,
    elements: &Elements,
    settings: &settings::Evolution,
    report: &mut Report,
) -> Evolution {
    if past.migrations.is_empty() {
        return initial(project, report);
    }
    let there = Evolution { needs: needs(past, &project.core), ..Evolution::default() };
    let Some(built) = replay::replay(past, State::before(project.django, &project.user), report) else {
        return there;
    };
    for app in built.leaves.keys().filter(|app| **app != project.core) {
        if project.app(app).is_none() {
            project.apps.push(App::retired(app));
        }
    }
    project.apps.sort_by(|left, right| left.label.cmp(&right.label));
    if settings.adopt {
        adopt(&built, project, report);
        return there;
    }
    let lock = Lock::of(project, elements);
    let earlier = earlier::all(project, elements);
    let told: Vec<_> = settings.rename.iter().cloned().chain(earlier::told(&earlier)).collect();
    let renamed = Renamed::between(&past.lock, &lock, &told);
    earlier::report(&earlier, &past.lock, &renamed, report);
    let changes = Changes {
        models: models(renamed.models, &renamed.moves, &built),
        moves: renamed.moves,
        fields: renamed.fields,
        generics: generics(project),
        fillings: fillings(project),
        carried: renamed.carried,
        kinds: [&past.lock, &lock].map(kinds),
    };
    let is_online = settings.compatible > Compatible::None && project.databases.contains(&Database::Postgresql);
    let is_rolling = is_online && settings.compatible == Compatible::Rolling;
    if is_rolling {
        names::keep(project, &changes, &built);
    }
    let state = State::of(project);
    let prepared = recipes::prepare(&built, &changes, &state, &settings.contract, is_rolling);
    let impact = impact::Impact {
        past,
        lock: &lock,
        built: &built,
        prepared: &prepared,
        changes: &changes,
        new: &state,
        project,
        settings,
        believes_ids: renamed.distrusted.is_none(),
    };
    let mut evolution = rest(&prepared, &changes, &state);
    if is_online {
        evolution = online::online(evolution, &built, settings.compatible, (&state, &prepared.contracted));
    }
    let after = after(&built, evolution.migrations.iter());
    let asked = impact.report(&evolution, &after, report);
    let question = risk::Question {
        past,
        prepared: &prepared,
        changes: &changes,
        project,
        state: &state,
        settings,
        asked: &asked,
        after: &after,
    };
    risk::report(&question, report);
    if let Some((kept, with_id)) = renamed.distrusted {
        report.add(risk::unstable(kept, with_id));
    }
    let extensions = extensions::needed(project, past, &evolution);
    let needs = Needs {
        operations: evolution.needs.operations || there.needs.operations,
        extensions: extensions.is_some() || there.needs.extensions,
        ..there.needs
    };
    Evolution { needs, extensions, ..evolution }
}

/// What the migrations that are there need. What the models need besides is written because of them.
fn needs(past: &Past, core: &str) -> Needs {
    let has = |text: &str| past.migrations.iter().any(|migration| migration.text.contains(text));
    Needs {
        operations: has(&format!("import {core}.operations")),
        indexes: has(&format!("import {core}.indexes")),
        extensions: extensions::are_there(past, core),
        postgresql: has("django.contrib.postgres") || has(&format!("import {core}.indexes")),
    }
}

/// What columns for the kind say.
fn kinds(lock: &Lock) -> Vec<Kind> {
    let all = lock.kinds.iter().map(|entry| Kind {
        model: ModelKey::new(&entry.app, &entry.model).lowered(),
        field: entry.field.clone(),
        value: entry.value.clone(),
    });
    all.collect()
}

/// What leads to rows by content type.
fn generics(project: &Project) -> Vec<Generic> {
    let shapes = shapes(project);
    let all = shapes.iter().flat_map(|shape| {
        let own = shape.line.iter().flat_map(|model| &model.generics);
        own.map(|generic| Generic { holder: shape.key.lowered(), kind: generic.kind.clone(), key: generic.key.clone() })
    });
    all.collect()
}

/// What rows get that are there when a field comes or becomes required: by the model that has the column, and the field.
fn fillings(project: &Project) -> BTreeMap<(ModelKey, String), Expr> {
    let shapes = shapes(project);
    let fields = shapes.iter().flat_map(|shape| shape.stored().map(|field| (shape.key.lowered(), field)));
    let filled = fields.filter_map(|(key, field)| {
        let value = deconstruct::value(project, field.filling.as_ref()?)?;
        Some(((key, field.name.clone()), value))
    });
    filled.collect()
}

/// How many differences are named.
const NAMED: usize = 20;

/// Reports where the migrations of a project that somebody else wrote lead to other models than the diagram.
fn adopt(built: &Built, project: &Project, report: &mut Report) {
    let evolution = next(built, &Changes::default(), project);
    let operations = evolution.migrations.iter().flat_map(|it| it.operations.iter().map(move |step| (&it.app, step)));
    let mut differences: Vec<String> =
        operations.map(|(app, operation)| format!("`{app}`: {}", operation.describe())).collect();
    // What no diagram becomes, and the planner does not look for.
    for model in built.state.models.values() {
        for option in ["unique_together", "index_together", "order_with_respect_to"] {
            let is_set = |value: &Expr| !matches!(value, Expr::None) && *value != Expr::List(Vec::new());
            if model.option(option).is_some_and(is_set) {
                differences.push(format!("`{}`: Remove {option} of {}", model.key.app, model.name));
            }
        }
    }
    let message = match differences.len() {
        0 => return,
        1 => "the migrations that are there do not lead to the diagram: one step is missing".to_owned(),
        many => format!("the migrations that are there do not lead to the diagram: {many} steps are missing"),
    };
    let mut diagnostic = Diagnostic::new(&codes::U1317, message);
    for difference in differences.iter().take(NAMED) {
        diagnostic = diagnostic.note(difference);
    }
    if differences.len() > NAMED {
        diagnostic = diagnostic.note(format!("and {} more", differences.len() - NAMED));
    }
    report.add(diagnostic.help("draw what is there; what is to change comes with the builds that follow"));
}

/// The first migrations of all apps.
pub fn initial(project: &Project, report: &mut Report) -> Evolution {
    let state = State::of(project);
    let nothing = State::before(project.django, &project.user);
    let start = Start { state: &nothing, leaves: &BTreeMap::new() };
    let plan = plan::plan(&start, &state, &[], &BTreeMap::new());
    if let Some(refused) = &plan.refused {
        report.add(not_regenerable(project, refused));
    }
    let mut evolution = plan.evolution;
    lookups::finish(&mut evolution, start.leaves, &nothing, &state);
    let extensions = extensions::needed(project, &Past::default(), &evolution);
    let needs = Needs { extensions: extensions.is_some(), operations: uses_own(&evolution), ..Needs::default() };
    Evolution { needs, extensions, ..evolution }
}

/// The migrations from what was built to the models of `project`.
///
/// First models are renamed, and recipes do what Django would lose rows over. Then comes what Django would write, in up to
/// two steps: fields that were renamed and altered are altered last, because Django would take them for other fields.
pub fn next(built: &Built, changes: &Changes, project: &Project) -> Evolution {
    let state = State::of(project);
    rest(&recipes::prepare(built, changes, &state, &[], false), changes, &state)
}

/// What all migrations add up to after these.
fn after<'a>(built: &Built, migrations: impl Iterator<Item = &'a Migration>) -> State {
    let mut state = built.state.clone();
    for migration in migrations {
        for operation in &migration.operations {
            state.apply(&migration.app, operation);
        }
    }
    state
}

/// What the recipes do, and what is left to do after them.
fn rest(prepared: &Prepared, changes: &Changes, state: &State) -> Evolution {
    let mut evolution = planned(prepared, changes, state);
    let emptied = recipes::emptied(prepared, &evolution, state);
    let prepared = emptied.as_ref().unwrap_or(prepared);
    if emptied.is_some() {
        evolution = planned(prepared, changes, state);
    }
    let rest = evolution.migrations.iter().skip(prepared.evolution.migrations.len());
    let after = after(&prepared.built, rest);
    lookups::finish(&mut evolution, &prepared.built.leaves, &after, state);
    evolution.needs.operations = uses_own(&evolution);
    evolution
}

/// Whether migrations use operations of the project's own.
fn uses_own(evolution: &Evolution) -> bool {
    let mut operations = evolution.migrations.iter().flat_map(|migration| &migration.operations);
    operations.any(crate::django::Operation::is_own)
}

fn planned(prepared: &Prepared, changes: &Changes, state: &State) -> Evolution {
    let (mut at, mut evolution) = (prepared.built.clone(), prepared.evolution.clone());
    let between = plan::renames::without_alterations(&at.state, state, &prepared.renames);
    for (state, renames) in [(&between, prepared.renames.as_slice()), (state, &[])] {
        let start = Start { state: &at.state, leaves: &at.leaves };
        let plan = plan::plan(&start, state, renames, &changes.fillings);
        follow(&mut at, &mut evolution, plan);
    }
    evolution
}

/// Renames of what has a table that migrations know: what was drawn and never built is none.
fn models(renames: Vec<ModelRename>, moves: &[ModelMove], built: &Built) -> Vec<ModelRename> {
    let has = |app: &str, name: &str| built.state.models.contains_key(&ModelKey::new(app, name).lowered());
    let came = |it: &ModelRename| {
        let mut moves = moves.iter().filter(|to| to.to == it.app && to.name == it.old);
        moves.any(|to| has(&to.from, &to.name) && !has(&to.to, &to.name))
    };
    renames.into_iter().filter(|it| has(&it.app, &it.old) || came(it)).collect()
}

fn follow(at: &mut Built, evolution: &mut Evolution, plan: Plan) {
    for migration in plan.evolution.migrations {
        for operation in &migration.operations {
            at.state.apply(&migration.app, operation);
        }
        at.leaves.insert(migration.app.clone(), migration.name.clone());
        evolution.migrations.push(migration);
    }
}

fn not_regenerable(project: &Project, refused: &plan::Refused) -> Diagnostic {
    let apps: Vec<String> = refused.apps.iter().map(|app| format!("`{app}`")).collect();
    let message = format!("`makemigrations` from scratch would refuse apps {}", enumerate(&apps));
    let mut diagnostic = Diagnostic::new(&codes::U1316, message)
        .note("the apps wait for each other's models in an order that Django does not try")
        .help("never delete these migrations to write them again");
    for (number, key) in refused.models.iter().enumerate() {
        let Some(model) = model(project, key) else { continue };
        if number == 0 {
            diagnostic = diagnostic.about(model.origin.element);
        }
        let Some(span) = model.origin.reasons.iter().find_map(|reason| place(&reason.because)) else { continue };
        let text = format!("`{}` waits for another app", model.name);
        diagnostic = if number == 0 { diagnostic.here(span, text) } else { diagnostic.because(span, text) };
    }
    diagnostic
}

fn model<'a>(project: &'a Project, key: &ModelKey) -> Option<&'a crate::django::Model> {
    project.app(&key.app)?.models.iter().find(|model| model.name.to_lowercase() == key.name)
}

fn place(because: &crate::decision::Because) -> Option<Span> {
    match because {
        crate::decision::Because::Tag(span) => Some(*span),
        crate::decision::Because::Setting { at, .. } | crate::decision::Because::Rule { at, .. } => *at,
    }
}

fn enumerate(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
