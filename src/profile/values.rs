//! What tags take: the check of a value, and its parts.

use super::conditions::tests;
use super::normal;
use crate::diagnostic::{Kind, codes};

/// What a tag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number between these two.
    Count(u32, u32),
    /// One of these.
    One(&'static [&'static str]),
    /// One of these, or `SET(path.to.callable)`.
    OneOrSet(&'static [&'static str]),
    /// A dotted path to something in Python: `shop.validators.positive`.
    Path,
    /// Several of them: `shop.validators.positive, shop.validators.even`.
    Paths,
    /// A name in Python: letters, digits and `_`.
    Name,
    /// A name in the database: the same, and as short as every database wants it.
    DbName,
    /// A text that a name can be made of.
    Named,
    /// The name of a collation of a database: letters, digits, `_`, `-`, `.` and `@`.
    Collation,
    /// A condition on attributes: `is_active and status = open`.
    Condition,
    /// Columns with their directions: `-placed_at, number`.
    Columns,
    /// Groups of columns: `a+b; c+d`.
    Groups,
    /// Columns of indexes: `a,-b; c where is_active include d`.
    Indexes,
    /// Ranges that must not overlap: `start, end by room`.
    Overlap,
    /// Codes with their labels: `publish: Can publish; archive`.
    Labels,
    /// Codes of findings with a reason: `U0803, U0611: rebuilt next year`.
    Codes,
    /// Several of these, or `none`.
    Several(&'static [&'static str]),
    /// A folder below another one: `products/images/`.
    Folder,
    /// A part of an address: `sales/eu`.
    Address,
    /// A text with names of fields in braces: `{number}, {customer}`.
    Template,
}

impl Takes {
    /// What is wrong with a value: what the tag takes instead.
    ///
    /// # Errors
    ///
    /// Completes the sentence "it takes …".
    pub fn check(self, value: &str) -> Result<(), String> {
        let value = value.trim();
        let is_one = |choices: &[&str]| choices.iter().any(|choice| normal(choice) == normal(value));
        let fits = match self {
            Self::Text => true,
            Self::Flag => flag(value).is_some(),
            Self::Count(least, most) => value.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number)),
            Self::One(choices) => is_one(choices),
            Self::OneOrSet(choices) => is_one(choices) || set(value).is_some(),
            Self::Path => is_path(value),
            Self::Paths => value.split(',').all(|path| is_path(path.trim())),
            Self::Name => is_identifier(value),
            Self::DbName => is_identifier(value) && value.len() <= DB_NAME_LIMIT,
            Self::Named => value.contains(char::is_alphanumeric),
            Self::Collation => is_collation(value),
            Self::Condition => tests(value).is_some(),
            Self::Columns => columns(value).is_some(),
            Self::Groups => groups(value).is_some(),
            Self::Indexes => indexes(value).is_some(),
            Self::Overlap => overlap(value).is_some(),
            Self::Labels => labels(value).is_some(),
            Self::Several(choices) => {
                normal(value) == "none" || value.split(',').all(|word| choices.contains(&normal(word).as_str()))
            }
            Self::Codes => codes(value).is_some(),
            Self::Folder => is_folder(value),
            Self::Address => is_address(value),
            Self::Template => template(value).is_some(),
        };
        if fits { Ok(()) } else { Err(self.words()) }
    }

    /// Completes the sentence "it takes …".
    pub fn words(self) -> String {
        let choice = |choices: &[&str], more: Option<&str>| {
            let mut quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            quoted.extend(more.map(str::to_owned));
            match quoted.split_last() {
                Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
                _ => quoted.concat(),
            }
        };
        match self {
            Self::Text => "a text".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Count(least, most) => format!("a whole number from {least} to {most}"),
            Self::One(choices) => choice(choices, None),
            Self::OneOrSet(choices) => choice(choices, Some("`SET(path.to.callable)`")),
            Self::Path => "a dotted path: `shop.rules.check`".to_owned(),
            Self::Paths => "dotted paths: `shop.rules.check, shop.rules.other`".to_owned(),
            Self::Name => "letters, digits and `_`, with a letter first".to_owned(),
            Self::DbName => {
                format!("letters, digits and `_`, with a letter first, at most {DB_NAME_LIMIT} of them")
            }
            Self::Named => "a text with a letter or a digit in it".to_owned(),
            Self::Collation => "the name of a collation: letters, digits, `_`, `-`, `.` and `@`".to_owned(),
            Self::Condition => "a condition on attributes: `is_active and status = open`".to_owned(),
            Self::Columns => "attributes, `-` in front of descending ones: `-a, b`".to_owned(),
            Self::Groups => "groups of attributes: `a+b; c+d`".to_owned(),
            Self::Indexes => "attributes of indexes: `a, -b; c where is_active`".to_owned(),
            Self::Overlap => "the attributes of a range: `start, end by room`".to_owned(),
            Self::Labels => "codes with labels: `publish: Can publish; archive: Can archive`".to_owned(),
            Self::Several(choices) => format!("`none` or some of {}", choice(choices, None)),
            Self::Codes => "codes that are no errors, and why: `U0803, U0611: rebuilt next year`".to_owned(),
            Self::Folder => "a folder below that of all uploads: `products/images/`".to_owned(),
            Self::Address => "a part of an address, of small letters, digits, `-` and `_`: `sales/eu`".to_owned(),
            Self::Template => "a text with attributes in braces: `{a}, {b}`".to_owned(),
        }
    }
}

