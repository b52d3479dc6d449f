//! The table of stereotypes and tags: what a diagram may say beyond UML, and so what settings may say about an element.
//!
//! Only what has an effect stands here.

pub mod conditions;
mod marked;
mod table;
pub mod values;

pub use marked::{Marked, allowing, marked};
pub use table::{FALLIBLE, LATER, STEREOTYPES, Stereotype, TAGS, TagRow};
pub use values::Takes;

use crate::source::{Span, Spanned};
use crate::uml::model::Marks;
use crate::util::words;

/// The name of our profile, and the prefix of our tags.
pub const OURS: &str = "umlaut";

/// The namespace of our profile, without its version.
const NAMESPACE: &str = "http:///schemas/umlaut/";

/// Whether a namespace is that of our profile, whatever its prefix is in a document.
pub fn is_our_namespace(uri: &str) -> bool {
    uri.starts_with(NAMESPACE)
}

/// The choice of the profile that says nothing: tools write the first choice of an enumeration where nobody chose.
pub const UNSAID: &str = "unsaid";

/// Names are matched ignoring case, spaces, `-`, `_` and the prefix `umlaut.`.
pub fn normal(name: &str) -> String {
    let lower = name.trim().trim_matches(['«', '»']).to_lowercase();
    let lower = lower.strip_prefix("umlaut.").or_else(|| lower.strip_prefix("umlaut::")).unwrap_or(&lower);
    lower.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect()
}

/// A stereotype's name without the profile that some tools put in front: `ISO_19100__CodeList`, `iso::CodeList`.
pub fn without_profile(stereotype: &str) -> &str {
    let name = stereotype.trim().trim_matches(['«', '»']);
    let name = name.rsplit("::").next().unwrap_or(name);
    name.split_once("__").map_or(name, |(_, last)| last)
}

/// A stereotype's name, with the profile in front if that is ours: then it means us for sure.
pub fn with_profile(profile: &str, stereotype: &str) -> String {
    if normal(profile) == OURS { format!("{OURS}::{stereotype}") } else { stereotype.to_owned() }
}

/// Whether a name says that it is one of our profile: `umlaut.ordering`, `umlaut::Model`.
pub fn is_ours(name: &str) -> bool {
    let lower = name.trim().trim_matches(['«', '»']).to_lowercase();
    lower.strip_prefix(OURS).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// The row of a stereotype.
pub fn stereotype(name: &str) -> Option<&'static Stereotype> {
    let name = normal(without_profile(name));
    STEREOTYPES.iter().find(|row| row.names.iter().any(|known| normal(known) == name))
}

/// Whether a stereotype is one of `names`.
pub fn is_one_of(stereotype: &str, names: &[&str]) -> bool {
    let name = normal(without_profile(stereotype));
    names.iter().any(|known| normal(known) == name)
}

/// The rows of a tag: what it takes may differ by where it stands.
pub fn tag_rows(name: &str) -> impl Iterator<Item = &'static TagRow> {
    let name = normal(name);
    TAGS.iter().filter(move |row| normal(row.name) == name)
}

/// What an element is to the table: a word of its column "on".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Place {
    Package,
    Class,
    DataType,
    Enumeration,
    Literal,
    Operation,
    Attribute,
    End,
    /// An end that its class owns: an attribute as well.
    OwnedEnd,
    Association,
    /// A class as well.
    AssociationClass,
}

impl Place {
    /// The words for it in the table.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Package => &["package"],
            Self::Class => &["class"],
            // What is said of a class can be said of one that was drawn as a data type.
            Self::DataType => &["data type", "class"],
            Self::Enumeration => &["enumeration", "class"],
            Self::Literal => &["literal"],
            Self::Operation => &["operation"],
            Self::Attribute => &["attribute"],
            // Some tools keep the values of an end at its association.
            Self::End => &["end"],
            Self::OwnedEnd => &["end", "attribute"],
            Self::Association => &["association", "end"],
            Self::AssociationClass => &["class", "association", "end"],
        }
    }

    /// The word for it in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::OwnedEnd => "end",
            Self::AssociationClass => "association class",
            other => other.words()[0],
        }
    }
}

fn stands(on: &str, place: Place) -> bool {
    on == "anything" || on.split(", ").any(|word| place.words().contains(&word))
}

impl TagRow {
    /// Whether the tag means something there.
    pub fn stands_on(&self, place: Place) -> bool {
        stands(self.on, place)
    }
}

