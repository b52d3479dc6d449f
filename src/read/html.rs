//! HTML, as some tools write comments in, to plain text.

/// Blocks, which end a line.
const BLOCKS: &[&str] =
    &["p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd"];

/// The text of a comment: HTML is taken out, line ends are `\n`, lines end without blanks.
pub(crate) fn plain(text: &str) -> String {
    // One line without tags, as most are.
    if memchr::memchr3(b'<', b'\r', b'\n', text.as_bytes()).is_none() {
        return text.trim().to_owned();
    }
    let text = if is_html(text) { strip(text) } else { text.replace("\r\n", "\n").replace('\r', "\n") };
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    lines.join("\n").trim().to_owned()
}

/// What tells HTML from other text.
const MARKS: &[&str] =
    &["</p>", "<br>", "<br/>", "<br />", "</b>", "</i>", "</li>", "</a>", "</div>", "</font>", "</span>", "</u>"];

/// Whether text was written as HTML: a tag that opens and closes, or an empty one; `a < b` and `List<String>` are none.
fn is_html(text: &str) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    if lower.starts_with("<html") || lower.starts_with("<!doctype html") {
        return true;
    }
    lower.contains('<') && MARKS.iter().any(|mark| lower.contains(mark))
}

fn strip(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        push_words(&mut text, &rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            rest = entity(rest, &mut text);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = rest[1..end].trim_start_matches('/').to_ascii_lowercase();
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let opens = !rest.starts_with("</");
        rest = &rest[end + 1..];
        if opens && matches!(name, "head" | "style" | "script" | "title") {
            let close = format!("</{name}");
            let after = find_ignoring_case(rest, &close).map_or("", |at| &rest[at..]);
            rest = after.find('>').map_or("", |at| &after[at + 1..]);
        } else if BLOCKS.contains(&name) && !text.is_empty() && !text.ends_with('\n') {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
        if opens && name == "li" {
            text.push_str("- ");
        }
    }
    push_words(&mut text, rest);
    text
}

/// Adds text with its blanks run together, as HTML means them.
fn push_words(text: &mut String, raw: &str) {
    for c in raw.chars() {
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

fn entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let window = rest.bytes().take(12).position(|byte| byte == b';');
    let Some(end) = window else {
        text.push('&');
        return &rest[1..];
    };
    let found = match &rest[1..end] {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name => name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            None => number.parse().ok().and_then(char::from_u32),
        }),
    };
    match found {
        Some(c) if !c.is_control() => {
            push_words(text, c.encode_utf8(&mut [0; 4]));
            &rest[end + 1..]
        }
        Some(_) => {
            text.push(' ');
            &rest[end + 1..]
        }
        None => {
            text.push('&');
            &rest[1..]
        }
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text_and_text_stays() {
        for (raw, text) in [
            ("a < b, List<String>", "a < b, List<String>"),
            ("one  \r\ntwo\r\n\r\n\r\nthree ", "one\ntwo\n\nthree"),
            (
                "<html><head><style>p {x}</style></head><body><p>An  <b>order</b>\n of &lt;goods&gt;</p><p>Next</p></body></html>",
                "An order of <goods>\nNext",
            ),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<p>x<!-- y --></p> &nbsp;z", "x\nz"),
            ("<p>unclosed <b", "<p>unclosed <b"),
            ("R&D<br/>lab", "R&D\nlab"),
        ] {
            assert_eq!(plain(raw), text, "{raw}");
        }
    }
}
