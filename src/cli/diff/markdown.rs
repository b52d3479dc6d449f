//! For a pull request: GitHub's Markdown, long parts folded.

use std::fmt::Write;

use super::{Change, Comparison, told};

/// Everything as one comment.
pub(super) fn print(comparison: &Comparison) -> String {
    let mut text = format!("## {} \u{2192} {}\n\n", escaped(&comparison.old), escaped(&comparison.new));
    if comparison.is_empty() {
        text += "Nothing changes.\n";
        return text;
    }
    let _ = writeln!(text, "{}.", comparison.summary());
    if !comparison.risks.is_empty() {
        text += "\n### Risks\n\n| | what | what to do |\n| --- | --- | --- |\n";
    }
    for risk in &comparison.risks {
        let mut what = escaped(&risk.message);
        if let Some(place) = &risk.place {
            let _ = write!(what, "<br>{}", code(&place.text()));
        }
        let help: Vec<String> = risk.help.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(
            text,
            "| **{}** {} {} | {what} | {} |",
            risk.level.word(),
            risk.code,
            risk.slug,
            help.join("<br>")
        );
    }
    if !comparison.changes.is_empty() {
        text += "\n### Model\n\n";
        fold(&mut text, comparison.changes.len() > 20, "all changes of the diagram", |text| {
            for change in &comparison.changes {
                line(text, change);
            }
        });
    }
    if !comparison.migrations.is_empty() {
        text += "\n### Migrations\n\n";
    }
    for migration in &comparison.migrations {
        let _ = writeln!(text, "{}", code(&migration.path));
        for operation in &migration.operations {
            let _ = writeln!(text, "- {}", escaped(operation));
        }
        text.push('\n');
        fold(&mut text, true, "SQL for PostgreSQL", |text| fence(text, "sql", &migration.sql));
        fold(&mut text, true, "Python", |text| fence(text, "python", &migration.python));
    }
    text
}

fn line(text: &mut String, change: &Change) {
    let _ = write!(text, "- {} {} {}", change.word, change.kind, code(&change.path));
    if let Some(from) = &change.from {
        let _ = write!(text, ", was {}", code(from));
    }
    if let Some(parts) = change.parts() {
        let _ = write!(text, ", with {parts}");
    }
    text.push('\n');
    for difference in &change.differences {
        let _ = writeln!(text, "  - {}", escaped(&told(difference)));
    }
}

/// Puts what `write` writes behind a line to click on, if `is_long`.
fn fold(text: &mut String, is_long: bool, title: &str, write: impl FnOnce(&mut String)) {
    if is_long {
        let _ = write!(text, "<details>\n<summary>{title}</summary>\n\n");
    }
    write(text);
    if is_long {
        text.push_str("\n</details>\n\n");
    }
}

/// A block whose fence is longer than any in it.
fn fence(text: &mut String, language: &str, content: &str) {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{ticks}{language}\n{}\n{ticks}", content.trim_end());
}

/// A name as code; a name with a tick in it needs two of them around it.
fn code(name: &str) -> String {
    let name = name.replace('|', "\\|").replace('\n', " ");
    if name.contains('`') { format!("`` {name} ``") } else { format!("`{name}`") }
}

/// Text in which nothing means anything to Markdown but ticks, which our own sentences use.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_code = false;
    for c in text.chars() {
        match c {
            '`' => {
                is_code = !is_code;
                out.push(c);
            }
            '|' => out.push_str("\\|"),
            '\n' | '\r' => out.push(' '),
            '<' | '>' | '*' | '_' | '#' | '[' | ']' | '\\' | '@' if !is_code => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    if is_code {
        out.push('`');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_diagram_stays_text() {
        assert_eq!(escaped("a<b>|*x* `c_d` @me"), "a\\<b\\>\\|\\*x\\* `c_d` \\@me");
        assert_eq!(code("a|b`c"), "`` a\\|b`c ``");
        let mut text = String::new();
        fence(&mut text, "python", "x = '````'");
        assert_eq!(text, "`````python\nx = '````'\n`````\n");
    }
}
