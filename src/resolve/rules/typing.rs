//! What a rule means: names are looked up, types are compared (OCL 2.4, 7.4 and 7.5).

use std::ops::Range;

use super::members::{Member, Members, Part, named};
use super::types::{Fact, Fault, Found, Item, Ty, Typed, Value, Wrong, absent};
use crate::django::FieldKind;
use crate::django::field::{Validator, Value as FieldValue};
use crate::django::logic::{Absent, Arithmetic, Comparison, Rows, Term, Test};
use crate::django::number::Number;
use crate::facts::{ColumnKind, Named, Role, Table};
use crate::policy::default;
use crate::policy::naming;
use crate::python::Expr;
use crate::uml::model::DefaultKind;
use crate::uml::ocl::{BinaryOp, Kind, NodeId, Tree, UnaryOp};
use crate::util::arena::Id;
use crate::util::words;

/// What `self` is.
#[derive(Clone, Debug)]
pub(super) struct Own<'a> {
    /// The table whose rows the rule is about.
    pub(super) table: Id<Table>,
    /// What `self` stands for: the row, a value of it, or an embedded one.
    pub(super) what: Typed<'a>,
}

/// A row that a quantifier looks at.
struct Variable {
    name: String,
    table: Id<Table>,
    index: usize,
}

/// Types the expressions of one text.
pub(super) struct Typing<'a, 'b, 't> {
    pub(super) members: &'t Members<'a, 'b>,
    pub(super) tree: &'t Tree,
    pub(super) own: Own<'a>,
    variables: Vec<Variable>,
    lets: Vec<(String, Typed<'a>)>,
    /// The next number of a row.
    next: usize,
}

pub(super) type Known<T> = Result<T, Wrong>;

impl<'a, 'b, 't> Typing<'a, 'b, 't> {
    pub(super) fn new(members: &'t Members<'a, 'b>, tree: &'t Tree, own: Own<'a>) -> Self {
        Self { members, tree, own, variables: Vec::new(), lets: Vec::new(), next: 1 }
    }

    pub(super) fn at(&self, id: NodeId) -> Range<usize> {
        self.tree.node(id).at.clone()
    }

    pub(super) fn wrong<T>(&self, at: Range<usize>, fault: Fault, message: impl Into<String>) -> Known<T> {
        Err(Wrong { at, message: message.into(), help: None, fault })
    }

    /// An expression that is true or false.
    pub(super) fn test(&mut self, id: NodeId) -> Known<Fact> {
        match self.typed(id)? {
            Typed::Test(test) => Ok(test),
            Typed::Value(value, Ty::Boolean) => Ok(holds(value)),
            other => self.wrong(
                self.at(id),
                Fault::Type,
                format!("needs something true or false here, and this is {}", other.name()),
            ),
        }
    }

    /// An expression that is a value.
    pub(super) fn value(&mut self, id: NodeId) -> Known<(Value, Ty)> {
        match self.typed(id)? {
            Typed::Value(value, ty) => Ok((value, ty)),
            other => self.wrong(self.at(id), Fault::Type, format!("needs a value here, and this is {}", other.name())),
        }
    }

    pub(super) fn number(&mut self, id: NodeId) -> Known<(Value, Ty)> {
        let (value, ty) = self.value(id)?;
        if ty.is_number() {
            return Ok((value, ty));
        }
        self.wrong(self.at(id), Fault::Type, format!("needs a number here, and this is {}", ty.name()))
    }

    pub(super) fn text(&mut self, id: NodeId) -> Known<Value> {
        let (value, ty) = self.value(id)?;
        if ty == Ty::Text {
            return Ok(value);
        }
        self.wrong(self.at(id), Fault::Type, format!("needs a text here, and this is {}", ty.name()))
    }

