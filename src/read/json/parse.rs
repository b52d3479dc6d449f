//! Text to tree, in one pass with a stack of what is open.

use std::ops::Range;

use super::{Node, Tree, Value};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Limits;
use crate::source::{SourceId, Span};

/// Reads a document. What stands before the first fault is kept; the fault is reported.
pub(crate) fn parse<'a>(text: &'a str, source: SourceId, file: &str, limits: &Limits, report: &mut Report) -> Tree<'a> {
    let tree = Tree { source, text, nodes: Vec::new(), cut_off: None };
    let mut parser = Parser { tree, at: 0, open: Vec::new(), file, limits, report };
    if let Err(stop) = parser.run() {
        parser.tell(stop);
    }
    let end = parser.tree.nodes.len();
    for node in parser.open {
        parser.tree.nodes[node].end = end;
    }
    parser.tree
}

/// Why reading stops before the end.
enum Stop {
    /// The text ends inside a value.
    End,
    /// Something else was expected here.
    Expected(&'static str),
    /// Values stand deeper in each other than allowed.
    Depth,
    /// There are more values than allowed.
    Elements,
}

struct Parser<'a, 'r> {
    tree: Tree<'a>,
    at: usize,
    /// Lists and objects around the place.
    open: Vec<usize>,
    file: &'r str,
    limits: &'r Limits,
    report: &'r mut Report,
}

impl Parser<'_, '_> {
    fn run(&mut self) -> Result<(), Stop> {
        self.value(0..0)?;
        while let Some(&around) = self.open.last() {
            let is_object = matches!(self.tree.nodes[around].value, Value::Object);
            let is_first = around + 1 == self.tree.nodes.len();
            let next = self.peek()?;
            if next == if is_object { b'}' } else { b']' } {
                self.at += 1;
                self.open.pop();
                self.tree.nodes[around].end = self.tree.nodes.len();
                continue;
            }
            if !is_first {
                if next != b',' {
                    return Err(Stop::Expected("a comma"));
                }
                self.at += 1;
            }
            let key = if is_object {
                if self.peek()? != b'"' {
                    return Err(Stop::Expected("a name in quotes"));
                }
                let (key, _) = self.string()?;
                if self.peek()? != b':' {
                    return Err(Stop::Expected("a colon"));
                }
                self.at += 1;
                key
            } else {
                0..0
            };
            self.value(key)?;
        }
        match self.peek() {
            Err(Stop::End) => Ok(()),
            _ => Err(Stop::Expected("the end of the file")),
        }
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Result<u8, Stop> {
        let bytes = self.tree.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied().ok_or(Stop::End)
    }

    /// Reads a value; of a list or an object only the start.
    fn value(&mut self, key: Range<usize>) -> Result<(), Stop> {
        let start = match self.peek()? {
            b'"' => {
                let (span, text) = self.string()?;
                return self.push(Value::Text(text), key, span);
            }
            open @ (b'{' | b'[') => {
                if self.open.len() >= self.limits.depth {
                    return Err(Stop::Depth);
                }
                self.at += 1;
                self.open.push(self.tree.nodes.len());
                let value = if open == b'{' { Value::Object } else { Value::List };
                return self.push(value, key, self.at - 1..self.at);
            }
            _ => self.at,
        };
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let rest = self.tree.text.get(start..).unwrap_or_default();
        let word = &rest[..rest.bytes().position(|byte| !is_word(&byte)).unwrap_or(rest.len())];
        let value = match word {
            "true" => Value::Flag(true),
            "false" => Value::Flag(false),
            "null" => Value::Nothing,
            _ if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok() => {
                Value::Number
            }
            _ if start + word.len() == self.tree.text.len() => return Err(Stop::End),
            _ => return Err(Stop::Expected("a value")),
        };
        self.at = start + word.len();
        self.push(value, key, start..start + word.len())
    }

    fn push(&mut self, value: Value, key: Range<usize>, span: Range<usize>) -> Result<(), Stop> {
        let nodes = &mut self.tree.nodes;
        if nodes.len() >= self.limits.elements {
            // What was opened last has no node.
            self.open.retain(|&node| node < nodes.len());
            return Err(Stop::Elements);
        }
        nodes.push(Node { value, key, span, end: nodes.len() + 1 });
        Ok(())
    }

    /// A string that starts here: its place between the quotes, and its text, if that is not just what is written.
    fn string(&mut self) -> Result<(Range<usize>, Option<Box<str>>), Stop> {
        let start = self.at + 1;
        let rest = self.tree.text.get(start..).unwrap_or_default();
        let mut is_escaped = false;
        let mut has_escapes = false;
        let length = rest.bytes().position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            has_escapes |= is_escaped;
            is_end
        });
        let Some(length) = length else {
            self.at = self.tree.text.len();
            return Err(Stop::End);
        };
        self.at = start + length + 1;
        let span = start..start + length;
        let written = rest.get(..length).unwrap_or_default();
        let mut text = has_escapes.then(|| unescape(written));
        let whole = text.as_deref().unwrap_or(written);
        if whole.len() > self.limits.value {
            let end = (0..=self.limits.value).rev().find(|&end| whole.is_char_boundary(end)).unwrap_or_default();
            let cut = whole[..end].to_owned();
            let message = format!("a value has more than {} bytes", self.limits.value);
            self.limit(message, span.clone(), "this value is cut", "value");
            text = Some(cut);
        }
        Ok((span, text.map(String::into_boxed_str)))
    }

