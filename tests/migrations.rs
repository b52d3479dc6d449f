//! Migrations against Django: random projects are written to disk, and Django is asked what it would write.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use umlaut::diagnostic::Report;
use umlaut::django::built::{Built, Changes};
use umlaut::django::constraint::IndexKind;
use umlaut::django::{
    App, Base, DjangoVersion, Evolution, Field, FieldKind, ForeignKey, ManyToMany, Migration, Model, ModelKey,
    ModelKind, Operation, Project, State,
};
use umlaut::emit::{Context, Parts, registry};
use umlaut::evolve;
use umlaut::output::FileSet;
use umlaut::python::repr::{Imports, repr};

use crate::support::postgres::Server;
use crate::support::{edits, judge_dir, projects, python};

/// How many random projects are judged in a usual run.
const CASES: u64 = 40;

/// What the emitter called `emitter` writes for a project, and whether we said that Django refuses its migrations.
pub(crate) fn emit(emitter: &str, project: &Project) -> (BTreeMap<String, String>, bool) {
    let mut report = Report::default();
    let evolution = evolve::initial(project, &mut report);
    let files = emit_with(emitter, project, &evolution);
    let refused = report.diagnostics().iter().any(|diagnostic| diagnostic.code.id == "U1316");
    (files, refused)
}

pub(crate) fn emit_with(emitter: &str, project: &Project, evolution: &Evolution) -> BTreeMap<String, String> {
    let mut out = FileSet::default();
    let context = Context { project, evolution, parts: &Parts::default() };
    registry().into_iter().find(|known| known.name() == emitter).unwrap().write(context, &mut out).unwrap();
    out.iter().map(|(path, file)| (path.to_owned(), file.content.clone())).collect()
}

pub(crate) fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The apps of a project that are written by us, its own and the core.
pub(crate) fn labels(project: &Project) -> Vec<&str> {
    project.apps.iter().map(|app| app.label.as_str()).chain([project.core.as_str()]).collect()
}

/// Writes the settings of a project for a judge, and what is `given` beside them.
pub(crate) fn describe(folder: &Path, project: &Project, given: &Value) {
    let mut settings = json!({"apps": labels(project), "user": project.user.dotted()});
    settings.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    put(folder, "project.json", &settings.to_string());
    put(folder, &format!("{}/__init__.py", project.core), "");
}

/// Writes a project for a judge: what describes it, its models as of the last build, and the migrations of each build.
pub(crate) fn write(folder: &Path, project: &Project, builds: &[&Evolution], given: &Value) {
    describe(folder, project, given);
    let models = emit_with("models", project, builds.last().unwrap());
    for (path, text) in builds.iter().flat_map(|build| emit_with("migrations", project, build)).chain(models) {
        put(folder, &path, &text);
    }
}

/// Writes the projects and asks the Django that they are written for about them. The answers stand in the order of the cases.
pub(crate) fn judge(name: &str, cases: &[Project]) -> Vec<Value> {
    judge_on(name, cases, &[])
}

/// The same with this environment: `DATABASE_URL`, where migrations that Django refuses to write are tried.
fn judge_on(name: &str, cases: &[Project], environment: &[(&str, &str)]) -> Vec<Value> {
    let django = cases[0].django;
    let root = fresh(&format!("{name}-{}", django.number()));
    for (number, project) in cases.iter().enumerate() {
        let folder = root.join(format!("{number:04}"));
        write(&folder, project, &[&evolve::initial(project, &mut Report::default())], &json!({}));
    }
    let answers = python::answers("makemigrations", &root, django, environment);
    assert_eq!(answers.len(), cases.len());
    answers
}

/// What Django says about the projects in a folder.
pub(crate) fn ask(root: &Path, django: DjangoVersion) -> Vec<Value> {
    python::answers("makemigrations", root, django, &[])
}

pub(crate) fn fresh(name: &str) -> PathBuf {
    let root = judge_dir().join("migrations").join(name);
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    fs::create_dir_all(&root).unwrap();
    root
}

/// Our files without the first line and without packages, as Django's answer has them.
fn comparable(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files
        .into_iter()
        // Extensions are what no model implies.
        .filter(|(path, _)| !path.ends_with("__init__.py") && !path.ends_with("0001_extensions.py"))
        .map(|(path, text)| (path, text.split_once("\n\n").unwrap().1.to_owned()))
        .collect()
}

