//! References and line ends. Own entities are never expanded.

use std::borrow::Cow;
use std::ops::Range;

/// What is wrong with a piece of text; places count from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A character that XML does not allow.
    Forbidden(char, Range<usize>),
    /// An entity that is not one of the five.
    Undefined(Range<usize>),
    /// An `&` that starts no reference.
    Ampersand(Range<usize>),
}

/// Resolves references and replaces forbidden characters; in attributes, line ends and tabs become blanks.
pub(super) fn unescape<'a>(raw: &'a str, attribute: bool, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    let special = |byte: u8| byte == b'&' || (byte < b' ' && (attribute || (byte != b'\n' && byte != b'\t')));
    let Some(first) = raw.bytes().position(special) else { return Cow::Borrowed(raw) };
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    let mut next = Some(first);
    while let Some(offset) = next {
        text.push_str(&raw[at..offset]);
        let rest = &raw[offset..];
        let length = match rest.as_bytes()[0] {
            b'&' => reference(rest, offset, &mut text, faults),
            b'\r' => {
                text.push(if attribute { ' ' } else { '\n' });
                if rest.as_bytes().get(1) == Some(&b'\n') { 2 } else { 1 }
            }
            b'\n' | b'\t' => {
                text.push(' ');
                1
            }
            control => {
                faults.push(Fault::Forbidden(char::from(control), offset..offset + 1));
                text.push('\u{fffd}');
                1
            }
        };
        at = offset + length;
        next = raw[at..].bytes().position(special).map(|position| at + position);
    }
    text.push_str(&raw[at..]);
    Cow::Owned(text)
}

/// Writes what the reference at the start of `rest` stands for and gives its length.
fn reference(rest: &str, offset: usize, text: &mut String, faults: &mut Vec<Fault>) -> usize {
    // No reference is longer; without the limit, text full of ampersands would take quadratic time.
    let window = rest.bytes().take(64).position(|byte| byte == b';');
    let Some(end) = window.filter(|&end| end > 1 && is_name(&rest[1..end])) else {
        faults.push(Fault::Ampersand(offset..offset + 1));
        text.push('&');
        return 1;
    };
    let name = &rest[1..end];
    let place = offset..offset + end + 1;
    match name {
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "amp" => text.push('&'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        _ => {
            if let Some(number) = name.strip_prefix('#') {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                };
                match code.and_then(char::from_u32) {
                    Some(c) if is_allowed(c) => text.push(c),
                    found => {
                        faults.push(Fault::Forbidden(found.unwrap_or('\u{fffd}'), place));
                        text.push('\u{fffd}');
                    }
                }
            } else {
                faults.push(Fault::Undefined(place));
                text.push_str(&rest[..=end]);
            }
        }
    }
    end + 1
}

fn is_name(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

/// The characters of XML 1.0.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_what_is_none_is_told() {
        let mut faults = Vec::new();
        assert_eq!(unescape("Pr&#233;nom &lt;&#x3b1;&gt;", true, &mut faults), "Prénom <α>");
        assert_eq!(unescape("a\r\nb\tc", true, &mut faults), "a b c");
        assert_eq!(unescape("a\r\nb\tc", false, &mut faults), "a\nb\tc");
        assert!(faults.is_empty());
        assert_eq!(unescape("R&D &company; &#8;\u{1b}", true, &mut faults), "R&D &company; \u{fffd}\u{fffd}");
        assert_eq!(
            faults,
            [
                Fault::Ampersand(1..2),
                Fault::Undefined(4..13),
                Fault::Forbidden('\u{8}', 14..18),
                Fault::Forbidden('\u{1b}', 18..19)
            ]
        );
    }

    #[test]
    fn many_ampersands_take_linear_time() {
        let text = "&".repeat(1_000_000);
        assert_eq!(unescape(&text, true, &mut Vec::new()).len(), text.len());
    }
}
