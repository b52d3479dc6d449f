//! Attributes, references and operations, and the associations that references are ends of.

use std::collections::BTreeMap;

use super::{Part, Reader};
use crate::account::{Element, ElementKind};
use crate::read::drafting::{BoundQuirks, Met};
use crate::read::multiplicity::{self, Bound};
use crate::read::xml::NodeId;
use crate::source::{Span, Spanned};
use crate::uml::draft::{
    DraftAssociation, DraftDefault, DraftEnd, DraftOperation, DraftParameter, DraftProperty, Owner, Reference, Target,
};
use crate::uml::model::{Aggregation, DefaultKind, WrittenMultiplicity};
use crate::uml::multiplicity::Multiplicity;

/// A reference to a class that is drawn in some document: an end of an association.
#[derive(Clone, Debug)]
pub(super) struct DrawnReference {
    property: usize,
    /// The class that has it, and the package of that.
    class: Element,
    package: Option<Element>,
    /// What others may call it.
    ids: Vec<String>,
    opposite: Option<Reference>,
    span: Span,
}

impl Reader<'_, '_> {
    pub(super) fn feature(&mut self, node: NodeId, class: usize, is_reference: bool) {
        let tree = self.tree;
        let kind = if is_reference { ElementKind::End } else { ElementKind::Attribute };
        let element = self.enter(node, kind);
        let name = self.name(node);
        let said = self.annotations(node);
        let tag = tree.tag_span(node);
        let Some(multiplicity) = self.multiplicity(node, element, name.as_ref().map_or(tag, |name| name.span)) else {
            self.open(node, element, Part::Leaf);
            return;
        };
        let flag = |feature| tree.plain(node, feature).map(|flag| flag.value == "true");
        let is = |feature| flag(feature) == Some(true);
        let is_many = multiplicity.is_some_and(|multiplicity| multiplicity.value.is_many());
        let ty = self.ty(node);
        let opposite = self.reference(node, "eOpposite");
        let default = tree.plain(node, "defaultValueLiteral").map(|text| DraftDefault {
            kind: DefaultKind::Literal,
            text: text.map(str::to_owned),
            instance: None,
        });
        let mut property = DraftProperty {
            ty,
            multiplicity,
            default: default.map(Box::new),
            is_id: is("iD"),
            // Of one value, and as the default, they say nothing.
            is_unique: flag("unique").filter(|_| is_many),
            is_ordered: is("ordered"),
            // What has no field in memory is computed.
            is_derived: is("derived") || is("volatile"),
            is_read_only: flag("changeable") == Some(false),
            redefines: said.redefines,
            subsets: said.subsets,
            documentation: said.documentation,
            extra: said.extra,
            ..DraftProperty::new(element, name, Owner::Classifier(class), tag)
        };
        if let Some(containment) = tree.plain(node, "containment").filter(|flag| flag.value == "true") {
            property.aggregation = Spanned::new(Aggregation::Composite, containment.span);
        }
        let span = property.span;
        let is_drawn = property.ty.as_ref().is_some_and(is_drawn);
        let properties = &mut self.drafting.draft.properties;
        properties.push(property);
        let index = properties.len() - 1;
        if let Some(scope) = self.scopes.last().filter(|_| is_reference && is_drawn) {
            let (class, package) = (scope.element, scope.package);
            let written = tree.xmi(node, "id").map(|id| id.value.to_owned());
            let path = self.path(tree.plain(node, "name").map_or("", |name| name.value));
            let ids = [written, path].into_iter().flatten().collect();
            self.drawn.push(DrawnReference { property: index, class, package, ids, opposite, span });
        }
        self.open(node, element, Part::Leaf);
        self.constraints(said.constraints);
    }

    /// Whether more than one value is allowed, of what has no place for a finding about it.
    fn takes_many(&self, node: NodeId) -> bool {
        self.tree.plain(node, "upperBound").is_some_and(|upper| multiplicity::is_many(upper.value))
    }

    /// The multiplicity; nothing written means `0..1`. The outer `None` says that there are no values.
    #[expect(clippy::option_option)]
    fn multiplicity(&mut self, node: NodeId, element: Element, name: Span) -> Option<Option<WrittenMultiplicity>> {
        let (lower, upper) = (self.tree.plain(node, "lowerBound"), self.tree.plain(node, "upperBound"));
        // -2: nobody said how many.
        if upper.is_some_and(|upper| upper.value.trim() == "-2") {
            return Some(None);
        }
        let span = match (lower, upper) {
            (None, None) => return Some(Some(WrittenMultiplicity { value: Multiplicity::OPTIONAL, span: name })),
            (Some(one), None) | (None, Some(one)) => one.span,
            (Some(a), Some(b)) => {
                Span { start: a.span.start.min(b.span.start), end: a.span.end.max(b.span.end), ..a.span }
            }
        };
        let (lower, upper) = (lower.map_or("0", |lower| lower.value), upper.map_or("1", |upper| upper.value));
        let (lower, upper) = (Bound::text(lower), Bound::text(upper));
        self.drafting.multiplicity(element, Some(&lower), Some(&upper), span, BoundQuirks::default())
    }

