//! What tags and settings ask of models and fields that nothing else depends on.

use crate::decision::Reason;
use crate::django::field::Inline;
use crate::util::arena::{Id, Map};

use super::table::{Column, Table};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Of models.
    pub tables: Map<Table, TableAsked>,
    /// Of fields.
    pub columns: Map<Column, ColumnAsked>,
}

/// What was asked of a model.
#[derive(Clone, Debug, Default)]
pub struct TableAsked {
    /// `permissions`: codes and labels.
    pub permissions: Vec<(String, String)>,
    /// `default_permissions`
    pub default_permissions: Option<Vec<String>>,
    /// `get_latest_by`
    pub latest: Vec<(Id<Column>, bool)>,
    /// What `__str__` returns.
    pub text: Vec<TextPart>,
    /// No pages in the admin.
    pub no_admin: bool,
    /// No part of the API.
    pub no_api: bool,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A piece of what `__str__` returns.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// As it stands.
    Text(String),
    /// The value of a field.
    Column(Id<Column>),
}

/// What was asked of a field.
#[derive(Clone, Debug, Default)]
pub struct ColumnAsked {
    /// `verbose_name`
    pub verbose_name: Option<String>,
    /// What its numbers count.
    pub unit: Option<String>,
    /// `db_column`
    pub db_column: Option<String>,
    /// `upload_to`
    pub upload_to: Option<String>,
    /// `related_query_name`
    pub query_name: Option<String>,
    /// `db_constraint=False`
    pub no_constraint: bool,
    /// How the rows that hold the key are shown with the one that it leads to.
    pub inline: Option<Inline>,
    /// Why.
    pub reasons: Vec<Reason>,
}
