//! Embedded data types: a frozen dataclass for each, and a property that assembles it from its columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::django::model::Embedded;
use crate::django::shape::Shape;
use crate::django::{Field, Model, ModelKey, Project};
use crate::python::{Assign, Class, Code, Def, Doctext, Imports, Stmt};

/// The data types of one file.
pub(super) struct Values<'a> {
    project: &'a Project,
    /// By the type's name.
    types: BTreeMap<&'a str, Type<'a>>,
}

struct Type<'a> {
    /// The class, whose name may differ if a model has it.
    class: String,
    /// The parts, with the fields that hold them somewhere, and whether the value is optional there: then all its columns
    /// are nullable, which says nothing about the part.
    parts: Vec<(&'a str, Vec<(&'a Field, bool)>)>,
}

impl<'a> Values<'a> {
    /// Those of `models`.
    pub(super) fn of(project: &'a Project, app: &str, models: &'a [Model]) -> Self {
        let taken: BTreeSet<&str> = models.iter().map(|model| model.name.as_str()).collect();
        let mut types: BTreeMap<&str, Type<'a>> = BTreeMap::new();
        for model in models.iter().filter(|model| !model.embedded.is_empty()) {
            let shape = Shape::of(project, &ModelKey::new(app, &model.name));
            for value in &model.embedded {
                let entry = types.entry(&value.type_name).or_insert_with(|| {
                    let mut class = value.type_name.clone();
                    while taken.contains(class.as_str()) {
                        class.push_str("Value");
                    }
                    Type { class, parts: vec![] }
                });
                for (part, name) in &value.parts {
                    let place = entry.parts.iter().position(|(known, _)| known == part).unwrap_or_else(|| {
                        entry.parts.push((part, vec![]));
                        entry.parts.len() - 1
                    });
                    let fields = &mut entry.parts[place].1;
                    let field = shape.as_ref().and_then(|shape| shape.field(name));
                    fields.extend(field.map(|member| (member.field, value.optional)));
                }
            }
        }
        Self { project, types }
    }

    /// The dataclasses.
    pub(super) fn classes(&self, imports: &mut Imports) -> Vec<Stmt> {
        let mut classes = Vec::new();
        for kind in self.types.values() {
            imports.reserve(&kind.class);
        }
        for kind in self.types.values() {
            let decorator = Code::name(&imports.from("dataclasses", "dataclass")).call();
            let body = kind.parts.iter().map(|(part, fields)| {
                let annotation = Some(annotation(self.project, fields, imports));
                Stmt::Assign(Assign { target: (*part).to_owned(), annotation, value: None, allow: vec![] })
            });
            classes.push(Stmt::Class(Class {
                name: kind.class.clone(),
                doc: Some(Doctext::ours(super::module::title(&kind.class))),
                body: body.collect(),
                decorators: vec![decorator.kwarg("frozen", Code::bool(true))],
                ..Class::default()
            }));
        }
        classes
    }

    /// The property.
    pub(super) fn property(&self, model: &Model, value: &Embedded) -> Def {
        let class = self.types.get(value.type_name.as_str()).map_or(value.type_name.as_str(), |kind| &kind.class);
        let column = |name: &str| {
            let attribute = model.field(name).map_or_else(|| name.to_owned(), Field::attribute);
            Code::name("self").attr(&attribute)
        };
        let mut assembled = Code::name(class).call();
        for (part, name) in &value.parts {
            assembled = assembled.kwarg(part, column(name));
        }
        let mut body = Vec::new();
        let mut returns = Code::name(class);
        if value.optional {
            returns = Code::binary("|", vec![returns, Code::none()]);
            // Texts and documents are empty when they are absent, which says nothing of the whole.
            let nullable = value.parts.iter().filter(|(_, name)| model.field(name).is_some_and(|field| field.null));
            let absent: Vec<Code> = nullable.map(|(_, name)| column(name).compare("is", Code::none())).collect();
            if !absent.is_empty() {
                body.push(Stmt::If(Code::binary("and", absent), vec![Stmt::Return(Code::none())]));
            }
        }
        body.push(Stmt::Return(assembled));
        Def {
            decorators: vec![Code::name("property")],
            name: value.name.clone(),
            params: vec![("self".to_owned(), None)],
            returns: Some(returns),
            doc: Some(Doctext::ours(format!("The parts of {} as one value.", value.name.replace('_', " ")))),
            body,
            ..Def::default()
        }
    }
}

/// The type of what all of `fields` hold.
fn annotation(project: &Project, fields: &[(&Field, bool)], imports: &mut Imports) -> Code {
    let mut alternatives: Vec<(&str, &str)> = Vec::new();
    for (field, _) in fields {
        let python = project.python_type(field);
        if !alternatives.contains(&python) {
            alternatives.push(python);
        }
    }
    let any = ("typing", "Any");
    if alternatives.is_empty() || alternatives.contains(&any) {
        alternatives = vec![any];
    }
    let mut types: Vec<Code> = alternatives.iter().map(|(module, name)| imports.reference(module, name)).collect();
    let has_mandatory = fields.iter().any(|(_, optional)| !optional);
    let is_null = fields.iter().any(|(field, optional)| field.null && !(*optional && has_mandatory));
    if alternatives != [any] && is_null {
        types.push(Code::none());
    }
    Code::binary("|", types)
}
