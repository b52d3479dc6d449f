//! Operators: what they compute and compare (OCL 2.4, 11).

use std::ops::Range;

use super::types::{Fact, Fault, Ty, Typed, Value, absent};
use super::typing::{Known, NONE, REAL, Typing, absence, both, holds, wider};
use crate::django::FieldKind;
use crate::django::field::Value as FieldValue;
use crate::django::logic::{Arithmetic, Comparison, Term, Test};
use crate::django::number::Number;
use crate::facts::{ColumnKind, Named};
use crate::policy::default;
use crate::python::Expr;
use crate::uml::model::DefaultKind;
use crate::uml::ocl::{BinaryOp, Kind, NodeId};

impl<'a> Typing<'a, '_, '_> {
    pub(super) fn binary(
        &mut self,
        operator: BinaryOp,
        left: NodeId,
        right: NodeId,
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        let arithmetic = match operator {
            BinaryOp::And => return Ok(Typed::Test(both(self.test(left)?, self.test(right)?, true))),
            BinaryOp::Or => return Ok(Typed::Test(both(self.test(left)?, self.test(right)?, false))),
            BinaryOp::Implies => {
                let condition = Test::Not(Box::new(self.test(left)?));
                return Ok(Typed::Test(both(condition, self.test(right)?, false)));
            }
            BinaryOp::Xor => {
                let same = Test::Same(Box::new(self.test(left)?), Box::new(self.test(right)?));
                return Ok(Typed::Test(Test::Not(Box::new(same))));
            }
            BinaryOp::Plus => Arithmetic::Plus,
            BinaryOp::Minus => Arithmetic::Minus,
            BinaryOp::Times => Arithmetic::Times,
            BinaryOp::Divide => Arithmetic::Divide,
            BinaryOp::Div | BinaryOp::Mod => {
                let ((a, a_ty), (b, b_ty)) = (self.number(left)?, self.number(right)?);
                if (a_ty, b_ty) != (Ty::Integer, Ty::Integer) {
                    return self.wrong(at, Fault::Type, format!("needs whole numbers for `{operator}`"));
                }
                return Ok(Typed::Value(super::calls::divided(operator == BinaryOp::Div, a, b), Ty::Integer));
            }
            _ => return self.comparison(operator, left, right, at).map(Typed::Test),
        };
        let ((a, a_ty), (b, b_ty)) = (self.value(left)?, self.value(right)?);
        let ty = match (arithmetic, a_ty, b_ty) {
            (Arithmetic::Minus, Ty::Date, Ty::Date) | (Arithmetic::Minus, Ty::DateTime, Ty::DateTime) => {
                Some(Ty::Duration)
            }
            (Arithmetic::Plus | Arithmetic::Minus, Ty::DateTime, Ty::Duration) => Some(Ty::DateTime),
            (Arithmetic::Plus | Arithmetic::Minus, Ty::Duration, Ty::Duration) => Some(Ty::Duration),
            // `+` joins texts in Java.
            (Arithmetic::Plus, Ty::Text, Ty::Text) => {
                return Ok(Typed::Value(super::calls::joined(a, b), Ty::Text));
            }
            (Arithmetic::Divide, Ty::Integer, Ty::Integer) => Some(Ty::Decimal),
            _ => wider(a_ty, b_ty),
        };
        let Some(ty) = ty else {
            let message = format!("cannot compute {} {operator} {}", a_ty.name(), b_ty.name());
            return self.wrong(at, Fault::Type, message);
        };
        // Literals are as exact as what they are computed with.
        let fit = |value: Value, own: Ty| if ty == Ty::Float && own == Ty::Decimal { float(value) } else { value };
        let (a, b) = (fit(a, a_ty), fit(b, b_ty));
        // A hundredth is exact, and databases multiply alike.
        if let (Arithmetic::Divide, Ty::Decimal, Some(part)) = (arithmetic, ty, decimal_part(&b)) {
            return Ok(Typed::Value(Term::Arithmetic(Arithmetic::Times, Box::new(a), Box::new(part)), ty));
        }
        Ok(Typed::Value(Term::Arithmetic(arithmetic, Box::new(a), Box::new(b)), ty))
    }

