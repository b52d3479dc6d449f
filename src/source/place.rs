//! From a place in a value to its place in the file.

use std::ops::Range;

use super::{Sources, Span};

/// Where the bytes `at` of `value`, which was read at `span`, stand in the file.
///
/// Values lose their references (`&lt;`), the frame of `CDATA` and the blanks around them when they are read. Where `value` is something else than
/// that, the answer is the whole of `span`.
pub fn inside(sources: &Sources, span: Span, value: &str, at: Range<usize>) -> Span {
    let raw = sources.text(span);
    let Some((text, places)) = read(raw) else { return span };
    // In attributes, ends of lines are read as blanks.
    let blanks = |text: &str| text.replace(['\n', '\r', '\t'], " ");
    let Some(from) = blanks(&text).find(&blanks(value.trim())).filter(|_| !value.trim().is_empty()) else {
        return span;
    };
    // `value` may have blanks in front that `text` has not, or the other way round.
    let lead = value.len() - value.trim_start().len();
    let place = |byte: usize| {
        let byte = (from + byte.saturating_sub(lead)).min(places.len().saturating_sub(1));
        places.get(byte).copied().unwrap_or(0)
    };
    let base = span.range().start;
    let start = place(at.start);
    // What stands behind the last character may be the frame of a `CDATA`.
    let end = if at.end > at.start { behind(raw, place(at.end - 1)) } else { start };
    let range = base + start..base + end.max(start);
    if range.end <= span.range().end && sources.get(span.source).text.get(range.clone()).is_some() {
        Span::new(span.source, range)
    } else {
        span
    }
}

/// The end of the character that stands at a place, or of the reference to one.
fn behind(raw: &str, at: usize) -> usize {
    let rest = raw.get(at..).unwrap_or_default();
    let length = reference(rest).map(|(length, _)| length).or_else(|| rest.chars().next().map(char::len_utf8));
    // Inside of a character: the last of its bytes.
    at + length.unwrap_or(1)
}

/// A value as XML reads it, and where each of its bytes stands in `raw`; one more for the end.
fn read(raw: &str) -> Option<(String, Vec<usize>)> {
    let mut text = String::new();
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>")?;
            let data = data.get(..end)?;
            places.extend((0..data.len()).map(|byte| at + 9 + byte));
            text.push_str(data);
            at += 9 + end + 3;
            continue;
        }
        if let Some((length, c)) = reference(rest) {
            places.extend(std::iter::repeat_n(at, c.len_utf8()));
            text.push(c);
            at += length;
            continue;
        }
        let c = rest.chars().next()?;
        if rest.starts_with("\r\n") {
            // Read as one.
            at += 1;
            continue;
        }
        places.extend((0..c.len_utf8()).map(|byte| at + byte));
        text.push(c);
        at += c.len_utf8();
    }
    places.push(raw.len());
    Some((text, places))
}

/// A reference to a character at the start of `rest`, and its length.
fn reference(rest: &str) -> Option<(usize, char)> {
    let name = rest.strip_prefix('&')?;
    let end = name.find(';').filter(|end| *end <= 10)?;
    let c = match name.get(..end)? {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        number => {
            let digits = number.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 2, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str, value: &str, at: Range<usize>) -> String {
        let mut sources = Sources::default();
        let source = sources.add("a.xmi", format!("body=\"{raw}\"/>"));
        let span = Span::new(source, 6..6 + raw.len());
        let found = inside(&sources, span, value, at);
        sources.text(found).to_owned()
    }

    #[test]
    fn places_go_through_references_and_blanks() {
        assert_eq!(shown("a &lt; total", "a < total", 4..9), "total");
        assert_eq!(shown("a &lt; total", "a < total", 2..3), "&lt;");
        assert_eq!(shown("\n  x&#10;and y\n", "x\nand y", 6..7), "y");
        assert_eq!(shown("<![CDATA[a > b]]>", "a > b", 4..5), "b");
        assert_eq!(shown("größe > 0", "größe > 0", 0..7), "größe");
        assert_eq!(shown("a > b", "other", 0..2), "a > b");
        assert_eq!(shown("a &lt; b", "a < b", 5..5), "");
        assert_eq!(shown("a\r\n  and\tb", "a   and b", 8..9), "b");
    }
}
