//! MagicDraw and Cameo.

use super::{Dialect, PLAIN, Signs};

static MAGICDRAW: Dialect =
    Dialect { tool: "MagicDraw", noise: &["MagicDraw_Profile", "DSL_Customization", "UML_Standard_Profile"], ..PLAIN };

pub(super) fn recognise(signs: &Signs) -> Option<&'static Dialect> {
    (signs.exporter("MagicDraw") || signs.exporter("Cameo") || signs.id("eee_1045467100313")).then_some(&MAGICDRAW)
}
