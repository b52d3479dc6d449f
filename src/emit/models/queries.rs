//! Properties and methods that compute what the diagram defines.

use super::contracts;
use super::invariant::{Writer, joined};
use super::module::Scope;
use crate::django::Model;
use crate::django::behavior::Annotation;
use crate::django::computed::{Computed, Query};
use crate::django::logic::{Rows, Term, Test, Total};
use crate::django::rule::Named;
use crate::python::{Code, Def, Doctext};

/// Those of a model.
pub(super) fn queries(model: &Model, scope: &mut Scope<'_>) -> Vec<Def> {
    let computed = model.queries.iter().filter(|query| !model.is_defined_by_user(&query.name));
    computed.map(|query| def(model, query, scope)).collect()
}

fn def(model: &Model, query: &Query, scope: &mut Scope<'_>) -> Def {
    let (code, may_miss) = result(model, query, scope);
    let returns = annotation(&query.returns, may_miss, scope);
    let parameters = query.parameters.as_deref().unwrap_or_default();
    let params = contracts::params(parameters, scope);
    Def {
        decorators: if query.parameters.is_none() { vec![Code::name("property")] } else { Vec::new() },
        name: query.name.clone(),
        params,
        returns: Some(returns),
        doc: Some(Doctext::of(Some(&query.doc), "As the diagram says.")),
        body: contracts::Guard { model, contract: &query.contract, parameters }.value(code, scope),
        ..Def::default()
    }
}

/// What a query gives, and whether that may be nothing.
fn result(model: &Model, query: &Query, scope: &mut Scope<'_>) -> (Code, bool) {
    let mut writer = Writer::new(model, scope);
    writer.taken.extend(query.parameters.iter().flatten().map(|(name, _)| name.clone()));
    match &query.result {
        Computed::Value(value) => self::value(&mut writer, value, query.returns.name == "Decimal", &[]),
        Computed::Test(test) => {
            let code = writer.test(test, true);
            let is_bool = match test {
                Test::Constant(_)
                | Test::Holds(_)
                | Test::Exists(..)
                | Test::ForAll(..)
                | Test::One(..)
                | Test::IsUnique(..)
                | Test::IsEmpty(_) => true,
                Test::Compare(..) => code.clone().operands("and").len() == 1,
                _ => false,
            };
            // A guard of a text is that text.
            (if is_bool { code } else { writer.scope.imports.builtin("bool").call().arg(code) }, false)
        }
        Computed::Rows(rows) if rows.filter.is_empty() => {
            let all = writer.manager(rows).attr("all").call();
            let all = writer.scope.imports.builtin("list").call().arg(all);
            (or_none(&mut writer, rows, all), false)
        }
        Computed::Rows(rows) => {
            let name = writer.bind(rows);
            let all = writer.generator(Code::name(&name), rows, &name).listed();
            (or_none(&mut writer, rows, all), false)
        }
        Computed::Values(rows, value) => {
            let all = writer.generated(rows, value).listed();
            (or_none(&mut writer, rows, all), false)
        }
    }
}

/// `all` that there are; none if what they are of is missing.
fn or_none(writer: &mut Writer<'_, '_>, rows: &Rows<Named>, all: Code) -> Code {
    let guards = writer.way(rows);
    if guards.is_empty() { all } else { all.conditional(joined("and", guards), Code::list([])) }
}

/// A value, and whether it may be nothing: what it is computed from must be there, and some of that is `known` to be.
fn value(writer: &mut Writer<'_, '_>, term: &Term<Named>, is_decimal: bool, known: &[Code]) -> (Code, bool) {
    if let Term::If(test, yes, no) = term {
        let (holds, fails) = (writer.test(test, true), writer.test(test, false));
        let (yes, one) = value(writer, yes, is_decimal, &holds.clone().operands("and"));
        let (no, other) = value(writer, no, is_decimal, &fails.clone().operands("and"));
        let is_total = writer.is_total(test);
        if yes == no {
            let known = joined("or", vec![holds, fails]);
            let code = if is_total { yes } else { nested(yes).conditional(known, Code::none()) };
            return (code, one || other || !is_total);
        }
        if is_total {
            // What is true is there: `self.nickname or self.name`.
            let either = yes == holds && !no.is_conditional();
            let code = if either { joined("or", vec![yes, no]) } else { nested(yes).conditional(holds, nested(no)) };
            return (code, one || other);
        }
        let no = nested(no).conditional(fails, Code::none());
        return (nested(yes).conditional(holds, nested(no)), true);
    }
    let mut guards = writer.guards(&[term]);
    guards.retain(|guard| !known.contains(guard));
    let mut code = writer.value(term);
    if is_decimal && adds_up(term) {
        // The sum of nothing is a whole number.
        code = writer.scope.imports.reference("decimal", "Decimal").call().arg(code);
    }
    // A value alone is there, or nothing.
    let is_itself = guards.len() == 1 && guards[0] == code.clone().compare("is not", Code::none());
    if guards.is_empty() || is_itself {
        return (code, is_itself || is_optional(term));
    }
    (code.conditional(joined("and", guards), Code::none()), true)
}

/// A choice inside of another stands in parentheses.
fn nested(code: Code) -> Code {
    if code.is_conditional() { code.parenthesized() } else { code }
}

/// Whether a value is a sum over rows.
fn adds_up(value: &Term<Named>) -> bool {
    match value {
        Term::Total(Total::Sum, ..) => true,
        Term::Arithmetic(_, left, right) => adds_up(left) || adds_up(right),
        Term::Negative(of) => adds_up(of),
        Term::If(_, yes, no) => adds_up(yes) || adds_up(no),
        _ => false,
    }
}

/// Whether a value that can be computed may still be nothing.
fn is_optional(value: &Term<Named>) -> bool {
    matches!(value, Term::One { optional: true, .. })
}

/// The type of what comes out: classes of the same file by name, as they may stand below.
pub(super) fn annotation(of: &Annotation, or_none: bool, scope: &mut Scope<'_>) -> Code {
    let is_here = ["models", "abstract"].iter().any(|module| of.module == format!("{}.{module}", scope.app));
    let is_optional = or_none || of.is_optional;
    if !of.is_ours || of.module.ends_with(".choices") {
        let one = if of.is_ours {
            Code::name(&scope.imports.from(&of.module, &of.name))
        } else {
            scope.imports.reference(&of.module, &of.name)
        };
        let all = if of.is_many { scope.imports.builtin("list").subscript([one]) } else { one };
        return if is_optional { Code::binary("|", vec![all, Code::none()]) } else { all };
    }
    let one = if is_here { of.name.clone() } else { scope.imports.for_types(&of.module, &of.name) };
    let all = if of.is_many { format!("list[{one}]") } else { one };
    Code::quoted(&if is_optional { format!("{all} | None") } else { all })
}
