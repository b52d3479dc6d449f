//! Enterprise Architect's XMI 1.0 and 1.1. What UML 1.3 has no place for stands in tagged values.

use std::collections::BTreeMap;

use super::{Legacy, PLAIN, Signs};
use crate::account::{Element, ElementKind};
use crate::read::dialects::ea::says_is_id;
use crate::read::drafting::BoundQuirks;
use crate::read::html;
use crate::read::multiplicity::Bound;
use crate::read::xmi1::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;
use crate::uml::draft::{Draft, Reference, Target};
use crate::uml::model::ClassifierKind;

static EA: Legacy = Legacy {
    tool: "Enterprise Architect",
    bounds: BoundQuirks { zero_upper_is_optional: true, star_below: true },
    state: STATE,
    identity: Some(identity),
    wrappers: &["EA Model"],
    realization_tag: Some(("ea_type", &["Realisation", "Realization"])),
    property: Some(complete),
    own_part: Some(own_part),
    ..PLAIN
};

/// XMI 1.0 says of every attribute that it belongs to the class as a whole.
static EA_1_0: Legacy = Legacy { static_says_nothing: true, state_stands_apart: true, ..EA };

/// What the tool notes at every element; what users add stands apart from the element.
const STATE: &[&str] = &[
    "ea_*",
    "$ea_*",
    "src_*",
    "dst_*",
    "privatedata*",
    "isSpecification",
    "isActive",
    "isAbstract",
    "package",
    "package2",
    "package_name",
    "packageFlags",
    "date_created",
    "date_modified",
    "created",
    "modified",
    "tagged",
    "tpos",
    "style",
    "styleex",
    "complexity",
    "version",
    "phase",
    "author",
    "gentype",
    "status",
    "stereotype",
    "eventflags",
    "alias",
    "product_name",
    "conID",
    "parent",
    "owner",
    "iscontrolled",
    "isprotected",
    "usedtd",
    "logxml",
    "lastloaddate",
    "lastsavedate",
    "batchsave",
    "batchload",
    "xmiver",
    "xmlpath",
    "isnamespace",
    "type",
    "containment",
    "ordered",
    "collection",
    "position",
    "lowerBound",
    "upperBound",
    "duplicates",
    "length",
    "precision",
    "scale",
    "derived",
    "static",
    "description",
    "linemode",
    "linecolor",
    "linewidth",
    "seqno",
    "headStyle",
    "lineStyle",
    "direction",
    "virtualInheritance",
    "conditional",
    "lb",
    "lt",
    "rb",
    "rt",
    "mb",
    "mt",
    "subtype",
    "sourcestyle",
    "deststyle",
    "tagnotes",
    "notes",
    "sourceStereotype",
    "destStereotype",
    "associationclass",
    "const",
    "synchronised",
    "pure",
    "pos",
    "concurrency",
    "returnarray",
    "classifier",
    "relatedlinks",
    "persistence",
];

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    if !signs.exporter("Enterprise Architect") && !signs.mark("Enterprise Architect") {
        return None;
    }
    Some(if signs.version.starts_with("1.0") { &EA_1_0 } else { &EA })
}

/// Attributes and operations have their id in a tag, ends follow from their connector.
fn identity(core: &Core<'_, '_>, node: NodeId) -> Option<String> {
    let tags = core.tags(node);
    let tag = |name: &str| tags.iter().find(|(known, _)| known.value == name).map(|(_, value)| value.value.trim());
    match (tag("ea_guid"), tag("ea_end")) {
        (Some(guid), _) => Some(guid.to_owned()),
        (None, Some(end)) => core.id_around(node).map(|connector| format!("{connector}.{end}")),
        (None, None) => None,
    }
}

