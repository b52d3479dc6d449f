//! Rows while random projects change: a project is migrated, gets rows, is edited and built again with the settings that the compiler
//! asks for, and migrated on and back, on SQLite and on PostgreSQL. `UMLAUT_SEEDS=1000..2000` looks further than a test run should take.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use umlaut::account::{Element, ElementKind, Elements, Met};
use umlaut::diagnostic::{Level, Report};
use umlaut::django::built::Changes;
use umlaut::django::field;
use umlaut::django::project::Database;
use umlaut::django::{Evolution, ModelKey, Project, State};
use umlaut::evolve;
use umlaut::lock::{FILE, Lock, Past};
use umlaut::python::repr::{Imports, repr};
use umlaut::settings::{self, Compatible};
use umlaut::source::{Sources, Span};

use crate::migrations::{emit_with, fresh, seeds, write};
use crate::support::postgres::Server;
use crate::support::{django, edits, projects, python, say};

/// How many random projects change in a usual run, on each database.
const CASES: u64 = 6;

/// What other servers do meanwhile, by seed.
const COMPATIBLE: [Compatible; 3] = [Compatible::None, Compatible::Restart, Compatible::Rolling];

/// A project, what it becomes, and what is known about it.
struct Case {
    project: Project,
    changes: Changes,
    first: Evolution,
    next: Evolution,
    /// Model paths of what may be lost, as the compiler named them.
    announced: Vec<String>,
    /// Names in Django of what the models do not have any more and the database keeps.
    left: Vec<String>,
    /// Codes of what cannot be done.
    refused: Vec<&'static str>,
    /// Names of models with tables and of their fields before the change, by their path.
    before: Lock,
}

/// Gives what was drawn the ids that it had before it was called otherwise.
fn identify(project: &mut Project, changes: &Changes) -> Elements {
    let mut elements = Elements::default();
    let span = Span::new(Sources::default().add("sample.xmi", ""), 0..0);
    let mut enter = |kind, owner: Option<Element>, name: &str, id: &str| {
        elements.enter(Met { id: Some(id), name: Some(name), owner, ..Met::new(kind, span) })
    };
    let core = project.core.clone();
    let shared = std::iter::once((core.as_str(), &mut project.shared));
    for (label, models) in shared.chain(project.apps.iter_mut().map(|app| (app.label.as_str(), &mut app.models))) {
        let package = enter(ElementKind::Package, None, label, label);
        for model in models {
            let key = ModelKey::new(label, &model.name).lowered();
            let renamed = changes.models.iter().find(|it| it.app == label && it.new == model.name);
            let id = format!("{label}.{}", renamed.map_or(&model.name, |it| &it.old));
            let class = enter(ElementKind::Class, Some(package), &model.name, &id);
            model.origin.element = class;
            for field in &mut model.fields {
                let renamed = changes.fields.iter().find(|it| it.model == key && it.new == field.name);
                let id = format!("{id}.{}", renamed.map_or(&field.name, |it| &it.old));
                field.origin.element = enter(ElementKind::Attribute, Some(class), &field.name, &id);
                let filling = changes.fillings.get(&(key.clone(), field.name.clone()));
                field.filling = filling.cloned().map(|value| Box::new(field::Value::Expr(value)));
            }
        }
    }
    elements
}

impl Case {
    fn of(seed: u64) -> Self {
        let databases = vec![Database::Sqlite, Database::Postgresql];
        let mut before = Project { databases: databases.clone(), ..projects::portable(seed) };
        let elements = identify(&mut before, &Changes::default());
        let first = evolve::initial(&before, &mut Report::default());
        let lock = Lock::of(&before, &elements);
        let files = emit_with("migrations", &before, &first).into_iter();
        let past = Past::of(files.chain([(FILE.to_owned(), lock.print())]));

        let (project, changes) = edits::edited(seed);
        let mut project = Project { databases, ..project };
        let elements = identify(&mut project, &changes);
        let compatible = COMPATIBLE[usize::try_from(seed % 3).unwrap()];
        let mut settings = settings::Evolution { compatible, ..settings::Evolution::default() };
        let mut report = Report::default();
        evolve::evolve(&past, &mut project, &elements, &settings, &mut report);
        settings.accept = listed(&report, "accept");
        let mut report = Report::default();
        let next = evolve::evolve(&past, &mut project, &elements, &settings, &mut report);
        let errors = report.diagnostics().iter().filter(|it| it.level == Level::Error);
        let refused = errors.map(|it| it.code.id).collect();
        Self {
            project,
            changes,
            first,
            next,
            announced: settings.accept,
            left: listed(&report, "contract"),
            refused,
            before: lock,
        }
    }

