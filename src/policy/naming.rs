//! Names (django-mapping 8): what is drawn becomes a name that Python, Django and the database accept.
//!
//! Pure functions of text. Clashes between names are the business of `resolve`.

mod objects;
mod people;

use std::fmt::Write as _;

use any_ascii::any_ascii;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::reserved::{self, ReservedBy};
use crate::util::words;

pub use objects::{CONSTRAINT_LIMIT, INDEX_LIMIT, ObjectKind, TABLE_LIMIT, object_name, table_name};
pub use people::{django_field_verbose_name, django_model_verbose_name, verbose_name, words_for_people};

/// Bytes of a column (models.E018); PostgreSQL cuts what is longer.
pub const COLUMN_LIMIT: usize = 63;
/// Bytes of a relation: its column ends in `_id`.
pub const RELATION_LIMIT: usize = COLUMN_LIMIT - "_id".len();
/// Characters of a model's name (auth.E011: room for `Can change …`).
pub const CLASS_LIMIT: usize = 93;
/// Characters of an app's label. Content types allow 100, but tables need room for the model's name.
pub const APP_LIMIT: usize = 32;

/// A name made from one that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapted {
    /// The name: an identifier, not reserved, not too long.
    pub name: String,
    /// What was done beyond case and `_`, in this order; mostly nothing.
    pub changes: Vec<Change>,
}

/// What happened to a drawn name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Invisible characters were taken out (U0408).
    Hidden(Vec<char>),
    /// Letters were transliterated, or blanks and punctuation left out (U0402).
    Spelling,
    /// It was reserved and has a suffix (U0404; of apps U0406).
    Reserved {
        /// The name without the suffix.
        name: String,
        /// Who uses it.
        by: ReservedBy,
    },
    /// It was cut (U0407).
    Shortened {
        /// The full name.
        name: String,
        /// How many bytes are allowed.
        limit: usize,
    },
}

impl Adapted {
    /// Who uses the name as it was drawn, if it was reserved.
    pub fn reserved(&self) -> Option<(&str, ReservedBy)> {
        self.changes.iter().find_map(|change| match change {
            Change::Reserved { name, by } => Some((name.as_str(), *by)),
            _ => None,
        })
    }

