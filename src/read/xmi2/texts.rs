//! Values, comments, constraints, applications of stereotypes: everything that is text in the end.

use std::borrow::Cow;

use super::{Core, NodeId, Ns};
use crate::account::{ElementKind, Met};
use crate::profile;
use crate::read::html;
use crate::source::Spanned;
use crate::uml::draft::{DraftApplication, DraftComment, DraftConstraint, Owner, Target};
use crate::uml::model::{ConstraintRole, Tag};

impl<'t> Core<'t, '_> {
    /// The text of a value specification, if it says one.
    pub(crate) fn value_text(&self, node: NodeId) -> Option<Spanned<Cow<'t, str>>> {
        for feature in ["value", "body", "symbol", "expr"] {
            if feature == "body" {
                let bodies: Vec<_> = self.bodies(node);
                match bodies[..] {
                    [] => {}
                    [body] => return Some(body.map(Cow::Borrowed)),
                    [first, ..] => {
                        let text = bodies.iter().map(|body| body.value).collect::<Vec<_>>().join("\n");
                        return Some(Spanned::new(text.into(), first.span));
                    }
                }
            } else if let Some(value) = self.value(node, feature) {
                return Some(value.map(Cow::Borrowed));
            }
        }
        self.tree.text(node).map(|text| text.map(Cow::Borrowed))
    }

    fn bodies(&self, node: NodeId) -> Vec<Spanned<&'t str>> {
        let tree = self.tree;
        let mut bodies: Vec<_> = tree.plain(node, "body").into_iter().collect();
        bodies.extend(tree.children_named(node, "body").filter_map(|child| tree.text(child)));
        bodies
    }

    /// A comment: to be attached to what it annotates, else to what it stands in.
    pub(super) fn comment(&mut self, node: NodeId) {
        let scope = self.scope();
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Comment, scope.element, name.as_ref());
        self.open(node, element, scope.owner);
        let text = self.value(node, "body").map(|body| body.map(html::plain));
        let Some(mut body) = text.filter(|body| !body.value.is_empty()) else { return };
        let annotated = self.references(node, "annotatedElement");
        if scope.is_outside && annotated.is_empty() {
            return;
        }
        let in_package = matches!(scope.owner, Owner::Root | Owner::Package(_));
        let mut owner = scope.element.filter(|_| !in_package);
        // What is said of a parameter is said of its operation.
        let elements = &*self.drafting.elements;
        if let Some(parameter) = owner
            && elements.get(parameter).kind == ElementKind::Parameter
        {
            if let Some(name) = elements.name(parameter) {
                body.value = format!("{name}: {}", body.value);
            }
            owner = elements.get(parameter).owner;
        }
        self.drafting.draft.comments.push(DraftComment { element, owner, annotated, body });
    }

    /// A constraint with its text; its specification may be any value.
    pub(super) fn constraint(&mut self, node: NodeId) {
        let scope = self.scope();
        let name = self.name(node);
        let element = self.enter(node, ElementKind::Constraint, scope.element, name.as_ref());
        self.open(node, element, scope.owner);
        let constrained = self.references(node, "constrainedElement");
        if scope.is_outside && constrained.is_empty() {
            return;
        }
        let name = self.name(node);
        let specification = self.child(node, "specification");
        let body = specification
            .and_then(|child| self.value_text(child))
            .map(|text| text.map(Cow::into_owned))
            .or_else(|| self.value(node, "specification").map(|text| text.map(str::to_owned)))
            .filter(|body| !body.value.trim().is_empty())
            // Some tools leave the body empty, and their users write what they mean as the name.
            .or_else(|| name.clone().map(|name| name.map(Into::into)))
            .unwrap_or_else(|| Spanned::new(String::new(), self.tree.span(node).at_start()));
        let language = specification
            .and_then(|child| self.value(child, "language"))
            .map(|language| language.value.trim().to_owned())
            .filter(|language| !language.is_empty());
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: scope.element,
            constrained,
            name,
            language,
            role: self.role(node),
            body,
        });
    }

    /// What a constraint says of the operation that it stands in: its own tag says it, or the operation by id.
    fn role(&self, node: NodeId) -> ConstraintRole {
        let roles = [
            ("precondition", ConstraintRole::Before),
            ("postcondition", ConstraintRole::After),
            ("bodyCondition", ConstraintRole::Body),
        ];
        let id = self.tree.xmi(node, "id").map(|id| id.value);
        let named = |name: &str| {
            let written = self.tree.parent(node).and_then(|parent| self.tree.plain(parent, name));
            // Operations have few conditions; a long list is looked through once for each of them.
            written
                .filter(|ids| ids.value.len() < 4096)
                .is_some_and(|ids| id.is_some_and(|id| ids.value.split_ascii_whitespace().any(|it| it == id)))
        };
        let found = roles.iter().find(|(name, _)| self.tree.local(node) == *name || named(name));
        found.map_or(ConstraintRole::Invariant, |(_, role)| *role)
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
        let prefix = tree.prefix(node);
        let name = tree.local(node);
        // Tools have namespaces of their own for it, and call it by its name.
        let is_ours = tree.namespace(tree.ns(node)).is_some_and(profile::is_our_namespace);
        let profile_name = if is_ours { profile::OURS } else { prefix };
        let element = self.drafting.elements.enter(Met {
            kind: ElementKind::StereotypeApplication,
            span: tree.span(node),
            id: tree.xmi(node, "id").map(|id| id.value),
            name: Some(name),
            owner: None,
        });
        let mut application = DraftApplication {
            element,
            profile: prefix.to_owned(),
            name: Spanned::new(profile::with_profile(profile_name, name), tree.tag_span(node)),
            bases: Vec::new(),
            tags: Vec::new(),
        };
        for attribute in tree.attributes(node).filter(|attribute| attribute.ns == Ns::None) {
            if attribute.local.starts_with("base_") {
                application.bases.extend(self.drafting.list(attribute.value));
            } else {
                let name = Spanned::new(attribute.local, attribute.value.span);
                self.tag(&mut application, name, Some(attribute.value.map(str::to_owned)));
            }
        }
        for child in tree.children(node) {
            if tree.local(child).starts_with("base_") {
                application.bases.extend(self.child_reference(child));
                continue;
            }
            let name = Spanned::new(tree.local(child), tree.tag_span(child));
            let value = self.tag_value(child);
            self.tag(&mut application, name, value);
        }
        if !self.dialect.noise.contains(&prefix) {
            self.drafting.draft.applications.push(application);
        }
    }

    /// The text of a tagged value that is written as an element, or what it refers to.
    fn tag_value(&self, node: NodeId) -> Option<Spanned<String>> {
        let tree = self.tree;
        let text = tree.text(node).or_else(|| tree.plain(node, "value"));
        text.map(|text| text.map(str::to_owned)).or_else(|| {
            let reference = self.child_reference(node)?;
            let text = match reference.target {
                Target::Id(id) | Target::Name(id) => id.into(),
                Target::Href(href) => href.fragment().to_owned(),
            };
            Some(Spanned::new(text, reference.span))
        })
    }

    /// A tagged value of an application; what says nothing is only counted.
    fn tag(&mut self, application: &mut DraftApplication, name: Spanned<&str>, value: Option<Spanned<String>>) {
        self.drafting.elements.enter(Met {
            kind: ElementKind::Tag,
            span: value.as_ref().map_or(name.span, |value| value.span),
            id: None,
            name: Some(name.value),
            owner: Some(application.element),
        });
        if let Some(value) = value {
            let stereotype = Some(application.name.value.clone());
            application.tags.push(Tag { name: name.map(str::to_owned), value, stereotype });
        }
    }
}
