//! References as they are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::source::Span;

/// What a reference says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The id of an element of the same document.
    Id(SmolStr),
    /// An element of another document.
    Href(Arc<Href>),
    /// A name that was written where a reference is usual.
    Name(SmolStr),
}

/// A place in another document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Href {
    number: u32,
    /// The document and the fragment.
    text: Box<str>,
    /// Where the fragment begins.
    fragment: u32,
}

impl Href {
    /// Its number among those of its draft.
    pub fn number(&self) -> usize {
        self.number as usize
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

/// The places in other documents that a draft refers to. A model leads to its primitive types thousands of times, so each is kept
/// once.
#[derive(Clone, Debug, Default)]
pub struct Hrefs {
    all: Vec<Arc<Href>>,
    written: BTreeMap<Box<str>, u32>,
}

impl Hrefs {
    /// The place `fragment` of `document`, which stands in the draft as `written`.
    pub fn place(&mut self, written: &str, document: &str, fragment: &str) -> Arc<Href> {
        let known = self.written.get(written).and_then(|&number| self.all.get(number as usize));
        if let Some(href) = known.filter(|href| href.document() == document && href.fragment() == fragment) {
            return Arc::clone(href);
        }
        let short = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (number, text) = (short(self.all.len()), [document, fragment].concat().into());
        let href = Arc::new(Href { number, text, fragment: short(document.len()) });
        self.all.push(Arc::clone(&href));
        self.written.insert(written.into(), number);
        href
    }

    /// All places, by their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Href> {
        self.all.iter().map(|href| &**href)
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
