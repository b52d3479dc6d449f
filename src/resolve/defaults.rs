//! Defaults of attributes: those that fit, as values; the others reported.

use super::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::field::Value;
use crate::facts::{DefaultFact, Facts, ValueFact};
use crate::policy::default::{self as policy, Wrong};
use crate::uml::model::{DefaultKind, Property};
use crate::util::arena::Id;

pub(super) fn default(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    id: Id<Property>,
    value: &ValueFact,
) -> Option<DefaultFact> {
    let property = &cx.model.properties[id];
    let tag = facts.tags().text(property.element, "default");
    let (text, kind, span) = match (&tag, &property.default) {
        (Some((text, _)), _) => (*text, DefaultKind::Literal, property.span),
        (None, Some(drawn)) => (drawn.text.value.as_str(), drawn.kind, drawn.text.span),
        (None, None) => return None,
    };
    let found = match value.choices {
        Some(class) => {
            let literals: Vec<&str> = facts
                .roles()
                .enumeration(class)
                .map_or_else(Vec::new, |fact| fact.literals.iter().map(|literal| literal.name.as_str()).collect());
            policy::literal(text, kind, &literals).map(|index| index.map(|index| DefaultFact::Literal(class, index)))
        }
        None => policy::value(text, kind, &value.kind, &value.validators).map(|value| match value {
            Some(Value::Expr(expr)) => Some(DefaultFact::Expr(expr)),
            _ => None,
        }),
    };
    let path = cx.elements.path(property.element);
    match found {
        Ok(default) => default,
        Err(Wrong::Mismatch(expected)) => {
            report.add(
                Diagnostic::new(&codes::U0505, format!("default `{}` of `{path}` is not {expected}", shown(text)))
                    .about(property.element)
                    .here(span, format!("not {expected}"))
                    .note("the default is left out"),
            );
            None
        }
        Err(Wrong::NotUnderstood) => {
            report.add(
                Diagnostic::new(
                    &codes::U0506,
                    format!("default `{}` of `{path}` is an expression that we do not know; left out", shown(text)),
                )
                .about(property.element)
                .here(span, "not a literal")
                .help("known words are `now`, `today` and `uuid`"),
            );
            None
        }
    }
}

fn shown(text: &str) -> String {
    let short: String = text.trim().chars().take(40).collect();
    short.replace(['\n', '\r', '`'], " ")
}
