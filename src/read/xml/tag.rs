//! Attributes of a start tag. Ours, because we want the places of values and go on after faults.

use std::ops::Range;

/// An attribute as written; places count from the start of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) name: Range<usize>,
    /// Where the name without prefix begins, one past the first colon.
    pub(super) local: usize,
    pub(super) value: Range<usize>,
    /// The value is meant as it is written: there is no reference in it, no line end, and nothing that XML forbids.
    pub(super) is_plain: bool,
}

/// What is wrong with a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A value contains `<`: its closing quote is missing.
    Quote,
    /// A value without quotes.
    Unquoted,
    /// A name without a value.
    NoValue,
    /// Characters that start no name.
    Stray,
    /// No blank before an attribute.
    Joined,
    /// The same name again.
    Twice,
}

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: Range<usize>,
    /// Where the name without prefix begins.
    pub(super) local: usize,
    pub(super) attributes: Vec<Raw>,
    pub(super) faults: Vec<(Fault, Range<usize>)>,
    /// Where the tag really ended, if a quote is missing.
    pub(super) resume: Option<usize>,
}

/// What a byte is in the names of a tag, as bits.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => BLANK | DELIMITER,
            b'=' | b'"' | b'\'' | b'<' | b'>' | b'/' => DELIMITER,
            b':' => COLON,
            _ => 0,
        };
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};
pub(super) const BLANK: u8 = 1;
/// It ends a name.
pub(super) const DELIMITER: u8 = 2;
/// It ends a prefix.
const COLON: u8 = 4;

#[inline]
pub(super) fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

impl Tag {
    /// Takes the start tag at `range` of `text` apart; the range is from `<` to `>`, both included.
    ///
    /// Keeps at most `limit` attributes and gives the number of the others.
    pub(super) fn scan(&mut self, text: &str, range: Range<usize>, limit: usize) -> usize {
        self.attributes.clear();
        self.faults.clear();
        self.resume = None;
        scan(self, text, range, limit)
    }
}

fn scan(tag: &mut Tag, text: &str, range: Range<usize>, limit: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = range.end.saturating_sub(1).max(range.start);
    if end > range.start + 1 && bytes.get(end - 1) == Some(&b'/') {
        end -= 1;
    }
    let mut dropped = 0;
    let mut at = range.start + 1;
    let blank = |at: usize| bytes.get(at).is_some_and(|&byte| class(byte) & BLANK != 0);
    let named = |at: usize| bytes.get(at).is_some_and(|&byte| class(byte) & DELIMITER == 0);
    // The end of the name that begins at `start`, and where it begins without its prefix.
    let name_at = |start: usize| {
        let length = |from: usize, until: u8| {
            let rest = bytes.get(from..end).unwrap_or_default();
            rest.iter().position(|&byte| class(byte) & until != 0).unwrap_or(rest.len())
        };
        let at = start + length(start, DELIMITER | COLON);
        if at < end && bytes[at] == b':' { (at + 1 + length(at + 1, DELIMITER), at + 1) } else { (at, start) }
    };
    let start = at;
    (at, tag.local) = name_at(start);
    tag.name = start..at;
    let mut separated = true;
    while at < end {
        if blank(at) {
            at += 1;
            separated = true;
            continue;
        }
        // A quote that is missing further up makes the parser see a longer tag than there is.
        if bytes[at] == b'<' || bytes[at] == b'>' {
            tag.resume = Some(if bytes[at] == b'<' { at } else { at + 1 });
            return dropped;
        }
        let name = at;
        let local;
        (at, local) = name_at(name);
        if at == name {
            // Whole characters only; a run of rubbish is one fault.
            while at < end && !blank(at) && !named(at) && !b"<>".contains(&bytes[at]) {
                at += 1;
            }
            while !text.is_char_boundary(at) {
                at += 1;
            }
            tag.faults.push((Fault::Stray, name..at));
            continue;
        }
        let name = name..at;
        while at < end && blank(at) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'=') || at >= end {
            tag.faults.push((Fault::NoValue, name));
            continue;
        }
        at += 1;
        while at < end && blank(at) {
            at += 1;
        }
        let mut is_plain = false;
        let value = if let Some(&quote @ (b'"' | b'\'')) = bytes.get(at).filter(|_| at < end) {
            let value = at + 1;
            at = value;
            let rest = bytes.get(value..end).unwrap_or_default();
            at += memchr::memchr2(quote, b'<', rest).unwrap_or(rest.len());
            // Without leaving early, so that many bytes are compared at once.
            let is_special = |&byte: &u8| byte < b' ' || byte == b'&';
            is_plain = !bytes[value..at].iter().fold(false, |found, byte| found | is_special(byte));
            if at < end && bytes[at] == b'<' {
                missing_quote(text, tag, Raw { name, local, value: value..at, is_plain: false });
                return dropped;
            }
            let value = value..at;
            at = (at + 1).min(end);
            value
        } else {
            let value = at;
            while at < end && !blank(at) {
                at += 1;
            }
            tag.faults.push((Fault::Unquoted, value..at));
            value..at
        };
        if !separated {
            tag.faults.push((Fault::Joined, name.clone()));
        }
        separated = false;
        if tag.attributes.len() >= limit {
            dropped += 1;
        } else if tag.attributes.iter().any(|other| bytes[other.name.clone()] == bytes[name.clone()]) {
            tag.faults.push((Fault::Twice, name));
        } else {
            tag.attributes.push(Raw { name, local, value, is_plain });
        }
    }
    dropped
}

