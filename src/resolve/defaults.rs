//! Defaults of attributes: those that fit, as values; the others reported.

use std::borrow::Cow;

use super::Context;
use super::attributes::class_of;
use super::refine::refuse;
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::FieldKind;
use crate::django::field::{Auto, Value};
use crate::facts::{DefaultFact, Definition, Facts, ValueFact};
use crate::policy::default::{self as policy, Wrong};
use crate::python::Expr;
use crate::uml::model::{DefaultKind, Property};
use crate::uml::ocl::{Kind, UnaryOp};
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
    let first = facts.definitions().initial.get(&id);
    let (text, kind, span) = match (&tag, &property.default, first) {
        (Some((text, because)), ..) => {
            (Cow::Borrowed(*text), DefaultKind::Literal, because.place().unwrap_or(property.span))
        }
        (None, Some(drawn), _) => (Cow::Borrowed(drawn.text.value.as_str()), drawn.kind, drawn.text.span),
        // What is no literal is told with the constraint that says it.
        (None, None, Some(first)) => {
            let (text, kind) = literal(first)?;
            (text, kind, first.text.span)
        }
        (None, None, None) => return None,
    };
    let text = &*text;
    let found = read(facts, text, kind, value);
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

/// The text of the literal that a definition is: `12`, `Status::open`, `today()`.
fn literal(definition: &Definition) -> Option<(Cow<'_, str>, DefaultKind)> {
    let tree = &definition.rules.tree;
    Some(match &tree.node(definition.root).kind {
        Kind::Integer(text) | Kind::Real(text) | Kind::Text(text) => (text.into(), DefaultKind::Literal),
        Kind::Boolean(value) => (if *value { "true" } else { "false" }.into(), DefaultKind::Literal),
        Kind::Unary(UnaryOp::Minus, of) => match &tree.node(*of).kind {
            Kind::Integer(text) | Kind::Real(text) => (format!("-{text}").into(), DefaultKind::Literal),
            _ => return None,
        },
        Kind::Path(path) => (path.last()?.into(), DefaultKind::Instance),
        Kind::Call { of: None, name, args, .. } if args.is_empty() => (name.into(), DefaultKind::Expression),
        _ => return None,
    })
}

/// The value that a text means for a column.
fn read(facts: &Facts, text: &str, kind: DefaultKind, value: &ValueFact) -> Result<Option<DefaultFact>, Wrong> {
    let Some(class) = value.choices else {
        return policy::value(text, kind, &value.kind, &value.validators).map(|value| match value {
            Some(Value::Expr(expr)) => Some(DefaultFact::Expr(expr)),
            _ => None,
        });
    };
    let literals: Vec<&str> = facts
        .roles()
        .enumeration(class)
        .map_or_else(Vec::new, |fact| fact.literals.iter().map(|literal| literal.name.as_str()).collect());
    policy::literal(text, kind, &literals).map(|index| index.map(|index| DefaultFact::Literal(class, index)))
}

/// What the tag `db_default` says: a value of the column, or the moment of the database.
pub(super) fn of_database(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    property: &Property,
    value: &ValueFact,
) -> Option<(DefaultFact, Because)> {
    let (text, because) = facts.tags().text(property.element, "db_default")?;
    let sets_itself = matches!(
        value.kind,
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } if auto != Auto::No
    );
    let is_plain = !matches!(
        value.kind,
        FieldKind::Json
            | FieldKind::Binary
            | FieldKind::File { .. }
            | FieldKind::Array(_)
            | FieldKind::Generated { .. }
            | FieldKind::Custom { .. }
    );
    let found = read(facts, text, DefaultKind::Literal, value).ok().flatten();
    let found = found.filter(|_| is_plain && !sets_itself && !value.primary_key);
    let found = match found {
        Some(DefaultFact::Expr(Expr::Ref { name: "now", .. })) if matches!(value.kind, FieldKind::DateTime { .. }) => {
            let now =
                Expr::Call { module: "django.db.models.functions.datetime", name: "Now", args: vec![], kwargs: vec![] };
            Some(DefaultFact::Expr(now))
        }
        // What Python would have to compute.
        Some(DefaultFact::Expr(Expr::Ref { .. })) => None,
        found => found,
    };
    if found.is_none() {
        let takes = format!("what the database can fill into a {}: a value, or `now`", class_of(&value.kind));
        refuse(cx, report, property, "db_default", text, because, &takes);
    }
    found.map(|found| (found, because.clone()))
}

/// What the tag `migration_default` says.
pub(super) fn of_rows(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    property: &Property,
    value: &ValueFact,
) -> Option<(DefaultFact, Because)> {
    let (text, because) = facts.tags().text(property.element, "migration_default")?;
    let found = read(facts, text, DefaultKind::Literal, value).ok().flatten();
    if found.is_none() {
        let takes = format!("a value of the {}", class_of(&value.kind));
        refuse(cx, report, property, "migration_default", text, because, &takes);
    }
    found.map(|found| (found, because.clone()))
}

fn shown(text: &str) -> String {
    let short: String = text.trim().chars().take(40).collect();
    short.replace(['\n', '\r', '`'], " ")
}
