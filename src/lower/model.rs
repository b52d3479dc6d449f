//! Models.

use std::collections::BTreeSet;

use super::Context;
use super::constraints;
use super::field::{lower_default, lower_field};
use super::generic;
use super::methods;
use super::operations;
use super::rules;
use crate::decision::{Because, Reason};
use crate::django::model::{
    Access, Base, Constant, Embedded, KindOf, Lookup, LookupRow, Meta, Model, ModelKind, StrMethod, StrPart,
};
use crate::django::{Field, Origin};
use crate::facts::{AttributeKind, Column, ColumnKind, Table, TableNames, TableSubject, TextPart, UniqueFact, reason};
use crate::policy::naming;
use crate::policy::plural;
use crate::policy::text;
use crate::python::Expr;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// The model of a table.
pub(super) fn lower_model(cx: &Context<'_>, id: Id<Table>) -> Model {
    let table = &cx.facts.tables().tables[id];
    let names = cx.facts.names().tables.get(id);
    let mut reasons = table.reasons.clone();
    reasons.extend(names.into_iter().flat_map(|names| names.reasons.iter().cloned()));
    reasons.extend(people(cx, table));
    reasons.extend(cx.facts.indexes().lists.get(id).into_iter().flat_map(|list| list.reasons.iter().cloned()));
    let asked = cx.facts.asked().tables.get(id);
    reasons.extend(asked.into_iter().flat_map(|asked| asked.reasons.iter().cloned()));
    if let Some(key) = &table.key {
        reasons.push(key.reason.clone());
        let because =
            Because::Rule { name: "Django's admin and addresses know rows by one value", at: Some(table.span) };
        reasons.push(reason("no admin pages, not in the API", "its key has several columns", because));
    }
    let (rules, why) = rules::rules(cx, id);
    reasons.extend(why);
    let (methods, why) = methods::methods(cx, id);
    reasons.extend(why);
    reasons.extend(bases_and_order(cx, id, table));
    let (generics, generic_relations) = (generic::generics(cx, id), generic::relations(cx, id));
    let mut fields: Vec<Field> = table.columns.iter().map(|&column| lower_field(cx, column)).collect();
    let (generated, queries) = operations::computed(cx, id);
    fields.extend(generated);
    fields.extend(constraints::words_field(cx, id).filter(|_| !table.is_abstract));
    let mut bases: Vec<Base> = table.bases.iter().map(|&base| Base::Model(cx.key(base))).collect();
    if table.is_user {
        bases.push(Base::AbstractUser);
    }
    if let TableSubject::Upkeep(upkeep) = table.subject {
        bases.extend(upkeep.runtime().map(|(module, class)| Base::Core { module, class }));
    }
    let class = match table.subject {
        TableSubject::Class(class) => Some(class),
        _ => None,
    };
    let lookup = match table.subject {
        TableSubject::Lookup(class) => lookup(cx, class).map(Box::new),
        _ => None,
    };
    let kind = if table.is_abstract {
        ModelKind::Abstract
    } else if table.is_proxy {
        ModelKind::Proxy
    } else {
        ModelKind::Concrete
    };
    let name = names.map_or_else(String::new, |names| names.class.clone());
    let kind_of = kind_of(cx, id);
    // All rows of an abstract class among the kinds are of those below, which have pages of their own.
    let has_no_rows = kind_of.as_ref().is_some_and(|kind| kind.filters && kind.member.is_none());
    Model {
        bases,
        doc: doc(cx, table),
        constants: class.map_or_else(Vec::new, |class| constants(cx, class)),
        meta: meta(cx, id, table, names),
        generics,
        generic_relations,
        rules,
        methods,
        queries,
        behavior: operations::behavior(cx, id, &name).map(Box::new),
        lists: constraints::lists(cx, id),
        str_method: str_method(cx, id),
        natural_key: if table.key.is_some() { Vec::new() } else { natural_key(cx, id) },
        embedded: embedded(cx, id, table),
        part_of: table.part_of.map(|key| field_name(cx, key)),
        composite_key: table.key.iter().flat_map(|key| &key.columns).map(|&column| field_name(cx, column)).collect(),
        is_singleton: asked.is_some_and(|asked| asked.is_singleton),
        no_admin: asked.is_some_and(|asked| asked.no_admin) || has_no_rows || table.key.is_some(),
        api: if has_no_rows || table.key.is_some() {
            Access::None
        } else {
            asked.map_or(Access::Write, |asked| asked.api)
        },
        earlier: asked.and_then(|asked| asked.earlier.clone()),
        kind_of,
        lookup,
        fields,
        ..Model::new(name, kind, Origin { element: table.element, reasons })
    }
}

