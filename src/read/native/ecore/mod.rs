//! Ecore, the metamodel of Eclipse's modelling framework: packages, classes, attributes and references, but no associations.
//!
//! An id is the path of names from the root, so that what is renamed is new. A reference is one end of an association; its
//! opposite is the other, and where there is none, nobody can go back. Nothing written means `0..1`.

mod annotations;
mod features;

use crate::account::{Element, ElementKind};
use crate::read::drafting::{Drafting, Met};
use crate::read::xmi2::Kind;
use crate::read::xml::{NodeId, Ns, Tree};
use crate::source::Name;
use crate::uml::draft::{
    Draft, DraftClassifier, DraftLiteral, DraftPackage, DraftRelation, Owner, Reference, RelationKind, RelationStart,
    Target,
};
use crate::uml::model::{ClassifierKind, PackageKind};
use features::DrawnReference;

/// Longer paths are no names that anybody gave.
const LONGEST_PATH: usize = 400;

/// What the walk is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Package(usize),
    Classifier(usize),
    Operation(usize, usize),
    /// It is read by what it stands in, or by nobody.
    Leaf,
}

#[derive(Clone, Debug)]
struct Scope {
    /// One past the last node in it.
    end: NodeId,
    element: Element,
    part: Part,
    /// The path of its name, which is its id.
    path: Option<String>,
    /// The package around.
    package: Option<Element>,
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    scopes: Vec<Scope>,
    /// How many root packages there are, and how many the walk has met.
    roots: usize,
    met: usize,
    /// References to classes that are drawn.
    drawn: Vec<DrawnReference>,
}

/// Whether a document is an Ecore model.
pub(in crate::read) fn is_model(tree: &Tree<'_>) -> bool {
    roots(tree).next().is_some()
}

fn roots<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = NodeId> + 't {
    let root = tree.root();
    let is_xmi = root.is_some_and(|root| tree.ns(root) == Ns::Xmi && tree.local(root) == "XMI");
    let inner = root.filter(|_| is_xmi).into_iter().flat_map(|root| tree.children(root));
    root.filter(|_| !is_xmi).into_iter().chain(inner).filter(|&node| {
        tree.local(node) == "EPackage" && tree.namespace(tree.ns(node)).is_none_or(|uri| uri.ends_with("/Ecore"))
    })
}

/// Reads a metamodel.
pub(in crate::read) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    drafting.draft.tool = "Ecore";
    drafting.metaclass_prefix = "ecore:";
    let roots: Vec<NodeId> = roots(tree).collect();
    let mut reader = Reader { tree, drafting, scopes: Vec::new(), roots: roots.len(), met: 0, drawn: Vec::new() };
    for root in roots {
        let mut node = root;
        while node < tree.end(root) {
            while reader.scopes.last().is_some_and(|scope| scope.end <= node) {
                reader.scopes.pop();
            }
            node = reader.visit(node);
        }
        reader.scopes.clear();
    }
    reader.associations();
    let draft = &mut reader.drafting.draft;
    let mut packages = draft.packages.iter().filter(|package| package.owner.is_none());
    if let (Some(only), None) = (packages.next(), packages.next()) {
        draft.name = only.name.clone();
    }
    reader.drafting.finish()
}

