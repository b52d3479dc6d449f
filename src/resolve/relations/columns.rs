//! Columns of attributes.

use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::FieldKind;
use crate::facts::{
    Attribute, AttributeKind, CheckFact, Column, ColumnKind, Count, EmbeddedFact, Facts, LimitFact, ManyFact, Part,
    Position, Table, TableRules, TableSubject, Tables, UniqueFact, ValueFact, Wish, reason,
};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::policy::plural;
use crate::resolve::Context;
use crate::resolve::types::{is_id, name, rule};
use crate::uml::model::{Classifier, Property};
use crate::uml::multiplicity::Upper;
use crate::util::arena::Id;

use super::keys::{NewKey, plural_of, push_key};

/// What Django's `AbstractUser` has already.
const USER_FIELDS: &[&str] = &[
    "id",
    "username",
    "user_name",
    "password",
    "email",
    "first_name",
    "last_name",
    "is_active",
    "is_staff",
    "is_superuser",
    "last_login",
    "date_joined",
    "groups",
    "user_permissions",
];

/// The columns of a class's own attributes, those of copied data types first.
pub(super) fn attributes(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    tables: &mut Tables,
    class: Id<Classifier>,
    table: Id<Table>,
) {
    if let Some(why) = facts.inheritance().explicit_key.get(class) {
        let has_key = facts
            .types()
            .of(class)
            .iter()
            .any(|attribute| matches!(&attribute.kind, AttributeKind::Column(value) if value.primary_key));
        if !has_key {
            let classifier = &cx.model.classifiers[class];
            let mut value = ValueFact::new(FieldKind::BigAuto, classifier.element);
            value.primary_key = true;
            let text = format!("{}_id", naming::snake(cx.model.classifier_name(class)));
            tables.push(Column {
                table,
                element: classifier.element,
                span: classifier.span,
                wish: Wish::made(text, "the class and `id`"),
                kind: ColumnKind::Value(value),
                reasons: vec![why.clone()],
            });
        }
    }
    let copied: Vec<Id<Classifier>> = facts.inheritance().copied.get(class).cloned().unwrap_or_default();
    let mut ids = Vec::new();
    for source in copied.into_iter().chain([class]) {
        for attribute in facts.types().of(source) {
            user_has_it(cx, report, tables, table, attribute);
            let columns = push_attribute(cx, facts, tables, class, table, attribute);
            if is_id(cx, facts, attribute.property) {
                ids.extend(columns);
            }
        }
    }
    let is_key =
        |column: &Id<Column>| matches!(&tables.columns[*column].kind, ColumnKind::Value(value) if value.primary_key);
    if ids.len() > 1 && !ids.iter().any(is_key) {
        let because = Because::Rule {
            name: "several {id} attributes are unique together",
            at: Some(tables.columns[ids[0]].span),
        };
        let reason = reason("a unique constraint", format!("{} attributes are {{id}}", ids.len()), because);
        tables.tables[table].uniques.push(UniqueFact { columns: ids, identifies: true, reason });
    }
}

fn is_of_user(cx: &Context<'_>, tables: &Tables, table: Id<Table>, attribute: &Attribute) -> bool {
    let name = naming::snake(name(&cx.model.properties[attribute.property]));
    tables.tables[table].is_user && USER_FIELDS.contains(&name.as_str())
}

/// Django's user has some attributes already.
fn user_has_it(cx: &Context<'_>, report: &mut Report, tables: &Tables, table: Id<Table>, attribute: &Attribute) {
    if !is_of_user(cx, tables, table, attribute) || matches!(attribute.kind, AttributeKind::Nothing) {
        return;
    }
    let property = &cx.model.properties[attribute.property];
    report.add(
        Diagnostic::new(
            &codes::U0705,
            format!(
                "`{}` repeats a field of Django's user; it gets no column of its own",
                cx.elements.path(property.element)
            ),
        )
        .about(property.element)
        .here(property.span, "every user has it")
        .help("take it out, or give it another name"),
    );
}

