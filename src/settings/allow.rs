//! Findings that somebody knows of and allows: `[[lints.allow]]`, and the tag `allow` in the diagram or under `[model]`.

use crate::account::{Element, Elements};
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::profile::{self, values};
use crate::source::{Span, Spanned};

use super::{Settings, pattern};

/// An entry of `[[lints.allow]]`.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// Codes, slugs or families.
    pub codes: Vec<String>,
    /// The pattern of model paths; none for the whole model.
    pub element: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Day>,
    /// Where it was written.
    pub at: Span,
}

/// A day: year, month and day of the month. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u16, pub u8, pub u8);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

/// Who may be told of by what.
struct Line<'a> {
    codes: Vec<&'a str>,
    scope: Scope<'a>,
    at: Option<Span>,
    used: bool,
}

enum Scope<'a> {
    All,
    /// What a pattern names, and what is in it.
    Pattern(&'a str),
    /// An element, and what is in it.
    Element(Element),
}

/// Marks what is allowed, and reports the lines that allowed nothing (U1405). `tags` are the values of the tags `allow`.
pub fn allow(settings: &Settings, tags: &[(Element, Spanned<String>)], elements: &Elements, report: &mut Report) {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for allowance in &settings.allowances {
        if let (Some(until), Some(today)) = (allowance.until, settings.today)
            && today > until
        {
            report.add(
                Diagnostic::new(
                    &codes::U1405,
                    format!("`{}` is allowed until {until} only", allowance.codes.join("`, `")),
                )
                .here(allowance.at, "no longer holds")
                .help("remove it, or give it another day"),
            );
            continue;
        }
        let codes = allowance.codes.iter().map(String::as_str).collect();
        let scope = allowance.element.as_deref().map_or(Scope::All, Scope::Pattern);
        lines.push(Line { codes, scope, at: Some(allowance.at), used: false });
    }
    for setting in settings.elements.iter().filter(|setting| profile::normal(&setting.key) == "allow") {
        let at = match &setting.because {
            Because::Setting { at, .. } => *at,
            _ => None,
        };
        let Some(codes) = values::codes(&setting.value) else { continue };
        lines.push(Line { codes, scope: Scope::Pattern(&setting.pattern), at, used: false });
    }
    for (element, value) in tags {
        let Some(codes) = values::codes(&value.value) else { continue };
        lines.push(Line { codes, scope: Scope::Element(*element), at: Some(value.span), used: false });
    }
    if lines.is_empty() {
        return;
    }
    report.allow(|diagnostic| {
        let mut allowed = false;
        for line in &mut lines {
            let is_meant = line.codes.iter().any(|code| diagnostic.code.is_called(code));
            if is_meant && covers(&line.scope, diagnostic, elements) {
                line.used = true;
                allowed = true;
            }
        }
        allowed
    });
    for line in lines.iter().filter(|line| !line.used) {
        let codes = line.codes.join("`, `");
        let mut diagnostic = Diagnostic::new(&codes::U1405, format!("no `{codes}` was found that this would allow"));
        if let Some(at) = line.at {
            diagnostic = diagnostic.here(at, "nothing was allowed by this");
        }
        report.add(diagnostic.help("remove it"));
    }
}

/// Whether everything that a finding is about lies within the scope.
fn covers(scope: &Scope<'_>, diagnostic: &Diagnostic, elements: &Elements) -> bool {
    let within = |subject: Element| {
        let mut next = Some(subject);
        while let Some(at) = next {
            let fits = match scope {
                Scope::All => true,
                Scope::Element(element) => *element == at,
                Scope::Pattern(wanted) => {
                    elements.paths(at).any(|path| pattern::matches(wanted, &path, elements.id(at)))
                }
            };
            if fits {
                return true;
            }
            // Owners are entered first, so that this walk ends.
            next = elements.get(at).owner.filter(|owner| owner.index() < at.index());
        }
        false
    };
    matches!(scope, Scope::All)
        || diagnostic.subject.is_some_and(within) && diagnostic.others.iter().all(|&other| within(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_line_holds_until_its_day_and_is_told_of_after_it() {
        for (today, expected) in [
            (None, "no `U0604` was found that this would allow"),
            (Some(Day(2027, 1, 31)), "no `U0604` was found that this would allow"),
            (Some(Day(2027, 2, 1)), "`U0604` is allowed until 2027-01-31 only"),
        ] {
            let (mut sources, mut report) = (Sources::default(), Report::default());
            let text = "[[lints.allow]]\ncode = \"U0604\"\nuntil = 2027-01-31\n";
            let mut settings = super::super::load(Some(("umlaut.toml", text)), &mut sources, &mut report);
            settings.today = today;
            allow(&settings, &[], &Elements::default(), &mut report);
            let found: Vec<&str> = report.diagnostics().iter().map(|found| found.message.as_str()).collect();
            assert_eq!(found, [expected]);
        }
    }
}
