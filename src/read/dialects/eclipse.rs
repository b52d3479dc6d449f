//! Eclipse UML2 and the tools that write its format: nothing differs in the UML part but what a tool leaves out.

use super::{Block, Dialect, Navigability, PLAIN, Signs};
use crate::read::parts::{Parts, Subject};
use crate::read::xmi2::Core;
use crate::read::xml::NodeId;

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
    if !signs.is_of_eclipse() {
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

/// Reads the annotations of EMF, which other tools write too, some of them wrapped in an extension.
pub(crate) fn annotations(core: &mut Core<'_, '_>, parts: &Parts, blocks: &[Block]) {
    let tree = core.tree;
    for block in blocks {
        let subject = parts.subject(block.owner);
        if tree.local(block.node) == "eAnnotations" {
            annotation(core, subject, block.node);
            continue;
        }
        for child in tree.children(block.node).filter(|&child| tree.local(child) == "eAnnotations") {
            annotation(core, subject, child);
        }
    }
}

/// One annotation: what its keys and values mean says its source.
fn annotation(core: &mut Core<'_, '_>, subject: Subject, node: NodeId) {
    let tree = core.tree;
    let Some(source) = tree.plain(node, "source") else { return };
    for detail in tree.children(node).filter(|&child| tree.local(child) == "details") {
        let Some(key) = tree.plain(detail, "key") else { continue };
        let value = core.value(detail, "value");
        match (source.value, key.value) {
            ("http://www.eclipse.org/emf/2002/GenModel" | "http://www.topcased.org/documentation", "documentation")
            | ("genmymodel", "gmm-documentation") => core.drafting.document(subject, value),
            // Keywords of UML2 look like stereotypes in diagrams, and mean the same.
            ("http://www.eclipse.org/uml2/2.0.0/UML" | "keywords" | "stereotypes", _) => {
                core.drafting.stereotype_again(subject, key);
            }
            ("tags", _) => core.drafting.tag_again(subject, key, value.map(|value| value.map(str::to_owned)), None),
            _ => {}
        }
    }
}
