//! What a rule says about rows, as a typed tree: it becomes a condition of the database or an expression in `clean()`.
//!
//! Truth has three values (Kleene): what is said of an absent value is neither true nor false, and a rule refuses a row only if it is
//! false (OCL 2.4, 11.3; SQL's checks do the same).
//!
//! Trees are as deep as the expressions that they come from, which is bounded (`uml::ocl::MAX_DEPTH`), so functions may recurse.

use super::expr::{Condition, Formula, Operand};
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
#[allow(missing_docs)]
pub enum Clock {
    Now,
    Today,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
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
#[allow(missing_docs)]
pub enum Total {
    Sum,
    Least,
    Most,
}

/// Functions of OCL's library (OCL 2.4, 11.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
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
#[allow(missing_docs)]
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
    fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Rows<S>> {
        Some(Rows {
            of: match &self.of {
                Some(of) => Some(of.map(name)?),
                None => None,
            },
            field: name(&self.field)?,
            variable: self.variable,
            name: self.name.clone(),
            filter: maps(&self.filter, |test| test.map(name))?,
        })
    }
}

fn maps<A, B>(items: &[A], f: impl FnMut(&A) -> Option<B>) -> Option<Vec<B>> {
    items.iter().map(f).collect()
}

impl<R> Term<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Term<S>> {
        Some(match self {
            Self::Row(row) => Term::Row(*row),
            Self::Literal(value) => Term::Literal(value.clone()),
            Self::Member(of, which) => Term::Member(name(of)?, *which),
            Self::Clock(clock) => Term::Clock(*clock),
            Self::Value { of, field, absent } => {
                Term::Value { of: Box::new(of.map(name)?), field: name(field)?, absent: *absent }
            }
            Self::One { of, field, is_back, optional } => {
                Term::One { of: Box::new(of.map(name)?), field: name(field)?, is_back: *is_back, optional: *optional }
            }
            Self::Negative(of) => Term::Negative(Box::new(of.map(name)?)),
            Self::Arithmetic(operator, left, right) => {
                Term::Arithmetic(*operator, Box::new(left.map(name)?), Box::new(right.map(name)?))
            }
            Self::Function(function, args) => Term::Function(*function, maps(args, |arg| arg.map(name))?),
            Self::Count(rows) => Term::Count(Box::new(rows.map(name)?)),
            Self::Total(total, rows, value) => {
                Term::Total(*total, Box::new(rows.map(name)?), Box::new(value.map(name)?))
            }
            Self::If(test, yes, no) => {
                Term::If(Box::new(test.map(name)?), Box::new(yes.map(name)?), Box::new(no.map(name)?))
            }
        })
    }
}

impl<R> Test<R> {
    /// The same with other names; `None` if one of them has none.
    pub fn map<S>(&self, name: &mut impl FnMut(&R) -> Option<S>) -> Option<Test<S>> {
        Some(match self {
            Self::Constant(value) => Test::Constant(*value),
            Self::Compare(operator, left, right) => Test::Compare(*operator, left.map(name)?, right.map(name)?),
            Self::IsAbsent(of) => Test::IsAbsent(of.map(name)?),
            Self::Holds(of) => Test::Holds(of.map(name)?),
            Self::Among(of, values) => Test::Among(of.map(name)?, maps(values, |value| value.map(name))?),
            Self::Matches(of, pattern) => Test::Matches(of.map(name)?, pattern.clone()),
            Self::Affix(of, part, at_end) => Test::Affix(of.map(name)?, part.map(name)?, *at_end),
            Self::And(tests) => Test::And(maps(tests, |test| test.map(name))?),
            Self::Or(tests) => Test::Or(maps(tests, |test| test.map(name))?),
            Self::Not(test) => Test::Not(Box::new(test.map(name)?)),
            Self::Same(a, b) => Test::Same(Box::new(a.map(name)?), Box::new(b.map(name)?)),
            Self::If(test, yes, no) => {
                Test::If(Box::new(test.map(name)?), Box::new(yes.map(name)?), Box::new(no.map(name)?))
            }
            Self::Exists(rows, test) => Test::Exists(Box::new(rows.map(name)?), Box::new(test.map(name)?)),
            Self::ForAll(rows, test) => Test::ForAll(Box::new(rows.map(name)?), Box::new(test.map(name)?)),
            Self::One(rows, test) => Test::One(Box::new(rows.map(name)?), Box::new(test.map(name)?)),
            Self::IsUnique(rows, key) => Test::IsUnique(Box::new(rows.map(name)?), key.map(name)?),
            Self::Includes(rows, row) => Test::Includes(Box::new(rows.map(name)?), row.map(name)?),
            Self::IsEmpty(rows) => Test::IsEmpty(Box::new(rows.map(name)?)),
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
                test => Self::If(Box::new(test), Box::new(yes.folded()), Box::new(no.folded())),
            },
            Self::Exists(rows, test) => match test.folded() {
                Self::Constant(false) => Self::Constant(false),
                test => Self::Exists(rows, Box::new(test)),
            },
            Self::ForAll(rows, test) => match test.folded() {
                Self::Constant(true) => Self::Constant(true),
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
            Self::Row(_) | Self::Literal(_) | Self::Member(..) | Self::Clock(_) => false,
            Self::Value { of, .. } | Self::One { of, .. } | Self::Negative(of) => of.any_rows(is_meant),
            Self::Arithmetic(_, left, right) => left.any_rows(is_meant) || right.any_rows(is_meant),
            Self::Function(_, args) => args.iter().any(|arg| arg.any_rows(is_meant)),
            Self::If(test, yes, no) => test.any_rows(is_meant) || yes.any_rows(is_meant) || no.any_rows(is_meant),
        }
    }
}

/// How names look in a condition: fields, and the stored values of members.
pub trait Names<R> {
    /// The name of a field of the rule's own table; `None` if it stands elsewhere.
    fn field(&self, of: &R) -> Option<String>;
    /// The stored value of a member.
    fn member(&self, of: &R, which: usize) -> Option<Expr>;
    /// How many decimal places a field of exact numbers has.
    fn places(&self, of: &R) -> Option<u32>;
    /// Whether one of the databases computes decimals in floating point, as SQLite does: `0.1 + 0.2` is not `0.3` there.
    fn is_inexact(&self) -> bool;
}

impl<R> Test<R> {
    /// The test as a condition of the database which refuses what the test refuses.
    ///
    /// `None` if a database cannot check it, or not every database alike: other rows, clocks, texts made of texts, division.
    pub fn condition(&self, names: &impl Names<R>) -> Option<Condition> {
        self.signed(true, names)
    }

