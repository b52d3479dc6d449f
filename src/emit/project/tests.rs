use super::*;
use crate::django::project::{App, ModelKey};
use crate::django::{DjangoVersion, Evolution, Model};
use crate::output::FileSet;
use crate::python::Expr;

fn project() -> Project {
    Project {
        name: "shop".to_owned(),
        title: "Shop".to_owned(),
        doc: None,
        source_name: "shop.xmi".to_owned(),
        django: DjangoVersion::default(),
        databases: vec![Database::Sqlite, Database::Postgresql],
        user: ModelKey::new("accounts", "User"),
        core: "core".to_owned(),
        accounts: Some("accounts".to_owned()),
        shared: Vec::<Model>::new(),
        apps: vec![app("accounts"), app("shop")],
        notes: vec![],
    }
}

fn app(label: &str) -> App {
    App {
        label: label.to_owned(),
        verbose_name: None,
        doc: None,
        choices: vec![],
        protocols: vec![],
        models: vec![],
        api_prefix: None,
        origin: None,
    }
}

fn write(project: &Project, mut parts: Parts) -> FileSet {
    let mut out = FileSet::default();
    Shell.contribute(project, &mut parts);
    Shell.write(Context { project, evolution: &Evolution::default(), parts: &parts }, &mut out).unwrap();
    out
}

fn text<'a>(files: &'a FileSet, path: &str) -> &'a str {
    &files.get(path).unwrap_or_else(|| panic!("{path} is not written")).content
}

fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|found| found == line)
}

/// What REST framework's emitter might say.
fn with_api() -> Parts {
    let mut parts = Parts::default();
    parts.installed_apps.insert("rest_framework".to_owned());
    parts.requirements.insert("djangorestframework".to_owned(), "~=3.18.3".to_owned());
    parts.dev_requirements.insert("pytest".to_owned(), "~=9.2".to_owned());
    let renderers = |name: &str| Expr::List(vec![Expr::str(format!("rest_framework.renderers.{name}"))]);
    let api = vec![(Expr::str("DEFAULT_RENDERER_CLASSES"), renderers("JSONRenderer"))];
    parts.settings.insert("REST_FRAMEWORK".to_owned(), Expr::Dict(api));
    let local = vec![(Expr::str("DEFAULT_RENDERER_CLASSES"), renderers("BrowsableAPIRenderer"))];
    parts.local_settings.insert("REST_FRAMEWORK".to_owned(), local);
    parts.urls =
        vec![("api/v1/".to_owned(), "shop.urls".to_owned()), ("api/v1/".to_owned(), "accounts.urls".to_owned())];
    parts.debug_urls = vec![("api-auth/".to_owned(), "rest_framework.urls".to_owned())];
    parts.addresses.insert("/api/v1/".to_owned(), "REST API".to_owned());
    parts.uses_core = true;
    parts
}

#[test]
fn a_project_without_contributions_is_whole() {
    let files = write(&project(), Parts::default());
    let base = text(&files, "config/settings/base.py");
    assert!(has_line(base, "AUTH_USER_MODEL = \"accounts.User\""));
    assert!(has_line(base, "    \"django.contrib.staticfiles\",\n    \"accounts\",".split('\n').next_back().unwrap()));
    assert!(!base.contains("REST_FRAMEWORK") && !base.contains("\n\n\n"), "{base}");
    assert!(!text(&files, "config/urls.py").contains("include"));
    assert!(!text(&files, "pyproject.toml").contains("pytest"));
    assert!(!text(&files, "README.md").contains("## Test"));
    assert!(files.get("core/apps.py").is_none());
    for (path, file) in files.iter() {
        assert!(file.content.ends_with('\n') && !file.content.ends_with("\n\n"), "{path}");
        assert!(!file.content.lines().any(|line| line.ends_with(' ')), "{path}");
    }
}

