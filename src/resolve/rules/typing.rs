//! What a rule means: names are looked up, types are compared (OCL 2.4, 7.4 and 7.5).

use std::ops::Range;

use super::inlined;
use super::members::{Member, Members, Part, named};
use super::types::{Fact, Fault, Found, Item, Ty, Typed, Value, Wrong, absent};
use crate::account::Element;
use crate::django::FieldKind;
use crate::django::field::{Validator, Value as FieldValue};
use crate::django::logic::{Absent, Comparison, Rows, Term, Test};
use crate::facts::{ColumnKind, Named, Role, Table};
use crate::policy::default;
use crate::policy::naming;
use crate::python::Expr;
use crate::uml::model::{DefaultKind, Property};
use crate::uml::ocl::{Kind, NodeId, Tree, UnaryOp};
use crate::util::arena::Id;
use crate::util::words;

/// What `self` is.
#[derive(Clone, Debug)]
pub(super) struct Own<'a> {
    /// The table whose rows the rule is about.
    pub(super) table: Id<Table>,
    /// What `self` stands for: the row, a value of it, or an embedded one.
    pub(super) what: Typed<'a>,
    /// What an association calls the rows that store its links.
    pub(super) link: Option<String>,
}

impl<'a> Own<'a> {
    pub(super) fn new(table: Id<Table>, what: Typed<'a>) -> Self {
        Self { table, what, link: None }
    }

    /// A row of a table.
    pub(super) fn row(table: Id<Table>, row: Value) -> Self {
        Self::new(table, Typed::Value(row, Ty::Row(table)))
    }
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
    pub(super) lets: Vec<(String, Typed<'a>)>,
    /// The next number of a row.
    pub(super) next: usize,
    /// The derived attributes and queries whose definitions are being looked at.
    pub(super) within: Vec<Element>,
    /// How many definitions may still be looked at.
    pub(super) left: usize,
}

/// How large a rule may become, written out, and how many parts it may have inside of one another: Python takes less than 200 brackets.
const LARGEST: usize = 1000;
const MOST_NESTED: usize = 80;

pub(super) type Known<T> = Result<T, Wrong>;

impl<'a, 'b, 't> Typing<'a, 'b, 't> {
    pub(super) fn new(members: &'t Members<'a, 'b>, tree: &'t Tree, own: Own<'a>) -> Self {
        let (variables, lets, within) = (Vec::new(), Vec::new(), Vec::new());
        Self { members, tree, own, variables, lets, next: 1, within, left: inlined::MOST }
    }

    /// The same for the definition of a derived attribute or query.
    pub(super) fn of_definition(
        members: &'t Members<'a, 'b>,
        tree: &'t Tree,
        own: Own<'a>,
        attribute: Element,
    ) -> Self {
        Self { within: vec![attribute], ..Self::new(members, tree, own) }
    }

    /// Gives a name a meaning.
    pub(super) fn define(&mut self, name: &str, meaning: Typed<'a>) {
        self.lets.push((name.to_owned(), meaning));
    }

    /// The row that the rule is about.
    fn row(&self) -> Value {
        match &self.own.what {
            Typed::Value(row, Ty::Row(_)) => row.clone(),
            _ => Term::Row(0),
        }
    }

    /// Whether this is what an association calls the row that stores the link.
    fn is_link(&self, row: &Value, name: &str) -> bool {
        self.own.link.as_deref() == Some(name) && *row == Term::Row(0)
    }

    /// The rows whose features need no `self.`, from the inside out.
    pub(super) fn around(&self) -> Vec<(Value, Id<Table>)> {
        let variables = self.variables.iter().rev().map(|variable| (Term::Row(variable.index), variable.table));
        variables.chain([(self.row(), self.own.table)]).collect()
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

    /// What an expression means, if that is not too large: names and operators may write again what they were given.
    pub(super) fn typed(&mut self, id: NodeId) -> Known<Typed<'a>> {
        let typed = self.meaning(id)?;
        let size = typed.size();
        self.fits(id, size.parts, size.depth)?;
        Ok(typed)
    }

    /// Refuses what would be too large.
    fn fits(&self, id: NodeId, parts: usize, depth: usize) -> Known<()> {
        if parts > LARGEST || depth > MOST_NESTED {
            return self.wrong(self.at(id), Fault::Unsupported, "is too large once it is written out");
        }
        Ok(())
    }

    fn meaning(&mut self, id: NodeId) -> Known<Typed<'a>> {
        let tree = self.tree;
        let at = self.at(id);
        match &tree.node(id).kind {
            Kind::Integer(digits) => Ok(Typed::Value(Term::Literal(Expr::Int(plain(digits))), Ty::Integer)),
            Kind::Real(digits) => self.real(digits, at),
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
            Kind::Let { name, value, body, .. } => self.with_let(name, *value, *body),
            Kind::Collection(_, items) => self.set(items),
            Kind::Range(..) => self.wrong(at, Fault::Unsupported, "has a range outside of a collection"),
        }
    }

