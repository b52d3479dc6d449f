//! Methods and properties that follow relations.

use super::module::Scope;
use crate::django::method::{Follow, Method, MethodKind};
use crate::django::shape::Shape;
use crate::django::{Model, ModelKey};
use crate::python::{Code, Def, Doctext, Stmt};

/// Those of a model.
pub(super) fn methods(model: &Model, scope: &mut Scope<'_>) -> Vec<Def> {
    let generated = model.methods.iter().filter(|method| !model.is_defined_by_user(&method.name));
    generated.map(|method| def(method, scope)).collect()
}

fn def(method: &Method, scope: &mut Scope<'_>) -> Def {
    let this = || Code::name("self");
    let words = |name: &str| name.replace('_', " ");
    match &method.kind {
        MethodKind::Across { link, to, model } => Def {
            decorators: vec![Code::name("property")],
            name: method.name.clone(),
            params: vec![("self".to_owned(), None)],
            returns: Some(row(model, true, scope)),
            doc: Some(Doctext::ours(format!("The {} of the {}, if there is one.", words(to), words(link)))),
            body: vec![
                Stmt::assign(
                    "link",
                    scope.imports.builtin("getattr").call().arg(this()).arg(Code::str(link)).arg(Code::none()),
                ),
                Stmt::If(Code::name("link").compare("is", Code::none()), vec![Stmt::Return(Code::none())]),
                Stmt::Return(Code::name("link").attr(to)),
            ],
            ..Def::default()
        },
        MethodKind::Union(follows) => {
            let names: Vec<String> = follows.iter().map(|follow| words(&follow.name)).collect();
            let models = Code::name(&scope.imports.from("django.db", "models")).attr("Model");
            Def {
                decorators: vec![Code::name("property")],
                name: method.name.clone(),
                params: vec![("self".to_owned(), None)],
                returns: Some(scope.imports.builtin("list").subscript([models])),
                doc: Some(Doctext::ours(format!("All of {}.", names.join(", ")))),
                body: vec![Stmt::Return(Code::list(follows.iter().map(|follow| all(follow, scope))))],
                ..Def::default()
            }
        }
        MethodKind::Qualified { rows, fields, to, model, holder, is_one } => {
            let mut params = vec![("self".to_owned(), None)];
            let shape = Shape::of(scope.project, holder);
            let mut lookup = this().attr(rows).attr(if *is_one { "get" } else { "filter" }).call();
            for name in fields {
                let field = shape.as_ref().and_then(|shape| shape.field(name));
                let annotation = field.map(|member| {
                    let (module, class) = scope.project.python_type(member.field);
                    scope.imports.reference(module, class)
                });
                params.push((name.clone(), annotation));
                lookup = lookup.kwarg(name, Code::name(name));
            }
            let value = match to {
                Some(to) => lookup.attr(to),
                None => lookup,
            };
            let names: Vec<String> = fields.iter().map(|name| words(name)).collect();
            let one = row(model, false, scope);
            let (returns, what) = if *is_one {
                (one, format!("The only one with this {}.", names.join(" and ")))
            } else {
                let query = Code::name(&scope.imports.from("django.db", "models")).attr("QuerySet");
                (query.subscript([one]), format!("Those with this {}.", names.join(" and ")))
            };
            Def {
                name: method.name.clone(),
                params,
                returns: Some(returns),
                doc: Some(Doctext::ours(what)),
                body: vec![Stmt::Return(value)],
                ..Def::default()
            }
        }
    }
}

/// A row of a model as an annotation: classes of the same file by name, as they may stand below.
fn row(model: &ModelKey, or_none: bool, scope: &mut Scope<'_>) -> Code {
    if model.app == scope.app {
        let or_none = if or_none { " | None" } else { "" };
        return Code::str(format!("{}{or_none}", model.name));
    }
    let any = Code::name(&scope.imports.from("django.db", "models")).attr("Model");
    if or_none { Code::binary("|", vec![any, Code::none()]) } else { any }
}

/// `*self.books.all()`, or the only one if there is one.
fn all(follow: &Follow, scope: &mut Scope<'_>) -> Code {
    let this = Code::name("self");
    if follow.is_many {
        return this.attr(&follow.name).attr("all").call().starred();
    }
    let one = scope.imports.builtin("getattr").call().arg(this).arg(Code::str(&follow.name)).arg(Code::none());
    scope.imports.builtin("filter").call().arg(Code::none()).arg(Code::list([one])).starred()
}
