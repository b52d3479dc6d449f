//! Behaviors: what models can do besides storing, in classes that belong to the user.
//!
//! `<app>/behaviors.py` is written once and then the user's. It holds an abstract model for each model with operations, which
//! the generated class inherits from: Django leaves abstract models out of migrations
//! (`django.db.migrations.state.ModelState.from_model` flattens them), a plain class would stay in them forever.

use std::collections::BTreeSet;

use super::contract::Contract;
use super::model::{Model, StrMethod};
use super::project::Origin;
use crate::python::{Class, Code, Def, Doctext, Imports, Part, Place, Stmt};

/// The name of the module in its app.
pub const MODULE: &str = "behaviors";

/// The behavior of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Behavior {
    /// The class that the model inherits from: `OrderBehavior`.
    pub base: String,
    /// The class of its querysets: `OrderQuerySet`.
    pub rows: String,
    /// What the diagram wants to stand in them.
    pub stubs: Vec<Stub>,
    /// What does stand in them.
    pub there: There,
}

/// What `behaviors.py` has of a behavior, or will have once it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct There {
    /// What is defined in the class that the model inherits from; `None` if there is no such class.
    pub base: Option<BTreeSet<String>>,
    /// What is defined in the class of its querysets; `None` if there is no such class.
    pub rows: Option<BTreeSet<String>>,
}

/// A method or property for the user to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Stub {
    /// Its name.
    pub name: String,
    /// Where it stands and how it is called.
    pub kind: StubKind,
    /// Whether it changes nothing.
    pub is_query: bool,
    /// What goes in.
    pub parameters: Vec<(String, Annotation)>,
    /// What comes out: nothing, one thing, or several.
    pub results: Vec<Annotation>,
    /// The docstring: plain text, one or more paragraphs.
    pub doc: Option<String>,
    /// What the model checks around it.
    pub contract: Contract,
    /// Where it comes from.
    pub origin: Origin,
}

/// Kinds of stubs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubKind {
    /// A method of a row.
    Method,
    /// A method of the class.
    ClassMethod,
    /// A property of a row.
    Property,
    /// `__str__`
    Text,
    /// A method of querysets.
    Rows,
}

/// A type as an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The module that has it; of Python, of Django, or of the project.
    pub module: String,
    /// Its name.
    pub name: String,
    /// Whether the module is one of the project: then it is imported for type checkers only, so that no two modules wait
    /// for each other.
    pub is_ours: bool,
    /// Whether there may be many.
    pub is_many: bool,
    /// Whether there may be none.
    pub is_optional: bool,
}

impl Behavior {
    /// The behavior of the model called `name` with nothing in it.
    pub fn new(name: &str) -> Self {
        Self { base: Self::base_of(name), rows: Self::rows_of(name), stubs: Vec::new(), there: There::default() }
    }

    /// What the class is called that the model `name` inherits from.
    pub fn base_of(name: &str) -> String {
        format!("{name}Behavior")
    }

    /// What the class of the querysets of the model `name` is called.
    pub fn rows_of(name: &str) -> String {
        format!("{name}QuerySet")
    }

    /// Whether `stub` is, or will be, where it belongs.
    pub fn has(&self, stub: &Stub) -> bool {
        let there = if stub.kind == StubKind::Rows { &self.there.rows } else { &self.there.base };
        there.as_ref().is_some_and(|names| names.contains(&stub.name))
    }

    /// The class that a stub stands in.
    pub fn class_of(&self, stub: &Stub) -> &str {
        if stub.kind == StubKind::Rows { &self.rows } else { &self.base }
    }

    /// The stubs that are, or will be, where they belong.
    pub fn written(&self) -> impl Iterator<Item = &Stub> {
        self.stubs.iter().filter(|stub| self.has(stub))
    }

    /// Whether the class that the model inherits from defines `name`: the model itself then has no other.
    pub fn defines(&self, name: &str) -> bool {
        self.there.base.as_ref().is_some_and(|names| names.contains(name))
    }

    /// What there is once the stubs are written.
    pub fn complete(&self) -> There {
        let names = |is_rows: bool| -> Option<BTreeSet<String>> {
            let stubs = self.stubs.iter().filter(|stub| (stub.kind == StubKind::Rows) == is_rows);
            let names: BTreeSet<String> = stubs.map(|stub| stub.name.clone()).collect();
            (!names.is_empty()).then_some(names)
        };
        There { base: names(false), rows: names(true) }
    }

    /// Says in `imports` which names its classes give a meaning.
    pub fn reserve(&self, imports: &mut Imports) {
        for name in [&self.base, &self.rows] {
            imports.reserve(name);
        }
        for stub in &self.stubs {
            for name in stub.names() {
                imports.reserve(name);
            }
        }
    }

    /// The classes as they are written: of the querysets, then the one that the model inherits from; each only if it has stubs.
    pub fn classes(&self, model: &Model, imports: &mut Imports) -> Vec<Class> {
        [StubKind::Rows, StubKind::Method].into_iter().filter_map(|of| self.class(of, model, imports)).collect()
    }