    /// The invisible characters that were taken out.
    pub fn hidden(&self) -> &[char] {
        self.changes
            .iter()
            .find_map(|change| match change {
                Change::Hidden(hidden) => Some(hidden.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The full name and the limit, if it was cut.
    pub fn shortened(&self) -> Option<(&str, usize)> {
        self.changes.iter().find_map(|change| match change {
            Change::Shortened { name, limit } => Some((name.as_str(), *limit)),
            _ => None,
        })
    }

    /// Whether letters were transliterated or left out.
    pub fn respelled(&self) -> bool {
        self.changes.contains(&Change::Spelling)
    }
}

/// The name of a class, `OrderLine`; `None` if nothing drawn can be part of a name.
pub fn class_name(drawn: &str) -> Option<Adapted> {
    adapt(drawn, Style::Pascal, CLASS_LIMIT, "Model", reserved::class)
}

/// Takes care of the name of a class whose parent has a table. Django calls the way from the parent to the child like the
/// child: a child `Check` would replace the parent's own `check()`, and a child `ID` its key.
pub fn keep_from_parent(adapted: &mut Adapted) {
    let accessor = adapted.name.to_lowercase();
    if let Some(by) = reserved::field(&accessor) {
        adapted.name.push_str("Model");
        adapted.changes.push(Change::Reserved { name: accessor, by });
    }
}

/// The name of a field that is no relation, `placed_at`.
///
/// `id` is reserved here ([`ReservedBy::PrimaryKey`]): who makes an attribute the key asks [`is_key`] before.
pub fn field_name(drawn: &str) -> Option<Adapted> {
    adapt(drawn, Style::Snake, COLUMN_LIMIT, "_field", reserved::field)
}

/// The name of a relation on the side that holds it; short enough for `_id`.
pub fn relation_name(drawn: &str) -> Option<Adapted> {
    adapt(drawn, Style::Snake, RELATION_LIMIT, "_field", reserved::field)
}

/// The name of a relation seen from the other side.
pub fn reverse_name(drawn: &str) -> Option<Adapted> {
    adapt(drawn, Style::Snake, COLUMN_LIMIT, "_rel", reserved::field)
}

/// The label of an app, `shop`. A long one ends after a word, because it stands in front of every table.
pub fn app_label(drawn: &str) -> Option<Adapted> {
    let mut adapted = adapt(drawn, Style::Snake, usize::MAX, "_app", reserved::app)?;
    if adapted.name.len() > APP_LIMIT {
        let name = std::mem::take(&mut adapted.name);
        // A label that is reserved without its end would lose its suffix again.
        let whole_words = name[..=APP_LIMIT].rfind('_').map(|end| &name[..end]);
        let free = whole_words.filter(|short| short.len() >= APP_LIMIT / 3 && reserved::app(short).is_none());
        adapted.name = free.map_or_else(|| fit(&name, &name, APP_LIMIT, 6), str::to_owned);
        adapted.changes.push(Change::Shortened { name, limit: APP_LIMIT });
    }
    Some(adapted)
}

/// A label made of labels, cut with a hash if it is too long.
pub fn qualified_label(parts: &[&str]) -> String {
    let mut label = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("_");
    if label.starts_with(|c: char| c.is_ascii_digit()) {
        label.insert_str(0, "n_");
    }
    fit(&label, &label, APP_LIMIT, 6)
}

/// The name of a project's folder and Python names in it.
pub fn project_name(drawn: &str) -> Option<Adapted> {
    adapt(drawn, Style::Snake, APP_LIMIT, "_project", |name| reserved::is_keyword(name).then_some(ReservedBy::Keyword))
}

/// The member of an enumeration, `IN_PROGRESS`.
pub fn enum_member(drawn: &str) -> Option<Adapted> {
    adapt(&spell_symbols(drawn), Style::Upper, COLUMN_LIMIT, "_VALUE", reserved::enum_member)
}

/// What is stored for a literal, `in_progress`: no identifier, so that a leading digit stays.
pub fn enum_value(drawn: &str) -> Option<String> {
    let (text, _) = visible(&spell_symbols(drawn));
    let value = words::split(&ascii(&text)).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_");
    (!value.is_empty()).then_some(value)
}

/// Whether an attribute of this name is the primary key.
pub fn is_key(drawn: &str) -> bool {
    snake(drawn) == "id"
}

/// A drawn name in `snake_case` ASCII without any further care: for parts of names and for comparing.
pub fn snake(drawn: &str) -> String {
    let (text, _) = visible(drawn);
    join(&ascii(&text), Style::Snake)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Pascal,
    Snake,
    Upper,
}

fn adapt(
    drawn: &str,
    style: Style,
    limit: usize,
    suffix: &str,
    reserved: impl Fn(&str) -> Option<ReservedBy>,
) -> Option<Adapted> {
    let mut changes = Vec::new();
    let (text, hidden) = visible(drawn);
    if !hidden.is_empty() {
        changes.push(Change::Hidden(hidden));
    }
    let mut letters = ascii(&text);
    if !letters.contains(|c: char| c.is_ascii_alphanumeric()) {
        letters = ascii(&spell_symbols(&text));
    }
    let mut name = join(&letters, style);
    if name.is_empty() {
        return None;
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        let prefix = match style {
            Style::Pascal => "N",
            Style::Snake => "n_",
            Style::Upper => "N_",
        };
        name.insert_str(0, prefix);
    }
    if plain(&name) != plain(&text) {
        changes.push(Change::Spelling);
    }
    if let Some(by) = reserved(&name) {
        changes.push(Change::Reserved { name: name.clone(), by });
        name.push_str(suffix);
    }
    if name.len() > limit {
        let short = fit(&name, &name, limit, 6);
        changes.push(Change::Shortened { name, limit });
        name = short;
    }
    Some(Adapted { name, changes })
}

/// Lower case without `_`: what two spellings of one name have in common.
fn plain(name: &str) -> String {
    name.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect()
}

/// The text in normal form without invisible characters, and those characters.
fn visible(drawn: &str) -> (String, Vec<char>) {
    // Nearly all names; they need no look into the tables of Unicode.
    if drawn.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return (drawn.trim().to_owned(), Vec::new());
    }
    let mut hidden = Vec::new();
    let mut text = String::new();
    for c in drawn.trim().nfkc() {
        match c.general_category() {
            _ if c.is_whitespace() => text.push(' '),
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned => hidden.push(c),
            _ => text.push(c),
        }
    }
    hidden.sort_unstable();
    hidden.dedup();
    (text, hidden)
}

/// Letters as ASCII. An apostrophe inside a word is no border of words: `customer's` gives `customers`.
fn ascii(text: &str) -> String {
    any_ascii(text).chars().filter(|c| !matches!(c, '\'' | '`' | '"')).collect()
}

fn join(letters: &str, style: Style) -> String {
    let split = words::split(letters);
    match style {
        Style::Snake => split.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_"),
        Style::Upper => split.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join("_"),
        Style::Pascal => {
            // `ORDER_LINE` is a way of writing, `ISOCode` holds an abbreviation.
            let shouted = split.len() > 1 && !letters.contains(|c: char| c.is_ascii_lowercase());
            let mut name = String::new();
            for word in &split {
                // `Version 1 2` must not become `Version12`.
                if name.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
                    name.push('_');
                }
                let mut chars = word.chars();
                if let Some(first) = chars.next() {
                    name.push(first.to_ascii_uppercase());
                    let rest = chars.as_str();
                    name.push_str(&if shouted { rest.to_lowercase() } else { rest.to_owned() });
                }
            }
            name
        }
    }
}

/// Literals like `A+`, `A-` or `>=` differ by symbols alone: they are spelled out.
fn spell_symbols(drawn: &str) -> String {
    let last = drawn.trim_end().chars().count().saturating_sub(1);
    let mut text = String::new();
    for (index, c) in drawn.trim_end().chars().enumerate() {
        let word = match c {
            '+' => "plus",
            '-' if index == 0 || index == last => "minus",
            '*' => "star",
            '/' if drawn.trim().chars().count() == 1 => "slash",
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '%' => "percent",
            '#' => "sharp",
            '&' => "and",
            '!' => "not",
            '?' => "unknown",
            '$' => "dollar",
            '€' => "euro",
            '@' => "at",
            _ => {
                text.push(c);
                continue;
            }
        };
        let _ = write!(text, " {word} ");
    }
    text
}

/// `name`, cut to `limit` bytes with `_` and `digits` hexadecimal digits of the SHA-256 of `identity`.
fn fit(name: &str, identity: &str, limit: usize, digits: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let mut end = limit.saturating_sub(digits + 1);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let mut short = name[..end].trim_end_matches('_').to_owned();
    short.push('_');
    for byte in Sha256::digest(identity.as_bytes()).iter().take(digits.div_ceil(2)) {
        let _ = write!(short, "{byte:02x}");
    }
    short.truncate(limit);
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(adapted: Option<Adapted>) -> String {
        adapted.expect("a name").name
    }

    #[test]
    fn drawn_names_become_python_names() {
        for (drawn, class, field) in [
            ("order line", "OrderLine", "order_line"),
            ("OrderLine", "OrderLine", "order_line"),
            ("Straße", "Strasse", "strasse"),
            ("customer's name", "CustomersName", "customers_name"),
            ("3D model", "N3DModel", "n_3_d_model"),
            ("HTTPServer", "HTTPServer", "http_server"),
            ("ORDER_LINE", "OrderLine", "order_line"),
            ("ISBN", "ISBN", "isbn"),
            ("__private__name_", "PrivateName", "private_name"),
            ("version 1.2", "Version1_2", "version_1_2"),
            ("Größe (cm)", "GrosseCm", "grosse_cm"),
            ("订单", "DingDan", "ding_dan"),
            ("Заказ", "Zakaz", "zakaz"),
            ("ﬁeld①", "Field1", "field1"),
        ] {
            assert_eq!(name(class_name(drawn)), class);
            assert_eq!(name(field_name(drawn)), field);
        }
        assert_eq!(class_name(" \u{200b}…_ "), None);
        assert_eq!(class_name(""), None);
    }

    #[test]
    fn reserved_names_get_a_suffix_and_say_who_uses_them() {
        let field = field_name("class").expect("a name");
        assert_eq!(field.name, "class_field");
        assert_eq!(field.reserved(), Some(("class", ReservedBy::Keyword)));
        assert_eq!(name(reverse_name("delete")), "delete_rel");
        assert_eq!(name(class_name("meta")), "MetaModel");
        assert_eq!(name(app_label("Calendar")), "calendar_app");
        assert_eq!(name(field_name("ID")), "id_field");
        assert!(is_key("Id") && !is_key("uuid"));
    }

    #[test]
    fn a_joined_child_does_not_hide_what_its_parent_has() {
        for (drawn, kept) in [("Check", "CheckModel"), ("ID", "IDModel"), ("Cheque", "Cheque")] {
            let mut adapted = class_name(drawn).expect("a name");
            keep_from_parent(&mut adapted);
            assert_eq!(adapted.name, kept);
        }
    }

    #[test]
    fn changes_beyond_case_are_told() {
        assert_eq!(field_name("orderLine").expect("a name").changes, []);
        assert!(field_name("order line").expect("a name").respelled());
        assert_eq!(class_name("Ord\u{200b}er").expect("a name").changes, [Change::Hidden(vec!['\u{200b}'])]);
    }

    #[test]
    fn long_names_are_cut_with_a_hash_and_stay_different() {
        let long = "a".repeat(80);
        let one = field_name(&format!("{long}_one")).expect("a name");
        let two = field_name(&format!("{long}_two")).expect("a name");
        assert_eq!(one.name.len(), COLUMN_LIMIT);
        assert_ne!(one.name, two.name);
        assert!(one.shortened().is_some());
        assert!(relation_name(&long).expect("a name").name.len() <= RELATION_LIMIT);
    }

    #[test]
    fn long_labels_end_after_a_word() {
        let label = app_label("Metadata - Part 2: Extensions for acquisition and processing").expect("a name");
        assert_eq!(label.name, "metadata_part_2_extensions_for");
        assert!(label.shortened().is_some());
        assert_eq!(app_label(&"x".repeat(80)).expect("a name").name.len(), APP_LIMIT);
        assert_eq!(qualified_label(&["shop", "orders"]), "shop_orders");
        assert!(qualified_label(&["a".repeat(30).as_str(), "orders"]).len() <= APP_LIMIT);
    }

    #[test]
    fn literals_that_differ_by_symbols_stay_different() {
        assert_eq!(name(enum_member("in progress")), "IN_PROGRESS");
        assert_eq!(name(enum_member("A+")), "A_PLUS");
        assert_eq!(name(enum_member("A-")), "A_MINUS");
        assert_eq!(name(enum_member("pre-paid")), "PRE_PAID");
        assert_eq!(name(enum_member("2d")), "N_2D");
        assert_eq!(enum_value("2d").as_deref(), Some("2d"));
        assert_eq!(enum_value("In Progress").as_deref(), Some("in_progress"));
        assert_eq!(enum_value("??").as_deref(), Some("unknown_unknown"));
    }

    fn is_identifier(name: &str) -> bool {
        crate::python::Identifier::new(name).is_some() && !name.starts_with('_')
    }

    proptest! {
        #[test]
        fn every_name_is_one_that_django_accepts(drawn in "\\PC{0,90}") {
            for (adapted, limit) in [
                (field_name(&drawn), COLUMN_LIMIT),
                (relation_name(&drawn), RELATION_LIMIT),
                (reverse_name(&drawn), COLUMN_LIMIT),
                (app_label(&drawn), APP_LIMIT),
                (enum_member(&drawn), COLUMN_LIMIT),
                (class_name(&drawn), CLASS_LIMIT),
            ] {
                if let Some(Adapted { name, .. }) = adapted {
                    prop_assert!(is_identifier(&name), "{name}");
                    prop_assert!(!name.contains("__") && !name.ends_with('_'), "{name}");
                    prop_assert!(name.len() <= limit, "{name}");
                }
            }
            if let Some(adapted) = field_name(&drawn) {
                prop_assert_eq!(reserved::field(&adapted.name), None);
            }
            if let Some(adapted) = class_name(&drawn) {
                prop_assert_eq!(reserved::class(&adapted.name), None);
            }
            if let Some(adapted) = app_label(&drawn) {
                prop_assert_eq!(reserved::app(&adapted.name), None);
            }
        }

        #[test]
        fn a_name_that_is_right_stays(drawn in "[a-z][a-z]{2,9}(_[a-z]{2,9}){0,2}") {
            let adapted = field_name(&drawn).expect("a name");
            prop_assert!(adapted.name == drawn || adapted.reserved().is_some());
        }

    }
}
