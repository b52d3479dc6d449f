//! `umlaut graph`: the classes and relations of a model as a picture.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::args::{Form, Global, Graph};
use super::out;
use super::session::{Wanted, compile_model, print_findings};
use crate::draw::{self, Edge, Picture, Tip};
use crate::failure::Failure;
use crate::graph::{Node, RelationKind};
use crate::pipeline::Outcome;
use crate::uml::Model;
use crate::uml::model::{Aggregation, ClassifierKind, Property, Type};
use crate::util::arena::Id;
use crate::util::words;

/// More rows of a box are counted, not shown.
const MOST_ROWS: usize = 14;

pub(super) fn run(args: &Graph, global: &Global) -> Result<u8, Failure> {
    let (outcome, _) = compile_model(&args.input, global, Wanted::Findings)?;
    let shown = match &args.around {
        Some(class) => around(&outcome, class, args.depth)?,
        None => outcome.graph.nodes().filter(|&node| is_drawn(&outcome.model, node)).collect(),
    };
    let picture = picture(&outcome, &shown);
    let text = match args.form {
        Form::Svg => draw::svg(&picture),
        Form::Dot => draw::dot(&picture),
    };
    let status = print_findings(&outcome, global);
    match &args.out {
        None => out(&text),
        Some(path) => std::fs::write(path, text).map_err(|source| Failure::Io {
            action: "write",
            path: path.display().to_string(),
            source,
        })?,
    }
    Ok(status)
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

fn around(outcome: &Outcome, class: &str, depth: usize) -> Result<BTreeSet<Node>, Failure> {
    let path = |node: Node| match node {
        Node::Classifier(id) => outcome.elements.path(outcome.model.classifiers[id].element),
        Node::Nary(id) => outcome.elements.path(outcome.model.associations[id].element),
    };
    let named: Vec<(String, Node)> = outcome.graph.nodes().map(|node| (path(node), node)).collect();
    let end = format!(".{class}");
    let start = named
        .iter()
        .find(|(path, _)| path == class)
        .or_else(|| named.iter().find(|(path, _)| path.ends_with(&end)))
        .map(|(_, node)| *node)
        .ok_or_else(|| Failure::Usage {
            message: format!("there is no class `{class}`"),
            help: match words::nearest(class, named.iter().filter_map(|(path, _)| path.rsplit('.').next())).first() {
                Some(near) => format!("there is `{near}`"),
                None => "`umlaut dump --stage model` prints all names".to_owned(),
            },
        })?;
    let mut shown = BTreeSet::from([start]);
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((node, away)) = queue.pop_front() {
        if away == depth {
            continue;
        }
        let outgoing = outcome.graph.outgoing(node).into_iter().map(|relation| relation.to);
        let incoming = outcome.graph.incoming(node).into_iter().map(|relation| relation.from);
        for next in outgoing.chain(incoming).collect::<Vec<_>>() {
            if is_drawn(&outcome.model, next) && shown.insert(next) {
                queue.push_back((next, away + 1));
            }
        }
    }
    Ok(shown)
}

fn picture(outcome: &Outcome, shown: &BTreeSet<Node>) -> Picture {
    let model = &outcome.model;
    let index: BTreeMap<Node, usize> = shown.iter().enumerate().map(|(index, node)| (*node, index)).collect();
    let nodes = shown.iter().map(|&node| draw_node(model, node)).collect();
    let edges = outcome
        .graph
        .relations()
        .filter_map(|relation| {
            let (from, to) = (*index.get(&relation.from)?, *index.get(&relation.to)?);
            let edge = draw_edge(model, relation.kind, from, to);
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
        .collect();
    Picture { nodes, edges }
}

/// The two halves of an association with a class: the class stands in the middle.
fn through(edge: Edge, class: usize) -> Vec<Edge> {
    let first = Edge { to: class, head: Tip::Plain, head_label: String::new(), label: String::new(), ..edge.clone() };
    let second = Edge { from: class, tail: Tip::Plain, tail_label: String::new(), label: String::new(), ..edge };
    vec![first, second]
}

fn draw_node(model: &Model, node: Node) -> draw::Node {
    let id = match node {
        Node::Nary(id) => {
            let association = &model.associations[id];
            let title = association.name.as_ref().map_or("", |name| name.value.as_str()).to_owned();
            let kicker = Some("«association»".to_owned());
            return draw::Node { kicker, title, italic: false, rows: Vec::new(), group: String::new() };
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
    let mut rows: Vec<String> = attributes.map(|&id| row(model, &model.properties[id])).collect();
    rows.extend(classifier.literals.iter().filter_map(|literal| Some(literal.name.as_ref()?.value.clone())));
    if rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS + 1;
        rows.truncate(MOST_ROWS - 1);
        rows.push(format!("and {more} others"));
    }
    let package = model
        .package_chain(classifier.package)
        .find_map(|package| model.packages[package].name.as_ref())
        .map_or_else(String::new, |name| name.value.clone());
    draw::Node {
        kicker: kicker.map(str::to_owned),
        title: model.classifier_name(id).to_owned(),
        italic: classifier.is_abstract,
        rows,
        group: package,
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

fn draw_edge(model: &Model, kind: RelationKind, from: usize, to: usize) -> Edge {
    let plain = Edge {
        from,
        to,
        tail: Tip::Plain,
        head: Tip::Plain,
        dashed: false,
        label: String::new(),
        tail_label: String::new(),
        head_label: String::new(),
    };
    let end_label = |id: Id<Property>| {
        let end = &model.properties[id];
        let name = end.name.as_ref().map_or("", |name| name.value.as_str());
        let multiplicity = end.multiplicity.map_or_else(String::new, |it| it.value.to_string());
        format!("{name} {multiplicity}").trim().to_owned()
    };
    match kind {
        RelationKind::Generalization => Edge { head: Tip::Triangle, ..plain },
        RelationKind::Realization => Edge { head: Tip::Triangle, dashed: true, ..plain },
        RelationKind::NaryEnd(end) => Edge { head_label: end_label(end), ..plain },
        RelationKind::Attribute(attribute) => {
            let tail = diamond(model.properties[attribute].aggregation.value);
            Edge { head: Tip::Arrow, tail, head_label: end_label(attribute), ..plain }
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
                label: association.name.as_ref().map_or_else(String::new, |name| name.value.clone()),
                tail_label: end_label(first),
                head_label: end_label(second),
                ..plain
            }
        }
    }
}

fn diamond(aggregation: Aggregation) -> Tip {
    match aggregation {
        Aggregation::None => Tip::Plain,
        Aggregation::Shared => Tip::Diamond,
        Aggregation::Composite => Tip::FilledDiamond,
    }
}