    pub(super) fn comparison(
        &mut self,
        operator: BinaryOp,
        left: NodeId,
        right: NodeId,
        at: Range<usize>,
    ) -> Known<Fact> {
        let comparison = match operator {
            BinaryOp::Equal => Comparison::Equal,
            BinaryOp::Unequal => Comparison::Unequal,
            BinaryOp::Less => Comparison::Less,
            BinaryOp::LessEqual => Comparison::LessEqual,
            BinaryOp::Greater => Comparison::Greater,
            _ => Comparison::GreaterEqual,
        };
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
        let (a, b) = match (self.typed(left), self.typed(right)) {
            (Ok(a), Ok(b)) => (a, b),
            // A literal without its enumeration.
            (Ok(a), Err(wrong)) => {
                let b = self.bare_literal(&a, right).ok_or(wrong)?;
                (a, b)
            }
            (Err(wrong), Ok(b)) => (self.bare_literal(&b, left).ok_or(wrong)?, b),
            (Err(wrong), Err(_)) => return Err(wrong),
        };
        let signed = |test: Fact| if comparison == Comparison::Unequal { Test::Not(Box::new(test)) } else { test };
        match (a, b) {
            (Typed::Null, other) | (other, Typed::Null) if is_equality => match other {
                Typed::Value(value, ty) => Ok(signed(absence(value, ty))),
                Typed::Rows(mut rows, _) => {
                    self.number_rows(&mut rows);
                    Ok(signed(Test::IsEmpty(Box::new(rows))))
                }
                Typed::Embedded(whole, row, path) => {
                    let parts: Vec<Fact> = whole
                        .parts
                        .iter()
                        .filter(|(at, _)| at.starts_with(&path))
                        .filter_map(|&(_, column)| match &self.members.facts.tables().columns[column].kind {
                            ColumnKind::Value(fact) => Some(Test::IsAbsent(Term::Value {
                                of: Box::new(row.clone()),
                                field: Named::Column(column),
                                absent: absent(fact),
                            })),
                            _ => None,
                        })
                        .collect();
                    Ok(signed(Test::And(parts)))
                }
                other => self.wrong(at, Fault::Type, format!("compares {} with null", other.name())),
            },
            (Typed::Test(a), Typed::Test(b)) if is_equality => Ok(signed(same(a, b))),
            (Typed::Test(a), Typed::Value(b, Ty::Boolean)) if is_equality => Ok(signed(same(a, holds(b)))),
            (Typed::Value(a, Ty::Boolean), Typed::Test(b)) if is_equality => Ok(signed(same(holds(a), b))),
            (Typed::Value(a, Ty::Boolean), Typed::Value(b, Ty::Boolean)) if is_equality => {
                Ok(signed(same(holds(a), holds(b))))
            }
            (Typed::Value(a, a_ty), Typed::Value(b, b_ty)) => self.compared(comparison, (a, a_ty), (b, b_ty), at),
            (a, b) => self.wrong(at, Fault::Type, format!("compares {} with {}", a.name(), b.name())),
        }
    }

