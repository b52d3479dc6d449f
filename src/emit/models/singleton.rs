//! Classes with one row: what gives it, and a `save()` that writes no other.

use super::kinds;
use super::module::Scope;
use crate::django::shape::Shape;
use crate::django::{Model, ModelKey};
use crate::python::{Code, Def, Doctext, Stmt};

/// The key of the row.
const KEY: i128 = 1;

/// `save()` and `load()`.
pub(super) fn methods(model: &Model, scope: &mut Scope<'_>) -> Vec<Def> {
    if !model.is_singleton {
        return Vec::new();
    }
    let drawn = model.behavior.iter().flat_map(|behavior| behavior.written()).any(|stub| stub.name == "load");
    let load = (!drawn && !model.is_defined_by_user("load")).then(|| load(model, scope));
    let key = Stmt::SetOwn("pk".to_owned(), Code::int(KEY));
    std::iter::once(kinds::saving(key, "Save the only row.", scope)).chain(load).collect()
}

/// The row, made if it can be made of nothing but defaults.
fn load(model: &Model, scope: &Scope<'_>) -> Def {
    let shape = Shape::of(scope.project, &ModelKey::new(scope.app, &model.name));
    let needs = |shape: &Shape<'_>| {
        shape.fields.iter().any(|member| member.field.is_required() && member.field.many_to_many().is_none())
    };
    let objects = || Code::name("cls").attr("objects");
    let key = |call: Code| call.kwarg("pk", Code::int(KEY));
    let (row, doc) = if shape.as_ref().is_some_and(needs) {
        (key(objects().attr("get").call()), "Give the only row, which must be there.")
    } else {
        let made = key(objects().attr("get_or_create").call());
        (made.subscript([Code::int(0)]), "Give the only row; it is made of defaults if it is not there.")
    };
    Def {
        decorators: vec![Code::name("classmethod")],
        name: "load".to_owned(),
        params: vec![("cls".to_owned(), None)],
        returns: Some(Code::str(&model.name)),
        doc: Some(Doctext::ours(doc)),
        body: vec![Stmt::Return(row)],
        ..Def::default()
    }
}
