//! References to rows of several tables, by content type.

use super::project::{ModelKey, Origin};

/// `GenericForeignKey("payer_type", "payer_id")`
#[derive(Clone, Debug, PartialEq)]
pub struct Generic {
    /// Its name.
    pub name: String,
    /// The field that says which table it leads to.
    pub kind: String,
    /// The field with the key of the row there.
    pub key: String,
    /// A model that it may lead to, not the one that it stands in if there is another.
    pub sample: ModelKey,
    /// Whether a row that something leads to may go: what leads to it goes too, or keeps it.
    pub on_delete: Gone,
    /// Where it comes from.
    pub origin: Origin,
}

/// What becomes of a reference by content type whose target goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its row goes too.
    Cascade,
    /// Its row keeps the target.
    Protect,
    /// It leads nowhere.
    Nothing,
}

/// A way back of such a reference, on a model that it may lead to.
#[derive(Clone, Debug, PartialEq)]
pub struct GenericRelation {
    /// Its name.
    pub name: String,
    /// The model with the reference.
    pub to: ModelKey,
    /// The field there that says which table it leads to.
    pub kind: String,
    /// The field there with the key.
    pub key: String,
    /// Whether it keeps its row as long as something leads to it; else what leads to it goes too.
    pub protects: bool,
    /// Whether rows of its model may lie in the tables of others as well, which inherit it.
    pub is_joined: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl GenericRelation {
    /// Its class: Django's own, or one of ours.
    pub fn class(&self) -> &'static str {
        match (self.protects, self.is_joined) {
            (true, _) => "ProtectedRelation",
            (false, true) => "RowRelation",
            (false, false) => "GenericRelation",
        }
    }

    /// Whether its class is one of ours.
    pub fn is_ours(&self) -> bool {
        self.protects || self.is_joined
    }
}
