//! Diagnostics: what the compiler has to say about a model.
//!
//! A diagnostic is a row in [`codes`], a page of the book and a call where the fault is found.

pub mod codes;
pub mod render;
mod report;

pub use codes::Code;
pub use report::{Report, Reported};

use crate::account::Element;
use crate::source::Span;

/// How grave a finding is, after the settings were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Part of the model cannot be built, or building it would lose data or mislead.
    Error,
    /// Built, but probably not what was meant.
    Warning,
    /// A choice was made and the reader may want to know.
    Note,
    /// Known, not shown.
    Allow,
}

/// Whether the level of a code can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It cannot be lowered.
    Fixed,
    /// It can be set.
    Lint,
}

/// The part that a label plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The place at fault; at most one for each diagnostic.
    Here,
    /// A place that explains it.
    Because,
}

/// A place and what is true there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Its part.
    pub role: Role,
    /// What is true at the place; never empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its row in the table.
    pub code: &'static Code,
    /// Its level; set from the code's default, then by [`Report`] from the settings.
    pub level: Level,
    /// What it is about.
    pub subject: Option<Element>,
    /// Stands alone in a list: names the subject by its path; lower case, no full stop.
    pub message: String,
    /// Places.
    pub labels: Vec<Label>,
    /// Facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
    /// What findings with the same code have in common: they are merged into one. Such as the id of a missing target.
    pub cause: Option<String>,
    /// Further subjects with the same cause, beyond those whose places are shown.
    pub others: Vec<Element>,
    /// Whether somebody knows of it and allows it here.
    allowed: bool,
    /// How many places were taken over from merged findings.
    joined: usize,
}

impl Level {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Allow => "allow",
        }
    }
}

impl Diagnostic {
    /// A finding of `code` with `message`.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.default,
            subject: None,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            cause: None,
            others: Vec::new(),
            allowed: false,
            joined: 0,
        }
    }

    /// The elements that it is about.
    pub fn subjects(&self) -> impl Iterator<Item = Element> {
        self.subject.into_iter().chain(self.others.iter().copied())
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, element: Element) -> Self {
        self.subject = Some(element);
        self
    }

    /// Marks the place at fault.
    #[must_use]
    pub fn here(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.insert(0, Label { span, role: Role::Here, text: text.into() });
        self
    }

    /// Marks a place that explains it.
    #[must_use]
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, role: Role::Because, text: text.into() });
        self
    }

    /// Gives it another level than its code has. Settings still win.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Names what findings of this code are merged by.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The place at fault.
    pub fn place(&self) -> Option<Span> {
        self.labels.iter().find(|label| label.role == Role::Here).map(|label| label.span)
    }
}
