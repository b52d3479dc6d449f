//! What the dialects ask of the core.

use super::tag::Tag;
use super::{Core, NodeId, ids};
use crate::source::Spanned;
use crate::uml::draft::Target;

impl<'t> Core<'t, '_> {
    /// Whether the element with this id has no name; `None` if there is no such element.
    pub(crate) fn is_nameless(&self, id: &str) -> Option<bool> {
        let definition = self.ids.definition(id)?;
        Some(self.value(definition, "name").is_none_or(|name| name.value.trim().is_empty()))
    }

    /// The id of the element that `node` stands in, through features.
    pub(crate) fn id_around(&self, node: NodeId) -> Option<&'t str> {
        let tree = self.tree;
        let mut around = std::iter::successors(tree.parent(node), |&node| tree.parent(node)).take(2);
        around.find_map(|node| ids::id(tree, node)).map(|id| id.value)
    }

    /// All tagged values of the document that say a text: the id of what has it, its name and the text.
    pub(crate) fn all_tags(&self) -> Vec<(String, String, String)> {
        let tree = self.tree;
        let mut found = Vec::new();
        for value in 0..tree.len() {
            if Tag::of(tree.tag(value)) != Tag::Element("TaggedValue") || ids::is_stub(tree, value) {
                continue;
            }
            let (Some(name), Some(text)) = (self.value(value, "tag"), self.value(value, "value")) else { continue };
            let owner = match self.reference(value, "modelElement").map(|reference| reference.target) {
                Some(Target::Id(id)) => Some(id.into()),
                _ => self.id_around(value).map(str::to_owned),
            };
            if let Some(owner) = owner {
                found.push((owner, name.value.to_owned(), text.value.to_owned()));
            }
        }
        found
    }

    /// Whether a tag of `node` is the state of the tool. What users add may stand apart from the element and is theirs whatever
    /// its name.
    pub(super) fn is_state(&self, node: NodeId, name: &Spanned<String>) -> bool {
        let tree = self.tree;
        if self.dialect.noise.iter().any(|start| name.value.starts_with(start)) {
            return true;
        }
        let after = tree.end(node);
        let is_inside = after >= tree.len() || name.span.start < tree.span(after).start;
        (is_inside || self.dialect.state_stands_apart)
            && self.dialect.state.iter().any(|state| match state.strip_suffix('*') {
                Some(start) => name.value.starts_with(start),
                None => name.value == *state,
            })
    }

    /// Whether a dependency is a realization by what the tool writes in a tag.
    pub(super) fn is_realization(&self, node: NodeId) -> bool {
        self.dialect.realization_tag.is_some_and(|(tag, values)| {
            self.tags(node).iter().any(|(name, value)| name.value == tag && values.contains(&value.value.trim()))
        })
    }
}
