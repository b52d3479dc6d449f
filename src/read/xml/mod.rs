//! XML as a flat tree with places. It stands in vectors, so that nothing recurses with the depth of the input.

mod build;
mod namespaces;
mod tag;
mod teller;
mod unescape;

pub(crate) use build::build;

use std::borrow::Cow;
use std::ops::Range;

use crate::source::{SourceId, Span, Spanned};

/// An element of a [`Tree`], counted in document order.
pub(crate) type NodeId = usize;

/// What a namespace is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ns {
    /// No prefix and no default namespace.
    None,
    /// XMI itself, any version.
    Xmi,
    /// UML, any version.
    Uml,
    /// XML Schema's instance attributes.
    Xsi,
    /// Another one; see [`Tree::namespace`].
    Other(u32),
}

#[derive(Clone, Debug)]
struct Node {
    parent: Option<NodeId>,
    /// The name with its prefix.
    name: Range<usize>,
    ns: Ns,
    attributes: Range<usize>,
    /// One past the last element below this one.
    end: NodeId,
    /// The start tag.
    span: Range<usize>,
    /// Index of its text, if it has any but blanks.
    text: Option<usize>,
}

#[derive(Clone, Debug)]
struct Attribute<'a> {
    name: Range<usize>,
    ns: Ns,
    value: Cow<'a, str>,
    /// Between the quotes.
    span: Range<usize>,
}

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'a> {
    source: SourceId,
    text: &'a str,
    nodes: Vec<Node>,
    attributes: Vec<Attribute<'a>>,
    texts: Vec<(Cow<'a, str>, Range<usize>)>,
    namespaces: Vec<String>,
    /// The namespace of UML as written.
    pub(crate) uml: Option<String>,
    /// Prefixes with the last meaning that the document gives them, for values that are qualified names.
    prefixes: std::collections::BTreeMap<&'a str, Ns>,
    /// What stands before the first element: comments and instructions.
    pub(crate) prolog: Range<usize>,
    /// The document ends inside an element.
    pub(crate) cut_off: Option<crate::diagnostic::Reported>,
}

/// An attribute as it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeRef<'t> {
    /// Its name without prefix.
    pub(crate) local: &'t str,
    /// Its namespace.
    pub(crate) ns: Ns,
    /// Its value and the place between the quotes.
    pub(crate) value: Spanned<&'t str>,
}

impl<'a> Tree<'a> {
    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no element.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The first element.
    pub(crate) fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(0)
    }

    /// What stands before the first element.
    pub(crate) fn prolog_text(&self) -> &'a str {
        self.text.get(self.prolog.clone()).unwrap_or_default()
    }

    /// The element around `node`.
    pub(crate) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node].parent
    }

    /// One past the last element below `node`.
    pub(crate) fn end(&self, node: NodeId) -> NodeId {
        self.nodes[node].end
    }

    /// The elements directly below `node`.
    pub(crate) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.nodes[child].end).filter(|&next| next < end))
    }

    /// The namespace of the tag of `node`.
    pub(crate) fn ns(&self, node: NodeId) -> Ns {
        self.nodes[node].ns
    }

    /// The URI of a namespace that is not one of ours.
    pub(crate) fn namespace(&self, ns: Ns) -> Option<&str> {
        match ns {
            Ns::Other(index) => self.namespaces.get(index as usize).map(String::as_str),
            _ => None,
        }
    }

    /// All namespaces that are not ours.
    pub(crate) fn namespaces(&self) -> &[String] {
        &self.namespaces
    }

    /// The tag of `node` as written.
    pub(crate) fn tag(&self, node: NodeId) -> &'a str {
        self.text.get(self.nodes[node].name.clone()).unwrap_or_default()
    }

    /// The tag of `node` without prefix.
    pub(crate) fn local(&self, node: NodeId) -> &'a str {
        local(self.tag(node))
    }

    /// The prefix of the tag of `node`.
    pub(crate) fn prefix(&self, node: NodeId) -> &'a str {
        self.tag(node).split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The place of the start tag of `node`.
    pub(crate) fn span(&self, node: NodeId) -> Span {
        Span::new(self.source, self.nodes[node].span.clone())
    }

    /// The place of the name in the start tag of `node`.
    pub(crate) fn tag_span(&self, node: NodeId) -> Span {
        Span::new(self.source, self.nodes[node].name.clone())
    }

    /// What the document means by `prefix`.
    pub(crate) fn meaning(&self, prefix: &str) -> Option<Ns> {
        self.prefixes.get(prefix).copied()
    }

    /// The attributes of `node` in the order written, without namespace declarations.
    pub(crate) fn attributes(&self, node: NodeId) -> impl Iterator<Item = AttributeRef<'_>> {
        self.attributes[self.nodes[node].attributes.clone()].iter().map(|attribute| AttributeRef {
            local: local(self.text.get(attribute.name.clone()).unwrap_or_default()),
            ns: attribute.ns,
            value: Spanned::new(&*attribute.value, Span::new(self.source, attribute.span.clone())),
        })
    }

    /// The attribute `name` of `node` in namespace `ns`.
    pub(crate) fn attribute(&self, node: NodeId, ns: Ns, name: &str) -> Option<Spanned<&str>> {
        self.attributes(node)
            .find(|attribute| attribute.ns == ns && attribute.local == name)
            .map(|attribute| attribute.value)
    }

    /// The attribute `name` of `node` without prefix.
    pub(crate) fn plain(&self, node: NodeId, name: &str) -> Option<Spanned<&str>> {
        self.attribute(node, Ns::None, name)
    }

    /// The attribute `xmi:name` of `node`.
    pub(crate) fn xmi(&self, node: NodeId, name: &str) -> Option<Spanned<&str>> {
        self.attribute(node, Ns::Xmi, name)
    }

    /// The text directly in `node`, all pieces together, blanks at both sides taken off; `None` if nothing is left.
    pub(crate) fn text(&self, node: NodeId) -> Option<Spanned<&str>> {
        let (text, span) = self.texts.get(self.nodes[node].text?)?;
        Some(Spanned::new(text.trim(), Span::new(self.source, span.clone())))
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests;
