//! Rules of the diagram in `clean()`.
//!
//! A rule refuses a row if it is false, and not if it is unknown because a value is missing. So each test is written as what is to be known of it:
//! that it is true, or that it is false; both need the values in it.

use super::module::Scope;
use crate::django::Model;
use crate::django::logic::{Absent, Clock, Comparison, Function, Rows, Term, Test, Total};
use crate::django::rule::Named;
use crate::python::{Code, Stmt, translated};

pub(super) type Value = Term<Named>;
pub(super) type Fact = Test<Named>;

/// A rule as it is refused.
pub(super) struct Refusal<'a> {
    pub(super) test: &'a Fact,
    pub(super) message: &'a str,
    pub(super) code: Option<&'a str>,
    pub(super) field: Option<&'a str>,
    /// The names of what goes into the method that it stands in.
    pub(super) params: &'a [String],
}

/// That a rule is broken.
pub(super) fn broken(model: &Model, test: &Fact, params: &[String], scope: &mut Scope<'_>) -> Code {
    let mut writer = Writer::new(model, scope);
    writer.taken.extend_from_slice(params);
    writer.is_saving = true;
    let wrong = writer.test(test, false);
    if follows_many(test) {
        // A row that is not saved yet has no others that lead to it.
        let adding = Code::name("self").attr("_state").attr("adding").negate();
        return joined("and", vec![adding, wrong]);
    }
    wrong
}

/// `if ..: raise ValidationError(..)`; none if no row breaks the rule, once it is one of those that the rule looks at.
pub(super) fn refuse(model: &Model, refusal: &Refusal<'_>, scope: &mut Scope<'_>) -> Option<Stmt> {
    let wrong = broken(model, refusal.test, refusal.params, scope);
    if wrong == Code::bool(false) {
        return None;
    }
    let error = |scope: &mut Scope<'_>| Code::name(&scope.imports.from("django.core.exceptions", "ValidationError"));
    let message = translated(refusal.message, &mut scope.imports);
    let mut raised = error(scope).call().arg(message);
    if let Some(code) = refusal.code {
        raised = raised.kwarg("code", Code::str(code));
    }
    if let Some(field) = refusal.field {
        raised = error(scope).call().arg(Code::dict([(Code::str(field), raised)]));
    }
    Some(Stmt::If(wrong, vec![Stmt::Raise(raised)]))
}

pub(super) struct Writer<'s, 'p> {
    pub(super) model: &'s Model,
    pub(super) scope: &'s mut Scope<'p>,
    /// The names of the rows that are looked at, by their numbers.
    pub(super) rows: Vec<(usize, String)>,
    /// Other names that mean something here.
    pub(super) taken: Vec<String>,
    /// `self` is about to be saved: the database has it as it was, or not at all.
    pub(super) is_saving: bool,
}

/// `a and b`; those of the same kind are spliced in, what is said twice is said once, and what says nothing is left out.
pub(super) fn joined(operator: &'static str, parts: Vec<Code>) -> Code {
    let (nothing, all_of_it) = (Code::bool(operator == "and"), Code::bool(operator != "and"));
    let mut all: Vec<Code> = Vec::new();
    for part in parts {
        for part in part.operands(operator) {
            if part == all_of_it {
                return all_of_it;
            }
            if part != nothing && !all.contains(&part) {
                all.push(part);
            }
        }
    }
    if all.is_empty() { nothing } else { Code::binary(operator, all) }
}

impl<'s, 'p> Writer<'s, 'p> {
    /// Writes about a row of `model`, which is `self`.
    pub(super) fn new(model: &'s Model, scope: &'s mut Scope<'p>) -> Self {
        Self { model, scope, rows: vec![(0, "self".to_owned())], taken: Vec::new(), is_saving: false }
    }
}

