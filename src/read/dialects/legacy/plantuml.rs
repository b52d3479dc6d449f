//! PlantUML, which writes what people typed: the type stands in the name of an attribute, the multiplicity in that of an end.

use super::{Legacy, Navigability, PLAIN, Signs};
use crate::account::ElementKind;
use crate::read::multiplicity::{self, Meaning};
use crate::read::xmi1::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;
use crate::uml::draft::{DraftDefault, Reference, Target};
use crate::uml::model::DefaultKind;

static PLANT_UML: Legacy = Legacy {
    tool: "PlantUML",
    wrappers: &["PlantUML"],
    navigability: Navigability::Unspecified,
    package_name: "namespace",
    property: Some(complete),
    ..PLAIN
};

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    (signs.exporter("PlantUML") || signs.model == "PlantUML").then_some(&PLANT_UML)
}

fn complete(core: &mut Core<'_, '_>, _node: NodeId, index: usize) {
    let property = &core.drafting.draft.properties[index];
    let element = property.element;
    let Some(written) = property.name.clone() else { return };
    let parts = match core.drafting.elements.get(element).kind {
        ElementKind::End => end(&written.value),
        _ => attribute(&written.value),
    };
    let name = parts.name.and_then(|name| core.drafting.name(Spanned::new(name, written.span)));
    core.drafting.elements.rename(element, parts.name);
    if let Some(text) = parts.multiplicity {
        let read = core.drafting.range(element, Spanned::new(text, written.span)).flatten();
        core.drafting.draft.properties[index].multiplicity = read;
    }
    let property = &mut core.drafting.draft.properties[index];
    property.name = name;
    if let Some(ty) = parts.ty
        && property.ty.is_none()
    {
        let target = Target::Name(ty.into());
        property.ty = Some(Reference::new(target, written.span));
    }
    if let Some(default) = parts.default {
        let default = DraftDefault {
            kind: DefaultKind::Expression,
            text: Spanned::new(default.to_owned(), written.span),
            instance: None,
        };
        property.default = Some(Box::new(default));
    }
}

/// What is typed in one line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line<'a> {
    name: Option<&'a str>,
    ty: Option<&'a str>,
    multiplicity: Option<&'a str>,
    default: Option<&'a str>,
}

/// `title : String [0..1] = "none"`, or `String title` as in Java.
fn attribute(line: &str) -> Line<'_> {
    let line = line.trim().trim_start_matches(['+', '-', '#', '~']).trim();
    let (line, default) = match line.split_once('=') {
        Some((line, default)) => (line.trim(), Some(default.trim()).filter(|default| !default.is_empty())),
        None => (line, None),
    };
    let (line, multiplicity) = match line.rsplit_once('[') {
        Some((before, inner)) if inner.ends_with(']') && inner.len() > 1 => {
            (before.trim(), Some(inner.trim_end_matches(']')))
        }
        _ => (line, None),
    };
    let (name, ty) = match line.split_once(':') {
        Some((name, ty)) => (name.trim(), Some(ty.trim())),
        None => match line.rsplit_once(char::is_whitespace) {
            Some((ty, name)) => (name, Some(ty.trim())),
            None => (line, None),
        },
    };
    // `name[0..1] : String`
    let (name, multiplicity) = match name.split_once('[') {
        Some((before, inner)) if multiplicity.is_none() => (before.trim(), Some(inner.trim_end_matches(']'))),
        _ => (name, multiplicity),
    };
    let filled = |text: &&str| !text.is_empty();
    Line { name: Some(name).filter(filled), ty: ty.filter(filled), multiplicity: multiplicity.filter(filled), default }
}

/// `books 0..*`
fn end(line: &str) -> Line<'_> {
    let line = line.trim();
    let words: [(&str, &str); 2] = [
        line.rsplit_once(char::is_whitespace).unwrap_or(("", line)),
        line.split_once(char::is_whitespace).map_or((line, ""), |(first, rest)| (rest, first)),
    ];
    for (name, word) in words {
        if matches!(multiplicity::text(word), Some(Meaning::Plain(_) | Meaning::Unusual(..))) {
            let name = name.trim().trim_start_matches(['+', '-', '#', '~']);
            return Line {
                name: Some(name).filter(|name| !name.is_empty()),
                multiplicity: Some(word),
                ..Line::default()
            };
        }
    }
    Line { name: Some(line).filter(|line| !line.is_empty()), ..Line::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let line = |name, ty, multiplicity, default| Line { name, ty, multiplicity, default };
        for (text, parts) in [
            ("title : String", line(Some("title"), Some("String"), None, None)),
            ("+ pages: Integer [0..1] = 3", line(Some("pages"), Some("Integer"), Some("0..1"), Some("3"))),
            ("tags[*] : String", line(Some("tags"), Some("String"), Some("*"), None)),
            ("int ID", line(Some("ID"), Some("int"), None, None)),
            ("List<String> names", line(Some("names"), Some("List<String>"), None, None)),
            ("ACTIVE", line(Some("ACTIVE"), None, None, None)),
            ("", Line::default()),
        ] {
            assert_eq!(attribute(text), parts, "{text}");
        }
        for (text, parts) in [
            ("books 0..*", line(Some("books"), None, Some("0..*"), None)),
            ("1..n", line(None, None, Some("1..n"), None)),
            ("1 +owner", line(Some("owner"), None, Some("1"), None)),
            ("owner", line(Some("owner"), None, None, None)),
        ] {
            assert_eq!(end(text), parts, "{text}");
        }
    }
}
