//! Stereotypes and tags: those that have no meaning here (U1001, U1003), that stand where they have none (U1002), and values
//! that a tag does not take (U1004).
//!
//! Tools and other profiles have tags with names like ours. What is told of names is told only if they say that they are ours:
//! by `umlaut.` in front or as part of our profile.

use std::collections::BTreeMap;

use crate::account::{Element, Elements};
use crate::diagnostic::{Diagnostic, Level, Report, codes};
use crate::profile::{self, Marked};
use crate::source::Span;
use crate::uml::Model;
use crate::uml::model::Tag;

/// The uses of an unknown stereotype.
struct Uses<'a> {
    name: &'a str,
    first: Element,
    at: Span,
    others: Vec<Element>,
}

pub(super) fn check(model: &Model, _elements: &Elements, report: &mut Report) {
    let mut marked = profile::marked(model);
    marked.retain(|marked| !marked.is_library);
    unknown_stereotypes(&marked, report);
    let mut unknown_tags: BTreeMap<String, Diagnostic> = BTreeMap::new();
    for marked in &marked {
        misplaced(marked, report);
        for tag in &marked.marks.tags {
            check_tag(marked, tag, &mut unknown_tags, report);
        }
    }
    for diagnostic in unknown_tags.into_values() {
        report.add(diagnostic);
    }
}

/// A stereotype of our profile where it has no effect.
fn misplaced(marked: &Marked<'_>, report: &mut Report) {
    for stereotype in &marked.marks.stereotypes {
        let Some(row) = profile::stereotype(&stereotype.value) else { continue };
        if row.stands_on(marked.place) || !profile::is_ours(&stereotype.value) {
            continue;
        }
        let name = profile::without_profile(&stereotype.value);
        let diagnostic =
            Diagnostic::new(&codes::U1002, format!("`«{name}»` cannot be applied to {}", article(marked.place.word())))
                .about(marked.element)
                .here(stereotype.span, "has no effect here")
                .help(format!("it is for: {}", row.on));
        report.add(diagnostic);
    }
}

/// `a class`, `an end`.
fn article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

fn check_tag(marked: &Marked<'_>, tag: &Tag, unknown: &mut BTreeMap<String, Diagnostic>, report: &mut Report) {
    let name = tag.name.value.trim();
    match marked.says(tag) {
        Err(wanted) => {
            let shown: String = tag.value.value.trim().chars().take(60).collect();
            report.add(
                Diagnostic::new(&codes::U1004, format!("tag `{name}` is `{shown}`; it takes {wanted}"))
                    .about(marked.element)
                    .here(tag.value.span, "not understood"),
            );
        }
        Ok(true) if marked.rows(name).is_empty() && profile::stereotype(name).is_none() => {
            let is_ours = profile::is_ours(name) || tag.stereotype.as_deref().is_some_and(profile::is_ours);
            if is_ours {
                unknown_tag(marked, tag, unknown);
            }
        }
        Ok(_) => {}
    }
}

fn unknown_tag(marked: &Marked<'_>, tag: &Tag, unknown: &mut BTreeMap<String, Diagnostic>) {
    let name = tag.name.value.trim();
    let known = profile::tag_rows(name).next();
    let key = format!("{} {}", profile::normal(name), known.map_or("", |_| marked.place.word()));
    if let Some(first) = unknown.get_mut(&key) {
        first.others.push(marked.element);
        return;
    }
    let message = match (known, &tag.stereotype) {
        (Some(_), _) => format!("tag `{name}` means nothing on {}", article(marked.place.word())),
        (None, Some(stereotype)) => format!("`«{}»` has no tag `{name}`", profile::without_profile(stereotype)),
        (None, None) => format!("there is no tag `{name}`"),
    };
    let mut diagnostic =
        Diagnostic::new(&codes::U1003, message).about(marked.element).here(tag.name.span, "has no effect");
    if let Some(row) = known {
        diagnostic = diagnostic.help(format!("it is for: {}", row.on));
    } else if let Some(near) = profile::near_tags(name).first() {
        diagnostic = diagnostic.help(format!("there is `{near}`"));
    }
    unknown.insert(key, diagnostic);
}

fn unknown_stereotypes(marked: &[Marked<'_>], report: &mut Report) {
    let mut unknown: BTreeMap<String, Uses<'_>> = BTreeMap::new();
    for &Marked { element, marks, .. } in marked {
        for stereotype in &marks.stereotypes {
            let normal = profile::normal(&stereotype.value);
            // What has no effect yet is told where everything without one is.
            let is_later = profile::is_one_of(&stereotype.value, profile::LATER);
            if normal.is_empty() || is_later || profile::stereotype(&stereotype.value).is_some() {
                continue;
            }
            unknown.entry(normal).and_modify(|uses| uses.others.push(element)).or_insert(Uses {
                name: stereotype.value.trim(),
                first: element,
                at: stereotype.span,
                others: Vec::new(),
            });
        }
    }
    let mut unknown: Vec<Uses<'_>> = unknown.into_values().collect();
    unknown.sort_by_key(|uses| uses.at);
    for uses in unknown {
        let count = match uses.others.len() {
            0 => String::new(),
            more => format!(" ({} uses)", more + 1),
        };
        let mut diagnostic =
            Diagnostic::new(&codes::U1001, format!("stereotype `«{}»` has no meaning here{count}", uses.name))
                .about(uses.first)
                .here(uses.at, "has no effect");
        if let Some(near) = profile::near_stereotype(uses.name) {
            // One letter away from a known one: most likely a slip.
            diagnostic = diagnostic.help(format!("there is `«{near}»`"));
            diagnostic.level = Level::Warning;
        }
        diagnostic.others = uses.others;
        report.add(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn an_unknown_stereotype_is_told_once_and_a_slip_is_a_warning() {
        let mut sample = Sample::new();
        let [a, b, c] = sample.classes(["A", "B", "C"]);
        sample.mark(a, "block");
        sample.mark(b, "Block");
        sample.mark(b, "entity");
        sample.mark(c, "entitty");
        let report = sample.check();
        let [block, entity] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!(block.message, "stereotype `«block»` has no meaning here (2 uses)");
        assert_eq!((block.level, block.others.len()), (Level::Allow, 1));
        assert_eq!(
            (entity.level, entity.help.as_slice()),
            (Level::Warning, ["there is `«entity»`".to_owned()].as_slice())
        );
    }
}
