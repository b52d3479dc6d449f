//! What `clean()` refuses.

use super::Context;
use crate::decision::Reason;
use crate::django::Rule;
use crate::facts::{Table, TableSubject};
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// The rules of a table's model, and why.
pub(super) fn rules(cx: &Context<'_>, id: Id<Table>) -> (Vec<Rule>, Vec<Reason>) {
    let (mut rules, mut reasons) = (Vec::new(), Vec::new());
    if let TableSubject::Class(class) = cx.facts.tables().tables[id].subject {
        let inheritance = cx.facts.inheritance();
        if let Some((children, why)) = inheritance.covered.get(class) {
            rules.push(Rule::Covered { children: accessors(cx, children) });
            reasons.push(why.clone());
        }
        if let Some((siblings, why)) = inheritance.disjoint.get(class) {
            rules.push(Rule::Disjoint { siblings: accessors(cx, siblings) });
            reasons.push(why.clone());
        }
    }
    (rules, reasons)
}

/// The names by which a row of a parent knows its children: Django takes those of the classes, in lower case.
fn accessors(cx: &Context<'_>, classes: &[Id<Classifier>]) -> Vec<String> {
    let tables = classes.iter().filter_map(|class| cx.facts.tables().of_class.get(*class));
    let names = tables.filter_map(|table| cx.facts.names().tables.get(*table));
    names.map(|names| names.class.to_lowercase()).collect()
}
