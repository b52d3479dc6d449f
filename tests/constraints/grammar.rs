//! Sentences of `grammar/ocl.ebnf`, made at random: the parser reads each, prints it, and reads the same again.

use std::collections::BTreeMap;

use umlaut::uml::ocl;

use crate::support::random::Random;
use crate::support::root;

/// A rule of the grammar.
#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Rule(String),
    All(Vec<Part>),
    Any(Vec<Part>),
    Maybe(Box<Part>),
    Repeated(Box<Part>),
}

/// Reads the notation of ISO 14977, as far as the grammar uses it.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix("(*") else { return };
            self.rest = comment.split_once("*)").expect("a comment ends").1;
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> String {
        self.skip();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == ' ')).expect("a name ends");
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        assert!(!name.trim().is_empty(), "a name is expected at {rest}");
        name.trim().to_owned()
    }

    fn any(&mut self) -> Part {
        let mut all = vec![self.all()];
        while self.take("|") {
            all.push(self.all());
        }
        Part::Any(all)
    }

    fn all(&mut self) -> Part {
        let mut all = vec![self.one()];
        while self.take(",") {
            all.push(self.one());
        }
        Part::All(all)
    }

    fn one(&mut self) -> Part {
        let closed = |reader: &mut Self, sign: &str| {
            let inner = reader.any();
            assert!(reader.take(sign), "{sign} is expected at {}", reader.rest);
            Box::new(inner)
        };
        if self.take("{") {
            return Part::Repeated(closed(self, "}"));
        }
        if self.take("[") {
            return Part::Maybe(closed(self, "]"));
        }
        if self.take("(") {
            return *closed(self, ")");
        }
        for quote in ['"', '\''] {
            if self.take(&quote.to_string()) {
                let (text, rest) = self.rest.split_once(quote).expect("a text ends");
                self.rest = rest;
                return Part::Text(text.to_owned());
            }
        }
        Part::Rule(self.name())
    }
}

fn grammar() -> BTreeMap<String, Part> {
    let text = std::fs::read_to_string(root().join("grammar/ocl.ebnf")).expect("the grammar");
    let mut reader = Reader { rest: &text };
    let mut rules = BTreeMap::new();
    loop {
        reader.skip();
        if reader.rest.is_empty() {
            return rules;
        }
        let name = reader.name();
        assert!(reader.take("="), "= is expected behind {name}");
        let rule = reader.any();
        assert!(reader.take(";"), "; is expected behind {name}, at {}", reader.rest);
        assert!(rules.insert(name.clone(), rule).is_none(), "{name} stands twice");
    }
}

/// From here on sentences become as short as they can.
const DEEPEST: usize = 22;

/// What is made of letters, without blanks between them.
const WORDS: [&str; 4] = ["name", "text", "number", "digits"];

struct Maker<'a> {
    rules: &'a BTreeMap<String, Part>,
    random: Random,
}

impl Maker<'_> {
    /// A sentence; below a depth of its own it becomes as short as it can.
    fn make(&mut self, part: &Part, depth: usize, blank: bool, out: &mut String) {
        match part {
            Part::Text(text) => {
                out.push_str(text);
                out.push_str(if blank { " " } else { "" });
            }
            Part::Rule(name) => {
                let rule = self.rules.get(name).unwrap_or_else(|| panic!("{name} is no rule"));
                let is_word = WORDS.contains(&name.as_str());
                if is_word && blank {
                    let mut word = String::new();
                    self.make(rule, depth + 1, false, &mut word);
                    // A keyword by chance would be one.
                    out.push_str(&word);
                    out.push(' ');
                } else {
                    self.make(rule, depth + 1, blank, out);
                }
            }
            Part::All(parts) => parts.iter().for_each(|part| self.make(part, depth, blank, out)),
            Part::Any(parts) => {
                // The first alternatives of each rule are the short ones.
                let choice = if depth > DEEPEST { 0 } else { self.random.below(parts.len()) };
                self.make(&parts[choice], depth, blank, out);
            }
            Part::Maybe(part) => {
                if depth <= DEEPEST && self.random.chance(30) {
                    self.make(part, depth, blank, out);
                }
            }
            Part::Repeated(part) => {
                for _ in 0..3 {
                    if depth <= DEEPEST && self.random.chance(if blank { 15 } else { 40 }) {
                        self.make(part, depth, blank, out);
                    }
                }
            }
        }
    }

    fn sentence(&mut self, start: &str) -> String {
        let mut text = String::new();
        let rule = self.rules[start].clone();
        self.make(&rule, 0, true, &mut text);
        text
    }
}

