//! Addresses in the API that other addresses hide.

use super::Net;
use crate::diagnostic::{Diagnostic, codes};
use crate::django::routes::routes;

/// What stands behind `orders/` is the key of an order: an app cannot have its addresses there.
pub(super) fn check(net: &mut Net<'_, '_>) {
    if net.project.apps.iter().all(|app| app.api_prefix.is_none()) {
        return;
    }
    let routes = routes(net.project);
    for app in &net.project.apps {
        let (Some(before), Some(origin)) = (&app.api_prefix, &app.origin) else { continue };
        let inside = format!("{before}/");
        let Some(hidden) = routes.iter().find(|route| inside.starts_with(&format!("{}/", route.path))) else {
            continue;
        };
        let (path, model) = (net.elements.path(origin.element), hidden.shape.key.dotted());
        let why = format!("`{}/` is the address of `{model}`, and its rows stand behind it", hidden.path);
        let asked = origin.reasons.iter().find(|reason| reason.decision.contains(&inside));
        let at = asked.and_then(|reason| reason.because.place()).unwrap_or(net.elements.get(origin.element).span);
        net.report.add(
            Diagnostic::new(&codes::U1004, format!("tag `api_prefix` of `{path}` cannot be used: {why}"))
                .about(origin.element)
                .here(at, "cannot be used"),
        );
    }
}
