//! [`Draft`]s to [`Model`] and [`RelationGraph`]: every reference becomes an id, or it is reported.

mod associations;
mod attach;
mod build;
mod built_in;
mod census;
mod details;
mod documents;
mod fragments;
mod generalization_sets;
mod groups;
mod helpers;
mod index;
mod libraries;
mod names;
mod profiles;
mod relations;
mod strays;
mod templates;

pub use documents::missing_documents;
pub use groups::{report_strangers, sort_roots_first};

use std::collections::BTreeSet;

use crate::account::{Element, ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::graph::RelationGraph;
use crate::settings::Settings;
use crate::uml::Model;
use crate::uml::draft::Draft;
use crate::uml::model::ClassifierKind;

/// Links drafts to one model. What leads nowhere is reported once for each cause and left out, or has an unknown type.
// The drafts end here: nothing after the model may look at them.
#[expect(clippy::needless_pass_by_value)]
pub fn link(
    drafts: Vec<Draft>,
    settings: &Settings,
    elements: &mut Elements,
    report: &mut Report,
) -> (Model, RelationGraph) {
    let index = index::Index::new(&drafts, settings);
    duplicates(&drafts, elements, report);
    let causes = census::census(&index, elements, report);
    details::details(&index, &causes, elements, report);
    let mut model = build::build(&index, &causes, elements, report);
    fragments::place(&index, &mut model);
    let kept = associations::link(&index, &causes, &mut model, elements, report);
    relations::link(&index, &mut model, elements, report);
    generalization_sets::link(&index, &mut model, elements);
    attach::attach(&index, &kept, &mut model, elements, report);
    templates::bind(&index, &mut model, elements, report);
    libraries::mark(&mut model, report);
    names::rebind(&index, &mut model, elements, report);
    names::know_ends(&model, elements);
    helpers::add(&mut model, elements);
    strays::report(&model, elements, report);
    let graph = relations::graph(&model);
    (model, graph)
}

/// Ids that are given twice: an error only if something refers to them.
fn duplicates(drafts: &[Draft], elements: &Elements, report: &mut Report) {
    for draft in drafts {
        let used = if draft.duplicates.is_empty() { Vec::new() } else { used_ids(draft) };
        let seconds: BTreeSet<Element> = draft.duplicates.iter().map(|&(second, _)| second).collect();
        for &(second, first) in &draft.duplicates {
            let seen = elements.get(second);
            let Some(id) = elements.id(second) else { continue };
            // What was exported twice as a whole is told once.
            let is_inner = seen.owner.is_some_and(|owner| seconds.contains(&owner));
            if is_inner {
                continue;
            }
            let is_used = used.binary_search(&id).is_ok();
            let mut diagnostic = Diagnostic::new(&codes::U0205, format!("two elements have the id `{id}`"))
                .about(second)
                .here(seen.span, "the second")
                .because(elements.get(first).span, "the first; references lead to it")
                .cause(format!("{}#{id}", draft.source.index()));
            if !is_used {
                diagnostic.level = crate::diagnostic::Level::Warning;
            }
            report.add(diagnostic);
        }
    }
}

/// The word for a kind of classifiers.
fn word(kind: ClassifierKind) -> &'static str {
    match kind {
        ClassifierKind::Class => "class",
        ClassifierKind::AssociationClass => "association class",
        ClassifierKind::Interface => "interface",
        ClassifierKind::DataType => "data type",
        ClassifierKind::PrimitiveType => "primitive type",
        ClassifierKind::Enumeration => "enumeration",
        ClassifierKind::Signal | ClassifierKind::Actor | ClassifierKind::Component | ClassifierKind::Node => {
            "classifier"
        }
    }
}

/// A kind of elements with its article.
fn a(kind: ElementKind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// The ids that something in the draft refers to, sorted.
fn used_ids(draft: &Draft) -> Vec<&str> {
    let mut used: Vec<&str> = build::all_references(draft)
        .filter_map(|reference| match &reference.target {
            crate::uml::draft::Target::Id(id) => Some(&**id),
            _ => None,
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    used
}

#[cfg(test)]
mod tests;
