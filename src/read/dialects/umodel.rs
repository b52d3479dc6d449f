//! Altova `UModel` keeps applications of stereotypes, with their values as slots, in the extension of each element.

use std::collections::BTreeMap;

use super::Block;
use crate::account::Element;
use crate::read::parts::{Parts, Subject};
use crate::read::xmi2::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;

pub(super) fn read(core: &mut Core<'_, '_>, parts: &Parts, blocks: &[Block]) {
    let tree = core.tree;
    // Comments that are the documentation of an element, also where they do not say what they annotate.
    let mut documented: BTreeMap<Element, Element> = BTreeMap::new();
    for block in blocks {
        let subject = parts.subject(block.owner);
        for child in tree.children(block.node) {
            match tree.local(child) {
                "appliedStereotype" => application(core, subject, child),
                "attributeExtension" => {
                    let comment = tree.plain(child, "DocComment").and_then(|id| core.drafting.draft.ids.get(id.value));
                    if let (Some(owner), Some(&comment)) = (block.owner, comment) {
                        documented.insert(comment, owner);
                    }
                }
                _ => {}
            }
        }
    }
    for comment in core.drafting.draft.comments.iter_mut().filter(|comment| comment.annotated.is_empty()) {
        if let Some(&owner) = documented.get(&comment.element) {
            comment.owner = Some(owner);
        }
    }
}

fn application(core: &mut Core<'_, '_>, subject: Subject, node: NodeId) {
    let tree = core.tree;
    let Some(stereotype) = tree.plain(node, "classifier").and_then(|id| named(core, id)) else { return };
    core.drafting.stereotype(subject, as_text(&stereotype));
    for slot in tree.children(node).filter(|&child| tree.local(child) == "slot") {
        let Some(name) = tree.plain(slot, "definingFeature").and_then(|id| named(core, id)) else { continue };
        let values = tree.children(slot).filter(|&child| tree.local(child) == "value");
        let value = values.filter_map(|value| core.value_text(value)).reduce(|mut all, next| {
            all.value = format!("{} {}", all.value, next.value).into();
            all
        });
        let value = value.map(|value| value.map(std::borrow::Cow::into_owned));
        core.drafting.tag(subject, as_text(&name), value, Some(&stereotype.value));
    }
}

/// The name of what an id leads to; one that leads out of the file stays as it is.
fn named(core: &Core<'_, '_>, id: Spanned<&str>) -> Option<Spanned<String>> {
    let drafting = &core.drafting;
    let element = drafting.draft.ids.get(id.value);
    let name = match element {
        Some(&element) => drafting.elements.name(element)?.to_owned(),
        None => id.value.to_owned(),
    };
    Some(Spanned::new(name, id.span))
}

fn as_text(name: &Spanned<String>) -> Spanned<&str> {
    Spanned::new(name.value.as_str(), name.span)
}
