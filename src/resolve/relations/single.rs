//! Tables that hold the rows of a whole hierarchy: the column that tells them apart, and what each kind requires.

use crate::decision::Because;
use crate::facts::{
    CheckFact, Column, ColumnKind, Count, DefaultFact, Facts, Table, TableSubject, Tables, ValueFact, Wish, reason,
};
use crate::policy::enumeration;
use crate::policy::naming;
use crate::python::Expr;
use crate::resolve::Context;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// Which tables stand in for which others.
pub(super) fn hosts(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    for class in cx.model.classifiers.ids() {
        if let Some(root) = facts.inheritance().single.get(class)
            && let (Some(&own), Some(&root)) = (tables.of_class.get(class), tables.of_class.get(*root))
        {
            tables.hosts.insert(own, root);
        }
    }
}

/// The column that says of which kind a row is, unless an attribute says it.
pub(super) fn discriminator(
    cx: &Context<'_>,
    facts: &Facts,
    tables: &mut Tables,
    class: Id<Classifier>,
    table: Id<Table>,
) {
    let Some(kind) = facts.inheritance().kinds.get(class) else { return };
    let Some(fact) = facts.enumeration(kind.enumeration) else { return };
    let drawn = tables.tables[table].columns.iter().copied().find(|&column| {
        matches!(&tables.columns[column].kind, ColumnKind::Value(value) if value.choices == Some(kind.enumeration))
    });
    let own = kind.members.iter().find(|(member, _)| *member == class).map(|(_, index)| *index);
    let default = match own {
        Some(index) => Some(DefaultFact::Literal(kind.enumeration, index)),
        // Rows of the class itself are of no kind.
        None if !fact.is_integer && !kind.is_single => Some(DefaultFact::Expr(Expr::str(""))),
        None => None,
    };
    let column = drawn.unwrap_or_else(|| {
        let classifier = &cx.model.classifiers[class];
        let field = enumeration::field(fact.is_integer, fact.literals.iter().map(|literal| literal.value.as_str()));
        let mut value = ValueFact::new(field, classifier.element);
        value.choices = Some(kind.enumeration);
        let name = if kind.own.is_some() {
            "kind".to_owned()
        } else {
            naming::snake(cx.model.classifier_name(kind.enumeration))
        };
        tables.push(Column {
            table,
            element: classifier.element,
            span: classifier.span,
            wish: Wish::made(name, "what tells the rows apart"),
            kind: ColumnKind::Value(value),
            reasons: vec![kind.reason.clone()],
        })
    });
    if let ColumnKind::Value(value) = &mut tables.columns[column].kind {
        value.editable = false;
        if own.is_none() && !kind.is_single {
            (value.null, value.blank) = (fact.is_integer, true);
        }
        value.default = value.default.take().or(default.map(Box::new));
    }
    if drawn.is_some() {
        tables.columns[column].reasons.push(kind.reason.clone());
    }
    tables.discriminators.insert(class, column);
}

/// What rows of each kind must have, although the table does not ask for it.
pub(super) fn checks(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    let inheritance = facts.inheritance();
    share(cx, facts, tables);
    for (root, kind) in inheritance.kinds.iter().filter(|(_, kind)| kind.is_single) {
        let (Some(&home), Some(&column)) = (tables.of_class.get(root), tables.discriminators.get(root)) else {
            continue;
        };
        for &(class, index) in &kind.members {
            let Some(&table) = tables.of_class.get(class) else { continue };
            let line: Vec<Id<Table>> = std::iter::once(table).chain(tables.ancestors(table)).collect();
            let is_required = |column: Id<Column>| {
                let found = tables.hosted.get(column).into_iter().flatten();
                found.into_iter().any(|(of, required)| *required && line.contains(of))
            };
            let required: Vec<Id<Column>> = tables.columns.ids().filter(|&column| is_required(column)).collect();
            if required.is_empty() {
                continue;
            }
            let at = Some(cx.model.classifiers[class].span);
            let because = Because::Rule { name: "each kind requires what its class requires", at };
            let name = cx.model.classifier_name(class);
            let check = CheckFact {
                columns: std::iter::once(column).chain(required).collect(),
                count: Count::Requires(kind.enumeration, index),
                name: naming::snake(name),
                reason: reason("a check constraint", format!("what a {name} needs"), because),
            };
            tables.tables[home].checks.push(check);
        }
    }
}

/// Attributes that share the column of another class's attribute.
fn share(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    for (own, first) in facts.inheritance().shared.iter() {
        let element = cx.model.properties[*first].element;
        let Some(column) = tables.columns.iter().find(|(_, column)| column.element == element).map(|(id, _)| id) else {
            continue;
        };
        let owner = tables.tables.iter().find(|(_, table)| match table.subject {
            TableSubject::Class(class) => facts.types().of(class).iter().any(|attribute| attribute.property == own),
            _ => false,
        });
        let Some((table, _)) = owner else { continue };
        let required = facts.types().attributes.iter().flat_map(|(_, attributes)| attributes).any(|attribute| {
            attribute.property == own
                && matches!(&attribute.kind, crate::facts::AttributeKind::Column(value) if value.is_demanded())
        });
        if let Some(of) = tables.hosted.get_mut(column) {
            of.push((table, required));
        }
    }
}
