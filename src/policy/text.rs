//! Texts of the diagram for people: documentation becomes docstrings and help texts.

/// Characters that no generated file may hold: control characters, and marks that turn the direction of text.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

/// Documentation as paragraphs of plain text, separated by a blank line; `None` if nothing is left.
///
/// Lines of a paragraph are joined, so that an emitter can wrap them; lines that start like a list stay lines.
pub fn documentation(text: &str) -> Option<String> {
    let clean: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if matches!(c, '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}') { '\n' } else { c })
        .map(|c| if c != '\n' && c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !is_unwanted(c))
        .collect();
    let mut paragraphs: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    for line in clean.lines().chain([""]) {
        let line = line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            if !paragraph.is_empty() {
                paragraphs.push(std::mem::take(&mut paragraph));
            }
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push(if is_item(&line) { '\n' } else { ' ' });
        }
        paragraph.push_str(&line);
    }
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// Whether a line is an item of a list: `- a`, `* a`, `• a`, `1. a`, `a) b`.
fn is_item(line: &str) -> bool {
    let Some((mark, rest)) = line.split_once(' ') else { return false };
    let numbered = mark.strip_suffix(['.', ')']).is_some_and(|number| {
        !number.is_empty() && number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit())
            || number.len() == 1 && number.chars().all(|c| c.is_ascii_lowercase()) && mark.ends_with(')')
    });
    !rest.is_empty() && (matches!(mark, "-" | "*" | "•" | "–" | "+") || numbered)
}

/// The longest help text.
const HELP_LIMIT: usize = 250;

/// The first sentence of documentation: what stands beside an input field.
pub fn help_text(text: &str) -> Option<String> {
    let documentation = documentation(text)?;
    let first = documentation.split('\n').next()?.trim();
    let sentence = first_sentence(first);
    if sentence.chars().count() <= HELP_LIMIT {
        return Some(sentence.to_owned());
    }
    let cut: String = sentence.chars().take(HELP_LIMIT - 1).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    Some(format!("{}…", cut.trim_end_matches([',', ';', ':', '-', ' '])))
}

/// Words that end in a full stop without ending a sentence.
const ABBREVIATIONS: &[&str] = &[
    "approx.", "art.", "bzw.", "ca.", "cf.", "co.", "dr.", "e.g.", "etc.", "fig.", "i.e.", "inc.", "incl.", "max.",
    "min.", "mr.", "mrs.", "ms.", "no.", "nr.", "p.", "resp.", "sec.", "st.", "vs.", "z.b.",
];

fn first_sentence(text: &str) -> &str {
    let mut from = 0;
    while let Some(found) = text[from..].find(['.', '!', '?']) {
        let end = from + found + 1;
        let rest = &text[end..];
        let word = text[..end].rsplit(' ').next().unwrap_or_default();
        let word = word.trim_start_matches(['(', '[', '"', '\'']).to_lowercase();
        let initial = word.chars().count() == 2;
        let next = rest.trim_start().chars().next();
        let ends = rest.is_empty()
            || (rest.starts_with(' ')
                && next.is_some_and(|c| !c.is_lowercase())
                && !ABBREVIATIONS.contains(&word.as_str())
                && !initial);
        if ends {
            return &text[..end];
        }
        from = end;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documentation_keeps_paragraphs_and_lists() {
        let text = "  An order of a\r\n  customer.\r\n\r\n\r\nIt may be:\n- open\n- paid  or\n  so\n";
        assert_eq!(documentation(text).as_deref(), Some("An order of a customer.\n\nIt may be:\n- open\n- paid or so"));
        assert_eq!(documentation(" \n\t "), None);
    }

    #[test]
    fn control_characters_and_direction_marks_are_gone() {
        assert_eq!(documentation("a\u{1b}[31mb\u{202e}c\0").as_deref(), Some("a[31mbc"));
    }

    #[test]
    fn the_help_text_is_the_first_sentence() {
        for (text, help) in [
            ("When it was placed. Never changes.", "When it was placed."),
            ("Weight in kg, e.g. 2.5 for a box. More.", "Weight in kg, e.g. 2.5 for a box."),
            ("no full stop\n\nnext", "no full stop"),
            ("Is it paid? Yes.", "Is it paid?"),
        ] {
            assert_eq!(help_text(text).as_deref(), Some(help));
        }
        let long = help_text(&"word ".repeat(100)).expect("a text");
        assert!(long.chars().count() <= HELP_LIMIT && long.ends_with("word…"));
    }

    proptest! {
        #[test]
        fn no_text_stops_it_and_nothing_unwanted_is_left(text in ".{0,200}") {
            if let Some(documentation) = documentation(&text) {
                prop_assert!(!documentation.chars().any(is_unwanted));
                prop_assert!(!documentation.contains("\n\n\n") && documentation.trim() == documentation);
            }
            let _ = help_text(&text);
        }
    }
}
