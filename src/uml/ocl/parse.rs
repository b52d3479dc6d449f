//! Text → tree, by precedence climbing. The grammar is `grammar/ocl.ebnf`.

use std::ops::Range;

mod rules;
mod shorthand;

use super::token::{Token, TokenKind, tokens};
use super::tree::{Arrow, BinaryOp, CollectionKind, Kind, Node, NodeId, Rules, Tree, UnaryOp};
use crate::util::arena::Arena;

/// How deep a tree may be, so that everything that walks one may recurse. In the text each node may stand in parentheses besides.
pub const MAX_DEPTH: u16 = 100;

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes that do not fit.
    pub at: Range<usize>,
    /// What is wrong with them, in half a sentence.
    pub message: String,
}

/// Reads the rules that `text` states. With `has_subject` an attribute is meant, and shorthands like `> 0` or `1..5` speak about it.
///
/// # Errors
///
/// The first place that does not fit the grammar.
pub fn parse(text: &str, has_subject: bool) -> Result<Rules, SyntaxError> {
    let tokens = tokens(text);
    let mut parser =
        Parser { tokens, at: 0, tree: Arena::new(), has_subject, nesting: 0, lets: 0, doubled: Vec::new() };
    let rules = parser.rules()?;
    Ok(Rules { tree: Tree(parser.tree), rules })
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    tree: Arena<Node>,
    has_subject: bool,
    nesting: u16,
    /// Values of `let` that are being read: there `in` ends them.
    lets: u16,
    /// Where things start that are written twice, and how often they are inside of one another.
    doubled: Vec<(usize, u8)>,
}

type Parsed<T> = Result<T, SyntaxError>;

const OPERATORS: [BinaryOp; 16] = [
    BinaryOp::Implies,
    BinaryOp::Xor,
    BinaryOp::Or,
    BinaryOp::And,
    BinaryOp::Equal,
    BinaryOp::Unequal,
    BinaryOp::Less,
    BinaryOp::LessEqual,
    BinaryOp::Greater,
    BinaryOp::GreaterEqual,
    BinaryOp::Plus,
    BinaryOp::Minus,
    BinaryOp::Times,
    BinaryOp::Divide,
    BinaryOp::Div,
    BinaryOp::Mod,
];

/// Words that end an expression or join two; nothing is called so.
const RESERVED: [&str; 13] =
    ["and", "or", "xor", "implies", "not", "div", "mod", "then", "else", "endif", "in", "is", "between"];

impl Parser {
    // --- tokens ---

