//! Source texts and places in them.

pub mod decode;
pub mod excerpt;
pub mod lines;
pub mod place;
mod span;

pub use span::{Name, SourceId, Span, Spanned};

use crate::util::arena::Arena;

/// What stands between the name of an archive and the name of a file in it: `archive.zip!/folder/model.xmi`.
pub const INSIDE: &str = "!/";

/// A decoded source text with its name.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name as the user gave it, or as it is called inside an archive. For display only.
    pub name: String,
    /// The decoded text. All spans count its bytes.
    pub text: String,
}

/// All texts of one compilation: models, profiles, settings.
#[derive(Clone, Debug, Default)]
pub struct Sources(Arena<Source>);

impl Sources {
    /// Adds a text and names it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        SourceId::from_index(self.0.push(Source { name: name.into(), text: text.into() }).index())
    }

    /// The source that `id` names.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[crate::util::arena::Id::new(id.index())]
    }

    /// All sources in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.0.iter().map(|(id, source)| (SourceId::from_index(id.index()), source))
    }

    /// The text at `span`; empty if the span lies outside or splits a character.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or_default()
    }
}
