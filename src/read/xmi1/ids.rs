//! The first look at a document: who has which id, and who is marked from elsewhere.

use std::collections::BTreeMap;

use super::tag::Tag;
use crate::read::xml::{NodeId, Ns, Tree};
use crate::source::Spanned;

/// What is known of a document before it is read.
#[derive(Debug, Default)]
pub(super) struct Ids<'t> {
    /// Definitions by id; the first keeps an id that is given twice.
    definitions: BTreeMap<&'t str, NodeId>,
    /// Ids by what outlives an export.
    by_uuid: BTreeMap<&'t str, &'t str>,
    /// Stereotypes that list what they are applied to, by the ids in the lists.
    stereotypes: BTreeMap<&'t str, Vec<(NodeId, Spanned<&'t str>)>>,
    /// Tagged values that stand apart from their element, by its id.
    tags: BTreeMap<&'t str, Vec<NodeId>>,
}

impl<'t> Ids<'t> {
    /// Looks at what is below `roots`.
    pub(super) fn of(tree: &'t Tree<'t>, roots: &[NodeId]) -> Self {
        let mut ids = Self::default();
        let mut lists = Vec::new();
        for &root in roots {
            let mut node = root;
            while node < tree.end(root) {
                match Tag::of(tree.tag(node)) {
                    Tag::Outside if node != root => {
                        node = tree.end(node);
                        continue;
                    }
                    Tag::Element(metaclass) if !is_stub(tree, node) => {
                        if let Some(id) = id(tree, node) {
                            ids.definitions.entry(id.value).or_insert(node);
                            if let Some(uuid) = tree.plain(node, "xmi.uuid") {
                                ids.by_uuid.entry(uuid.value).or_insert(id.value);
                            }
                        }
                        match metaclass {
                            "Stereotype" => lists.push((node, "extendedElement")),
                            "TaggedValue" => lists.push((node, "modelElement")),
                            _ => {}
                        }
                    }
                    _ => {}
                }
                node += 1;
            }
        }
        for (node, feature) in lists {
            for id in ids.listed(tree, node, feature) {
                if feature == "modelElement" {
                    ids.tags.entry(id.value).or_default().push(node);
                } else {
                    ids.stereotypes.entry(id.value).or_default().push((node, id));
                }
            }
        }
        ids
    }

    /// The ids that a feature lists, as an attribute or as stubs.
    fn listed(&self, tree: &'t Tree<'t>, node: NodeId, feature: &str) -> Vec<Spanned<&'t str>> {
        let mut found = Vec::new();
        if let Some(written) = tree.plain(node, feature) {
            found.extend(self.split(written));
        }
        for child in tree.children(node).filter(|&child| Tag::of(tree.tag(child)) == Tag::Feature(feature)) {
            found.extend(tree.children(child).filter_map(|stub| idref(tree, stub)));
        }
        found
    }

    /// The ids in a value. It is one if something has it as a whole, since ids may hold blanks.
    pub(super) fn split(&self, written: Spanned<&'t str>) -> Vec<Spanned<&'t str>> {
        let whole = written.value.trim();
        if self.definitions.contains_key(whole) {
            return vec![Spanned::new(whole, written.span)];
        }
        let mut found = Vec::new();
        for token in written.value.split_ascii_whitespace() {
            let mut span = written.span;
            // Escapes make the written text longer than the value; then the whole list is shown.
            if span.range().len() == written.value.len() {
                let start = span.range().start + (token.as_ptr() as usize - written.value.as_ptr() as usize);
                span = crate::source::Span::new(span.source, start..start + token.len());
            }
            found.push(Spanned::new(token, span));
        }
        found
    }

    /// The element that has this id.
    pub(super) fn definition(&self, id: &str) -> Option<NodeId> {
        self.definitions.get(id).copied()
    }

    /// The id of the element that has this `xmi.uuid`.
    pub(super) fn by_uuid(&self, uuid: &str) -> Option<&'t str> {
        self.by_uuid.get(uuid).copied()
    }

    /// Stereotypes that say to be applied to the element with this id.
    pub(super) fn stereotypes(&self, id: &str) -> &[(NodeId, Spanned<&'t str>)] {
        self.stereotypes.get(id).map_or(&[], Vec::as_slice)
    }

    /// Stereotypes that say to be applied to elements that do not exist, with the places where they say so.
    pub(super) fn orphans(&self) -> Vec<(NodeId, Spanned<&'t str>)> {
        let lost = self.stereotypes.iter().filter(|(id, _)| !self.definitions.contains_key(*id));
        let mut found: Vec<_> = lost.flat_map(|(_, stereotypes)| stereotypes.iter().copied()).collect();
        found.sort_by_key(|(_, place)| place.span);
        found
    }

    /// Tagged values that say to belong to the element with this id.
    pub(super) fn tags(&self, id: &str) -> &[NodeId] {
        self.tags.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The id of an element.
pub(super) fn id<'t>(tree: &'t Tree<'t>, node: NodeId) -> Option<Spanned<&'t str>> {
    tree.attributes(node)
        .find(|attribute| match attribute.ns {
            Ns::None => matches!(attribute.local, "xmi.id" | "XMI.id"),
            Ns::Xmi => attribute.local == "id",
            _ => false,
        })
        .map(|attribute| attribute.value)
        .filter(|id| !id.value.is_empty())
}

/// The id that a stub leads to.
pub(super) fn idref<'t>(tree: &'t Tree<'t>, node: NodeId) -> Option<Spanned<&'t str>> {
    let is_reference = Tag::of(tree.tag(node)) == Tag::Reference;
    tree.attributes(node)
        .find(|attribute| match attribute.ns {
            Ns::None => match attribute.local {
                "xmi.idref" | "XMI.idref" => true,
                "target" => is_reference,
                _ => false,
            },
            Ns::Xmi => attribute.local == "idref",
            _ => false,
        })
        .map(|attribute| attribute.value.map(str::trim))
}

/// Whether an element only stands for one that is defined elsewhere.
pub(super) fn is_stub(tree: &Tree<'_>, node: NodeId) -> bool {
    tree.attributes(node).any(|attribute| match attribute.ns {
        Ns::None => matches!(attribute.local, "xmi.idref" | "XMI.idref" | "href" | "xmi.uuidref"),
        Ns::Xmi => attribute.local == "idref",
        _ => false,
    }) || Tag::of(tree.tag(node)) == Tag::Reference
}
