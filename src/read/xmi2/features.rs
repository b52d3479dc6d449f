//! Features of an element: values and references, in whichever of the forms of XMI they are written.

use super::{Core, NodeId, Ns, kinds};
use crate::read::references::unprefixed;
use crate::source::Spanned;
use crate::uml::draft::{Reference, Target};
use crate::util::texts::trimmed;

impl<'t> Core<'t, '_> {
    /// The metaclass of `node`: its type, its tag, or what its feature implies.
    pub(super) fn metaclass(&self, node: NodeId) -> Option<&'t str> {
        let tree = self.tree;
        if let Some(written) = tree.xmi(node, "type").or_else(|| tree.attribute(node, Ns::Xsi, "type")) {
            if let Some(name) = written.value.strip_prefix("uml:") {
                return Some(name);
            }
            return match written.value.split_once(':') {
                Some((prefix, name)) => {
                    let is_uml =
                        prefix.eq_ignore_ascii_case("uml") || tree.meaning(prefix).is_none_or(|ns| ns == Ns::Uml);
                    is_uml.then_some(name)
                }
                // Tools write words of their own without a prefix.
                None => Some(written.value),
            };
        }
        match tree.ns(node) {
            Ns::Uml => Some(tree.local(node)),
            Ns::None => kinds::implied(tree.local(node)),
            _ => None,
        }
    }

    /// The value of a feature: an attribute, or the text of a child.
    #[inline]
    pub(crate) fn value(&self, node: NodeId, feature: &str) -> Option<Spanned<&'t str>> {
        if self.tree.may_have(node, feature) { self.find_value(node, feature) } else { None }
    }

    #[inline(never)]
    fn find_value(&self, node: NodeId, feature: &str) -> Option<Spanned<&'t str>> {
        let tree = self.tree;
        if let Some(value) = tree.plain(node, feature) {
            return Some(value);
        }
        let child = tree.children_named(node, feature).find(|&child| tree.ns(child) != Ns::Xmi)?;
        tree.text(child)
    }

    /// Whether a feature is `true`; `None` if it is not written.
    #[inline]
    pub(crate) fn flag(&self, node: NodeId, feature: &str) -> Option<bool> {
        self.value(node, feature).map(|value| matches!(trimmed(value.value), "true" | "1" | "TRUE" | "True"))
    }

    /// Whether a feature belongs to its class; some tools still say so in the words of UML 1.
    pub(crate) fn is_static(&self, node: NodeId) -> bool {
        self.flag(node, "isStatic").unwrap_or(false)
            || self.value(node, "ownerScope").is_some_and(|scope| scope.value == "classifier")
    }

    /// The type of something. Generators and people write the names of well-known types where ids are usual.
    pub(crate) fn type_of(&self, node: NodeId) -> Option<Reference> {
        let mut reference = self.reference(node, "type")?;
        if let Target::Id(id) = &reference.target
            && WELL_KNOWN.iter().any(|known| known.eq_ignore_ascii_case(id))
            && !self.knows(id)
        {
            reference.target = Target::Name(id.clone());
        }
        Some(reference)
    }

    /// The first child in `feature`.
    #[inline]
    pub(crate) fn child(&self, node: NodeId, feature: &str) -> Option<NodeId> {
        self.tree.children_named(node, feature).next()
    }

    /// The reference of a feature with at most one.
    #[inline]
    pub(crate) fn reference(&self, node: NodeId, feature: &str) -> Option<Reference> {
        if self.tree.may_have(node, feature) { self.find_reference(node, feature) } else { None }
    }

    fn find_reference(&self, node: NodeId, feature: &str) -> Option<Reference> {
        let tree = self.tree;
        if let Some(written) = tree.plain(node, feature).filter(|written| !trimmed(written.value).is_empty()) {
            let text = trimmed(written.value);
            // `ecore:EClass other.uml#id`: a reference to another document tells its metaclass first.
            if memchr::memchr(b'#', text.as_bytes()).is_some()
                && let Some((metaclass, href)) = text.split_once(' ')
                && href.contains('#')
            {
                return Some(self.drafting.leading_to(href, written.span).to(unprefixed(metaclass)));
            }
            return Some(self.drafting.leading_to(text, written.span));
        }
        self.child_reference(self.child(node, feature)?)
    }

    /// All references of a feature, in document order.
    #[inline]
    pub(crate) fn references(&self, node: NodeId, feature: &str) -> Vec<Reference> {
        if self.tree.may_have(node, feature) { self.find_references(node, feature) } else { Vec::new() }
    }

    fn find_references(&self, node: NodeId, feature: &str) -> Vec<Reference> {
        let tree = self.tree;
        let mut found = Vec::new();
        if let Some(written) = tree.plain(node, feature) {
            found.extend(self.drafting.list(written));
        }
        for child in tree.children_named(node, feature) {
            if let Some(ids) = tree.xmi(child, "idref") {
                found.extend(self.drafting.list(ids));
            } else {
                found.extend(self.child_reference(child));
            }
        }
        found
    }

    /// The reference that a child element is.
    pub(crate) fn child_reference(&self, child: NodeId) -> Option<Reference> {
        let tree = self.tree;
        let metaclass = tree
            .xmi(child, "type")
            .or_else(|| tree.attribute(child, Ns::Xsi, "type"))
            .map_or("", |metaclass| unprefixed(metaclass.value));
        let mut reference = if let Some(id) = tree.xmi(child, "idref") {
            self.drafting.leading_to(trimmed(id.value), id.span)
        } else if let Some(href) = tree.plain(child, "href") {
            self.drafting.leading_to(trimmed(href.value), href.span)
        } else {
            let text = tree.text(child)?;
            let target = if text.value.contains('#') {
                return Some(self.drafting.leading_to(text.value, text.span));
            } else {
                text.value
            };
            // As text, tools write ids and names alike.
            let target = if self.knows(target) { Target::Id(target.into()) } else { Target::Name(target.into()) };
            Reference::new(target, text.span)
        };
        reference.readable = (child + 1..tree.end(child))
            .find(|&inner| tree.local(inner) == "referenceExtension")
            .and_then(|inner| tree.plain(inner, "referentPath"))
            .map(|path| path.value.into());
        Some(reference.to(metaclass))
    }

    /// Whether some element of the document has this id.
    fn knows(&self, id: &str) -> bool {
        let tree = self.tree;
        // Asked for references that are written as text only.
        let ids = self
            .text_ids
            .get_or_init(|| (0..tree.len()).filter_map(|node| tree.xmi(node, "id")).map(|id| id.value).collect());
        ids.contains(id)
    }
}

/// Names of types that every language has.
const WELL_KNOWN: &[&str] = &[
    "string",
    "integer",
    "int",
    "boolean",
    "bool",
    "real",
    "float",
    "double",
    "decimal",
    "number",
    "long",
    "short",
    "byte",
    "char",
    "text",
    "date",
    "time",
    "datetime",
    "unlimitednatural",
];
