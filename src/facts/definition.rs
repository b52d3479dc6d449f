//! What the diagram says of how values come about: `derive:`, `init:`, `body:` and their like, as texts that were parsed.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::source::Spanned;
use crate::uml::model::Property;
use crate::uml::ocl::{NodeId, Rules};
use crate::util::arena::Id;

/// One rule of a constraint: the constraint, and which of its rules.
pub type RuleKey = (Element, usize);

/// All definitions.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    /// How derived attributes are computed.
    pub derived: BTreeMap<Id<Property>, Definition>,
    /// The first values of attributes.
    pub initial: BTreeMap<Id<Property>, Definition>,
    /// The results of queries, by operation.
    pub bodies: BTreeMap<Element, Definition>,
    /// What must hold before and after operations, by operation.
    pub stated: BTreeMap<Element, Vec<Stated>>,
    /// The rules of constraints that are definitions of something.
    pub rules: BTreeMap<RuleKey, Defined>,
}

/// What a rule of a constraint defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defined {
    /// A derived attribute.
    Derived(Id<Property>),
    /// The first value of an attribute.
    Initial(Id<Property>),
    /// The result of an operation.
    Body(Element),
    /// What must hold before or after an operation.
    Stated(Element),
}

/// A condition of an operation.
#[derive(Clone, Debug)]
pub struct Stated {
    /// When it must hold.
    pub moment: Moment,
    /// Its name, as drawn.
    pub name: Option<String>,
    /// What its documentation says.
    pub documentation: Option<String>,
    /// The condition.
    pub condition: Definition,
}

/// When a condition of an operation must hold (UML 2.5.1, 9.6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before it is called: a precondition.
    Before,
    /// When it is done: a postcondition.
    After,
}

/// An expression that defines something.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The tree that it stands in.
    pub rules: Rules,
    /// The expression.
    pub root: NodeId,
    /// The text as written.
    pub text: Spanned<String>,
    /// Where the parsed part of the text starts.
    pub offset: usize,
    /// The constraint that says it; none for the default value of a derived attribute.
    pub rule: Option<RuleKey>,
    /// Whether the text is meant as OCL without doubt.
    pub is_sure: bool,
}
