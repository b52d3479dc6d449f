//! Properties: attributes, ends, qualifiers.

use super::multiplicity::{self, Bound, Meaning};
use super::{Core, NodeId};
use crate::account::{Element, ElementKind};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftDefault, DraftProperty, Extra, Owner};
use crate::uml::model::{Aggregation, DefaultKind, WrittenMultiplicity};

impl Core<'_, '_> {
    /// Reads a property. Gives its element, and its index if it is kept.
    pub(super) fn property(&mut self, node: NodeId, owner: Owner) -> (Element, Option<usize>) {
        let association = self.reference(node, "association");
        let kind = match self.tree.local(node) {
            "qualifier" => ElementKind::Qualifier,
            "ownedEnd" | "navigableOwnedEnd" => ElementKind::End,
            _ if association.is_some() => ElementKind::End,
            _ => ElementKind::Attribute,
        };
        let element = self.enter(node, kind, self.scope().element);
        let name = self.name(node);
        let span = self.shown(node, name.as_ref());
        let Some(multiplicity) = self.multiplicity(node, element, kind) else {
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
            element,
            name,
            owner,
            association,
            ty: self.reference(node, "type"),
            multiplicity,
            default: self.default(node),
            aggregation,
            navigable: self.flag(node, "isNavigable"),
            is_id: self.flag(node, "isID").unwrap_or(false),
            is_unique: self.flag(node, "isUnique").filter(|_| !self.dialect.unique_says_nothing),
            is_ordered: self.flag(node, "isOrdered").unwrap_or(false),
            is_derived: self.flag(node, "isDerived").unwrap_or(false),
            is_read_only: self.flag(node, "isReadOnly").unwrap_or(false),
            is_static: self.flag(node, "isStatic").unwrap_or(false),
            redefines: self.references(node, "redefinedProperty"),
            subsets: self.references(node, "subsettedProperty"),
            documentation: None,
            extra: Extra::default(),
            span,
        };
        self.draft.properties.push(property);
        (element, Some(self.draft.properties.len() - 1))
    }

    /// The multiplicity as written. `None` if there are no values, so that the property is left out.
    #[allow(clippy::option_option)]
    fn multiplicity(
        &mut self,
        node: NodeId,
        element: Element,
        kind: ElementKind,
    ) -> Option<Option<WrittenMultiplicity>> {
        let lower = self.bound(node, "lowerValue", "lower");
        let upper = self.bound(node, "upperValue", "upper");
        let span = match (&lower, &upper) {
            (None, None) => return Some(None),
            (Some((_, span)), None) | (None, Some((_, span))) => *span,
            (Some((_, a)), Some((_, b))) => Span { start: a.start.min(b.start), end: a.end.max(b.end), ..*a },
        };
        let (lower, upper) = (lower.map(|(bound, _)| bound), upper.map(|(bound, _)| bound));
        let meaning = multiplicity::read(
            lower.as_ref(),
            upper.as_ref(),
            self.dialect.zero_upper_is_optional,
            self.dialect.star_below,
        );
        if let Meaning::Plain(value) = meaning {
            return Some(Some(WrittenMultiplicity { value, span }));
        }
        let path = self.elements.path(element);
        Some(match meaning {
            Meaning::Plain(value) => Some(WrittenMultiplicity { value, span }),
            Meaning::Unusual(value, shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` is read as `{value}`");
                self.report.add(Diagnostic::new(&codes::U0509, message).about(element).here(span, "these bounds"));
                Some(WrittenMultiplicity { value, span })
            }
            Meaning::Nothing(shown) => {
                let is_attribute = kind == ElementKind::Attribute;
                let read = if is_attribute { "it is left out" } else { "it is treated as not drawn" };
                let message = format!("multiplicity `{shown}` of `{path}` allows no value; {read}");
                self.report
                    .add(Diagnostic::new(&codes::U0509, message).about(element).here(span, "the upper bound is 0"));
                if is_attribute {
                    return None;
                }
                None
            }
            Meaning::Crossed(shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` has a lower bound above its upper bound");
                self.report.add(Diagnostic::new(&codes::U0503, message).about(element).here(span, "these bounds"));
                None
            }
            Meaning::NoNumber(shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` is no number");
                self.report.add(
                    Diagnostic::new(&codes::U0503, message)
                        .about(element)
                        .here(span, "treated as not drawn")
                        .help("write numbers, or `*` for any number"),
                );
                None
            }
        })
    }

    fn bound(&self, node: NodeId, feature: &str, plain: &str) -> Option<(Bound, Span)> {
        let tree = self.tree;
        if let Some(child) = self.child(node, feature) {
            let metaclass = self.metaclass(child).unwrap_or_default().to_owned();
            let value = self.value_text(child);
            let text = value.as_ref().map(|value| value.value.clone());
            return Some((Bound { metaclass, text }, tree.span(child)));
        }
        let value = tree.plain(node, feature).or_else(|| tree.plain(node, plain))?;
        Some((Bound { metaclass: String::new(), text: Some(value.value.to_owned()) }, value.span))
    }

    fn default(&self, node: NodeId) -> Option<DraftDefault> {
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
            _ => self.value_text(child),
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
