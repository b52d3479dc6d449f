//! Fields.

use super::Context;
use crate::decision::{Because, Reason};
use crate::django::field::{Exposure, Field, FieldKind, ForeignKey, Kept, ManyToMany, OnDelete, Value};
use crate::django::{ModelKey, Origin};
use crate::facts::{
    Column, ColumnAsked, ColumnKind, DefaultFact, Facts, KeyFact, ManyFact, Table, TableSubject, ValueFact, reason,
};
use crate::policy::indexes;
use crate::policy::naming;
use crate::policy::text;
use crate::util::arena::Id;

/// The field of a column.
pub(super) fn lower_field(cx: &Context<'_>, id: Id<Column>) -> Field {
    let column = &cx.facts.tables().columns[id];
    let (name, why) = match cx.facts.names().columns.get(id) {
        Some((name, why)) => (name.clone(), Some(why.clone())),
        None => (column.wish.text.clone(), None),
    };
    let mut reasons = column.reasons.clone();
    reasons.extend(why);
    let drawn = column.wish.drawn.is_some();
    let verbose_name =
        drawn.then(|| naming::verbose_name(&column.wish.text, &naming::django_field_verbose_name(&name))).flatten();
    let origin = Origin { element: column.element, reasons: Vec::new() };
    let mut field = Field::new(name, FieldKind::Boolean, origin);
    field.verbose_name = verbose_name;
    match &column.kind {
        ColumnKind::Value(value) => {
            lower_value(cx, column, value, &mut field);
            if cx.facts.tables().lookup(value).is_some() {
                lower_lookup(cx, id, &mut field, &mut reasons);
            } else if let FieldKind::ForeignKey(key) = &mut field.kind
                && key.is_of_user()
            {
                key.to = cx.user();
            } else if let FieldKind::ForeignKey(key) = &mut field.kind {
                let generic = super::generic::of_kind(cx, id);
                key.limit = generic.and_then(|generic| super::generic::limit(cx, generic));
                reasons.extend(generic.map(|generic| generic.on_delete.1.clone()));
            }
        }
        ColumnKind::Key(key) => lower_key(cx, id, key, &mut field, &mut reasons),
        ColumnKind::Many(many) => lower_many(cx, id, many, &mut field, &mut reasons),
    }
    if drawn {
        field.help_text = help_text(cx, column);
        let asked = cx.facts.tags().text(column.element, "help_text");
        reasons.extend(asked.map(|(_, because)| reason("help_text", "asked for", because.clone())));
        let is_column = !matches!(column.kind, ColumnKind::Many(_));
        if let Some(text) = said(cx, column).filter(|_| is_column && has_comments(cx)) {
            let because = Because::Setting { key: "rules.db_comments".to_owned(), at: None };
            reasons.push(reason("db_comment", "documentation becomes a comment", because));
            field.db_comment = Some(text);
        }
    }
    let tables = cx.facts.tables();
    field.kept = tables.kept.get(id).copied();
    match field.kept {
        Some(Kept::Signer) => field.editable = false,
        Some(Kept::Deletion) => field.exposure = Exposure::Kept,
        Some(Kept::Version) | None => {}
    }
    if let Some(of) = tables.hosted.get(id) {
        let children = tables.children();
        for &(table, _) in of {
            let all = std::iter::once(table).chain(tables.descendants(&children, table));
            field.only_for.extend(all.map(|table| cx.key(table)));
        }
        field.only_for.sort();
        field.only_for.dedup();
    }
    if let Some(asked) = cx.facts.asked().columns.get(id) {
        lower_asked(cx, asked, &mut field, &mut reasons);
    }
    field.origin.reasons = reasons;
    field
}

/// Whether documentation becomes comments in the database: SQLite has none, and Django says so each time.
pub(super) fn has_comments(cx: &Context<'_>) -> bool {
    cx.settings.rules.db_comments && indexes::is_postgresql_alone(&cx.settings.databases)
}

fn lower_asked(cx: &Context<'_>, asked: &ColumnAsked, field: &mut Field, reasons: &mut Vec<Reason>) {
    if let Some(name) = &asked.verbose_name {
        let is_derived = *name == naming::django_field_verbose_name(&field.name);
        field.verbose_name = (!is_derived).then(|| name.clone());
    }
    if let Some(unit) = &asked.unit {
        let unit = format!("Unit: {unit}.");
        field.help_text = Some(match &field.help_text {
            Some(text) => format!("{text} {unit}"),
            None => unit,
        });
    }
    field.db_column.clone_from(&asked.db_column);
    if let (FieldKind::File { upload_to }, Some(folder)) = (&mut field.kind, &asked.upload_to) {
        upload_to.clone_from(folder);
    }
    field.related_query_name.clone_from(&asked.query_name);
    field.no_constraint |= asked.no_constraint;
    field.inline = asked.inline;
    field.exposure = asked.exposure.unwrap_or(field.exposure);
    field.widget.clone_from(&asked.widget);
    field.storage.clone_from(&asked.storage);
    field.earlier.clone_from(&asked.earlier);
    if let FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) = &mut field.kind {
        key.to_field = asked.to_field.map(|column| super::model::field_name(cx, column));
        // Which content types there are stays.
        key.limit = super::condition::tests(cx, &asked.limit).or_else(|| key.limit.take());
    }
    reasons.extend(asked.reasons.iter().cloned());
}

