//! What holds between tables and no constraint can say, and what rows can be asked besides.

use super::table::{Column, Table, Wish};
use crate::decision::Reason;
use crate::util::arena::Id;

/// Rules and methods of a table that come of relations.
#[derive(Clone, Debug, Default)]
pub struct TableRules {
    /// How many rows there may be.
    pub limits: Vec<LimitFact>,
    /// What a key may lead to.
    pub subsets: Vec<SubsetFact>,
    /// Methods.
    pub methods: Vec<MethodFact>,
}

/// How many rows may have the same values.
#[derive(Clone, Debug)]
pub struct LimitFact {
    /// The columns of the values.
    pub columns: Vec<Id<Column>>,
    /// The most of them.
    pub most: u32,
    /// Why.
    pub reason: Reason,
}

/// A key leads to something that another relation leads to as well.
#[derive(Clone, Debug)]
pub struct SubsetFact {
    /// The key.
    pub column: Id<Column>,
    /// Of a link: the key to the row that the other relation starts at; else it starts at the same row.
    pub via: Option<Id<Column>>,
    /// The other relation.
    pub of: Way,
    /// Why.
    pub reason: Reason,
}

/// A relation as it is followed from one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the key or field itself.
    Forward(Id<Column>),
    /// By its way back.
    Back(Id<Column>),
}

/// A method or property.
#[derive(Clone, Debug)]
pub struct MethodFact {
    /// The name wanted.
    pub wish: Wish,
    /// What it gives.
    pub kind: MethodKind,
    /// Why.
    pub reason: Reason,
}

/// What a method gives.
#[derive(Clone, Debug)]
pub enum MethodKind {
    /// What the only link of a row leads to.
    Across {
        /// The key of the link that leads here.
        here: Id<Column>,
        /// The key of the link that leads on.
        there: Id<Column>,
    },
    /// All that several relations lead to.
    Union(Vec<Way>),
    /// What a qualifier leads to.
    Qualified {
        /// The key that leads here, in the table that has the qualifiers.
        here: Id<Column>,
        /// The key that leads on, if that table is one of links.
        there: Option<Id<Column>>,
        /// The qualifiers.
        columns: Vec<Id<Column>>,
        /// Whether it is one at most.
        is_one: bool,
    },
}

impl Way {
    /// The key or field.
    pub fn column(self) -> Id<Column> {
        match self {
            Self::Forward(column) | Self::Back(column) => column,
        }
    }
}

impl MethodKind {
    /// The table that the rows that it gives are of.
    pub fn target(&self, tables: &super::Tables) -> Option<Id<Table>> {
        match self {
            Self::Across { there, .. } | Self::Qualified { there: Some(there), .. } => {
                tables.key(*there).map(|key| key.to)
            }
            Self::Qualified { here, there: None, .. } => Some(tables.columns[*here].table),
            Self::Union(_) => None,
        }
    }
}
