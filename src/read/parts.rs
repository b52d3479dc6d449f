//! What a tool tells about elements elsewhere in its file: documentation, stereotypes, tags and constraints.

use super::drafting::Drafting;
use super::html;
use crate::account::{Element, ElementKind, Fate, Met, Seen};
use crate::source::{Span, Spanned};
use crate::uml::draft::{Draft, DraftComment, DraftConstraint, Extra};
use crate::uml::model::{ConstraintRole, Tag};
use crate::util::arena::Map;

/// What an element became in the draft.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Package(usize),
    Classifier(usize),
    Property(usize),
    Association(usize),
    Literal(usize, usize),
    Operation(usize, usize),
}

/// The elements of a draft and what they became.
#[derive(Debug)]
pub(super) struct Parts(Map<Seen, Part>);

/// An element that something is told about; it may be no part of the model, or not in the file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject {
    pub(super) element: Option<Element>,
    pub(super) part: Option<Part>,
}

impl Parts {
    pub(super) fn of(draft: &Draft) -> Self {
        let mut parts = Map::new();
        for (index, package) in draft.packages.iter().enumerate() {
            parts.insert(package.element, Part::Package(index));
        }
        for (index, association) in draft.associations.iter().enumerate() {
            parts.insert(association.element, Part::Association(index));
        }
        // After the associations, so that an association class is a class.
        for (index, classifier) in draft.classifiers.iter().enumerate() {
            parts.insert(classifier.element, Part::Classifier(index));
            for (number, literal) in classifier.literals.iter().enumerate() {
                parts.insert(literal.element, Part::Literal(index, number));
            }
            for (number, operation) in classifier.operations.iter().enumerate() {
                parts.insert(operation.element, Part::Operation(index, number));
            }
        }
        for (index, property) in draft.properties.iter().enumerate() {
            parts.insert(property.element, Part::Property(index));
        }
        Self(parts)
    }

    pub(super) fn subject(&self, element: Option<Element>) -> Subject {
        Subject { element, part: element.and_then(|element| self.0.get(element).copied()) }
    }
}

impl Drafting<'_> {
    /// Documentation of an element; the first one told is kept, and HTML is taken out of it.
    pub(super) fn document(&mut self, subject: Subject, text: Option<Spanned<&str>>) {
        let Some(text) = text.map(|text| text.map(html::plain)).filter(|text| !text.value.is_empty()) else { return };
        let draft = &mut self.draft;
        let slot = match subject.part {
            Some(Part::Package(index)) => &mut draft.packages[index].documentation,
            Some(Part::Classifier(index)) => &mut draft.classifiers[index].documentation,
            Some(Part::Property(index)) => &mut draft.properties[index].documentation,
            Some(Part::Association(index)) => &mut draft.associations[index].documentation,
            Some(Part::Literal(index, number)) => &mut draft.classifiers[index].literals[number].documentation,
            Some(Part::Operation(index, number)) => &mut draft.classifiers[index].operations[number].documentation,
            None => return,
        };
        slot.get_or_insert_with(|| Box::new(text));
    }

    /// A note that stands for itself, or on an element that has no documentation of its own.
    pub(super) fn remark(&mut self, text: Spanned<&str>, about: Option<Element>) {
        let body = text.map(html::plain);
        if body.value.is_empty() {
            return;
        }
        let element = self.beside(ElementKind::ToolComment, text.span, None, about);
        self.draft.comments.push(DraftComment { element, owner: about, annotated: Vec::new(), body });
    }

    /// A stereotype that is no application.
    pub(super) fn stereotype(&mut self, subject: Subject, name: Spanned<&str>) {
        self.beside(ElementKind::ToolStereotype, name.span, Some(name.value), subject.element);
        self.stereotype_again(subject, name);
    }

    /// A stereotype that is counted elsewhere, or is none in the terms of UML.
    pub(super) fn stereotype_again(&mut self, subject: Subject, name: Spanned<&str>) {
        let Some(extra) = self.extra(subject).filter(|_| !name.value.trim().is_empty()) else { return };
        if !extra.stereotypes.iter().any(|known| known.value == name.value) {
            extra.stereotypes.push(name.map(str::to_owned));
        }
    }

    /// A tagged value that is no value of an application. One that says nothing is only counted.
    pub(super) fn tag(
        &mut self,
        subject: Subject,
        name: Spanned<&str>,
        value: Option<Spanned<String>>,
        stereotype: Option<&str>,
    ) {
        self.beside(ElementKind::ToolTag, name.span, Some(name.value), subject.element);
        self.tag_again(subject, name, value, stereotype);
    }

    /// A tagged value that is counted elsewhere.
    pub(super) fn tag_again(
        &mut self,
        subject: Subject,
        name: Spanned<&str>,
        value: Option<Spanned<String>>,
        stereotype: Option<&str>,
    ) {
        if let Some(value) = value.filter(|value| !value.value.trim().is_empty())
            && let Some(extra) = self.extra(subject)
        {
            extra.tags.push(Tag { name: name.map(str::to_owned), value, stereotype: stereotype.map(str::to_owned) });
        }
    }

    /// A second name of an element.
    pub(super) fn alias(&mut self, subject: Subject, alias: Spanned<&str>) {
        self.tag_again(subject, alias.map(|_| "alias"), Some(alias.map(str::to_owned)), None);
    }

    /// A constraint without an element of its own. What a constraint of the model says too is only counted.
    pub(super) fn constrain(
        &mut self,
        subject: Subject,
        span: Span,
        name: Spanned<&str>,
        language: Option<&str>,
        body: Spanned<String>,
    ) {
        let element = self.beside(ElementKind::ToolConstraint, span, Some(name.value), subject.element);
        let owner = subject.element;
        let draft = &self.draft;
        let told = self.constraints.get_or_insert_with(|| {
            let texts = draft.constraints.iter().flat_map(|known| {
                let name = known.name.iter().map(|name| name.value.as_str());
                name.chain([known.body.value.as_str()]).map(|text| (known.owner, text.to_owned()))
            });
            texts.collect()
        });
        let is_new_name = told.insert((owner, name.value.to_owned()));
        let is_new = body.value == name.value || told.insert((owner, body.value.clone()));
        if subject.part.is_none() || !is_new_name || !is_new {
            self.elements.get_mut(element).fate =
                Some(if subject.part.is_none() { Fate::Ignored } else { Fate::Carried });
            return;
        }
        self.draft.constraints.push(DraftConstraint {
            element,
            owner,
            constrained: Vec::new(),
            name: Some(name.map(Into::into)),
            language: language.map(str::to_owned),
            role: ConstraintRole::default(),
            body,
        });
    }

    /// Enters what a tool keeps in its own part of the file.
    fn beside(&mut self, kind: ElementKind, span: Span, name: Option<&str>, owner: Option<Element>) -> Element {
        self.elements.enter(Met { name, owner, ..Met::new(kind, span) })
    }

    fn extra(&mut self, subject: Subject) -> Option<&mut Extra> {
        let draft = &mut self.draft;
        Some(match subject.part? {
            Part::Package(index) => &mut draft.packages[index].extra,
            Part::Classifier(index) => &mut draft.classifiers[index].extra,
            Part::Property(index) => &mut draft.properties[index].extra,
            Part::Association(index) => &mut draft.associations[index].extra,
            Part::Literal(index, number) => &mut draft.classifiers[index].literals[number].extra,
            Part::Operation(index, number) => &mut draft.classifiers[index].operations[number].extra,
        })
    }
}
