//! Attributes that repeat an inherited one and allow less: there is one column, so `clean()` refuses the rest. What allows more
//! than its column can only be told.

use super::Context;
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::FieldKind;
use crate::django::field::Validator;
use crate::facts::{Attribute, AttributeKind, Inheritance, NarrowedFact, ValueFact, reason};
use crate::python::Expr;

/// Compares an attribute with the inherited one whose column it has.
pub(super) fn compare(
    cx: &Context<'_>,
    report: &mut Report,
    found: &mut Inheritance,
    own: &Attribute,
    above: &Attribute,
) {
    let (AttributeKind::Column(narrow), AttributeKind::Column(wide)) = (&own.kind, &above.kind) else { return };
    let property = &cx.model.properties[own.property];
    let general = &cx.model.properties[above.property];
    let wider = wider(narrow, wide);
    if !wider.is_empty() && property.redefines.contains(&above.property) {
        report.add(
            Diagnostic::new(
                &codes::U0710,
                format!(
                    "`{}` redefines `{}` and allows more: {}",
                    cx.elements.path(property.element),
                    cx.elements.path(general.element),
                    wider.join(", ")
                ),
            )
            .about(property.element)
            .here(property.span, "allows more")
            .because(general.span, "has the column, and refuses it")
            .help("let the inherited attribute allow it, or redefine it with less"),
        );
    }
    let required = !narrow.null && !narrow.blank && (wide.null || wide.blank);
    // What the column refuses anyway need not be said again.
    let is_new = |validator: &&Validator| !wide.validators.contains(validator) && !is_wider(validator, wide);
    let mut validators: Vec<Validator> = narrow.validators.iter().filter(is_new).cloned().collect();
    if let (Some(own), Some(above)) = (length(&narrow.kind), length(&wide.kind))
        && own < above
    {
        validators.push(Validator::MaxLength(own));
    }
    if required || !validators.is_empty() {
        let because =
            Because::Rule { name: "a redefined attribute has the column that it had", at: Some(property.span) };
        let what = if required { "a value is required" } else { "values are checked" };
        let why = reason(format!("{what} in clean()"), "it allows less than the inherited attribute", because);
        found.narrowed.insert(own.property, NarrowedFact { above: above.property, validators, required, reason: why });
    }
}

fn length(kind: &FieldKind) -> Option<u32> {
    match kind {
        FieldKind::Char { max_length }
        | FieldKind::Email { max_length }
        | FieldKind::Url { max_length }
        | FieldKind::Slug { max_length } => Some(*max_length),
        _ => None,
    }
}

/// What the redefinition allows and the column does not, in words.
fn wider(own: &ValueFact, above: &ValueFact) -> Vec<String> {
    let mut found = Vec::new();
    if (own.null || own.blank) && !above.null && !above.blank {
        found.push("no value".to_owned());
    }
    if let (Some(own), Some(above)) = (length(&own.kind), length(&above.kind))
        && own > above
    {
        found.push(format!("{own} characters where there is room for {above}"));
    }
    for validator in own.validators.iter().filter(|validator| is_wider(validator, above)) {
        if let (Some(own), Some(above)) = (limit(validator).and_then(number), limit_above(validator, above)) {
            found.push(format!("{own} where the limit is {above}"));
        }
    }
    found
}

/// Whether a bound allows more than that of the column.
fn is_wider(validator: &Validator, above: &ValueFact) -> bool {
    match (validator, limit(validator).and_then(number), limit_above(validator, above)) {
        (Validator::MinValue(_), Some(own), Some(above)) => own < above,
        (Validator::MaxValue(_), Some(own), Some(above)) => own > above,
        _ => false,
    }
}

/// The limit of the column on the same side, the tightest one.
fn limit_above(validator: &Validator, above: &ValueFact) -> Option<f64> {
    let same = |other: &&Validator| std::mem::discriminant(*other) == std::mem::discriminant(validator);
    let limits = above.validators.iter().filter(same).filter_map(limit).filter_map(number);
    limits.reduce(if matches!(validator, Validator::MinValue(_)) { f64::max } else { f64::min })
}

fn limit(validator: &Validator) -> Option<&Expr> {
    match validator {
        Validator::MinValue(limit) | Validator::MaxValue(limit) => Some(limit),
        _ => None,
    }
}

/// The number that a limit is, near enough to compare it.
fn number(limit: &Expr) -> Option<f64> {
    match limit {
        Expr::Int(digits) => digits.parse().ok(),
        Expr::Call { name: "Decimal", args, .. } => match args.first() {
            Some(Expr::Str(text)) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
