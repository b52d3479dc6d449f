//! The classes of a model and their relations, as UML draws them.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::Element;
use crate::cli::things::{things, told};
use crate::draw::{self, Edge, Key, Picture, Row, Stroke, Tip};
use crate::graph::{Node, RelationKind};
use crate::pipeline::Outcome;
use crate::uml::Model;
use crate::uml::model::{Aggregation, ClassifierKind, Property, Type};
use crate::util::arena::Id;

/// More rows of a box are counted, not shown.
const MOST_ROWS: usize = 14;

/// What was decided about each element, in lines.
type Told = BTreeMap<Element, Vec<String>>;

fn all_told(outcome: &Outcome) -> Told {
    let mut all = Told::new();
    for thing in things(outcome) {
        let lines = all.entry(thing.element).or_default();
        if !thing.django.is_empty() {
            lines.push(format!("{} → {}", thing.became, thing.django));
        }
        lines.extend(thing.reasons.into_iter().map(told));
    }
    all
}

/// Types of libraries and primitive types are words in rows, not boxes.
fn is_drawn(model: &Model, node: Node) -> bool {
    match node {
        Node::Classifier(id) => {
            let classifier = &model.classifiers[id];
            !classifier.is_library && classifier.kind != ClassifierKind::PrimitiveType
        }
        Node::Nary(_) => true,
    }
}

/// The whole model.
pub(super) fn picture(outcome: &Outcome) -> Picture {
    let model = &outcome.model;
    let told = all_told(outcome);
    let shown: BTreeSet<Node> = outcome.graph.nodes().filter(|&node| is_drawn(model, node)).collect();
    let index: BTreeMap<Node, usize> = shown.iter().enumerate().map(|(index, node)| (*node, index)).collect();
    let nodes = shown.iter().map(|&node| draw_node(outcome, &told, node)).collect();
    let edges = outcome
        .graph
        .relations()
        .filter_map(|relation| {
            let (from, to) = (*index.get(&relation.from)?, *index.get(&relation.to)?);
            let edge = draw_edge(model, &told, relation.kind, from, to);
            let class = match relation.kind {
                RelationKind::Association(id) => model.associations[id].class,
                _ => None,
            };
            Some(match class.and_then(|class| index.get(&Node::Classifier(class))) {
                Some(&class) => through(edge, class),
                None => vec![edge],
            })
        })
        .flatten()
        .collect::<Vec<_>>();
    let legend = legend(&edges);
    Picture { title: format!("Classes of {}", outcome.project.title), nodes, edges, legend }
}

/// The kinds of lines that are there.
fn legend(edges: &[Edge]) -> Vec<Key> {
    let dashed = Stroke { dashed: true, ..Stroke::default() };
    let kinds = [
        (Tip::Triangle, Stroke::default(), "generalization"),
        (Tip::Triangle, dashed, "realization"),
        (Tip::FilledDiamond, Stroke::default(), "composition: parts die with their whole"),
        (Tip::Diamond, Stroke::default(), "shared aggregation"),
    ];
    let is_there = |tip: Tip, stroke: Stroke| {
        edges.iter().any(|edge| edge.stroke == stroke && (edge.head == tip || edge.tail == tip))
    };
    let there = kinds.into_iter().filter(|&(tip, stroke, _)| is_there(tip, stroke));
    there.map(|(head, stroke, text)| Key { stroke, head, text: text.to_owned() }).collect()
}

/// The two halves of an association with a class: the class stands in the middle.
fn through(edge: Edge, class: usize) -> Vec<Edge> {
    let first = Edge { to: class, head: Tip::Plain, head_label: String::new(), label: String::new(), ..edge.clone() };
    let second = Edge { from: class, tail: Tip::Plain, tail_label: String::new(), label: String::new(), ..edge };
    vec![first, second]
}

