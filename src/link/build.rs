//! Drafts to the arenas of the model, in document order.

use thin_vec::ThinVec;

use super::census::Causes;
use super::index::{Found, Index, Known};
use crate::account::{ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::source::Spanned;
use crate::uml::Model;
use crate::uml::draft::{Draft, DraftDefault, DraftEnd, DraftProperty, Extra, Owner, Reference, RelationStart};
use crate::uml::model::{
    Classifier, DefaultKind, DefaultValue, Document, Literal, Marks, Operation, Package, Parameter, Property,
    PropertyOwner, Type,
};
use crate::util::arena::Id;

/// Builds everything but associations, relations, and what is attached from elsewhere.
pub(super) fn build<'d>(index: &Index<'d>, causes: &Causes<'d>, elements: &Elements, report: &mut Report) -> Model {
    let mut model = Model { name: index.drafts.first().and_then(|draft| draft.name.clone()), ..Model::default() };
    let all = index.all();
    model.packages.reserve(all.packages);
    model.classifiers.reserve(all.classifiers);
    model.properties.reserve(all.properties);
    model.associations.reserve(all.associations);
    for (number, draft) in index.drafts.iter().enumerate() {
        let at = index.offsets(number);
        model.documents.push(Document {
            source: draft.source,
            file: draft.file.clone(),
            is_given: draft.is_given,
            tool: draft.tool,
            absent_end_multiplicity: draft.absent_end_multiplicity,
        });
        for package in &draft.packages {
            let owner = package.owner.map(|owner| Id::new(at.packages + owner));
            let is_library =
                package.is_library || draft.is_library || owner.is_some_and(|owner| model.packages[owner].is_library);
            model.packages.push(Package {
                element: package.element,
                name: package.name.clone(),
                owner,
                kind: package.kind,
                is_library,
                documentation: package.documentation.clone(),
                constraints: ThinVec::new(),
                marks: marks(&package.extra),
            });
        }
        for classifier in &draft.classifiers {
            let (package, outer) = index.place(number, classifier.owner);
            let is_library = classifier.is_library
                || draft.is_library
                || package.is_some_and(|package| model.packages[package].is_library);
            let literal = |literal: &crate::uml::draft::DraftLiteral| Literal {
                element: literal.element,
                name: literal.name.clone(),
                value: literal.value.clone(),
                documentation: literal.documentation.clone(),
                marks: marks(&literal.extra),
                span: literal.span,
            };
            let operation = |operation: &'d crate::uml::draft::DraftOperation| Operation {
                element: operation.element,
                name: operation.name.clone(),
                parameters: operation
                    .parameters
                    .iter()
                    .map(|parameter| Parameter {
                        name: parameter.name.clone(),
                        direction: parameter.direction.clone(),
                        is_many: parameter.is_many,
                        ty: parameter.ty.as_ref().map_or(Type::Absent, |ty| parameter_type(index, number, ty)),
                    })
                    .collect(),
                is_query: operation.is_query,
                is_static: operation.is_static,
                is_abstract: operation.is_abstract,
                documentation: operation.documentation.clone(),
                constraints: Vec::new(),
                marks: marks(&operation.extra),
            };
            model.classifiers.push(Classifier {
                element: classifier.element,
                kind: classifier.kind,
                name: classifier.name.clone(),
                package,
                outer,
                is_abstract: classifier.is_abstract,
                is_library,
                is_template: classifier.is_template,
                is_bound: false,
                represents: classifier.represents.clone(),
                attributes: Vec::new(),
                literals: classifier.literals.iter().map(literal).collect(),
                generalizations: ThinVec::new(),
                realizations: ThinVec::new(),
                operations: classifier.operations.iter().map(operation).collect(),
                constraints: ThinVec::new(),
                association: None,
                documentation: classifier.documentation.clone(),
                dependencies: ThinVec::new(),
                marks: marks(&classifier.extra),
                span: classifier.span,
            });
        }
        for property in &draft.properties {
            let id = Id::new(model.properties.len());
            let built = build_property(index, number, id, property, causes, elements, report);
            let owner = built.owner;
            let id = model.properties.push(built);
            match owner {
                PropertyOwner::Classifier(classifier) => model.classifiers[classifier].attributes.push(id),
                PropertyOwner::Property(end) => model.properties[end].qualifiers.push(id),
                PropertyOwner::Association(_) => {}
            }
        }
    }
    model
}

fn build_property<'d>(
    index: &Index<'d>,
    draft: usize,
    id: Id<Property>,
    property: &'d DraftProperty,
    causes: &Causes<'d>,
    elements: &Elements,
    report: &mut Report,
) -> Property {
    let at = index.offsets(draft);
    let properties = |references: &'d [Reference]| -> ThinVec<Id<Property>> {
        let found = references.iter().filter_map(|reference| match index.find(draft, reference) {
            Found::Element(element) => match index.known(element)? {
                Known::Property(property) => Some(property),
                _ => None,
            },
            _ => None,
        });
        found.collect()
    };
    Property {
        element: property.element,
        name: property.name.clone(),
        owner: match property.owner {
            Owner::Classifier(classifier) => PropertyOwner::Classifier(Id::new(at.classifiers + classifier)),
            Owner::Property(end) => PropertyOwner::Property(Id::new(at.properties + end)),
            // Settled when the association is known to be usable.
            Owner::Association(association) => PropertyOwner::Association(Id::new(at.associations + association)),
            Owner::Root | Owner::Package(_) => PropertyOwner::Association(Id::new(usize::MAX)),
        },
        association: None,
        ty: property_type(index, draft, id, property, causes, elements, report),
        multiplicity: property.multiplicity,
        default: property.default.as_ref().map(|default| Box::new(self::default(index, draft, default, elements))),
        aggregation: property.aggregation,
        navigable: None,
        is_id: property.is_id,
        is_unique: property.is_unique,
        is_ordered: property.is_ordered,
        is_derived: property.is_derived,
        is_read_only: property.is_read_only,
        is_static: property.is_static,
        visibility: property.visibility,
        qualifiers: ThinVec::new(),
        redefines: properties(&property.redefines),
        subsets: properties(&property.subsets),
        constraints: ThinVec::new(),
        documentation: property.documentation.clone(),
        marks: marks(&property.extra),
        span: property.span,
    }
}

