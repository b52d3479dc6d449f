//! `choices.py`: enumerations. It imports nothing of the project, so that apps may use each other's.

use crate::django::{App, Choices, Project};
use crate::python::{Class, Code, Doctext, Expr, Imports, Module, Stmt, translated};

/// `choices.py`
pub(super) fn module(project: &Project, app: &App) -> Module {
    let mut imports = Imports::new(project.packages());
    for choices in &app.choices {
        imports.reserve(&choices.name);
        for member in &choices.members {
            imports.reserve(&member.name);
        }
    }
    let body = app.choices.iter().map(|choices| Stmt::Class(class(choices, &mut imports))).collect();
    let doc = format!("Enumerations of the {} app.", app.label.replace('_', " "));
    Module { doc: Doctext::ours(doc), imports, body }
}

fn class(choices: &Choices, imports: &mut Imports) -> Class {
    let models = imports.from("django.db", "models");
    let base = if choices.is_integer { "IntegerChoices" } else { "TextChoices" };
    let members = choices.members.iter().map(|member| {
        let value = if choices.is_integer {
            Code::of(&Expr::Int(member.value.clone()), imports)
        } else {
            Code::str(&member.value)
        };
        Stmt::assign(&member.name, Code::bare_tuple([value, translated(&member.label, imports)]))
    });
    Class {
        name: choices.name.clone(),
        doc: Some(Doctext::of(choices.doc.as_deref(), super::module::title(&choices.name))),
        body: members.collect(),
        bases: vec![Code::name(&models).attr(base)],
        ..Class::default()
    }
}
