//! Excerpts: what of a source is shown for one diagnostic.
//!
//! No renderer sees a raw source: a line may have five megabytes, hold escape sequences that would reach the terminal, or
//! characters that turn the reading direction. An excerpt is a small clean text with the true line and column of each mark.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::{Lines, Position};
use super::{SourceId, Sources, Span};

/// Windows for each diagnostic; further places are said in a note.
pub const WINDOWS: usize = 6;
/// The least width that leaves something to read.
const NARROWEST: usize = 40;

/// Line tables, made when a source is first shown.
#[derive(Debug)]
pub struct Tables<'a> {
    sources: &'a Sources,
    made: BTreeMap<SourceId, Lines>,
}

impl<'a> Tables<'a> {
    /// For the texts of `sources`.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, made: BTreeMap::new() }
    }

    /// The text of `source` with its lines.
    pub fn get(&mut self, source: SourceId) -> (&'a str, &Lines) {
        let text = self.sources.get(source).text.as_str();
        (text, self.made.entry(source).or_insert_with(|| Lines::new(text)))
    }

    /// The position of the first byte of `span`.
    pub fn start(&mut self, span: Span) -> Position {
        let (text, lines) = self.get(span.source);
        lines.position(text, span.start as usize)
    }

    /// The position behind the last byte of `span`.
    pub fn end(&mut self, span: Span) -> Position {
        let (text, lines) = self.get(span.source);
        lines.position(text, span.end as usize)
    }
}

/// What of one source is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Clean text; one row for each line of it.
    pub text: String,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// The marks, in the order in which they were asked for; `None` where it was one too many.
    pub marks: Vec<Option<Mark>>,
}

/// A shown line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its bytes in [`Excerpt::text`].
    pub range: Range<usize>,
    /// The line of the source, from 1.
    pub line: usize,
    /// Whether it follows the row before without a gap.
    pub adjoins: bool,
}

/// A marked place of a shown line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes in [`Excerpt::text`].
    pub range: Range<usize>,
    /// Where it is in the source.
    pub position: Position,
}

/// A mark on its way into the excerpt.
struct Wish {
    number: usize,
    line: usize,
    /// Bytes of the source, all on `line`.
    range: Range<usize>,
}

impl Excerpt {
    /// Shows the places `spans` of one source, the most important first, in rows of about `width` columns.
    pub fn new(text: &str, lines: &Lines, spans: &[Span], width: usize) -> Self {
        let mut excerpt = Self { marks: vec![None; spans.len()], ..Self::default() };
        let mut wishes: Vec<Wish> = spans
            .iter()
            .take(WINDOWS)
            .enumerate()
            .map(|(number, span)| Wish::new(text, lines, number, *span))
            .collect();
        wishes.sort_by_key(|wish| (wish.line, wish.range.start, wish.range.end, wish.number));
        let gutter = wishes.iter().map(|wish| (wish.line + 1).to_string().len()).max().unwrap_or(1) + 3;
        let width = width.saturating_sub(gutter).max(NARROWEST);
        let mut rest = wishes.as_slice();
        while let Some(first) = rest.first() {
            let line = shown_line(text, lines.range(text, first.line), rest, width);
            let taken = share(text, &line, rest, width);
            let (row, after) = rest.split_at(taken);
            excerpt.add_row(text, lines, &line, row, width);
            rest = after;
        }
        excerpt
    }

    /// Adds a row that shows `wishes`, all of them on `line`.
    fn add_row(&mut self, text: &str, lines: &Lines, line: &Range<usize>, wishes: &[Wish], width: usize) {
        let Some(first) = wishes.first() else { return };
        let number = first.line + 1;
        let adjoins = self.rows.last().is_some_and(|row| row.line + 1 == number);
        let parts = window(text, line, wishes, width);
        let start = self.text.len();
        // Where each byte boundary that somebody asks for has gone.
        let mut shown: Vec<(Range<usize>, usize)> = Vec::new();
        let mut end = line.start;
        for part in &parts {
            if part.start > end {
                self.text.push('…');
            }
            shown.push((part.clone(), self.text.len()));
            self.text.push_str(&clean(&text[part.clone()]));
            end = part.end;
        }
        if end < line.end {
            self.text.push('…');
        }
        for wish in wishes {
            let range = place(text, &shown, wish.range.start)..place(text, &shown, wish.range.end);
            let range = range.start..range.end.max(range.start);
            self.marks[wish.number] = Some(Mark { range, position: lines.position(text, wish.range.start) });
        }
        self.rows.push(Row { range: start..self.text.len(), line: number, adjoins });
        self.text.push('\n');
    }
}

