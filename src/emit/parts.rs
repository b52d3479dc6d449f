//! What emitters want the shared files to mention: typed, merged and sorted.

use std::collections::{BTreeMap, BTreeSet};

use crate::python::Expr;

/// Contributions to the project's shell.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// `INSTALLED_APPS` beyond Django's own, dotted.
    pub installed_apps: BTreeSet<String>,
    /// Requirements by package name: `django` and `~=6.1.3`.
    pub requirements: BTreeMap<String, String>,
    /// Requirements for development only.
    pub dev_requirements: BTreeMap<String, String>,
    /// Settings in `config/settings/base.py` by name: `REST_FRAMEWORK` and its dictionary.
    pub settings: BTreeMap<String, Expr>,
    /// Entries that `config/settings/local.py` puts over those of a dictionary of `settings`, by its name:
    /// `REST_FRAMEWORK = REST_FRAMEWORK | {..}`.
    pub local_settings: BTreeMap<String, Vec<(Expr, Expr)>>,
    /// URL prefixes and the modules that are included there: `api/v1/` and `shop.urls`.
    pub urls: Vec<(String, String)>,
}
