//! Enumerations (django-mapping 6).

use crate::django::FieldKind;

/// Whether all of these are integers that a column can hold, so that the enumeration is one of integers.
pub fn are_integers<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> bool {
    let mut any = false;
    for value in values {
        any = true;
        if value.is_none_or(|value| value.trim().parse::<i32>().is_err()) {
            return false;
        }
    }
    any
}

/// The field for values of an enumeration.
///
/// The length of text is rounded up to a multiple of 16, so that a new literal rarely alters the column.
pub fn field<'a>(is_integer: bool, values: impl IntoIterator<Item = &'a str>) -> FieldKind {
    if is_integer {
        let small = values
            .into_iter()
            .filter_map(|value| value.trim().parse::<i32>().ok())
            .all(|value| (0..=32767).contains(&value));
        return if small { FieldKind::PositiveSmallInteger } else { FieldKind::Integer };
    }
    let longest = values.into_iter().map(|value| value.chars().count()).max().unwrap_or(0).max(1);
    FieldKind::Char { max_length: u32::try_from(longest.div_ceil(16) * 16).unwrap_or(u32::MAX) }
}

/// The field where an enumeration has no literals.
pub const OPEN: FieldKind = FieldKind::Char { max_length: 255 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_leave_room_for_one_more_literal() {
        assert_eq!(field(false, ["draft", "in_progress"]), FieldKind::Char { max_length: 16 });
        assert_eq!(field(false, ["a_value_of_17_chr"]), FieldKind::Char { max_length: 32 });
    }

    #[test]
    fn integers_need_a_number_at_every_literal() {
        assert!(are_integers([Some("1"), Some(" 2 ")]));
        assert!(!are_integers([Some("1"), None]));
        assert!(!are_integers([]));
        assert_eq!(field(true, ["1", "40000"]), FieldKind::Integer);
    }
}
