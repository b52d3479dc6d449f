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
    /// Where it was written.
    pub at: Span,
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
            let seen = elements.get(at);
            let fits = match scope {
                Scope::All => true,
                Scope::Element(element) => *element == at,
                Scope::Pattern(wanted) => pattern::matches(wanted, &elements.path(at), seen.id.as_deref()),
            };
            if fits {
                return true;
            }
            // Owners are entered first, so that this walk ends.
            next = seen.owner.filter(|owner| owner.index() < at.index());
        }
        false
    };
    matches!(scope, Scope::All)
        || diagnostic.subject.is_some_and(within) && diagnostic.others.iter().all(|&other| within(other))
}
