//! The classes of a file that people write, and what is defined in them.
//!
//! Line by line, for any text: what matters is `class Order` at the start of a line and `def cancel(` or `cancel =` in the class,
//! not whether Python would accept the rest.

use std::collections::{BTreeMap, BTreeSet};

/// The names that each class at the top of `text` defines: its methods and what it assigns. If a class stands there twice,
/// Python has the later one, and so has this.
pub fn classes(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut class: Option<Open> = None;
    let mut quote: Option<&'static str> = None;
    for line in text.lines() {
        let is_text = quote.is_some();
        quote = after(line, quote);
        let bare = line.trim_start();
        if is_text || bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let indent = line.len() - bare.len();
        if indent == 0 {
            // The end of a class statement over several lines, or of anything else that is open.
            if bare.starts_with([')', ']', '}']) {
                continue;
            }
            close(&mut found, class.take());
            class = bare.strip_prefix("class ").map(|rest| Open { name: word(rest.trim_start()), ..Open::default() });
        } else if let Some(class) = &mut class
            && let Some(name) = defined(bare)
        {
            class.defined.push((indent, name));
        }
    }
    close(&mut found, class);
    found
}

/// A class whose end was not reached yet.
#[derive(Default)]
struct Open {
    name: String,
    /// What is defined in it at any depth, with its indentation.
    defined: Vec<(usize, String)>,
}

/// What is least indented belongs to the class itself.
fn close(found: &mut BTreeMap<String, BTreeSet<String>>, class: Option<Open>) {
    let Some(Open { name, defined }) = class.filter(|class| !class.name.is_empty()) else { return };
    let least = defined.iter().map(|(indent, _)| *indent).min().unwrap_or_default();
    let names = defined.into_iter().filter(|(indent, _)| *indent == least).map(|(_, name)| name);
    found.insert(name, names.collect());
}

/// The name that a line defines: `def name(`, `class name`, `name =`.
fn defined(line: &str) -> Option<String> {
    let rest = line.strip_prefix("async ").map_or(line, str::trim_start);
    if let Some(rest) = rest.strip_prefix("def ").or_else(|| rest.strip_prefix("class ")) {
        return Some(word(rest.trim_start())).filter(|name| !name.is_empty());
    }
    let name = word(line);
    let rest = line[name.len()..].trim_start();
    let is_assigned = rest.starts_with('=') && !rest.starts_with("==");
    (is_assigned && !name.is_empty()).then_some(name)
}

/// The name at the start of `text`.
fn word(text: &str) -> String {
    text.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect()
}

/// Which string of several lines is open behind `line`, if `quote` is open before it.
fn after(line: &str, mut quote: Option<&'static str>) -> Option<&'static str> {
    const LONG: [&str; 2] = ["\"\"\"", "'''"];
    let mut rest = line;
    loop {
        if let Some(open) = quote {
            let Some(end) = unescaped(rest, open) else { return quote };
            rest = &rest[end + open.len()..];
            quote = None;
            continue;
        }
        let start = rest.find(['"', '\'', '#'])?;
        rest = &rest[start..];
        if rest.starts_with('#') {
            return None;
        }
        if let Some(open) = LONG.into_iter().find(|open| rest.starts_with(open)) {
            quote = Some(open);
            rest = &rest[open.len()..];
            continue;
        }
        // A short string ends with its line at the latest.
        let mark = &rest[..1];
        let end = unescaped(&rest[1..], mark)?;
        rest = &rest[1 + end + 1..];
    }
}

/// Where `mark` stands in `text` without a backslash before it.
fn unescaped(text: &str, mark: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(mark)?;
        let slashes = text[..at].bytes().rev().take_while(|&byte| byte == b'\\').count();
        if slashes % 2 == 0 {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, class: &str) -> Option<Vec<String>> {
        classes(text).remove(class).map(|names| names.into_iter().collect())
    }

    #[test]
    fn methods_and_assignments_of_classes_are_found_however_they_are_written() {
        let text = r#""""Operations.

class InText(models.Model):
    def nothing(self): ...
"""
from django.db import models

def outside(): ...

class OrderBehavior(
    Mixin,
    models.Model,
):
    """It's "quoted".

    def not_this_one(self):
    """

    limit: int
    total = property(lambda self: 1)  # class NotThis

    class Meta:
        abstract = True

    @property
    def due(self) -> str:
        text = 'def inner(self): """'
        def helper(): ...
        return "\"" + '''
class Neither:
    def either(self): ...
'''

    async   def ship ( self ): ...
    if TYPE_CHECKING:
        def checked(self): ...

class Größe:
	def wächst(self): ...
x = 1
class  Empty: pass
"#;
        assert_eq!(names(text, "OrderBehavior").unwrap(), ["Meta", "due", "ship", "total"]);
        assert_eq!(names(text, "Größe").unwrap(), ["wächst"]);
        assert_eq!(names(text, "Empty").unwrap(), Vec::<String>::new());
        for absent in ["InText", "NotThis", "Neither", "Meta"] {
            assert_eq!(names(text, absent), None, "{absent}");
        }
    }

    #[test]
    fn the_later_of_two_classes_counts_and_windows_line_ends_do_not() {
        let text = "class A:\r\n    def a(self):\r\n        pass\r\nclass A:\r\n    def b(self): ...\r\n";
        assert_eq!(names(text, "A").unwrap(), ["b"]);
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in
            ["", "class", "class :", "\"\"\"", "'", "\\", "class A:\n  def\n  def (", "'''\\'''", "é\"é\n é = 1"]
        {
            let _ = classes(text);
        }
    }
}
