//! Attributes, ends and qualifiers.

use super::tag::Tag;
use super::{Core, NodeId, ids};
use crate::account::{Element, ElementKind};
use crate::read::multiplicity::{self, Bound};
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftDefault, DraftProperty, Extra, Owner};
use crate::uml::model::{Aggregation, DefaultKind, Visibility, WrittenMultiplicity};

impl<'t> Core<'t, '_> {
    /// Reads an attribute or a qualifier, owned by what the walk is in.
    pub(super) fn property(&mut self, node: NodeId, kind: ElementKind) {
        let scope = self.scope();
        let element = self.enter(node, kind, scope.element);
        let name = self.name(node);
        let Some(multiplicity) = self.multiplicity(node, element) else {
            let owner = self.namespace().1;
            self.open(node, element, owner);
            return;
        };
        let (mut extra, documentation) = self.marks(node);
        let multiplicity = self.multiplicity_by_stereotype(element, &mut extra).or(multiplicity);
        let is_derived = self.is_derived(node, &extra);
        let property = DraftProperty {
            ty: self.reference(node, "type"),
            multiplicity,
            default: self.default(node).map(Box::new),
            is_ordered: self.is_ordered(node),
            is_derived,
            is_read_only: self.is_frozen(node),
            visibility: self.visibility(node),
            is_static: !self.dialect.static_says_nothing && self.says(node, "ownerScope", "classifier"),
            extra,
            documentation,
            ..DraftProperty::new(element, name, scope.owner, self.tree.tag_span(node))
        };
        let index = self.keep(node, property);
        self.open(node, element, Owner::Property(index));
    }

    /// Takes out a stereotype that is a multiplicity.
    fn multiplicity_by_stereotype(&mut self, element: Element, extra: &mut Extra) -> Option<WrittenMultiplicity> {
        let at = extra.stereotypes.iter().position(|name| multiplicity::is_stereotype(&name.value))?;
        let stereotype = extra.stereotypes.remove(at);
        self.drafting.range(element, Spanned::new(&stereotype.value, stereotype.span)).flatten()
    }

    /// Reads an end of the association with this index. Gives its own.
    pub(super) fn end(&mut self, node: NodeId, association: Element, index: usize) -> usize {
        let element = self.enter(node, ElementKind::End, Some(association));
        let name = self.name(node);
        let multiplicity = self.multiplicity(node, element).flatten();
        let (extra, documentation) = self.marks(node);
        let span = name.as_ref().map_or_else(|| self.tree.tag_span(node), |name| name.span);
        let written = self.value(node, "aggregation");
        let aggregation = match written.map_or("", |written| written.value.trim()) {
            "composite" => Aggregation::Composite,
            // `shared` is a word of UML 2, and yet the usual one.
            "aggregate" | "shared" => Aggregation::Shared,
            _ => Aggregation::None,
        };
        let property = DraftProperty {
            ty: self.reference(node, "participant").or_else(|| self.reference(node, "type")),
            multiplicity,
            aggregation: Spanned::new(aggregation, written.map_or(span, |written| written.span)),
            navigable: self.flag(node, "isNavigable"),
            is_ordered: self.is_ordered(node),
            is_derived: self.is_derived(node, &extra),
            is_read_only: self.is_frozen(node),
            visibility: self.visibility(node),
            extra,
            documentation,
            ..DraftProperty::new(element, name, Owner::Association(index), self.tree.tag_span(node))
        };
        let end = self.keep(node, property);
        self.ends.insert(node, (element, end));
        end
    }

    /// Adds a property to the draft, completed by what the tool writes in its own way. Gives its index.
    fn keep(&mut self, node: NodeId, property: DraftProperty) -> usize {
        let index = self.drafting.draft.properties.len();
        self.drafting.draft.properties.push(property);
        if let Some(complete) = self.dialect.property {
            complete(self, node, index);
        }
        index
    }

    /// UML 1.x marks the end at the whole, the draft has the mark at the part as UML 2 does.
    pub(super) fn turn_aggregation(&mut self, ends: &[usize]) {
        let &[a, b] = ends else { return };
        let properties = &mut self.drafting.draft.properties;
        if let (Some(of_a), Some(of_b)) =
            (properties.get(a).map(|end| end.aggregation), properties.get(b).map(|end| end.aggregation))
        {
            properties[a].aggregation = of_b;
            properties[b].aggregation = of_a;
        }
    }

    /// UML 1.x has a tag for what UML 2 has a feature for.
    pub(super) fn is_derived(&self, node: NodeId, extra: &Extra) -> bool {
        self.flag(node, "isDerived").unwrap_or(false)
            || extra.tags.iter().any(|tag| tag.name.value == "derived" && tag.value.value.trim() == "true")
    }

    /// Users type `{ordered}` into the box of the multiplicity, too.
    fn is_ordered(&self, node: NodeId) -> bool {
        let typed = self.value(node, "multiplicity").and_then(|text| text.value.split_once('{'));
        self.says(node, "ordering", "ordered")
            || self.flag(node, "isOrdered") == Some(true)
            || typed.is_some_and(|(_, properties)| {
                properties.split([',', '}', ' ']).any(|property| property.trim().eq_ignore_ascii_case("ordered"))
            })
    }

    fn visibility(&self, node: NodeId) -> Visibility {
        self.value(node, "visibility").map_or(Visibility::Public, |word| Visibility::of(word.value))
    }

    fn is_frozen(&self, node: NodeId) -> bool {
        let changeability = self.value(node, "changeability").or_else(|| self.value(node, "changeable"));
        changeability.is_some_and(|written| matches!(written.value.trim(), "frozen" | "readOnly"))
    }

    fn default(&self, node: NodeId) -> Option<DraftDefault> {
        let (body, _) = self.expression(node, "initialValue")?;
        let text = Some(body.map(str::to_owned)).filter(|text| !text.value.trim().is_empty())?;
        // UML 1.x has expressions only, in which people write literals.
        Some(DraftDefault { kind: DefaultKind::Expression, text, instance: None })
    }

    /// The multiplicity as written. `None` if there are no values, so that the property is left out.
    #[expect(clippy::option_option)]
    fn multiplicity(&mut self, node: NodeId, element: Element) -> Option<Option<WrittenMultiplicity>> {
        let ranges = self.ranges(node);
        match &ranges[..] {
            [] => match self.value(node, "multiplicity") {
                Some(written) => self.drafting.range(element, written),
                None => Some(None),
            },
            [range] => self.bounds(*range, element),
            [first, ..] => {
                let text = |bound: Option<Spanned<&str>>| bound.map_or("", |bound| bound.value.trim()).to_owned();
                let texts: Vec<String> = ranges
                    .iter()
                    .map(|&range| format!("{}..{}", text(self.value(range, "lower")), text(self.value(range, "upper"))))
                    .collect();
                let whole = texts.join(",");
                self.drafting.range(element, Spanned::new(&whole, self.tree.span(*first)))
            }
        }
    }

    /// The ranges of a multiplicity, wherever they stand.
    fn ranges(&self, node: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let mut found = Vec::new();
        for part in self.parts(node, "multiplicity") {
            let Some(part) = self.definition(part) else { continue };
            match Tag::of(tree.tag(part)) {
                Tag::Element("MultiplicityRange") => found.push(part),
                _ => found.extend(self.parts_of(part, "range", "MultiplicityRange")),
            }
        }
        found.retain(|&range| !ids::is_stub(tree, range));
        found
    }

    /// A range with two bounds, of which one or both may be missing.
    #[expect(clippy::option_option)]
    fn bounds(&mut self, range: NodeId, element: Element) -> Option<Option<WrittenMultiplicity>> {
        let (lower, upper) = (self.value(range, "lower"), self.value(range, "upper"));
        let text = |bound: Option<Spanned<&'t str>>| bound.map(|bound| bound.value.trim()).unwrap_or_default();
        let (low, high) = (text(lower), text(upper));
        let span = match (lower, upper) {
            (Some(lower), Some(upper)) if lower.span.end <= upper.span.start => {
                Span { end: upper.span.end, ..lower.span }
            }
            (Some(bound), _) | (None, Some(bound)) => bound.span,
            (None, None) => self.tree.span(range),
        };
        // Tools that have no empty box write this for one.
        if low.is_empty() && high.is_empty() || low == "-1" && high == "-1" {
            return Some(None);
        }
        let bound = |text| Some(text).filter(|text: &&str| !text.is_empty()).map(Bound::text);
        self.drafting.multiplicity(element, bound(low).as_ref(), bound(high).as_ref(), span, self.dialect.bounds)
    }
}
