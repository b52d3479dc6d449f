//! Text between tags.

use std::borrow::Cow;
use std::ops::Range;

use super::super::{NONE, Piece, Tree, Value, short, unescape};
use super::{Builder, Open, floor};
use crate::diagnostic::codes;

impl Builder<'_, '_> {
    pub(super) fn close_text(&mut self, open: &Open) {
        let pieces = &self.pieces[open.pieces..];
        let text = self.tree.text;
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
        let whole = first.1.start..last.1.end;
        // Text in one piece is the rule; then it stays where it is. The only markup in it is that of `CDATA`.
        let contiguous = pieces.windows(2).all(|pair| pair[0].1.end == pair[1].1.start);
        let value = if contiguous && memchr::memchr(b'<', &text.as_bytes()[whole.clone()]).is_none() {
            unescape::unescape(&text[whole.clone()], false, &mut self.faults)
        } else {
            let mut value = String::new();
            for index in open.pieces..self.pieces.len() {
                let piece = self.pieces[index].1.clone();
                let (raw, start) = (&text[piece.clone()], piece.start);
                match raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>")) {
                    Some(data) => value.push_str(data),
                    None => value.push_str(&unescape::unescape(raw, false, &mut self.faults)),
                }
                // Places count from the piece that they stand in.
                self.tell_faults(start);
            }
            value.into()
        };
        self.pieces.truncate(open.pieces);
        self.tell_faults(whole.start);
        if value.trim().is_empty() {
            return;
        }
        let raw = &text[whole.clone()];
        let start = whole.start + (raw.len() - raw.trim_start().len());
        let value = self.tree.keep(value, &(start..start.max(whole.start + raw.trim_end().len())));
        self.tree.nodes[open.node].text = short(self.tree.texts.len());
        self.tree.texts.push(value);
    }

    pub(in crate::read::xml) fn text(&mut self, range: Range<usize>) {
        if self.too_deep > 0 || range.is_empty() {
            return;
        }
        let Some(open) = self.open.last() else {
            let raw = &self.tree.text[range.clone()];
            if let Some(offset) = raw.find(|c: char| !c.is_whitespace()) {
                let start = range.start + offset;
                let end = floor(self.tree.text, range.end.min(start + 40));
                self.teller.tell(
                    &codes::U0103,
                    "there is text outside the root element",
                    start..end,
                    "this is in no element",
                );
            }
            return;
        };
        // Blanks between elements, by far the most texts, are not kept.
        let has_text = self.pieces.len() > open.pieces;
        if !has_text && self.tree.text.as_bytes()[range.clone()].iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let node = open.node;
        if open.text + range.len() > self.limits.value {
            let message = format!("a text has more than {} bytes", self.limits.value);
            let place = self.tree.tag_place(node).range();
            self.teller.limit(message, place, "the text of this element is cut", "value");
            return;
        }
        let is_data = |range: &Range<usize>| self.tree.text[range.clone()].starts_with("<![CDATA[");
        let starts_piece = is_data(&range);
        if let Some(open) = self.open.last_mut() {
            open.text += range.len();
        }
        // References split text; what stands together stays together.
        match self.pieces.last_mut() {
            Some((last, piece)) if *last == node && piece.end == range.start && !starts_piece && !self.last_is_data => {
                piece.end = range.end;
            }
            _ => self.pieces.push((node, range)),
        }
        self.last_is_data = starts_piece;
    }
}

impl Tree<'_> {
    /// Keeps a value: only what is not meant as it is written is stored.
    fn keep(&mut self, value: Cow<'_, str>, written: &Range<usize>) -> Value {
        let meant = match value {
            Cow::Borrowed(_) => NONE,
            Cow::Owned(value) => {
                self.meant.push(value.into_boxed_str());
                short(self.meant.len() - 1)
            }
        };
        Value { written: Piece::new(written), meant }
    }
}
