//! What tags and settings ask of models and fields that nothing else depends on.

use crate::decision::Reason;
use crate::django::field::{Exposure, Inline};
use crate::django::model::Access;
use crate::python::Dotted;
use crate::util::arena::{Id, Map};

use super::index::TestFact;
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
    /// Somebody else makes the table.
    pub is_external: bool,
    /// There is one row.
    pub is_singleton: bool,
    /// No pages in the admin.
    pub no_admin: bool,
    /// Its part of the API.
    pub api: Access,
    /// What it was called before.
    pub earlier: Option<String>,
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
    /// `db_index=False` of a key.
    pub no_index: bool,
    /// Where its files are kept: what makes the storage.
    pub storage: Option<Dotted>,
    /// The class of its input.
    pub widget: Option<Dotted>,
    /// Which rows the key may lead to.
    pub limit: Vec<TestFact>,
    /// The unique column that the key holds.
    pub to_field: Option<Id<Column>>,
    /// What the API and lists show of it.
    pub exposure: Option<Exposure>,
    /// How the rows that hold the key are shown with the one that it leads to.
    pub inline: Option<Inline>,
    /// What it was called before.
    pub earlier: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}
