//! What `clean()` refuses.

use super::Context;
use super::constraints::code;
use super::methods::follow;
use super::model::field_name;
use crate::decision::{Because, Reason};
use crate::django::{Rule, rule};
use crate::facts::{Column, ColumnKind, Named, Table, TableSubject, Way, reason};
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// The rules of a table's model, and why.
pub(super) fn rules(cx: &Context<'_>, id: Id<Table>) -> (Vec<Rule>, Vec<Reason>) {
    let (mut rules, mut reasons) = (Vec::new(), Vec::new());
    if let TableSubject::Class(class) = cx.facts.tables().tables[id].subject {
        let inheritance = cx.facts.inheritance();
        for (children, why) in inheritance.covered.get(class).into_iter().flatten() {
            rules.push(Rule::Covered { children: accessors(cx, children) });
            reasons.push(why.clone());
        }
        let kind = inheritance.kinds.get(class).filter(|kind| kind.is_single);
        if let (Some(kind), Some(&column)) = (kind, cx.facts.tables().discriminators.get(class))
            && kind.members.iter().all(|(member, _)| *member != class)
        {
            rules.push(Rule::Kind { field: field_name(cx, column) });
            reasons.push(kind.reason.clone());
        }
        for (siblings, why) in inheritance.disjoint.get(class).into_iter().flatten() {
            rules.push(Rule::Disjoint { siblings: accessors(cx, siblings) });
            reasons.push(why.clone());
        }
    }
    if let TableSubject::Class(class) = cx.facts.tables().tables[id].subject {
        let (narrowed, why) = narrowed(cx, id, class);
        rules.extend(narrowed);
        reasons.extend(why);
    }
    for (column, of) in cx.facts.tables().hosted.iter() {
        // Those above say it themselves.
        if of.iter().any(|(table, required)| *table == id && *required) {
            rules.push(Rule::Narrowed { field: field_name(cx, column), validators: Vec::new(), required: true });
        }
    }
    let table = &cx.facts.tables().tables[id].rules;
    let name = |column| cx.facts.names().columns.get(column).map(|(name, _)| name.clone());
    for limit in &table.limits {
        let by: Option<Vec<String>> = limit.columns.iter().map(|&column| name(column)).collect();
        rules.extend(by.map(|by| Rule::Limit { by, most: limit.most }));
        reasons.push(limit.reason.clone());
    }
    for subset in &table.subsets {
        let (Some(field), Some(of)) = (name(subset.column), follow(cx, subset.of)) else { continue };
        let via = subset.via.and_then(name);
        let is_key = matches!(subset.of, Way::Forward(_)) && !of.is_many && via.is_none();
        rules.push(Rule::Subset { field, via, of: of.name, is_key });
        reasons.push(subset.reason.clone());
    }
    for (generic, names) in cx.facts.tables().generics.iter().zip(&cx.facts.names().generics) {
        if generic.table == id {
            rules.push(Rule::Generic { name: names.name.clone() });
            let because =
                Because::Rule { name: "no database checks a reference by content type", at: Some(generic.span) };
            reasons.push(reason("a rule in clean()", format!("`{}` leads to a row", names.name), because));
        }
    }
    for invariant in cx.facts.invariants().cleaned.get(id).into_iter().flatten() {
        let Some(test) = invariant.test.map(&mut |named| self::named(cx, *named)) else { continue };
        rules.push(Rule::Invariant {
            test,
            message: invariant.message.clone(),
            code: code(invariant.name.as_deref()),
            field: invariant.at.and_then(name),
        });
        reasons.push(invariant.reason.clone());
    }
    for overlap in cx.facts.indexes().overlaps.get(id).into_iter().flatten() {
        if overlap.range.is_none() {
            let name = |column: &Id<Column>| field_name(cx, *column);
            let by = overlap.by.iter().map(name).collect();
            rules.push(Rule::NoOverlap { start: name(&overlap.start), end: name(&overlap.end), by });
            reasons.push(overlap.reason.clone());
        }
    }
    (rules, reasons)
}

/// What attributes refuse that inherited ones, whose columns they have, allow.
fn narrowed(cx: &Context<'_>, id: Id<Table>, class: Id<Classifier>) -> (Vec<Rule>, Vec<Reason>) {
    let (mut rules, mut reasons) = (Vec::new(), Vec::new());
    let (inheritance, tables) = (cx.facts.inheritance(), cx.facts.tables());
    for attribute in cx.facts.types().of(class) {
        let Some(fact) = inheritance.narrowed.get(attribute.property) else { continue };
        let element = cx.model.properties[fact.above].element;
        let columns = tables.ancestors(id).into_iter().flat_map(|above| &tables.tables[above].columns);
        let column = columns.copied().find(|&column| tables.columns[column].element == element);
        let Some((name, _)) = column.and_then(|column| cx.facts.names().columns.get(column)) else { continue };
        let (validators, required) = (fact.validators.clone(), fact.required);
        rules.push(Rule::Narrowed { field: name.clone(), validators, required });
        reasons.push(fact.reason.clone());
    }
    (rules, reasons)
}

pub(super) fn named(cx: &Context<'_>, named: Named) -> Option<rule::Named> {
    Some(match named {
        Named::Column(column) => {
            let name = cx.facts.names().columns.get(column)?.0.clone();
            // The code, not the row that it leads to: that would be a query.
            let is_code = matches!(&cx.facts.tables().columns[column].kind, ColumnKind::Value(value) if cx.facts.tables().lookup(value).is_some());
            rule::Named::Field(if is_code { format!("{name}_id") } else { name })
        }
        Named::Back(column) => rule::Named::Field(follow(cx, Way::Back(column))?.name),
        Named::Table(table) => rule::Named::Model(cx.key(table)),
        Named::Enumeration(class) => rule::Named::Choices(cx.choices(class)?),
    })
}

/// The names by which a row of a parent knows its children: Django takes those of the classes, in lower case.
fn accessors(cx: &Context<'_>, classes: &[Id<Classifier>]) -> Vec<String> {
    let tables = classes.iter().filter_map(|class| cx.facts.tables().of_class.get(*class));
    let names = tables.filter_map(|table| cx.facts.names().tables.get(*table));
    names.map(|names| names.class.to_lowercase()).collect()
}
