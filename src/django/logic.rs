//! What a rule says about rows, as a typed tree: it becomes a condition of the database or an expression in `clean()`.
//!
//! Truth has three values (Kleene): what is said of an absent value is neither true nor false, and a rule refuses a row only if it is
//! false (OCL 2.4, 11.3; SQL's checks do the same).
//!
//! Trees are not deep, and not large once they are written out (`Size`): who makes them of what others wrote sees to that. So functions may recurse.

mod condition;
mod generated;
mod size;

pub use condition::Names;
pub use size::Size;

use crate::python::Expr;

/// A value. `R` names fields, relations and models: by ids until names are decided, then by names.
#[derive(Clone, Debug, PartialEq)]
pub enum Term<R> {
    /// A row: 0 is the one that the rule is about, others are what quantifiers look at.
    Row(usize),
    /// A literal.
    Literal(Expr),
    /// A member of an enumeration: the enumeration, and which one.
    Member(R, usize),
    /// Now or today.
    Clock(Clock),
    /// What goes into a query, by its name in Python.
    Parameter(String),
    /// A value of a row.
    Value {
        /// The row.
        of: Box<Term<R>>,
        /// The field.
        field: R,
        /// How it looks if there is none.
        absent: Absent,
    },
    /// The only row that a relation leads to.
    One {
        /// The row that it starts at.
        of: Box<Term<R>>,
        /// The field or the way back.
        field: R,
        /// Whether it is a way back, which fails if there is nothing.
        is_back: bool,
        /// Whether there may be none.
        optional: bool,
    },
    /// `-a`
    Negative(Box<Term<R>>),
    /// `a + b`
    Arithmetic(Arithmetic, Box<Term<R>>, Box<Term<R>>),
    /// A function of values.
    Function(Function, Vec<Term<R>>),
    /// How many rows there are.
    Count(Box<Rows<R>>),
    /// What a value of the rows adds up to, or its least or most.
    Total(Total, Box<Rows<R>>, Box<Term<R>>),
    /// One value or another.
    If(Box<Test<R>>, Box<Term<R>>, Box<Term<R>>),
}

/// Rows that a relation leads to, or all of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<R> {
    /// The row that the relation starts at; none for all rows of a model.
    pub of: Option<Term<R>>,
    /// The field, the way back, or the model.
    pub field: R,
    /// The number of the row that is looked at.
    pub variable: usize,
    /// Its name.
    pub name: String,
    /// Only rows for which all of these are true.
    pub filter: Vec<Test<R>>,
}

/// Something that is true, false or neither.
#[derive(Clone, Debug, PartialEq)]
pub enum Test<R> {
    /// Always the same.
    Constant(bool),
    /// `a <= b`
    Compare(Comparison, Term<R>, Term<R>),
    /// Whether there is no value.
    IsAbsent(Term<R>),
    /// A Boolean value.
    Holds(Term<R>),
    /// Whether a value is one of these.
    Among(Term<R>, Vec<Term<R>>),
    /// Whether a text matches a pattern as a whole.
    Matches(Term<R>, String),
    /// `a.startsWith(b)`, `a.endsWith(b)`
    Affix(Term<R>, Term<R>, bool),
    /// All of them.
    And(Vec<Test<R>>),
    /// Any of them.
    Or(Vec<Test<R>>),
    /// The opposite.
    Not(Box<Test<R>>),
    /// Whether both are the same.
    Same(Box<Test<R>>, Box<Test<R>>),
    /// One or the other.
    If(Box<Test<R>>, Box<Test<R>>, Box<Test<R>>),
    /// Whether it is true for some row.
    Exists(Box<Rows<R>>, Box<Test<R>>),
    /// Whether it is true for all rows.
    ForAll(Box<Rows<R>>, Box<Test<R>>),
    /// Whether it is true for just one row.
    One(Box<Rows<R>>, Box<Test<R>>),
    /// Whether no two rows have the same value.
    IsUnique(Box<Rows<R>>, Term<R>),
    /// Whether a row is among these.
    Includes(Box<Rows<R>>, Term<R>),
    /// Whether there are none.
    IsEmpty(Box<Rows<R>>),
}

