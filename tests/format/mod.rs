//! What is written is what `ruff format` and `ruff check` leave alone, what Python compiles, and what Django accepts.

mod printer;
mod rich;

use std::path::Path;

use umlaut::django::{Evolution, Project};
use umlaut::emit::{Context, Parts, registry};
use umlaut::output::FileSet;
use umlaut::python::{Code, Place};

use crate::support::projects;
use crate::support::python::python;

/// Where the settings of a minimal project stand, and what they say.
const SETTINGS: &str = r#"

SECRET_KEY = "only for tests"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.messages",
    "django.contrib.sessions", OWN
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
ROOT_URLCONF = "config.urls"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
STATIC_URL = "static/"
"#;

const URLS: &str = "from django.contrib import admin\nfrom django.urls import path\n\nurlpatterns = [path('admin/', admin.site.urls)]\n";

/// Writes the models and admin pages of `project` into `dir`.
fn write(project: &Project, dir: &Path) {
    let (mut out, mut parts) = (FileSet::default(), Parts::default());
    let evolution = Evolution::default();
    let emitters: Vec<_> =
        registry().into_iter().filter(|it| ["models", "admin", "project"].contains(&it.name())).collect();
    for emitter in &emitters {
        emitter.contribute(project, &mut parts);
    }
    for emitter in &emitters {
        emitter.write(Context { project, evolution: &evolution, parts: &parts }, &mut out).unwrap();
    }
    // The shell has settings for all layers; the pages need less.
    for (path, file) in out.iter().filter(|(path, _)| !path.starts_with("config/")) {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.content).unwrap();
    }
    std::fs::create_dir_all(dir.join("config")).unwrap();
    let apps: Vec<String> = project.apps.iter().map(|app| format!("{:?}", app.label)).collect();
    std::fs::write(dir.join("config/settings.py"), SETTINGS.replace("OWN", &apps.join(", "))).unwrap();
    std::fs::write(dir.join("config/urls.py"), URLS).unwrap();
    std::fs::write(dir.join("config/__init__.py"), "").unwrap();
}

/// The folders with what was written.
fn folders(project: &Project) -> Vec<&str> {
    let core = (!project.shared.is_empty()).then_some(project.core.as_str());
    project.apps.iter().map(|app| app.label.as_str()).chain(core).collect()
}

fn judge(project: &Project) {
    let dir = tempfile::tempdir().unwrap();
    write(project, dir.path());
    let dir = match std::env::var_os("UMLAUT_KEEP") {
        Some(keep) => {
            write(project, Path::new(&keep));
            Path::new(&keep).to_owned()
        }
        None => dir.path().to_owned(),
    };
    let ruff = |args: &[&str]| python(&[&["-m", "ruff"], args, &folders(project)].concat(), &dir, &[]);
    ruff(&["format", "--diff"]);
    ruff(&["check", "--no-fix", "--output-format=concise"]);
    let django = [("DJANGO_SETTINGS_MODULE", "config.settings")];
    python(&["-W", "error", "-m", "django", "check", "--fail-level", "WARNING"], &dir, &django);
    python(&["-W", "error", "-c", include_str!("pages.py")], &dir, &django);
}

/// How many random projects are judged in a usual run.
const CASES: u64 = 40;

#[test]
fn random_projects_are_formatted() {
    let dir = tempfile::tempdir().unwrap();
    for seed in 0..CASES {
        write(&projects::project(seed), &dir.path().join(format!("p{seed:04}")));
    }
    let exclude = "--exclude=config";
    python(&["-m", "ruff", "format", "--diff", exclude, "."], dir.path(), &[]);
    python(&["-m", "ruff", "check", "--no-fix", "--output-format=concise", exclude, "."], dir.path(), &[]);
}

#[test]
fn random_python_is_formatted() {
    let dir = tempfile::tempdir().unwrap();
    for seed in 0..CASES {
        std::fs::write(dir.path().join(format!("m{seed:04}.py")), printer::module(seed)).unwrap();
    }
    let common = ["--line-length=100", "--target-version=py312", "."];
    python(&[&["-m", "ruff", "format", "--isolated", "--diff"], &common[..]].concat(), dir.path(), &[]);
    let rules = "--select=E5,E742,N801,W,D2,D3,D4,Q,UP,ISC,PLE,RUF100";
    let check = ["-m", "ruff", "check", "--isolated", "--no-fix", "--output-format=concise", rules];
    let google = "--config=lint.pydocstyle.convention=\"google\"";
    python(&[&check[..], &[google], &common[..]].concat(), dir.path(), &[]);
}

#[test]
fn python_reads_the_texts_that_we_write() {
    let texts: Vec<String> = rich::HOSTILE.into_iter().map(str::to_owned).chain(printer::texts(400)).collect();
    let dir = tempfile::tempdir().unwrap();
    // On a line of its own each is cut into pieces.
    let list = Code::list(texts.iter().map(Code::str)).print(Place { indent: 60, column: 60, tail: 0 });
    let patterns = Code::list(texts.iter().map(Code::pattern)).print(Place::start(0));
    std::fs::write(dir.path().join("texts.py"), format!("TEXTS = {list}\nPATTERNS = {patterns}\n")).unwrap();
    std::fs::write(dir.path().join("texts.json"), serde_json::to_string(&texts).unwrap()).unwrap();
    let compare = "import json, texts; known = json.load(open('texts.json')); \
                   assert texts.TEXTS == known; assert texts.PATTERNS == known; assert len(known) == 424";
    python(&["-W", "error", "-c", compare], dir.path(), &[]);
}

#[test]
fn a_project_with_everything_is_formatted_and_accepted() {
    judge(&rich::project());
}
