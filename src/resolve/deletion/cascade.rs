//! Where deletion leads to: along which keys it runs, what it reaches, and what it meets on the way.

use std::collections::{BTreeSet, VecDeque};

use super::{Rules, keys, place};
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::OnDelete;
use crate::facts::{Column, Table, Tables, reason};
use crate::graph::order;
use crate::policy::deletion::KeyNature;
use crate::resolve::Context;
use crate::util::arena::{Id, Map};

/// A row of the first table takes rows of the second along, by this key; without one they are one object.
type Edge = (usize, usize, Option<Id<Column>>);

/// All edges.
fn edges(tables: &Tables, children: &[Vec<Id<Table>>], rules: &Rules) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (id, key) in keys(tables) {
        if rules.get(id).is_some_and(|(rule, _)| rule.cascades()) {
            for holder in tables.holders(children, tables.columns[id].table) {
                edges.push((key.to.index(), holder.index(), Some(id)));
            }
        }
    }
    // The row of a parent and that of its child go together.
    for (id, table) in tables.tables.iter() {
        for base in &table.bases {
            if !tables.tables[*base].is_abstract && !table.is_abstract {
                edges.push((base.index(), id.index(), None));
                edges.push((id.index(), base.index(), None));
            }
        }
    }
    edges
}

/// All tables whose deletion reaches `table`, nearest first, itself included.
fn ancestors(above: &[Vec<usize>], table: usize) -> Vec<usize> {
    let mut seen = BTreeSet::from([table]);
    let mut found = vec![table];
    let mut at = 0;
    while let Some(&node) = found.get(at) {
        found.extend(above[node].iter().copied().filter(|next| seen.insert(*next)));
        at += 1;
    }
    found
}

/// What dies together with its target cannot protect it: RESTRICT, which allows that, takes the place of PROTECT. Where
/// somebody asked for PROTECT, it stays, and is told (U0804).
pub(super) fn together(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    children: &[Vec<Id<Table>>],
    rules: &mut Rules,
) {
    let edges = edges(tables, children, rules);
    let mut above = vec![Vec::new(); tables.tables.len()];
    for &(from, to, _) in &edges {
        above[to].push(from);
    }
    let protecting: Vec<Id<Column>> =
        rules.iter().filter(|(_, (rule, _))| *rule == OnDelete::Protect).map(|(id, _)| id).collect();
    let mut known: Map<Table, BTreeSet<usize>> = Map::new();
    for id in protecting {
        let Some(key) = tables.key(id) else { continue };
        let to = key.to;
        if !known.contains(to) {
            known.insert(to, ancestors(&above, to.index()).into_iter().collect());
        }
        let Some(of_target) = known.get(to) else { continue };
        let met = tables.holders(children, tables.columns[id].table).into_iter().find_map(|holder| {
            let is_common = |node: &usize| of_target.contains(node) && (holder != to || *node != holder.index());
            Some((holder, ancestors(&above, holder.index()).into_iter().find(is_common)?))
        });
        let (Some((holder, node)), Some((_, why))) = (met, rules.get(id)) else { continue };
        if !matches!(why.because, Because::Rule { .. }) {
            blocked(cx, report, tables, &edges, id, [node, holder.index(), to.index()], &why.because);
            continue;
        }
        let name = &tables.tables[Id::new(node)].wish.text;
        let because = Because::Rule {
            name: "what dies together with its target does not protect it",
            at: Some(tables.columns[id].span),
        };
        let why = reason("on_delete RESTRICT", format!("deleting {name} deletes both"), because);
        rules.insert(id, (OnDelete::Restrict, why));
    }
}

