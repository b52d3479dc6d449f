//! References to rows of several tables.

use crate::account::Element;
use crate::decision::Reason;
use crate::django::OnDelete;
use crate::source::Span;
use crate::util::arena::Id;

use super::table::{Column, Table, Wish};

/// A reference that a content type and a key make together: a `GenericForeignKey`.
#[derive(Clone, Debug)]
pub struct GenericFact {
    /// Where it stands.
    pub table: Id<Table>,
    /// The column that says which table it leads to.
    pub kind: Id<Column>,
    /// The column with the key of the row there.
    pub key: Id<Column>,
    /// The tables that it may lead to.
    pub targets: Vec<Id<Table>>,
    /// The end that it stores.
    pub element: Element,
    /// Where it is shown.
    pub span: Span,
    /// The name wanted.
    pub wish: Wish,
    /// The name of the way back, where there is one.
    pub reverse: Option<Wish>,
    /// What happens when the row that it leads to goes.
    pub on_delete: (OnDelete, Reason),
    /// Why it is there.
    pub reason: Reason,
}
