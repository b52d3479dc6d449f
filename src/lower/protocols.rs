//! Interfaces that have nothing to store: protocols with what they promise.

use std::collections::BTreeMap;

use super::Context;
use super::operations::stub;
use crate::decision::Because;
use crate::django::Origin;
use crate::django::behavior::StubKind;
use crate::django::project::Protocol;
use crate::facts::{AppFact, Role, StubFact, StubSubject, Table, TableSubject, reason};
use crate::graph::order;
use crate::policy::naming;
use crate::policy::text;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// The stub that a class has for an operation of an interface, by the interface and the place of the operation.
pub(super) type Promised<'a> = BTreeMap<(Id<Classifier>, usize), (Id<Table>, &'a StubFact)>;

/// What the classes have of what their interfaces promise.
pub(super) fn promised<'a>(cx: &Context<'a>) -> Promised<'a> {
    let mut found = Promised::new();
    for (table, fact) in cx.facts.operations().behaviors.iter() {
        let TableSubject::Class(class) = cx.facts.tables().tables[table].subject else { continue };
        let mut above = None;
        for stub in &fact.stubs {
            let StubSubject::Operation(of, place) = stub.subject else { continue };
            if of != class {
                found.entry((of, place)).or_insert((table, stub));
                continue;
            }
            // A class may draw again what its interface promises.
            let Some(name) = &cx.model.classifiers[class].operations[place].name else { continue };
            for &interface in above.get_or_insert_with(|| interfaces(cx, class)).iter() {
                let operations = &cx.model.classifiers[interface].operations;
                let same = |other: &str| naming::snake(other) == naming::snake(&name.value);
                let place = operations.iter().position(|it| it.name.as_ref().is_some_and(|name| same(&name.value)));
                if let Some(place) = place {
                    found.entry((interface, place)).or_insert((table, stub));
                }
            }
        }
    }
    found
}

/// The interfaces without a model above a class, nearest first.
fn interfaces(cx: &Context<'_>, class: Id<Classifier>) -> Vec<Id<Classifier>> {
    let mut found: Vec<Id<Classifier>> = Vec::new();
    let mut seen = std::collections::BTreeSet::from([class]);
    let mut queue = std::collections::VecDeque::from([class]);
    while let Some(at) = queue.pop_front() {
        let classifier = &cx.model.classifiers[at];
        for relation in classifier.generalizations.iter().chain(&classifier.realizations) {
            if seen.insert(relation.general) {
                queue.push_back(relation.general);
                found.extend(is_bare(cx, relation.general).then_some(relation.general));
            }
        }
    }
    found
}

/// Whether it is an interface without a model.
fn is_bare(cx: &Context<'_>, class: Id<Classifier>) -> bool {
    cx.facts.roles().get(class) == Role::Interface && cx.facts.tables().of_class.get(class).is_none()
}

/// The protocols of an app.
pub(super) fn protocols(cx: &Context<'_>, app: Id<AppFact>, promised: &Promised<'_>) -> Vec<Protocol> {
    let mut found: Vec<Protocol> = Vec::new();
    let mut places: BTreeMap<Id<Classifier>, usize> = BTreeMap::new();
    for (id, classifier) in cx.model.classifiers.iter() {
        if cx.facts.apps().of.get(id) != Some(&app) || !is_bare(cx, id) {
            continue;
        }
        let stubs = (0..classifier.operations.len()).filter_map(|place| promised.get(&(id, place)));
        // Whatever has rows has a text and querysets.
        let stubs = stubs.filter(|(_, fact)| !matches!(fact.kind, StubKind::Text | StubKind::Rows));
        let methods: Vec<_> = stubs.map(|(table, fact)| stub(cx, *table, fact)).collect();
        let Some(adapted) = naming::class_name(cx.model.classifier_name(id)).filter(|_| !methods.is_empty()) else {
            continue;
        };
        let mut name = adapted.name;
        if found.iter().any(|other| other.name == name) {
            name = format!("{name}{}", found.len() + 1);
        }
        let because =
            Because::Rule { name: "an interface without attributes is for type checkers", at: Some(classifier.span) };
        places.insert(id, found.len());
        found.push(Protocol {
            name,
            bases: Vec::new(),
            doc: classifier.documentation.as_ref().and_then(|doc| text::documentation(&doc.value)),
            methods,
            origin: Origin {
                element: classifier.element,
                reasons: vec![reason("a protocol", "it promises operations and has nothing to store", because)],
            },
        });
    }
    // Those of other apps are left out: modules that import each other would wait for each other.
    let mut edges = Vec::new();
    for (&id, &place) in &places {
        let general = cx.model.classifiers[id].generalizations.iter().filter_map(|it| places.get(&it.general));
        for &base in general.filter(|&&base| base != place) {
            edges.push((place, base));
        }
    }
    let cyclic: Vec<usize> = order::cycles(found.len(), &edges).concat();
    edges.retain(|(place, base)| !cyclic.contains(place) || !cyclic.contains(base));
    for &(place, base) in &edges {
        let name = found[base].name.clone();
        found[place].bases.push(name);
    }
    let sorted = order::dependencies_first(found.len(), &edges);
    sorted.into_iter().map(|place| found[place].clone()).collect()
}
