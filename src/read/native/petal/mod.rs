//! Rational Rose: `.mdl`, `.ptl` and the units `.cat` and `.sub`.

mod parts;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use tree::{NodeId, Tree};

use super::super::drafting::{Drafting, Met};
use crate::account::{Element, ElementKind};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Limits;
use crate::source::{SourceId, Spanned};
use crate::uml::draft::{Draft, DraftClassifier, DraftPackage, Extra, Owner, Reference, RelationKind, Target};
use crate::uml::model::{AbsentMultiplicity, ClassifierKind, PackageKind, Tag};

/// What every model is named, and the view that its classes stand in.
const LOGICAL_VIEW: &str = "Logical View";

/// Rose's own add-ins: what they keep at an element steers generators of code and says nothing about the model.
const ADD_INS: &[&str] = &[
    "cg",
    "Java",
    "J2EE",
    "Ada83",
    "Ada95",
    "Cplusplus",
    "ANSIConvert",
    "MSVC",
    "VC++",
    "Visual Basic",
    "VisualStudio",
    "COM",
    "CORBA",
    "IdlGenerator",
    "Data Modeler",
    "Data Modeler Communicator",
    "DDL",
    "Oracle8",
    "XML_DTD",
    "Web Modeler",
    "ComponentTest",
    "framework",
    "TopLink",
    "Rose Model Integrator",
    "Rose Web Publisher",
    "Version Control",
    "SoDA",
    "RequisitePro",
    "Traversal",
];

/// What the walk is in.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// One past the last node in it.
    end: NodeId,
    element: Option<Element>,
    owner: Owner,
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    scopes: Vec<Scope>,
    paths: Paths<'t>,
    /// Associations with the classes that they are at the same time.
    association_classes: Vec<(Element, Reference)>,
}

/// A document, taken apart.
pub(in crate::read) struct Petal<'a>(Tree<'a>);

/// Takes a document apart. Whatever is wrong is reported, and what can be understood is kept.
pub(in crate::read) fn parse<'a>(
    text: &'a str,
    source: SourceId,
    file: &str,
    limits: &Limits,
    report: &mut Report,
) -> Petal<'a> {
    Petal(tree::build(text, source, file, limits, report))
}

/// Reads a document.
pub(in crate::read) fn read(petal: &Petal<'_>, mut drafting: Drafting<'_>) -> Draft {
    let tree = &petal.0;
    drafting.metaclass_prefix = "";
    drafting.draft.tool = "Rational Rose";
    drafting.draft.absent_end_multiplicity = AbsentMultiplicity::Unknown;
    drafting.draft.cut_off = tree.cut_off;
    let mut reader =
        Reader { tree, drafting, scopes: Vec::new(), paths: Paths::of(tree), association_classes: Vec::new() };
    reader.walk();
    reader.join_association_classes();
    reader.drafting.finish()
}

/// Packages and classes by what they stand in and their name, to follow paths such as `Logical View::shop::Order`.
#[derive(Default)]
struct Paths<'t> {
    inner: BTreeMap<(Option<NodeId>, &'t str), NodeId>,
    quids: BTreeSet<&'t str>,
}

impl<'t> Paths<'t> {
    fn of(tree: &'t Tree<'_>) -> Self {
        let mut paths = Self::default();
        let mut around: Vec<NodeId> = Vec::new();
        for node in 0..tree.len() {
            if !is_package(tree.class(node)) && !is_classifier(tree.class(node)) {
                continue;
            }
            while around.last().is_some_and(|&outer| tree.end(outer) <= node) {
                around.pop();
            }
            let name = tree.name(node).map_or("", |name| name.value);
            paths.inner.entry((around.last().copied(), name)).or_insert(node);
            paths.quids.extend(tree.text(node, "quid").map(|quid| quid.value));
            around.push(node);
        }
        paths
    }

    fn find(&self, path: &str) -> Option<NodeId> {
        path.split("::").try_fold(None, |at, name| self.inner.get(&(at, name)).map(|&node| Some(node)))?
    }
}

fn is_package(class: &str) -> bool {
    class == "Class_Category"
}

fn is_classifier(class: &str) -> bool {
    matches!(
        class,
        "Class"
            | "Class_Utility"
            | "Parameterized_Class"
            | "Parameterized_Class_Utility"
            | "Instantiated_Class"
            | "Instantiated_Class_Utility"
    )
}

/// The kind of a relation that stands in what it starts at.
fn relation(class: &str) -> Option<(RelationKind, ElementKind)> {
    Some(match class {
        "Inheritance_Relationship" => (RelationKind::Generalization, ElementKind::Generalization),
        "Realize_Relationship" => (RelationKind::Realization, ElementKind::Realization),
        "Uses_Relationship" | "Dependency_Relationship" | "Visibility_Relationship" => {
            (RelationKind::Dependency, ElementKind::Dependency)
        }
        _ => return None,
    })
}

