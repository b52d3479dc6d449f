//! Expressions.

use std::fmt;

/// A name that Python accepts: ASCII letters, digits and `_`, no leading digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

impl Identifier {
    /// Checks `name`; keywords are the caller's business (`policy::reserved`).
    pub fn new(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        let first = chars.next()?;
        let starts = first.is_ascii_alphabetic() || first == '_';
        (starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words that are no names.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The dotted name of something in a module: `shop.validators.is_isbn`. Each part is a name that Python accepts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dotted {
    module: String,
    name: String,
}

impl Dotted {
    /// Checks `text`.
    pub fn new(text: &str) -> Option<Self> {
        let (module, name) = text.trim().rsplit_once('.')?;
        let is_name = |part: &str| Identifier::new(part).is_some() && !KEYWORDS.contains(&part);
        let fits = module.split('.').all(is_name) && is_name(name);
        fits.then(|| Self { module: module.to_owned(), name: name.to_owned() })
    }

    /// `shop.validators`
    pub fn module(&self) -> &str {
        &self.module
    }

    /// `is_isbn`
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Dotted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// Decimal digits with an optional `-`; of any size.
    Int(String),
    /// A finite float.
    Float(f64),
    /// A string.
    Str(String),
    /// `_("text")`: translated in `models.py`, a plain string in migrations.
    Translated(String),
    /// A dotted name of an imported module: module `django.utils.timezone`, name `now`; of the module `builtins`, just the name.
    Ref {
        /// The module to import.
        module: &'static str,
        /// The name in it, possibly dotted.
        name: &'static str,
    },
    /// A name in the file itself.
    Name(Identifier),
    /// A call of an imported name: `Decimal("0.00")`.
    Call {
        /// Module of what is called.
        module: &'static str,
        /// What is called.
        name: &'static str,
        /// Positional arguments.
        args: Vec<Expr>,
        /// Keyword arguments in the order written.
        kwargs: Vec<(&'static str, Expr)>,
    },
    /// Something that somebody else has made: `shop.validators.is_isbn`.
    Dotted(Dotted),
    /// An object of a class that somebody else has made: `shop.fields.IsbnField(strict=True)`.
    Construct {
        /// The class.
        class: Dotted,
        /// Keyword arguments in the order written.
        kwargs: Vec<(Identifier, Expr)>,
    },
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `{k: v}`
    Dict(Vec<(Expr, Expr)>),
}

impl Expr {
    /// An integer.
    pub fn int(value: impl Into<i128>) -> Self {
        Self::Int(value.into().to_string())
    }

    /// A string.
    pub fn str(value: impl Into<String>) -> Self {
        Self::Str(value.into())
    }
}
