//! Pass 6: the graph of tables: models as nodes, keys and many-to-many relations as edges.

mod columns;
mod cycles;
mod generic;
mod identity;
mod keys;
mod lookups;
mod lower;
mod power_types;
mod single;
mod subsets;
mod upkeep;
mod wholes;
mod xor;

use super::Context;
use super::ends::is_derived;
use super::links;
use super::qualifiers;
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{Connection, Facts, Form, ParentKind, Table, TableRules, TableSubject, Tables, Wish, reason};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::policy::relations::Shape;
use crate::source::Span;
use crate::uml::model::{Classifier, Property};
use crate::uml::{Multiplicity, Upper};
use crate::util::arena::Id;

pub(super) use columns::position_column;
pub(super) use generic::asked as generic;
pub(super) use keys::{KeyWish, NewKey, backward, forward, plural_of, push_key, push_keys};
pub(super) use xor::is_xor;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Tables {
    let mut tables = Tables::default();
    for (id, classifier) in cx.model.classifiers.iter() {
        let Some((form, reasons)) = facts.inheritance().models.get(id) else { continue };
        let Some(&app) = facts.apps().of.get(id) else { continue };
        let span = classifier.name.as_ref().map_or(classifier.span, |name| name.span);
        let table = tables.tables.push(Table {
            subject: TableSubject::Class(id),
            element: classifier.element,
            span: classifier.span,
            app,
            is_abstract: *form == Form::Abstract,
            is_proxy: *form == Form::Proxy,
            bases: Vec::new(),
            columns: Vec::new(),
            wish: Wish::drawn(cx.model.classifier_name(id), span, "the name of the class"),
            part_of: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            rules: TableRules::default(),
            key: None,
            position: None,
            embedded: Vec::new(),
            is_user: false,
            reasons: reasons.clone(),
        });
        tables.of_class.insert(id, table);
    }
    for id in cx.model.classifiers.ids() {
        let Some(&table) = tables.of_class.get(id) else { continue };
        let bases = facts.inheritance().bases(id).filter_map(|parent| tables.of_class.get(parent.class).copied());
        tables.tables[table].bases = bases.collect();
    }
    lookups::run(cx, facts, &mut tables);
    single::hosts(cx, facts, &mut tables);
    user(cx, facts, report, &mut tables);
    for id in cx.model.classifiers.ids() {
        if let Some(&table) = tables.of_class.get(id) {
            columns::attributes(cx, facts, report, &mut tables, id, table);
            single::discriminator(cx, facts, &mut tables, id, table);
        }
    }
    for id in cx.model.classifiers.ids() {
        if let Some(&table) = tables.of_class.get(id) {
            parents(cx, facts, &mut tables, id, table);
        }
    }
    for id in facts.connections().binary.ids() {
        connection(cx, facts, report, &mut tables, id);
    }
    for nary in &facts.connections().nary {
        links::nary(cx, facts, report, &mut tables, nary);
    }
    power_types::run(cx, facts, &mut tables);
    xor::run(cx, &mut tables);
    wholes::run(cx, report, &mut tables);
    cycles::run(cx, report, &mut tables);
    identity::run(cx, facts, report, &mut tables);
    subsets::run(cx, facts, &mut tables);
    lower::run(facts, &mut tables);
    single::checks(cx, facts, &mut tables);
    upkeep::run(facts, &mut tables);
    tables
}