/// How a missing value looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is never missing.
    Never,
    /// NULL
    Null,
    /// The empty text.
    EmptyText,
}

/// The clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Clock {
    Now,
    Today,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Arithmetic {
    Plus,
    Minus,
    Times,
    Divide,
}

impl Arithmetic {
    /// The operator of Python and SQL.
    pub fn operator(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
        }
    }
}

/// Sums and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Total {
    Sum,
    Least,
    Most,
}

/// Functions of OCL's library (OCL 2.4, 11.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Function {
    Size,
    Upper,
    Lower,
    Concat,
    /// From the first to the last character given, counted from 1.
    Substring,
    Absolute,
    Floor,
    Round,
    Least,
    Most,
    /// Division of whole numbers, towards zero.
    Div,
    /// What it leaves.
    Mod,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    /// Python's operator.
    pub fn operator(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// Django's lookup and its class; none for inequality, which is the opposite of equality.
    pub fn lookup(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Equal => ("", "Exact"),
            Self::Unequal => return None,
            Self::Less => ("lt", "LessThan"),
            Self::LessEqual => ("lte", "LessThanOrEqual"),
            Self::Greater => ("gt", "GreaterThan"),
            Self::GreaterEqual => ("gte", "GreaterThanOrEqual"),
        })
    }

    /// What holds where this does not.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
        }
    }

    /// The same with its sides swapped.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }
}

impl<R> Rows<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Rows<S>> {
        self.map_with(name, &|row| row)
    }

    fn map_with<S>(&self, name: &mut impl FnMut(&R) -> Option<S>, row: &impl Fn(usize) -> usize) -> Option<Rows<S>> {
        Some(Rows {
            of: match &self.of {
                Some(of) => Some(of.map_with(name, row)?),
                None => None,
            },
            field: name(&self.field)?,
            variable: row(self.variable),
            name: self.name.clone(),
            filter: maps(&self.filter, |test| test.map_with(name, row))?,
        })
    }

    /// The same rows under another number, for use inside of themselves.
    #[must_use]
    pub fn numbered(&self, variable: usize) -> Self
    where
        R: Clone,
    {
        let row = |number: usize| if number == self.variable { variable } else { number };
        // Every name is its own.
        self.map_with(&mut |name| Some(name.clone()), &row).unwrap_or_else(|| self.clone())
    }

    /// Whether the row that they are of is there in any case.
    fn is_there(&self) -> bool {
        matches!(self.of, None | Some(Term::Row(_)))
    }
}

fn maps<A, B>(items: &[A], f: impl FnMut(&A) -> Option<B>) -> Option<Vec<B>> {
    items.iter().map(f).collect()
}

impl<R> Term<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Term<S>> {
        self.map_with(name, &|row| row)
    }

    fn map_with<S>(&self, name: &mut impl FnMut(&R) -> Option<S>, row: &impl Fn(usize) -> usize) -> Option<Term<S>> {
        Some(match self {
            Self::Row(number) => Term::Row(row(*number)),
            Self::Literal(value) => Term::Literal(value.clone()),
            Self::Member(of, which) => Term::Member(name(of)?, *which),
            Self::Clock(clock) => Term::Clock(*clock),
            Self::Parameter(name) => Term::Parameter(name.clone()),
            Self::Value { of, field, absent } => {
                Term::Value { of: Box::new(of.map_with(name, row)?), field: name(field)?, absent: *absent }
            }
            Self::One { of, field, is_back, optional } => Term::One {
                of: Box::new(of.map_with(name, row)?),
                field: name(field)?,
                is_back: *is_back,
                optional: *optional,
            },
            Self::Negative(of) => Term::Negative(Box::new(of.map_with(name, row)?)),
            Self::Arithmetic(operator, left, right) => {
                Term::Arithmetic(*operator, Box::new(left.map_with(name, row)?), Box::new(right.map_with(name, row)?))
            }
            Self::Function(function, args) => Term::Function(*function, maps(args, |arg| arg.map_with(name, row))?),
            Self::Count(rows) => Term::Count(Box::new(rows.map_with(name, row)?)),
            Self::Total(total, rows, value) => {
                Term::Total(*total, Box::new(rows.map_with(name, row)?), Box::new(value.map_with(name, row)?))
            }
            Self::If(test, yes, no) => Term::If(
                Box::new(test.map_with(name, row)?),
                Box::new(yes.map_with(name, row)?),
                Box::new(no.map_with(name, row)?),
            ),
        })
    }
}

