//! What is tried with rows: fields, sets of fields and values that are accepted, changed or refused.

use super::factories::{Makes, is_renamed};
use crate::django::constraint::ConstraintKind;
use crate::django::field::{Exposure, Field, FieldKind, Validator};
use crate::django::generic::Generic;
use crate::django::sample;
use crate::django::shape::Shape;
use crate::django::{Project, Rule};
use crate::python::{Code, Expr, Imports};

/// The fields of the model's own table that factories call by their names.
pub(super) fn own_fields<'m>(makes: &'m Makes<'_>) -> impl Iterator<Item = &'m Field> {
    let members = makes.route.shape.fields.iter().filter(|member| member.is_own);
    members.map(|member| member.field).filter(|field| !is_renamed(field))
}

/// The references by content type of the model, where the fullest row has one.
pub(super) fn own_generics<'m>(makes: &'m Makes<'_>) -> impl Iterator<Item = &'m Generic> {
    let generics = makes.route.shape.line.iter().flat_map(|model| &model.generics);
    generics.filter(|generic| makes.rows.has(&generic.kind, true) && makes.rows.has(&generic.key, true))
}

/// The attribute that `__str__` shows for a field.
pub(super) fn shown(shape: &Shape<'_>, name: &str) -> String {
    match shape.field(name).map(|member| member.field) {
        Some(field) if field.choices.is_some() && !field.is_lookup() => format!("get_{name}_display"),
        Some(field) if field.foreign_key().is_some() => format!("{name}_id"),
        _ => name.to_owned(),
    }
}

/// Whether the database refuses NULL for the field, and a factory can try it.
pub(super) fn refuses_null(field: &Field) -> bool {
    let is_column = !matches!(field.kind, FieldKind::ManyToMany(_) | FieldKind::File { .. });
    is_column && sample::is_settable(field) && !field.null && !field.primary_key
}

/// The sets of fields of which two rows cannot have the same, and whether it takes the fullest row to try it.
pub(super) fn uniques<'m>(makes: &'m Makes<'_>) -> Vec<(Vec<&'m str>, bool)> {
    let rows = &makes.rows;
    let mut found = Vec::new();
    for field in own_fields(makes) {
        let unique = field.unique || field.primary_key || matches!(field.kind, FieldKind::OneToOne(_));
        if unique && sample::is_settable(field) && rows.has(&field.name, true) {
            found.push((vec![field.name.as_str()], true));
        }
    }
    for constraint in &makes.route.shape.model.meta.constraints {
        let ConstraintKind::Unique { fields, condition, .. } = &constraint.kind else { continue };
        let known = |name: &String| own_fields(makes).any(|field| field.name == *name);
        let full = [false, true].into_iter().find(|&full| {
            fields.iter().all(|name| known(name) && rows.has(name, full))
                && condition.as_ref().is_none_or(|condition| rows.fulfils(condition, full))
        });
        // A unique field and a constraint on it alone are tried once.
        let row = full.map(|full| (fields.iter().map(String::as_str).collect(), full));
        found.extend(row.filter(|row| !found.contains(row)));
    }
    found
}

/// Values of which a check constraint of the model disapproves, and whether they belong into the fullest row.
pub(super) fn violations<'m>(project: &'m Project, makes: &'m Makes<'m>) -> Vec<(bool, Vec<(&'m Field, Expr)>)> {
    let constraints = makes.route.shape.model.meta.constraints.iter();
    let conditions = constraints.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check(condition) => Some(condition),
        ConstraintKind::Unique { .. } | ConstraintKind::NoOverlap { .. } => None,
    });
    let found = conditions.filter_map(|condition| makes.rows.violation(project, condition));
    let mut rows: Vec<_> = Vec::new();
    for row in found.filter(|(_, values)| !values.iter().any(|(field, _)| is_renamed(field))) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// Fields with what they are set to.
type Values<'m> = Vec<(&'m Field, Expr)>;

