//! Properties: attributes, ends, qualifiers.

use std::borrow::Cow;

use super::{Core, NodeId};
use crate::account::{Element, ElementKind};
use crate::read::multiplicity::{self, Bound};
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftDefault, DraftProperty, Owner};
use crate::uml::model::{Aggregation, DefaultKind, Visibility, WrittenMultiplicity};

impl<'t> Core<'t, '_> {
    /// Reads a property. Gives its element, and its index if it is kept.
    pub(super) fn property(&mut self, node: NodeId, owner: Owner) -> (Element, Option<usize>) {
        let association = self.reference(node, "association");
        let kind = match self.tree.local(node) {
            "qualifier" => ElementKind::Qualifier,
            "ownedEnd" | "navigableOwnedEnd" => ElementKind::End,
            _ if association.is_some() => ElementKind::End,
            _ => ElementKind::Attribute,
        };
        let name = self.name(node);
        let element = self.enter(node, kind, self.scope().element, name.as_ref());
        let span = self.shown(node, name.as_ref());
        let Some(multiplicity) = self.multiplicity(node, element) else {
            return (element, None);
        };
        let aggregation = self.value(node, "aggregation");
        let aggregation = Spanned::new(
            match aggregation.map_or("", |aggregation| aggregation.value) {
                "composite" => Aggregation::Composite,
                "shared" => Aggregation::Shared,
                _ => Aggregation::None,
            },
            aggregation.map_or(span, |aggregation| aggregation.span),
        );
        let property = DraftProperty {
            association: association.map(Box::new),
            ty: self.type_of(node),
            multiplicity,
            default: self.default(node).map(Box::new),
            aggregation,
            navigable: self.flag(node, "isNavigable"),
            is_id: self.flag(node, "isID").unwrap_or(false),
            is_unique: self.flag(node, "isUnique").filter(|_| !self.dialect.unique_says_nothing),
            is_ordered: self.flag(node, "isOrdered").unwrap_or(false),
            is_derived: self.flag(node, "isDerived").unwrap_or(false),
            is_read_only: self.flag(node, "isReadOnly").unwrap_or(false),
            is_static: self.is_static(node),
            visibility: self.visibility(node),
            redefines: self.references(node, "redefinedProperty").into(),
            subsets: self.references(node, "subsettedProperty").into(),
            ..DraftProperty::new(element, name, owner, self.tree.tag_span(node))
        };
        self.drafting.draft.properties.push(property);
        (element, Some(self.drafting.draft.properties.len() - 1))
    }

    fn visibility(&self, node: NodeId) -> Visibility {
        self.value(node, "visibility").map_or(Visibility::Public, |word| Visibility::of(word.value))
    }

    /// Whether a property says itself that it is an end.
    pub(super) fn is_end(&self, node: NodeId) -> bool {
        matches!(self.tree.local(node), "ownedEnd" | "navigableOwnedEnd")
            || self.reference(node, "association").is_some()
    }

    /// The multiplicity as written. `None` if there are no values, so that the property is left out.
    #[expect(clippy::option_option)]
    fn multiplicity(&mut self, node: NodeId, element: Element) -> Option<Option<WrittenMultiplicity>> {
        let lower = self.bound(node, "lowerValue", "lower");
        let upper = self.bound(node, "upperValue", "upper");
        let span = match (&lower, &upper) {
            (None, None) => return Some(None),
            (Some((_, span)), None) | (None, Some((_, span))) => *span,
            (Some((_, a)), Some((_, b))) => Span { start: a.start.min(b.start), end: a.end.max(b.end), ..*a },
        };
        let (lower, upper) = (lower.map(|(bound, _)| bound), upper.map(|(bound, _)| bound));
        self.drafting.multiplicity(element, lower.as_ref(), upper.as_ref(), span, self.dialect.bounds)
    }

    /// Whether more than one value is allowed, of what has no place for a finding about it.
    pub(super) fn is_many(&self, node: NodeId) -> bool {
        let upper = self.bound(node, "upperValue", "upper");
        upper.and_then(|(bound, _)| bound.text).is_some_and(|text| multiplicity::is_many(&text))
    }

    fn bound(&self, node: NodeId, feature: &str, plain: &str) -> Option<(Bound<'t>, Span)> {
        let tree = self.tree;
        if let Some(child) = self.child(node, feature) {
            let metaclass = self.metaclass(child).unwrap_or_default();
            let text = self.value_text(child).map(|value| value.value);
            return Some((Bound { metaclass, text }, tree.span(child)));
        }
        let value = tree.plain(node, feature).or_else(|| tree.plain(node, plain))?;
        Some((Bound::text(value.value), value.span))
    }

    pub(super) fn default(&self, node: NodeId) -> Option<DraftDefault> {
        let Some(child) = self.child(node, "defaultValue") else {
            let written = self.value(node, "defaultValue").or_else(|| self.value(node, "default"))?;
            let text = written.map(str::to_owned);
            return Some(DraftDefault { kind: DefaultKind::Literal, text, instance: None });
        };
        let metaclass = self.metaclass(child).unwrap_or_default();
        let here = self.tree.span(child);
        let kind = match metaclass {
            "InstanceValue" => DefaultKind::Instance,
            "LiteralNull" => DefaultKind::Null,
            _ if metaclass.starts_with("Literal") || metaclass.is_empty() => DefaultKind::Literal,
            _ => DefaultKind::Expression,
        };
        let instance = self.reference(child, "instance");
        let text = match kind {
            DefaultKind::Instance => self.value(child, "name").map(|name| name.map(str::to_owned)),
            _ => self.value_text(child).map(|text| text.map(Cow::into_owned)),
        };
        let text = text.unwrap_or_else(|| {
            // A literal without a value has the default of its metaclass.
            let value = match metaclass {
                "LiteralInteger" | "LiteralUnlimitedNatural" => "0",
                "LiteralReal" => "0.0",
                "LiteralBoolean" => "false",
                _ => "",
            };
            Spanned::new(value.to_owned(), here)
        });
        Some(DraftDefault { kind, text, instance })
    }
}
