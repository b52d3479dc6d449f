//! Python: the subset that we write, as values, with its printers.
//!
//! Nobody concatenates Python. No text of a diagram reaches it except through [`Expr::Str`] or a checked [`Identifier`].
//!
//! Two printers: `repr` writes values as Django's migration writer does; the rest writes source as `ruff format` leaves it, at
//! 100 columns. [`Imports`] binds what an [`Expr`] refers to and makes [`Code`] of it, [`Module`] is a whole file.

mod code;
mod doc;
mod docstring;
pub mod expr;
mod imports;
mod literal;
pub mod outline;
pub mod read;
pub mod repr;
mod stmt;
mod symbol;
pub mod unicode;

pub use code::{Code, Part, identifier, translated};
pub use doc::{Place, WIDTH, width};
pub use docstring::docstring;
pub use expr::{Dotted, Expr, Identifier};
pub use imports::Imports;
pub use literal::string;
pub use stmt::{Assign, Class, Def, Doctext, Module, Stmt, body, excuse_long_lines};
pub use symbol::intern;