/// Characters of a table or column.
const DB_NAME_LIMIT: usize = 63;

/// A flag; nothing written is `true`, as of a keyword.
pub fn flag(value: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "1", "on", ""]) { Some(true) } else { is(&["false", "no", "0", "off"]).then_some(false) }
}

/// Whether a word may stand in Python as a name of ours.
pub fn is_identifier(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && word.len() <= 200
}

/// A name that needs no other quotes than those that Django puts around it.
fn is_collation(value: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    !value.is_empty() && value.len() <= 63 && value.chars().all(fits)
}

/// A relative path that stays below; `%Y` and the like are filled in by Django.
fn is_folder(value: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '%');
    value.len() <= 90
        && value.chars().all(fits)
        && value.trim_end_matches('/').split('/').all(|step| !step.is_empty() && step != "." && step != "..")
}

/// Steps of an address, without the `/` at its ends.
fn is_address(value: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    value.len() <= 90 && value.split('/').all(|step| !step.is_empty() && step.chars().all(fits))
}

fn is_path(value: &str) -> bool {
    value.contains('.') && value.split('.').all(is_identifier) && value.len() <= 1000
}

/// The callable in `SET(path.to.callable)`.
pub fn set(value: &str) -> Option<&str> {
    let (head, rest) = value.trim().split_once('(')?;
    let path = rest.strip_suffix(')')?.trim();
    (head.trim().eq_ignore_ascii_case("set") && is_path(path)).then_some(path)
}

/// `-a, b`: names, and whether they descend.
pub fn columns(value: &str) -> Option<Vec<(&str, bool)>> {
    let mut found = Vec::new();
    for word in value.split(',').map(str::trim) {
        let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name.trim(), true));
        if !is_column(name) || name.contains('+') {
            return None;
        }
        found.push((name, descending));
    }
    Some(found)
}

/// A column, or a function of one.
fn is_column(name: &str) -> bool {
    let (_, name) = function(name);
    !name.is_empty() && !name.contains(['(', ')', ',', ';', '-'])
}

/// `lower(name)`: the function, if there is one, and the name.
pub fn function(column: &str) -> (Option<TextFunction>, &str) {
    let call = column.strip_suffix(')').and_then(|call| call.split_once('('));
    let Some((function, name)) = call else { return (None, column) };
    match function.trim().to_ascii_lowercase().as_str() {
        "lower" => (Some(TextFunction::Lower), name.trim()),
        "upper" => (Some(TextFunction::Upper), name.trim()),
        _ => (None, column),
    }
}

