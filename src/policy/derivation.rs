//! Where derived values are computed (django-mapping 1.1): in a column that the database fills in, so that rows can be filtered and sorted by it,
//! or by the model when it is asked.

use crate::django::FieldKind;

/// What a derived value is made of, as far as it decides where it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Texts in a row, with the most characters that they have together.
    Text {
        /// The most characters.
        length: u32,
    },
    /// Whole numbers.
    Whole {
        /// The most digits.
        digits: u32,
        /// Whether some are multiplied.
        is_product: bool,
    },
    /// Exact numbers.
    Exact {
        /// The most digits before the point.
        whole: u32,
        /// The most digits behind it.
        places: u32,
    },
    /// Numbers in floating point.
    Float,
    /// Anything else.
    Other,
}

/// The most digits of a computed column: more are no amount of anything.
const MANY_DIGITS: u32 = 60;

/// The longest text that is a `CharField`; longer ones are a `TextField`.
const LONG_TEXT: u32 = 255;

/// The kind of column that holds a value of one row which every database computes alike, where `declared` is the type that is drawn.
///
/// # Errors
///
/// Why the model computes it instead.
pub fn column(made: Made, declared: Option<&FieldKind>) -> Result<FieldKind, &'static str> {
    match (made, declared) {
        (Made::Text { length }, _) if length <= LONG_TEXT => Ok(FieldKind::Char { max_length: length }),
        (Made::Text { .. }, _) => Ok(FieldKind::Text),
        // Databases refuse a row whose product is too large for its column, and nobody could say why.
        (Made::Whole { is_product: true, .. }, _) => Err("a product of whole numbers may not fit into a column"),
        (Made::Whole { digits, .. }, Some(FieldKind::Decimal { .. })) => exact(digits, 0, declared),
        (Made::Whole { .. }, Some(kind @ (FieldKind::Integer | FieldKind::BigInteger))) => Ok(kind.clone()),
        (Made::Whole { .. }, _) => Ok(FieldKind::BigInteger),
        (Made::Exact { whole, places }, _) => exact(whole, places, declared),
        (Made::Float, _) => Ok(FieldKind::Float),
        (Made::Other, _) => Err("no column holds what it gives"),
    }
}

/// As many places as the declared type has, and room for the largest value.
fn exact(whole: u32, places: u32, declared: Option<&FieldKind>) -> Result<FieldKind, &'static str> {
    let (whole, decimal_places) = match declared {
        Some(FieldKind::Decimal { max_digits, decimal_places }) => {
            (whole.max(max_digits.saturating_sub(*decimal_places)), *decimal_places)
        }
        _ => (whole, places),
    };
    let max_digits = whole.saturating_add(decimal_places);
    if max_digits > MANY_DIGITS {
        return Err("it may have too many digits for a column");
    }
    Ok(FieldKind::Decimal { max_digits, decimal_places })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONEY: FieldKind = FieldKind::Decimal { max_digits: 19, decimal_places: 4 };

    #[test]
    fn a_column_has_the_places_of_its_type_and_room_for_the_largest_value() {
        let product = Made::Exact { whole: 25, places: 8 };
        assert_eq!(column(product, Some(&MONEY)), Ok(FieldKind::Decimal { max_digits: 29, decimal_places: 4 }));
        assert_eq!(column(product, None), Ok(FieldKind::Decimal { max_digits: 33, decimal_places: 8 }));
        let small = Made::Whole { digits: 5, is_product: false };
        assert_eq!(column(small, Some(&MONEY)), Ok(MONEY));
        assert_eq!(column(small, Some(&FieldKind::Integer)), Ok(FieldKind::Integer));
        assert_eq!(column(small, None), Ok(FieldKind::BigInteger));
        assert_eq!(column(Made::Text { length: 255 }, None), Ok(FieldKind::Char { max_length: 255 }));
        assert_eq!(column(Made::Text { length: u32::MAX }, None), Ok(FieldKind::Text));
    }

    #[test]
    fn what_may_not_fit_is_left_to_the_model() {
        assert!(column(Made::Whole { digits: 5, is_product: true }, None).is_err());
        assert!(column(Made::Exact { whole: u32::MAX, places: 4 }, Some(&MONEY)).is_err());
        assert!(column(Made::Other, None).is_err());
    }
}
