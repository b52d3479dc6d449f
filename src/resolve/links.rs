//! Relations that need a table: links with attributes, orders or bounds, and associations with more than two ends.

use super::relations::{KeyWish, bounds, push_keys, targets};
use super::{Context, qualifiers};
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{
    Column, ColumnKind, Connection, End, Facts, LimitFact, ManyFact, MethodFact, MethodKind, Nary, Position, Table,
    TableRules, TableSubject, Tables, UniqueFact, Wish, reason,
};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::policy::plural;
use crate::source::Span;
use crate::uml::{Multiplicity, Upper};
use crate::util::arena::Id;
use crate::util::words;

/// Whether the links of a many-to-many relation need a table of ours, and why.
fn through(cx: &Context<'_>, facts: &Facts, connection: &Connection) -> Option<Reason> {
    let rule = |name: &'static str, at| Because::Rule { name, at: Some(at) };
    if let Some((_, because)) = facts.tags().text(connection.element, "through") {
        return Some(reason("a through model", "asked for", because.clone()));
    }
    for end in &connection.ends {
        let bounded = match end.multiplicity.value.upper {
            Upper::Finite(upper) => upper > 1,
            Upper::Unlimited => end.multiplicity.value.lower > 1,
        };
        let found = if end.ordered {
            Some(("the end is ordered", "an order needs a column at the link"))
        } else if end.nonunique && end.multiplicity.value.is_many() {
            Some(("the same pair may occur twice", "a bag of links needs rows of its own"))
        } else if !end.qualifiers.is_empty() {
            Some(("the end is qualified", "a qualifier is a column of the link"))
        } else if is_subset(cx, end) {
            Some(("the end is a subset", "what a link leads to is checked at the link"))
        } else if bounded {
            Some(("the end has bounds", "bounds are checked at the link"))
        } else {
            None
        };
        if let Some((why, name)) = found {
            return Some(reason("a through model", why, rule(name, end.span)));
        }
    }
    let constrained = connection.association.and_then(|id| {
        let constraints = &cx.model.associations[id].constraints;
        constraints.iter().find(|constraint| !super::relations::is_xor(constraint))
    });
    if let Some(constraint) = constrained {
        let because = rule("what holds for a link needs a place", constraint.body.span);
        return Some(reason("a through model", "the association has constraints of its own", because));
    }
    if cx.settings.rules.explicit_through {
        let because = Because::Setting { key: "rules.explicit_through".to_owned(), at: None };
        return Some(reason("a through model", "the settings want all of them explicit", because));
    }
    let by_database = if cx.settings.rules.database_deletes {
        Some(Because::Setting { key: "rules.database_deletes".to_owned(), at: None })
    } else {
        facts.connections().in_database.get(connection.ends[0].class).cloned()
    };
    by_database.map(|because| reason("a through model", "the database shall delete its links", because))
}

/// Whether an end is a subset of one that is stored.
fn is_subset(cx: &Context<'_>, end: &End) -> bool {
    let subsets = end.property.into_iter().flat_map(|end| &cx.model.properties[end].subsets);
    subsets
        .filter_map(|&general| cx.model.properties[general].association)
        .any(|association| !super::ends::is_derived(cx, association))
}

/// Whether a many-to-many relation needs a table of ours, so that a key must lead to its owner.
pub(super) fn needs_table(cx: &Context<'_>, facts: &Facts, connection: &Connection) -> bool {
    through(cx, facts, connection).is_some()
}

pub(super) fn many_to_many(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    id: Id<Connection>,
) {
    let connection = &facts.connections().binary[id];
    let Some((shape, reasons)) = &connection.shape else { return };
    let owner = shape.holder();
    let Some(&table) = tables.of_class.get(connection.ends[owner].class) else { return };
    let to = targets(cx, facts, tables, connection.ends[1 - owner].class);
    if !facts.inheritance().is_concrete(connection.ends[1 - owner].class) {
        if let Some(because) = super::relations::generic(cx, facts, connection, 1 - owner, &to) {
            if tables.tables[table].is_abstract {
                let otherwise = "neither has the class at the other end, so that it is left out".to_owned();
                super::relations::without_table(cx, report, connection, 1 - owner, &to, tables, Some(otherwise));
            } else {
                let why = reason("a through model", "rows of several tables are linked", because);
                link_table(cx, facts, report, tables, id, table, None, why);
            }
            return;
        }
        super::relations::without_table(cx, report, connection, 1 - owner, &to, tables, None);
        if to.is_empty() {
            return;
        }
    }
    let explicit = through(cx, facts, connection).filter(|_| !tables.tables[table].is_abstract);
    if let (Some(why), [target]) = (&explicit, &to[..]) {
        link_table(cx, facts, report, tables, id, table, Some(*target), why.clone());
        return;
    }
    for end in connection.ends.iter().filter(|end| end.multiplicity.value.lower > 0 && end.property.is_some()) {
        let at = super::ends::evidence(&end.multiplicity, end.span);
        bounds(cx, report, connection, end.multiplicity.value, at);
    }
    let several = to.len() > 1;
    for target in to {
        push_many(cx, facts, tables, id, owner, target, None, reasons.clone(), several);
    }
}

