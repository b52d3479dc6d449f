//! Patterns of `[model."…"]` that name nothing.

use std::collections::BTreeSet;

use super::{Settings, pattern};
use crate::account::{ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::util::words;

/// Reports each pattern that names no element of the model (U1404).
pub fn report_unmatched(settings: &Settings, elements: &Elements, report: &mut Report) {
    let patterns: BTreeSet<&str> = settings.elements.iter().map(|setting| setting.pattern.as_str()).collect();
    if patterns.is_empty() {
        return;
    }
    let is_drawn = |kind| {
        use ElementKind as E;
        let is_mark = matches!(kind, E::StereotypeApplication | E::Tag | E::ToolStereotype | E::ToolTag);
        !is_mark && !matches!(kind, E::Import | E::Extension | E::ExtensionEnd | E::Other)
    };
    let paths: Vec<(String, Option<&str>)> = elements
        .iter()
        .filter(|(_, seen)| is_drawn(seen.kind))
        .flat_map(|(element, _)| elements.paths(element).map(move |path| (path, elements.id(element))))
        .collect();
    for wanted in patterns {
        if paths.iter().any(|(path, id)| pattern::matches(wanted, path, *id)) {
            continue;
        }
        let Some(setting) = settings.elements.iter().find(|setting| setting.pattern == wanted) else { continue };
        let mut diagnostic =
            Diagnostic::new(&codes::U1404, format!("`[model.\"{wanted}\"]` matches nothing in the model"));
        if let Some(at) = setting.pattern_at {
            diagnostic = diagnostic.here(at, "no element has this path");
        }
        let steps = wanted.split('.').count();
        let ends = paths.iter().filter_map(|(path, _)| end_of(path, steps));
        let unique: BTreeSet<&str> = ends.collect();
        if let Some(near) = words::nearest(wanted, unique).first() {
            diagnostic = diagnostic.help(format!("there is `{near}`"));
        }
        report.add(diagnostic);
    }
}

/// The last `steps` names of a path.
fn end_of(path: &str, steps: usize) -> Option<&str> {
    let mut start = path.len();
    for _ in 0..steps {
        if start == 0 {
            return None;
        }
        start = path[..start - usize::from(start < path.len())].rfind('.').map_or(0, |dot| dot + 1);
    }
    Some(&path[start..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Met;
    use crate::source::{Sources, Span};

    #[test]
    fn the_ends_of_paths_are_found() {
        assert_eq!(end_of("shop.Order.lines", 1), Some("lines"));
        assert_eq!(end_of("shop.Order.lines", 2), Some("Order.lines"));
        assert_eq!(end_of("shop.Order.lines", 3), Some("shop.Order.lines"));
        assert_eq!(end_of("shop", 2), None);
    }

    #[test]
    fn a_pattern_that_names_nothing_is_told_with_the_nearest_path() {
        let mut sources = Sources::default();
        let mut report = Report::default();
        let text =
            "[model.\"shop.Ordr\"]\nordering = \"number\"\ndb_table = \"orders\"\n[model.\"Order\"]\nskip = true\n";
        let settings = super::super::load(Some(("umlaut.toml", text)), &mut sources, &mut report);
        let span = Span::new(sources.add("m", "x"), 0..1);
        let mut elements = Elements::default();
        let seen = |kind, name, owner| Met { name: Some(name), owner, ..Met::new(kind, span) };
        let package = elements.enter(seen(ElementKind::Package, "shop", None));
        elements.enter(seen(ElementKind::Class, "Order", Some(package)));
        report_unmatched(&settings, &elements, &mut report);
        let [found] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!((found.code.id, found.help.as_slice()), ("U1404", ["there is `shop.Order`".to_owned()].as_slice()));
        assert_eq!(found.place().map(|at| sources.text(at)), Some("\"shop.Ordr\""));
    }
}