/// What is wrong with the project as it stands: what the system checks refuse, and what `makemigrations` would still write. An
/// error if Django could not answer.
fn standing(answer: &Value) -> Result<Vec<String>, String> {
    if let Some(crash) = answer.get("crash") {
        return Err(format!("crash: {}", crash.as_str().unwrap_or_default()));
    }
    let mut faults = Vec::new();
    if answer["errors"] != json!([]) {
        faults.push(format!("the system checks refuse {}", answer["errors"]));
    }
    if answer["pending"] != json!({}) {
        faults.push(format!("changes are left: {}", answer["pending"]));
    }
    Ok(faults)
}

/// What is wrong with our migrations of `project`, judged by Django's answer.
pub(crate) fn faults(project: &Project, answer: &Value) -> Vec<String> {
    let mut faults = match standing(answer) {
        Ok(faults) => faults,
        Err(crash) => return vec![crash],
    };
    let (files, refused) = emit("migrations", project);
    let written: Option<BTreeMap<String, String>> = serde_json::from_value(answer["written"].clone()).unwrap();
    if refused != written.is_none() {
        faults.push(format!("Django refuses: {}; we say so: {refused}", written.is_none()));
    }
    if let Some(written) = written {
        faults.extend(differences(&comparable(files), &written));
    }
    faults
}

