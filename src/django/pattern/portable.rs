//! Which patterns Python and the databases read alike.
//!
//! Django's SQLite asks Python; PostgreSQL has "advanced regular expressions" of its own (its manual, 9.7.3).

use std::iter::Peekable;
use std::str::Chars;

/// PostgreSQL counts no further (its `DUPMAX`).
const MOST: u32 = 255;

/// What in `pattern` is not read alike, in words and with what to write instead; `None` if there is nothing. `pattern` is one that
/// [`super::matching`] understands.
pub fn strangeness(pattern: &str) -> Option<&'static str> {
    let mut chars = pattern.chars().peekable();
    while let Some(next) = chars.next() {
        let strange = match next {
            '\\' => match chars.next() {
                Some('A' | 'Z') => None,
                escaped => strange_escape(escaped),
            },
            '[' => strange_class(&mut chars),
            '{' => strange_count(&mut chars),
            '$' => Some("`$` fits before a last line break, too, but only in Python; write `\\Z`"),
            '.' => {
                Some("`.` is a line break, too, but only in PostgreSQL; write which characters are meant, as in `[^;]`")
            }
            _ => None,
        };
        let is_repeated = matches!(next, '*' | '+' | '?' | '{') && matches!(chars.peek(), Some('?' | '+'));
        if let Some(strange) = strange.or(is_repeated.then_some("a repetition has one sign; leave the second one out"))
        {
            return Some(strange);
        }
    }
    None
}

fn strange_escape(escaped: Option<char>) -> Option<&'static str> {
    let is_sign = escaped.is_some_and(|escaped| !escaped.is_ascii_alphanumeric());
    (!is_sign)
        .then_some(r"`\d`, `\w` and their like are not the same characters everywhere; write them out, as in `[0-9]`")
}

/// Reads what is in brackets, and the bracket that closes them.
fn strange_class(chars: &mut Peekable<Chars<'_>>) -> Option<&'static str> {
    let _ = chars.next_if_eq(&'^');
    if chars.peek() == Some(&']') {
        return Some(r"a bracket in brackets is written `\]`");
    }
    let mut ends_range = false;
    while let Some(next) = chars.next() {
        match next {
            ']' => return None,
            '[' => return Some(r"a bracket in brackets is written `\[`"),
            '\\' => {
                if let Some(strange) = strange_escape(chars.next()) {
                    return Some(strange);
                }
            }
            _ => {}
        }
        let is_range = chars.next_if_eq(&'-').is_some() && chars.peek().is_some_and(|end| *end != ']');
        let is_between = next == '-' && ends_range && chars.peek() != Some(&']');
        if is_between || is_range && (next == '-' || chars.peek() == Some(&'-')) {
            return Some(r"a hyphen in brackets is written `\-`, unless it stands between two ends");
        }
        ends_range = is_range;
        if is_range && chars.next() == Some('\\') {
            if let Some(strange) = strange_escape(chars.next()) {
                return Some(strange);
            }
        }
    }
    None
}

/// Reads how often, and the brace that closes it.
fn strange_count(chars: &mut Peekable<Chars<'_>>) -> Option<&'static str> {
    let count: String = chars.by_ref().take_while(|next| *next != '}').collect();
    let (least, most) = count.split_once(',').unwrap_or((&count, &count));
    if least.is_empty() {
        return Some("a repetition without a least number; write `{0,2}`");
    }
    let is_small = |number: &str| number.is_empty() || number.parse::<u32>().is_ok_and(|number| number <= MOST);
    (!is_small(least) || !is_small(most)).then_some("PostgreSQL counts to 255 only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_alike_is_told_from_what_is_not() {
        for pattern in [
            r"\A[A-Z]{2}-[0-9]{4,6}\Z",
            r"^(?:\+?[0-9 ]{3,255}|none)\Z",
            r"\A[^;\]\-]+(x|y)?\.\Z",
            r"\A[-+]?[0-9]*\Z",
            r"\A[a-z0-9_-]{0,}\Z",
            r"\A[-a-z-]\Z",
            "é|ß",
        ] {
            assert_eq!(strangeness(pattern), None, "{pattern}");
        }
        for (pattern, word) in [
            (r"^\d+\Z", "[0-9]"),
            (r"[\w]", "[0-9]"),
            ("^a$", "line break"),
            ("a.c", "line break"),
            ("a+?", "one sign"),
            ("a{2}?", "one sign"),
            ("[]a]", "bracket"),
            ("[[a]", "bracket"),
            ("a{,3}", "least"),
            ("a{256}", "255"),
            ("[a-c-e]", "hyphen"),
            ("[+--]", "hyphen"),
        ] {
            assert!(
                strangeness(pattern).is_some_and(|why| why.contains(word)),
                "{pattern}: {:?}",
                strangeness(pattern)
            );
        }
    }
}
