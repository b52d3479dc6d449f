//! The shared core of XMI 2.x: one walk over the tree in document order, with a stack of what the walk is in.

mod elements;
mod features;
mod kinds;
mod property;
mod texts;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use kinds::Kind;

use super::dialects::{self, Block, Dialect};
use super::drafting::{Drafting, Met};
use super::parts::Parts;
use super::xml::{NodeId, Ns, Tree};
use crate::account::{Element, ElementKind};
use crate::source::{Name, Span};
use crate::uml::draft::{Draft, DraftEnd, DraftFragment, Owner, Reference, Target};

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
    /// It is no part of the model, and neither is what stands in it.
    is_outside: bool,
}

/// The reader of one document.
pub(crate) struct Core<'t, 'r> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) drafting: Drafting<'r>,
    dialect: &'static Dialect,
    /// All ids, once somebody asks for them.
    text_ids: OnceCell<BTreeSet<&'t str>>,
    scopes: Vec<Scope>,
    /// Ends that their association has read before the walk comes to them, with what stands in them.
    ends: BTreeMap<NodeId, (Element, Owner)>,
    /// What associations outside the model name as their ends.
    outside_ends: Vec<Reference>,
    /// What extensions of metaclasses name as their ends.
    extension_ends: Vec<Reference>,
    /// Extensions and annotations, for the dialect.
    blocks: Vec<Block>,
    /// Elements that tell stereotypes and comments in attributes.
    marked: Vec<(NodeId, Element)>,
}

