//! Properties, operations, and stereotypes with their values.

use super::{Part, Reader};
use crate::account::{Element, ElementKind};
use crate::read::drafting::BoundQuirks;
use crate::read::multiplicity::Bound;
use crate::read::xml::NodeId;
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftDefault, DraftOperation, DraftParameter, DraftProperty, Extra, Owner, Reference, Target};
use crate::uml::model::{Aggregation, DefaultKind, Tag, Visibility, WrittenMultiplicity};

impl<'t> Reader<'t, '_> {
    pub(super) fn property(&mut self, node: NodeId, owner: Owner, around: Element) {
        let tree = self.tree;
        let association = self.references(node, "association").into_iter().next();
        let extends = self.targets(node, "association").first().is_some_and(|&one| tree.local(one) == "Extension");
        if self.read.contains_key(&node) || tree.local(node) != "Property" || extends {
            return;
        }
        let kind = if association.is_some() { ElementKind::End } else { ElementKind::Attribute };
        let element = self.enter(node, kind, Some(around));
        self.read.insert(node, (Part::Outside, element));
        let name = self.name(node);
        let Some(multiplicity) = self.multiplicity(node, element) else { return };
        let mut property = DraftProperty {
            association: association.map(Box::new),
            ty: self.ty(node),
            multiplicity,
            default: self.literal_value(node, "defaultValue").map(|text| {
                Box::new(DraftDefault { kind: DefaultKind::Literal, text: text.map(str::to_owned), instance: None })
            }),
            is_ordered: self.flag(node, "isOrdered"),
            is_derived: self.flag(node, "isDerived"),
            is_read_only: self.flag(node, "isReadOnly"),
            is_static: self.flag(node, "isStatic"),
            visibility: self.value(node, "visibility").map_or(Visibility::Public, |word| Visibility::of(word.value)),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftProperty::new(element, name, owner, tree.tag_span(node))
        };
        if let Some(written) = self.value(node, "aggregation") {
            property.aggregation = written.map(|written| match written {
                "composite" => Aggregation::Composite,
                "shared" => Aggregation::Shared,
                _ => Aggregation::None,
            });
        }
        self.drafting.draft.properties.push(property);
    }

    /// A type: a reference, or text that somebody typed.
    fn ty(&self, node: NodeId) -> Option<Reference> {
        self.references(node, "type").into_iter().next().or_else(|| {
            let text = self.value(node, "typeValue")?;
            let target = Target::Name(text.value.into());
            Some(Reference::new(target, text.span))
        })
    }

    /// A value that is written in place, or that an element has.
    fn literal_value(&self, node: NodeId, feature: &str) -> Option<Spanned<&'t str>> {
        self.value(node, feature).or_else(|| self.value(*self.targets(node, feature).first()?, "value"))
    }

    #[expect(clippy::option_option)]
    fn multiplicity(&mut self, node: NodeId, element: Element) -> Option<Option<WrittenMultiplicity>> {
        let (lower, upper) = (self.literal_value(node, "lowerValue"), self.literal_value(node, "upperValue"));
        let span = match (lower, upper) {
            (None, None) => return Some(None),
            // One text for both bounds; a number alone is both.
            (None, Some(text)) => return self.drafting.range(element, text),
            (Some(lower), None) => lower.span,
            (Some(a), Some(b)) => {
                Span { start: a.span.start.min(b.span.start), end: a.span.end.max(b.span.end), ..a.span }
            }
        };
        let (lower, upper) = (lower.map(|text| Bound::text(text.value)), upper.map(|text| Bound::text(text.value)));
        self.drafting.multiplicity(element, lower.as_ref(), upper.as_ref(), span, BoundQuirks::default())
    }

    pub(super) fn operation(&mut self, node: NodeId, classifier: usize, around: Element) {
        if self.read.contains_key(&node) {
            return;
        }
        let element = self.enter(node, ElementKind::Operation, Some(around));
        self.read.insert(node, (Part::Outside, element));
        let name = self.name(node);
        let mut operation = DraftOperation {
            is_query: self.flag(node, "isQuery"),
            is_static: self.flag(node, "isStatic"),
            is_abstract: self.flag(node, "isAbstract"),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftOperation::new(element, name)
        };
        let mut parameters = self.targets(node, "ownedParameter");
        parameters.extend(self.targets(node, "formalParameter"));
        parameters.extend(self.targets(node, "returnResult"));
        for parameter in parameters {
            if self.read.contains_key(&parameter) {
                continue;
            }
            let inner = self.enter(parameter, ElementKind::Parameter, Some(element));
            self.read.insert(parameter, (Part::Outside, inner));
            operation.parameters.push(DraftParameter {
                name: self.name(parameter),
                direction: self.value(parameter, "direction").map_or("in", |direction| direction.value).to_owned(),
                is_many: false,
                ty: self.ty(parameter),
            });
        }
        self.drafting.draft.classifiers[classifier].operations.push(operation);
    }

    /// Stereotypes are applied by instances of them, whose slots hold the values.
    pub(super) fn extra(&self, node: NodeId) -> Extra {
        let mut extra = Extra::default();
        for applied in self.ids(node, "appliedStereotype") {
            let Some(&instance) = self.nodes.get(applied.value) else { continue };
            let stereotype = self.targets(instance, "classifier").first().and_then(|&one| self.value(one, "name"));
            let Some(stereotype) = stereotype else { continue };
            extra.stereotypes.push(Spanned::new(stereotype.value.to_owned(), applied.span));
            for slot in self.targets(instance, "slot") {
                let feature = self.targets(slot, "definingFeature").first().and_then(|&one| self.value(one, "name"));
                let (Some(name), Some(value)) = (feature, self.literal_value(slot, "value")) else { continue };
                extra.tags.push(Tag {
                    name: name.map(str::to_owned),
                    value: value.map(str::to_owned),
                    stereotype: Some(stereotype.value.to_owned()),
                });
            }
        }
        extra
    }
}
