//! The report: all findings of a compilation.

use super::{Diagnostic, Level};

/// Proof that an error was reported: only [`Report::error`] makes one.
///
/// Whatever could not be resolved carries it; whoever meets it stays silent, so that one mistake is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reported(());

/// Collects findings.
#[derive(Clone, Debug, Default)]
pub struct Report {
    found: Vec<Diagnostic>,
}

impl Report {
    /// Adds a finding.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
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

    /// Whether nothing is an error.
    pub fn is_sound(&self) -> bool {
        self.found.iter().all(|diagnostic| diagnostic.level != Level::Error)
    }
}
