//! What the templates show: names and finished pieces of Python.

use serde::Serialize;

use crate::django::field::{Exposure, FieldKind};
use crate::django::model::Access;
use crate::django::routes::Route;
use crate::django::{App, Field, Project};
use crate::python::{Class, Code, Imports, Place, Stmt, body, docstring};

/// `<core>/serializers.py` and `<core>/views.py`
#[derive(Debug, Serialize)]
pub(super) struct Bases<'a> {
    core: &'a str,
    /// Whether a model keeps who saves its rows.
    signed: bool,
    /// Whether rows of a model count how often they were saved.
    versioned: bool,
    /// Whether a model has a key in each of several tables.
    several_parents: bool,
    /// Whether a model refers to rows of several tables.
    generic: bool,
}

/// `<app>/serializers.py`
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names)]
pub(super) struct Serializers {
    app: String,
    imports: String,
    serializers: Vec<Serializer>,
}

#[derive(Debug, Serialize)]
struct Serializer {
    /// The line of the class, ended.
    header: String,
    doc: String,
    model: String,
    /// Fields that REST framework would not make as we want them.
    declared: String,
    fields: String,
    read_only_fields: String,
    extra_kwargs: String,
    is_user: bool,
}

/// `<app>/views.py`
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names)]
pub(super) struct Views {
    app: String,
    imports: String,
    views: Vec<View>,
}

#[derive(Debug, Serialize)]
struct View {
    header: String,
    /// With its quotes.
    doc: String,
    body: String,
}

/// `<app>/urls.py`
#[derive(Debug, Serialize)]
pub(super) struct Urls {
    app: String,
    imports: String,
    /// Arguments of `router.register`.
    routes: Vec<String>,
}

/// `config/api.py`
#[derive(Debug, Serialize)]
pub(super) struct Api {
    imports: String,
    extend: String,
}

/// What a serializer shows of `AbstractUser`: neither the password nor anything that gives rights.
const USER_FIELDS: [&str; 5] = ["username", "first_name", "last_name", "email", "is_active"];

