//! The table of stereotypes and tags: what a diagram may say beyond UML, and so what settings may say about an element.
//!
//! Only what has an effect stands here.

mod table;

pub use table::{STEREOTYPES, Stereotype, TAGS, TagRow, Takes};

use crate::source::{Span, Spanned};
use crate::uml::model::Marks;
use crate::util::words;

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

/// The row of a stereotype.
pub fn stereotype(name: &str) -> Option<&'static Stereotype> {
    let name = normal(without_profile(name));
    STEREOTYPES.iter().find(|row| row.names.iter().any(|known| normal(known) == name))
}

/// The row of a tag.
pub fn tag_row(name: &str) -> Option<&'static TagRow> {
    let name = normal(name);
    TAGS.iter().find(|row| normal(row.name) == name)
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
    words::nearest(name, TAGS.iter().map(|row| row.name).chain(STEREOTYPES.iter().map(|row| row.names[0])))
}

impl Takes {
    /// What is wrong with a value: what the tag takes instead.
    ///
    /// # Errors
    ///
    /// Completes the sentence "it takes …".
    pub fn check(self, value: &str) -> Result<(), String> {
        let value = value.trim();
        let fits = match self {
            Self::Text => true,
            Self::Flag => is_flag(value),
            Self::Number => value.parse::<u32>().is_ok(),
            Self::One(choices) => choices.iter().any(|choice| normal(choice) == normal(value)),
        };
        if fits { Ok(()) } else { Err(self.words()) }
    }

    /// Completes the sentence "it takes …".
    pub fn words(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Number => "a whole number".to_owned(),
            Self::One(choices) => {
                let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
                match quoted.split_last() {
                    Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
                    _ => quoted.concat(),
                }
            }
        }
    }
}

fn is_flag(value: &str) -> bool {
    ["true", "false", "yes", "no", "1", "0", "on", "off", ""].iter().any(|flag| value.eq_ignore_ascii_case(flag))
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
        assert_eq!(tag_row("onDelete").map(|row| row.name), Some("on_delete"));
        assert!(stereotype("stakeholder").is_none());
    }

    #[test]
    fn typos_find_their_words() {
        assert_eq!(near_stereotype("entitty"), Some("entity"));
        assert_eq!(near_stereotype("block"), None);
        assert_eq!(near_tags("ordring"), ["ordering"]);
    }

    #[test]
    fn values_are_checked_against_what_the_tag_takes() {
        let on_delete = tag_row("on_delete").expect("known");
        assert_eq!(on_delete.takes.check("SET NULL"), Ok(()));
        assert!(on_delete.takes.check("explode").is_err_and(|takes| takes.starts_with("`cascade`, ")));
        assert!(tag_row("max_length").expect("known").takes.check("many").is_err());
        assert_eq!(tag_row("unique").expect("known").takes.check("Yes"), Ok(()));
    }

    #[test]
    fn no_name_stands_twice_in_the_table() {
        let mut names: Vec<String> = STEREOTYPES.iter().flat_map(|row| row.names).map(|name| normal(name)).collect();
        let mut tags: Vec<String> = TAGS.iter().map(|row| normal(row.name)).collect();
        for names in [&mut names, &mut tags] {
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
