//! Notes: the tool keeps them in the diagrams only, with lines to the views of what they are about.

use std::collections::BTreeMap;

use super::{Reader, tree_reference};
use crate::account::ElementKind;
use crate::read::drafting::Met;
use crate::read::html;
use crate::uml::draft::{DraftComment, Reference, Target};

impl Reader<'_, '_> {
    pub(super) fn notes(&mut self) {
        let tree = self.tree;
        // What the views show, and between which views there are lines.
        let mut shown: BTreeMap<&str, &str> = BTreeMap::new();
        let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut notes = Vec::new();
        let mut diagram = (0, false);
        for node in 0..tree.len() {
            let Some((ty, _, id)) = self.typed(node) else { continue };
            if ty.ends_with("Diagram") && tree.member(node, "ownedViews").is_some() {
                diagram = (tree.end(node), matches!(ty, "UMLClassDiagram" | "UMLPackageDiagram"));
            } else if matches!(ty, "UMLNoteView" | "UMLTextView") && node < diagram.0 && diagram.1 {
                notes.push((node, id));
            } else if ty == "UMLNoteLinkView" {
                let end = |key| tree_reference(tree, node, key).map(|id| id.value);
                if let (Some(head), Some(tail)) = (end("head"), end("tail")) {
                    lines.entry(head).or_default().push(tail);
                    lines.entry(tail).or_default().push(head);
                }
            } else if let Some(model) = tree_reference(tree, node, "model")
                && ty.ends_with("View")
            {
                shown.insert(id, model.value);
            }
        }
        for (node, id) in notes {
            let Some(text) = tree.string(node, "text") else { continue };
            let body = text.map(html::plain);
            if body.value.is_empty() {
                continue;
            }
            let met = Met { kind: ElementKind::Comment, span: self.tag(node), id: None, name: None, owner: None };
            let element = self.drafting.enter(met);
            let views = lines.get(id).into_iter().flatten();
            let annotated = views
                .filter_map(|view| shown.get(view))
                .map(|model| Reference::new(Target::Id((*model).into()), text.span));
            let annotated = annotated.collect();
            self.drafting.draft.comments.push(DraftComment { element, owner: None, annotated, body });
        }
    }
}