/// Completes an attribute or end by its tags: type, bounds, order, documentation.
fn complete(core: &mut Core<'_, '_>, node: NodeId, index: usize) {
    let tags: BTreeMap<String, Spanned<String>> =
        core.tags(node).into_iter().map(|(name, value)| (name.value, value)).rev().collect();
    let tag = |name: &str| tags.get(name).filter(|value| !value.value.trim().is_empty());
    let says = |name: &str| tag(name).is_some_and(|value| matches!(value.value.trim(), "1" | "true" | "True"));
    let property = &core.drafting.draft.properties[index];
    let element = property.element;
    let is_attribute = core.drafting.elements.get(element).kind == ElementKind::Attribute;
    let (lower, upper) = (tag("lowerBound"), tag("upperBound"));
    if let Some(place) = lower.or(upper).map(|bound| bound.span)
        && is_attribute
        && property.multiplicity.is_none()
    {
        let (lower, upper) = (lower.cloned(), upper.cloned());
        let (lower, upper) =
            (lower.as_ref().map(|it| Bound::text(&it.value)), upper.as_ref().map(|it| Bound::text(&it.value)));
        let read = core.drafting.multiplicity(element, lower.as_ref(), upper.as_ref(), place, EA.bounds);
        core.drafting.draft.properties[index].multiplicity = read.flatten();
    }
    let ty = is_attribute
        .then(|| tag("type").filter(|name| !matches!(name.value.trim(), "<none>" | "<undefined>")))
        .flatten();
    let known = core.drafting.draft.properties[index].ty.as_ref().map(|ty| match &ty.target {
        Target::Id(id) => core.is_nameless(id),
        Target::Name(_) | Target::Href(_) => Some(false),
    });
    let property = &mut core.drafting.draft.properties[index];
    match (known, &mut property.ty, ty) {
        // A type that was typed as text: the element that stands for it has no name.
        (None | Some(Some(true)), _, Some(name)) => {
            let target = Target::Name(name.value.trim().into());
            property.ty = Some(Reference::new(target, name.span));
        }
        (Some(Some(true)), ty, None) => *ty = None,
        // A type outside the export.
        (Some(None), Some(ty), Some(name)) => ty.readable = Some(name.value.trim().into()),
        _ => {}
    }
    property.is_ordered |= says("ordered");
    property.is_derived |= says("derived");
    property.is_static |= says("static");
    property.is_id |= tag("$ea_xref_property").is_some_and(|text| says_is_id(&text.value));
    if property.documentation.is_none() {
        let text = tag("description").map(|text| text.as_ref().map(|text| html::plain(text)));
        property.documentation = text.filter(|text| !text.value.is_empty()).map(Box::new);
    }
}

/// Reads what stands beside the UML part, and the association classes, which the tool keeps as an association and a class.
fn own_part(core: &mut Core<'_, '_>, extensions: &[NodeId]) {
    let tree = core.tree;
    core.drafting.draft.names_outside = true;
    let mut outside: BTreeMap<&str, &str> = BTreeMap::new();
    for &block in extensions {
        for stub in tree.children(block).filter(|&child| tree.local(child) == "EAStub") {
            if let (Some(id), Some(name)) = (tree.plain(stub, "xmi.id"), tree.plain(stub, "name")) {
                outside.entry(id.value).or_insert(name.value);
            }
        }
    }
    for reference in references(&mut core.drafting.draft) {
        if let Target::Id(id) = &reference.target
            && let Some(name) = outside.get(&**id)
        {
            reference.readable.get_or_insert_with(|| (*name).into());
        }
    }
    cut_notes(&mut core.drafting.draft);
    // What stands for a type that was typed as text; the attribute knows the text.
    for classifier in &mut core.drafting.draft.classifiers {
        classifier.is_library |= classifier.kind == ClassifierKind::DataType && classifier.name.is_none();
    }
    let ids = &core.drafting.draft.ids;
    let pairs: Vec<(Element, Element)> = core
        .all_tags()
        .into_iter()
        .filter(|(_, name, _)| name == "associationclass")
        .filter_map(|(owner, _, other)| Some((*ids.get(&owner)?, *ids.get(other.trim())?)))
        .flat_map(|(a, b)| [(a, b), (b, a)])
        .collect();
    core.drafting.join_association_classes(&pairs);
}

/// The references that may lead to an element outside the export.
fn references(draft: &mut Draft) -> impl Iterator<Item = &mut Reference> {
    let types = draft.properties.iter_mut().filter_map(|property| property.ty.as_mut());
    types.chain(draft.relations.iter_mut().flat_map(|relation| &mut relation.to))
}

/// The tool puts its note on a tag behind the tag's value.
fn cut_notes(draft: &mut Draft) {
    let classifiers = draft.classifiers.iter_mut().flat_map(|classifier| {
        let literals = classifier.literals.iter_mut().map(|literal| &mut literal.extra);
        let operations = classifier.operations.iter_mut().map(|operation| &mut operation.extra);
        literals.chain(operations).chain([&mut classifier.extra])
    });
    let extras = classifiers
        .chain(draft.packages.iter_mut().map(|package| &mut package.extra))
        .chain(draft.properties.iter_mut().map(|property| &mut property.extra))
        .chain(draft.associations.iter_mut().map(|association| &mut association.extra));
    for tag in extras.flat_map(|extra| &mut extra.tags) {
        if let Some(at) = tag.value.value.find("#NOTES#") {
            tag.value.value.truncate(at);
        }
    }
}
