//! How much of what a document holds.

use std::collections::BTreeMap;

use super::Model;
use super::model::Document;
use crate::account::{ElementKind, Elements};

/// What was read of a document, by kind, in the order of the parts of UML. Elements count as often as they are defined, also where they are no
/// part of the model (in a collaboration, say); `associations` has the n-ary ones in it and association classes not.
pub fn counts(elements: &Elements, model: &Model, document: &Document) -> Vec<(&'static str, usize)> {
    use ElementKind as Kind;
    let mut met: BTreeMap<Kind, usize> = BTreeMap::new();
    for (_, seen) in elements.iter().filter(|(_, seen)| seen.span.source == document.source) {
        *met.entry(seen.kind).or_default() += 1;
    }
    let count = |kind| met.get(&kind).copied().unwrap_or_default();
    let here = model.associations.values().filter(|it| it.span.source == document.source && it.class.is_none());
    let nary = here.filter(|it| it.ends.len() > 2).count();
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
