//! Default values (django-mapping 1.1): from the text in the diagram to a value of the field. Nothing is ever evaluated.

mod moments;

use core::net::IpAddr;

use crate::django::field::{FieldKind, Validator, Value};
use crate::python::Expr;
use crate::uml::model::DefaultKind;
use moments::{date, duration, moment, time};

/// Why a default is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The text is no value of the field's type (U0505). Completes "default `ten` is not …": `an integer`.
    Mismatch(String),
    /// The text is an expression that we do not know (U0506).
    NotUnderstood,
}

/// What an attribute without enumeration starts with; `None` if the default says nothing, like `null` or an empty string.
///
/// # Errors
///
/// The text does not fit the field, or is an expression.
pub fn value(
    text: &str,
    kind: DefaultKind,
    field: &FieldKind,
    validators: &[Validator],
) -> Result<Option<Value>, Wrong> {
    let text = text.trim();
    if kind == DefaultKind::Null || text.is_empty() || is_nothing(text) && !is_text(field) {
        return Ok(None);
    }
    let expr = match field {
        FieldKind::Boolean => Expr::Bool(boolean(text)?),
        FieldKind::SmallInteger => integer(text, -32_768, 32_767)?,
        FieldKind::Integer => integer(text, -2_147_483_648, 2_147_483_647)?,
        FieldKind::BigInteger => integer(text, i64::MIN.into(), i64::MAX.into())?,
        FieldKind::PositiveSmallInteger => integer(text, 0, 32_767)?,
        FieldKind::PositiveInteger => integer(text, 0, 2_147_483_647)?,
        FieldKind::PositiveBigInteger => integer(text, 0, i64::MAX.into())?,
        FieldKind::Float => float(text)?,
        FieldKind::Decimal { max_digits, decimal_places } => decimal(text, *max_digits, *decimal_places)?,
        FieldKind::Char { max_length }
        | FieldKind::Email { max_length }
        | FieldKind::Url { max_length }
        | FieldKind::Slug { max_length } => match string(text, kind, Some(*max_length))? {
            Some(expr) => expr,
            None => return Ok(None),
        },
        FieldKind::Text => match string(text, kind, None)? {
            Some(expr) => expr,
            None => return Ok(None),
        },
        FieldKind::Date { .. } => date(text)?,
        FieldKind::DateTime { .. } => moment(text)?,
        FieldKind::Time { .. } => time(text)?,
        FieldKind::Uuid => uuid(text)?,
        FieldKind::GenericIpAddress => match unquoted(text).parse::<IpAddr>() {
            Ok(address) => Expr::str(address.to_string()),
            Err(_) => return Err(unknown(text, "an IP address")),
        },
        FieldKind::Json => match unquoted(text) {
            "{}" => Expr::Ref { module: "builtins", name: "dict" },
            "[]" => Expr::Ref { module: "builtins", name: "list" },
            _ => return Err(Wrong::NotUnderstood),
        },
        FieldKind::Duration => duration(text)?,
        FieldKind::Custom { .. } => plain(text, kind)?,
        FieldKind::Binary
        | FieldKind::File { .. }
        | FieldKind::BigAuto
        | FieldKind::Array(_)
        | FieldKind::Generated { .. }
        | FieldKind::ForeignKey(_)
        | FieldKind::OneToOne(_)
        | FieldKind::ManyToMany(_) => return Err(Wrong::NotUnderstood),
    };
    within(&expr, validators)?;
    Ok(Some(Value::Expr(expr)))
}

/// Which literal of an enumeration a default names: `OPEN`, `Status::OPEN`, `Status.OPEN`, `"OPEN"`.
///
/// # Errors
///
/// It names none of them.
pub fn literal(text: &str, kind: DefaultKind, literals: &[&str]) -> Result<Option<usize>, Wrong> {
    let name = unquoted(text.trim());
    if kind == DefaultKind::Null || name.is_empty() {
        return Ok(None);
    }
    let find = |wanted: &str| {
        let exact = literals.iter().position(|literal| literal.trim() == wanted);
        exact.or_else(|| {
            let wanted = super::naming::snake(wanted);
            if wanted.is_empty() {
                return None;
            }
            // Only if it is clear which one is meant.
            let mut same = literals.iter().enumerate().filter(|(_, literal)| super::naming::snake(literal) == wanted);
            let first = same.next()?;
            same.next().is_none().then_some(first.0)
        })
    };
    let short = name.rsplit("::").next().and_then(|end| end.rsplit('.').next()).unwrap_or(name);
    match find(name).or_else(|| find(short.trim_start_matches('#'))) {
        Some(index) => Ok(Some(index)),
        None if is_nothing(name) => Ok(None),
        None if name.contains('(') => Err(Wrong::NotUnderstood),
        None => Err(Wrong::Mismatch("a literal of the enumeration".to_owned())),
    }
}

