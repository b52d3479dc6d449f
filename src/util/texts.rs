//! Many short texts in one, so that none needs memory of its own: a model has a name and an id for each of its elements.

use std::num::NonZeroU32;

/// Texts, one after the other; together they are shorter than 4 GiB.
#[derive(Clone, Debug, Default)]
pub struct Texts(String);

/// The place of a text in its [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    start: u32,
    /// One past its end, counted from 1, so that an optional place is no larger.
    end: NonZeroU32,
}

impl Texts {
    /// Keeps a text. `None` if there is no room left.
    pub fn keep(&mut self, text: &str) -> Option<Text> {
        let start = u32::try_from(self.0.len()).ok()?;
        let end = NonZeroU32::new(u32::try_from(self.0.len() + text.len() + 1).ok()?)?;
        self.0.push_str(text);
        Some(Text { start, end })
    }

    /// The text at a place, empty if it is a place in others.
    pub fn get(&self, text: Text) -> &str {
        self.0.get(text.start as usize..text.end.get() as usize - 1).unwrap_or_default()
    }
}

/// [`str::trim`], which looks at characters where one look at the bytes at both ends tells nearly always that nothing is to be done.
#[inline]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_as_the_language_trims_them() {
        for text in ["", " ", "a", "ab", " a", "a\n", "a b", "\u{a0}a", "größe", "é", "\u{2003}"] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
        }
    }

    #[test]
    fn texts_are_given_back_as_they_were_kept() {
        let mut texts = Texts::default();
        let kept = ["", "id", "größe", "id"].map(|text| (text, texts.keep(text).unwrap()));
        for (text, place) in kept {
            assert_eq!(texts.get(place), text);
        }
        assert_eq!(Texts::default().get(kept[1].1), "");
        assert_eq!(size_of::<Option<Text>>(), 8);
    }
}