/// A default value; an instance is known by its name.
pub(super) fn default<'d>(
    index: &Index<'d>,
    draft: usize,
    default: &'d DraftDefault,
    elements: &Elements,
) -> DefaultValue {
    let text = match (default.kind, &default.instance) {
        (DefaultKind::Instance, Some(instance)) => {
            let name = match index.find(draft, instance) {
                Found::Element(element) => elements.name(element),
                Found::Named(name) => Some(name),
                Found::Missing(_) => None,
            };
            name.map_or_else(|| default.text.clone(), |name| Spanned::new(name.to_owned(), instance.span))
        }
        _ => default.text.clone(),
    };
    DefaultValue { kind: default.kind, text }
}

fn property_type<'d>(
    index: &Index<'d>,
    draft: usize,
    id: Id<Property>,
    property: &'d DraftProperty,
    causes: &Causes<'d>,
    elements: &Elements,
    report: &mut Report,
) -> Type {
    let Some((reference, found)) = index.find_type(draft, id, property) else { return Type::Absent };
    match found {
        Found::Named(name) => named(name, reference),
        Found::Missing(cause) => causes.reported(&cause).map_or(Type::Absent, Type::Unknown),
        Found::Element(element) => {
            if let Some(Known::Classifier(classifier)) = index.known(element) {
                return Type::Classifier(classifier, reference.span);
            }
            let seen = elements.get(element);
            // Some kinds of elements are types in UML and nothing to us: state machines, stereotypes, collaborations.
            if is_type_elsewhere(seen.kind) {
                return elements.name(element).map_or(Type::Absent, |name| named(name, reference));
            }
            let subject = elements.get(property.element).kind.word();
            let message =
                format!("the type of {subject} `{}` is {}", elements.path(property.element), super::a(seen.kind));
            let diagnostic = Diagnostic::new(&codes::U0302, message)
                .about(property.element)
                .here(reference.span, "this leads to it")
                .because(seen.span, "this is no type")
                .help("choose a class or a data type as the type");
            Type::Unknown(report.error(diagnostic))
        }
    }
}

/// Whether elements of this kind can be types; one that is no part of the model still has a name.
fn is_type_elsewhere(kind: ElementKind) -> bool {
    use ElementKind as E;
    matches!(
        kind,
        E::Class
            | E::AssociationClass
            | E::Interface
            | E::DataType
            | E::PrimitiveType
            | E::Enumeration
            | E::Component
            | E::Signal
            | E::Actor
            | E::Node
            | E::Stereotype
            | E::Other
    )
}

/// Operations are built into nothing that needs their types: what is lost there is no error.
fn parameter_type<'d>(index: &Index<'d>, draft: usize, reference: &'d Reference) -> Type {
    match index.find(draft, reference) {
        Found::Named(name) => named(name, reference),
        Found::Element(element) => match index.known(element) {
            Some(Known::Classifier(classifier)) => Type::Classifier(classifier, reference.span),
            _ => Type::Absent,
        },
        Found::Missing(_) => Type::Absent,
    }
}

fn named(name: &str, reference: &Reference) -> Type {
    Type::Named(Spanned::new(name.into(), reference.span))
}

/// The marks that a tool writes in its own way; applications come later.
pub(super) fn marks(extra: &Extra) -> Marks {
    Marks { stereotypes: extra.stereotypes.clone(), tags: extra.tags.clone() }
}

/// Every reference of a draft.
pub(super) fn all_references(draft: &Draft) -> impl Iterator<Item = &Reference> {
    let properties = draft.properties.iter().flat_map(|property| {
        property.ty.iter().chain(property.association.as_deref()).chain(&property.redefines).chain(&property.subsets)
    });
    let ends = draft.associations.iter().flat_map(|association| {
        let ends = association.ends.iter().filter_map(|end| match end {
            DraftEnd::Member(reference) => Some(reference),
            DraftEnd::Owned(_) => None,
        });
        ends.chain(&association.navigable_ends)
    });
    let relations = draft.relations.iter().flat_map(|relation| {
        let starts = relation.from.iter().filter_map(|start| match start {
            RelationStart::Named(reference) => Some(reference),
            RelationStart::Owner(_) => None,
        });
        starts.chain(&relation.to)
    });
    let bindings = draft.bindings.iter().flat_map(|binding| {
        let replaced = binding.substitutions.iter().flat_map(|(formal, actual)| formal.iter().chain(actual));
        std::iter::once(&binding.template).chain(replaced)
    });
    let sets = draft.generalization_sets.iter().flat_map(|set| set.power_type.iter().chain(&set.generalizations));
    let in_sets = draft.in_sets.iter().flat_map(|member| member.sets.iter().chain(&member.power_type));
    let texts = draft.comments.iter().flat_map(|comment| &comment.annotated);
    let constraints = draft.constraints.iter().flat_map(|constraint| &constraint.constrained);
    let applications = draft.applications.iter().flat_map(|application| &application.bases);
    properties
        .chain(ends)
        .chain(relations)
        .chain(bindings)
        .chain(sets)
        .chain(in_sets)
        .chain(texts)
        .chain(constraints)
        .chain(applications)
}