/// The rows of an enumeration that is a table.
fn lookup(cx: &Context<'_>, class: Id<Classifier>) -> Option<Lookup> {
    let (fact, columns) = (cx.facts.roles().enumeration(class)?, cx.facts.tables().lookups.get(class)?);
    let rows = fact.literals.iter().enumerate().map(|(place, literal)| LookupRow {
        code: if fact.is_integer { Expr::Int(literal.value.clone()) } else { Expr::str(&literal.value) },
        values: vec![
            (field_name(cx, columns.label), Expr::str(&literal.label)),
            (field_name(cx, columns.position), Expr::int(place as i128)),
        ],
        origin: literal.element,
    });
    Some(Lookup { key: field_name(cx, columns.code), choices: cx.choices(class)?, rows: rows.collect() })
}

/// What tells its rows from others of the hierarchy.
fn kind_of(cx: &Context<'_>, id: Id<Table>) -> Option<KindOf> {
    let (tables, inheritance) = (cx.facts.tables(), cx.facts.inheritance());
    let TableSubject::Class(class) = tables.tables[id].subject else { return None };
    let above = inheritance.ancestors(class).iter().rev();
    let (root, kind) = above.into_iter().find_map(|&root| Some((root, inheritance.kinds.get(root)?)))?;
    let fact = cx.facts.enumeration(kind.enumeration)?;
    let literal = |of: Id<Classifier>| {
        let (_, index) = kind.members.iter().find(|(member, _)| *member == of)?;
        fact.literals.get(*index)
    };
    let below = kind.members.iter().filter(|(member, _)| inheritance.ancestors(*member).contains(&class));
    let below: Vec<String> = below.filter_map(|(member, _)| Some(literal(*member)?.member.clone())).collect();
    let member = literal(class).map(|literal| (literal.member.clone(), literal.value.clone()));
    if member.is_none() && below.is_empty() {
        return None;
    }
    Some(KindOf {
        field: field_name(cx, *tables.discriminators.get(root)?),
        choices: cx.choices(kind.enumeration)?,
        member,
        below,
        filters: kind.is_single && table_is_shared(tables, id),
    })
}

fn table_is_shared(tables: &crate::facts::Tables, id: Id<Table>) -> bool {
    tables.hosts.contains(id)
}

/// Why it inherits from what it does, and why its rows are in their order.
fn bases_and_order(cx: &Context<'_>, id: Id<Table>, table: &Table) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let TableSubject::Class(class) = table.subject {
        for parent in cx.facts.inheritance().bases(class) {
            let base = cx.facts.tables().of_class.get(parent.class).map(|&base| cx.key(base).name);
            let because = Because::Rule { name: "a generalization is a base class", at: Some(parent.span) };
            reasons.extend(base.map(|base| reason(format!("base {base}"), "it is more general", because)));
        }
    }
    if let Some((columns, why)) = cx.facts.indexes().ordering.get(id) {
        reasons.push(why.clone());
        reasons.extend(columns.iter().filter_map(|(column, _)| cx.facts.indexes().by_value.get(*column)).cloned());
    } else if let Some(position) = table.position {
        let at = Some(cx.facts.tables().columns[position.position].span);
        let because = Because::Rule { name: "rows are listed in order within their owner", at };
        reasons.push(reason("ordering", "the order within the owner", because));
    }
    reasons
}

pub(super) fn field_name(cx: &Context<'_>, column: Id<Column>) -> String {
    cx.facts.names().columns.get(column).map_or_else(String::new, |(name, _)| name.clone())
}

