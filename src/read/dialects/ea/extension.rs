//! The extension block of Enterprise Architect: types typed as text, documentation, tags, keys, constraints.

use std::collections::BTreeMap;

use crate::account::{ElementKind, Seen};
use crate::read::html;
use crate::read::xmi2::Core;
use crate::read::xml::{NodeId, Ns};
use crate::source::Spanned;
use crate::uml::draft::{DraftConstraint, DraftEnd, Extra, Reference, Target};
use crate::uml::model::Tag;

/// What an id of the model part became.
#[derive(Clone, Copy, Debug)]
enum Part {
    Package(usize),
    Classifier(usize),
    Property(usize),
    Association(usize),
    Literal(usize, usize),
    Operation(usize, usize),
}

struct Extension<'c, 't, 'r> {
    core: &'c mut Core<'t, 'r>,
    parts: BTreeMap<String, Part>,
    /// Names of elements that are no part of the export, where a connector tells them.
    outside: BTreeMap<String, String>,
}

/// Completes the draft by what stands in the tool's own part of the file.
pub(super) fn read(core: &mut Core<'_, '_>, blocks: &[NodeId]) {
    let tree = core.tree;
    let parts = parts(core);
    let mut extension = Extension { core, parts, outside: BTreeMap::new() };
    // Exports without the block have the ids of its types all the same.
    let mut names = BTreeMap::new();
    for &block in blocks {
        names.append(&mut extension.type_names(block));
    }
    extension.resolve_types(&names);
    for &block in blocks {
        for list in tree.children(block) {
            for entry in tree.children(list) {
                match (tree.local(list), tree.local(entry)) {
                    ("elements", "element") => extension.element(entry),
                    ("connectors", "connector") => extension.connector(entry),
                    _ => {}
                }
            }
        }
    }
    extension.name_the_outside();
}

fn parts(core: &Core<'_, '_>) -> BTreeMap<String, Part> {
    let draft = &core.drafting.draft;
    let mut parts = BTreeMap::new();
    let mut enter = |element, part| {
        if let Some(id) = &core.drafting.elements.get(element).id {
            parts.entry(id.clone()).or_insert(part);
        }
    };
    for (index, package) in draft.packages.iter().enumerate() {
        enter(package.element, Part::Package(index));
    }
    for (index, classifier) in draft.classifiers.iter().enumerate() {
        enter(classifier.element, Part::Classifier(index));
        for (number, literal) in classifier.literals.iter().enumerate() {
            enter(literal.element, Part::Literal(index, number));
        }
        for (number, operation) in classifier.operations.iter().enumerate() {
            enter(operation.element, Part::Operation(index, number));
        }
    }
    for (index, property) in draft.properties.iter().enumerate() {
        enter(property.element, Part::Property(index));
    }
    for (index, association) in draft.associations.iter().enumerate() {
        enter(association.element, Part::Association(index));
    }
    parts
}