/// Ranges of rows that must not overlap: a start and an end, and the fields that must be the same.
pub(super) fn ranges<'m>(makes: &'m Makes<'m>) -> Vec<(Values<'m>, &'m [String])> {
    let model = makes.route.shape.model;
    let of_rules = model.rules.iter().filter_map(|rule| match rule {
        Rule::NoOverlap { start, end, by } => Some((start, end, by.as_slice())),
        _ => None,
    });
    let of_constraints = model.meta.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::NoOverlap { start, end, by, .. } => Some((start, end, by.as_slice())),
        _ => None,
    });
    let found = of_rules.chain(of_constraints).filter_map(|(start, end, by)| {
        let field = |name: &String| own_fields(makes).find(|field| field.name == *name);
        let (start, end) = (field(start)?, field(end)?);
        let fits = by.iter().all(|name| field(name).is_some() && makes.rows.has(name, true));
        let values = vec![(start, place(start, 1)?), (end, place(end, 3)?)];
        fits.then_some((values, by))
    });
    found.collect()
}

/// A value of the field that is greater for a greater number.
fn place(field: &Field, number: i128) -> Option<Expr> {
    let day = |name: &'static str, rest: &[i128], kwargs: Vec<(&'static str, Expr)>| {
        let args = [2026, 1, number].iter().chain(rest).map(|&part| Expr::int(part)).collect();
        Some(Expr::Call { module: "datetime", name, args, kwargs })
    };
    match field.kind {
        FieldKind::Date { .. } => day("date", &[], vec![]),
        FieldKind::DateTime { .. } => {
            day("datetime", &[12], vec![("tzinfo", Expr::Ref { module: "datetime", name: "UTC" })])
        }
        _ => {
            let (min, max, scale) = sample::range(field)?;
            let units = 10_i128.checked_pow(scale)?.checked_mul(number)?;
            (min..=max).contains(&units).then(|| sample::number_literal(field, units))
        }
    }
}

pub(super) fn literals(values: &[(&Field, Expr)], imports: &mut Imports) -> Vec<(Code, Code)> {
    values.iter().map(|(field, value)| (Code::str(&field.name), Code::of(value, imports))).collect()
}

/// Values that validation refuses.
///
/// Python knows no wrong row of a literal: only what comes as JSON, with codes, may be one.
pub(super) fn refused(project: &Project, makes: &Makes<'_>, is_json: bool) -> Vec<(Code, Code)> {
    let fields = own_fields(makes).filter(|field| sample::is_settable(field) && is_written(field));
    let fields = fields.filter(|field| is_json || !field.is_lookup());
    fields
        .filter(|field| !field.primary_key)
        .filter_map(|field| {
            // What is set once refuses every other value.
            let values = if field.set_once { changed_values(project, field) } else { vec![] };
            let other = values.into_iter().find(|value| !makes.rows.says(&field.name, value));
            let other = other.map(|value| Code::of(&value, &mut Imports::default()));
            Some((Code::str(&field.name), other.or_else(|| refused_value(project, field))?))
        })
        .collect()
}

fn refused_value(project: &Project, field: &Field) -> Option<Code> {
    if let Some(choices) = field.choices.as_ref().and_then(|key| project.choices(key)) {
        if choices.is_integer {
            let values = choices.members.iter().filter_map(|member| member.value.parse::<i128>().ok());
            let next = values.max()?.checked_add(1)?;
            return Some(Code::int(next));
        }
        let taken = |text: &str| choices.members.iter().any(|member| member.value == text);
        return ["?", "!", "-"].into_iter().find(|text| !taken(text)).map(Code::str);
    }
    Some(match &field.kind {
        FieldKind::Char { max_length } => {
            let least = field.validators.iter().find_map(|validator| match validator {
                Validator::MinLength(least) if *least > 1 => Some(*least),
                _ => None,
            });
            let text = |length: u32| Code::binary("*", vec![Code::str("x"), Code::int(length)]);
            least.map_or_else(|| text(max_length.saturating_add(1)), |least| text(least - 1))
        }
        FieldKind::Text if !field.blank => Code::str(""),
        FieldKind::Email { .. } => Code::str("nobody"),
        FieldKind::Url { .. } => Code::str("nowhere"),
        FieldKind::Slug { .. } => Code::str("no slug!"),
        FieldKind::GenericIpAddress => Code::str("256.0.0.1"),
        FieldKind::Date { .. } | FieldKind::DateTime { .. } | FieldKind::Time { .. } => Code::str("never"),
        FieldKind::Uuid => Code::str("none"),
        FieldKind::Decimal { max_digits, decimal_places } => {
            let whole = 10_i128.checked_pow(max_digits.checked_sub(*decimal_places)?)?;
            Code::int(limit(field).unwrap_or(whole))
        }
        FieldKind::PositiveSmallInteger | FieldKind::PositiveInteger | FieldKind::PositiveBigInteger => {
            Code::int(limit(field).unwrap_or(-1))
        }
        FieldKind::SmallInteger | FieldKind::Integer | FieldKind::BigInteger | FieldKind::Float => {
            limit(field).map_or_else(|| Code::str("many"), Code::int)
        }
        FieldKind::Boolean => Code::str("perhaps"),
        _ => return None,
    })
}

