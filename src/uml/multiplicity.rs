//! Multiplicities (UML 2.5.1, 7.5).

use std::fmt;

/// An upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upper {
    /// At most so many.
    Finite(u32),
    /// `*`
    Unlimited,
}

/// How many values: from `lower` to `upper`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplicity {
    /// The least number.
    pub lower: u32,
    /// The greatest number.
    pub upper: Upper,
}

impl Multiplicity {
    /// `1`
    pub const ONE: Self = Self { lower: 1, upper: Upper::Finite(1) };
    /// `0..1`
    pub const OPTIONAL: Self = Self { lower: 0, upper: Upper::Finite(1) };
    /// `*`
    pub const MANY: Self = Self { lower: 0, upper: Upper::Unlimited };

    /// Whether more than one value is possible.
    pub fn is_many(self) -> bool {
        self.upper > Upper::Finite(1)
    }

    /// Whether a value is required.
    pub fn is_required(self) -> bool {
        self.lower > 0
    }
}

impl fmt::Display for Multiplicity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.lower, self.upper) {
            (0, Upper::Unlimited) => write!(f, "*"),
            (lower, Upper::Unlimited) => write!(f, "{lower}..*"),
            (lower, Upper::Finite(upper)) if lower == upper => write!(f, "{upper}"),
            (lower, Upper::Finite(upper)) => write!(f, "{lower}..{upper}"),
        }
    }
}
