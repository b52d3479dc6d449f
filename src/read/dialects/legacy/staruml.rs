//! StarUML 5 through its XMI add-in. Ids tell what elements are: `UMLClass.7`.

use super::{Legacy, PLAIN, Signs};

static STAR_UML: Legacy = Legacy {
    tool: "StarUML 5",
    enumeration_ids: "UMLEnumeration.",
    noise: &["Cpp", "Java", "CSharp", "ordering"],
    ..PLAIN
};

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    signs.exporter("StarUML").then_some(&STAR_UML)
}
