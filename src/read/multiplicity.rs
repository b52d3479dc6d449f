//! Multiplicities, as the tools write them and as they are meant (xmi-modern.md 2.4).

use std::borrow::Cow;

use crate::uml::multiplicity::{Multiplicity, Upper};

/// A bound as written: the kind of its literal, and its text if there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound<'t> {
    pub(super) metaclass: &'t str,
    pub(super) text: Option<Cow<'t, str>>,
}

impl<'t> Bound<'t> {
    /// A bound of which only the text is known.
    pub(super) fn text(text: &'t str) -> Self {
        Self { metaclass: "", text: Some(Cow::Borrowed(text)) }
    }
}

/// What a pair of bounds means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is clear.
    Plain(Multiplicity),
    /// It is read as this; the text is what was written.
    Unusual(Multiplicity, String),
    /// The upper bound is 0: there are no values.
    Nothing(String),
    /// The lower bound is above the upper bound.
    Crossed(String),
    /// It is no number.
    NoNumber(String),
}

/// Whether a multiplicity or an upper bound, as text, allows more than one value; nothing is said of those that are none.
pub(super) fn is_many(text: &str) -> bool {
    match self::text(text.trim()) {
        Some(Meaning::Plain(found) | Meaning::Unusual(found, _)) => found.is_many(),
        _ => false,
    }
}

/// Reads a pair of bounds, of which at least one is written.
pub(super) fn read(
    lower: Option<&Bound<'_>>,
    upper: Option<&Bound<'_>>,
    zero_is_optional: bool,
    star_below: bool,
) -> Meaning {
    let shown = || shown(lower, upper);
    // A whole range in one box.
    for bound in [lower, upper].into_iter().flatten() {
        let text = bound.text.as_deref().unwrap_or_default();
        if let Some((low, high)) = range(text) {
            let (Some(low), Some(high)) = (number(low), number(high)) else {
                return Meaning::NoNumber(text.to_owned());
            };
            return order(low.unwrap_or(0), high, true, || text.to_owned());
        }
    }
    let (mut is_unusual, mut is_star) = (false, false);
    let lower_value = match lower.map(|bound| (bound, bound.text.as_deref().map(str::trim))) {
        None => None,
        Some((_, None | Some(""))) => Some(0),
        Some((_, Some(text))) => match number(text) {
            Some(Some(value)) => Some(value),
            // `*` below: any number, none among them.
            Some(None) => {
                is_star = true;
                Some(0)
            }
            None => return Meaning::NoNumber(shown()),
        },
    };
    let upper_value = match upper.map(|bound| (bound, bound.text.as_deref().map(str::trim))) {
        // `*` alone in the box of the tool, written to the lower bound.
        None if is_star => None,
        None => Some(1),
        Some((bound, None | Some(""))) => {
            if bound.metaclass == "LiteralUnlimitedNatural" {
                is_unusual = true;
                None
            } else {
                Some(0)
            }
        }
        Some((_, Some(text))) => match number(text) {
            Some(value) => {
                is_unusual |= value.is_none() && !matches!(text, "*" | "-1") || text.contains('{');
                value
            }
            None => return Meaning::NoNumber(shown()),
        },
    };
    is_unusual |= is_star && !star_below;
    if upper_value == Some(0) {
        return if zero_is_optional && lower_value.unwrap_or(0) == 0 {
            Meaning::Unusual(Multiplicity::OPTIONAL, shown())
        } else {
            Meaning::Nothing(shown())
        };
    }
    // By the specification 1, but no more than the upper bound.
    order(lower_value.unwrap_or(1), upper_value, is_unusual, shown)
}