#[test]
fn contributions_reach_every_file_that_they_matter_to() {
    let files = write(&project(), with_api());
    let base = text(&files, "config/settings/base.py");
    assert!(base.contains(
        "    \"django.contrib.staticfiles\",\n    \"rest_framework\",\n    \"core\",\n    \"accounts\",\n    \"shop\",\n]\n"
    ));
    assert!(base.contains(
        "REST_FRAMEWORK: dict[str, Any] = {\n    \"DEFAULT_RENDERER_CLASSES\": [\"rest_framework.renderers.JSONRenderer\"],\n}\n"
    ));
    let local = text(&files, "config/settings/local.py");
    assert!(has_line(local, "from config.settings.base import REST_FRAMEWORK, SECURE_CSP"), "{local}");
    assert!(has_line(local, "REST_FRAMEWORK |= {"));
    let urls = text(&files, "config/urls.py");
    assert!(urls.contains(
        "    path(\"api/v1/\", include(\"accounts.urls\")),\n    path(\"api/v1/\", include(\"shop.urls\")),\n]\n"
    ));
    assert!(has_line(urls, "    urlpatterns += [path(\"api-auth/\", include(\"rest_framework.urls\"))]"));
    let pyproject = text(&files, "pyproject.toml");
    assert!(has_line(pyproject, "    \"djangorestframework~=3.18.3\","));
    assert!(has_line(text(&files, "requirements.txt"), "djangorestframework~=3.18.3"));
    assert!(has_line(text(&files, "requirements-dev.txt"), "pytest~=9.2"));
    assert!(has_line(text(&files, "README.md"), "| `/api/v1/` | REST API |"));
    assert!(has_line(text(&files, "core/apps.py"), "class CoreConfig(AppConfig):"));
}

#[test]
fn the_core_app_gives_way_to_one_of_the_diagram() {
    let project = Project { core: "project_core".to_owned(), ..project() };
    let files = write(&project, with_api());
    assert!(text(&files, "project_core/apps.py").contains("class ProjectCoreConfig(AppConfig):"));
    assert!(text(&files, "project_core/apps.py").contains("    name = \"project_core\"\n"));
    assert!(has_line(text(&files, "config/settings/base.py"), "    \"project_core\","));
}

#[test]
fn the_user_model_of_django_is_not_named() {
    let project = Project { user: ModelKey::new("auth", "User"), ..project() };
    assert!(!text(&write(&project, Parts::default()), "config/settings/base.py").contains("AUTH_USER_MODEL"));
}

#[test]
fn only_the_databases_asked_for_are_there() {
    let sqlite = Project { databases: vec![Database::Sqlite], ..project() };
    let files = write(&sqlite, Parts::default());
    assert!(!text(&files, "requirements.txt").contains("psycopg"));
    // Earlier migrations may go on needing the client.
    let mut evolution = Evolution::default();
    evolution.needs.postgresql = true;
    let (mut parts, mut out) = (Parts::default(), FileSet::default());
    Shell.contribute(&sqlite, &mut parts);
    Shell.write(Context { project: &sqlite, evolution: &evolution, parts: &parts }, &mut out).unwrap();
    assert!(has_line(text(&out, "requirements.txt"), "psycopg[binary]~=3.3"));
    assert!(has_line(text(&out, "config/settings/base.py"), "    \"django.contrib.postgres\","));
    let postgresql = Project { databases: vec![Database::Postgresql], ..project() };
    let files = write(&postgresql, Parts::default());
    assert!(!text(&files, "config/settings/base.py").contains("sqlite"));
    assert!(text(&files, "config/settings/base.py").contains("\"postgres://localhost/shop\")"));
}

#[test]
fn text_of_the_diagram_stays_text() {
    let hostile = "\"\"\"]\nimport os # <script> | \\ \u{7f} {{ x }} 'é".to_owned();
    let project = Project {
        title: hostile.clone(),
        doc: Some(hostile.clone()),
        source_name: "a`\"b\".xmi".to_owned(),
        notes: vec![hostile.clone(), " ".to_owned()],
        ..project()
    };
    let files = write(&project, with_api());
    let read: toml::Table = text(&files, "pyproject.toml").parse().unwrap();
    let described = read["project"]["description"].as_str().unwrap();
    assert!(described.starts_with("\"\"\"] import os # <script>"), "{described}");
    for (path, file) in files.iter().filter(|(path, _)| !["pyproject.toml", "README.md"].contains(path)) {
        assert!(!file.content.contains("import os #"), "{path}");
    }
    assert!(!text(&files, "README.md").contains("<script>"));
}

#[test]
fn the_distribution_is_not_what_it_depends_on() {
    for (name, expected) in [("shop", "shop"), ("_my_shop_", "my-shop"), ("django", "django-project"), ("_", "project")]
    {
        let project = Project { name: name.to_owned(), ..project() };
        let read: toml::Table = text(&write(&project, Parts::default()), "pyproject.toml").parse().unwrap();
        assert_eq!(read["project"]["name"].as_str(), Some(expected));
    }
}

#[test]
fn names_of_projects_and_apps_may_be_long() {
    let long = "a".repeat(90);
    let mut parts = with_api();
    parts.urls.push(("api/v1/".to_owned(), format!("{long}.urls")));
    let files = write(&Project { apps: vec![app(&long)], ..project() }, parts);
    assert!(
        text(&files, "config/urls.py").contains("    path(\n        \"api/v1/\",\n"),
        "{}",
        text(&files, "config/urls.py")
    );
}
