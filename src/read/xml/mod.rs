//! XML as a flat tree with places. It stands in vectors, so that nothing recurses with the depth of the input.

mod build;
mod names;
mod namespaces;
mod scan;
mod tag;
mod teller;
mod unescape;

pub(crate) use build::build;

use std::ops::Range;

use names::{Marks, NameId, Names, Packed};

use crate::source::{SourceId, Span, Spanned};
use crate::util::texts::trimmed;

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

/// Bytes of the document. Half as large as a range, because documents are far shorter than 4 GiB: [`build`] sees to it.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u32,
    end: u32,
}

impl Piece {
    fn new(range: &Range<usize>) -> Self {
        Self { start: short(range.start), end: short(range.end) }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An index or offset in a document that is known to be small.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

/// No node, no text.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The element around it, or [`NONE`].
    parent: u32,
    /// Where the start tag begins; its name stands one byte after that.
    start: u32,
    name: NameId,
    /// The first of its attributes; they end where those of the next node begin.
    attributes: u32,
    /// One past the last element below this one.
    end: u32,
    /// Where the start tag ends.
    tag_end: u32,
    /// Index of its text, if it has any but blanks, or [`NONE`].
    text: u32,
    /// The marks of its attributes' names, and of the tags directly below it.
    has: Marks,
    holds: Marks,
}

#[derive(Clone, Copy, Debug)]
struct Attribute {
    name: NameId,
    /// Between the quotes. Most values stand there just as they are meant.
    written: Piece,
    /// It is one of [`Tree::meant_values`].
    has_meant: bool,
}

/// A text: most stand in the document just as they are meant.
#[derive(Clone, Copy, Debug)]
struct Value {
    /// Without the blanks around it.
    written: Piece,
    /// Index of what is meant, if that is not what is written, or [`NONE`].
    meant: u32,
}

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'a> {
    source: SourceId,
    text: &'a str,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    texts: Vec<Value>,
    /// Texts in which references are resolved.
    meant: Vec<Box<str>>,
    /// Values of attributes in which they are, by the place of the attribute.
    meant_values: Vec<(u32, Box<str>)>,
    names: Names<'a>,
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
        Some(self.nodes[node].parent).filter(|&parent| parent != NONE).map(|parent| parent as usize)
    }

    /// One past the last element below `node`.
    pub(crate) fn end(&self, node: NodeId) -> NodeId {
        self.nodes[node].end as usize
    }

    /// The elements directly below `node`.
    pub(crate) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.end(node);
        let first = Some(node + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.end(child)).filter(|&next| next < end))
    }

    /// Whether `node` may have an attribute or a child with the name `name` without prefix. Hardly any does, and the many
    /// questions about those that do not end here.
    #[inline]
    pub(crate) fn may_have(&self, node: NodeId, name: &str) -> bool {
        let Node { has, holds, .. } = self.nodes[node];
        Marks(has.0 | holds.0).may_have(Marks::of(Packed::of(name)))
    }

    /// The elements directly below `node` whose tag without prefix is `name`.
    #[inline]
    pub(crate) fn children_named(&self, node: NodeId, name: &str) -> impl Iterator<Item = NodeId> {
        let wanted = Packed::of(name);
        let may_have = self.nodes[node].holds.may_have(Marks::of(wanted));
        let end = if may_have { self.end(node) } else { node };
        let first = Some(node + 1).filter(|&child| child < end);
        let children = std::iter::successors(first, move |&child| Some(self.end(child)).filter(|&next| next < end));
        children.filter(move |&child| self.names.is(self.nodes[child].name, wanted, name))
    }

    /// All elements of the document whose tag without prefix is one `of`. Where there are none, that takes no time.
    pub(crate) fn named(&self, of: impl Fn(&str) -> bool) -> impl Iterator<Item = NodeId> {
        let (names, counts): (Vec<NameId>, Vec<usize>) =
            self.names.all(of).map(|(id, name)| (id, name.tags as usize)).unzip();
        let count = counts.iter().sum();
        let found = self.nodes.iter().enumerate().filter(move |(_, node)| names.contains(&node.name));
        found.map(|(node, _)| node).take(count)
    }

    /// How many elements have a tag that without prefix is one `of`.
    pub(crate) fn count_named(&self, of: impl Fn(&str) -> bool) -> usize {
        self.names.all(of).map(|(_, name)| name.tags as usize).sum()
    }

    /// How many elements have an attribute that is `name` without prefix.
    pub(crate) fn count_attributes(&self, name: &str) -> usize {
        self.names.all(|local| local == name).map(|(_, name)| name.attributes as usize).sum()
    }

    /// The namespace of the tag of `node`.
    pub(crate) fn ns(&self, node: NodeId) -> Ns {
        self.name(node).ns
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
        self.name(node).written
    }

    /// The tag of `node` without prefix.
    pub(crate) fn local(&self, node: NodeId) -> &'a str {
        self.name(node).local
    }

    /// The prefix of the tag of `node`.
    pub(crate) fn prefix(&self, node: NodeId) -> &'a str {
        self.tag(node).split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The place of the start tag of `node`.
    pub(crate) fn span(&self, node: NodeId) -> Span {
        let Node { start, tag_end, .. } = self.nodes[node];
        Span { source: self.source, start, end: tag_end }
    }

    /// The place of the name in the start tag of `node`.
    pub(crate) fn tag_span(&self, node: NodeId) -> Span {
        self.place(self.tag_place(node))
    }

    /// What the document means by `prefix`.
    pub(crate) fn meaning(&self, prefix: &str) -> Option<Ns> {
        self.prefixes.get(prefix).copied()
    }

    /// The attributes of `node` in the order written, without namespace declarations.
    pub(crate) fn attributes(&self, node: NodeId) -> impl Iterator<Item = AttributeRef<'_>> {
        self.own_attributes(node).map(|at| {
            let name = self.names.get(self.attributes[at].name);
            AttributeRef { local: name.local, ns: name.ns, value: self.attribute_value(at) }
        })
    }

    /// The attribute `name` of `node` in namespace `ns`.
    #[inline]
    pub(crate) fn attribute(&self, node: NodeId, ns: Ns, name: &str) -> Option<Spanned<&str>> {
        let packed = Packed::of(name);
        if !self.nodes[node].has.may_have(Marks::of(packed)) {
            return None;
        }
        self.find_attribute(node, ns, packed, name)
    }

    #[inline(never)]
    fn find_attribute(&self, node: NodeId, ns: Ns, packed: Packed, name: &str) -> Option<Spanned<&str>> {
        let mut own = self.own_attributes(node);
        let found = own.find(|&at| {
            let known = self.attributes[at].name;
            self.names.is(known, packed, name) && self.names.get(known).ns == ns
        });
        found.map(|at| self.attribute_value(at))
    }

    /// The attribute `name` of `node` without prefix.
    #[inline]
    pub(crate) fn plain(&self, node: NodeId, name: &str) -> Option<Spanned<&str>> {
        self.attribute(node, Ns::None, name)
    }

    /// The attribute `xmi:name` of `node`.
    #[inline]
    pub(crate) fn xmi(&self, node: NodeId, name: &str) -> Option<Spanned<&str>> {
        self.attribute(node, Ns::Xmi, name)
    }

    /// The text directly in `node`, all pieces together, blanks at both sides taken off; `None` if nothing is left.
    pub(crate) fn text(&self, node: NodeId) -> Option<Spanned<&str>> {
        let text = self.texts.get(self.nodes[node].text as usize)?;
        Some(self.value(*text).map(trimmed))
    }

    fn name(&self, node: NodeId) -> &names::Name<'a> {
        self.names.get(self.nodes[node].name)
    }

    fn tag_place(&self, node: NodeId) -> Piece {
        let start = self.nodes[node].start + 1;
        Piece { start, end: start + short(self.name(node).written.len()) }
    }

    fn own_attributes(&self, node: NodeId) -> Range<usize> {
        let first = self.nodes[node].attributes as usize;
        first..self.nodes.get(node + 1).map_or(self.attributes.len(), |next| next.attributes as usize)
    }

    fn attribute_value(&self, at: usize) -> Spanned<&str> {
        let Attribute { written, has_meant, .. } = self.attributes[at];
        let text = match has_meant.then(|| self.meant_values.binary_search_by_key(&short(at), |(at, _)| *at)) {
            Some(Ok(meant)) => &self.meant_values[meant].1,
            _ => &self.text[written.range()],
        };
        Spanned::new(text, self.place(written))
    }

    fn value(&self, value: Value) -> Spanned<&str> {
        let text = match self.meant.get(value.meant as usize) {
            Some(meant) => meant,
            None => &self.text[value.written.range()],
        };
        Spanned::new(text, self.place(value.written))
    }

    fn place(&self, piece: Piece) -> Span {
        Span { source: self.source, start: piece.start, end: piece.end }
    }
}

#[cfg(test)]
mod tests;
