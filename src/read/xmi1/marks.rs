//! What is said about an element: stereotypes, tagged values, documentation, comments and constraints.

use super::tag::Tag;
use super::{Core, NodeId, ids};
use crate::account::{Element, ElementKind};
use crate::diagnostic::{Diagnostic, Level, codes};
use crate::read::drafting::Met;
use crate::read::html;
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftApplication, DraftComment, DraftConstraint, Extra, Owner, Reference, Target};
use crate::uml::model::ConstraintRole;
use crate::uml::model::Tag as Value;

/// A stereotype as it is applied.
#[derive(Clone, Debug)]
pub(crate) struct Applied<'t> {
    /// What tells it from the others of its element: an id, an address or a name.
    pub(super) key: &'t str,
    /// Its name; unknown if it stands in another document.
    pub(crate) name: Option<String>,
    /// Where it is applied.
    pub(crate) span: Span,
}

impl<'t> Core<'t, '_> {
    /// The stereotypes of an element.
    pub(crate) fn stereotypes(&self, node: NodeId) -> Vec<Applied<'t>> {
        let tree = self.tree;
        let mut found: Vec<Applied<'t>> = Vec::new();
        let mut push = |key: &'t str, name: Option<String>, span: Span| {
            if found.iter().all(|known| known.key != key) {
                found.push(Applied { key, name, span });
            }
        };
        if let Some(written) = tree.plain(node, "stereotype") {
            for id in self.ids.split(written) {
                match self.ids.definition(id.value) {
                    Some(stereotype) => push(id.value, self.own_name(stereotype), id.span),
                    // Some tools write its name here.
                    None => push(id.value, Some(id.value.to_owned()), id.span),
                }
            }
        }
        for child in self.written(node, "stereotype") {
            let mut is_empty = true;
            for part in tree.children(child) {
                is_empty = false;
                let (key, name) = self.applied(part);
                push(key, name, tree.span(part));
            }
            if is_empty && let Some(name) = self.text(child) {
                push(name.value, Some(name.value.to_owned()), name.span);
            }
        }
        if let Some(id) = ids::id(tree, node) {
            for &(stereotype, place) in self.ids.stereotypes(id.value) {
                let key = ids::id(tree, stereotype).map_or("", |id| id.value);
                push(key, self.own_name(stereotype), place.span);
            }
        }
        found
    }

    /// A stereotype in the feature of that name: a stub, a definition, or no more than its name.
    fn applied(&self, part: NodeId) -> (&'t str, Option<String>) {
        let tree = self.tree;
        if !ids::is_stub(tree, part) {
            let name = self.value(part, "name");
            let key = ids::id(tree, part).or(name).map_or("", |key| key.value);
            return (key, name.map(|name| name.value.to_owned()));
        }
        let href = tree.plain(part, "href").or_else(|| tree.plain(part, "xmi.uuidref"));
        let key = ids::idref(tree, part).or(href).map_or("", |key| key.value);
        let name = match self.definition(part) {
            Some(stereotype) => self.own_name(stereotype),
            None => self.stub(part).and_then(|stub| stub.readable).map(|path| last_name(&path)),
        };
        (key, name)
    }

    /// Keeps applications of stereotypes to elements that do not exist, so that they are told.
    pub(super) fn keep_orphans(&mut self) {
        for (stereotype, place) in self.ids.orphans() {
            let name = self.own_name(stereotype).unwrap_or_default();
            let (kind, span) = (ElementKind::StereotypeApplication, place.span);
            let met = Met { kind, span, id: None, name: Some(&name), owner: None };
            let element = self.drafting.enter(met);
            let target = Target::Id(place.value.into());
            self.drafting.draft.applications.push(DraftApplication {
                element,
                profile: name.clone(),
                name: Spanned::new(name, span),
                bases: vec![Reference::new(target, span)],
                tags: Vec::new(),
            });
        }
    }

    /// Reports stereotypes and tags that other documents define: nothing tells their names.
    pub(super) fn report_nameless(&mut self) {
        for (document, (count, element, span)) in std::mem::take(&mut self.nameless) {
            let message = match count {
                1 => format!("1 stereotype or tag is defined in `{document}`, which is not read; its name is unknown"),
                _ => format!(
                    "{count} stereotypes and tags are defined in `{document}`, which is not read; their names are unknown"
                ),
            };
            let mut diagnostic = Diagnostic::new(&codes::U0303, message)
                .about(element)
                .here(span, "the first of them")
                .help("export the model together with its profiles");
            diagnostic.level = Level::Warning;
            self.drafting.report.add(diagnostic);
        }
    }

    /// Notes a stereotype or tag at `stub`, which leads to another document.
    pub(super) fn note_nameless(&mut self, address: &'t str, element: Element, span: Span) {
        let Some((document, _)) = address.split_once(['#', '|']) else {
            let mut diagnostic =
                Diagnostic::new(&codes::U0301, format!("stereotype or tag `{address}` does not exist"))
                    .about(element)
                    .here(span, "no element of this document has this id")
                    .cause(format!("{}#{address}", self.drafting.draft.source.index()));
            diagnostic.level = Level::Warning;
            self.drafting.report.add(diagnostic);
            return;
        };
        self.nameless.entry(document).or_insert((0, element, span)).0 += 1;
    }

    fn own_name(&self, node: NodeId) -> Option<String> {
        self.value(node, "name").map(|name| name.value.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// The tagged values of an element.
    fn tagged_values(&self, node: NodeId) -> Vec<NodeId> {
        let mut values = self.parts_of(node, "taggedValue", "TaggedValue");
        if let Some(id) = ids::id(self.tree, node) {
            let apart: Vec<NodeId> = self.ids.tags(id.value).iter().copied().filter(|v| !values.contains(v)).collect();
            values.extend(apart);
        }
        values
    }

    /// The tagged values of an element: names and values.
    pub(crate) fn tags(&self, node: NodeId) -> Vec<(Spanned<String>, Spanned<String>)> {
        let values = self.tagged_values(node).into_iter();
        values.filter_map(|value| Some((self.tag_name(value)?, self.tag_value(value)?))).collect()
    }

    /// The name of a tagged value: its own, or that of its definition.
    fn tag_name(&self, value: NodeId) -> Option<Spanned<String>> {
        let tree = self.tree;
        if let Some(name) = self.value(value, "tag").or_else(|| self.value(value, "name")) {
            return Some(name.map(str::to_owned)).filter(|name| !name.value.is_empty());
        }
        let reference = self.reference(value, "type")?;
        let name = match &reference.target {
            Target::Id(id) => self.ids.definition(id).and_then(|definition| self.own_name(definition)),
            Target::Name(name) => Some(name.to_string()),
            Target::Href(_) => None,
        };
        let inline = || {
            let parts = self.parts(value, "type");
            parts.into_iter().filter(|&part| !ids::is_stub(tree, part)).find_map(|part| self.own_name(part))
        };
        let name = name.or_else(inline).or_else(|| reference.readable.as_deref().map(last_name))?;
        Some(Spanned::new(name, reference.span))
    }

    /// Notes the tagged values of an element whose names stand in other documents.
    pub(super) fn note_nameless_tags(&mut self, node: NodeId, element: Element) {
        for value in self.tagged_values(node) {
            if self.tag_name(value).is_some() {
                continue;
            }
            let hrefs = self.parts(value, "type").into_iter().filter_map(|part| self.tree.plain(part, "href"));
            for href in hrefs.collect::<Vec<_>>() {
                self.note_nameless(href.value, element, href.span);
            }
        }
    }

    fn tag_value(&self, value: NodeId) -> Option<Spanned<String>> {
        let tree = self.tree;
        if let Some(text) = self.value(value, "value").or_else(|| self.value(value, "dataValue")) {
            return Some(text.map(str::to_owned));
        }
        // A value that is a reference is told by the name of what it leads to.
        if let Some(reference) = self.references(value, "referenceValue").into_iter().next()
            && let Target::Id(id) = &reference.target
            && let Some(name) = self.ids.definition(id).and_then(|target| self.own_name(target))
        {
            return Some(Spanned::new(name, reference.span));
        }
        tree.text(value).map(|text| text.map(str::to_owned))
    }

    /// Stereotypes, tags and documentation of an element.
    pub(super) fn marks(&self, node: NodeId) -> (Extra, Option<Box<Spanned<String>>>) {
        let mut extra = Extra::default();
        for Applied { name, span, .. } in self.stereotypes(node) {
            let is_own = name.as_deref().is_some_and(|name| self.dialect.own_stereotypes.contains(&name));
            extra.stereotypes.extend(name.filter(|_| !is_own).map(|name| Spanned::new(name, span)));
        }
        let mut documentation = self.attribute_documentation(node);
        for (name, value) in self.tags(node) {
            if name.value.eq_ignore_ascii_case("documentation") {
                let text = html::plain(&value.value);
                if documentation.is_none() && !text.is_empty() {
                    documentation = Some(Box::new(Spanned::new(text, value.span)));
                }
            } else if !self.is_state(node, &name) {
                extra.tags.push(Value { name, value, stereotype: None });
            }
        }
        (extra, documentation)
    }

    /// Documentation in an attribute. `comment` is a list of references in some tools and a text in others.
    fn attribute_documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let tree = self.tree;
        let text = ["documentation", "comment"].iter().find_map(|name| {
            tree.plain(node, name).filter(|text| {
                !text.value.trim().is_empty()
                    && self.ids.split(*text).iter().any(|id| self.ids.definition(id.value).is_none())
            })
        })?;
        let text = text.map(html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    /// Notes which comments and constraints an element says to have.
    pub(super) fn describe(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(id) = ids::id(tree, node) else { return };
        for feature in ["comment", "constraint"] {
            for reference in self.references(node, feature) {
                if let Target::Id(text) = &reference.target
                    && let Some(text) = self.ids.definition(text).and_then(|text| ids::id(tree, text))
                {
                    let target = Target::Id(id.value.into());
                    let back = Reference::new(target, id.span);
                    self.described.entry(text.value).or_default().push(back);
                }
            }
        }
    }

    /// Gives comments and constraints that do not say what they are about those elements that say to have them.
    pub(super) fn attach_descriptions(&mut self) {
        let elements = &self.drafting.elements;
        let draft = &mut self.drafting.draft;
        let about = |element: Element, known: &mut Vec<Reference>| {
            if known.is_empty()
                && let Some(id) = elements.id(element)
                && let Some(found) = self.described.get(id)
            {
                known.extend(found.iter().cloned());
            }
        };
        for comment in &mut draft.comments {
            about(comment.element, &mut comment.annotated);
        }
        for constraint in &mut draft.constraints {
            about(constraint.element, &mut constraint.constrained);
        }
    }

    /// What a comment or constraint is about if it does not say so: what it stands in, unless that only keeps it.
    fn subject(&self, node: NodeId, feature: &str) -> Option<Element> {
        let scope = self.scope();
        let is_kept = matches!(scope.owner, Owner::Root | Owner::Package(_))
            && self.tree.parent(node).is_some_and(|parent| Tag::of(self.tree.tag(parent)) != Tag::Feature(feature));
        scope.element.filter(|_| !is_kept)
    }

    /// A comment. UML 1.3 has its text as the name.
    pub(super) fn comment(&mut self, node: NodeId) {
        let scope = self.scope();
        let element = self.enter(node, ElementKind::Comment, scope.element);
        let body = self.expression(node, "body").map(|(body, _)| body).or_else(|| self.value(node, "name"));
        let body = body.map(|body| body.map(|text| html::plain((self.dialect.comment)(text))));
        if let Some(body) = body.filter(|body| !body.value.is_empty()) {
            self.drafting.draft.comments.push(DraftComment {
                element,
                owner: self.subject(node, "comment"),
                annotated: self.references(node, "annotatedElement"),
                body,
            });
        }
        let owner = self.namespace().1;
        self.open(node, element, owner);
    }

    /// A constraint with its text; some tools have the text as its name.
    pub(super) fn constraint(&mut self, node: NodeId) {
        let scope = self.scope();
        let element = self.enter(node, ElementKind::Constraint, scope.element);
        let name = self.name(node);
        let written = self.expression(node, "body");
        let language = written.as_ref().and_then(|(_, language)| language.clone());
        let body = written.map(|(body, _)| body.map(str::to_owned)).filter(|body| !body.value.trim().is_empty());
        let body = body.or_else(|| name.clone().map(|name| name.map(Into::into)));
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: self.subject(node, "constraint"),
            constrained: self.references(node, "constrainedElement"),
            name,
            language,
            role: ConstraintRole::default(),
            body: body.unwrap_or_else(|| Spanned::new(String::new(), self.tree.span(node).at_start())),
        });
        let owner = self.namespace().1;
        self.open(node, element, owner);
    }
}

/// `datatype::String` without what stands before.
fn last_name(path: &str) -> String {
    path.rsplit("::").next().unwrap_or(path).to_owned()
}