/// Reads a multiplicity that was written as one text, as the older tools have it. `None` if the text says nothing.
pub(super) fn text(written: &str) -> Option<Meaning> {
    let written = written.trim();
    // `2..* {ordered}`, `[0..1]`
    let bare = written.split('{').next().unwrap_or_default().trim();
    let bare = bare.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).unwrap_or(bare).trim();
    if bare.chars().all(|c| matches!(c, ',' | '.')) || bare == "-1..-1" {
        return None;
    }
    let mut is_unusual = bare != written;
    let mut whole: Option<(u32, Option<u32>)> = None;
    for part in bare.split([',', ';']).map(str::trim) {
        let Some((lower, upper)) = interval(part, &mut is_unusual) else {
            return Some(Meaning::NoNumber(written.to_owned()));
        };
        whole = Some(match whole {
            None => (lower, upper),
            // `0,2..*`: what lies between is allowed too, which a multiplicity cannot forbid.
            Some((least, most)) => {
                is_unusual = true;
                (least.min(lower), most.zip(upper).map(|(most, upper)| most.max(upper)))
            }
        });
    }
    let (lower, upper) = whole?;
    if lower == 0 && upper == Some(0) {
        return Some(Meaning::Nothing(written.to_owned()));
    }
    Some(order(lower, upper, is_unusual, || written.to_owned()))
}

/// Whether a stereotype is a multiplicity: where a tool has none for attributes, people write it as `<<0..1>>`.
pub(super) fn is_stereotype(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_digit() || c == '*') && matches!(text(name), Some(Meaning::Plain(_)))
}

/// `0..1`, `0-1`, `1..`, `5`, `*`
fn interval(text: &str, is_unusual: &mut bool) -> Option<(u32, Option<u32>)> {
    let (low, high) = match range(text) {
        Some((low, high)) => {
            *is_unusual |= text.contains("...");
            (low, high)
        }
        None => match text.split_once('-').filter(|(low, _)| !low.is_empty()) {
            Some(bounds) => {
                *is_unusual = true;
                bounds
            }
            // A number alone is both bounds.
            None => {
                let value = number(text)?;
                return Some((value.unwrap_or(0), value));
            }
        },
    };
    let high = high.trim();
    *is_unusual |= high.is_empty();
    let upper = if high.is_empty() { None } else { number(high)? };
    let lower = number(low.trim())?;
    *is_unusual |= lower.is_none();
    Some((lower.unwrap_or(0), upper))
}

fn order(lower: u32, upper: Option<u32>, is_unusual: bool, shown: impl FnOnce() -> String) -> Meaning {
    let value = Multiplicity { lower, upper: upper.map_or(Upper::Unlimited, Upper::Finite) };
    if upper.is_some_and(|upper| lower > upper) {
        Meaning::Crossed(shown())
    } else if is_unusual {
        Meaning::Unusual(value, shown())
    } else {
        Meaning::Plain(value)
    }
}

/// `Some(None)` is "many".
#[expect(clippy::option_option)]
fn number(text: &str) -> Option<Option<u32>> {
    // `* {ordered}`: users type properties into the same box.
    let text = text.split('{').next().unwrap_or_default().trim();
    match text {
        "*" | "-1" | "n" | "N" | "m" | "M" | "many" | "unbounded" => Some(None),
        _ => text.parse().ok().map(Some),
    }
}

/// `4..16`, also with more dots.
fn range(text: &str) -> Option<(&str, &str)> {
    // Most are single bounds.
    memchr::memchr(b'.', text.as_bytes())?;
    let (low, high) = text.split_once("..")?;
    Some((low, high.trim_start_matches('.')))
}

