//! Patterns of model paths: `shop.Order`, any shorter unique end of it, `shop.*`, `**.note`, `id:_a3`.

/// How much a pattern says; the narrower one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Narrowness {
    is_id: bool,
    is_exact: bool,
    steps: usize,
}

/// How much `pattern` says: more steps without `*` say more, and none with `*` most.
pub fn narrowness(pattern: &str) -> Narrowness {
    let steps = pattern.split('.').filter(|step| !step.contains('*')).count();
    Narrowness { is_id: pattern.starts_with("id:"), is_exact: !pattern.contains('*'), steps }
}

/// Whether a pattern names the element with this path and id.
pub fn matches(pattern: &str, path: &str, id: Option<&str>) -> bool {
    let pattern = pattern.trim();
    if let Some(wanted) = pattern.strip_prefix("id:") {
        return id == Some(wanted);
    }
    if !pattern.contains('*') {
        return path == pattern || path.strip_suffix(pattern).is_some_and(|before| before.ends_with('.'));
    }
    let steps: Vec<&str> = pattern.split('.').collect();
    let path: Vec<&str> = path.split('.').collect();
    fits(&steps, &path)
}

/// `**` stands for any number of names, `*` for one, or for a part of one. It never recurses: the last `**` takes one name
/// more when what follows does not fit.
fn fits(steps: &[&str], path: &[&str]) -> bool {
    let (mut step, mut at) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while at < path.len() {
        if steps.get(step) == Some(&"**") {
            again = Some((step, at));
            step += 1;
        } else if steps.get(step).is_some_and(|name| fits_name(name, path[at])) {
            step += 1;
            at += 1;
        } else if let Some((wild, from)) = again {
            again = Some((wild, from + 1));
            step = wild + 1;
            at = from + 1;
        } else {
            return false;
        }
    }
    steps[step..].iter().all(|rest| *rest == "**")
}

/// `Order*` names `OrderLine`.
fn fits_name(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_elements_by_path_end_wildcards_or_id() {
        for (pattern, path) in [
            ("shop.Order", "shop.Order"),
            ("Order.customer", "shop.Order.customer"),
            ("shop.*", "shop.Order"),
            ("shop.*.note", "shop.Order.note"),
            ("**.note", "shop.Order.note"),
            ("**.note", "note"),
            ("shop.**", "shop.Order.note"),
            ("shop.Order*", "shop.OrderLine"),
            ("*.O*L*e", "shop.OrderLine"),
            ("**.a.**.b", "x.a.a.b.b"),
            ("v1.2.Order", "v1.2.Order"),
        ] {
            assert!(matches(pattern, path, None), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("shop.*", "shop.Order.customer"),
            ("rder", "shop.Order"),
            ("order", "shop.Order"),
            ("**.note", "shop.notes"),
            ("shop.Order*", "shop.Invoice"),
            ("", "shop"),
        ] {
            assert!(!matches(pattern, path, None), "{pattern} {path}");
        }
        assert!(matches("id:_a3", "shop.Order", Some("_a3")));
        assert!(!matches("id:_a3", "shop.Order", None));
    }

    #[test]
    fn many_wildcards_end_soon() {
        let pattern = "**.a.".repeat(30) + "b";
        let path = "a.".repeat(5000) + "c";
        assert!(!matches(&pattern, &path, None));
    }

    #[test]
    fn the_narrower_pattern_is_greater() {
        assert!(narrowness("shop.Order") > narrowness("Order"));
        assert!(narrowness("Order") > narrowness("shop.*"));
        assert!(narrowness("shop.*") > narrowness("**"));
    }
}
