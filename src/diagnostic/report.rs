//! The report: all findings of a compilation.

use std::collections::{BTreeMap, BTreeSet};

use super::{Code, Diagnostic, Kind, Level, Role};
use crate::account::Element;
use crate::source::{SourceId, Span};

/// Further places of a merged finding that are shown; the rest is counted.
const SHOWN: usize = 3;

/// Findings that say that part of a file was not read: it is cut off, or beyond a limit.
const CUTS: [&str; 2] = ["U0105", "U0108"];
/// Findings that something is not there: a target, the second end, the literals, any class at all.
const GAPS: [&str; 4] = ["U0203", "U0301", "U0507", "U0601"];

/// Proof that an error was reported: only [`Report::error`] makes one.
///
/// Whatever could not be resolved carries it; whoever meets it stays silent, so that one mistake is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reported(());

/// Collects findings.
#[derive(Clone, Debug, Default)]
pub struct Report {
    found: Vec<Diagnostic>,
    told: BTreeMap<Element, Vec<&'static Code>>,
}

impl Report {
    /// Adds a finding.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds all findings of `other`, which was kept apart until it was clear that they matter.
    pub fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Leaves out the findings of a code.
    pub fn forget(&mut self, code: &Code) {
        self.found.retain(|diagnostic| diagnostic.code.id != code.id);
    }

    /// Adds a finding about something that cannot be resolved, and gives the proof that silences its consequences.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        self.add(diagnostic);
        Reported(())
    }

    /// All findings, in the order in which they were added until [`Report::finish`] was called.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.found
    }

    /// What findings were about, also those that are allowed and not shown, with their codes; empty until [`Report::finish`] was
    /// called.
    pub fn told(&self) -> &BTreeMap<Element, Vec<&'static Code>> {
        &self.told
    }

    /// Whether nothing is an error.
    pub fn is_sound(&self) -> bool {
        self.errors() == 0
    }

    /// How many findings are errors.
    pub fn errors(&self) -> usize {
        self.count(Level::Error)
    }

    /// How many findings are warnings.
    pub fn warnings(&self) -> usize {
        self.count(Level::Warning)
    }

    /// How many findings have the level `level`.
    pub fn count(&self, level: Level) -> usize {
        self.found.iter().filter(|diagnostic| diagnostic.level == level).count()
    }

    /// Marks the findings that are known and allowed where they are; `is_allowed` is asked once for each that can be.
    pub fn allow(&mut self, mut is_allowed: impl FnMut(&Diagnostic) -> bool) {
        for diagnostic in self.found.iter_mut().filter(|diagnostic| diagnostic.code.kind == Kind::Lint) {
            diagnostic.allowed |= is_allowed(diagnostic);
        }
    }

    /// Turns warnings into errors: `--deny warnings`.
    pub fn deny_warnings(&mut self) {
        for diagnostic in &mut self.found {
            if diagnostic.level == Level::Warning {
                diagnostic.level = Level::Error;
            }
        }
    }

    /// Makes of what was added what is printed: levels as `lints` wants them, one finding for each cause and at most one
    /// error for each place, in a stable order. May be called again after more was added.
    ///
    /// `lints` are codes, slugs, families, `warnings` or `all`; the last one that fits decides. Fixed codes keep theirs.
    pub fn finish(&mut self, lints: &[(String, Level)]) {
        for diagnostic in &mut self.found {
            diagnostic.level = level_of(diagnostic, lints);
        }
        for diagnostic in &self.found {
            for subject in diagnostic.subjects() {
                let codes = self.told.entry(subject).or_default();
                if !codes.contains(&diagnostic.code) {
                    codes.push(diagnostic.code);
                }
            }
        }
        self.found.retain(|diagnostic| diagnostic.level != Level::Allow);
        self.keep_causes();
        self.merge();
        self.keep_roots();
        // Stable: what has the same place and code stays in the order in which it was found.
        self.found.sort_by_key(|diagnostic| {
            let place = diagnostic.place();
            (place.is_none(), place.map(|span| (span.source, span.start)), diagnostic.code.id)
        });
    }

    /// What is missing because a file was not read to its end is not told besides that.
    fn keep_causes(&mut self) {
        let source = |diagnostic: &Diagnostic| diagnostic.place().map(|span| span.source);
        let cut: BTreeSet<SourceId> =
            self.found.iter().filter(|it| CUTS.contains(&it.code.id)).filter_map(source).collect();
        self.found.retain(|it| !GAPS.contains(&it.code.id) || source(it).is_none_or(|source| !cut.contains(&source)));
    }

    /// One finding for each code and cause.
    fn merge(&mut self) {
        let mut first: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        let mut merged: Vec<Diagnostic> = Vec::with_capacity(self.found.len());
        for diagnostic in self.found.drain(..) {
            let Some(cause) = diagnostic.cause.clone() else {
                merged.push(diagnostic);
                continue;
            };
            let next = merged.len();
            let at = *first.entry((diagnostic.code.id, cause)).or_insert(next);
            match merged.get_mut(at) {
                Some(whole) => join(whole, diagnostic),
                None => merged.push(diagnostic),
            }
        }
        self.found = merged;
    }

    /// At most one error for each place; where there is one, nothing less. What was found first is nearer to the root.
    fn keep_roots(&mut self) {
        let mut with_error: BTreeSet<Span> = BTreeSet::new();
        let mut keep = Vec::with_capacity(self.found.len());
        for diagnostic in &self.found {
            let error = diagnostic.level == Level::Error;
            keep.push(!error || diagnostic.place().is_none_or(|place| with_error.insert(place)));
        }
        for (diagnostic, keep) in self.found.iter().zip(&mut keep) {
            let lint = diagnostic.level != Level::Error;
            *keep &= !(lint && diagnostic.place().is_some_and(|place| with_error.contains(&place)));
        }
        let mut keep = keep.into_iter();
        self.found.retain(|_| keep.next().unwrap_or(true));
    }
}

