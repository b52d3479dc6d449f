//! String literals as `ruff format` leaves them.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::doc::{Kind, Literal};

/// The longest run of characters without a blank that is kept together.
const LONGEST_WORD: usize = 60;

/// A literal of `text`: in double quotes, unless it has more double than single quotes in it; what nobody would see is escaped.
pub fn string(text: &str) -> String {
    quoted(text)
}

pub(super) fn quoted(text: &str) -> String {
    let quote = quote_for(text);
    let mut out = String::from(quote);
    out.extend(text.chars().map(|c| escape(c, quote)));
    out.push(quote);
    out
}

pub(super) fn literal(text: &str) -> Literal {
    Literal { kind: Kind::Plain, atoms: atoms(text) }
}

/// A literal of a regular expression: raw if that can be.
pub(super) fn pattern(text: &str) -> Literal {
    let raw = text.contains('\\')
        && !text.contains(quote_for(text))
        && text.chars().all(is_visible)
        && text.chars().rev().take_while(|&c| c == '\\').count() % 2 == 0;
    if raw { Literal { kind: Kind::Raw, atoms: vec![text.to_owned()] } } else { literal(text) }
}

/// Text inside of an f-string in double quotes.
pub(super) fn format_text(text: &str) -> String {
    let escaped: String = text.chars().map(|c| escape(c, '"')).collect();
    escaped.replace('{', "{{").replace('}', "}}")
}

pub(super) fn quote_for(text: &str) -> char {
    let count = |quote| text.chars().filter(|&c| c == quote).count();
    if count('"') > count('\'') { '\'' } else { '"' }
}

fn escape(c: char, quote: char) -> String {
    match c {
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c == quote => format!("\\{c}"),
        c if is_visible(c) => c.to_string(),
        c => match u32::from(c) {
            code @ ..=0xff => format!("\\x{code:02x}"),
            code @ 0x100..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        },
    }
}

/// Words with the blanks after them; longer ones are cut.
fn atoms(text: &str) -> Vec<String> {
    let mut atoms = Vec::new();
    let mut atom = String::new();
    let mut length = 0;
    for c in text.chars() {
        let ended = atom.ends_with(' ') && c != ' ';
        let size = escape(c, '"').len();
        if ended || length + size > LONGEST_WORD {
            atoms.push(std::mem::take(&mut atom));
            length = 0;
        }
        length += size;
        atom.push(c);
    }
    atoms.push(atom);
    atoms
}

/// Whether a reader sees `c`, and sees it where it stands: no controls, no invisible or directing characters, no blanks other
/// than the blank.
pub(super) fn is_visible(c: char) -> bool {
    matches!(c, ' '..='~')
        || !matches!(
            c.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Surrogate
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::SpaceSeparator
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_double_unless_that_needs_more_escapes() {
        assert_eq!(string("it's"), r#""it's""#);
        assert_eq!(string("say \"hi\""), r#"'say "hi"'"#);
        assert_eq!(string("'a' \"b\""), r#""'a' \"b\"""#);
        assert_eq!(string("\"a\" 'b"), r#"'"a" \'b'"#);
        assert_eq!(string(""), r#""""#);
    }

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(string("\\"), r#""\\""#);
        assert_eq!(string("a\n\r\t\0\u{7f}"), r#""a\n\r\t\x00\x7f""#);
        assert_eq!(string("\u{200b}\u{202e}\u{a0}\u{2028}\u{e0001}"), r#""\u200b\u202e\xa0\u2028\U000e0001""#);
        assert_eq!(string("\\\""), r#"'\\"'"#);
    }

    #[test]
    fn letters_of_all_scripts_stay() {
        assert_eq!(string("Straße Ελλάδα 東京 🙂"), "\"Straße Ελλάδα 東京 🙂\"");
    }

    #[test]
    fn a_pattern_is_raw_if_it_can_be() {
        let print = |text| pattern(text).flat();
        assert_eq!(print(r"\A(?:\d+)\Z"), r#"r"\A(?:\d+)\Z""#);
        assert_eq!(print("[a-z]+"), r#""[a-z]+""#);
        assert_eq!(print("\\"), r#""\\""#);
        assert_eq!(print("\\\"'"), r#""\\\"'""#);
        assert_eq!(print("\\\""), r#"'\\"'"#.replacen('\'', "r'", 1).replace("\\\\", "\\"));
    }
}
