//! `<core>/migrations/0001_extensions.py`: what indexes need and no model implies.

use std::collections::BTreeSet;

use crate::django::Project;
use crate::output::{File, Ownership};
use crate::python::{Class, Code, Doctext, Imports, Module, Stmt};

/// The migration, which comes before all that need it; `None` if nobody does.
pub(super) fn migration(project: &Project) -> Option<File> {
    let needs = |model: &crate::django::Model| !model.meta.extensions().is_empty();
    let apps: Vec<&str> =
        project.apps.iter().filter(|app| app.models.iter().any(needs)).map(|app| app.label.as_str()).collect();
    let operations: BTreeSet<&str> = project.models().flat_map(|model| model.meta.extensions()).collect();
    if operations.is_empty() {
        return None;
    }
    let mut imports = Imports::new(project.packages());
    let calls = operations.into_iter().map(|name| imports.from("django.contrib.postgres.operations", name));
    let calls: Vec<Code> = calls.map(|name| Code::name(&name).call()).collect();
    let base = Code::name(&imports.from("django.db", "migrations")).attr("Migration");
    let before = apps.into_iter().map(|label| Code::tuple([Code::str(label), Code::str("0001_initial")]));
    let class = Class {
        name: "Migration".to_owned(),
        bases: vec![base],
        doc: Some(Doctext::ours("Does nothing on other databases.")),
        body: vec![
            Stmt::assign("run_before", Code::list(before)),
            Stmt::Blank,
            Stmt::assign("operations", Code::list(calls)),
        ],
        ..Class::default()
    };
    let doc = Doctext::ours("Installs the extensions of PostgreSQL that indexes need.");
    let module = Module { doc, imports, body: vec![Stmt::Class(class)] };
    Some(File { content: module.print(), ownership: Ownership::Generated, elements: Vec::new() })
}
