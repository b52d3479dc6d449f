//! Facts: what the middle pass concluded, each part with its reasons.
//!
//! Each pass of `resolve` writes one part; later passes and `lower` read it. The diagram itself is never changed.

mod apps;
mod asked;
mod attribute;
mod connection;
mod definition;
mod derivation;
mod generic;
mod index;
mod inheritance;
mod invariant;
mod names;
mod operations;
mod role;
mod rules;
mod table;
mod tags;

pub use apps::{AppFact, Apps};
pub use asked::{Asked, ColumnAsked, TableAsked, TextPart};
pub use attribute::{Attribute, AttributeKind, DefaultFact, Part, Types, ValueFact};
pub use connection::{Connection, Connections, End, Nary};
pub use definition::{Defined, Definition, Definitions, Moment, RuleKey, Stated};
pub use derivation::{DemandFact, Derivations, DerivedFact};
pub use generic::GenericFact;
pub use index::{Columns, IndexFact, Indexes, ListFact, OrderingFact, OverlapFact, TestFact, UniqueRule, WordsFact};
pub use inheritance::{Form, Inheritance, KindFact, KindRules, NarrowedFact, Parent, ParentKind};
pub use invariant::{InvariantFact, Invariants, Named, Translated, UniqueInvariant};
pub use names::{GenericNames, GenericReverse, Names, TableNames};
pub use operations::{BehaviorFact, ComputedFact, Operations, StubFact, StubSubject, TypeFact, TypeOf};
pub use role::{EnumFact, LiteralFact, Role, Roles};
pub use rules::{LimitFact, MethodFact, MethodKind, SubsetFact, TableRules, Way};
pub use table::{
    CheckFact, Column, ColumnKind, ColumnRef, Count, EmbeddedFact, KeyFact, LookupFact, ManyFact, Position, Table,
    TableSubject, Tables, UniqueFact, Upkeep, Wish,
};
pub use tags::{Said, Tags};

use std::borrow::Cow;

use crate::decision::{Answer, Because, Decision, Reason};
use crate::django::OnDelete;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

/// Everything that was concluded.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    tags: Tags,
    roles: Roles,
    connections: Connections,
    apps: Apps,
    types: Types,
    inheritance: Inheritance,
    tables: Tables,
    deletion: Map<Column, (OnDelete, Reason)>,
    names: Names,
    definitions: Definitions,
    derivations: Derivations,
    operations: Operations,
    asked: Asked,
    invariants: Invariants,
    indexes: Indexes,
    order: Vec<Vec<Id<Table>>>,
}

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident $set:ident $ty:ty;)*) => {
        impl Facts {
            $(
                $(#[$doc])*
                pub fn $part(&self) -> &$ty {
                    &self.$part
                }
                pub(crate) fn $set(&mut self, part: $ty) {
                    self.$part = part;
                }
            )*
        }
    };
}

parts! {
    /// Stereotypes, tags and settings of elements.
    tags set_tags Tags;
    /// What each classifier is: an entity, a value, an enumeration.
    roles set_roles Roles;
    /// The relations between entities.
    connections set_connections Connections;
    /// Apps and who belongs to them.
    apps set_apps Apps;
    /// Attributes.
    types set_types Types;
    /// Which classes are abstract models, and the bases of each.
    inheritance set_inheritance Inheritance;
    /// The graph of tables.
    tables set_tables Tables;
    /// The rule for deletion of each key.
    deletion set_deletion Map<Column, (OnDelete, Reason)>;
    /// All names.
    names set_names Names;
    /// The texts that define how values come about.
    definitions set_definitions Definitions;
    /// What is computed.
    derivations set_derivations Derivations;
    /// Operations and their stubs.
    operations set_operations Operations;
    /// What else was asked for.
    asked set_asked Asked;
    /// Constraints of the diagram that became rules.
    invariants set_invariants Invariants;
    /// Indexes and constraints of each table.
    indexes set_indexes Indexes;
    /// The models of each app in the order in which they are written.
    order set_order Vec<Vec<Id<Table>>>;
}

impl Facts {
    /// The graph of tables, for passes that add to it what later ones need.
    pub(crate) fn tables_mut(&mut self) -> &mut Tables {
        &mut self.tables
    }

    /// An enumeration: one that was drawn, or one of the kinds of rows.
    pub fn enumeration(&self, class: Id<Classifier>) -> Option<&EnumFact> {
        let kinds = || self.inheritance.kinds.get(class)?.own.as_ref();
        self.roles.enumeration(class).or_else(kinds)
    }

    /// The indexes of a table.
    pub fn indexes_of(&self, table: Id<Table>) -> &[IndexFact] {
        self.indexes.indexes.get(table).map_or(&[], Vec::as_slice)
    }
}

/// A reason: what was decided, in half a sentence why, and where that comes from.
pub fn reason(decision: impl Into<Cow<'static, str>>, why: impl Into<Cow<'static, str>>, because: Because) -> Reason {
    Reason::new(Answer { decision: decision.into(), why: why.into(), because })
}

/// A reason that says the name of the rule itself, or that a tag or setting asks for it.
pub fn reason_for<T>(decided: &Decision<T>, decision: impl Into<Cow<'static, str>>) -> Reason {
    let why = match &decided.because {
        Because::Rule { name, .. } => Cow::Borrowed(*name),
        Because::Tag(_) => Cow::Borrowed("the diagram says so"),
        Because::Setting { key, .. } => Cow::Owned(format!("`{key}` in the settings")),
    };
    reason(decision, why, decided.because.clone())
}
