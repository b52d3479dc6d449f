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
mod singleton;

use serde::Serialize;

use super::tera::Templates;
use super::{Context, Emitter, Parts};
use crate::account::Element;
use crate::django::constraint::IndexKind;
use crate::django::field::Kept;
use crate::django::generic::GenericRelation;
use crate::django::shape::{Shape, shapes};
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
            ("versions", VERSIONS, is_versioned(project)),
        ];
        for (name, text, _) in runtime.into_iter().filter(|(.., is_needed)| *is_needed) {
            let file = File { content: text.to_owned(), ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/{name}.py", project.core), file)?;
        }
        if let Some(marks) = Marks::of(project) {
            let text = Templates::new(TEMPLATES)?.render("soft_delete.py", &marks)?;
            let file = File { content: text, ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/soft_delete.py", project.core), file)?;
        }
        if let Some(rules) = rules::Rules::of(project) {
            let file = File { content: rules.module()?, ownership: Ownership::Generated, elements: Vec::new() };
            out.add(format!("{}/rules.py", project.core), file)?;
        }
        Ok(())
    }
}

const TEMPLATES: &[(&str, &str)] = &[("soft_delete.py", include_str!("templates/core/soft_delete.py"))];

/// `<core>/soft_delete.py`
#[derive(Debug, Serialize)]
struct Marks<'a> {
    core: &'a str,
    /// Whether users are among those that are marked.
    users: bool,
    /// Whether rows of several kinds in one table are.
    kinds: bool,
}

impl<'a> Marks<'a> {
    /// None if all rows that are deleted are gone.
    fn of(project: &'a Project) -> Option<Self> {
        let marked: Vec<Shape<'_>> = shapes(project).into_iter().filter(Shape::is_marked).collect();
        let is_kind = |shape: &Shape<'_>| shape.model.kind_of.as_ref().is_some_and(|kind| kind.filters);
        let (users, kinds) = (marked.iter().any(|shape| shape.is_user), marked.iter().any(is_kind));
        (!marked.is_empty()).then_some(Self { core: &project.core, users, kinds })
    }
}

/// `<core>/audit.py`
const AUDIT: &str = include_str!("templates/core/audit.py");

/// `<core>/versions.py`
const VERSIONS: &str = include_str!("templates/core/versions.py");

fn is_versioned(project: &Project) -> bool {
    project.models().flat_map(|model| &model.fields).any(|field| field.kept == Some(Kept::Version))
}

fn is_signed(project: &Project) -> bool {
    project.models().flat_map(|model| &model.fields).any(Field::is_signed)
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
