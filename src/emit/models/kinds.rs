//! Rows of several kinds in one table, or of kinds that the table above tells apart: managers and what makes a row one of a kind.

use super::module::Scope;
use crate::django::Model;
use crate::django::model::KindOf;
use crate::python::{Code, Def, Doctext, Stmt};

/// `VehicleKind.TRUCK`
fn members(kind: &KindOf, scope: &mut Scope<'_>) -> Vec<Code> {
    let choices = scope.choices(&kind.choices);
    let own = kind.member.iter().map(|(member, _)| member);
    own.chain(&kind.below).map(|member| choices.clone().attr(member)).collect()
}

fn call(function: Code, first: Vec<Code>, kind: &KindOf, scope: &mut Scope<'_>) -> Code {
    let all = first.into_iter().chain([Code::str(&kind.field)]).chain(members(kind, scope));
    all.fold(function.call(), Code::arg)
}

/// The manager that leaves out rows of other kinds, with the querysets that the user writes.
pub(super) fn manager(model: &Model, rows: Option<&Code>, is_marked: bool, scope: &mut Scope<'_>) -> Option<Code> {
    let kind = model.kind_of.as_ref().filter(|kind| kind.filters)?;
    let (module, class) = if is_marked { ("soft_delete", "SoftDeleteKindManager") } else { ("kinds", "KindManager") };
    let class = Code::name(&scope.imports.from(&format!("{}.{module}", scope.project.core), class));
    let class = match rows {
        Some(rows) if is_marked => class.attr("with_rows").call().arg(rows.clone()),
        Some(rows) => class.attr("from_queryset").call().arg(rows.clone()),
        None => class,
    };
    Some(call(class, vec![], kind, scope))
}

/// `become(self, "kind", VehicleKind.TRUCK)`; nothing for a class whose rows are all of kinds below it.
pub(super) fn become_kind(model: &Model, scope: &mut Scope<'_>) -> Option<Stmt> {
    let kind = model.kind_of.as_ref().filter(|kind| kind.member.is_some())?;
    let function = Code::name(&scope.imports.from(&format!("{}.kinds", scope.project.core), "become"));
    Some(Stmt::Expr(call(function, vec![Code::name("self")], kind, scope)))
}

/// `save()`, which says of which kind the row is.
pub(super) fn save(model: &Model, scope: &mut Scope<'_>) -> Option<Def> {
    let statement = become_kind(model, scope)?;
    Some(saving(statement, "Save the row as one of its kind.", scope))
}

/// A `save()` that does something first.
pub(super) fn saving(first: Stmt, doc: &str, scope: &mut Scope<'_>) -> Def {
    let any = scope.imports.reference("typing", "Any");
    let arguments = [Code::name("args").starred(), Code::name("kwargs").double_starred()];
    let saved = arguments.into_iter().fold(Code::name("super").call().attr("save").call(), Code::arg);
    Def {
        name: "save".to_owned(),
        params: vec![
            ("self".to_owned(), None),
            ("*args".to_owned(), Some(any.clone())),
            ("**kwargs".to_owned(), Some(any)),
        ],
        returns: Some(Code::none()),
        doc: Some(Doctext::ours(doc)),
        body: vec![first, Stmt::Expr(saved)],
        ..Def::default()
    }
}
