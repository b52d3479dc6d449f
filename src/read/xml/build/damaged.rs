//! Markup that is rare or not sound.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Builder, floor};
use crate::diagnostic::codes;

/// So often the parser is set on again after a fault. More is no damaged model but rubbish.
pub(super) const RESUMED: usize = 200;

/// What came of markup that is rare or not sound.
pub(super) enum Odd {
    /// It ends there.
    Read(usize),
    /// It is damaged, and what follows begins there.
    Resume(usize),
    /// The rest of the file cannot be read.
    End,
}

impl Builder<'_, '_> {
    /// Reads markup that is rare or not sound.
    pub(super) fn odd(&mut self, start: usize) -> Odd {
        let text = self.tree.text;
        let mut reader = Reader::from_str(&text[start..]);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        let event = reader.read_event();
        let next = (start + position(&reader)).min(text.len());
        let range = start..next;
        match event {
            Ok(Event::Eof) => return Odd::End,
            Ok(Event::Start(_)) => {
                if let Some(resume) = self.start(range, false) {
                    return Odd::Resume(resume);
                }
            }
            Ok(Event::Empty(_)) => {
                if let Some(resume) = self.start(range, true) {
                    return Odd::Resume(resume);
                }
            }
            Ok(Event::End(_)) => self.end(range),
            Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => self.text(range),
            Ok(Event::DocType(_)) => {
                self.doctype.get_or_insert(range);
            }
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) | Err(quick_xml::Error::IllFormed(_)) => {}
            Err(_) => return self.unclosed(start),
        }
        Odd::Read(next)
    }

    /// Reads on after markup at `start` that is not closed before the end of the file.
    fn unclosed(&mut self, start: usize) -> Odd {
        let text = self.tree.text;
        let rest = text.get(start + 1..).unwrap_or_default();
        let Some(next) = rest.find('<').map(|offset| start + 1 + offset) else { return Odd::End };
        if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            // A quote that is missing here makes the rest of the file one tag; ours ends earlier.
            return Odd::Resume(self.start(start..floor(text, next + 2), false).unwrap_or(next));
        }
        let place = start..floor(text, start + 4);
        self.teller.tell(&codes::U0103, "a comment or an instruction is not closed", place, "it starts here");
        Odd::Resume(next)
    }

    pub(super) fn give_up(&mut self, at: usize) {
        let message = format!("`{}` has more than {RESUMED} faults in its markup", self.file);
        self.teller.told.remove(codes::U0103.id);
        self.teller.tell(&codes::U0103, &message, at..at, "reading stops here");
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
