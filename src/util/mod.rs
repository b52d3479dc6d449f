//! Small tools without a subject of their own: arenas, texts and words.

pub mod arena;
pub mod texts;
pub mod words;