fn shown(lower: Option<&Bound<'_>>, upper: Option<&Bound<'_>>) -> String {
    let text = |bound: &Bound<'_>| bound.text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    match (lower, upper) {
        (Some(lower), Some(upper)) => {
            let low = text(lower);
            format!("{}..{}", if low.is_empty() { "0" } else { &low }, text(upper))
        }
        (Some(bound), None) | (None, Some(bound)) => text(bound),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As the bounds of a property come: none, or one.
    #[expect(clippy::unnecessary_wraps)]
    fn bound(text: &str) -> Option<Bound<'_>> {
        let metaclass = if text == "?" { "LiteralUnlimitedNatural" } else { "LiteralInteger" };
        let text = Some(Cow::Borrowed(text)).filter(|text| text != "?" && text != "0");
        Some(Bound { metaclass, text })
    }

    #[test]
    fn bounds_mean_what_the_tools_mean() {
        use Meaning::{Crossed, NoNumber, Nothing, Plain, Unusual};
        let many = Multiplicity::MANY;
        let two_to_four = Multiplicity { lower: 2, upper: Upper::Finite(4) };
        let some = Multiplicity { lower: 1, upper: Upper::Unlimited };
        for (lower, upper, meaning) in [
            (bound("0"), bound("1"), Plain(Multiplicity::OPTIONAL)),
            (bound("1"), bound("1"), Plain(Multiplicity::ONE)),
            (None, bound("*"), Plain(some)),
            (bound("0"), None, Plain(Multiplicity::OPTIONAL)),
            (bound("0"), bound("-1"), Plain(many)),
            (bound("2"), bound("4"), Plain(two_to_four)),
            (bound("*"), bound("*"), Unusual(many, "*..*".into())),
            (bound("*"), None, Unusual(many, "*".into())),
            (bound("0"), bound("N"), Unusual(many, "0..N".into())),
            (bound("0"), bound("?"), Unusual(many, "0..".into())),
            (bound("2"), bound("* {ordered}"), Unusual(Multiplicity { lower: 2, ..some }, "2..* {ordered}".into())),
            (bound("2...4"), None, Unusual(two_to_four, "2...4".into())),
            (bound("5"), bound("2"), Crossed("5..2".into())),
            (bound("0"), bound("length"), NoNumber("0..length".into())),
            (bound("0"), bound("0"), Nothing("0..".into())),
        ] {
            assert_eq!(read(lower.as_ref(), upper.as_ref(), false, false), meaning);
        }
        assert_eq!(read(bound("*").as_ref(), bound("-1").as_ref(), false, true), Plain(many));
        assert_eq!(
            read(bound("0").as_ref(), bound("0").as_ref(), true, false),
            Unusual(Multiplicity::OPTIONAL, "0..".into())
        );
    }

    #[test]
    fn one_text_means_what_people_mean() {
        use Meaning::{Crossed, NoNumber, Nothing, Plain, Unusual};
        let many = Multiplicity::MANY;
        let some = Multiplicity { lower: 1, upper: Upper::Unlimited };
        let five = Multiplicity { lower: 5, upper: Upper::Finite(5) };
        for (text, meaning) in [
            ("", None),
            (" , ", None),
            ("-1..-1", None),
            ("1", Some(Plain(Multiplicity::ONE))),
            ("5", Some(Plain(five))),
            ("*", Some(Plain(many))),
            ("n", Some(Plain(many))),
            ("0..1", Some(Plain(Multiplicity::OPTIONAL))),
            ("1..n", Some(Plain(some))),
            ("0..-1", Some(Plain(many))),
            ("*..*", Some(Unusual(many, "*..*".into()))),
            ("0-1", Some(Unusual(Multiplicity::OPTIONAL, "0-1".into()))),
            ("1..", Some(Unusual(some, "1..".into()))),
            ("0,2..*", Some(Unusual(many, "0,2..*".into()))),
            ("[0..1]", Some(Unusual(Multiplicity::OPTIONAL, "[0..1]".into()))),
            ("1..* {ordered}", Some(Unusual(some, "1..* {ordered}".into()))),
            ("4...16", Some(Unusual(Multiplicity { lower: 4, upper: Upper::Finite(16) }, "4...16".into()))),
            ("0", Some(Nothing("0".into()))),
            ("3..2", Some(Crossed("3..2".into()))),
            ("1..<floors", Some(NoNumber("1..<floors".into()))),
        ] {
            assert_eq!(super::text(text), meaning, "{text}");
        }
    }
}