    /// What must be there afterwards: models and their fields as they were, and what they are called then.
    fn kept(&self) -> Value {
        let is_kept = |path: &String| !self.announced.contains(path);
        let state = State::of(&self.project);
        let mut models = BTreeMap::new();
        for model in self.before.models.iter().filter(|it| is_kept(&it.path)) {
            let renamed = self.changes.models.iter().find(|it| it.app == model.app && it.old == model.name);
            let name = renamed.map_or(&model.name, |it| &it.new);
            let now = format!("{}.{name}", model.app);
            let key = ModelKey::new(&model.app, name).lowered();
            // Under `rolling` the database keeps more than models can ask for.
            let drawn = state.models.get(&key);
            if drawn.is_none() && self.left.contains(&now) {
                continue;
            }
            let is_left = |field: &str| {
                let is_drawn = drawn.and_then(|drawn| drawn.field(self.changes.field(&key, field)?)).is_some();
                !is_drawn
                    && [format!("{now}.{field}"), format!("{now}_{field}_link")].iter().any(|it| self.left.contains(it))
            };
            let fields = self.before.fields.iter().filter(|it| it.app == model.app && it.model == model.name);
            let fields: BTreeMap<&str, Option<&str>> = fields
                .filter(|it| is_kept(&it.path) && !is_left(&it.name))
                .map(|it| (it.name.as_str(), self.changes.field(&key, &it.name)))
                .collect();
            models.insert(format!("{}.{}", model.app, model.name), json!({"now": now, "fields": fields}));
        }
        json!(models)
    }

    fn write(&self, folder: &Path) {
        let leaves: BTreeMap<&str, &str> =
            self.first.migrations.iter().map(|it| (it.app.as_str(), it.name.as_str())).collect();
        let fillings: BTreeMap<String, String> =
            self.changes.fillings.iter().fold(BTreeMap::new(), |mut all, entry| {
                let ((model, field), value) = entry;
                all.insert(format!("{}.{}.{field}", model.app, model.name), repr(value, &mut Imports::default()));
                all
            });
        let apps = self.project.apps.iter().map(|app| app.label.as_str());
        let before: Vec<[&str; 2]> = apps.map(|app| [app, leaves.get(app).copied().unwrap_or("zero")]).collect();
        let given = json!({
            "before": before,
            "kept": self.kept(),
            "fillings": fillings,
        });
        write(folder, &self.project, &[&self.first, &self.next], &given);
    }
}

/// What the compiler tells to write into this list of the settings.
fn listed(report: &Report, name: &str) -> Vec<String> {
    let start = format!("{name} = [");
    let helps = report.diagnostics().iter().flat_map(|it| &it.help);
    let lists = helps.filter_map(|help| help.split_once(&start)?.1.split_once(']'));
    lists
        .flat_map(|(list, _)| list.split(", ").map(|path| path.trim_matches('"').to_owned()).collect::<Vec<_>>())
        .collect()
}

fn judge(name: &str, url: &str) {
    let root = fresh(&format!("rows-{name}-{}", django().number()));
    let (mut seeds_of, mut refused) = (Vec::new(), BTreeMap::new());
    let (mut all, mut tried) = (0, 0);
    for seed in seeds(CASES) {
        let case = Case::of(seed);
        tried += 1;
        if case.refused.is_empty() {
            case.write(&root.join(format!("{seed:06}")));
            seeds_of.push(seed);
        }
        for code in case.refused {
            *refused.entry(code).or_insert(0) += 1;
        }
    }
    let answers = python::answers("rows", &root, django(), &[("DATABASE_URL", url)]);
    assert_eq!(answers.len(), seeds_of.len());
    let mut wrong = Vec::new();
    let (mut rows, mut back) = (0, 0);
    for answer in &answers {
        all += answer["tables"].as_u64().unwrap_or_default();
        rows += answer["rows"].as_u64().unwrap_or_default();
        back += u64::from(answer["back"] == json!(true));
        let faults = answer["faults"].as_array().into_iter().flatten().chain(answer.get("crash"));
        wrong.extend(faults.map(|fault| format!("seed {}: {}", answer["case"], fault.as_str().unwrap())));
    }
    say(&format!(
        "{name}: {tried} projects, refused {refused:?}; {all} tables with {rows} rows in {} that were migrated, {back} also back\n",
        answers.len()
    ));
    assert!(wrong.is_empty(), "{} faults, such as\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
    assert!(rows > 4 * tried && answers.len() * 3 > usize::try_from(tried).unwrap(), "too little is judged");
}

#[test]
fn rows_survive_random_changes_on_sqlite() {
    judge("sqlite", "sqlite:///:memory:");
}

#[test]
fn rows_survive_random_changes_on_postgresql() {
    let server = Server::start();
    judge("postgresql", &server.create("judged"));
}