    fn ahead(&self, steps: usize) -> &TokenKind {
        self.tokens.get(self.at + steps).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |token| token.at.clone())
    }

    /// Where the last token ended.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |token| token.at.end)
    }

    fn is_sign(&self, steps: usize, sign: &str) -> bool {
        matches!(self.ahead(steps), TokenKind::Sign(known) if *known == sign)
    }

    /// Whether a keyword stands there: as OCL writes it, or as SQL does.
    fn is_word(&self, steps: usize, word: &str) -> bool {
        match self.ahead(steps) {
            TokenKind::Word(known) => known.eq_ignore_ascii_case(word),
            TokenKind::Sign(known) => *known == word,
            _ => false,
        }
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(0, sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        self.at += usize::from(found);
        found
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(SyntaxError { at: self.place(), message: message.into() })
    }

    fn expect_sign(&mut self, sign: &str) -> Parsed<()> {
        if self.take_sign(sign) { Ok(()) } else { self.wrong(format!("`{sign}` is expected here")) }
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { self.wrong(format!("`{word}` is expected here")) }
    }

    /// A name.
    fn name(&mut self) -> Parsed<(String, Range<usize>)> {
        let at = self.place();
        match self.ahead(0).clone() {
            TokenKind::Quoted(name) | TokenKind::Word(name) => {
                self.at += 1;
                Ok((name, at))
            }
            _ => self.wrong("a name is expected here"),
        }
    }

    fn push(&mut self, kind: Kind, at: Range<usize>) -> Parsed<NodeId> {
        let below = below(&kind).into_iter().map(|node| self.tree[node].depth).max().unwrap_or(0);
        if below >= MAX_DEPTH {
            return Err(SyntaxError { at, message: format!("more than {MAX_DEPTH} operations in one another") });
        }
        Ok(self.tree.push(Node { kind, at, depth: below + 1 }))
    }

    /// An expression whose operators bind at least so tightly.
    fn expression(&mut self, least: u8) -> Parsed<NodeId> {
        self.nesting += 1;
        // Each node may stand in parentheses, as a tree is printed.
        if self.nesting > 2 * MAX_DEPTH {
            return self.wrong(format!("more than {MAX_DEPTH} operations in one another"));
        }
        let from = self.place().start;
        let mut left = if self.has_subject && least <= BinaryOp::Equal.tightness() && self.speaks_of_subject() {
            self.push(Kind::Subject, from..from)?
        } else {
            let operand = self.operand()?;
            if self.has_subject && self.take_sign("..") { self.bounds(operand, from)? } else { operand }
        };
        loop {
            if BinaryOp::Less.tightness() >= least
                && let Some(more) = self.sql_test(left, from)?
            {
                left = more;
                continue;
            }
            let Some(operator) = OPERATORS.into_iter().find(|operator| self.is_word(0, operator.text())) else { break };
            if operator.tightness() < least {
                break;
            }
            self.at += 1;
            let right = self.expression(operator.tightness() + 1)?;
            left = self.push(Kind::Binary(operator, left, right), from..self.end())?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Parsed<NodeId> {
        let from = self.place().start;
        // Signs are counted, not nested.
        let mut signs = Vec::new();
        loop {
            if self.take_word("not") {
                signs.push(UnaryOp::Not);
            } else if self.take_sign("-") {
                signs.push(UnaryOp::Minus);
            } else {
                break;
            }
        }
        let mut node = self.steps()?;
        for sign in signs.into_iter().rev() {
            node = self.push(Kind::Unary(sign, node), from..self.end())?;
        }
        Ok(node)
    }

    /// A primary and what is asked of it: `.name`, `.size()`, `->notEmpty()`.
    fn steps(&mut self) -> Parsed<NodeId> {
        let from = self.place().start;
        let mut node = self.primary()?;
        loop {
            if self.take_sign(".") {
                let (name, name_at) = self.name()?;
                let kind = if self.is_sign(0, "(") {
                    Kind::Call { of: Some(node), name, name_at, args: self.args()? }
                } else {
                    Kind::Member { of: node, name, name_at }
                };
                node = self.push(kind, from..self.end())?;
            } else if self.take_sign("->") {
                let (name, name_at) = self.name()?;
                let (variables, args) = if self.is_sign(0, "(") { self.iteration()? } else { (Vec::new(), Vec::new()) };
                let arrow = Arrow { of: node, name, name_at, variables, args };
                node = self.push(Kind::Arrow(Box::new(arrow)), from..self.end())?;
            } else if self.is_sign(0, "@pre") {
                return self.wrong("values from before an operation are not known");
            } else if self.is_sign(0, "[") {
                return self.wrong("qualifiers in brackets are not known");
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Parsed<NodeId> {
        let at = self.place();
        let from = at.start;
        match self.ahead(0).clone() {
            TokenKind::Integer(digits) => self.take(Kind::Integer(digits), at),
            TokenKind::Real(digits) => self.take(Kind::Real(digits), at),
            TokenKind::Text(text) => self.take(Kind::Text(text), at),
            TokenKind::Sign("#") => {
                self.at += 1;
                let name = self.name()?.0;
                self.push(Kind::Path(vec![name]), from..self.end())
            }
            TokenKind::Sign("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect_sign(")")?;
                Ok(inner)
            }
            TokenKind::Quoted(_) => self.named(at),
            TokenKind::Word(word) => {
                let lower = word.to_lowercase();
                match lower.as_str() {
                    "true" | "false" => self.take(Kind::Boolean(lower == "true"), at),
                    "null" => self.take(Kind::Null, at),
                    "self" | "this" => self.take(Kind::Own, at),
                    "unique" if self.has_subject && self.tokens.len() == 2 => self.take(Kind::Unique, at),
                    "if" => self.condition(from),
                    "let" => self.binding(from),
                    _ if RESERVED.contains(&lower.as_str()) => self.wrong("a value is expected here"),
                    _ => match collection(&word).filter(|_| self.is_sign(1, "{")) {
                        Some(kind) => {
                            self.at += 2;
                            self.collection(kind, from)
                        }
                        None => self.named(at),
                    },
                }
            }
            TokenKind::End => self.wrong("a value is expected here, and there is nothing more"),
            TokenKind::Wrong | TokenKind::Sign(_) => self.wrong("a value is expected here"),
        }
    }

    fn take(&mut self, kind: Kind, at: Range<usize>) -> Parsed<NodeId> {
        self.at += 1;
        self.push(kind, at)
    }

    /// `total`, `Status::paid`, `isOpen()`
    fn named(&mut self, at: Range<usize>) -> Parsed<NodeId> {
        let from = at.start;
        let (name, name_at) = self.name()?;
        if self.is_sign(0, "(") {
            let args = self.args()?;
            return self.push(Kind::Call { of: None, name, name_at, args }, from..self.end());
        }
        if !self.is_sign(0, "::") {
            return self.push(Kind::Name(name), name_at);
        }
        let mut path = vec![name];
        while self.take_sign("::") {
            path.push(self.name()?.0);
        }
        self.push(Kind::Path(path), from..self.end())
    }

    fn args(&mut self) -> Parsed<Vec<NodeId>> {
        self.expect_sign("(")?;
        let lets = std::mem::take(&mut self.lets);
        let mut args = Vec::new();
        if !self.take_sign(")") {
            loop {
                args.push(self.expression(0)?);
                if !self.take_sign(",") {
                    break;
                }
            }
            self.expect_sign(")")?;
        }
        self.lets = lets;
        Ok(args)
    }

    /// `(x, y : Order | ..)`, or plain arguments.
    fn iteration(&mut self) -> Parsed<(Vec<String>, Vec<NodeId>)> {
        let start = self.at;
        let Ok(variables) = self.variables() else {
            self.at = start;
            return Ok((Vec::new(), self.args()?));
        };
        let lets = std::mem::take(&mut self.lets);
        let body = self.expression(0)?;
        self.expect_sign(")")?;
        self.lets = lets;
        Ok((variables, vec![body]))
    }

    fn variables(&mut self) -> Parsed<Vec<String>> {
        self.expect_sign("(")?;
        let mut names = Vec::new();
        loop {
            names.push(self.name()?.0);
            if self.take_sign(":") {
                self.ty()?;
            }
            if !self.take_sign(",") {
                break;
            }
        }
        self.expect_sign("|")?;
        Ok(names)
    }

    fn condition(&mut self, from: usize) -> Parsed<NodeId> {
        self.at += 1;
        let lets = std::mem::take(&mut self.lets);
        let test = self.expression(0)?;
        self.expect_word("then")?;
        let yes = self.expression(0)?;
        self.expect_word("else")?;
        let no = self.expression(0)?;
        self.expect_word("endif")?;
        self.lets = lets;
        self.push(Kind::If(test, yes, no), from..self.end())
    }

    fn binding(&mut self, from: usize) -> Parsed<NodeId> {
        self.at += 1;
        let mut bindings = Vec::new();
        self.lets += 1;
        loop {
            let name = self.name()?.0;
            let ty = if self.take_sign(":") { Some(self.ty()?) } else { None };
            self.expect_sign("=")?;
            bindings.push((name, ty, self.expression(0)?));
            if !self.take_sign(",") {
                break;
            }
        }
        self.lets -= 1;
        self.expect_word("in")?;
        let mut body = self.expression(0)?;
        for (name, ty, value) in bindings.into_iter().rev() {
            body = self.push(Kind::Let { name, ty, value, body }, from..self.end())?;
        }
        Ok(body)
    }

    fn collection(&mut self, kind: CollectionKind, from: usize) -> Parsed<NodeId> {
        let has_subject = std::mem::replace(&mut self.has_subject, false);
        let mut items = Vec::new();
        if !self.is_sign(0, "}") {
            loop {
                let start = self.place().start;
                let mut item = self.expression(0)?;
                if self.take_sign("..") {
                    let last = self.expression(0)?;
                    item = self.push(Kind::Range(item, last), start..self.end())?;
                }
                items.push(item);
                if !self.take_sign(",") {
                    break;
                }
            }
        }
        self.has_subject = has_subject;
        self.expect_sign("}")?;
        self.push(Kind::Collection(kind, items), from..self.end())
    }
}

fn collection(word: &str) -> Option<CollectionKind> {
    let all = [CollectionKind::Set, CollectionKind::OrderedSet, CollectionKind::Bag, CollectionKind::Sequence];
    all.into_iter().find(|kind| kind.text() == word)
}

/// The nodes directly below.
fn below(kind: &Kind) -> Vec<NodeId> {
    match kind {
        Kind::Member { of, .. } | Kind::Unary(_, of) => vec![*of],
        Kind::Call { of, args, .. } => of.iter().chain(args).copied().collect(),
        Kind::Arrow(arrow) => std::iter::once(&arrow.of).chain(&arrow.args).copied().collect(),
        Kind::Binary(_, a, b) | Kind::Range(a, b) | Kind::Let { value: a, body: b, .. } => vec![*a, *b],
        Kind::If(a, b, c) => vec![*a, *b, *c],
        Kind::Collection(_, items) => items.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
