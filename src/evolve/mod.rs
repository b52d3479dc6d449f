//! From the project and what was built before to migrations.

mod plan;

use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::{Evolution, ModelKey, Project, State};
use crate::source::Span;

/// The first migrations of all apps.
pub fn initial(project: &Project, report: &mut Report) -> Evolution {
    let plan = plan::initial(&State::of(project));
    if let Some(refused) = &plan.refused {
        report.add(not_regenerable(project, refused));
    }
    plan.evolution
}

fn not_regenerable(project: &Project, refused: &plan::Refused) -> Diagnostic {
    let apps: Vec<String> = refused.apps.iter().map(|app| format!("`{app}`")).collect();
    let message = format!("`makemigrations` from scratch would refuse apps {}", enumerate(&apps));
    let mut diagnostic = Diagnostic::new(&codes::U1316, message)
        .note("the apps wait for each other's models in an order that Django does not try")
        .help("never delete these migrations to write them again");
    for (number, key) in refused.models.iter().enumerate() {
        let Some(model) = model(project, key) else { continue };
        if number == 0 {
            diagnostic = diagnostic.about(model.origin.element);
        }
        let Some(span) = model.origin.reasons.iter().find_map(|reason| place(&reason.because)) else { continue };
        let text = format!("`{}` waits for another app", model.name);
        diagnostic = if number == 0 { diagnostic.here(span, text) } else { diagnostic.because(span, text) };
    }
    diagnostic
}

fn model<'a>(project: &'a Project, key: &ModelKey) -> Option<&'a crate::django::Model> {
    project.app(&key.app)?.models.iter().find(|model| model.name.to_lowercase() == key.name)
}

fn place(because: &crate::decision::Because) -> Option<Span> {
    match because {
        crate::decision::Because::Tag(span) => Some(*span),
        crate::decision::Because::Setting { at, .. } | crate::decision::Because::Rule { at, .. } => *at,
    }
}

fn enumerate(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
