//! MagicDraw 5 to 9.

use super::{Legacy, PLAIN, Signs};

static MAGICDRAW: Legacy = Legacy { tool: "MagicDraw", ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    (signs.exporter("MagicDraw") || signs.mark("MagicDraw")).then_some(&MAGICDRAW)
}
