//! Expressions as they stand in a file: all names are bound by its imports.

mod layout;

use super::doc::{Doc, Place, print};
use super::expr::Expr;
use super::imports::Imports;
use super::literal;
pub(super) use layout::arguments_doc;

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
        layout::doc(&self.0)
    }

    /// As the right side of an assignment or the value of a `return`.
    pub(super) fn statement_doc(&self) -> Doc {
        layout::statement(&self.0)
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
