//! What the migrations that are there add up to.

mod operations;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::built::Built;
use crate::django::operation::Dependency;
use crate::django::state::State;
use crate::django::{Migration, Operation};
use crate::lock::{Past, PastMigration};
use crate::python::Expr;
use crate::python::read::{self, Class, Fault};
use operations::Reader;

/// Follows the migrations of the project's apps from the state before the first; `None` if that cannot be done, which is reported
/// then.
pub fn replay(past: &Past, mut state: State, report: &mut Report) -> Option<Built> {
    let mut written = Vec::new();
    for migration in &past.migrations {
        match Written::read(migration, &state) {
            Ok(found) => written.extend(found),
            Err(fault) => {
                let path = format!("{}/migrations/{}.py", migration.app, migration.name);
                report.add(foreign(&path, &fault));
                return None;
            }
        }
    }
    let leaves = leaves(&written, report)?;
    for index in in_order(&written) {
        for operation in &written[index].operations {
            state.apply(&written[index].app, operation);
        }
    }
    Some(Built { state, leaves })
}

/// The migrations that are there, each after those that it depends on. What cannot be followed is left out: [`replay`] tells it.
pub fn history(past: &Past, state: &State) -> Vec<Migration> {
    let read = past.migrations.iter().map(|migration| Written::read(migration, state));
    let written: Vec<Written> = read.filter_map(|read| read.ok().flatten()).collect();
    let order = in_order(&written);
    let migrations = order.into_iter().filter_map(|index| written.get(index)).map(|written| Migration {
        app: written.app.clone(),
        name: written.name.clone(),
        initial: written.name == "0001_initial",
        dependencies: written
            .dependencies
            .iter()
            .map(|(app, name)| Dependency::Migration { app: app.clone(), name: name.clone() })
            .collect(),
        operations: written.operations.clone(),
        is_recipe: written.operations.iter().any(Operation::is_own),
    });
    migrations.collect()
}

fn foreign(path: &str, fault: &Fault) -> Diagnostic {
    Diagnostic::new(&codes::U1314, format!("`{path}` cannot be followed: {}", fault.what))
        .note(format!("line {} of the migration", fault.line))
        .note("what the migrations add up to is where the next one begins")
        .help(
            "put what it does to the database into `RunSQL` or `RunPython`, and what it does to the models into \
               the `state_operations` of a `SeparateDatabaseAndState`",
        )
}

/// Operations that change nothing in the models, whatever they are given.
const OPAQUE: &[(&str, &str)] = &[("django.db.migrations", "RunPython"), ("django.db.migrations", "RunSQL")];

/// A migration as far as it matters for the state.
struct Written {
    app: String,
    name: String,
    dependencies: Vec<(String, String)>,
    operations: Vec<Operation>,
}

impl Written {
    /// Reads a file; `None` if it has no migration.
    fn read(migration: &PastMigration, state: &State) -> Result<Option<Self>, Fault> {
        let Some(class) = read::class(&migration.text, "Migration", OPAQUE)? else { return Ok(None) };
        let mut operations = Vec::new();
        if let Some((line, _, Expr::List(items))) = class.attributes.iter().find(|(_, name, _)| name == "operations") {
            let reader = Reader { state, app: &migration.app };
            for item in items {
                reader.operation(item, &mut operations).map_err(|what| Fault { line: *line, what })?;
            }
        }
        Ok(Some(Self {
            app: migration.app.clone(),
            name: migration.name.clone(),
            dependencies: dependencies(&class),
            operations,
        }))
    }
}

fn dependencies(class: &Class) -> Vec<(String, String)> {
    let Some(Expr::List(items)) = class.attribute("dependencies") else { return Vec::new() };
    let pairs = items.iter().filter_map(|item| match item {
        Expr::Tuple(pair) => match pair.as_slice() {
            [Expr::Str(app), Expr::Str(name)] => Some((app.clone(), name.clone())),
            _ => None,
        },
        _ => None,
    });
    pairs.collect()
}

/// The last migration of each app. Two of them are a fork, which only people can join.
fn leaves(written: &[Written], report: &mut Report) -> Option<BTreeMap<String, String>> {
    let followed: BTreeSet<(&str, &str)> = written
        .iter()
        .flat_map(|migration| migration.dependencies.iter().map(move |needed| (migration, needed)))
        .filter(|(migration, (app, _))| *app == migration.app)
        .map(|(_, (app, name))| (app.as_str(), name.as_str()))
        .collect();
    let mut leaves = BTreeMap::new();
    let mut forked = false;
    for migration in written {
        if followed.contains(&(migration.app.as_str(), migration.name.as_str())) {
            continue;
        }
        if let Some(other) = leaves.insert(migration.app.clone(), migration.name.clone()) {
            let (app, name) = (&migration.app, &migration.name);
            let message = format!("`{app}` has two last migrations: `{other}` and `{name}`");
            report.add(
                Diagnostic::new(&codes::U1313, message)
                    .note("they were written on two branches, and the next one can follow one only")
                    .help("run `python manage.py makemigrations --merge`, then build again"),
            );
            forked = true;
        }
    }
    (!forked).then_some(leaves)
}

/// So that each comes after those that it depends on; those of a circle, which Django refuses, as they stand.
fn in_order(written: &[Written]) -> Vec<usize> {
    let places: BTreeMap<(&str, &str), usize> =
        written.iter().enumerate().map(|(at, it)| ((it.app.as_str(), it.name.as_str()), at)).collect();
    let first: BTreeMap<&str, usize> = written
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.dependencies.iter().any(|(app, _)| *app == it.app))
        .map(|(at, it)| (it.app.as_str(), at))
        .collect();
    let mut waiting = vec![0_usize; written.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); written.len()];
    for (at, migration) in written.iter().enumerate() {
        for (app, name) in &migration.dependencies {
            let needed = places.get(&(app.as_str(), name.as_str())).copied();
            let needed = needed.or_else(|| first.get(app.as_str()).copied().filter(|_| name == "__first__"));
            if let Some(needed) = needed.filter(|needed| *needed != at) {
                waiting[at] += 1;
                followers[needed].push(at);
            }
        }
    }
    let mut order: Vec<usize> = (0..written.len()).filter(|&at| waiting[at] == 0).collect();
    let mut next = 0;
    while let Some(&done) = order.get(next) {
        next += 1;
        for &follower in &followers[done] {
            waiting[follower] -= 1;
            if waiting[follower] == 0 {
                order.push(follower);
            }
        }
    }
    order.extend((0..written.len()).filter(|&at| waiting[at] > 0));
    order
}
