//! What constraints are about: rows, values of rows, links.

use super::place::Placing;
use super::types::{Ty, Typed, absent};
use crate::account::Element;
use crate::django::logic::Term;
use crate::facts::{Column, ColumnKind, Facts, Named, Table, TableSubject};
use crate::resolve::Context;
use crate::source::Span;
use crate::uml::model::{Association, Classifier, Constraint, Property};
use crate::util::arena::Id;

/// A constraint and what it speaks about.
pub(super) struct Subject<'a> {
    pub(super) constraint: &'a Constraint,
    /// The tables whose rows it is about.
    pub(super) on: Vec<On>,
    /// Where that is drawn.
    pub(super) place: Span,
    /// What the place is.
    pub(super) of: Element,
}

/// What a rule is about.
#[derive(Clone, Copy)]
pub(super) enum On {
    /// Rows.
    Row(Id<Table>),
    /// A value of a row; shorthands may leave it out.
    Value(Id<Table>, Id<Column>),
    /// An embedded value of a row: its place in the table's list.
    Embedded(Id<Table>, usize),
    /// A link that a key stores: the rows that have it, the key, and the end that leads to them.
    Link(Id<Table>, Id<Column>, Id<Property>),
}

impl On {
    pub(super) fn table(self) -> Id<Table> {
        match self {
            Self::Row(table) | Self::Value(table, _) | Self::Embedded(table, _) | Self::Link(table, ..) => table,
        }
    }
}

/// All constraints of classes, attributes, data types and associations.
pub(super) fn subjects<'a>(cx: &Context<'a>, facts: &Facts) -> Vec<Subject<'a>> {
    let tables = facts.tables();
    let model = cx.model;
    let mut found = Vec::new();
    for (id, classifier) in model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
        let subject = |constraint, on: Vec<On>, place, of| Subject { constraint, on, place, of };
        let own = tables.of_class.get(id).copied();
        if !classifier.constraints.is_empty() {
            let on = own.map_or_else(|| of_type(cx, facts, id), |table| vec![On::Row(table)]);
            let each = classifier.constraints.iter();
            found.extend(each.map(|constraint| subject(constraint, on.clone(), classifier.span, classifier.element)));
        }
        for &attribute in &classifier.attributes {
            let property = &model.properties[attribute];
            if property.constraints.is_empty() {
                continue;
            }
            let on = own.map_or_else(Vec::new, |table| vec![of_attribute(facts, table, attribute, property.element)]);
            let each = property.constraints.iter();
            found.extend(each.map(|constraint| subject(constraint, on.clone(), property.span, property.element)));
        }
    }
    for (id, association) in model.associations.iter().filter(|(_, association)| !association.constraints.is_empty()) {
        let on: Vec<On> = of_association(cx, facts, id).into_iter().collect();
        if !on.is_empty() {
            found.extend(association.constraints.iter().map(|constraint| Subject {
                constraint,
                on: on.clone(),
                place: association.span,
                of: association.element,
            }));
        }
    }
    found
}

/// Where the links of an association are stored: in rows of their own, or in those that have the key.
fn of_association(cx: &Context<'_>, facts: &Facts, id: Id<Association>) -> Option<On> {
    let (model, tables) = (cx.model, facts.tables());
    let association = &model.associations[id];
    if let Some(class) = association.class {
        return tables.of_class.get(class).map(|&table| On::Row(table));
    }
    let is_own = |subject: TableSubject| match subject {
        TableSubject::Nary(nary) => nary == id,
        TableSubject::Links(connection) => facts.connections().binary[connection].association == Some(id),
        TableSubject::Class(_) | TableSubject::Values(..) | TableSubject::Upkeep(_) | TableSubject::Lookup(_) => false,
    };
    if let Some((table, _)) = tables.tables.iter().find(|(_, table)| is_own(table.subject)) {
        return Some(On::Row(table));
    }
    let mut keys = tables.columns.iter().filter(|(_, column)| match &column.kind {
        ColumnKind::Key(key) => {
            key.connection.is_some_and(|connection| facts.connections().binary[connection].association == Some(id))
        }
        ColumnKind::Value(_) | ColumnKind::Many(_) => false,
    });
    let (Some((id, key)), None) = (keys.next(), keys.next()) else { return None };
    let near = association.ends.iter().copied().find(|&end| model.properties[end].element != key.element)?;
    Some(On::Link(key.table, id, near))
}

/// An attribute that has a column of its own is the subject of its constraints, else its row is.
fn of_attribute(facts: &Facts, table: Id<Table>, attribute: Id<Property>, element: Element) -> On {
    let tables = facts.tables();
    let column = tables.tables[table].columns.iter().copied().find(|&column| {
        tables.columns[column].element == element && matches!(tables.columns[column].kind, ColumnKind::Value(_))
    });
    let whole = tables.tables[table].embedded.iter().position(|whole| whole.property == attribute);
    match (whole, column) {
        (Some(whole), _) => On::Embedded(table, whole),
        (None, Some(column)) => On::Value(table, column),
        (None, None) => On::Row(table),
    }
}

/// The values of a data type: where it is embedded, and the columns of attributes that have it as their type.
fn of_type(cx: &Context<'_>, facts: &Facts, class: Id<Classifier>) -> Vec<On> {
    let tables = facts.tables();
    let mut found = Vec::new();
    for (id, table) in tables.tables.iter() {
        for (at, whole) in table.embedded.iter().enumerate() {
            found.extend((whole.class == class).then_some(On::Embedded(id, at)));
        }
    }
    let of_element = cx
        .model
        .properties
        .values()
        .filter(|property| matches!(property.ty, crate::uml::model::Type::Classifier(of, _) if of == class));
    let elements: std::collections::BTreeSet<Element> = of_element.map(|property| property.element).collect();
    for (id, column) in tables.columns.iter() {
        let is_plain = matches!(column.kind, ColumnKind::Value(_)) && elements.contains(&column.element);
        let is_part =
            tables.tables[column.table].embedded.iter().any(|it| it.parts.iter().any(|(_, part)| *part == id));
        found.extend((is_plain && !is_part).then_some(On::Value(column.table, id)));
    }
    found
}

/// What `self` is.
pub(super) fn what<'a>(placing: &Placing<'_, 'a, '_>, on: On) -> Typed<'a> {
    let tables = placing.members.facts.tables();
    match on {
        On::Row(table) | On::Link(table, ..) => Typed::Value(Term::Row(0), Ty::Row(table)),
        On::Embedded(table, at) => match tables.tables[table].embedded.get(at) {
            Some(whole) => Typed::Embedded(whole, Term::Row(0), Vec::new()),
            None => Typed::Null,
        },
        On::Value(_, column) => match &tables.columns[column].kind {
            ColumnKind::Value(fact) => match Ty::of(fact) {
                Some(ty) => {
                    let of = Box::new(Term::Row(0));
                    Typed::Value(Term::Value { of, field: Named::Column(column), absent: absent(fact) }, ty)
                }
                None => Typed::Null,
            },
            _ => Typed::Null,
        },
    }
}