/// Which class signs in; a class `User` that does not is worth a word.
fn user(cx: &Context<'_>, facts: &Facts, report: &mut Report, tables: &mut Tables) {
    let mut found = None;
    for id in cx.model.classifiers.ids() {
        let Some(&table) = tables.of_class.get(id) else { continue };
        let element = cx.model.classifiers[id].element;
        let joined = tables.ancestors(table).into_iter().any(|above| !tables.tables[above].is_abstract);
        if let Some(because) = facts.tags().has(element, "user") {
            if found.is_none() && !tables.tables[table].is_abstract && !joined && cx.settings.user.is_none() {
                found = Some(table);
                tables.tables[table].is_user = true;
                let why = reason("AbstractUser", "it is the user who signs in", because.clone());
                tables.tables[table].reasons.push(why);
            }
        } else if cx.model.classifier_name(id) == "User" {
            let classifier = &cx.model.classifiers[id];
            report.add(
                Diagnostic::new(
                    &codes::U1006,
                    format!("class `{}` is not the user who logs in", cx.elements.path(element)),
                )
                .about(element)
                .here(classifier.span, "an ordinary model")
                .help("mark it «user» if it is; later Django cannot change that"),
            );
        }
    }
}

/// Further parents that could not be bases.
fn parents(cx: &Context<'_>, facts: &Facts, tables: &mut Tables, class: Id<Classifier>, table: Id<Table>) {
    for parent in facts.inheritance().parents.get(class).into_iter().flatten() {
        let Some(&to) = tables.of_class.get(parent.class).filter(|_| parent.kind == ParentKind::OneToOne) else {
            continue;
        };
        let name = cx.model.classifier_name(parent.class);
        let because =
            Because::Rule { name: "a path that Django cannot inherit is a one-to-one", at: Some(parent.span) };
        keys::push_key(
            tables,
            keys::NewKey {
                table,
                to,
                one_to_one: true,
                null: false,
                nature: KeyNature::Parent,
                connection: None,
                element: parent.element,
                tagged: parent.element,
                span: parent.span,
                presence_at: parent.span,
                wish: Wish::made(naming::snake(name), "the name of the parent"),
                reverse: Some(Wish::made(naming::snake(cx.model.classifier_name(class)), "the name of the child")),
                reasons: vec![reason("OneToOneField", "a generalization that cannot be a base", because)],
            },
        );
    }
}

fn connection(cx: &Context<'_>, facts: &Facts, report: &mut Report, tables: &mut Tables, id: Id<Connection>) {
    let connection = &facts.connections().binary[id];
    let Some((shape, reasons)) = &connection.shape else { return };
    let redefines = connection.ends.iter().filter_map(|end| end.property).any(|end| {
        // A derived one has none.
        let stores = |other: &Id<Property>| {
            cx.model.properties[*other].association.is_some_and(|association| !is_derived(cx, association))
        };
        cx.model.properties[end].redefines.iter().any(stores)
    });
    if redefines {
        // The redefined relation has the column.
        return;
    }
    if let Some(class) = connection.association.and_then(|association| cx.model.associations[association].class)
        && let Some(&table) = tables.of_class.get(class)
    {
        links::association_class(cx, facts, report, tables, id, table);
        return;
    }
    match *shape {
        Shape::ManyToMany { .. } => links::many_to_many(cx, facts, report, tables, id),
        Shape::ForeignKey { holder, null } | Shape::OneToOne { holder, null } => {
            let Some(&table) = tables.of_class.get(connection.ends[holder].class) else { return };
            let wish = KeyWish {
                table,
                end: 1 - holder,
                one_to_one: matches!(shape, Shape::OneToOne { .. }),
                null,
                nature: keys::nature(connection, holder),
                singular: false,
            };
            let pushed = push_keys(cx, facts, report, tables, id, wish, reasons);
            if let [key] = pushed[..] {
                qualifiers::store(cx, facts, tables, connection, holder, key, None);
                if connection.ends[1 - holder].qualifiers.is_empty() {
                    links::limit(tables, table, &connection.ends[holder], vec![key]);
                }
                if connection.ends[holder].ordered && connection.ends[holder].multiplicity.value.is_many() {
                    links::position(tables, connection, table, key);
                }
            }
            unenforced(cx, report, connection, holder, shape);
        }
    }
}

