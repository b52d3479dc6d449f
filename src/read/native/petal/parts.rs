//! What stands in packages and classes: attributes, operations, associations, relations.

use thin_vec::ThinVec;

use super::tree::NodeId;
use super::{Reader, Spanned};
use crate::account::{Element, ElementKind};
use crate::read::drafting::Met;
use crate::read::multiplicity;
use crate::uml::draft::{
    DraftAssociation, DraftConstraint, DraftDefault, DraftEnd, DraftOperation, DraftParameter, DraftProperty,
    DraftRelation, Extra, Owner, Reference, RelationKind, RelationStart, Target,
};
use crate::uml::model::{Aggregation, ConstraintRole, DefaultKind, Visibility};

impl<'t> Reader<'t, '_> {
    /// An attribute of a class, or a qualifier of an end.
    pub(super) fn attribute(&mut self, node: NodeId, kind: ElementKind) {
        let tree = self.tree;
        let written = self.written_name(node);
        let element = self.enter(node, kind, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let (multiplicity, extra) = self.attribute_multiplicity(node);
        let multiplicity = match multiplicity {
            Some(written) => match self.drafting.range(element, written) {
                Some(multiplicity) => multiplicity,
                None => return,
            },
            None => None,
        };
        let default = tree.text(node, "initv").filter(|text| !text.value.trim().is_empty()).map(|text| DraftDefault {
            kind: DefaultKind::Literal,
            text: text.map(str::to_owned),
            instance: None,
        });
        let property = DraftProperty {
            ty: self.ty(node, "type"),
            multiplicity,
            default: default.map(Box::new),
            is_static: tree.flag(node, "static"),
            is_derived: tree.flag(node, "derived"),
            documentation: self.documentation(node),
            extra,
            visibility: tree.text(node, "exportControl").map_or(Visibility::Public, |word| Visibility::of(word.value)),
            ..DraftProperty::new(element, name, self.scope().owner, tree.span(node))
        };
        self.drafting.draft.properties.push(property);
    }

    /// Rose has no multiplicity at attributes, so that people write it as the stereotype: `<<0..1>>`. Its bridge to MOF has a tag.
    fn attribute_multiplicity(&self, node: NodeId) -> (Option<Spanned<&'t str>>, Extra) {
        let tree = self.tree;
        let extra = self.extra(node);
        let tag = tree
            .list(node, "attributes")
            .find(|&attribute| tree.text(attribute, "name").is_some_and(|name| name.value == "rose2mof.multiplicity"));
        let tag = tag.and_then(|attribute| tree.text(attribute, "value"));
        let stereotype = tree.text(node, "stereotype").filter(|name| multiplicity::is_stereotype(name.value));
        match stereotype {
            Some(stereotype) => (Some(stereotype), Extra { stereotypes: ThinVec::new(), ..extra }),
            None => (tag, extra),
        }
    }

    /// A type: text, with the id of the class if it was chosen from the model.
    fn ty(&self, node: NodeId, key: &str) -> Option<Reference> {
        let text = self.tree.text(node, key).filter(|text| !text.value.trim().is_empty())?;
        let quid = self.tree.text(node, "quidu").filter(|quid| self.paths.quids.contains(quid.value));
        let target = match quid {
            Some(quid) => Target::Id(quid.value.into()),
            None => Target::Name(text.value.trim().into()),
        };
        Some(Reference::new(target, text.span))
    }

    pub(super) fn operation(&mut self, node: NodeId, classifier: usize) {
        let tree = self.tree;
        let written = self.written_name(node);
        let element = self.enter(node, ElementKind::Operation, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let mut parameters: Vec<DraftParameter> = Vec::new();
        for parameter in tree.list(node, "parameters") {
            let met = Met {
                kind: ElementKind::Parameter,
                span: tree.span(parameter),
                id: None,
                name: self.written_name(parameter).map(|name| name.value),
                owner: Some(element),
            };
            self.drafting.pass(met);
            let name = self.written_name(parameter).and_then(|name| self.drafting.name(name));
            parameters.push(DraftParameter {
                name,
                direction: "in".to_owned(),
                is_many: false,
                ty: self.ty(parameter, "type"),
            });
        }
        if let Some(result) = self.ty(node, "result") {
            parameters.push(DraftParameter {
                name: None,
                direction: "return".to_owned(),
                is_many: false,
                ty: Some(result),
            });
        }
        let operation = DraftOperation {
            parameters,
            is_static: tree.flag(node, "static"),
            is_abstract: tree.flag(node, "abstract"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftOperation::new(element, name)
        };
        self.drafting.draft.classifiers[classifier].operations.push(operation);
    }

    pub(super) fn association(&mut self, node: NodeId) {
        let tree = self.tree;
        let written = self.written_name(node);
        let element = self.enter(node, ElementKind::Association, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let owner = self.scope().owner;
        let association = self.drafting.draft.associations.len();
        self.drafting.draft.associations.push(DraftAssociation {
            is_derived: tree.flag(node, "derived"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftAssociation::new(element, name, owner, tree.span(node))
        });
        let depth = self.scopes.len();
        self.open(node, element, Owner::Association(association));
        let roles: Vec<NodeId> = tree.list(node, "roles").filter(|&role| tree.class(role) == "Role").collect();
        let wholes: Vec<NodeId> =
            roles.iter().copied().filter(|&role| tree.flag(role, "is_aggregate")).take(2).collect();
        for &role in &roles {
            // UML 2 puts the mark on the part; Rose marks the whole, and says at the part how it is contained.
            let end = self.role(role, wholes.iter().copied().find(|&whole| whole != role));
            self.drafting.draft.associations[association].ends.push(DraftEnd::Owned(end));
        }
        self.scopes.truncate(depth);
        if tree.text(node, "AssociationClass").is_some()
            && let Some(class) = self.reference(node, "AssociationClass")
        {
            self.association_classes.push((element, class));
        }
    }

    /// An end; `whole` is the role at the other side if that is marked as the whole.
    fn role(&mut self, node: NodeId, whole: Option<NodeId>) -> usize {
        let tree = self.tree;
        let label = tree.text(node, "label").filter(|label| !label.value.trim().is_empty());
        let written = label.or_else(|| self.written_name(node));
        let element = self.enter(node, ElementKind::End, written);
        let name = written.and_then(|name| self.drafting.name(name));
        let cardinality = tree.text(node, "client_cardinality");
        let multiplicity = cardinality.and_then(|written| self.drafting.range(element, written)).flatten();
        let span = name.as_ref().map_or(tree.span(node), |name| name.span);
        let aggregation = match whole {
            Some(whole) => {
                let by_value = [node, whole].into_iter().filter_map(|role| tree.text(role, "Containment"));
                let mark = tree.get(whole, "is_aggregate").map_or(span, |mark| tree.span(mark));
                let is_composite = by_value.into_iter().any(|containment| containment.value == "By Value");
                Spanned::new(if is_composite { Aggregation::Composite } else { Aggregation::Shared }, mark)
            }
            None => Spanned::new(Aggregation::None, span),
        };
        let constraint = tree.text(node, "Constraints").filter(|text| !text.value.trim().is_empty());
        let words = || constraint.into_iter().flat_map(|text| text.value.split([',', ' ', '{', '}']));
        let property = DraftProperty {
            ty: self.reference(node, "supplier"),
            multiplicity,
            aggregation,
            navigable: Some(tree.flag(node, "is_navigable")),
            is_ordered: words().any(|word| word == "ordered"),
            is_read_only: words().any(|word| word == "frozen"),
            is_static: tree.flag(node, "static"),
            is_derived: tree.flag(node, "derived"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            visibility: tree.text(node, "exportControl").map_or(Visibility::Public, |word| Visibility::of(word.value)),
            ..DraftProperty::new(element, name, self.scope().owner, tree.span(node))
        };
        self.drafting.draft.properties.push(property);
        let end = self.drafting.draft.properties.len() - 1;
        let depth = self.scopes.len();
        self.open(node, element, Owner::Property(end));
        if let Some(text) = constraint.filter(|_| words().any(|word| !matches!(word, "" | "ordered" | "frozen"))) {
            self.constraint(element, text);
        }
        for key in tree.list(node, "keys") {
            self.attribute(key, ElementKind::Qualifier);
        }
        self.scopes.truncate(depth);
        end
    }

    fn constraint(&mut self, owner: Element, text: Spanned<&str>) {
        let met = Met { kind: ElementKind::Constraint, span: text.span, id: None, name: None, owner: Some(owner) };
        let element = self.drafting.pass(met);
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: Some(owner),
            constrained: Vec::new(),
            name: None,
            language: None,
            role: ConstraintRole::default(),
            body: text.map(str::to_owned),
        });
    }

    /// A relation, which stands in what it starts at.
    pub(super) fn relation(&mut self, node: NodeId, kind: RelationKind, word: ElementKind) {
        let element = self.enter(node, word, self.written_name(node));
        let from = self.scope().element.map(RelationStart::Owner).into_iter().collect();
        let to = self.reference(node, "supplier").into_iter().collect();
        self.drafting.draft.relations.push(DraftRelation { element, kind, from, to });
    }

    /// Associations that are classes at the same time say so by the class's name; the class may come later.
    pub(super) fn join_association_classes(&mut self) {
        let ids = &self.drafting.draft.ids;
        let pairs = std::mem::take(&mut self.association_classes).into_iter();
        let pairs: Vec<(Element, Element)> = pairs
            .filter_map(|(association, class)| match &class.target {
                Target::Id(id) => Some((association, *ids.get(id)?)),
                _ => None,
            })
            .collect();
        self.drafting.join_association_classes(&pairs);
    }
}
