//! Days, times and durations.

use super::{Wrong, is_digits, is_word, unknown, unquoted};
use crate::python::Expr;

const NOW: &[&str] = &[
    "now",
    "currenttimestamp",
    "sysdate",
    "systimestamp",
    "getdate",
    "datetime.now",
    "timezone.now",
    "today",
    "localdatetime.now",
    "instant.now",
    "newdate",
];

const TODAY: &[&str] = &[
    "today",
    "now",
    "currentdate",
    "sysdate",
    "curdate",
    "getdate",
    "date.today",
    "localdate.now",
    "datetime.today",
    "newdate",
];

pub(super) fn date(text: &str) -> Result<Expr, Wrong> {
    if is_word(text, TODAY) {
        return Ok(now("localdate"));
    }
    let parts: Vec<&str> = unquoted(text).trim().split('-').collect();
    let [year, month, day] = parts[..] else { return Err(unknown(text, "a date like `2026-12-31`")) };
    let numbers = [year, month, day].map(|part| if is_digits(part) { part.parse::<u32>().ok() } else { None });
    match numbers {
        [Some(year @ 1..=9999), Some(month @ 1..=12), Some(day)] if (1..=days(year, month)).contains(&day) => {
            Ok(call("date", &[year, month, day]))
        }
        _ => Err(unknown(text, "a date like `2026-12-31`")),
    }
}

/// `2026-12-31T23:59:00Z`: a moment needs its zone, which is that of London, since others change.
pub(super) fn moment(text: &str) -> Result<Expr, Wrong> {
    if is_word(text, NOW) {
        return Ok(now("now"));
    }
    let wrong = || unknown(text, "a date and time like `2026-12-31T23:59:00Z`");
    let plain = unquoted(text).trim();
    let plain = plain.strip_suffix(['Z', 'z']).or_else(|| plain.strip_suffix("+00:00")).ok_or_else(wrong)?;
    let (day, hour) = plain.split_once(['T', 't', ' ']).ok_or_else(wrong)?;
    let (Ok(Expr::Call { args: day, .. }), Ok(Expr::Call { args: hour, .. })) = (date(day), time(hour)) else {
        return Err(wrong());
    };
    let mut args = [day, hour].concat();
    if args.len() > 5 && args.last() == Some(&Expr::int(0)) {
        args.pop();
    }
    let zone = Expr::Ref { module: "datetime", name: "timezone.utc" };
    Ok(Expr::Call { module: "datetime", name: "datetime", args, kwargs: vec![("tzinfo", zone)] })
}

pub(super) fn time(text: &str) -> Result<Expr, Wrong> {
    let wrong = || unknown(text, "a time like `23:59`");
    let parts: Vec<&str> = unquoted(text).trim().split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| !is_digits(part)) {
        return Err(wrong());
    }
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let fits = numbers.len() == parts.len() && numbers[0] < 24 && numbers[1..].iter().all(|&number| number < 60);
    if fits { Ok(call("time", &numbers)) } else { Err(wrong()) }
}

/// ISO 8601 (`P1DT12H`, without years and months, whose length differs) or `12:30:00`.
pub(super) fn duration(text: &str) -> Result<Expr, Wrong> {
    let plain = unquoted(text).trim();
    let seconds = match plain.strip_prefix(['P', 'p']) {
        Some(iso) => iso_seconds(iso),
        None => time_of_day(plain).map(|parts| {
            let unit = if parts.len() == 2 { 60 } else { 1 };
            parts.iter().fold(0, |sum, part| sum * 60 + part) * unit
        }),
    };
    let seconds = seconds.ok_or_else(|| unknown(text, "a duration like `P1DT12H` or `12:30:00`"))?;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let kwargs = [("days", days), ("seconds", rest)].into_iter().filter(|(_, value)| *value > 0);
    let kwargs: Vec<_> = kwargs.map(|(name, value)| (name, Expr::int(value))).collect();
    let args = if kwargs.is_empty() { vec![Expr::int(0)] } else { vec![] };
    Ok(Expr::Call { module: "datetime", name: "timedelta", args, kwargs })
}

pub(super) fn now(name: &'static str) -> Expr {
    Expr::Ref { module: "django.utils.timezone", name }
}

fn time_of_day(text: &str) -> Option<Vec<u32>> {
    let parts: Vec<&str> = text.split(':').collect();
    let fits = (2..=3).contains(&parts.len()) && parts.iter().all(|part| is_digits(part) && part.len() <= 4);
    if fits { parts.iter().map(|part| part.parse().ok()).collect() } else { None }
}

fn iso_seconds(text: &str) -> Option<u32> {
    let (mut sum, mut digits, mut in_time, mut any) = (0_u32, String::new(), false, false);
    for c in text.chars() {
        let unit = match (c.to_ascii_uppercase(), in_time) {
            ('0'..='9', _) => {
                digits.push(c);
                continue;
            }
            ('T', false) if digits.is_empty() => {
                in_time = true;
                continue;
            }
            ('W', false) => 604_800,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        sum = sum.checked_add(digits.parse::<u32>().ok()?.checked_mul(unit)?)?;
        digits.clear();
        any = true;
    }
    (any && digits.is_empty()).then_some(sum)
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn call(name: &'static str, numbers: &[u32]) -> Expr {
    let args = numbers.iter().map(|&number| Expr::int(number)).collect();
    Expr::Call { module: "datetime", name, args, kwargs: Vec::new() }
}
