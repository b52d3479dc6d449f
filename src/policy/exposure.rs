//! What the API and lists show of what is not public in the diagram (django-mapping 1.1).

use crate::django::field::Exposure;
use crate::uml::model::Visibility;

/// What is shown of a property, and why; `demanded` tells whether no row can be made without a value. It is asked only where
/// `[rules] visibility` says so: several tools draw every attribute private.
pub fn exposure(visibility: Visibility, demanded: bool) -> (Exposure, &'static str) {
    match (visibility, demanded) {
        (Visibility::Public, _) => (Exposure::Shown, "it is public"),
        (_, true) => (Exposure::Written, "it is not public, and no row can be made without it"),
        (_, false) => (Exposure::Kept, "it is not public"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_not_public_is_shown() {
        for visibility in [Visibility::Protected, Visibility::Private, Visibility::Package] {
            assert_eq!(exposure(visibility, true).0, Exposure::Written);
            assert_eq!(exposure(visibility, false).0, Exposure::Kept);
        }
        assert_eq!(exposure(Visibility::Public, true).0, Exposure::Shown);
    }
}