impl Writer<'_, '_> {
    /// That a test is true, or that it is false.
    pub(super) fn test(&mut self, test: &Fact, sign: bool) -> Code {
        match test {
            Test::Constant(value) => Code::bool(*value == sign),
            Test::And(tests) => self.all(tests, sign, if sign { "and" } else { "or" }),
            Test::Or(tests) => self.all(tests, sign, if sign { "or" } else { "and" }),
            Test::Not(test) => self.test(test, !sign),
            Test::Same(a, b) => {
                let mut both = |x: bool, y: bool| joined("and", vec![self.test(a, x), self.test(b, y)]);
                let (yes, no) = (both(true, sign), both(false, !sign));
                joined("or", vec![yes, no])
            }
            Test::If(test, yes, no) => {
                let one = joined("and", vec![self.test(test, true), self.test(yes, sign)]);
                let other = joined("and", vec![self.test(test, false), self.test(no, sign)]);
                joined("or", vec![one, other])
            }
            Test::Compare(operator, left, right) => {
                let operator = if sign { *operator } else { operator.opposite() };
                let empty = |side: &Value| *side == Term::Literal(crate::python::Expr::str(""));
                let guards = if empty(left) || empty(right) { vec![] } else { self.guards(&[left, right]) };
                let test = self.compare(operator, left, right);
                self.guarded(guards, test)
            }
            Test::IsAbsent(of) => self.is_absent(of, sign),
            Test::Holds(of) => {
                let guards = self.guards(&[of]);
                let value = self.value(of);
                self.guarded(guards, if sign { value } else { value.negate() })
            }
            Test::Among(of, values) => {
                let guards = self.guards(&[of]);
                let values: Vec<Code> = values.iter().map(|value| self.value(value)).collect();
                let test = self.value(of).compare(if sign { "in" } else { "not in" }, Code::tuple(values));
                self.guarded(guards, test)
            }
            Test::Matches(of, pattern) => {
                let guards = self.guards(&[of]);
                let matched = self.scope.imports.reference("re", "fullmatch").call();
                let matched = matched.arg(Code::pattern(pattern)).arg(self.value(of));
                self.guarded(guards, if sign { matched } else { matched.negate() })
            }
            Test::Affix(of, part, at_end) => {
                let guards = self.guards(&[of, part]);
                let part = self.value(part);
                let test = self.value(of).attr(if *at_end { "endswith" } else { "startswith" }).call().arg(part);
                self.guarded(guards, if sign { test } else { test.negate() })
            }
            Test::Exists(rows, _)
            | Test::ForAll(rows, _)
            | Test::One(rows, _)
            | Test::IsUnique(rows, _)
            | Test::Includes(rows, _)
            | Test::IsEmpty(rows) => {
                let guards = self.way(rows);
                let test = self.of_rows(test, sign);
                self.guarded(guards, test)
            }
        }
    }

    /// The same for a test of rows that can be looked at.
    fn of_rows(&mut self, test: &Fact, sign: bool) -> Code {
        match test {
            Test::Exists(rows, test) => self.quantified(rows, test, sign, sign),
            Test::ForAll(rows, test) => self.quantified(rows, test, sign, !sign),
            Test::One(rows, test) => {
                let one = self.counted(rows, Some(test));
                one.compare(if sign { "==" } else { "!=" }, Code::int(1))
            }
            Test::IsUnique(rows, key) => {
                let values = self.generated(rows, key);
                let module = format!("{}.rules", self.scope.project.core);
                let repeats = Code::name(&self.scope.imports.from(&module, "repeats")).call().arg(values);
                if sign { repeats.negate() } else { repeats }
            }
            Test::Includes(rows, row) => {
                let guards = self.guards(&[row]);
                let key = self.key(row);
                let test = if rows.filter.is_empty() && !self.has_self(rows) {
                    self.manager(rows).attr("filter").call().kwarg("pk", key).attr("exists").call()
                } else {
                    let name = self.bind(rows);
                    let test = Code::name(&name).attr("pk").compare("==", key);
                    let found = self.generator(test, rows, &name);
                    self.scope.imports.builtin("any").call().arg(found)
                };
                self.rows.retain(|(row, _)| *row != rows.variable);
                self.guarded(guards, if sign { test } else { test.negate() })
            }
            Test::IsEmpty(rows) => {
                if rows.filter.is_empty() && self.has_self(rows) {
                    return Code::bool(!sign);
                }
                let test = self.any(rows);
                if sign { test.negate() } else { test }
            }
            test => self.test(test, sign),
        }
    }

