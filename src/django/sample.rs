//! The smallest sensible value of a field, for factories and tests.

use super::field::{Auto, Field, FieldKind, Kept, Validator, Value};
use super::generic::Generic;
use super::model::Lookup;
use super::number::{Number, decimal_text};
use super::pattern;
use super::project::{Choices, ModelKey, Project};
use crate::python::Expr;
use crate::util::words;

/// A value for a field, or a series of them: one for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// The same in each row.
    Same(Expr),
    /// A text with the number of the row in place of `{}` or `{:x}`.
    Text(String),
    /// The number of the row in so many letters and digits.
    Code(u32),
    /// Whole numbers from `first` on; after `count` of them it starts again.
    #[expect(missing_docs)]
    Whole { first: i128, count: i128 },
    /// The same, as floats.
    #[expect(missing_docs)]
    Float { first: i128, count: i128 },
    /// The same, as decimals in units of `10^-scale`.
    #[expect(missing_docs)]
    Decimal { first: i128, count: i128, scale: u32 },
    /// One after the other, then again.
    Cycle(Vec<Expr>),
    /// A day after the other.
    Dates,
    /// A day after the other.
    DateTimes,
    /// A minute after the other.
    Times,
    /// Longer and longer.
    Durations,
    /// Numbers as UUIDs.
    Uuids,
    /// Small dictionaries.
    Documents,
    /// A few bytes.
    Bytes,
    /// A small file.
    File,
    /// The content type of that model.
    Kind(ModelKey),
    /// The key of a row of that model, made for the purpose; as text if the flag says so.
    KeyOf(ModelKey, bool),
    /// A row of that model, made for the purpose.
    Row(ModelKey),
    /// A list of one such row.
    Rows(ModelKey),
}

impl Sample {
    /// How many different values there are, if not plenty.
    pub fn count(&self) -> Option<i128> {
        match self {
            Self::Whole { count, .. } | Self::Float { count, .. } | Self::Decimal { count, .. } => {
                Some(*count).filter(|&count| count < PLENTY)
            }
            Self::Cycle(values) => i128::try_from(values.len()).ok(),
            Self::Same(_) => Some(1),
            _ => None,
        }
    }
}

/// More rows than any test makes.
const PLENTY: i128 = 1_000;

/// The days and hours of samples.
pub fn date() -> Expr {
    Expr::Call { module: "datetime", name: "date", args: [2026, 1, 1].map(Expr::int).to_vec(), kwargs: vec![] }
}

/// The same as a point in time.
pub fn datetime() -> Expr {
    let zone = Expr::Ref { module: "datetime", name: "UTC" };
    let args = [2026, 1, 1, 12].map(Expr::int).to_vec();
    Expr::Call { module: "datetime", name: "datetime", args, kwargs: vec![("tzinfo", zone)] }
}

/// A value of `field`; different in each row if `distinct`.
///
/// `None` if there is no telling: a pattern that we cannot read.
pub fn sample(project: &Project, field: &Field, distinct: bool) -> Option<Sample> {
    if let Some(choices) = field.choices.as_ref().and_then(|key| project.choices(key)) {
        let values: Vec<Expr> = member_values(choices).collect();
        let first = values.first()?.clone();
        if field.many_to_many().is_some() {
            return Some(Sample::Same(Expr::List(vec![first])));
        }
        return Some(if distinct { Sample::Cycle(values) } else { Sample::Same(first) });
    }
    Some(match &field.kind {
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => Sample::Row(key.to.clone()),
        FieldKind::ManyToMany(relation) => Sample::Rows(relation.to.clone()),
        FieldKind::Boolean if distinct => Sample::Cycle(vec![Expr::Bool(false), Expr::Bool(true)]),
        FieldKind::Boolean => Sample::Same(Expr::Bool(false)),
        FieldKind::SmallInteger
        | FieldKind::Integer
        | FieldKind::BigInteger
        | FieldKind::PositiveSmallInteger
        | FieldKind::PositiveInteger
        | FieldKind::PositiveBigInteger
        | FieldKind::BigAuto
        | FieldKind::Float
        | FieldKind::Decimal { .. } => number(field, distinct)?,
        FieldKind::Char { max_length } => text(field, Some(*max_length), distinct)?,
        FieldKind::Text => text(field, None, distinct)?,
        FieldKind::Email { max_length } => pick(&["user{}@example.com", "u{}@a.co"], "{}", *max_length, distinct)?,
        FieldKind::Url { max_length } => {
            pick(&["https://example.com/{}", "http://a.co/{}"], "{}", *max_length, distinct)?
        }
        FieldKind::Slug { max_length } => {
            let own = format!("{}-{{}}", words::snake(&field.name).replace('_', "-"));
            let short = if *max_length < 8 { Sample::Code(*max_length) } else { Sample::Text("s-{}".to_owned()) };
            pick(&[&own], "-{}", *max_length, distinct).unwrap_or(short)
        }
        FieldKind::Date { .. } if distinct => Sample::Dates,
        FieldKind::Date { .. } => Sample::Same(date()),
        FieldKind::DateTime { .. } if distinct => Sample::DateTimes,
        FieldKind::DateTime { .. } => Sample::Same(datetime()),
        FieldKind::Time { .. } if distinct => Sample::Times,
        FieldKind::Time { .. } => Sample::Same(call("datetime", "time", [12, 0].map(Expr::int).to_vec())),
        FieldKind::Duration if distinct => Sample::Durations,
        FieldKind::Duration => Sample::Same(Expr::Call {
            module: "datetime",
            name: "timedelta",
            args: vec![],
            kwargs: vec![("hours", Expr::int(1))],
        }),
        FieldKind::Uuid if distinct => Sample::Uuids,
        FieldKind::Uuid => {
            let kwargs = vec![("int", Expr::int(1))];
            Sample::Same(Expr::Call { module: "uuid", name: "UUID", args: vec![], kwargs })
        }
        FieldKind::GenericIpAddress if distinct => Sample::Text("2001:db8::1:{:x}".to_owned()),
        FieldKind::GenericIpAddress => Sample::Same(Expr::str("192.0.2.1")),
        FieldKind::Array(base) => list(field, &sample(project, base, false)?)?,
        FieldKind::Json if least_count(field).is_some() => list(field, &Sample::Same(Expr::str("value")))?,
        // We cannot know what it takes; the database computes the others.
        FieldKind::Custom { .. } | FieldKind::Generated { .. } => return None,
        FieldKind::Json if distinct => Sample::Documents,
        FieldKind::Json => Sample::Same(Expr::Dict(vec![(Expr::str("key"), Expr::str("value"))])),
        FieldKind::Binary => Sample::Bytes,
        FieldKind::File { .. } => Sample::File,
    })
}