fn doc(cx: &Context<'_>, table: &Table) -> Option<String> {
    let mut paragraphs = Vec::new();
    match table.subject {
        TableSubject::Class(class) => {
            let classifier = &cx.model.classifiers[class];
            paragraphs.extend(classifier.documentation.as_ref().and_then(|doc| text::documentation(&doc.value)));
            let association = classifier.association.map(|id| &cx.model.associations[id]);
            paragraphs.extend(
                association
                    .and_then(|association| association.documentation.as_ref())
                    .and_then(|doc| text::documentation(&doc.value)),
            );
            paragraphs.extend(classifier.constraints.iter().filter_map(|constraint| documented(cx, "", constraint)));
            for &id in &classifier.attributes {
                let property = &cx.model.properties[id];
                let name = property.name.as_ref().map_or("", |name| name.value.trim());
                paragraphs
                    .extend(property.constraints.iter().filter_map(|constraint| documented(cx, name, constraint)));
            }
            if let Some(association) = association {
                paragraphs
                    .extend(association.constraints.iter().filter_map(|constraint| documented(cx, "", constraint)));
            }
            for &id in cx.constrained.get(&class).into_iter().flatten() {
                let association = &cx.model.associations[id];
                let name = association.name.as_ref().map_or("", |name| name.value.trim());
                let of = if name.is_empty() { "an association" } else { name };
                paragraphs
                    .extend(association.constraints.iter().filter_map(|constraint| documented(cx, of, constraint)));
            }
            if !classifier.dependencies.is_empty() {
                paragraphs.push(format!("Depends on {}.", classifier.dependencies.join(", ")));
            }
        }
        TableSubject::Links(connection) => {
            let association = cx.facts.connections().binary[connection].association;
            paragraphs.extend(
                association
                    .and_then(|id| cx.model.associations[id].documentation.as_ref())
                    .and_then(|doc| text::documentation(&doc.value)),
            );
        }
        TableSubject::Nary(id) => {
            let doc = cx.model.associations[id].documentation.as_ref();
            paragraphs.extend(doc.and_then(|doc| text::documentation(&doc.value)));
        }
        TableSubject::Lookup(class) => {
            let doc = cx.model.classifiers[class].documentation.as_ref();
            paragraphs.extend(doc.and_then(|doc| text::documentation(&doc.value)));
        }
        TableSubject::Values(_, id) => {
            let doc = cx.model.properties[id].documentation.as_ref();
            paragraphs.extend(doc.and_then(|doc| text::documentation(&doc.value)));
        }
        TableSubject::Upkeep(upkeep) => paragraphs.push(upkeep.doc().to_owned()),
    }
    // The text of the diagram may hold anything: once more as a whole, without what no source may hold.
    let joined = paragraphs.join("\n\n");
    if joined.is_empty() { None } else { text::documentation(&joined) }
}

/// A constraint that nothing enforces, as a paragraph.
fn documented(cx: &Context<'_>, subject: &str, constraint: &crate::uml::model::Constraint) -> Option<String> {
    if cx.facts.invariants().translated.contains_key(&constraint.element) {
        return None;
    }
    constrained(subject, constraint)
}

/// A constraint of the class, or of the attribute `subject`, as a paragraph.
pub(super) fn constrained(subject: &str, constraint: &crate::uml::model::Constraint) -> Option<String> {
    let body = text::documentation(&constraint.body.value)?;
    let name = constraint.name.as_ref().map(|name| name.value.trim()).filter(|name| !name.is_empty());
    let of = if subject.is_empty() { String::new() } else { format!(" of {subject}") };
    Some(match name {
        Some(name) if name != body => format!("Constraint {name}{of}: {body}"),
        _ => format!("Constraint{of}: {body}"),
    })
}

fn constants(cx: &Context<'_>, class: Id<Classifier>) -> Vec<Constant> {
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for attribute in cx.facts.types().of(class) {
        let AttributeKind::Constant { value, annotation } = &attribute.kind else { continue };
        let property = &cx.model.properties[attribute.property];
        let drawn = property.name.as_ref().map_or("", |name| name.value.as_str());
        let Some(adapted) = naming::enum_member(drawn) else { continue };
        if !taken.insert(adapted.name.clone()) {
            continue;
        }
        found.push(Constant {
            name: adapted.name,
            value: value.as_ref().and_then(|value| lower_default(cx, value)),
            annotation: (*annotation).to_owned(),
            doc: property.documentation.as_ref().and_then(|doc| text::help_text(&doc.value)),
            origin: Origin { element: property.element, reasons: attribute.reasons.clone() },
        });
    }
    found
}

fn embedded(cx: &Context<'_>, id: Id<Table>, table: &Table) -> Vec<Embedded> {
    let names = cx.facts.names().embedded.get(id);
    table
        .embedded
        .iter()
        .filter_map(|embedded| {
            let (_, name) = names?.iter().find(|(property, _)| *property == embedded.property)?;
            let parts = embedded.parts.iter().map(|(path, column)| {
                let part: Vec<String> = path
                    .iter()
                    .map(|&id| naming::snake(cx.model.properties[id].name.as_ref().map_or("", |name| &name.value)))
                    .collect();
                (part.join("_"), field_name(cx, *column))
            });
            let type_name = naming::class_name(cx.model.classifier_name(embedded.class))?.name;
            Some(Embedded { name: name.clone(), type_name, parts: parts.collect(), optional: embedded.optional })
        })
        .collect()
}

