//! Abstract models or joined tables (django-mapping 5).

use crate::decision::Decision;
use crate::source::Span;

/// What is known about a class.
#[derive(Clone, Copy, Debug)]
pub struct Hierarchy {
    /// An interface.
    pub is_interface: bool,
    /// `isAbstract`
    pub is_abstract: bool,
    /// A key must be able to lead to it: an association, the values of an attribute, a link.
    pub referred_to: Option<Span>,
    /// A class above it has a table.
    pub below_a_table: bool,
    /// Where it is shown.
    pub at: Span,
}

/// Whether the class becomes an abstract model.
pub fn is_abstract(class: Hierarchy) -> Decision<bool> {
    if class.is_interface {
        return Decision::rule(true, "an interface has no rows of its own", class.at);
    }
    if !class.is_abstract {
        return Decision::rule(false, "a class has a table", class.at);
    }
    if class.below_a_table {
        return Decision::rule(false, "an abstract class below a class with a table is joined to it", class.at);
    }
    match class.referred_to {
        Some(at) => Decision::rule(false, "an abstract class that is referred to needs a table for the keys", at),
        None => Decision::rule(true, "an abstract class that nothing refers to", class.at),
    }
}

/// Whether the classes of a generalization set cover the class that they divide.
pub fn covers(at: Span) -> Decision<bool> {
    Decision::rule(true, "a {complete} generalization set: a row is a row of one of its classes", at)
}

/// Whether no row is of two classes of a generalization set.
pub fn is_disjoint(at: Span) -> Decision<bool> {
    Decision::rule(true, "a {disjoint} generalization set: no row is a row of two of its classes", at)
}

/// Whether the classes of a generalization set are too many to look for a row in each of them.
pub fn too_many(at: Span) -> Decision<bool> {
    Decision::rule(true, "a check of so many classes would ask the database for each of them", at)
}

/// Whether a class with a table refuses rows that are of none of its children.
pub fn is_covered(at: Span) -> Decision<bool> {
    Decision::rule(true, "a row of an abstract class is a row of one of its children", at)
}
