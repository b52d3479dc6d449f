//! Models: `apps.py`, `choices.py`, `models.py` of each app, and what the apps share.

mod choices;
mod condition;
mod constraint;
mod contracts;
mod embedded;
mod field;
mod guard;
mod invariant;
mod kinds;
mod methods;
mod module;
mod natural;
mod package;
mod protocols;
mod queries;
mod rows;
mod rules;

use super::{Context, Emitter, Parts};
use crate::account::Element;
use crate::django::constraint::IndexKind;
use crate::django::generic::GenericRelation;
use crate::django::{App, Field, Model, Project};
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};
use crate::python::Module;

/// The emitter of models.
#[derive(Debug)]
pub(super) struct Models;

impl Emitter for Models {
    fn name(&self) -> &'static str {
        "models"
    }

    fn contribute(&self, project: &Project, parts: &mut Parts) {
        let needs_index = has_portable_trigrams(project);
        parts.uses_core |= has_kinds(project) || has_relations(project) || is_signed(project);
        parts.uses_core |= !project.shared.is_empty() || needs_index || rules::Rules::of(project).is_some();
        let needs_postgresql =
            |model: &Model| model.meta.needs_postgresql() || model.fields.iter().any(Field::is_of_postgres);
        if project.models().any(needs_postgresql) {
            parts.installed_apps.insert("django.contrib.postgres".to_owned());
        }
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let project = context.project;
        for app in &project.apps {
            let mut add = |name: &str, module: &Module, elements: Vec<Element>| {
                out.add(format!("{}/{name}.py", app.label), file(module, elements))
            };
            let package: Vec<Element> = app.origin.iter().map(|origin| origin.element).collect();
            add("__init__", &package::init(app), package.clone())?;
            add("apps", &package::config(project, app), package)?;
            if !app.choices.is_empty() {
                let elements = app.choices.iter().flat_map(|choices| {
                    Some(choices.origin.element).into_iter().chain(choices.members.iter().map(|m| m.origin.element))
                });
                add("choices", &choices::module(project, app), elements.collect())?;
            }
            if !app.protocols.is_empty() {
                let elements = app.protocols.iter().map(|protocol| protocol.origin.element).collect();
                add("protocols", &protocols::module(project, app), elements)?;
            }
            add("models", &module::models(project, app), elements_of_app(app))?;
        }
        if !project.shared.is_empty() {
            let elements = elements(&project.shared);
            out.add(format!("{}/abstract.py", project.core), file(&module::shared(project), elements))?;
        }
        let needs_index = has_portable_trigrams(project) || context.evolution.needs.indexes;
        let runtime = [
            ("audit", AUDIT, is_signed(project)),
            ("indexes", INDEXES, needs_index),
            ("kinds", KINDS, has_kinds(project)),
            ("relations", RELATIONS, has_relations(project)),
        ];
        for (name, text, _) in runtime.into_iter().filter(|(.., is_needed)| *is_needed) {
            let file = File { content: text.to_owned(), ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/{name}.py", project.core), file)?;
        }
        if let Some(rules) = rules::Rules::of(project) {
            let file = File { content: rules.module()?, ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/rules.py", project.core), file)?;
        }
        Ok(())
    }
}

/// `<core>/audit.py`
const AUDIT: &str = include_str!("templates/core/audit.py");

fn is_signed(project: &Project) -> bool {
    project.models().flat_map(|model| &model.fields).any(|field| field.signed)
}

/// `<core>/indexes.py`
const INDEXES: &str = include_str!("templates/core/indexes.py");

/// `<core>/kinds.py`
const KINDS: &str = include_str!("templates/core/kinds.py");

fn has_kinds(project: &Project) -> bool {
    project.models().any(|model| model.kind_of.is_some())
}

/// `<core>/relations.py`
const RELATIONS: &str = include_str!("templates/core/relations.py");

fn has_relations(project: &Project) -> bool {
    project.models().flat_map(|model| &model.generic_relations).any(GenericRelation::is_ours)
}

fn has_portable_trigrams(project: &Project) -> bool {
    let mut indexes = project.models().flat_map(|model| &model.meta.indexes);
    indexes.any(|index| index.kind == IndexKind::PortableTrigram)
}

fn file(module: &Module, elements: Vec<Element>) -> File {
    File { content: module.print(), ownership: Ownership::Generated, elements }
}

fn elements_of_app(app: &App) -> Vec<Element> {
    elements(&app.models)
}

fn elements(models: &[Model]) -> Vec<Element> {
    let mut elements = Vec::new();
    for model in models {
        elements.push(model.origin.element);
        elements.extend(model.constants.iter().map(|constant| constant.origin.element));
        elements.extend(model.fields.iter().map(|field| field.origin.element));
    }
    elements
}
