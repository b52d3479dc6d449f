//! Values, comments, constraints, applications of stereotypes: everything that is text in the end.

use super::features::list;
use super::{Core, NodeId, Ns};
use crate::account::{ElementKind, Seen};
use crate::read::html;
use crate::source::Spanned;
use crate::uml::draft::{DraftApplication, DraftComment, DraftConstraint, Owner, Target};
use crate::uml::model::Tag;

impl Core<'_, '_> {
    /// The text of a value specification, if it says one.
    pub(super) fn value_text(&self, node: NodeId) -> Option<Spanned<String>> {
        for feature in ["value", "body", "symbol", "expr"] {
            if feature == "body" {
                let bodies: Vec<_> = self.bodies(node);
                if let Some(first) = bodies.first() {
                    let text = bodies.iter().map(|body| body.value).collect::<Vec<_>>().join("\n");
                    return Some(Spanned::new(text, first.span));
                }
            } else if let Some(value) = self.value(node, feature) {
                return Some(value.map(str::to_owned));
            }
        }
        self.tree.text(node).map(|text| text.map(str::to_owned))
    }

    fn bodies(&self, node: NodeId) -> Vec<Spanned<&str>> {
        let tree = self.tree;
        let mut bodies: Vec<_> = tree.plain(node, "body").into_iter().collect();
        bodies.extend(
            tree.children(node).filter(|&child| tree.local(child) == "body").filter_map(|child| tree.text(child)),
        );
        bodies
    }

    /// A comment: to be attached to what it annotates, else to what it stands in.
    pub(super) fn comment(&mut self, node: NodeId) {
        let scope = self.scope();
        let element = self.enter(node, ElementKind::Comment, scope.element);
        let text = self.value(node, "body").map(|body| body.map(html::plain));
        let Some(body) = text.filter(|body| !body.value.is_empty()) else { return };
        let in_package = matches!(scope.owner, Owner::Root | Owner::Package(_));
        self.drafting.draft.comments.push(DraftComment {
            element,
            owner: scope.element.filter(|_| !in_package),
            annotated: self.references(node, "annotatedElement"),
            body,
        });
    }

    /// A constraint with its text; its specification may be any value.
    pub(super) fn constraint(&mut self, node: NodeId) {
        let scope = self.scope();
        let element = self.enter(node, ElementKind::Constraint, scope.element);
        let name = self.name(node);
        let specification = self.child(node, "specification");
        let body = specification
            .and_then(|child| self.value_text(child))
            .or_else(|| self.value(node, "specification").map(|text| text.map(str::to_owned)))
            .unwrap_or_else(|| Spanned::new(String::new(), self.tree.span(node).at_start()));
        let language = specification
            .and_then(|child| self.value(child, "language"))
            .map(|language| language.value.trim().to_owned())
            .filter(|language| !language.is_empty());
        let constrained = self.references(node, "constrainedElement");
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: scope.element,
            constrained,
            name,
            language,
            body,
        });
    }

    /// Whether an element applies a stereotype: it says to what.
    pub(super) fn is_application(&self, node: NodeId) -> bool {
        let tree = self.tree;
        matches!(tree.ns(node), Ns::Other(_))
            && (tree.attributes(node).any(|attribute| attribute.local.starts_with("base_"))
                || tree.children(node).any(|child| tree.local(child).starts_with("base_")))
    }

    /// An application of a stereotype.
    pub(super) fn application(&mut self, node: NodeId) {
        let tree = self.tree;
        let profile = tree.prefix(node);
        if self.dialect.noise.contains(&profile) {
            return;
        }
        let element = self.drafting.elements.enter(Seen {
            kind: ElementKind::StereotypeApplication,
            span: tree.span(node),
            id: tree.xmi(node, "id").map(|id| id.value.to_owned()),
            name: Some(tree.local(node).to_owned()),
            owner: None,
        });
        let name = tree.local(node);
        let mut application = DraftApplication {
            element,
            profile: profile.to_owned(),
            name: Spanned::new(name.to_owned(), tree.tag_span(node)),
            bases: Vec::new(),
            tags: Vec::new(),
        };
        for attribute in tree.attributes(node).filter(|attribute| attribute.ns == Ns::None) {
            if attribute.local.starts_with("base_") {
                application.bases.extend(list(attribute.value));
            } else {
                application.tags.push(Tag {
                    name: Spanned::new(attribute.local.to_owned(), attribute.value.span),
                    value: attribute.value.map(str::to_owned),
                    stereotype: Some(name.to_owned()),
                });
            }
        }
        for child in tree.children(node).filter(|&child| tree.ns(child) == Ns::None) {
            if tree.local(child).starts_with("base_") {
                application.bases.extend(self.child_reference(child));
                continue;
            }
            let value = tree.text(child).or_else(|| tree.plain(child, "value")).map(|text| text.map(str::to_owned));
            let value = value.or_else(|| {
                let reference = self.child_reference(child)?;
                let text = match reference.target {
                    Target::Id(id) | Target::Name(id) => id,
                    Target::Href { fragment, .. } => fragment,
                };
                Some(Spanned::new(text, reference.span))
            });
            if let Some(value) = value {
                application.tags.push(Tag {
                    name: Spanned::new(tree.local(child).to_owned(), tree.tag_span(child)),
                    value,
                    stereotype: Some(name.to_owned()),
                });
            }
        }
        self.drafting.draft.applications.push(application);
    }
}
