//! How large a rule is once it is written out.
//!
//! Whoever writes a test that is the same as another, or a choice, writes parts of it more than once: as a condition of the database and in
//! Python alike. Inside of one another that grows without bounds, so whoever makes trees of what others wrote looks at this first.

use super::{Rows, Term, Test};

/// How much there is to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The parts, those that are written again among them.
    pub parts: usize,
    /// The most parts inside of one another.
    pub depth: usize,
}

impl Size {
    /// Something with these parts.
    fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut size = Self::default();
        for part in parts {
            size.parts = size.parts.saturating_add(part.parts);
            size.depth = size.depth.max(part.depth);
        }
        Self { parts: size.parts.saturating_add(1), depth: size.depth + 1 }
    }

    fn times(self, times: usize) -> Self {
        Self { parts: self.parts.saturating_mul(times), ..self }
    }
}

impl<R> Term<R> {
    /// How large it is.
    pub fn size(&self) -> Size {
        match self {
            Self::Row(_) | Self::Literal(_) | Self::Member(..) | Self::Clock(_) | Self::Parameter(_) => Size::of([]),
            Self::Value { of, .. } | Self::One { of, .. } | Self::Negative(of) => Size::of([of.size()]),
            Self::Arithmetic(_, left, right) => Size::of([left.size(), right.size()]),
            Self::Function(_, args) => Size::of(args.iter().map(Self::size)),
            Self::Count(rows) => Size::of([rows.size()]),
            Self::Total(_, rows, value) => Size::of([rows.size(), value.size()]),
            // What is taken, and what must be there for it.
            Self::If(test, yes, no) => Size::of([test.size().times(3), yes.size(), no.size()]),
        }
    }
}

impl<R> Rows<R> {
    /// How large it is.
    pub fn size(&self) -> Size {
        Size::of(self.of.iter().map(Term::size).chain(self.filter.iter().map(Test::size)))
    }
}

impl<R> Test<R> {
    /// How large it is.
    pub fn size(&self) -> Size {
        match self {
            Self::Constant(_) => Size::of([]),
            Self::Compare(_, left, right) | Self::Affix(left, right, _) => Size::of([left.size(), right.size()]),
            Self::IsAbsent(of) | Self::Holds(of) | Self::Matches(of, _) => Size::of([of.size()]),
            Self::Among(of, values) => Size::of(values.iter().map(Term::size).chain([of.size()])),
            Self::And(tests) | Self::Or(tests) => Size::of(tests.iter().map(Self::size)),
            Self::Not(test) => Size::of([test.size()]),
            Self::Same(a, b) => Size::of([a.size().times(2), b.size().times(2)]),
            Self::If(test, yes, no) => Size::of([test.size().times(2), yes.size(), no.size()]),
            Self::Exists(rows, test) | Self::ForAll(rows, test) | Self::One(rows, test) => {
                Size::of([rows.size(), test.size()])
            }
            Self::IsUnique(rows, value) | Self::Includes(rows, value) => Size::of([rows.size(), value.size()]),
            Self::IsEmpty(rows) => Size::of([rows.size()]),
        }
    }
}
