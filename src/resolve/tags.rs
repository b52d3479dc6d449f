//! Pass 1: stereotypes, tags and settings of all elements. A tag wins over a setting.

use super::Context;
use crate::decision::Because;
use crate::facts::{Said, Tags};
use crate::profile::{self, Marked};
use crate::settings::pattern;

pub(super) fn run(cx: &Context<'_>) -> Tags {
    let mut tags = Tags::default();
    for marked in profile::marked(cx.model) {
        say(&mut tags, &marked);
    }
    if !cx.settings.elements.is_empty() {
        settings(cx, &mut tags);
    }
    tags
}

/// A value that the tag does not take was told of, and says nothing.
fn say(tags: &mut Tags, marked: &Marked<'_>) {
    for tag in marked.marks.tags.iter().filter(|tag| marked.says(tag) == Ok(true)) {
        let said = Said { value: tag.value.value.clone(), because: Because::Tag(tag.value.span) };
        tags.say(marked.element, &tag.name.value, said);
    }
    for stereotype in &marked.marks.stereotypes {
        let said = Said { value: "true".to_owned(), because: Because::Tag(stereotype.span) };
        tags.say(marked.element, profile::without_profile(&stereotype.value), said);
    }
}

/// The narrowest pattern wins, then the later line: the first that is said stays, so they are said in that order.
fn settings(cx: &Context<'_>, tags: &mut Tags) {
    for (element, _) in cx.elements.iter() {
        let paths: Vec<String> = cx.elements.paths(element).collect();
        let mut fitting: Vec<_> = cx
            .settings
            .elements
            .iter()
            .enumerate()
            .filter(|(_, setting)| {
                paths.iter().any(|path| pattern::matches(&setting.pattern, path, cx.elements.id(element)))
            })
            .collect();
        fitting.sort_by_key(|(line, setting)| std::cmp::Reverse((pattern::narrowness(&setting.pattern), *line)));
        for (_, setting) in fitting {
            tags.say(element, &setting.key, Said { value: setting.value.clone(), because: setting.because.clone() });
        }
    }
}