impl Extension<'_, '_, '_> {
    /// The names of the types that users typed as text. The ids have other characters in place of the odd ones.
    fn type_names(&self, block: NodeId) -> BTreeMap<String, String> {
        let tree = self.core.tree;
        let lists = tree.children(block).filter(|&list| tree.local(list) == "primitivetypes");
        lists
            .flat_map(|list| list + 1..tree.end(list))
            .filter_map(|node| {
                Some((tree.xmi(node, "id")?.value.to_owned(), tree.plain(node, "name")?.value.to_owned()))
            })
            .collect()
    }

    fn resolve_types(&mut self, names: &BTreeMap<String, String>) {
        let draft = &mut self.core.drafting.draft;
        let parameters = draft
            .classifiers
            .iter_mut()
            .flat_map(|classifier| &mut classifier.operations)
            .flat_map(|operation| &mut operation.parameters)
            .map(|parameter| &mut parameter.ty);
        for slot in draft.properties.iter_mut().map(|property| &mut property.ty).chain(parameters) {
            let Some(Reference { target: Target::Id(id), .. }) = slot else { continue };
            if draft.ids.contains_key(id) {
                continue;
            }
            let name = names.get(id).cloned().or_else(|| typed_name(id));
            match name.as_deref().map(str::trim) {
                Some("" | "<none>" | "<undefined>" | "undefined" | "none") => *slot = None,
                Some(name) => {
                    if let Some(reference) = slot {
                        reference.target = Target::Name(name.to_owned());
                    }
                }
                None => {}
            }
        }
    }

    fn element(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref") else { return };
        let part = self.parts.get(id.value).copied();
        for child in tree.children(node) {
            match tree.local(child) {
                "properties" => {
                    self.document(part, tree.plain(child, "documentation"));
                    self.stereotype(part, tree.plain(child, "stereotype"));
                }
                "tags" => self.tags(part, child),
                "constraints" => self.constraints(part, child),
                "attributes" | "operations" => {
                    for feature in tree.children(child) {
                        self.feature(feature);
                    }
                }
                _ => {}
            }
        }
    }

    fn feature(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref") else { return };
        let part = self.parts.get(id.value).copied();
        for child in tree.children(node) {
            match tree.local(child) {
                "documentation" => self.document(part, tree.plain(child, "value")),
                "stereotype" => self.stereotype(part, tree.plain(child, "stereotype")),
                "tags" => self.tags(part, child),
                "constraints" => self.constraints(part, child),
                "properties" => self.typed(part, tree.plain(child, "type")),
                "xrefs" => {
                    let is_id = tree.plain(child, "value").is_some_and(|value| says_is_id(value.value));
                    if let Some(Part::Property(index)) = part {
                        self.core.drafting.draft.properties[index].is_id |= is_id;
                    }
                }
                _ => {}
            }
        }
    }

    /// The type of an attribute as text: the only one there is where the model part leaves it out.
    fn typed(&mut self, part: Option<Part>, written: Option<Spanned<&str>>) {
        let (Some(Part::Property(index)), Some(written)) = (part, written) else { return };
        let name = written.value.trim();
        if name.is_empty() || name.starts_with('<') {
            return;
        }
        let slot = &mut self.core.drafting.draft.properties[index].ty;
        match slot {
            None => {
                let target = Target::Name(name.to_owned());
                *slot = Some(Reference { target, span: written.span, readable: None, metaclass: None });
            }
            Some(reference) => reference.readable = Some(name.to_owned()),
        }
    }

    fn connector(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref").map(|id| id.value) else { return };
        let part = self.parts.get(id).copied();
        for child in tree.children(node) {
            match tree.local(child) {
                "documentation" => self.document(part, tree.plain(child, "value")),
                "properties" => self.stereotype(part, tree.plain(child, "stereotype")),
                "tags" => self.tags(part, child),
                "source" => self.end(child, end_id("src", id)),
                "target" => self.end(child, end_id("dst", id)),
                _ => {}
            }
        }
    }

    fn end(&mut self, node: NodeId, id: Option<String>) {
        let tree = self.core.tree;
        let part = id.and_then(|id| self.parts.get(&id).copied());
        for child in tree.children(node) {
            match tree.local(child) {
                "documentation" => self.document(part, tree.plain(child, "value")),
                "role" => self.stereotype(part, tree.plain(child, "stereotype")),
                "tags" => self.tags(part, child),
                "model" => {
                    if let (Some(id), Some(name)) = (tree.xmi(node, "idref"), tree.plain(child, "name")) {
                        self.outside.insert(id.value.to_owned(), name.value.to_owned());
                    }
                }
                _ => {}
            }
        }
    }

    /// Gives references that leave the export the name of what they lead to.
    fn name_the_outside(&mut self) {
        let draft = &mut self.core.drafting.draft;
        let ends =
            draft.associations.iter_mut().flat_map(|association| &mut association.ends).filter_map(|end| match end {
                DraftEnd::Member(reference) => Some(reference),
                DraftEnd::Owned(_) => None,
            });
        let types = draft.properties.iter_mut().filter_map(|property| property.ty.as_mut());
        let relations = draft.relations.iter_mut().flat_map(|relation| &mut relation.to);
        for reference in types.chain(relations).chain(ends) {
            if let Target::Id(id) = &reference.target
                && reference.readable.is_none()
            {
                reference.readable = self.outside.get(id).cloned();
            }
        }
    }

    fn document(&mut self, part: Option<Part>, text: Option<Spanned<&str>>) {
        let Some(text) = text.map(|text| text.map(html::plain)).filter(|text| !text.value.is_empty()) else { return };
        let draft = &mut self.core.drafting.draft;
        let slot = match part {
            Some(Part::Package(index)) => &mut draft.packages[index].documentation,
            Some(Part::Classifier(index)) => &mut draft.classifiers[index].documentation,
            Some(Part::Property(index)) => &mut draft.properties[index].documentation,
            Some(Part::Association(index)) => &mut draft.associations[index].documentation,
            Some(Part::Literal(index, number)) => &mut draft.classifiers[index].literals[number].documentation,
            Some(Part::Operation(index, number)) => &mut draft.classifiers[index].operations[number].documentation,
            None => return,
        };
        slot.get_or_insert(text);
    }

    fn extra(&mut self, part: Option<Part>) -> Option<&mut Extra> {
        let draft = &mut self.core.drafting.draft;
        Some(match part? {
            Part::Package(index) => &mut draft.packages[index].extra,
            Part::Classifier(index) => &mut draft.classifiers[index].extra,
            Part::Property(index) => &mut draft.properties[index].extra,
            Part::Association(index) => &mut draft.associations[index].extra,
            Part::Literal(index, number) => &mut draft.classifiers[index].literals[number].extra,
            Part::Operation(index, number) => &mut draft.classifiers[index].operations[number].extra,
        })
    }

    fn stereotype(&mut self, part: Option<Part>, name: Option<Spanned<&str>>) {
        let Some(name) = name.filter(|name| !name.value.trim().is_empty()) else { return };
        let Some(extra) = self.extra(part) else { return };
        if !extra.stereotypes.iter().any(|known| known.value == name.value) {
            extra.stereotypes.push(name.map(str::to_owned));
        }
    }

    fn tags(&mut self, part: Option<Part>, node: NodeId) {
        let tree = self.core.tree;
        for child in tree.children(node).filter(|&child| tree.local(child) == "tag") {
            let (Some(name), Some(written)) = (tree.plain(child, "name"), tree.plain(child, "value")) else { continue };
            // `X#NOTES#help`; of a long value only the notes are the value.
            let (value, notes) = match written.value.split_once("#NOTES#") {
                Some((value, notes)) => (value, Some(notes)),
                None => (written.value, tree.plain(child, "notes").map(|notes| notes.value)),
            };
            let value = if value == "<memo>" { notes.unwrap_or_default() } else { value };
            if value.trim().is_empty() {
                continue;
            }
            let tag = Tag {
                name: name.map(str::to_owned),
                value: Spanned::new(value.to_owned(), written.span),
                stereotype: None,
            };
            if let Some(extra) = self.extra(part) {
                extra.tags.push(tag);
            }
        }
    }

    /// Constraints without a shape of their own: the name is the expression, unless there is a description.
    fn constraints(&mut self, part: Option<Part>, node: NodeId) {
        let tree = self.core.tree;
        let draft = &self.core.drafting.draft;
        let owner = match part {
            Some(Part::Classifier(index)) => draft.classifiers[index].element,
            Some(Part::Property(index)) => draft.properties[index].element,
            _ => return,
        };
        for child in tree.children(node).filter(|&child| tree.local(child) == "constraint") {
            let Some(name) = tree.plain(child, "name").filter(|name| !name.value.trim().is_empty()) else { continue };
            let description = tree.plain(child, "description").filter(|text| !text.value.trim().is_empty());
            let body = description.unwrap_or(name).map(unescape_twice);
            let is_known = self.core.drafting.draft.constraints.iter().any(|known| {
                known.owner == Some(owner)
                    && (known.body.value == body.value
                        || known.name.as_ref().is_some_and(|known| known.value == name.value))
            });
            if is_known {
                continue;
            }
            let element = self.core.drafting.elements.enter(Seen {
                kind: ElementKind::ToolConstraint,
                span: tree.span(child),
                id: tree.attribute(child, Ns::Xmi, "id").map(|id| id.value.to_owned()),
                name: Some(name.value.to_owned()),
                owner: Some(owner),
            });
            let language = tree.plain(child, "type").filter(|kind| kind.value.eq_ignore_ascii_case("ocl"));
            self.core.drafting.draft.constraints.push(DraftConstraint {
                element,
                owner: Some(owner),
                constrained: Vec::new(),
                name: Some(name.map(str::to_owned)),
                language: language.map(|_| "OCL".to_owned()),
                body,
            });
        }
    }
}