pub(super) fn serializers(project: &Project, app: &App, routes: &[&Route<'_>]) -> Serializers {
    let mut imports = imports(project, routes.iter().map(|route| route.serializer.as_str()));
    let models = models(app);
    let base = imports.from(&format!("{}.serializers", project.core), "ModelSerializer");
    if routes.iter().any(|route| route.shape.is_user) {
        imports.from("typing", "Any");
        imports.from("django.contrib.auth.hashers", "make_password");
    }
    let serializers = routes
        .iter()
        .map(|route| {
            let model = imports.from(&models, &route.shape.key.name);
            let fields = fields(route);
            let declared: Vec<Stmt> =
                fields.iter().filter_map(|(name, field)| declared(project, name, (*field)?, &mut imports)).collect();
            let names = fields.iter().map(|(name, _)| *name);
            let read_only = fields
                .iter()
                .filter(|(_, field)| field.is_none_or(is_read_only))
                .filter(|(name, field)| field.is_some() || *name == "id");
            let read_only: Vec<&str> = read_only.map(|(name, _)| *name).collect();
            let read_only = (!read_only.is_empty()).then(|| Stmt::assign("read_only_fields", Code::strings(read_only)));
            let extra: Vec<(Code, Code)> = fields.iter().filter_map(|(name, field)| extra(name, (*field)?)).collect();
            let extra = (!extra.is_empty()).then(|| Stmt::assign("extra_kwargs", Code::dict(extra)));
            Serializer {
                header: header(&route.serializer, &base, &model),
                doc: if route.shape.is_user {
                    "Somebody who signs in, without the password and without rights.".to_owned()
                } else {
                    about(&route.shape.key.name, "as the API reads and writes it")
                },
                declared: body(&declared, 4),
                fields: body(&[Stmt::assign("fields", Code::strings(names))], 8),
                read_only_fields: body(&read_only.into_iter().collect::<Vec<_>>(), 8),
                extra_kwargs: body(&extra.into_iter().collect::<Vec<_>>(), 8),
                is_user: route.shape.is_user,
                model,
            }
        })
        .collect();
    Serializers { app: app.label.clone(), imports: imports.block(), serializers }
}

pub(super) fn views(project: &Project, app: &App, routes: &[&Route<'_>]) -> Views {
    let mut imports = imports(project, routes.iter().map(|route| route.viewset.as_str()));
    let core = &project.core;
    let base = imports.from(&format!("{core}.views"), "ModelViewSet");
    let views = routes
        .iter()
        .map(|route| {
            let shape = &route.shape;
            let model = imports.from(&models(app), &shape.key.name);
            let serializer = imports.from(&format!("{}.serializers", app.label), &route.serializer);
            let related: Vec<&str> = shape
                .fields
                .iter()
                .filter(|member| member.field.many_to_many().is_some())
                .map(|member| member.field.name.as_str())
                .collect();
            let objects = Code::name(&model).attr("objects");
            // A key that holds another field than the primary key is shown by the row that it leads to, as are content types.
            let joined = shape.fields.iter().map(|member| member.field);
            let joined = joined
                .filter(|field| field.foreign_key().is_some_and(|key| key.to_field.is_some() || key.is_content_type()));
            let joined: Vec<&str> = joined.map(|field| field.name.as_str()).collect();
            let follow = |objects: Code, method: &str, names: &[&str]| {
                names.iter().fold(objects.attr(method).call(), |call, name| call.arg(Code::str(*name)))
            };
            let queryset = match (joined.is_empty(), related.is_empty()) {
                (true, true) => objects.attr("all").call(),
                (true, false) => follow(objects, "prefetch_related", &related),
                (false, true) => follow(objects, "select_related", &joined),
                (false, false) => follow(follow(objects, "select_related", &joined), "prefetch_related", &related),
            };
            let mut statements = vec![Stmt::assign("queryset", queryset)];
            statements.push(Stmt::assign("serializer_class", Code::name(&serializer)));
            if shape.is_user {
                let permission = imports.from(&format!("{core}.permissions"), "StaffModelPermissions");
                statements.push(Stmt::assign("permission_classes", Code::tuple([Code::name(&permission)])));
            }
            match shape.model.api {
                Access::Public => {
                    let name = "DjangoModelPermissionsOrAnonReadOnly";
                    let permission = imports.from("rest_framework.permissions", name);
                    statements.push(Stmt::assign("permission_classes", Code::tuple([Code::name(&permission)])));
                }
                Access::Read => {
                    statements.push(Stmt::assign("http_method_names", Code::strings(["get", "head", "options"])));
                }
                Access::Write | Access::None => {}
            }
            if shape.model.is_singleton && shape.model.api != Access::Read {
                // The database refuses a second row; what is there stays.
                let methods = ["get", "post", "put", "patch", "head", "options"];
                statements.push(Stmt::assign("http_method_names", Code::strings(methods)));
            }
            let lists = shape.lists();
            if !lists.search.is_empty() {
                statements.push(Stmt::assign("search_fields", Code::strings(&lists.search)));
            }
            statements.extend(filters(route));
            // The key tells rows apart; of the rest what was asked for, or all.
            let is_asked = |name: &str| lists.sort.is_empty() || lists.sort.iter().any(|asked| asked == name);
            let is_key = |field: Option<&Field>| field.is_none_or(|field| field.primary_key);
            let sortable = fields(route).into_iter().filter(|(_, field)| field.is_none_or(is_sortable));
            let sortable = sortable.filter(|(name, field)| is_key(*field) || is_asked(name)).map(|(name, _)| name);
            statements.push(Stmt::assign("ordering_fields", Code::strings(sortable)));
            let mut ordering: Vec<&str> = shape.ordering().iter().map(String::as_str).collect();
            // Pages need a total order.
            if !ordering.iter().any(|name| ["pk", "-pk", "id", "-id"].contains(name)) {
                ordering.push("pk");
            }
            statements.push(Stmt::assign("ordering", Code::strings(ordering)));
            View {
                header: header(&route.viewset, &base, &model),
                doc: if shape.is_user {
                    docstring("", "Those who sign in, for staff only.", 4)
                } else {
                    // The browsable API shows it above the list.
                    let text = shape.model.doc.as_deref().unwrap_or_default();
                    let what = if shape.model.api == Access::Read { "listed" } else { "listed and changed" };
                    docstring(text, &about(&shape.key.name, what), 4)
                },
                body: body(&statements, 4),
            }
        })
        .collect();
    Views { app: app.label.clone(), imports: imports.block(), views }
}

pub(super) fn urls(project: &Project, app: &App, routes: &[&Route<'_>]) -> Urls {
    let mut imports = imports(project, ["router"]);
    imports.from("rest_framework.routers", "SimpleRouter");
    let routes = routes
        .iter()
        .map(|route| {
            let viewset = imports.from(&format!("{}.views", app.label), &route.viewset);
            Code::name("router.register")
                .call()
                .arg(Code::str(&route.path))
                .arg(Code::name(&viewset))
                .kwarg("basename", Code::str(&route.name))
                .print(Place::start(0))
        })
        .collect();
    Urls { app: app.label.clone(), imports: imports.block(), routes }
}

pub(super) fn bases<'a>(project: &'a Project, routes: &[Route<'_>]) -> Bases<'a> {
    let mut fields = routes.iter().flat_map(|route| &route.shape.fields).map(|member| member.field);
    Bases {
        core: &project.core,
        versioned: routes.iter().any(|route| route.shape.is_versioned()),
        signed: fields.any(Field::is_signed),
        several_parents: routes.iter().any(|route| route.shape.parents.len() > 1),
        generic: routes.iter().any(|route| route.shape.line.iter().any(|model| !model.generics.is_empty())),
    }
}

pub(super) fn api(project: &Project, routes: &[Route<'_>]) -> Api {
    let mut imports = imports(project, ["router", "urlpatterns"]);
    imports.from("rest_framework.routers", "DefaultRouter");
    let mut extend = String::new();
    for app in &project.apps {
        if routes.iter().any(|route| route.shape.key.app == app.label) {
            let part = imports.alias(&format!("{}.urls", app.label), "router", &format!("{}_router", app.label));
            let call = Code::name("router.registry.extend").call().arg(Code::name(&part).attr("registry"));
            extend.push_str(&call.print(Place::start(0)));
            extend.push('\n');
        }
    }
    Api { imports: imports.block(), extend }
}

/// The serializer's fields in their order; without a field of ours what Django adds.
fn fields<'a>(route: &Route<'a>) -> Vec<(&'a str, Option<&'a Field>)> {
    let shape = &route.shape;
    let is_key = |field: &Field| shape.primary_key.is_some_and(|key| key.name == field.name);
    let is_known = |field: &Field| field.exposure != Exposure::Kept;
    let others = shape.fields.iter().filter(|member| !is_key(member.field) && is_known(member.field));
    let own = |name: &str| shape.field(name).is_some();
    let mut fields: Vec<(&str, Option<&Field>)> =
        vec![shape.primary_key.map_or(("id", None), |key| (key.name.as_str(), Some(key)))];
    if shape.is_user {
        fields.extend(USER_FIELDS.into_iter().filter(|name| !own(name)).map(|name| (name, None)));
    }
    fields.extend(others.map(|member| (member.field.name.as_str(), Some(member.field))));
    let queries = shape.line.iter().rev().flat_map(|model| &model.queries);
    fields.extend(queries.filter(|query| query.is_shown).map(|query| (query.name.as_str(), None)));
    fields
}

/// A field that is declared, because REST framework would leave it read-only: Django calls bytes not editable.
fn declared(project: &Project, name: &str, field: &Field, imports: &mut Imports) -> Option<Stmt> {
    if field.kind != FieldKind::Binary || !field.editable {
        return None;
    }
    let class = imports.from(&format!("{}.serializers", project.core), "Base64Field");
    let mut call = Code::name(&class).call();
    if !field.is_required() {
        call = call.kwarg("required", Code::bool(false));
    }
    if field.null {
        call = call.kwarg("allow_null", Code::bool(true));
    }
    Some(Stmt::assign(name, call))
}

/// What REST framework would not find out about a field: that nobody reads it, or that the database fills it in.
fn extra(name: &str, field: &Field) -> Option<(Code, Code)> {
    let mut arguments = Vec::new();
    if field.exposure == Exposure::Written {
        arguments.push((Code::str("write_only"), Code::bool(true)));
    }
    let is_known = field.default.is_some() || field.blank || field.null;
    if field.db_default.is_some() && !is_known && !is_read_only(field) {
        arguments.push((Code::str("required"), Code::bool(false)));
    }
    (!arguments.is_empty()).then(|| (Code::str(name), Code::dict(arguments)))
}

/// `filterset_fields`: fields with the lookups that make sense for them.
fn filters(route: &Route<'_>) -> Option<Stmt> {
    let lookups = route.filters().into_iter().map(|field| {
        let lookups: &[&str] = if is_measured(field) { &["exact", "gte", "lte"] } else { &["exact"] };
        (Code::str(&field.name), Code::strings(lookups))
    });
    let lookups: Vec<(Code, Code)> = lookups.collect();
    if lookups.is_empty() {
        return None;
    }
    Some(Stmt::assign("filterset_fields", Code::dict(lookups)))
}

/// Whether more or less of it means something.
fn is_measured(field: &Field) -> bool {
    let is_moment = matches!(field.kind, FieldKind::Date { .. } | FieldKind::DateTime { .. } | FieldKind::Time { .. });
    is_moment || field.choices.is_none() && crate::django::sample::range(field).is_some()
}

/// What nobody writes: automatic values, and relations through a model, whose rows say more than two keys.
fn is_read_only(field: &Field) -> bool {
    field.is_automatic() || field.many_to_many().is_some_and(|relation| relation.through.is_some())
}

fn is_sortable(field: &Field) -> bool {
    field.is_shown()
        && !matches!(
            field.kind,
            FieldKind::ManyToMany(_)
                | FieldKind::Json
                | FieldKind::Array(_)
                | FieldKind::Custom { .. }
                | FieldKind::Binary
                | FieldKind::File { .. }
        )
}

/// `class OrderSerializer(ModelSerializer[Order]):`, ended
fn header(name: &str, base: &str, model: &str) -> String {
    let base = Code::name(base).subscript([Code::name(model)]);
    Class { name: name.to_owned(), bases: vec![base], ..Class::default() }.header(0)
}

/// A docstring about the model that fits on its line.
fn about(model: &str, what: &str) -> String {
    let text = format!("``{model}``, {what}.");
    if text.len() > 88 { format!("A model, {what}.") } else { text }
}

/// The module of an app's models.
fn models(app: &App) -> String {
    format!("{}.models", app.label)
}

/// The imports of a file that gives these names a meaning itself.
fn imports<'a>(project: &Project, own: impl IntoIterator<Item = &'a str>) -> Imports {
    let apps = project.apps.iter().map(|app| app.label.as_str());
    let mut imports = Imports::new(apps.chain([project.core.as_str(), "config", "tests"]));
    own.into_iter().for_each(|name| imports.reserve(name));
    imports
}
