//! Random Python, printed by us, judged by ruff.

use umlaut::python::{Assign, Class, Code, Def, Doctext, Imports, Module, Part, Stmt};

use super::rich::HOSTILE;
use crate::support::random::Random;

const WORDS: [&str; 12] = [
    "a",
    "of",
    "the",
    "order",
    "customer's",
    "\"quoted\"",
    "Stra\u{df}e",
    "back\\slash",
    "x\ny",
    "\u{6771}\u{4eac}",
    "{}",
    "delivery",
];

struct Generator(Random);

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.0.below(limit)
    }

    fn name(&mut self) -> String {
        let length = [1, 3, 5, 8, 12, 16, 20, 30][self.below(8)];
        (0..length)
            .map(|_| ['a', 'e', 'k', 'n', 'r', 't', '_', 'x'][self.below(8)])
            .collect::<String>()
            .trim_matches('_')
            .to_owned()
            + "n"
    }

    fn text(&mut self) -> String {
        if self.below(6) == 0 {
            return HOSTILE[self.below(HOSTILE.len())].to_owned();
        }
        let count = [0, 1, 2, 4, 8, 16, 40][self.below(7)];
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }

    fn code(&mut self, depth: usize) -> Code {
        let kinds = if depth == 0 { 5 } else { 12 };
        let below = depth.saturating_sub(1);
        match self.below(kinds) {
            0 => Code::int(i128::try_from(self.below(100_000)).unwrap()),
            1 | 2 => Code::str(self.text()),
            3 => Code::name(&self.name()),
            4 => Code::name(&format!("models.{}", self.name())),
            5 => {
                let items: Vec<Code> = (0..self.below(5)).map(|_| self.code(below)).collect();
                let list = Code::list(items);
                if self.below(3) == 0 { list.expanded() } else { list }
            }
            6 => {
                let items: Vec<Code> = (0..self.below(5)).map(|_| self.code(below)).collect();
                Code::tuple(items)
            }
            7 => {
                let items: Vec<_> = (0..self.below(4)).map(|_| (Code::str(self.name()), self.code(below))).collect();
                Code::dict(items)
            }
            8 => {
                let operator = ["&", "|", "^"][self.below(3)];
                let operands = (0..2 + self.below(3)).map(|_| self.call(below)).collect();
                Code::binary(operator, operands)
            }
            9 => self.call(below).invert(),
            _ => self.call(below),
        }
    }

    /// The right side of a statement. We write no operators there.
    fn value(&mut self, depth: usize) -> Code {
        loop {
            let value = self.code(depth);
            if !value.has_operator() {
                return value;
            }
        }
    }

    fn call(&mut self, depth: usize) -> Code {
        let mut call = Code::name(&self.name()).call();
        for _ in 0..self.below(3) {
            call = call.arg(self.code(depth));
        }
        for number in 0..self.below(4) {
            let name = format!("{}{number}", self.name());
            call = call.kwarg(&name, self.code(depth));
        }
        call
    }

    fn statement(&mut self, depth: usize) -> Stmt {
        match self.below(if depth == 0 { 7 } else { 9 }) {
            0 => {
                let items: Vec<Code> = (0..2 + self.below(2)).map(|_| self.code(1)).collect();
                Stmt::assign(self.name(), Code::bare_tuple(items))
            }
            1 => Stmt::Assign(Assign {
                target: self.name(),
                annotation: Some(Code::name(&self.name())),
                value: (self.below(4) > 0).then(|| self.value(1)),
                allow: vec![],
            }),
            7 => Stmt::Class(Class {
                name: format!("C{}", self.name()),
                bases: (0..self.below(4)).map(|at| Code::name(&format!("{}{at}", self.name()))).collect(),
                doc: Some(Doctext { text: self.text(), fallback: "Something.".to_owned() }),
                body: (0..=self.below(4)).map(|_| self.statement(depth - 1)).collect(),
                ..Class::default()
            }),
            8 => {
                let mut parts = Vec::new();
                for _ in 0..self.below(6) {
                    parts.push(Part::Text([" ", ", ", " it's ", "{x}"][self.below(4)].to_owned()));
                    parts.push(Part::Value(Code::name(&format!("self.{}", self.name()))));
                }
                let body = if parts.is_empty() {
                    let code = self.value(1);
                    vec![Stmt::If(Code::name("x"), vec![Stmt::Return(Code::none())]), Stmt::Return(code)]
                } else {
                    vec![Stmt::Return(Code::format(parts))]
                };
                Stmt::Def(Def {
                    name: self.name(),
                    params: (0..self.below(5))
                        .map(|at| (format!("{}{at}", self.name()), Some(Code::name(&self.name()))))
                        .collect(),
                    returns: Some(Code::name("str")),
                    doc: Some(Doctext { text: self.text(), fallback: "Something.".to_owned() }),
                    body,
                    ..Def::default()
                })
            }
            _ => Stmt::assign(self.name(), self.value(3)),
        }
    }
}

/// A file of random statements.
pub fn module(seed: u64) -> String {
    let mut generator = Generator(Random::new(seed));
    let body = (0..60).map(|_| generator.statement(2)).collect();
    let text = generator.text();
    Module { doc: Doctext { text, fallback: "Random statements.".to_owned() }, imports: Imports::default(), body }
        .print()
}

/// Random texts.
pub fn texts(count: usize) -> Vec<String> {
    let mut generator = Generator(Random::new(7));
    (0..count).map(|_| generator.text()).collect()
}
