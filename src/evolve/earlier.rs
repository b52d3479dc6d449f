//! What the diagram says that classes, attributes and ends were called before: the tag `renamed_from`.

use std::collections::BTreeSet;

use super::place;
use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::Project;
use crate::django::project::Origin;
use crate::lock::{Lock, Renamed};
use crate::source::Span;

/// What is called otherwise, as the diagram says.
pub(super) struct Earlier {
    /// What it was called: a model path, or a name.
    old: String,
    /// Its model path.
    path: String,
    /// Where that is said.
    at: Option<Span>,
}

/// All that say what they were called.
pub(super) fn all(project: &Project, elements: &Elements) -> Vec<Earlier> {
    let mut found = Vec::new();
    let mut enter = |earlier: &Option<String>, origin: &Origin| {
        let Some(old) = earlier else { return };
        let said = origin.reasons.iter().find(|reason| reason.decision.starts_with("renamed_from "));
        let at = said.and_then(|reason| place(&reason.because));
        found.push(Earlier { old: old.clone(), path: elements.path(origin.element), at });
    };
    for model in project.models() {
        enter(&model.earlier, &model.origin);
        for field in &model.fields {
            enter(&field.earlier, &field.origin);
        }
    }
    // An attribute may have several columns.
    let mut known = BTreeSet::new();
    found.retain(|earlier| known.insert((earlier.path.clone(), earlier.old.clone())));
    found
}

/// The same as pairs of what it was and what it is.
pub(super) fn told(all: &[Earlier]) -> impl Iterator<Item = (String, String)> {
    all.iter().map(|it| (it.old.clone(), it.path.clone()))
}

/// Reports what names nothing, and what has done its work.
pub(super) fn report(all: &[Earlier], old: &Lock, renamed: &Renamed, report: &mut Report) {
    for Earlier { old: name, path, at } in all.iter().filter(|it| !renamed.told.contains(&it.path)) {
        let is_known = old.models.iter().any(|it| it.path == *path) || old.fields.iter().any(|it| it.path == *path);
        let mut diagnostic = if is_known {
            Diagnostic::new(&codes::U1320, format!("`{path}` was called so in the last build already"))
                .help(format!("`renamed_from = {name}` has done its work: take it away"))
        } else {
            let what =
                format!("`{path}` says that it was called `{name}`, and nothing was called so in the last build");
            Diagnostic::new(&codes::U1319, what)
                .note("it is taken for new")
                .help("say the model path that it had, as `shop.Order.note`, or its name alone")
        };
        if let Some(at) = at {
            diagnostic = diagnostic.here(*at, "what it was called");
        }
        report.add(diagnostic);
    }
}
