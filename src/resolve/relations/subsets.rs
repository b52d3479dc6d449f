//! Ends that are subsets of other ends, and unions of their subsets (django-mapping 4).

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Because;
use crate::facts::{Column, ColumnKind, Facts, MethodFact, MethodKind, SubsetFact, Table, Tables, Way, Wish, reason};
use crate::policy::deletion::KeyNature;
use crate::resolve::Context;
use crate::resolve::ends::is_derived;
use crate::uml::model::{Association, Property};
use crate::util::arena::{Id, Map};

/// The fields that store each association: its keys, or one many-to-many relation. Keys of links are not among them.
type Stored = Map<Association, Vec<Id<Column>>>;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    if cx.model.properties.values().all(|property| property.subsets.is_empty()) {
        return;
    }
    let stored = stored(cx, facts, tables);
    for (id, property) in cx.model.properties.iter() {
        for &general in &property.subsets {
            subset(cx, tables, &stored, id, general);
        }
    }
    for (id, property) in cx.model.properties.iter() {
        if property.association.is_some_and(|association| is_derived(cx, association)) {
            union(cx, tables, &stored, id);
        }
    }
}

fn stored(cx: &Context<'_>, facts: &Facts, tables: &Tables) -> Stored {
    let mut of_element: BTreeMap<Element, Id<Association>> = BTreeMap::new();
    for (id, association) in cx.model.associations.iter() {
        of_element.insert(association.element, id);
    }
    let mut found = Stored::new();
    for (id, column) in tables.columns.iter() {
        let connection = match &column.kind {
            ColumnKind::Key(key) if key.nature != KeyNature::Link => key.connection,
            ColumnKind::Many(many) => many.connection,
            _ => None,
        };
        let association = connection.and_then(|connection| facts.connections().binary[connection].association);
        let Some(association) = association else { continue };
        match found.get_mut(association) {
            Some(columns) => columns.push(id),
            None => {
                found.insert(association, vec![id]);
            }
        }
    }
    found
}

/// A key that stores a subset leads to something that the other relation leads to as well.
fn subset(cx: &Context<'_>, tables: &mut Tables, stored: &Stored, end: Id<Property>, general: Id<Property>) {
    let property = &cx.model.properties[end];
    let only = |end: Id<Property>| {
        let association = cx.model.properties[end].association?;
        match stored.get(association)?[..] {
            [only] => Some(only),
            _ => None,
        }
    };
    let (Some(column), Some(other)) = (only(end), only(general)) else { return };
    if column == other {
        return;
    }
    if tables.key(column).is_none() {
        links(cx, tables, column, other, [end, general]);
        return;
    }
    // The key may store the end itself or, seen from its class, the opposite of it.
    let leads_to_end = tables.columns[column].element == property.element;
    let Some(towards) = (if leads_to_end { Some(general) } else { cx.model.opposite(general) }) else { return };
    let table = tables.columns[column].table;
    let Some(of) = way(cx, tables, table, other, towards) else { return };
    let because = Because::Rule { name: "a subset holds nothing else", at: Some(property.span) };
    let name = cx.model.properties[general].name.as_ref().map_or("the other end", |name| name.value.as_str());
    let why = reason("a rule in clean()", format!("a subset of {name}"), because);
    tables.tables[table].rules.subsets.push(SubsetFact { column, via: None, of, reason: why });
}

/// A link that stores a subset leads to something that the other relation leads to as well.
fn links(
    cx: &Context<'_>,
    tables: &mut Tables,
    column: Id<Column>,
    other: Id<Column>,
    [end, general]: [Id<Property>; 2],
) {
    let (property, found) = (&cx.model.properties[end], &tables.columns[column]);
    let ColumnKind::Many(many) = &found.kind else { return };
    let (Some(through), Some((source, target))) = (many.through, many.through_keys) else { return };
    let (from, to) = if found.element == property.element { (source, target) } else { (target, source) };
    let Some(start) = tables.key(from).map(|key| key.to) else { return };
    let Some(of) = way(cx, tables, start, other, general) else { return };
    let because = Because::Rule { name: "a subset holds nothing else", at: Some(property.span) };
    let name = cx.model.properties[general].name.as_ref().map_or("the other end", |name| name.value.as_str());
    let why = reason("a rule in clean()", format!("a subset of {name}"), because);
    tables.tables[through].rules.subsets.push(SubsetFact { column: to, via: Some(from), of, reason: why });
}

/// How rows of `table` follow the relation that `column` stores towards an end.
fn way(cx: &Context<'_>, tables: &Tables, table: Id<Table>, column: Id<Column>, towards: Id<Property>) -> Option<Way> {
    let is_above = |other: Id<Table>| other == table || tables.ancestors(table).contains(&other);
    let found = &tables.columns[column];
    if found.element == cx.model.properties[towards].element {
        return is_above(found.table).then_some(Way::Forward(column));
    }
    let to = match &found.kind {
        ColumnKind::Key(key) => key.to,
        ColumnKind::Many(many) if !many.symmetrical => many.to,
        _ => return None,
    };
    is_above(to).then_some(Way::Back(column))
}

/// An end that is derived from its subsets is a property with all that they lead to.
fn union(cx: &Context<'_>, tables: &mut Tables, stored: &Stored, end: Id<Property>) {
    let mut ways: BTreeMap<Id<Table>, Vec<Way>> = BTreeMap::new();
    let subsets: Vec<Id<Property>> =
        cx.model.properties.iter().filter(|(_, property)| property.subsets.contains(&end)).map(|(id, _)| id).collect();
    let holders: Vec<Id<Table>> =
        subsets.iter().filter_map(|&subset| class_of(cx, tables, cx.model.opposite(subset)?)).collect();
    for &holder in &holders {
        for &subset in &subsets {
            let columns = cx.model.properties[subset].association.and_then(|association| stored.get(association));
            for &column in columns.into_iter().flatten() {
                let known = ways.entry(holder).or_default();
                known.extend(way(cx, tables, holder, column, subset).filter(|way| !known.contains(way)));
            }
        }
    }
    let property = &cx.model.properties[end];
    let Some(name) = property.name.as_ref().filter(|name| !name.value.trim().is_empty()) else { return };
    for (table, ways) in ways.into_iter().filter(|(_, ways)| !ways.is_empty()) {
        let because = Because::Rule { name: "a derived union is all of its subsets", at: Some(property.span) };
        let why = reason(format!("property `{}`", name.value), format!("a union of {}", ways.len()), because);
        let wish = Wish::drawn(name.value.clone(), name.span, "the derived end");
        tables.tables[table].rules.methods.push(MethodFact { wish, kind: MethodKind::Union(ways), reason: why });
    }
}

/// The table of the class at an end.
fn class_of(cx: &Context<'_>, tables: &Tables, end: Id<Property>) -> Option<Id<Table>> {
    match cx.model.properties[end].ty {
        crate::uml::model::Type::Classifier(class, _) => tables.of_class.get(class).copied(),
        _ => None,
    }
}
