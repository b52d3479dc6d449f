//! Features of an element: values, parts and references, in whichever of the forms of XMI 1.x they are written.

use super::tag::Tag;
use super::{Core, NodeId, ids};
use crate::source::{Span, Spanned};
use crate::uml::draft::{Reference, Target};

impl<'t> Core<'t, '_> {
    /// The children of `node` that write `feature`.
    pub(super) fn written<'s>(&'s self, node: NodeId, feature: &'s str) -> impl Iterator<Item = NodeId> + 's {
        let tree = self.tree;
        tree.children(node).filter(move |&child| Tag::of(tree.tag(child)) == Tag::Feature(feature))
    }

    /// The value of a feature: an attribute, `xmi.value` of a child, or the text of a child.
    pub(crate) fn value(&self, node: NodeId, feature: &str) -> Option<Spanned<&'t str>> {
        let tree = self.tree;
        tree.plain(node, feature).or_else(|| self.written(node, feature).find_map(|child| self.text(child)))
    }

    /// The value that an element is: `xmi.value`, or its text.
    pub(super) fn text(&self, node: NodeId) -> Option<Spanned<&'t str>> {
        let tree = self.tree;
        tree.plain(node, "xmi.value").or_else(|| tree.plain(node, "XMI.value")).or_else(|| tree.text(node))
    }

    /// Whether a feature is `true`; `None` if it is not written.
    pub(crate) fn flag(&self, node: NodeId, feature: &str) -> Option<bool> {
        self.value(node, feature)
            .map(|value| value.value.trim().eq_ignore_ascii_case("true") || value.value.trim() == "1")
    }

    /// Whether a feature has the value `wanted`.
    pub(crate) fn says(&self, node: NodeId, feature: &str, wanted: &str) -> bool {
        self.value(node, feature).is_some_and(|value| value.value.trim() == wanted)
    }

    /// The elements in a feature, stubs among them.
    pub(crate) fn parts(&self, node: NodeId, feature: &str) -> Vec<NodeId> {
        let tree = self.tree;
        self.written(node, feature).flat_map(|child| tree.children(child)).collect()
    }

    /// The elements directly in `node` or in a feature of it that are of `metaclass`.
    pub(crate) fn parts_of(&self, node: NodeId, feature: &str, metaclass: &str) -> Vec<NodeId> {
        let tree = self.tree;
        let is_it = |&part: &NodeId| Tag::of(tree.tag(part)) == Tag::Element(metaclass) && !ids::is_stub(tree, part);
        let mut found: Vec<NodeId> = self.parts(node, feature).into_iter().filter(is_it).collect();
        found.extend(tree.children(node).filter(is_it));
        found
    }

    /// What a stub stands for, if that is in the document; an element that is no stub stands for itself.
    pub(crate) fn definition(&self, node: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        if !ids::is_stub(tree, node) {
            return Some(node);
        }
        if let Some(id) = ids::idref(tree, node) {
            return self.ids.definition(id.value);
        }
        let uuid = tree.plain(node, "xmi.uuidref")?;
        self.ids.by_uuid(uuid.value).and_then(|id| self.ids.definition(id))
    }

    /// The text of an expression in a feature, and its language.
    pub(super) fn expression(&self, node: NodeId, feature: &str) -> Option<(Spanned<&'t str>, Option<String>)> {
        for part in self.parts(node, feature) {
            if let Some(body) = self.value(part, "body").or_else(|| self.text(part)) {
                let language = self.value(part, "language").map(|language| language.value.trim().to_owned());
                return Some((body, language.filter(|language| !language.is_empty())));
            }
        }
        self.value(node, feature).map(|body| (body, None))
    }

    /// The reference of a feature with at most one.
    pub(crate) fn reference(&self, node: NodeId, feature: &str) -> Option<Reference> {
        if let Some(written) = self.tree.plain(node, feature).filter(|written| !written.value.trim().is_empty()) {
            return Some(self.leading_to(written.map(str::trim)));
        }
        self.references(node, feature).into_iter().next()
    }

    /// All references of a feature, in document order.
    pub(crate) fn references(&self, node: NodeId, feature: &str) -> Vec<Reference> {
        let tree = self.tree;
        let mut found = Vec::new();
        if let Some(written) = tree.plain(node, feature) {
            found.extend(self.ids.split(written).into_iter().map(|id| self.leading_to(id)));
        }
        for child in self.written(node, feature) {
            if ids::is_stub(tree, child) {
                found.extend(self.stub(child));
                continue;
            }
            let before = found.len();
            for part in tree.children(child) {
                if ids::is_stub(tree, part) {
                    found.extend(self.stub(part));
                } else if let Some(id) = ids::id(tree, part) {
                    // Some writers define an element where they first refer to it.
                    found.push(reference(Target::Id(id.value.into()), tree.tag_span(part)));
                }
            }
            if found.len() == before
                && let Some(text) = self.text(child)
            {
                found.push(self.leading_to(text.map(str::trim)));
            }
        }
        found
    }

    /// The reference that a stub is.
    pub(super) fn stub(&self, stub: NodeId) -> Option<Reference> {
        let tree = self.tree;
        let mut found = if let Some(id) = ids::idref(tree, stub) {
            reference(Target::Id(id.value.into()), id.span)
        } else if let Some(href) = tree.plain(stub, "href") {
            self.leading_to(href.map(str::trim))
        } else {
            let uuid = tree.plain(stub, "xmi.uuidref")?;
            reference(Target::Id(self.ids.by_uuid(uuid.value).unwrap_or(uuid.value).into()), uuid.span)
        };
        if let Tag::Element(metaclass) = Tag::of(tree.tag(stub)) {
            found = found.to(metaclass);
        }
        let path = (stub + 1..tree.end(stub)).find(|&inner| tree.tag(inner) == "referentPath");
        if let Some(path) = path.and_then(|path| self.text(path)) {
            found.readable = Some(path.value.into());
        }
        Some(found)
    }

    /// The reference that a text is: the id of an element, a place in another document, or a name.
    fn leading_to(&self, written: Spanned<&'t str>) -> Reference {
        let text = written.value;
        if self.ids.definition(text).is_some() {
            return reference(Target::Id(text.into()), written.span);
        }
        // MagicDraw separates with `|`.
        let split = text.split_once('#').or_else(|| text.split_once('|')).filter(|(document, fragment)| {
            !fragment.is_empty() && (document.is_empty() || document.contains(['.', '/']))
        });
        match split {
            Some(("", fragment)) => reference(Target::Id(fragment.into()), written.span),
            Some((document, fragment)) => {
                let target = self.drafting.href(text, document, fragment);
                let readable = (self.dialect.well_known)(document, fragment).map(Into::into);
                Reference { readable, ..reference(target, written.span) }
            }
            None if self.dialect.names_for_ids || !text.contains(|c: char| c.is_ascii_digit()) => {
                reference(Target::Name(text.into()), written.span)
            }
            None => reference(Target::Id(text.into()), written.span),
        }
    }
}

fn reference(target: Target, span: Span) -> Reference {
    Reference::new(target, span)
}
