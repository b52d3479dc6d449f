//! Whether a row that tests make passes the rules that `clean()` applies.

use super::truth::{Fact, Facts, compare, fact};
use crate::django::field::Value;
use crate::django::logic::{Arithmetic, Comparison, Function, Rows, Term, Test};
use crate::django::number::Number;
use crate::django::project::Project;
use crate::django::rule::{Named, Rule};
use crate::django::sample;
use crate::django::shape::Shape;
use crate::python::Expr;

/// A rule that cannot be judged without running it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Untellable;

type Known<T> = Result<T, Untellable>;

/// A row of a model before others refer to it.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) project: &'a Project,
    pub(super) shape: &'a Shape<'a>,
    pub(super) facts: &'a Facts,
}

impl Judge<'_> {
    /// Whether no rule refuses the row, as far as that can be told.
    pub(super) fn accepts(&self) -> bool {
        let mut rules = self.shape.line.iter().flat_map(|model| &model.rules);
        rules.all(|rule| match rule {
            Rule::Invariant { test, .. } => matches!(self.test(test), Ok(Some(true) | None)),
            _ => true,
        })
    }

    /// Whether a test holds; `None` if it is unknown, with which a rule is content.
    pub(super) fn test(&self, test: &Test<Named>) -> Known<Option<bool>> {
        Ok(match test {
            Test::Constant(value) => Some(*value),
            Test::And(tests) => self.all(tests, true)?,
            Test::Or(tests) => self.all(tests, false)?,
            Test::Not(test) => self.test(test)?.map(|value| !value),
            Test::Same(a, b) => self.test(a)?.zip(self.test(b)?).map(|(a, b)| a == b),
            Test::Compare(operator, left, right) => self.compare(*operator, left, right)?,
            Test::IsAbsent(Term::One { is_back: true, .. }) => Some(true),
            Test::IsAbsent(of) => Some(self.value(of)?.is_none()),
            Test::Holds(of) => match self.value(of)? {
                Some(Fact::Bool(value)) => Some(value),
                Some(_) => return Err(Untellable),
                None => None,
            },
            Test::Among(of, values) => match self.value(of)? {
                None => None,
                Some(found) => {
                    let values: Vec<Option<Fact>> = values.iter().map(|it| self.value(it)).collect::<Known<_>>()?;
                    Some(values.contains(&Some(found)))
                }
            },
            Test::Affix(of, part, at_end) => match (self.value(of)?, self.value(part)?) {
                (Some(Fact::Text(whole)), Some(Fact::Text(part))) => {
                    Some(if *at_end { whole.ends_with(&part) } else { whole.starts_with(&part) })
                }
                (None, _) | (_, None) => None,
                _ => return Err(Untellable),
            },
            Test::Exists(rows, _) | Test::One(rows, _) | Test::Includes(rows, _) => self.none(rows, false)?,
            Test::ForAll(rows, _) | Test::IsUnique(rows, _) | Test::IsEmpty(rows) => self.none(rows, true)?,
            Test::Matches(..) | Test::If(..) => return Err(Untellable),
        })
    }

    /// What holds of rows that lead to this one: there are none yet.
    fn none(&self, rows: &Rows<Named>, value: bool) -> Known<Option<bool>> {
        let is_own = rows.of.as_ref() == Some(&Term::Row(0));
        match &rows.field {
            Named::Field(name) if is_own && self.shape.field(name).is_none() => Ok(Some(value)),
            _ => Err(Untellable),
        }
    }

    fn all(&self, tests: &[Test<Named>], and: bool) -> Known<Option<bool>> {
        let mut found = Some(and);
        let mut untellable = None;
        for test in tests {
            match self.test(test) {
                Ok(Some(value)) if value != and => return Ok(Some(value)),
                Ok(Some(_)) => {}
                Ok(None) => found = None,
                Err(reason) => untellable = Some(reason),
            }
        }
        untellable.map_or(Ok(found), Err)
    }

    fn compare(&self, operator: Comparison, left: &Term<Named>, right: &Term<Named>) -> Known<Option<bool>> {
        // Each row gets rows of its own to refer to: none is the row itself, or that of another key.
        let is_row = |side: &Term<Named>| matches!(side, Term::Row(0) | Term::One { is_back: false, .. });
        if is_row(left) && is_row(right) {
            let is_there = |side: &Term<Named>| Ok(*side == Term::Row(0) || self.value(side)?.is_some());
            let both = is_there(left)? && is_there(right)?;
            return Ok(both.then_some((left == right) == (operator == Comparison::Equal)));
        }
        let (Some(left), Some(right)) = (self.value(left)?, self.value(right)?) else { return Ok(None) };
        if matches!((&left, &right), (Fact::Thing, _) | (_, Fact::Thing)) {
            return Err(Untellable);
        }
        let opposite = operator == Comparison::Unequal;
        let lookup = if opposite { "" } else { operator.lookup().map_or("", |(lookup, _)| lookup) };
        compare(&left, lookup, &right).map(|holds| Some(holds != opposite)).ok_or(Untellable)
    }

    /// A value; `None` if there is none.
    fn value(&self, term: &Term<Named>) -> Known<Option<Fact>> {
        let number = |term: &Term<Named>| match self.value(term)? {
            Some(Fact::Number(number)) => Ok(Some(number)),
            None => Ok(None),
            Some(_) => Err(Untellable),
        };
        let told = |number: Option<Number>| number.map(|it| Some(Fact::Number(it))).ok_or(Untellable);
        match term {
            Term::Literal(value) => Ok(Some(fact(value))),
            Term::Member(Named::Choices(key), which) => {
                let choices = self.project.choices(key).ok_or(Untellable)?;
                let value = sample::member_values(choices).nth(*which).ok_or(Untellable)?;
                Ok(Some(fact(&value)))
            }
            Term::Value { of, field: Named::Field(name), .. }
            | Term::One { of, field: Named::Field(name), is_back: false, .. }
                if **of == Term::Row(0) =>
            {
                match self.facts.get(name).ok_or(Untellable)? {
                    Fact::Null => Ok(None),
                    Fact::Text(text) if text.is_empty() => Ok(None),
                    known => Ok(Some(known.clone())),
                }
            }
            // Of a row that was made for this one only the defaults are sure.
            Term::Value { of, field: Named::Field(name), .. } => match &**of {
                Term::One { of, field: Named::Field(key), is_back: false, .. } if **of == Term::Row(0) => {
                    if self.facts.get(key) == Some(&Fact::Null) {
                        return Ok(None);
                    }
                    let to = self.shape.field(key).and_then(|member| member.field.foreign_key()).ok_or(Untellable)?;
                    let target = Shape::of(self.project, &to.to).ok_or(Untellable)?;
                    match target.field(name).ok_or(Untellable)?.field.default.as_deref() {
                        Some(Value::Expr(value @ (Expr::Bool(_) | Expr::Int(_) | Expr::Str(_)))) => {
                            Ok(Some(fact(value)))
                        }
                        _ => Err(Untellable),
                    }
                }
                _ => Err(Untellable),
            },
            Term::Negative(of) => match number(of)? {
                Some(value) => told(Number::whole(0).combine("-", value)),
                None => Ok(None),
            },
            Term::Arithmetic(operator, left, right) if *operator != Arithmetic::Divide => {
                match (number(left)?, number(right)?) {
                    (Some(left), Some(right)) => told(left.combine(operator.operator(), right)),
                    _ => Ok(None),
                }
            }
            Term::Function(function, args) => self.function(*function, args),
            Term::Count(rows) => match self.none(rows, true)? {
                Some(_) => Ok(Some(Fact::Number(Number::whole(0)))),
                None => Ok(None),
            },
            _ => Err(Untellable),
        }
    }

    fn function(&self, function: Function, args: &[Term<Named>]) -> Known<Option<Fact>> {
        let [text] = args else { return Err(Untellable) };
        let text = match self.value(text)? {
            Some(Fact::Text(text)) => text,
            None => return Ok(None),
            Some(_) => return Err(Untellable),
        };
        Ok(Some(match function {
            Function::Size => {
                Fact::Number(Number::whole(i128::try_from(text.chars().count()).map_err(|_| Untellable)?))
            }
            Function::Upper => Fact::Text(text.to_uppercase()),
            Function::Lower => Fact::Text(text.to_lowercase()),
            _ => return Err(Untellable),
        }))
    }
}
