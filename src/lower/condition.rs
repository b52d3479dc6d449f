//! Checks over several columns as conditions.

use super::Context;
use super::model::field_name;
use crate::django::expr::{Condition, Operand};
use crate::django::field::Validator;
use crate::facts::{ColumnKind, Count, TestFact};
use crate::python::Expr;

/// The condition that all tests hold; `None` if there are none.
pub(super) fn tests(cx: &Context<'_>, tests: &[TestFact]) -> Option<Condition> {
    let mut all: Vec<Condition> = tests
        .iter()
        .map(|test| {
            let field = field_name(cx, test.column);
            let lookup = Condition::Lookup { field, lookup: test.lookup, value: Operand::Literal(test.value.clone()) };
            if test.negated { Condition::Not(Box::new(lookup)) } else { lookup }
        })
        .collect();
    match all.len() {
        0 | 1 => all.pop(),
        _ => Some(Condition::And(all)),
    }
}

/// The condition that demands `count` of the fields.
pub(super) fn condition(cx: &Context<'_>, count: Count, fields: &[String]) -> Option<Condition> {
    let is_null = |field: &String, null: bool| Condition::Lookup {
        field: field.clone(),
        lookup: "isnull",
        value: Operand::Literal(Expr::Bool(null)),
    };
    let all = |null: bool| Condition::And(fields.iter().map(|field| is_null(field, null)).collect());
    let others =
        |one: usize| fields.iter().enumerate().filter(move |(at, _)| *at != one).map(|(_, field)| is_null(field, true));
    Some(match (count, fields) {
        (Count::AtLeast(least), [field]) => Condition::Lookup {
            field: field.clone(),
            lookup: "gte",
            value: Operand::Literal(Expr::Int(least.to_owned())),
        },
        (Count::Literal(class, or_empty), [field]) => {
            let fact = cx.facts.enumeration(class)?;
            let stored = |value: &String| if fact.is_integer { Expr::Int(value.clone()) } else { Expr::str(value) };
            let values = fact.literals.iter().map(|literal| stored(&literal.value));
            let values = values.chain(or_empty.then(|| Expr::str(""))).collect();
            Condition::Lookup { field: field.clone(), lookup: "in", value: Operand::Literal(Expr::List(values)) }
        }
        (Count::Fits(column, or_empty), [field]) => {
            let ColumnKind::Value(value) = &cx.facts.tables().columns[column].kind else { return None };
            let pattern = value.validators.iter().find_map(|validator| match validator {
                Validator::Regex { pattern, .. } => Some(Expr::str(pattern)),
                _ => None,
            })?;
            let test =
                |lookup, value| Condition::Lookup { field: field.clone(), lookup, value: Operand::Literal(value) };
            let fits = test("regex", pattern);
            if or_empty { Condition::Or(vec![test("", Expr::str("")), fits]) } else { fits }
        }
        (Count::Requires(class, index), [kind, required @ ..]) if !required.is_empty() => {
            let fact = cx.facts.enumeration(class)?;
            let value = &fact.literals.get(index)?.value;
            let value = if fact.is_integer { Expr::Int(value.clone()) } else { Expr::str(value) };
            let is_kind = Condition::Lookup { field: kind.clone(), lookup: "", value: Operand::Literal(value) };
            let mut set: Vec<Condition> = required.iter().map(|field| is_null(field, false)).collect();
            let all = if set.len() == 1 { set.pop()? } else { Condition::And(set) };
            Condition::Or(vec![Condition::Not(Box::new(is_kind)), all])
        }
        (Count::AtLeast(_) | Count::Literal(..) | Count::Fits(..) | Count::Requires(..), _) | (_, [] | [_]) => {
            return None;
        }
        (Count::AllOrNone, _) => Condition::Or(vec![all(true), all(false)]),
        (Count::AtMostOne, [a, b]) => Condition::Or(vec![is_null(a, true), is_null(b, true)]),
        (Count::AtMostOne, _) => {
            Condition::Or((0..fields.len()).map(|one| Condition::And(others(one).collect())).collect())
        }
        (Count::ExactlyOne, [a, b]) => Condition::Xor(vec![is_null(a, false), is_null(b, false)]),
        (Count::ExactlyOne, _) => Condition::Or(
            fields
                .iter()
                .enumerate()
                .map(|(one, field)| Condition::And(std::iter::once(is_null(field, false)).chain(others(one)).collect()))
                .collect(),
        ),
    })
}
