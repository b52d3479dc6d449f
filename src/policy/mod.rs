//! Policy: one question per function, answered by a decision with its reason. Plain values, no graphs.

pub mod default;
pub mod naming;
pub mod plural;
pub mod reserved;
pub mod text;
pub mod types;