impl Wish {
    /// Clips `span` to characters and to its first line: that is where the reader has to look.
    fn new(text: &str, lines: &Lines, number: usize, span: Span) -> Self {
        let start = boundary(text, span.start as usize);
        let end = boundary(text, span.end as usize).max(start);
        let line = lines.line(start);
        let whole = lines.range(text, line);
        Self { number, line, range: start.min(whole.end)..end.min(whole.end) }
    }
}

/// The part of `line` that is worth showing: an indentation is left out if the line is too long with it.
fn shown_line(text: &str, line: Range<usize>, wishes: &[Wish], width: usize) -> Range<usize> {
    if columns_within(text, line.clone(), width).is_some() {
        return line;
    }
    let blank = text.get(line.clone()).unwrap_or_default();
    let indented = line.start + (blank.len() - blank.trim_start_matches([' ', '\t']).len());
    let first = wishes.iter().map(|wish| wish.range.start).take_while(|start| line.contains(start)).min();
    indented.min(first.unwrap_or(indented))..line.end
}

/// The nearest start of a character at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// How many of `wishes`, from the first, fit into one row.
fn share(text: &str, line: &Range<usize>, wishes: &[Wish], width: usize) -> usize {
    let Some(first) = wishes.first() else { return 0 };
    let same_line = wishes.iter().take_while(|wish| wish.line == first.line).count();
    if columns_within(text, line.clone(), width).is_some() {
        return same_line;
    }
    let mut end = first.range.end;
    let mut taken = 0;
    for wish in &wishes[..same_line] {
        end = end.max(wish.range.end);
        if taken > 0 && columns_within(text, first.range.start..end, width * 2 / 3).is_none() {
            break;
        }
        taken += 1;
    }
    taken
}

/// The parts of `line` that are shown for `wishes`: the whole line if it fits, else their surroundings. A single place
/// that is too long shows its two ends.
fn window(text: &str, line: &Range<usize>, wishes: &[Wish], width: usize) -> Vec<Range<usize>> {
    if columns_within(text, line.clone(), width).is_some() {
        return vec![line.clone()];
    }
    let start = wishes.iter().map(|wish| wish.range.start).min().unwrap_or(line.start);
    let end = wishes.iter().map(|wish| wish.range.end).max().unwrap_or(line.start);
    let Some(core) = columns_within(text, start..end, width * 2 / 3) else {
        let half = width / 3;
        let left = forward(text, start..end, half);
        let right = backward(text, left..end, half);
        let before = backward(text, line.start..start, width / 8);
        let after = forward(text, end..line.end, width / 8);
        return vec![before..left, right..after];
    };
    let room = width.saturating_sub(core + 2);
    let before = backward(text, line.start..start, room / 2);
    let used = columns_within(text, before..start, room).unwrap_or(room / 2);
    let after = forward(text, end..line.end, room - used);
    // What is left over on the right is given to the left.
    let right = columns_within(text, end..after, room).unwrap_or_default();
    let before = backward(text, line.start..start, room.saturating_sub(right));
    vec![before..after; 1]
}

/// The columns that `range` takes if these are no more than `most`.
fn columns_within(text: &str, range: Range<usize>, most: usize) -> Option<usize> {
    // A character has at most four bytes and, if it takes no column at all, still cannot make a long text short.
    if range.len() > most.saturating_mul(8) {
        return None;
    }
    let mut columns = 0;
    for c in text.get(range)?.chars() {
        columns += columns_of(c);
        if columns > most {
            return None;
        }
    }
    Some(columns)
}

/// The end of the part at the start of `range` that fits into `room` columns.
fn forward(text: &str, range: Range<usize>, room: usize) -> usize {
    let mut columns = 0;
    for (at, c) in text.get(range.clone()).unwrap_or_default().char_indices() {
        columns += columns_of(c);
        if columns > room {
            return range.start + at;
        }
    }
    range.end
}

/// The start of the part at the end of `range` that fits into `room` columns.
fn backward(text: &str, range: Range<usize>, room: usize) -> usize {
    let mut columns = 0;
    for (at, c) in text.get(range.clone()).unwrap_or_default().char_indices().rev() {
        columns += columns_of(c);
        if columns > room {
            return range.start + at + c.len_utf8();
        }
    }
    range.start
}

/// Where the byte `offset` of the source stands among the `shown` parts.
fn place(text: &str, shown: &[(Range<usize>, usize)], offset: usize) -> usize {
    let mut place = shown.first().map_or(0, |(_, at)| *at);
    for (part, at) in shown {
        if offset < part.start {
            break;
        }
        place = at + clean(text.get(part.start..offset.min(part.end)).unwrap_or_default()).len();
    }
    place
}

/// About how many columns a terminal takes for `c` after cleaning. Only the size of windows depends on it.
fn columns_of(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        c if is_hidden(c) => 8,
        _ => 1,
    }
}