    /// `paid`, `#paid` or `'paid'` beside a value of an enumeration.
    fn bare_literal(&self, other: &Typed<'a>, id: NodeId) -> Option<Typed<'a>> {
        let Typed::Value(_, Ty::Enumeration(class)) = *other else { return None };
        let name = match &self.tree.node(id).kind {
            Kind::Name(name) => name,
            Kind::Path(path) => path.last()?,
            _ => return None,
        };
        let literal = self.members.literal(class, name)?;
        Some(Typed::Value(Term::Member(Named::Enumeration(class), literal), Ty::Enumeration(class)))
    }

    /// A comparison of two values, whose literals take the type of the other side.
    pub(super) fn compared(
        &self,
        comparison: Comparison,
        (a, a_ty): (Value, Ty),
        (b, b_ty): (Value, Ty),
        at: Range<usize>,
    ) -> Known<Fact> {
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
        let is_literal = |value: &Value| matches!(value, Term::Literal(_));
        if is_literal(&a) && !is_literal(&b) {
            return self.compared(comparison.swapped(), (b, b_ty), (a, a_ty), at);
        }
        if let (Ty::Integer, Ty::Decimal, Term::Literal(literal)) = (a_ty, b_ty, &b)
            && let Some(whole) = nearest_whole(comparison, literal).filter(|_| !is_literal(&a))
        {
            return Ok(Test::Compare(comparison, a, Term::Literal(Expr::int(whole))));
        }
        let (a, a_ty, b, b_ty) = match (&a, &b) {
            (_, Term::Literal(literal)) => {
                let (value, ty) = self.fitted(literal, b_ty, a_ty, at.clone())?;
                (a, a_ty, value, ty)
            }
            (Term::Literal(literal), _) => {
                let (value, ty) = self.fitted(literal, a_ty, b_ty, at.clone())?;
                (value, ty, b, b_ty)
            }
            _ => (a, a_ty, b, b_ty),
        };
        let fits = match (a_ty, b_ty) {
            (Ty::Row(_), Ty::Row(_)) => is_equality,
            (Ty::Float, Ty::Decimal) | (Ty::Decimal, Ty::Float) => false,
            _ => wider(a_ty, b_ty).is_some() || (a_ty == b_ty && (is_equality || a_ty.is_ordered())),
        };
        if !fits {
            return self.wrong(at, Fault::Type, format!("compares {} with {}", a_ty.name(), b_ty.name()));
        }
        // What is chosen is compared where it is chosen.
        if let Term::If(test, yes, no) = a {
            let (yes, no) = (
                self.compared(comparison, (*yes, a_ty), (b.clone(), b_ty), at.clone())?,
                self.compared(comparison, (*no, a_ty), (b, b_ty), at)?,
            );
            return Ok(Test::If(test, Box::new(yes), Box::new(no)));
        }
        if matches!(b, Term::If(..)) {
            return self.compared(comparison.swapped(), (b, b_ty), (a, a_ty), at);
        }
        // One column is easier to read on the left.
        Ok(match (&a, &b) {
            (Term::Literal(a), Term::Literal(b)) => match literally(comparison, a, b) {
                Some(known) => Test::Constant(known),
                None => Test::Compare(comparison, Term::Literal(a.clone()), Term::Literal(b.clone())),
            },
            (Term::Literal(_) | Term::Member(..), Term::Value { .. } | Term::One { .. }) => {
                Test::Compare(comparison.swapped(), b, a)
            }
            _ => Test::Compare(comparison, a, b),
        })
    }

    /// A literal as a value of the type beside it.
    pub(super) fn fitted(&self, literal: &Expr, own: Ty, wanted: Ty, at: Range<usize>) -> Known<(Value, Ty)> {
        let kind = match (own, wanted) {
            (Ty::Text, Ty::Enumeration(class)) => {
                let Expr::Str(text) = literal else { return Ok((Term::Literal(literal.clone()), own)) };
                let literals = self.members.facts.enumeration(class).map_or(&[][..], |fact| &fact.literals);
                let stored = literals.iter().position(|literal| literal.value == *text);
                return match stored.or_else(|| self.members.literal(class, text)) {
                    Some(found) => Ok((Term::Member(Named::Enumeration(class), found), wanted)),
                    None => Err(self.no_literal(class, text, at)),
                };
            }
            (Ty::Decimal, Ty::Integer) => {
                // `1.0` is a whole number; others lie between two of them, and Django would round them.
                let whole = Number::of(literal).filter(|it| it.floor(0) == it.ceil(0));
                return match whole.and_then(|it| it.floor(0)) {
                    Some(whole) => Ok((Term::Literal(Expr::int(whole)), Ty::Integer)),
                    None => self.wrong(at, Fault::Type, "compares a whole number with a broken one"),
                };
            }
            (Ty::Decimal, Ty::Float) => return Ok((float(Term::Literal(literal.clone())), Ty::Float)),
            (Ty::Text, Ty::Date) => FieldKind::Date { auto: crate::django::field::Auto::No },
            (Ty::Text, Ty::DateTime) => FieldKind::DateTime { auto: crate::django::field::Auto::No },
            (Ty::Text, Ty::Time) => FieldKind::Time { auto: crate::django::field::Auto::No },
            (Ty::Text, Ty::Duration) => FieldKind::Duration,
            _ => return Ok((Term::Literal(literal.clone()), own)),
        };
        let Expr::Str(text) = literal else { return Ok((Term::Literal(literal.clone()), own)) };
        match default::value(text, DefaultKind::Literal, &kind, NONE) {
            Ok(Some(FieldValue::Expr(value))) if !matches!(value, Expr::Ref { .. }) => {
                Ok((Term::Literal(value), wanted))
            }
            _ => self.wrong(at, Fault::Type, format!("has `{text}`, which is not {}", wanted.name())),
        }
    }

    pub(super) fn branches(&mut self, test: NodeId, yes: NodeId, no: NodeId) -> Known<Typed<'a>> {
        let condition = Box::new(self.test(test)?);
        let at = self.at(no);
        match (self.typed(yes)?, self.typed(no)?) {
            (Typed::Value(a, a_ty), Typed::Value(b, b_ty)) if a_ty != Ty::Boolean || b_ty != Ty::Boolean => {
                let ty = if a_ty == b_ty { Some(a_ty) } else { wider(a_ty, b_ty) };
                match ty {
                    Some(ty) => Ok(Typed::Value(Term::If(condition, Box::new(a), Box::new(b)), ty)),
                    None => self.wrong(at, Fault::Type, "has branches of different types"),
                }
            }
            (Typed::Test(_) | Typed::Value(..), Typed::Test(_) | Typed::Value(..)) => {
                let (yes, no) = (self.test(yes)?, self.test(no)?);
                Ok(Typed::Test(Test::If(condition, Box::new(yes), Box::new(no))))
            }
            _ => self.wrong(at, Fault::Unsupported, "chooses between collections"),
        }
    }
}

