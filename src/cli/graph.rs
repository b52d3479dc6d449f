//! `umlaut graph`: the classes and relations of a model, or what deletion does with its rows, as a picture.

mod cascades;
mod classes;

use std::collections::{BTreeSet, VecDeque};

use super::args::{Form, Global, Graph};
use super::out;
use super::session::{Wanted, compile_model, print_findings};
use crate::draw::{self, Picture};
use crate::failure::Failure;
use crate::util::words;

pub(super) fn run(args: &Graph, global: &Global) -> Result<u8, Failure> {
    let (outcome, _) = compile_model(&args.input, global, Wanted::Model)?;
    let mut picture = if args.cascades { cascades::picture(&outcome) } else { classes::picture(&outcome) };
    if let Some(class) = &args.around {
        picture = around(picture, class, args.depth)?;
    }
    let text = match args.form {
        Form::Svg => draw::svg(&picture),
        Form::Dot => draw::dot(&picture),
        Form::Text => draw::text(&picture),
        Form::Json => draw::json(&picture),
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

/// The part of a picture that is at most `depth` lines away from a box.
fn around(picture: Picture, class: &str, depth: usize) -> Result<Picture, Failure> {
    let end = format!(".{class}");
    let path = |at: &usize| picture.nodes[*at].path.as_str();
    let mut indexes = 0..picture.nodes.len();
    let start = indexes.clone().find(|at| path(at) == class).or_else(|| indexes.find(|at| path(at).ends_with(&end)));
    let Some(start) = start else {
        let known = picture.nodes.iter().flat_map(|node| [node.path.as_str(), node.title.as_str()]);
        return Err(Failure::Usage {
            message: format!("there is no class `{class}`"),
            help: match words::nearest(class, known).first() {
                Some(near) => format!("there is `{near}`"),
                None => "`umlaut dump --stage model` prints all names".to_owned(),
            },
        });
    };
    let mut shown = BTreeSet::from([start]);
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((node, away)) = queue.pop_front().filter(|(_, away)| *away < depth) {
        for edge in &picture.edges {
            for (from, to) in [(edge.from, edge.to), (edge.to, edge.from)] {
                if from == node && shown.insert(to) {
                    queue.push_back((to, away + 1));
                }
            }
        }
    }
    let place = |node: usize| shown.iter().position(|&known| known == node);
    let edges = picture.edges.iter().filter_map(|edge| {
        let (from, to) = (place(edge.from)?, place(edge.to)?);
        Some(draw::Edge { from, to, ..edge.clone() })
    });
    let edges: Vec<draw::Edge> = edges.collect();
    let is_there = |key: &&draw::Key| {
        edges.iter().any(|edge| edge.stroke == key.stroke && (edge.head == key.head || edge.tail == key.head))
    };
    let legend = picture.legend.iter().filter(is_there).cloned().collect();
    let nodes = picture.nodes.iter().enumerate().filter(|(at, _)| shown.contains(at)).map(|(_, node)| node.clone());
    Ok(Picture { nodes: nodes.collect(), title: picture.title.clone(), legend, edges })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Edge, Node};

    #[test]
    fn around_a_box_stands_what_is_near_to_it() {
        let node = |name: &str| Node { title: name.to_owned(), path: format!("shop.{name}"), ..Node::default() };
        let edge = |from, to| Edge { from, to, ..Edge::default() };
        let picture = Picture {
            nodes: ["A", "B", "C", "D"].map(node).to_vec(),
            edges: vec![edge(0, 1), edge(2, 1), edge(3, 2)],
            ..Picture::default()
        };
        let shown = |class: &str, depth| {
            let part = around(picture.clone(), class, depth).expect("there");
            (part.nodes.iter().map(|node| node.title.as_str()).collect::<String>(), part.edges.len())
        };
        assert_eq!(shown("B", 1), ("ABC".to_owned(), 2));
        assert_eq!(shown("shop.D", 1), ("CD".to_owned(), 1));
        assert_eq!(shown("D", 9), ("ABCD".to_owned(), 3));
        assert!(around(picture, "shop.Bee", 1).is_err());
    }
}
