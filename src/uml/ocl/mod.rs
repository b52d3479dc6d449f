//! The constraint language of UML (OCL 2.4), as far as umlaut translates it, and the shorthand that people really draw.
//!
//! `grammar/ocl.ebnf` is the grammar. This is syntax only: what the names mean, the middle pass finds out.

mod parse;
mod print;
mod token;
mod tree;

pub use parse::{MAX_DEPTH, SyntaxError, parse};
pub use tree::{
    Arrow, BinaryOp, CollectionKind, Helper, Kind, Node, NodeId, Rule, RuleKind, Rules, Tree, TypeName, UnaryOp,
};

/// A text without the braces that UML draws around it, and where it starts.
pub fn unbraced(body: &str) -> (usize, &str) {
    let lead = body.len() - body.trim_start().len();
    let trimmed = body.trim();
    match trimmed.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
        Some(inner) => (lead + 1, inner),
        None => (0, body),
    }
}
