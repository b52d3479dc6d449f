//! Generalization sets, and the discriminators that UML 1 had in their place.

use std::collections::BTreeMap;

use super::index::{Found, Index, Known};
use crate::account::{Element, Elements, Fate};
use crate::source::Name;
use crate::uml::Model;
use crate::uml::draft::Reference;
use crate::uml::model::{Classifier, GeneralizationSet};
use crate::util::arena::Id;

/// The special and the general class of each generalization, and its place in the order of the model.
type Generalizations = BTreeMap<Element, (usize, Id<Classifier>, Id<Classifier>)>;

/// A discriminator with its generalizations and its power type.
type Named<'d> = (Option<&'d Name>, Vec<Element>, Option<Id<Classifier>>);

/// Enters all sets. A set whose generalizations lead to several classes is one for each of them.
pub(super) fn link(index: &Index<'_>, model: &mut Model, elements: &mut Elements) {
    let mut known = Generalizations::new();
    for (special, classifier) in model.classifiers.iter() {
        for relation in &classifier.generalizations {
            known.insert(relation.element, (known.len(), special, relation.general));
        }
    }
    let mut sets = Vec::new();
    for (number, draft) in index.drafts.iter().enumerate() {
        let find = |reference: &Reference| match index.find(number, reference) {
            Found::Element(element) => Some(element),
            _ => None,
        };
        let classifier = |references: &[Reference]| {
            references.iter().filter_map(find).find_map(|element| match index.known(element) {
                Some(Known::Classifier(class)) => Some(class),
                _ => None,
            })
        };
        let mut members: BTreeMap<Element, Vec<Element>> = BTreeMap::new();
        for member in &draft.in_sets {
            for set in member.sets.iter().filter_map(find) {
                members.entry(set).or_default().push(member.generalization);
            }
        }
        for set in &draft.generalization_sets {
            elements.get_mut(set.element).fate.get_or_insert(Fate::Ignored);
            let mut generalizations: Vec<Element> = set.generalizations.iter().filter_map(find).collect();
            generalizations.extend(members.get(&set.element).into_iter().flatten());
            for (general, specials) in divided(&known, generalizations) {
                sets.push(GeneralizationSet {
                    element: set.element,
                    name: set.name.clone(),
                    general,
                    specials,
                    is_covering: set.is_covering,
                    is_disjoint: set.is_disjoint,
                    power_type: classifier(&set.power_type),
                    span: set.span,
                });
            }
        }
        // One set for each discriminator of a class, in the order in which they are first met.
        let mut named: Vec<Named<'_>> = Vec::new();
        for member in draft.in_sets.iter().filter(|member| member.sets.is_empty()) {
            let name = member.discriminator.as_ref();
            let power_type = classifier(&member.power_type);
            match named.iter_mut().find(|(known, ..)| name.map(|name| &name.value) == known.map(|name| &name.value)) {
                Some((_, generalizations, known)) => {
                    generalizations.push(member.generalization);
                    *known = known.or(power_type);
                }
                None => named.push((name, vec![member.generalization], power_type)),
            }
        }
        for (name, generalizations, power_type) in named {
            let Some(&element) = generalizations.first() else { continue };
            for (general, specials) in divided(&known, generalizations) {
                sets.push(GeneralizationSet {
                    element,
                    name: name.cloned(),
                    general,
                    specials,
                    is_covering: false,
                    is_disjoint: false,
                    power_type,
                    span: name.map_or(elements.get(element).span, |name| name.span),
                });
            }
        }
    }
    model.generalization_sets = sets;
}

/// The special classes of some generalizations by their general class, in the order of the model.
fn divided(known: &Generalizations, generalizations: Vec<Element>) -> BTreeMap<Id<Classifier>, Vec<Id<Classifier>>> {
    let mut places: Vec<_> = generalizations.iter().filter_map(|element| known.get(element)).collect();
    places.sort_unstable();
    places.dedup();
    let mut divided: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for &&(_, special, general) in &places {
        divided.entry(general).or_default().push(special);
    }
    divided
}