/// Characters that one cannot see or that turn the reading direction.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` as it may be printed: control characters as their pictures, hidden characters as their escapes. Tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| (c.is_control() && c != '\t') || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)),
            '\u{7f}' => out.push('␡'),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, places: &[&str], width: usize) -> Excerpt {
        let mut sources = Sources::default();
        let id = sources.add("t.xmi", text);
        let spans: Vec<Span> = places
            .iter()
            .map(|place| {
                let start = text.find(place).unwrap();
                Span::new(id, start..start + place.len())
            })
            .collect();
        Excerpt::new(text, &Lines::new(text), &spans, width)
    }

    fn marked(excerpt: &Excerpt) -> Vec<&str> {
        excerpt.marks.iter().map(|mark| mark.as_ref().map_or("-", |mark| &excerpt.text[mark.range.clone()])).collect()
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let excerpt = excerpt("one\r\n  two three\rfour", &["three"], 80);
        assert_eq!(excerpt.text, "  two three\n");
        assert_eq!(excerpt.marks[0].as_ref().unwrap().position, Position { line: 2, column: 7, utf16: 7 });
        assert_eq!(marked(&excerpt), ["three"]);
    }

    #[test]
    fn a_long_line_becomes_a_window_with_the_true_column() {
        let text = format!("{}here{}", "é".repeat(900_000), "z".repeat(900_000));
        let excerpt = excerpt(&text, &["here"], 80);
        assert!(excerpt.text.chars().count() <= 80, "{}", excerpt.text);
        assert!(excerpt.text.starts_with("…é") && excerpt.text.ends_with("z…\n"));
        assert_eq!(excerpt.marks[0].as_ref().unwrap().position.column, 900_001);
        assert_eq!(marked(&excerpt), ["here"]);
    }

    #[test]
    fn an_indentation_is_left_out_where_the_line_is_too_long_with_it() {
        let text = format!("{}<type idref=\"here\"/>", " ".repeat(70));
        let excerpt = excerpt(&text, &["here"], 80);
        assert_eq!(excerpt.text, "<type idref=\"here\"/>\n");
        assert_eq!(excerpt.marks[0].as_ref().unwrap().position.column, 84);
    }

    #[test]
    fn places_far_apart_on_one_line_get_rows_of_their_own() {
        let text = format!("a{}first{}second{}", "x".repeat(500), "y".repeat(500), "z".repeat(500));
        let excerpt = excerpt(&text, &["second", "first"], 80);
        assert_eq!(
            excerpt.rows.iter().map(|row| (row.line, row.adjoins)).collect::<Vec<_>>(),
            [(1, false), (1, false)]
        );
        assert_eq!(marked(&excerpt), ["second", "first"]);
    }

    #[test]
    fn a_place_longer_than_the_row_shows_its_two_ends() {
        let text = format!("{}[{}]{}", "a".repeat(300), "b".repeat(300), "c".repeat(300));
        let place = format!("[{}]", "b".repeat(300));
        let excerpt = excerpt(&text, &[&place], 80);
        assert!(excerpt.text.chars().count() <= 84, "{}", excerpt.text);
        let shown = marked(&excerpt)[0].to_owned();
        assert!(shown.starts_with("[b") && shown.contains('…') && shown.ends_with("b]"), "{shown}");
    }

    #[test]
    fn no_more_than_six_windows_are_shown() {
        let text = "a b c d e f g h";
        let excerpt = excerpt(text, &["a", "b", "c", "d", "e", "f", "g", "h"], 80);
        assert_eq!(marked(&excerpt), ["a", "b", "c", "d", "e", "f", "-", "-"]);
    }

    #[test]
    fn nothing_raw_reaches_the_terminal() {
        let excerpt = excerpt("a\u{1b}[2Jb\u{202e}c\u{200b}d\u{85}e\u{7f}", &["c\u{200b}d"], 120);
        assert_eq!(excerpt.text, "a␛[2Jb\\u{202e}c\\u{200b}d\\u{85}e␡\n");
        assert_eq!(marked(&excerpt), ["c\\u{200b}d"]);
    }

    #[test]
    fn a_place_behind_the_end_or_inside_a_character_is_moved_to_where_one_can_look() {
        let mut sources = Sources::default();
        let id = sources.add("t", "é");
        let text = "é";
        let excerpt = Excerpt::new(text, &Lines::new(text), &[Span::new(id, 1..1), Span::new(id, 900..901)], 80);
        let ranges: Vec<_> = excerpt.marks.iter().map(|mark| mark.as_ref().unwrap().range.clone()).collect();
        assert_eq!(ranges, [0..0, 2..2]);
    }
}
