//! Pass 5: abstract models, joined tables, and what cannot be inherited as drawn.

mod bases;
mod kinds;
mod narrowed;
mod proxies;
mod repeated;
mod single;

use std::collections::BTreeSet;

use super::Context;
use crate::decision::Reason;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{AttributeKind, Facts, Form, Inheritance, Parent, ParentKind, Role, reason, reason_for};
use crate::graph::order;
use crate::policy::inheritance::{self as policy, Hierarchy};
use crate::policy::relations::Shape;
use crate::source::Span;
use crate::uml::model::Classifier;
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Inheritance {
    let mut found = Inheritance::default();
    let drawn = drawn_parents(cx, facts, report, &mut found);
    let sorted = parents_first(cx, &drawn);
    let referred = referred_to(cx, facts);
    for &class in &sorted {
        if !facts.roles().is_class(class) {
            continue;
        }
        let classifier = &cx.model.classifiers[class];
        let role = facts.roles().get(class);
        let below_a_table =
            drawn.get(class).into_iter().flatten().any(|parent: &Parent| found.is_concrete(parent.class));
        let mut decided = policy::is_abstract(Hierarchy {
            is_interface: role == Role::Interface,
            is_abstract: classifier.is_abstract,
            referred_to: referred.get(class).copied(),
            below_a_table,
            at: classifier.span,
        });
        if let Some(because) = facts.tags().has(classifier.element, "abstract") {
            decided.value = !below_a_table;
            decided.because = because.clone();
        } else if let Some((strategy, because)) = facts.tags().text(classifier.element, "inheritance") {
            let needs_table = ["joined", "single", "proxy"].iter().any(|known| strategy.eq_ignore_ascii_case(known));
            if needs_table && role == Role::Entity {
                decided.value = false;
                decided.because = because.clone();
            } else if strategy.eq_ignore_ascii_case("abstract") && classifier.is_abstract {
                decided.value = !below_a_table;
                decided.because = because.clone();
            }
        } else if let Some(because) = facts.tags().has(classifier.element, "polymorphic").filter(|_| decided.value)
            && role == Role::Entity
        {
            // All rows of its children are to be one list: that needs a table.
            decided.value = false;
            decided.because = because.clone();
        }
        // An interface without anything to lend is no model.
        if role == Role::Interface && !lends(cx, facts, &found, &drawn, class) {
            continue;
        }
        let decided = if below_a_table {
            single::form(cx, facts, report, &mut found, &drawn, class)
                .unwrap_or_else(|| proxies::form(cx, facts, report, &found, &drawn, class, decided))
        } else {
            proxies::without_table(cx, facts, report, class);
            decided.map(|is_abstract| if is_abstract { Form::Abstract } else { Form::Table })
        };
        let what = match decided.value {
            Form::Abstract => "abstract model",
            Form::Table => "model",
            Form::Proxy => "proxy",
        };
        let mut reasons = vec![reason_for(&decided, what)];
        reasons.extend(hoisted(cx, facts, class));
        found.models.insert(class, (decided.value, reasons));
    }
    bases::choose(cx, facts, report, &mut found, &drawn, &sorted);
    for &class in &sorted {
        let ancestors = ancestors(&found, class);
        found.ancestors.insert(class, ancestors);
    }
    bases::keys(cx, facts, report, &mut found, &sorted);
    repeated::run(cx, facts, report, &mut found, &sorted);
    single::attributes(cx, facts, report, &mut found, &sorted);
    single::kinds(cx, facts, &mut found, &sorted);
    kinds::run(cx, &mut found);
    found
}

/// Why a class stands in the app of its parent.
fn hoisted(cx: &Context<'_>, facts: &Facts, class: Id<Classifier>) -> Option<Reason> {
    let classifier = &cx.model.classifiers[class];
    let because = facts.tags().has(classifier.element, "hoist")?;
    let app = facts.apps().of.get(class)?;
    let general = classifier.generalizations.first()?.general;
    let label = &facts.apps().list[*app].label;
    (facts.apps().of.get(general) == Some(app))
        .then(|| reason(format!("app `{label}`"), "it stands with its parent", because.clone()))
}

/// The more general classes of each class, as drawn, without those that cannot be bases.
fn drawn_parents(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &mut Inheritance,
) -> Map<Classifier, Vec<Parent>> {
    let mut drawn: Map<Classifier, Vec<Parent>> = Map::new();
    for (id, classifier) in cx.model.classifiers.iter() {
        let role = facts.roles().get(id);
        let relations = classifier.generalizations.iter().chain(&classifier.realizations);
        for (index, relation) in relations.enumerate() {
            let general = relation.general;
            let other = facts.roles().get(general);
            let is_generalization = index < classifier.generalizations.len();
            if !is_generalization && other != Role::Interface {
                continue;
            }
            if facts.roles().is_class(id) && facts.roles().is_class(general) {
                // An interface inherits from interfaces only.
                if general != id && (role == Role::Entity || other == Role::Interface) {
                    let parents = drawn.get(id).map_or(&[][..], Vec::as_slice);
                    if parents.iter().any(|parent: &Parent| parent.class == general) {
                        continue;
                    }
                    let parent = Parent {
                        class: general,
                        kind: ParentKind::Base,
                        element: relation.element,
                        span: relation.span,
                    };
                    match drawn.get_mut(id) {
                        Some(parents) => parents.push(parent),
                        None => {
                            drawn.insert(id, vec![parent]);
                        }
                    }
                }
            } else if facts.roles().is_class(id) && other == Role::Value {
                mixed(cx, report, id, general, relation.span);
                match found.copied.get_mut(id) {
                    Some(copied) => copied.push(general),
                    None => {
                        found.copied.insert(id, vec![general]);
                    }
                }
            } else if facts.roles().is_class(id) != facts.roles().is_class(general)
                && other != Role::Named
                && role != Role::Named
            {
                mixed(cx, report, id, general, relation.span);
            }
        }
    }
    break_cycles(cx, &mut drawn);
    drawn
}

