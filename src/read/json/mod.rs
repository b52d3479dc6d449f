//! JSON as a flat tree with places. It stands in a vector, so that nothing recurses with the depth of the input.

mod parse;

pub(crate) use parse::parse;

use std::ops::Range;

use crate::diagnostic::Reported;
use crate::source::{SourceId, Span, Spanned};

/// A value of a [`Tree`], counted in document order.
pub(crate) type NodeId = usize;

#[derive(Clone, Debug)]
enum Value {
    /// `null`, and what could not be read.
    Nothing,
    Flag(bool),
    Number,
    /// A string; its text, if that is not just what is written.
    Text(Option<Box<str>>),
    List,
    Object,
}

#[derive(Clone, Debug)]
struct Node {
    value: Value,
    /// Of a member of an object: its name, between the quotes.
    key: Range<usize>,
    /// A string's is between the quotes; that of a list or an object is its first character.
    span: Range<usize>,
    /// One past the last value in this one.
    end: NodeId,
}

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'a> {
    source: SourceId,
    text: &'a str,
    nodes: Vec<Node>,
    /// The document ends inside a value.
    pub(crate) cut_off: Option<Reported>,
}

impl<'a> Tree<'a> {
    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// One past the last value in `node`.
    pub(crate) fn end(&self, node: NodeId) -> NodeId {
        self.nodes[node].end
    }

    /// The values directly in `node`.
    pub(crate) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.nodes[child].end).filter(|&next| next < end))
    }

    /// The name under which `node` stands in an object.
    pub(crate) fn key(&self, node: NodeId) -> &'a str {
        self.text.get(self.nodes[node].key.clone()).unwrap_or_default()
    }

    /// Where `node` is written.
    pub(crate) fn span(&self, node: NodeId) -> Span {
        Span::new(self.source, self.nodes[node].span.clone())
    }

    /// Whether `node` is an object.
    pub(crate) fn is_object(&self, node: NodeId) -> bool {
        matches!(self.nodes[node].value, Value::Object)
    }

    /// The member `key` of an object; the last one, if there are several.
    pub(crate) fn member(&self, node: NodeId, key: &str) -> Option<NodeId> {
        if !self.is_object(node) {
            return None;
        }
        self.children(node).filter(|&child| self.key(child) == key).last()
    }

    /// The values in the list that is the member `key` of an object.
    pub(crate) fn list(&self, node: NodeId, key: &str) -> impl Iterator<Item = NodeId> + '_ {
        let list = self.member(node, key).filter(|&list| matches!(self.nodes[list].value, Value::List));
        list.into_iter().flat_map(|list| self.children(list))
    }

    /// The text of a string.
    pub(crate) fn text(&self, node: NodeId) -> Option<Spanned<&str>> {
        let found = &self.nodes[node];
        let Value::Text(text) = &found.value else { return None };
        let text = text.as_deref().or_else(|| self.text.get(found.span.clone()))?;
        Some(Spanned::new(text, self.span(node)))
    }

    /// The string that is the member `key` of an object.
    pub(crate) fn string(&self, node: NodeId, key: &str) -> Option<Spanned<&str>> {
        self.member(node, key).and_then(|member| self.text(member))
    }

    /// A member as people would write it: a string's text, a number, `true` or `false`.
    pub(crate) fn written(&self, node: NodeId, key: &str) -> Option<Spanned<&str>> {
        let member = self.member(node, key)?;
        match self.nodes[member].value {
            Value::Text(_) => self.text(member),
            Value::Flag(_) | Value::Number => {
                let text = self.text.get(self.nodes[member].span.clone())?;
                Some(Spanned::new(text, self.span(member)))
            }
            Value::Nothing | Value::List | Value::Object => None,
        }
    }

    /// The member `key` of an object, if it is `true` or `false`.
    pub(crate) fn flag(&self, node: NodeId, key: &str) -> Option<bool> {
        match self.nodes[self.member(node, key)?].value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }
}
