//! References to rows of several tables: a content type and a key, where a key for each class would be too many
//! (django-mapping 4).

use super::keys::{KeyWish, forward, way_back};
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::{FieldKind, ForeignKey, ModelKey, OnDelete};
use crate::facts::{
    CheckFact, Column, ColumnKind, Connection, Count, Facts, GenericFact, Table, Tables, UniqueFact, ValueFact, Wish,
    reason,
};
use crate::policy::deletion as policy;
use crate::policy::naming;
use crate::policy::relations;
use crate::resolve::Context;
use crate::util::arena::Id;

/// Whether a relation to a class without table is stored as content type and key, and why.
pub(in crate::resolve) fn asked(
    cx: &Context<'_>,
    facts: &Facts,
    connection: &Connection,
    end: usize,
    targets: &[Id<Table>],
) -> Option<Because> {
    if targets.is_empty() {
        return None;
    }
    let element = connection.ends[end].property.map_or(connection.element, |end| cx.model.properties[end].element);
    let tags = facts.tags();
    if let Some(because) = tags.has(connection.element, "generic").or_else(|| tags.has(element, "generic")) {
        return Some(because.clone());
    }
    let rule = Because::Rule { name: "a key for each class ends at four", at: Some(connection.ends[end].span) };
    (targets.len() > relations::MANY_TARGETS).then_some(rule)
}

/// Adds the two columns and the reference that they make; the columns in this order.
#[expect(clippy::too_many_arguments)]
pub(super) fn push(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    id: Id<Connection>,
    wish: KeyWish,
    targets: Vec<Id<Table>>,
    because: &Because,
    reasons: &[Reason],
) -> Vec<Id<Column>> {
    let connection = &facts.connections().binary[id];
    let far = &connection.ends[wish.end];
    let element = far.property.map_or(connection.element, |end| cx.model.properties[end].element);
    let name = forward(cx, connection, wish.end, wish.singular);
    let stem = naming::snake(&name.text);
    let class = cx.model.classifier_name(far.class);
    let why = reason(
        "GenericForeignKey",
        format!("{class} has no table, and {} classes are one", targets.len()),
        because.clone(),
    );
    let column = |tables: &mut Tables, name: String, kind: FieldKind, reasons: Vec<Reason>| {
        let mut value = ValueFact::new(kind, element);
        (value.null, value.blank) = (wish.null, wish.null);
        // The constraint or index on both columns begins with the content type.
        value.db_index = matches!(value.kind, FieldKind::ForeignKey(_)).then_some(false);
        tables.push(Column {
            table: wish.table,
            element,
            span: far.span,
            wish: Wish::made(name, "the role and what it says of the row"),
            kind: ColumnKind::Value(value),
            reasons,
        })
    };
    let content_type = FieldKind::ForeignKey(Box::new(ForeignKey {
        to: ModelKey::new("contenttypes", "ContentType"),
        on_delete: OnDelete::Cascade,
        related_name: Some("+".to_owned()),
        parent_link: false,
        to_field: None,
        limit: None,
    }));
    let (key_kind, why_kind) = relations::generic_key(targets.iter().map(|&target| key_kind(tables, target)));
    let rule = Because::Rule { name: why_kind, at: Some(far.span) };
    let mut of_kind = reasons.to_vec();
    of_kind.push(why.clone());
    let kind = column(tables, format!("{stem}_type"), content_type, of_kind);
    let key = column(tables, format!("{stem}_id"), key_kind, vec![why.clone(), reason("the key", why_kind, rule)]);
    if wish.one_to_one {
        let because = Because::Rule { name: "each row is referred to once", at: Some(connection.span) };
        let reason = reason("a unique constraint", "one at most at the other end", because);
        tables.tables[wish.table].uniques.push(UniqueFact { columns: vec![kind, key], identifies: false, reason });
    }
    if wish.null {
        let because = Because::Rule { name: "a content type without a key leads nowhere", at: Some(far.span) };
        tables.tables[wish.table].checks.push(CheckFact {
            columns: vec![kind, key],
            count: Count::AllOrNone,
            name: format!("{stem}_both"),
            reason: reason("a check constraint", "both or none", because),
        });
    }
    let on_delete = on_delete(cx, facts, report, connection, wish);
    let leads_back = matches!(on_delete.0, OnDelete::Cascade | OnDelete::Protect);
    tables.generics.push(GenericFact {
        table: wish.table,
        kind,
        key,
        targets,
        element,
        span: far.span,
        // Also to one row at most, the way back is a manager.
        reverse: way_back(cx, facts, tables, connection, KeyWish { one_to_one: false, ..wish }).filter(|_| leads_back),
        wish: name,
        on_delete,
        reason: why,
    });
    vec![kind, key]
}

/// What the key of a table's rows is.
fn key_kind(tables: &Tables, table: Id<Table>) -> FieldKind {
    let table = tables.storage(table);
    let line = std::iter::once(table).chain(tables.ancestors(table));
    let mut columns = line.flat_map(|table| &tables.tables[table].columns);
    let key = columns.find_map(|&column| match &tables.columns[column].kind {
        ColumnKind::Value(value) if value.primary_key => Some(value.kind.clone()),
        _ => None,
    });
    key.unwrap_or(FieldKind::BigAuto)
}

/// What happens when the row that it leads to goes: Django knows no rule for it, but goes the way back.
fn on_delete(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    connection: &Connection,
    wish: KeyWish,
) -> (OnDelete, Reason) {
    let far = &connection.ends[wish.end];
    let element = far.property.map_or(connection.element, |end| cx.model.properties[end].element);
    let tags = facts.tags();
    let asked = tags.text(element, "on_delete").or_else(|| tags.text(connection.element, "on_delete"));
    if let Some((text, because)) = asked
        && let Some(rule) = policy::parse(text)
    {
        if let Some(rule) = policy::generic(&rule) {
            let why = reason(format!("on_delete {}", rule.name()), "asked for", because.clone());
            return (rule, why);
        }
        let (path, name) = (cx.elements.path(element), rule.name().to_lowercase());
        report.add(
            Diagnostic::new(&codes::U0805, format!("`{name}` on `{path}`, which leads to rows of several tables"))
                .about(element)
                .here(super::super::deletion::place(because).unwrap_or(far.span), "cannot be used here")
                .help("take `cascade`, `protect` or `do_nothing`"),
        );
    }
    let (rule, why) = policy::on_delete(wish.nature, !wish.null);
    let rule = policy::generic(&rule).unwrap_or(OnDelete::DoNothing);
    let (decision, why) = match rule {
        OnDelete::DoNothing => ("on_delete DO_NOTHING".to_owned(), "what is gone is read as nothing"),
        _ => (format!("on_delete {}", rule.name()), why),
    };
    let because = Because::Rule { name: why, at: Some(far.span) };
    (rule, reason(decision, why, because))
}