fn push_attribute(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &mut Tables,
    class: Id<Classifier>,
    table: Id<Table>,
    attribute: &Attribute,
) -> Vec<Id<Column>> {
    let property = &cx.model.properties[attribute.property];
    let inheritance = facts.inheritance();
    if inheritance.repeated.contains(attribute.property) || is_of_user(cx, tables, table, attribute) {
        return Vec::new();
    }
    let mut reasons = attribute.reasons.clone();
    let mut wish = wish(cx, attribute);
    if let Some(why) = inheritance.renamed.get(attribute.property) {
        wish = Wish {
            text: format!("{}_{}", naming::snake(cx.model.classifier_name(class)), naming::snake(&wish.text)),
            why: "the class and the attribute, whose name is taken above",
            ..wish
        };
        reasons.push(why.clone());
    }
    let column = |tables: &mut Tables, wish: Wish, value: ValueFact, reasons: Vec<Reason>| {
        let at_least = value.check_min;
        let id = tables.push(Column {
            table,
            element: property.element,
            span: property.span,
            wish,
            kind: ColumnKind::Value(value),
            reasons,
        });
        if let Some(least) = at_least {
            let because = rule("the type says so", property.span);
            tables.tables[table].checks.push(CheckFact {
                columns: vec![id],
                count: Count::AtLeast(least),
                name: "min".to_owned(),
                reason: reason(format!("at least {least}"), "the type has no smaller values", because),
            });
        }
        id
    };
    match &attribute.kind {
        AttributeKind::Column(value) => {
            if value.primary_key {
                let joined = tables.ancestors(table).into_iter().any(|above| !tables.tables[above].is_abstract);
                if joined && naming::is_key(name(property)) {
                    return Vec::new();
                }
                if joined {
                    // The parent's key is that of the child; this one is still unique.
                    let value = ValueFact { primary_key: false, unique: true, ..value.clone() };
                    return vec![column(tables, wish, value, reasons)];
                }
                if inheritance.explicit_key.contains(class) {
                    wish.text = format!("{}_id", naming::snake(cx.model.classifier_name(class)));
                }
            }
            vec![column(tables, wish, value.clone(), reasons)]
        }
        AttributeKind::Embedded { class: ty, parts, optional } => {
            let mut ids = Vec::new();
            let mut found = Vec::new();
            for part in parts {
                let text = part_name(cx, &naming::snake(&wish.text), part);
                let wish = Wish { text, why: "the attribute and the part", ..wish.clone() };
                let reasons = [reasons.as_slice(), part.reasons.as_slice()].concat();
                let id = column(tables, wish, part.value.clone(), reasons);
                ids.push(id);
                found.push((part.path.clone(), id));
            }
            whole(cx, tables, table, attribute, parts, &ids, *optional, &naming::snake(&wish.text));
            tables.tables[table].embedded.push(EmbeddedFact {
                property: attribute.property,
                class: *ty,
                optional: *optional,
                parts: found,
            });
            ids
        }
        AttributeKind::Links(to) => {
            let Some(lookup) = tables.lookups.get(*to) else { return Vec::new() };
            let to = lookup.table;
            let required = property.multiplicity.is_some_and(|written| written.value.is_required());
            if required {
                let because = rule("forms ask for as many as there must be", property.span);
                reasons.push(reason("at least one", "the multiplicity says so", because));
            }
            let many = ManyFact {
                to,
                through: None,
                through_keys: None,
                reverse: None,
                required,
                symmetrical: false,
                connection: None,
            };
            tables.push(Column {
                table,
                element: property.element,
                span: property.span,
                wish,
                kind: ColumnKind::Many(many),
                reasons,
            });
            Vec::new()
        }
        AttributeKind::Values { parts, ordered, nonunique } => {
            // Below an abstract model each table has values of its own.
            let owners =
                if tables.tables[table].is_abstract { tables.holders(&tables.children(), table) } else { vec![table] };
            for owner in owners {
                let class = match tables.tables[owner].subject {
                    TableSubject::Class(class) => class,
                    _ => class,
                };
                values(cx, facts, tables, class, owner, attribute, parts, *ordered, *nonunique);
            }
            Vec::new()
        }
        AttributeKind::Constant { .. } | AttributeKind::Nothing => Vec::new(),
    }
}

