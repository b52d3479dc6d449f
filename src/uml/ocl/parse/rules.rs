//! Rules: what stands around the expressions of a text.

use super::{Parsed, Parser, TokenKind};
use crate::uml::ocl::tree::{Helper, Rule, RuleKind, TypeName};

const RULES: [RuleKind; 7] = [
    RuleKind::Invariant,
    RuleKind::Derive,
    RuleKind::Init,
    RuleKind::Define,
    RuleKind::Before,
    RuleKind::After,
    RuleKind::Body,
];

impl Parser {
    pub(super) fn rules(&mut self) -> Parsed<Vec<Rule>> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut context = None;
        loop {
            while self.take_sign(";") {}
            if *self.ahead(0) == TokenKind::End && !rules.is_empty() {
                return Ok(rules);
            }
            if self.is_word(0, "context") && matches!(self.ahead(1), TokenKind::Word(_) | TokenKind::Quoted(_)) {
                self.at += 1;
                context = Some(self.context()?);
            }
            let rule = match self.keyword() {
                Some(kind) => self.keyword_rule(kind, context.clone())?,
                None if rules.is_empty() => {
                    let root = self.expression(0)?;
                    Rule { kind: RuleKind::Invariant, name: None, context: context.clone(), root, helper: None }
                }
                None => return self.wrong("nothing more is expected here"),
            };
            rules.push(rule);
        }
    }

    /// `Order`, `o : sales::Order`, `Order::total : Integer`, `Order::pay(amount : Integer)`
    fn context(&mut self) -> Parsed<Vec<String>> {
        if self.is_sign(1, ":") {
            self.at += 2;
        }
        let mut path = vec![self.name()?.0];
        while self.take_sign("::") {
            path.push(self.name()?.0);
        }
        if self.is_sign(0, "(") {
            self.parentheses()?;
        }
        // The result's type; the colon of a rule comes after its keyword.
        if self.is_sign(0, ":") {
            self.at += 1;
            self.ty()?;
        }
        Ok(path)
    }

    /// Whether a rule begins here: `inv:`, `inv positive:`.
    fn keyword(&self) -> Option<RuleKind> {
        let kind = RULES.into_iter().find(|kind| self.is_word(0, kind.keyword()))?;
        let named = matches!(self.ahead(1), TokenKind::Word(_) | TokenKind::Quoted(_) | TokenKind::Text(_));
        (self.is_sign(1, ":") || (named && self.is_sign(2, ":"))).then_some(kind)
    }

    fn keyword_rule(&mut self, kind: RuleKind, context: Option<Vec<String>>) -> Parsed<Rule> {
        self.at += 1;
        let mut name = match self.ahead(0).clone() {
            TokenKind::Word(name) | TokenKind::Quoted(name) | TokenKind::Text(name) => {
                self.at += 1;
                Some(name)
            }
            _ => None,
        };
        self.expect_sign(":")?;
        let mut helper = None;
        if kind == RuleKind::Define {
            name = Some(self.name()?.0);
            helper = Some(Box::new(self.helper()?));
        }
        let root = self.expression(0)?;
        Ok(Rule { kind, name, context, root, helper })
    }

    /// `(a : Integer) : Set(sales::Order) =`
    fn helper(&mut self) -> Parsed<Helper> {
        let mut parameters = None;
        if self.take_sign("(") {
            let mut all = Vec::new();
            while !self.take_sign(")") {
                if !all.is_empty() {
                    self.expect_sign(",")?;
                }
                let name = self.name()?.0;
                self.expect_sign(":")?;
                all.push((name, self.type_name()?));
            }
            parameters = Some(all);
        }
        let ty = if self.take_sign(":") { Some(self.type_name()?) } else { None };
        self.expect_sign("=")?;
        Ok(Helper { parameters, ty })
    }

    /// `Integer`, `sales::Order`, `Set(Order)`
    fn type_name(&mut self) -> Parsed<TypeName> {
        let (mut is_many, mut open) = (false, 0_usize);
        loop {
            let mut path = vec![self.name()?.0];
            while self.take_sign("::") {
                path.push(self.name()?.0);
            }
            if self.take_sign("(") {
                is_many = true;
                open += 1;
                continue;
            }
            for _ in 0..open {
                self.expect_sign(")")?;
            }
            return Ok(TypeName { path, is_many });
        }
    }

    /// Skips what stands in parentheses.
    fn parentheses(&mut self) -> Parsed<()> {
        let mut open = 0_usize;
        loop {
            match self.ahead(0) {
                TokenKind::Sign("(") => open += 1,
                TokenKind::Sign(")") => open -= 1,
                TokenKind::End => return self.wrong("`)` is expected here"),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// `Integer`, `sales::Order`, `Set(Order)`; gives it as it stands there, without blanks.
    pub(super) fn ty(&mut self) -> Parsed<String> {
        let from = self.at;
        self.name()?;
        while self.take_sign("::") {
            self.name()?;
        }
        if self.is_sign(0, "(") {
            self.parentheses()?;
        }
        let tokens = self.tokens.get(from..self.at).unwrap_or_default();
        let texts = tokens.iter().map(|token| match &token.kind {
            TokenKind::Word(word) => word.clone(),
            TokenKind::Quoted(name) => format!("_'{}'", name.replace('\\', "\\\\").replace('\'', "''")),
            TokenKind::Sign(sign) => (*sign).to_owned(),
            _ => String::new(),
        });
        Ok(texts.collect())
    }
}
