//! Reads Python as Django's migration writer writes it, and as people who know that form write it by hand: imports, and
//! one class whose attributes are values.

mod token;

use std::collections::BTreeMap;

use super::expr::{Expr, Identifier};
use super::symbol::intern;
use token::{Kind, Token, tokens};

/// What cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What it is.
    pub what: String,
}

/// The class that was looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Class {
    /// Its attributes: the line, the name, the value.
    pub attributes: Vec<(usize, String, Expr)>,
}

impl Class {
    /// The attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|(_, known, _)| known == name).map(|(_, _, value)| value)
    }
}

/// How deep values may be nested: far deeper than Django writes them.
const DEPTH: usize = 64;

/// Reads the class called `name` in the file `text`; `None` if it has none. The arguments of calls of `opaque`, each a module and
/// a name in it, are passed over.
///
/// # Errors
///
/// An attribute of the class is not a value made of literals, lists, tuples, dictionaries, names and calls.
pub fn class(text: &str, name: &str, opaque: &[(&str, &str)]) -> Result<Option<Class>, Fault> {
    let tokens = tokens(text)?;
    let lines = logical_lines(&tokens);
    let mut names = Names { opaque, ..Names::default() };
    let mut found: Option<Class> = None;
    let mut body = None;
    for (indent, words) in lines {
        let inside = body.is_some_and(|outer| indent > outer);
        if !inside {
            body = None;
        }
        match words {
            [Token { kind: Kind::Name(import), .. }, ..] if indent == 0 && (import == "import" || import == "from") => {
                names.import(words);
            }
            [Token { kind: Kind::Name(class), .. }, Token { kind: Kind::Name(called), .. }, ..]
                if indent == 0 && class == "class" && called == name =>
            {
                body = Some(indent);
                found = Some(Class::default());
            }
            [Token { line, kind: Kind::Name(attribute) }, Token { kind: Kind::Sign('='), .. }, value @ ..]
                if inside =>
            {
                let mut parser = Parser { names: &names, words: value, depth: 0, line: *line };
                let value = parser.value()?;
                parser.end()?;
                if let Some(class) = &mut found {
                    class.attributes.push((*line, attribute.clone(), value));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The words of each line with its indentation.
fn logical_lines(tokens: &[Token]) -> Vec<(usize, &[Token])> {
    let mut lines = Vec::new();
    let starts = tokens.iter().enumerate().filter_map(|(at, token)| match token.kind {
        Kind::Line(indent) => Some((at, indent)),
        _ => None,
    });
    let starts: Vec<(usize, usize)> = starts.collect();
    for pair in starts.windows(2) {
        if let [(start, indent), (end, _)] = pair {
            lines.push((*indent, &tokens[start + 1..*end]));
        }
    }
    lines
}

/// What the names of a file stand for.
#[derive(Default)]
struct Names<'a> {
    /// Whose arguments do not matter.
    opaque: &'a [(&'a str, &'a str)],
    /// Modules that were imported as they are: `import django.db.models.deletion`.
    modules: Vec<String>,
    /// Names from modules, by what they are called here.
    local: BTreeMap<String, (String, String)>,
}

impl Names<'_> {
    fn import(&mut self, words: &[Token]) {
        let text: Vec<&str> = words
            .iter()
            .filter_map(|word| match &word.kind {
                Kind::Name(name) => Some(name.as_str()),
                Kind::Sign('.') => Some("."),
                Kind::Sign(',') => Some(","),
                _ => None,
            })
            .collect();
        let place = text.iter().position(|word| *word == "import").unwrap_or(0);
        let (module, names) =
            (text.get(1..place).unwrap_or_default().concat(), text.get(place + 1..).unwrap_or_default());
        for name in names.split(|word| *word == ",") {
            let (name, called) = match name {
                [name @ .., "as", called] => (name.concat(), Some((*called).to_owned())),
                name => (name.concat(), None),
            };
            if name.is_empty() {
                continue;
            }
            match (text[0], called) {
                ("from", called) => {
                    self.local.insert(called.unwrap_or_else(|| name.clone()), (module.clone(), name));
                }
                (_, Some(called)) => {
                    let (module, name) = name.rsplit_once('.').unwrap_or(("", &name));
                    self.local.insert(called, (module.to_owned(), name.to_owned()));
                }
                (_, None) => self.modules.push(name),
            }
        }
    }

    /// The module and the name in it that a dotted name stands for; no module if it is made in the file itself.
    fn resolve(&self, dotted: &str) -> Option<(&'static str, &'static str)> {
        let is_in = |module: &&String| dotted.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if let Some(module) = self.modules.iter().filter(is_in).max_by_key(|module| module.len()) {
            return Some(canonical(module, &dotted[module.len() + 1..]));
        }
        let (first, rest) = dotted.split_once('.').map_or((dotted, None), |(first, rest)| (first, Some(rest)));
        if let Some((module, name)) = self.local.get(first) {
            let Some(rest) = rest else { return Some(canonical(module, name)) };
            // What was imported may be a module itself: `from django.db import models`.
            let is_settings = module == "django.conf" && name == "settings";
            let is_class = name.starts_with(char::is_uppercase);
            if is_settings || is_class || module.is_empty() {
                return Some(canonical(module, &format!("{name}.{rest}")));
            }
            let (inner, last) = rest.rsplit_once('.').map_or((None, rest), |(inner, last)| (Some(inner), last));
            let inner = inner.map(|inner| format!(".{inner}")).unwrap_or_default();
            return Some(canonical(&format!("{module}.{name}{inner}"), last));
        }
        (rest.is_none() && BUILTINS.contains(&dotted)).then(|| ("builtins", intern(dotted)))
    }
}

/// Builtins that stand in migrations.
const BUILTINS: &[&str] = &["bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];
/// Names that Django offers in `django.db.models` and that migrations name where they are made.
const DELETION: &[&str] = &[
    "CASCADE",
    "DB_CASCADE",
    "DB_SET_DEFAULT",
    "DB_SET_NULL",
    "DO_NOTHING",
    "PROTECT",
    "RESTRICT",
    "SET_DEFAULT",
    "SET_NULL",
];

/// A name as Django's writer names it.
fn canonical(module: &str, name: &str) -> (&'static str, &'static str) {
    let module =
        if module == "django.db.models" && DELETION.contains(&name) { "django.db.models.deletion" } else { module };
    (intern(module), intern(name))
}

struct Parser<'a> {
    names: &'a Names<'a>,
    words: &'a [Token],
    depth: usize,
    line: usize,
}

impl<'a> Parser<'a> {
    fn fault<T>(&self, what: impl Into<String>) -> Result<T, Fault> {
        let line = self.words.first().map_or(self.line, |word| word.line);
        Err(Fault { line, what: what.into() })
    }

    fn next(&mut self) -> Option<&'a Kind> {
        let (first, rest) = self.words.split_first()?;
        (self.words, self.line) = (rest, first.line);
        Some(&first.kind)
    }

    fn takes(&mut self, sign: char) -> bool {
        let is = matches!(self.words, [Token { kind: Kind::Sign(c), .. }, ..] if *c == sign);
        if is {
            self.next();
        }
        is
    }

    fn end(&self) -> Result<(), Fault> {
        if self.words.is_empty() { Ok(()) } else { self.fault("this is no value that a migration holds") }
    }

    /// Recurses with the depth of the value, which has a limit.
    fn value(&mut self) -> Result<Expr, Fault> {
        if self.depth == DEPTH {
            return self.fault(format!("values are nested deeper than {DEPTH}"));
        }
        self.depth += 1;
        let value = self.part();
        self.depth -= 1;
        value
    }

    fn part(&mut self) -> Result<Expr, Fault> {
        let Some(kind) = self.next() else { return self.fault("a value is missing") };
        match kind {
            Kind::Str(text) => {
                let mut text = text.clone();
                while let [Token { kind: Kind::Str(more), .. }, ..] = self.words {
                    text.push_str(more);
                    self.next();
                }
                Ok(Expr::Str(text))
            }
            Kind::Number(number) => self.number("", number),
            Kind::Sign('-') => match self.next() {
                Some(Kind::Number(number)) => self.number("-", number),
                _ => self.fault("a number is missing"),
            },
            Kind::Sign('[') => Ok(Expr::List(self.items(']')?.0)),
            Kind::Sign('(') => {
                let (mut items, is_tuple) = self.items(')')?;
                match items.pop() {
                    Some(only) if items.is_empty() && !is_tuple => Ok(only),
                    last => {
                        items.extend(last);
                        Ok(Expr::Tuple(items))
                    }
                }
            }
            Kind::Sign('{') => self.dict(),
            Kind::Name(name) => self.named(name.clone()),
            Kind::Other(what) => self.fault(what.clone()),
            Kind::Sign(_) | Kind::Line(_) => self.fault("this is no value that a migration holds"),
        }
    }

    fn number(&self, sign: &str, number: &str) -> Result<Expr, Fault> {
        let plain = number.replace('_', "");
        if plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Expr::Int(format!("{sign}{plain}")));
        }
        match format!("{sign}{plain}").parse() {
            Ok(value) => Ok(Expr::Float(value)),
            Err(_) => self.fault(format!("the number `{number}` is not read")),
        }
    }

    /// Items up to the closing bracket, and whether a comma was among them.
    fn items(&mut self, close: char) -> Result<(Vec<Expr>, bool), Fault> {
        let mut items = Vec::new();
        let mut has_comma = false;
        while !self.takes(close) {
            items.push(self.value()?);
            if self.takes(',') {
                has_comma = true;
            } else if self.takes(close) {
                break;
            } else {
                return self.fault("a comma is missing");
            }
        }
        let is_tuple = has_comma || items.is_empty();
        Ok((items, is_tuple))
    }

    /// A dictionary, or a set, whose items make a list.
    fn dict(&mut self) -> Result<Expr, Fault> {
        let mut pairs = Vec::new();
        while !self.takes('}') {
            let key = self.value()?;
            if !self.takes(':') {
                return if pairs.is_empty() { self.set(key) } else { self.fault("a colon is missing") };
            }
            pairs.push((key, self.value()?));
            if !self.takes(',') {
                if self.takes('}') {
                    break;
                }
                return self.fault("a comma is missing");
            }
        }
        Ok(Expr::Dict(pairs))
    }

    fn set(&mut self, first: Expr) -> Result<Expr, Fault> {
        let mut items = vec![first];
        while !self.takes('}') {
            if !self.takes(',') {
                return self.fault("a comma is missing");
            }
            if self.takes('}') {
                break;
            }
            items.push(self.value()?);
        }
        Ok(Expr::List(items))
    }

    fn named(&mut self, first: String) -> Result<Expr, Fault> {
        match first.as_str() {
            "None" => return Ok(Expr::None),
            "True" => return Ok(Expr::Bool(true)),
            "False" => return Ok(Expr::Bool(false)),
            _ => {}
        }
        let mut dotted = first;
        while self.takes('.') {
            match self.next() {
                Some(Kind::Name(part)) => {
                    dotted.push('.');
                    dotted.push_str(part);
                }
                _ => return self.fault("a name is missing"),
            }
        }
        let resolved = self.names.resolve(&dotted);
        if resolved.is_some_and(|called| self.names.opaque.contains(&called)) && self.takes('(') {
            self.pass_over()?;
            let (module, name) = resolved.unwrap_or_default();
            return Ok(Expr::Call { module, name, args: Vec::new(), kwargs: Vec::new() });
        }
        if self.takes('(') {
            let (args, kwargs) = self.arguments()?;
            let (module, name) = resolved.unwrap_or(("", intern(&dotted)));
            return Ok(Expr::Call { module, name, args, kwargs });
        }
        match (resolved, Identifier::new(&dotted)) {
            (Some((module, name)), _) => Ok(Expr::Ref { module, name }),
            (None, Some(name)) => Ok(Expr::Name(name)),
            (None, None) => self.fault(format!("`{dotted}` is not imported")),
        }
    }

    /// Up to the bracket that closes the one before.
    fn pass_over(&mut self) -> Result<(), Fault> {
        let mut open = 1_usize;
        while open > 0 {
            match self.next() {
                Some(Kind::Sign('(' | '[' | '{')) => open += 1,
                Some(Kind::Sign(')' | ']' | '}')) => open -= 1,
                Some(_) => {}
                None => return self.fault("a bracket does not close"),
            }
        }
        Ok(())
    }

    #[expect(clippy::type_complexity)] // It is what a call is made of.
    fn arguments(&mut self) -> Result<(Vec<Expr>, Vec<(&'static str, Expr)>), Fault> {
        let (mut args, mut kwargs) = (Vec::new(), Vec::new());
        while !self.takes(')') {
            if let [Token { kind: Kind::Name(key), .. }, Token { kind: Kind::Sign('='), .. }, rest @ ..] = self.words {
                self.words = rest;
                kwargs.push((intern(key), self.value()?));
            } else {
                args.push(self.value()?);
            }
            if !self.takes(',') {
                if self.takes(')') {
                    break;
                }
                return self.fault("this is no value that a migration holds");
            }
        }
        Ok((args, kwargs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::repr::{Imports, repr};

    fn read(text: &str) -> Result<Expr, Fault> {
        let file = format!(
            "import uuid\nimport shop.fields\nimport django.db.models.deletion\nfrom decimal import Decimal\n\
             from django.conf import settings\nfrom django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n\n    value = {text}\n"
        );
        Ok(class(&file, "Migration", &[("django.db.migrations", "RunSQL")])?
            .unwrap()
            .attribute("value")
            .unwrap()
            .clone())
    }

    #[test]
    fn what_the_writer_writes_is_read_back() {
        for text in [
            "None",
            "[True, False, -1, 1.5, 1e+16, 'it\\'s \"x\"\\n\\u2028']",
            "('a', 'b')",
            "('a',)",
            "()",
            "{'ordering': ['-a'], 'proxy': True}",
            "models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)",
            "models.Q(('a__gt', 3), models.Q(('b', models.F('c')), _negated=True), _connector='OR')",
            "shop.fields.Isbn(default=uuid.uuid4, factory=dict, strict=True)",
            "Decimal('1.50')",
        ] {
            assert_eq!(repr(&read(text).unwrap(), &mut Imports::default()), text, "{text}");
        }
    }

    #[test]
    fn what_people_write_is_read_too() {
        let read = |text: &str| repr(&read(text).unwrap(), &mut Imports::default());
        assert_eq!(
            read("models.ForeignKey(\n        'shop.order', # why\n        models.CASCADE,\n    )"),
            "models.ForeignKey('shop.order', django.db.models.deletion.CASCADE)"
        );
        assert_eq!(read("(\"a\"\n        'b' r'\\d')"), "'ab\\\\d'");
        assert_eq!(read("(1)"), "1");
        // As Django's older migrations write `unique_together`.
        assert_eq!(read("{('a', 'b')}"), "[('a', 'b')]");
        // What they do to the database is theirs.
        assert_eq!(
            read("[migrations.RunSQL(f'{x}' % b'\\0', [lambda a: (a, a)]), 2]"),
            "[django.db.migrations.RunSQL(), 2]"
        );
    }

    #[test]
    fn what_is_no_value_is_refused_with_its_line() {
        for text in ["models.Q(a=1) | models.Q(b=2)", "[x for x in y]", "b'x'", "f'{x}'", "[1", "other.name", "'abc"] {
            assert_eq!(read(text).map_err(|fault| fault.line), Err(11), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
