//! The SQL of migrations against Django's, statement by statement, on a PostgreSQL that all of them are applied to.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use umlaut::django::{Evolution, Migration, ModelKey, Project, State};
use umlaut::sql::Database;

use crate::attributes::every_type;
use crate::migrations::{Evolved, fresh, seeds, write};
use crate::support::compile::{compile_bytes, sample};
use crate::support::{django, postgres::Server, projects, python, root};

/// How many random projects are judged in a usual run.
const CASES: u64 = 6;

/// What Django prints for the projects in a folder.
fn ask(root: &Path) -> Vec<Value> {
    let server = Server::start();
    let url = server.create("judged");
    python::answers("sqlmigrate", root, django(), &[("DATABASE_URL", url.as_str())])
}

/// Whether `theirs` is our line; values of the moment stand in ours as `'<name()>'`.
fn is_same(ours: &str, theirs: &str) -> bool {
    let mut rest = theirs;
    let mut parts = ours.split("'<").enumerate();
    parts.all(|(at, part)| {
        let part = if at == 0 { part } else { part.split_once(">'").map_or(part, |(_, after)| after) };
        if at > 0 {
            let Some(after) = rest.strip_prefix('\'').and_then(|it| it.split_once('\'')) else { return false };
            rest = after.1;
        }
        match rest.strip_prefix(part) {
            Some(after) => {
                rest = after;
                true
            }
            None => false,
        }
    }) && rest.is_empty()
}

/// What is known of a case.
#[derive(Default)]
struct Verdict {
    wrong: Vec<String>,
    statements: usize,
    /// Migrations of which `sqlmigrate` does not see everything that they do.
    blind: usize,
}

/// What differs between our SQL and that of Django, in the order in which Django applies it.
fn differences(migrations: &[&Migration], user: &ModelKey, answer: &Value) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(crash) = answer.get("crash") {
        verdict.wrong.push(format!("crash: {}", crash.as_str().unwrap()));
        return verdict;
    }
    let by_name: BTreeMap<(&str, &str), &Migration> =
        migrations.iter().map(|it| ((it.app.as_str(), it.name.as_str()), *it)).collect();
    let mut database = Database::new(State::before(django(), user));
    for entry in answer["sql"].as_array().unwrap() {
        let [app, name, theirs, printed] = [0, 1, 2, 3].map(|at| entry[at].as_str().unwrap());
        let Some(migration) = by_name.get(&(app, name)) else { continue };
        let ours = database.migrate(migration);
        verdict.blind += usize::from(printed.lines().count() < theirs.lines().count());
        verdict.statements += theirs.lines().filter(|line| !line.starts_with("--")).count();
        if ours.lines().count() == theirs.lines().count()
            && ours.lines().zip(theirs.lines()).all(|(a, b)| is_same(a, b))
        {
            continue;
        }
        let at = ours.lines().zip(theirs.lines()).position(|(our, their)| !is_same(our, their));
        let line = |text: &str| text.lines().nth(at.unwrap_or(usize::MAX)).unwrap_or("(end)").to_owned();
        verdict.wrong.push(format!("{app}.{name}, line {at:?}\nours:   {}\nDjango: {}", line(&ours), line(theirs)));
    }
    verdict
}

fn judge(name: &str, cases: &[(Project, Vec<Evolution>)]) {
    let root = fresh(name);
    for (number, (project, evolutions)) in cases.iter().enumerate() {
        let folder = root.join(format!("{number:04}"));
        let builds: Vec<&Evolution> = evolutions.iter().collect();
        write(&folder, project, &builds, &json!({}));
    }
    let answers = ask(&root);
    assert_eq!(answers.len(), cases.len());
    let (mut all, mut failures) = (Verdict::default(), Vec::new());
    for (case, ((project, evolutions), answer)) in cases.iter().zip(&answers).enumerate() {
        let migrations: Vec<&Migration> = evolutions.iter().flat_map(|evolution| &evolution.migrations).collect();
        let verdict = differences(&migrations, &project.user, answer);
        all.statements += verdict.statements;
        all.blind += verdict.blind;
        all.wrong.extend(verdict.wrong.into_iter().map(|fault| format!("case {case}: {fault}")));
        let failure = answer.get("failure").and_then(Value::as_str);
        failures.extend(failure.map(|it| format!("case {case}: {}", &it[it.len().saturating_sub(400)..])));
    }
    let Verdict { wrong, statements, blind } = all;
    eprintln!(
        "{name}: {statements} lines, {blind} of which `sqlmigrate` sees less; {} cases end early",
        failures.len()
    );
    assert!(wrong.is_empty(), "{} of {statements} lines: {}", wrong.len(), wrong.join("\n"));
    // What PostgreSQL cannot do at all, Django does not do either.
    assert!(failures.len() * 5 <= cases.len(), "{}", failures.join("\n"));
}

#[test]
fn sql_of_first_migrations_is_what_django_prints() {
    let cases: Vec<(Project, Vec<Evolution>)> = seeds(CASES)
        .map(|seed| {
            let project = projects::project(seed);
            let evolution = umlaut::evolve::initial(&project, &mut umlaut::diagnostic::Report::default());
            (project, vec![evolution])
        })
        .collect();
    judge("sql", &cases);
}

#[test]
fn sql_of_changes_is_what_django_prints() {
    let cases: Vec<(Project, Vec<Evolution>)> = seeds(CASES)
        .map(|seed| {
            let evolved = Evolved::of(seed, django());
            (evolved.project, vec![evolved.first, evolved.next])
        })
        .collect();
    judge("sql-changes", &cases);
}

#[test]
fn sql_of_samples_and_of_every_type_is_what_django_prints() {
    let settings = "[project]\ndatabases = [\"postgresql\"]\n";
    // What samples do not have: keys of several columns, columns of words, tables of somebody else's.
    let case = |name: &str| {
        let bytes = fs::read(root().join("tests/cases/project").join(name).join("input.xmi")).expect("there is a case");
        compile_bytes("input.xmi", bytes, Some(settings))
    };
    let outcomes = [
        sample("shop"),
        sample("library"),
        compile_bytes("types.xmi", every_type().into_bytes(), Some(settings)),
        case("composite-keys"),
        case("fulltext"),
        case("external"),
    ];
    let cases: Vec<(Project, Vec<Evolution>)> =
        outcomes.into_iter().map(|outcome| (outcome.project, vec![outcome.evolution])).collect();
    judge("sql-samples", &cases);
}
