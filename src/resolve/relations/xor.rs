//! `{xor}` between associations: of the keys that store them, just one is set in each row (django-mapping 4).

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Because;
use crate::facts::{CheckFact, Column, ColumnKind, Count, Table, Tables, reason};
use crate::policy::naming;
use crate::resolve::Context;
use crate::source::Span;
use crate::uml::model::{Association, Constraint};
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, tables: &mut Tables) {
    let of_association = keys(cx, tables);
    for (constraint, (span, associations)) in drawn(cx) {
        // Keys of one table only: what stands in several tables no check can compare.
        let mut columns: BTreeMap<Id<Table>, Vec<Id<Column>>> = BTreeMap::new();
        for association in &associations {
            for &column in of_association.get(*association).into_iter().flatten() {
                columns.entry(tables.columns[column].table).or_default().push(column);
            }
        }
        let is_whole = columns.len() == 1 && associations.len() > 1;
        for (table, columns) in columns {
            let each_has_one =
                |association: &Id<Association>| of_association.get(*association).is_some_and(|keys| keys.len() == 1);
            if is_whole && associations.iter().all(each_has_one) {
                exclude(tables, table, columns, span);
                tables.enforced.push(constraint);
            }
        }
    }
}

/// The associations that each `{xor}` is drawn between. A constraint stands at everything that it constrains.
fn drawn(cx: &Context<'_>) -> BTreeMap<Element, (Span, Vec<Id<Association>>)> {
    let mut found: BTreeMap<Element, (Span, Vec<Id<Association>>)> = BTreeMap::new();
    for (id, association) in cx.model.associations.iter() {
        let ends = association.ends.iter().flat_map(|&end| &cx.model.properties[end].constraints);
        for constraint in association.constraints.iter().chain(ends).filter(|constraint| is_xor(constraint)) {
            let known = &mut found.entry(constraint.element).or_insert((constraint.body.span, Vec::new())).1;
            if !known.contains(&id) {
                known.push(id);
            }
        }
    }
    found
}

/// `xor`, `{XOR}`
pub(in crate::resolve) fn is_xor(constraint: &Constraint) -> bool {
    let says = |text: &str| text.trim().trim_matches(['{', '}']).trim().eq_ignore_ascii_case("xor");
    says(&constraint.body.value) || constraint.name.as_ref().is_some_and(|name| says(&name.value))
}

/// The keys that store each association.
fn keys(cx: &Context<'_>, tables: &Tables) -> Map<Association, Vec<Id<Column>>> {
    let mut of_element: BTreeMap<Element, Id<Association>> = BTreeMap::new();
    for (id, association) in cx.model.associations.iter() {
        of_element.insert(association.element, id);
        of_element.extend(association.ends.iter().map(|&end| (cx.model.properties[end].element, id)));
    }
    let mut found: Map<Association, Vec<Id<Column>>> = Map::new();
    for (id, column) in tables.columns.iter() {
        let is_key = matches!(&column.kind, ColumnKind::Key(key) if key.connection.is_some());
        let Some(&association) = of_element.get(&column.element).filter(|_| is_key) else { continue };
        match found.get_mut(association) {
            Some(keys) => keys.push(id),
            None => {
                found.insert(association, vec![id]);
            }
        }
    }
    found
}

fn exclude(tables: &mut Tables, table: Id<Table>, columns: Vec<Id<Column>>, span: Span) {
    let because = Because::Rule { name: "of associations that exclude each other one is there", at: Some(span) };
    for &column in &columns {
        let found = &mut tables.columns[column];
        if let ColumnKind::Key(key) = &mut found.kind
            && !key.null
        {
            key.null = true;
            found.reasons.push(reason("null", "another association may take its place", because.clone()));
        }
    }
    let first = naming::snake(&tables.columns[columns[0]].wish.text);
    tables.tables[table].checks.push(CheckFact {
        name: format!("{first}_xor"),
        reason: reason("a check on the keys", format!("{{xor}} between {} associations", columns.len()), because),
        columns,
        count: Count::ExactlyOne,
    });
}