/// Adds the many-to-many field to the owner.
#[expect(clippy::too_many_arguments)]
fn push_many(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &mut Tables,
    id: Id<Connection>,
    owner: usize,
    to: Id<Table>,
    through: Option<(Id<Table>, Id<Column>, Id<Column>)>,
    reasons: Vec<Reason>,
    several: bool,
) {
    let connection = &facts.connections().binary[id];
    let Some(&table) = tables.of_class.get(connection.ends[owner].class) else { return };
    let (near, far) = (&connection.ends[owner], &connection.ends[1 - owner]);
    let element = far.property.map_or(connection.element, |end| cx.model.properties[end].element);
    let mut wish = super::relations::forward(cx, connection, 1 - owner, false);
    if several {
        let class = super::relations::plural_of(cx, &naming::snake(&tables.tables[to].wish.text));
        let text = format!("{}_{class}", naming::snake(&wish.text));
        wish = Wish::made(text, "the role and the implementing class");
    }
    let same_role = match (&near.role, &far.role) {
        (Some(near), Some(far)) => near.value == far.value,
        _ => false,
    };
    let asked = facts.tags().has(connection.element, "symmetrical").filter(|_| near.class == far.class);
    let symmetrical = near.class == far.class && same_role || asked.is_some();
    let mut reasons = reasons;
    reasons.extend(asked.map(|because| reason("symmetrical", "asked for", because.clone())));
    let reverse = if symmetrical {
        None
    } else {
        super::relations::backward(cx, facts, connection, owner, false, near.role.is_some())
    };
    let asked = facts.tags().text(element, "related_name");
    let reverse = match asked {
        Some((name, because)) if !symmetrical => {
            Some(Wish::drawn(name, because.place().unwrap_or(far.span), "asked for"))
        }
        _ => reverse,
    };
    tables.push(Column {
        table,
        element,
        span: far.span,
        wish,
        kind: ColumnKind::Many(ManyFact {
            to,
            through: through.map(|(table, ..)| table),
            through_keys: through.map(|(_, source, target)| (source, target)),
            reverse,
            required: false,
            symmetrical,
            connection: Some(id),
        }),
        reasons,
    });
}

pub(super) fn new_table(
    facts_table: TableSubject,
    from: &Table,
    connection_element: crate::account::Element,
    wish: Wish,
) -> Table {
    Table {
        subject: facts_table,
        element: connection_element,
        span: from.span,
        app: from.app,
        is_abstract: false,
        is_proxy: false,
        bases: Vec::new(),
        columns: Vec::new(),
        wish,
        part_of: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        rules: TableRules::default(),
        key: None,
        position: None,
        embedded: Vec::new(),
        is_user: false,
        reasons: Vec::new(),
    }
}

