//! Rules that a tag or a setting asks for.

use super::place;
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::OnDelete;
use crate::facts::{Column, Facts, KeyFact, reason};
use crate::policy::deletion::{self as policy, KeyNature};
use crate::resolve::Context;
use crate::util::arena::Id;

/// The rule that somebody asked for, if the key can have it.
pub(super) fn rule(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    id: Id<Column>,
    key: &KeyFact,
    is_alternative: bool,
) -> Option<(OnDelete, Reason)> {
    let relation = key.connection.map(|connection| facts.connections().binary[connection].element);
    let tags = facts.tags();
    let (text, because) = tags
        .text(key.tagged, "on_delete")
        .or_else(|| relation.and_then(|relation| tags.text(relation, "on_delete")))
        .filter(|_| !matches!(key.nature, KeyNature::Parent | KeyNature::Owner))?;
    // What is no rule at all was told where tags and settings are checked.
    let rule = policy::parse(text)?;
    if !policy::is_possible(&rule, key.null && !is_alternative, false) {
        impossible(cx, facts, report, id, key, is_alternative, &rule, because);
        return None;
    }
    if policy::contradicts(key.nature, &rule) {
        contradiction(cx, facts, report, id, key, &rule, because);
    }
    let why = reason(format!("on_delete {}", rule.name()), "asked for", because.clone());
    Some((rule, why))
}

/// A rule that Django would refuse, or the table itself (U0805).
#[expect(clippy::too_many_arguments)]
fn impossible(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    id: Id<Column>,
    key: &KeyFact,
    is_alternative: bool,
    rule: &OnDelete,
    because: &Because,
) {
    let column = &facts.tables().columns[id];
    let path = cx.elements.path(column.element);
    let name = rule.name().to_lowercase();
    let (what, label) = match rule {
        OnDelete::SetDefault => (format!("`{name}` on `{path}`, which has no default"), "has no default"),
        _ if is_alternative => (format!("`{name}` on `{path}`, of which just one key is set"), "one of several keys"),
        _ => (format!("`{name}` on `{path}`, which is required"), "required"),
    };
    let here = place(because).unwrap_or(column.span);
    let mut diagnostic = Diagnostic::new(&codes::U0805, what).about(column.element).here(here, "cannot be used here");
    if here != key.presence_at {
        diagnostic = diagnostic.because(key.presence_at, label);
    }
    let instead = match (is_alternative, key.null) {
        (true, _) => "take",
        (false, true) => "take `set_null`,",
        (false, false) => "make the end optional, or take",
    };
    report.add(diagnostic.help(format!("{instead} `cascade`, `protect`, `restrict` or `do_nothing`")));
}

/// A rule that keeps parts whose whole is gone, or keeps the whole (U0806).
fn contradiction(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    id: Id<Column>,
    key: &KeyFact,
    rule: &OnDelete,
    because: &Because,
) {
    let column = &facts.tables().columns[id];
    let path = cx.elements.path(column.element);
    let name = rule.name().to_lowercase();
    let place_of = if matches!(because, Because::Tag(_)) { "by its tag" } else { "in the settings" };
    let composition = key.connection.map(|connection| &facts.connections().binary[connection]).and_then(|connection| {
        let parts = connection.ends.iter().filter_map(|end| end.property);
        parts
            .map(|end| &cx.model.properties[end])
            .find(|end| end.aggregation.value != crate::uml::model::Aggregation::None)
    });
    let mut diagnostic =
        Diagnostic::new(&codes::U0806, format!("`{path}` is composed in the diagram but set to `{name}` {place_of}"))
            .about(column.element)
            .here(place(because).unwrap_or(column.span), "is used");
    if let Some(part) = composition {
        diagnostic = diagnostic.because(part.aggregation.span, "a part dies with its whole");
    }
    report.add(diagnostic.help("draw an open diamond or none, or leave the rule out"));
}