/// Lower bounds on a side without column, and bounds that are neither 1 nor many.
fn unenforced(cx: &Context<'_>, report: &mut Report, connection: &Connection, holder: usize, shape: &Shape) {
    let near = &connection.ends[holder];
    let value = near.multiplicity.value;
    let is_bounded = match value.upper {
        Upper::Finite(upper) => upper > 1,
        Upper::Unlimited => false,
    };
    // That 1 is what a tool means by nothing is no promise of anybody.
    let is_drawn = near.property.is_some_and(|end| cx.model.properties[end].multiplicity.is_some());
    let is_needless = matches!(shape, Shape::OneToOne { .. }) && !is_drawn;
    if near.property.is_none() || !(value.lower > 0 || is_bounded) || is_needless {
        return;
    }
    let at = super::ends::evidence(&near.multiplicity, near.span);
    bounds(cx, report, connection, value, at);
}

/// Says that the database does not check a multiplicity.
pub(super) fn bounds(cx: &Context<'_>, report: &mut Report, connection: &Connection, value: Multiplicity, at: Span) {
    let mut diagnostic = Diagnostic::new(
        &codes::U0607,
        format!("multiplicity `{value}` of `{}` is not enforced by the database", cx.elements.path(connection.element)),
    )
    .about(connection.element)
    .here(at, "how many there are is no rule that a table can have");
    if matches!(value.upper, Upper::Finite(upper) if upper > 1) {
        diagnostic = diagnostic.note("the upper bound is checked in `clean()`");
    }
    report.add(diagnostic);
}

/// The tables that stand for a class as the target of a key: its own, or those of the classes that implement it.
pub(super) fn targets(cx: &Context<'_>, facts: &Facts, tables: &Tables, class: Id<Classifier>) -> Vec<Id<Table>> {
    if facts.inheritance().is_concrete(class) {
        return tables.of_class.get(class).copied().into_iter().collect();
    }
    let mut below: Vec<Vec<Id<Classifier>>> = vec![Vec::new(); cx.model.classifiers.len()];
    for (id, classifier) in cx.model.classifiers.iter() {
        for relation in classifier.generalizations.iter().chain(&classifier.realizations) {
            below[relation.general.index()].push(id);
        }
    }
    let mut seen = vec![false; cx.model.classifiers.len()];
    let mut found = Vec::new();
    let mut stack = vec![class];
    while let Some(at) = stack.pop() {
        for &child in &below[at.index()] {
            if std::mem::replace(&mut seen[child.index()], true) {
                continue;
            }
            match tables.of_class.get(child) {
                Some(&table) if facts.inheritance().is_concrete(child) => found.push(table),
                _ => stack.push(child),
            }
        }
    }
    found.sort();
    found
}

/// `one class`, `5 classes`
fn counted(classes: usize) -> String {
    if classes == 1 { "one class".to_owned() } else { format!("{classes} classes") }
}

/// Says what becomes of a relation to a class without table; `otherwise` if that is no key for each class.
pub(super) fn without_table(
    cx: &Context<'_>,
    report: &mut Report,
    connection: &Connection,
    end: usize,
    targets: &[Id<Table>],
    tables: &Tables,
    otherwise: Option<String>,
) {
    let class = &cx.model.classifiers[connection.ends[end].class];
    let element = connection.ends[end].property.map_or(connection.element, |end| cx.model.properties[end].element);
    let becomes = otherwise.unwrap_or_else(|| match targets {
        [] => "no class implements it, so that it is left out".to_owned(),
        [only] => {
            format!("it becomes a key to `{}`, the only class that implements it", tables.tables[*only].wish.text)
        }
        _ => format!("it becomes {} keys, one of them set", targets.len()),
    });
    report.add(
        Diagnostic::new(
            &codes::U0704,
            format!(
                "`{}` leads to `{}`, which has no table; {becomes}",
                cx.elements.path(element),
                cx.elements.path(class.element)
            ),
        )
        .about(element)
        .here(connection.ends[end].span, "leads to a class without table")
        .because(class.span, "has no table")
        .help("make it a class with a table"),
    );
}