fn mixed(cx: &Context<'_>, report: &mut Report, id: Id<Classifier>, general: Id<Classifier>, span: Span) {
    let (special, other) = (&cx.model.classifiers[id], &cx.model.classifiers[general]);
    let words = |element| cx.elements.get(element).kind.word();
    report.add(
        Diagnostic::new(
            &codes::U0706,
            format!(
                "{} `{}` specialises {} `{}`; its attributes are copied",
                words(special.element),
                cx.elements.path(special.element),
                words(other.element),
                cx.elements.path(other.element)
            ),
        )
        .about(special.element)
        .here(span, "leads to another kind of classifier")
        .help("use an attribute"),
    );
}

/// `check` reports cycles (U0701); here the edges into the first class by name are dropped, so that it is the root.
fn break_cycles(cx: &Context<'_>, drawn: &mut Map<Classifier, Vec<Parent>>) {
    loop {
        let edges: Vec<(usize, usize)> = drawn
            .iter()
            .flat_map(|(id, parents)| parents.iter().map(move |parent| (id.index(), parent.class.index())))
            .collect();
        let cycles = order::cycles(cx.model.classifiers.len(), &edges);
        if cycles.is_empty() {
            return;
        }
        for cycle in cycles {
            let members: BTreeSet<usize> = cycle.iter().copied().collect();
            let root = cycle.iter().copied().min_by_key(|&index| (cx.model.classifier_name(Id::new(index)), index));
            if let Some(parents) = root.and_then(|root| drawn.get_mut(Id::new(root))) {
                parents.retain(|parent| !members.contains(&parent.class.index()));
            }
        }
    }
}

fn parents_first(cx: &Context<'_>, drawn: &Map<Classifier, Vec<Parent>>) -> Vec<Id<Classifier>> {
    let edges: Vec<(usize, usize)> = drawn
        .iter()
        .flat_map(|(id, parents)| parents.iter().map(move |parent| (id.index(), parent.class.index())))
        .collect();
    let sorted = order::dependencies_first(cx.model.classifiers.len(), &edges);
    sorted.into_iter().map(Id::new).filter(|id| !is_nothing(cx, *id)).collect()
}

fn is_nothing(cx: &Context<'_>, id: Id<Classifier>) -> bool {
    cx.model.classifiers[id].is_library
}

/// Classes that a key must lead to, with the place that shows it.
fn referred_to(cx: &Context<'_>, facts: &Facts) -> Map<Classifier, Span> {
    let mut referred = Map::new();
    let mut refer = |class: Id<Classifier>, span: Span| {
        if !referred.contains(class) {
            referred.insert(class, span);
        }
    };
    for connection in facts.connections().binary.values() {
        let Some((shape, _)) = &connection.shape else { continue };
        let holder = shape.holder();
        refer(connection.ends[1 - holder].class, connection.span);
        let by_class = connection.association.is_some_and(|id| cx.model.associations[id].class.is_some());
        if by_class || matches!(shape, Shape::ManyToMany { .. }) && super::links::needs_table(cx, facts, connection) {
            refer(connection.ends[holder].class, connection.span);
        }
    }
    for nary in &facts.connections().nary {
        for end in &nary.ends {
            refer(end.class, end.span);
        }
    }
    referred
}

/// Whether an interface has columns to lend: its own, those of relations that it holds, or inherited ones.
fn lends(
    cx: &Context<'_>,
    facts: &Facts,
    found: &Inheritance,
    drawn: &Map<Classifier, Vec<Parent>>,
    class: Id<Classifier>,
) -> bool {
    let _ = cx;
    let own = facts
        .types()
        .of(class)
        .iter()
        .any(|attribute| matches!(attribute.kind, AttributeKind::Column(_) | AttributeKind::Embedded { .. }));
    let holds = facts.connections().binary.values().any(|connection| {
        connection.shape.as_ref().is_some_and(|(shape, _)| connection.ends[shape.holder()].class == class)
    });
    own || holds || drawn.get(class).into_iter().flatten().any(|parent| found.has_model(parent.class))
}

/// All bases of a class and theirs, parents first.
fn ancestors(found: &Inheritance, class: Id<Classifier>) -> Vec<Id<Classifier>> {
    let mut all: Vec<Id<Classifier>> = Vec::new();
    for parent in found.bases(class) {
        for &above in found.ancestors(parent.class) {
            if !all.contains(&above) {
                all.push(above);
            }
        }
        if !all.contains(&parent.class) {
            all.push(parent.class);
        }
    }
    all
}