    pub(super) fn typed(&mut self, id: NodeId) -> Known<Typed<'a>> {
        let tree = self.tree;
        let at = self.at(id);
        match &tree.node(id).kind {
            Kind::Integer(digits) => Ok(Typed::Value(Term::Literal(Expr::Int(plain(digits))), Ty::Integer)),
            Kind::Real(digits) => match default::value(digits, DefaultKind::Literal, &REAL, NONE) {
                Ok(Some(FieldValue::Expr(value))) => Ok(Typed::Value(Term::Literal(value), Ty::Decimal)),
                _ => self.wrong(at, Fault::Unsupported, "has a number that is too long"),
            },
            Kind::Text(text) => Ok(Typed::Value(Term::Literal(Expr::str(text)), Ty::Text)),
            Kind::Boolean(value) => Ok(Typed::Test(Test::Constant(*value))),
            Kind::Null => Ok(Typed::Null),
            Kind::Own | Kind::Subject => Ok(self.own.what.clone()),
            Kind::Unique => self.wrong(at, Fault::Unsupported, "says `unique` inside of another condition"),
            Kind::Name(name) => self.name(name, at),
            Kind::Path(path) => self.path(path, at),
            Kind::Member { of, name, name_at } => {
                let of = self.typed(*of)?;
                self.step(of, name, name_at.clone())
            }
            Kind::Call { of, name, name_at, args } => self.call(*of, name, name_at, args, at),
            Kind::Arrow(arrow) => self.arrow(arrow, at),
            Kind::Unary(UnaryOp::Not, of) => Ok(Typed::Test(Test::Not(Box::new(self.test(*of)?)))),
            Kind::Unary(UnaryOp::Minus, of) => {
                let (value, ty) = self.number(*of)?;
                Ok(Typed::Value(negative(value), ty))
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, *left, *right, at),
            Kind::If(test, yes, no) => self.branches(*test, *yes, *no),
            Kind::Let { name, value, body, .. } => {
                let value = self.typed(*value)?;
                self.lets.push((name.clone(), value));
                let body = self.typed(*body);
                self.lets.pop();
                body
            }
            Kind::Collection(_, items) => {
                let mut set = Vec::new();
                for &item in items {
                    set.push(match tree.node(item).kind {
                        Kind::Range(first, last) => {
                            let ((first, a), (last, b)) = (self.number(first)?, self.number(last)?);
                            Item::Range(first, last, wider(a, b).unwrap_or(a))
                        }
                        _ => {
                            let (value, ty) = self.value(item)?;
                            Item::One(value, ty)
                        }
                    });
                }
                Ok(Typed::Set(set))
            }
            Kind::Range(..) => self.wrong(at, Fault::Unsupported, "has a range outside of a collection"),
        }
    }

    // --- names ---

    /// A name: a variable, a `let`, a feature of the rows around it, from the inside out (OCL 2.4, 9.4.1), a class.
    fn name(&self, name: &str, at: Range<usize>) -> Known<Typed<'a>> {
        if let Some((_, value)) = self.lets.iter().rev().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        if let Some(variable) = self.variables.iter().rev().find(|variable| variable.name == name) {
            return Ok(Typed::Value(Term::Row(variable.index), Ty::Row(variable.table)));
        }
        for variable in self.variables.iter().rev() {
            if let Some(member) = self.members.member(variable.table, name) {
                return self.member(Term::Row(variable.index), member, name, at);
            }
        }
        if let Typed::Embedded(whole, row, path) = &self.own.what
            && let Some(part) = self.members.part(whole, path, name)
        {
            return self.part(whole, row, path, part, name, at);
        }
        if let Some(member) = self.members.member(self.own.table, name) {
            return self.member(Term::Row(0), member, name, at);
        }
        match self.members.class_named(&[name.to_owned()], self.own.table) {
            Some(class) => Ok(Typed::Class(class)),
            None => Err(self.unknown(self.own.table, name, at)),
        }
    }

    pub(super) fn unknown(&self, table: Id<Table>, name: &str, at: Range<usize>) -> Wrong {
        let known = self.members.names(table);
        let near = words::nearest(name, known.iter().map(String::as_str));
        let class = &self.members.facts.tables().tables[table].wish.text;
        Wrong {
            at,
            message: format!("names `{name}`, which `{class}` does not have"),
            help: near.first().map(|near| format!("there is `{near}`")),
            fault: Fault::Unknown,
        }
    }

    /// `Status::paid`, `sales::Order`; `#paid` has no first part and needs the other side of a comparison.
    fn path(&self, path: &[String], at: Range<usize>) -> Known<Typed<'a>> {
        let Some((last, before)) = path.split_last() else {
            return self.wrong(at, Fault::Unsupported, "has an empty name");
        };
        if let Some(class) = self.members.class_named(before, self.own.table) {
            if let Some(literal) = self.members.literal(class, last) {
                return Ok(Typed::Value(Term::Member(Named::Enumeration(class), literal), Ty::Enumeration(class)));
            }
            if self.members.facts.roles().get(class) == Role::Enumeration {
                return Err(self.no_literal(class, last, at));
            }
        }
        match self.members.class_named(path, self.own.table).filter(|_| !before.is_empty()) {
            Some(class) => Ok(Typed::Class(class)),
            None => self.wrong(at, Fault::Unknown, format!("names `{}`, which is not in the diagram", path.join("::"))),
        }
    }

    fn no_literal(&self, class: Id<crate::uml::model::Classifier>, name: &str, at: Range<usize>) -> Wrong {
        let literals = self.members.facts.roles().enumeration(class).map_or(&[][..], |fact| &fact.literals);
        let near = words::nearest(name, literals.iter().map(|literal| literal.name.as_str()));
        let class = self.members.cx.model.classifier_name(class);
        Wrong {
            at,
            message: format!("names `{name}`, which is no literal of `{class}`"),
            help: near.first().map(|near| format!("there is `{near}`")),
            fault: Fault::Unknown,
        }
    }

    /// `of.name`
    pub(super) fn step(&mut self, of: Typed<'a>, name: &str, at: Range<usize>) -> Known<Typed<'a>> {
        match of {
            Typed::Value(row, Ty::Row(table)) => match self.members.member(table, name) {
                Some(member) => self.member(row, member, name, at),
                None => Err(self.unknown(table, name, at)),
            },
            // The value of each of them (OCL 2.4, 7.6.2).
            Typed::Rows(rows, table) => {
                let Some(member) = self.members.member(table, name) else {
                    return Err(self.unknown(table, name, at));
                };
                match self.member(Term::Row(rows.variable), member, name, at.clone())? {
                    Typed::Value(value, ty) => Ok(Typed::Values(rows, value, ty)),
                    _ => self.wrong(at, Fault::Unsupported, format!("collects `{name}` of many objects at once")),
                }
            }
            Typed::Embedded(whole, row, path) => match self.members.part(whole, &path, name) {
                Some(part) => self.part(whole, &row, &path, part, name, at),
                None => self.wrong(at, Fault::Unknown, format!("names `{name}`, which the data type does not have")),
            },
            Typed::Class(class) => match self.members.literal(class, name) {
                Some(literal) => {
                    Ok(Typed::Value(Term::Member(Named::Enumeration(class), literal), Ty::Enumeration(class)))
                }
                None => Err(self.no_literal(class, name, at)),
            },
            other => {
                self.wrong(at, Fault::Type, format!("asks for `{name}` of {}, which has no features", other.name()))
            }
        }
    }

    fn part(
        &self,
        whole: &'a crate::facts::EmbeddedFact,
        row: &Value,
        path: &[Id<crate::uml::model::Property>],
        part: Part,
        name: &str,
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        match part {
            Part::Value(column) => self.member(row.clone(), Member::Value(column), name, at),
            Part::Deeper(next) => {
                let path = path.iter().copied().chain([next]).collect();
                Ok(Typed::Embedded(whole, row.clone(), path))
            }
        }
    }

    fn member(&self, row: Value, member: Member<'a>, name: &str, at: Range<usize>) -> Known<Typed<'a>> {
        match member {
            Member::Value(column) => {
                let ColumnKind::Value(fact) = &self.members.facts.tables().columns[column].kind else {
                    return self.wrong(at, Fault::Unsupported, format!("reads `{name}`"));
                };
                let Some(ty) = Ty::of(fact) else {
                    return self.wrong(
                        at,
                        Fault::Unsupported,
                        format!("reads `{name}`, whose values it cannot compare"),
                    );
                };
                let value = Term::Value { of: Box::new(row), field: Named::Column(column), absent: absent(fact) };
                Ok(Typed::Value(value, ty))
            }
            Member::Embedded(whole) => Ok(Typed::Embedded(whole, row, Vec::new())),
            Member::Way(way) => {
                let Some(table) = self.members.target(way) else {
                    return self.wrong(at, Fault::Unsupported, format!("follows `{name}`"));
                };
                let (is_many, optional) = self.members.count(way);
                if is_many {
                    // A number of its own when something looks at the rows.
                    let name = naming::snake(&self.members.facts.tables().tables[table].wish.text);
                    let rows = Rows { of: Some(row), field: named(way), variable: usize::MAX, name, filter: vec![] };
                    return Ok(Typed::Rows(rows, table));
                }
                let is_back = matches!(way, crate::facts::Way::Back(_));
                let one = Term::One { of: Box::new(row), field: named(way), is_back, optional };
                Ok(Typed::Value(one, Ty::Row(table)))
            }
            Member::NotStored => self.wrong(at, Fault::Unsupported, format!("reads `{name}`, which no field stores")),
        }
    }

    /// Lets a collection's body see its rows: the rows with a number, a name for people, and the body.
    pub(super) fn with_rows<T>(
        &mut self,
        mut rows: Found,
        table: Id<Table>,
        name: Option<&String>,
        body: impl FnOnce(&mut Self) -> Known<T>,
    ) -> Known<(Found, T)> {
        self.number_rows(&mut rows);
        let drawn = name.cloned();
        // A single letter says less than the class.
        if let Some(name) = name.filter(|name| name.chars().count() > 1) {
            rows.name = naming::snake(name);
        }
        let index = rows.variable;
        self.variables.push(Variable { name: drawn.unwrap_or_default(), table, index });
        let found = body(self);
        self.variables.pop();
        Ok((rows, found?))
    }

    pub(super) fn number_rows(&mut self, rows: &mut Found) {
        if rows.variable == usize::MAX {
            rows.variable = self.next;
            self.next += 1;
        }
    }

    // --- operators ---

    fn binary(&mut self, operator: BinaryOp, left: NodeId, right: NodeId, at: Range<usize>) -> Known<Typed<'a>> {
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
        Ok(Typed::Value(Term::Arithmetic(arithmetic, Box::new(a), Box::new(b)), ty))
    }

    fn comparison(&mut self, operator: BinaryOp, left: NodeId, right: NodeId, at: Range<usize>) -> Known<Fact> {
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
                let literals = self.members.facts.roles().enumeration(class).map_or(&[][..], |fact| &fact.literals);
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

    fn branches(&mut self, test: NodeId, yes: NodeId, no: NodeId) -> Known<Typed<'a>> {
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

const REAL: FieldKind = FieldKind::Decimal { max_digits: 30, decimal_places: 15 };
const NONE: &[Validator] = &[];

/// Digits without leading zeros.
fn plain(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
}

/// What numbers of two types are together.
pub(super) fn wider(a: Ty, b: Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Integer, Ty::Integer) => Some(Ty::Integer),
        (Ty::Integer | Ty::Decimal, Ty::Integer | Ty::Decimal) => Some(Ty::Decimal),
        (Ty::Integer | Ty::Float, Ty::Integer | Ty::Float) => Some(Ty::Float),
        _ => None,
    }
}

