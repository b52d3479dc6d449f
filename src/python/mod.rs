//! Python: the subset that we write, as values, with its printers.
//!
//! Nobody concatenates Python. No text of a diagram reaches it except through [`Expr::Str`] or a checked [`Identifier`].

pub mod expr;

pub use expr::{Expr, Identifier};
