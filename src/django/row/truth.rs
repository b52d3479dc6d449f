//! Whether a row meets a condition, with the three truth values of SQL.

use crate::django::pattern;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::expr::{Condition, Formula, Operand};
use super::super::field::{Field, Value};
use super::super::number::Number;
use super::super::project::Project;
use super::super::sample::{self, Sample};
use super::Cell;
use crate::python::Expr;

/// What a condition sees of a row.
pub(super) type Facts = BTreeMap<String, Fact>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fact {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    /// Days, for all kinds of time.
    Moment(i32),
    /// A row, a document: something.
    Thing,
}

pub(super) fn facts(project: &Project, row: &[(&Field, Cell)]) -> Facts {
    let fact_of = |field: &Field, cell: &Cell| match cell {
        Cell::Null => Fact::Null,
        Cell::Unsaid => match (field.default.as_deref(), sample::default(project, field)) {
            (_, Some(value)) => fact(&value),
            (Some(Value::Expr(Expr::Ref { name: "now" | "localdate", .. })), _) => Fact::Moment(0),
            _ => Fact::Thing,
        },
        Cell::Set(Sample::Same(value)) => fact(value),
        Cell::Set(Sample::Cycle(values)) => values.first().map_or(Fact::Thing, fact),
        Cell::Set(Sample::Whole { first, .. } | Sample::Float { first, .. }) => Fact::Number(Number::whole(*first)),
        Cell::Set(Sample::Decimal { first, scale, .. }) => Fact::Number(Number::scaled(*first, *scale)),
        Cell::Set(Sample::Text(text)) => Fact::Text(text.clone()),
        Cell::Set(Sample::Dates | Sample::DateTimes) => Fact::Moment(1),
        Cell::Set(_) => Fact::Thing,
    };
    let mut facts: Facts = row.iter().map(|(field, cell)| (field.name.clone(), fact_of(field, cell))).collect();
    // Rules look at the codes of rows that every database has.
    for (field, _) in row.iter().filter(|(field, _)| field.is_lookup()) {
        facts.extend(facts.get(&field.name).cloned().map(|fact| (field.attribute(), fact)));
    }
    facts
}

pub(super) fn fact(value: &Expr) -> Fact {
    match value {
        Expr::None => Fact::Null,
        Expr::Bool(value) => Fact::Bool(*value),
        Expr::Str(text) | Expr::Translated(text) => Fact::Text(text.clone()),
        Expr::Call { module: "datetime", name: "date" | "datetime", args, .. } => {
            let part = |index: usize| args.get(index).and_then(Number::of).and_then(|part| part.floor(0)).unwrap_or(0);
            // Only compared with each other; months need not be exact.
            i32::try_from((part(0) - 2026) * 372 + (part(1) - 1) * 31 + part(2)).map_or(Fact::Thing, Fact::Moment)
        }
        other => Number::of(other).map_or(Fact::Thing, Fact::Number),
    }
}

/// Whether the condition holds; `None` is SQL's unknown, with which a constraint is content.
pub(super) fn holds(condition: &Condition, facts: &Facts) -> Option<bool> {
    // Post order with a stack of our own: conditions may be deep.
    enum Step<'c> {
        Enter(&'c Condition),
        Leave(&'c Condition),
    }
    let mut steps = vec![Step::Enter(condition)];
    let mut results: Vec<Option<bool>> = Vec::new();
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(Condition::Lookup { field, lookup, value }) => {
                results.push(look_up(field, lookup, value, facts));
            }
            Step::Enter(Condition::Compare { left, lookup, right }) => {
                let sides = evaluate(left, facts).zip(evaluate(right, facts));
                results.push(sides.and_then(|(left, right)| compare(&left, lookup, &right)));
            }
            Step::Enter(condition) => {
                steps.push(Step::Leave(condition));
                match condition {
                    Condition::And(parts) | Condition::Or(parts) | Condition::Xor(parts) => {
                        steps.extend(parts.iter().map(Step::Enter));
                    }
                    Condition::Not(part) => steps.push(Step::Enter(part)),
                    Condition::Lookup { .. } | Condition::Compare { .. } => {}
                }
            }
            Step::Leave(condition) => {
                let count = match condition {
                    Condition::And(parts) | Condition::Or(parts) | Condition::Xor(parts) => parts.len(),
                    Condition::Not(_) | Condition::Lookup { .. } | Condition::Compare { .. } => 1,
                };
                let parts = results.split_off(results.len().saturating_sub(count));
                results.push(match condition {
                    Condition::And(_) if parts.contains(&Some(false)) => Some(false),
                    Condition::Or(_) if parts.contains(&Some(true)) => Some(true),
                    _ if parts.contains(&None) => None,
                    Condition::And(_) => Some(true),
                    Condition::Or(_) => Some(false),
                    Condition::Xor(_) => Some(parts.iter().filter(|part| **part == Some(true)).count() % 2 == 1),
                    Condition::Not(_) | Condition::Lookup { .. } | Condition::Compare { .. } => {
                        Some(parts != [Some(true)])
                    }
                });
            }
        }
    }
    results.pop().flatten()
}

