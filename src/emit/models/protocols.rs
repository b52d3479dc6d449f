//! `protocols.py`: what classes promise to do. Nothing inherits from it; type checkers read it.

use crate::django::behavior::Stub;
use crate::django::{App, Project};
use crate::python::{Class, Code, Doctext, Imports, Module, Stmt};

/// `protocols.py`
pub(super) fn module(project: &Project, app: &App) -> Module {
    let mut imports = Imports::new(project.packages());
    for protocol in &app.protocols {
        imports.reserve(&protocol.name);
        for name in protocol.methods.iter().flat_map(Stub::names) {
            imports.reserve(name);
        }
    }
    let mut body = Vec::new();
    for protocol in &app.protocols {
        let methods = protocol.methods.iter().map(|method| Stmt::Def(method.promise(&mut imports))).collect();
        let mut bases: Vec<Code> = protocol.bases.iter().map(|base| Code::name(base)).collect();
        bases.push(Code::name(&imports.from("typing", "Protocol")));
        body.push(Stmt::Class(Class {
            name: protocol.name.clone(),
            bases,
            doc: Some(Doctext::of(protocol.doc.as_deref(), super::module::title(&protocol.name))),
            body: methods,
            ..Class::default()
        }));
    }
    let doc = format!("What classes of the {} app promise to do.", app.label.replace('_', " "));
    Module { doc: Doctext::ours(doc), imports, body }
}