/// The table of the links of one relation; without a target they lead to rows of several tables.
#[expect(clippy::too_many_arguments)]
fn link_table(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    id: Id<Connection>,
    owner_table: Id<Table>,
    target: Option<Id<Table>>,
    why: Reason,
) {
    let connection = &facts.connections().binary[id];
    let Some((shape, reasons)) = &connection.shape else { return };
    let owner = shape.holder();
    let forward = super::relations::forward(cx, connection, 1 - owner, true);
    let owner_name = cx.model.classifier_name(connection.ends[owner].class);
    let asked = facts.tags().text(connection.element, "through").map(|(name, _)| name.to_owned());
    let text = asked.unwrap_or_else(|| format!("{owner_name}{}", words::pascal(&naming::snake(&forward.text))));
    let wish = Wish::made(text, "the owner and what it lists");
    let mut table = new_table(TableSubject::Links(id), &tables.tables[owner_table], connection.element, wish);
    table.span = connection.span;
    table.reasons = vec![why.clone()];
    let table = tables.tables.push(table);
    let key =
        |end: usize| KeyWish { table, end, one_to_one: false, null: false, nature: KeyNature::Link, singular: true };
    let link_reasons = vec![why.clone()];
    let source = push_keys(cx, facts, report, tables, id, key(owner), &link_reasons);
    let other = push_keys(cx, facts, report, tables, id, key(1 - owner), &link_reasons);
    if let (&[source], None) = (&source[..], target) {
        tables.tables[table].part_of = Some(source);
        if !connection.ends.iter().any(|end| end.nonunique) {
            let because = Because::Rule { name: "a pair is linked once", at: Some(connection.span) };
            let columns = std::iter::once(source).chain(other).collect();
            let reason = reason("a unique constraint", "no pair occurs twice", because);
            tables.tables[table].uniques.push(UniqueFact { columns, identifies: false, reason });
        }
        return;
    }
    let (&[source], &[other], Some(target)) = (&source[..], &other[..], target) else { return };
    // The keys of a link are named after the classes, which says more than a role in the plural.
    let classes = connection.ends.each_ref().map(|end| end.class);
    if classes[0] != classes[1] {
        for (column, end) in [(source, owner), (other, 1 - owner)] {
            let name = naming::snake(cx.model.classifier_name(classes[end]));
            tables.columns[column].wish = Wish::made(name, "the class at the end");
        }
    } else if connection.ends[owner].role.is_none() {
        let name = naming::snake(owner_name);
        tables.columns[source].wish = Wish::made(format!("from_{name}"), "the class that the link starts at");
    }
    for (end, here, there) in [(owner, source, other), (1 - owner, other, source)] {
        qualifiers::store(cx, facts, tables, connection, 1 - end, here, Some(there));
        if connection.ends[end].qualifiers.is_empty() {
            limit(tables, table, &connection.ends[1 - end], vec![here]);
        }
    }
    let ordered = [1 - owner, owner].into_iter().find(|&end| connection.ends[end].ordered);
    if let Some(end) = ordered {
        position(tables, connection, table, if end == owner { other } else { source });
    }
    let nonunique = connection.ends.iter().any(|end| end.nonunique);
    if !nonunique {
        let because = Because::Rule { name: "a pair is linked once", at: Some(connection.span) };
        let reason = reason("a unique constraint", "no pair occurs twice", because);
        tables.tables[table].uniques.push(UniqueFact { columns: vec![source, other], identifies: true, reason });
    }
    tables.tables[table].part_of = Some(source);
    for end in &connection.ends {
        let value = end.multiplicity.value;
        // With a qualifier at the other end, 1 is a constraint.
        if value.lower > 0 || matches!(value.upper, Upper::Finite(upper) if upper > 1) {
            bounds(cx, report, connection, value, super::ends::evidence(&end.multiplicity, end.span));
        }
    }
    let mut reasons = reasons.clone();
    reasons.push(why);
    push_many(cx, facts, tables, id, owner, target, Some((table, source, other)), reasons, false);
}

