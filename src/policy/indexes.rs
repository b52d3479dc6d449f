//! Which index serves for another one (django-mapping 12).

/// Whether `short` is the beginning of `long`, so that `long` serves for both.
pub fn is_prefix<T: PartialEq>(short: &[T], long: &[T]) -> bool {
    short.len() <= long.len() && short == &long[..short.len()]
}
