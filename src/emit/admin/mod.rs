//! Admin pages: `admin.py` of each app.

mod choose;
mod module;

use serde::Serialize;

use super::tera::Templates;
use super::{Context, Emitter, Parts};
use crate::django::Project;
use crate::django::shape::{Shape, shapes};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};

/// The emitter of admin pages.
#[derive(Debug)]
pub(super) struct Admin;

const TEMPLATES: &[(&str, &str)] = &[("core/admin.py", include_str!("templates/core/admin.py"))];

/// `<core>/admin.py`: of which kinds there are pages.
#[derive(Debug, Serialize)]
struct Bases<'a> {
    core: &'a str,
    /// Whether a page shows rows that keep who saves them.
    signed: bool,
    /// Whether a page shows rows that count how often they were saved.
    versioned: bool,
    /// Whether a page shows rows that migrations keep.
    lookups: bool,
    /// Pages of rows that have no others beside them.
    singletons: bool,
}

impl<'a> Bases<'a> {
    fn of(project: &'a Project, shapes: &[Shape<'_>]) -> Self {
        Self {
            core: &project.core,
            signed: shapes.iter().any(choose::is_signed),
            versioned: shapes.iter().any(|shape| shape.is_versioned() && !shape.is_user),
            lookups: shapes.iter().any(|shape| shape.model.lookup.is_some()),
            singletons: shapes.iter().any(|shape| shape.model.is_singleton),
        }
    }

    fn is_needed(&self) -> bool {
        self.signed || self.versioned || self.lookups || self.singletons
    }
}

/// The models that have pages.
fn shown(project: &Project) -> Vec<Shape<'_>> {
    let mut shapes = shapes(project);
    shapes.retain(|shape| !shape.model.no_admin);
    shapes
}

impl Emitter for Admin {
    fn name(&self) -> &'static str {
        "admin"
    }

    fn contribute(&self, project: &Project, parts: &mut Parts) {
        parts.uses_core |= Bases::of(project, &shown(project)).is_needed();
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let shapes = shown(context.project);
        let parts = choose::parts(&shapes);
        for (app, shapes) in context.project.apps.iter().zip(by_app(context.project, &shapes)) {
            if shapes.is_empty() {
                continue;
            }
            let elements = shapes.iter().map(|shape| shape.model.origin.element).collect();
            let module = module::module(context.project, app, shapes, &parts);
            let file = File { content: module.print(), ownership: Ownership::Generated, elements };
            out.add(format!("{}/admin.py", app.label), file)?;
        }
        let bases = Bases::of(context.project, &shapes);
        if bases.is_needed() {
            let text = Templates::new(TEMPLATES)?.render("core/admin.py", &bases)?;
            let file = File { content: text, ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/admin.py", context.project.core), file)?;
        }
        Ok(())
    }
}

/// The shapes of each app: they stand app by app.
fn by_app<'a, 's>(project: &Project, shapes: &'s [Shape<'a>]) -> Vec<&'s [Shape<'a>]> {
    let mut rest = shapes;
    let mut groups = Vec::new();
    for app in &project.apps {
        let count = rest.iter().take_while(|shape| shape.key.app == app.label).count();
        let (group, others) = rest.split_at(count);
        groups.push(group);
        rest = others;
    }
    groups
}
