//! What the API and the tests call things: a route for each concrete model.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Field, FieldKind};
use super::project::{ModelKey, Project};
use super::shape::{Shape, shapes};
use crate::util::words;

/// A concrete model with its place in the API.
#[derive(Clone, Debug)]
pub struct Route<'a> {
    /// The model.
    pub shape: Shape<'a>,
    /// The name of its views in `reverse()`: `order-lines`.
    pub name: String,
    /// The part of the URL that is its own: the same, behind what its app asks for: `sales/order-lines`.
    pub path: String,
    /// The class in `<app>/views.py`: `OrderLineViewSet`.
    pub viewset: String,
    /// The class in `<app>/serializers.py`: `OrderLineSerializer`.
    pub serializer: String,
    /// The class in `tests/factories.py`: `OrderLineFactory`, with the app in front if two apps have such a class.
    pub factory: String,
}

impl<'a> Route<'a> {
    /// The fields by whose values its lists are filtered.
    pub fn filters(&self) -> Vec<&'a Field> {
        let names = self.shape.lists().filter;
        let fields = names.iter().filter_map(|name| self.shape.field(name)).map(|member| member.field);
        let is_plain = |field: &&Field| {
            !matches!(
                field.kind,
                FieldKind::Json | FieldKind::Binary | FieldKind::File { .. } | FieldKind::ManyToMany(_)
            )
        };
        fields.filter(is_plain).collect()
    }
}

/// The routes of all concrete models: apps by label, models in their order.
pub fn routes(project: &Project) -> Vec<Route<'_>> {
    let shapes = shapes(project);
    let mut plurals: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for shape in &shapes {
        plurals.entry(plural(shape)).or_default().push(&shape.key.app);
        *names.entry(&shape.key.name).or_default() += 1;
    }
    let shared: Vec<bool> = shapes
        .iter()
        .map(|shape| plurals.get(&plural(shape)).is_some_and(|apps| apps.iter().any(|app| **app != shape.key.app)))
        .collect();
    let twice: Vec<bool> = shapes.iter().map(|shape| names.get(&*shape.key.name).is_some_and(|&n| n > 1)).collect();

    let mut taken = BTreeSet::new();
    let mut taken_paths = BTreeSet::new();
    let mut taken_factories = BTreeSet::new();
    let mut routes = Vec::new();
    for ((shape, shared), twice) in shapes.into_iter().zip(shared).zip(twice) {
        let ModelKey { app, name } = shape.key.clone();
        let own = plural(&shape);
        let name_of_views = if shared { format!("{}-{own}", hyphens(&app)) } else { own.clone() };
        let name_of_views = free(&name_of_views, "-", &mut taken);
        let before = project.app(&app).and_then(|app| app.api_prefix.as_deref());
        let path = match before {
            Some(before) => free(&format!("{before}/{own}"), "-", &mut taken_paths),
            None => name_of_views.clone(),
        };
        let factory = if twice { format!("{}{name}Factory", words::pascal(&app)) } else { format!("{name}Factory") };
        routes.push(Route {
            name: name_of_views,
            path,
            viewset: format!("{name}ViewSet"),
            serializer: format!("{name}Serializer"),
            factory: free(&factory, "", &mut taken_factories),
            shape,
        });
    }
    routes
}

/// `order-lines`: what the model is called when there are several, in the letters of a URL.
fn plural(shape: &Shape<'_>) -> String {
    let of = shape.model.meta.verbose_name_plural.as_deref().map(any_ascii::any_ascii).map(|text| hyphens(&text));
    of.filter(|text| !text.is_empty()).unwrap_or_else(|| format!("{}s", hyphens(&shape.key.name)))
}

fn hyphens(name: &str) -> String {
    words::snake(name).replace('_', "-")
}

/// `name`, with the first number that makes it a new one.
fn free(name: &str, joint: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{joint}{number}");
        number += 1;
    }
    candidate
}
