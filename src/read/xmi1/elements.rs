//! Packages, classifiers, relations, and what stands in them.

use super::tag::Tag;
use super::{Core, Kind, NodeId, ids, kinds};
use crate::account::{Element, ElementKind};
use crate::read::drafting::Met;
use crate::source::Spanned;
use crate::uml::draft::{
    DraftAssociation, DraftClassifier, DraftEnd, DraftInSet, DraftLiteral, DraftOperation, DraftPackage,
    DraftParameter, DraftRelation, Owner, RelationKind, RelationStart,
};
use crate::uml::model::{ClassifierKind, PackageKind};

impl Core<'_, '_> {
    /// Reads an element of `kind`. Whether the walk goes into it.
    pub(super) fn element(&mut self, node: NodeId, kind: Kind, metaclass: &str) -> bool {
        let scope = self.scope();
        match (kind, scope.owner) {
            (Kind::Drawing, _) => return false,
            (Kind::Value, _) => {}
            _ if self.is_empty(node) => return false,
            (Kind::Package(kind), _) => self.package(node, kind),
            (Kind::Classifier(kind), _) => self.classifier(node, kind),
            (Kind::Association, _) => self.association(node),
            (Kind::End, _) => return self.end_again(node),
            (Kind::Attribute, Owner::Classifier(classifier)) => {
                if self.drafting.draft.classifiers[classifier].kind == ClassifierKind::Enumeration {
                    self.literal(node, classifier, "initialValue");
                } else {
                    self.property(node, ElementKind::Attribute);
                }
            }
            (Kind::Attribute, Owner::Property(_)) => self.property(node, ElementKind::Qualifier),
            (Kind::Literal, Owner::Classifier(classifier)) => self.literal(node, classifier, "value"),
            (Kind::Operation, Owner::Classifier(classifier)) => self.operation(node, classifier),
            (Kind::Parameter, Owner::Classifier(classifier)) if scope.operation.is_some() => {
                self.parameter(node, classifier, scope.operation.unwrap_or_default());
            }
            (Kind::Relation(kind), _) => self.relation(node, kind),
            (Kind::Comment, _) => self.comment(node),
            (Kind::Constraint, _) => self.constraint(node),
            (Kind::Template, Owner::Classifier(classifier)) => {
                self.drafting.draft.classifiers[classifier].is_template |= scope.operation.is_none();
                self.pass(node, kind, metaclass);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.is_template = true;
                }
            }
            (Kind::Ignored, _) => {
                let element = self.pass(node, kind, metaclass);
                self.drafting.ignore(metaclass, element);
            }
            _ => {
                // A stereotype without an id is no definition but the name of one; its element has read it.
                if metaclass != "Stereotype" || ids::id(self.tree, node).is_some() {
                    self.pass(node, kind, metaclass);
                }
            }
        }
        true
    }

    /// An element without anything is a placeholder.
    fn is_empty(&self, node: NodeId) -> bool {
        let tree = self.tree;
        tree.attributes(node).next().is_none() && tree.end(node) == node + 1 && tree.text(node).is_none()
    }

    /// Enters an element that is no part of the model; what stands in it is owned by the namespace around.
    fn pass(&mut self, node: NodeId, kind: Kind, metaclass: &str) -> Element {
        let element = self.enter(node, kind.element(metaclass), self.scope().element);
        let (_, owner) = self.namespace();
        let owner = match owner {
            Owner::Classifier(_) => self.package_around(),
            other => other,
        };
        self.open(node, element, owner);
        element
    }

    fn package_around(&self) -> Owner {
        let owners = self.scopes.iter().rev().map(|scope| scope.owner);
        owners.into_iter().find(|owner| matches!(owner, Owner::Package(_))).unwrap_or(Owner::Root)
    }

    fn package(&mut self, node: NodeId, kind: PackageKind) {
        let word = if kind == PackageKind::Model { ElementKind::Model } else { ElementKind::Package };
        let (around, _) = self.namespace();
        let element = self.enter(node, word, around);
        let name = self
            .name(node)
            .filter(|name| self.scope().owner != Owner::Root || !self.dialect.wrappers.contains(&&*name.value));
        if name.is_none() {
            self.drafting.elements.rename(element, None);
        }
        if self.drafting.draft.packages.is_empty() {
            self.drafting.draft.name.clone_from(&name);
        }
        let owner = match self.package_around() {
            Owner::Package(owner) => Some(owner),
            _ => None,
        };
        let (extra, documentation) = self.marks(node);
        let is_library = extra.stereotypes.iter().any(|name| name.value.eq_ignore_ascii_case("profile"))
            || name.as_ref().is_some_and(|name| self.dialect.libraries.contains(&&*name.value));
        let package =
            DraftPackage { is_library, documentation, extra, ..DraftPackage::new(element, kind, name, owner) };
        let index = self.drafting.draft.packages.len();
        if let Some(name) = &package.name {
            self.named_packages.entry((owner, name.value.to_string())).or_insert(index);
        }
        self.drafting.draft.packages.push(package);
        self.open(node, element, Owner::Package(index));
    }

    fn classifier(&mut self, node: NodeId, drawn: ClassifierKind) {
        let kind = self.kind_by_stereotype(node, drawn);
        let (around, owner) = self.named_place(node).unwrap_or_else(|| self.namespace());
        let element = self.enter(node, kinds::word(kind), around);
        let name = self.name(node);
        let (extra, documentation) = self.marks(node);
        self.drafting.draft.classifiers.push(DraftClassifier {
            is_abstract: self.flag(node, "isAbstract").or_else(|| self.flag(node, "abstract")).unwrap_or(false),
            is_library: self.scope().is_template,
            extra,
            documentation,
            ..DraftClassifier::new(element, kind, name, owner, self.tree.tag_span(node))
        });
        let index = self.drafting.draft.classifiers.len() - 1;
        if drawn == ClassifierKind::AssociationClass {
            self.connect(node, element, Some(index));
        }
        self.open(node, element, Owner::Classifier(index));
    }

    /// The package that a classifier names as its own, where packages are not written around what is in them.
    fn named_place(&mut self, node: NodeId) -> Option<(Option<Element>, Owner)> {
        let feature = self.dialect.package_name;
        let written = self.tree.plain(node, feature).filter(|written| !written.value.trim().is_empty())?;
        if feature.is_empty() || self.ids.definition(written.value).is_some() {
            return None;
        }
        let mut around = self.namespace().0;
        let mut owner = match self.package_around() {
            Owner::Package(owner) => Some(owner),
            _ => None,
        };
        for name in written.value.split("::").flat_map(|path| path.split('.')).filter(|name| !name.is_empty()) {
            let key = (owner, name.to_owned());
            let index = match self.named_packages.get(&key) {
                Some(&index) => index,
                None => {
                    let (kind, span) = (ElementKind::Package, written.span);
                    let element = self.drafting.pass(Met { kind, span, id: None, name: Some(name), owner: around });
                    let name = self.drafting.name(Spanned::new(name, span));
                    let package = DraftPackage::new(element, PackageKind::Package, name, owner);
                    self.drafting.draft.packages.push(package);
                    self.named_packages.insert(key, self.drafting.draft.packages.len() - 1);
                    self.drafting.draft.packages.len() - 1
                }
            };
            around = Some(self.drafting.draft.packages[index].element);
            owner = Some(index);
        }
        Some((around, Owner::Package(owner?)))
    }

    /// Tools without enumerations and the like draw them as classes with a stereotype.
    fn kind_by_stereotype(&self, node: NodeId, drawn: ClassifierKind) -> ClassifierKind {
        use ClassifierKind::{Class, DataType, Enumeration, Interface, PrimitiveType};
        let has = |names: &[&str]| {
            self.stereotypes(node).iter().any(|applied| {
                let name = applied.name.as_deref().unwrap_or_default().trim();
                names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted))
            })
        };
        let starts = self.dialect.enumeration_ids;
        if !starts.is_empty() && ids::id(self.tree, node).is_some_and(|id| id.value.starts_with(starts)) {
            return Enumeration;
        }
        match drawn {
            Class | Interface | DataType | PrimitiveType if has(&["enumeration", "enum"]) => Enumeration,
            Class if has(&["interface"]) || self.flag(node, "isInterface") == Some(true) => Interface,
            Class if has(&["datatype", "primitive", "primitivetype"]) => DataType,
            other => other,
        }
    }

    fn association(&mut self, node: NodeId) {
        let (around, _) = self.namespace();
        let element = self.enter(node, ElementKind::Association, around);
        self.connect(node, element, None);
        self.open(node, element, Owner::Association(self.drafting.draft.associations.len() - 1));
    }

    /// The association side of an association or association class, with its ends.
    fn connect(&mut self, node: NodeId, element: Element, class: Option<usize>) {
        let name = self.name(node);
        let (_, owner) = self.namespace();
        let association = self.drafting.draft.associations.len();
        let (extra, documentation) = self.marks(node);
        self.drafting.draft.associations.push(DraftAssociation {
            class,
            is_derived: self.is_derived(node, &extra),
            documentation,
            extra,
            ..DraftAssociation::new(element, name, owner, self.tree.tag_span(node))
        });
        let mut ends = Vec::new();
        for part in self.end_parts(node) {
            let Some(end) = self.definition(part).filter(|end| !self.ends.contains_key(end)) else { continue };
            if matches!(Tag::of(self.tree.tag(end)), Tag::Element(metaclass) if Kind::of(metaclass) == Kind::End) {
                ends.push(self.end(end, element, association));
            }
        }
        self.turn_aggregation(&ends);
        self.drafting.draft.associations[association].ends = ends.into_iter().map(DraftEnd::Owned).collect();
    }

    /// The ends of an association, as definitions or stubs.
    fn end_parts(&self, node: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let mut parts = self.parts(node, "connection");
        let is_end = |&child: &NodeId| matches!(Tag::of(tree.tag(child)), Tag::Element(metaclass) if Kind::of(metaclass) == Kind::End);
        parts.extend(tree.children(node).filter(is_end));
        parts
    }

    /// Notes the ends that associations list by their ids.
    pub(super) fn list_ends(&mut self, roots: &[NodeId]) {
        for &root in roots {
            for node in root + 1..self.tree.end(root) {
                if let Tag::Element("Association" | "AssociationClass") = Tag::of(self.tree.tag(node)) {
                    let stubs = self.end_parts(node).into_iter().filter(|&part| ids::is_stub(self.tree, part));
                    let apart: Vec<NodeId> = stubs.filter_map(|stub| self.definition(stub)).collect();
                    self.listed_ends.extend(apart);
                }
            }
        }
    }

    /// The walk comes to an end of an association. Whether it goes into it.
    fn end_again(&mut self, node: NodeId) -> bool {
        if let Some(&(element, index)) = self.ends.get(&node) {
            self.open(node, element, Owner::Property(index));
            return true;
        }
        if !self.listed_ends.contains(&node) {
            let element = self.enter(node, ElementKind::End, self.scope().element);
            self.drafting.ignore("AssociationEnd", element);
        }
        false
    }

    fn literal(&mut self, node: NodeId, classifier: usize, value: &str) {
        let element = self.enter(node, ElementKind::Literal, self.scope().element);
        let name = self.name(node);
        let value = self.expression(node, value).map(|(value, _)| value.map(str::to_owned));
        let (extra, documentation) = self.marks(node);
        self.drafting.draft.classifiers[classifier].literals.push(DraftLiteral {
            value: value.filter(|value| !value.value.is_empty()),
            extra,
            documentation,
            ..DraftLiteral::new(element, name, self.tree.tag_span(node))
        });
        self.open(node, element, Owner::Classifier(classifier));
    }

    fn operation(&mut self, node: NodeId, classifier: usize) {
        let element = self.enter(node, ElementKind::Operation, self.scope().element);
        let name = self.name(node);
        let (extra, documentation) = self.marks(node);
        let operation = DraftOperation {
            is_query: self.flag(node, "isQuery").unwrap_or(false),
            is_static: self.says(node, "ownerScope", "classifier"),
            is_abstract: self.flag(node, "isAbstract").unwrap_or(false),
            extra,
            documentation,
            ..DraftOperation::new(element, name)
        };
        let operations = &mut self.drafting.draft.classifiers[classifier].operations;
        operations.push(operation);
        let index = operations.len() - 1;
        self.open(node, element, Owner::Classifier(classifier));
        if let Some(scope) = self.scopes.last_mut() {
            scope.operation = Some(index);
        }
    }

    fn parameter(&mut self, node: NodeId, classifier: usize, operation: usize) {
        let element = self.enter(node, ElementKind::Parameter, self.scope().element);
        let direction = self.value(node, "kind").map(|kind| kind.value.trim()).filter(|kind| !kind.is_empty());
        let parameter = DraftParameter {
            name: self.name(node),
            // `pdk_return` in old documents.
            direction: direction.map_or("in", |kind| kind.strip_prefix("pdk_").unwrap_or(kind)).to_owned(),
            is_many: false,
            ty: self.reference(node, "type"),
        };
        if let Some(operation) = self.drafting.draft.classifiers[classifier].operations.get_mut(operation) {
            operation.parameters.push(parameter);
        }
        let owner = self.package_around();
        self.open(node, element, owner);
    }

    fn relation(&mut self, node: NodeId, drawn: RelationKind) {
        let stereotypes = self.stereotypes(node);
        let is_realization = drawn == RelationKind::Dependency
            && stereotypes.iter().any(|applied| {
                let name = applied.name.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
                matches!(&*name, "realize" | "realization" | "realizes" | "implement" | "implements")
            });
        let is_realization = is_realization || drawn == RelationKind::Dependency && self.is_realization(node);
        let kind = if is_realization { RelationKind::Realization } else { drawn };
        let scope = self.scope();
        let element = self.enter(node, kinds::relation(kind), scope.element);
        let (starts, targets): (&[&str], &[&str]) = match kind {
            RelationKind::Generalization => (&["child", "subtype", "specific"], &["parent", "supertype", "general"]),
            _ => (&["client"], &["supplier"]),
        };
        let named = |core: &Self, features: &[&str]| {
            let found = features.iter().map(|feature| core.references(node, feature));
            found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
        };
        let (from, to) = (named(self, starts), named(self, targets));
        let owner = scope.element.filter(|_| matches!(scope.owner, Owner::Classifier(_)));
        let from = match owner {
            Some(owner) if from.is_empty() => vec![RelationStart::Owner(owner)],
            _ => from.into_iter().map(RelationStart::Named).collect(),
        };
        self.drafting.draft.relations.push(DraftRelation { element, kind, from, to });
        if kind == RelationKind::Generalization {
            let discriminator = self.value(node, "discriminator").filter(|text| !text.value.trim().is_empty());
            let discriminator = discriminator.and_then(|text| self.drafting.name(text));
            let power_type = self.references(node, "powertype");
            if discriminator.is_some() || !power_type.is_empty() {
                let sets = Vec::new();
                self.drafting.draft.in_sets.push(DraftInSet {
                    generalization: element,
                    sets,
                    discriminator,
                    power_type,
                });
            }
        }
        let owner = self.package_around();
        self.open(node, element, owner);
    }
}
