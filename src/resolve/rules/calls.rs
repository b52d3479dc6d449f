//! Operations of OCL's library (OCL 2.4, 11).

use std::ops::Range;

use super::types::{Fact, Fault, Found, Item, Ty, Typed, Value, Wrong};
use super::typing::{Known, Typing, absence, both, wider};
use crate::django::logic::{Clock, Comparison, Function, Rows, Term, Test, Total};
use crate::facts::{Named, Table};
use crate::policy::naming;
use crate::python::Expr;
use crate::uml::ocl::{Arrow, NodeId};
use crate::util::arena::Id;

impl<'a> Typing<'a, '_, '_> {
    /// `name.size()`, `Order.allInstances()`, `today()`
    pub(super) fn call(
        &mut self,
        of: Option<NodeId>,
        name: &str,
        name_at: &Range<usize>,
        args: &[NodeId],
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        let clock = match name {
            "now" => Some((Clock::Now, Ty::DateTime)),
            "today" => Some((Clock::Today, Ty::Date)),
            _ => None,
        };
        if let Some((clock, ty)) = clock.filter(|_| args.is_empty()) {
            return Ok(Typed::Value(Term::Clock(clock), ty));
        }
        let Some(of) = of else {
            let around = self.around();
            let found =
                around.into_iter().find_map(|(row, table)| Some((row, self.members.query(table, name, args.len())?)));
            return match found {
                Some((row, query)) => self.query(row, query, name, args, at),
                None => Err(unsupported(name_at, name)),
            };
        };
        let of_at = self.at(of);
        let receiver = self.typed(of)?;
        match (name, args) {
            ("allInstances", []) => match receiver {
                Typed::Class(class) => match self.members.facts.tables().of_class.get(class) {
                    Some(&table) if !self.members.facts.tables().tables[table].is_abstract => {
                        let name = naming::snake(&self.members.facts.tables().tables[table].wish.text);
                        let all =
                            Rows { of: None, field: Named::Table(table), variable: usize::MAX, name, filter: vec![] };
                        Ok(Typed::Rows(all, table))
                    }
                    _ => self.wrong(of_at, Fault::Unsupported, "asks for all objects of a class without a table"),
                },
                _ => self.wrong(of_at, Fault::Type, "asks something for all its instances that is no class"),
            },
            ("oclIsUndefined" | "isUndefined" | "oclIsInvalid", []) => match receiver {
                Typed::Value(value, ty) => Ok(Typed::Test(absence(value, ty))),
                Typed::Rows(rows, _) => Ok(self.emptiness(rows)),
                other => self.wrong(of_at, Fault::Type, format!("asks whether {} is undefined", other.name())),
            },
            ("oclAsSet" | "asSet" | "asSequence" | "asBag" | "asOrderedSet", []) => Ok(receiver),
            (
                "size" | "isEmpty" | "notEmpty" | "sum" | "includes" | "excludes" | "forAll" | "exists" | "select"
                | "reject" | "collect" | "isUnique" | "one",
                _,
            ) if matches!(receiver, Typed::Rows(..) | Typed::Values(..) | Typed::Set(_)) => {
                // Java's dot, meant as an arrow.
                let arrow = Arrow {
                    of,
                    name: name.to_owned(),
                    name_at: name_at.clone(),
                    variables: vec![],
                    args: args.to_vec(),
                };
                self.on_collection(receiver, &arrow, at)
            }
            _ => match receiver {
                Typed::Value(row, Ty::Row(table)) => match self.members.query(table, name, args.len()) {
                    Some(query) => self.query(row, query, name, args, at),
                    None => Err(unsupported(name_at, name)),
                },
                Typed::Value(value, Ty::Text) => self.on_text(value, name, name_at, args),
                Typed::Value(value, ty) if ty.is_number() => self.on_number((value, ty), name, name_at, args),
                // Not in OCL's library, but in the book that introduced it, and in Java's.
                Typed::Value(value, ty) if ty.is_ordered() => match (name, args) {
                    ("isBefore" | "isAfter", [other]) => {
                        let comparison = if name == "isBefore" { Comparison::Less } else { Comparison::Greater };
                        let other = self.value(*other)?;
                        Ok(Typed::Test(self.compared(comparison, (value, ty), other, at)?))
                    }
                    _ => Err(unsupported(name_at, name)),
                },
                _ => Err(unsupported(name_at, name)),
            },
        }
    }