impl Stereotype {
    /// Whether the stereotype means something there.
    pub fn stands_on(&self, place: Place) -> bool {
        stands(self.on, place)
    }
}

/// What is wrong with a value of a tag wherever it may stand; nothing if there is no such tag.
///
/// # Errors
///
/// Completes the sentence "it takes …".
pub fn check_value<'r>(rows: impl Iterator<Item = &'r TagRow>, value: &str) -> Result<(), String> {
    let mut wanted = Vec::new();
    for row in rows {
        match row.takes.check(value) {
            Ok(()) => return Ok(()),
            Err(words) => wanted.push(words),
        }
    }
    if wanted.is_empty() { Ok(()) } else { Err(wanted.join(", or ")) }
}

/// Where an element is marked with one of the names of a stereotype.
pub fn has(marks: &Marks, stereotype: &str) -> Option<Span> {
    let name = normal(stereotype);
    marks.stereotypes.iter().find(|mark| normal(without_profile(&mark.value)) == name).map(|mark| mark.span)
}

/// The value of a tag of an element.
pub fn tag<'a>(marks: &'a Marks, name: &str) -> Option<&'a Spanned<String>> {
    let name = normal(name);
    marks.tags.iter().find(|tag| normal(&tag.name.value) == name).map(|tag| &tag.value)
}

/// The stereotypes that are one letter away from an unknown one.
pub fn near_stereotype(name: &str) -> Option<&'static str> {
    let name = normal(without_profile(name));
    if name.chars().count() < 4 {
        return None;
    }
    STEREOTYPES
        .iter()
        .flat_map(|row| row.names.iter().copied())
        .find(|known| strsim::damerau_levenshtein(&normal(known), &name) == 1)
}

/// The tags whose names are near to an unknown one.
pub fn near_tags(name: &str) -> Vec<&'static str> {
    let name = name.trim().rsplit(['.', ':']).next().unwrap_or(name);
    words::nearest(name, TAGS.iter().map(|row| row.name).chain(STEREOTYPES.iter().map(|row| row.names[0])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_in_the_ways_of_the_tools() {
        for name in [
            "valueObject",
            "ValueObject",
            "value object",
            "value_object",
            "umlaut.valueObject",
            "«valueObject»",
            "ddd::ValueObject",
            "DDD_1__ValueObject",
        ] {
            assert_eq!(stereotype(name).map(|row| row.names[0]), Some("valueObject"), "{name}");
        }
        assert_eq!(tag_rows("onDelete").next().map(|row| row.name), Some("on_delete"));
        assert!(stereotype("stakeholder").is_none());
    }

    #[test]
    fn typos_find_their_words() {
        assert_eq!(near_stereotype("entitty"), Some("entity"));
        assert_eq!(near_stereotype("block"), None);
        assert_eq!(near_tags("ordring"), ["ordering"]);
    }

    #[test]
    fn every_word_for_places_is_known() {
        const WORDS: [&str; 9] =
            ["package", "class", "data type", "enumeration", "literal", "operation", "attribute", "end", "association"];
        let all = STEREOTYPES.iter().map(|row| row.on).chain(TAGS.iter().map(|row| row.on));
        for on in all.filter(|on| *on != "anything") {
            assert!(on.split(", ").all(|word| WORDS.contains(&word)), "{on}");
        }
    }

    #[test]
    fn a_tag_may_take_something_else_elsewhere() {
        assert_eq!(check_value(tag_rows("unique"), "Yes"), Ok(()));
        assert_eq!(check_value(tag_rows("unique"), "a+b"), Ok(()));
        let attribute = tag_rows("unique").filter(|row| row.stands_on(Place::Attribute));
        assert_eq!(check_value(attribute, "a+b"), Err("`true` or `false`".to_owned()));
        assert_eq!(check_value(tag_rows("no such tag"), "anything"), Ok(()));
    }

    #[test]
    fn no_name_stands_twice_in_the_table() {
        let mut names: Vec<String> = STEREOTYPES.iter().flat_map(|row| row.names).map(|name| normal(name)).collect();
        let mut tags: Vec<String> = TAGS
            .iter()
            .flat_map(|row| row.on.split(", ").map(move |on| format!("{} of {on}", normal(row.name))))
            .collect();
        for names in [&mut names, &mut tags] {
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