    fn with_let(&mut self, name: &str, value: NodeId, body: NodeId) -> Known<Typed<'a>> {
        let value = self.typed(value)?;
        self.lets.push((name.to_owned(), value));
        let body = self.typed(body);
        self.lets.pop();
        body
    }

    /// A number with a point.
    fn real(&self, digits: &str, at: Range<usize>) -> Known<Typed<'a>> {
        match default::value(digits, DefaultKind::Literal, &REAL, NONE) {
            Ok(Some(FieldValue::Expr(value))) => Ok(Typed::Value(Term::Literal(value), Ty::Decimal)),
            _ => self.wrong(at, Fault::Unsupported, "has a number that is too long"),
        }
    }

    /// The items of a collection.
    fn set(&mut self, items: &[NodeId]) -> Known<Typed<'a>> {
        let mut set = Vec::new();
        let mut parts = 0;
        for &item in items {
            set.push(match self.tree.node(item).kind {
                Kind::Range(first, last) => {
                    let ((first, a), (last, b)) = (self.number(first)?, self.number(last)?);
                    Item::Range(first, last, wider(a, b).unwrap_or(a))
                }
                _ => {
                    let (value, ty) = self.value(item)?;
                    Item::One(value, ty)
                }
            });
            parts += set.last().map_or(0, |item| item.size().parts);
            self.fits(item, parts, 0)?;
        }
        Ok(Typed::Set(set))
    }

    // --- names ---

    /// A name: a variable, a `let`, a feature of the rows around it, from the inside out (OCL 2.4, 9.4.1), a class.
    fn name(&mut self, name: &str, at: Range<usize>) -> Known<Typed<'a>> {
        if let Some((_, value)) = self.lets.iter().rev().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        if let Some(variable) = self.variables.iter().rev().find(|variable| variable.name == name) {
            return Ok(Typed::Value(Term::Row(variable.index), Ty::Row(variable.table)));
        }
        let found = self
            .variables
            .iter()
            .rev()
            .find_map(|variable| Some((Term::Row(variable.index), self.members.member(variable.table, name)?)));
        if let Some((row, member)) = found {
            return self.member(row, member, name, at);
        }
        if let Typed::Embedded(whole, row, path) = self.own.what.clone() {
            if let Some(part) = self.members.part(whole, &path, name) {
                return self.part(whole, &row, &path, part, name, at);
            }
            if let Some(typed) = self.derived_part(whole, &row, &path, name, &at) {
                return typed;
            }
        }
        if self.is_link(&self.row(), name) {
            return Ok(self.own.what.clone());
        }
        if let Some(member) = self.members.member(self.own.table, name) {
            return self.member(self.row(), member, name, at);
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

    pub(super) fn no_literal(&self, class: Id<crate::uml::model::Classifier>, name: &str, at: Range<usize>) -> Wrong {
        let literals = self.members.facts.enumeration(class).map_or(&[][..], |fact| &fact.literals);
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
                _ if self.is_link(&row, name) => Ok(Typed::Value(row, Ty::Row(table))),
                Some(member) => self.member(row, member, name, at),
                None => Err(self.unknown(table, name, at)),
            },
            // The value of each of them (OCL 2.4, 7.6.2).
            Typed::Rows(mut rows, table) => {
                self.number_rows(&mut rows);
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
                None => self.derived_part(whole, &row, &path, name, &at).unwrap_or_else(|| {
                    self.wrong(at, Fault::Unknown, format!("names `{name}`, which the data type does not have"))
                }),
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
        &mut self,
        whole: &'a crate::facts::EmbeddedFact,
        row: &Value,
        path: &[Id<Property>],
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

    fn member(&mut self, row: Value, member: Member<'a>, name: &str, at: Range<usize>) -> Known<Typed<'a>> {
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
            Member::Derived(property, table) => self.derived(Own::row(table, row), property, name, at),
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

    /// Gives rows a number that no rows around them have.
    pub(super) fn number_rows(&mut self, rows: &mut Found) {
        // Rows with a filter, and those of a `let`, may be looked at inside of themselves.
        let is_looked_at = self.variables.iter().any(|variable| variable.index == rows.variable);
        if is_looked_at || rows.variable == usize::MAX {
            *rows = rows.numbered(self.next);
            self.next += 1;
        }
    }
}

pub(super) const REAL: FieldKind = FieldKind::Decimal { max_digits: 30, decimal_places: 15 };
pub(super) const NONE: &[Validator] = &[];

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
        Term::Negative(of) => *of,
        other => Term::Negative(Box::new(other)),
    }
}
