//! Tools that are known by name and read by the shared rules.

use super::{AbsentMultiplicity, Block, Dialect, Navigability, PLAIN, STAR_BELOW, Signs};
use super::{umodel, visual_paradigm};
use crate::read::parts::Parts;
use crate::read::xmi2::Core;

pub(super) static UNKNOWN: Dialect = PLAIN;
static VISUAL_PARADIGM: Dialect = Dialect {
    tool: "Visual Paradigm",
    absent_end: AbsentMultiplicity::Unknown,
    bounds: STAR_BELOW,
    own_part: Some(visual_paradigm::read),
    ..PLAIN
};
static STAR_UML: Dialect = Dialect {
    tool: "StarUML",
    absent_end: AbsentMultiplicity::Unknown,
    navigability: Navigability::Unspecified,
    unique_says_nothing: true,
    bounds: STAR_BELOW,
    own_part: Some(in_place),
    ..PLAIN
};
static BOUML: Dialect = Dialect {
    tool: "BOUML",
    absent_end: AbsentMultiplicity::Unknown,
    bounds: STAR_BELOW,
    own_part: Some(in_place),
    ..PLAIN
};
static ALTOVA: Dialect = Dialect { tool: "Altova UModel", own_part: Some(umodel::read), ..PLAIN };
static UMBRELLO: Dialect =
    Dialect { tool: "Umbrello", absent_end: AbsentMultiplicity::Unknown, marks_elements: true, ..PLAIN };
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

/// Reads extensions that stand in the element that they are about: a stereotype, tagged values, documentation.
fn in_place(core: &mut Core<'_, '_>, parts: &Parts, blocks: &[Block]) {
    let tree = core.tree;
    for block in blocks {
        let subject = parts.subject(block.owner);
        for child in tree.children(block.node) {
            let [name, tag, value] = ["name", "tag", "value"].map(|key| tree.plain(child, key));
            match tree.local(child) {
                "stereotype" => {
                    if let Some(name) = name.or(value).filter(|name| !name.value.is_empty()) {
                        core.drafting.stereotype(subject, name);
                    }
                }
                "taggedValue" | "tag" => {
                    if let Some(name) = tag.or(name) {
                        core.drafting.tag(subject, name, value.map(|value| value.map(str::to_owned)), None);
                    }
                }
                "documentation" => core.drafting.document(subject, value.or_else(|| tree.text(child))),
                _ => {}
            }
        }
    }
}
