//! Names of indexes and constraints (django-mapping 8), and what needs no index of its own (12).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// The most characters of an index name (models.E034).
pub const INDEX: usize = 30;
/// The most characters of a constraint name.
pub const CONSTRAINT: usize = 63;

/// A name that fits and is free in the project: `<model>_<fields>_<kind>`, with the app in front if taken, cut with a hash if
/// too long.
pub fn name(app: &str, model: &str, fields: &str, kind: &str, limit: usize, taken: &mut BTreeSet<String>) -> String {
    let plain = format!("{}_{fields}_{kind}", model.to_lowercase());
    let with_app = format!("{app}_{plain}");
    let mut found = plain.clone();
    if found.len() > limit {
        found = cut(&plain, &with_app, limit);
    }
    if taken.contains(&found) {
        found = if with_app.len() > limit { cut(&with_app, &with_app, limit) } else { with_app.clone() };
    }
    let mut number = 2;
    while taken.contains(&found) {
        found = cut(&plain, &format!("{with_app}_{number}"), limit);
        number += 1;
    }
    taken.insert(found.clone());
    found
}

fn cut(name: &str, hashed: &str, limit: usize) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(hashed.as_bytes()).iter().take(3) {
        hash.push_str(&format!("{byte:02x}"));
    }
    let head: String = name.chars().take(limit - 7).collect();
    format!("{}_{hash}", head.trim_end_matches('_'))
}

/// Whether `short` is the beginning of `long`, so that `long` serves for both.
pub fn is_prefix<T: PartialEq>(short: &[T], long: &[T]) -> bool {
    short.len() <= long.len() && short == &long[..short.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_with_a_hash_and_a_taken_one_gets_its_app() {
        let mut taken = BTreeSet::new();
        assert_eq!(name("shop", "Order", "customer", "ix", INDEX, &mut taken), "order_customer_ix");
        assert_eq!(name("shop", "Order", "customer", "ix", INDEX, &mut taken), "shop_order_customer_ix");
        let long = name("shop", "OrderLineOfTheYear", "a_long_field", "ix", INDEX, &mut taken);
        assert_eq!(long.len(), INDEX);
        assert!(long.starts_with("orderlineoftheyear_a_lo"), "{long}");
    }
}
