//! Expressions as they stand in a file: all names are bound by its imports.

use super::doc::{Doc, Kind, Literal, Place, print, width};
use super::expr::Expr;
use super::imports::Imports;
use super::literal;

/// An expression of a file. Text gets into it as a literal or as a name that has been cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct Code(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// A name, a number or a keyword.
    Atom(String),
    /// A string.
    Str(String),
    /// A regular expression.
    Pattern(String),
    /// An f-string.
    Format(Vec<Part>),
    /// A call.
    Call(Box<Node>, Vec<(Option<String>, Node)>),
    /// A list, a tuple, a dictionary; `true` if it has one element per line in any case.
    List(Vec<Node>, bool),
    Tuple(Vec<Node>, bool),
    Dict(Vec<(Node, Node)>, bool),
    /// A tuple without parentheses.
    Bare(Vec<Node>),
    /// `a | b | c`
    Binary(&'static str, Vec<Node>),
    /// `~a`, `not a`, `-a`
    Prefix(&'static str, Box<Node>),
    /// `*a`
    Starred(Box<Node>),
    /// `**a`
    DoubleStarred(Box<Node>),
    /// `a.b`
    Attribute(Box<Node>, String),
    /// `a is b`
    Compare(Box<Node>, &'static str, Box<Node>),
    /// `a[b, c]`
    Subscript(Box<Node>, Vec<Node>),
    /// `lambda a: b`
    Lambda(String, Box<Node>),
    /// `value for name in rows if test`, as the only argument of a call.
    Generator(Box<Node>, String, Box<Node>, Option<Box<Node>>),
    /// `[value for name in rows]`, of the generator.
    Comprehension(Box<Node>),
    /// `a if test else b`
    Conditional(Box<Node>, Box<Node>, Box<Node>),
    /// `a:b`
    Slice(u32, u32),
    /// `(a)`
    Parenthesized(Box<Node>),
}

/// A part of an f-string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text.
    Text(String),
    /// A dotted name or a call without arguments, in braces.
    Value(Code),
}

/// `name` if it is one, else the nearest thing that is: whatever somebody calls a name cannot be more than a name.
pub fn identifier(name: &str) -> String {
    let mut clean: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if clean.chars().next().is_none_or(char::is_numeric) {
        clean.insert(0, '_');
    }
    clean
}

impl Code {
    /// A name, possibly dotted.
    pub fn name(name: &str) -> Self {
        Self(Node::Atom(name.split('.').map(identifier).collect::<Vec<_>>().join(".")))
    }

    /// `...`
    pub fn ellipsis() -> Self {
        Self(Node::Atom("...".to_owned()))
    }

    /// `None`
    pub fn none() -> Self {
        Self(Node::Atom("None".to_owned()))
    }

    /// `True`, `False`
    pub fn bool(value: bool) -> Self {
        Self(Node::Atom(if value { "True" } else { "False" }.to_owned()))
    }

    /// An integer.
    pub fn int(value: impl Into<i128>) -> Self {
        Self(Node::Atom(value.into().to_string()))
    }

    /// A string.
    pub fn str(text: impl Into<String>) -> Self {
        Self(Node::Str(text.into()))
    }

    /// An annotation in quotes, in one piece: where it stands, nothing may break.
    pub fn quoted(text: &str) -> Self {
        Self(Node::Atom(literal::quoted(text)))
    }

    /// A regular expression: a raw string if it can be one.
    pub fn pattern(text: impl Into<String>) -> Self {
        Self(Node::Pattern(text.into()))
    }

    /// An f-string.
    pub fn format(parts: Vec<Part>) -> Self {
        Self(Node::Format(parts))
    }

    /// `[..]`
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::List(nodes(items), false))
    }

    /// `(..)`
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Tuple(nodes(items), false))
    }

    /// `{..}`
    pub fn dict(items: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self(Node::Dict(items.into_iter().map(|(key, value)| (key.0, value.0)).collect(), false))
    }

    /// A tuple without parentheses, as the right side of an assignment.
    pub fn bare_tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Bare(nodes(items)))
    }

    /// A tuple of strings.
    pub fn strings<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::tuple(items.into_iter().map(|item| Self::str(item.as_ref())))
    }

    /// The same list, tuple or dictionary, one element per line in any case.
    #[must_use]
    pub fn expanded(mut self) -> Self {
        match &mut self.0 {
            Node::List(items, expanded) | Node::Tuple(items, expanded) => *expanded = !items.is_empty(),
            Node::Dict(items, expanded) => *expanded = !items.is_empty(),
            _ => {}
        }
        self
    }

    /// Operands joined by `operator`; a single one stays as it is.
    pub fn binary(operator: &'static str, operands: Vec<Self>) -> Self {
        let mut operands = nodes(operands);
        match operands.len() {
            1 => Self(operands.remove(0)),
            _ => Self(Node::Binary(operator, operands)),
        }
    }

    /// `~self`
    #[must_use]
    pub fn invert(self) -> Self {
        Self(Node::Prefix("~", Box::new(self.0)))
    }

    /// `not self`
    #[must_use]
    pub fn negate(self) -> Self {
        Self(Node::Prefix("not ", Box::new(self.0)))
    }

    /// `-self`
    #[must_use]
    pub fn minus(self) -> Self {
        Self(Node::Prefix("-", Box::new(self.0)))
    }

    /// `self for name in rows if test`, to be the only argument of a call.
    #[must_use]
    pub fn generator(self, name: &str, rows: Self, test: Option<Self>) -> Self {
        let test = test.map(|test| Box::new(test.0));
        Self(Node::Generator(Box::new(self.0), identifier(name), Box::new(rows.0), test))
    }

    /// `[value for name in rows]`, of the generator.
    #[must_use]
    pub fn listed(self) -> Self {
        Self(Node::Comprehension(Box::new(self.0)))
    }

    /// `self if test else other`
    #[must_use]
    pub fn conditional(self, test: Self, other: Self) -> Self {
        Self(Node::Conditional(Box::new(self.0), Box::new(test.0), Box::new(other.0)))
    }

    /// The operands, if `self` is joined by this operator; else itself.
    pub fn operands(self, operator: &str) -> Vec<Self> {
        match self.0 {
            Node::Binary(known, operands) if known == operator => operands.into_iter().map(Self).collect(),
            node => vec![Self(node)],
        }
    }

    /// `(self)`, where something else stands beside a generator.
    #[must_use]
    pub fn parenthesized(self) -> Self {
        Self(Node::Parenthesized(Box::new(self.0)))
    }

    /// Whether it is `a if test else b`.
    pub fn is_conditional(&self) -> bool {
        matches!(self.0, Node::Conditional(..))
    }

    /// `self[from:to]`
    #[must_use]
    pub fn slice(self, from: u32, to: u32) -> Self {
        Self(Node::Subscript(Box::new(self.0), vec![Node::Slice(from, to)]))
    }

    /// `self is other`, or another comparison.
    #[must_use]
    pub fn compare(self, operator: &'static str, other: Self) -> Self {
        Self(Node::Compare(Box::new(self.0), operator, Box::new(other.0)))
    }

    /// `*self`
    #[must_use]
    pub fn starred(self) -> Self {
        Self(Node::Starred(Box::new(self.0)))
    }

    /// `**self`
    #[must_use]
    pub fn double_starred(self) -> Self {
        Self(Node::DoubleStarred(Box::new(self.0)))
    }

    /// `self.name`
    #[must_use]
    pub fn attr(self, name: &str) -> Self {
        Self(Node::Attribute(Box::new(self.0), identifier(name)))
    }

    /// `self[items]`
    #[must_use]
    pub fn subscript(self, items: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Subscript(Box::new(self.0), nodes(items)))
    }

    /// `lambda parameter: self`
    #[must_use]
    pub fn lambda(self, parameter: &str) -> Self {
        Self(Node::Lambda(identifier(parameter), Box::new(self.0)))
    }

    /// `lambda: self`
    #[must_use]
    pub fn lazy(self) -> Self {
        Self(Node::Lambda(String::new(), Box::new(self.0)))
    }

    /// `self(..)`, without arguments until some are added.
    #[must_use]
    pub fn call(self) -> Self {
        Self(Node::Call(Box::new(self.0), Vec::new()))
    }

    /// A call with one more positional argument.
    #[must_use]
    pub fn arg(mut self, value: Self) -> Self {
        if let Node::Call(_, args) = &mut self.0 {
            args.push((None, value.0));
        }
        self
    }

    /// A call with one more keyword argument.
    #[must_use]
    pub fn kwarg(mut self, name: &str, value: Self) -> Self {
        if let Node::Call(_, args) = &mut self.0 {
            args.push((Some(identifier(name)), value.0));
        }
        self
    }

    /// `expr`, with what it needs imported.
    pub fn of(expr: &Expr, imports: &mut Imports) -> Self {
        Self(match expr {
            Expr::None => return Self::none(),
            Expr::Bool(value) => return Self::bool(*value),
            Expr::Int(digits) => Node::Atom(integer(digits)),
            Expr::Float(value) => return float(*value),
            Expr::Str(text) => Node::Str(text.clone()),
            Expr::Translated(text) => return translated(text, imports),
            Expr::Ref { module, name } => return imports.reference(module, name),
            Expr::Name(name) => Node::Atom(name.as_str().to_owned()),
            // As a whole number needs no quotes.
            Expr::Call { module: "decimal", name: "Decimal", args, .. } if matches!(&args[..], [Expr::Str(text)] if is_whole(text)) =>
            {
                let digits = args.iter().filter_map(|arg| if let Expr::Str(text) = arg { Some(text) } else { None });
                let call = imports.reference("decimal", "Decimal").call();
                return digits.fold(call, |call, digits| call.arg(Self(Node::Atom(integer(digits)))));
            }
            Expr::Call { module, name, args, kwargs } => {
                let mut call = imports.reference(module, name).call();
                for arg in args {
                    call = call.arg(Self::of(arg, imports));
                }
                for (name, value) in kwargs {
                    call = call.kwarg(name, Self::of(value, imports));
                }
                return call;
            }
            Expr::Dotted(it) => return imports.reference(it.module(), it.name()),
            Expr::Construct { class, kwargs } => {
                let call = imports.reference(class.module(), class.name()).call();
                return kwargs
                    .iter()
                    .fold(call, |call, (name, value)| call.kwarg(name.as_str(), Self::of(value, imports)));
            }
            Expr::List(items) => Node::List(items.iter().map(|item| Self::of(item, imports).0).collect(), false),
            Expr::Tuple(items) => Node::Tuple(items.iter().map(|item| Self::of(item, imports).0).collect(), false),
            Expr::Dict(items) => Node::Dict(
                items.iter().map(|(key, value)| (Self::of(key, imports).0, Self::of(value, imports).0)).collect(),
                false,
            ),
        })
    }

    /// Prints it at `place`.
    pub fn print(&self, place: Place) -> String {
        print(&self.doc(), place)
    }

    pub(super) fn doc(&self) -> Doc {
        doc(&self.0)
    }

    /// As the right side of an assignment or the value of a `return`.
    pub(super) fn statement_doc(&self) -> Doc {
        match &self.0 {
            Node::Bare(items) => Doc::group(vec![
                Doc::IfBroken("("),
                Doc::indent(vec![Doc::SoftLine, elements(items.iter().map(element).collect(), false, true)]),
                Doc::SoftLine,
                Doc::IfBroken(")"),
            ]),
            Node::Binary(_, operands) if operands.len() == 2 => two_operands(&self.0),
            Node::Compare(..) => two_operands(&self.0),
            // A part of what a call returns: the brackets of the call break.
            Node::Attribute(of, _) if matches!(&**of, Node::Call(_, args) if !args.is_empty()) => {
                headed(of, doc(&self.0))
            }
            // No bracket of theirs can break.
            Node::Binary(..) | Node::Conditional(..) | Node::Atom(_) | Node::Attribute(..) => {
                parenthesized_if_broken(doc(&self.0))
            }
            Node::Call(_, args) if args.is_empty() => parenthesized_if_broken(doc(&self.0)),
            node @ Node::Call(..) => headed(node, doc(node)),
            node => element(node),
        }
    }

    /// Whether an operator comes last when it is evaluated.
    pub fn has_operator(&self) -> bool {
        matches!(self.0, Node::Binary(..) | Node::Prefix(..) | Node::Compare(..) | Node::Conditional(..))
    }

    /// Whether it is nothing but a string.
    pub fn is_string(&self) -> bool {
        matches!(self.0, Node::Str(ref text) if !text.is_empty())
    }
}