/// A cascade that always ends at the PROTECT that was asked for (U0804).
fn blocked(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    edges: &[Edge],
    id: Id<Column>,
    [root, holder, target]: [usize; 3],
    because: &Because,
) {
    let name = |index: usize| tables.tables[Id::new(index)].wish.text.clone();
    let plain: Vec<(usize, usize)> = edges.iter().map(|&(from, to, _)| (from, to)).collect();
    let mut paths = Vec::new();
    let mut columns = Vec::new();
    for end in [holder, target] {
        // From itself to itself there is nothing to go, unless the row that is met is another one.
        if end == root && (holder != target || root != holder) {
            continue;
        }
        let Some(path) = order::shortest_path(tables.tables.len(), &plain, root, end) else { continue };
        for step in path.windows(2) {
            let key = edges.iter().find(|(from, to, _)| *from == step[0] && *to == step[1]).and_then(|edge| edge.2);
            columns.extend(key.map(|key| (key, name(step[0]), name(step[1]))));
        }
        let words: Vec<String> = path.into_iter().map(|index| format!("`{}`", name(index))).collect();
        paths.push(words.join(" to "));
    }
    paths.dedup();
    columns.dedup();
    let column = &tables.columns[id];
    let path = cx.elements.path(column.element);
    let mut diagnostic = Diagnostic::new(
        &codes::U0804,
        format!(
            "deleting a `{}` fails once a `{}` of it refers to a `{}`: the cascade meets the `PROTECT` asked for `{path}`",
            name(root),
            name(holder),
            name(target)
        ),
    )
    .about(column.element)
    .here(place(because).unwrap_or(column.span), "asked for here");
    for (key, whole, part) in columns.into_iter().take(4) {
        diagnostic = diagnostic.because(tables.columns[key].span, format!("deleting a `{whole}` deletes its `{part}`"));
    }
    report.add(
        diagnostic
            .note(format!("the cascade leads from {}", paths.join(", and from ")))
            .help("`restrict` refuses to delete the target alone, and allows it when both go together"),
    );
}

/// Roots whose deletion deletes rows of many tables (U0803).
pub(super) fn far_reaching(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    children: &[Vec<Id<Table>>],
    rules: &Rules,
) {
    let mut below: Vec<Vec<(usize, Id<Column>)>> = vec![Vec::new(); tables.tables.len()];
    let mut has_whole = vec![false; tables.tables.len()];
    for (id, key) in keys(tables) {
        if key.nature == KeyNature::Whole && rules.get(id).is_some_and(|(rule, _)| rule.cascades()) {
            for holder in tables.holders(children, tables.columns[id].table) {
                below[key.to.index()].push((holder.index(), id));
                has_whole[holder.index()] |= holder != key.to;
            }
        }
    }
    for (root, table) in tables.tables.iter() {
        if has_whole[root.index()] || below[root.index()].is_empty() {
            continue;
        }
        let mut seen = vec![false; tables.tables.len()];
        seen[root.index()] = true;
        let mut queue = VecDeque::from([root.index()]);
        // Who brought us to each table, and by which key.
        let mut came: Map<Table, (usize, Id<Column>)> = Map::new();
        let (mut count, mut last) = (0, root.index());
        while let Some(at) = queue.pop_front() {
            last = at;
            for &(next, key) in &below[at] {
                if !std::mem::replace(&mut seen[next], true) {
                    count += 1;
                    came.insert(Id::new(next), (at, key));
                    queue.push_back(next);
                }
            }
        }
        if count > cx.settings.cascade_warn_at {
            let name = |index: usize| tables.tables[Id::new(index)].wish.text.as_str();
            let steps =
                std::iter::successors(came.get(Id::new(last)).map(|&(from, key)| (last, from, key)), |&(_, at, _)| {
                    came.get(Id::new(at)).map(|&(from, key)| (at, from, key))
                });
            let mut steps: Vec<(usize, usize, Id<Column>)> = steps.collect();
            steps.reverse();
            let first = below[root.index()][0].1;
            let mut diagnostic = Diagnostic::new(
                &codes::U0803,
                format!("deleting a `{}` deletes rows of {count} classes", table.wish.text),
            )
            .about(table.element)
            .here(tables.columns[first].span, "the first composition");
            for &(part, whole, key) in steps.iter().filter(|(.., key)| *key != first).take(4) {
                let label = format!("deleting a `{}` deletes its `{}`", name(whole), name(part));
                diagnostic = diagnostic.because(tables.columns[key].span, label);
            }
            let path: Vec<String> = std::iter::once(root.index())
                .chain(steps.iter().map(|&(part, ..)| part))
                .map(|index| format!("`{}`", name(index)))
                .collect();
            report.add(
                diagnostic
                    .note(format!("the longest way leads from {}", path.join(" to ")))
                    .help(format!("the limit is `[cascades] warn_at = {}`", cx.settings.cascade_warn_at)),
            );
        }
    }
}