/// Reads a document that is known to contain UML.
pub(crate) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    let dialect = dialects::of(tree);
    let draft = &mut drafting.draft;
    draft.tool = dialect.tool;
    draft.absent_end_multiplicity = dialect.absent_end;
    draft.navigability = dialect.navigability;
    draft.inverted_aggregation = dialect.inverted_aggregation;
    draft.is_library = tree.uml.as_deref().is_some_and(dialects::magicdraw::is_copy_of_library);
    let mut core = Core {
        tree,
        drafting,
        dialect,
        text_ids: OnceCell::new(),
        scopes: Vec::new(),
        ends: BTreeMap::new(),
        outside_ends: Vec::new(),
        extension_ends: Vec::new(),
        blocks: Vec::new(),
        marked: Vec::new(),
    };
    let is_property = |tag: &str| matches!(tag, "ownedAttribute" | "ownedEnd" | "navigableOwnedEnd" | "qualifier");
    core.drafting.reserve(tree.count_attributes("id"), tree.count_named(is_property));
    core.walk();
    core.tell_ends_from_attributes();
    let blocks = std::mem::take(&mut core.blocks);
    if !blocks.is_empty() || !core.marked.is_empty() || dialect.own_part.is_some() {
        let parts = Parts::of(&core.drafting.draft);
        core.marks(&parts);
        dialects::annotations(&mut core, &parts, &blocks);
        if let Some(own_part) = dialect.own_part {
            own_part(&mut core, &parts, &blocks);
        }
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
        self.scopes.last().copied().unwrap_or(Scope {
            end: self.tree.len(),
            element: None,
            owner: Owner::Root,
            operation: None,
            is_outside: false,
        })
    }

    /// Reads what `node` is and gives the node to go on with: its first child, or what follows it.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let (ns, local) = (tree.ns(node), tree.local(node));
        let after = tree.end(node);
        match (ns, local) {
            (Ns::Xmi, "XMI") => return node + 1,
            (Ns::Xmi, "Extension" | "Extensions") | (_, "eAnnotations") => {
                // What is said of a value is said of nothing that we keep.
                let around = tree.parent(node).and_then(|parent| self.metaclass(parent)).map(Kind::of);
                let owner = self.scope().element.filter(|_| around != Some(Kind::Value));
                self.blocks.push(Block { node, owner });
                return after;
            }
            (Ns::Xmi, "Documentation" | "documentation") => return after,
            (Ns::Uml, _) if local.starts_with("Diagram") => return after,
            _ => {}
        }
        if ns != Ns::Uml && self.is_application(node) {
            self.application(node);
            return after;
        }
        if tree.xmi(node, "idref").is_some() || tree.plain(node, "href").is_some() {
            if let ("packagedElement" | "ownedMember" | "nestedPackage", Owner::Package(package)) =
                (local, self.scope().owner)
                && let Some(part) = self.child_reference(node)
            {
                self.drafting.draft.fragments.push(DraftFragment { package, part });
            }
            return after;
        }
        if let Ns::Other(_) = ns {
            // A foreign element; at the root of the document it is another model beside ours.
            return after;
        }
        if matches!(local, "ownedEnd" | "navigableOwnedEnd")
            && let Some((element, owner)) = self.ends.remove(&node)
        {
            self.open(node, element, owner);
            return node + 1;
        }
        let Some(metaclass) = self.metaclass(node) else {
            // A value, or a tag that we do not know: only what has a type in it is of interest.
            return node + 1;
        };
        self.element(node, metaclass);
        node + 1
    }

    /// Enters an element into the account.
    fn enter(&mut self, node: NodeId, kind: ElementKind, owner: Option<Element>, name: Option<&Name>) -> Element {
        let (tree, span) = (self.tree, self.tree.span(node));
        let id = tree.xmi(node, "id").map(|id| id.value);
        let name = name.map(|name| &*name.value);
        let element = self.drafting.enter(Met { kind, span, id, name, owner });
        if self.dialect.marks_elements {
            self.marked.push((node, element));
        }
        element
    }

    /// Reads stereotypes and documentation that stand in attributes of the elements.
    fn marks(&mut self, parts: &Parts) {
        for (node, element) in std::mem::take(&mut self.marked) {
            let subject = parts.subject(Some(element));
            if let Some(name) = self.tree.plain(node, "stereotype").filter(|name| !name.value.is_empty()) {
                self.drafting.stereotype(subject, name);
            }
            self.drafting.document(subject, self.tree.plain(node, "comment"));
        }
    }

    /// Enters an element that is no part of the model. What stands in it is none either, but it is counted as what it is,
    /// and what refers to it is told so.
    fn pass(&mut self, node: NodeId, kind: Kind, metaclass: &str) -> Element {
        let (tree, scope) = (self.tree, self.scope());
        let is_in_stereotype = tree.parent(node).and_then(|parent| self.metaclass(parent)) == Some("Stereotype");
        let word = match kind.word(metaclass) {
            ElementKind::Attribute if tree.local(node) == "qualifier" => ElementKind::Qualifier,
            ElementKind::Attribute if self.is_end(node) => ElementKind::End,
            ElementKind::Attribute if is_in_stereotype => ElementKind::TagDefinition,
            word => word,
        };
        match word {
            ElementKind::Extension => self.extension_ends.extend(self.references(node, "memberEnd")),
            ElementKind::Association | ElementKind::AssociationClass => {
                self.outside_ends.extend(self.references(node, "memberEnd"));
            }
            _ => {}
        }
        let id = tree.xmi(node, "id").map(|id| id.value);
        let name = self.value(node, "name").map(|name| name.value);
        let met = Met { kind: word, span: tree.span(node), id, name, owner: scope.element };
        let element = self.drafting.pass(met);
        if self.dialect.marks_elements {
            self.marked.push((node, element));
        }
        self.open(node, element, scope.owner);
        if let Some(scope) = self.scopes.last_mut() {
            scope.is_outside = true;
        }
        element
    }

    /// A property is an end if an association names it, even if it does not say so itself.
    fn tell_ends_from_attributes(&mut self) {
        let (draft, elements) = (&self.drafting.draft, &mut *self.drafting.elements);
        let members = draft.associations.iter().flat_map(|association| &association.ends).filter_map(|end| match end {
            DraftEnd::Member(reference) => Some(reference),
            DraftEnd::Owned(_) => None,
        });
        let ends = members.chain(&self.outside_ends).map(|reference| (reference, ElementKind::End));
        let extension_ends = self.extension_ends.iter().map(|reference| (reference, ElementKind::ExtensionEnd));
        for (reference, kind) in ends.chain(extension_ends) {
            if let Target::Id(id) = &reference.target
                && let Some(&element) = draft.ids.get(id)
                && let known @ (ElementKind::Attribute | ElementKind::TagDefinition | ElementKind::End) =
                    &mut elements.get_mut(element).kind
            {
                *known = kind;
            }
        }
    }

    fn open(&mut self, node: NodeId, element: Element, owner: Owner) {
        let (end, is_outside) = (self.tree.end(node), self.scope().is_outside);
        self.scopes.push(Scope { end, element: Some(element), owner, operation: None, is_outside });
    }

    /// The name of an element, no longer than names may be.
    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.value(node, "name")?;
        self.drafting.name(name)
    }

    /// Where an element is shown: at its name, else at its tag.
    fn shown(&self, node: NodeId, name: Option<&Name>) -> Span {
        name.map_or_else(|| self.tree.tag_span(node), |name| name.span)
    }
}
