//! The relation graph: classifiers and n-ary associations as nodes, relations as edges.

pub mod order;
mod relation;

pub use relation::{Node, Relation, RelationGraph, RelationKind};
