//! Conditions as `Q` objects.

use crate::django::expr::{Condition, Operand};
use crate::python::{Code, Imports, identifier};

/// `models.Q(price__gte=0) & ~models.Q(name="")`
pub(super) fn condition(condition: &Condition, imports: &mut Imports) -> Code {
    match condition {
        Condition::Lookup { field, lookup, value } => {
            let key = if lookup.is_empty() { field.clone() } else { format!("{field}__{lookup}") };
            let value = match value {
                Operand::Literal(expr) => Code::of(expr, imports),
                Operand::Field(name) => models(imports, "F").call().arg(Code::str(name)),
            };
            let q = models(imports, "Q").call();
            if identifier(&key) == key { q.kwarg(&key, value) } else { q.arg(Code::tuple([Code::str(key), value])) }
        }
        Condition::And(sides) => all("&", sides, imports),
        Condition::Or(sides) => all("|", sides, imports),
        Condition::Xor(sides) => all("^", sides, imports),
        Condition::Not(inner) => self::condition(inner, imports).invert(),
    }
}

fn all(operator: &'static str, sides: &[Condition], imports: &mut Imports) -> Code {
    Code::binary(operator, sides.iter().map(|side| condition(side, imports)).collect())
}

/// `models.<name>`
pub(super) fn models(imports: &mut Imports, name: &str) -> Code {
    Code::name(&imports.from("django.db", "models")).attr(name)
}
