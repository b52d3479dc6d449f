//! Pass 7: what happens to the holder of a key when the referenced row goes.

use std::collections::BTreeSet;

use super::Context;
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::OnDelete;
use crate::facts::{Column, Facts, KeyFact, Table, Tables, reason};
use crate::policy::deletion::{self as policy, KeyNature};
use crate::util::arena::{Id, Map};

type Rules = Map<Column, (OnDelete, Reason)>;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Rules {
    let tables = facts.tables();
    let children = tables.children();
    let mut rules = Rules::new();
    let mut asked = BTreeSet::new();
    for (id, key) in keys(tables) {
        let (rule, why, is_asked) = first(cx, facts, report, id, key);
        if is_asked {
            asked.insert(id);
        }
        rules.insert(id, (rule, why));
    }
    let above = cascades(tables, &children, &rules);
    let protected: Vec<Id<Column>> = rules
        .iter()
        .filter(|(id, (rule, _))| *rule == OnDelete::Protect && !asked.contains(id))
        .map(|(id, _)| id)
        .collect();
    let mut reach: Map<Table, BTreeSet<usize>> = Map::new();
    for id in protected {
        let Some(key) = tables.key(id) else { continue };
        let to = key.to;
        let holders = tables.holders(&children, tables.columns[id].table);
        let ancestor = holders.into_iter().find_map(|holder| {
            let of_holder = ancestors(&above, &mut reach, holder);
            let of_target = ancestors(&above, &mut reach, to);
            of_holder.intersection(&of_target).copied().find(|&node| holder != to || node != holder.index())
        });
        if let Some(node) = ancestor {
            let name = &tables.tables[Id::new(node)].wish.text;
            let because = Because::Rule {
                name: "what dies together with its target does not protect it",
                at: Some(tables.columns[id].span),
            };
            let why = reason("on_delete RESTRICT", format!("deleting {name} deletes both"), because);
            rules.insert(id, (OnDelete::Restrict, why));
        }
    }
    far_reaching(cx, report, tables, &children, &rules);
    rules
}

fn keys(tables: &Tables) -> impl Iterator<Item = (Id<Column>, &KeyFact)> {
    tables.columns.ids().filter_map(|id| Some((id, tables.key(id)?)))
}

/// The rule by tag or setting, else by the kind of relation.
fn first(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    id: Id<Column>,
    key: &KeyFact,
) -> (OnDelete, Reason, bool) {
    let column = &facts.tables().columns[id];
    let relation = key.connection.map(|connection| facts.connections().binary[connection].element);
    let tags = facts.tags();
    let asked = tags
        .text(key.tagged, "on_delete")
        .or_else(|| relation.and_then(|relation| tags.text(relation, "on_delete")))
        .filter(|_| !matches!(key.nature, KeyNature::Parent | KeyNature::Owner));
    if let Some((text, because)) = asked {
        match policy::parse(text) {
            Some(rule) if policy::is_possible(rule, key.null, false) => {
                let why = reason(format!("on_delete {}", rule.name()), "asked for", because.clone());
                return (rule, why, true);
            }
            _ => {
                let mut diagnostic = Diagnostic::new(
                    &codes::U0805,
                    format!("`{text}` is no rule of deletion that `{}` can have", cx.elements.path(column.element)),
                )
                .about(column.element)
                .note("`set_null` needs an optional end, `set_default` a default")
                .help("it is one of `cascade`, `protect`, `restrict`, `set_null`, `do_nothing`");
                if let Because::Tag(span) | Because::Setting { at: Some(span), .. } = because {
                    diagnostic = diagnostic.here(*span, "cannot be used here");
                }
                report.add(diagnostic);
            }
        }
    }
    // A key that lost its lower bound to a cycle protects as drawn.
    let required = match key.connection {
        Some(connection) if matches!(key.nature, KeyNature::Plain | KeyNature::Shared) => {
            let ends = &facts.connections().binary[connection].ends;
            ends.iter()
                .find(|end| end.property.is_some_and(|end| cx.model.properties[end].element == column.element))
                .map_or(!key.null, |end| end.multiplicity.value.is_required())
        }
        _ => !key.null,
    };
    let (rule, why) = policy::on_delete(key.nature, required);
    let because = Because::Rule { name: why, at: Some(key.presence_at) };
    (rule, reason(format!("on_delete {}", rule.name()), why, because), false)
}

/// For each table, those whose deletion deletes its rows.
fn cascades(tables: &Tables, children: &[Vec<Id<Table>>], rules: &Rules) -> Vec<Vec<usize>> {
    let mut above = vec![Vec::new(); tables.tables.len()];
    for (id, key) in keys(tables) {
        if rules.get(id).is_some_and(|(rule, _)| *rule == OnDelete::Cascade) {
            for holder in tables.holders(children, tables.columns[id].table) {
                above[holder.index()].push(key.to.index());
            }
        }
    }
    // The row of a parent and that of its child go together.
    for (id, table) in tables.tables.iter() {
        for base in &table.bases {
            if !tables.tables[*base].is_abstract && !table.is_abstract {
                above[id.index()].push(base.index());
                above[base.index()].push(id.index());
            }
        }
    }
    above
}

fn ancestors(above: &[Vec<usize>], known: &mut Map<Table, BTreeSet<usize>>, table: Id<Table>) -> BTreeSet<usize> {
    if let Some(found) = known.get(table) {
        return found.clone();
    }
    let mut found = BTreeSet::from([table.index()]);
    let mut stack = vec![table.index()];
    while let Some(at) = stack.pop() {
        for &next in &above[at] {
            if found.insert(next) {
                stack.push(next);
            }
        }
    }
    known.insert(table, found.clone());
    found
}

/// Roots whose deletion deletes rows of many tables.
fn far_reaching(cx: &Context<'_>, report: &mut Report, tables: &Tables, children: &[Vec<Id<Table>>], rules: &Rules) {
    let mut below: Vec<Vec<(usize, Id<Column>)>> = vec![Vec::new(); tables.tables.len()];
    let mut has_whole = vec![false; tables.tables.len()];
    for (id, key) in keys(tables) {
        if key.nature == KeyNature::Whole && rules.get(id).is_some_and(|(rule, _)| *rule == OnDelete::Cascade) {
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
        let mut queue = std::collections::VecDeque::from([(root.index(), 0)]);
        let (mut count, mut deepest) = (0, 0);
        while let Some((at, depth)) = queue.pop_front() {
            deepest = deepest.max(depth);
            for &(next, _) in &below[at] {
                if !std::mem::replace(&mut seen[next], true) {
                    count += 1;
                    queue.push_back((next, depth + 1));
                }
            }
        }
        if count > cx.settings.cascade_warn_at {
            let first = below[root.index()][0].1;
            report.add(
                Diagnostic::new(
                    &codes::U0803,
                    format!("deleting a `{}` deletes rows of {count} classes", table.wish.text),
                )
                .about(table.element)
                .here(tables.columns[first].span, "the first composition")
                .note(format!("compositions lead {deepest} classes deep"))
                .help(format!("the limit is `[cascades] warn_at = {}`", cx.settings.cascade_warn_at)),
            );
        }
    }
}
