//! Rules as conditions of the database, and values as its formulas.

use super::{Absent, Arithmetic, Comparison, Function, Term, Test, maps};
use crate::django::expr::{Condition, Formula, Operand};
use crate::python::Expr;

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
                // As implications: while the condition is unknown, neither branch refuses anything.
                let pair =
                    |x: bool, y: &Self| Some(joined(vec![test.signed(x, names)?, y.signed(sign, names)?], false));
                Some(joined(vec![pair(false, yes)?, pair(true, no)?], true))
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

/// `Round(.., places)`
pub(super) fn rounded(formula: Formula, places: u32) -> Formula {
    let args = vec![formula, Formula::Literal(Expr::int(places))];
    Formula::Function { module: "django.db.models.functions.math", name: "Round", args }
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
    pub(super) fn column(&self, names: &impl Names<R>) -> Option<(String, Absent)> {
        match self {
            Self::Value { of, field, absent } if of.is_own() => Some((names.field(field)?, *absent)),
            Self::One { of, field, is_back: false, optional } if of.is_own() => {
                Some((names.field(field)?, if *optional { Absent::Null } else { Absent::Never }))
            }
            _ => None,
        }
    }

    pub(super) fn is_own(&self) -> bool {
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
    pub(super) fn exact(&self, names: &impl Names<R>) -> Option<Formula> {
        let formula = self.formula(names)?;
        let is_computed = matches!(self, Self::Negative(_) | Self::Arithmetic(..));
        Some(match self.places(names) {
            Some(places) if places > 0 && is_computed && names.is_inexact() => rounded(formula, places),
            _ => formula,
        })
    }

    /// How many decimal places a value has at most; none if it is no exact number.
    pub(super) fn places(&self, names: &impl Names<R>) -> Option<u32> {
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

    pub(super) fn formula(&self, names: &impl Names<R>) -> Option<Formula> {
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
            return;
        }
        match self {
            Self::Negative(of) => of.texts(names, found),
            Self::Arithmetic(_, left, right) => {
                left.texts(names, found);
                right.texts(names, found);
            }
            Self::Function(_, args) => args.iter().for_each(|arg| arg.texts(names, found)),
            _ => {}
        }
    }
}
