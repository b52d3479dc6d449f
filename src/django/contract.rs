//! What must hold before and after a method: design by contract, in front of code that is the user's.

use super::logic::Test;
use super::rule::Named;

/// What a method demands and promises.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contract {
    /// What must hold before it is called; the caller is refused.
    pub before: Vec<Demand>,
    /// What must hold when it is done; else the method is wrong.
    pub after: Vec<Demand>,
}

/// One condition of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// What must not be false; it may name parameters.
    pub test: Test<Named>,
    /// What people are told.
    pub message: String,
    /// What programs are told.
    pub code: Option<String>,
}

/// The name of what a method returns in what must hold afterwards (OCL 2.4, 7.6.3).
pub const RESULT: &str = "result";

impl Contract {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// All conditions.
    pub fn demands(&self) -> impl Iterator<Item = &Demand> {
        self.before.iter().chain(&self.after)
    }
}
