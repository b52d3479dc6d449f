//! Behaviors: `behaviors.py` of each app whose models can do more than store. It is written once and then the user's.

use super::{Context, Emitter};
use crate::django::behavior::MODULE;
use crate::django::{Model, Project};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};
use crate::python::{Doctext, Imports, Module, Stmt};

/// The emitter of behaviors.
#[derive(Debug)]
pub(super) struct Behaviors;

impl Emitter for Behaviors {
    fn name(&self) -> &'static str {
        "behaviors"
    }

    fn contribute(&self, project: &Project, parts: &mut super::Parts) {
        parts.uses_core |= project.shared.iter().any(|model| model.behavior.is_some());
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let project = context.project;
        let apps = project.apps.iter().map(|app| (app.label.as_str(), &app.models));
        for (app, models) in apps.chain([(project.core.as_str(), &project.shared)]) {
            // A file whose stubs are all gone is still what the models inherit from.
            if models.iter().all(|model| model.behavior.is_none()) {
                continue;
            }
            let elements = stubs(models).map(|stub| stub.origin.element).collect();
            let file = File { content: module(project, app, models).print(), ownership: Ownership::Seed, elements };
            out.add(format!("{app}/{MODULE}.py"), file)?;
        }
        Ok(())
    }
}

fn stubs(models: &[Model]) -> impl Iterator<Item = &crate::django::behavior::Stub> {
    models.iter().filter_map(|model| model.behavior.as_ref()).flat_map(|behavior| &behavior.stubs)
}

fn module(project: &Project, app: &str, models: &[Model]) -> Module {
    let mut imports = Imports::new(project.packages());
    let with_behavior = || models.iter().filter_map(|model| Some((model, model.behavior.as_ref()?)));
    for (_, behavior) in with_behavior() {
        behavior.reserve(&mut imports);
    }
    let mut body = Vec::new();
    for (model, behavior) in with_behavior() {
        body.extend(behavior.classes(model, &mut imports).into_iter().map(Stmt::Class));
    }
    let words = app.replace('_', " ");
    let doc = Doctext {
        text: format!(
            "What the models of the {words} app can do. This file is yours: it is never overwritten.\n\nThe classes are \
             abstract models, so that neither they nor their names end up in migrations."
        ),
        fallback: "What the models can do. This file is yours: it is never overwritten.".to_owned(),
    };
    Module { doc, imports, body }
}
