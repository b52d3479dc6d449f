//! Policy: one question per function, answered by a decision with its reason. Plain values, no graphs.

pub mod apps;
pub mod default;
pub mod deletion;
pub mod derivation;
pub mod ends;
pub mod enumeration;
pub mod exposure;
pub mod indexes;
pub mod inheritance;
pub mod naming;
pub mod operations;
pub mod plural;
pub mod presence;
pub mod relations;
pub mod reserved;
pub mod text;
pub mod types;
