//! `clean()`: the rules of a model, as calls of the functions in `<core>/rules.py`.

use serde::Serialize;

use super::field;
use super::invariant::{self, Refusal};
use super::kinds;
use super::module::Scope;
use crate::django::computed::Computed;
use crate::django::{Model, Project, Rule};
use crate::emit::tera::Templates;
use crate::failure::Failure;
use crate::python::{Code, Def, Doctext, Stmt};

const TEMPLATE: &[(&str, &str)] = &[("rules.py", include_str!("templates/core/rules.py"))];

/// Which functions `<core>/rules.py` needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Rules {
    covered: bool,
    disjoint: bool,
    narrowed: bool,
    no_overlap: bool,
    set_once: bool,
    limit: bool,
    subset: bool,
    generic: bool,
    kind: bool,
    repeats: bool,
}

impl Rules {
    /// Those of the project; `None` if it has no rules.
    pub(super) fn of(project: &Project) -> Option<Self> {
        let mut rules = None;
        if project.models().flat_map(|model| &model.fields).any(|field| field.set_once) {
            rules.get_or_insert_with(Self::default).set_once = true;
        }
        for query in project.models().flat_map(|model| &model.queries) {
            if matches!(&query.result, Computed::Test(test) if invariant::compares_rows(test)) {
                rules.get_or_insert_with(Self::default).repeats = true;
            }
        }
        let stubs = project.models().filter_map(|model| model.behavior.as_ref()).flat_map(|behavior| &behavior.stubs);
        let computed = project.models().flat_map(|model| &model.queries).map(|query| &query.contract);
        for contract in stubs.map(|stub| &stub.contract).chain(computed) {
            if contract.demands().any(|demand| invariant::compares_rows(&demand.test)) {
                rules.get_or_insert_with(Self::default).repeats = true;
            }
        }
        for rule in project.models().flat_map(|model| &model.rules) {
            let mut more = rules.unwrap_or_default();
            match rule {
                Rule::Covered { .. } => more.covered = true,
                Rule::Disjoint { .. } => more.disjoint = true,
                Rule::Narrowed { .. } => more.narrowed = true,
                Rule::NoOverlap { .. } => more.no_overlap = true,
                Rule::Limit { .. } => more.limit = true,
                Rule::Subset { .. } => more.subset = true,
                Rule::Kind { .. } => more.kind = true,
                Rule::Generic { .. } => more.generic = true,
                Rule::Invariant { test, .. } => more.repeats |= invariant::compares_rows(test),
            }
            // Some rules need no function.
            rules = rules.or((more != Self::default()).then_some(more)).map(|_| more);
        }
        rules
    }

    /// `<core>/rules.py`
    pub(super) fn module(self) -> Result<String, Failure> {
        let text = Templates::new(TEMPLATE)?.render("rules.py", &self)?;
        Ok(format!("{}\n", text.trim_end()))
    }
}

/// `clean()`, if the model has rules.
pub(super) fn clean(model: &Model, scope: &mut Scope<'_>) -> Option<Def> {
    let once: Vec<&str> = model.fields.iter().filter(|field| field.set_once).map(|field| field.name.as_str()).collect();
    let kind = kinds::become_kind(model, scope);
    let applied = model.rules.iter().filter_map(|rule| match rule {
        Rule::Invariant { test, message, code, field } => {
            let (code, field) = (code.as_deref(), field.as_deref());
            invariant::refuse(model, &Refusal { test, message, code, field, params: &[] }, scope)
        }
        rule => Some(Stmt::Expr(call(model, rule, scope))),
    });
    let applied: Vec<Stmt> = applied.collect();
    if applied.is_empty() && once.is_empty() && kind.is_none() {
        return None;
    }
    let mut body: Vec<Stmt> = kind.into_iter().collect();
    body.push(Stmt::Expr(Code::name("super").call().attr("clean").call()));
    body.extend(applied);
    if !once.is_empty() {
        let function = Code::name(&scope.imports.from(&format!("{}.rules", scope.project.core), "refuse_changes"));
        body.push(Stmt::Expr(function.call().arg(Code::name("self")).arg(Code::strings(once))));
    }
    Some(Def {
        name: "clean".to_owned(),
        params: vec![("self".to_owned(), None)],
        returns: Some(Code::none()),
        doc: Some(Doctext::ours("Refuse what fields and constraints cannot.")),
        body,
        ..Def::default()
    })
}

fn call(model: &Model, rule: &Rule, scope: &mut Scope<'_>) -> Code {
    let module = format!("{}.rules", scope.project.core);
    let mut function = |name: &str| Code::name(&scope.imports.from(&module, name)).call().arg(Code::name("self"));
    match rule {
        Rule::Covered { children } => {
            function("require_kind").arg(Code::name(&model.name)).arg(Code::strings(children))
        }
        Rule::Disjoint { siblings } => function("refuse_siblings").arg(Code::strings(siblings)),
        Rule::Narrowed { field, validators, required } => {
            let mut call = function("narrow").arg(Code::str(field));
            if !validators.is_empty() {
                call = call.arg(Code::list(validators.iter().map(|given| field::validator(given, scope))));
            }
            if *required {
                call = call.kwarg("required", Code::bool(true));
            }
            call
        }
        // Written as a statement.
        Rule::Invariant { .. } => Code::none(),
        Rule::Limit { by, most } => function("limit").arg(Code::int(*most)).kwarg("by", Code::strings(by)),
        Rule::Subset { field, via, of, is_key } => {
            let name = if *is_key { "require_same" } else { "require_member" };
            let call = function(name).arg(Code::str(field)).arg(Code::str(of));
            via.iter().fold(call, |call, via| call.kwarg("via", Code::str(via)))
        }
        Rule::Kind { field } => function("require_known_kind").arg(Code::str(field)),
        Rule::Generic { name } => function("require_row").arg(Code::str(name)),
        Rule::NoOverlap { start, end, by } => {
            let call = function("refuse_overlap").arg(Code::str(start)).arg(Code::str(end));
            if by.is_empty() { call } else { call.kwarg("by", Code::strings(by)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_alone_uses_what_is_imported_for_it() {
        let none = Rules::default();
        let alone = [
            Rules { covered: true, ..none },
            Rules { disjoint: true, ..none },
            Rules { narrowed: true, ..none },
            Rules { no_overlap: true, ..none },
            Rules { set_once: true, ..none },
            Rules { limit: true, ..none },
            Rules { subset: true, ..none },
            Rules { repeats: true, ..none },
        ];
        for rules in alone {
            let text = rules.module().unwrap();
            let (imports, functions) = text.split_once("\n\n\n").unwrap();
            let lines = imports.lines().filter_map(|line| line.split_once(" import "));
            let names: Vec<&str> = lines.flat_map(|(_, names)| names.split(", ")).collect();
            for name in names.iter().map(|name| name.rsplit(' ').next().unwrap()) {
                assert!(functions.contains(name), "{rules:?} imports {name}");
            }
            for name in ["Callable", "Hashable", "Iterable", "Any", "ValidationError", "models"] {
                let is_used = functions.contains(&format!("{name}.")) || functions.contains(&format!("{name}["));
                assert!(!is_used || names.contains(&name), "{rules:?} does not import {name}");
            }
        }
    }
}