    /// The test, or its opposite: negations stand at the ends only, where the unknown is content whatever Django makes of `~`.
    fn signed(&self, sign: bool, names: &impl Names<R>) -> Option<Condition> {
        let all = |tests: &[Self], and: bool| {
            let parts = maps(tests, |test| test.signed(sign, names))?;
            Some(joined(parts, and))
        };
        match self {
            Self::And(tests) => all(tests, sign),
            Self::Or(tests) => all(tests, !sign),
            Self::Not(test) => test.signed(!sign, names),
            Self::Same(a, b) => {
                let pair = |x: bool, y: bool| Some(joined(vec![a.signed(x, names)?, b.signed(y, names)?], true));
                Some(joined(vec![pair(true, sign)?, pair(false, !sign)?], false))
            }
            Self::If(test, yes, no) => {
                let pair = |x: bool, y: &Self| Some(joined(vec![test.signed(x, names)?, y.signed(sign, names)?], true));
                Some(joined(vec![pair(true, yes)?, pair(false, no)?], false))
            }
            Self::Compare(operator, left, right) => {
                compare(if sign { *operator } else { operator.opposite() }, left, right, names)
            }
            Self::IsAbsent(of) => {
                let (field, absent) = of.column(names)?;
                Some(match absent {
                    Absent::Never => return None,
                    Absent::Null => lookup(field, "isnull", Operand::Literal(Expr::Bool(sign))),
                    Absent::EmptyText => negated(lookup(field, "", Operand::Literal(Expr::str(""))), !sign),
                })
            }
            Self::Holds(of) => {
                let (field, _) = of.column(names)?;
                Some(lookup(field, "", Operand::Literal(Expr::Bool(sign))))
            }
            Self::Among(of, values) => {
                let (field, absent) = of.column(names)?;
                let values = maps(values, |value| value.literal(names))?;
                let test = lookup(field.clone(), "in", Operand::Literal(Expr::List(values)));
                Some(or_absent(negated(test, !sign), [(field, absent)]))
            }
            Self::Constant(_)
            | Self::Matches(..)
            | Self::Affix(..)
            | Self::Exists(..)
            | Self::ForAll(..)
            | Self::One(..)
            | Self::IsUnique(..)
            | Self::Includes(..)
            | Self::IsEmpty(_) => None,
        }
    }
}

fn compare<R>(operator: Comparison, left: &Term<R>, right: &Term<R>, names: &impl Names<R>) -> Option<Condition> {
    if left.column(names).is_none() && right.column(names).is_some() {
        return compare(operator.swapped(), right, left, names);
    }
    let is_negated = operator == Comparison::Unequal;
    let (key, class) = if is_negated { ("", "Exact") } else { operator.lookup()? };
    let mut texts = Vec::new();
    let test = match (left.column(names), right.column(names), right.literal(names)) {
        (Some((field, absent)), Some((other, other_absent)), _) => {
            texts.extend([(field.clone(), absent), (other.clone(), other_absent)]);
            lookup(field, key, Operand::Field(other))
        }
        (Some((field, absent)), None, Some(value)) => {
            // Who asks for the empty text means it.
            if value != Expr::str("") {
                texts.push((field.clone(), absent));
            }
            lookup(field, key, Operand::Literal(value))
        }
        _ => {
            let test = Condition::Compare { left: left.exact(names)?, lookup: class, right: right.exact(names)? };
            left.texts(names, &mut texts);
            right.texts(names, &mut texts);
            test
        }
    };
    Some(or_absent(negated(test, is_negated), texts))
}

/// An optional text that is not there is stored as the empty one, of which nothing is said.
fn or_absent(test: Condition, texts: impl IntoIterator<Item = (String, Absent)>) -> Condition {
    let mut parts: Vec<Condition> = Vec::new();
    for (field, _) in texts.into_iter().filter(|(_, absent)| *absent == Absent::EmptyText) {
        let empty = lookup(field, "", Operand::Literal(Expr::str("")));
        if !parts.contains(&empty) {
            parts.push(empty);
        }
    }
    parts.push(test);
    joined(parts, false)
}

fn lookup(field: String, lookup: &'static str, value: Operand) -> Condition {
    Condition::Lookup { field, lookup, value }
}

fn negated(test: Condition, is_negated: bool) -> Condition {
    if is_negated { Condition::Not(Box::new(test)) } else { test }
}

/// All or any of them; those of the same kind are spliced in.
fn joined(parts: Vec<Condition>, and: bool) -> Condition {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Condition::And(parts) if and => flat.extend(parts),
            Condition::Or(parts) if !and => flat.extend(parts),
            part => flat.push(part),
        }
    }
    match (flat.len(), and) {
        (1, _) => flat.remove(0),
        (_, true) => Condition::And(flat),
        (_, false) => Condition::Or(flat),
    }
}

