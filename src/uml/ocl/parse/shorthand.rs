//! What people draw beside OCL: `> 0`, `1..5`, SQL's tests.

use super::{OPERATORS, Parsed, Parser};
use crate::uml::ocl::tree::{Arrow, BinaryOp, CollectionKind, Kind, NodeId, UnaryOp};

/// The most expressions inside of one another that stand twice in the tree.
const MAX_DOUBLED: u8 = 6;

impl Parser {
    /// Whether a comparison begins without its left side.
    pub(super) fn speaks_of_subject(&self) -> bool {
        let is_comparison = |operator: &BinaryOp| operator.is_comparison() && self.is_word(0, operator.text());
        let not = usize::from(self.is_word(0, "not"));
        OPERATORS.iter().any(is_comparison)
            || self.is_word(0, "is")
            || self.is_word(not, "between")
            || (self.is_word(not, "in") && self.is_sign(not + 1, "("))
            || (not == 1 && self.is_word(1, "null"))
    }

    /// `is null`, `is not null`, `not null`, `between 1 and 5`, `in (1, 2)`: SQL's tests of what stands in front.
    pub(super) fn sql_test(&mut self, left: NodeId, from: usize) -> Parsed<Option<NodeId>> {
        let start = self.at;
        let is_subject = self.tree[left].kind == Kind::Subject;
        if self.take_word("is") || (is_subject && self.is_word(0, "not") && self.is_word(1, "null")) {
            let operator = if self.take_word("not") { BinaryOp::Unequal } else { BinaryOp::Equal };
            let at = self.place();
            self.expect_word("null")?;
            let null = self.push(Kind::Null, at)?;
            return self.push(Kind::Binary(operator, left, null), from..self.end()).map(Some);
        }
        let is_not = self.take_word("not");
        let found = if self.take_word("between") {
            // What stands in front is written twice: inside of one another that would have no end.
            let inside = self.doubled.iter().rev().take_while(|(start, _)| *start >= from);
            let level = 1 + inside.map(|(_, level)| *level).max().unwrap_or(0);
            if level > MAX_DOUBLED {
                return self.wrong(format!("more than {MAX_DOUBLED} `between` in one another"));
            }
            self.doubled.push((from, level));
            let least = self.expression(BinaryOp::Plus.tightness())?;
            self.expect_word("and")?;
            let most = self.expression(BinaryOp::Plus.tightness())?;
            Some(self.between(left, least, most, from)?)
        } else if self.lets == 0 && self.is_word(0, "in") && self.is_sign(1, "(") {
            self.at += 1;
            let open = self.place();
            let values = self.args()?;
            let set = self.push(Kind::Collection(CollectionKind::Set, values), open.start..self.end())?;
            let arrow =
                Arrow { of: set, name: "includes".to_owned(), name_at: open, variables: vec![], args: vec![left] };
            Some(self.push(Kind::Arrow(Box::new(arrow)), from..self.end())?)
        } else {
            self.at = start;
            None
        };
        match found {
            Some(test) if is_not => self.push(Kind::Unary(UnaryOp::Not, test), from..self.end()).map(Some),
            found => Ok(found),
        }
    }

    /// What stands behind `1..`: the subject lies in these bounds.
    pub(super) fn bounds(&mut self, least: NodeId, from: usize) -> Parsed<NodeId> {
        let subject = self.push(Kind::Subject, from..from)?;
        if self.take_sign("*") {
            return self.push(Kind::Binary(BinaryOp::GreaterEqual, subject, least), from..self.end());
        }
        let most = self.operand()?;
        self.between(subject, least, most, from)
    }

    fn between(&mut self, value: NodeId, least: NodeId, most: NodeId, from: usize) -> Parsed<NodeId> {
        let at = || from..self.end();
        let (all, low, high) = (at(), at(), at());
        let low = self.push(Kind::Binary(BinaryOp::GreaterEqual, value, least), low)?;
        let high = self.push(Kind::Binary(BinaryOp::LessEqual, value, most), high)?;
        self.push(Kind::Binary(BinaryOp::And, low, high), all)
    }
}
