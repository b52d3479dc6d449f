//! Places: byte ranges of decoded source texts.

use std::num::NonZeroU32;
use std::ops::Range;

use smol_str::SmolStr;

/// Names a source of [`super::Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(NonZeroU32);

impl SourceId {
    pub(super) fn from_index(index: usize) -> Self {
        let number = u32::try_from(index).unwrap_or(u32::MAX - 1).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// The position among the sources, from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A byte range of a decoded text; half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `source`. Offsets beyond 4 GiB are clamped; input limits keep files far below.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }

    /// As a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The empty span at the start of this one.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }
}

/// A value and the place where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub span: Span,
}

/// A name as it was written. Drafts, the account and the model all keep it: a short one takes no memory beside them, and a long
/// one stands once.
pub type Name = Spanned<SmolStr>;

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }

    /// The same place with the value borrowed.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}