/// An optional value is there as a whole or not at all; so are optional values in it.
#[expect(clippy::too_many_arguments)]
fn whole(
    cx: &Context<'_>,
    tables: &mut Tables,
    table: Id<Table>,
    attribute: &Attribute,
    parts: &[Part],
    columns: &[Id<Column>],
    optional: bool,
    name: &str,
) {
    let is_required =
        |id: &Id<Property>| cx.model.properties[*id].multiplicity.is_none_or(|written| written.value.is_required());
    let mut groups: Vec<Vec<Id<Property>>> = if optional { vec![Vec::new()] } else { Vec::new() };
    for part in parts {
        for length in 1..part.path.len() {
            let prefix = part.path[..length].to_vec();
            if !is_required(&part.path[length - 1]) && !groups.contains(&prefix) {
                groups.push(prefix);
            }
        }
    }
    for group in groups {
        let mandatory: Vec<Id<Column>> = parts
            .iter()
            .zip(columns)
            .filter(|(part, _)| part.value.null && part.path.starts_with(&group))
            .filter(|(part, _)| part.path[group.len()..].iter().all(is_required))
            .map(|(_, &column)| column)
            .collect();
        if mandatory.len() < 2 {
            continue;
        }
        let span = cx.model.properties[attribute.property].span;
        let because = rule("a value is there as a whole or not at all", span);
        let mut words = vec![name.to_owned()];
        words.extend(group.iter().map(|&id| naming::snake(crate::resolve::types::name(&cx.model.properties[id]))));
        words.push("whole".to_owned());
        tables.tables[table].checks.push(CheckFact {
            columns: mandatory,
            count: Count::AllOrNone,
            name: words.join("_"),
            reason: reason("a check on the parts", "an optional value of a data type", because),
        });
    }
}

fn wish(cx: &Context<'_>, attribute: &Attribute) -> Wish {
    let property = &cx.model.properties[attribute.property];
    if let Some(name) = property.name.as_ref().filter(|name| !name.value.trim().is_empty()) {
        Wish::drawn(name.value.trim(), name.span, "the name of the attribute")
    } else {
        let ty = match &property.ty {
            crate::uml::model::Type::Classifier(class, _) => cx.model.classifier_name(*class).to_owned(),
            crate::uml::model::Type::Named(named) => named.value.to_string(),
            _ => "value".to_owned(),
        };
        Wish::made(ty, "the name of the type; the attribute has none")
    }
}

fn part_name(cx: &Context<'_>, attribute: &str, part: &Part) -> String {
    let mut names: Vec<String> = Vec::new();
    if !attribute.is_empty() {
        names.push(attribute.to_owned());
    }
    names.extend(part.path.iter().map(|&id| naming::snake(name(&cx.model.properties[id]))));
    names.retain(|name| !name.is_empty());
    if names.is_empty() { "value".to_owned() } else { names.join("_") }
}

