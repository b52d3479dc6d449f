//! What deletion does: the tables, and what becomes of the rows that refer to one that goes.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::things::told;
use crate::django::shape::{Shape, shapes};
use crate::django::{ModelKey, OnDelete};
use crate::draw::{Edge, Key, Node, Picture, Row, Stroke, Tip};
use crate::pipeline::Outcome;

/// How a rule is drawn and what it means.
struct Look {
    rule: &'static str,
    stroke: Stroke,
    text: &'static str,
}

const fn look(rule: &'static str, colour: &'static str, dashed: bool, bold: bool, text: &'static str) -> Look {
    Look { rule, stroke: Stroke { colour, dashed, bold }, text }
}

/// All rules, the most dangerous first.
const LOOKS: [Look; 9] = [
    look("CASCADE", "#c0392b", false, true, "CASCADE: goes with it"),
    look("DB_CASCADE", "#8e1a0e", false, true, "DB_CASCADE: goes with it, by the database"),
    look("PROTECT", "#1f5fa8", false, false, "PROTECT: refuses that it goes"),
    look("RESTRICT", "#6b4fa0", false, false, "RESTRICT: refuses, unless both go together"),
    look("SET_NULL", "#2e7d32", true, false, "SET_NULL: stays without it"),
    look("DB_SET_NULL", "#0b6e4f", true, false, "DB_SET_NULL: stays without it, by the database"),
    look("SET_DEFAULT", "#a15c17", true, false, "SET_DEFAULT: stays with the default"),
    look("SET", "#a15c17", true, false, "SET: stays with what a function says"),
    look("DO_NOTHING", "#777", true, false, "DO_NOTHING: left to the database"),
];

fn stroke(rule: &OnDelete) -> Stroke {
    LOOKS.iter().find(|look| look.rule == rule.name()).map_or_else(Stroke::default, |look| look.stroke)
}

/// Tables as boxes; a line leads from the rows that refer to those that they refer to.
pub(super) fn picture(outcome: &Outcome) -> Picture {
    let shapes = shapes(&outcome.project);
    let index: BTreeMap<&ModelKey, usize> = shapes.iter().enumerate().map(|(at, shape)| (&shape.key, at)).collect();
    let mut edges = Vec::new();
    let mut used = BTreeSet::new();
    // Who goes with whom.
    let mut dies: Vec<Vec<usize>> = vec![Vec::new(); shapes.len()];
    for (from, shape) in shapes.iter().enumerate() {
        for field in shape.fields.iter().filter(|member| member.is_own).map(|member| member.field) {
            let Some(key) = field.foreign_key() else { continue };
            let Some(&to) = index.get(&key.to) else { continue };
            if key.on_delete.cascades() {
                dies[to].push(from);
            }
            used.insert(key.on_delete.name());
            let mut lines = vec![format!("{}.{}: {}", shape.key.dotted(), field.name, key.on_delete.name())];
            lines.extend(field.origin.reasons.iter().map(told));
            edges.push(Edge {
                from,
                to,
                head: Tip::Arrow,
                stroke: stroke(&key.on_delete),
                tail_label: format!("{} {}", field.name, key.on_delete.name()),
                told: lines,
                ..Edge::default()
            });
        }
        for &to in shape.parents.iter().filter_map(|parent| index.get(parent)) {
            dies[to].push(from);
            dies[from].push(to);
            edges.push(Edge {
                from,
                to,
                head: Tip::Triangle,
                told: vec!["the row of a parent and that of its child go together".to_owned()],
                ..Edge::default()
            });
        }
    }
    let has_parents = edges.iter().any(|edge| edge.head == Tip::Triangle);
    let nodes = (0..shapes.len()).map(|at| node(&shapes, &dies, at)).collect();
    let looks = LOOKS.iter().filter(|look| used.contains(look.rule));
    let mut legend: Vec<Key> =
        looks.map(|look| Key { stroke: look.stroke, head: Tip::Arrow, text: look.text.to_owned() }).collect();
    if has_parents {
        let text = "is one: both rows go together".to_owned();
        legend.push(Key { stroke: Stroke::default(), head: Tip::Triangle, text });
    }
    Picture { title: format!("What deletion does in {}", outcome.project.title), nodes, edges, legend }
}

fn node(shapes: &[Shape<'_>], dies: &[Vec<usize>], at: usize) -> Node {
    let shape = &shapes[at];
    let mut seen = vec![false; shapes.len()];
    seen[at] = true;
    let mut stack = vec![at];
    let mut gone = Vec::new();
    while let Some(next) = stack.pop() {
        for &other in &dies[next] {
            if !std::mem::replace(&mut seen[other], true) {
                gone.push(shapes[other].key.dotted());
                stack.push(other);
            }
        }
    }
    gone.sort();
    let rows = match gone.len() {
        0 => Vec::new(),
        1 => vec![Row { text: format!("takes {} along", shapes_name(&gone[0])), told: gone }],
        many => vec![Row { text: format!("takes {many} classes along"), told: gone }],
    };
    Node {
        title: shape.key.name.clone(),
        rows,
        group: shape.key.app.clone(),
        path: shape.key.dotted(),
        told: shape.model.origin.reasons.iter().map(told).collect(),
        ..Node::default()
    }
}

/// The class without its app.
fn shapes_name(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}
