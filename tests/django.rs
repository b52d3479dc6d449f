//! The judge: what Django, pytest, ruff and the migration oracle say about a generated project.
//!
//! Each function takes the project's folder, leaves nothing in it, and fails the test with all that was printed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use umlaut::account::{ElementKind, Elements, Met};
use umlaut::diagnostic::Report;
use umlaut::django::project::{Database, ModelKey};
use umlaut::django::{DjangoVersion, Project};
use umlaut::emit::{Context, Parts, registry};
use umlaut::evolve;
use umlaut::output::{FileSet, disk, plan};
use umlaut::source::{Sources, Span};

use crate::support::postgres::Server;
use crate::support::python::{asked_for, command, python, python_of, try_python};
use crate::support::{projects, root, say};

/// What production needs to be told; a key that Django's own check finds long and varied enough.
const PRODUCTION: [(&str, &str); 3] = [
    ("DJANGO_SETTINGS_MODULE", "config.settings.production"),
    ("SECRET_KEY", "x7-only-for-the-judge-9q2w8e3r5t1y6u4i0o-plmkoijnbhuygvcft"),
    ("ALLOWED_HOSTS", "shop.example.com"),
];

/// Everything there is to say about a project, quickest first. PostgreSQL is asked if a server is given.
///
/// `with_tests` says whether the project has tests of its own.
pub fn judge(dir: &Path, with_tests: bool, postgres: Option<&Server>) {
    check(dir);
    check_deploy(dir);
    requirements(dir);
    makemigrations(dir);
    ruff(dir);
    migrate(dir);
    serves(dir, &["/admin/login/"]);
    if with_tests {
        pytest(dir, None);
    }
    oracle(dir, postgres);
}

/// `manage.py check` under the settings for development.
pub fn check(dir: &Path) {
    let (_folder, url) = database();
    python(&["manage.py", "check", "--fail-level", "WARNING"], dir, &[("DATABASE_URL", &url)]);
}

