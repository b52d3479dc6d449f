//! Apps.

use crate::decision::Reason;
use crate::uml::model::{Classifier, Package};
use crate::util::arena::{Arena, Id, Map};

/// An app of the diagram.
#[derive(Clone, Debug)]
pub struct AppFact {
    /// Its label.
    pub label: String,
    /// The package that it is made from; none for classes outside of packages.
    pub package: Option<Id<Package>>,
    /// The name as drawn.
    pub title: String,
    /// What stands before its addresses in the API.
    pub api_prefix: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Apps and who belongs to them.
#[derive(Clone, Debug, Default)]
pub struct Apps {
    /// The apps, in model order.
    pub list: Arena<AppFact>,
    /// The app of each classifier.
    pub of: Map<Classifier, Id<AppFact>>,
    /// The app of each package.
    pub of_package: Map<Package, Id<AppFact>>,
    /// The label of our own app for what apps share.
    pub core: String,
    /// The label of our own app for the user, if there is one.
    pub accounts: Option<String>,
}