    fn all(&mut self, tests: &[Fact], sign: bool, operator: &'static str) -> Code {
        let parts = tests.iter().map(|test| self.test(test, sign)).collect();
        joined(operator, parts)
    }

    fn guarded(&mut self, guards: Vec<Code>, test: Code) -> Code {
        joined("and", guards.into_iter().chain([test]).collect())
    }

    /// `any(..)` or `all(..)`: that a test has this sign for any row, or for all.
    fn quantified(&mut self, rows: &Rows<Named>, test: &Fact, sign: bool, any: bool) -> Code {
        let name = self.bind(rows);
        let test = self.test(test, sign);
        let each = self.generator(test, rows, &name);
        self.rows.retain(|(row, _)| *row != rows.variable);
        self.scope.imports.builtin(if any { "any" } else { "all" }).call().arg(each)
    }

    fn compare(&mut self, operator: Comparison, left: &Value, right: &Value) -> Code {
        let is_row = |side: &Value| matches!(side, Term::Row(_) | Term::One { .. });
        let (left, right) = if is_row(left) && is_row(right) {
            (self.key(left), self.key(right))
        } else {
            (self.value(left), self.value(right))
        };
        left.compare(operator.operator(), right)
    }

    /// The primary key of a row.
    pub(super) fn key(&mut self, row: &Value) -> Code {
        match row {
            Term::One { of, field: Named::Field(name), is_back: false, .. } => {
                self.value(of).attr(&format!("{name}_id"))
            }
            row => self.value(row).attr("pk"),
        }
    }

    fn is_absent(&mut self, of: &Value, sign: bool) -> Code {
        let (guards, test) = match of {
            Term::Value { of: row, absent, .. } => {
                let guards = self.guards(&[row]);
                let value = self.value(of);
                let test = match absent {
                    Absent::EmptyText => {
                        if sign {
                            value.negate()
                        } else {
                            value
                        }
                    }
                    Absent::Null | Absent::Never => value.compare(if sign { "is" } else { "is not" }, Code::none()),
                };
                (guards, test)
            }
            Term::One { of: row, field: Named::Field(name), is_back, .. } => {
                let guards = self.guards(&[row]);
                let row = self.value(row);
                let test = if *is_back {
                    let has = self.scope.imports.builtin("hasattr").call().arg(row).arg(Code::str(name));
                    if sign { has.negate() } else { has }
                } else {
                    row.attr(&format!("{name}_id")).compare(if sign { "is" } else { "is not" }, Code::none())
                };
                (guards, test)
            }
            other => {
                let guards = self.guards(&[other]);
                // What is computed is there if what it is computed from is.
                let there = joined("and", guards);
                (vec![], if sign { there.negate() } else { there })
            }
        };
        self.guarded(guards, test)
    }

