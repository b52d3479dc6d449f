//! Names of types that are written around another one: `List<Order>`, `Order[]`, `Optional<Order>`.

/// What a collection type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Many {
    /// `Set<..>`
    pub unique: bool,
    /// `List<..>`, `[]`
    pub ordered: bool,
}

/// Values in their order, which may occur twice.
pub const LIST: Many = Many { unique: false, ordered: true };
/// Values of which each occurs once.
pub const SET: Many = Many { unique: true, ordered: false };
/// Values that may occur twice, in no order.
pub const BAG: Many = Many { unique: false, ordered: false };

/// What holds one value of another type and says nothing about it.
const POINTERS: &[&str] = &[
    "sharedptr",
    "uniqueptr",
    "weakptr",
    "autoptr",
    "scopedptr",
    "reference",
    "weakreference",
    "atomicreference",
    "lazy",
    "final",
];

/// What a collection of this name says about the number of its values.
pub fn collection(name: &str) -> Option<Many> {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    Some(match last.trim().to_lowercase().as_str() {
        "list"
        | "ireadonlylist"
        | "observablecollection"
        | "arraylist"
        | "linkedlist"
        | "ilist"
        | "vector"
        | "array"
        | "sequence"
        | "elist"
        | "qlist"
        | "deque" => LIST,
        "set" | "hashset" | "iset" | "eset" => SET,
        "orderedset" | "sortedset" | "treeset" | "linkedhashset" => Many { unique: true, ordered: true },
        "collection" | "icollection" | "ienumerable" | "iterable" | "bag" | "stream" => BAG,
        _ => return None,
    })
}

/// What is written around a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapped<'a> {
    /// The type itself.
    pub name: &'a str,
    /// That there are many.
    pub many: Option<Many>,
    /// That there may be none.
    pub optional: bool,
}

/// Takes off what is written around a type: collections, optionals, arrays and pointers.
pub fn wrapped(text: &str) -> Wrapped<'_> {
    let mut found = Wrapped { name: text.trim(), many: None, optional: false };
    // Each turn takes one layer off; nobody nests deeper than a few.
    for _ in 0..16 {
        let name = found.name;
        let inner = if let Some(inner) = name.strip_suffix('?') {
            found.optional = true;
            inner
        } else if let Some(inner) = name.strip_suffix(['*', '&']).or_else(|| name.strip_prefix("const ")) {
            inner
        } else if let Some((inner, index)) = suffix(name, '[', ']') {
            match index.trim() {
                "0..1" => found.optional = true,
                "1" | "1..1" => {}
                _ => found.many = Some(LIST),
            }
            inner
        } else if let Some((outer, inner)) = suffix(name, '<', '>') {
            match collection(outer) {
                Some(many) => found.many = Some(many),
                None if is_optional(outer) => found.optional = true,
                None if is_pointer(outer) => {}
                None => break,
            }
            inner
        } else {
            break;
        };
        found.name = inner.trim();
    }
    found
}

/// Whether there may be none of what stands in it.
pub fn is_optional(outer: &str) -> bool {
    ["optional", "nullable", "maybe", "option"].contains(&last_segment(outer).as_str())
}

/// Whether it says nothing about what stands in it.
pub fn is_pointer(outer: &str) -> bool {
    POINTERS.contains(&last_segment(outer).as_str())
}

/// Lower case without blanks, `_` and `-`.
pub fn simple(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-').flat_map(char::to_lowercase).collect()
}

/// What stands behind the last `.`, `:`, `/` or `#`, in normal form.
pub fn last_segment(name: &str) -> String {
    simple(name.rsplit(['.', ':', '/', '#']).next().unwrap_or(name))
}

/// `outer` and `inner` of `outer<inner>`.
pub fn suffix(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(close)?;
    let at = if open == '[' { inner.rfind(open)? } else { inner.find(open)? };
    let outer = &inner[..at];
    (!outer.trim().is_empty()).then(|| (outer, &inner[at + open.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_around_a_type_is_taken_off() {
        let many = |name, many| Wrapped { name, many: Some(many), optional: false };
        for (text, expected) in [
            ("Order", Wrapped { name: "Order", many: None, optional: false }),
            ("List<Order>", many("Order", LIST)),
            ("java.util.Set< Order >", many("Order", SET)),
            ("Collection<shared_ptr<Order>>", many("Order", BAG)),
            ("Order[]", many("Order", LIST)),
            ("Order[0..1]", Wrapped { name: "Order", many: None, optional: true }),
            ("Optional<Order>", Wrapped { name: "Order", many: None, optional: true }),
            ("Order?", Wrapped { name: "Order", many: None, optional: true }),
            ("const Order &", Wrapped { name: "Order", many: None, optional: false }),
            ("Map<String, Order>", Wrapped { name: "Map<String, Order>", many: None, optional: false }),
        ] {
            assert_eq!(wrapped(text), expected, "{text}");
        }
    }
}