impl Reader<'_, '_> {
    /// Reads what `node` is and gives the node to go on with.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let ty = tree.attribute(node, Ns::Xsi, "type").or_else(|| tree.xmi(node, "type"));
        let ty = ty.map_or("", |ty| ty.value.rsplit(':').next().unwrap_or_default());
        let part = self.scopes.last().map_or(Part::Leaf, |scope| scope.part);
        match (tree.local(node), ty, part) {
            ("EPackage", ..) if self.scopes.is_empty() => self.package(node),
            ("eSubpackages", _, Part::Package(_)) => self.package(node),
            ("eClassifiers", "EClass", Part::Package(package)) => self.class(node, package),
            ("eClassifiers", "EEnum", Part::Package(package)) => {
                self.classifier(node, ClassifierKind::Enumeration, package);
            }
            ("eClassifiers", "EDataType", Part::Package(package)) => {
                self.classifier(node, ClassifierKind::PrimitiveType, package);
            }
            ("eStructuralFeatures", "EReference", Part::Classifier(class)) => self.feature(node, class, true),
            ("eStructuralFeatures", _, Part::Classifier(class)) => self.feature(node, class, false),
            ("eOperations", _, Part::Classifier(class)) => self.operation(node, class),
            ("eParameters", _, Part::Operation(class, operation)) => self.parameter(node, class, operation),
            ("eLiterals", _, Part::Classifier(class)) => self.literal(node, class),
            ("eGenericSuperTypes", _, Part::Classifier(_)) => self.super_types(node, "eClassifier"),
            ("eTypeParameters", _, Part::Classifier(class)) => {
                self.drafting.draft.classifiers[class].is_template = true;
                return tree.end(node);
            }
            _ => return tree.end(node),
        }
        node + 1
    }

    /// Enters an element that has an id: the one written, else its path. References may lead to either.
    fn enter(&mut self, node: NodeId, kind: ElementKind) -> Element {
        let tree = self.tree;
        let name = tree.plain(node, "name").map(|name| name.value);
        let path = self.path(name.unwrap_or_default());
        let written = tree.xmi(node, "id").map(|id| id.value);
        let owner = self.scopes.last().map(|scope| scope.element);
        let id = written.or(path.as_deref());
        let element = self.drafting.enter(Met { kind, span: tree.span(node), id, name, owner });
        if let (Some(path), Some(_)) = (path, written) {
            self.drafting.draft.ids.insert(&path, element);
        }
        element
    }

    /// The path of what is called `name` here: `//Order/lines`, or `/1/Order/lines` below the second of several roots.
    fn path(&self, name: &str) -> Option<String> {
        let path = match self.scopes.last() {
            Some(scope) => format!("{}/{name}", scope.path.as_ref()?),
            None if self.roots > 1 => format!("/{}", self.met),
            None => "/".to_owned(),
        };
        (path.len() <= LONGEST_PATH).then_some(path)
    }

    fn open(&mut self, node: NodeId, element: Element, part: Part) {
        let path = self.path(self.tree.plain(node, "name").map_or("", |name| name.value));
        let package = match part {
            Part::Package(_) => Some(element),
            _ => self.scopes.last().and_then(|scope| scope.package),
        };
        self.scopes.push(Scope { end: self.tree.end(node), element, part, path, package });
    }

    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.tree.plain(node, "name")?;
        self.drafting.name(name)
    }

    /// References that are written as a list, each to a path that an element may have.
    fn references(&self, node: NodeId, feature: &str) -> Vec<Reference> {
        let mut found = self.tree.plain(node, feature).map(|written| self.drafting.list(written)).unwrap_or_default();
        for reference in &mut found {
            if let Target::Id(path) = &mut reference.target {
                // `/` and `/0` are both the first root.
                if self.roots > 1 && path.starts_with("//") {
                    *path = format!("/0{}", &path[1..]).into();
                } else if let Some(rest) = path.strip_prefix("/0/").filter(|_| self.roots < 2) {
                    *path = format!("//{rest}").into();
                }
            }
        }
        found
    }

    fn reference(&self, node: NodeId, feature: &str) -> Option<Reference> {
        self.references(node, feature).into_iter().next()
    }

    /// The type of a feature or a parameter, also of one with parameters of its own.
    fn ty(&self, node: NodeId) -> Option<Reference> {
        let tree = self.tree;
        let generic = || tree.children(node).find(|&child| tree.local(child) == "eGenericType");
        self.reference(node, "eType").or_else(|| self.reference(generic()?, "eClassifier")).or_else(|| {
            // A parameter of the class: its name is all that is known.
            let mut parameter = self.reference(generic()?, "eTypeParameter")?;
            if let Target::Id(path) = &parameter.target {
                parameter.target = Target::Name(path.rsplit('/').next().unwrap_or_default().into());
            }
            Some(parameter)
        })
    }

    fn package(&mut self, node: NodeId) {
        let owner = self.scopes.last().map(|scope| scope.part);
        let element = self.enter(node, ElementKind::Package);
        let name = self.name(node);
        let owner = match owner {
            Some(Part::Package(owner)) => Some(owner),
            _ => None,
        };
        let said = self.annotations(node);
        self.drafting.draft.packages.push(DraftPackage {
            documentation: said.documentation,
            extra: said.extra,
            ..DraftPackage::new(element, PackageKind::Package, name, owner)
        });
        self.open(node, element, Part::Package(self.drafting.draft.packages.len() - 1));
        if self.scopes.len() == 1 {
            self.met += 1;
        }
    }

    fn class(&mut self, node: NodeId, package: usize) {
        let is = |feature| self.tree.plain(node, feature).is_some_and(|flag| flag.value == "true");
        let (is_interface, is_abstract) = (is("interface"), is("abstract"));
        let kind = if is_interface { ClassifierKind::Interface } else { ClassifierKind::Class };
        self.classifier(node, kind, package);
        if let Some(class) = self.drafting.draft.classifiers.last_mut() {
            class.is_abstract = is_abstract;
        }
        self.super_types(node, "eSuperTypes");
    }

    fn classifier(&mut self, node: NodeId, kind: ClassifierKind, package: usize) {
        let element = self.enter(node, Kind::Classifier(kind).word(""));
        let name = self.name(node);
        let said = self.annotations(node);
        let java = self.tree.plain(node, "instanceClassName").or_else(|| self.tree.plain(node, "instanceTypeName"));
        let represents = java.map(|name| name.map(str::to_owned)).or(said.base);
        let owner = Owner::Package(package);
        self.drafting.draft.classifiers.push(DraftClassifier {
            represents: represents.filter(|_| kind == ClassifierKind::PrimitiveType),
            documentation: said.documentation,
            extra: said.extra,
            ..DraftClassifier::new(element, kind, name, owner, self.tree.tag_span(node))
        });
        self.open(node, element, Part::Classifier(self.drafting.draft.classifiers.len() - 1));
        self.constraints(said.constraints);
    }

    /// Generalizations are attributes in Ecore; each is an element all the same.
    fn super_types(&mut self, node: NodeId, feature: &str) {
        let Some(class) = self.scopes.last().map(|scope| scope.element) else { return };
        for general in self.references(node, feature) {
            let kind = ElementKind::Generalization;
            let met = Met { kind, span: general.span, id: None, name: None, owner: Some(class) };
            let element = self.drafting.pass(met);
            self.drafting.draft.relations.push(DraftRelation {
                element,
                kind: RelationKind::Generalization,
                from: vec![RelationStart::Owner(class)],
                to: vec![general],
            });
        }
    }

    fn literal(&mut self, node: NodeId, class: usize) {
        let element = self.enter(node, ElementKind::Literal);
        let name = self.name(node);
        let said = self.annotations(node);
        // What is written to files, if it is not the name.
        let value = self.tree.plain(node, "literal").filter(|literal| {
            !literal.value.is_empty() && name.as_ref().is_none_or(|name| name.value != literal.value)
        });
        let literal = DraftLiteral {
            value: value.map(|value| value.map(str::to_owned)),
            documentation: said.documentation,
            extra: said.extra,
            ..DraftLiteral::new(element, name, self.tree.tag_span(node))
        };
        self.drafting.draft.classifiers[class].literals.push(literal);
        self.open(node, element, Part::Leaf);
    }
}

#[cfg(test)]
mod tests;
