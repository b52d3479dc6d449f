//! Words of names: splitting, joining, and the names nearest to a wrong one.

/// Splits a name at case changes, between letters and a following upper-case word, at spaces and punctuation.
///
/// Digits stay with the letters before them (`iso2code` is one word, `Order2` too); `HTTPServer` gives `HTTP`, `Server`.
/// The input should already be transliterated to ASCII where identifiers are wanted.
pub fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = index.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(index + 1);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts_word && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `order_line`
pub fn snake(name: &str) -> String {
    split(name).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_")
}

/// `OrderLine`; a word that is all capitals keeps them (`ISOCode` stays `ISOCode`).
pub fn pascal(name: &str) -> String {
    split(name)
        .iter()
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// The entries of `known` that are close to `wrong`, best first, at most three.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = wrong.to_lowercase();
    let mut close: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong, &name.to_lowercase()), name))
        .filter(|&(distance, name)| distance <= 1 + name.chars().count().min(wrong.chars().count()) / 4)
        .collect();
    close.sort_unstable();
    close.truncate(3);
    close.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_where_a_reader_would() {
        for (name, words) in [
            ("OrderLine", vec!["Order", "Line"]),
            ("HTTPServer", vec!["HTTP", "Server"]),
            ("order line-No_2", vec!["order", "line", "No", "2"]),
            ("iso2Code", vec!["iso2", "Code"]),
            ("ISBN", vec!["ISBN"]),
            ("", vec![]),
        ] {
            assert_eq!(split(name), words, "{name}");
        }
        assert_eq!(snake("HTTPServer"), "http_server");
        assert_eq!(pascal("order line"), "OrderLine");
    }

    #[test]
    fn a_typo_finds_its_word_and_nonsense_finds_none() {
        assert_eq!(nearest("on_delet", ["on_delete", "ordering"]), ["on_delete"]);
        assert!(nearest("xyzzy", ["on_delete", "ordering"]).is_empty());
    }
}