fn differences(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> Vec<String> {
    let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    if paths(ours) != paths(theirs) {
        return vec![format!("ours: {:?}; Django's: {:?}", paths(ours), paths(theirs))];
    }
    let differing = ours.iter().filter(|(path, text)| **text != theirs[*path]);
    differing
        .map(|(path, text)| {
            let line = text.lines().zip(theirs[path].lines()).position(|(our, their)| our != their);
            let at = |text: &str| line.and_then(|line| text.lines().nth(line)).unwrap_or("(end)").to_owned();
            format!("{path}, line {line:?}\nours:   {}\nDjango: {}", at(text), at(&theirs[path]))
        })
        .collect()
}

/// `UMLAUT_SEEDS=1000..2000` looks further than a test run should take.
pub(crate) fn seeds(usual: u64) -> Range<u64> {
    let seeds = std::env::var("UMLAUT_SEEDS").ok().and_then(|range| {
        let (first, end) = range.split_once("..")?;
        Some(first.parse().ok()?..end.parse().ok()?)
    });
    seeds.unwrap_or(0..usual)
}

fn random_projects(django: DjangoVersion) {
    let seeds = seeds(CASES);
    let cases: Vec<Project> = seeds.clone().map(|seed| Project { django, ..projects::project(seed) }).collect();
    // Some have columns that only PostgreSQL has.
    let server = Server::start();
    let answers = judge_on("random", &cases, &[("DATABASE_URL", &server.create("judged"))]);
    let mut wrong = Vec::new();
    let mut refused = 0;
    for ((seed, project), answer) in seeds.zip(&cases).zip(&answers) {
        refused += usize::from(answer["written"].is_null());
        wrong.extend(faults(project, answer).into_iter().map(|fault| format!("seed {seed}: {fault}")));
    }
    assert!(wrong.is_empty(), "{} faults, such as\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    // Of a few, it may refuse all.
    assert!(refused < cases.len() / 4 || cases.len() < 8, "Django refuses {refused} of {} projects", cases.len());
}

#[test]
fn migrations_of_random_projects_are_what_django_writes() {
    random_projects(DjangoVersion::V6_1);
}

#[test]
fn migrations_of_random_projects_are_what_django_5_2_writes() {
    random_projects(DjangoVersion::V5_2);
}

/// The migrations of a project before it was edited, and those that follow; how many steps the latter are.
pub(crate) struct Evolved {
    pub(crate) project: Project,
    changes: Changes,
    pub(crate) first: Evolution,
    pub(crate) next: Evolution,
}

impl Evolved {
    pub(crate) fn of(seed: u64, django: DjangoVersion) -> Self {
        let before = Project { django, ..projects::portable(seed) };
        let (project, changes) = edits::edited(seed);
        let project = Project { django, ..project };
        let first = evolve::initial(&before, &mut Report::default());
        let leaves = first.migrations.iter().map(|migration| (migration.app.clone(), migration.name.clone())).collect();
        let built = Built { state: State::of(&before), leaves };
        let mut next = evolve::next(&built, &changes, &project);
        let mut indexes = before.models().flat_map(|model| &model.meta.indexes);
        next.needs.indexes = indexes.any(|index| index.kind == IndexKind::PortableTrigram);
        Self { project, changes, first, next }
    }

    /// Our migrations of the last step: those that only rename stand before it.
    fn last(&self) -> Vec<&Migration> {
        let renames = |migration: &&Migration| {
            migration.operations.iter().all(|operation| matches!(operation, Operation::RenameModel { .. }))
        };
        self.next.migrations.iter().filter(|migration| !renames(migration)).collect()
    }

    /// Whether we write something else than Django: a field was renamed and altered, which Django takes for another field, or a
    /// column is computed otherwise, which Django cannot alter.
    fn is_beyond_django(&self) -> bool {
        let is_made_anew = self.next.migrations.iter().any(|migration| {
            migration.operations.iter().any(|removed| match removed {
                Operation::RemoveField { model, field } => migration.operations.iter().any(|added| match added {
                    Operation::AddField { model: other, field: added, .. } => {
                        // Django 5.2 lets links lead to other rows when they get another target.
                        let is_kept = self.project.django == DjangoVersion::V6_1 && added.is_many_to_many();
                        model == other && *field == added.name && !is_kept
                    }
                    _ => false,
                }),
                _ => false,
            })
        });
        // Values of another type are copied.
        if is_made_anew || self.last().iter().any(|migration| migration.is_recipe) {
            return true;
        }
        let is_renamed = |app: &str, model: &str, field: &str| {
            let renames = self.changes.fields.iter();
            renames.filter(|rename| rename.new == field).any(|rename| rename.model == ModelKey::new(app, model))
        };
        self.next.migrations.iter().any(|migration| {
            migration.operations.iter().any(|operation| match operation {
                Operation::AlterField { model, field, .. } => is_renamed(&migration.app, model, &field.name),
                _ => false,
            })
        })
    }

    /// What was the last migration of each app before.
    fn before(&self) -> Vec<(String, String)> {
        let mut leaves: BTreeMap<String, String> =
            self.project.apps.iter().map(|app| (app.label.clone(), "zero".to_owned())).collect();
        leaves.extend(self.first.migrations.iter().map(|it| (it.app.clone(), it.name.clone())));
        leaves.into_iter().collect()
    }

    pub(crate) fn write(&self, folder: &Path) {
        let text = |value| repr(value, &mut Imports::default());
        let fillings = &self.changes.fillings;
        let fillings: BTreeMap<String, String> =
            fillings.iter().map(|((model, field), value)| (format!("{}.{field}", model.name), text(value))).collect();
        let renames: Vec<[&str; 3]> =
            self.changes.fields.iter().map(|it| [it.model.name.as_str(), it.old.as_str(), it.new.as_str()]).collect();
        let given = json!({
            "last": self.last().iter().map(|it| [&it.app, &it.name]).collect::<Vec<_>>(),
            "before": self.before(),
            "fillings": fillings,
            "renames": renames,
        });
        write(folder, &self.project, &[&self.first, &self.next], &given);
    }

    fn faults(&self, answer: &Value) -> Vec<String> {
        let mut faults = match standing(answer) {
            Ok(faults) => faults,
            Err(crash) => return vec![crash],
        };
        if let Some(failure) = answer.get("failure") {
            faults.push(format!("they do not run: {}", failure.as_str().unwrap_or_default()));
        }
        if self.is_beyond_django() {
            faults.extend(answer.get("stuck").map(|stuck| format!("they cannot be taken back: {stuck}")));
            return faults;
        }
        // Where Django would have written the same, it is not ours to make them go backwards: SQLite cannot bring back a table
        // whose key is a relation.
        let last = Evolution { migrations: self.last().into_iter().cloned().collect(), ..Evolution::default() };
        let ours = comparable(emit_with("migrations", &self.project, &last));
        let written: Option<BTreeMap<String, String>> = serde_json::from_value(answer["written"].clone()).unwrap();
        let differences: Vec<String> = written.into_iter().flat_map(|written| differences(&ours, &written)).collect();
        // Where no database takes what Django writes, something else is right.
        if answer["refused"].is_null() {
            faults.extend(differences);
        }
        faults
    }
}

fn random_changes(django: DjangoVersion) {
    let seeds = seeds(CASES);
    let cases: Vec<Evolved> = seeds.clone().map(|seed| Evolved::of(seed, django)).collect();
    let root = fresh(&format!("changes-{}", django.number()));
    for (number, case) in cases.iter().enumerate() {
        case.write(&root.join(format!("{number:04}")));
    }
    let answers = ask(&root, django);
    assert_eq!(answers.len(), cases.len());
    let mut wrong = Vec::new();
    for ((seed, case), answer) in seeds.zip(&cases).zip(&answers) {
        wrong.extend(case.faults(answer).into_iter().map(|fault| format!("seed {seed}: {fault}")));
    }
    assert!(wrong.is_empty(), "{} faults, such as\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
}

#[test]
fn migrations_of_random_changes_are_what_django_writes() {
    random_changes(DjangoVersion::V6_1);
}

#[test]
fn migrations_of_random_changes_are_what_django_5_2_writes() {
    random_changes(DjangoVersion::V5_2);
}

/// A model of `bases` with `fields`.
fn model(name: &str, kind: ModelKind, bases: &[ModelKey], fields: Vec<Field>) -> Model {
    let mut model = projects::model(name, kind);
    model.bases = bases.iter().cloned().map(Base::Model).collect();
    model.fields = fields;
    model
}

fn table(name: &str, bases: &[ModelKey], fields: Vec<Field>) -> Model {
    model(name, ModelKind::Concrete, bases, fields)
}

fn mixin(name: &str, bases: &[ModelKey], fields: Vec<Field>) -> Model {
    model(name, ModelKind::Abstract, bases, fields)
}

fn text(name: &str) -> Field {
    projects::field(name, FieldKind::Text)
}

fn to(name: &str, target: &ModelKey) -> Field {
    projects::field(name, FieldKind::ForeignKey(projects::key(target, "+")))
}

fn one_to_one(name: &str, target: &ModelKey, primary_key: bool, parent_link: bool) -> Field {
    let key = Box::new(ForeignKey { parent_link, ..*projects::key(target, "+") });
    Field { primary_key, ..projects::field(name, FieldKind::OneToOne(key)) }
}

fn many(name: &str, target: &ModelKey) -> Field {
    let relation = ManyToMany {
        to: target.clone(),
        through: None,
        through_fields: None,
        related_name: Some(format!("{name}_of_%(class)s")),
        symmetrical: None,
        db_table: None,
    };
    projects::field(name, FieldKind::ManyToMany(Box::new(relation)))
}

/// The project of these apps with an `accounts.User` of our own.
fn with_user(shared: Vec<Model>, mut apps: Vec<App>) -> Project {
    let mut user = projects::model("User", ModelKind::Concrete);
    user.bases = vec![Base::AbstractUser];
    apps.push(projects::app("accounts", vec![user]));
    apps.sort_by(|left, right| left.label.cmp(&right.label));
    projects::of(ModelKey::new("accounts", "User"), shared, apps)
}

#[test]
fn migrations_of_hard_cases_are_what_django_writes() {
    let a = |name: &str| ModelKey::new("a", name);
    let b = |name: &str| ModelKey::new("b", name);
    let core = |name: &str| ModelKey::new("core", name);
    let user = ModelKey::new("accounts", "User");
    let one_app = |models| with_user(vec![], vec![projects::app("a", models)]);
    let cases: Vec<(&str, Project)> = vec![
        (
            "an abstract class between two tables",
            one_app(vec![
                table("Person", &[], vec![text("name")]),
                mixin("Worker", &[a("Person")], vec![text("skill"), many("friends", &a("Person"))]),
                table("Cook", &[a("Worker")], vec![text("dish")]),
                table("Chef", &[a("Cook")], vec![]),
            ]),
        ),
        (
            "a diamond of abstract classes with a field that is replaced",
            one_app(vec![
                mixin("Top", &[], vec![text("name"), text("note")]),
                mixin("Left", &[a("Top")], vec![text("left")]),
                mixin("Right", &[a("Top")], vec![projects::field("note", FieldKind::Integer), text("right")]),
                table("Bottom", &[a("Right"), a("Left")], vec![projects::field("name", FieldKind::Uuid)]),
                table("Other", &[a("Left"), a("Right")], vec![]),
            ]),
        ),
        (
            "options that come through a table from an abstract class",
            one_app(vec![
                mixin("Named", &[], vec![text("name")]),
                table("Thing", &[a("Named")], vec![]),
                table("Tool", &[a("Thing")], vec![]),
            ]),
        ),
        (
            "a parent link and a primary key from abstract classes",
            one_app(vec![
                table("Place", &[], vec![]),
                mixin("Placed", &[], vec![one_to_one("place", &a("Place"), false, true)]),
                table("Shop", &[a("Placed"), a("Place")], vec![text("sign")]),
                mixin("Keyed", &[], vec![Field { primary_key: true, ..projects::field("code", FieldKind::Uuid) }]),
                table("Coin", &[a("Keyed")], vec![text("face")]),
            ]),
        ),
        (
            "several parents in another app, and shared classes",
            with_user(
                vec![mixin("Dated", &[], vec![text("day")]), mixin("Audited", &[core("Dated")], vec![to("by", &user)])],
                vec![
                    projects::app(
                        "b",
                        vec![
                            table("Asset", &[], vec![text("label")]),
                            table(
                                "Insured",
                                &[],
                                vec![Field { primary_key: true, ..projects::field("insured_id", FieldKind::BigAuto) }],
                            ),
                        ],
                    ),
                    projects::app(
                        "a",
                        vec![table("Truck", &[core("Audited"), b("Asset"), b("Insured")], vec![text("load")])],
                    ),
                ],
            ),
        ),
        (
            "children and keys of the user",
            one_app(vec![
                table("Tutor", std::slice::from_ref(&user), vec![text("room")]),
                table("Profile", &[], vec![one_to_one("user", &user, true, false), to("tutor", &a("Tutor"))]),
                table("Circle", &[], vec![many("members", &user), to("self_made", &a("Circle"))]),
            ]),
        ),
        ("a shared class above the user, in a circle of apps", {
            let mut member = table("Member", &[core("Dated")], vec![to("club", &a("Club")), text("email")]);
            member.bases.push(Base::AbstractUser);
            projects::of(
                b("Member"),
                vec![mixin("Dated", &[], vec![text("day")])],
                vec![
                    projects::app("a", vec![table("Club", &[], vec![to("head", &b("Member"))])]),
                    projects::app("b", vec![member]),
                ],
            )
        }),
        (
            "apps whose tables wait for each other in an order that Django does not try",
            with_user(
                vec![],
                vec![
                    projects::app(
                        "a",
                        vec![table("A1", &[], vec![one_to_one("b", &b("B2"), true, false)]), table("A2", &[], vec![])],
                    ),
                    projects::app(
                        "b",
                        vec![table("B1", &[], vec![one_to_one("a", &a("A2"), true, false)]), table("B2", &[], vec![])],
                    ),
                ],
            ),
        ),
        ("an app without models", one_app(vec![])),
        ("an app with abstract models only", one_app(vec![mixin("Named", &[], vec![text("name")])])),
    ];
    let answers = judge("hard", &cases.iter().map(|(_, project)| project.clone()).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for ((name, project), answer) in cases.iter().zip(&answers) {
        wrong.extend(faults(project, answer).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let refused: Vec<usize> = (0..cases.len()).filter(|&case| answers[case]["written"].is_null()).collect();
    assert_eq!(refused, [7]);
    let mut report = Report::default();
    evolve::initial(&cases[7].1, &mut report);
    let [diagnostic] = report.diagnostics() else { panic!("{report:?}") };
    assert_eq!(diagnostic.message, "`makemigrations` from scratch would refuse apps `a` and `b`");
    let (files, _) = emit("migrations", &cases[8].1);
    assert_eq!(files.keys().filter(|path| path.starts_with("a/")).collect::<Vec<_>>(), ["a/migrations/__init__.py"]);
}
