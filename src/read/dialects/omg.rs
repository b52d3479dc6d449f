//! The OMG's own files: canonical XMI, by the book.

use super::{Dialect, PLAIN, Signs};

static OMG: Dialect = Dialect { tool: "the OMG", ..PLAIN };

pub(super) fn recognise(signs: &Signs) -> Option<&'static Dialect> {
    let tags = signs.namespace("/spec/MOF/");
    let canonical = signs
        .ids
        .iter()
        .any(|id| id.contains("-ownedAttribute") || id.contains("_packageImport.") || id.starts_with("_packageImport"));
    (tags || canonical).then_some(&OMG)
}