fn help_text(cx: &Context<'_>, column: &Column) -> Option<String> {
    let is_asked = cx.facts.tags().text(column.element, "help_text").is_some();
    said(cx, column).filter(|_| is_asked || cx.settings.rules.help_text)
}

/// The sentence that says what a column holds.
fn said(cx: &Context<'_>, column: &Column) -> Option<String> {
    if let Some((text, _)) = cx.facts.tags().text(column.element, "help_text") {
        return text::help_text(text);
    }
    let property = cx.property(column.element)?;
    text::help_text(&property.documentation.as_ref()?.value)
}

fn lower_value(cx: &Context<'_>, column: &Column, value: &ValueFact, field: &mut Field) {
    field.kind = value.kind.clone();
    if let FieldKind::File { upload_to } = &mut field.kind {
        let key = cx.key(column.table);
        *upload_to = format!("{}/{}/", key.app, key.name.to_lowercase());
    }
    if let FieldKind::Array(items) = &mut field.kind {
        items.choices = value.item_choices.and_then(|class| cx.choices(class));
    }
    if let (FieldKind::ForeignKey(key), Some(lookup)) = (&mut field.kind, cx.facts.tables().lookup(value)) {
        key.to = cx.key(lookup.table);
        if value.unique || value.primary_key {
            field.kind = FieldKind::OneToOne(key.clone());
        }
    }
    field.set_once = value.set_once;
    field.null = value.null;
    field.blank = value.blank;
    field.unique = value.unique && !matches!(field.kind, FieldKind::OneToOne(_));
    field.primary_key = value.primary_key;
    field.editable = value.editable;
    field.db_index = value.db_index;
    field.choices = value.choices.and_then(|class| cx.choices(class));
    field.default = value.default.as_ref().and_then(|default| lower_default(cx, default)).map(Box::new);
    field.db_default = value.db_default.as_ref().and_then(|default| lower_default(cx, default)).map(Box::new);
    field.filling = value.filling.as_ref().and_then(|default| lower_default(cx, default)).map(Box::new);
    field.db_collation.clone_from(&value.db_collation);
    if value.secret {
        field.exposure = Exposure::Written;
    }
    field.validators.clone_from(&value.validators);
}

/// What is said of keys, said of one to the row of a literal.
fn lower_lookup(cx: &Context<'_>, id: Id<Column>, field: &mut Field, reasons: &mut Vec<Reason>) {
    let column = &cx.facts.tables().columns[id];
    let FieldKind::ForeignKey(key) = &mut field.kind else { return };
    if let Some(why) = cx.facts.indexes().without_index.get(id) {
        field.db_index = Some(false);
        reasons.push(why.clone());
    }
    if deletes_in_database(cx.facts, column.table) {
        key.on_delete = OnDelete::DoNothing;
        let because =
            Because::Rule { name: "Django has no rule of its own beside those of the database", at: Some(column.span) };
        reasons.push(reason("on_delete DO_NOTHING", "the database protects what is in use", because));
    }
}

/// Whether a key of the table, of one that shares columns with it, or one that leads there follows a rule of the database: Django has
/// no rules of its own along such chains.
fn deletes_in_database(facts: &Facts, table: Id<Table>) -> bool {
    let tables = facts.tables();
    let below =
        if tables.tables[table].is_abstract { tables.descendants(&tables.children(), table) } else { Vec::new() };
    let all: Vec<Id<Table>> = std::iter::once(table).chain(tables.lenders(table)).chain(below).collect();
    let mut rules = facts.deletion().iter().filter(|(_, (rule, _))| rule.is_of_database());
    rules.any(|(column, _)| {
        let to = tables.key(column).map(|key| tables.storage(key.to));
        all.contains(&tables.columns[column].table) || to.is_some_and(|to| all.contains(&to))
    })
}

/// A default as Python writes it.
pub(super) fn lower_default(cx: &Context<'_>, default: &DefaultFact) -> Option<Value> {
    match default {
        DefaultFact::Expr(expr) => Some(Value::Expr(expr.clone())),
        DefaultFact::Literal(class, index) => {
            let literal = cx.facts.enumeration(*class)?.literals.get(*index)?;
            Some(Value::Member { choices: cx.choices(*class)?, member: literal.member.clone() })
        }
    }
}

