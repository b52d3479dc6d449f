//! The tree of an expression.

use std::ops::Range;

use crate::util::arena::{Arena, Id};

/// A node of a tree.
pub type NodeId = Id<Node>;

/// The rules that a text states, and the tree of all their expressions.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// All nodes.
    pub tree: Tree,
    /// The rules in their order; never empty.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it states.
    pub kind: RuleKind,
    /// The name behind `inv`.
    pub name: Option<String>,
    /// What stands behind `context`: `sales::Order`, and of attributes and operations the name.
    pub context: Option<Vec<String>>,
    /// Its expression.
    pub root: NodeId,
    /// Of a `def`: what its name stands for.
    pub helper: Option<Box<Helper>>,
}

/// An attribute or operation that a `def` adds to its class (OCL 2.4, 7.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    /// What goes into it; none if it is an attribute.
    pub parameters: Option<Vec<(String, TypeName)>>,
    /// What it gives, if that is written.
    pub ty: Option<TypeName>,
}

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// `sales::Order`; of a collection, what is in it.
    pub path: Vec<String>,
    /// Whether it is a collection.
    pub is_many: bool,
}

/// What a rule states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// `inv`: what holds in every object; also a text without a keyword.
    Invariant,
    /// `derive`: how a value is computed.
    Derive,
    /// `init`: the first value.
    Init,
    /// `def`: a further property or operation.
    Define,
    /// `pre`: what holds before an operation.
    Before,
    /// `post`: what holds after an operation.
    After,
    /// `body`: the result of a query.
    Body,
}

impl RuleKind {
    /// The keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Invariant => "inv",
            Self::Derive => "derive",
            Self::Init => "init",
            Self::Define => "def",
            Self::Before => "pre",
            Self::After => "post",
            Self::Body => "body",
        }
    }
}

/// Nodes, those below before those above.
#[derive(Clone, Debug, Default)]
pub struct Tree(pub(super) Arena<Node>);

impl Tree {
    /// The node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.0[id]
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same tree with a name where it speaks about its subject without naming it (see [`Kind::Subject`]).
    #[must_use]
    pub fn about(&self, subject: &str) -> Self {
        let mut tree = self.clone();
        for node in tree.0.values_mut().filter(|node| node.kind == Kind::Subject) {
            node.kind = Kind::Name(subject.to_owned());
        }
        tree
    }
}

/// A node with its place in the text.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text.
    pub at: Range<usize>,
    /// How many nodes lie above one another here; at most [`super::MAX_DEPTH`], so that walks may recurse.
    pub(super) depth: u16,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `12`
    Integer(String),
    /// `1.5`
    Real(String),
    /// `'text'`, unescaped.
    Text(String),
    /// `true`, `false`
    Boolean(bool),
    /// `null`
    Null,
    /// `self`
    Own,
    /// The attribute that a shorthand such as `> 0` speaks about.
    Subject,
    /// A name without anything in front.
    Name(String),
    /// `Status::paid`, at least two names; `#paid` is one without the first.
    Path(Vec<String>),
    /// `customer.name`
    Member {
        /// What has it.
        of: NodeId,
        /// Its name.
        name: String,
        /// The bytes of the name.
        name_at: Range<usize>,
    },
    /// `name.size()`, `isOpen()`
    Call {
        /// What it is asked of; the row itself if nothing is written.
        of: Option<NodeId>,
        /// Its name.
        name: String,
        /// The bytes of the name.
        name_at: Range<usize>,
        /// What stands in the parentheses.
        args: Vec<NodeId>,
    },
    /// `lines->forAll(line | line.quantity > 0)`
    Arrow(Box<Arrow>),
    /// `not`, `-`
    Unary(UnaryOp, NodeId),
    /// `and`, `+`, `<=`
    Binary(BinaryOp, NodeId, NodeId),
    /// `if .. then .. else .. endif`
    If(NodeId, NodeId, NodeId),
    /// `let net : Integer = .. in ..`
    Let {
        /// The name.
        name: String,
        /// The type, as it stands there.
        ty: Option<String>,
        /// What the name stands for.
        value: NodeId,
        /// Where it does.
        body: NodeId,
    },
    /// `Set{1, 2}`
    Collection(CollectionKind, Vec<NodeId>),
    /// `1..5`, in collections and shorthands.
    Range(NodeId, NodeId),
    /// `unique`, as a shorthand.
    Unique,
}

/// An operation on a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The collection.
    pub of: NodeId,
    /// The operation.
    pub name: String,
    /// The bytes of the name.
    pub name_at: Range<usize>,
    /// The names for its elements: `x, y |`.
    pub variables: Vec<String>,
    /// What stands in the parentheses.
    pub args: Vec<NodeId>,
}

/// Collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum CollectionKind {
    Set,
    OrderedSet,
    Bag,
    Sequence,
}

impl CollectionKind {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Set => "Set",
            Self::OrderedSet => "OrderedSet",
            Self::Bag => "Bag",
            Self::Sequence => "Sequence",
        }
    }
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Minus,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum BinaryOp {
    Implies,
    Xor,
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Div,
    Mod,
}

impl BinaryOp {
    /// As OCL writes it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Implies => "implies",
            Self::Xor => "xor",
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Div => "div",
            Self::Mod => "mod",
        }
    }

    /// How tightly it binds (OCL 2.4, 7.4.7): more binds tighter.
    pub(super) fn tightness(self) -> u8 {
        match self {
            Self::Implies => 1,
            Self::Xor => 2,
            Self::Or => 3,
            Self::And => 4,
            Self::Equal | Self::Unequal => 5,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual => 6,
            Self::Plus | Self::Minus => 7,
            Self::Times | Self::Divide | Self::Div | Self::Mod => 8,
        }
    }

    /// Whether it compares.
    pub fn is_comparison(self) -> bool {
        matches!(self.tightness(), 5 | 6)
    }
}

impl Tree {
    /// All names in it that are not steps from something else.
    pub fn names(&self) -> Vec<&str> {
        let names = self.0.values().filter_map(|node| match &node.kind {
            Kind::Name(name) => Some(name.as_str()),
            Kind::Member { of, name, .. } if self.node(*of).kind == Kind::Own => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }
}
