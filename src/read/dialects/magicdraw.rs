//! MagicDraw and Cameo.

use super::{Dialect, PLAIN, Signs};

static MAGICDRAW: Dialect =
    Dialect { tool: "MagicDraw", noise: &["MagicDraw_Profile", "DSL_Customization", "UML_Standard_Profile"], ..PLAIN };

pub(super) fn recognise(signs: &Signs) -> Option<&'static Dialect> {
    (signs.exporter("MagicDraw") || signs.exporter("Cameo") || signs.id("eee_1045467100313")).then_some(&MAGICDRAW)
}

/// Whether a document is a copy of a used project, as `.mdzip` archives hold them: MagicDraw writes them in its own version of
/// UML, and models for exchange in OMG's.
pub(crate) fn is_copy_of_library(namespace: &str) -> bool {
    namespace.starts_with("http://www.nomagic.com/magicdraw/UML")
}
