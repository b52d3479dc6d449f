//! How much of what a model holds.

use super::Model;
use crate::account::{ElementKind, Elements};

/// What was read, by kind, in the order of the parts of UML. Elements count as often as they are defined, also where they are no
/// part of the model (in a collaboration, say); `associations` has the n-ary ones in it and association classes not.
pub fn counts(elements: &Elements, model: &Model) -> Vec<(&'static str, usize)> {
    use ElementKind as Kind;
    let nary = model.associations.values().filter(|it| it.ends.len() > 2 && it.class.is_none()).count();
    let count = |kind| elements.count(kind);
    vec![
        ("packages", count(Kind::Package)),
        ("classes", count(Kind::Class)),
        ("interfaces", count(Kind::Interface)),
        ("data_types", count(Kind::DataType)),
        ("primitive_types", count(Kind::PrimitiveType)),
        ("enumerations", count(Kind::Enumeration)),
        ("literals", count(Kind::Literal)),
        ("attributes", count(Kind::Attribute)),
        ("operations", count(Kind::Operation)),
        ("associations", count(Kind::Association)),
        ("associations_nary", nary),
        ("association_classes", count(Kind::AssociationClass)),
        ("generalizations", count(Kind::Generalization)),
        ("constraints", count(Kind::Constraint)),
        ("comments", count(Kind::Comment)),
        ("stereotype_applications", count(Kind::StereotypeApplication)),
    ]
}
