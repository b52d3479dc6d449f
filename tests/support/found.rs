//! Whether everything that was drawn is in the model that was read.

use umlaut::uml::Model;
use umlaut::uml::model::{ClassifierKind, PropertyOwner};

use super::drawn::{Drawn, Kind};

/// How many there are of classes, interfaces, data types, enumerations, literals, attributes, generalizations, binary and
/// other associations.
type Counts = [usize; 9];

/// Fails with `context` if something that was drawn is missing.
#[track_caller]
pub fn assert_all_found(drawn: &Drawn, model: &Model, context: &str) {
    assert_eq!(count_found(model), count_drawn(drawn), "{context}");
    let names: Vec<&str> = model.classifiers.ids().map(|id| model.classifier_name(id)).collect();
    for classifier in &drawn.classifiers {
        assert!(names.contains(&classifier.name.as_str()), "`{}` is missing\n{context}", classifier.name);
    }
}

fn count_drawn(drawn: &Drawn) -> Counts {
    let of = |kind| drawn.classifiers.iter().filter(|classifier| classifier.kind == kind).count();
    let binary = drawn.associations.iter().filter(|association| association.ends.len() == 2).count();
    [
        of(Kind::Class),
        of(Kind::Interface),
        of(Kind::DataType),
        of(Kind::Enumeration),
        drawn.classifiers.iter().map(|classifier| classifier.literals.len()).sum(),
        drawn.classifiers.iter().map(|classifier| classifier.attributes.len()).sum(),
        drawn.classifiers.iter().map(|classifier| classifier.generals.len()).sum(),
        binary,
        drawn.associations.len() - binary,
    ]
}

fn count_found(model: &Model) -> Counts {
    let of = |kind| model.classifiers.values().filter(|classifier| classifier.kind == kind).count();
    let is_attribute = |owner| matches!(owner, PropertyOwner::Classifier(_));
    let attributes = model.properties.values().filter(|it| it.association.is_none() && is_attribute(it.owner)).count();
    let binary = model.associations.values().filter(|association| association.ends.len() == 2).count();
    [
        of(ClassifierKind::Class),
        of(ClassifierKind::Interface),
        of(ClassifierKind::DataType),
        of(ClassifierKind::Enumeration),
        model.classifiers.values().map(|classifier| classifier.literals.len()).sum(),
        attributes,
        model.classifiers.values().map(|classifier| classifier.generalizations.len()).sum(),
        binary,
        model.associations.len() - binary,
    ]
}