fn look_up(field: &str, lookup: &str, value: &Operand, facts: &Facts) -> Option<bool> {
    let left = facts.get(field)?;
    let right = match value {
        Operand::Literal(Expr::List(values) | Expr::Tuple(values)) if lookup == "in" => {
            let known = *left != Fact::Null && *left != Fact::Thing;
            return known.then(|| values.iter().any(|value| fact(value) == *left));
        }
        Operand::Literal(value) => fact(value),
        Operand::Field(other) => facts.get(other)?.clone(),
    };
    if lookup == "isnull" {
        return Some((*left == Fact::Null) == (right == Fact::Bool(true)));
    }
    // `Q(x=None)` is written for `x IS NULL`.
    if lookup.is_empty() && matches!(value, Operand::Literal(Expr::None)) {
        return Some(*left == Fact::Null);
    }
    compare(left, lookup, &right)
}

/// Compares as a lookup or its class says.
pub(super) fn compare(left: &Fact, lookup: &str, right: &Fact) -> Option<bool> {
    let order = match (left, right) {
        (Fact::Number(left), Fact::Number(right)) => left.compare(*right)?,
        (Fact::Text(left), Fact::Text(right)) => left.cmp(right),
        (Fact::Bool(left), Fact::Bool(right)) => left.cmp(right),
        (Fact::Moment(left), Fact::Moment(right)) => left.cmp(right),
        _ => return None,
    };
    match lookup {
        // Samples are made to fit; of other texts there is no telling.
        "regex" => match (left, right) {
            (Fact::Text(text), Fact::Text(pattern)) => {
                pattern::samples(pattern).any(|fits| fits == *text).then_some(true)
            }
            _ => None,
        },
        "" | "exact" | "Exact" => Some(order == Ordering::Equal),
        "gt" | "GreaterThan" => Some(order == Ordering::Greater),
        "gte" | "GreaterThanOrEqual" => Some(order != Ordering::Less),
        "lt" | "LessThan" => Some(order == Ordering::Less),
        "lte" | "LessThanOrEqual" => Some(order != Ordering::Greater),
        _ => None,
    }
}

/// What a formula gives; `None` if it is unknown, or not known to us.
pub(super) fn evaluate(formula: &Formula, facts: &Facts) -> Option<Fact> {
    let number = |side: &Formula| match evaluate(side, facts)? {
        Fact::Number(number) => Some(number),
        _ => None,
    };
    match formula {
        Formula::Field(name) => facts.get(name).cloned().filter(|fact| *fact != Fact::Null),
        Formula::Literal(value) => Some(fact(value)),
        Formula::Binary { left, operator, right } => number(left)?.combine(operator, number(right)?).map(Fact::Number),
        Formula::Function { name: "Length", args, .. } => match evaluate(args.first()?, facts)? {
            Fact::Text(text) => {
                i128::try_from(text.chars().count()).ok().map(|count| Fact::Number(Number::whole(count)))
            }
            _ => None,
        },
        // Exact here.
        Formula::Function { name: "Round", args, .. } => evaluate(args.first()?, facts),
        Formula::Function { .. } | Formula::Words { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(field: &str, lookup: &'static str, value: Expr) -> Condition {
        Condition::Lookup { field: field.to_owned(), lookup, value: Operand::Literal(value) }
    }

    fn facts_of<const N: usize>(pairs: [(&str, Fact); N]) -> Facts {
        pairs.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
    }

    #[test]
    fn conditions_are_judged_as_sql_does() {
        let facts = facts_of([
            ("a", Fact::Null),
            ("b", Fact::Number(Number::whole(3))),
            ("c", Fact::Text("x".to_owned())),
            ("d", Fact::Number(Number::scaled(30, 1))),
        ]);
        let big = lookup("b", "gte", Expr::int(3));
        let absent = lookup("a", "isnull", Expr::Bool(true));
        let unknown = lookup("a", "gt", Expr::int(1));
        let same = Condition::Lookup { field: "b".to_owned(), lookup: "", value: Operand::Field("d".to_owned()) };
        let among = lookup("c", "in", Expr::List(vec![Expr::str("y"), Expr::str("x")]));
        for (condition, expected) in [
            (big.clone(), Some(true)),
            (absent.clone(), Some(true)),
            (unknown.clone(), None),
            (same, Some(true)),
            (among, Some(true)),
            (Condition::Not(Box::new(unknown.clone())), None),
            (Condition::And(vec![unknown.clone(), Condition::Not(Box::new(big.clone()))]), Some(false)),
            (Condition::Or(vec![unknown.clone(), big.clone()]), Some(true)),
            (Condition::Xor(vec![big.clone(), absent.clone()]), Some(false)),
            (Condition::Xor(vec![big.clone(), absent, big]), Some(true)),
            (lookup("a", "", Expr::None), Some(true)),
            (lookup("c", "startswith", Expr::str("x")), None),
        ] {
            assert_eq!(holds(&condition, &facts), expected, "{condition:?}");
        }
    }
}
