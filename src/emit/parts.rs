//! What emitters want the shared files to mention: typed, merged and sorted.
//!
//! The `project` emitter prints them. It also writes `__init__.py` and `apps.py` of the app [`Project::core`] if anything uses
//! it, and puts the project's own apps into `INSTALLED_APPS`; nobody has to contribute those.
//!
//! [`Project::core`]: crate::django::Project::core

use std::collections::{BTreeMap, BTreeSet};

use crate::python::Expr;

/// Contributions to the project's shell.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// `INSTALLED_APPS` beyond Django's own and the project's, dotted.
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
    /// The same of `config/settings/test.py`.
    pub test_settings: BTreeMap<String, Vec<(Expr, Expr)>>,
    /// URL prefixes and the modules that are included there: `api/v1/` and `shop.urls`.
    pub urls: Vec<(String, String)>,
    /// The same, only while `DEBUG` is on: `api-auth/` and `rest_framework.urls`.
    pub debug_urls: Vec<(String, String)>,
    /// Rows of the README's table of addresses: an address (`/api/v1/`) and half a sentence of Markdown about it.
    pub addresses: BTreeMap<String, String>,
    /// Whether an emitter writes files into the app [`Project::core`](crate::django::Project::core).
    pub uses_core: bool,
}
