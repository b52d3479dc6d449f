//! Visual Paradigm keeps stereotypes, tagged values and documentation in the extension of each element.

use std::collections::BTreeMap;

use super::Block;
use crate::read::parts::{Parts, Subject};
use crate::read::xmi2::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;

pub(super) fn read(core: &mut Core<'_, '_>, parts: &Parts, blocks: &[Block]) {
    let tree = core.tree;
    // Tagged values are elements of their own, somewhere else.
    let tagged: BTreeMap<&str, NodeId> = (0..tree.len())
        .filter(|&node| tree.plain(node, "tag").is_some())
        .filter_map(|node| Some((tree.xmi(node, "id")?.value, node)))
        .collect();
    for block in blocks {
        let subject = parts.subject(block.owner);
        for child in tree.children(block.node) {
            match tree.local(child) {
                "appliedStereotype" => {
                    if let Some(id) = tree.xmi(child, "value").or_else(|| tree.plain(child, "value")) {
                        let name = stereotype(core, id);
                        core.drafting.stereotype(subject, id.map(|_| name.as_str()));
                    }
                }
                "documentation" => {
                    let text = tree.xmi(child, "value").or_else(|| tree.plain(child, "value"));
                    core.drafting.document(subject, text.or_else(|| tree.text(child)));
                }
                "properties" => {
                    for property in tree.children(child) {
                        self::property(core, subject, property, &tagged);
                    }
                }
                _ => {}
            }
        }
    }
}

fn property(core: &mut Core<'_, '_>, subject: Subject, node: NodeId, tagged: &BTreeMap<&str, NodeId>) {
    let tree = core.tree;
    let Some(name) = tree.plain(node, "name") else { return };
    let references = || {
        let inner = (node + 1..tree.end(node)).filter(|&inner| tree.local(inner) == "modelRef");
        inner.filter_map(|inner| tree.plain(inner, "value"))
    };
    match name.value {
        "stereotypes" => {
            for id in references() {
                let name = stereotype(core, id);
                core.drafting.stereotype_again(subject, id.map(|_| name.as_str()));
            }
        }
        "taggedValues" => {
            for &value in references().filter_map(|id| tagged.get(id.value)) {
                if let Some(tag) = tree.plain(value, "tag") {
                    let text = tree.plain(value, "value").map(|text| text.map(str::to_owned));
                    core.drafting.tag_again(subject, tag, text, None);
                }
            }
        }
        "documentation" => core.drafting.document(subject, tree.plain(node, "value")),
        _ => {}
    }
}

/// The name of a stereotype by its id, which is made of its metaclass and its name: `Class_entity_id`.
fn stereotype(core: &Core<'_, '_>, id: Spanned<&str>) -> String {
    let drafting = &core.drafting;
    let known = drafting.draft.ids.get(id.value).and_then(|&element| drafting.elements.name(element));
    let name = known.or_else(|| id.value.strip_suffix("_id")?.split_once('_').map(|(_, name)| name));
    name.unwrap_or(id.value).to_owned()
}