/// `_("text")`: text for people. Empty text is not translated: to gettext it means the header of the catalogue.
pub fn translated(text: &str, imports: &mut Imports) -> Code {
    if text.is_empty() {
        return Code::str("");
    }
    let name = imports.alias("django.utils.translation", "gettext_lazy", "_");
    Code::name(&name).call().arg(Code::str(text))
}

fn nodes(items: impl IntoIterator<Item = Code>) -> Vec<Node> {
    items.into_iter().map(|item| item.0).collect()
}

/// Whether a text is a whole number, whose sign and digits an integer would keep.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits == "0" || !digits.starts_with('0');
    plain && text != "-0" && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Digits with an optional sign; leading zeros are a mistake in Python.
fn integer(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}

fn float(value: f64) -> Code {
    if value.is_finite() {
        // Rust's shortest form that reads back the same; `1e+16` is spelled `1e16` by ruff.
        let text = format!("{value:?}");
        Code(Node::Atom(text))
    } else {
        Code::name("float").call().arg(Code::str(value.to_string().to_lowercase()))
    }
}

fn doc(node: &Node) -> Doc {
    match node {
        Node::Atom(text) => Doc::text(text),
        Node::Str(text) => Doc::Literal(literal::literal(text)),
        Node::Pattern(text) => Doc::Literal(literal::pattern(text)),
        Node::Format(parts) => Doc::Literal(format_literal(parts)),
        Node::Call(callee, args) => Doc::Concat(vec![doc(callee), arguments(args)]),
        Node::List(items, expanded) => {
            brackets("[", elements(items.iter().map(element).collect(), *expanded, false), "]")
        }
        Node::Tuple(items, _) if items.len() == 1 => {
            brackets("(", Doc::Concat(vec![element(&items[0]), Doc::text(",")]), ")")
        }
        Node::Tuple(items, expanded) => {
            brackets("(", elements(items.iter().map(element).collect(), *expanded, false), ")")
        }
        Node::Dict(items, expanded) => {
            let items = items.iter().map(|(key, value)| Doc::Concat(vec![doc(key), Doc::text(": "), element(value)]));
            brackets("{", elements(items.collect(), *expanded, false), "}")
        }
        Node::Bare(items) => {
            let mut parts = Vec::new();
            for (index, item) in items.iter().enumerate() {
                parts.extend((index > 0).then(|| Doc::text(", ")));
                parts.push(doc(item));
            }
            Doc::Concat(parts)
        }
        Node::Binary(operator, operands) => {
            let mut parts = Vec::new();
            for (index, operand) in operands.iter().enumerate() {
                if index > 0 {
                    parts.push(Doc::Line);
                    parts.push(Doc::text(format!("{operator} ")));
                }
                parts.push(operand_doc(operand));
            }
            Doc::group(parts)
        }
        Node::Prefix(sign, operand) => Doc::Concat(vec![Doc::text(*sign), operand_doc(operand)]),
        Node::Compare(left, operator, right) => {
            Doc::group(vec![operand_doc(left), Doc::Line, Doc::text(format!("{operator} ")), operand_doc(right)])
        }
        Node::Generator(value, name, rows, test) => {
            let mut parts = vec![doc(value), Doc::Line, Doc::text(format!("for {name} in ")), doc(rows)];
            if let Some(test) = test {
                parts.extend([Doc::Line, Doc::text("if "), doc(test)]);
            }
            Doc::group(parts)
        }
        Node::Comprehension(generator) => brackets("[", doc(generator), "]"),
        Node::Conditional(value, test, other) => Doc::group(vec![
            doc(value),
            Doc::Line,
            Doc::text("if "),
            doc(test),
            Doc::Line,
            Doc::text("else "),
            doc(other),
        ]),
        Node::Parenthesized(inner) => brackets("(", doc(inner), ")"),
        Node::Slice(from, to) => Doc::text(format!("{from}:{to}")),
        Node::DoubleStarred(object) => Doc::Concat(vec![Doc::text("**"), doc(object)]),
        Node::Starred(object) => Doc::Concat(vec![Doc::text("*"), doc(object)]),
        Node::Attribute(object, name) => Doc::Concat(vec![operand_doc(object), Doc::text(format!(".{name}"))]),
        Node::Lambda(parameter, value) if parameter.is_empty() => {
            Doc::Concat(vec![Doc::text("lambda: ".to_owned()), doc(value)])
        }
        Node::Lambda(parameter, value) => Doc::Concat(vec![Doc::text(format!("lambda {parameter}: ")), doc(value)]),
        Node::Subscript(object, items) => Doc::Concat(vec![
            operand_doc(object),
            brackets("[", elements(items.iter().map(element).collect(), false, false), "]"),
        ]),
    }
}