/// Whether a class of objects says how the model is shown, or how the tool is set up.
fn is_shown(class: &str) -> bool {
    matches!(class, "Petal" | "defaults" | "Properties" | "Font" | "Attribute")
        || class.ends_with("Diagram")
        || class.ends_with("View")
}

impl<'t> Reader<'t, '_> {
    fn walk(&mut self) {
        let mut node = 0;
        while node < self.tree.len() {
            while self.scopes.last().is_some_and(|scope| scope.end <= node) {
                self.scopes.pop();
            }
            node = self.visit(node);
        }
        self.scopes.clear();
    }

    fn scope(&self) -> Scope {
        let root = Scope { end: self.tree.len(), element: None, owner: Owner::Root };
        self.scopes.last().copied().unwrap_or(root)
    }

    fn open(&mut self, node: NodeId, element: Element, owner: Owner) {
        self.scopes.push(Scope { end: self.tree.end(node), element: Some(element), owner });
    }

    /// Reads what `node` is and gives the node to go on with: its first child, or what follows it.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let after = tree.end(node);
        let class = tree.class(node);
        match class {
            // A value, or a list of what may be of interest.
            "" if matches!(tree.key(node), "attributes" | "logical_presentations") => return after,
            "" | "Design" => return node + 1,
            _ if is_shown(class) => return after,
            _ => {}
        }
        let scope = self.scope();
        match (class, scope.owner) {
            ("Class_Category", Owner::Root | Owner::Package(_)) => self.package(node),
            _ if is_classifier(class) => self.classifier(node),
            ("Association", _) => {
                self.association(node);
                return after;
            }
            ("ClassAttribute", Owner::Classifier(_)) => {
                self.attribute(node, ElementKind::Attribute);
                return after;
            }
            ("Operation", Owner::Classifier(classifier)) => {
                self.operation(node, classifier);
                return after;
            }
            // What holds nothing but components and processes is told only if there are any.
            ("SubSystem" | "Processes", _) => return node + 1,
            _ => {
                match relation(class) {
                    Some((kind, word)) => self.relation(node, kind, word),
                    None => self.ignore(node),
                }
                return after;
            }
        }
        node + 1
    }

    /// Enters an element into the account.
    fn enter(&mut self, node: NodeId, kind: ElementKind, name: Option<Spanned<&str>>) -> Element {
        let tree = self.tree;
        let id = tree.text(node, "quid").map(|quid| quid.value);
        let met =
            Met { kind, span: tree.span(node), id, name: name.map(|name| name.value), owner: self.scope().element };
        let element = self.drafting.enter(met);
        if id.is_none() {
            self.drafting.draft.ids.insert(&self.id(node), element);
        }
        element
    }

    /// The name of an element; Rose numbers what has none.
    fn written_name(&self, node: NodeId) -> Option<Spanned<&'t str>> {
        self.tree.name(node).filter(|name| !name.value.starts_with("$UNNAMED$"))
    }

    /// Passes over an element with what stands in it; they are no part of the model, but they are counted as what they are.
    pub(super) fn ignore(&mut self, node: NodeId) {
        let tree = self.tree;
        let element = self.pass(node, self.scope().element);
        for inner in node + 1..tree.end(node) {
            if !tree.class(inner).is_empty() && tree.text(inner, "quid").is_some() && !is_shown(tree.class(inner)) {
                self.pass(inner, Some(element));
            }
        }
        let metaclass = match tree.class(node) {
            "Mechanism" => "Collaboration".to_owned(),
            "Module" => "Component".to_owned(),
            "Processor" => "Node".to_owned(),
            class => class.replace('_', ""),
        };
        self.drafting.ignore(&metaclass, element);
    }

    /// Enters an element that has no part in the model.
    fn pass(&mut self, node: NodeId, owner: Option<Element>) -> Element {
        let tree = self.tree;
        let kind = match tree.class(node) {
            "Class_Category" => ElementKind::Package,
            "ClassAttribute" => ElementKind::Attribute,
            "Operation" => ElementKind::Operation,
            "Association" => ElementKind::Association,
            "Role" => ElementKind::End,
            class if is_classifier(class) => ElementKind::Class,
            class => relation(class).map_or(ElementKind::Other, |(_, word)| word),
        };
        let id = tree.text(node, "quid").map(|quid| quid.value);
        let name = self.written_name(node).map(|name| name.value);
        self.drafting.pass(Met { kind, span: tree.span(node), id, name, owner })
    }

    fn package(&mut self, node: NodeId) {
        let tree = self.tree;
        let written = self.written_name(node);
        // The views of the tool are no packages of the model.
        let is_view = matches!(tree.key(node), "root_category" | "root_usecase_package");
        let (kind, word) = if is_view {
            (PackageKind::Model, ElementKind::Model)
        } else {
            (PackageKind::Package, ElementKind::Package)
        };
        let element = self.enter(node, word, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let owner = match self.scope().owner {
            Owner::Package(owner) => Some(owner),
            _ => None,
        };
        let package = DraftPackage {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftPackage::new(element, kind, name, owner)
        };
        self.drafting.draft.packages.push(package);
        self.open(node, element, Owner::Package(self.drafting.draft.packages.len() - 1));
        self.unit(node, element);
    }

    /// A package whose content is kept in a file of its own.
    fn unit(&mut self, node: NodeId, element: Element) {
        let tree = self.tree;
        let is_elsewhere = tree.text(node, "is_loaded").is_some_and(|loaded| loaded.value == "FALSE");
        let Some(file) = tree.text(node, "file_name").filter(|_| is_elsewhere) else { return };
        let name = tree.name(node).map_or("", |name| name.value);
        let path = file.value.replace('\\', "/");
        let path = path.strip_prefix("$curdir/").unwrap_or(&path);
        // What comes with the tool lies beside the tool.
        if path.starts_with('$') {
            return;
        }
        self.drafting.report.add(
            Diagnostic::new(&codes::U0303, format!("package `{name}` is kept in `{path}`, which was not given"))
                .about(element)
                .here(file.span, "this unit is not loaded")
                .help("load all units in Rose, make them part of the model and save it as one file")
                .cause(path.to_owned()),
        );
    }

    fn classifier(&mut self, node: NodeId) {
        let tree = self.tree;
        let stereotype = tree.text(node, "stereotype").map_or("", |written| written.value);
        let (kind, word) = match stereotype.to_lowercase().as_str() {
            "interface" => (ClassifierKind::Interface, ElementKind::Interface),
            "actor" | "business actor" | "business worker" => (ClassifierKind::Actor, ElementKind::Actor),
            _ => (ClassifierKind::Class, ElementKind::Class),
        };
        let written = self.written_name(node);
        let element = self.enter(node, word, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let class = tree.class(node);
        let mut extra = self.extra(node);
        if class.ends_with("Utility") {
            extra.stereotypes.push(Spanned::new("utility".to_owned(), tree.span(node)));
        }
        let owner = self.scope().owner;
        let classifier = DraftClassifier {
            is_abstract: tree.flag(node, "abstract"),
            is_template: class.starts_with("Parameterized"),
            documentation: self.documentation(node),
            extra,
            ..DraftClassifier::new(element, kind, name, owner, tree.span(node))
        };
        self.drafting.draft.classifiers.push(classifier);
        self.open(node, element, Owner::Classifier(self.drafting.draft.classifiers.len() - 1));
    }

    fn documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let text = self.tree.text(node, "documentation")?.map(crate::read::html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    /// The stereotype, and the tags that are not a generator's.
    fn extra(&self, node: NodeId) -> Extra {
        let tree = self.tree;
        let stereotype = tree.text(node, "stereotype").filter(|written| !written.value.trim().is_empty());
        let tags = tree.list(node, "attributes").filter_map(|attribute| {
            let tool = tree.text(attribute, "tool").map_or("", |tool| tool.value);
            let (name, value) = (tree.text(attribute, "name")?, tree.text(attribute, "value")?);
            let tag = Tag {
                name: name.map(str::to_owned),
                value: value.map(str::to_owned),
                stereotype: Some(tool.to_owned()),
            };
            (!ADD_INS.contains(&tool)).then_some(tag)
        });
        Extra {
            stereotypes: stereotype.map(|written| written.map(str::to_owned)).into_iter().collect(),
            tags: tags.collect(),
        }
    }

    /// The element that `node` names by its id `quidu` and by the path that it calls `key`.
    fn reference(&self, node: NodeId, key: &str) -> Option<Reference> {
        let tree = self.tree;
        let path = tree.text(node, key).filter(|path| !path.value.trim().is_empty());
        let quid = tree.text(node, "quidu");
        let span = path.or(quid)?.span;
        // An id may be gone, as of a class that was drawn again: the path still leads there.
        let found = match quid.filter(|quid| self.paths.quids.contains(quid.value)) {
            Some(quid) => Some(quid.value.to_owned()),
            None => path.and_then(|path| self.paths.find(path.value)).map(|node| self.id(node)),
        };
        let id = found.or_else(|| Some(quid.or(path)?.value.to_owned()))?;
        let readable = path.map(|path| path.value.rsplit("::").next().unwrap_or_default().into());
        Some(Reference { readable, ..Reference::new(Target::Id(id.into()), span) })
    }

    /// By what references find a package or a class.
    fn id(&self, node: NodeId) -> String {
        self.tree.text(node, "quid").map_or_else(|| format!("@{node}"), |quid| quid.value.to_owned())
    }
}
