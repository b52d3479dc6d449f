//! What is sound, and that is nearly everything, in one pass over its bytes. Whatever looks unusual is left to the slower way
//! ([`super::tag`] and the parser), which knows all faults and tells them.

use std::borrow::Cow;

use super::build::{Builder, Tag};
use super::names::{Marks, Written, word};
use super::tag::{BLANK, DELIMITER, class};
use super::{Attribute, Piece, unescape};

/// A byte in all eight places.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The upper bit of each byte that is zero; the lowest of these bits is never wrong.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & all(0x80)
}

/// Where the value of an attribute ends that begins at `at`, and whether it is meant as it is written: there is no reference in it, no
/// line end, and nothing that XML forbids. `None` if its quote seems to be missing.
#[inline]
fn value_end(bytes: &[u8], mut at: usize, quote: u8) -> Option<(usize, bool)> {
    let mut is_plain = true;
    let quotes = all(quote);
    // The last bytes of a document are in no attribute.
    while at + 8 <= bytes.len() {
        let word = word(bytes, at);
        let controls = word.wrapping_sub(all(b' ')) & !word & all(0x80);
        let found = zeros(word ^ quotes) | zeros(word ^ all(b'<')) | zeros(word ^ all(b'&')) | controls;
        if found == 0 {
            at += 8;
            continue;
        }
        at += found.trailing_zeros() as usize / 8;
        match bytes[at] {
            byte if byte == quote => return Some((at, is_plain)),
            b'<' => return None,
            _ => {
                is_plain = false;
                at += 1;
            }
        }
    }
    None
}

impl Builder<'_, '_> {
    /// Reads the markup at `at` if it is a sound tag, and gives its end.
    #[inline]
    pub(super) fn sound(&mut self, at: usize) -> Option<usize> {
        if self.too_deep > 0 || self.open.len() >= self.limits.depth {
            return None;
        }
        // The root is looked at more closely.
        let top = self.open.last()?.node;
        if self.tree.text.as_bytes().get(at + 1) == Some(&b'/') {
            self.sound_end(at, top)
        } else {
            self.sound_start(at)
        }
    }

    fn sound_end(&mut self, at: usize, top: usize) -> Option<usize> {
        let bytes = self.tree.text.as_bytes();
        let opened = self.tree.tag(top).as_bytes();
        let (start, end) = (at + 2, at + 2 + opened.len());
        if bytes.get(end) != Some(&b'>') || bytes[start..end] != *opened {
            return None;
        }
        if let Some(open) = self.open.pop() {
            self.close(&open);
        }
        Some(end + 1)
    }

    fn sound_start(&mut self, at: usize) -> Option<usize> {
        let attributes = self.tree.attributes.len();
        let Some((tag, is_plain)) = self.sound_tag(at) else {
            self.tree.attributes.truncate(attributes);
            return None;
        };
        for attribute in attributes..self.tree.attributes.len() {
            self.tree.names.count_attribute(self.tree.attributes[attribute].name);
        }
        let end = tag.range.end;
        if !is_plain {
            self.mean(attributes);
        }
        let bindings = self.bindings();
        self.push(tag, bindings);
        Some(end)
    }

    /// The start tag at `at`, and whether all its values are meant as they are written. Its attributes are entered in any case.
    #[inline]
    fn sound_tag(&mut self, start: usize) -> Option<(Tag, bool)> {
        let bytes = self.tree.text.as_bytes();
        let name_end = |start: usize| {
            let rest = bytes.get(start..)?;
            Some(start + rest.iter().position(|&byte| class(byte) & DELIMITER != 0)?)
        };
        let mut at = name_end(start + 1)?;
        if !matches!(bytes[start + 1], b'a'..=b'z' | b'A'..=b'Z' | b'_') {
            return None;
        }
        let name = self.name(Written { start: start + 1, end: at, is_tag: true });
        let attributes = self.tree.attributes.len();
        let (mut has, mut all_plain) = (Marks::default(), true);
        loop {
            let separator = at;
            while class(*bytes.get(at)?) & BLANK != 0 {
                at += 1;
            }
            let is_empty = bytes[at] == b'/';
            if bytes.get(at + usize::from(is_empty)) == Some(&b'>') {
                let range = start..at + usize::from(is_empty) + 1;
                return Some((Tag { name, range, attributes, has, is_empty }, all_plain));
            }
            let name = at;
            at = name_end(name)?;
            let is_apart = name > separator && at > name;
            let (Some(b'='), Some(&quote @ (b'"' | b'\''))) = (bytes.get(at), bytes.get(at + 1)) else { return None };
            // Declarations are looked at more closely.
            if !is_apart || bytes[name..].starts_with(b"xmlns") {
                return None;
            }
            let name = self.name(Written { start: name, end: at, is_tag: false });
            let value = at + 2;
            let (value_end, is_plain) = value_end(bytes, value, quote)?;
            at = value_end + 1;
            let own = &self.tree.attributes[attributes..];
            let mark = self.tree.names.get(name).mark;
            let is_second = has.may_have(mark) && own.iter().any(|other| other.name == name);
            if is_second || own.len() >= self.limits.attributes || value_end - value > self.limits.value {
                return None;
            }
            has.add(mark);
            all_plain &= is_plain;
            let written = Piece::new(&(value..value_end));
            self.tree.attributes.push(Attribute { name, written, has_meant: !is_plain });
        }
    }

    /// Finds out what the values mean that are not meant as they are written, of the attributes from `first` on.
    fn mean(&mut self, first: usize) {
        for at in first..self.tree.attributes.len() {
            let Attribute { written, has_meant, .. } = self.tree.attributes[at];
            if !has_meant {
                continue;
            }
            let value = unescape::unescape(&self.tree.text[written.range()], true, &mut self.faults);
            self.tell_faults(written.range().start);
            match value {
                Cow::Owned(value) => self.tree.meant_values.push((super::short(at), value.into_boxed_str())),
                Cow::Borrowed(_) => self.tree.attributes[at].has_meant = false,
            }
        }
    }

    /// Reads the text at `at`, and gives its end.
    pub(super) fn text_at(&mut self, at: usize) -> usize {
        let bytes = self.tree.text.as_bytes();
        let (pieces, room) = match self.open.last() {
            Some(open) => (open.pieces, self.limits.value.saturating_sub(open.text)),
            None => (0, 0),
        };
        let mut start = at;
        if self.pieces.len() == pieces {
            // Blanks between elements, by far the most texts, are not kept.
            while bytes.get(start).is_some_and(|&byte| class(byte) & BLANK != 0) {
                start += 1;
            }
            match bytes.get(start) {
                None | Some(b'<') => return start,
                Some(b'&') => {}
                Some(_) => start = at,
            }
        }
        let rest = &bytes[start..];
        let end = start + memchr::memchr(b'<', rest).unwrap_or(rest.len());
        if end - start <= room {
            self.text(start..end);
            return end;
        }
        // What is cut is cut at a reference; and faults are told piece by piece.
        while start < end {
            let rest = &bytes[start + 1..end];
            let length = match bytes[start] {
                b'&' => match memchr::memchr2(b';', b'&', rest) {
                    Some(place) if rest[place] == b';' => place + 1,
                    other => other.unwrap_or(rest.len()),
                },
                _ => memchr::memchr(b'&', rest).unwrap_or(rest.len()),
            };
            self.text(start..start + 1 + length);
            start += 1 + length;
        }
        end
    }
}
