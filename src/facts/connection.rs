//! Relations between classes, however they were drawn.

use crate::account::Element;
use crate::decision::{Because, Decision, Reason};
use crate::policy::relations::{Shape, Side};
use crate::source::{Span, Spanned};
use crate::uml::Multiplicity;
use crate::uml::model::{Aggregation, Association, Classifier, Property};
use crate::util::arena::{Arena, Id, Map};

/// A binary relation: an association, or an attribute that is typed by a class.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The association, or the attribute.
    pub element: Element,
    /// The association, if it is one.
    pub association: Option<Id<Association>>,
    /// Its ends in the order of `memberEnd`; an attribute is the second end.
    pub ends: [End; 2],
    /// Where it is shown.
    pub span: Span,
    /// Which side holds the column, and how.
    pub shape: Option<(Shape, Vec<Reason>)>,
}

/// An end of a relation.
#[derive(Clone, Debug)]
pub struct End {
    /// The property; none for the missing end of an attribute.
    pub property: Option<Id<Property>>,
    /// The class at this end.
    pub class: Id<Classifier>,
    /// How many objects of `class` one object at the other end has.
    pub multiplicity: Decision<Multiplicity>,
    /// Whether `class` is the part.
    pub aggregation: Aggregation,
    /// Whether one can navigate to it.
    pub navigable: Option<bool>,
    /// The role as drawn.
    pub role: Option<Spanned<String>>,
    /// Whether it is ordered.
    pub ordered: bool,
    /// Whether a pair may occur twice.
    pub nonunique: bool,
    /// Qualifiers that stand at this end: they partition the objects of the other end.
    pub qualifiers: Vec<Id<Property>>,
    /// Where it is shown.
    pub span: Span,
}

/// An association with more than two ends.
#[derive(Clone, Debug)]
pub struct Nary {
    /// The association.
    pub association: Id<Association>,
    /// Its ends with a usable class.
    pub ends: Vec<End>,
}

/// All relations.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// Binary ones, in model order.
    pub binary: Arena<Connection>,
    /// Others.
    pub nary: Vec<Nary>,
    /// The attributes of each classifier that are no relations; ends that are attributes come last.
    pub attributes: Map<Classifier, Vec<Id<Property>>>,
    /// Classes near one whose rows the database shall delete, and who asks for it: links between them need a table of ours.
    pub in_database: Map<Classifier, Because>,
}

impl Connections {
    /// The attributes of a classifier.
    pub fn attributes_of(&self, classifier: Id<Classifier>) -> &[Id<Property>] {
        self.attributes.get(classifier).map_or(&[], Vec::as_slice)
    }
}

impl End {
    /// What decides about storage.
    pub fn side(&self) -> Side {
        Side {
            multiplicity: self.multiplicity.value,
            aggregation: self.aggregation,
            navigable: self.navigable,
            qualified: !self.qualifiers.is_empty(),
        }
    }
}
