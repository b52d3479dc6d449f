//! Django projects, in the terms of Django. Nothing here, and nothing after it, knows UML.

pub mod behavior;
pub mod built;
pub mod checks;
pub mod computed;
pub mod constraint;
pub mod contract;
pub mod deconstruct;
mod describe;
pub mod expr;
pub mod field;
pub mod logic;
pub mod method;
pub mod model;
pub mod number;
pub mod operation;
pub mod pattern;
pub mod print;
pub mod project;
pub mod routes;
pub mod row;
pub mod rule;
pub mod sample;
pub mod shape;
pub mod state;

pub use behavior::Behavior;
pub use computed::Query;
pub use constraint::{Constraint, Index};
pub use contract::Contract;
pub use field::{Field, FieldKind, ForeignKey, ManyToMany, OnDelete};
pub use method::Method;
pub use model::{Base, Lists, Meta, Model, ModelKind};
pub use operation::{Evolution, Migration, Operation};
pub use project::{App, Choices, ModelKey, Origin, Project};
pub use rule::Rule;
pub use state::State;
