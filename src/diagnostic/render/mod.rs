//! Renderers: one file for each format; none of them decides anything.

pub mod human;
pub mod json;
pub mod short;

use super::Diagnostic;
use crate::account::{Element, Elements};
use crate::source::excerpt::clean;

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// With escape sequences for colours.
    pub color: bool,
    /// Columns of the terminal; 100 where unknown.
    pub width: usize,
    /// How many findings are shown to people; machine formats are never cut.
    pub max: Option<usize>,
    /// Frames without box-drawing characters.
    pub ascii: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, width: 100, max: Some(100), ascii: false }
    }
}

/// `text` on one line, with nothing in it that a terminal would obey.
fn one_line(text: &str) -> String {
    clean(&text.replace('\t', " ")).into_owned()
}

/// `text` on its lines, with nothing in them that a terminal would obey.
fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(one_line)
}

/// The word of a number: `1 error`, `2 errors`.
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// The note about subjects that were merged into `diagnostic`.
fn others(diagnostic: &Diagnostic, elements: &Elements) -> Option<String> {
    let named = |element: &Element| format!("`{}`", one_line(&elements.path(*element)));
    let others = &diagnostic.others;
    let shown: Vec<String> = others.iter().take(3).map(named).collect();
    let list = match others.len().saturating_sub(shown.len()) {
        0 => match shown.split_last()? {
            (only, []) => only.clone(),
            (last, before) => format!("{} and {last}", before.join(", ")),
        },
        1 => format!("{} and 1 other", shown.join(", ")),
        rest => format!("{} and {rest} others", shown.join(", ")),
    };
    let count = others.len();
    Some(format!("{count} more with the same cause: {list}"))
}