pub(super) fn holds(value: Value) -> Fact {
    Test::Holds(value)
}

/// That there is no value. A required text is there if it is not the empty one.
pub(super) fn absence(value: Value, ty: Ty) -> Fact {
    match &value {
        Term::Value { of, absent: Absent::Never, .. } if **of == Term::Row(0) => match ty {
            Ty::Text => Test::Compare(Comparison::Equal, value, Term::Literal(Expr::str(""))),
            _ => Test::Constant(false),
        },
        Term::One { of, is_back: false, optional: false, .. } if **of == Term::Row(0) => Test::Constant(false),
        _ => Test::IsAbsent(value),
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

/// `a and b`, `a or b`: those of the same kind are spliced in.
pub(super) fn both(a: Fact, b: Fact, and: bool) -> Fact {
    let mut all = Vec::new();
    for test in [a, b] {
        match test {
            Test::And(tests) if and => all.extend(tests),
            Test::Or(tests) if !and => all.extend(tests),
            test => all.push(test),
        }
    }
    if and { Test::And(all) } else { Test::Or(all) }
}

fn negative(value: Value) -> Value {
    let negated = |digits: &str| match digits.strip_prefix('-') {
        Some(digits) => digits.to_owned(),
        None => format!("-{digits}"),
    };
    match value {
        Term::Literal(Expr::Int(digits)) => Term::Literal(Expr::Int(negated(&digits))),
        Term::Literal(Expr::Call { module, name: "Decimal", args, kwargs }) => {
            let args = args.into_iter().map(|arg| match arg {
                Expr::Str(digits) => Expr::Str(negated(&digits)),
                other => other,
            });
            Term::Literal(Expr::Call { module, name: "Decimal", args: args.collect(), kwargs })
        }
        other => Term::Negative(Box::new(other)),
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
