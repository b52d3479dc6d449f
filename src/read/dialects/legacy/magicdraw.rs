//! MagicDraw 5 to 9.

use super::{Legacy, PLAIN, Signs};

static MAGICDRAW: Legacy = Legacy { tool: "MagicDraw", comment: without_form, ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    (signs.exporter("MagicDraw") || signs.mark("MagicDraw")).then_some(&MAGICDRAW)
}

/// New models have a form as their comment: `Author:…`, `Created:…`, `Title:…`, `Comment:…`, each with a full stop.
fn without_form(text: &str) -> &str {
    if !text.starts_with("Author:") || !text.contains("Created:") {
        return text;
    }
    text.split_once("Comment:").map_or("", |(_, comment)| comment.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::without_form;

    #[test]
    fn only_the_comment_in_the_form_is_a_comment() {
        for (text, comment) in [
            ("Author:ann.\nCreated:1.2.03 10:00.\nTitle:.\nComment:.\n", ""),
            ("Author:ann.\nCreated:1.2.03.\nTitle:Shop.\nComment:What we sell.\n", "What we sell"),
            ("Author: who wrote the book", "Author: who wrote the book"),
        ] {
            assert_eq!(without_form(text), comment);
        }
    }
}
