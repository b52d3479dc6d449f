//! References that lead nowhere and on which nothing that is built depends: they are told, and that is all.

use std::collections::BTreeMap;

use super::built_in::is_built_in;
use super::census::Causes;
use super::index::{Cause, Found, Index};
use crate::account::{Element, ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::source::Span;
use crate::uml::draft::{Draft, Reference, RelationKind, RelationStart};

/// Reports them, each missing target once, unless it was told already.
pub(super) fn details<'d>(index: &Index<'d>, causes: &Causes<'d>, elements: &Elements, report: &mut Report) {
    let mut lost: BTreeMap<Cause<'_>, Vec<(Span, Element)>> = BTreeMap::new();
    for (number, draft) in index.drafts.iter().enumerate() {
        for (reference, subject) in references(draft) {
            if let Found::Missing(cause) = index.find(number, reference)
                && causes.reported(&cause).is_none()
            {
                lost.entry(cause).or_default().push((reference.span, subject));
            }
        }
    }
    for relation in index.drafts.iter().flat_map(|draft| &draft.relations) {
        let what = match relation.kind {
            RelationKind::Generalization => "a general class",
            _ => "a target",
        };
        if relation.to.is_empty() {
            let seen = elements.get(relation.element);
            let message =
                format!("{} `{}` is written without {what}", seen.kind.word(), elements.path(relation.element));
            let diagnostic = Diagnostic::new(&codes::U0307, message).about(relation.element);
            report.add(diagnostic.here(seen.span, "it leads nowhere"));
        }
    }
    for constraint in index.drafts.iter().flat_map(|draft| &draft.constraints) {
        let owner = constraint.owner.map(|owner| elements.get(owner).kind);
        let is_free = matches!(owner, None | Some(ElementKind::Package | ElementKind::Model | ElementKind::Profile));
        if is_free && constraint.constrained.is_empty() {
            let path = elements.path(constraint.element);
            let diagnostic =
                Diagnostic::new(&codes::U0307, format!("constraint `{path}` does not say what it constrains"));
            report.add(
                diagnostic.about(constraint.element).here(elements.get(constraint.element).span, "this constraint"),
            );
        }
    }
    for (cause, mut found) in lost {
        found.sort_unstable();
        let Some(&(place, first)) = found.first() else { continue };
        let diagnostic = match &cause {
            Cause::Id(draft, _) if index.drafts[*draft].cut_off.is_some() => continue,
            Cause::Id(draft, id) => {
                let kind = elements.get(first).kind.word();
                let path = elements.path(first);
                let message = format!("{kind} `{path}` refers to an element that is not in the model");
                Diagnostic::new(&codes::U0307, message)
                    .here(place, "no element has this id")
                    .cause(format!("{draft}#{id}"))
            }
            // Nobody can give those.
            Cause::Document(document) if is_built_in(document) => continue,
            Cause::Document(document) => {
                let message = match found.len() {
                    1 => format!("1 detail refers to `{document}`, which was not given"),
                    count => format!("{count} details refer to `{document}`, which was not given"),
                };
                Diagnostic::new(&codes::U0307, message).here(place, "the first of them").cause(*document)
            }
        };
        let mut diagnostic = diagnostic.about(first);
        diagnostic.others = found.iter().skip(1).map(|&(_, subject)| subject).collect();
        report.add(diagnostic);
    }
}

/// The references of which only text would come, with what they belong to.
fn references(draft: &Draft) -> impl Iterator<Item = (&Reference, Element)> {
    let fragments = draft
        .fragments
        .iter()
        .filter_map(|fragment| Some((&fragment.part, draft.packages.get(fragment.package)?.element)));
    let comments = draft
        .comments
        .iter()
        .flat_map(|comment| comment.annotated.iter().map(|reference| (reference, comment.element)));
    let constraints = draft
        .constraints
        .iter()
        .flat_map(|constraint| constraint.constrained.iter().map(|reference| (reference, constraint.element)));
    let relations = draft.relations.iter().flat_map(|relation| {
        let starts = relation.from.iter().filter_map(|start| match start {
            RelationStart::Named(reference) => Some(reference),
            RelationStart::Owner(_) => None,
        });
        starts.chain(&relation.to).map(|reference| (reference, relation.element))
    });
    let parameters = draft.classifiers.iter().flat_map(|classifier| &classifier.operations).flat_map(|operation| {
        let types = operation.parameters.iter().filter_map(|parameter| parameter.ty.as_ref());
        types.map(|reference| (reference, operation.element))
    });
    let properties = draft.properties.iter().flat_map(|property| {
        let instance = property.default.iter().filter_map(|default| default.instance.as_ref());
        property
            .redefines
            .iter()
            .chain(&property.subsets)
            .chain(instance)
            .map(|reference| (reference, property.element))
    });
    let associations = draft
        .associations
        .iter()
        .flat_map(|association| association.navigable_ends.iter().map(|reference| (reference, association.element)));
    let sets = draft
        .generalization_sets
        .iter()
        .flat_map(|set| set.power_type.iter().chain(&set.generalizations).map(|reference| (reference, set.element)));
    let in_sets = draft.in_sets.iter().flat_map(|member| {
        member.sets.iter().chain(&member.power_type).map(|reference| (reference, member.generalization))
    });
    fragments
        .chain(sets)
        .chain(in_sets)
        .chain(comments)
        .chain(constraints)
        .chain(relations)
        .chain(parameters)
        .chain(properties)
        .chain(associations)
}
