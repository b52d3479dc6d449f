//! The REST API: serializers, viewsets and routes for each concrete model.
//!
//! Whoever is signed in may read, Django's model permissions decide who may write; only staff see users, without their
//! passwords. What the apps share stands in the app [`Project::core`].

mod view;

use crate::django::Project;
use crate::django::model::Access;
use crate::django::routes::routes;
use crate::emit::tera::Templates;
use crate::emit::{Context, Emitter, Parts};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};
use crate::python::Expr;

/// The emitter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drf;

const TEMPLATES: &[(&str, &str)] = &[
    ("app/serializers.py", include_str!("templates/app/serializers.py")),
    ("app/urls.py", include_str!("templates/app/urls.py")),
    ("app/views.py", include_str!("templates/app/views.py")),
    ("config/api.py", include_str!("templates/config/api.py")),
    ("core/problems.py", include_str!("templates/core/problems.py")),
    ("core/serializers.py", include_str!("templates/core/serializers.py")),
    ("core/views.py", include_str!("templates/core/views.py")),
];

/// Files that are the same in each project but for the name of the app.
const CORE: &[(&str, &str)] = &[
    ("pagination.py", include_str!("templates/core/pagination.py")),
    ("permissions.py", include_str!("templates/core/permissions.py")),
];

impl Emitter for Drf {
    fn name(&self) -> &'static str {
        "drf"
    }

    fn contribute(&self, project: &Project, parts: &mut Parts) {
        let core = &project.core;
        let list = |name: &str| Expr::List(vec![Expr::str(name)]);
        let mut filters = vec![Expr::str("rest_framework.filters.OrderingFilter")];
        if project.models().any(|model| !model.lists.search.is_empty()) {
            filters.push(Expr::str("rest_framework.filters.SearchFilter"));
        }
        if routes(project).iter().any(|route| !route.filters().is_empty()) {
            filters.push(Expr::str("django_filters.rest_framework.DjangoFilterBackend"));
            parts.installed_apps.insert("django_filters".to_owned());
            parts.requirements.insert("django-filter".to_owned(), "~=26.2".to_owned());
        }
        let settings = vec![
            ("DEFAULT_AUTHENTICATION_CLASSES", list("rest_framework.authentication.SessionAuthentication")),
            ("DEFAULT_PERMISSION_CLASSES", list("rest_framework.permissions.IsAuthenticated")),
            ("DEFAULT_RENDERER_CLASSES", list("rest_framework.renderers.JSONRenderer")),
            ("DEFAULT_FILTER_BACKENDS", Expr::List(filters)),
            ("DEFAULT_PAGINATION_CLASS", Expr::str(format!("{core}.pagination.StandardPagination"))),
            ("EXCEPTION_HANDLER", Expr::str(format!("{core}.problems.exception_handler"))),
        ];
        let settings = settings.into_iter().map(|(name, value)| (Expr::str(name), value)).collect();
        parts.settings.insert("REST_FRAMEWORK".to_owned(), Expr::Dict(settings));

        let renderers = ["JSONRenderer", "BrowsableAPIRenderer"].map(|name| format!("rest_framework.renderers.{name}"));
        let renderers = Expr::List(renderers.map(Expr::Str).to_vec());
        let local = vec![(Expr::str("DEFAULT_RENDERER_CLASSES"), renderers)];
        parts.local_settings.entry("REST_FRAMEWORK".to_owned()).or_default().extend(local);
        let test = vec![(Expr::str("TEST_REQUEST_DEFAULT_FORMAT"), Expr::str("json"))];
        parts.test_settings.entry("REST_FRAMEWORK".to_owned()).or_default().extend(test);

        parts.installed_apps.insert("rest_framework".to_owned());
        parts.requirements.insert("djangorestframework".to_owned(), "~=3.18.3".to_owned());
        parts.urls.push(("api/v1/".to_owned(), "config.api".to_owned()));
        parts.urls.push(("api/auth/".to_owned(), "rest_framework.urls".to_owned()));
        parts.addresses.insert("/api/v1/".to_owned(), "the REST API; sign in at `/api/auth/login/`".to_owned());
        parts.uses_core = true;
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let project = context.project;
        let templates = Templates::new(TEMPLATES)?;
        let mut routes = routes(project);
        routes.retain(|route| route.shape.model.api != Access::None);
        for (name, text) in CORE {
            out.add(format!("{}/{name}", project.core), generated(text, vec![]))?;
        }
        let bases = view::bases(project, &routes);
        for name in ["problems.py", "serializers.py", "views.py"] {
            let text = templates.render(&format!("core/{name}"), &bases)?;
            out.add(format!("{}/{name}", project.core), generated(&text, vec![]))?;
        }
        for app in &project.apps {
            let own: Vec<_> = routes.iter().filter(|route| route.shape.key.app == app.label).collect();
            if own.is_empty() {
                continue;
            }
            let elements: Vec<_> = own.iter().map(|route| route.shape.model.origin.element).collect();
            let files = [
                ("serializers.py", templates.render("app/serializers.py", &view::serializers(project, app, &own))?),
                ("urls.py", templates.render("app/urls.py", &view::urls(project, app, &own))?),
                ("views.py", templates.render("app/views.py", &view::views(project, app, &own))?),
            ];
            for (name, text) in files {
                out.add(format!("{}/{name}", app.label), generated(&text, elements.clone()))?;
            }
        }
        let text = templates.render("config/api.py", &view::api(project, &routes))?;
        out.add("config/api.py", generated(&text, vec![]))
    }
}

fn generated(text: &str, elements: Vec<crate::account::Element>) -> File {
    File { content: crate::python::excuse_long_lines(text), ownership: Ownership::Generated, elements }
}