/// The table of a many-valued attribute.
#[expect(clippy::too_many_arguments)]
fn values(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &mut Tables,
    class: Id<Classifier>,
    owner: Id<Table>,
    attribute: &Attribute,
    parts: &[Part],
    ordered: bool,
    nonunique: bool,
) {
    let property = &cx.model.properties[attribute.property];
    let wish = match facts.tags().text(property.element, "name") {
        Some((name, because)) => Wish::drawn(name, because.place().unwrap_or(property.span), "asked for"),
        None => wish(cx, attribute),
    };
    let drawn = naming::snake(&wish.text);
    let class_name = cx.model.classifier_name(class);
    let text = format!("{class_name} {}", plural::singular(&drawn));
    let table = tables.tables.push(Table {
        subject: TableSubject::Values(class, attribute.property),
        element: property.element,
        span: property.span,
        app: tables.tables[owner].app,
        is_abstract: false,
        is_proxy: false,
        bases: Vec::new(),
        columns: Vec::new(),
        wish: Wish::made(text, "the class and the attribute in the singular"),
        part_of: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        rules: TableRules::default(),
        key: None,
        position: None,
        embedded: Vec::new(),
        is_user: false,
        reasons: attribute.reasons.clone(),
    });
    let because = rule("a value belongs to its owner", property.span);
    let holder = naming::snake(class_name);
    let key = push_key(
        tables,
        NewKey {
            table,
            to: owner,
            one_to_one: false,
            null: false,
            nature: KeyNature::Owner,
            connection: None,
            element: property.element,
            tagged: property.element,
            span: property.span,
            presence_at: property.span,
            wish: Wish::made(holder.clone(), "the class that has the values"),
            reverse: Some(match wish.drawn {
                Some(_) => wish,
                None => Wish::made(plural_of(cx, &drawn), "the values"),
            }),
            reasons: vec![reason("ForeignKey to the owner", "many values per owner", because)],
        },
    );
    let mut columns = vec![key];
    let mut can_be_unique = true;
    for part in parts {
        let text = part_name(cx, "", part);
        let is_long = matches!(part.value.kind, FieldKind::Json | FieldKind::Text | FieldKind::Binary);
        let is_optional = part.path.len() > 1 && part.value.null;
        can_be_unique &= !is_long && !is_optional;
        let id = tables.push(Column {
            table,
            element: part.path.last().map_or(property.element, |&id| cx.model.properties[id].element),
            span: property.span,
            wish: Wish::made(text, "the value"),
            kind: ColumnKind::Value(part.value.clone()),
            reasons: [attribute.reasons.as_slice(), part.reasons.as_slice()].concat(),
        });
        columns.push(id);
    }
    if ordered {
        let position = position_column(tables, table, property.element, property.span, "position");
        tables.tables[table].position = Some(Position { owner: key, position });
    }
    if !nonunique && can_be_unique {
        let because = rule("the values of an attribute are unique unless it says otherwise", property.span);
        let reason = reason("a unique constraint", "an owner has each value once", because);
        tables.tables[table].uniques.push(UniqueFact { columns, identifies: false, reason });
    }
    // At least so many cannot be asked of a table: its rows come one after the other, and after their owner.
    if let Some(written) = property.multiplicity.filter(|written| written.value.is_many()) {
        super::super::links::least(tables, key, written.value, written.span);
    }
    if let Some(written) = property.multiplicity
        && let Upper::Finite(most) = written.value.upper
        && written.value.is_many()
    {
        let because = rule("no constraint counts rows", written.span);
        let reason = reason(format!("at most {most}"), format!("multiplicity {}", written.value), because);
        tables.tables[table].rules.limits.push(LimitFact { columns: vec![key], most, reason });
    }
    tables.tables[table].part_of = Some(key);
}

/// The place of a row among those of its owner.
pub(in crate::resolve) fn position_column(
    tables: &mut Tables,
    table: Id<Table>,
    element: crate::account::Element,
    span: crate::source::Span,
    name: &str,
) -> Id<Column> {
    let mut value = ValueFact::new(FieldKind::PositiveInteger, element);
    value.default = Some(crate::facts::DefaultFact::expr(crate::python::Expr::int(0)));
    value.editable = false;
    let because = rule("{ordered} needs a position", span);
    tables.push(Column {
        table,
        element,
        span,
        wish: Wish::made(name, "the place in the order"),
        kind: ColumnKind::Value(value),
        reasons: vec![reason("PositiveIntegerField", "the end is ordered", because)],
    })
}
