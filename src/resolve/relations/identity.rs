//! What identifies a row together: ends that are {id} beside such attributes, and, where it is asked for, keys of several columns.

use std::collections::BTreeSet;

use crate::account::Element;
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::FieldKind;
use crate::facts::{Column, ColumnKind, Facts, Table, TableSubject, Tables, UniqueFact, reason};
use crate::resolve::Context;
use crate::resolve::types::is_drawn_id;
use crate::source::Span;
use crate::util::arena::Id;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report, tables: &mut Tables) {
    let ids: BTreeSet<Element> = cx
        .model
        .properties
        .values()
        .filter(|property| is_drawn_id(facts, property))
        .map(|property| property.element)
        .collect();
    let classes: Vec<Id<Table>> = tables.of_class.iter().map(|(_, &table)| table).collect();
    for &table in &classes {
        ends(&ids, tables, table);
    }
    for table in classes {
        let element = tables.tables[table].element;
        if let Some((_, because)) =
            facts.tags().text(element, "key").filter(|(key, _)| key.eq_ignore_ascii_case("composite"))
        {
            composite(cx, report, tables, table, because);
        }
    }
}

/// Of a part that is known by a number within its whole, the key to the whole is a part of what identifies it.
fn ends(ids: &BTreeSet<Element>, tables: &mut Tables, table: Id<Table>) {
    let own = tables.tables[table].columns.iter().copied();
    let drawn: Vec<Id<Column>> = own.filter(|&column| ids.contains(&tables.columns[column].element)).collect();
    let (mut columns, values): (Vec<Id<Column>>, Vec<Id<Column>>) = drawn
        .into_iter()
        .filter(|&column| !matches!(tables.columns[column].kind, ColumnKind::Many(_)))
        .partition(|&column| tables.key(column).is_some());
    let is_single = |column: Id<Column>| match &tables.columns[column].kind {
        ColumnKind::Value(value) => value.primary_key,
        ColumnKind::Key(key) => key.one_to_one,
        ColumnKind::Many(_) => true,
    };
    let Some(&first) = columns.first() else { return };
    columns.extend(values);
    if columns.iter().any(|&column| is_single(column)) {
        return;
    }
    tables.tables[table].uniques.retain(|unique| !unique.identifies);
    let name = "several {id} properties are unique together";
    let because = Because::Rule { name, at: Some(tables.columns[first].span) };
    let reason = reason("a unique constraint", format!("{} properties are {{id}}", columns.len()), because);
    tables.tables[table].uniques.push(UniqueFact { columns, identifies: true, reason });
}

/// The tag `key = composite`: what identifies the rows is their primary key, if nothing must lead to them.
fn composite(cx: &Context<'_>, report: &mut Report, tables: &mut Tables, table: Id<Table>, because: &Because) {
    let own = &tables.tables[table];
    let (element, span) = (own.element, own.span);
    let is_joined = tables.ancestors(table).into_iter().any(|above| !tables.tables[above].is_abstract);
    let place = own.uniques.iter().position(|unique| {
        unique.identifies
            && unique.columns.len() > 1
            && unique.columns.iter().all(|&column| can_be_part(tables, column))
    });
    let Some(place) = place.filter(|_| !own.is_abstract && !own.is_proxy && !own.is_user && !is_joined) else {
        let takes = "nothing here: the key is several {id} attributes or ends that are always there, with short values, \
                     or both ends of an association class";
        let path = cx.elements.path(element);
        report.add(
            Diagnostic::new(&codes::U1004, format!("tag `key` of `{path}` is `composite`; it takes {takes}"))
                .about(element)
                .here(because.place().unwrap_or(span), "left out"),
        );
        return;
    };
    if let Some((at, who)) = reference(cx, tables, table) {
        let count = own.uniques[place].columns.len();
        let path = cx.elements.path(element);
        report.add(
            Diagnostic::new(
                &codes::U0901,
                format!("`{path}` has a key of {count} columns, and {who}; Django has no such foreign key"),
            )
            .about(element)
            .here(at, "leads to its rows")
            .because(because.place().unwrap_or(span), "the key is asked for here")
            .note("it keeps the key `id`, and the columns are unique together")
            .help("take the tag `key` out, or what leads there"),
        );
        return;
    }
    let unique = tables.tables[table].uniques.remove(place);
    let why = format!("{} columns identify a row", unique.columns.len());
    let reason = reason("CompositePrimaryKey", why, because.clone());
    tables.tables[table].key = Some(UniqueFact { reason, ..unique });
}

/// Whether a column can be a part of a key.
fn can_be_part(tables: &Tables, column: Id<Column>) -> bool {
    match &tables.columns[column].kind {
        ColumnKind::Value(value) => {
            let is_long = matches!(
                value.kind,
                FieldKind::Text | FieldKind::Json | FieldKind::Binary | FieldKind::Array(_) | FieldKind::File { .. }
            );
            !value.null && !value.blank && !is_long
        }
        ColumnKind::Key(key) => !key.null,
        ColumnKind::Many(_) => false,
    }
}

/// What leads to the rows of a table: its place, and who it is.
fn reference(cx: &Context<'_>, tables: &Tables, table: Id<Table>) -> Option<(Span, String)> {
    let path = |id: Id<Table>| cx.elements.path(tables.tables[id].element);
    for (_, column) in tables.columns.iter() {
        let leads = match &column.kind {
            ColumnKind::Key(key) => key.to == table,
            // An automatic table of links has a key to both sides.
            ColumnKind::Many(many) => many.through.is_none() && (many.to == table || column.table == table),
            ColumnKind::Value(_) => false,
        };
        if leads {
            let holder = &tables.tables[column.table];
            let who = match (holder.subject, &column.kind) {
                (TableSubject::Values(..), _) => format!("the values of `{}` refer to it", path(column.table)),
                (_, ColumnKind::Many(_)) => format!("`{}` is a relation to many", column.wish.text),
                _ => format!("`{}` of `{}` refers to it", column.wish.text, path(column.table)),
            };
            return Some((column.span, who));
        }
    }
    if let Some(generic) = tables.generics.iter().find(|generic| generic.targets.contains(&table)) {
        return Some((generic.span, format!("`{}` of `{}` refers to it", generic.wish.text, path(generic.table))));
    }
    let (child, below) = tables.tables.iter().find(|(_, other)| other.bases.contains(&table))?;
    Some((below.span, format!("`{}` specialises it", path(child))))
}