/// Whether what is said of its element is said of the model as a whole.
fn has_words(table: &Table) -> bool {
    matches!(table.subject, TableSubject::Class(_) | TableSubject::Lookup(_))
}

/// The tags that say what a class is called for people.
fn people(cx: &Context<'_>, table: &Table) -> Vec<Reason> {
    let is_class = has_words(table) && !table.is_abstract;
    let tags = ["verbose_name", "verbose_name_plural"].into_iter().filter(|_| is_class);
    tags.filter_map(|tag| {
        let (text, because) = cx.facts.tags().text(table.element, tag)?;
        Some(reason(format!("{tag} {text}"), "asked for", because.clone()))
    })
    .collect()
}

fn meta(cx: &Context<'_>, id: Id<Table>, table: &Table, names: Option<&TableNames>) -> Meta {
    let mut meta = Meta::default();
    if table.is_abstract {
        return meta;
    }
    if let Some(names) = names {
        let derived = naming::django_model_verbose_name(&names.class);
        let is_class = has_words(table);
        let said = |name: &str| cx.facts.tags().text(table.element, name).filter(|_| is_class);
        let tag = |name: &str| said(name).map(|(text, _)| text.to_owned());
        let human = if names.human.is_empty() { derived.clone() } else { names.human.clone() };
        let human = tag("verbose_name").unwrap_or(human);
        let plural = tag("verbose_name_plural").unwrap_or_else(|| people_plural(&human));
        if plural != format!("{human}s") {
            meta.verbose_name_plural = Some(plural);
        }
        if human != derived {
            meta.verbose_name = Some(human);
        }
        meta.db_table.clone_from(&names.db_table);
        if let (TableSubject::Class(class), true) = (table.subject, super::field::has_comments(cx)) {
            let documentation = cx.model.classifiers[class].documentation.as_ref();
            meta.db_table_comment = documentation.and_then(|text| text::help_text(&text.value));
        }
    }
    let joined = cx.facts.tables().ancestors(id).into_iter().any(|above| !cx.facts.tables().tables[above].is_abstract);
    // A proxy may have an order of its own.
    if !joined || table.is_proxy && cx.facts.indexes().ordering.contains(id) {
        meta.ordering = ordering(cx, id, table);
    }
    if let Some(asked) = cx.facts.asked().tables.get(id) {
        meta.is_external = asked.is_external;
        meta.permissions.clone_from(&asked.permissions);
        meta.default_permissions.clone_from(&asked.default_permissions);
        let latest = asked.latest.iter().map(|&(column, descending)| signed(field_name(cx, column), descending));
        meta.get_latest_by = latest.collect();
    }
    constraints::fill(cx, id, &mut meta);
    meta
}

/// `-name`, or `name`.
fn signed(name: String, descending: bool) -> String {
    if descending { format!("-{name}") } else { name }
}

/// The plural of words for people: that of the last one.
fn people_plural(words: &str) -> String {
    match words.rsplit_once(' ') {
        Some((head, last)) => format!("{head} {}", plural::plural(last)),
        None => plural::plural(words),
    }
}

pub(super) fn primary_key(cx: &Context<'_>, id: Id<Table>) -> String {
    let tables = cx.facts.tables();
    std::iter::once(id)
        .chain(tables.ancestors(id))
        .flat_map(|table| &tables.tables[table].columns)
        .find(|&&column| matches!(&tables.columns[column].kind, ColumnKind::Value(value) if value.primary_key))
        .map_or_else(|| "id".to_owned(), |&column| field_name(cx, column))
}

fn ordering(cx: &Context<'_>, id: Id<Table>, table: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if let Some((columns, _)) = cx.facts.indexes().ordering.get(id) {
        for &(column, descending) in columns {
            let name = field_name(cx, column);
            let is_code = matches!(&cx.facts.tables().columns[column].kind, ColumnKind::Value(value) if cx.facts.tables().lookup(value).is_some());
            let is_value = is_code || cx.facts.indexes().by_value.contains(column);
            found.push(signed(if is_value { format!("{name}_id") } else { name }, descending));
        }
    } else if let Some(position) = table.position {
        found.push(field_name(cx, position.position));
    } else if let TableSubject::Lookup(class) = table.subject {
        found.extend(cx.facts.tables().lookups.get(class).map(|lookup| field_name(cx, lookup.position)));
    }
    found.push("pk".to_owned());
    found
}