/// What starts with a call: the name of its function has to fit.
fn headed(call: &Node, content: Doc) -> Doc {
    let Node::Call(callee, _) = call else { return content };
    let head = print(&doc(callee), Place::default());
    let head = width(head.lines().next().unwrap_or_default()) + 1;
    Doc::Headed { head, content: Box::new(content) }
}

/// An operand; one that has an operator itself stands in parentheses.
fn operand_doc(operand: &Node) -> Doc {
    match operand {
        operand if is_nested(operand) => Doc::group(vec![
            Doc::text("("),
            Doc::indent(vec![Doc::SoftLine, doc(operand)]),
            Doc::SoftLine,
            Doc::text(")"),
        ]),
        _ => doc(operand),
    }
}

/// An element of a list, or a value: long strings get parentheses around their pieces.
fn element(node: &Node) -> Doc {
    match node {
        Node::Str(_) | Node::Pattern(_) | Node::Format(_) => parenthesized_if_broken(doc(node)),
        _ => doc(node),
    }
}

/// `a and any(..)`: with one operator, a bracket at the end or at the start breaks rather than the line, as ruff has it, if all in front
/// of it fits into a line of a method.
fn two_operands(node: &Node) -> Doc {
    const ROOM: usize = super::doc::WIDTH - 12;
    let (left, operator, right) = match node {
        Node::Compare(left, operator, right) => (&**left, *operator, &**right),
        Node::Binary(operator, operands) => match operands.as_slice() {
            [left, right] => (left, *operator, right),
            _ => return doc(node),
        },
        _ => return doc(node),
    };
    let joined = || Doc::Concat(vec![inline(left), Doc::text(format!(" {operator} ")), inline(right)]);
    if is_nested(left) {
        return joined();
    }
    let first = print(&operand_doc(left), Place::default());
    let fits = |head: &str| !first.contains('\n') && width(&first) + operator.len() + 2 + width(head) <= ROOM;
    match (head(right), first_call(left)) {
        (Some(head), _) if fits(&head) => joined(),
        (Some(_), Some(call)) => headed(call, joined()),
        _ => parenthesized_if_broken(doc(node)),
    }
}

