//! Decisions: values with the reason for which they were chosen.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use crate::source::{Span, Spanned};

/// Where a decision comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// A stereotype or tag in the diagram.
    Tag(Span),
    /// A key of the settings, such as `rules.untyped`, with its place if it was written.
    Setting {
        /// The dotted key.
        key: String,
        /// Where it was written.
        at: Option<Span>,
    },
    /// A rule of the mapping, named by a sentence, applied to what is drawn at `at`.
    Rule {
        /// Such as "a part dies with its whole".
        name: &'static str,
        /// The evidence in the diagram.
        at: Option<Span>,
    },
}

/// A value and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<T> {
    /// What was decided.
    pub value: T,
    /// Why.
    pub because: Because,
}

impl<T> Decision<T> {
    /// Decided by a rule of the mapping.
    pub fn rule(value: T, name: &'static str, at: impl Into<Option<Span>>) -> Self {
        Self { value, because: Because::Rule { name, at: at.into() } }
    }

    /// Another value for the same reason.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Decision<U> {
        Decision { value: f(self.value), because: self.because }
    }
}

/// The precedence of all decisions: what the diagram says by tag, then what the settings say, then the rule.
pub fn decide<T>(
    tag: Option<Spanned<T>>,
    setting: Option<(T, Because)>,
    rule: impl FnOnce() -> Decision<T>,
) -> Decision<T> {
    match (tag, setting) {
        (Some(tag), _) => Decision { value: tag.value, because: Because::Tag(tag.span) },
        (None, Some((value, because))) => Decision { value, because },
        (None, None) => rule(),
    }
}

/// One answered question about a thing, as `explain` prints it: an [`Answer`] that facts and project share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(Arc<Answer>);

/// What a [`Reason`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was decided, in the words of Django: `on_delete PROTECT`.
    pub decision: Cow<'static, str>,
    /// In half a sentence, why: `a plain association, lower bound 1`.
    pub why: Cow<'static, str>,
    /// Where it comes from.
    pub because: Because,
}

impl Because {
    /// Where it was said, if that is known.
    pub fn place(&self) -> Option<Span> {
        match self {
            Self::Tag(at) => Some(*at),
            Self::Setting { at, .. } | Self::Rule { at, .. } => *at,
        }
    }
}

impl Reason {
    /// The reason that says `answer`.
    pub fn new(answer: Answer) -> Self {
        Self(Arc::new(answer))
    }
}

impl Deref for Reason {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.0
    }
}
