//! Docstrings: any text, as a docstring that Python reads as one and that pydocstyle's rules of the Google convention accept.

use super::doc::{WIDTH, width};
use super::literal::is_visible;

/// Words that start a section of a Google docstring, in lower case.
const SECTIONS: [&str; 44] = [
    "args",
    "arguments",
    "attention",
    "attributes",
    "caution",
    "danger",
    "error",
    "example",
    "examples",
    "hint",
    "important",
    "keyword args",
    "keyword arguments",
    "methods",
    "note",
    "notes",
    "other args",
    "other arguments",
    "other parameters",
    "other params",
    "parameters",
    "params",
    "raise",
    "raises",
    "receive",
    "receives",
    "reference",
    "references",
    "return",
    "returns",
    "see also",
    "short summary",
    "extended summary",
    "tip",
    "todo",
    "warning",
    "warnings",
    "warns",
    "warn",
    "yield",
    "yields",
    "extends",
    "summary",
    "keyword",
];

/// A docstring of `text`, without indentation before its first line and without a line end behind its last one; the lines
/// between are indented by `indent` columns. The summary is the first sentence. If that does not fit on one line, or there is
/// no text, `fallback` is the summary: our own words, a short sentence.
///
/// Text is for people: blanks are evened out, invisible characters left out, quotes that Python could mistake changed to
/// single ones. The lines are filled up to 100 columns; lines that start with a bullet or a number stay lines.
pub fn docstring(text: &str, fallback: &str, indent: usize) -> String {
    let paragraphs = paragraphs(text);
    let room = WIDTH.saturating_sub(indent).max(20);
    let (summary, rest) = summary(&paragraphs, fallback, room);
    let mut lines: Vec<String> = vec![summary];
    for paragraph in rest {
        lines.push(String::new());
        for block in &paragraph {
            lines.extend(fill(block, room));
        }
    }
    let prefix = if lines.iter().any(|line| line.contains('\\')) { "r" } else { "" };
    let margin = " ".repeat(indent);
    let mut out = format!("{prefix}\"\"\"{}", lines[0]);
    if lines.len() > 1 {
        for line in &lines[1..] {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&margin);
                out.push_str(line);
            }
        }
        out.push('\n');
        out.push_str(&margin);
    }
    out.push_str("\"\"\"");
    out
}

/// A paragraph: blocks of running text, each of which starts on a line of its own.
type Paragraph = Vec<String>;

fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut open = false;
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let line = clean(line);
        if line.is_empty() {
            open = false;
        } else if !open {
            paragraphs.push(vec![line]);
            open = true;
        } else if let Some(paragraph) = paragraphs.last_mut() {
            match paragraph.last_mut() {
                Some(block) if !is_item(&line) => {
                    block.push(' ');
                    block.push_str(&line);
                }
                _ => paragraph.push(line),
            }
        }
    }
    // `Notes:` alone would be the header of a section: what follows joins it.
    let mut joined: Vec<Paragraph> = Vec::new();
    for paragraph in paragraphs {
        match joined.last_mut().and_then(|before| before.last_mut()) {
            Some(before) if is_header(before) => {
                let mut blocks = paragraph.into_iter();
                if let Some(first) = blocks.next() {
                    before.push(' ');
                    before.push_str(&first);
                }
                if let Some(last) = joined.last_mut() {
                    last.extend(blocks);
                }
            }
            _ => joined.push(paragraph),
        }
    }
    joined
}

/// Even blanks, visible characters, harmless quotes.
fn clean(line: &str) -> String {
    let mut out = String::new();
    for word in line.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter(|&c| is_visible(c)).collect();
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&word);
        }
    }
    out.replace("\"\"", "''").replace("'\"", "''")
}

fn is_item(line: &str) -> bool {
    let bullet = line.strip_prefix(['-', '*', '•', '+']);
    let number = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < line.len() { rest.strip_prefix(['.', ')']) } else { None }
    };
    bullet.or_else(number).is_some_and(|rest| rest.starts_with(' '))
}

fn is_header(line: &str) -> bool {
    let name = line.trim_end_matches(':').trim();
    SECTIONS.contains(&name.to_lowercase().as_str())
}

/// The summary line and the paragraphs after it.
fn summary(paragraphs: &[Paragraph], fallback: &str, room: usize) -> (String, Vec<Paragraph>) {
    let from_text = paragraphs.first().and_then(|paragraph| paragraph.first()).and_then(|block| {
        let (sentence, rest) = first_sentence(block);
        let sentence = capital(&ended(&sentence.replace('"', "'")));
        (width(&sentence) + 7 <= room).then(|| (sentence, rest.to_owned()))
    });
    let Some((sentence, rest)) = from_text else {
        let fallback = clean(fallback);
        // With the quotes and a full stop.
        let end = cut(&fallback, room - 8);
        return (ended(fallback[..end].trim_end()), paragraphs.to_vec());
    };
    let mut remaining = Vec::new();
    if let Some((first, others)) = paragraphs.split_first() {
        let blocks: Paragraph =
            Some(rest).filter(|rest| !rest.is_empty()).into_iter().chain(first.iter().skip(1).cloned()).collect();
        remaining.extend(Some(blocks).filter(|blocks| !blocks.is_empty()));
        remaining.extend(others.iter().cloned());
    }
    (sentence, remaining)
}

