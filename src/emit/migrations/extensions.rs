//! `<core>/migrations/0001_extensions.py`: what indexes need and no model implies.

use crate::django::Project;
use crate::django::operation::Extensions;
use crate::output::{File, Ownership};
use crate::python::{Class, Code, Doctext, Imports, Module, Stmt};

/// The migration, which comes before all that need it.
pub(super) fn migration(project: &Project, extensions: &Extensions) -> File {
    let mut imports = Imports::new(project.packages());
    let names = extensions.operations.iter();
    let calls = names.map(|name| Code::name(&imports.from("django.contrib.postgres.operations", name)).call());
    let calls: Vec<Code> = calls.collect();
    let base = Code::name(&imports.from("django.db", "migrations")).attr("Migration");
    let pair = |app: &str, name: &str| Code::tuple([Code::str(app), Code::str(name)]);
    let before = extensions.before.iter().map(|(app, name)| pair(app, name));
    let mut body = vec![Stmt::assign("run_before", Code::list(before)), Stmt::Blank];
    if let Some(after) = &extensions.after {
        let after = Code::list([pair(&project.core, after)]);
        body.extend([Stmt::assign("dependencies", after), Stmt::Blank]);
    }
    body.push(Stmt::assign("operations", Code::list(calls)));
    let class = Class {
        name: "Migration".to_owned(),
        bases: vec![base],
        doc: Some(Doctext::ours("Does nothing on other databases.")),
        body,
        ..Class::default()
    };
    let doc = Doctext::ours("Installs the extensions of PostgreSQL that indexes need.");
    let module = Module { doc, imports, body: vec![Stmt::Class(class)] };
    File { content: module.print(), ownership: Ownership::Sealed, elements: Vec::new() }
}
