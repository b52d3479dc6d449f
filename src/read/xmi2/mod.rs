//! The shared core of XMI 2.x: one walk over the tree in document order, with a stack of what the walk is in.

mod elements;
mod features;
mod kinds;
mod multiplicity;
mod property;
mod texts;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use kinds::Kind;

use super::dialects::{self, Dialect};
use super::xml::{NodeId, Ns, Tree};
use crate::account::{Element, ElementKind, Elements, Seen};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Settings;
use crate::source::{SourceId, Span, Spanned};
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
    pub(crate) draft: Draft,
    pub(crate) elements: &'r mut Elements,
    pub(crate) report: &'r mut Report,
    dialect: &'static Dialect,
    /// All ids, once somebody asks for them.
    text_ids: OnceCell<BTreeSet<&'t str>>,
    name_limit: usize,
    scopes: Vec<Scope>,
    /// Extension blocks, for the dialect.
    extensions: Vec<NodeId>,
    /// Metaclasses that are no part of class diagrams: how many, and the first.
    ignored: BTreeMap<String, (usize, Element)>,
    /// Elements without id: how many, and the first.
    nameless_ids: Option<(usize, Element)>,
}

/// Reads a document that is known to contain UML.
pub(crate) fn read(
    tree: &Tree<'_>,
    source: SourceId,
    file: &str,
    settings: &Settings,
    elements: &mut Elements,
    report: &mut Report,
) -> Draft {
    let dialect = dialects::of(tree);
    let draft = Draft {
        source,
        file: file.to_owned(),
        tool: dialect.tool,
        absent_end_multiplicity: dialect.absent_end,
        navigability: dialect.navigability,
        inverted_aggregation: dialect.inverted_aggregation,
        referred: false,
        cut_off: tree.cut_off,
        name: None,
        packages: Vec::new(),
        classifiers: Vec::new(),
        properties: Vec::new(),
        associations: Vec::new(),
        relations: Vec::new(),
        constraints: Vec::new(),
        comments: Vec::new(),
        applications: Vec::new(),
        ids: BTreeMap::new(),
        duplicates: Vec::new(),
    };
    let mut core = Core {
        tree,
        draft,
        elements,
        report,
        dialect,
        text_ids: OnceCell::new(),
        name_limit: settings.limits.name,
        scopes: Vec::new(),
        extensions: Vec::new(),
        ignored: BTreeMap::new(),
        nameless_ids: None,
    };
    core.walk();
    if let Some(own_part) = dialect.own_part {
        let extensions = std::mem::take(&mut core.extensions);
        own_part(&mut core, &extensions);
    }
    core.finish();
    core.draft
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
        let id = self.tree.xmi(node, "id").map(|id| id.value.to_owned());
        let name = self.value(node, "name").map(|name| name.value.to_owned()).filter(|name| !name.is_empty());
        let element = self.elements.enter(Seen { kind, span: self.tree.span(node), id: id.clone(), name, owner });
        if let Some(id) = id {
            if let Some(&first) = self.draft.ids.get(&id) {
                self.draft.duplicates.push((element, first));
            } else {
                self.draft.ids.insert(id, element);
            }
            return element;
        }
        let counts = !matches!(
            kind,
            ElementKind::Model | ElementKind::Other | ElementKind::Comment | ElementKind::StereotypeApplication
        );
        if counts {
            self.nameless_ids.get_or_insert((0, element)).0 += 1;
        }
        element
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
        if name.value.is_empty() {
            return None;
        }
        let mut value = name.value.to_owned();
        if let Some((cut, _)) = value.char_indices().nth(self.name_limit) {
            value.truncate(cut);
            let message = format!("a name has more than {} characters", self.name_limit);
            self.report.add(
                Diagnostic::new(&codes::U0108, message)
                    .here(name.span, "this name is cut")
                    .help("raise `name` under `[limits]` in `umlaut.toml` if it is meant"),
            );
        }
        Some(Spanned::new(value, name.span))
    }

    /// Where an element is shown: at its name, else at its tag.
    fn shown(&self, node: NodeId, name: Option<&Spanned<String>>) -> Span {
        name.map_or_else(|| self.tree.tag_span(node), |name| name.span)
    }

    fn finish(&mut self) {
        for (metaclass, (count, first)) in std::mem::take(&mut self.ignored) {
            let message = if count == 1 {
                format!("1 `uml:{metaclass}` element is not part of a class diagram")
            } else {
                format!("{count} `uml:{metaclass}` elements are not part of a class diagram")
            };
            let here = self.elements.get(first).span;
            self.report.add(Diagnostic::new(&codes::U0204, message).about(first).here(here, "the first of them"));
        }
        if let Some((count, first)) = self.nameless_ids {
            let message = match count {
                1 => "1 element has no `xmi:id`".to_owned(),
                _ => format!("{count} elements have no `xmi:id`"),
            };
            let here = self.elements.get(first).span;
            self.report.add(
                Diagnostic::new(&codes::U0206, message)
                    .about(first)
                    .here(here, "the first of them")
                    .note("when it is renamed, it cannot be told from a new one")
                    .help("export with ids if the tool can"),
            );
        }
    }
}