fn draw_node(outcome: &Outcome, told: &Told, node: Node) -> draw::Node {
    let model = &outcome.model;
    let lines = |element: Element| told.get(&element).cloned().unwrap_or_default();
    let id = match node {
        Node::Nary(id) => {
            let association = &model.associations[id];
            let title = association.name.as_ref().map_or("", |name| name.value.as_str()).to_owned();
            let kicker = Some("«association»".to_owned());
            let (path, told) = (outcome.elements.path(association.element), lines(association.element));
            return draw::Node { kicker, title, path, told, ..draw::Node::default() };
        }
        Node::Classifier(id) => id,
    };
    let classifier = &model.classifiers[id];
    let kicker = match classifier.kind {
        ClassifierKind::Interface => Some("«interface»"),
        ClassifierKind::DataType => Some("«dataType»"),
        ClassifierKind::Enumeration => Some("«enumeration»"),
        ClassifierKind::AssociationClass => Some("«association class»"),
        _ => None,
    };
    let attributes = classifier.attributes.iter().filter(|&&id| model.properties[id].association.is_none());
    let mut rows: Vec<Row> = attributes
        .map(|&id| &model.properties[id])
        .map(|property| Row { text: row(model, property), told: lines(property.element) })
        .collect();
    rows.extend(classifier.literals.iter().filter_map(|literal| {
        Some(Row { text: literal.name.as_ref()?.value.to_string(), told: lines(literal.element) })
    }));
    if rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS + 1;
        rows.truncate(MOST_ROWS - 1);
        rows.push(Row::plain(format!("and {more} others")));
    }
    let package = model
        .package_chain(classifier.package)
        .find_map(|package| model.packages[package].name.as_ref())
        .map_or_else(String::new, |name| name.value.to_string());
    draw::Node {
        kicker: kicker.map(str::to_owned),
        title: model.classifier_name(id).to_owned(),
        italic: classifier.is_abstract,
        rows,
        group: package,
        path: outcome.elements.path(classifier.element),
        told: lines(classifier.element),
    }
}

fn row(model: &Model, property: &Property) -> String {
    let name = property.name.as_ref().map_or("", |name| name.value.as_str());
    let ty = match &property.ty {
        Type::Classifier(id, _) => model.classifier_name(*id),
        Type::Named(name) => name.value.as_str(),
        Type::Absent => "",
        Type::Unknown(_) => "?",
    };
    let multiplicity = match property.multiplicity {
        Some(it) if it.value != crate::uml::Multiplicity::ONE => format!(" [{}]", it.value),
        _ => String::new(),
    };
    let colon = if ty.is_empty() { "" } else { ": " };
    format!("{name}{colon}{ty}{multiplicity}")
}

fn draw_edge(model: &Model, told: &Told, kind: RelationKind, from: usize, to: usize) -> Edge {
    let plain = Edge { from, to, ..Edge::default() };
    let lines = |element: Element| told.get(&element).cloned().unwrap_or_default();
    let end_label = |id: Id<Property>| {
        let end = &model.properties[id];
        let name = end.name.as_ref().map_or("", |name| name.value.as_str());
        let multiplicity = end.multiplicity.map_or_else(String::new, |it| it.value.to_string());
        format!("{name} {multiplicity}").trim().to_owned()
    };
    match kind {
        RelationKind::Generalization => Edge { head: Tip::Triangle, ..plain },
        RelationKind::Realization => {
            Edge { head: Tip::Triangle, stroke: Stroke { dashed: true, ..Stroke::default() }, ..plain }
        }
        RelationKind::NaryEnd(end) => Edge { head_label: end_label(end), ..plain },
        RelationKind::Attribute(attribute) => {
            let tail = diamond(model.properties[attribute].aggregation.value);
            let told = lines(model.properties[attribute].element);
            Edge { head: Tip::Arrow, tail, head_label: end_label(attribute), told, ..plain }
        }
        RelationKind::Association(id) => {
            let association = &model.associations[id];
            let [first, second] = association.ends[..] else { return plain };
            // The mark stands on the end that is typed by the part; it is drawn at the whole, the opposite end.
            let tip =
                |end: Id<Property>, opposite: Id<Property>| match diamond(model.properties[opposite].aggregation.value)
                {
                    Tip::Plain
                        if model.properties[end].navigable == Some(true)
                            && model.properties[opposite].navigable == Some(false) =>
                    {
                        Tip::Arrow
                    }
                    tip => tip,
                };
            Edge {
                tail: tip(first, second),
                head: tip(second, first),
                label: association
                    .name
                    .as_ref()
                    .filter(|name| !is_made(&name.value))
                    .map_or_else(String::new, |name| name.value.to_string()),
                tail_label: end_label(first),
                head_label: end_label(second),
                told: [association.element, model.properties[first].element, model.properties[second].element]
                    .into_iter()
                    .flat_map(lines)
                    .collect(),
                ..plain
            }
        }
    }
}

/// Whether a tool made the name of the association up: `A_order_lines`.
fn is_made(name: &str) -> bool {
    name.starts_with("A_") && name.matches('_').count() >= 2
}

fn diamond(aggregation: Aggregation) -> Tip {
    match aggregation {
        Aggregation::None => Tip::Plain,
        Aggregation::Shared => Tip::Diamond,
        Aggregation::Composite => Tip::FilledDiamond,
    }
}