impl<R> Test<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Test<S>> {
        self.map_with(name, &|row| row)
    }

    fn map_with<S>(&self, name: &mut impl FnMut(&R) -> Option<S>, row: &impl Fn(usize) -> usize) -> Option<Test<S>> {
        Some(match self {
            Self::Constant(value) => Test::Constant(*value),
            Self::Compare(operator, left, right) => {
                Test::Compare(*operator, left.map_with(name, row)?, right.map_with(name, row)?)
            }
            Self::IsAbsent(of) => Test::IsAbsent(of.map_with(name, row)?),
            Self::Holds(of) => Test::Holds(of.map_with(name, row)?),
            Self::Among(of, values) => {
                Test::Among(of.map_with(name, row)?, maps(values, |value| value.map_with(name, row))?)
            }
            Self::Matches(of, pattern) => Test::Matches(of.map_with(name, row)?, pattern.clone()),
            Self::Affix(of, part, at_end) => Test::Affix(of.map_with(name, row)?, part.map_with(name, row)?, *at_end),
            Self::And(tests) => Test::And(maps(tests, |test| test.map_with(name, row))?),
            Self::Or(tests) => Test::Or(maps(tests, |test| test.map_with(name, row))?),
            Self::Not(test) => Test::Not(Box::new(test.map_with(name, row)?)),
            Self::Same(a, b) => Test::Same(Box::new(a.map_with(name, row)?), Box::new(b.map_with(name, row)?)),
            Self::If(test, yes, no) => Test::If(
                Box::new(test.map_with(name, row)?),
                Box::new(yes.map_with(name, row)?),
                Box::new(no.map_with(name, row)?),
            ),
            Self::Exists(rows, test) => {
                Test::Exists(Box::new(rows.map_with(name, row)?), Box::new(test.map_with(name, row)?))
            }
            Self::ForAll(rows, test) => {
                Test::ForAll(Box::new(rows.map_with(name, row)?), Box::new(test.map_with(name, row)?))
            }
            Self::One(rows, test) => {
                Test::One(Box::new(rows.map_with(name, row)?), Box::new(test.map_with(name, row)?))
            }
            Self::IsUnique(rows, key) => Test::IsUnique(Box::new(rows.map_with(name, row)?), key.map_with(name, row)?),
            Self::Includes(rows, one) => Test::Includes(Box::new(rows.map_with(name, row)?), one.map_with(name, row)?),
            Self::IsEmpty(rows) => Test::IsEmpty(Box::new(rows.map_with(name, row)?)),
        })
    }

    /// The same without parts that are always true or always false.
    #[must_use]
    pub fn folded(self) -> Self {
        match self {
            Self::And(tests) => Self::fold_all(tests, true),
            Self::Or(tests) => Self::fold_all(tests, false),
            Self::Not(test) => match test.folded() {
                Self::Constant(value) => Self::Constant(!value),
                Self::Not(test) => *test,
                test => Self::Not(Box::new(test)),
            },
            Self::Same(a, b) => match (a.folded(), b.folded()) {
                (Self::Constant(a), Self::Constant(b)) => Self::Constant(a == b),
                (Self::Constant(true), test) | (test, Self::Constant(true)) => test,
                (Self::Constant(false), test) | (test, Self::Constant(false)) => Self::Not(Box::new(test)).folded(),
                (a, b) => Self::Same(Box::new(a), Box::new(b)),
            },
            Self::If(test, yes, no) => match test.folded() {
                Self::Constant(true) => yes.folded(),
                Self::Constant(false) => no.folded(),
                test => match (yes.folded(), no.folded()) {
                    (Self::Constant(true), Self::Constant(false)) => test,
                    (Self::Constant(false), Self::Constant(true)) => Self::Not(Box::new(test)).folded(),
                    (yes, no) => Self::If(Box::new(test), Box::new(yes), Box::new(no)),
                },
            },
            // Of rows that may be missing nothing is known without them.
            Self::Exists(rows, test) => match test.folded() {
                Self::Constant(false) if rows.is_there() => Self::Constant(false),
                test => Self::Exists(rows, Box::new(test)),
            },
            Self::ForAll(rows, test) => match test.folded() {
                Self::Constant(true) if rows.is_there() => Self::Constant(true),
                test => Self::ForAll(rows, Box::new(test)),
            },
            test => test,
        }
    }

    /// All or any of them, where `neutral` says nothing and its opposite decides.
    fn fold_all(tests: Vec<Self>, neutral: bool) -> Self {
        let mut kept = Vec::new();
        for test in tests {
            match test.folded() {
                Self::Constant(value) if value == neutral => {}
                Self::Constant(_) => return Self::Constant(!neutral),
                test => kept.push(test),
            }
        }
        match (kept.len(), neutral) {
            (0, _) => Self::Constant(neutral),
            (1, _) => kept.remove(0),
            (_, true) => Self::And(kept),
            (_, false) => Self::Or(kept),
        }
    }

    /// Whether it looks at rows of which `is_meant` is true.
    pub fn any_rows(&self, is_meant: &mut impl FnMut(&Rows<R>) -> bool) -> bool {
        match self {
            Self::Exists(rows, test) | Self::ForAll(rows, test) | Self::One(rows, test) => {
                rows.any_rows(is_meant) || test.any_rows(is_meant)
            }
            Self::IsUnique(rows, of) | Self::Includes(rows, of) => rows.any_rows(is_meant) || of.any_rows(is_meant),
            Self::IsEmpty(rows) => rows.any_rows(is_meant),
            Self::Constant(_) => false,
            Self::Compare(_, left, right) | Self::Affix(left, right, _) => {
                left.any_rows(is_meant) || right.any_rows(is_meant)
            }
            Self::IsAbsent(of) | Self::Holds(of) | Self::Matches(of, _) => of.any_rows(is_meant),
            Self::Among(of, values) => of.any_rows(is_meant) || values.iter().any(|value| value.any_rows(is_meant)),
            Self::And(tests) | Self::Or(tests) => tests.iter().any(|test| test.any_rows(is_meant)),
            Self::Not(test) => test.any_rows(is_meant),
            Self::Same(a, b) => a.any_rows(is_meant) || b.any_rows(is_meant),
            Self::If(test, yes, no) => [test, yes, no].into_iter().any(|test| test.any_rows(is_meant)),
        }
    }
}

impl<R> Rows<R> {
    fn any_rows(&self, is_meant: &mut impl FnMut(&Self) -> bool) -> bool {
        is_meant(self)
            || self.of.as_ref().is_some_and(|of| of.any_rows(is_meant))
            || self.filter.iter().any(|test| test.any_rows(is_meant))
    }
}

impl<R> Term<R> {
    fn any_rows(&self, is_meant: &mut impl FnMut(&Rows<R>) -> bool) -> bool {
        match self {
            Self::Count(rows) => rows.any_rows(is_meant),
            Self::Total(_, rows, value) => rows.any_rows(is_meant) || value.any_rows(is_meant),
            Self::Row(_) | Self::Literal(_) | Self::Member(..) | Self::Clock(_) | Self::Parameter(_) => false,
            Self::Value { of, .. } | Self::One { of, .. } | Self::Negative(of) => of.any_rows(is_meant),
            Self::Arithmetic(_, left, right) => left.any_rows(is_meant) || right.any_rows(is_meant),
            Self::Function(_, args) => args.iter().any(|arg| arg.any_rows(is_meant)),
            Self::If(test, yes, no) => test.any_rows(is_meant) || yes.any_rows(is_meant) || no.any_rows(is_meant),
        }
    }
}
