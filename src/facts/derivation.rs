//! What is computed from other values: derived attributes, and queries whose results the diagram defines.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Reason;
use crate::django::FieldKind;
use crate::django::computed::Computed;
use crate::uml::model::Property;
use crate::util::arena::Id;

use super::definition::RuleKey;
use super::invariant::Named;
use super::operations::TypeFact;

/// Everything that is computed.
#[derive(Clone, Debug, Default)]
pub struct Derivations {
    /// Derived attributes.
    pub attributes: BTreeMap<Id<Property>, DerivedFact>,
    /// Queries, by operation.
    pub bodies: BTreeMap<Element, DerivedFact>,
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
