//! Tags and settings that nothing was made of (U1008): what somebody asked for is not dropped in silence.
//!
//! Nobody keeps a book of who read which tag. What was done because of a tag says so in its reasons, and what was refused in
//! its finding: a tag whose place neither names was not heard.

use std::collections::BTreeSet;

use crate::account::{Elements, Traces};
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Level, Report, codes};
use crate::django::Project;
use crate::facts::{AttributeKind, Facts};
use crate::profile::{self, Marked, Takes, normal, values};
use crate::source::Span;
use crate::uml::Model;
use crate::uml::model::Tag;

/// Reports what `project` shows no sign of.
pub fn unheard(
    model: &Model,
    facts: &Facts,
    project: &Project,
    elements: &Elements,
    traces: &Traces,
    report: &mut Report,
) {
    let mut heard: BTreeSet<Span> = report.diagnostics().iter().flat_map(|it| &it.labels).map(|it| it.span).collect();
    let attributes = facts.types().attributes.iter().flat_map(|(_, attributes)| attributes);
    let attributes = attributes.filter(|attribute| matches!(attribute.kind, AttributeKind::Nothing));
    let left_out = facts.operations().left_out.iter().map(|(_, reason)| reason);
    let reasons = project.reasons().into_iter().chain(attributes.flat_map(|it| &it.reasons)).chain(left_out);
    heard.extend(reasons.filter_map(|reason| reason.because.place()));
    let mut found = Vec::new();
    for marked in profile::marked(model) {
        // What left no trace at all is told of as a whole, in the account.
        if marked.is_library || !traces.lowered.contains(&marked.element) {
            continue;
        }
        for stereotype in &marked.marks.stereotypes {
            let is_later = profile::is_one_of(&stereotype.value, profile::LATER);
            let may_fail = profile::is_one_of(&stereotype.value, profile::FALLIBLE);
            if is_later || may_fail && heard.insert(stereotype.span) {
                let name = profile::without_profile(&stereotype.value);
                let yet = if is_later { " yet" } else { "" };
                let path = elements.path(marked.element);
                let what = format!("stereotype `«{name}»` of `{path}` has no effect{yet}");
                let mut diagnostic = Diagnostic::new(&codes::U1008, what)
                    .about(marked.element)
                    .here(stereotype.span, "nothing is made of it")
                    .cause(format!("{name} {}", marked.place.word()));
                if is_later && !profile::is_ours(&stereotype.value) {
                    diagnostic.level = Level::Note;
                }
                found.push(diagnostic);
            }
        }
        for (name, said) in facts.tags().of(marked.element) {
            let Some(at) = said.because.place() else { continue };
            let tag = marked.marks.tags.iter().find(|tag| tag.value.span == at);
            let asks = match said.because {
                Because::Tag(_) => tag.is_some() && asks(&marked, name, &said.value),
                Because::Setting { .. } => profile::tag_rows(name).next().is_some() && !is_denial(name, &said.value),
                Because::Rule { .. } => false,
            };
            if asks && heard.insert(at) {
                let mut diagnostic = tell(&marked, name, &said.because, at, elements);
                // Other profiles have tags of such names, too.
                if tag.is_some_and(|tag| !is_ours(tag)) {
                    diagnostic.level = Level::Note;
                }
                found.push(diagnostic);
            }
        }
    }
    for diagnostic in found {
        report.add(diagnostic);
    }
}

/// Whether a tag says that it is meant for us.
fn is_ours(tag: &Tag) -> bool {
    profile::is_ours(&tag.name.value) || tag.stereotype.as_deref().is_some_and(profile::is_ours)
}

/// Whether a tag asks for something that there is.
fn asks(marked: &Marked<'_>, name: &str, value: &str) -> bool {
    !marked.rows(name).is_empty() && !is_denial(name, value)
}

/// A flag that is denied where nobody said it, and what has its effect elsewhere.
fn is_denial(name: &str, value: &str) -> bool {
    let is_flag = profile::tag_rows(name).all(|row| row.takes == Takes::Flag);
    is_flag && values::flag(value.trim()) == Some(false) || ["skip", "allow"].iter().any(|known| normal(known) == name)
}

fn tell(marked: &Marked<'_>, name: &str, because: &Because, at: Span, elements: &Elements) -> Diagnostic {
    let path = elements.path(marked.element);
    let rows = marked.rows(name);
    let row = rows.first().copied().or_else(|| profile::tag_rows(name).next());
    let tag = row.map_or(name, |row| row.name);
    let what = match because {
        Because::Setting { key, .. } => format!("setting `{key}` has no effect on `{path}`"),
        _ => format!("tag `{tag}` of `{path}` has no effect"),
    };
    let mut diagnostic = Diagnostic::new(&codes::U1008, what).about(marked.element).here(at, "nothing is made of it");
    diagnostic = diagnostic.cause(format!("{tag} {}", marked.place.word()));
    match row {
        Some(row) if rows.is_empty() => diagnostic.help(format!("it is for: {}", row.on)),
        Some(row) => diagnostic.note(format!("`{tag}`: {}", row.effect)),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use crate::account::Elements;
    use crate::diagnostic::Report;
    use crate::read::InputFile;
    use crate::settings::Settings;
    use crate::source::Sources;

    /// The findings of a class with these tags at its attribute `note`, of a text.
    fn told(tags: &str, settings: &str) -> Vec<String> {
        let text = format!(
            "<xmi:XMI xmi:version='20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
             xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmlns:umlaut='http:///schemas/umlaut/1'>\
             <uml:Model xmi:id='m' name='m'><packagedElement xmi:type='uml:Package' xmi:id='p' name='shop'>\
             <packagedElement xmi:type='uml:Class' xmi:id='c' name='Order'><ownedAttribute xmi:id='a' name='note'>\
             <type xmi:type='uml:PrimitiveType' href='x#String'/></ownedAttribute></packagedElement>\
             </packagedElement></uml:Model>{tags}</xmi:XMI>"
        );
        let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
        let settings = crate::settings::load(Some(("umlaut.toml", settings)), &mut sources, &mut report);
        let files = vec![InputFile::new("shop.uml", text.into_bytes())];
        let drafts = crate::read::read(files, &Settings::default(), &mut sources, &mut elements, &mut report);
        let (model, graph) = crate::link::link(drafts, &settings, &mut elements, &mut report);
        let facts = crate::resolve::resolve(&model, &graph, &settings, &elements, &sources, &mut report);
        let project = crate::lower::lower(&model, &graph, &facts, &settings, "shop.uml");
        let traces = crate::lower::traces(&model, &facts, &project, &elements);
        super::unheard(&model, &facts, &project, &elements, &traces, &mut report);
        report.diagnostics().iter().map(|found| format!("{}: {}", found.code.id, found.message)).collect()
    }

    #[test]
    fn what_nothing_is_made_of_is_told() {
        let tags = "<umlaut:column xmi:id='t' base_Property='a' max_digits='5' auto_now='false' max_length='30'/>";
        assert_eq!(told(tags, ""), ["U1008: tag `max_digits` of `shop.Order.note` has no effect"]);
    }

    #[test]
    fn settings_are_told_once_and_only_if_no_element_hears_them() {
        let one = "[model.\"shop.Order\"]\nmax_length = 5\n";
        assert_eq!(told("", one), ["U1008: setting `model.\"shop.Order\".max_length` has no effect on `shop.Order`"]);
        assert_eq!(told("", "[model.\"**\"]\nmax_length = 5\n"), Vec::<String>::new());
    }
}