/// An association class: its table has a key to each end.
pub(super) fn association_class(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    id: Id<Connection>,
    table: Id<Table>,
) {
    let connection = &facts.connections().binary[id];
    let Some((shape, reasons)) = &connection.shape else { return };
    let because =
        Because::Rule { name: "an association class is a table with a key to each end", at: Some(connection.span) };
    let why = reason("a through model", "an association class", because.clone());
    tables.tables[table].reasons.push(why.clone());
    let many = [0, 1]
        .map(|end| crate::policy::relations::is_many(&connection.ends.each_ref().map(crate::facts::End::side), end));
    let mut keys: [Vec<Id<Column>>; 2] = [Vec::new(), Vec::new()];
    for end in [0, 1] {
        // Each object at this end has at most one link, if there is at most one object at the other end.
        let one_to_one = !many[1 - end];
        let what = if one_to_one { "OneToOneField" } else { "ForeignKey" };
        let wish = KeyWish { table, end, one_to_one, null: false, nature: KeyNature::Link, singular: true };
        let why = vec![reason(what, "an end of the association class", because.clone())];
        keys[end] = push_keys(cx, facts, report, tables, id, wish, &why);
        if many[end] {
            // A role in the plural names the objects of the other end, not what one link leads to.
            if let (Some(_), false) = (&connection.ends[end].role, connection.ends[0].class == connection.ends[1].class)
            {
                for &key in &keys[end] {
                    if keys_are_single(tables, key) {
                        let class = naming::snake(cx.model.classifier_name(connection.ends[end].class));
                        tables.columns[key].wish = Wish::made(class, "the class at the end");
                    }
                }
            }
        }
    }
    let nonunique = connection.ends.iter().any(|end| end.nonunique);
    let (&[first], &[second]) = (&keys[0][..], &keys[1][..]) else { return };
    let is_unique_anyway = !many[0] || !many[1];
    if !nonunique && !is_unique_anyway {
        let because = Because::Rule { name: "a pair is linked once", at: Some(connection.span) };
        let reason = reason("a unique constraint", "no pair occurs twice", because);
        tables.tables[table].uniques.push(UniqueFact { columns: vec![first, second], identifies: true, reason });
    }
    for (end, here, there) in [(0, first, second), (1, second, first)] {
        limit(tables, table, &connection.ends[1 - end], vec![here]);
        if !many[1 - end] {
            across(cx, tables, connection, 1 - end, here, there);
        }
    }
    let owner = shape.holder();
    let owner_key = if owner == 0 { first } else { second };
    if let Some(end) = [1 - owner, owner].into_iter().find(|&end| connection.ends[end].ordered && many[end]) {
        position(tables, connection, table, if end == 0 { second } else { first });
    }
    if tables.tables[table].part_of.is_none() {
        tables.tables[table].part_of = Some(owner_key);
    }
    let is_plain = !tables.tables[table].is_abstract
        && tables.of_class.get(connection.ends[owner].class).is_some_and(|&owner| !tables.tables[owner].is_abstract);
    if many[0] && many[1] && is_plain {
        let target = tables.key(if owner == 0 { second } else { first }).map(|key| key.to);
        if let Some(target) = target {
            let (source, other) = if owner == 0 { (first, second) } else { (second, first) };
            let mut reasons = reasons.clone();
            reasons.push(why);
            push_many(cx, facts, tables, id, owner, target, Some((table, source, other)), reasons, false);
        }
    }
}

fn keys_are_single(tables: &Tables, key: Id<Column>) -> bool {
    tables.key(key).is_some_and(|key| !key.null)
}

/// An association with more than two ends: a table with a key for each.
pub(super) fn nary(cx: &Context<'_>, facts: &Facts, report: &mut Report, tables: &mut Tables, nary: &Nary) {
    let association = &cx.model.associations[nary.association];
    let owners: Vec<Option<Id<Table>>> = nary
        .ends
        .iter()
        .map(|end| tables.of_class.get(end.class).copied().filter(|_| facts.inheritance().is_concrete(end.class)))
        .collect();
    let usable: Vec<(usize, Id<Table>)> =
        owners.iter().enumerate().filter_map(|(index, table)| Some((index, (*table)?))).collect();
    let Some(&(_, first)) = usable.first().filter(|_| usable.len() > 1) else { return };
    let mut diagnostic = Diagnostic::new(
        &codes::U0606,
        format!(
            "`{}` joins {} classes; it becomes a table with {} foreign keys",
            cx.elements.path(association.element),
            nary.ends.len(),
            usable.len()
        ),
    )
    .about(association.element)
    .here(association.span, "an association with more than two ends");
    for end in &nary.ends {
        diagnostic = diagnostic.because(end.span, "one of its ends");
    }
    report.add(diagnostic.help("draw a class in its place"));
    let because =
        Because::Rule { name: "an association with more than two ends is a table", at: Some(association.span) };
    let why = reason("a model", format!("an association with {} ends", nary.ends.len()), because);
    let own = association.class.and_then(|class| tables.of_class.get(class).copied());
    let table = own.unwrap_or_else(|| {
        let drawn = association.name.as_ref().filter(|name| !naming::snake(&name.value).is_empty());
        let wish = if let Some(name) = drawn {
            Wish::drawn(name.value.clone(), name.span, "the name of the association")
        } else {
            let names: Vec<String> =
                nary.ends.iter().map(|end| words::pascal(cx.model.classifier_name(end.class))).collect();
            Wish::made(names.concat(), "the classes that it joins")
        };
        let mut table =
            new_table(TableSubject::Nary(nary.association), &tables.tables[first], association.element, wish);
        if let Some(&app) = association.package.and_then(|package| facts.apps().of_package.get(package)) {
            table.app = app;
        }
        table.span = association.span;
        table.reasons = vec![why.clone()];
        tables.tables.push(table)
    });
    let holder = naming::snake(&tables.tables[table].wish.text);
    let mut keys = Vec::new();
    for &(index, to) in &usable {
        let end = &nary.ends[index];
        let class = naming::snake(cx.model.classifier_name(end.class));
        let wish = match &end.role {
            Some(role) => Wish::drawn(plural::singular(&naming::snake(&role.value)), role.span, "the role at the end"),
            None => Wish::made(class, "the class at the end"),
        };
        let element = end.property.map_or(association.element, |end| cx.model.properties[end].element);
        let key = super::relations::push_key(
            tables,
            super::relations::NewKey {
                table,
                to,
                one_to_one: false,
                null: false,
                nature: KeyNature::Link,
                connection: None,
                element,
                tagged: element,
                span: end.span,
                presence_at: end.span,
                wish,
                reverse: Some(Wish::made(super::relations::plural_of(cx, &holder), "the links of the row")),
                reasons: vec![why.clone()],
            },
        );
        keys.push((index, key));
    }
    let ones: Vec<usize> = keys
        .iter()
        .filter(|(index, _)| !nary.ends[*index].multiplicity.value.is_many())
        .map(|(index, _)| *index)
        .collect();
    let nonunique = nary.ends.iter().any(|end| end.nonunique);
    let mut push = |without: Option<usize>, why: &'static str| {
        let columns: Vec<Id<Column>> =
            keys.iter().filter(|(index, _)| Some(*index) != without).map(|(_, key)| *key).collect();
        let because = Because::Rule {
            name: "an end with at most one object is determined by the others",
            at: Some(association.span),
        };
        let reason = reason("a unique constraint", why, because);
        if columns.len() > 1 {
            tables.tables[table].uniques.push(UniqueFact { columns, identifies: without.is_none(), reason });
        }
    };
    for &one in &ones {
        push(Some(one), "the others determine this end");
    }
    if ones.is_empty() && !nonunique {
        push(None, "the same objects are linked once");
    }
    for &(index, key) in &keys {
        let others = keys.iter().map(|(_, other)| *other).filter(|other| *other != key).collect();
        limit(tables, table, &nary.ends[index], others);
    }
}

