//! The shared core of XMI 1.0, 1.1 and 1.2: all forms are brought to metaclasses and features, then one walk fills the draft.
//!
//! Aggregation stands at the whole's end in UML 1.x and is turned round here, so that the draft has it as UML 2 does.

mod asked;
mod elements;
mod features;
mod ids;
mod kinds;
mod marks;
mod property;
mod tag;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use kinds::Kind;

use super::dialects::legacy::{self, Legacy};
use super::drafting::{Drafting, Met};
use super::xml::{NodeId, Tree};
use crate::account::{Element, ElementKind};
use crate::source::{Name, Span};
use crate::uml::draft::{Draft, Owner, Reference};
use ids::Ids;
use tag::Tag;

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
    /// Classifiers in it only stand for parameters of templates.
    is_template: bool,
}

/// The reader of one document.
pub(crate) struct Core<'t, 'r> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) drafting: Drafting<'r>,
    dialect: &'static Legacy,
    ids: Ids<'t>,
    scopes: Vec<Scope>,
    /// Ends that their associations have read, with their index in the draft.
    ends: BTreeMap<NodeId, (Element, usize)>,
    /// Ends that stand apart from the association that lists them.
    listed_ends: BTreeSet<NodeId>,
    /// Elements by the comments and constraints that they say to have.
    described: BTreeMap<&'t str, Vec<Reference>>,
    /// Documents that define stereotypes: how many that have no name here, and the first.
    nameless: BTreeMap<&'t str, (usize, Element, Span)>,
    /// Packages by what they stand in and their name.
    named_packages: BTreeMap<(Option<usize>, String), usize>,
    /// What the tool keeps for itself.
    extensions: Vec<NodeId>,
}

/// The `XMI` elements of XMI 1.x in a document; some tools wrap them in an element of their own.
pub(super) fn documents(tree: &Tree<'_>) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    for node in tree.named(|tag| tag == "XMI") {
        let is_inner = found.last().is_some_and(|&around| node < tree.end(around));
        let is_document = tree.plain(node, "xmi.version").is_some()
            || tree.children(node).any(|child| matches!(tree.tag(child), "XMI.header" | "XMI.content"));
        if is_document && !is_inner {
            found.push(node);
        }
    }
    found
}

/// What documents in XMI 1.x are if not UML, to complete "`file` …".
pub(super) fn foreign(tree: &Tree<'_>, documents: &[NodeId]) -> Option<&'static str> {
    let (mut uml, mut mof, mut cwm, mut differences) = (0_usize, 0_usize, 0_usize, 0_usize);
    for &document in documents {
        let mut node = document + 1;
        while node < tree.end(document) {
            match (Tag::of(tree.tag(node)), tree.prefix(node)) {
                (Tag::Outside, _) => {
                    differences += usize::from(tree.tag(node) == "XMI.difference");
                    node = tree.end(node);
                    continue;
                }
                (Tag::Element(_), "Model") => mof += 1,
                (Tag::Element(_), prefix) if prefix.starts_with("CWM") => cwm += 1,
                (Tag::Element(_), _) => uml += 1,
                _ => {}
            }
            node += 1;
        }
    }
    if differences > 0 && uml + mof + cwm == 0 {
        Some("is a difference between two documents in XMI, not a UML model")
    } else if cwm > 0 {
        Some("is a model in CWM (data warehouses), not a UML model")
    } else if mof > uml {
        Some("is a metamodel in MOF, not a UML model")
    } else if uml == 0 {
        Some("is XMI 1.x but contains no model")
    } else {
        None
    }
}

/// What holds the model in an `XMI` element: its contents, or else the element itself.
fn contents(tree: &Tree<'_>, document: NodeId) -> Vec<NodeId> {
    let contents: Vec<NodeId> = tree.children(document).filter(|&child| tree.tag(child) == "XMI.content").collect();
    if contents.is_empty() { vec![document] } else { contents }
}

/// Reads a document that is known to contain UML in XMI 1.x.
pub(crate) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    let dialect = legacy::of(tree);
    let draft = &mut drafting.draft;
    draft.tool = dialect.tool;
    draft.absent_end_multiplicity = dialect.absent_end;
    draft.navigability = dialect.navigability;
    let documents = documents(tree);
    let roots: Vec<NodeId> = documents.iter().flat_map(|&document| contents(tree, document)).collect();
    let mut core = Core {
        tree,
        drafting,
        dialect,
        ids: Ids::of(tree, &roots),
        scopes: Vec::new(),
        ends: BTreeMap::new(),
        listed_ends: BTreeSet::new(),
        described: BTreeMap::new(),
        nameless: BTreeMap::new(),
        named_packages: BTreeMap::new(),
        extensions: Vec::new(),
    };
    core.list_ends(&roots);
    for root in roots {
        core.walk(root);
    }
    core.attach_descriptions();
    core.keep_orphans();
    core.report_nameless();
    if let Some(own_part) = dialect.own_part {
        let mut extensions = std::mem::take(&mut core.extensions);
        for document in documents {
            extensions.extend(tree.children(document).filter(|&child| tree.tag(child) == "XMI.extensions"));
        }
        own_part(&mut core, &extensions);
    }
    core.drafting.finish()
}