/// The level of `diagnostic` after `lints` were asked.
fn level_of(diagnostic: &Diagnostic, lints: &[(String, Level)]) -> Level {
    if diagnostic.code.kind == Kind::Fixed {
        return diagnostic.level;
    }
    if diagnostic.allowed {
        return Level::Allow;
    }
    let mut level = diagnostic.level;
    for (name, wanted) in lints {
        if diagnostic.code.is_called(name) || (name == "warnings" && level == Level::Warning) {
            level = *wanted;
        }
    }
    level
}

impl Code {
    /// Whether `name` in the settings means the code: by its id, slug or family.
    pub fn is_called(&self, name: &str) -> bool {
        name == "all" || name == self.slug || name.eq_ignore_ascii_case(self.id) || name == self.family()
    }
}

/// Adds `more`, which has the same cause, to `whole`.
fn join(whole: &mut Diagnostic, more: Diagnostic) {
    // A finding is merged while only its own labels stand there; what merging adds is behind them.
    if whole.joined < SHOWN
        && let Some(mut label) = more.labels.into_iter().find(|label| label.role == Role::Here)
        && whole.labels.iter().all(|shown| shown.span != label.span)
    {
        label.role = Role::Because;
        whole.labels.push(label);
        whole.joined += 1;
    } else {
        whole.others.extend(more.subject.filter(|subject| whole.subject != Some(*subject)));
    }
    whole.others.extend(more.others);
    whole.level = whole.level.min(more.level);
}

#[cfg(test)]
mod tests {
    use super::super::codes;
    use super::*;
    use crate::account::{Element, ElementKind, Elements, Met};
    use crate::source::Sources;

    fn source() -> SourceId {
        Sources::default().add("t", "text")
    }

    fn at(start: usize) -> Span {
        Span::new(source(), start..start + 1)
    }

    fn elements(count: usize) -> Vec<Element> {
        let mut elements = Elements::default();
        (0..count).map(|_| elements.enter(Met::new(ElementKind::Class, at(0)))).collect()
    }

    fn ids(report: &Report) -> Vec<&str> {
        report.diagnostics().iter().map(|diagnostic| diagnostic.code.id).collect()
    }

    #[test]
    fn one_cause_is_one_finding_with_three_more_places_and_a_count() {
        let mut report = Report::default();
        for (index, element) in elements(9).into_iter().enumerate() {
            report.add(
                Diagnostic::new(&codes::U0301, "gone").about(element).here(at(index), "no element").cause("type _gone"),
            );
        }
        report.finish(&[]);
        let [found] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!(found.labels.iter().map(|label| label.role).collect::<Vec<_>>()[..2], [Role::Here, Role::Because]);
        assert_eq!(found.labels.len(), 4);
        assert_eq!(found.others.len(), 5);
    }

    #[test]
    fn the_last_fitting_lint_decides_and_fixed_codes_stay() {
        let add = |lints: &[(&str, Level)]| {
            let mut report = Report::default();
            report.add(Diagnostic::new(&codes::U0501, "untyped").here(at(0), "here"));
            report.add(Diagnostic::new(&codes::U0301, "dangling").here(at(1), "here"));
            report.add(Diagnostic::new(&codes::U0604, "unnamed").here(at(2), "here"));
            report.finish(&lints.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect::<Vec<_>>());
            report.diagnostics().iter().map(|d| (d.code.id, d.level)).collect::<Vec<_>>()
        };
        assert_eq!(add(&[]), [("U0501", Level::Warning), ("U0301", Level::Error)]);
        assert_eq!(add(&[("all", Level::Allow)]), [("U0301", Level::Error)]);
        assert_eq!(add(&[("attributes", Level::Allow), ("U0501", Level::Note)])[0], ("U0501", Level::Note));
        assert_eq!(add(&[("warnings", Level::Error)])[0], ("U0501", Level::Error));
        assert_eq!(add(&[("unnamed-end", Level::Warning)]).len(), 3);
    }

    #[test]
    fn what_a_cut_off_file_explains_is_not_told_besides() {
        let mut report = Report::default();
        report.add(Diagnostic::new(&codes::U0105, "cut").here(at(9), "end"));
        report.add(Diagnostic::new(&codes::U0301, "dangling").here(at(1), "no element"));
        report.add(Diagnostic::new(&codes::U0501, "untyped").here(at(2), "no type"));
        report.finish(&[]);
        assert_eq!(ids(&report), ["U0501", "U0105"]);
    }

    #[test]
    fn a_place_has_one_error_and_then_nothing_less() {
        let mut report = Report::default();
        report.add(Diagnostic::new(&codes::U0501, "untyped").here(at(3), "here"));
        report.add(Diagnostic::new(&codes::U0301, "first").here(at(3), "here"));
        report.add(Diagnostic::new(&codes::U0302, "second").here(at(3), "here"));
        report.add(Diagnostic::new(&codes::U0502, "elsewhere").here(at(2), "here"));
        report.add(Diagnostic::new(&codes::U1504, "without a place"));
        report.finish(&[]);
        assert_eq!(ids(&report), ["U0502", "U0301", "U1504"]);
        report.finish(&[]);
        assert_eq!(ids(&report), ["U0502", "U0301", "U1504"]);
        assert_eq!((report.errors(), report.warnings()), (3, 0));
    }
}
