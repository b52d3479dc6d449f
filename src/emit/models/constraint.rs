//! Indexes and constraints as `Meta` has them. What is written here must give what `django::deconstruct` says.

use super::condition::{condition, models};
use crate::django::constraint::{ConstraintKind, IndexKind, TextFunction};
use crate::django::{Constraint, Index};
use crate::python::{Code, Imports, translated};

/// `models.Index(fields=["name"], name="..")`; `core` is the label of our own app.
pub(super) fn index(index: &Index, core: &str, imports: &mut Imports) -> Code {
    let mut call = match index.kind {
        IndexKind::Plain => models(imports, "Index"),
        IndexKind::Brin => Code::name(&imports.from("django.contrib.postgres.indexes", "BrinIndex")),
        IndexKind::Document | IndexKind::Words | IndexKind::Trigram => {
            Code::name(&imports.from("django.contrib.postgres.indexes", "GinIndex"))
        }
        IndexKind::PortableTrigram => Code::name(&imports.from(&format!("{core}.indexes"), "TrigramIndex")),
    }
    .call();
    if index.kind == IndexKind::Trigram {
        let class = Code::name(&imports.from("django.contrib.postgres.indexes", "OpClass"));
        for name in &index.fields {
            let upper = function(TextFunction::Upper, name, imports);
            call = call.arg(class.clone().call().arg(upper).kwarg("name", Code::str("gin_trgm_ops")));
        }
    } else {
        call = columns(call, &index.fields, &index.functions, imports);
    }
    if index.kind == IndexKind::Document {
        call = call.kwarg("opclasses", Code::list([Code::str("jsonb_path_ops")]));
    }
    if let Some(given) = &index.condition {
        call = call.kwarg("condition", condition(given, imports));
    }
    if !index.include.is_empty() {
        call = call.kwarg("include", Code::list(index.include.iter().map(Code::str)));
    }
    call.kwarg("name", Code::str(&index.name))
}

/// `fields=[..]`, or an expression for each column if one of them is more than a column.
fn columns(mut call: Code, fields: &[String], functions: &[(String, TextFunction)], imports: &mut Imports) -> Code {
    if functions.is_empty() {
        return call.kwarg("fields", Code::list(fields.iter().map(Code::str)));
    }
    for field in fields {
        let name = field.trim_start_matches('-');
        let value = match functions.iter().find(|(known, _)| known == name) {
            Some((_, kind)) => function(*kind, name, imports),
            None if name.len() == field.len() => Code::str(name),
            None => models(imports, "F").call().arg(Code::str(name)),
        };
        call = call.arg(if name.len() == field.len() { value } else { value.attr("desc").call() });
    }
    call
}

/// `Upper("name")`
fn function(kind: TextFunction, field: &str, imports: &mut Imports) -> Code {
    Code::name(&imports.from("django.db.models.functions", kind.name())).call().arg(Code::str(field))
}

/// `models.UniqueConstraint(..)` or another constraint.
pub(super) fn constraint(constraint: &Constraint, imports: &mut Imports) -> Code {
    let mut call = match &constraint.kind {
        ConstraintKind::Unique { fields, functions, condition: given } => {
            let call = columns(models(imports, "UniqueConstraint").call(), fields, functions, imports);
            match given {
                Some(given) => call.kwarg("condition", condition(given, imports)),
                None => call,
            }
        }
        ConstraintKind::Check(given) => {
            models(imports, "CheckConstraint").call().kwarg("condition", condition(given, imports))
        }
        ConstraintKind::NoOverlap { start, end, by, range } => {
            let field = Code::name(&imports.from("django.contrib.postgres.fields", range.field())).call();
            let operators = Code::name(&imports.from("django.contrib.postgres.fields", "RangeOperators"));
            let range = models(imports, "Func")
                .call()
                .arg(Code::str(start))
                .arg(Code::str(end))
                .kwarg("function", Code::str(range.function()))
                .kwarg("output_field", field);
            let pair = |value: Code, operator: &str| Code::tuple([value, operators.clone().attr(operator)]);
            let same = by.iter().map(|name| pair(Code::str(name), "EQUAL"));
            let expressions = std::iter::once(pair(range, "OVERLAPS")).chain(same).collect::<Vec<_>>();
            Code::name(&imports.from("django.contrib.postgres.constraints", "ExclusionConstraint"))
                .call()
                .kwarg("expressions", Code::list(expressions))
        }
    };
    call = call.kwarg("name", Code::str(&constraint.name));
    if let Some(code) = &constraint.code {
        call = call.kwarg("violation_error_code", Code::str(code));
    }
    if let Some(message) = &constraint.message {
        call = call.kwarg("violation_error_message", translated(message, imports));
    }
    call
}
