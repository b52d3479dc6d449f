//! Values as PostgreSQL's client writes them into statements (psycopg's dumpers, `Field.get_db_prep_save`).

use super::Untold;
use crate::python::Expr;
use crate::python::repr::{Imports, repr};

/// A value in SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) sql: String,
    /// Whether it is another one each time, so that it equals nothing: the time of day.
    pub(super) is_fresh: bool,
}

impl Value {
    fn fixed(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), is_fresh: false }
    }
}

/// A text: in single quotes, with an `E` in front if there are backslashes.
pub(super) fn text(text: &str) -> String {
    let quotes = text.replace('\'', "''");
    if text.contains('\\') { format!(" E'{}'", quotes.replace('\\', "\\\\")) } else { format!("'{quotes}'") }
}

/// A number; a minus is kept away from what stands before it.
fn number(digits: &str) -> String {
    if digits.starts_with('-') { format!(" {digits}") } else { digits.to_owned() }
}

/// A value for a column of this internal type.
pub(super) fn value(expr: &Expr, internal: &str) -> Result<Value, Untold> {
    let unknown = || Untold(format!("the value `{}`", repr(expr, &mut Imports::default())));
    let sql = match (internal, expr) {
        ("JSONField", expr) => format!("{}::jsonb", text(&json(expr).ok_or_else(unknown)?)),
        (_, Expr::Ref { .. } | Expr::Dotted(_)) => return called(expr, internal).ok_or_else(unknown),
        ("BooleanField", Expr::Bool(value)) => value.to_string(),
        (
            "IntegerField"
            | "BigIntegerField"
            | "SmallIntegerField"
            | "PositiveIntegerField"
            | "PositiveBigIntegerField"
            | "PositiveSmallIntegerField"
            | "AutoField"
            | "BigAutoField"
            | "SmallAutoField",
            expr,
        ) => match expr {
            Expr::Int(digits) => number(digits),
            Expr::Str(digits) if digits.parse::<i64>().is_ok() => number(digits.trim()),
            Expr::Bool(value) => u8::from(*value).to_string(),
            _ => return Err(unknown()),
        },
        ("FloatField", Expr::Float(_)) => number(&repr(expr, &mut Imports::default())),
        ("FloatField", Expr::Int(digits)) => {
            let value = digits.parse().map_err(|_| unknown())?;
            number(&repr(&Expr::Float(value), &mut Imports::default()))
        }
        ("DecimalField", Expr::Int(digits)) => number(digits),
        ("DecimalField", Expr::Call { name: "Decimal", args, .. }) => match args.as_slice() {
            [Expr::Str(digits) | Expr::Int(digits)] => number(digits),
            _ => return Err(unknown()),
        },
        ("DateField", Expr::Call { name: "date", args, .. }) => {
            let [year, month, day] = numbers(args).ok_or_else(unknown)?[..] else { return Err(unknown()) };
            format!("'{year:04}-{month:02}-{day:02}'::date")
        }
        ("TimeField", Expr::Call { name: "time", args, kwargs, .. }) if kwargs.is_empty() => {
            format!("'{}'::time", clock(&numbers(args).ok_or_else(unknown)?).ok_or_else(unknown)?)
        }
        ("DateTimeField", Expr::Call { name: "datetime", args, kwargs, .. }) => {
            let is_utc = matches!(kwargs.as_slice(), [("tzinfo", Expr::Ref { name: "timezone.utc", .. })]);
            let numbers = numbers(args).ok_or_else(unknown)?;
            let ([year, month, day, rest @ ..], true) = (numbers.as_slice(), is_utc) else { return Err(unknown()) };
            let clock = clock(rest).ok_or_else(unknown)?;
            format!("'{year:04}-{month:02}-{day:02} {clock}+00:00'::timestamptz")
        }
        ("DurationField", Expr::Call { name: "timedelta", args, kwargs, .. }) => {
            format!("'{}'::interval", duration(args, kwargs).ok_or_else(unknown)?)
        }
        ("UUIDField", Expr::Call { name: "UUID", args, .. }) => match args.as_slice() {
            [Expr::Str(digits)] => format!("'{}'::uuid", digits.replace('-', "").to_lowercase()),
            _ => return Err(unknown()),
        },
        ("GenericIPAddressField", Expr::Str(address)) => format!("{}::inet", text(address)),
        ("ArrayField", Expr::List(items)) if items.is_empty() => "'{}'".to_owned(),
        ("CharField" | "TextField" | "SlugField" | "FileField" | "FilePathField", expr) => match expr {
            Expr::Str(value) | Expr::Translated(value) => text(value),
            Expr::Int(digits) => text(digits),
            _ => return Err(unknown()),
        },
        _ => return Err(unknown()),
    };
    Ok(Value::fixed(sql))
}

