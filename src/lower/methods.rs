//! Methods that follow relations.

use super::Context;
use crate::decision::Reason;
use crate::django::Method;
use crate::django::method::{Follow, MethodKind};
use crate::facts::{Column, ColumnKind, MethodKind as Kind, Table, Way};
use crate::util::arena::Id;

/// The methods of a table's model, and why.
pub(super) fn methods(cx: &Context<'_>, id: Id<Table>) -> (Vec<Method>, Vec<Reason>) {
    let facts = &cx.facts.tables().tables[id].rules.methods;
    let names = cx.facts.names().methods.get(id).map_or(&[][..], Vec::as_slice);
    let (mut methods, mut reasons) = (Vec::new(), Vec::new());
    for (fact, name) in facts.iter().zip(names) {
        if let Some(kind) = kind(cx, &fact.kind) {
            methods.push(Method { name: name.clone(), kind });
            reasons.push(fact.reason.clone());
        }
    }
    (methods, reasons)
}

fn kind(cx: &Context<'_>, kind: &Kind) -> Option<MethodKind> {
    let tables = cx.facts.tables();
    let target = kind.target(tables).map(|table| cx.key(table));
    match kind {
        Kind::Across { here, there } => {
            Some(MethodKind::Across { link: back(cx, *here)?, to: name(cx, *there)?, model: target? })
        }
        Kind::Union(ways) => {
            let follows: Vec<Follow> = ways.iter().filter_map(|way| follow(cx, *way)).collect();
            (!follows.is_empty()).then_some(MethodKind::Union(follows))
        }
        Kind::Qualified { here, there, columns, is_one } => Some(MethodKind::Qualified {
            rows: back(cx, *here)?,
            fields: columns.iter().map(|&column| name(cx, column)).collect::<Option<_>>()?,
            to: match there {
                Some(there) => Some(name(cx, *there)?),
                None => None,
            },
            model: target?,
            holder: cx.key(tables.columns[*here].table),
            is_one: *is_one,
        }),
    }
}

fn name(cx: &Context<'_>, column: Id<Column>) -> Option<String> {
    cx.facts.names().columns.get(column).map(|(name, _)| name.clone())
}

/// The way back, where it has one name.
fn back(cx: &Context<'_>, column: Id<Column>) -> Option<String> {
    cx.facts.names().reverse.get(column).map(|(name, _)| name.clone()).filter(|name| !name.contains('%'))
}

/// A relation from one side; `None` where it has no name there.
pub(super) fn follow(cx: &Context<'_>, way: Way) -> Option<Follow> {
    let kind = &cx.facts.tables().columns[way.column()].kind;
    let (name, is_many) = match way {
        Way::Forward(column) => (name(cx, column)?, matches!(kind, ColumnKind::Many(_))),
        Way::Back(column) => (back(cx, column)?, !matches!(kind, ColumnKind::Key(key) if key.one_to_one)),
    };
    Some(Follow { name, is_many })
}