    /// The class that has the stubs of a kind.
    pub fn class(&self, of: StubKind, model: &Model, imports: &mut Imports) -> Option<Class> {
        let is_rows = of == StubKind::Rows;
        let mut body = Vec::new();
        let django = Code::name(&imports.from("django.db", "models"));
        if !is_rows {
            let meta = vec![Stmt::assign("abstract", Code::bool(true))];
            body.push(Stmt::Class(Class { name: "Meta".to_owned(), body: meta, ..Class::default() }));
        }
        let stubs: Vec<&Stub> = self.stubs.iter().filter(|stub| (stub.kind == StubKind::Rows) == is_rows).collect();
        if stubs.is_empty() {
            return None;
        }
        body.extend(stubs.into_iter().map(|stub| Stmt::Def(stub.def(model, imports))));
        let (name, base, doc) = if is_rows {
            let row = Code::str(&model.name);
            (&self.rows, django.attr("QuerySet").subscript([row]), format!("Queries of ``{}``.", model.name))
        } else {
            (&self.base, django.attr("Model"), format!("Operations of ``{}``.", model.name))
        };
        Some(Class { name: name.clone(), bases: vec![base], doc: Some(Doctext::ours(doc)), body, ..Class::default() })
    }
}

impl Stub {
    /// Its name, and those of what goes in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.parameters.iter().map(|(name, _)| name.as_str()))
    }

    /// The stub as it is written.
    pub fn def(&self, model: &Model, imports: &mut Imports) -> Def {
        self.with_body(vec![self.body(model)], imports)
    }

    /// The same as a promise: without a body, for protocols.
    pub fn promise(&self, imports: &mut Imports) -> Def {
        self.with_body(Vec::new(), imports)
    }

    fn with_body(&self, body: Vec<Stmt>, imports: &mut Imports) -> Def {
        let first = if self.kind == StubKind::ClassMethod { "cls" } else { "self" };
        let mut params = vec![(first.to_owned(), None)];
        for (name, annotation) in &self.parameters {
            params.push((name.clone(), Some(annotation.code(imports))));
        }
        let decorators = match self.kind {
            StubKind::ClassMethod => vec![imports.builtin("classmethod")],
            StubKind::Property => vec![imports.builtin("property")],
            StubKind::Method | StubKind::Text | StubKind::Rows => vec![],
        };
        Def {
            decorators,
            name: self.name.clone(),
            params,
            returns: Some(self.returns(imports)),
            doc: Some(Doctext::of(self.doc.as_deref(), self.summary())),
            body,
            allow: allowed(&self.parameters),
        }
    }

    fn returns(&self, imports: &mut Imports) -> Code {
        match self.results.as_slice() {
            [] => Code::none(),
            [only] => only.code(imports),
            several => {
                let tuple = imports.builtin("tuple");
                if several.iter().any(|result| result.is_ours) {
                    let parts: Vec<String> = several.iter().map(|result| result.text(imports)).collect();
                    return Code::quoted(&format!("{}[{}]", tuple.print(Place::default()), parts.join(", ")));
                }
                tuple.subscript(several.iter().map(|result| result.code(imports)).collect::<Vec<_>>())
            }
        }
    }

    fn body(&self, model: &Model) -> Stmt {
        if self.kind != StubKind::Text {
            return Stmt::Raise(Code::name("NotImplementedError"));
        }
        // Lists in the admin show it from the first day.
        let this = || Code::name("self");
        Stmt::Return(match &model.str_method {
            Some(StrMethod::Text(name)) => this().attr(name),
            _ => Code::format(vec![
                Part::Value(Code::name("self._meta.verbose_name")),
                Part::Text(" ".to_owned()),
                Part::Value(Code::name("self.pk")),
            ]),
        })
    }

    /// A sentence for what the diagram says nothing about.
    fn summary(&self) -> String {
        if self.kind == StubKind::Text {
            return "Return the text that stands for it.".to_owned();
        }
        sentence(&self.name)
    }
}

/// The name of a method as a sentence: `Cancel order.`
pub fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}

/// What of a method with these parameters ruff is not asked: more than five are what the diagram says.
pub fn allowed(parameters: &[(String, Annotation)]) -> Vec<&'static str> {
    if parameters.len() > MOST { vec!["PLR0913", "PLR0917"] } else { vec![] }
}

/// Parameters besides `self` with which ruff's PLR0913 and PLR0917 are content.
const MOST: usize = 5;

impl Annotation {
    /// A type of Python or of a package.
    pub fn known(module: &str, name: &str) -> Self {
        Self { module: module.to_owned(), name: name.to_owned(), is_ours: false, is_many: false, is_optional: false }
    }

    /// A class of the project.
    pub fn ours(module: String, name: String) -> Self {
        Self { module, name, is_ours: true, is_many: false, is_optional: false }
    }

    fn code(&self, imports: &mut Imports) -> Code {
        if self.is_ours {
            return Code::quoted(&self.text(imports));
        }
        let one = imports.reference(&self.module, &self.name);
        let all = if self.is_many { imports.builtin("list").subscript([one]) } else { one };
        if self.is_optional { Code::binary("|", vec![all, Code::none()]) } else { all }
    }

    /// As text, which Python does not look up when it reads the file.
    fn text(&self, imports: &mut Imports) -> String {
        let one = if self.is_ours {
            imports.for_types(&self.module, &self.name)
        } else {
            imports.reference(&self.module, &self.name).print(Place::default())
        };
        let list = |imports: &mut Imports| imports.builtin("list").print(Place::default());
        let all = if self.is_many { format!("{}[{one}]", list(imports)) } else { one };
        if self.is_optional { format!("{all} | None") } else { all }
    }
}
