//! Packages, classifiers, associations and relations.

use super::{Part, Reader};
use crate::account::ElementKind;
use crate::read::json::NodeId;
use crate::read::xmi2::Kind;
use crate::source::Spanned;
use crate::uml::draft::{
    DraftAssociation, DraftClassifier, DraftConstraint, DraftEnd, DraftPackage, DraftRelation, Owner, Reference,
    RelationKind, RelationStart, Target,
};
use crate::uml::model::{Aggregation, ClassifierKind, ConstraintRole, PackageKind};

impl Reader<'_, '_> {
    pub(super) fn package(&mut self, node: NodeId, kind: PackageKind) {
        let scope = self.scope();
        let element = self.enter(node, Kind::Package(kind).word(""), scope.element);
        let name = self.name(node);
        let owner = scope.package.map(|(package, _)| package);
        self.drafting.draft.packages.push(DraftPackage {
            is_library: kind == PackageKind::Profile,
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftPackage::new(element, kind, name, owner)
        });
        self.open(node, element, Part::Package(self.drafting.draft.packages.len() - 1));
    }

    pub(super) fn classifier(&mut self, node: NodeId, kind: ClassifierKind) {
        let scope = self.scope();
        let element = self.enter(node, Kind::Classifier(kind).word(""), scope.element);
        let name = self.name(node);
        let owner = match scope.part {
            Part::Classifier(classifier) => Owner::Classifier(classifier),
            _ => self.package_around(),
        };
        self.drafting.draft.classifiers.push(DraftClassifier {
            is_abstract: self.tree.flag(node, "isAbstract").unwrap_or(false),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftClassifier::new(element, kind, name, owner, self.tag(node))
        });
        let part = Part::Classifier(self.drafting.draft.classifiers.len() - 1);
        self.remember(node, part);
        self.open(node, element, part);
    }

    /// An association. It stands in the class at which it was begun, and belongs to the package as all others do.
    pub(super) fn association(&mut self, node: NodeId) {
        let owner = self.scope().package.map(|(_, element)| element);
        let element = self.enter(node, ElementKind::Association, owner);
        let name = self.name(node);
        self.drafting.draft.associations.push(DraftAssociation {
            is_derived: self.tree.flag(node, "isDerived").unwrap_or(false),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftAssociation::new(element, name, self.package_around(), self.tag(node))
        });
        let part = Part::Association(self.drafting.draft.associations.len() - 1);
        self.remember(node, part);
        self.open(node, element, part);
    }

    /// Adds an end to its association.
    pub(super) fn end(&mut self, association: usize, property: usize) {
        let draft = &mut self.drafting.draft;
        let ends = &mut draft.associations[association].ends;
        ends.push(DraftEnd::Owned(property));
        let [DraftEnd::Owned(first), DraftEnd::Owned(second)] = ends[..] else { return };
        // The tool draws the diamond where it is written; UML writes it at the part.
        let written = draft.properties[first].aggregation;
        draft.properties[first].aggregation = draft.properties[second].aggregation;
        draft.properties[second].aggregation = written;
    }

    /// Associations that a line connects with a class.
    pub(super) fn association_classes(&mut self) {
        for link in std::mem::take(&mut self.links) {
            let (Some(&Part::Classifier(class)), Some(&Part::Association(association))) =
                (self.parts.get(link.class), self.parts.get(link.association))
            else {
                continue;
            };
            let draft = &mut self.drafting.draft;
            let classifier = &mut draft.classifiers[class];
            if classifier.kind == ClassifierKind::Class && draft.associations[association].class.is_none() {
                classifier.kind = ClassifierKind::AssociationClass;
                draft.associations[association].class = Some(class);
                self.drafting.elements.get_mut(classifier.element).kind = ElementKind::AssociationClass;
            }
        }
    }

    pub(super) fn relation(&mut self, node: NodeId, kind: RelationKind) {
        let element = self.enter(node, Kind::Relation(kind).word(""), self.scope().element);
        let from = self.reference(node, "source").map(RelationStart::Named).into_iter().collect();
        let to = self.reference(node, "target").into_iter().collect();
        self.drafting.draft.relations.push(DraftRelation { element, kind, from, to });
        self.open(node, element, Part::Ignored);
    }

    pub(super) fn constraint(&mut self, node: NodeId) {
        let owner = self.scope().element;
        let element = self.enter(node, ElementKind::Constraint, owner);
        let name = self.name(node);
        let body = match self.tree.string(node, "specification") {
            Some(text) => text.map(str::to_owned),
            None => Spanned::new(String::new(), self.tag(node).at_start()),
        };
        let constrained = self.tree.list(node, "constrainedElements").filter_map(|item| {
            let id = self.tree.string(item, "$ref")?;
            let target = Target::Id(id.value.into());
            Some(Reference::new(target, id.span))
        });
        let constrained = constrained.collect();
        let constraint = DraftConstraint {
            element,
            owner,
            constrained,
            name,
            language: None,
            role: ConstraintRole::default(),
            body,
        };
        self.drafting.draft.constraints.push(constraint);
        self.open(node, element, Part::Ignored);
    }
}

/// The diamond that is written at an end.
pub(super) fn aggregation(written: &str) -> Aggregation {
    match written {
        "shared" => Aggregation::Shared,
        "composite" => Aggregation::Composite,
        _ => Aggregation::None,
    }
}
