//! Associations: their ends, navigability, and on which side the diamonds stand.

use std::collections::BTreeSet;

use thin_vec::ThinVec;

use super::census::Causes;
use super::index::{Found, Index, Known};
use crate::account::{Element, ElementKind, Elements, Fate};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::uml::Model;
use crate::uml::draft::{Draft, DraftAssociation, DraftEnd, Navigability};
use crate::uml::model::{Aggregation, Association, Property, PropertyOwner, Type};
use crate::util::arena::Id;

/// Which associations of the drafts are in the model.
pub(super) type Kept = Vec<Option<Id<Association>>>;

/// Builds all usable associations.
pub(super) fn link<'d>(
    index: &Index<'d>,
    causes: &Causes<'d>,
    model: &mut Model,
    elements: &mut Elements,
    report: &mut Report,
) -> Kept {
    let claimed = claims(index);
    let mut kept: Kept = Vec::new();
    // Ends that belong to an association which is not usable.
    let mut dropped: Vec<Id<Property>> = Vec::new();
    for (number, draft) in index.drafts.iter().enumerate() {
        let seconds: BTreeSet<Element> = draft.duplicates.iter().map(|&(second, _)| second).collect();
        for association in &draft.associations {
            let global = kept.len();
            let mut ends = Ends::of(index, number, association, causes, elements, report);
            if ends.properties.len() < 2 {
                let first = claimed.partition_point(|(claimed, _)| *claimed < global);
                let more = claimed[first..].iter().take_while(|(claimed, _)| *claimed == global);
                for &(_, property) in more {
                    ends.push(property);
                }
            }
            // A property is an end of one association only; the first keeps it.
            ends.properties.retain(|&end| model.properties[end].association.is_none());
            let fault = fault(index, model, &ends);
            let is_reported = ends.is_reported;
            let ends = ends.properties;
            if fault != Fault::None {
                let is_second = seconds.contains(&association.element);
                if let Fault::Told(fault) = fault
                    && !is_second
                {
                    report.add(incomplete(association, fault, model, &ends, elements));
                }
                settle(association, &ends, fault, is_reported, model, elements);
                dropped.extend(ends);
                kept.push(None);
                continue;
            }
            let (package, _) = index.place(number, association.owner);
            let class = association.class.map(|class| Id::new(index.offsets(number).classifiers + class));
            let id = model.associations.push(Association {
                element: association.element,
                name: association.name.clone(),
                package,
                ends: ends.clone(),
                class,
                is_derived: association.is_derived,
                constraints: ThinVec::new(),
                documentation: association.documentation.clone(),
                marks: super::build::marks(&association.extra),
                span: association.span,
            });
            if let Some(class) = class {
                model.classifiers[class].association = Some(id);
            }
            navigability(index, number, association, model, &ends);
            for &end in &ends {
                let property = &mut model.properties[end];
                property.association = Some(id);
                elements.get_mut(property.element).kind = ElementKind::End;
                if matches!(property.owner, PropertyOwner::Association(_)) {
                    property.owner = PropertyOwner::Association(id);
                }
            }
            kept.push(Some(id));
        }
    }
    // An end without its association would be built as an attribute, which nobody drew.
    dropped.extend(claims_of_lost(index));
    dropped.sort_unstable();
    for classifier in model.classifiers.values_mut() {
        let properties = &model.properties;
        classifier.attributes.retain(|&attribute| {
            properties[attribute].association.is_some() || dropped.binary_search(&attribute).is_err()
        });
    }
    for (number, draft) in index.drafts.iter().enumerate() {
        sides(index, number, draft, model, report);
    }
    kept
}

/// Properties that say to be an end of an association, with the association's number, sorted by that.
fn claims(index: &Index<'_>) -> Vec<(usize, Id<Property>)> {
    let mut claims = Vec::new();
    for property in index.properties() {
        if let Some(Found::Element(element)) = index.leads(property).association
            && let Some(association) = index.known(element).and_then(|known| index.association(known))
        {
            claims.push((association, property));
        }
    }
    claims.sort_unstable();
    claims
}

