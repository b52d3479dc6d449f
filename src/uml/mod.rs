//! UML class models, in the terms of UML 2.5.1.

pub mod counts;
pub mod draft;
mod inventory;
pub mod model;
pub mod multiplicity;
pub mod ocl;
pub mod print;
pub mod wrapped;

pub use inventory::inventory;
pub use model::Model;
pub use multiplicity::{Multiplicity, Upper};