/// The first whole number below the limit that a validator sets, or above.
fn limit(field: &Field) -> Option<i128> {
    use crate::django::number::Number;
    field.validators.iter().find_map(|validator| match validator {
        Validator::MinValue(limit) => Number::of(limit)?.ceil(0)?.checked_sub(1),
        Validator::MaxValue(limit) => Number::of(limit)?.floor(0)?.checked_add(1),
        _ => None,
    })
}

/// A field with another value than the factory gives it, as JSON has it.
pub(super) fn change<'m>(project: &'m Project, makes: &'m Makes<'_>) -> Option<(&'m str, Code)> {
    let fields = makes.route.shape.fields.iter().map(|member| member.field);
    let candidates = fields
        .filter(|field| is_written(field) && field.is_shown())
        .filter(|field| !field.primary_key && !field.set_once && sample::is_settable(field))
        .filter(|field| makes.route.shape.generic_with(&field.name).is_none() && !field.is_lookup());
    candidates
        .flat_map(|field| changed_values(project, field).into_iter().map(move |value| (field, value)))
        .find(|(field, value)| makes.rows.accepts(project, &makes.route.shape, &field.name, value))
        .map(|(field, value)| (field.name.as_str(), Code::of(&value, &mut Imports::default())))
}

/// Other values than the factory mostly gives the field, as JSON has them; the best one first.
pub(super) fn changed_values(project: &Project, field: &Field) -> Vec<Expr> {
    if let Some(choices) = field.choices.as_ref().and_then(|key| project.choices(key)) {
        let mut values: Vec<Expr> = sample::member_values(choices).collect();
        values.reverse();
        return values;
    }
    changed_value(field).into_iter().collect()
}

fn changed_value(field: &Field) -> Option<Expr> {
    let unusual = field.validators.iter().any(|it| matches!(it, Validator::Regex { .. } | Validator::Custom(_)));
    Some(match field.kind {
        FieldKind::Char { max_length } if !unusual => {
            let least = field.validators.iter().filter_map(|validator| match validator {
                Validator::MinLength(least) => Some(*least as usize),
                _ => None,
            });
            let mut text = "Changed".to_owned();
            text.extend(std::iter::repeat_n('!', least.max().unwrap_or(0).saturating_sub(text.len())));
            text.truncate(max_length as usize);
            Expr::Str(text)
        }
        FieldKind::Text if !unusual => Expr::str("Changed"),
        FieldKind::Boolean => Expr::Bool(true),
        FieldKind::Decimal { .. } => {
            let (min, max, scale) = sample::range(field)?;
            let two = 10_i128.checked_pow(scale)?.checked_mul(2)?;
            Expr::Str(crate::django::number::decimal_text(two.clamp(min, max), scale))
        }
        _ => {
            let (min, max, _) = sample::range(field).filter(|_| field.kind != FieldKind::Float)?;
            Expr::int(2_i128.clamp(min, max))
        }
    })
}

/// Whether the API takes values for it.
pub(super) fn is_written(field: &Field) -> bool {
    !field.is_automatic() && field.exposure != Exposure::Kept
}

/// The fields without which the API creates nothing.
pub(super) fn asked_for<'m>(makes: &'m Makes<'_>) -> impl Iterator<Item = &'m str> {
    let shape = &makes.route.shape;
    let user = (shape.is_user && shape.field("username").is_none()).then_some("username");
    let fields = shape
        .fields
        .iter()
        .map(|member| member.field)
        .filter(|field| field.is_required() && sample::is_settable(field) && !field.is_automatic());
    user.into_iter().chain(fields.map(|field| field.name.as_str()))
}
