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

/// Whether a class with a table refuses rows that are of none of its children.
pub fn is_covered(at: Span) -> Decision<bool> {
    Decision::rule(true, "a row of an abstract class is a row of one of its children", at)
}
