//! What is computed from other values: derived attributes, and queries whose results the diagram defines.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Reason;
use crate::django::FieldKind;
use crate::django::computed::Computed;
use crate::django::logic::Test;
use crate::uml::model::Property;
use crate::util::arena::Id;

use super::definition::{Moment, RuleKey};
use super::invariant::Named;
use super::operations::TypeFact;

/// Everything that is computed.
#[derive(Clone, Debug, Default)]
pub struct Derivations {
    /// Derived attributes.
    pub attributes: BTreeMap<Id<Property>, DerivedFact>,
    /// Queries, by operation.
    pub bodies: BTreeMap<Element, DerivedFact>,
    /// What is checked before and after operations, by operation.
    pub contracts: BTreeMap<Element, Vec<DemandFact>>,
    /// What became of rules that define something.
    pub reasons: BTreeMap<RuleKey, Reason>,
}

/// How something is computed.
#[derive(Clone, Debug)]
pub struct DerivedFact {
    /// What it is.
    pub result: Computed<Named>,
    /// Its type.
    pub ty: TypeFact,
    /// The kind of field, if the database computes it.
    pub column: Option<FieldKind>,
    /// Whether it reads nothing but values of its row which everybody may see.
    pub is_plain: bool,
    /// Why it is computed there.
    pub reason: Reason,
}

/// A condition that is checked around an operation.
#[derive(Clone, Debug)]
pub struct DemandFact {
    /// When.
    pub moment: Moment,
    /// Its name, as drawn.
    pub name: Option<String>,
    /// What people are told: its documentation, else its text.
    pub message: String,
    /// What must not be false.
    pub test: Test<Named>,
    /// Why it is checked there.
    pub reason: Reason,
}
