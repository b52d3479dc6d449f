//! References as they are written.

use crate::source::Span;

/// What a reference says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The id of an element of the same document.
    Id(Box<str>),
    /// An element of another document.
    Href(Href),
    /// A name that was written where a reference is usual.
    Name(Box<str>),
}

/// A place in another document. A model leads to its primitive types thousands of times, so both parts stand in one text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Href {
    text: Box<str>,
    /// Where the fragment begins.
    fragment: u32,
}

impl Href {
    /// The place `fragment` of `document`, both as written.
    pub fn new(document: &str, fragment: &str) -> Self {
        Self { text: [document, fragment].concat().into(), fragment: u32::try_from(document.len()).unwrap_or(u32::MAX) }
    }

    /// The document as written, without fragment.
    pub fn document(&self) -> &str {
        self.text.get(..self.fragment as usize).unwrap_or(&self.text)
    }

    /// The fragment.
    pub fn fragment(&self) -> &str {
        self.text.get(self.fragment as usize..).unwrap_or_default()
    }
}

/// A reference as written.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What it says.
    pub target: Target,
    /// Where it is written.
    pub span: Span,
    /// The name of what it leads to, where the tool writes that too.
    pub readable: Option<Box<str>>,
    /// The tool writes that it leads to a primitive type.
    pub is_primitive_type: bool,
}

impl Reference {
    /// A reference about which nothing but this is known.
    pub fn new(target: Target, span: Span) -> Self {
        Self { target, span, readable: None, is_primitive_type: false }
    }

    /// The same reference, which leads to something of a metaclass that is written without prefix.
    #[must_use]
    pub fn to(self, metaclass: &str) -> Self {
        Self { is_primitive_type: metaclass == "PrimitiveType", ..self }
    }
}
