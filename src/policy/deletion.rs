//! What happens to the holder of a key when the referenced row goes (django-mapping 3.3).

use crate::django::OnDelete;
use crate::python::Dotted;

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNature {
    /// To the whole of a composition.
    Whole,
    /// Of a shared aggregation.
    Shared,
    /// Of a plain association.
    Plain,
    /// Of a link to one of its ends.
    Link,
    /// Of a value to its owner.
    Owner,
    /// To a parent that could not be a base.
    Parent,
}

/// The rule for a key and its reason.
pub fn on_delete(nature: KeyNature, required: bool) -> (OnDelete, &'static str) {
    match (nature, required) {
        (KeyNature::Whole, _) => (OnDelete::Cascade, "a part dies with its whole"),
        (KeyNature::Link, _) => (OnDelete::Cascade, "a link dies with its ends"),
        (KeyNature::Owner, _) => (OnDelete::Cascade, "a value dies with its owner"),
        (KeyNature::Parent, _) => (OnDelete::Cascade, "it stands for a parent"),
        (KeyNature::Shared, true) => (OnDelete::Protect, "a shared aggregation, lower bound 1"),
        (KeyNature::Shared, false) => (OnDelete::SetNull, "a shared aggregation: parts survive"),
        (KeyNature::Plain, true) => (OnDelete::Protect, "a plain association, lower bound 1"),
        (KeyNature::Plain, false) => (OnDelete::SetNull, "a plain association, lower bound 0"),
    }
}

/// The rule for a key of which the row needs one: of several keys just one is set.
pub fn on_delete_of_one(nature: KeyNature) -> (OnDelete, &'static str) {
    match on_delete(nature, true) {
        (OnDelete::Cascade, why) => (OnDelete::Cascade, why),
        (rule, _) => (rule, "just one of several keys is set, and none may be lost"),
    }
}

/// What the database does itself in place of a rule of Django; `None` if it cannot.
pub fn in_database(rule: &OnDelete) -> Option<OnDelete> {
    match rule {
        OnDelete::Cascade | OnDelete::DbCascade => Some(OnDelete::DbCascade),
        OnDelete::SetNull | OnDelete::DbSetNull => Some(OnDelete::DbSetNull),
        OnDelete::DoNothing => Some(OnDelete::DoNothing),
        OnDelete::Protect | OnDelete::Restrict | OnDelete::SetDefault | OnDelete::Set(_) => None,
    }
}

/// What a reference by content type makes of a rule: Django can follow the way back or refuse, it cannot empty two columns.
/// `None` if it can do nothing of the kind.
pub fn generic(rule: &OnDelete) -> Option<OnDelete> {
    match rule {
        OnDelete::Cascade | OnDelete::DbCascade => Some(OnDelete::Cascade),
        OnDelete::Protect | OnDelete::Restrict => Some(OnDelete::Protect),
        OnDelete::DoNothing => Some(OnDelete::DoNothing),
        OnDelete::SetNull | OnDelete::DbSetNull | OnDelete::SetDefault | OnDelete::Set(_) => None,
    }
}

/// Whether a rule that was asked for says something else than the diagram.
pub fn contradicts(nature: KeyNature, rule: &OnDelete) -> bool {
    nature == KeyNature::Whole && !rule.cascades()
}

/// A rule as a tag or setting says it: `set_null`, `SET NULL`, `models.SET_NULL`, `SET(path.to.callable)`.
pub fn parse(text: &str) -> Option<OnDelete> {
    let text = text.trim();
    let text = text.strip_prefix("models.").unwrap_or(text);
    if let Some(path) = crate::profile::values::set(text) {
        return Dotted::new(path).map(OnDelete::Set);
    }
    let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    Some(match plain.as_str() {
        "cascade" => OnDelete::Cascade,
        "protect" => OnDelete::Protect,
        "restrict" => OnDelete::Restrict,
        "setnull" => OnDelete::SetNull,
        "setdefault" => OnDelete::SetDefault,
        "donothing" => OnDelete::DoNothing,
        _ => return None,
    })
}

/// Whether Django accepts the rule for a key.
pub fn is_possible(rule: &OnDelete, null: bool, has_default: bool) -> bool {
    match rule {
        OnDelete::SetNull | OnDelete::DbSetNull => null,
        OnDelete::SetDefault => has_default,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_in_any_spelling() {
        for text in ["set_null", "SET NULL", "models.SET_NULL", "SetNull"] {
            assert_eq!(parse(text), Some(OnDelete::SetNull), "{text}");
        }
        assert_eq!(parse("explode"), None);
        let set = parse("SET(shop.rules.nobody)");
        assert!(matches!(&set, Some(OnDelete::Set(path)) if path.to_string() == "shop.rules.nobody"), "{set:?}");
        assert_eq!(parse("set(import.me)"), None);
    }

    #[test]
    fn a_required_key_cannot_be_set_null() {
        assert!(!is_possible(&OnDelete::SetNull, false, false));
        assert!(is_possible(&OnDelete::Protect, false, false));
    }
}
