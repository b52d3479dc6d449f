//! Which rows a parent and its children may have: a row of an abstract class is a row of one of its children, and generalization
//! sets may say that a row is one of their classes, or not two of them.

use super::Context;
use crate::decision::Reason;
use crate::facts::{Inheritance, KindRules, reason_for};
use crate::policy::inheritance as policy;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

type Class = Id<Classifier>;

/// A check of more classes would ask the database more often than it is worth.
const MANY: usize = 64;

pub(super) fn run(cx: &Context<'_>, found: &mut Inheritance) {
    let children = children(found, cx.model.classifiers.len());
    let (mut covered, mut disjoint) = (KindRules::new(), KindRules::new());
    for (class, classifier) in cx.model.classifiers.iter() {
        if !has_table(found, class) {
            continue;
        }
        let below = tables_below(found, &children, class);
        // A row of a proxy is a row of nothing else, and cannot be told from a bare one.
        let is_told = !below.is_empty() && !has_proxy(found, &children, class);
        if classifier.is_abstract && is_told {
            let decided = policy::is_covered(classifier.span);
            add(&mut covered, class, below, reason_for(&decided, "a check in clean()"));
        }
    }
    // What inherits from several classes: these share rows whatever a set says.
    let several: Vec<Class> =
        found.models.iter().map(|(class, _)| class).filter(|class| found.bases(*class).nth(1).is_some()).collect();
    for set in &cx.model.generalization_sets {
        // What has no table cannot be shared: each of its children has rows of its own.
        if !has_table(found, set.general) {
            continue;
        }
        let parts: Vec<Vec<Class>> =
            set.specials.iter().map(|&special| tables_of(found, &children, special, set.general)).collect();
        let mut all: Vec<Class> = parts.iter().flatten().copied().collect();
        all.sort();
        all.dedup();
        // A part without a table of its own cannot be told from the others by its rows.
        let is_told = parts.iter().all(|part| !part.is_empty());
        if set.is_covering && is_told {
            let decided = policy::covers(set.span);
            add(&mut covered, set.general, all.clone(), reason_for(&decided, "a check in clean()"));
        }
        if !set.is_disjoint {
            continue;
        }
        if all.len() > MANY {
            let decided = policy::too_many(set.span);
            if let Some((_, reasons)) = found.models.get_mut(set.general) {
                reasons.push(reason_for(&decided, "no check that its classes are disjoint"));
            }
            continue;
        }
        for (at, part) in parts.iter().enumerate() {
            for &class in part {
                let others = parts.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, part)| part);
                // Who is above or below the class shares its rows, and so does who is in both parts, or has a child with it.
                let is_stranger = |other: &Class| {
                    *other != class
                        && !part.contains(other)
                        && !found.ancestors(class).contains(other)
                        && !found.ancestors(*other).contains(&class)
                        && !several.iter().any(|both| {
                            let above = found.ancestors(*both);
                            above.contains(other) && above.contains(&class)
                        })
                };
                let mut siblings: Vec<Class> = others.copied().filter(is_stranger).collect();
                siblings.sort();
                siblings.dedup();
                if !siblings.is_empty() {
                    let decided = policy::is_disjoint(set.span);
                    add(&mut disjoint, class, siblings, reason_for(&decided, "a check in clean()"));
                }
            }
        }
    }
    found.covered = covered;
    found.disjoint = disjoint;
}

/// Notes a rule, unless it says nothing new.
fn add(rules: &mut KindRules, class: Class, classes: Vec<Class>, why: Reason) {
    match rules.get_mut(class) {
        Some(known) if known.iter().any(|(known, _)| *known == classes) => {}
        Some(known) => known.push((classes, why)),
        None => {
            rules.insert(class, vec![(classes, why)]);
        }
    }
}

fn has_table(found: &Inheritance, class: Class) -> bool {
    found.is_concrete(class) && !found.is_proxy(class)
}

/// The classes that have a class as their base.
fn children(found: &Inheritance, count: usize) -> Vec<Vec<Class>> {
    let mut children = vec![Vec::new(); count];
    for (class, _) in found.models.iter() {
        for parent in found.bases(class) {
            children[parent.class.index()].push(class);
        }
    }
    children
}

/// Whether a proxy uses the table of a class.
fn has_proxy(found: &Inheritance, children: &[Vec<Class>], class: Class) -> bool {
    let mut stack = vec![class];
    let mut seen = vec![false; children.len()];
    while let Some(at) = stack.pop() {
        for &child in &children[at.index()] {
            if found.is_proxy(child) {
                return true;
            }
            if !found.is_concrete(child) && !std::mem::replace(&mut seen[child.index()], true) {
                stack.push(child);
            }
        }
    }
    false
}

/// The tables whose rows are rows of a class, its own or the nearest below it, and of the class that is divided.
fn tables_of(found: &Inheritance, children: &[Vec<Class>], class: Class, general: Class) -> Vec<Class> {
    let mut tables = if has_table(found, class) { vec![class] } else { tables_below(found, children, class) };
    tables.retain(|table| found.ancestors(*table).contains(&general));
    tables
}

/// The nearest classes with a table below a class.
fn tables_below(found: &Inheritance, children: &[Vec<Class>], class: Class) -> Vec<Class> {
    let mut seen = vec![false; children.len()];
    let mut below = Vec::new();
    let mut stack = vec![class];
    while let Some(at) = stack.pop() {
        for &child in &children[at.index()] {
            if std::mem::replace(&mut seen[child.index()], true) {
                continue;
            }
            if has_table(found, child) { below.push(child) } else { stack.push(child) }
        }
    }
    below.sort();
    below
}