/// Properties that say to be an end of an association which is not there; that, or their lost type, was reported.
fn claims_of_lost(index: &Index<'_>) -> Vec<Id<Property>> {
    index.properties().filter(|&it| matches!(index.leads(it).association, Some(Found::Missing(_)))).collect()
}

/// The ends of an association.
#[derive(Debug, Default)]
struct Ends {
    /// In the order in which they are first mentioned.
    properties: Vec<Id<Property>>,
    seen: BTreeSet<Id<Property>>,
    /// One leads nowhere or to the wrong thing, which was reported.
    is_reported: bool,
    /// One belongs to something that is no part of class diagrams: an instance, a stereotype.
    is_foreign: bool,
}

impl Ends {
    fn of<'d>(
        index: &Index<'d>,
        draft: usize,
        association: &'d DraftAssociation,
        causes: &Causes<'d>,
        elements: &Elements,
        report: &mut Report,
    ) -> Self {
        let mut ends = Self::default();
        for end in &association.ends {
            match end {
                DraftEnd::Owned(property) => ends.push(Id::new(index.offsets(draft).properties + property)),
                DraftEnd::Member(reference) => match index.find(draft, reference) {
                    Found::Element(element) => match index.known(element) {
                        Some(Known::Property(property)) => ends.push(property),
                        Some(_) => {
                            let seen = elements.get(element);
                            let path = elements.path(association.element);
                            let message =
                                format!("`memberEnd` of association `{path}` refers to {}", super::a(seen.kind));
                            report.add(
                                Diagnostic::new(&codes::U0302, message)
                                    .about(association.element)
                                    .here(reference.span, "an association end is a property")
                                    .because(seen.span, "this is no property"),
                            );
                            ends.is_reported = true;
                        }
                        None => ends.is_foreign = true,
                    },
                    Found::Missing(cause) => ends.is_reported |= causes.reported(&cause).is_some(),
                    Found::Named(_) => ends.is_foreign = true,
                },
            }
        }
        ends
    }

    fn push(&mut self, property: Id<Property>) {
        if self.seen.insert(property) {
            self.properties.push(property);
        }
    }
}

/// Why an association is not usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// It is to be told.
    Told(&'static str),
    /// It was told already, or there is nothing to tell.
    Silent,
}

fn fault(index: &Index<'_>, model: &Model, ends: &Ends) -> Fault {
    let types = |wanted: fn(&Type) -> bool| ends.properties.iter().any(|&end| wanted(&model.properties[end].ty));
    // Between instances, use cases and the like.
    let leads_out = ends.properties.iter().any(|&end| index.leads_out(end));
    if ends.is_reported || ends.is_foreign || leads_out || types(|ty| matches!(ty, Type::Unknown(_))) {
        return Fault::Silent;
    }
    match ends.properties.len() {
        0 => Fault::Told("has no end"),
        1 => Fault::Told("has one end"),
        _ if types(|ty| matches!(ty, Type::Absent)) => Fault::Told("has an end that leads to no class"),
        _ => Fault::None,
    }
}

/// Notes what became of an association that is not usable, and of its ends.
fn settle(
    association: &DraftAssociation,
    ends: &[Id<Property>],
    fault: Fault,
    is_reported: bool,
    model: &Model,
    elements: &mut Elements,
) {
    let parts: Vec<Element> =
        ends.iter().map(|&end| model.properties[end].element).chain([association.element]).collect();
    let told = parts.iter().find_map(|&part| elements.get(part).fate.filter(|fate| matches!(fate, Fate::Diagnosed(_))));
    let fate = told.unwrap_or(match fault {
        Fault::Silent if is_reported => Fate::Diagnosed(&codes::U0302),
        Fault::Silent => Fate::Ignored,
        Fault::None | Fault::Told(_) => Fate::Diagnosed(&codes::U0601),
    });
    for part in parts {
        elements.get_mut(part).fate.get_or_insert(fate);
    }
}

