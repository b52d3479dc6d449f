//! What the templates of the shell are fed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::markdown;
use crate::django::project::{App, Database};
use crate::django::{Evolution, Project};
use crate::emit::Parts;
use crate::python::{Code, Expr, Imports, Place, string};
use crate::util::words;

/// Names of models that a row of the README shows.
const SHOWN: usize = 8;

/// What the templates of the shell are fed.
#[derive(Debug, Serialize)]
// Templates ask for flags one by one.
#[expect(clippy::struct_excessive_bools)]
pub(super) struct View {
    /// The project's name as an identifier.
    name: String,
    /// For people, in Markdown.
    title: String,
    /// A string of TOML.
    description: String,
    /// The name of the distribution in `pyproject.toml`.
    distribution: String,
    /// A host name to show.
    host: String,
    /// Paragraphs of Markdown.
    doc: Vec<String>,
    /// The file that it was compiled from, in Markdown.
    source: String,
    /// Comments of the diagram, in Markdown.
    notes: Vec<String>,
    /// Rows of tables of the README.
    addresses: Vec<Row>,
    apps: Vec<Row>,

    /// The Django that it is written for: `6.1`.
    django: &'static str,
    /// What only some of them have.
    csp: bool,
    mailers: bool,
    asks_for_https: bool,

    /// What it can run on.
    sqlite: bool,
    postgresql: bool,
    /// Python: the database where SQLite cannot be used.
    database_url: String,
    /// Whether there are tests.
    tests: bool,
    /// Whether pages that REST framework shows under the local settings need styles that are forbidden elsewhere.
    styled: bool,

    /// `INSTALLED_APPS` after Django's own, as Python.
    installed_apps: Vec<String>,
    /// Python, or nothing for Django's own model.
    user_model: String,
    /// Statements.
    settings: Vec<String>,
    local_settings: Vec<String>,
    test_settings: Vec<String>,
    base_imports: String,
    local_imports: String,
    test_imports: String,
    /// Lists of routes, as Python.
    urlpatterns: String,
    debug_urls: String,
    has_urls: bool,

    /// As in `pyproject.toml`.
    requirements: Vec<String>,
    dev_requirements: Vec<String>,

    /// Whether there is a core app.
    pub(super) uses_core: bool,
    /// Its label, as Python, and in the form of class names.
    core: String,
    core_class: String,
}

/// A row of a table of two columns, in Markdown.
#[derive(Debug, Serialize)]
struct Row {
    left: String,
    right: String,
}

impl View {
    pub(super) fn of(project: &Project, parts: &Parts, evolution: &Evolution) -> Self {
        let needs = evolution.needs;
        let is_migrated = needs.operations || needs.indexes || needs.extensions;
        let uses_core = parts.uses_core || !project.shared.is_empty() || is_migrated;
        let mut packages = parts.installed_apps.clone();
        if needs.postgresql {
            packages.insert("django.contrib.postgres".to_owned());
        }
        let mut required = parts.requirements.clone();
        // What Django has for PostgreSQL imports the client, whichever database is asked for.
        if packages.contains("django.contrib.postgres") && !project.databases.contains(&Database::Postgresql) {
            required.insert("psycopg[binary]".to_owned(), super::PSYCOPG.to_owned());
        }
        let name = &project.name;
        let sqlite = project.databases.contains(&Database::Sqlite) || project.databases.is_empty();
        let browsable = parts.local_settings.contains_key("REST_FRAMEWORK");

        let mut base = Imports::new(["config"]);
        for (module, name) in [("pathlib", "Path"), ("typing", "Any"), ("environs", "Env")] {
            base.from(module, name);
        }
        let csp = project.django.has_content_security_policy();
        if csp {
            base.from("django.utils.csp", "CSP");
        }
        let settings = parts.settings.iter().map(|(name, value)| setting(name, value, &mut base)).collect();
        let styled = browsable && csp;
        let local = Overlay::of(if styled { &["SECURE_CSP"] } else { &[] }, &parts.local_settings, styled);
        let test = Overlay::of(&["LOGGING"], &parts.test_settings, false);

        Self {
            title: markdown::line(&project.title),
            description: toml::Value::String(description(project)).to_string(),
            distribution: distribution(name, parts),
            host: name.trim_matches('_').replace('_', "-"),
            doc: project.doc.as_deref().map(markdown::paragraphs).unwrap_or_default(),
            source: match project.source_name.as_str() {
                "" => String::new(),
                source => markdown::code(source),
            },
            notes: project.notes.iter().map(|note| markdown::line(note)).filter(|note| !note.is_empty()).collect(),
            addresses: parts.addresses.iter().map(|(path, what)| row(markdown::code(path), what)).collect(),
            apps: project.apps.iter().map(app).collect(),
            django: project.django.number(),
            csp,
            mailers: project.django.has_mailers(),
            asks_for_https: project.django.asks_for_https(),
            sqlite,
            postgresql: project.databases.contains(&Database::Postgresql),
            database_url: string(&format!("postgres://localhost/{name}")),
            tests: parts.dev_requirements.contains_key("pytest"),
            styled,
            installed_apps: installed_apps(project, &packages, uses_core),
            user_model: match project.user.app.as_str() {
                "auth" => String::new(),
                _ => string(&project.user.dotted()),
            },
            settings,
            base_imports: base.block(),
            local_settings: local.statements,
            local_imports: local.imports,
            test_settings: test.statements,
            test_imports: test.imports,
            urlpatterns: urlpatterns(parts),
            debug_urls: match parts.debug_urls.as_slice() {
                [] => String::new(),
                urls => Code::list(sorted(urls).iter().map(include)).print(after("    urlpatterns += ", 4)),
            },
            has_urls: !parts.urls.is_empty() || !parts.debug_urls.is_empty(),
            requirements: requirements(&required),
            dev_requirements: requirements(&parts.dev_requirements),
            uses_core,
            core: string(&project.core),
            core_class: words::pascal(&project.core),
            name: name.clone(),
        }
    }
}

