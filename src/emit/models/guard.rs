//! What must be there before a value can be computed or rows can be looked at: the unknown neither holds nor fails.

use std::cmp::Ordering;

use super::invariant::{Fact, Value, Writer, joined};
use crate::django::logic::{Absent, Arithmetic, Function, Rows, Term, Test, Total};
use crate::django::number::Number;
use crate::django::rule::Named;
use crate::django::shape::Shape;
use crate::django::{FieldKind, ModelKey};
use crate::python::Code;

impl Writer<'_, '_> {
    /// What must be there before these values can be computed.
    pub(super) fn guards(&mut self, values: &[&Value]) -> Vec<Code> {
        let mut found = Vec::new();
        for value in values {
            self.guard(value, &mut found);
        }
        found
    }

    fn guard(&mut self, value: &Value, found: &mut Vec<Code>) {
        match value {
            Term::Row(_) | Term::Literal(_) | Term::Member(..) | Term::Clock(_) | Term::Parameter(_) => {}
            Term::Count(rows) | Term::Total(Total::Sum, rows, _) => found.extend(self.way(rows)),
            Term::Value { of, field, absent } => {
                self.guard(of, found);
                let code = self.value(value);
                match absent {
                    Absent::EmptyText => found.push(code),
                    Absent::Null => found.push(code.compare("is not", Code::none())),
                    // A form may have refused it already.
                    Absent::Never if **of == Term::Row(0) && self.starts_without(field) => {
                        found.push(code.compare("is not", Code::none()));
                    }
                    Absent::Never => {}
                }
            }
            Term::One { of, field, is_back, optional } => {
                self.guard(of, found);
                let Named::Field(name) = field else { return };
                let row = self.value(of);
                if *is_back {
                    found.push(self.scope.imports.builtin("hasattr").call().arg(row).arg(Code::str(name)));
                } else if *optional || **of == Term::Row(0) {
                    found.push(row.attr(&format!("{name}_id")).compare("is not", Code::none()));
                }
            }
            Term::Negative(of) => self.guard(of, found),
            Term::Arithmetic(operator, left, right) => {
                self.guard(left, found);
                self.guard(right, found);
                if *operator == Arithmetic::Divide && !is_nonzero(right) {
                    found.push(self.value(right).compare("!=", Code::int(0)));
                }
            }
            Term::Function(function, args) => {
                for arg in args {
                    self.guard(arg, found);
                }
                if let (Function::Div | Function::Mod, [_, divisor]) = (function, args.as_slice())
                    && !is_nonzero(divisor)
                {
                    found.push(self.value(divisor).compare("!=", Code::int(0)));
                }
            }
            Term::Total(_, rows, _) => {
                found.extend(self.way(rows));
                let code = self.value(value);
                found.push(code.compare("is not", Code::none()));
            }
            Term::If(test, yes, no) => {
                let (mut one, mut other) = (Vec::new(), Vec::new());
                self.guard(yes, &mut one);
                self.guard(no, &mut other);
                if one.is_empty() && other.is_empty() && self.is_total(test) {
                    return;
                }
                one.insert(0, self.test(test, true));
                other.insert(0, self.test(test, false));
                found.push(joined("or", vec![joined("and", one), joined("and", other)]));
            }
        }
    }

    /// Whether a test is always true or false: no value that it reads can be missing.
    pub(super) fn is_total(&mut self, test: &Fact) -> bool {
        let has = |writer: &mut Self, values: &[&Value]| writer.guards(values).is_empty();
        match test {
            Test::And(tests) | Test::Or(tests) => tests.iter().all(|test| self.is_total(test)),
            Test::Not(test) => self.is_total(test),
            Test::Exists(rows, test) | Test::ForAll(rows, test) => self.way(rows).is_empty() && self.is_total(test),
            Test::Same(a, b) => self.is_total(a) && self.is_total(b),
            Test::If(test, yes, no) => [test, yes, no].into_iter().all(|test| self.is_total(test)),
            Test::Compare(_, left, right) => {
                let empty = |side: &Value| *side == Term::Literal(crate::python::Expr::str(""));
                empty(left) || empty(right) || has(self, &[left, right])
            }
            Test::Affix(left, right, _) => has(self, &[left, right]),
            Test::IsAbsent(Term::Value { of, .. } | Term::One { of, .. }) => has(self, &[of]),
            Test::Holds(of) | Test::Matches(of, _) | Test::Among(of, _) => has(self, &[of]),
            Test::Includes(rows, of) => self.way(rows).is_empty() && has(self, &[of]),
            Test::One(rows, _) | Test::IsUnique(rows, _) | Test::IsEmpty(rows) => self.way(rows).is_empty(),
            Test::Constant(_) | Test::IsAbsent(_) => true,
        }
    }

    /// Whether a new object may have nothing in a field that must have something.
    fn starts_without(&self, field: &Named) -> bool {
        let Named::Field(name) = field else { return false };
        let key = ModelKey::new(self.scope.app, &self.model.name);
        match Shape::of(self.scope.project, &key).as_ref().and_then(|shape| shape.field(name)) {
            Some(member) => {
                !member.field.is_text() && member.field.default.is_none() && member.field.kind != FieldKind::Boolean
            }
            None => true,
        }
    }

    /// What must be there before rows can be looked at: the row that they are of.
    pub(super) fn way(&mut self, rows: &Rows<Named>) -> Vec<Code> {
        rows.of.as_ref().map(|of| self.guards(&[of])).unwrap_or_default()
    }
}

/// Whether a divisor is a number other than zero.
fn is_nonzero(divisor: &Value) -> bool {
    matches!(divisor, Term::Literal(number) if Number::of(number).is_some_and(|it| it.compare(Number::whole(0)) != Some(Ordering::Equal)))
}