/// A value runs into the next tag. It is taken to end at the first blank or at the end of its own tag.
fn missing_quote(text: &str, tag: &mut Tag, raw: Raw) {
    let Range { start: value, end: next } = raw.value;
    let inside = &text[value..next];
    let stop = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '>')).unwrap_or(inside.len());
    tag.faults.push((Fault::Quote, value..value + stop));
    tag.attributes.push(Raw { value: value..value + stop, ..raw });
    tag.resume = Some(next);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Tag {
        let mut tag = Tag::default();
        tag.scan(text, 0..text.len(), 100);
        tag
    }

    fn pairs(text: &str) -> (Vec<(&str, &str)>, Vec<Fault>) {
        let tag = scan(text);
        (
            tag.attributes.iter().map(|raw| (&text[raw.name.clone()], &text[raw.value.clone()])).collect(),
            tag.faults.iter().map(|(fault, _)| *fault).collect(),
        )
    }

    #[test]
    fn attributes_are_found_whatever_surrounds_them() {
        assert_eq!(pairs("<a b='1' c = \"x > y\"\n\td=''/>"), (vec![("b", "1"), ("c", "x > y"), ("d", "")], vec![]));
        assert_eq!(pairs("<a/>"), (vec![], vec![]));
    }

    #[test]
    fn faults_leave_the_other_attributes_alone() {
        assert_eq!(pairs("<a b c='1'>"), (vec![("c", "1")], vec![Fault::NoValue]));
        assert_eq!(pairs("<a b=1 c='2'>"), (vec![("b", "1"), ("c", "2")], vec![Fault::Unquoted]));
        assert_eq!(pairs("<a b='1'c='2'>"), (vec![("b", "1"), ("c", "2")], vec![Fault::Joined]));
        assert_eq!(pairs("<a b='1' b='2'>"), (vec![("b", "1")], vec![Fault::Twice]));
        assert_eq!(pairs("<a \"é\" b='1'>"), (vec![("b", "1")], vec![Fault::Stray, Fault::NoValue, Fault::Stray]));
        let text = "<a b='Order c='1'><d e='2'/>";
        let tag = scan(text);
        assert_eq!((&text[tag.attributes[0].value.clone()], tag.resume), ("Order c=", Some(18)));
        let text = "<a b='Order><d e='2'/>";
        let tag = scan(text);
        assert_eq!((&text[tag.attributes[0].value.clone()], tag.resume), ("Order", Some(12)));
    }
}
