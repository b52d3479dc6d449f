//! Names that live as long as the process.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};

static SYMBOLS: OnceLock<Mutex<BTreeSet<&'static str>>> = OnceLock::new();

/// `text` for the life of the process. Expressions name modules, classes and arguments by text that is part of the compiler;
/// what is read from a file gets the same form here. Each name is kept once.
pub fn intern(text: &str) -> &'static str {
    let mut symbols = SYMBOLS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = symbols.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    symbols.insert(kept);
    kept
}
