//! Rational Rose through the exporters of Unisys. Rose has types as text and no multiplicity of attributes.

use std::collections::BTreeMap;

use super::{Legacy, PLAIN, Signs};
use crate::account::{Element, ElementKind, Fate};
use crate::read::xmi1::Core;
use crate::read::xml::NodeId;
use crate::uml::draft::{Reference, Target};
use crate::uml::model::ClassifierKind;

static ROSE: Legacy =
    Legacy { tool: "Rational Rose", noise: &["RationalRose", "persistence"], own_part: Some(own_part), ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    (signs.exporter("Unisys") || signs.mark("Unisys")).then_some(&ROSE)
}

fn own_part(core: &mut Core<'_, '_>, _extensions: &[NodeId]) {
    rebind(core);
    tell_primitives(core);
    keep_quids(core);
}

/// A type that was typed as text comes out as a data type, also where the model has a class of that name.
fn rebind(core: &mut Core<'_, '_>) {
    let draft = &mut core.drafting.draft;
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for classifier in draft.classifiers.iter().filter(|classifier| classifier.kind != ClassifierKind::DataType) {
        if let Some(name) = &classifier.name {
            *classes.entry(name.value.as_str()).or_default() += 1;
        }
    }
    let doubles: BTreeMap<Element, String> = draft
        .classifiers
        .iter()
        .filter(|classifier| classifier.kind == ClassifierKind::DataType)
        .filter_map(|classifier| Some((classifier.element, classifier.name.as_ref()?.value.to_string())))
        .filter(|(_, name)| classes.get(name.as_str()) == Some(&1))
        .collect();
    for classifier in &mut draft.classifiers {
        classifier.is_library |= doubles.contains_key(&classifier.element);
    }
    for ty in draft.properties.iter_mut().filter_map(|property| property.ty.as_mut()) {
        let Reference { target: Target::Id(id), .. } = &ty else { continue };
        if let Some(name) = draft.ids.get(id).and_then(|element| doubles.get(element)) {
            ty.target = Target::Name(name.as_str().into());
        }
    }
}

/// The types of languages come out as enumerations if they have literals: `boolean` with `false` and `true`.
fn tell_primitives(core: &mut Core<'_, '_>) {
    for classifier in &mut core.drafting.draft.classifiers {
        let is_boolean = classifier.kind == ClassifierKind::Enumeration
            && classifier.name.as_ref().is_some_and(|name| name.value.eq_ignore_ascii_case("boolean"));
        if is_boolean {
            classifier.kind = ClassifierKind::PrimitiveType;
            for literal in classifier.literals.drain(..) {
                core.drafting.elements.get_mut(literal.element).fate = Some(Fate::Ignored);
            }
            core.drafting.elements.get_mut(classifier.element).kind = ElementKind::PrimitiveType;
        }
    }
}

/// Ids have the time of the export in them. What outlives it is the id in Rose, which is kept for what comes after.
fn keep_quids(core: &mut Core<'_, '_>) {
    let tree = core.tree;
    for node in 0..tree.len() {
        if let (Some(id), Some(quid)) = (tree.plain(node, "xmi.id"), tree.plain(node, "xmi.uuid"))
            && let Some(&element) = core.drafting.draft.ids.get(id.value)
        {
            core.drafting.elements.identify(element, quid.value);
        }
    }
}
