//! What the model checks around the methods of `behaviors.py`: they are the user's, their contracts the diagram's.

use super::invariant::{self, Refusal};
use super::module::Scope;
use super::queries::annotation;
use crate::django::Model;
use crate::django::behavior::{self, Annotation, MODULE, Stub, StubKind};
use crate::django::contract::{Contract, Demand, RESULT};
use crate::python::{Code, Def, Doctext, Stmt};

/// The methods that check before and after those of the user's.
pub(super) fn contracts(model: &Model, scope: &mut Scope<'_>) -> Vec<Def> {
    let written = model.behavior.iter().flat_map(|behavior| behavior.written());
    let with_contract = written.filter(|stub| !stub.contract.is_empty());
    with_contract.map(|stub| def(model, stub, scope)).collect()
}

fn def(model: &Model, stub: &Stub, scope: &mut Scope<'_>) -> Def {
    let is_property = stub.kind == StubKind::Property;
    let mut called = Code::name("super").call().attr(&stub.name);
    if !is_property {
        called = called.call();
        for (name, _) in &stub.parameters {
            called = called.arg(Code::name(name));
        }
    }
    let returns = match &stub.results[..] {
        [] => Code::none(),
        [only] => annotation(only, false, scope),
        several => {
            let several: Vec<Code> = several.iter().map(|result| annotation(result, false, scope)).collect();
            scope.imports.builtin("tuple").subscript(several)
        }
    };
    let guard = Guard { model, contract: &stub.contract, parameters: &stub.parameters };
    let body = if stub.results.is_empty() { guard.call(called, scope) } else { guard.value(called, scope) };
    Def {
        decorators: if is_property { vec![scope.imports.builtin("property")] } else { Vec::new() },
        name: stub.name.clone(),
        params: params(&stub.parameters, scope),
        allow: behavior::allowed(&stub.parameters),
        returns: Some(returns),
        doc: Some(Doctext::ours(format!("Check the diagram's conditions around the method in ``{MODULE}.py``."))),
        body,
    }
}

/// The parameters of a method, `self` before them.
pub(super) fn params(parameters: &[(String, Annotation)], scope: &mut Scope<'_>) -> Vec<(String, Option<Code>)> {
    let mut params = vec![("self".to_owned(), None)];
    for (name, ty) in parameters {
        params.push((name.clone(), Some(annotation(ty, false, scope))));
    }
    params
}

/// The contract of a method of a model.
pub(super) struct Guard<'a> {
    pub(super) model: &'a Model,
    pub(super) contract: &'a Contract,
    pub(super) parameters: &'a [(String, Annotation)],
}

impl Guard<'_> {
    /// `call`, with what must hold before and after.
    fn call(&self, call: Code, scope: &mut Scope<'_>) -> Vec<Stmt> {
        let mut body = self.demanded(scope);
        body.push(Stmt::Expr(call));
        body.extend(self.promised(scope));
        body
    }

    /// `return value`, with what must hold before and after.
    pub(super) fn value(&self, value: Code, scope: &mut Scope<'_>) -> Vec<Stmt> {
        let mut body = self.demanded(scope);
        if self.contract.after.is_empty() {
            body.push(Stmt::Return(value));
            return body;
        }
        body.push(Stmt::assign(RESULT, value));
        body.extend(self.promised(scope));
        body.push(Stmt::Return(Code::name(RESULT)));
        body
    }

    /// What conditions give a name.
    fn names(&self) -> Vec<String> {
        self.parameters.iter().map(|(name, _)| name.clone()).chain([RESULT.to_owned()]).collect()
    }

    /// The caller is told in the diagram's words what it did not keep.
    fn demanded(&self, scope: &mut Scope<'_>) -> Vec<Stmt> {
        let params = self.names();
        let refusal = |demand: &Demand, scope: &mut Scope<'_>| {
            let (message, code) = (demand.message.as_str(), demand.code.as_deref());
            let refusal = Refusal { test: &demand.test, message, code, field: None, params: &params };
            invariant::refuse(self.model, &refusal, scope)
        };
        self.contract.before.iter().filter_map(|demand| refusal(demand, scope)).collect()
    }

    /// A promise that is broken is a fault of the program, not of who uses it.
    fn promised(&self, scope: &mut Scope<'_>) -> Vec<Stmt> {
        let params = self.names();
        let mut body = Vec::new();
        for demand in &self.contract.after {
            let wrong = invariant::broken(self.model, &demand.test, &params, scope);
            let error = Code::name("AssertionError").call().arg(Code::str(&demand.message));
            body.push(Stmt::If(wrong, vec![Stmt::Raise(error)]));
        }
        body
    }
}
