//! The writer of openMDX, which says in stereotypes and in names what its first readers did not understand otherwise.

use smol_str::SmolStr;

use super::{Legacy, PLAIN, Signs};
use crate::account::ElementKind;
use crate::read::drafting::Met;
use crate::read::xmi1::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;
use crate::uml::draft::{DraftProperty, Owner, Reference, Target};

static OPENMDX: Legacy = Legacy { tool: "openMDX", property: Some(complete), ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    signs.exporter("openMDX").then_some(&OPENMDX)
}

fn complete(core: &mut Core<'_, '_>, _node: NodeId, index: usize) {
    qualifiers(core, index);
    multiplicity(core, index);
}

/// `entry [name:org::w3c::string; index:org::w3c::integer]`: the name of an end, and its qualifiers.
fn qualifiers(core: &mut Core<'_, '_>, index: usize) {
    let property = &mut core.drafting.draft.properties[index];
    let (element, span) = (property.element, property.span);
    let Some((name, list)) = property.name.as_ref().and_then(|name| {
        let (name, list) = name.value.split_once('[')?;
        Some((SmolStr::from(name.trim()), list.trim_end().strip_suffix(']')?.to_owned()))
    }) else {
        return;
    };
    property.name = Some(Spanned::new(name.clone(), span)).filter(|name| !name.value.is_empty());
    core.drafting.elements.rename(element, Some(&*name).filter(|name| !name.is_empty()));
    for qualifier in list.split(';') {
        let (name, ty) = qualifier.split_once(':').unwrap_or((qualifier, ""));
        let (name, ty) = (name.trim(), ty.rsplit("::").next().unwrap_or_default().trim());
        let met = Met { kind: ElementKind::Qualifier, span, id: None, name: Some(name), owner: Some(element) };
        let entered = core.drafting.enter(met);
        let name = core.drafting.name(Spanned::new(name, span));
        let ty = Some(Reference::new(Target::Name(ty.into()), span));
        core.drafting.draft.properties.push(DraftProperty {
            ty: ty.filter(|ty| ty.target != Target::Name("".into())),
            ..DraftProperty::new(entered, name, Owner::Property(index), span)
        });
    }
}

/// Attributes have their multiplicity as a stereotype: `0..1`, `0..n`, `list`, `set`.
fn multiplicity(core: &mut Core<'_, '_>, index: usize) {
    let property = &core.drafting.draft.properties[index];
    let element = property.element;
    let said = property.extra.stereotypes.iter().enumerate().find_map(|(at, name)| {
        let text = match name.value.trim() {
            "list" | "set" => "0..n",
            text if text.contains("..") => text,
            _ => return None,
        };
        Some((at, name.value == "list", Spanned::new(text.to_owned(), name.span)))
    });
    let Some((at, is_ordered, text)) = said.filter(|_| property.multiplicity.is_none()) else { return };
    let read = core.drafting.range(element, text.as_ref().map(String::as_str)).flatten();
    let property = &mut core.drafting.draft.properties[index];
    property.multiplicity = read;
    property.is_ordered |= is_ordered;
    property.extra.stereotypes.remove(at);
}