/// A settings module that takes everything from the base and changes some of it.
struct Overlay {
    imports: String,
    statements: Vec<String>,
}

impl Overlay {
    fn of(names: &[&str], overrides: &BTreeMap<String, Vec<(Expr, Expr)>>, csp: bool) -> Self {
        // What comes from packages stands above the line that takes everything, the names that are changed below it.
        let (mut packages, mut base) = (Imports::default(), Imports::new(["config"]));
        if csp {
            packages.from("django.utils.csp", "CSP");
        }
        for name in names.iter().copied().chain(overrides.keys().map(String::as_str)) {
            base.from("config.settings.base", name);
        }
        let statements = overrides
            .iter()
            .map(|(name, entries)| {
                let prefix = format!("{name} |= ");
                let value = Code::of(&Expr::Dict(entries.clone()), &mut packages).expanded();
                prefix.clone() + &value.print(after(&prefix, 0))
            })
            .collect();
        let all = "from config.settings.base import *  # noqa: F403\n";
        let gap = if packages.is_empty() { "" } else { "\n" };
        Self { imports: format!("{}{gap}{all}{}", packages.block(), base.block()), statements }
    }
}

/// `REST_FRAMEWORK: dict[str, Any] = {…}`
fn setting(name: &str, value: &Expr, imports: &mut Imports) -> String {
    let (annotation, value) = match value {
        Expr::Dict(_) => (": dict[str, Any]", Code::of(value, imports).expanded()),
        _ => ("", Code::of(value, imports)),
    };
    let prefix = format!("{name}{annotation} = ");
    prefix.clone() + &value.print(after(&prefix, 0))
}

/// Behind `prefix`, in a line that is indented by `indent`.
fn after(prefix: &str, indent: usize) -> Place {
    Place { indent, column: prefix.len(), tail: 0 }
}

fn urlpatterns(parts: &Parts) -> String {
    let home = Code::name("RedirectView.as_view").call().kwarg("pattern_name", Code::str("admin:index"));
    let admin = Code::name("path").call().arg(Code::str("admin/")).arg(Code::name("admin.site.urls"));
    let mut routes =
        vec![Code::name("path").call().arg(Code::str("")).arg(home).kwarg("name", Code::str("home")), admin];
    routes.extend(sorted(&parts.urls).iter().map(include));
    Code::list(routes).expanded().print(after("urlpatterns = ", 0))
}

/// `path("api/v1/", include("shop.urls"))`
fn include((prefix, module): &(String, String)) -> Code {
    let include = Code::name("include").call().arg(Code::str(module));
    Code::name("path").call().arg(Code::str(prefix)).arg(include)
}

fn sorted(urls: &[(String, String)]) -> BTreeSet<(String, String)> {
    urls.iter().cloned().collect()
}

/// What every project has of Django's own.
const CONTRIB: [&str; 6] = ["admin", "auth", "contenttypes", "messages", "sessions", "staticfiles"];

/// Packages, then our own apps: the shared one first, then those that models come from.
fn installed_apps(project: &Project, packages: &BTreeSet<String>, uses_core: bool) -> Vec<String> {
    let own: Vec<&str> = uses_core
        .then_some(project.core.as_str())
        .into_iter()
        .chain(project.apps.iter().map(|app| app.label.as_str()))
        .collect();
    let packages = packages.iter().map(String::as_str);
    let is_there = |name: &str| name.strip_prefix("django.contrib.").is_some_and(|name| CONTRIB.contains(&name));
    let packages = packages.filter(|name| !own.contains(name) && !is_there(name));
    packages.chain(own.iter().copied()).map(string).collect()
}

/// `django~=6.1.3`
fn requirements(named: &BTreeMap<String, String>) -> Vec<String> {
    named.iter().map(|(name, version)| format!("{name}{version}")).collect()
}

fn description(project: &Project) -> String {
    let title = project.title.split_whitespace().collect::<Vec<_>>().join(" ");
    match project.source_name.as_str() {
        "" => title,
        source => format!("{title}, compiled from {source}"),
    }
}

/// A name that package indexes allow, and that is not the name of something the project needs.
fn distribution(name: &str, parts: &Parts) -> String {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let name = name.trim_matches('_').to_lowercase().replace('_', "-");
    let needed = parts.requirements.keys().chain(parts.dev_requirements.keys());
    let mut needed = needed.map(|package| package.split('[').next().unwrap_or_default());
    match name.as_str() {
        "" => "project".to_owned(),
        own if needed.any(|package| package == own) => format!("{own}-project"),
        _ => name,
    }
}

fn row(left: String, right: &str) -> Row {
    Row { left, right: right.to_owned() }
}

/// An app and what is in it.
fn app(app: &App) -> Row {
    let models: Vec<_> = app.models.iter().filter(|model| model.is_concrete()).collect();
    let names: Vec<_> = models.iter().take(SHOWN).map(|model| markdown::code(&model.name)).collect();
    let mut what = match names.as_slice() {
        [] => "no models of its own".to_owned(),
        names => names.join(", "),
    };
    if models.len() > SHOWN {
        what = format!("{what} and {} more", models.len() - SHOWN);
    }
    if let Some(doc) = app.doc.as_deref().and_then(|doc| markdown::paragraphs(doc).into_iter().next()) {
        what = format!("{what}: {doc}");
    }
    row(markdown::code(&format!("{}/", app.label)), &what)
}
