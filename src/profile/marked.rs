//! The elements of a model with what is said about them by stereotypes and tags.

use std::collections::BTreeSet;

use super::{Place, TagRow, UNSAID, check_value, tag_rows};
use crate::account::Element;
use crate::source::Spanned;
use crate::uml::Model;
use crate::uml::model::{ClassifierKind, Marks, PropertyOwner, Tag};

/// An element with its marks.
pub struct Marked<'a> {
    /// The element.
    pub element: Element,
    /// What it is.
    pub place: Place,
    /// Its marks.
    pub marks: &'a Marks,
    /// Whether it belongs to a library, which is not the user's.
    pub is_library: bool,
}

impl Marked<'_> {
    /// The rows that a tag has on this element.
    pub fn rows(&self, name: &str) -> Vec<&'static TagRow> {
        tag_rows(name).filter(|row| row.stands_on(self.place)).collect()
    }

    /// Whether a tag says something of ours here: it has a value, and one that it takes.
    ///
    /// # Errors
    ///
    /// A value that it does not take: completes the sentence "it takes …".
    pub fn says(&self, tag: &Tag) -> Result<bool, String> {
        // Tools write the tags of a profile that nobody filled in, too.
        let value = tag.value.value.trim();
        if value.is_empty() || value == UNSAID {
            return Ok(false);
        }
        check_value(self.rows(&tag.name.value).into_iter(), &tag.value.value)?;
        Ok(true)
    }
}

/// Everything that stereotypes and tags can stand at.
pub fn marked(model: &Model) -> Vec<Marked<'_>> {
    let mut found = Vec::new();
    for package in model.packages.values() {
        let (element, is_library) = (package.element, package.is_library);
        found.push(Marked { element, place: Place::Package, marks: &package.marks, is_library });
    }
    for classifier in model.classifiers.values() {
        let place = match classifier.kind {
            ClassifierKind::DataType | ClassifierKind::PrimitiveType => Place::DataType,
            ClassifierKind::Enumeration => Place::Enumeration,
            ClassifierKind::AssociationClass => Place::AssociationClass,
            _ => Place::Class,
        };
        let is_library = classifier.is_library;
        found.push(Marked { element: classifier.element, place, marks: &classifier.marks, is_library });
        found.extend(classifier.literals.iter().map(|literal| Marked {
            element: literal.element,
            place: Place::Literal,
            marks: &literal.marks,
            is_library,
        }));
        found.extend(classifier.operations.iter().map(|operation| Marked {
            element: operation.element,
            place: Place::Operation,
            marks: &operation.marks,
            is_library,
        }));
    }
    for property in model.properties.values() {
        let place = match (property.association, &property.owner) {
            (None, _) => Place::Attribute,
            (Some(_), PropertyOwner::Classifier(_)) => Place::OwnedEnd,
            (Some(_), _) => Place::End,
        };
        found.push(Marked { element: property.element, place, marks: &property.marks, is_library: false });
    }
    // What is said of an association class may be meant for either.
    let classes = model.classifiers.values().filter(|classifier| classifier.kind == ClassifierKind::AssociationClass);
    let classes: BTreeSet<Element> = classes.map(|classifier| classifier.element).collect();
    for association in model.associations.values() {
        let (element, marks) = (association.element, &association.marks);
        let place = if classes.contains(&element) { Place::AssociationClass } else { Place::Association };
        found.push(Marked { element, place, marks, is_library: false });
    }
    found
}

/// The values of the tags `allow`, with the elements that have them.
pub fn allowing(model: &Model) -> Vec<(Element, Spanned<String>)> {
    let tags = marked(model).into_iter().flat_map(|it| it.marks.tags.iter().map(move |tag| (it.element, tag)));
    let allowing = tags.filter(|(_, tag)| super::normal(&tag.name.value) == "allow");
    allowing.map(|(element, tag)| (element, tag.value.clone())).collect()
}