/// What may be made of a column before it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFunction {
    /// In small letters.
    Lower,
    /// In capitals.
    Upper,
}

/// Columns that are unique together, as a tag writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupValue<'a> {
    /// Names.
    pub columns: Vec<&'a str>,
    /// The condition behind `where`.
    pub condition: Option<&'a str>,
}

/// `a+b; c+d where is_active`
pub fn groups(value: &str) -> Option<Vec<GroupValue<'_>>> {
    parts(value, ';')
        .map(|group| {
            let (group, condition) = split_word(group, "where");
            let columns: Vec<&str> = group.split('+').map(str::trim).collect();
            let fits = columns.iter().all(|name| is_column(name)) && condition.is_none_or(|it| tests(it).is_some());
            fits.then_some(GroupValue { columns, condition })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|groups| !groups.is_empty())
}

/// Ranges that must not overlap, as a tag writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlapValue<'a> {
    /// Where the range starts.
    pub start: &'a str,
    /// Where it ends.
    pub end: &'a str,
    /// What must be the same for it to matter.
    pub by: Vec<&'a str>,
}

/// `start, end by room`
pub fn overlap(value: &str) -> Option<OverlapValue<'_>> {
    let (range, by) = split_word(value.trim(), "by");
    let (start, end) = range.split_once(',')?;
    let by: Vec<&str> = by.map_or_else(Vec::new, |by| by.split(',').map(str::trim).collect());
    let (start, end) = (start.trim(), end.trim());
    let is_name = |name: &&str| is_column(name) && function(name).0.is_none();
    let fits = [start, end].iter().chain(&by).all(is_name);
    fits.then_some(OverlapValue { start, end, by })
}

/// An index as a tag writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexValue<'a> {
    /// Names, and whether they descend.
    pub columns: Vec<(&'a str, bool)>,
    /// The condition behind `where`.
    pub condition: Option<&'a str>,
    /// The columns behind `include`.
    pub include: Vec<&'a str>,
}

/// `a, -b where is_active include c; d`
pub fn indexes(value: &str) -> Option<Vec<IndexValue<'_>>> {
    parts(value, ';')
        .map(|index| {
            let (rest, include) = split_word(index, "include");
            let (rest, condition) = split_word(rest, "where");
            let include = match include {
                Some(list) => columns(list)?.into_iter().map(|(name, _)| name).collect(),
                None => Vec::new(),
            };
            if condition.is_some_and(|condition| tests(condition).is_none()) {
                return None;
            }
            Some(IndexValue { columns: columns(rest)?, condition, include })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|indexes| !indexes.is_empty())
}

/// What stands before and after the word, if it stands there on its own.
fn split_word<'a>(text: &'a str, word: &str) -> (&'a str, Option<&'a str>) {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(word)) {
        let (start, end) = (from + found, from + found + word.len());
        let before = text[..start].ends_with(char::is_whitespace);
        let after = text[end..].starts_with(char::is_whitespace) || end == text.len();
        if before && after {
            return (text[..start].trim(), Some(text[end..].trim()));
        }
        from = end;
    }
    (text.trim(), None)
}

/// `publish: Can publish; archive`: codes with their labels; one without label is its own.
pub fn labels(value: &str) -> Option<Vec<(&str, &str)>> {
    parts(value, ';')
        .map(|part| {
            let (code, label) = part.split_once(':').map_or((part, part), |(code, label)| (code.trim(), label.trim()));
            (is_identifier(code) && !label.is_empty()).then_some((code, label))
        })
        .collect::<Option<Vec<_>>>()
        .filter(|labels| !labels.is_empty())
}

