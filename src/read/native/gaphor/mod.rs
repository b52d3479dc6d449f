//! Gaphor's own format: all elements lie flat beside each other and say by reference what they stand in.
//!
//! The metaclasses and features are those of UML 2, and an id stays. Multiplicities and defaults are values, since version 3 of
//! the tool elements of their own. An end without multiplicity was left empty.

mod features;

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{Element, ElementKind};
use crate::read::drafting::{Drafting, Met};
use crate::read::html;
use crate::read::xmi2::Kind;
use crate::read::xml::{NodeId, Tree};
use crate::source::{Name, Spanned};
use crate::uml::draft::{
    Draft, DraftAssociation, DraftClassifier, DraftComment, DraftEnd, DraftLiteral, DraftPackage, DraftRelation,
    Navigability, Owner, Reference, RelationKind, RelationStart, Target,
};
use crate::uml::model::{AbsentMultiplicity, PackageKind};

/// What an element became, for what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Package(usize),
    Classifier(usize),
    Association(usize),
    /// It is no part of the model.
    Outside,
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    /// All elements by id.
    nodes: BTreeMap<&'t str, NodeId>,
    /// Elements whose packages are read.
    met: BTreeSet<NodeId>,
    /// What was read, with its element.
    read: BTreeMap<NodeId, (Part, Element)>,
}

/// Reads a model.
pub(in crate::read) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    let draft = &mut drafting.draft;
    draft.tool = "Gaphor";
    draft.absent_end_multiplicity = AbsentMultiplicity::Unknown;
    draft.navigability = Navigability::UnspecifiedWithoutArrow;
    drafting.metaclass_prefix = "";
    let mut reader = Reader { tree, drafting, nodes: BTreeMap::new(), met: BTreeSet::new(), read: BTreeMap::new() };
    let elements = reader.elements();
    for &node in &elements {
        if let Some(id) = tree.plain(node, "id") {
            reader.nodes.entry(id.value).or_insert(node);
        }
    }
    // What owns is read before what it owns.
    for &node in &elements {
        reader.packages(node);
    }
    for &node in &elements {
        if let Kind::Classifier(_) = Kind::of(tree.local(node)) {
            reader.classifier(node);
        }
    }
    for &node in &elements {
        if let Kind::Association = Kind::of(tree.local(node)) {
            reader.association(node);
        }
    }
    for &node in &elements {
        reader.features(node);
    }
    for &node in &elements {
        reader.rest(node);
    }
    let draft = &mut reader.drafting.draft;
    let mut roots = draft.packages.iter().filter(|package| package.owner.is_none());
    if let (Some(only), None) = (roots.next(), roots.next()) {
        draft.name = only.name.clone().filter(|name| name.value != "New model");
    }
    reader.drafting.finish()
}

