//! Pass 1: stereotypes, tags and settings of all elements. A tag wins over a setting.

use super::Context;
use crate::account::Element;
use crate::decision::Because;
use crate::facts::{Said, Tags};
use crate::profile;
use crate::settings::pattern;
use crate::uml::model::Marks;

pub(super) fn run(cx: &Context<'_>) -> Tags {
    let mut tags = Tags::default();
    let model = cx.model;
    for package in model.packages.values() {
        say(&mut tags, package.element, &package.marks);
    }
    for classifier in model.classifiers.values() {
        say(&mut tags, classifier.element, &classifier.marks);
        for literal in &classifier.literals {
            say(&mut tags, literal.element, &literal.marks);
        }
        for operation in &classifier.operations {
            say(&mut tags, operation.element, &operation.marks);
        }
    }
    for property in model.properties.values() {
        say(&mut tags, property.element, &property.marks);
    }
    for association in model.associations.values() {
        say(&mut tags, association.element, &association.marks);
    }
    if !cx.settings.elements.is_empty() {
        settings(cx, &mut tags);
    }
    tags
}

fn say(tags: &mut Tags, element: Element, marks: &Marks) {
    for tag in &marks.tags {
        let said = Said { value: tag.value.value.clone(), because: Because::Tag(tag.value.span) };
        tags.say(element, &tag.name.value, said);
    }
    for stereotype in &marks.stereotypes {
        let said = Said { value: "true".to_owned(), because: Because::Tag(stereotype.span) };
        tags.say(element, profile::without_profile(&stereotype.value), said);
    }
}

/// The narrowest pattern wins, then the later line: the first that is said stays, so they are said in that order.
fn settings(cx: &Context<'_>, tags: &mut Tags) {
    for (element, seen) in cx.elements.iter() {
        let path = cx.elements.path(element);
        let mut fitting: Vec<_> = cx
            .settings
            .elements
            .iter()
            .enumerate()
            .filter(|(_, setting)| pattern::matches(&setting.pattern, &path, seen.id.as_deref()))
            .collect();
        fitting.sort_by_key(|(line, setting)| std::cmp::Reverse((pattern::narrowness(&setting.pattern), *line)));
        for (_, setting) in fitting {
            tags.say(element, &setting.key, Said { value: setting.value.clone(), because: setting.because.clone() });
        }
    }
}
