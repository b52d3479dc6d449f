//! Keys: one for a class with a table, one for each implementing class of another.

use super::{counted, generic, targets, without_table};
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::Report;
use crate::facts::{CheckFact, Column, ColumnKind, Connection, Count, Facts, KeyFact, Table, Tables, Wish, reason};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::policy::plural;
use crate::resolve::Context;
use crate::source::Span;
use crate::uml::model::Aggregation;
use crate::util::arena::Id;

/// A key to be made for one end of a relation.
#[derive(Clone, Copy)]
pub(in crate::resolve) struct KeyWish {
    /// Where it stands.
    pub(in crate::resolve) table: Id<Table>,
    /// The end that it leads to.
    pub(in crate::resolve) end: usize,
    /// Whether it is unique.
    pub(in crate::resolve) one_to_one: bool,
    /// Whether it may be empty.
    pub(in crate::resolve) null: bool,
    /// For the rule of deletion.
    pub(in crate::resolve) nature: KeyNature,
    /// The role names many, the key leads to one of them: a link.
    pub(in crate::resolve) singular: bool,
}

/// Everything about a key.
pub(in crate::resolve) struct NewKey {
    pub(in crate::resolve) table: Id<Table>,
    pub(in crate::resolve) to: Id<Table>,
    pub(in crate::resolve) one_to_one: bool,
    pub(in crate::resolve) null: bool,
    pub(in crate::resolve) nature: KeyNature,
    pub(in crate::resolve) connection: Option<Id<Connection>>,
    pub(in crate::resolve) element: Element,
    pub(in crate::resolve) tagged: Element,
    pub(in crate::resolve) span: Span,
    pub(in crate::resolve) presence_at: Span,
    pub(in crate::resolve) wish: Wish,
    pub(in crate::resolve) reverse: Option<Wish>,
    pub(in crate::resolve) reasons: Vec<Reason>,
}

pub(in crate::resolve) fn push_key(tables: &mut Tables, key: NewKey) -> Id<Column> {
    tables.push(Column {
        table: key.table,
        element: key.element,
        span: key.span,
        wish: key.wish,
        kind: ColumnKind::Key(KeyFact {
            least: 0,
            to: key.to,
            one_to_one: key.one_to_one,
            null: key.null,
            nature: key.nature,
            connection: key.connection,
            tagged: key.tagged,
            reverse: key.reverse,
            presence_at: key.presence_at,
        }),
        reasons: key.reasons,
    })
}

/// Why a key is there, for the rule of deletion.
pub(super) fn nature(connection: &Connection, holder: usize) -> KeyNature {
    match (connection.ends[holder].aggregation, connection.ends[1 - holder].aggregation) {
        (Aggregation::Composite, _) => KeyNature::Whole,
        (Aggregation::None, Aggregation::None) => KeyNature::Plain,
        _ => KeyNature::Shared,
    }
}

/// The keys that store one end of a relation; several if the class there has no table, none where rows of
/// many tables are referred to by content type.
pub(in crate::resolve) fn push_keys(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    id: Id<Connection>,
    wish: KeyWish,
    reasons: &[Reason],
) -> Vec<Id<Column>> {
    let connection = &facts.connections().binary[id];
    let far = &connection.ends[wish.end];
    let to = targets(cx, facts, tables, far.class);
    let has_table = facts.inheritance().is_concrete(far.class);
    if !has_table {
        let generic = generic::asked(cx, facts, connection, wish.end, &to);
        let otherwise = generic
            .as_ref()
            .map(|_| format!("it becomes a reference by content type: {} implement it", counted(to.len())));
        without_table(cx, report, connection, wish.end, &to, tables, otherwise);
        if let Some(because) = generic {
            return generic::push(cx, facts, report, tables, id, wish, to, &because, reasons);
        }
        if to.is_empty() {
            return Vec::new();
        }
    }
    let several = to.len() > 1;
    let element = far.property.map_or(connection.element, |end| cx.model.properties[end].element);
    let forward = forward(cx, connection, wish.end, wish.singular);
    let presence_at = crate::resolve::ends::evidence(&far.multiplicity, far.span);
    let mut keys = Vec::new();
    for &target in &to {
        let mut name = forward.clone();
        if several {
            let class = naming::snake(&tables.tables[target].wish.text);
            name =
                Wish::made(format!("{}_{class}", naming::snake(&forward.text)), "the role and the implementing class");
        }
        let reverse = way_back(cx, facts, tables, connection, wish);
        keys.push(push_key(
            tables,
            NewKey {
                table: wish.table,
                to: target,
                one_to_one: wish.one_to_one,
                null: wish.null || several,
                nature: wish.nature,
                connection: Some(id),
                element,
                tagged: element,
                span: far.span,
                presence_at,
                wish: name,
                reverse,
                reasons: reasons.to_vec(),
            },
        ));
    }
    if several {
        let count = if wish.null { Count::AtMostOne } else { Count::ExactlyOne };
        let because = Because::Rule { name: "one key for each class that implements the target", at: Some(far.span) };
        let why = format!("{} has no table", cx.model.classifier_name(far.class));
        tables.tables[wish.table].checks.push(CheckFact {
            columns: keys.clone(),
            count,
            name: format!("{}_one", naming::snake(&forward.text)),
            reason: reason("a check on the keys", why, because),
        });
    }
    keys
}

