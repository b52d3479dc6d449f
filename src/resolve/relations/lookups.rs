//! Enumerations that are tables: a row for each literal.

use crate::decision::Because;
use crate::django::FieldKind;
use crate::facts::{
    Column, ColumnKind, Facts, LookupFact, Table, TableRules, TableSubject, Tables, ValueFact, Wish, reason,
};
use crate::policy::enumeration;
use crate::resolve::Context;

/// Adds the tables, in model order.
pub(super) fn run(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    for (id, classifier) in cx.model.classifiers.iter() {
        let (Some((fact, asked)), Some(&app)) = (facts.roles().lookup(id), facts.apps().of.get(id)) else { continue };
        let span = classifier.name.as_ref().map_or(classifier.span, |name| name.span);
        let count = fact.literals.len();
        let by_rule = |name| Because::Rule { name, at: asked.place() };
        let table = tables.tables.push(Table {
            subject: TableSubject::Lookup(id),
            element: classifier.element,
            span: classifier.span,
            app,
            is_abstract: false,
            is_proxy: false,
            bases: Vec::new(),
            columns: Vec::new(),
            wish: Wish::drawn(cx.model.classifier_name(id), span, "the name of the enumeration"),
            part_of: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            rules: TableRules::default(),
            key: None,
            position: None,
            embedded: Vec::new(),
            is_user: false,
            reasons: vec![
                reason("a model", format!("{count} literals are rows of a table"), asked.clone()),
                reason(
                    "nobody writes its rows",
                    "migrations keep them as they are drawn",
                    by_rule("the literals of the diagram are the rows"),
                ),
            ],
        });
        let values = fact.literals.iter().map(|literal| literal.value.as_str());
        let mut code = ValueFact::new(enumeration::field(fact.is_integer, values), classifier.element);
        code.primary_key = true;
        let labels = fact.literals.iter().map(|literal| literal.label.as_str());
        let label = ValueFact::new(enumeration::field(false, labels), classifier.element);
        let mut push = |name: &str, why: &'static str, value: ValueFact, decided: String, rule: &'static str| {
            tables.push(Column {
                table,
                element: classifier.element,
                span: classifier.span,
                wish: Wish::made(name, why),
                kind: ColumnKind::Value(value),
                reasons: vec![reason(decided, rule, by_rule(rule))],
            })
        };
        let is_key = "the code is the key: what leads to a row says what it means, and defaults are constants";
        let code = push("code", "what enumerations store", code, "primary_key".to_owned(), is_key);
        let length = match &label.kind {
            FieldKind::Char { max_length } => *max_length,
            _ => 0,
        };
        let for_people = "the label is for people, and may change";
        let label = push("label", "what people read", label, format!("CharField({length})"), for_people);
        let place = ValueFact::new(FieldKind::PositiveSmallInteger, classifier.element);
        let as_drawn = "lists show the rows in the order in which they are drawn";
        let position = push("position", "the place in the order", place, "ordering".to_owned(), as_drawn);
        tables.lookups.insert(id, LookupFact { table, code, label, position });
    }
}