/// A value of a field that is a part of a reference by content type.
pub fn of_generic(generic: &Generic, field: &Field) -> Sample {
    if field.name == generic.kind {
        Sample::Kind(generic.sample.clone())
    } else {
        Sample::KeyOf(generic.sample.clone(), field.is_text())
    }
}

/// Keys of rows that every database has: no more than tests need, and than a page of a list shows.
pub fn of_lookup(lookup: &Lookup) -> Sample {
    Sample::Cycle(lookup.rows.iter().take(20).map(|row| row.code.clone()).collect())
}

/// The fewest values of a list, if there is a bound.
fn least_count(field: &Field) -> Option<u32> {
    let counts = field.validators.iter().filter_map(|validator| match validator {
        Validator::MinCount(count) => Some(*count),
        Validator::MaxCount(_) => Some(1),
        _ => None,
    });
    counts.max()
}

/// A list of as few values as it may have.
fn list(field: &Field, value: &Sample) -> Option<Sample> {
    let Sample::Same(value) = value else { return None };
    let count = least_count(field).unwrap_or(1).min(1_000) as usize;
    Some(Sample::Same(Expr::List(vec![value.clone(); count])))
}

/// The values of an enumeration's members.
pub fn member_values(choices: &Choices) -> impl Iterator<Item = Expr> {
    choices
        .members
        .iter()
        .map(|member| if choices.is_integer { Expr::Int(member.value.clone()) } else { Expr::str(&member.value) })
}

/// What the field has if nobody says anything: its default, or nothing; `None` if a callable decides.
pub fn default(project: &Project, field: &Field) -> Option<Expr> {
    match field.default.as_deref().or(field.db_default.as_deref()) {
        Some(Value::Expr(Expr::Ref { .. } | Expr::Call { name: "Now", .. } | Expr::Name(_))) => None,
        Some(Value::Expr(expr)) => Some(expr.clone()),
        Some(Value::Member { choices, member }) => {
            let choices = project.choices(choices)?;
            let index = choices.members.iter().position(|it| it.name == *member)?;
            member_values(choices).nth(index)
        }
        None if field.null => Some(Expr::None),
        None if field.is_text() => Some(Expr::str("")),
        None => None,
    }
}

/// Whether the field's default is a callable that never returns the same twice.
pub fn has_fresh_default(field: &Field) -> bool {
    matches!(field.default.as_deref(), Some(Value::Expr(Expr::Ref { name: "uuid4", .. })))
}

/// Whether the default is empty and the field must not be: an empty document.
pub fn has_refused_default(field: &Field) -> bool {
    let empty = match field.default.as_deref() {
        Some(Value::Expr(Expr::Ref { module: "builtins", name: "dict" | "list" })) => true,
        Some(Value::Expr(Expr::Dict(entries))) => entries.is_empty(),
        Some(Value::Expr(Expr::List(entries))) => entries.is_empty(),
        _ => false,
    };
    empty && !field.blank && matches!(field.kind, FieldKind::Json | FieldKind::Array(_))
}

