//! Extensions of PostgreSQL that indexes and constraints need, and no model implies.

use std::collections::BTreeSet;

use crate::django::operation::Extensions;
use crate::django::{Evolution, Model, Project};
use crate::lock::Past;

use super::plan::name;

/// Whether a migration of the project's core installs some. Migrations of others count on it even when no model needs it any more.
pub(super) fn are_there(past: &Past, core: &str) -> bool {
    let mut own = past.migrations.iter().filter(|it| it.app == core);
    own.any(|it| it.text.contains("django.contrib.postgres.operations"))
}

/// What `evolution` needs, and no migration that is there installs. It comes right before the first migrations of those who need it.
pub(super) fn needed(project: &Project, past: &Past, evolution: &Evolution) -> Option<Extensions> {
    let is_there = |name: &str| past.migrations.iter().any(|it| it.text.contains(&format!("{name}(")));
    let missing = |model: &Model| -> Vec<&'static str> {
        model.meta.extensions().into_iter().filter(|name| !is_there(name)).collect()
    };
    let operations: BTreeSet<&'static str> = project.models().flat_map(missing).collect();
    let apps = project.apps.iter().filter(|app| app.models.iter().any(|model| !missing(model).is_empty()));
    let first = apps.filter_map(|app| evolution.migrations.iter().find(|it| it.app == app.label));
    let before = first.map(|it| (it.app.clone(), it.name.clone())).collect();
    let own = past.migrations.iter().filter(|it| it.app == project.core);
    let after = own.map(|it| it.name.clone()).max();
    (!operations.is_empty()).then(|| Extensions {
        name: name::after(after.as_deref(), "extensions"),
        after,
        before,
        operations: operations.into_iter().collect(),
    })
}
