//! Checks over several columns as conditions.

use crate::django::expr::{Condition, Operand};
use crate::facts::Count;
use crate::python::Expr;

/// The condition that demands `count` of the fields.
pub(super) fn condition(count: Count, fields: &[String]) -> Option<Condition> {
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
        (Count::AtLeast(_), _) | (_, [] | [_]) => return None,
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
