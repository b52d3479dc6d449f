//! Hierarchies with one table: the classes below are proxies, and a column says of which kind a row is. A power type that is an
//! enumeration says it of joined tables, too.

use std::collections::BTreeMap;

use super::proxies::{line, strategy};
use super::{Context, repeated};
use crate::decision::{Because, Decision};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::facts::{Attribute, EnumFact, Facts, Form, Inheritance, KindFact, LiteralFact, Parent, Role, reason};
use crate::policy::naming;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

type Class = Id<Classifier>;

/// What a class becomes below one whose table shall hold all; none if there is no such class, or it needs a table of its own.
pub(super) fn form(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &mut Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    class: Class,
) -> Option<Decision<Form>> {
    let above = line(drawn, class);
    let (root, because) = above.iter().find_map(|&at| Some((at, strategy(cx, facts, at, "single")?)))?;
    if !found.is_concrete(root) || found.is_proxy(root) {
        return None;
    }
    if let Some(why) = obstacle(cx, facts, found, drawn, class, root, &above) {
        let classifier = &cx.model.classifiers[class];
        let (path, top) = (cx.elements.path(classifier.element), cx.model.classifier_name(root));
        report.add(
            Diagnostic::new(&codes::U1004, format!("the table of `{top}` cannot hold `{path}`: {why}"))
                .about(classifier.element)
                .here(classifier.span, "it gets a table of its own")
                .help("draw it without that, or take another strategy"),
        );
        return None;
    }
    found.single.insert(class, root);
    Some(Decision { value: Form::Proxy, because: because.clone() })
}

/// Why a class cannot be in the table.
fn obstacle(
    cx: &Context<'_>,
    facts: &Facts,
    found: &Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    class: Class,
    root: Class,
    above: &[Class],
) -> Option<String> {
    let parents = drawn.get(class).into_iter().flatten().map(|parent| parent.class);
    let mut tables = parents.filter(|parent| found.is_concrete(*parent));
    let home = |parent: Class| found.single.get(parent).copied().unwrap_or(parent);
    if let Some(other) = tables.find(|parent| home(*parent) != root) {
        return Some(format!("it inherits from `{}`, whose rows stand elsewhere", cx.model.classifier_name(other)));
    }
    let of_root = line(drawn, root);
    let lender = above
        .iter()
        .find(|at| found.is_abstract(**at) && !of_root.contains(at) && super::proxies::has_columns(facts, found, **at));
    lender.map(|lender| format!("it inherits columns of `{}`, which has no table", cx.model.classifier_name(*lender)))
}

/// Attributes of classes that share a table: of one name and type they share the column, else the later one is called after its
/// class.
pub(super) fn attributes(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &mut Inheritance,
    sorted: &[Class],
) {
    let mut seen: BTreeMap<(Class, String), (Class, &Attribute)> = BTreeMap::new();
    for &class in sorted {
        let Some(&root) = found.single.get(class) else { continue };
        for attribute in repeated::attributes(facts, found, class) {
            let is_free = !found.repeated.contains(attribute.property) && !found.renamed.contains(attribute.property);
            if !is_free || !repeated::stores(attribute) {
                continue;
            }
            let key = (root, repeated::spelled(cx, attribute.property));
            let Some(&(other, first)) = seen.get(&key) else {
                seen.insert(key, (class, attribute));
                continue;
            };
            let (own, of_other) = (&cx.model.properties[attribute.property], &cx.model.properties[first.property]);
            let because = Because::Rule { name: "classes of one table share its columns", at: Some(of_other.span) };
            let why = format!("{} has one of this name", cx.model.classifier_name(other));
            if repeated::is_column(attribute) && repeated::fits(attribute, first) {
                found.repeated.insert(attribute.property, reason("no column of its own", why, because));
                found.shared.insert(attribute.property, first.property);
                continue;
            }
            let adapted = format!("{}_{}", naming::snake(cx.model.classifier_name(class)), key.1);
            report.add(
                Diagnostic::new(
                    &codes::U0703,
                    format!(
                        "`{}` and `{}` are of other types and share a table; the second one is called `{adapted}`",
                        cx.elements.path(of_other.element),
                        cx.elements.path(own.element)
                    ),
                )
                .about(own.element)
                .here(own.span, "the second one")
                .because(of_other.span, "the first one"),
            );
            found.renamed.insert(attribute.property, reason("another name", why, because));
        }
    }
}

