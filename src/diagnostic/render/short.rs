//! For grep and problem matchers: exactly one line for each finding.

use std::fmt::Write as _;

use super::super::Report;
use super::{Options, one_line};
use crate::account::Elements;
use crate::source::Sources;
use crate::source::excerpt::Tables;

/// `path:line:col: error[U0301]: message`; without a place, only what follows it.
pub fn render(report: &Report, sources: &Sources, _elements: &Elements, _options: &Options) -> String {
    let mut tables = Tables::new(sources);
    let mut out = String::new();
    for diagnostic in report.diagnostics() {
        if let Some(place) = diagnostic.place() {
            let position = tables.start(place);
            let name = one_line(&sources.get(place.source).name);
            let _ = write!(out, "{name}:{}:{}: ", position.line, position.column);
        }
        let (level, message) = (diagnostic.level.word(), one_line(&diagnostic.message));
        let _ = writeln!(out, "{level}[{}]: {message}", diagnostic.code.id);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, codes};
    use crate::source::Span;

    #[test]
    fn a_finding_is_one_line_whatever_its_message_holds() {
        let mut sources = Sources::default();
        let source = sources.add("shop.xmi", "a\rbé<c");
        let mut report = Report::default();
        report.add(Diagnostic::new(&codes::U0103, "two\nlines").here(Span::new(source, 5..6), "here"));
        report.add(Diagnostic::new(&codes::U1504, "no place"));
        assert_eq!(
            render(&report, &sources, &Elements::default(), &Options::default()),
            "shop.xmi:2:3: error[U0103]: two␊lines\nerror[U1504]: no place\n"
        );
    }
}