/// The name of the way back that a key shall have, or a tag asks for.
pub(super) fn way_back(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &Tables,
    connection: &Connection,
    wish: KeyWish,
) -> Option<Wish> {
    let (far, near) = (&connection.ends[wish.end], &connection.ends[1 - wish.end]);
    let element = far.property.map_or(connection.element, |end| cx.model.properties[end].element);
    let asked =
        facts.tags().text(element, "related_name").or_else(|| facts.tags().text(connection.element, "related_name"));
    match asked {
        Some((name, because)) => Some(Wish::drawn(name, because.place().unwrap_or(connection.span), "asked for")),
        None if wish.singular => {
            let holder = naming::snake(&tables.tables[wish.table].wish.text);
            let name = if wish.one_to_one { holder } else { plural_of(cx, &holder) };
            Some(Wish::made(name, "the links of the row"))
        }
        None => backward(cx, facts, connection, 1 - wish.end, wish.one_to_one, near.role.is_some()),
    }
}

/// The name of a relation on the side that holds it: the role at the far end, else the class there.
pub(in crate::resolve) fn forward(cx: &Context<'_>, connection: &Connection, far: usize, singular: bool) -> Wish {
    let end = &connection.ends[far];
    let many = end.multiplicity.value.is_many();
    if let Some(role) = &end.role {
        let text = if singular && many { plural::singular(&naming::snake(&role.value)) } else { role.value.clone() };
        return Wish::drawn(text, role.span, "the role at the end");
    }
    let class = naming::snake(cx.model.classifier_name(end.class));
    let text = if many && !singular { plural_of(cx, &class) } else { class.clone() };
    let association = connection
        .association
        .and_then(|id| cx.model.associations[id].name.as_ref())
        .map(|name| naming::snake(&name.value))
        .filter(|name| !name.is_empty());
    let why = "the class at the end, which has no role";
    Wish::made(text.clone(), why).or(association.map(|name| format!("{text}_{name}")))
}

/// The name of the way back: the role at the near end, else the holder.
pub(in crate::resolve) fn backward(
    cx: &Context<'_>,
    facts: &Facts,
    connection: &Connection,
    near: usize,
    one_to_one: bool,
    has_role: bool,
) -> Option<Wish> {
    let _ = facts;
    let end = &connection.ends[near];
    if let Some(role) = end.role.as_ref().filter(|_| has_role) {
        return Some(Wish::drawn(role.value.clone(), role.span, "the role at the near end"));
    }
    if cx.settings.rules.strict_navigability && end.navigable == Some(false) {
        return None;
    }
    let class = naming::snake(cx.model.classifier_name(end.class));
    Some(if one_to_one {
        Wish::made(class, "the holder; the near end has no role")
    } else {
        Wish::made(plural_of(cx, &class), "plural of the holder; the near end has no role")
    })
}

/// The plural, or `<name>_set` if the settings say so.
pub(in crate::resolve) fn plural_of(cx: &Context<'_>, name: &str) -> String {
    if cx.settings.english_plurals { plural::plural(name) } else { format!("{name}_set") }
}
