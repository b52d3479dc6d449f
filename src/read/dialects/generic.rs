//! Tools that are known by name and read by the shared rules.

use super::{AbsentMultiplicity, Dialect, Navigability, PLAIN, STAR_BELOW, Signs};

pub(super) static UNKNOWN: Dialect = PLAIN;
static VISUAL_PARADIGM: Dialect =
    Dialect { tool: "Visual Paradigm", absent_end: AbsentMultiplicity::Unknown, bounds: STAR_BELOW, ..PLAIN };
static STAR_UML: Dialect = Dialect {
    tool: "StarUML",
    absent_end: AbsentMultiplicity::Unknown,
    navigability: Navigability::Unspecified,
    unique_says_nothing: true,
    bounds: STAR_BELOW,
    ..PLAIN
};
static BOUML: Dialect = Dialect { tool: "BOUML", absent_end: AbsentMultiplicity::Unknown, bounds: STAR_BELOW, ..PLAIN };
static ALTOVA: Dialect = Dialect { tool: "Altova UModel", ..PLAIN };
static UMBRELLO: Dialect = Dialect { tool: "Umbrello", absent_end: AbsentMultiplicity::Unknown, ..PLAIN };
static RHAPSODY: Dialect = Dialect { tool: "Rhapsody", ..PLAIN };
static PHP_UML: Dialect = Dialect { tool: "PHP_UML", ..PLAIN };

pub(super) fn recognise_exporters(signs: &Signs) -> Option<&'static Dialect> {
    let known: [(bool, &'static Dialect); 7] = [
        (signs.exporter("Visual Paradigm"), &VISUAL_PARADIGM),
        (signs.exporter("StarUML"), &STAR_UML),
        (signs.exporter("Bouml") || signs.id("BOUML_"), &BOUML),
        (signs.exporter("altova"), &ALTOVA),
        (signs.exporter("umbrello"), &UMBRELLO),
        (signs.exporter("Rhapsody") || signs.id("GUID+"), &RHAPSODY),
        (signs.exporter("PHP_UML") || signs.id("PHP_UML_"), &PHP_UML),
    ];
    known.into_iter().find(|(is_it, _)| *is_it).map(|(_, dialect)| dialect)
}
