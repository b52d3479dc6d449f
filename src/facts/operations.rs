//! Operations, and derived attributes that nothing computes: what their stubs are.

use crate::account::Element;
use crate::decision::Reason;
use crate::django::FieldKind;
use crate::django::behavior::StubKind;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::{Id, Map};

use super::table::Table;

/// What all operations become.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    /// The behaviors of tables that have stubs.
    pub behaviors: Map<Table, BehaviorFact>,
    /// Derived attributes and queries that the diagram says how to compute, by table.
    pub computed: Map<Table, Vec<ComputedFact>>,
    /// Operations for which there is no stub, and why.
    pub left_out: Vec<(Element, Reason)>,
}

/// The behavior of a table.
#[derive(Clone, Debug)]
pub struct BehaviorFact {
    /// Derived attributes, then operations in model order, those of interfaces behind.
    pub stubs: Vec<StubFact>,
}

/// A derived attribute or query of a table that is computed: how, say the derivations.
#[derive(Clone, Debug)]
pub struct ComputedFact {
    /// What it stands for.
    pub subject: StubSubject,
    /// Its name.
    pub name: String,
    /// What goes in; none for a property.
    pub parameters: Option<Vec<(String, TypeFact)>>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A method or property to be written.
#[derive(Clone, Debug)]
pub struct StubFact {
    /// What it stands for.
    pub subject: StubSubject,
    /// Its name.
    pub name: String,
    /// Where it stands and how it is called.
    pub kind: StubKind,
    /// Whether it changes nothing.
    pub is_query: bool,
    /// What goes in, in the drawn order.
    pub parameters: Vec<(String, TypeFact)>,
    /// What comes out; nothing, one thing, or several.
    pub results: Vec<TypeFact>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a stub stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubSubject {
    /// An operation, by its class and place.
    Operation(Id<Classifier>, usize),
    /// A derived attribute.
    Attribute(Id<Property>),
}

/// The type of a parameter or result.
#[derive(Clone, Debug)]
pub struct TypeFact {
    /// The type of one value.
    pub of: TypeOf,
    /// Whether there may be many.
    pub is_many: bool,
    /// Whether there may be none.
    pub is_optional: bool,
}

/// The type of one value.
#[derive(Clone, Debug)]
pub enum TypeOf {
    /// What a field of this kind holds.
    Field(FieldKind),
    /// A row.
    Row(Id<Table>),
    /// A member of an enumeration.
    Member(Id<Classifier>),
    /// A value of a data type that is embedded in the models of the table's app.
    Value(Id<Classifier>),
    /// A type that Python does not know.
    Unknown,
}