/// What a function gives: a value of the moment is named, because nobody knows it yet.
fn called(expr: &Expr, internal: &str) -> Option<Value> {
    let name = repr(expr, &mut Imports::default());
    let cast = match internal {
        "UUIDField" => "::uuid",
        "DateTimeField" => "::timestamptz",
        "DateField" => "::date",
        "TimeField" => "::time",
        "ArrayField" if name == "list" => return Some(Value::fixed("'{}'")),
        "CharField" | "TextField" | "SlugField" | "FileField" => "",
        _ => return None,
    };
    if name == "str" {
        return Some(Value::fixed("''"));
    }
    Some(Value { sql: format!("{}{cast}", text(&format!("<{name}()>"))), is_fresh: true })
}

/// The moment at which a date that sets itself gets its value.
pub(super) fn moment(internal: &str) -> Option<Value> {
    let now = Expr::Ref { module: "django.utils.timezone", name: "now" };
    called(&now, internal)
}

/// What a column that must not be empty gets where nothing is said.
pub(super) fn empty(internal: &str) -> Value {
    Value::fixed(if internal == "BinaryField" { "'\\x'::bytea" } else { "''" })
}

fn numbers(args: &[Expr]) -> Option<Vec<i64>> {
    let each = args.iter().map(|arg| if let Expr::Int(digits) = arg { digits.parse().ok() } else { None });
    each.collect()
}

/// Hour, minute, second, microsecond; the last two may be missing.
fn clock(numbers: &[i64]) -> Option<String> {
    let at = |place: usize| numbers.get(place).copied().unwrap_or(0);
    if numbers.len() > 4 {
        return None;
    }
    let mut text = format!("{:02}:{:02}:{:02}", at(0), at(1), at(2));
    if at(3) != 0 {
        text += &format!(".{:06}", at(3));
    }
    Some(text)
}

/// `str(timedelta)` without the comma.
fn duration(args: &[Expr], kwargs: &[(&'static str, Expr)]) -> Option<String> {
    let args = numbers(args)?;
    let mut micros: i128 = 0;
    let given = ["days", "seconds", "microseconds"].into_iter().zip(args.iter().copied().map(Some));
    let named = kwargs
        .iter()
        .map(|(key, value)| (*key, numbers(std::slice::from_ref(value)).and_then(|it| it.first().copied())));
    for (unit, amount) in given.chain(named) {
        let each: i128 = match unit {
            "days" => 86_400_000_000,
            "hours" => 3_600_000_000,
            "minutes" => 60_000_000,
            "seconds" => 1_000_000,
            "milliseconds" => 1_000,
            "microseconds" => 1,
            _ => return None,
        };
        micros += each * i128::from(amount?);
    }
    let (days, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day "),
        days => format!("{days} days "),
    };
    text += &format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros > 0 {
        text += &format!(".{micros:06}");
    }
    Some(text)
}

/// A document, as `json.dumps` writes it.
fn json(expr: &Expr) -> Option<String> {
    Some(match expr {
        Expr::Ref { module: "builtins", name: "dict" } => "{}".to_owned(),
        Expr::Ref { module: "builtins", name: "list" } => "[]".to_owned(),
        Expr::None => "null".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(digits) => digits.clone(),
        Expr::Float(_) => repr(expr, &mut Imports::default()),
        Expr::Str(text) => {
            let plain = serde_json::to_string(text).ok()?;
            // Python writes what is not ASCII as escapes.
            let each = plain.chars().map(|c| {
                let mut units = [0; 2];
                let is_ascii = c.is_ascii() && c != '\u{7f}';
                if is_ascii {
                    c.to_string()
                } else {
                    c.encode_utf16(&mut units).iter().map(|it| format!("\\u{it:04x}")).collect()
                }
            });
            each.collect()
        }
        Expr::List(items) | Expr::Tuple(items) => {
            let items: Option<Vec<String>> = items.iter().map(json).collect();
            format!("[{}]", items?.join(", "))
        }
        Expr::Dict(pairs) => {
            let pairs: Option<Vec<String>> =
                pairs.iter().map(|(key, value)| Some(format!("{}: {}", json(key)?, json(value)?))).collect();
            format!("{{{}}}", pairs?.join(", "))
        }
        _ => return None,
    })
}
