//! Annotations: documentation, constraints, and what people and other tools keep in them.

use thin_vec::ThinVec;

use super::Reader;
use crate::account::ElementKind;
use crate::read::drafting::Met;
use crate::read::html;
use crate::read::xml::NodeId;
use crate::source::{Span, Spanned};
use crate::uml::draft::{DraftConstraint, Extra, Reference};
use crate::uml::model::{ConstraintRole, Tag};

/// What the annotations of an element say.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) documentation: Option<Box<Spanned<String>>>,
    pub(super) extra: Extra,
    /// Names and expressions.
    pub(super) constraints: Vec<(Spanned<String>, Spanned<String>)>,
    /// The type of XML Schema that a data type restricts.
    pub(super) base: Option<Spanned<String>>,
    pub(super) subsets: ThinVec<Reference>,
    pub(super) redefines: ThinVec<Reference>,
}

/// What XML Schema restricts values with.
const FACETS: &[&str] = &[
    "pattern",
    "length",
    "minLength",
    "maxLength",
    "totalDigits",
    "fractionDigits",
    "minInclusive",
    "maxInclusive",
    "minExclusive",
    "maxExclusive",
];

impl Reader<'_, '_> {
    pub(super) fn annotations(&self, node: NodeId) -> Said {
        let tree = self.tree;
        let mut said = Said::default();
        let mut listed: Vec<Spanned<String>> = Vec::new();
        for annotation in tree.children(node).filter(|&child| tree.local(child) == "eAnnotations") {
            let source = tree.plain(annotation, "source").map_or("", |source| source.value);
            match source {
                "subsets" => said.subsets.extend(self.references(annotation, "references")),
                "redefines" => said.redefines.extend(self.references(annotation, "references")),
                _ if !source.contains(['/', ':']) && !source.is_empty() => {
                    let span = tree.plain(annotation, "source").map_or(tree.tag_span(annotation), |source| source.span);
                    said.extra.stereotypes.push(Spanned::new(source.to_owned(), span));
                }
                _ => {}
            }
            for detail in tree.children(annotation).filter(|&child| tree.local(child) == "details") {
                let (Some(key), Some(value)) = (tree.plain(detail, "key"), self.detail(detail)) else { continue };
                let stereotype = match source.rsplit('/').next().unwrap_or_default() {
                    "GenModel" => {
                        if key.value == "documentation" {
                            let text = value.map(html::plain);
                            said.documentation = (!text.value.is_empty()).then(|| Box::new(text));
                        }
                        continue;
                    }
                    "OCL" | "Pivot" | "LPG" => {
                        let body = value.map(|body| body.trim().to_owned());
                        said.constraints.push((key.map(str::to_owned), body));
                        continue;
                    }
                    // Constraints that are written in another language elsewhere, or in annotations of their own.
                    "Ecore" if key.value == "constraints" => {
                        let names = value.value.split_whitespace();
                        listed.extend(names.map(|name| Spanned::new(name.to_owned(), value.span)));
                        continue;
                    }
                    "ExtendedMetaData" if key.value == "baseType" => {
                        said.base = Some(value.map(|base| base.rsplit('#').next().unwrap_or_default().to_owned()));
                        continue;
                    }
                    "ExtendedMetaData" if FACETS.contains(&key.value) => None,
                    name if !source.contains(['/', ':']) => Some(name.to_owned()),
                    _ => continue,
                };
                said.extra.tags.push(Tag { name: key.map(str::to_owned), value: value.map(str::to_owned), stereotype });
            }
        }
        for name in listed {
            if !said.constraints.iter().any(|(known, _)| known.value == name.value) {
                let body = Spanned::new(String::new(), name.span.at_start());
                said.constraints.push((name, body));
            }
        }
        said
    }

    /// The value of a detail, which may stand in it.
    fn detail(&self, detail: NodeId) -> Option<Spanned<&str>> {
        let tree = self.tree;
        let child = || tree.children(detail).find(|&child| tree.local(child) == "value");
        tree.plain(detail, "value").or_else(|| tree.text(child()?))
    }

    /// Enters the constraints of the element that was opened last.
    pub(super) fn constraints(&mut self, constraints: Vec<(Spanned<String>, Spanned<String>)>) {
        let Some(owner) = self.scopes.last().map(|scope| scope.element) else { return };
        for (name, body) in constraints {
            let span = Span { start: name.span.start, ..name.span };
            let kind = ElementKind::Constraint;
            let element = self.drafting.pass(Met { kind, span, id: None, name: Some(&name.value), owner: Some(owner) });
            self.drafting.draft.constraints.push(DraftConstraint {
                element,
                owner: Some(owner),
                constrained: Vec::new(),
                role: role(&name.value),
                name: Some(name.map(Into::into)),
                language: Some("OCL".to_owned()).filter(|_| !body.value.is_empty()),
                body,
            });
        }
    }
}

/// What a detail of an OCL annotation says, by its key (Eclipse OCL's delegates).
fn role(key: &str) -> ConstraintRole {
    match key {
        "derivation" => ConstraintRole::Derivation,
        "initial" | "init" => ConstraintRole::Initial,
        "body" => ConstraintRole::Body,
        "pre" => ConstraintRole::Before,
        "post" => ConstraintRole::After,
        key if key.starts_with("pre_") => ConstraintRole::Before,
        key if key.starts_with("post_") => ConstraintRole::After,
        _ => ConstraintRole::Invariant,
    }
}
