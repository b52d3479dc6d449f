//! Tokens.

use std::ops::Range;

/// A token with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Word(String),
    /// A name in quotes, `_'context'`: never a keyword.
    Quoted(String),
    Integer(String),
    Real(String),
    Text(String),
    /// An operator or bracket, in its one spelling.
    Sign(&'static str),
    /// Something that no rule begins with; an open quote.
    Wrong,
    End,
}

/// Signs in all their spellings, longer ones first, each with the one that the parser knows.
const SIGNS: &[(&str, &str)] = &[
    ("<=>", "<=>"),
    ("->", "->"),
    ("..", ".."),
    ("::", "::"),
    ("<>", "<>"),
    ("!=", "<>"),
    ("==", "="),
    ("<=", "<="),
    ("=<", "<="),
    (">=", ">="),
    ("=>", "implies"),
    ("&&", "and"),
    ("||", "or"),
    ("@pre", "@pre"),
    ("\u{2264}", "<="),
    ("\u{2265}", ">="),
    ("\u{2260}", "<>"),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("+", "+"),
    ("-", "-"),
    ("\u{2212}", "-"),
    ("*", "*"),
    ("/", "/"),
    ("!", "not"),
    ("(", "("),
    (")", ")"),
    ("{", "{"),
    ("}", "}"),
    ("[", "["),
    ("]", "]"),
    ("|", "|"),
    (",", ","),
    (";", ";"),
    (":", ":"),
    (".", "."),
    ("#", "#"),
    ("?", "?"),
];

/// Takes a text apart. There is always an [`TokenKind::End`] at the end; what is no token is [`TokenKind::Wrong`].
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = blank(rest);
        if blank > 0 {
            at += blank;
            continue;
        }
        let (kind, length) = token(rest);
        found.push(Token { kind, at: at..at + length });
        at += length;
    }
    found.push(Token { kind: TokenKind::End, at: text.len()..text.len() });
    found
}

/// How many bytes of blanks and comments there are.
fn blank(rest: &str) -> usize {
    if let Some(comment) = rest.strip_prefix("--") {
        return 2 + comment.find('\n').map_or(comment.len(), |end| end + 1);
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return 2 + comment.find("*/").map_or(comment.len(), |end| end + 2);
    }
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    rest.find(|c: char| !is_blank(c)).unwrap_or(rest.len())
}

fn token(rest: &str) -> (TokenKind, usize) {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return (TokenKind::End, 0) };
    if first == '_'
        && let Some(quoted) = rest.strip_prefix("_'")
    {
        let (text, length) = quote(quoted, '\'');
        return (text.map_or(TokenKind::Wrong, TokenKind::Quoted), length + 2);
    }
    if first.is_alphabetic() || first == '_' || first == '$' {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        return (TokenKind::Word(rest.get(..end).unwrap_or_default().to_owned()), end);
    }
    if first.is_ascii_digit() {
        return number(rest);
    }
    if matches!(first, '\'' | '"' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}') {
        let close = match first {
            '\u{2018}' => '\u{2019}',
            '\u{201c}' => '\u{201d}',
            same => same,
        };
        let (text, length) = quote(chars.as_str(), close);
        return (text.map_or(TokenKind::Wrong, TokenKind::Text), length + first.len_utf8());
    }
    match SIGNS.iter().find(|(written, _)| rest.starts_with(written)) {
        Some((written, sign)) => (TokenKind::Sign(sign), written.len()),
        None => (TokenKind::Wrong, first.len_utf8()),
    }
}

/// `12`, `1.5`, `1e3`; `1..5` is three tokens, `1.max(2)` as well.
fn number(rest: &str) -> (TokenKind, usize) {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut end = digits(rest);
    let mut is_real = false;
    if let Some(fraction) = rest.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        let length = digits(fraction);
        if length > 0 {
            is_real = true;
            end += 1 + length;
        }
    }
    if let Some(exponent) = rest.get(end..).and_then(|rest| rest.strip_prefix(['e', 'E'])) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let length = exponent.get(sign..).map_or(0, digits);
        if length > 0 {
            is_real = true;
            end += 1 + sign + length;
        }
    }
    let text = rest.get(..end).unwrap_or_default().to_owned();
    (if is_real { TokenKind::Real(text) } else { TokenKind::Integer(text) }, end)
}

/// A text up to the quote that closes it, unescaped, and how many bytes that took; none if nothing closes it.
fn quote(rest: &str, close: char) -> (Option<String>, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == close => {
                // A quote that stands twice is meant.
                if chars.next_if(|(_, next)| *next == close).is_none() {
                    return (Some(text), at + c.len_utf8());
                }
                text.push(c);
            }
            '\\' => {
                // OCL 2.4, 7.4.3; what is no escape stands for itself, as patterns are drawn.
                let escape = chars.peek().and_then(|(_, next)| match next {
                    'n' => Some('\n'),
                    't' => Some('\t'),
                    'r' => Some('\r'),
                    '\\' => Some('\\'),
                    '\'' => Some('\''),
                    '"' => Some('"'),
                    _ => None,
                });
                match escape {
                    Some(meant) => {
                        text.push(meant);
                        chars.next();
                    }
                    None => text.push('\\'),
                }
            }
            _ => text.push(c),
        }
    }
    (None, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_stop_where_ranges_and_calls_begin() {
        use TokenKind::{End, Integer, Real, Sign, Word};
        assert_eq!(kinds("1..5"), [Integer("1".into()), Sign(".."), Integer("5".into()), End]);
        assert_eq!(kinds("1.5e3"), [Real("1.5e3".into()), End]);
        assert_eq!(kinds("1.max"), [Integer("1".into()), Sign("."), Word("max".into()), End]);
        assert_eq!(kinds("2e"), [Integer("2".into()), Word("e".into()), End]);
    }

    #[test]
    fn texts_are_unescaped_and_comments_left_out() {
        use TokenKind::{End, Quoted, Text, Word, Wrong};
        assert_eq!(kinds(r"'it''s' -- so"), [Text("it's".into()), End]);
        assert_eq!(kinds(r"'a\'b\n\d'"), [Text("a'b\n\\d".into()), End]);
        assert_eq!(kinds("/* no */ x /* open"), [Word("x".into()), End]);
        assert_eq!(kinds("_'context'"), [Quoted("context".into()), End]);
        assert_eq!(kinds("'open"), [Wrong, End]);
        assert_eq!(kinds("“x”"), [Text("x".into()), End]);
    }

    #[test]
    fn every_byte_is_in_order() {
        let text = "a ≥ 3 && §b";
        let found = tokens(text);
        assert!(found.windows(2).all(|pair| pair[0].at.end <= pair[1].at.start));
        assert!(found.iter().all(|token| text.get(token.at.clone()).is_some()));
        assert_eq!(found[1].kind, TokenKind::Sign(">="));
    }
}