/// `EAJava_int`, where the block that defines it is missing.
fn typed_name(id: &str) -> Option<String> {
    const LANGUAGES: &[&str] =
        &["Java", "none", "C", "CPP", "CSharp", "VBNet", "Delphi", "Oracle", "MySql", "PHP", "Python", "XML"];
    let (language, name) = id.strip_prefix("EA")?.split_once('_')?;
    (LANGUAGES.contains(&language) && !name.is_empty()).then(|| name.to_owned())
}

/// The id of an end: that of its connector with a mark in place of the first two digits.
fn end_id(mark: &str, connector: &str) -> Option<String> {
    let rest = connector.strip_prefix("EAID_")?.get(2..)?;
    Some(format!("EAID_{mark}{rest}"))
}

/// `…@NAME=isID@ENDNAME;@TYPE=Boolean@ENDTYPE;@VALU=1@ENDVALU;…`
fn says_is_id(xrefs: &str) -> bool {
    xrefs.split("@PROP=").any(|property| property.contains("@NAME=isID@") && property.contains("@VALU=1@"))
}

/// Descriptions are escaped a second time.
fn unescape_twice(text: &str) -> String {
    text.replace("&gt;", ">").replace("&lt;", "<").replace("&quot;", "\"").replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hide_in_cross_references() {
        let text = "$XREFPROP=$XID={9}$XID;$NAM=CustomProperties$NAM;$DES=@PROP=@NAME=isID@ENDNAME;@TYPE=Boolean@ENDTYPE;@VALU=";
        assert!(says_is_id(&format!("{text}1@ENDVALU;@ENDPROP;$DES;")));
        assert!(!says_is_id(&format!("{text}0@ENDVALU;@ENDPROP;@PROP=@NAME=x@ENDNAME;@VALU=1@ENDVALU;$DES;")));
    }

    #[test]
    fn ids_of_ends_follow_from_their_connector() {
        let connector = "EAID_DA356FCC_A53F_47ba_A7BA_25EA6E335610";
        assert_eq!(end_id("src", connector).as_deref(), Some("EAID_src356FCC_A53F_47ba_A7BA_25EA6E335610"));
        assert_eq!(end_id("src", "_x"), None);
        assert_eq!(typed_name("EAJava_int").as_deref(), Some("int"));
        assert_eq!(typed_name("EAID_DA356FCC"), None);
    }
}
