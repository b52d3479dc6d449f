//! Inheritance that leads back to itself (U0701), realizations included.

use std::collections::BTreeMap;

use super::list;
use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::graph::order;
use crate::uml::Model;
use crate::uml::model::{Classifier, Generalization};
use crate::util::arena::Id;

pub(super) fn check(model: &Model, elements: &Elements, report: &mut Report) {
    let edges: Vec<(usize, usize)> = model
        .classifiers
        .iter()
        .flat_map(|(id, classifier)| {
            upward(classifier).map(move |generalization| (id.index(), generalization.general.index()))
        })
        .collect();
    let cycles = order::cycles(model.classifiers.len(), &edges);
    // Edges inside a cycle, with the places of their ends in it: so many small cycles cost no more than a large one.
    let mut place: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (number, cycle) in cycles.iter().enumerate() {
        place.extend(cycle.iter().enumerate().map(|(at, &node)| (node, (number, at))));
    }
    let mut inside: Vec<Vec<(usize, usize)>> = vec![Vec::new(); cycles.len()];
    for (from, to) in edges {
        if let (Some(&(cycle, from)), Some(&(other, to))) = (place.get(&from), place.get(&to))
            && cycle == other
        {
            inside[cycle].push((from, to));
        }
    }
    for (cycle, inside) in cycles.iter().zip(&inside) {
        // The class with the first name is taken as the root.
        let name = |at: usize| model.classifier_name(Id::new(cycle[at]));
        let Some(root) = (0..cycle.len()).min_by_key(|&at| (name(at), at)) else { continue };
        if let Some(path) = order::shortest_path(cycle.len(), inside, root, root) {
            let path: Vec<usize> = path.into_iter().map(|at| cycle[at]).collect();
            tell(model, elements, report, &path);
        }
    }
}

fn upward(classifier: &Classifier) -> impl Iterator<Item = &Generalization> {
    classifier.generalizations.iter().chain(&classifier.realizations)
}

/// More labels than this are no help.
const SHOWN: usize = 5;

fn tell(model: &Model, elements: &Elements, report: &mut Report, path: &[usize]) {
    let Some(&root) = path.first() else { return };
    let root = &model.classifiers[Id::new(root)];
    let quoted = |node: usize| format!("`{}`", model.classifier_name(Id::new(node)));
    let between: Vec<usize> = path[1..path.len() - 1].to_vec();
    let mut through: Vec<String> = between.iter().take(SHOWN).map(|&node| quoted(node)).collect();
    if between.len() > SHOWN {
        through.push(format!("{} others", between.len() - SHOWN));
    }
    let path_of_root = elements.path(root.element);
    let message = if through.is_empty() {
        format!("`{path_of_root}` inherits from itself")
    } else {
        format!("`{path_of_root}` inherits from itself through {}", list(&through))
    };
    let mut diagnostic = Diagnostic::new(&codes::U0701, message).about(root.element);
    for (index, pair) in path.windows(2).take(SHOWN + 1).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let classifier = &model.classifiers[Id::new(from)];
        let Some(edge) = upward(classifier).find(|edge| edge.general.index() == to) else { continue };
        let text = format!("{} specialises {}", quoted(from), quoted(to));
        diagnostic = if index == 0 { diagnostic.here(edge.span, text) } else { diagnostic.because(edge.span, text) };
    }
    report.add(diagnostic.help("take out one of these generalizations"));
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use crate::diagnostic::Role;

    #[test]
    fn a_cycle_is_told_once_with_its_shortest_path() {
        let mut sample = Sample::new();
        let [c, a, b, d] = sample.classes(["C", "A", "B", "D"]);
        for (special, general) in [(a, b), (b, c), (c, a), (d, a), (b, a)] {
            sample.generalize(special, general);
        }
        let report = sample.check();
        let [found] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!(found.message, "`A` inherits from itself through `B`");
        assert_eq!(found.labels.len(), 2);
        assert_eq!((found.labels[0].role, found.labels[0].text.as_str()), (Role::Here, "`A` specialises `B`"));
    }

    #[test]
    fn a_class_may_not_be_its_own_parent() {
        let mut sample = Sample::new();
        let [a] = sample.classes(["A"]);
        sample.generalize(a, a);
        assert_eq!(sample.messages(), ["U0701: `A` inherits from itself"]);
    }

    #[test]
    fn diamonds_and_long_chains_are_no_cycles() {
        let mut sample = Sample::new();
        let [top, left, right, bottom] = sample.classes(["Top", "Left", "Right", "Bottom"]);
        for (special, general) in [(left, top), (right, top), (bottom, left), (bottom, right)] {
            sample.generalize(special, general);
        }
        let mut last = top;
        for number in 0..2000 {
            let next = sample.class(Some(&format!("Chain{number}")), None);
            sample.generalize(next, last);
            last = next;
        }
        assert_eq!(sample.messages(), [] as [&str; 0]);
    }
}