/// The property that leads over the only link of a row, whose key `here` leads to it, to the end `far`.
fn across(
    cx: &Context<'_>,
    tables: &mut Tables,
    connection: &Connection,
    far: usize,
    here: Id<Column>,
    there: Id<Column>,
) {
    let Some(to) = tables.key(here).map(|key| key.to) else { return };
    let wish = super::relations::forward(cx, connection, far, true);
    let because = Because::Rule { name: "the only link leads to one object", at: Some(connection.ends[far].span) };
    let reason =
        reason(format!("property `{}`", wish.text), "an association class with one object at this end", because);
    tables.tables[to].rules.methods.push(MethodFact { wish, kind: MethodKind::Across { here, there }, reason });
}

/// A lower bound of many: no table can have it, and forms ask for so many rows.
pub(super) fn least(tables: &mut Tables, key: Id<Column>, value: Multiplicity, at: Span) {
    let ColumnKind::Key(fact) = &mut tables.columns[key].kind else { return };
    if value.lower > 0 {
        fact.least = value.lower;
        let because = Because::Rule { name: "forms ask for as many as there must be", at: Some(at) };
        let why = reason(format!("at least {}", value.lower), format!("multiplicity {value}"), because);
        tables.columns[key].reasons.push(why);
    }
}

/// An upper bound above 1: rows that are alike in `columns` lead to the objects at the end.
pub(super) fn limit(tables: &mut Tables, table: Id<Table>, end: &End, columns: Vec<Id<Column>>) {
    let value = end.multiplicity.value;
    if let [key] = columns[..]
        && value.is_many()
    {
        least(tables, key, value, end.span);
    }
    let Upper::Finite(most) = value.upper else { return };
    if most < 2 || columns.is_empty() {
        return;
    }
    let at = super::ends::evidence(&end.multiplicity, end.span);
    let because = Because::Rule { name: "an upper bound above 1 is checked in clean()", at: Some(at) };
    let reason = reason("a rule in clean()", format!("multiplicity {}", end.multiplicity.value), because);
    tables.tables[table].rules.limits.push(LimitFact { columns, most, reason });
}

/// The place of a row among those of `owner`.
pub(super) fn position(tables: &mut Tables, connection: &Connection, table: Id<Table>, owner: Id<Column>) {
    let first = tables.tables[table].position.is_none();
    let name = if first {
        "position".to_owned()
    } else {
        format!("{}_position", naming::snake(&tables.columns[owner].wish.text))
    };
    let position = super::relations::position_column(tables, table, connection.element, connection.span, &name);
    if first && !tables.tables[table].is_abstract {
        tables.tables[table].position = Some(Position { owner, position });
    }
}