fn lower_key(cx: &Context<'_>, id: Id<Column>, key: &KeyFact, field: &mut Field, reasons: &mut Vec<Reason>) {
    let column = &cx.facts.tables().columns[id];
    let (related_name, why) = if let Some((name, why)) = cx.facts.names().reverse.get(id) {
        (name.clone(), why.clone())
    } else {
        let because = Because::Rule { name: "nobody can navigate back", at: Some(column.span) };
        ("+".to_owned(), reason("related_name `+`", "the near end is not navigable", because))
    };
    reasons.push(why);
    let rule = cx.facts.deletion().get(id);
    let on_delete = rule.map_or(OnDelete::Protect, |(rule, _)| rule.clone());
    reasons.extend(rule.map(|(_, why)| why.clone()));
    let asked = cx.facts.asked().columns.get(id);
    if asked.is_some_and(|asked| asked.no_index) {
        field.db_index = Some(false);
    } else if let Some(why) = cx.facts.indexes().without_index.get(id).filter(|_| !key.one_to_one) {
        field.db_index = Some(false);
        reasons.push(why.clone());
    } else if !key.one_to_one {
        let because = Because::Rule { name: "every key has an index", at: Some(column.span) };
        reasons.push(reason("index", "every key has one", because));
    }
    let storage = cx.facts.tables().storage(key.to);
    if cx.facts.asked().tables.get(storage).is_some_and(|asked| asked.is_external) {
        field.no_constraint = true;
        let because = Because::Rule { name: "the database cannot check what is not there yet", at: Some(column.span) };
        reasons.push(reason("db_constraint=False", "somebody else makes the table that it leads to", because));
    }
    field.least = key.least;
    field.null = key.null;
    field.blank = key.null;
    let foreign = Box::new(ForeignKey {
        to: cx.key(key.to),
        on_delete,
        related_name: Some(related_name),
        parent_link: false,
        to_field: None,
        limit: None,
    });
    field.kind = if key.one_to_one { FieldKind::OneToOne(foreign) } else { FieldKind::ForeignKey(foreign) };
}

fn lower_many(cx: &Context<'_>, id: Id<Column>, many: &ManyFact, field: &mut Field, reasons: &mut Vec<Reason>) {
    let column = &cx.facts.tables().columns[id];
    let is_self = many.to == column.table;
    let related_name = match cx.facts.names().reverse.get(id) {
        Some((name, why)) => {
            reasons.push(why.clone());
            Some(name.clone())
        }
        None if many.symmetrical => None,
        None => Some("+".to_owned()),
    };
    let through_fields = many.through.zip(many.through_keys).and_then(|(through, (source, target))| {
        let is_clear = !is_self && is_only_key(cx.facts, through, source) && is_only_key(cx.facts, through, target);
        let name = |key| cx.facts.names().columns.get(key).map(|(name, _)| name.clone());
        (!is_clear).then(|| Some((name(source)?, name(target)?))).flatten()
    });
    let key: ModelKey = cx.key(column.table);
    let table = format!("{}_{}_{}", key.app, key.name.to_lowercase(), field.name);
    let is_automatic = many.through.is_none() && !cx.facts.tables().tables[column.table].is_abstract;
    let is_external = |table: Id<Table>| cx.facts.asked().tables.get(table).is_some_and(|asked| asked.is_external);
    let ends = [many.to, column.table].map(|table| cx.facts.tables().storage(table));
    if many.through.is_none() && ends.into_iter().any(is_external) {
        field.no_constraint = true;
        let because = Because::Rule { name: "the database cannot check what is not there yet", at: Some(column.span) };
        reasons.push(reason("db_constraint=False", "somebody else makes a table that it links", because));
    }
    let connection = many.connection.map(|connection| &cx.facts.connections().binary[connection]);
    let element = connection.map_or(column.element, |connection| connection.element);
    let asked = cx.facts.tags().text(element, "db_table").filter(|_| is_automatic);
    reasons.extend(asked.map(|(name, because)| reason(format!("db_table {name}"), "asked for", because.clone())));
    field.blank = !many.required;
    if let TableSubject::Lookup(class) = cx.facts.tables().tables[many.to].subject {
        field.choices = cx.choices(class);
    }
    field.kind = FieldKind::ManyToMany(Box::new(ManyToMany {
        to: cx.key(many.to),
        through: many.through.map(|table| cx.key(table)),
        through_fields,
        related_name,
        symmetrical: is_self.then_some(many.symmetrical),
        db_table: match asked {
            Some((name, _)) => Some(name.to_owned()),
            None => is_automatic.then(|| naming::table_name(&table)).flatten(),
        },
    }));
}

/// Whether Django finds the key by itself: the through model has one that leads there.
fn is_only_key(facts: &Facts, through: Id<Table>, key: Id<Column>) -> bool {
    let tables = facts.tables();
    let Some(to) = tables.key(key).map(|key| key.to) else { return false };
    let columns =
        tables.ancestors(through).into_iter().chain([through]).flat_map(|table| &tables.tables[table].columns);
    columns.filter_map(|&column| tables.key(column)).filter(|other| other.to == to).count() == 1
}
