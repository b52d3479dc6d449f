//! Multiplicities, as the tools write them and as they are meant (xmi-modern.md 2.4).

use crate::uml::multiplicity::{Multiplicity, Upper};

/// A bound as written: the kind of its literal, and its text if there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    pub(super) metaclass: String,
    pub(super) text: Option<String>,
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

/// Reads a pair of bounds, of which at least one is written.
pub(super) fn read(lower: Option<&Bound>, upper: Option<&Bound>, zero_is_optional: bool, star_below: bool) -> Meaning {
    let shown = shown(lower, upper);
    // A whole range in one box.
    for bound in [lower, upper].into_iter().flatten() {
        let text = bound.text.as_deref().unwrap_or_default();
        if let Some((low, high)) = range(text) {
            let (Some(low), Some(high)) = (number(low), number(high)) else {
                return Meaning::NoNumber(text.to_owned());
            };
            return order(low.unwrap_or(0), high, Meaning::Unusual, text);
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
            None => return Meaning::NoNumber(shown),
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
            None => return Meaning::NoNumber(shown),
        },
    };
    is_unusual |= is_star && !star_below;
    if upper_value == Some(0) {
        return if zero_is_optional && lower_value.unwrap_or(0) == 0 {
            Meaning::Unusual(Multiplicity::OPTIONAL, shown)
        } else {
            Meaning::Nothing(shown)
        };
    }
    let wrap = if is_unusual { Meaning::Unusual } else { |value, _| Meaning::Plain(value) };
    // By the specification 1, but no more than the upper bound.
    order(lower_value.unwrap_or(1), upper_value, wrap, &shown)
}

fn order(lower: u32, upper: Option<u32>, wrap: fn(Multiplicity, String) -> Meaning, shown: &str) -> Meaning {
    match upper {
        Some(upper) if lower > upper => Meaning::Crossed(shown.to_owned()),
        Some(upper) => wrap(Multiplicity { lower, upper: Upper::Finite(upper) }, shown.to_owned()),
        None => wrap(Multiplicity { lower, upper: Upper::Unlimited }, shown.to_owned()),
    }
}

/// `Some(None)` is "many".
#[allow(clippy::option_option)]
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
    let (low, high) = text.split_once("..")?;
    Some((low, high.trim_start_matches('.')))
}

fn shown(lower: Option<&Bound>, upper: Option<&Bound>) -> String {
    let text = |bound: &Bound| bound.text.as_deref().map(str::trim).unwrap_or_default().to_owned();
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
    #[allow(clippy::unnecessary_wraps)]
    fn bound(text: &str) -> Option<Bound> {
        let metaclass = if text == "?" { "LiteralUnlimitedNatural" } else { "LiteralInteger" };
        let text = Some(text.to_owned()).filter(|text| text != "?" && text != "0");
        Some(Bound { metaclass: metaclass.to_owned(), text })
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
}
