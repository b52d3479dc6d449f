//! Conditions in tags: `is_active and status = open and not closed_at is null`.

/// A test as a tag writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestValue<'a> {
    /// The name of an attribute.
    pub name: &'a str,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; empty for those that need nothing.
    pub value: &'a str,
}

/// How a test compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is true: `is_active`.
    True,
    /// It is false: `not is_active`.
    False,
    /// `closed_at is null`
    Null,
    /// `closed_at is not null`
    NotNull,
    /// `status = open`
    Equal,
    /// `status != open`
    Unequal,
    /// `count < 5`
    Less,
    /// `count <= 5`
    LessOrEqual,
    /// `count > 5`
    Greater,
    /// `count >= 5`
    GreaterOrEqual,
}

/// The longer signs first, so that `<=` is not `<` and `=5`.
const SIGNS: [(&str, Comparison); 8] = [
    ("<>", Comparison::Unequal),
    ("!=", Comparison::Unequal),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Tests that must all hold; `None` if one of them is not understood.
pub fn tests(condition: &str) -> Option<Vec<TestValue<'_>>> {
    let mut tests = Vec::new();
    let mut rest = condition.trim();
    loop {
        let (first, others) = split(rest, "and");
        tests.push(test(first)?);
        match others {
            Some(others) => rest = others,
            None => return Some(tests),
        }
    }
}

fn test(text: &str) -> Option<TestValue<'_>> {
    let sign = SIGNS.iter().filter_map(|sign| Some((text.find(sign.0)?, sign))).min_by_key(|(at, _)| *at);
    if let Some((at, (sign, comparison))) = sign {
        let value = text[at + sign.len()..].trim();
        let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).unwrap_or(value);
        return named(text[..at].trim(), *comparison, value);
    }
    match split(text, "is") {
        (name, Some(what)) if what.eq_ignore_ascii_case("null") => named(name, Comparison::Null, ""),
        (name, Some(what)) => {
            let (not, null) = split(what, "null");
            let is_not = null == Some("") && not.eq_ignore_ascii_case("not");
            if is_not { named(name, Comparison::NotNull, "") } else { None }
        }
        (text, None) => match text.split_once(char::is_whitespace) {
            Some((not, name)) if not.eq_ignore_ascii_case("not") => named(name.trim(), Comparison::False, ""),
            _ => named(text, Comparison::True, ""),
        },
    }
}

fn named<'a>(name: &'a str, comparison: Comparison, value: &'a str) -> Option<TestValue<'a>> {
    let fits = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '_');
    fits.then_some(TestValue { name, comparison, value })
}

/// What stands before and after a word that stands on its own.
fn split<'a>(text: &'a str, word: &str) -> (&'a str, Option<&'a str>) {
    let mut at = 0;
    for part in text.split_inclusive(char::is_whitespace) {
        let end = at + part.len();
        if at > 0 && part.trim_end().eq_ignore_ascii_case(word) {
            return (text[..at].trim(), Some(text[end..].trim()));
        }
        at = end;
    }
    (text.trim(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(condition: &str) -> Option<Vec<(&str, Comparison, &str)>> {
        let tests = super::tests(condition)?;
        Some(tests.into_iter().map(|test| (test.name, test.comparison, test.value)).collect())
    }

    #[test]
    fn conditions_are_tests_joined_by_and() {
        use Comparison::{Equal, False, GreaterOrEqual, NotNull, Null, True, Unequal};
        for (condition, expected) in [
            ("is_active", vec![("is_active", True, "")]),
            ("not is_active AND closed_at is null", vec![("is_active", False, ""), ("closed_at", Null, "")]),
            ("closed_at IS NOT NULL", vec![("closed_at", NotNull, "")]),
            (
                "count>=5 and status = 'in progress'",
                vec![("count", GreaterOrEqual, "5"), ("status", Equal, "in progress")],
            ),
            ("landed <> x", vec![("landed", Unequal, "x")]),
        ] {
            assert_eq!(read(condition), Some(expected), "{condition}");
        }
        for wrong in ["", "a b", "a and", "= 5", "a is", "a is perhaps", "f(x)", "a or b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
