//! `__init__.py` and `apps.py`.

use crate::django::{App, Project};
use crate::python::{Class, Code, Doctext, Imports, Module, Stmt, translated};
use crate::util::words;

/// The docstring of an app: the package's documentation.
fn doc(app: &App) -> Doctext {
    Doctext::of(app.doc.as_deref(), format!("The {} app.", app.label.replace('_', " ")))
}

/// `__init__.py`
pub(super) fn init(app: &App) -> Module {
    Module { doc: doc(app), imports: Imports::default(), body: vec![] }
}

/// `apps.py`
pub(super) fn config(project: &Project, app: &App) -> Module {
    let mut imports = Imports::new(project.packages());
    let name = words::pascal(&app.label) + "Config";
    imports.reserve(&name);
    let base = imports.from("django.apps", "AppConfig");
    let mut body = vec![Stmt::assign("name", Code::str(&app.label))];
    if let Some(verbose_name) = &app.verbose_name {
        body.push(Stmt::assign("verbose_name", translated(verbose_name, &mut imports)));
    }
    let class = Class { name, bases: vec![Code::name(&base)], doc: Some(doc(app)), body, ..Class::default() };
    Module { doc: Doctext::ours("App configuration."), imports, body: vec![Stmt::Class(class)] }
}
