//! The words of Python.

use super::Fault;

/// A word and the line where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// Kinds of words.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// The end of a logical line; how far the next one is indented.
    Line(usize),
    Name(String),
    Number(String),
    Str(String),
    /// A string that is none of ours: bytes, a formatted one, or one with an escape that Django's writer never writes.
    Other(String),
    /// Anything else, one character at a time.
    Sign(char),
}

/// Splits a file into words. Lines inside brackets are one logical line.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let indent = reader.indent();
    tokens.push(Token { line: 1, kind: Kind::Line(indent) });
    while let Some(c) = reader.rest.chars().next() {
        let line = reader.line;
        let kind = match c {
            '\n' => {
                reader.advance(1);
                if depth > 0 {
                    continue;
                }
                Kind::Line(reader.indent())
            }
            ' ' | '\t' | '\r' | '\x0c' => {
                reader.advance(1);
                continue;
            }
            '#' => {
                let end = reader.rest.find('\n').unwrap_or(reader.rest.len());
                reader.advance(end);
                continue;
            }
            '\\' if reader.rest[1..].trim_start_matches('\r').starts_with('\n') => {
                let end = reader.rest.find('\n').map_or(reader.rest.len(), |end| end + 1);
                reader.advance(end);
                continue;
            }
            '\'' | '"' => reader.string("")?,
            c if c.is_ascii_digit() => {
                let end = reader
                    .rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')))
                    .unwrap_or(reader.rest.len());
                let mut number = reader.take(end);
                // The sign of an exponent.
                if number.ends_with(['e', 'E']) && !number.starts_with("0x") && reader.rest.starts_with(['+', '-']) {
                    let digits =
                        reader.rest[1..].find(|c: char| !c.is_ascii_digit()).map_or(reader.rest.len(), |end| end + 1);
                    number.push_str(&reader.take(digits));
                }
                Kind::Number(number)
            }
            c if c.is_alphabetic() || c == '_' => {
                let end = reader.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(reader.rest.len());
                let name = reader.take(end);
                if name.len() <= 2 && reader.rest.starts_with(['\'', '"']) {
                    reader.string(&name.to_ascii_lowercase())?
                } else {
                    Kind::Name(name)
                }
            }
            c => {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                reader.advance(c.len_utf8());
                Kind::Sign(c)
            }
        };
        tokens.push(Token { line, kind });
    }
    tokens.push(Token { line: reader.line, kind: Kind::Line(0) });
    Ok(tokens)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        self.line += passed.matches('\n').count();
        self.rest = rest;
    }

    fn take(&mut self, bytes: usize) -> String {
        let taken = self.rest[..bytes].to_owned();
        self.advance(bytes);
        taken
    }

    /// How far the line is indented; blank lines and comments are passed over.
    fn indent(&mut self) -> usize {
        loop {
            let code = self.rest.trim_start_matches([' ', '\t', '\x0c']);
            let indent = self.rest.len() - code.len();
            if code.starts_with(['#', '\n', '\r']) {
                let end = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
                if end == self.rest.len() {
                    self.advance(end);
                    return 0;
                }
                self.advance(end);
            } else {
                self.advance(indent);
                return indent;
            }
        }
    }

    /// A string behind its prefix.
    fn string(&mut self, prefix: &str) -> Result<Kind, Fault> {
        let line = self.line;
        let is_plain = !prefix.contains(['b', 'f', 't']);
        let mut other = (!is_plain).then(|| "bytes and formatted strings are not read".to_owned());
        let quote = &self.rest[..1];
        let quote = if self.rest.starts_with(&quote.repeat(3)) { quote.repeat(3) } else { quote.to_owned() };
        self.advance(quote.len());
        let mut text = String::new();
        loop {
            if self.rest.starts_with(&quote) {
                self.advance(quote.len());
                return Ok(other.map_or(Kind::Str(text), Kind::Other));
            }
            let Some(c) = self.rest.chars().next().filter(|c| *c != '\n' || quote.len() == 3) else {
                return Err(Fault { line, what: "a string does not end".to_owned() });
            };
            if c == '\\' {
                let reason = self.escape(prefix.contains('r'), &mut text);
                other = other.or(reason);
            } else {
                text.push(c);
                self.advance(c.len_utf8());
            }
        }
    }

    /// Says what it cannot read.
    fn escape(&mut self, is_raw: bool, text: &mut String) -> Option<String> {
        self.advance(1);
        let c = self.rest.chars().next()?;
        self.advance(c.len_utf8());
        if is_raw {
            text.push('\\');
            text.push(c);
            return None;
        }
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            // A line that goes on.
            '\n' => return None,
            _ => {
                let is_nul = c == '0' && !self.rest.starts_with(|c: char| c.is_digit(8));
                let plain = match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '\\' | '\'' | '"' => c,
                    _ if is_nul => '\0',
                    _ => return Some(format!("the escape `\\{c}` is not read")),
                };
                text.push(plain);
                return None;
            }
        };
        let code = self.rest.get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let Some(c) = code else { return Some("an escape names no character".to_owned()) };
        self.advance(digits);
        text.push(c);
        None
    }
}
