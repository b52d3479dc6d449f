//! Methods and properties of models that follow relations.

use super::project::ModelKey;

/// A method or property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub kind: MethodKind,
}

/// What a method gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// A property: what the only link of a row leads to, or `None`.
    Across {
        /// The way to the link: `employment`.
        link: String,
        /// The link's key that leads on: `company`.
        to: String,
        /// What it leads to.
        model: ModelKey,
    },
    /// A property: the rows of several relations in one list.
    Union(Vec<Follow>),
    /// A method: the row, or the rows, that a qualifier leads to.
    Qualified {
        /// The way to the rows that have the qualifier: `accounts`.
        rows: String,
        /// The fields that are the qualifier: `number`.
        fields: Vec<String>,
        /// The key of these rows that leads on, if they are links.
        to: Option<String>,
        /// What it leads to.
        model: ModelKey,
        /// The model that has the qualifier.
        holder: ModelKey,
        /// Whether it is one at most.
        is_one: bool,
    },
}

/// A relation to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    /// The field or the way back.
    pub name: String,
    /// Whether it leads to many rows.
    pub is_many: bool,
}
