//! UML class models, in the terms of UML 2.5.1.

pub mod counts;
pub mod draft;
pub mod model;
pub mod multiplicity;
pub mod print;

pub use model::Model;
pub use multiplicity::{Multiplicity, Upper};
