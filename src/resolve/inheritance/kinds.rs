//! Which rows a parent and its children may have: a row of an abstract class is a row of one of its children.

use super::Context;
use crate::facts::{Inheritance, reason_for};
use crate::policy::inheritance as policy;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

type Class = Id<Classifier>;

pub(super) fn run(cx: &Context<'_>, found: &mut Inheritance) {
    let children = children(found, cx.model.classifiers.len());
    for (class, classifier) in cx.model.classifiers.iter() {
        if !found.is_concrete(class) {
            continue;
        }
        let below = tables_below(found, &children, class);
        if classifier.is_abstract && !below.is_empty() {
            let decided = policy::is_covered(classifier.span);
            found.covered.insert(class, (below, reason_for(&decided, "a check in clean()")));
        }
    }
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
            if found.is_concrete(child) { below.push(child) } else { stack.push(child) }
        }
    }
    below.sort();
    below
}