const UUID: &[&str] = &[
    "uuid",
    "uuid4",
    "uuid.uuid4",
    "newguid",
    "guid.newguid",
    "newid",
    "uuid.randomuuid",
    "randomuuid",
    "genrandomuuid",
    "uuidgeneratev4",
];

/// Whether `text` is one of `words`, with or without `()`, in whatever case and with or without `_`.
fn is_word(text: &str, words: &[&str]) -> bool {
    let text = unquoted(text).trim();
    let text = text.strip_suffix("()").unwrap_or(text);
    let plain: String = text.chars().filter(|c| *c != '_' && *c != ' ').flat_map(char::to_lowercase).collect();
    words.contains(&plain.as_str())
}

fn is_nothing(text: &str) -> bool {
    ["null", "none", "nil", "undefined", "void", "empty", "\"\"", "''"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

fn is_text(field: &FieldKind) -> bool {
    matches!(
        field,
        FieldKind::Char { .. }
            | FieldKind::Text
            | FieldKind::Email { .. }
            | FieldKind::Url { .. }
            | FieldKind::Slug { .. }
    )
}

/// What does not fit is an expression if it looks like one, else a value of another type.
fn unknown(text: &str, expected: &str) -> Wrong {
    let is_expression = text.contains(['(', ')', '{', '}', '$'])
        || (text.contains(['+', '*', '/', '=', '<', '>']) && text.contains(char::is_alphabetic));
    if is_expression { Wrong::NotUnderstood } else { Wrong::Mismatch(expected.to_owned()) }
}

/// The text without the quotes around it, if there are.
fn unquoted(text: &str) -> &str {
    quoted(text).unwrap_or(text)
}

fn quoted(text: &str) -> Option<&str> {
    ['"', '\'', '“', '`'].iter().find_map(|&open| {
        let close = if open == '“' { '”' } else { open };
        text.strip_prefix(open)?.strip_suffix(close)
    })
}

fn boolean(text: &str) -> Result<bool, Wrong> {
    match unquoted(text).trim().to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "t" | "on" => Ok(true),
        "false" | "0" | "no" | "n" | "f" | "off" => Ok(false),
        _ => Err(unknown(text, "true or false")),
    }
}

fn integer(text: &str, min: i128, max: i128) -> Result<Expr, Wrong> {
    let digits = unquoted(text).trim().trim_end_matches(['l', 'L', 'u', 'U']);
    match digits.parse::<i128>() {
        Ok(number) if (min..=max).contains(&number) => Ok(Expr::int(number)),
        Ok(_) => Err(Wrong::Mismatch(format!("between {min} and {max}"))),
        Err(_) if is_digits(digits.trim_start_matches(['-', '+'])) => {
            Err(Wrong::Mismatch(format!("between {min} and {max}")))
        }
        Err(_) => Err(unknown(text, "an integer")),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn float(text: &str) -> Result<Expr, Wrong> {
    let number = unquoted(text).trim().trim_end_matches(['f', 'F', 'd', 'D']);
    // "inf" and "nan" lose or keep their last letters above, and are no numbers either way.
    if !number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return Err(unknown(text, "a number"));
    }
    match number.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Expr::Float(number)),
        Ok(_) | Err(_) => Err(unknown(text, "a finite number")),
    }
}