    pub(super) fn value(&mut self, value: &Value) -> Code {
        match value {
            Term::Row(row) => {
                let name = self.rows.iter().find(|(known, _)| known == row).map_or("self", |(_, name)| name.as_str());
                Code::name(name)
            }
            Term::Literal(literal) => Code::of(literal, &mut self.scope.imports),
            Term::Member(of, which) => self.member(of, *which),
            Term::Parameter(name) => Code::name(name),
            Term::Clock(clock) => {
                let name = if *clock == Clock::Now { "now" } else { "localdate" };
                self.scope.imports.reference("django.utils.timezone", name).call()
            }
            Term::Value { of, field, .. } | Term::One { of, field, .. } => {
                let row = self.value(of);
                match field {
                    Named::Field(name) => row.attr(name),
                    _ => row,
                }
            }
            Term::Negative(of) => self.value(of).minus(),
            Term::Arithmetic(operator, left, right) => {
                Code::binary(operator.operator(), vec![self.value(left), self.value(right)])
            }
            Term::Function(function, args) => self.function(*function, args),
            Term::Count(rows) => self.counted(rows, None),
            Term::Total(total, rows, of) => {
                let values = self.generated(rows, of);
                match total {
                    Total::Sum => self.scope.imports.builtin("sum").call().arg(values),
                    Total::Least | Total::Most => {
                        let name = if *total == Total::Least { "min" } else { "max" };
                        let call = self.scope.imports.builtin(name).call();
                        call.arg(values.parenthesized()).kwarg("default", Code::none())
                    }
                }
            }
            Term::If(test, yes, no) => {
                let test = self.test(test, true);
                let (yes, no) = (self.value(yes), self.value(no));
                yes.conditional(test, no)
            }
        }
    }

    fn member(&mut self, of: &Named, which: usize) -> Code {
        let Named::Choices(key) = of else { return Code::none() };
        let Some(member) = self.scope.project.choices(key).and_then(|choices| choices.members.get(which)) else {
            return Code::none();
        };
        let name = member.name.clone();
        self.scope.choices(key).attr(&name)
    }

    fn function(&mut self, function: Function, args: &[Value]) -> Code {
        let whole = |value: &Value| match value {
            Term::Literal(crate::python::Expr::Int(digits)) => digits.parse::<u32>().ok(),
            _ => None,
        };
        if let (Function::Substring, [text, first, last]) = (function, args) {
            let (first, last) = (whole(first).unwrap_or(1), whole(last).unwrap_or(0));
            return self.value(text).slice(first.saturating_sub(1), last);
        }
        let mut codes: Vec<Code> = args.iter().map(|arg| self.value(arg)).collect();
        if function == Function::Concat {
            return Code::binary("+", codes);
        }
        let text_method = match function {
            Function::Upper => Some("upper"),
            Function::Lower => Some("lower"),
            _ => None,
        };
        if let (Some(name), Some(text)) = (text_method, codes.pop()) {
            return text.attr(name).call();
        }
        codes = args.iter().map(|arg| self.value(arg)).collect();
        if function == Function::Div {
            return self.scope.imports.builtin("int").call().arg(Code::binary("/", codes));
        }
        let call = match function {
            Function::Size => self.scope.imports.builtin("len"),
            Function::Absolute => self.scope.imports.builtin("abs"),
            Function::Least => self.scope.imports.builtin("min"),
            Function::Most => self.scope.imports.builtin("max"),
            Function::Floor => self.scope.imports.reference("math", "floor"),
            _ => self.scope.imports.reference("math", "fmod"),
        };
        codes.into_iter().fold(call.call(), Code::arg)
    }
}

/// Whether a rule follows a relation from its own row to many.
fn follows_many(test: &Fact) -> bool {
    let of_row = |rows: &Rows<Named>| rows.of.as_ref().is_some_and(|of| *of == Term::Row(0));
    test.any_rows(&mut |rows| of_row(rows))
}

/// Whether a rule compares rows with each other.
pub(super) fn compares_rows(test: &Fact) -> bool {
    match test {
        Test::IsUnique(..) => true,
        Test::And(tests) | Test::Or(tests) => tests.iter().any(compares_rows),
        Test::Not(test) | Test::Exists(_, test) | Test::ForAll(_, test) | Test::One(_, test) => compares_rows(test),
        Test::Same(a, b) => compares_rows(a) || compares_rows(b),
        Test::If(test, yes, no) => compares_rows(test) || compares_rows(yes) || compares_rows(no),
        _ => false,
    }
}
