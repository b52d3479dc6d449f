//! Umbrello, whose own format is XMI 1.2.

use super::{Legacy, PLAIN, Signs};
use crate::read::xmi1::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;
use crate::uml::draft::DraftDefault;
use crate::uml::model::DefaultKind;
use crate::uml::model::WrittenMultiplicity;
use crate::uml::multiplicity::Multiplicity;

static UMBRELLO: Legacy = Legacy {
    tool: "Umbrello",
    wrappers: &["UML Model"],
    libraries: &["Datatypes"],
    own_stereotypes: &["folder", "datatype", "enum", "interface"],
    property: Some(complete),
    ..PLAIN
};

/// Before 1.5 types and packages are names.
static UMBRELLO_1_2: Legacy = Legacy { names_for_ids: true, package_name: "package", ..UMBRELLO };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    if !signs.exporter("umbrello") {
        return None;
    }
    Some(if signs.mark("org.omg/standards/UML") { &UMBRELLO_1_2 } else { &UMBRELLO })
}

/// Completes an attribute by what stands in attributes of XML that are no UML.
fn complete(core: &mut Core<'_, '_>, node: NodeId, index: usize) {
    let tree = core.tree;
    let written = |name: &str| tree.plain(node, name).filter(|text| !text.value.trim().is_empty());
    let (value, is_static) = (written("value").or_else(|| written("initialValue")), written("static"));
    let may_be_null = written("allow_null").or_else(|| written("isNull"));
    let key = written("dbindex_type");
    let property = &mut core.drafting.draft.properties[index];
    property.is_static |= is_static.is_some_and(|text| text.value == "1");
    if let Some(text) = value
        && property.default.is_none()
    {
        let default = DraftDefault { kind: DefaultKind::Expression, text: text.map(str::to_owned), instance: None };
        property.default = Some(Box::new(default));
    }
    if let Some(text) = may_be_null.filter(|text| matches!(text.value, "1" | "true")) {
        property.multiplicity = Some(WrittenMultiplicity { value: Multiplicity::OPTIONAL, span: text.span });
    }
    match key.map_or("", |key| key.value) {
        "1101" => property.is_id = true,
        "1102" => property.extra.stereotypes.extend(key.map(|key| Spanned::new("index".to_owned(), key.span))),
        "1103" => property.extra.stereotypes.extend(key.map(|key| Spanned::new("unique".to_owned(), key.span))),
        _ => {}
    }
}
