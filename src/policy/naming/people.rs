//! What people call things.

use super::visible;

/// Characters of a verbose name (auth.E007 allows 244).
const VERBOSE_LIMIT: usize = 200;

/// What Django calls a field for people.
pub fn django_field_verbose_name(name: &str) -> String {
    name.replace('_', " ")
}

/// What Django calls a model for people (`django.db.models.options.camel_case_to_spaces`).
pub fn django_model_verbose_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, &c) in chars.iter().enumerate() {
        let after_lower = index.checked_sub(1).is_some_and(|before| chars[before].is_ascii_lowercase());
        let before_other = chars.get(index + 1).is_some_and(|next| !next.is_ascii_uppercase());
        if c.is_ascii_uppercase() && (after_lower || before_other) {
            text.push(' ');
        }
        text.push(c);
    }
    text.trim().to_lowercase()
}

/// What people call a thing that was drawn with this name: its words in lower case, letters and abbreviations kept.
pub fn words_for_people(drawn: &str) -> String {
    let (text, _) = visible(drawn);
    let has_lower = text.contains(char::is_lowercase);
    let mut spaced = String::new();
    let chars: Vec<char> = text.replace('_', " ").chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(index + 1);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts_word {
            spaced.push(' ');
        }
        spaced.push(c);
    }
    let is_abbreviation = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        has_lower && letters.clone().count() > 1 && letters.clone().all(char::is_uppercase)
    };
    let mut people = spaced
        .split_whitespace()
        .map(|word| if is_abbreviation(word) { word.to_owned() } else { word.to_lowercase() })
        .collect::<Vec<_>>()
        .join(" ");
    if people.chars().count() > VERBOSE_LIMIT {
        people = people.chars().take(VERBOSE_LIMIT - 1).collect::<String>().trim_end().to_owned() + "…";
    }
    people
}

/// What people call it, if that is not what Django makes of the name itself.
pub fn verbose_name(drawn: &str, django_derived: &str) -> Option<String> {
    let people = words_for_people(drawn);
    (!people.is_empty() && people != django_derived).then_some(people)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::enum_value;
    use super::*;

    #[test]
    fn verbose_names_are_written_where_django_would_say_something_else() {
        assert_eq!(verbose_name("placedAt", &django_field_verbose_name("placed_at")), None);
        assert_eq!(verbose_name("Straße", &django_field_verbose_name("strasse")).as_deref(), Some("straße"));
        assert_eq!(verbose_name("class", &django_field_verbose_name("class_field")).as_deref(), Some("class"));
        assert_eq!(verbose_name("ISOCode", &django_field_verbose_name("iso_code")).as_deref(), Some("ISO code"));
        assert_eq!(verbose_name("OrderLine", &django_model_verbose_name("OrderLine")), None);
        assert_eq!(verbose_name("ORDER_LINE", &django_model_verbose_name("OrderLine")), None);
    }

    #[test]
    fn models_are_called_as_django_calls_them() {
        for (name, verbose) in [
            ("OrderLine", "order line"),
            ("HTTPServer", "http server"),
            ("ISBN", "isbn"),
            ("Order2Line", "order2 line"),
            ("N3DModel", "n3d model"),
            ("Version1_2", "version1_2"),
        ] {
            assert_eq!(django_model_verbose_name(name), verbose);
        }
    }

    proptest! {
        #[test]
        fn no_text_stops_the_verbose_names(drawn in ".{0,300}") {
            let people = words_for_people(&drawn);
            prop_assert!(people.chars().count() <= VERBOSE_LIMIT);
            prop_assert!(!people.contains(char::is_control));
            let _ = (enum_value(&drawn), django_model_verbose_name(&drawn));
        }
    }
}