    pub(super) fn operation(&mut self, node: NodeId, class: usize) {
        let tree = self.tree;
        let name = self.name(node);
        let owner = self.scopes.last().map(|scope| scope.element);
        let shown = tree.plain(node, "name").map(|name| name.value);
        // Its path may be that of an attribute, or of another operation of its name.
        let met = Met { kind: ElementKind::Operation, span: tree.span(node), id: None, name: shown, owner };
        let element = self.drafting.pass(met);
        let said = self.annotations(node);
        let mut operation = DraftOperation {
            documentation: said.documentation,
            extra: said.extra,
            ..DraftOperation::new(element, name)
        };
        if let Some(ty) = self.ty(node) {
            operation.parameters.push(DraftParameter {
                name: None,
                direction: "return".to_owned(),
                is_many: self.takes_many(node),
                ty: Some(ty),
            });
        }
        let operations = &mut self.drafting.draft.classifiers[class].operations;
        operations.push(operation);
        let part = Part::Operation(class, operations.len() - 1);
        self.open(node, element, part);
        self.constraints(said.constraints);
    }

    pub(super) fn parameter(&mut self, node: NodeId, class: usize, operation: usize) {
        let owner = self.scopes.last().map(|scope| scope.element);
        let (span, name) = (self.tree.span(node), self.tree.plain(node, "name").map(|name| name.value));
        let element = self.drafting.pass(Met { kind: ElementKind::Parameter, span, id: None, name, owner });
        let parameter = DraftParameter {
            name: self.name(node),
            direction: "in".to_owned(),
            is_many: self.takes_many(node),
            ty: self.ty(node),
        };
        if let Some(operation) = self.drafting.draft.classifiers[class].operations.get_mut(operation) {
            operation.parameters.push(parameter);
        }
        self.open(node, element, Part::Leaf);
    }

    /// Makes an association of each pair of opposites, and of each reference that has none. They stand in the order of the
    /// references to one object, so that what a class refers to keeps its order.
    pub(super) fn associations(&mut self) {
        let references = std::mem::take(&mut self.drawn);
        let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, reference) in references.iter().enumerate() {
            by_id.extend(reference.ids.iter().map(|id| (id.as_str(), number)));
        }
        let mut is_paired = vec![false; references.len()];
        let mut found: Vec<(usize, &DrawnReference, Vec<DraftEnd>)> = Vec::new();
        for (number, reference) in references.iter().enumerate() {
            if is_paired[number] {
                continue;
            }
            let end = DraftEnd::Owned(reference.property);
            let ends = match &reference.opposite {
                Some(Reference { target: Target::Id(id), .. }) if by_id.contains_key(&**id) => {
                    let mut ends = vec![end];
                    if let Some(&other) = by_id.get(&**id).filter(|&&other| other != number && !is_paired[other]) {
                        is_paired[other] = true;
                        ends.push(DraftEnd::Owned(references[other].property));
                    }
                    ends
                }
                // Of two documents, one makes the association.
                Some(Reference { target: Target::Href(href), .. })
                    if last_name(href.document()) < last_name(&self.drafting.draft.file) =>
                {
                    continue;
                }
                Some(opposite) => vec![end, DraftEnd::Member(opposite.clone())],
                None => vec![end],
            };
            let mut one = ends.iter().filter_map(|end| match end {
                DraftEnd::Owned(end) if !self.is_many(*end) => Some(*end),
                _ => None,
            });
            let place = match (one.next(), one.next()) {
                (Some(one), None) => one,
                _ => reference.property,
            };
            found.push((place, reference, ends));
        }
        found.sort_by_key(|(place, ..)| *place);
        for (_, reference, ends) in found {
            self.association(reference, ends);
        }
    }

    fn is_many(&self, property: usize) -> bool {
        self.drafting.draft.properties[property].multiplicity.is_some_and(|multiplicity| multiplicity.value.is_many())
    }

    /// An association; where one end is missing, it is made up.
    fn association(&mut self, reference: &DrawnReference, mut ends: Vec<DraftEnd>) {
        let span = reference.span;
        let met = Met { kind: ElementKind::Association, span, id: None, name: None, owner: reference.package };
        let element = self.drafting.pass(met);
        let draft = &mut self.drafting.draft;
        let index = draft.associations.len();
        let owner = match &draft.properties[reference.property].owner {
            Owner::Classifier(class) => draft.classifiers[*class].owner,
            _ => Owner::Root,
        };
        if ends.len() < 2 {
            // A part has at most one whole; otherwise anybody may refer to it.
            let is_part = draft.properties[reference.property].aggregation.value == Aggregation::Composite;
            let value = if is_part { Multiplicity::OPTIONAL } else { Multiplicity::MANY };
            let met = Met { kind: ElementKind::End, span, id: None, name: None, owner: Some(element) };
            let end = self.drafting.pass(met);
            let class = self.drafting.elements.id(reference.class).unwrap_or_default();
            let draft = &mut self.drafting.draft;
            draft.properties.push(DraftProperty {
                ty: Some(Reference::new(Target::Id(class.into()), span)),
                multiplicity: Some(WrittenMultiplicity { value, span }),
                ..DraftProperty::new(end, None, Owner::Association(index), span)
            });
            ends.push(DraftEnd::Owned(draft.properties.len() - 1));
        }
        let association = DraftAssociation { ends, ..DraftAssociation::new(element, None, owner, span) };
        self.drafting.draft.associations.push(association);
    }
}

/// Whether a class is drawn in this document or in one beside it, and not built into the framework.
fn is_drawn(ty: &Reference) -> bool {
    match &ty.target {
        Target::Id(_) => true,
        Target::Href(href) => !href.document().contains(":/"),
        Target::Name(_) => false,
    }
}

fn last_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
