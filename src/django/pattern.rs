//! Patterns: which databases read alike, and texts that match them.
//!
//! Texts that match a regular expression, for samples. Understands what validators usually have: literals, classes, groups,
//! alternatives, repetition and anchors; of anything else it says that it does not know.

mod portable;

pub use portable::strangeness;

/// A text that matches all of `pattern`; another one for each `variant`, where the pattern leaves room.
pub fn matching(pattern: &str, variant: usize) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut reader = Reader { chars: &chars, at: 0, variant };
    let text = reader.alternatives(0)?;
    (reader.at == chars.len()).then_some(text)
}

/// Some texts that match all of `pattern`, with repetitions.
pub fn samples(pattern: &str) -> impl Iterator<Item = String> + '_ {
    (0..12).filter_map(|variant| matching(pattern, variant))
}

/// Groups inside groups, at most.
const DEEPEST: usize = 16;
/// Repetitions, at most.
const LONGEST: usize = 256;

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    variant: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// `a|b`: the first one.
    fn alternatives(&mut self, depth: usize) -> Option<String> {
        let first = self.sequence(depth)?;
        while self.take('|') {
            self.sequence(depth)?;
        }
        Some(first)
    }

    fn sequence(&mut self, depth: usize) -> Option<String> {
        let mut text = String::new();
        while let Some(next) = self.peek().filter(|next| !"|)".contains(*next)) {
            if next == '^' || next == '$' {
                self.at += 1;
                continue;
            }
            let start = self.at;
            let first = self.atom(depth)?;
            let (least, most) = self.repetition()?;
            // Once if it may be left out: an empty text is no sample.
            for _ in 0..least.max(usize::from(most > 0)) {
                text.push_str(&first);
            }
            if text.len() > LONGEST || self.at == start {
                return None;
            }
        }
        Some(text)
    }

    fn atom(&mut self, depth: usize) -> Option<String> {
        let next = self.peek()?;
        self.at += 1;
        match next {
            '(' => {
                if depth == DEEPEST {
                    return None;
                }
                if self.take('?') && !self.take(':') {
                    return None;
                }
                let text = self.alternatives(depth + 1)?;
                self.take(')').then_some(text)
            }
            '[' => self.class().map(String::from),
            '\\' => {
                let set = self.escape()?;
                Some(if set.is_empty() { String::new() } else { self.choose(&set).to_string() })
            }
            '.' => Some(self.choose(&['a', 'b', 'c', 'd', 'e']).to_string()),
            '*' | '+' | '?' | '{' => None,
            literal => Some(literal.to_string()),
        }
    }

    fn choose(&self, set: &[char]) -> char {
        set.get(self.variant % set.len().max(1)).copied().unwrap_or('x')
    }

    /// The characters that what stands behind a backslash means; none for an anchor.
    fn escape(&mut self) -> Option<Vec<char>> {
        let next = self.peek()?;
        self.at += 1;
        match next {
            'd' => Some(('1'..='9').collect()),
            'w' => Some(('a'..='z').collect()),
            's' => Some(vec![' ']),
            'A' | 'Z' | 'z' => Some(vec![]),
            'n' | 't' | 'r' | 'f' | 'v' => None,
            other if other.is_ascii_alphanumeric() => None,
            other => Some(vec![other]),
        }
    }

    fn class(&mut self) -> Option<char> {
        let negated = self.take('^');
        let mut set = Vec::new();
        loop {
            let first = match self.peek()? {
                ']' if !set.is_empty() => break,
                '\\' => {
                    self.at += 1;
                    let escaped = self.escape()?;
                    if escaped.len() > 1 {
                        set.extend(escaped);
                        continue;
                    }
                    *escaped.first()?
                }
                other => {
                    self.at += 1;
                    other
                }
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|end| *end != ']');
            if is_range {
                let last = *self.chars.get(self.at + 1)?;
                self.at += 2;
                set.extend((first..=last).take(64));
            } else {
                set.push(first);
            }
        }
        self.at += 1;
        if negated {
            let free: Vec<char> = ('a'..='z').chain('0'..='9').filter(|c| !set.contains(c)).collect();
            return (!free.is_empty()).then(|| self.choose(&free));
        }
        // Letters and digits look better than a leading blank or a sign.
        let plain: Vec<char> = set.iter().copied().filter(char::is_ascii_alphanumeric).collect();
        Some(self.choose(if plain.is_empty() { &set } else { &plain }))
    }

    /// How often the atom before may stand there.
    fn repetition(&mut self) -> Option<(usize, usize)> {
        let limits = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let rest = self.chars.get(self.at + 1..)?;
                let inside: String = rest.iter().take_while(|c| **c != '}').collect();
                let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
                self.at += inside.chars().count() + 1;
                let least = if least.is_empty() { 0 } else { least.parse().ok()? };
                (least, if most.is_empty() { usize::MAX } else { most.parse().ok()? })
            }
            _ => return Some((1, 1)),
        };
        self.at += 1;
        if limits.0 > LONGEST {
            return None;
        }
        // Lazy and possessive forms match the same texts.
        let _ = self.take('?') || self.take('+');
        Some(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_patterns_have_a_matching_text() {
        for (pattern, text) in [
            (r"^[A-Z]{2}\d{4}$", "AA1111"),
            (r"\A(?:\+?[0-9 ]{3,5})\Z", "+000"),
            (r"(foo|bar)-[^a]?x*", "foo-bx"),
            ("a.c", "aac"),
            (r"[-+]\w+@\w+\.com", "-a@a.com"),
        ] {
            assert_eq!(matching(pattern, 0).as_deref(), Some(text), "{pattern}");
        }
        assert_eq!(matching("[A-Z]{2}", 1).as_deref(), Some("BB"));
    }

    #[test]
    fn of_other_patterns_it_knows_nothing() {
        for pattern in ["(?=a)b", r"(a)\1", "a{300}", "(", "[a", "*", "a)", r"\p{L}", &"(".repeat(100)] {
            assert_eq!(matching(pattern, 0), None, "{pattern}");
        }
    }
}