fn decimal(text: &str, max_digits: u32, decimal_places: u32) -> Result<Expr, Wrong> {
    let number = unquoted(text).trim().trim_end_matches(['m', 'M', 'd', 'D', 'f', 'F']);
    let number = number.strip_prefix('+').unwrap_or(number);
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = (is_digits(whole) || whole.is_empty())
        && (is_digits(places) || places.is_empty())
        && !(whole.is_empty() && places.is_empty());
    if !is_number {
        return Err(unknown(text, "a decimal number"));
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let significant = places.trim_end_matches('0');
    let whole_digits = if whole == "0" { 0 } else { whole.len() };
    let room = max_digits.saturating_sub(decimal_places) as usize;
    if significant.len() > decimal_places as usize || whole_digits > room {
        return Err(Wrong::Mismatch(format!("a number of {max_digits} digits with {decimal_places} places")));
    }
    let kept = if places.len() > decimal_places as usize { significant } else { places };
    let point = if kept.is_empty() { "" } else { "." };
    Ok(Expr::Call {
        module: "decimal",
        name: "Decimal",
        args: vec![Expr::str(format!("{sign}{whole}{point}{kept}"))],
        kwargs: Vec::new(),
    })
}

fn string(text: &str, kind: DefaultKind, max_length: Option<u32>) -> Result<Option<Expr>, Wrong> {
    let content = match quoted(text) {
        Some(content) => content,
        None if kind == DefaultKind::Expression && text.contains(['(', ')', '+', '=', '$', '{']) => {
            return Err(Wrong::NotUnderstood);
        }
        None if is_nothing(text) => return Ok(None),
        None => text,
    };
    let content: String = content.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if content.is_empty() {
        return Ok(None);
    }
    match max_length {
        Some(limit) if content.chars().count() > limit as usize => {
            Err(Wrong::Mismatch(format!("at most {limit} characters long")))
        }
        _ => Ok(Some(Expr::Str(content))),
    }
}

/// A default of a field that we know nothing of: what is clearly a text, a number or a truth.
fn plain(text: &str, kind: DefaultKind) -> Result<Expr, Wrong> {
    if let Some(content) = quoted(text) {
        return Ok(Expr::str(content.chars().filter(|c| !c.is_control()).collect::<String>()));
    }
    match boolean(text) {
        Ok(flag) if text.parse::<i128>().is_err() => return Ok(Expr::Bool(flag)),
        _ => {}
    }
    integer(text, i128::MIN, i128::MAX).or_else(|_| float(text)).or_else(|_| match kind {
        DefaultKind::Expression => Err(Wrong::NotUnderstood),
        _ => string(text, kind, None)?.ok_or(Wrong::NotUnderstood),
    })
}

fn uuid(text: &str) -> Result<Expr, Wrong> {
    if is_word(text, UUID) {
        return Ok(Expr::Ref { module: "uuid", name: "uuid4" });
    }
    let plain = unquoted(text).trim().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    let groups: Vec<usize> = plain.split('-').map(str::len).collect();
    let is_uuid = groups == [8, 4, 4, 4, 12] && plain.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    if !is_uuid {
        return Err(unknown(text, "a UUID"));
    }
    Ok(Expr::Call { module: "uuid", name: "UUID", args: vec![Expr::Str(plain)], kwargs: Vec::new() })
}

/// A default that the field's own validators refuse is no default.
fn within(expr: &Expr, validators: &[Validator]) -> Result<(), Wrong> {
    let Expr::Int(number) = expr else { return Ok(()) };
    let Ok(number) = number.parse::<i128>() else { return Ok(()) };
    for validator in validators {
        let (limit, is_max) = match validator {
            Validator::MinValue(Expr::Int(limit)) => (limit, false),
            Validator::MaxValue(Expr::Int(limit)) => (limit, true),
            _ => continue,
        };
        let Ok(bound) = limit.parse::<i128>() else { continue };
        if is_max && number > bound {
            return Err(Wrong::Mismatch(format!("at most {bound}")));
        }
        if !is_max && number < bound {
            return Err(Wrong::Mismatch(format!("at least {bound}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::moments::{call, now};
    use super::*;
    use crate::django::field::Auto;

    fn of(text: &str, field: &FieldKind) -> Result<Option<Expr>, Wrong> {
        value(text, DefaultKind::Literal, field, &[]).map(|value| {
            value.map(|value| match value {
                Value::Expr(expr) => expr,
                Value::Member { .. } => panic!("no member was asked for"),
            })
        })
    }

    fn mismatch(found: &Result<Option<Expr>, Wrong>) -> bool {
        matches!(found, Err(Wrong::Mismatch(_)))
    }

    const CHAR: FieldKind = FieldKind::Char { max_length: 5 };
    const MONEY: FieldKind = FieldKind::Decimal { max_digits: 6, decimal_places: 2 };

    #[test]
    fn literals_become_values_of_the_field() {
        assert_eq!(of("true", &FieldKind::Boolean), Ok(Some(Expr::Bool(true))));
        assert_eq!(of("0", &FieldKind::Boolean), Ok(Some(Expr::Bool(false))));
        assert_eq!(of(" -7 ", &FieldKind::Integer), Ok(Some(Expr::int(-7))));
        assert_eq!(of("10L", &FieldKind::BigInteger), Ok(Some(Expr::int(10))));
        assert_eq!(of("0.5f", &FieldKind::Float), Ok(Some(Expr::Float(0.5))));
        assert_eq!(of("\"new\"", &CHAR), Ok(Some(Expr::str("new"))));
        assert_eq!(of("new", &CHAR), Ok(Some(Expr::str("new"))));
        let Ok(Some(Expr::Call { module: "decimal", args, .. })) = of("0.00", &MONEY) else { panic!("no decimal") };
        assert_eq!(args, [Expr::str("0.00")]);
        let Ok(Some(Expr::Call { args, .. })) = of("007.5", &MONEY) else { panic!("no decimal") };
        assert_eq!(args, [Expr::str("7.5")]);
        assert_eq!(of("::1", &FieldKind::GenericIpAddress), Ok(Some(Expr::str("::1"))));
        assert_eq!(of("{}", &FieldKind::Json), Ok(Some(Expr::Ref { module: "builtins", name: "dict" })));
    }

    #[test]
    fn words_for_now_today_and_uuid_become_callables() {
        let date = FieldKind::Date { auto: Auto::No };
        let moment = FieldKind::DateTime { auto: Auto::No };
        assert_eq!(of("now()", &moment), Ok(Some(now("now"))));
        assert_eq!(of("CURRENT_TIMESTAMP", &moment), Ok(Some(now("now"))));
        assert_eq!(of("today", &date), Ok(Some(now("localdate"))));
        assert_eq!(of("uuid()", &FieldKind::Uuid), Ok(Some(Expr::Ref { module: "uuid", name: "uuid4" })));
        assert_eq!(of("2024-02-29", &date), Ok(Some(call("date", &[2024, 2, 29]))));
        assert_eq!(of("08:30", &FieldKind::Time { auto: Auto::No }), Ok(Some(call("time", &[8, 30]))));
    }

    #[test]
    fn what_does_not_fit_is_a_mismatch() {
        assert_eq!(of("ten", &FieldKind::Integer), Err(Wrong::Mismatch("an integer".to_owned())));
        assert!(mismatch(&of("40000", &FieldKind::SmallInteger)));
        assert!(mismatch(&of("-1", &FieldKind::PositiveInteger)));
        assert!(mismatch(&of("99999999999999999999999999999999999999999999", &FieldKind::Integer)));
        for not_a_number in ["NaN", "Infinity", "-inf", "1e999", "nanf"] {
            assert!(mismatch(&of(not_a_number, &FieldKind::Float)), "{not_a_number}");
            assert!(of(not_a_number, &MONEY).is_err(), "{not_a_number}");
        }
        assert!(mismatch(&of("12345.00", &MONEY)));
        assert!(mismatch(&of("1.005", &MONEY)));
        assert!(mismatch(&of("too long", &CHAR)));
        assert!(mismatch(&of("2023-02-29", &FieldKind::Date { auto: Auto::No })));
        let byte = crate::policy::types::from_table("byte").expect("known");
        let found = value("200", DefaultKind::Literal, &byte.kind, &byte.validators);
        assert_eq!(found, Err(Wrong::Mismatch("at most 127".to_owned())));
    }

    #[test]
    fn expressions_are_never_evaluated() {
        assert_eq!(of("now() + 3", &FieldKind::DateTime { auto: Auto::No }), Err(Wrong::NotUnderstood));
        assert_eq!(of("__import__('os')", &FieldKind::Integer), Err(Wrong::NotUnderstood));
        assert_eq!(value("a + b", DefaultKind::Expression, &CHAR, &[]), Err(Wrong::NotUnderstood));
    }

    #[test]
    fn nothing_is_no_default() {
        for text in ["", "null", "None", "\"\""] {
            assert_eq!(of(text, &FieldKind::Integer), Ok(None), "{text}");
            assert_eq!(of(text, &CHAR), Ok(None), "{text}");
        }
        assert_eq!(value("1", DefaultKind::Null, &FieldKind::Integer, &[]), Ok(None));
    }

    #[test]
    fn defaults_name_literals_in_the_ways_of_the_tools() {
        let literals = ["Open", "In Progress", "none"];
        for (text, index) in [
            ("Open", 0),
            ("Status::Open", 0),
            ("Status.Open", 0),
            ("\"Open\"", 0),
            ("OPEN", 0),
            ("IN_PROGRESS", 1),
            ("none", 2),
        ] {
            assert_eq!(literal(text, DefaultKind::Instance, &literals), Ok(Some(index)), "{text}");
        }
        assert!(matches!(literal("Closed", DefaultKind::Instance, &literals), Err(Wrong::Mismatch(_))));
        assert_eq!(literal("null", DefaultKind::Literal, &literals), Ok(None));
        assert!(matches!(literal("open", DefaultKind::Literal, &["Open", "OPEN"]), Err(Wrong::Mismatch(_))));
    }

    proptest! {
        #[test]
        fn no_text_stops_the_reader(text in ".{0,40}") {
            for row in crate::policy::types::TABLE {
                let _ = value(&text, DefaultKind::Literal, &row.kind, &[]);
            }
        }

        #[test]
        fn an_integer_is_kept_as_it_is(number in any::<i64>()) {
            prop_assert_eq!(of(&number.to_string(), &FieldKind::BigInteger), Ok(Some(Expr::int(number))));
        }
    }
}
