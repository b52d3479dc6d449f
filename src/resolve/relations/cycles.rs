//! Required keys that lead back to their table: no first row could be inserted (U0608, U0802).

use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{Column, ColumnKind, Table, Tables, reason};
use crate::graph::order;
use crate::policy::deletion::KeyNature;
use crate::resolve::Context;
use crate::util::arena::Id;

type Edge = (usize, usize, Option<Id<Column>>);

/// Makes the last key of each cycle optional, until there is none.
pub(super) fn run(cx: &Context<'_>, report: &mut Report, tables: &mut Tables) {
    let children = tables.children();
    loop {
        let edges = edges(tables, &children);
        let plain: Vec<(usize, usize)> = edges.iter().map(|&(from, to, _)| (from, to)).collect();
        let cycles = order::cycles(tables.tables.len(), &plain);
        let mut changed = false;
        for cycle in cycles {
            let inside: Vec<&Edge> = edges
                .iter()
                .filter(|(from, to, _)| cycle.binary_search(from).is_ok() && cycle.binary_search(to).is_ok())
                .collect();
            let last = inside.iter().filter_map(|(from, to, column)| Some((*column.as_ref()?, *from, *to))).max();
            let Some((column, from, to)) = last else { continue };
            tell(cx, report, tables, &edges, column, from, to);
            if let ColumnKind::Key(key) = &mut tables.columns[column].kind {
                key.null = true;
                changed = true;
            }
            let because = Because::Rule {
                name: "the last key of a required cycle is optional",
                at: Some(tables.columns[column].span),
            };
            let why = reason("null", "otherwise no first row could be inserted", because);
            tables.columns[column].reasons.push(why);
        }
        if !changed {
            return;
        }
    }
}

fn edges(tables: &Tables, children: &[Vec<Id<Table>>]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (id, column) in tables.columns.iter() {
        if let ColumnKind::Key(key) = &column.kind
            && !key.null
        {
            for holder in tables.holders(children, column.table) {
                edges.push((holder.index(), key.to.index(), Some(id)));
            }
        }
    }
    for (id, table) in tables.tables.iter() {
        for base in &table.bases {
            edges.push((id.index(), base.index(), None));
        }
    }
    edges
}

fn tell(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    edges: &[Edge],
    column: Id<Column>,
    from: usize,
    to: usize,
) {
    let name = |index: usize| tables.tables[Id::new(index)].wish.text.clone();
    let plain: Vec<(usize, usize)> = edges.iter().map(|&(from, to, _)| (from, to)).collect();
    let back = if from == to {
        vec![from]
    } else {
        order::shortest_path(tables.tables.len(), &plain, to, from).unwrap_or_default()
    };
    let path: Vec<usize> = if from == to { vec![from, from] } else { [vec![from], back].concat() };
    let keys: Vec<Id<Column>> = path
        .windows(2)
        .skip(1)
        .filter_map(|step| edges.iter().find(|(a, b, _)| *a == step[0] && *b == step[1]).and_then(|edge| edge.2))
        .collect();
    let nature = |column: Id<Column>| tables.key(column).map(|key| key.nature);
    let composed = nature(column) == Some(KeyNature::Whole)
        && path.len() - 1 == keys.len() + 1
        && keys.iter().all(|&key| nature(key) == Some(KeyNature::Whole));
    let here = tables.columns[column].span;
    let element = tables.columns[column].element;
    let words: Vec<String> = path.iter().map(|&index| format!("`{}`", name(index))).collect();
    let mut diagnostic = if composed {
        let steps: Vec<String> =
            path.windows(2).map(|step| format!("every `{}` is part of a `{}`", name(step[0]), name(step[1]))).collect();
        Diagnostic::new(&codes::U0802, steps.join(", "))
    } else {
        Diagnostic::new(&codes::U0608, format!("no first row can be inserted: {}", words.join(" needs ")))
    };
    let path = cx.elements.path(element);
    diagnostic = diagnostic.about(element).here(here, "becomes optional");
    for key in keys.into_iter().take(4) {
        diagnostic = diagnostic.because(tables.columns[key].span, "is required too");
    }
    report.add(diagnostic.help(format!("make one end of the cycle optional, as `{path}` becomes")));
}
