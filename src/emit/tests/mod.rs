//! Tests of the generated project: factories, models, serializers, the API and the project as a whole.

mod cases;
mod factories;
mod tried;

use serde::Serialize;

use crate::account::Element;
use crate::django::Project;
use crate::django::model::Access;
use crate::django::project::Database;
use crate::django::routes::routes;
use crate::emit::tera::Templates;
use crate::emit::{Context, Emitter, Parts};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};
use factories::Plan;

/// The emitter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tests;

const TEMPLATES: &[(&str, &str)] = &[
    ("conftest.py", include_str!("templates/tests/conftest.py")),
    ("factories.py", include_str!("templates/tests/factories.py")),
    ("helpers.py", include_str!("templates/tests/helpers.py")),
    ("test_app_api.py", include_str!("templates/tests/test_app_api.py")),
    ("test_app_models.py", include_str!("templates/tests/test_app_models.py")),
    ("test_app_serializers.py", include_str!("templates/tests/test_app_serializers.py")),
    ("test_project.py", include_str!("templates/tests/test_project.py")),
];

/// `tests/conftest.py`, and what has nothing to fill in.
#[derive(Debug, Serialize)]
struct Common<'a> {
    user_factory: &'a str,
    /// A database of a kind that the models run on, of which nothing is asked but what it is: Python.
    database_url: &'static str,
    /// Whether somebody else makes some of the tables.
    has_external: bool,
    /// Whether a model keeps who changes its rows.
    signed: bool,
    /// Whether there is anything in the API.
    has_api: bool,
}

impl Emitter for Tests {
    fn name(&self) -> &'static str {
        "tests"
    }

    fn contribute(&self, _project: &Project, parts: &mut Parts) {
        for (name, version) in [("factory-boy", "~=3.3"), ("pytest", "~=9.2"), ("pytest-django", "~=4.14")] {
            parts.dev_requirements.insert(name.to_owned(), version.to_owned());
        }
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let project = context.project;
        let templates = Templates::new(TEMPLATES)?;
        let plan = Plan::of(project);
        let mut add = |name: &str, text: &str, elements: Vec<Element>| {
            let text = crate::python::excuse_long_lines(text.trim_end_matches('\n'));
            out.add(format!("tests/{name}"), File { content: text, ownership: Ownership::Generated, elements })
        };
        let has_sqlite = project.databases.contains(&Database::Sqlite);
        let database_url = if has_sqlite {
            "\"sqlite://:memory:\""
        } else {
            // Checks of generated columns ask PostgreSQL for its version.
            "os.environ.get(\"DATABASE_URL\", \"postgres://localhost/unused\")"
        };
        let mut models = project.apps.iter().flat_map(|app| &app.models);
        let has_external = models.any(|model| model.meta.is_external);
        let mut fields = project.models().flat_map(|model| &model.fields);
        let signed = fields.any(|field| field.is_signed() && field.name == "updated_by");
        let has_api = routes(project).iter().any(|route| route.shape.model.api != Access::None);
        let common = Common { user_factory: plan.user_factory(), database_url, has_external, signed, has_api };
        add("__init__.py", "", vec![])?;
        for name in ["conftest.py", "helpers.py", "test_project.py"] {
            add(name, &templates.render(name, &common)?, vec![])?;
        }
        add("factories.py", &templates.render("factories.py", &plan.view(project))?, vec![])?;
        for app in &project.apps {
            let own: Vec<_> = plan.of_app(&app.label).collect();
            if own.is_empty() {
                continue;
            }
            let elements: Vec<Element> = own.iter().map(|makes| makes.route.shape.model.origin.element).collect();
            let models = templates.render("test_app_models.py", &cases::models(project, &plan, &own))?;
            let mut files = vec![("models", models)];
            let shown: Vec<_> = own.into_iter().filter(|makes| makes.route.shape.model.api != Access::None).collect();
            if !shown.is_empty() {
                let text = templates.render("test_app_serializers.py", &cases::serializers(project, &shown))?;
                files.push(("serializers", text));
                files.push(("api", templates.render("test_app_api.py", &cases::api(project, &plan, &shown))?));
            }
            for (kind, text) in files {
                add(&format!("test_{}_{kind}.py", app.label), &text, elements.clone())?;
            }
        }
        Ok(())
    }
}
