//! Packages and classifiers that are kept in documents of their own: they belong where the other document says.

use super::index::{Found, Index, Known};
use crate::uml::Model;
use crate::uml::model::Package;
use crate::util::arena::Id;

/// Puts every fragment that was given into its package, if it stands in no other.
pub(super) fn place(index: &Index<'_>, model: &mut Model) {
    for (number, draft) in index.drafts.iter().enumerate() {
        for fragment in &draft.fragments {
            let package: Id<Package> = Id::new(index.offsets(number).packages + fragment.package);
            let Found::Element(element) = index.find(number, &fragment.part) else { continue };
            match index.known(element) {
                // Outer packages come first; one that comes later cannot be put around.
                Some(Known::Package(part)) if model.packages[part].owner.is_none() && package < part => {
                    model.packages[part].owner = Some(package);
                }
                Some(Known::Classifier(part)) => {
                    let part = &mut model.classifiers[part];
                    if part.package.is_none() && part.outer.is_none() {
                        part.package = Some(package);
                    }
                }
                _ => {}
            }
        }
    }
}