/// The numbers that the field accepts, both inclusive, and the places behind the point.
pub fn range(field: &Field) -> Option<(i128, i128, u32)> {
    let (mut min, mut max, scale) = match field.kind {
        FieldKind::SmallInteger => (-32_768, 32_767, 0),
        FieldKind::Integer => (-2_147_483_648, 2_147_483_647, 0),
        FieldKind::BigInteger | FieldKind::Float => (i128::from(i64::MIN), i128::from(i64::MAX), 0),
        FieldKind::PositiveSmallInteger => (0, 32_767, 0),
        FieldKind::PositiveInteger => (0, 2_147_483_647, 0),
        FieldKind::PositiveBigInteger | FieldKind::BigAuto => (0, i128::from(i64::MAX), 0),
        FieldKind::Decimal { max_digits, decimal_places } => {
            let max = 10_i128.checked_pow(max_digits)?.checked_sub(1)?;
            (-max, max, decimal_places)
        }
        _ => return None,
    };
    for validator in &field.validators {
        match validator {
            Validator::MinValue(limit) => min = min.max(Number::of(limit)?.ceil(scale)?),
            Validator::MaxValue(limit) => max = max.min(Number::of(limit)?.floor(scale)?),
            _ => {}
        }
    }
    (min <= max).then_some((min, max, scale))
}

/// A number of the field's kind, in units of its last place.
pub fn number_literal(field: &Field, units: i128) -> Expr {
    match field.kind {
        FieldKind::Decimal { decimal_places: 0, .. } => call("decimal", "Decimal", vec![Expr::int(units)]),
        FieldKind::Decimal { decimal_places, .. } => {
            call("decimal", "Decimal", vec![Expr::str(decimal_text(units, decimal_places))])
        }
        #[expect(clippy::cast_precision_loss)]
        FieldKind::Float => Expr::Float(units as f64),
        _ => Expr::int(units),
    }
}

fn number(field: &Field, distinct: bool) -> Option<Sample> {
    let (min, max, scale) = range(field)?;
    let one = 10_i128.checked_pow(scale)?;
    let first = if distinct { 1_i128 } else { one }.clamp(min, max);
    if !distinct {
        return Some(Sample::Same(number_literal(field, first)));
    }
    let count = (max - first).min(i128::from(u32::MAX)) + 1;
    Some(match field.kind {
        FieldKind::Decimal { .. } => Sample::Decimal { first, count, scale },
        FieldKind::Float => Sample::Float { first, count },
        _ => Sample::Whole { first, count },
    })
}

fn text(field: &Field, max_length: Option<u32>, distinct: bool) -> Option<Sample> {
    let regex = field.validators.iter().find_map(|validator| match validator {
        Validator::Regex { pattern, .. } => Some(pattern),
        _ => None,
    });
    let least = field.validators.iter().filter_map(|validator| match validator {
        Validator::MinLength(length) => Some(*length as usize),
        _ => None,
    });
    let least = least.max().unwrap_or(0);
    let most = max_length.map_or(usize::MAX, |length| length as usize);
    if let Some(pattern) = regex {
        let mut fitting: Vec<String> = pattern::samples(pattern).collect();
        fitting.retain(|text| (least..=most).contains(&text.chars().count()) && !text.is_empty());
        fitting.dedup();
        let first = Expr::str(fitting.first()?);
        return Some(if distinct {
            Sample::Cycle(fitting.into_iter().map(Expr::Str).collect())
        } else {
            Sample::Same(first)
        });
    }
    let mut label = words::snake(&field.name).replace('_', " ");
    if let Some(first) = label.get(..1) {
        label = first.to_uppercase() + label.get(1..).unwrap_or_default();
    }
    if least > label.len() {
        label.extend(std::iter::repeat_n('x', least - label.len()));
    }
    if !distinct {
        label.truncate(most);
        return Some(Sample::Same(Expr::str(label.trim_end())));
    }
    // A number of up to five digits and the blank in front of it.
    match most.checked_sub(6).filter(|room| *room >= 1) {
        Some(room) => {
            label.truncate(room.max(least));
            Some(Sample::Text(format!("{} {{}}", label.trim_end())))
        }
        None => u32::try_from(most).ok().map(Sample::Code),
    }
}

/// The first text that is short enough; `{}` stands for up to five digits, or goes away with `joint` if not `distinct`.
fn pick(texts: &[&str], joint: &str, max_length: u32, distinct: bool) -> Option<Sample> {
    let fits = |text: &str, extra: usize| text.len() + extra <= max_length as usize;
    if distinct {
        texts.iter().find(|text| fits(text, 3)).map(|text| Sample::Text((*text).to_owned()))
    } else {
        let plain = texts.iter().map(|text| text.replace(joint, ""));
        plain.into_iter().find(|text| fits(text, 0)).map(|text| Sample::Same(Expr::Str(text)))
    }
}

fn call(module: &'static str, name: &'static str, args: Vec<Expr>) -> Expr {
    Expr::Call { module, name, args, kwargs: vec![] }
}

/// Whether rows are written with a value of the field that the caller chooses.
pub fn is_settable(field: &Field) -> bool {
    match field.kind {
        _ if matches!(field.kept, Some(Kept::Deletion | Kept::Version)) => false,
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto == Auto::No,
        FieldKind::BigAuto | FieldKind::Generated { .. } => false,
        FieldKind::ManyToMany(ref relation) => relation.through.is_none(),
        _ => true,
    }
}
