//! Generalizations, realizations and dependencies, and the graph of all relations.

use super::index::{Found, Index, Known};
use crate::account::{Element, ElementKind, Elements, Fate};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::graph::{Node, Relation, RelationGraph, RelationKind as Edge};
use crate::uml::Model;
use crate::uml::draft::{RelationKind, RelationStart};
use crate::uml::model::{Classifier, Generalization, Type};
use crate::util::arena::Id;

/// Enters all relations between classifiers.
pub(super) fn link(index: &Index<'_>, model: &mut Model, elements: &mut Elements, report: &mut Report) {
    for (number, draft) in index.drafts.iter().enumerate() {
        for relation in &draft.relations {
            let from: Vec<Id<Classifier>> = relation
                .from
                .iter()
                .filter_map(|start| {
                    let element = match start {
                        RelationStart::Owner(owner) => *owner,
                        RelationStart::Named(reference) => match index.find(number, reference) {
                            Found::Element(element) => element,
                            _ => return None,
                        },
                    };
                    match index.known(element)? {
                        Known::Classifier(classifier) => Some(classifier),
                        _ => None,
                    }
                })
                .collect();
            // Those of packages and the like have no place in the project.
            let is_text = relation.kind == RelationKind::Dependency && !from.is_empty();
            let fate = if is_text { Fate::Carried } else { Fate::Ignored };
            elements.get_mut(relation.element).fate.get_or_insert(fate);
            for reference in &relation.to {
                let Found::Element(element) = index.find(number, reference) else { continue };
                let element = of_template(elements, element);
                let seen = elements.get(element);
                let Some(Known::Classifier(general)) = index.known(element) else {
                    // Associations may be general too, which means nothing here; packages may not.
                    let is_wrong = matches!(index.known(element), Some(Known::Package(_) | Known::Property(_)));
                    if relation.kind == RelationKind::Generalization && is_wrong {
                        let message = format!("a generalization leads to {}", super::a(seen.kind));
                        report.add(
                            Diagnostic::new(&codes::U0302, message)
                                .about(relation.element)
                                .here(reference.span, "this leads to it")
                                .because(seen.span, "this is no classifier"),
                        );
                    }
                    continue;
                };
                for &from in &from {
                    let general = Generalization { element: relation.element, general, span: reference.span };
                    let classifier = &mut model.classifiers[from];
                    match relation.kind {
                        RelationKind::Generalization => classifier.generalizations.push(general),
                        RelationKind::Realization => classifier.realizations.push(general),
                        RelationKind::Dependency => {
                            if let Some(name) = elements.name(element).map(str::trim).filter(|name| !name.is_empty())
                                && !classifier.dependencies.iter().take(1 << 12).any(|known| known == name)
                            {
                                classifier.dependencies.push(name.to_owned());
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a reference means that leads to the signature of a template: the template.
fn of_template(elements: &Elements, element: Element) -> Element {
    let seen = elements.get(element);
    seen.owner.filter(|_| seen.kind == ElementKind::Template).unwrap_or(element)
}

/// The graph of a model: nodes and edges in model order.
pub(super) fn graph(model: &Model) -> RelationGraph {
    let mut graph = RelationGraph::default();
    for id in model.classifiers.ids() {
        graph.add_node(Node::Classifier(id));
    }
    for (id, classifier) in model.classifiers.iter() {
        let from = Node::Classifier(id);
        for (kind, relations) in
            [(Edge::Generalization, &classifier.generalizations), (Edge::Realization, &classifier.realizations)]
        {
            for relation in relations {
                let to = Node::Classifier(relation.general);
                graph.add(Relation { kind, element: relation.element, from, to });
            }
        }
        for &attribute in &classifier.attributes {
            let property = &model.properties[attribute];
            if let Type::Classifier(to, _) = property.ty
                && property.association.is_none()
            {
                let to = Node::Classifier(to);
                graph.add(Relation { kind: Edge::Attribute(attribute), element: property.element, from, to });
            }
        }
    }
    let node = |end| match model.properties[end].ty {
        Type::Classifier(classifier, _) => Some(Node::Classifier(classifier)),
        _ => None,
    };
    for (id, association) in model.associations.iter() {
        if let [a, b] = association.ends[..] {
            if let (Some(from), Some(to)) = (node(a), node(b)) {
                graph.add(Relation { kind: Edge::Association(id), element: association.element, from, to });
            }
            continue;
        }
        let from = Node::Nary(id);
        graph.add_node(from);
        for &end in &association.ends {
            if let Some(to) = node(end) {
                let element = model.properties[end].element;
                graph.add(Relation { kind: Edge::NaryEnd(end), element, from, to });
            }
        }
    }
    graph
}
