//! Conditions: what `Q` objects say, and formulas: what generated columns hold.

use crate::python::Expr;

/// A condition over the columns of one row. Written with `&`, `|`, `^`, `~` in `models.py`; in migrations as Django combines
/// them (`django.db.models.Q._combine`).
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `Q(price__gte=0)`: field, lookup (none for equality) and value.
    Lookup {
        /// The field's name.
        field: String,
        /// `gte`, `isnull`, `in`, …; empty for equality.
        lookup: &'static str,
        /// The value, or another column.
        value: Operand,
    },
    /// `Q(LessThanOrEqual(F("a") + F("b"), Value(100)))`: where the left side is no field.
    Compare {
        /// The left side.
        left: Formula,
        /// The class of the lookup in `django.db.models.lookups`: `LessThanOrEqual`.
        lookup: &'static str,
        /// The right side.
        right: Formula,
    },
    /// All of at least two.
    And(Vec<Condition>),
    /// Any of at least two.
    Or(Vec<Condition>),
    /// An odd number of at least two.
    Xor(Vec<Condition>),
    /// The opposite.
    Not(Box<Condition>),
}

impl Condition {
    /// The columns that it reads, each once, in their order.
    pub fn fields(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for leaf in self.leaves() {
            let named = match leaf {
                Self::Lookup { field, value: Operand::Field(other), .. } => vec![field.as_str(), other],
                Self::Lookup { field, .. } => vec![field.as_str()],
                Self::Compare { left, right, .. } => left.fields().into_iter().chain(right.fields()).collect(),
                Self::And(_) | Self::Or(_) | Self::Xor(_) | Self::Not(_) => Vec::new(),
            };
            for name in named {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
    }

    /// The lookups and comparisons that it is made of.
    pub fn leaves(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        let mut stack = vec![self];
        while let Some(at) = stack.pop() {
            match at {
                Self::Lookup { .. } | Self::Compare { .. } => found.push(at),
                Self::And(parts) | Self::Or(parts) | Self::Xor(parts) => stack.extend(parts.iter().rev()),
                Self::Not(part) => stack.push(part),
            }
        }
        found
    }
}

/// The right side of a lookup.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A literal.
    Literal(Expr),
    /// `F("start")`
    Field(String),
}

/// What the database computes from the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// `F("price")`
    Field(String),
    /// `Value(2)`
    Literal(Expr),
    /// `a * b`
    Binary {
        /// The left side.
        left: Box<Formula>,
        /// `+`, `-`, `*`, `/` or `%`
        operator: &'static str,
        /// The right side.
        right: Box<Formula>,
    },
    /// `Lower(F("name"))`
    Function {
        /// The module that defines it: `django.db.models.functions.text`.
        module: &'static str,
        /// Its class.
        name: &'static str,
        /// What it is computed from.
        args: Vec<Formula>,
    },
    /// `SearchVector("title", "body", config="english")`: the words of texts, on PostgreSQL.
    Words {
        /// The fields with the texts.
        fields: Vec<String>,
        /// Whose words and endings it knows: a text search configuration.
        config: String,
    },
}

impl Formula {
    /// The columns that it reads, each once, in their order.
    pub fn fields(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let mut stack = vec![self];
        while let Some(at) = stack.pop() {
            match at {
                Self::Field(name) if !found.contains(&name.as_str()) => found.push(name),
                Self::Field(_) | Self::Literal(_) => {}
                Self::Binary { left, right, .. } => stack.extend([&**right, &**left]),
                Self::Function { args, .. } => stack.extend(args.iter().rev()),
                Self::Words { fields, .. } => found.extend(fields.iter().map(String::as_str)),
            }
        }
        found
    }
}
