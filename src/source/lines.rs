//! Lines and columns of a text: CRLF, LF and a lone CR all end a line.
//!
//! Exports come as one line of five megabytes. So a column is not counted from the start of its line but looked up: the
//! characters before every 4,096th byte are noted once.

use std::ops::Range;

/// Bytes between two entries of the position table.
const STEP: usize = 4096;

/// A place as people and editors count it; everything from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in characters.
    pub column: usize,
    /// The column in UTF-16 code units, as editors count.
    pub utf16: usize,
}

/// The table of one text.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The first byte of each line; the first entry is 0.
    starts: Vec<u32>,
    /// Characters, and those outside the basic plane, before byte `index * STEP`.
    before: Vec<(u32, u32)>,
}

impl Lines {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut before = Vec::with_capacity(bytes.len() / STEP + 1);
        let mut count = (0, 0);
        for (index, &byte) in bytes.iter().enumerate() {
            if index % STEP == 0 {
                before.push(count);
            }
            add(&mut count, byte);
            if byte == b'\n' || (byte == b'\r' && bytes.get(index + 1) != Some(&b'\n')) {
                starts.push(u32::try_from(index + 1).unwrap_or(u32::MAX));
            }
        }
        if before.is_empty() || bytes.len().is_multiple_of(STEP) {
            before.push(count);
        }
        Self { starts, before }
    }

    /// How many lines there are; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: a text has at least one line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The line of `offset`, from 0.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset).saturating_sub(1)
    }

    /// The bytes of `line` (from 0) without its line end; empty after the last line.
    pub fn range(&self, text: &str, line: usize) -> Range<usize> {
        let start = self.starts.get(line).map_or(text.len(), |&start| start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize);
        let ended = text.get(start..end).unwrap_or_default();
        start..start + ended.trim_end_matches(['\r', '\n']).len()
    }

    /// The position of the byte `offset` of `text`; behind the end it is the position of the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.line(offset);
        let start = self.starts.get(line).map_or(0, |&start| start as usize);
        let (here, there) = (self.count(text, offset), self.count(text, start));
        let column = (here.0 - there.0) as usize;
        Position { line: line + 1, column: column + 1, utf16: column + (here.1 - there.1) as usize + 1 }
    }

    /// Characters, and those outside the basic plane, that start before `offset`.
    fn count(&self, text: &str, offset: usize) -> (u32, u32) {
        let step = (offset / STEP).min(self.before.len().saturating_sub(1));
        let mut count = self.before.get(step).copied().unwrap_or_default();
        for &byte in text.as_bytes().get(step * STEP..offset).unwrap_or_default() {
            add(&mut count, byte);
        }
        count
    }
}

/// Counts a character at its first byte.
fn add(count: &mut (u32, u32), byte: u8) {
    count.0 += u32::from(byte & 0xC0 != 0x80);
    count.1 += u32::from(byte >= 0xF0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let text = "a\r\nbc\nd\re";
        let lines = Lines::new(text);
        let shown: Vec<&str> = (0..lines.len()).map(|line| &text[lines.range(text, line)]).collect();
        assert_eq!(shown, ["a", "bc", "d", "e"]);
        assert_eq!(lines.position(text, 8), Position { line: 4, column: 1, utf16: 1 });
    }

    #[test]
    fn columns_count_characters_and_editors_count_code_units() {
        let text = "\n注é𝐱!";
        let lines = Lines::new(text);
        let at = text.find('!').unwrap();
        assert_eq!(lines.position(text, at), Position { line: 2, column: 4, utf16: 5 });
        assert_eq!(lines.position(text, 4_711), Position { line: 2, column: 5, utf16: 6 });
    }

    #[test]
    fn the_position_table_agrees_with_counting() {
        for length in [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP] {
            let text: String = "aé注𝐱\n".chars().cycle().take(length).collect();
            let lines = Lines::new(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let line = &text[text[..offset].rfind('\n').map_or(0, |at| at + 1)..offset];
                let position = lines.position(&text, offset);
                assert_eq!(position.column, line.chars().count() + 1);
                assert_eq!(position.utf16, line.encode_utf16().count() + 1);
            }
        }
    }
}
