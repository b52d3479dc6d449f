//! Pass 1: stereotypes, tags and settings of all elements. A tag wins over a setting.

use super::Context;
use crate::account::Element;
use crate::decision::Because;
use crate::facts::{Said, Tags};
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
        tags.say(element, &stereotype.value, said);
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
            .filter(|(_, setting)| matches(&setting.pattern, &path, seen.id.as_deref()))
            .collect();
        fitting.sort_by_key(|(line, setting)| std::cmp::Reverse((width(&setting.pattern), *line)));
        for (_, setting) in fitting {
            tags.say(element, &setting.key, Said { value: setting.value.clone(), because: setting.because.clone() });
        }
    }
}

/// How much of a pattern is literal.
fn width(pattern: &str) -> (bool, usize) {
    (!pattern.contains('*'), pattern.split('.').filter(|step| !step.contains('*')).count())
}

/// Whether a pattern names the element: by id, by its path, by an end of its path, or with `*` and `**` for steps.
fn matches(pattern: &str, path: &str, id: Option<&str>) -> bool {
    if let Some(wanted) = pattern.strip_prefix("id:") {
        return id == Some(wanted);
    }
    let steps: Vec<&str> = pattern.split('.').collect();
    let path: Vec<&str> = path.split('.').collect();
    if !pattern.contains('*') {
        return path.ends_with(&steps);
    }
    fits(&steps, &path)
}

/// Wildcard matching without recursion: `**` remembers where it may take one step more.
fn fits(steps: &[&str], path: &[&str]) -> bool {
    let (mut step, mut at) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while at < path.len() {
        if step < steps.len() && steps[step] == "**" {
            again = Some((step, at));
            step += 1;
        } else if step < steps.len() && (steps[step] == "*" || steps[step] == path[at]) {
            step += 1;
            at += 1;
        } else if let Some((wild, from)) = again {
            again = Some((wild, from + 1));
            step = wild + 1;
            at = from + 1;
        } else {
            return false;
        }
    }
    steps[step..].iter().all(|rest| *rest == "**")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_elements_by_path_end_of_path_or_wildcards() {
        assert!(matches("shop.Order", "shop.Order", None));
        assert!(matches("Order.customer", "shop.Order.customer", None));
        assert!(!matches("order", "shop.Order", None));
        assert!(matches("shop.*", "shop.Order", None));
        assert!(!matches("shop.*", "shop.Order.customer", None));
        assert!(matches("**.note", "shop.Order.note", None));
        assert!(matches("id:_a3", "shop.Order", Some("_a3")));
    }
}
