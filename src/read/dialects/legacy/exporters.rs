//! Tools that are known by their exporter and read by the shared rules.

use super::{Legacy, PLAIN, Signs};

static VISUAL_PARADIGM: Legacy = Legacy { tool: "Visual Paradigm", ..PLAIN };
static META_INTEGRATION: Legacy = Legacy { tool: "Meta Integration", ..PLAIN };
static PHP_UML: Legacy = Legacy { tool: "PHP_UML", ..PLAIN };
static ARCHGENXML: Legacy = Legacy { tool: "ArchGenXML", ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    let known: [(&str, &'static Legacy); 4] = [
        ("Visual Paradigm", &VISUAL_PARADIGM),
        ("Meta Integration", &META_INTEGRATION),
        ("PHP_UML", &PHP_UML),
        ("ArgoUMLProfileGenerator", &ARCHGENXML),
    ];
    known.into_iter().find(|(name, _)| signs.exporter(name)).map(|(_, dialect)| dialect)
}
