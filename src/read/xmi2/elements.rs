//! Packages, classifiers, and what stands in them.

use std::borrow::Cow;

use super::{Core, Kind, NodeId};
use crate::account::{Element, ElementKind};
use crate::source::Name;
use crate::uml::draft::{
    DraftAssociation, DraftBinding, DraftClassifier, DraftEnd, DraftGeneralizationSet, DraftInSet, DraftLiteral,
    DraftOperation, DraftPackage, DraftParameter, DraftRelation, DraftStereotype, Owner, RelationKind, RelationStart,
};
use crate::uml::model::{ClassifierKind, PackageKind};

impl Core<'_, '_> {
    /// Reads an element. The walk goes into it, whatever it is.
    pub(super) fn element(&mut self, node: NodeId, metaclass: &str) {
        let (kind, scope) = (Kind::of(metaclass), self.scope());
        match (kind, scope.owner) {
            // Its owner reads it.
            (Kind::Value, _) => {}
            (Kind::Comment, _) => self.comment(node),
            (Kind::Constraint, _) => self.constraint(node),
            _ if scope.is_outside => {
                self.pass(node, kind, metaclass);
            }
            (Kind::Package(kind), _) => self.package(node, kind),
            (Kind::Classifier(kind), _) => self.classifier(node, kind),
            (Kind::Association, _) => self.association(node, None),
            (Kind::Property, owner @ (Owner::Classifier(_) | Owner::Property(_) | Owner::Association(_))) => {
                let (element, index) = self.property(node, owner);
                let inner = index.map_or(owner, Owner::Property);
                self.open(node, element, inner);
            }
            (Kind::Literal, Owner::Classifier(classifier)) => self.literal(node, classifier),
            (Kind::Operation, Owner::Classifier(classifier)) => self.operation(node, classifier),
            (Kind::Parameter, Owner::Classifier(classifier)) if scope.operation.is_some() => {
                self.parameter(node, classifier, scope.operation.unwrap_or_default());
            }
            (Kind::Relation(kind), _) => self.relation(node, kind),
            (Kind::GeneralizationSet, _) => self.generalization_set(node),
            (Kind::Template, Owner::Classifier(classifier)) => {
                self.drafting.draft.classifiers[classifier].is_template |= scope.operation.is_none();
                self.pass(node, kind, metaclass);
            }
            (Kind::Binding, Owner::Classifier(_)) => self.binding(node),
            (Kind::Ignored, _) => {
                let element = self.pass(node, kind, metaclass);
                self.drafting.ignore(metaclass, element);
            }
            (Kind::Silent, _) => {
                let element = self.pass(node, kind, metaclass);
                match metaclass {
                    "Stereotype" => self.stereotype(node, element),
                    "ProfileApplication" => {
                        let profile = self.reference(node, "appliedProfile");
                        self.drafting.draft.applied_profiles.extend(profile);
                    }
                    _ => {}
                }
            }
            (Kind::Property | Kind::Literal | Kind::Operation, _) => {
                // Nothing can own it here, which is told when all is linked.
                let element = self.pass(node, kind, metaclass);
                self.drafting.elements.get_mut(element).fate = None;
            }
            _ => {
                self.pass(node, kind, metaclass);
            }
        }
    }

    fn package(&mut self, node: NodeId, kind: PackageKind) {
        let scope = self.scope();
        let mut name = self.name(node);
        let element = self.enter(node, Kind::Package(kind).word(""), scope.element, name.as_ref());
        if scope.owner == Owner::Root && name.as_ref().is_some_and(|name| self.dialect.wrappers.contains(&&*name.value))
        {
            name = None;
            self.drafting.elements.rename(element, None);
        }
        if self.drafting.draft.packages.is_empty() {
            self.drafting.draft.name.clone_from(&name);
        }
        // Components may own packages (UML 2.5.1, 11.6.3); apps are made of packages, so it belongs to the one around.
        let owner = self.scopes.iter().rev().find_map(|scope| match scope.owner {
            Owner::Package(owner) => Some(owner),
            _ => None,
        });
        let is_library = kind == PackageKind::Profile;
        self.drafting.draft.packages.push(DraftPackage { is_library, ..DraftPackage::new(element, kind, name, owner) });
        self.open(node, element, Owner::Package(self.drafting.draft.packages.len() - 1));
    }