/// Where the grammar is not context-free: `let` takes all that follows, and `in` and `and` have two meanings.
fn is_ambiguous(text: &str) -> bool {
    text.contains("let ") && (text.contains("in (") || text.contains("between "))
}

fn printed(rules: &ocl::Rules) -> Vec<(ocl::RuleKind, Option<String>, String)> {
    rules.rules.iter().map(|rule| (rule.kind, rule.name.clone(), rules.tree.print(rule.root))).collect()
}

#[test]
fn every_sentence_of_the_grammar_is_read_and_printed() {
    let rules = grammar();
    let mut maker = Maker { rules: &rules, random: Random::new(1) };
    let (mut longest, mut several) = (0, 0);
    for number in 0..4_000 {
        let text = maker.sentence("rules");
        if is_ambiguous(&text) {
            continue;
        }
        let read = match ocl::parse(&text, false) {
            Ok(read) => read,
            // Nested by chance as deep as nothing that people write.
            Err(error) if error.message.contains("in one another") => continue,
            Err(error) => panic!("sentence {number}: {error:?}\n{text}"),
        };
        longest = longest.max(read.tree.len());
        several += usize::from(read.rules.len() > 1);
        for (kind, _, expression) in printed(&read) {
            let again =
                ocl::parse(&expression, false).unwrap_or_else(|error| panic!("{kind:?} {error:?}\n{expression}"));
            let printed = again.tree.print(again.rules[0].root);
            let same = expression.chars().zip(printed.chars()).take_while(|(a, b)| a == b).count();
            let rest = |text: &str| text.chars().skip(same.saturating_sub(50)).take(120).collect::<String>();
            assert!(printed == expression, "printed as\n  {}\nand then as\n  {}", rest(&expression), rest(&printed));
        }
    }
    assert!(longest > 60 && several > 20, "{longest} {several}");
    for _ in 0..1_000 {
        let text = maker.sentence("shorthand");
        if is_ambiguous(&text) {
            continue;
        }
        match ocl::parse(&text, true) {
            Ok(read) => assert_eq!(read.rules.len(), 1, "{text}"),
            Err(error) => assert!(error.message.contains("in one another"), "{error:?}\n{text}"),
        }
    }
}

#[test]
fn what_is_no_sentence_is_refused() {
    for text in [
        "a +",
        "a b",
        "(a",
        "a)",
        "->size()",
        "a..b",
        "if a then b endif",
        "let x in y",
        "Set{1,}",
        "a.1",
        "'open",
        "inv:",
        "not",
        "a = = b",
        "a -> ",
        "f(,)",
        "a between 1",
        "a is 3",
        "a[1]",
        "a@pre = 1",
        "§",
        "{ordered, unique",
    ] {
        assert!(ocl::parse(text, false).is_err(), "{text}");
    }
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let pieces = [
        "a", "(", ")", "->", ".", "'", "1", "..", "not ", "and ", "if ", "then ", "{", "}", "|", ":", "é", "\\", "--",
        "/*", "let ", "in ", "=",
    ];
    let mut random = Random::new(2);
    for _ in 0..20_000 {
        let count = random.below(24);
        let text: String = (0..count).map(|_| *random.choose(&pieces)).collect();
        let has_subject = random.chance(50);
        if let Ok(rules) = ocl::parse(&text, has_subject) {
            for (_, _, expression) in printed(&rules) {
                assert!(!expression.is_empty(), "{text}");
            }
        }
    }
}
