//! Natural keys: a manager that finds rows by what identifies them outside of the database.

use super::module::Scope;
use crate::django::{Field, Model};
use crate::python::{Class, Code, Def, Doctext, Stmt};

/// What a parameter would hide.
const TAKEN: &[&str] = &[
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "self",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// `class CountryManager(models.Manager["Country"])`
pub(super) fn manager(model: &Model, name: &str, is_marked: bool, scope: &mut Scope<'_>) -> Class {
    let row = || Code::str(&model.name);
    let mut params = vec![("self".to_owned(), None)];
    let mut found = Code::name("self").attr("get").call();
    for field in fields(model) {
        let underscore = if TAKEN.contains(&field.name.as_str()) { "_" } else { "" };
        let name = format!("{}{underscore}", field.name);
        found = found.kwarg(&field.name, Code::name(&name));
        params.push((name, Some(annotation(field, scope))));
    }
    let base = if is_marked {
        Code::name(&scope.imports.from(&format!("{}.soft_delete", scope.project.core), "SoftDeleteManager"))
    } else {
        super::condition::models(&mut scope.imports, "Manager")
    };
    let find = Def {
        name: "get_by_natural_key".to_owned(),
        params,
        returns: Some(row()),
        doc: Some(Doctext::ours("Return the row that has this natural key.")),
        body: vec![Stmt::Return(found)],
        ..Def::default()
    };
    Class {
        name: name.to_owned(),
        bases: vec![base.subscript([row()])],
        doc: Some(Doctext::ours("Finds rows by their natural key.")),
        body: vec![Stmt::Def(find)],
        ..Class::default()
    }
}

/// `def natural_key(self)`
pub(super) fn method(model: &Model, scope: &mut Scope<'_>) -> Def {
    let types: Vec<Code> = fields(model).map(|field| annotation(field, scope)).collect();
    let values: Vec<Code> = fields(model).map(|field| Code::name("self").attr(&field.attribute())).collect();
    Def {
        name: "natural_key".to_owned(),
        params: vec![("self".to_owned(), None)],
        returns: Some(scope.imports.builtin("tuple").subscript(types)),
        doc: Some(Doctext::ours("What identifies the row outside of the database.")),
        body: vec![Stmt::Return(Code::tuple(values))],
        ..Def::default()
    }
}

fn fields(model: &Model) -> impl Iterator<Item = &Field> {
    model.natural_key.iter().filter_map(|name| model.field(name))
}

fn annotation(field: &Field, scope: &mut Scope<'_>) -> Code {
    let (module, name) = scope.project.python_type(field);
    scope.imports.reference(module, name)
}