/// `U0803, U0611: rebuilt next year`: codes or their names whose level can be set.
pub fn codes(value: &str) -> Option<Vec<&str>> {
    let list = value.split_once(':').map_or(value, |(list, _)| list);
    let codes: Vec<&str> = list.split(',').map(str::trim).collect();
    let is_lint = |name: &&str| codes::find(name).is_some_and(|code| code.kind == Kind::Lint);
    codes.iter().all(is_lint).then_some(codes)
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// The name in braces.
    Field(&'a str),
}

/// `{number}, {customer}`: at least one name in braces.
pub fn template(value: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((text, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}')?;
        if text.contains('}') || name.trim().is_empty() || name.contains('{') {
            return None;
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(Piece::Field(name.trim()));
        rest = after;
    }
    if rest.contains('}') || pieces.is_empty() {
        return None;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Some(pieces)
}

fn parts(value: &str, separator: char) -> impl Iterator<Item = &str> {
    value.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_value_knows_its_own() {
        for (takes, good, bad) in [
            (Takes::Flag, "Yes", "yess"),
            (Takes::Count(1, 100), "80", "eighty"),
            (Takes::Count(1, 100), "100", "101"),
            (Takes::Count(1, 100), "1", "0"),
            (Takes::DbName, "audit_log", "audit log"),
            (Takes::Named, "§ 5", "§§"),
            (Takes::One(&["set_null"]), "SET NULL", "explode"),
            (Takes::OneOrSet(&["cascade"]), "set( shop.rules.nobody )", "SET(nobody)"),
            (Takes::Path, "shop.rules.check", "shop rules"),
            (Takes::Paths, "shop.a, shop.b", "shop.a, b()"),
            (Takes::Name, "entries", "2nd"),
            (Takes::Collation, "de-AT-x-icu", "de\"; drop"),
            (Takes::Condition, "is_active and status = open", "is active"),
            (Takes::Columns, "-placed at, number", "a,,b"),
            (Takes::Groups, "a+b; c", "a+; c"),
            (Takes::Indexes, "a,-b where is_active include c; d", "a where"),
            (Takes::Labels, "publish: Can publish; archive", "can publish"),
            (Takes::Template, "{number}: {customer}", "number}"),
            (Takes::Several(&["add", "view"]), "Add, view", "add, fly"),
            (Takes::Folder, "products/%Y/", "/etc"),
            (Takes::Codes, "U0803, many-wholes: rebuilt next year", "U0301: always an error"),
            (Takes::Folder, "products", "a/../../b"),
            (Takes::Address, "sales/eu-2", "/sales/"),
            (Takes::Address, "sales", "<int:pk>"),
        ] {
            assert_eq!(takes.check(good), Ok(()), "{takes:?} {good}");
            assert_eq!(takes.check(bad), Err(takes.words()), "{takes:?} {bad}");
        }
        assert_eq!(Takes::DbName.check(&"x".repeat(63)), Ok(()));
        assert_eq!(Takes::DbName.check(&"x".repeat(64)), Err(Takes::DbName.words()));
    }

    #[test]
    fn values_are_taken_apart() {
        assert_eq!(columns("-a, b"), Some(vec![("a", true), ("b", false)]));
        let group = |columns: Vec<&'static str>, condition| GroupValue { columns, condition };
        assert_eq!(groups("a+b; c"), Some(vec![group(vec!["a", "b"], None), group(vec!["c"], None)]));
        assert_eq!(groups("lower(a) where is_b"), Some(vec![group(vec!["lower(a)"], Some("is_b"))]));
        assert_eq!(overlap("a, b by c"), Some(OverlapValue { start: "a", end: "b", by: vec!["c"] }));
        assert_eq!(
            indexes("whereabouts, -b where is_active include c, d"),
            Some(vec![IndexValue {
                columns: vec![("whereabouts", false), ("b", true)],
                condition: Some("is_active"),
                include: vec!["c", "d"],
            }])
        );
        assert_eq!(
            labels("publish: Can publish; archive"),
            Some(vec![("publish", "Can publish"), ("archive", "archive")])
        );
        assert_eq!(
            template("No. {number}!"),
            Some(vec![Piece::Text("No. "), Piece::Field("number"), Piece::Text("!")])
        );
        assert_eq!(set("SET(shop.rules.nobody)"), Some("shop.rules.nobody"));
        assert_eq!(set("SET_NULL"), None);
    }
}
