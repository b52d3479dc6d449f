//! The constraint language of UML (OCL 2.4), as far as umlaut translates it, and the shorthand that people really draw.
//!
//! `grammar/ocl.ebnf` is the grammar. This is syntax only: what the names mean, the middle pass finds out.

mod parse;
mod print;
mod token;
mod tree;

pub use parse::{MAX_DEPTH, SyntaxError, parse};
pub use tree::{Arrow, BinaryOp, CollectionKind, Kind, Node, NodeId, Rule, RuleKind, Rules, Tree, UnaryOp};
