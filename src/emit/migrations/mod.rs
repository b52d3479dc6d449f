//! Migrations, byte for byte as `makemigrations` writes them; only the first line is ours.

mod extensions;
mod writer;

use super::{Context, Emitter};
use crate::account::Element;
use crate::django::{App, Migration};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};

/// `<app>/migrations/`
#[derive(Debug)]
pub(super) struct Migrations;

impl Emitter for Migrations {
    fn name(&self) -> &'static str {
        "migrations"
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        for app in &context.project.apps {
            let package = File { content: String::new(), ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/migrations/__init__.py", app.label), package)?;
        }
        if context.evolution.needs.extensions {
            let core = &context.project.core;
            let package = File { content: String::new(), ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{core}/migrations/__init__.py"), package)?;
        }
        if let Some(extensions) = &context.evolution.extensions {
            let path = format!("{}/migrations/{}.py", context.project.core, extensions.name);
            out.add(path, extensions::migration(context.project, extensions))?;
        }
        if context.evolution.needs.operations {
            let text = include_str!("templates/operations.py").to_owned();
            let file = File { content: text, ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/operations.py", context.project.core), file)?;
        }
        for migration in &context.evolution.migrations {
            let elements = context.project.app(&migration.app).map_or_else(Vec::new, |app| elements(app, migration));
            let file = File {
                content: writer::write(migration, context.project.django, &context.project.core),
                ownership: Ownership::Sealed,
                elements,
            };
            out.add(format!("{}/migrations/{}.py", migration.app, migration.name), file)?;
        }
        Ok(())
    }
}

/// What the models of a migration come from.
fn elements(app: &App, migration: &Migration) -> Vec<Element> {
    let mut elements: Vec<Element> = app
        .models
        .iter()
        .filter(|model| {
            let name = model.name.to_lowercase();
            migration.operations.iter().any(|operation| operation.model() == name)
        })
        .map(|model| model.origin.element)
        .collect();
    elements.sort();
    elements.dedup();
    elements
}