/// The call that an operand starts with, if its brackets can break.
fn first_call(node: &Node) -> Option<&Node> {
    match node {
        Node::Call(_, args) if !args.is_empty() => Some(node),
        Node::Compare(left, ..) => first_call(left),
        _ => None,
    }
}

/// Whether an operand stands in parentheses.
fn is_nested(node: &Node) -> bool {
    matches!(node, Node::Binary(..) | Node::Conditional(..))
}

/// What stands in front of the bracket that ends an operand.
fn head(node: &Node) -> Option<String> {
    match node {
        Node::Call(callee, args) if !args.is_empty() => Some(format!("{}(", print(&doc(callee), Place::default()))),
        node if is_nested(node) => Some("(".to_owned()),
        Node::Prefix(sign, inner) => Some(format!("{sign}{}", head(inner)?)),
        Node::Compare(left, operator, right) => {
            Some(format!("{} {operator} {}", print(&operand_doc(left), Place::default()), head(right)?))
        }
        _ => None,
    }
}

/// The same, which only breaks in that bracket.
fn inline(node: &Node) -> Doc {
    match node {
        Node::Prefix(sign, inner) => Doc::Concat(vec![Doc::text(*sign), inline(inner)]),
        Node::Compare(left, operator, right) => {
            Doc::Concat(vec![operand_doc(left), Doc::text(format!(" {operator} ")), inline(right)])
        }
        node => operand_doc(node),
    }
}

