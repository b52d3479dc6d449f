//! Real files: not only how much is there is counted alike, but also what it is. Types lead to what they lead to, diamonds are where they
//! are drawn.

use umlaut::account::ElementKind;
use umlaut::uml::model::{Aggregation, ClassifierKind, Type};

use super::corpus::Linked;
use super::corpus::link_bytes;
use super::support::corpus::{Comparison, Counts, counted, folder};

/// What the linked model says, by the names of the counter.
fn meaning(linked: &Linked) -> Counts {
    let model = &linked.model;
    let mut counts = Counts::new();
    let mut count = |name: &'static str, by: bool| *counts.entry(name).or_default() += u64::from(by);
    for classifier in model.classifiers.values() {
        count("classes_abstract", classifier.kind == ClassifierKind::Class && classifier.is_abstract);
    }
    for association in model.associations.values() {
        let is =
            |wanted| association.ends.iter().filter(|&&end| model.properties[end].aggregation.value == wanted).count();
        let (composite, shared) = (is(Aggregation::Composite), is(Aggregation::Shared));
        count("associations_composite", composite > 0);
        count("associations_shared", shared > 0 && composite == 0);
        count("associations_both_ends_composite", composite > 1);
        if association.class.is_none() {
            count("associations_binary", association.ends.len() == 2);
            count("associations_nary", association.ends.len() > 2);
        }
    }
    for property in model.properties.values() {
        if linked.elements.get(property.element).kind == ElementKind::Attribute
            && let Type::Classifier(classifier, _) = property.ty
        {
            let key = match model.classifiers[classifier].kind {
                ClassifierKind::Class | ClassifierKind::AssociationClass | ClassifierKind::Component => {
                    "attributes_typed_by_class"
                }
                ClassifierKind::Interface => "attributes_typed_by_interface",
                ClassifierKind::DataType => "attributes_typed_by_datatype",
                ClassifierKind::PrimitiveType => "attributes_typed_by_primitive",
                ClassifierKind::Enumeration => "attributes_typed_by_enumeration",
                ClassifierKind::Signal | ClassifierKind::Actor | ClassifierKind::Node => "attributes_typed_by_other",
            };
            count(key, true);
        }
    }
    counts
}

/// Whether all associations, and all attributes, that were met are in the model: what leads nowhere, or stands in something that is no
/// part of class diagrams, is not.
fn is_whole(linked: &Linked) -> (bool, bool) {
    let (model, elements) = (&linked.model, &linked.elements);
    let met = |kinds: &[ElementKind]| elements.iter().filter(|(_, seen)| kinds.contains(&seen.kind)).count();
    let attributes =
        model.properties.values().filter(|it| elements.get(it.element).kind == ElementKind::Attribute).count();
    let all = [ElementKind::Association, ElementKind::AssociationClass];
    (met(&all) == model.associations.len(), met(&[ElementKind::Attribute]) == attributes)
}

const TYPED: [&str; 6] = [
    "attributes_typed_by_class",
    "attributes_typed_by_interface",
    "attributes_typed_by_datatype",
    "attributes_typed_by_primitive",
    "attributes_typed_by_enumeration",
    "attributes_typed_by_other",
];

const KEYS: [&str; 6] = [
    "classes_abstract",
    "associations_binary",
    "associations_nary",
    "associations_composite",
    "associations_shared",
    "associations_both_ends_composite",
];

