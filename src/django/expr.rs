//! Conditions: what `Q` objects say.

use crate::python::Expr;

/// A condition over the columns of one row. Written with `&`, `|`, `^`, `~` in `models.py`; in migrations as Django combines
/// them (`django.db.models.Q._combine`).
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `Q(price__gte=0)`: field, lookup (none for equality) and value.
    Lookup {
        /// The field's name.
        field: String,
        /// `gte`, `isnull`, `in`, …; empty for equality.
        lookup: &'static str,
        /// The value, or another column.
        value: Operand,
    },
    /// All of at least two.
    And(Vec<Condition>),
    /// Any of at least two.
    Or(Vec<Condition>),
    /// An odd number of at least two.
    Xor(Vec<Condition>),
    /// The opposite.
    Not(Box<Condition>),
}

/// The right side of a lookup.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A literal.
    Literal(Expr),
    /// `F("start")`
    Field(String),
}