/// `manage.py check --deploy` under the production settings; without its secrets production does not start.
pub fn check_deploy(dir: &Path) {
    let args = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"];
    python(&args, dir, &PRODUCTION);
    for name in ["SECRET_KEY", "ALLOWED_HOSTS"] {
        let others: Vec<_> = PRODUCTION.into_iter().filter(|(other, _)| *other != name).collect();
        let output = try_python(&args, dir, &others);
        assert!(!output.status.success(), "production starts without {name}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(name), "production does not say that {name} is missing:\n{said}");
    }
}

/// What the project says it needs is what it is judged with: `pip install -r` has nothing to install.
pub fn requirements(dir: &Path) {
    for file in ["requirements.txt", "requirements-dev.txt"] {
        let pip = ["-m", "pip", "install", "--quiet", "--no-index", "--dry-run", "--no-input", "-r", file];
        python(&pip, dir, &[]);
    }
}

/// The migrations are those of the models.
pub fn makemigrations(dir: &Path) {
    // Django asks the database whether its history is consistent.
    let (_folder, url) = database();
    python(&["manage.py", "makemigrations", "--check", "--dry-run"], dir, &[("DATABASE_URL", &url)]);
}

/// The same with the history in the database at `url`.
pub fn makemigrations_on(dir: &Path, url: &str) {
    python(&["manage.py", "makemigrations", "--check", "--dry-run"], dir, &[("DATABASE_URL", url)]);
}

/// `manage.py migrate` on an empty SQLite database.
pub fn migrate(dir: &Path) {
    let (_folder, url) = database();
    python(&["manage.py", "migrate", "--verbosity", "0"], dir, &[("DATABASE_URL", &url)]);
}

/// The project's own tests, on SQLite in memory or on the database at `url`. Fails if there is none.
pub fn pytest(dir: &Path, url: Option<&str>) -> Output {
    let envs: Vec<_> = url.map(|url| ("DATABASE_URL", url)).into_iter().collect();
    python(&["-m", "pytest", "-q", "-p", "no:cacheprovider"], dir, &envs)
}

/// `ruff check` and `ruff format --check`, by the configuration of the project.
pub fn ruff(dir: &Path) {
    // The project may lie in a folder that git ignores.
    python(&["-m", "ruff", "check", "--quiet", "--no-respect-gitignore", "."], dir, &[]);
    python(&["-m", "ruff", "format", "--check", "--diff", "--quiet", "--no-respect-gitignore", "."], dir, &[]);
}

/// The migration oracle: migrations are byte for byte what Django writes, lead to the schema of the models and back.
///
/// Says so on stderr and goes on where the oracle is not: it is no part of this repository.
pub fn oracle(dir: &Path, postgres: Option<&Server>) {
    let path = root().join("../shared/tools/migration_oracle/oracle.py");
    if !path.is_file() {
        let (path, dir) = (path.display(), dir.display());
        say(&format!("NOT JUDGED: {path} is not there, migrations of {dir} were not compared\n"));
        return;
    }
    let (path, url) = (path.to_string_lossy().into_owned(), postgres.map(|server| server.url("postgres")));
    let django = asked_for(dir);
    let dir = dir.to_string_lossy().into_owned();
    let mut args = vec![path.as_str(), "check", dir.as_str()];
    // Rows that every database has are made behind what Django writes.
    if Path::new(&dir).join("core/operations.py").is_file() {
        args.push("--allow-later");
    }
    if let Some(url) = &url {
        args.extend(["--database-url", url]);
    }
    python_of(django, &args, root(), &[]);
}

/// `manage.py migrate` and `runserver`, as the README of the project says; each address answers with 200.
pub fn serves(dir: &Path, addresses: &[&str]) {
    let (_folder, url) = database();
    let envs = [("DATABASE_URL", url.as_str())];
    python(&["manage.py", "migrate", "--verbosity", "0"], dir, &envs);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = format!("127.0.0.1:{port}");
    let mut command = command(&["manage.py", "runserver", "--noreload", &place], dir, &envs);
    let mut server = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let started = Instant::now();
    while TcpStream::connect(&place).is_err() {
        let ended = server.0.try_wait().unwrap();
        assert!(ended.is_none(), "runserver ended with {ended:?}");
        assert!(started.elapsed() < Duration::from_secs(60), "runserver does not answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    for address in addresses {
        let mut stream = TcpStream::connect(&place).unwrap();
        write!(stream, "GET {address} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{address} answers\n{answer}");
    }
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A folder outside the project, and the address of a database in it.
fn database() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}", folder.path().join("db.sqlite3").display());
    (folder, url)
}

/// Everything below a folder, so that a judge that left something behind shows.
fn listing(dir: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![dir.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Writes `project` by all emitters that `wanted` names.
fn write(project: &Project, dir: &Path, wanted: impl Fn(&str) -> bool) {
    let emitters: Vec<_> = registry().into_iter().filter(|emitter| wanted(emitter.name())).collect();
    let (mut parts, mut files, mut report) = (Parts::default(), FileSet::default(), Report::default());
    let evolution = evolve::initial(project, &mut report);
    for emitter in &emitters {
        emitter.contribute(project, &mut parts);
    }
    for emitter in &emitters {
        emitter.write(Context { project, evolution: &evolution, parts: &parts }, &mut files).unwrap();
    }
    let plan = plan::plan(&files, &disk::read_previous(dir, &files).unwrap(), &elements(), &mut report);
    assert!(report.is_sound(), "{:?}", report.diagnostics());
    disk::write(dir, &plan).unwrap();
}

/// The one element that everything in projects without a diagram comes from.
fn elements() -> Elements {
    let (mut elements, source) = (Elements::default(), Sources::default().add("sample.xmi", ""));
    let span = Span::new(source, 0..0);
    elements.enter(Met::new(ElementKind::Model, span));
    elements
}

/// The shell of a project without any model.
fn shell(dir: &Path, django: DjangoVersion) {
    let project = Project {
        name: "empty".to_owned(),
        title: "Empty".to_owned(),
        doc: Some("Nothing is in it.".to_owned()),
        source_name: "empty.xmi".to_owned(),
        django,
        databases: vec![Database::Sqlite, Database::Postgresql],
        user: ModelKey::new("auth", "User"),
        core: "core".to_owned(),
        accounts: None,
        shared: vec![],
        apps: vec![],
        notes: vec!["It is a test.".to_owned()],
    };
    write(&project, dir, |emitter| emitter == "project");
}

#[test]
fn the_shell_alone_is_a_project_that_runs() {
    for django in DjangoVersion::ALL {
        let temp = tempfile::tempdir().unwrap();
        shell(temp.path(), django);
        let before = listing(temp.path());
        judge(temp.path(), false, None);
        assert_eq!(listing(temp.path()), before, "the judge left something behind");
    }
}

#[test]
fn the_shell_alone_is_ready_for_production() {
    let server = Server::start();
    for django in DjangoVersion::ALL {
        let temp = tempfile::tempdir().unwrap();
        shell(temp.path(), django);
        let url = server.create(&format!("production_{}", django.number().replace('.', "_")));
        let mut envs = PRODUCTION.to_vec();
        envs.extend([("DATABASE_URL", url.as_str()), ("SMTP_HOST", "mail.example.com")]);
        python(&["manage.py", "migrate", "--verbosity", "0"], temp.path(), &envs);
        python(&["manage.py", "collectstatic", "--no-input", "--verbosity", "0"], temp.path(), &envs);
        let script = "import django; django.setup(); from django.test import Client; from django.core import mail; \
            answer = Client().get('/admin/login/', headers={'host': 'shop.example.com'}, secure=True); \
            assert answer.status_code == 200, answer; \
            assert answer.get('Content-Security-Policy', \"default-src 'self'\").startswith(\"default-src 'self'\"); \
            assert ('Content-Security-Policy' in answer) == (django.VERSION >= (6, 0)); \
            assert answer['Strict-Transport-Security']; \
            sender = mail.mailers['default'] if django.VERSION >= (6, 1) else mail.get_connection(); \
            assert (sender.host, sender.port, sender.use_tls) == ('mail.example.com', 587, True), vars(sender)";
        python(&["-c", script], temp.path(), &envs);
    }
}

#[test]
fn the_judge_is_strict() {
    let spoil = |path: &str, from: &str, to: &str, verdict: fn(&Path)| {
        let temp = tempfile::tempdir().unwrap();
        shell(temp.path(), DjangoVersion::default());
        let path = temp.path().join(path);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not there");
        std::fs::write(&path, text.replace(from, to)).unwrap();
        let caught = std::panic::catch_unwind(|| verdict(temp.path()));
        assert!(caught.is_err(), "nobody minds {to} in {}", path.display());
    };
    spoil("config/urls.py", "\"admin/\"", "'admin/'", ruff);
    spoil("config/urls.py", "import path", "import path, reverse", ruff);
    spoil("config/settings/base.py", "\"django.contrib.messages\",", "", check);
    spoil(
        "config/settings/production.py",
        "SESSION_COOKIE_SECURE = True",
        "SESSION_COOKIE_SECURE = False",
        check_deploy,
    );
    spoil("requirements.txt", "django~=6.1.3", "django~=6.2.0", requirements);
    spoil("config/urls.py", "admin.site.urls", "[]", |dir| serves(dir, &["/admin/login/"]));
}

#[test]
fn a_random_project_passes_the_judge() {
    let (temp, server) = (tempfile::tempdir().unwrap(), Server::start());
    write(&projects::project(4), temp.path(), |_| true);
    judge(temp.path(), false, Some(&server));
}

/// Django follows a key to the order of what it leads to.
#[test]
fn rows_may_be_ordered_by_rows_of_the_same_table() {
    let bench = crate::evolution::Bench::new();
    bench.settings(
        "[model.\"shop.Node\"]\nordering = \"-parent,name\"\n[model.\"shop.Leaf\"]\nordering = \"node,twig\"\n\
         [model.\"shop.Twig\"]\nordering = \"leaf\"\n",
    );
    bench.builds(&[
        "Node#n: name#nn:String parent#np:Node[0..1]",
        "Leaf#l: node#ln:Node twig#lt:Twig[0..1]",
        "Twig#t: leaf#tl:Leaf[0..1]",
    ]);
    makemigrations(&bench.project());
    ruff(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    let made = "a = Node.objects.create(name='a'); b = Node.objects.create(name='b', parent=a); \
                [Leaf.objects.create(node=n, twig=Twig.objects.create()) for n in (a, b)]";
    let seen = "print([n.name for n in Node.objects.exclude(parent=None)], [str(l.node.name) for l in Leaf.objects.all()], \
                Twig.objects.count(), len(Twig.objects.all()), Leaf._meta.ordering)";
    assert_eq!(bench.shell(&format!("{made}; {seen}")), "['b'] ['b', 'a'] 2 2 ['node', 'twig_id', 'pk']");
}
