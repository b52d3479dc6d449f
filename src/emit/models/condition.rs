//! Conditions as `Q` objects.

use crate::django::expr::{Condition, Formula, Operand};
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
        Condition::Compare { left, lookup, right } => {
            let (left, right) = (formula(left, imports), formula(right, imports));
            let test = Code::name(&imports.from("django.db.models.lookups", lookup)).call().arg(left).arg(right);
            models(imports, "Q").call().arg(test)
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

/// `models.F("price") * models.F("quantity")`
pub(super) fn formula(formula: &Formula, imports: &mut Imports) -> Code {
    match formula {
        Formula::Field(name) => models(imports, "F").call().arg(Code::str(name)),
        Formula::Literal(value) => {
            let value = Code::of(value, imports);
            models(imports, "Value").call().arg(value)
        }
        Formula::Binary { left, operator, right } => {
            Code::binary(operator, vec![self::formula(left, imports), self::formula(right, imports)])
        }
        Formula::Words { fields, config } => {
            let call = Code::name(&imports.from("django.contrib.postgres.search", "SearchVector")).call();
            let call = fields.iter().fold(call, |call, name| call.arg(Code::str(name)));
            call.kwarg("config", Code::str(config))
        }
        Formula::Function { module, name, args } => {
            // Where they are defined is Django's own affair.
            let package = "django.db.models.functions";
            let module = if module.starts_with(package) { package } else { module };
            let call = Code::name(&imports.from(module, name)).call();
            args.iter().fold(call, |call, arg| match arg {
                Formula::Literal(places) if *name == "Round" => call.arg(Code::of(places, imports)),
                arg => call.arg(self::formula(arg, imports)),
            })
        }
    }
}

/// `models.<name>`
pub(super) fn models(imports: &mut Imports, name: &str) -> Code {
    Code::name(&imports.from("django.db", "models")).attr(name)
}
