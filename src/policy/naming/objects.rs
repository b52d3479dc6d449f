//! Names of tables, indexes and constraints.

use super::{fit, snake};

/// Bytes of a table.
pub const TABLE_LIMIT: usize = 63;
/// Characters of an index (models.E034).
pub const INDEX_LIMIT: usize = 30;
/// Bytes of a constraint.
pub const CONSTRAINT_LIMIT: usize = 63;

/// The kinds of indexes and constraints, as they end names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// `…_ix`
    Index,
    /// `…_uq`
    Unique,
    /// `…_ck`
    Check,
    /// `…_ex`
    Exclusion,
    /// `…_gin`
    Gin,
    /// `…_brin`
    Brin,
}

impl ObjectKind {
    fn suffix(self) -> &'static str {
        match self {
            Self::Index => "ix",
            Self::Unique => "uq",
            Self::Check => "ck",
            Self::Exclusion => "ex",
            Self::Gin => "gin",
            Self::Brin => "brin",
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Index | Self::Gin | Self::Brin => INDEX_LIMIT,
            Self::Unique | Self::Check | Self::Exclusion => CONSTRAINT_LIMIT,
        }
    }
}

/// The name of an index or constraint: `order_customer_placed_at_ix`.
///
/// `parts` are field names (a `-` in front is left out) or what else tells it from others. `is_taken` knows the names of
/// the whole project; `<app>_` goes in front of what is taken.
pub fn object_name(
    app: &str,
    model: &str,
    parts: &[&str],
    kind: ObjectKind,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_start_matches('-')).collect();
    let plain = [&[snake(model).as_str()], parts.as_slice(), &[kind.suffix()]].concat().join("_");
    let qualified = format!("{app}_{plain}");
    let limit = kind.limit();
    let mut number = 1;
    let mut name = fit(&plain, &qualified, limit, 6);
    while is_taken(&name) {
        let longer = if number == 1 { qualified.clone() } else { format!("{qualified}_{number}") };
        name = fit(&longer, &longer, limit, 6);
        number += 1;
    }
    name
}

/// The table that must be written, if Django's default is longer than every database allows: 54 bytes, `_` and 8 digits.
pub fn table_name(default: &str) -> Option<String> {
    (default.len() > TABLE_LIMIT).then(|| fit(default, default, TABLE_LIMIT, 8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn indexes_and_constraints_are_named_after_model_and_fields() {
        let free = |_: &str| false;
        assert_eq!(
            object_name("shop", "OrderLine", &["order", "product"], ObjectKind::Unique, free),
            "order_line_order_product_uq"
        );
        assert_eq!(object_name("shop", "Order", &["-placed_at"], ObjectKind::Index, free), "order_placed_at_ix");
        let long = object_name("shop", "OrderLine", &["order", "product_number"], ObjectKind::Index, free);
        assert_eq!(long.len(), INDEX_LIMIT);
        let taken = object_name("shop", "Order", &["code"], ObjectKind::Unique, |name| name == "order_code_uq");
        assert_eq!(taken, "shop_order_code_uq");
    }

    #[test]
    fn only_tables_that_are_too_long_are_written() {
        assert_eq!(table_name("shop_order"), None);
        let table = table_name(&format!("shop_{}", "x".repeat(80))).expect("a table");
        assert_eq!(table.len(), TABLE_LIMIT);
    }

    proptest! {
        #[test]
        fn index_names_fit(app in "[a-z]{1,40}", model in "[A-Z][a-z]{1,60}", fields in prop::collection::vec("[a-z_]{1,30}", 0..4)) {
            let parts: Vec<&str> = fields.iter().map(String::as_str).collect();
            let name = object_name(&app, &model, &parts, ObjectKind::Index, |name| name.len() < 12);
            prop_assert!(name.len() <= INDEX_LIMIT && !name.starts_with('_'), "{name}");
        }
    }
}