/// Where the linked model differs from what the counter found, and why. The list is exact.
const DIFFERENT: &[(&str, &str, &str)] = &[
    (
        "ea/HMMG__ISO_19103_Edition_2.xml",
        "attributes_typed_by_class 6 not 5, attributes_typed_by_interface 62 not 51",
        BY_NAME,
    ),
    ("ea/HMMG__ISO_19107_Edition_1_XML_uml211.xmi", "attributes_typed_by_class 36 not 31", BY_NAME),
    ("ea/HMMG__ISO_19123-1_Edition_1.xml", "attributes_typed_by_class 17 not 15", BY_NAME),
    ("ea/HMMG__ISO_CD_19144-2.xml", "attributes_typed_by_class 106 not 102", BY_NAME),
    ("ea/aas-specs__IDTA-01001-3-0-1.ea.xmi", "attributes_typed_by_class 48 not 46", BY_NAME),
    ("ea/aas-specs__IDTA-01001-3-0-1.norm.xmi", "attributes_typed_by_class 48 not 46", BY_NAME),
    ("ea/xmi__ISO19165-1_Edition_1.xml", "attributes_typed_by_class 6 not 2", BY_NAME),
    (
        "negative/whitestaruml__Sample_unicode_names.uml",
        "associations_binary 5 not 0, associations_composite 1 not 0, associations_shared 1 not 0",
        "this counter knows nothing of the format of StarUML 5",
    ),
];

const BY_NAME: &str = "types that are written as text are the classes of that name, and U0306 says so";

#[test]
fn real_files_mean_what_an_independent_counter_finds_in_them() {
    let Some(root) = folder("modern") else { return };
    let mut comparison = Comparison::default();
    for (path, row) in counted("modern") {
        let path = path.as_str();
        if row["format"] != "uml-xmi" || path.starts_with("perf/") {
            continue;
        }
        let number = |value: &serde_json::Value| value.as_u64().unwrap_or_default();
        let more = |key| if key == "associations_binary" { number(&row["communication_paths"]) } else { 0 };
        let expected: Counts = KEYS
            .iter()
            .map(|&key| (key, number(&row[key]) + more(key)))
            .chain(TYPED.iter().map(|&key| (key, number(&row["attribute_types"][key]))))
            .collect();
        let linked = link_bytes(path, std::fs::read(root.join(path)).expect("a file of the corpus"));
        let mut found = meaning(&linked);
        let (has_all_associations, has_all_attributes) = is_whole(&linked);
        let is_comparable = |key: &str| match key.split('_').next() {
            Some("associations") => has_all_associations,
            Some("attributes") => has_all_attributes,
            _ => true,
        };
        let expected: Counts = expected.into_iter().filter(|(key, _)| is_comparable(key)).collect();
        for key in expected.keys() {
            found.entry(key).or_default();
        }
        comparison.add(path.split('/').next().unwrap_or_default(), path, &found, &expected);
    }
    comparison.finish("what XMI 2.x means", DIFFERENT);
}

/// The diamonds of UML 1, each at an end.
#[test]
fn diamonds_of_old_files_are_those_that_an_independent_counter_finds() {
    let mut comparison = Comparison::default();
    let Some(root) = folder("legacy") else { return };
    for (path, row) in counted("legacy") {
        let path = path.as_str();
        if row["aggregation_values"].is_null() || !row["format"].as_str().is_some_and(|it| it.starts_with("xmi1")) {
            continue;
        }
        let linked = link_bytes(path, std::fs::read(root.join(path)).expect("a file of the corpus"));
        if !is_whole(&linked).0 {
            continue;
        }
        let number = |key: &str| row["aggregation_values"][key].as_u64().unwrap_or_default();
        let expected =
            Counts::from([("composite", number("composite")), ("shared", number("aggregate") + number("shared"))]);
        let ends = linked.model.associations.values().flat_map(|association| &association.ends);
        let drawn: Vec<Aggregation> = ends.map(|&end| linked.model.properties[end].aggregation.value).collect();
        let of = |wanted| drawn.iter().filter(|&&drawn| drawn == wanted).count() as u64;
        let found = Counts::from([("composite", of(Aggregation::Composite)), ("shared", of(Aggregation::Shared))]);
        comparison.add(path.split('/').next().unwrap_or_default(), path, &found, &expected);
    }
    comparison.finish("what XMI 1.x means", &[]);
}
