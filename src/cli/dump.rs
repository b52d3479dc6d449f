//! `umlaut dump`: a stage of the compiler as text.

use std::fmt::Write;

use super::args::{Dump, Global, Stage};
use super::out;
use super::session::{Wanted, compile_model, print_findings};
use crate::failure::Failure;
use crate::graph::{Node, RelationKind};
use crate::pipeline::Outcome;

pub(super) fn run(args: &Dump, global: &Global) -> Result<u8, Failure> {
    let wanted = if matches!(args.stage, Stage::Migrations) { Wanted::FilesAnyway } else { Wanted::Model };
    let (outcome, _) = compile_model(&args.input, global, wanted)?;
    match args.stage {
        Stage::Model => out(&crate::uml::print::print(&outcome.model)),
        Stage::Graph => out(&print_graph(&outcome)),
        Stage::Project => out(&crate::django::print::print(&outcome.project)),
        Stage::Migrations => {
            for (path, file) in outcome.files.iter().flat_map(crate::output::FileSet::iter) {
                if path.contains("/migrations/0") {
                    out(&format!("==> {path}\n{}\n", file.content));
                }
            }
        }
    }
    Ok(print_findings(&outcome, global))
}

fn print_graph(outcome: &Outcome) -> String {
    let name = |node: Node| match node {
        Node::Classifier(id) => outcome.elements.path(outcome.model.classifiers[id].element),
        Node::Nary(id) => outcome.elements.path(outcome.model.associations[id].element),
    };
    let mut text = String::new();
    for relation in outcome.graph.relations() {
        let (arrow, what) = match relation.kind {
            RelationKind::Generalization => ("--|>", "generalization".to_owned()),
            RelationKind::Realization => ("..|>", "realization".to_owned()),
            RelationKind::Association(id) => ("----", outcome.elements.path(outcome.model.associations[id].element)),
            RelationKind::NaryEnd(id) | RelationKind::Attribute(id) => {
                ("--->", outcome.elements.path(outcome.model.properties[id].element))
            }
        };
        let _ = writeln!(text, "{} {arrow} {}  ({what})", name(relation.from), name(relation.to));
    }
    text
}
