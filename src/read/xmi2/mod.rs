//! The shared core of XMI 2.x: one walk over the tree in document order, with a stack of what the walk is in.

mod elements;
mod features;
mod kinds;
mod property;
mod texts;

use std::cell::OnceCell;
use std::collections::BTreeSet;

pub(crate) use kinds::Kind;

use super::dialects::{self, Dialect};
use super::drafting::{Drafting, Met};
use super::xml::{NodeId, Ns, Tree};
use crate::account::{Element, ElementKind};
use crate::source::{Span, Spanned};
use crate::uml::draft::{Draft, Owner};

/// What the walk is in.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// One past the last node in it.
    end: NodeId,
    /// The element; the document's root has none.
    element: Option<Element>,
    /// The owner of what stands in it.
    owner: Owner,
    /// The operation of the classifier that it is.
    operation: Option<usize>,
}

/// The reader of one document.
pub(crate) struct Core<'t, 'r> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) drafting: Drafting<'r>,
    dialect: &'static Dialect,
    /// All ids, once somebody asks for them.
    text_ids: OnceCell<BTreeSet<&'t str>>,
    scopes: Vec<Scope>,
    /// Extension blocks, for the dialect.
    extensions: Vec<NodeId>,
}

/// Reads a document that is known to contain UML.
pub(crate) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    let dialect = dialects::of(tree);
    let draft = &mut drafting.draft;
    draft.tool = dialect.tool;
    draft.absent_end_multiplicity = dialect.absent_end;
    draft.navigability = dialect.navigability;
    draft.inverted_aggregation = dialect.inverted_aggregation;
    let mut core =
        Core { tree, drafting, dialect, text_ids: OnceCell::new(), scopes: Vec::new(), extensions: Vec::new() };
    core.walk();
    if let Some(own_part) = dialect.own_part {
        let extensions = std::mem::take(&mut core.extensions);
        own_part(&mut core, &extensions);
    }
    core.drafting.finish()
}

impl Core<'_, '_> {
    fn walk(&mut self) {
        let tree = self.tree;
        let mut node = 0;
        while node < tree.len() {
            while self.scopes.last().is_some_and(|scope| scope.end <= node) {
                self.scopes.pop();
            }
            node = self.visit(node);
        }
        self.scopes.clear();
    }

    fn scope(&self) -> Scope {
        let root = Scope { end: self.tree.len(), element: None, owner: Owner::Root, operation: None };
        self.scopes.last().copied().unwrap_or(root)
    }

    /// Reads what `node` is and gives the node to go on with: its first child, or what follows it.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let (ns, local) = (tree.ns(node), tree.local(node));
        let after = tree.end(node);
        match (ns, local) {
            (Ns::Xmi, "XMI") => return node + 1,
            (Ns::Xmi, "Extension" | "Extensions") => {
                self.extensions.push(node);
                return after;
            }
            (Ns::Xmi, "Documentation" | "documentation") | (_, "eAnnotations") => return after,
            (Ns::Uml, _) if local.starts_with("Diagram") => return after,
            _ => {}
        }
        if ns != Ns::Uml && self.is_application(node) {
            self.application(node);
            return after;
        }
        if tree.xmi(node, "idref").is_some() || tree.plain(node, "href").is_some() {
            return after;
        }
        if let Ns::Other(_) = ns {
            // A foreign element; at the root of the document it is another model beside ours.
            return after;
        }
        if matches!(local, "ownedEnd" | "navigableOwnedEnd")
            && tree.parent(node).and_then(|parent| self.metaclass(parent)).is_some_and(kinds::has_ends)
        {
            // Its association has read it.
            return after;
        }
        let Some(metaclass) = self.metaclass(node) else {
            // A value, or a tag that we do not know: only what has a type in it is of interest.
            return node + 1;
        };
        let kind = Kind::of(metaclass);
        if self.element(node, kind, metaclass) { node + 1 } else { after }
    }

    /// Enters an element into the account.
    fn enter(&mut self, node: NodeId, kind: ElementKind, owner: Option<Element>) -> Element {
        let (tree, span) = (self.tree, self.tree.span(node));
        let id = tree.xmi(node, "id").map(|id| id.value);
        let name = self.value(node, "name").map(|name| name.value);
        self.drafting.enter(Met { kind, span, id, name, owner })
    }

    /// Passes over an element with all that is in it; what refers to something in it is told so.
    fn skip(&mut self, node: NodeId) -> Element {
        let element = self.enter(node, ElementKind::Other, self.scope().element);
        for inner in node + 1..self.tree.end(node) {
            let is_definition = self.tree.xmi(inner, "idref").is_none() && self.tree.plain(inner, "href").is_none();
            if is_definition
                && self.tree.xmi(inner, "id").is_some()
                && self.metaclass(inner).is_some_and(|metaclass| !Kind::of(metaclass).is_value())
            {
                self.enter(inner, ElementKind::Other, Some(element));
            }
        }
        element
    }

    fn open(&mut self, node: NodeId, element: Element, owner: Owner) {
        self.scopes.push(Scope { end: self.tree.end(node), element: Some(element), owner, operation: None });
    }

    /// The name of an element, no longer than names may be.
    fn name(&mut self, node: NodeId) -> Option<Spanned<String>> {
        let name = self.value(node, "name")?;
        self.drafting.name(name)
    }

    /// Where an element is shown: at its name, else at its tag.
    fn shown(&self, node: NodeId, name: Option<&Spanned<String>>) -> Span {
        name.map_or_else(|| self.tree.tag_span(node), |name| name.span)
    }
}