    fn tell(&mut self, stop: Stop) {
        let at = self.at.min(self.tree.text.len());
        let here = Span::new(self.tree.source, at..at);
        match stop {
            Stop::Depth => {
                let message = format!("`{}` has more than {} nested values", self.file, self.limits.depth);
                self.limit(message, at..at, "what follows is not read", "depth");
            }
            Stop::Elements => {
                let message = format!("`{}` has more than {} values", self.file, self.limits.elements);
                self.limit(message, at..at, "what follows is not read", "elements");
            }
            Stop::End => {
                let mut diagnostic = Diagnostic::new(&codes::U0105, format!("`{}` ends inside a value", self.file))
                    .here(here, "the file ends here")
                    .help("the file was saved only in part: save the model again");
                if let Some(&open) = self.open.last() {
                    diagnostic = diagnostic.because(self.tree.span(open), "this is still open");
                }
                self.tree.cut_off = Some(self.report.error(diagnostic));
            }
            Stop::Expected(what) => {
                let diagnostic = Diagnostic::new(&codes::U0103, format!("`{}` is not well-formed JSON", self.file))
                    .here(here, format!("{what} is expected here; what follows is not read"))
                    .help("save the model again in its tool");
                self.tree.cut_off = Some(self.report.error(diagnostic));
            }
        }
    }

    fn limit(&mut self, message: String, place: Range<usize>, label: &str, key: &str) {
        self.report.add(
            Diagnostic::new(&codes::U0108, message)
                .here(Span::new(self.tree.source, place), label)
                .help(format!("raise `{key}` under `[limits]` in `umlaut.toml` if the file is sound"))
                .cause(format!("{}:{key}", self.tree.source.index())),
        );
    }
}

/// A string's text; an escape that is none stays as it is.
fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = escape(rest).unwrap_or(('\\', 1));
        text.push(c);
        rest = &rest[length..];
    }
    text.push_str(rest);
    text
}

/// The character that the escape at the start of `text` means, and how long the escape is.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        &plain @ (b'"' | b'\\' | b'/') => char::from(plain),
        b'u' => {
            let first = unit(text)?;
            if let Some(c) = char::from_u32(first) {
                return Some((c, 6));
            }
            // One half of a character beyond the first plane; the other half follows.
            let second = text.get(6..).and_then(unit);
            let both = [Some(first), second].into_iter().flatten().filter_map(|unit| u16::try_from(unit).ok());
            return match char::decode_utf16(both).next() {
                Some(Ok(c)) => Some((c, 12)),
                _ => Some((char::REPLACEMENT_CHARACTER, 6)),
            };
        }
        _ => return None,
    };
    Some((c, 2))
}

/// The number of an escape `\u0000` at the start of `text`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn parsed(text: &str, check: impl Fn(&Tree<'_>)) -> Vec<String> {
        let (mut sources, mut report) = (Sources::default(), Report::default());
        let source = sources.add("m.mdj", text);
        check(&parse(text, source, "m.mdj", &Limits { depth: 8, value: 20, ..Limits::default() }, &mut report));
        report.diagnostics().iter().map(|found| format!("{} {}", found.code.id, found.message)).collect()
    }

    #[test]
    fn values_are_found_with_their_places() {
        let text = r#" {"name": "A \"b\" \u00e9 \ud83d\ude00", "n": -1.5e3, "list": [1, {"is": true}, []], "x": null, "name": "last"} "#;
        let found = parsed(text, |tree| {
            assert_eq!(tree.string(0, "name").map(|name| name.value), Some("last"));
            assert_eq!(tree.text(1).map(|name| name.value), Some("A \"b\" é 😀"));
            let number = tree.written(0, "n").expect("a number");
            assert_eq!((number.value, &text[number.span.range()]), ("-1.5e3", "-1.5e3"));
            let list: Vec<_> = tree.list(0, "list").collect();
            assert_eq!(list.len(), 3);
            assert_eq!(tree.flag(list[1], "is"), Some(true));
            assert_eq!(tree.end(0), tree.len());
            assert_eq!(tree.key(list[1] + 1), "is");
        });
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        for (text, told) in [
            (r#"{"a": 1, "b": {"c": "#, "U0105 `m.mdj` ends inside a value"),
            (r#"{"a": 1, "b": tr"#, "U0105 `m.mdj` ends inside a value"),
            (r#"{"a": 1, "b": "x"#, "U0105 `m.mdj` ends inside a value"),
            (r#"{"a": 1 "b": 2}"#, "U0103 `m.mdj` is not well-formed JSON"),
            (r#"{"a": 1, b: 2}"#, "U0103 `m.mdj` is not well-formed JSON"),
            (r#"{"a": 1} {"#, "U0103 `m.mdj` is not well-formed JSON"),
            (r#"{"a": 1, "b": [[[[[[[[[["#, "U0108 `m.mdj` has more than 8 nested values"),
            (r#"{"a": 1, "b": "012345678901234567890"}"#, "U0108 a value has more than 20 bytes"),
        ] {
            let found = parsed(text, |tree| {
                assert_eq!(tree.written(0, "a").map(|a| a.value), Some("1"), "{text}");
                assert_eq!(tree.end(0), tree.len());
            });
            assert_eq!(found, [told], "{text}");
        }
    }
}
