//! Admin pages: `admin.py` of each app.

mod choose;
mod module;

use super::{Context, Emitter};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};

/// The emitter of admin pages.
#[derive(Debug)]
pub(super) struct Admin;

impl Emitter for Admin {
    fn name(&self) -> &'static str {
        "admin"
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        // Once for all: every page asks for the parts of its model among them.
        let all: Vec<_> =
            context.project.apps.iter().map(|app| (app, choose::shapes_of(context.project, app))).collect();
        let everywhere: Vec<_> = all.iter().flat_map(|(_, shapes)| shapes).collect();
        for (app, shapes) in &all {
            if shapes.is_empty() {
                continue;
            }
            let elements = shapes.iter().map(|shape| shape.model.origin.element).collect();
            let module = module::module(context.project, app, shapes, &everywhere);
            let file = File { content: module.print(), ownership: Ownership::Generated, elements };
            out.add(format!("{}/admin.py", app.label), file)?;
        }
        Ok(())
    }
}
