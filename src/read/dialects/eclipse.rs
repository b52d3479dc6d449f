//! Eclipse UML2 and the tools that write its format: nothing differs in the UML part but what a tool leaves out.

use super::{Dialect, Navigability, PLAIN, Signs};

static ECLIPSE: Dialect = Dialect { tool: "Eclipse UML2", ..PLAIN };
static PAPYRUS: Dialect = Dialect { tool: "Papyrus", ..PLAIN };
static RSA: Dialect = Dialect { tool: "Rational Software Architect", ..PLAIN };
static MODELIO: Dialect = Dialect { tool: "Modelio", unique_says_nothing: true, ..PLAIN };
static GENMYMODEL: Dialect = Dialect { tool: "GenMyModel", navigability: Navigability::Unspecified, ..PLAIN };
static UML_DESIGNER: Dialect = Dialect { tool: "UML Designer", inverted_aggregation: true, ..PLAIN };
static TEXT_UML: Dialect = Dialect { tool: "TextUML", ..PLAIN };

pub(super) fn recognise(signs: &Signs) -> Option<&'static Dialect> {
    if signs.annotation("Objing") {
        return Some(&MODELIO);
    }
    if signs.annotation("genmymodel") {
        return Some(&GENMYMODEL);
    }
    if signs.prolog.contains("com.ibm.xtools") || signs.prolog.contains("xtools2_universal_type_manager") {
        return Some(&RSA);
    }
    if !signs.uml.contains("www.eclipse.org/uml2") {
        return None;
    }
    Some(if signs.annotation("org.eclipse.papyrus") || signs.namespace("papyrus") {
        &PAPYRUS
    } else if signs.annotation("com.abstratt") {
        &TEXT_UML
    } else if signs.associations.1 > 0 && signs.associations.1 * 2 >= signs.associations.0 {
        &UML_DESIGNER
    } else {
        &ECLIPSE
    })
}