/// What tells the rows of each table apart.
pub(super) fn kinds(cx: &Context<'_>, facts: &Facts, found: &mut Inheritance, sorted: &[Class]) {
    let mut roots: BTreeMap<Class, Vec<Class>> = BTreeMap::new();
    for &class in sorted {
        if let Some(&root) = found.single.get(class) {
            roots.entry(root).or_insert_with(|| vec![root]).push(class);
        }
    }
    for (root, mut classes) in roots {
        // What needs a table of its own is of a kind as well.
        let joined = sorted.iter().filter(|class| found.is_concrete(**class) && !found.single.contains(**class));
        classes.extend(joined.filter(|class| found.ancestors(**class).contains(&root)));
        classes.retain(|&class| !cx.model.classifiers[class].is_abstract);
        classes.sort();
        let because = strategy(cx, facts, root, "single").cloned();
        let at = cx.model.classifiers[root].span;
        let because = because.unwrap_or(Because::Rule { name: "one table for all", at: Some(at) });
        let power_type = power_type(cx, facts, root, &classes, true);
        let (enumeration, own, members) = match power_type {
            Some((enumeration, members)) => (enumeration, None, members),
            None => {
                let own = enumeration(cx, &classes);
                let members = classes.iter().enumerate().map(|(index, &class)| (class, index)).collect();
                (root, Some(own), members)
            }
        };
        let reason = reason("a column for the kind", "one table holds rows of all these classes", because);
        found.kinds.insert(root, KindFact { enumeration, own, members, is_single: true, reason });
    }
    for set in &cx.model.generalization_sets {
        let root = set.general;
        let has_table = found.is_concrete(root) && !found.is_proxy(root);
        if !has_table || found.kinds.contains(root) {
            continue;
        }
        let classes: Vec<Class> = set.specials.iter().copied().filter(|class| found.is_concrete(*class)).collect();
        if let Some((enumeration, members)) = power_type(cx, facts, root, &classes, false) {
            let because = Because::Rule { name: "a literal of a power type is a kind of objects", at: Some(set.span) };
            let reason = reason("a column for the kind", "the power type is an enumeration", because);
            found.kinds.insert(root, KindFact { enumeration, own: None, members, is_single: false, reason });
        }
    }
}

/// The enumeration that is the power type of a class, and the literal of each class that has one. If `all` must have one, there
/// is no other answer.
fn power_type(
    cx: &Context<'_>,
    facts: &Facts,
    root: Class,
    classes: &[Class],
    all: bool,
) -> Option<(Class, Vec<(Class, usize)>)> {
    let sets = cx.model.generalization_sets.iter().filter(|set| set.general == root);
    let enumerations = sets.filter_map(|set| set.power_type);
    let power_type = enumerations.into_iter().find(|class| facts.roles().get(*class) == Role::Enumeration)?;
    let literals = &facts.roles().enumeration(power_type)?.literals;
    let mut members = Vec::new();
    for &class in classes {
        let name = naming::snake(cx.model.classifier_name(class));
        match literals.iter().position(|literal| naming::snake(&literal.name) == name) {
            Some(index) => members.push((class, index)),
            None if all => return None,
            None => {}
        }
    }
    (!members.is_empty()).then_some((power_type, members))
}

/// An enumeration of classes.
fn enumeration(cx: &Context<'_>, classes: &[Class]) -> EnumFact {
    let mut fact = EnumFact::default();
    for (number, &class) in classes.iter().enumerate() {
        let classifier = &cx.model.classifiers[class];
        let name = cx.model.classifier_name(class);
        let (mut value, mut member) = (naming::snake(name), naming::enum_member(name).map(|adapted| adapted.name));
        if fact.literals.iter().any(|literal| literal.value == value || Some(&literal.member) == member.as_ref()) {
            value = format!("{value}_{}", number + 1);
            member = member.map(|member| format!("{member}_{}", number + 1));
        }
        fact.literals.push(LiteralFact {
            element: classifier.element,
            name: name.to_owned(),
            span: classifier.span,
            member: member.unwrap_or_else(|| format!("KIND_{}", number + 1)),
            value,
            label: capitalized(&naming::words_for_people(name)),
        });
    }
    fact
}

fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
