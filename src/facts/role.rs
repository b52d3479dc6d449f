//! What classifiers are for the database.

use crate::account::Element;
use crate::decision::Because;
use crate::source::Span;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

/// What a classifier is for the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its objects are rows.
    Entity,
    /// An interface: it has no rows of its own.
    Interface,
    /// A data type whose values are embedded.
    Value,
    /// A data type or primitive type without attributes: another name of a type.
    Alias,
    /// An enumeration, see [`Roles::enumeration`].
    Enumeration,
    /// A type that is only known by its name: of a library, or without a table for another reason.
    Named,
}

/// A literal as it will be used.
#[derive(Clone, Debug)]
pub struct LiteralFact {
    /// The element.
    pub element: Element,
    /// Its name as drawn.
    pub name: String,
    /// Its place.
    pub span: Span,
    /// Member name: `IN_PROGRESS`.
    pub member: String,
    /// The stored value.
    pub value: String,
    /// The label for people.
    pub label: String,
}

/// An enumeration with its literals, inherited ones first.
#[derive(Clone, Debug, Default)]
pub struct EnumFact {
    /// The literals.
    pub literals: Vec<LiteralFact>,
    /// Whether all values are integers.
    pub is_integer: bool,
    /// Who asks for a table with a row for each literal, if it is one.
    pub lookup: Option<Because>,
}

/// The roles of all classifiers.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    roles: Map<Classifier, Role>,
    /// Enumerations.
    pub enumerations: Map<Classifier, EnumFact>,
}

impl Roles {
    /// Notes the role of a classifier.
    pub fn set(&mut self, classifier: Id<Classifier>, role: Role) {
        self.roles.insert(classifier, role);
    }

    /// The role of a classifier.
    pub fn get(&self, classifier: Id<Classifier>) -> Role {
        self.roles.get(classifier).copied().unwrap_or(Role::Named)
    }

    /// The enumeration that a classifier is.
    pub fn enumeration(&self, classifier: Id<Classifier>) -> Option<&EnumFact> {
        self.enumerations.get(classifier)
    }

    /// The enumeration that a classifier is, if it is a table with a row for each literal.
    pub fn lookup(&self, classifier: Id<Classifier>) -> Option<(&EnumFact, &Because)> {
        let fact = self.enumerations.get(classifier).filter(|fact| !fact.literals.is_empty())?;
        Some((fact, fact.lookup.as_ref()?))
    }

    /// Whether it may have rows or lend columns to those that have.
    pub fn is_class(&self, classifier: Id<Classifier>) -> bool {
        matches!(self.get(classifier), Role::Entity | Role::Interface)
    }
}