impl Core<'_, '_> {
    fn walk(&mut self, root: NodeId) {
        let end = self.tree.end(root);
        let mut node = root + 1;
        while node < end {
            while self.scopes.last().is_some_and(|scope| scope.end <= node) {
                self.scopes.pop();
            }
            node = self.visit(node);
        }
        self.scopes.clear();
    }

    fn scope(&self) -> Scope {
        let root =
            Scope { end: self.tree.len(), element: None, owner: Owner::Root, operation: None, is_template: false };
        self.scopes.last().copied().unwrap_or(root)
    }

    /// Reads what `node` is and gives the node to go on with: its first child, or what follows it.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let after = tree.end(node);
        match Tag::of(tree.tag(node)) {
            Tag::Outside => {
                self.extensions.push(node);
                after
            }
            Tag::Reference => after,
            Tag::Feature(_) => node + 1,
            Tag::Element(_) if ids::is_stub(tree, node) => after,
            Tag::Element(metaclass) => {
                if self.element(node, Kind::of(metaclass), metaclass) {
                    node + 1
                } else {
                    after
                }
            }
        }
    }

    /// Enters an element into the account, with the stereotypes that are applied to it.
    fn enter(&mut self, node: NodeId, kind: ElementKind, owner: Option<Element>) -> Element {
        let (tree, span) = (self.tree, self.tree.span(node));
        let id = ids::id(tree, node).map(|id| id.value);
        let tagged = if id.is_none() { self.dialect.identity.and_then(|identity| identity(self, node)) } else { None };
        let id = id.or(tagged.as_deref());
        let name = self.value(node, "name").map(|name| name.value);
        let element = self.drafting.enter(Met { kind, span, id, name, owner });
        for applied in self.stereotypes(node) {
            let (kind, name, span) = (ElementKind::StereotypeApplication, applied.name.as_deref(), applied.span);
            let application = self.drafting.enter(Met { kind, span, id: None, name, owner: Some(element) });
            if name.is_none() {
                self.note_nameless(applied.key, application, span);
            }
        }
        self.note_nameless_tags(node, element);
        self.describe(node);
        element
    }

    /// Opens the scope of an element; what stands in it is owned by `owner`.
    fn open(&mut self, node: NodeId, element: Element, owner: Owner) {
        let scope = self.scope();
        self.scopes.push(Scope { end: self.tree.end(node), element: Some(element), owner, operation: None, ..scope });
    }

    /// The innermost namespace around: what owns classifiers, associations and packages.
    fn namespace(&self) -> (Option<Element>, Owner) {
        let mut scopes = self.scopes.iter().rev();
        let found = scopes.find(|scope| matches!(scope.owner, Owner::Package(_) | Owner::Classifier(_) | Owner::Root));
        found.map_or((None, Owner::Root), |scope| (scope.element, scope.owner))
    }

    /// The name of an element, no longer than names may be.
    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.value(node, "name")?;
        self.drafting.name(name)
    }
}