impl<R> Term<R> {
    /// The column of the rule's own row that the term is.
    fn column(&self, names: &impl Names<R>) -> Option<(String, Absent)> {
        match self {
            Self::Value { of, field, absent } if of.is_own() => Some((names.field(field)?, *absent)),
            Self::One { of, field, is_back: false, optional } if of.is_own() => {
                Some((names.field(field)?, if *optional { Absent::Null } else { Absent::Never }))
            }
            _ => None,
        }
    }

    fn is_own(&self) -> bool {
        matches!(self, Self::Row(0))
    }

    fn literal(&self, names: &impl Names<R>) -> Option<Expr> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Member(of, which) => names.member(of, *which),
            _ => None,
        }
    }

    /// The formula, rounded to the places that it has where a database would add noise to them.
    fn exact(&self, names: &impl Names<R>) -> Option<Formula> {
        let formula = self.formula(names)?;
        let is_computed = matches!(self, Self::Negative(_) | Self::Arithmetic(..));
        Some(match self.places(names) {
            Some(places) if places > 0 && is_computed && names.is_inexact() => Formula::Function {
                module: "django.db.models.functions.math",
                name: "Round",
                args: vec![formula, Formula::Literal(Expr::int(places))],
            },
            _ => formula,
        })
    }

    /// How many decimal places a value has at most; none if it is no exact number.
    fn places(&self, names: &impl Names<R>) -> Option<u32> {
        match self {
            Self::Value { field, .. } => names.places(field),
            Self::Literal(Expr::Call { name: "Decimal", args, .. }) => match args.as_slice() {
                [Expr::Str(digits)] => u32::try_from(digits.split_once('.').map_or(0, |(_, part)| part.len())).ok(),
                _ => None,
            },
            Self::Negative(of) => of.places(names),
            Self::Arithmetic(operator, left, right) => {
                let (left, right) = (left.places(names)?, right.places(names)?);
                match operator {
                    Arithmetic::Times => left.checked_add(right),
                    Arithmetic::Plus | Arithmetic::Minus => Some(left.max(right)),
                    Arithmetic::Divide => None,
                }
            }
            Self::Literal(Expr::Int(_)) | Self::Function(Function::Size, _) => Some(0),
            _ => None,
        }
    }

    fn formula(&self, names: &impl Names<R>) -> Option<Formula> {
        if let Some((field, _)) = self.column(names) {
            return Some(Formula::Field(field));
        }
        let binary = |left: Formula, operator: &'static str, right: Formula| Formula::Binary {
            left: Box::new(left),
            operator,
            right: Box::new(right),
        };
        Some(match self {
            Self::Literal(value) => Formula::Literal(value.clone()),
            Self::Negative(of) => binary(of.formula(names)?, "*", Formula::Literal(Expr::int(-1))),
            Self::Arithmetic(Arithmetic::Divide, ..) => return None,
            Self::Arithmetic(operator, left, right) => {
                binary(left.formula(names)?, operator.operator(), right.formula(names)?)
            }
            Self::Function(Function::Size, args) => Formula::Function {
                module: "django.db.models.functions.text",
                name: "Length",
                args: maps(args, |arg| arg.formula(names))?,
            },
            _ => return None,
        })
    }

    /// The optional texts in a formula.
    fn texts(&self, names: &impl Names<R>, found: &mut Vec<(String, Absent)>) {
        if let Some(column) = self.column(names) {
            found.push(column);
        } else if let Self::Function(_, args) = self {
            for arg in args {
                arg.texts(names, found);
            }
        }
    }
}
