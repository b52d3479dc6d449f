//! Places and texts of the model as commands print them.

use crate::source::lines::{Lines, Position};
use crate::source::{Sources, Span};

/// Text of the model without characters that a terminal would obey.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Names places as `file:line:column`.
pub(super) struct Places<'a> {
    sources: &'a Sources,
    lines: Vec<Lines>,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: sources.iter().map(|(_, source)| Lines::new(&source.text)).collect() }
    }

    /// `file:line:column`
    pub(super) fn name(&self, span: Span) -> String {
        let (file, position) = self.at(span);
        format!("{file}:{}:{}", position.line, position.column)
    }

    /// The file, and line and column in it.
    pub(super) fn at(&self, span: Span) -> (&'a str, Position) {
        let source = self.sources.get(span.source);
        (&source.name, self.lines[span.source.index()].position(&source.text, span.start as usize))
    }
}