fn incomplete(
    association: &DraftAssociation,
    fault: &str,
    model: &Model,
    ends: &[Id<Property>],
    elements: &Elements,
) -> Diagnostic {
    let path = elements.path(association.element);
    let mut diagnostic = Diagnostic::new(&codes::U0601, format!("association `{path}` {fault}"))
        .about(association.element)
        .here(association.span, "this association is left out")
        .help("draw it again between two classes, or delete it");
    if let Some(&end) = ends.iter().find(|&&end| ends.len() < 2 || matches!(model.properties[end].ty, Type::Absent)) {
        diagnostic = diagnostic.because(model.properties[end].span, "this end");
    }
    diagnostic
}

fn navigability<'d>(
    index: &Index<'d>,
    number: usize,
    association: &'d DraftAssociation,
    model: &mut Model,
    ends: &[Id<Property>],
) {
    let draft = &index.drafts[number];
    let listed: BTreeSet<Element> = association
        .navigable_ends
        .iter()
        .filter_map(|reference| match index.find(number, reference) {
            Found::Element(element) => Some(element),
            _ => None,
        })
        .collect();
    let first = index.offsets(number).properties;
    let told: Vec<Option<bool>> = ends
        .iter()
        .map(|&end| {
            let property = &model.properties[end];
            // The tool's own flag, where there is one; the end may stand in another document.
            let flag = end.index().checked_sub(first).and_then(|place| draft.properties.get(place)?.navigable);
            flag.or_else(|| {
                let is_owned = matches!(property.owner, PropertyOwner::Classifier(_));
                Some(is_owned || listed.contains(&property.element))
            })
        })
        .collect();
    let has_arrow = told.contains(&Some(true));
    for (&end, told) in ends.iter().zip(told) {
        model.properties[end].navigable = match draft.navigability {
            Navigability::Written => told,
            Navigability::UnspecifiedWithoutArrow => told.filter(|_| has_arrow),
            Navigability::Unspecified => None,
        };
    }
}

/// The diamonds of a file stand at the part's end, as UML 2 has it, unless its own multiplicities say otherwise: a part has
/// at most one whole.
fn sides(index: &Index<'_>, number: usize, draft: &Draft, model: &mut Model, report: &mut Report) {
    let source = draft.source;
    let mut marked: Vec<(Id<Property>, Id<Property>)> = Vec::new();
    let (mut fits, mut inverted) = (0_usize, 0_usize);
    for association in model.associations.values().filter(|association| association.span.source == source) {
        let [a, b] = association.ends[..] else { continue };
        let is_marked = |end: Id<Property>| model.properties[end].aggregation.value != Aggregation::None;
        let (part, whole) = match (is_marked(a), is_marked(b)) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            _ => continue,
        };
        marked.push((part, whole));
        // A shared whole may be many; only where the tool is known to turn diamonds does it count.
        if model.properties[part].aggregation.value != Aggregation::Composite && !draft.inverted_aggregation {
            continue;
        }
        let is_many = |end: Id<Property>| model.properties[end].multiplicity.is_some_and(|m| m.value.is_many());
        match (is_many(part), is_many(whole)) {
            (true, false) => fits += 1,
            (false, true) => inverted += 1,
            _ => {}
        }
    }
    let is_inverted = inverted > fits && (inverted > 1 || draft.inverted_aggregation);
    if !is_inverted {
        return;
    }
    let total = fits + inverted;
    let Some(&(first, _)) = marked.first() else { return };
    report.add(
        Diagnostic::new(
            &codes::U0609,
            format!("{inverted} of {total} diamonds of `{}` stand on the whole's end; all are read so", index.drafts[number].file),
        )
        .here(model.properties[first].aggregation.span, "the first of them")
        .note("UML 2 puts the mark on the end at the part; the multiplicities of this file only make sense the other way round"),
    );
    for (part, whole) in marked {
        let swapped = model.properties[part].aggregation;
        model.properties[part].aggregation.value = model.properties[whole].aggregation.value;
        model.properties[whole].aggregation = swapped;
    }
}
