//! Django projects, in the terms of Django. Nothing here, and nothing after it, knows UML.

pub mod constraint;
pub mod expr;
pub mod field;
pub mod model;
pub mod project;

pub use constraint::{Constraint, Index};
pub use field::{Field, FieldKind, ForeignKey, ManyToMany, OnDelete};
pub use model::{Base, Meta, Model, ModelKind};
pub use project::{App, Choices, ModelKey, Origin, Project};
