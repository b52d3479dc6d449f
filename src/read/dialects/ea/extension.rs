//! The extension block of Enterprise Architect: types typed as text, documentation, tags, keys, constraints.

use std::collections::BTreeMap;

use crate::read::dialects::Block;
use crate::read::parts::{Part, Parts, Subject};
use crate::read::xmi2::Core;
use crate::read::xml::NodeId;
use crate::source::Spanned;
use crate::uml::draft::{DraftDefault, DraftEnd, Reference, Target};
use crate::uml::model::DefaultKind;

struct Extension<'c, 't, 'r> {
    core: &'c mut Core<'t, 'r>,
    parts: &'c Parts,
    /// Names of elements that are no part of the export, where a connector tells them.
    outside: BTreeMap<String, String>,
}

/// Completes the draft by what stands in the tool's own part of the file.
pub(super) fn read(core: &mut Core<'_, '_>, parts: &Parts, blocks: &[Block]) {
    let tree = core.tree;
    let mut extension = Extension { core, parts, outside: BTreeMap::new() };
    // Exports without the block have the ids of its types all the same.
    let mut names = BTreeMap::new();
    for block in blocks {
        names.append(&mut extension.type_names(block.node));
    }
    extension.resolve_types(&names);
    for block in blocks {
        for list in tree.children(block.node) {
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

impl Extension<'_, '_, '_> {
    /// What the element with this id became.
    fn subject(&self, id: &str) -> Subject {
        self.parts.subject(self.core.drafting.draft.ids.get(id).copied())
    }

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
            let name = names.get(&**id).cloned().or_else(|| typed_name(id));
            match name.as_deref().map(str::trim) {
                Some("" | "<none>" | "<undefined>" | "undefined" | "none") => *slot = None,
                Some(name) => {
                    if let Some(reference) = slot {
                        reference.target = Target::Name(name.into());
                    }
                }
                None => {}
            }
        }
    }

    fn element(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref") else { return };
        let subject = self.subject(id.value);
        let is_note = tree.xmi(node, "type").is_some_and(|kind| matches!(kind.value, "uml:Note" | "uml:Text"));
        for child in tree.children(node) {
            match tree.local(child) {
                "properties" => {
                    match tree.plain(child, "documentation") {
                        // A note that the model part leaves out.
                        Some(text) if is_note && subject.element.is_none() => self.core.drafting.remark(text, None),
                        text => self.core.drafting.document(subject, text),
                    }
                    self.stereotype(subject, tree.plain(child, "stereotype"));
                    self.alias(subject, tree.plain(child, "alias"));
                }
                "attributes" | "operations" => {
                    for feature in tree.children(child) {
                        self.feature(feature);
                    }
                }
                "requirements" => {
                    for requirement in tree.children(child) {
                        let text =
                            ["description", "name"].iter().find_map(|&key| written(tree.plain(requirement, key)));
                        if let Some(text) = text {
                            self.core.drafting.remark(text, subject.element);
                        }
                    }
                }
                _ => self.shared(subject, child),
            }
        }
    }

    fn feature(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref") else { return };
        let subject = self.subject(id.value);
        for child in tree.children(node) {
            match tree.local(child) {
                "properties" => self.typed(subject, tree.plain(child, "type")),
                "initial" => self.initial(subject, tree.plain(child, "body")),
                // The alias of an attribute stands where its style once stood.
                "style" => self.alias(subject, tree.plain(child, "value")),
                "xrefs" => {
                    let is_id = tree.plain(child, "value").is_some_and(|value| says_is_id(value.value));
                    if let Some(Part::Property(index)) = subject.part {
                        self.core.drafting.draft.properties[index].is_id |= is_id;
                    }
                    self.shared(subject, child);
                }
                _ => self.shared(subject, child),
            }
        }
    }

    fn connector(&mut self, node: NodeId) {
        let tree = self.core.tree;
        let Some(id) = tree.xmi(node, "idref").map(|id| id.value) else { return };
        let subject = self.subject(id);
        for child in tree.children(node) {
            match tree.local(child) {
                "properties" => self.stereotype(subject, tree.plain(child, "stereotype")),
                "source" => self.end(child, end_id("src", id)),
                "target" => self.end(child, end_id("dst", id)),
                _ => self.shared(subject, child),
            }
        }
    }

    fn end(&mut self, node: NodeId, id: Option<String>) {
        let tree = self.core.tree;
        let subject = id.map_or_else(Subject::default, |id| self.subject(&id));
        for child in tree.children(node) {
            match tree.local(child) {
                "role" => {
                    if let Some(name) = written(tree.plain(child, "stereotype")) {
                        self.core.drafting.stereotype_again(subject, name);
                    }
                }
                "constraints" => {
                    if let Some(text) = written(tree.plain(child, "constraint")) {
                        self.core.drafting.constrain(subject, text.span, text, None, text.map(str::to_owned));
                    }
                    self.shared(subject, child);
                }
                "model" => {
                    if let (Some(id), Some(name)) = (tree.xmi(node, "idref"), tree.plain(child, "name")) {
                        self.outside.insert(id.value.to_owned(), name.value.to_owned());
                    }
                }
                _ => self.shared(subject, child),
            }
        }
    }

    /// What entries of all kinds hold.
    fn shared(&mut self, subject: Subject, node: NodeId) {
        let tree = self.core.tree;
        match tree.local(node) {
            "documentation" | "behaviour" => self.core.drafting.document(subject, tree.plain(node, "value")),
            "stereotype" => self.stereotype(subject, tree.plain(node, "stereotype")),
            "xrefs" => {
                let Some(text) = tree.plain(node, "value") else { return };
                for name in stereotypes(text.value) {
                    self.core.drafting.stereotype_again(subject, text.map(|_| name));
                }
            }
            "tags" => self.tags(subject, node),
            // Those of attributes are capital.
            "constraints" | "Constraints" => self.constraints(subject, node),
            _ => {}
        }
    }

    fn stereotype(&mut self, subject: Subject, name: Option<Spanned<&str>>) {
        if let Some(name) = written(name) {
            self.core.drafting.stereotype(subject, name);
        }
    }

    /// A second name.
    fn alias(&mut self, subject: Subject, alias: Option<Spanned<&str>>) {
        if let Some(alias) = written(alias) {
            self.core.drafting.alias(subject, alias);
        }
    }

    /// The type of an attribute as text: the only one there is where the model part leaves it out.
    fn typed(&mut self, subject: Subject, text: Option<Spanned<&str>>) {
        let (Some(Part::Property(index)), Some(text)) = (subject.part, text) else { return };
        let name = text.value.trim();
        if name.is_empty() || name.starts_with('<') {
            return;
        }
        let slot = &mut self.core.drafting.draft.properties[index].ty;
        match slot {
            None => {
                let target = Target::Name(name.into());
                *slot = Some(Reference::new(target, text.span));
            }
            Some(reference) => reference.readable = Some(name.into()),
        }
    }

    /// The initial value of an attribute, where the model part leaves it out.
    fn initial(&mut self, subject: Subject, text: Option<Spanned<&str>>) {
        let Some(text) = written(text).map(|text| text.map(str::to_owned)) else { return };
        let draft = &mut self.core.drafting.draft;
        match subject.part {
            Some(Part::Property(index)) => {
                let literal = DraftDefault { kind: DefaultKind::Literal, text, instance: None };
                draft.properties[index].default.get_or_insert(Box::new(literal));
            }
            Some(Part::Literal(index, number)) => {
                draft.classifiers[index].literals[number].value.get_or_insert(text);
            }
            _ => {}
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
                reference.readable = self.outside.get(&**id).map(|name| name.as_str().into());
            }
        }
    }

    fn tags(&mut self, subject: Subject, node: NodeId) {
        let tree = self.core.tree;
        for child in tree.children(node).filter(|&child| tree.local(child) == "tag") {
            let Some(name) = tree.plain(child, "name") else { continue };
            let value = tree.plain(child, "value").map(|text| {
                // `X#NOTES#help`; of a long value only the notes are the value.
                let parts = text.value.split_once("#NOTES#").or_else(|| text.value.split_once("$ea_notes="));
                let (value, notes) = match parts {
                    Some((value, notes)) => (value, Some(notes)),
                    None => (text.value, tree.plain(child, "notes").map(|notes| notes.value)),
                };
                let value = if value == "<memo>" { notes.unwrap_or_default() } else { value };
                Spanned::new(value.to_owned(), text.span)
            });
            self.core.drafting.tag(subject, name, value, None);
        }
    }

    /// Constraints without a shape of their own: the name is the expression, unless there is a description.
    fn constraints(&mut self, subject: Subject, node: NodeId) {
        let tree = self.core.tree;
        for child in tree.children(node).filter(|&child| tree.local(child).eq_ignore_ascii_case("constraint")) {
            let Some(name) = written(tree.plain(child, "name")) else { continue };
            let description = ["description", "notes"].iter().find_map(|&key| written(tree.plain(child, key)));
            let body = description.unwrap_or(name).map(unescape_twice);
            let is_ocl = tree.plain(child, "type").is_some_and(|kind| kind.value.eq_ignore_ascii_case("ocl"));
            self.core.drafting.constrain(subject, tree.span(child), name, is_ocl.then_some("OCL"), body);
        }
    }
}