fn parenthesized_if_broken(content: Doc) -> Doc {
    Doc::group(vec![Doc::IfBroken("("), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::IfBroken(")")])
}

fn brackets(open: &'static str, content: Doc, close: &'static str) -> Doc {
    Doc::group(vec![Doc::text(open), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::text(close)])
}

/// Elements with commas; behind the last one only if the lines break, and then only if there are several or if that comma
/// is what keeps the lines broken. `bare` tuples have one in any case.
fn elements(items: Vec<Doc>, expanded: bool, bare: bool) -> Doc {
    let several = items.len() > 1;
    let mut parts = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            parts.push(Doc::text(","));
            parts.push(Doc::Line);
        }
        parts.push(item);
    }
    if several || expanded || bare {
        parts.push(Doc::IfBroken(","));
    }
    if expanded {
        parts.push(Doc::Force);
    }
    Doc::Concat(parts)
}

/// Arguments in parentheses: on the line, else together on the next one, else one per line.
pub(super) fn arguments_doc(args: &[(Option<&str>, Code)]) -> Doc {
    arguments(&args.iter().map(|(name, value)| (name.map(identifier), value.0.clone())).collect::<Vec<_>>())
}

fn arguments(args: &[(Option<String>, Node)]) -> Doc {
    let docs: Vec<Doc> = match args {
        [] => return Doc::text("()"),
        // Nothing else in the parentheses: they are enough for the pieces of a long string.
        [(None, only)] => vec![doc(only)],
        _ => args.iter().map(|(name, value)| argument(name.as_deref(), value)).collect(),
    };
    brackets("(", Doc::group(vec![elements(docs, false, false)]), ")")
}

fn argument(name: Option<&str>, value: &Node) -> Doc {
    match name {
        None => element(value),
        Some(name) => Doc::Concat(vec![Doc::text(format!("{name}=")), element(value)]),
    }
}

fn format_literal(parts: &[Part]) -> Literal {
    let mut atoms = Vec::new();
    for part in parts {
        atoms.push(match part {
            Part::Text(text) => literal::format_text(text),
            Part::Value(code) => format!("{{{}}}", code.print(Place::default())),
        });
    }
    Literal { kind: Kind::Format, atoms }
}