/// The first sentence of running text, and the rest: a sentence ends with `.`, `!` or `?` before a blank and a capital.
fn first_sentence(block: &str) -> (&str, &str) {
    let mut before = ' ';
    for (index, c) in block.char_indices() {
        if c == ' ' && matches!(before, '.' | '!' | '?') {
            let rest = &block[index + 1..];
            // `e.g. this`, `approx. 5` do not end a sentence.
            let last_word = block[..index].rsplit(' ').next().unwrap_or("");
            let abbreviation = last_word.trim_end_matches('.').contains('.') || last_word.chars().count() <= 2;
            if !abbreviation && rest.starts_with(|c: char| c.is_uppercase() || !c.is_alphanumeric()) {
                return (&block[..index], rest);
            }
        }
        before = c;
    }
    (block, "")
}

/// With a capital letter, if it starts with a plain word.
fn capital(sentence: &str) -> String {
    let word = sentence.split([' ', '.', '!', '?']).next().unwrap_or_default();
    if word.is_empty() || !word.chars().all(|c| c.is_ascii_lowercase() || c == '\'') {
        return sentence.to_owned();
    }
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// With a full stop, unless it ends a sentence already.
fn ended(sentence: &str) -> String {
    if sentence.ends_with(['.', '!', '?']) {
        return sentence.to_owned();
    }
    let bare = sentence.trim_end_matches([':', ',', ';', ' ', '\\']);
    format!("{}.", if bare.is_empty() { "Undocumented" } else { bare })
}

/// Running text in lines of at most `room` columns, none of which looks like the header of a section.
fn fill(block: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in block.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        // Only a word alone on its line can be too long.
        let mut rest = word;
        if line.is_empty() {
            while let Some((piece, others)) =
                rest.split_at_checked(cut(rest, room)).filter(|(_, rest)| !rest.is_empty())
            {
                lines.push(piece.to_owned());
                rest = others;
            }
        }
        line.push_str(rest);
    }
    lines.push(line);
    for line in &mut lines {
        if is_header(line) {
            let end = line.trim_end_matches([':', ' ']).len();
            line.truncate(end);
            line.push('.');
        }
    }
    lines
}

/// Where to cut `word` so that the first part has at most `room` columns.
fn cut(word: &str, room: usize) -> usize {
    let mut used = 0;
    for (index, c) in word.char_indices() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > room && index > 0 {
            return index;
        }
    }
    word.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_one_line_that_ends_with_a_full_stop() {
        assert_eq!(docstring("What a customer wants", "Order.", 4), r#""""What a customer wants.""""#);
        assert_eq!(docstring("Really?", "Order.", 4), r#""""Really?""""#);
        assert_eq!(docstring("  ", "Order.", 4), r#""""Order.""""#);
        assert_eq!(docstring("", "", 0), r#""""Undocumented.""""#);
        assert!((80..=WIDTH - 8).contains(&width(&docstring("", &"word ".repeat(40), 8))));
    }

    #[test]
    fn the_summary_is_the_first_sentence() {
        assert_eq!(
            docstring("An order, e.g. of books. It can be paid.\n\nAnd shipped.\n- by air\n- by sea", "Order.", 4),
            "\"\"\"An order, e.g. of books.\n\n    It can be paid.\n\n    And shipped.\n    - by air\n    - by sea\n    \"\"\""
        );
    }

    #[test]
    fn a_summary_that_does_not_fit_makes_way_for_our_own() {
        let text = "word ".repeat(30);
        let filled = docstring(&text, "Order.", 4);
        assert!(filled.starts_with("\"\"\"Order.\n\n    word word"));
        assert!(filled.lines().all(|line| width(line) <= WIDTH), "{filled}");
    }

    #[test]
    fn nothing_ends_the_docstring_early() {
        for text in ["\"\"\"", "a \"\"\" b", "ends with \"", "\"starts\"", "\\", "a\\", "C:\\temp\\\"\"\"", "'\"'\"'\""]
        {
            let printed = docstring(text, "Order.", 0);
            let inner = printed.trim_start_matches('r').strip_prefix("\"\"\"").unwrap().strip_suffix("\"\"\"").unwrap();
            assert!(!inner.contains("\"\"\"") && !inner.starts_with('"') && !inner.ends_with(['"', '\\']), "{printed}");
        }
        assert_eq!(docstring("In C:\\temp", "Order.", 0), "r\"\"\"In C:\\temp.\"\"\"");
        assert_eq!(docstring("a\u{202e}b\u{0}c", "Order.", 0), "\"\"\"Ab c.\"\"\"");
        assert_eq!(docstring("orderId of it", "Order.", 0), "\"\"\"orderId of it.\"\"\"");
    }

    #[test]
    fn no_line_looks_like_a_section() {
        assert_eq!(docstring("Text.\n\nNotes:\n\nimportant", "Order.", 0), "\"\"\"Text.\n\nNotes: important\n\"\"\"");
        assert_eq!(docstring("Text.\n\nReturns:", "Order.", 0), "\"\"\"Text.\n\nReturns.\n\"\"\"");
    }

    #[test]
    fn long_words_are_cut() {
        let printed = docstring(&format!("Text.\n\n{}", "東".repeat(120)), "Order.", 4);
        assert!(printed.lines().all(|line| width(line) <= WIDTH), "{printed}");
        let huge = docstring(&format!("Text.\n\n{} end", "x".repeat(1_000_000)), "Order.", 4);
        assert_eq!(huge.matches('x').count(), 1_000_000 + 1);
    }
}
