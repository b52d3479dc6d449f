//! What models compute: properties and methods that the diagram defines.

use super::behavior::Annotation;
use super::contract::Contract;
use super::logic::{Rows, Term, Test};
use super::project::Origin;
use super::rule::Named;

/// A value that is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum Computed<R> {
    /// A value; nothing where one that it is computed from is missing.
    Value(Term<R>),
    /// Whether something is known to hold.
    Test(Test<R>),
    /// Rows.
    Rows(Rows<R>),
    /// A value of each of some rows.
    Values(Rows<R>, Term<R>),
}

impl<R> Computed<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Computed<S>> {
        Some(match self {
            Self::Value(value) => Computed::Value(value.map(name)?),
            Self::Test(test) => Computed::Test(test.map(name)?),
            Self::Rows(rows) => Computed::Rows(rows.map(name)?),
            Self::Values(rows, value) => Computed::Values(rows.map(name)?, value.map(name)?),
        })
    }
}

/// A property or method that computes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Its name.
    pub name: String,
    /// What goes in: a property has nothing, a method may have nothing.
    pub parameters: Option<Vec<(String, Annotation)>>,
    /// What it is.
    pub result: Computed<Named>,
    /// What must hold around it.
    pub contract: Contract,
    /// The type of what comes out.
    pub returns: Annotation,
    /// Whether lists may show it: it asks for no other rows, and reads nothing secret.
    pub is_shown: bool,
    /// The docstring: plain text, one or more paragraphs.
    pub doc: String,
    /// Where it comes from.
    pub origin: Origin,
}