/// `__str__`: the {id} attributes, else the first required text, else the name and the key.
fn str_method(cx: &Context<'_>, id: Id<Table>) -> Option<StrMethod> {
    let tables = cx.facts.tables();
    let table = &tables.tables[id];
    let is_asked = cx.facts.asked().tables.get(id).is_some_and(|asked| !asked.text.is_empty());
    if is_asked {
        return own_str(cx, id);
    }
    if table.is_user {
        return None;
    }
    // What is kept about rows says nothing of what they are called.
    let is_upkeep = |id: Id<Table>| matches!(tables.tables[id].subject, TableSubject::Upkeep(_));
    if is_upkeep(id) {
        return None;
    }
    let above: Vec<Id<Table>> = tables.ancestors(id).into_iter().filter(|above| !is_upkeep(*above)).collect();
    if above.iter().any(|&above| own_str(cx, above).is_some()) {
        return None;
    }
    match own_str(cx, id) {
        Some(found) => Some(found),
        None if above.is_empty() => Some(StrMethod::VerboseName),
        None => None,
    }
}

/// What identifies a row: the {id} attributes, if none may be absent and none is the key anyway.
fn natural_key(cx: &Context<'_>, id: Id<Table>) -> Vec<String> {
    let tables = cx.facts.tables();
    let table = &tables.tables[id];
    // Users, and what is below them, have Django's manager of users.
    if table.is_user || tables.ancestors(id).into_iter().any(|above| tables.tables[above].is_user) {
        return Vec::new();
    }
    let ids = ids(cx, id);
    // With an end among what identifies it, the attributes alone do not.
    let is_whole = ids.len() < 2
        || table
            .uniques
            .iter()
            .any(|unique| unique.identifies && unique.columns.iter().all(|column| ids.contains(column)));
    let fits = is_whole
        && ids.iter().all(|&column| match &tables.columns[column].kind {
            ColumnKind::Value(value) => {
                // Among rows that are not deleted, a constraint says it.
                let is_alone = |unique: &UniqueFact| unique.columns == [column];
                let is_unique = ids.len() > 1 || value.unique || table.uniques.iter().any(is_alone);
                is_unique && !value.null && !value.primary_key
            }
            _ => false,
        });
    if fits { ids.into_iter().map(|column| field_name(cx, column)).collect() } else { Vec::new() }
}

/// The columns of the {id} attributes.
fn ids(cx: &Context<'_>, id: Id<Table>) -> Vec<Id<Column>> {
    let tables = cx.facts.tables();
    let is_id = |column: &Column| {
        cx.property(column.element)
            .is_some_and(|property| property.is_id || cx.facts.tags().has(property.element, "id").is_some())
    };
    let columns = tables.tables[id].columns.iter().copied();
    columns
        .filter(|&column| tables.is_for_all(column))
        .filter(|&column| matches!(tables.columns[column].kind, ColumnKind::Value(_)) && is_id(&tables.columns[column]))
        .collect()
}

fn own_str(cx: &Context<'_>, id: Id<Table>) -> Option<StrMethod> {
    let tables = cx.facts.tables();
    let table = &tables.tables[id];
    if let Some(asked) = cx.facts.asked().tables.get(id).filter(|asked| !asked.text.is_empty()) {
        let part = |part: &TextPart| match part {
            TextPart::Text(text) => StrPart::Text(text.clone()),
            TextPart::Column(column) => StrPart::Field(field_name(cx, *column)),
        };
        return Some(StrMethod::Template(asked.text.iter().map(part).collect()));
    }
    let text = |column: Id<Column>| match &tables.columns[column].kind {
        ColumnKind::Value(value) => {
            let is_reference = tables.generics.iter().any(|generic| generic.key == column);
            let is_hidden = cx.facts.asked().columns.get(column).is_some_and(|asked| asked.exposure.is_some());
            value.kind.is_text()
                && value.choices.is_none()
                && !value.null
                && !value.secret
                && !is_hidden
                && !is_reference
        }
        _ => false,
    };
    let ids = ids(cx, id);
    let hidden = |id: &Id<Column>| cx.facts.asked().columns.get(*id).is_some_and(|asked| asked.exposure.is_some());
    match ids[..] {
        _ if ids.iter().any(hidden) => {}
        [only] if text(only) => return Some(StrMethod::Text(field_name(cx, only))),
        [] => {}
        _ => return Some(StrMethod::Fields(ids.iter().map(|&column| field_name(cx, column)).collect())),
    }
    let first = table.columns.iter().copied().find(|&column| {
        text(column)
            && tables.is_for_all(column)
            && matches!(&tables.columns[column].kind, ColumnKind::Value(value) if !value.blank && !value.primary_key)
    })?;
    Some(StrMethod::Text(field_name(cx, first)))
}
