//! What `clean()` refuses, because no constraint of the database can: rules over several tables or rows.

use super::field::Validator;
use super::logic::Test;
use super::project::ModelKey;

/// What a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A field, or a way back.
    Field(String),
    /// A model.
    Model(ModelKey),
    /// An enumeration.
    Choices(ModelKey),
}

/// A rule of a model. `<core>/rules.py` has a function for each kind, which `clean()` calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A row must also be a row of one of these children, which the accessors name: the class is abstract, or its children
    /// cover it.
    Covered {
        /// Accessors of the children: `truck`.
        children: Vec<String>,
    },
    /// A row must not also be a row of one of these siblings.
    Disjoint {
        /// Accessors of the siblings: `truck`.
        siblings: Vec<String>,
    },
    /// Values of an inherited field that the parent allows and this class does not.
    Narrowed {
        /// The field.
        field: String,
        /// What its values must fulfil.
        validators: Vec<Validator>,
        /// Whether it must have a value.
        required: bool,
    },
    /// There are at most so many rows with the same values.
    Limit {
        /// The fields of the values.
        by: Vec<String>,
        /// The most of them.
        most: u32,
    },
    /// A key leads to what another relation of the row leads to as well.
    Subset {
        /// The key.
        field: String,
        /// Of a link: the key to the row that the other relation starts at.
        via: Option<String>,
        /// The other relation: a field or a way back.
        of: String,
        /// Whether that is a key, too: then both lead to the same.
        is_key: bool,
    },
    /// A row is of one of the kinds: the class itself is abstract.
    Kind {
        /// The field that says it.
        field: String,
    },
    /// A reference by content type leads to a row that is there.
    Generic {
        /// The reference.
        name: String,
    },
    /// A rule of the diagram.
    Invariant {
        /// What must not be false.
        test: Test<Named>,
        /// What people are told when it is.
        message: String,
        /// What programs are told.
        code: Option<String>,
        /// The field that it is about, if it is one.
        field: Option<String>,
    },
    /// Ranges of rows must not overlap.
    NoOverlap {
        /// The field where the range starts.
        start: String,
        /// The field where it ends; the end is not part of it.
        end: String,
        /// Only among rows that have the same values here.
        by: Vec<String>,
    },
}