/// A text if it says something.
fn written(text: Option<Spanned<&str>>) -> Option<Spanned<&str>> {
    text.filter(|text| !text.value.trim().is_empty())
}

/// `…@STEREO;Name=FeatureType;FQName=GML::FeatureType;@ENDSTEREO;…`, once for each stereotype.
fn stereotypes(xrefs: &str) -> impl Iterator<Item = &str> {
    xrefs.split("@STEREO;").skip(1).filter_map(|entry| {
        let name = entry.strip_prefix("Name=")?.split(';').next()?;
        (!name.is_empty()).then_some(name)
    })
}

/// `EAJava_int`, where the block that defines it is missing.
fn typed_name(id: &str) -> Option<String> {
    let (language, name) = id.strip_prefix("EA")?.split_once('_')?;
    // Elements and packages have ids of the same form.
    (!matches!(language, "" | "ID" | "PK") && !name.is_empty()).then(|| name.to_owned())
}

/// The id of an end: that of its connector with a mark in place of the first two digits.
fn end_id(mark: &str, connector: &str) -> Option<String> {
    let rest = connector.strip_prefix("EAID_")?.get(2..)?;
    Some(format!("EAID_{mark}{rest}"))
}

/// `…@NAME=isID@ENDNAME;@TYPE=Boolean@ENDTYPE;@VALU=1@ENDVALU;…`
pub(in crate::read::dialects) fn says_is_id(xrefs: &str) -> bool {
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
    fn stereotypes_hide_there_too() {
        let text = "$XREFPROP=$NAM=Stereotypes$NAM;$DES=@STEREO;Name=table;FQName=EAUML::table;@ENDSTEREO;@STEREO;Name=core;@ENDSTEREO;$DES;";
        assert_eq!(stereotypes(text).collect::<Vec<_>>(), ["table", "core"]);
    }

    #[test]
    fn ids_of_ends_follow_from_their_connector() {
        let connector = "EAID_DA356FCC_A53F_47ba_A7BA_25EA6E335610";
        assert_eq!(end_id("src", connector).as_deref(), Some("EAID_src356FCC_A53F_47ba_A7BA_25EA6E335610"));
        assert_eq!(end_id("src", "_x"), None);
        assert_eq!(typed_name("EAJava_int").as_deref(), Some("int"));
        assert_eq!(typed_name("EASQLServer2008_varchar").as_deref(), Some("varchar"));
        assert_eq!(typed_name("EAID_DA356FCC"), None);
    }
}
