//! What a diagram holds, as a list of things with what is said about each, and how two such lists differ.
//!
//! An inventory is made of a model that was read, or of what the last build left, and both are told in the diagram's words.

mod compare;

pub use compare::{Change, Difference, compare};

use crate::source::Span;

/// What a diagram holds. Owners may stand anywhere; `Thing::owner` is a place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Packages, classifiers, attributes, associations and literals, in the order of the diagram.
    pub things: Vec<Thing>,
}

/// A part of a diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What it can be taken for in another version.
    pub sort: Sort,
    /// The word for it: `association class`.
    pub kind: &'static str,
    /// Its model path: `shop.Order.note`.
    pub path: String,
    /// Its own name, the last part of the path.
    pub name: String,
    /// What it belongs to.
    pub owner: Option<usize>,
    /// The id that it keeps from version to version, if it has one.
    pub id: Option<String>,
    /// Its place.
    pub at: Option<Span>,
    /// What is said about it, each under a word for people: `multiplicity`, `0..1`. What is not said is left out.
    pub says: Vec<(&'static str, String)>,
}

/// Sorts of things: only those of one sort can be the same in two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A package.
    Package,
    /// A class, enumeration, data type or other classifier.
    Classifier,
    /// An attribute.
    Attribute,
    /// An association.
    Association,
    /// A literal of an enumeration.
    Literal,
}

impl Sort {
    /// Whether it is told with its owner when both came or went.
    pub fn is_part(self) -> bool {
        matches!(self, Self::Attribute | Self::Literal)
    }
}
