//! What is said about a document, and how often.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Report, codes};
use crate::source::{SourceId, Span};

/// So many findings of one code are told for each file; the rest only counts.
const TOLD: usize = 20;

/// Reports findings about one document.
pub(super) struct Teller<'r> {
    pub(super) source: SourceId,
    pub(super) report: &'r mut Report,
    /// How often each code was told.
    pub(super) told: BTreeMap<&'static str, usize>,
}

impl Teller<'_> {
    pub(super) fn limit(&mut self, message: String, place: Range<usize>, label: &str, key: &str) {
        let diagnostic = Diagnostic::new(&codes::U0108, message)
            .here(Span::new(self.source, place), label)
            .help(format!("raise `{key}` under `[limits]` in `umlaut.toml` if the file is sound"))
            .cause(format!("{}:{key}", self.source.index()));
        let told = self.told.entry(if key == "depth" { "U0108 depth" } else { "U0108" }).or_default();
        *told += 1;
        if *told == 1 || (key != "depth" && *told <= TOLD) {
            self.report.add(diagnostic);
        }
    }

    pub(super) fn tell(&mut self, code: &'static Code, message: &str, place: Range<usize>, label: &str) {
        self.add(Diagnostic::new(code, message).here(Span::new(self.source, place), label));
    }

    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        let told = self.told.entry(diagnostic.code.id).or_default();
        *told += 1;
        if *told <= TOLD {
            self.report.add(diagnostic);
        }
    }
}

/// A piece of the file, short enough for a message.
pub(super) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}
