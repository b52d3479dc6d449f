//! Text of a diagram in Markdown.

/// `text` on one line, without anything that Markdown would take for its own.
pub(super) fn line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(joined.len());
    for (at, c) in joined.char_indices() {
        // At the start, `+`, `-` and `1.` would be lists, `=` a rule under a heading.
        let at_start = at == 0 && "+-=~".contains(c);
        let numbered = matches!(c, '.' | ')') && joined[..at].bytes().all(|b| b.is_ascii_digit()) && at > 0;
        if at_start || numbered || "\\`*_[]<>#|&!".contains(c) {
            escaped.push('\\');
        }
        if !c.is_control() {
            escaped.push(c);
        }
    }
    escaped
}

/// The paragraphs of `text`, a line each.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for row in text.lines() {
        match (row.trim(), paragraphs.last_mut()) {
            ("", _) => paragraphs.push(String::new()),
            (row, Some(last)) => {
                last.push_str(row);
                last.push(' ');
            }
            (_, None) => {}
        }
    }
    paragraphs.iter().map(|paragraph| line(paragraph)).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// `text` between backticks.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).map(|c| if c == '`' { '\'' } else { c }).collect();
    format!("`{}`", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(line("a *b* <script>\n|c|"), "a \\*b\\* \\<script\\> \\|c\\|");
        assert_eq!(line("# no heading"), "\\# no heading");
        assert_eq!(line("- no item"), "\\- no item");
        assert_eq!(line("12. no item"), "12\\. no item");
        assert_eq!(line("plain, with 1.5 and a-b"), "plain, with 1.5 and a-b");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(paragraphs("a\nb\n\n\n c \n"), ["a b", "c"]);
        assert_eq!(paragraphs(" \n"), Vec::<String>::new());
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a`b`.xmi"), "`a'b'.xmi`");
    }
}
