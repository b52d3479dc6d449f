//! Small tools without a subject of their own: arenas and word handling.

pub mod arena;
pub mod texts;
pub mod words;