/// What to multiply by instead of dividing by 10, 100 and so on.
fn decimal_part(divisor: &Value) -> Option<Value> {
    let Term::Literal(Expr::Int(digits)) = divisor else { return None };
    let zeros = digits.strip_prefix('1').filter(|zeros| (1..=6).contains(&zeros.len()))?;
    let part = format!("0.{}1", zeros.strip_prefix('0').filter(|rest| rest.bytes().all(|digit| digit == b'0'))?);
    match default::value(&part, DefaultKind::Literal, &REAL, NONE) {
        Ok(Some(FieldValue::Expr(value))) => Some(Term::Literal(value)),
        _ => None,
    }
}

/// The whole number that makes the same difference to whole numbers: more than 1.5 is more than 1.
fn nearest_whole(comparison: Comparison, literal: &Expr) -> Option<i128> {
    let number = Number::of(literal)?;
    match comparison {
        Comparison::Greater | Comparison::LessEqual => number.floor(0),
        Comparison::Less | Comparison::GreaterEqual => number.ceil(0),
        Comparison::Equal | Comparison::Unequal => None,
    }
}

/// Compares two numbers.
fn literally(comparison: Comparison, a: &Expr, b: &Expr) -> Option<bool> {
    let order = Number::of(a)?.compare(Number::of(b)?)?;
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    })
}

fn same(a: Fact, b: Fact) -> Fact {
    match (a, b) {
        (Test::Constant(true), other) | (other, Test::Constant(true)) => other,
        (Test::Constant(false), other) | (other, Test::Constant(false)) => Test::Not(Box::new(other)),
        (a, b) => Test::Same(Box::new(a), Box::new(b)),
    }
}

/// A literal as a float.
fn float(value: Value) -> Value {
    match value {
        Term::Literal(Expr::Call { name: "Decimal", args, module, kwargs }) => {
            let number = match args.as_slice() {
                [Expr::Str(digits)] => digits.parse().ok().filter(|number: &f64| number.is_finite()),
                _ => None,
            };
            match number {
                Some(number) => Term::Literal(Expr::Float(number)),
                None => Term::Literal(Expr::Call { name: "Decimal", args, module, kwargs }),
            }
        }
        other => other,
    }
}