    fn on_text(&mut self, text: Value, name: &str, name_at: &Range<usize>, args: &[NodeId]) -> Known<Typed<'a>> {
        let function = |function, args| Ok(Typed::Value(Term::Function(function, args), Ty::Text));
        match (name, args) {
            ("size" | "length", []) => Ok(Typed::Value(Term::Function(Function::Size, vec![text]), Ty::Integer)),
            ("isEmpty", []) => {
                let empty = Term::Literal(Expr::str(""));
                Ok(Typed::Test(Test::Compare(Comparison::Equal, text, empty)))
            }
            ("toUpper" | "toUpperCase", []) => function(Function::Upper, vec![text]),
            ("toLower" | "toLowerCase", []) => function(Function::Lower, vec![text]),
            ("concat", [more]) => {
                let more = self.text(*more)?;
                Ok(Typed::Value(joined(text, more), Ty::Text))
            }
            ("substring", [first, last]) => {
                let (first, last) = (self.number(*first)?.0, self.number(*last)?.0);
                function(Function::Substring, vec![text, first, last])
            }
            ("matches", [pattern]) => match self.text(*pattern)? {
                Term::Literal(Expr::Str(pattern)) if crate::django::pattern::matching(&pattern, 0).is_some() => {
                    Ok(Typed::Test(Test::Matches(text, pattern)))
                }
                _ => {
                    self.wrong(self.at(*pattern), Fault::Unsupported, "has a pattern that Python might read otherwise")
                }
            },
            ("startsWith" | "endsWith", [part]) => {
                let part = self.text(*part)?;
                Ok(Typed::Test(Test::Affix(text, part, name == "endsWith")))
            }
            _ => Err(unsupported(name_at, name)),
        }
    }

    fn on_number(
        &mut self,
        (number, ty): (Value, Ty),
        name: &str,
        name_at: &Range<usize>,
        args: &[NodeId],
    ) -> Known<Typed<'a>> {
        match (name, args) {
            ("abs", []) => Ok(Typed::Value(Term::Function(Function::Absolute, vec![number]), ty)),
            ("floor", []) => Ok(Typed::Value(Term::Function(Function::Floor, vec![number]), Ty::Integer)),
            ("round", []) => Ok(Typed::Value(Term::Function(Function::Round, vec![number]), Ty::Integer)),
            ("max" | "min", [other]) => {
                let (other, other_ty) = self.number(*other)?;
                let Some(ty) = wider(ty, other_ty) else {
                    return self.wrong(self.at(*other_id(args)), Fault::Type, "mixes numbers of different kinds");
                };
                let function = if name == "max" { Function::Most } else { Function::Least };
                Ok(Typed::Value(Term::Function(function, vec![number, other]), ty))
            }
            ("div" | "mod", [other]) if ty == Ty::Integer => {
                let (other, _) = self.number(*other)?;
                Ok(Typed::Value(divided(name == "div", number, other), Ty::Integer))
            }
            _ => Err(unsupported(name_at, name)),
        }
    }

    /// `lines->forAll(line | line.quantity > 0)`
    pub(super) fn arrow(&mut self, arrow: &Arrow, at: Range<usize>) -> Known<Typed<'a>> {
        let receiver = self.typed(arrow.of)?;
        self.on_collection(receiver, arrow, at)
    }

    fn on_collection(&mut self, receiver: Typed<'a>, arrow: &Arrow, at: Range<usize>) -> Known<Typed<'a>> {
        match receiver {
            Typed::Rows(rows, table) => self.on_rows(rows, table, arrow),
            Typed::Values(rows, value, ty) => self.on_values(rows, value, ty, arrow),
            Typed::Set(items) => self.on_set(items, arrow, at),
            // A single value is a collection of one, or of none (OCL 2.4, 7.5.3).
            Typed::Value(value, ty) => match (arrow.name.as_str(), arrow.args.as_slice()) {
                ("isEmpty", []) => Ok(Typed::Test(absence(value, ty))),
                ("notEmpty", []) => Ok(Typed::Test(Test::Not(Box::new(absence(value, ty))))),
                ("size", []) => {
                    let (none, one) = (Term::Literal(Expr::int(0)), Term::Literal(Expr::int(1)));
                    let absent = Box::new(absence(value, ty));
                    Ok(Typed::Value(Term::If(absent, Box::new(none), Box::new(one)), Ty::Integer))
                }
                _ => Err(unsupported(&arrow.name_at, &arrow.name)),
            },
            other => self.wrong(arrow.name_at.clone(), Fault::Type, format!("treats {} as a collection", other.name())),
        }
    }

    fn emptiness(&mut self, mut rows: Found) -> Typed<'a> {
        self.number_rows(&mut rows);
        Typed::Test(Test::IsEmpty(Box::new(rows)))
    }

    fn on_rows(&mut self, mut rows: Found, table: Id<Table>, arrow: &Arrow) -> Known<Typed<'a>> {
        let first = arrow.variables.first();
        match (arrow.name.as_str(), arrow.args.as_slice()) {
            ("asSet" | "asSequence" | "asBag" | "asOrderedSet" | "flatten", []) => Ok(Typed::Rows(rows, table)),
            ("isEmpty", []) => Ok(self.emptiness(rows)),
            ("notEmpty", []) => {
                self.number_rows(&mut rows);
                Ok(Typed::Test(Test::Not(Box::new(Test::IsEmpty(Box::new(rows))))))
            }
            ("size", []) => {
                self.number_rows(&mut rows);
                Ok(Typed::Value(Term::Count(Box::new(rows)), Ty::Integer))
            }
            ("includes" | "excludes", [row]) => {
                self.number_rows(&mut rows);
                let (row, ty) = self.value(*row)?;
                if !matches!(ty, Ty::Row(_)) {
                    return self.wrong(self.at(arrow.args[0]), Fault::Type, format!("looks for {}", ty.name()));
                }
                let test = Test::Includes(Box::new(rows), row);
                Ok(Typed::Test(if arrow.name == "excludes" { Test::Not(Box::new(test)) } else { test }))
            }
            ("forAll", [body]) if arrow.variables.len() == 2 => {
                let inner_rows = rows.clone();
                let second = arrow.variables.get(1);
                let (outer, (inner, test)) = self.with_rows(rows, table, first, |typing| {
                    typing.with_rows(inner_rows, table, second, |typing| typing.test(*body))
                })?;
                let inner = Test::ForAll(Box::new(inner), Box::new(test));
                Ok(Typed::Test(Test::ForAll(Box::new(outer), Box::new(inner))))
            }
            ("forAll" | "exists" | "one" | "select" | "reject" | "any", [body]) if arrow.variables.len() < 2 => {
                let (mut rows, test) = self.with_rows(rows, table, first, |typing| typing.test(*body))?;
                let test = if arrow.name == "reject" { Test::Not(Box::new(test)) } else { test };
                Ok(match arrow.name.as_str() {
                    "forAll" => Typed::Test(Test::ForAll(Box::new(rows), Box::new(test))),
                    "exists" => Typed::Test(Test::Exists(Box::new(rows), Box::new(test))),
                    "one" => Typed::Test(Test::One(Box::new(rows), Box::new(test))),
                    "any" => return Err(unsupported(&arrow.name_at, &arrow.name)),
                    _ => {
                        rows.filter.push(test);
                        Typed::Rows(rows, table)
                    }
                })
            }
            ("isUnique", [body]) if arrow.variables.len() < 2 => {
                let (rows, (key, _)) = self.with_rows(rows, table, first, |typing| typing.value(*body))?;
                Ok(Typed::Test(Test::IsUnique(Box::new(rows), key)))
            }
            ("collect", [body]) if arrow.variables.len() < 2 => {
                let (rows, (value, ty)) = self.with_rows(rows, table, first, |typing| typing.value(*body))?;
                Ok(Typed::Values(rows, value, ty))
            }
            _ => Err(unsupported(&arrow.name_at, &arrow.name)),
        }
    }

    fn on_values(&mut self, rows: Found, value: Value, ty: Ty, arrow: &Arrow) -> Known<Typed<'a>> {
        match (arrow.name.as_str(), arrow.args.as_slice()) {
            ("asBag" | "asSequence" | "flatten", []) => Ok(Typed::Values(rows, value, ty)),
            ("isEmpty", []) => Ok(Typed::Test(Test::IsEmpty(Box::new(rows)))),
            ("notEmpty", []) => Ok(Typed::Test(Test::Not(Box::new(Test::IsEmpty(Box::new(rows)))))),
            ("size", []) => Ok(Typed::Value(Term::Count(Box::new(rows)), Ty::Integer)),
            ("sum", []) if ty.is_number() => {
                Ok(Typed::Value(Term::Total(Total::Sum, Box::new(rows), Box::new(value)), ty))
            }
            ("max" | "min", []) if ty.is_ordered() => {
                let total = if arrow.name == "max" { Total::Most } else { Total::Least };
                Ok(Typed::Value(Term::Total(total, Box::new(rows), Box::new(value)), ty))
            }
            ("includes" | "excludes", [other]) => {
                let (other_value, other_ty) = self.value(*other)?;
                let at = self.at(*other);
                let same = self.compared(Comparison::Equal, (value, ty), (other_value, other_ty), at)?;
                let test = Test::Exists(Box::new(rows), Box::new(same));
                Ok(Typed::Test(if arrow.name == "excludes" { Test::Not(Box::new(test)) } else { test }))
            }
            _ => Err(unsupported(&arrow.name_at, &arrow.name)),
        }
    }

    fn on_set(&mut self, items: Vec<Item>, arrow: &Arrow, at: Range<usize>) -> Known<Typed<'a>> {
        let [value] = arrow.args[..] else { return Err(unsupported(&arrow.name_at, &arrow.name)) };
        if !matches!(arrow.name.as_str(), "includes" | "excludes") {
            return Err(unsupported(&arrow.name_at, &arrow.name));
        }
        let (value, ty) = self.value(value)?;
        let mut values = Vec::new();
        let mut tests: Vec<Fact> = Vec::new();
        for item in items {
            match item {
                Item::One(one, one_ty) => {
                    match self.compared(Comparison::Equal, (value.clone(), ty), (one, one_ty), at.clone())? {
                        Test::Compare(_, left, literal @ (Term::Literal(_) | Term::Member(..))) if left == value => {
                            values.push(literal);
                        }
                        test => tests.push(test),
                    }
                }
                Item::Range(first, last, range_ty) => {
                    let bound = |comparison, bound| {
                        self.compared(comparison, (value.clone(), ty), (bound, range_ty), at.clone())
                    };
                    let (low, high) = (bound(Comparison::GreaterEqual, first)?, bound(Comparison::LessEqual, last)?);
                    tests.push(both(low, high, true));
                }
            }
        }
        match values.len() {
            0 => {}
            1 => tests.extend(values.pop().map(|only| Test::Compare(Comparison::Equal, value, only))),
            _ => tests.push(Test::Among(value, values)),
        }
        let test = match tests.len() {
            0 => Test::Constant(false),
            1 => tests.remove(0),
            _ => Test::Or(tests),
        };
        Ok(Typed::Test(if arrow.name == "excludes" { Test::Not(Box::new(test)) } else { test }))
    }
}

/// The only argument.
fn other_id(args: &[NodeId]) -> &NodeId {
    &args[0]
}

fn unsupported(at: &Range<usize>, name: &str) -> Wrong {
    Wrong {
        at: at.clone(),
        message: format!("uses `{name}`, which is not translated"),
        help: None,
        fault: Fault::Unsupported,
    }
}

/// `a.concat(b)`; longer chains are one.
pub(super) fn joined(a: Value, b: Value) -> Value {
    let mut parts = Vec::new();
    for part in [a, b] {
        match part {
            Term::Function(Function::Concat, more) => parts.extend(more),
            part => parts.push(part),
        }
    }
    Term::Function(Function::Concat, parts)
}

/// `a.div(b)`, `a.mod(b)`
pub(super) fn divided(is_div: bool, a: Value, b: Value) -> Value {
    Term::Function(if is_div { Function::Div } else { Function::Mod }, vec![a, b])
}