    fn classifier(&mut self, node: NodeId, kind: ClassifierKind) {
        let name = self.name(node);
        let element = self.enter(node, Kind::Classifier(kind).word(""), self.scope().element, name.as_ref());
        let owner = self.scope().owner;
        self.drafting.draft.classifiers.push(DraftClassifier {
            is_abstract: self.flag(node, "isAbstract").unwrap_or(false),
            ..DraftClassifier::new(element, kind, name.clone(), owner, self.tree.tag_span(node))
        });
        let index = self.drafting.draft.classifiers.len() - 1;
        self.open(node, element, Owner::Classifier(index));
        if kind == ClassifierKind::AssociationClass {
            self.ends(node, element, name, Some(index));
        }
    }

    fn association(&mut self, node: NodeId, class: Option<usize>) {
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Association, self.scope().element, name.as_ref());
        self.open(node, element, self.scope().owner);
        self.ends(node, element, name, class);
    }

    /// The association side of an association or association class, with the ends that it owns.
    fn ends(&mut self, node: NodeId, element: Element, name: Option<Name>, class: Option<usize>) {
        let tree = self.tree;
        let association = self.drafting.draft.associations.len();
        // The scope of the association is open already; it stands in the one around that.
        let around = self.scopes.len().checked_sub(2).map_or(Owner::Root, |index| self.scopes[index].owner);
        self.drafting.draft.associations.push(DraftAssociation {
            navigable_ends: self.references(node, "navigableOwnedEnd").into(),
            class,
            is_derived: self.flag(node, "isDerived").unwrap_or(false),
            ..DraftAssociation::new(element, name, around, tree.tag_span(node))
        });
        if class.is_none()
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.owner = Owner::Association(association);
        }
        let mut ends: Vec<DraftEnd> = Vec::new();
        if let Some(listed) = tree.plain(node, "memberEnd") {
            ends.extend(self.drafting.list(listed).into_iter().map(DraftEnd::Member));
        }
        for child in tree.children(node) {
            let is_definition = tree.xmi(child, "idref").is_none() && tree.plain(child, "href").is_none();
            match tree.local(child) {
                "memberEnd" if !is_definition || tree.text(child).is_some() => {
                    ends.extend(self.child_reference(child).map(DraftEnd::Member));
                }
                "ownedEnd" | "navigableOwnedEnd" if is_definition => {
                    // Read here and not on the walk, so that an end knows its association even in an association class.
                    let (end, index) = self.property(child, Owner::Association(association));
                    ends.extend(index.map(DraftEnd::Owned));
                    let inner = index.map_or(Owner::Association(association), Owner::Property);
                    self.ends.insert(child, (end, inner));
                }
                _ => {}
            }
        }
        self.drafting.draft.associations[association].ends = ends;
    }

    /// What the applications of a stereotype may leave out.
    fn stereotype(&mut self, node: NodeId, element: Element) {
        let Some(name) = self.value(node, "name").map(|name| name.value.to_owned()) else { return };
        let tree = self.tree;
        let around = tree.parent(node).and_then(|parent| self.value(parent, "name"));
        let is = |child: NodeId, metaclass: &str| self.metaclass(child) == Some(metaclass);
        let defaults = tree
            .children(node)
            .filter(|&child| is(child, "Property"))
            .filter_map(|child| Some((self.value(child, "name")?.value.to_owned(), self.default(child)?)))
            .collect();
        let generals = tree.children(node).filter(|&child| is(child, "Generalization"));
        let stereotype = DraftStereotype {
            element,
            name,
            profile: around.map(|name| name.value.to_owned()),
            generals: generals.filter_map(|child| self.reference(child, "general")).collect(),
            defaults,
        };
        self.drafting.draft.stereotypes.push(stereotype);
    }

    fn literal(&mut self, node: NodeId, classifier: usize) {
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Literal, self.scope().element, name.as_ref());
        let value = self.child(node, "specification").and_then(|child| self.value_text(child));
        let value = value.map(|value| value.map(Cow::into_owned));
        let literal = DraftLiteral { value, ..DraftLiteral::new(element, name, self.tree.tag_span(node)) };
        self.drafting.draft.classifiers[classifier].literals.push(literal);
        self.open(node, element, Owner::Classifier(classifier));
    }

    fn operation(&mut self, node: NodeId, classifier: usize) {
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Operation, self.scope().element, name.as_ref());
        let operation = DraftOperation {
            is_query: self.flag(node, "isQuery").unwrap_or(false),
            is_static: self.is_static(node),
            is_abstract: self.flag(node, "isAbstract").unwrap_or(false),
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
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Parameter, self.scope().element, name.as_ref());
        let parameter = DraftParameter {
            name,
            direction: self.value(node, "direction").map_or("in", |direction| direction.value).to_owned(),
            is_many: self.is_many(node),
            ty: self.type_of(node),
        };
        if let Some(operation) = self.drafting.draft.classifiers[classifier].operations.get_mut(operation) {
            operation.parameters.push(parameter);
        }
        self.open(node, element, Owner::Classifier(classifier));
    }

    /// What is made of a template depends on it.
    fn binding(&mut self, node: NodeId) {
        let scope = self.scope();
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Other, scope.element, name.as_ref());
        let from = scope.element.map(RelationStart::Owner).into_iter().collect();
        let to = self.references(node, "signature");
        if let (Some(class), [template]) = (scope.element, &to[..]) {
            let substitutions = self.tree.children_named(node, "parameterSubstitution").map(|child| {
                let first = |feature: &str| self.references(child, feature).into_iter().next();
                (first("formal"), first("actual"))
            });
            let binding = DraftBinding { class, template: template.clone(), substitutions: substitutions.collect() };
            self.drafting.draft.bindings.push(binding);
        }
        self.drafting.draft.relations.push(DraftRelation { element, kind: RelationKind::Dependency, from, to });
        self.open(node, element, scope.owner);
        if let Some(scope) = self.scopes.last_mut() {
            scope.is_outside = true;
        }
    }

    fn relation(&mut self, node: NodeId, kind: RelationKind) {
        let scope = self.scope();
        let name = self.name(node);
        let element = self.enter(node, Kind::Relation(kind).word(""), scope.element, name.as_ref());
        let owner = scope.element.filter(|_| !matches!(scope.owner, Owner::Root | Owner::Package(_)));
        let named = |core: &Self, features: &[&str]| {
            features
                .iter()
                .map(|feature| core.references(node, feature))
                .find(|found| !found.is_empty())
                .unwrap_or_default()
        };
        let (from, to) = match kind {
            RelationKind::Generalization => (named(self, &["specific"]), named(self, &["general"])),
            _ => (
                named(self, &["client", "implementingClassifier", "realizingClassifier", "substitutingClassifier"]),
                named(self, &["contract", "supplier", "realization"]),
            ),
        };
        // A dependency may stand anywhere and says what it starts at; a generalization stands in the special class.
        let from = match owner {
            Some(owner) if kind == RelationKind::Generalization || from.is_empty() => vec![RelationStart::Owner(owner)],
            _ => from.into_iter().map(RelationStart::Named).collect(),
        };
        self.drafting.draft.relations.push(DraftRelation { element, kind, from, to });
        if kind == RelationKind::Generalization {
            let sets = self.references(node, "generalizationSet");
            if !sets.is_empty() {
                let (discriminator, power_type) = (None, Vec::new());
                self.drafting.draft.in_sets.push(DraftInSet {
                    generalization: element,
                    sets,
                    discriminator,
                    power_type,
                });
            }
        }
        self.open(node, element, scope.owner);
    }

    fn generalization_set(&mut self, node: NodeId) {
        let scope = self.scope();
        let name = self.name(node);
        let element = self.enter(node, ElementKind::GeneralizationSet, scope.element, name.as_ref());
        let set = DraftGeneralizationSet {
            element,
            is_covering: self.flag(node, "isCovering").unwrap_or(false),
            is_disjoint: self.flag(node, "isDisjoint").unwrap_or(false),
            power_type: self.references(node, "powertype"),
            generalizations: self.references(node, "generalization"),
            span: self.shown(node, name.as_ref()),
            name,
        };
        self.drafting.draft.generalization_sets.push(set);
        self.open(node, element, scope.owner);
    }
}