impl<'t> Reader<'t, '_> {
    /// The elements of the model: they stand in the root, or in the one element there.
    fn elements(&self) -> Vec<NodeId> {
        let tree = self.tree;
        let root = tree.root().into_iter().flat_map(|root| tree.children(root));
        root.flat_map(|node| {
            let is_model = tree.local(node) == "model";
            let inner = is_model.then(|| tree.children(node)).into_iter().flatten();
            std::iter::once(node).filter(move |_| !is_model).chain(inner)
        })
        .collect()
    }

    /// The value of a feature that is written in place.
    fn value(&self, node: NodeId, feature: &str) -> Option<Spanned<&'t str>> {
        let tree = self.tree;
        let child = tree.children(node).find(|&child| tree.local(child) == feature)?;
        let value = tree.children(child).find(|&inner| tree.local(inner) == "val")?;
        tree.text(value)
    }

    fn flag(&self, node: NodeId, feature: &str) -> bool {
        self.value(node, feature).is_some_and(|flag| matches!(flag.value, "1" | "True" | "true"))
    }

    /// The ids that a feature refers to.
    fn ids(&self, node: NodeId, feature: &str) -> Vec<Spanned<&'t str>> {
        let tree = self.tree;
        let children = tree.children(node).filter(|&child| tree.local(child) == feature);
        let inner = children.flat_map(|child| child + 1..tree.end(child)).filter(|&inner| tree.local(inner) == "ref");
        inner.filter_map(|inner| tree.plain(inner, "refid")).collect()
    }

    fn references(&self, node: NodeId, feature: &str) -> Vec<Reference> {
        let reference = |id: Spanned<&str>| Reference::new(Target::Id(id.value.into()), id.span);
        self.ids(node, feature).into_iter().map(reference).collect()
    }

    /// The elements that a feature refers to.
    fn targets(&self, node: NodeId, feature: &str) -> Vec<NodeId> {
        self.ids(node, feature).into_iter().filter_map(|id| self.nodes.get(id.value).copied()).collect()
    }

    /// What an element stands in, by the first of its features that says so.
    fn owner(&self, node: NodeId) -> Option<NodeId> {
        const FEATURES: &[&str] = &[
            "owningAssociation",
            "class_",
            "structuredClassifier",
            "interface_",
            "datatype",
            "enumeration",
            "ownerFormalParam",
            "ownerReturnParam",
            "nestingClass",
            "owningPackage",
            "nestingPackage",
            "package",
        ];
        FEATURES.iter().find_map(|feature| self.targets(node, feature).first().copied())
    }

    fn enter(&mut self, node: NodeId, kind: ElementKind, owner: Option<Element>) -> Element {
        let id = self.tree.plain(node, "id").map(|id| id.value);
        let name = self.value(node, "name").map(|name| name.value);
        self.drafting.enter(Met { kind, span: self.tree.span(node), id, name, owner })
    }

    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.value(node, "name")?;
        self.drafting.name(name)
    }

    fn documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let text = self.value(node, "note")?.map(html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    /// Reads the packages around `node` and itself, if it is one, from the outside in.
    fn packages(&mut self, node: NodeId) {
        let mut chain = Vec::new();
        let mut next = Some(node);
        while let Some(around) = next {
            // What was met before needs no second look; whoever stands in himself stands nowhere.
            if chain.len() > 1 << 10 || !self.met.insert(around) {
                break;
            }
            if let Kind::Package(_) = Kind::of(self.tree.local(around)) {
                chain.push(around);
            }
            next = self.owner(around);
        }
        for package in chain.into_iter().rev() {
            let Kind::Package(kind) = Kind::of(self.tree.local(package)) else { continue };
            let around = self.owner(package).and_then(|owner| self.read.get(&owner)).copied();
            let element = self.enter(package, Kind::Package(kind).word(""), around.map(|(_, element)| element));
            let name = self.name(package);
            let owner = match around {
                Some((Part::Package(owner), _)) => Some(owner),
                _ => None,
            };
            self.drafting.draft.packages.push(DraftPackage {
                is_library: kind == PackageKind::Profile,
                documentation: self.documentation(package),
                extra: self.extra(package),
                ..DraftPackage::new(element, kind, name, owner)
            });
            self.read.insert(package, (Part::Package(self.drafting.draft.packages.len() - 1), element));
        }
    }

    /// The owner of a classifier or an association.
    fn around(&self, node: NodeId) -> (Owner, Option<Element>) {
        match self.owner(node).and_then(|owner| self.read.get(&owner)) {
            Some(&(Part::Package(package), element)) => (Owner::Package(package), Some(element)),
            Some(&(Part::Classifier(classifier), element)) => (Owner::Classifier(classifier), Some(element)),
            _ => (Owner::Root, None),
        }
    }

    fn classifier(&mut self, node: NodeId) {
        let Kind::Classifier(kind) = Kind::of(self.tree.local(node)) else { return };
        let (owner, around) = self.around(node);
        let element = self.enter(node, Kind::Classifier(kind).word(""), around);
        let name = self.name(node);
        self.drafting.draft.classifiers.push(DraftClassifier {
            is_abstract: self.flag(node, "isAbstract"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftClassifier::new(element, kind, name, owner, self.tree.tag_span(node))
        });
        self.read.insert(node, (Part::Classifier(self.drafting.draft.classifiers.len() - 1), element));
    }

    fn association(&mut self, node: NodeId) {
        let (owner, around) = self.around(node);
        let element = self.enter(node, ElementKind::Association, around);
        let name = self.name(node);
        let ends = self.references(node, "memberEnd").into_iter().map(DraftEnd::Member).collect();
        self.drafting.draft.associations.push(DraftAssociation {
            ends,
            navigable_ends: self.references(node, "navigableOwnedEnd").into(),
            is_derived: self.flag(node, "isDerived"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftAssociation::new(element, name, owner, self.tree.tag_span(node))
        });
        self.read.insert(node, (Part::Association(self.drafting.draft.associations.len() - 1), element));
    }

    /// What stands in a classifier or an association, in the order that it says.
    fn features(&mut self, node: NodeId) {
        match self.read.get(&node) {
            Some(&(Part::Classifier(classifier), element)) => {
                for property in self.targets(node, "ownedAttribute") {
                    self.property(property, Owner::Classifier(classifier), element);
                }
                for operation in self.targets(node, "ownedOperation") {
                    self.operation(operation, classifier, element);
                }
                for literal in self.targets(node, "ownedLiteral") {
                    self.literal(literal, classifier, element);
                }
            }
            Some(&(Part::Association(association), element)) => {
                for property in self.targets(node, "ownedEnd") {
                    self.property(property, Owner::Association(association), element);
                }
            }
            _ => {}
        }
    }

    /// What has not been read yet: what only says itself where it stands, relations, comments, and what is not read.
    fn rest(&mut self, node: NodeId) {
        let tree = self.tree;
        let metaclass = tree.local(node);
        if self.read.contains_key(&node) || tree.plain(node, "id").is_none() || is_drawing(metaclass) {
            return;
        }
        let kind = Kind::of(metaclass);
        let owner = self.owner(node).and_then(|owner| self.read.get(&owner)).copied();
        match (kind, owner) {
            (Kind::Property, Some((Part::Classifier(classifier), element))) => {
                self.property(node, Owner::Classifier(classifier), element);
            }
            (Kind::Property, Some((Part::Association(association), element))) => {
                self.property(node, Owner::Association(association), element);
            }
            (Kind::Operation, Some((Part::Classifier(classifier), element))) => {
                self.operation(node, classifier, element);
            }
            (Kind::Literal, Some((Part::Classifier(classifier), element))) => self.literal(node, classifier, element),
            (Kind::Relation(kind), _) => self.relation(node, kind),
            (Kind::Comment, _) => self.comment(node),
            (Kind::Value, _) => {}
            _ => self.pass(node, kind, owner.map(|(_, element)| element)),
        }
    }

    /// Enters an element that is no part of the model.
    fn pass(&mut self, node: NodeId, kind: Kind, owner: Option<Element>) {
        let metaclass = self.tree.local(node);
        let word = match kind.word(metaclass) {
            ElementKind::Attribute if metaclass == "ExtensionEnd" => ElementKind::ExtensionEnd,
            ElementKind::Attribute if !self.ids(node, "association").is_empty() => ElementKind::End,
            ElementKind::Attribute => ElementKind::TagDefinition,
            word => word,
        };
        let id = self.tree.plain(node, "id").map(|id| id.value);
        let name = self.value(node, "name").map(|name| name.value);
        let element = self.drafting.pass(Met { kind: word, span: self.tree.span(node), id, name, owner });
        self.read.insert(node, (Part::Outside, element));
        if kind == Kind::Ignored {
            self.drafting.ignore(metaclass, element);
        }
    }

    fn relation(&mut self, node: NodeId, kind: RelationKind) {
        let named = |features: &[&str]| {
            let found = features.iter().map(|feature| self.references(node, feature));
            found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
        };
        let from = named(&["specific", "client", "implementatingClassifier"]);
        let to = named(&["general", "supplier", "contract"]);
        let owner = from.first().and_then(|from| match &from.target {
            Target::Id(id) => self.drafting.draft.ids.get(id).copied(),
            _ => None,
        });
        let element = self.enter(node, Kind::Relation(kind).word(""), owner);
        let from = from.into_iter().map(RelationStart::Named).collect();
        self.drafting.draft.relations.push(DraftRelation { element, kind, from, to });
        self.read.insert(node, (Part::Outside, element));
    }

    fn comment(&mut self, node: NodeId) {
        let element = self.enter(node, ElementKind::Comment, None);
        self.read.insert(node, (Part::Outside, element));
        let body = self.value(node, "body").map(|body| body.map(html::plain));
        if let Some(body) = body.filter(|body| !body.value.is_empty()) {
            let annotated = self.references(node, "annotatedElement");
            self.drafting.draft.comments.push(DraftComment { element, owner: None, annotated, body });
        }
    }

    fn literal(&mut self, node: NodeId, classifier: usize, owner: Element) {
        if self.read.contains_key(&node) {
            return;
        }
        let element = self.enter(node, ElementKind::Literal, Some(owner));
        self.read.insert(node, (Part::Outside, element));
        let name = self.name(node);
        let literal = DraftLiteral {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftLiteral::new(element, name, self.tree.tag_span(node))
        };
        self.drafting.draft.classifiers[classifier].literals.push(literal);
    }
}

/// Diagrams, what is drawn in them, and how.
fn is_drawing(metaclass: &str) -> bool {
    metaclass.ends_with("Item")
        || matches!(metaclass, "Diagram" | "StyleSheet" | "Box" | "Ellipse" | "Line" | "Picture")
}
