//! One document as it was read: owners are indices, references are still text.
//!
//! Every reader yields a [`Draft`]; [`crate::link`] makes the [`super::Model`] of all of them. All vectors are in document order.

mod ids;
mod reference;

use thin_vec::ThinVec;

pub use ids::Ids;
pub use reference::{Href, Hrefs, Reference, Target};

use super::model::{
    AbsentMultiplicity, Aggregation, ClassifierKind, ConstraintRole, DefaultKind, PackageKind, Tag, Visibility,
    WrittenMultiplicity,
};
use crate::account::Element;
use crate::diagnostic::Reported;
use crate::source::{Name, SourceId, Span, Spanned};

/// A document.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its text.
    pub source: SourceId,
    /// The name of the file, for references between files.
    pub file: String,
    /// Somebody named the file; others are read because these refer to them.
    pub is_given: bool,
    /// The tool that wrote it.
    pub tool: &'static str,
    /// What the tool means by an end without multiplicity.
    pub absent_end_multiplicity: AbsentMultiplicity,
    /// Where the tool tells navigability.
    pub navigability: Navigability,
    /// The tool is known for diamonds on the whole's end.
    pub inverted_aggregation: bool,
    /// A copy of a library that a tool keeps beside the model. Its classifiers are types only.
    pub is_library: bool,
    /// References say the names of what lies outside the document; for the type of an attribute that is enough.
    pub names_outside: bool,
    /// The file ends too early, which explains references that lead nowhere.
    pub cut_off: Option<Reported>,
    /// The name of the root, if it is not the tool's own.
    pub name: Option<Name>,
    /// Packages and models.
    pub packages: Vec<DraftPackage>,
    /// Classifiers.
    pub classifiers: Vec<DraftClassifier>,
    /// Attributes, ends and qualifiers.
    pub properties: Vec<DraftProperty>,
    /// Associations.
    pub associations: Vec<DraftAssociation>,
    /// Generalizations, realizations and dependencies.
    pub relations: Vec<DraftRelation>,
    /// Bindings of templates.
    pub bindings: Vec<DraftBinding>,
    /// Generalization sets.
    pub generalization_sets: Vec<DraftGeneralizationSet>,
    /// Generalizations that name the set that they belong to, or the discriminator of UML 1.
    pub in_sets: Vec<DraftInSet>,
    /// Constraints.
    pub constraints: Vec<DraftConstraint>,
    /// Comments.
    pub comments: Vec<DraftComment>,
    /// Applications of stereotypes.
    pub applications: Vec<DraftApplication>,
    /// Stereotypes that it defines.
    pub stereotypes: Vec<DraftStereotype>,
    /// The profiles that its packages apply.
    pub applied_profiles: Vec<Reference>,
    /// Packages and classifiers that stand in another document.
    pub fragments: Vec<DraftFragment>,
    /// All ids of the document; the first element keeps an id that is given twice.
    pub ids: Ids,
    /// The places in other documents that it refers to.
    pub hrefs: Hrefs,
    /// Elements whose id was taken, with the first one.
    pub duplicates: Vec<(Element, Element)>,
}

impl Draft {
    /// An empty draft of a tool that does everything by the book.
    pub fn new(source: SourceId, file: &str) -> Self {
        Self {
            source,
            file: file.to_owned(),
            is_given: true,
            tool: "an unknown tool",
            absent_end_multiplicity: AbsentMultiplicity::One,
            navigability: Navigability::Written,
            inverted_aggregation: false,
            is_library: false,
            names_outside: false,
            cut_off: None,
            name: None,
            packages: Vec::new(),
            classifiers: Vec::new(),
            properties: Vec::new(),
            associations: Vec::new(),
            relations: Vec::new(),
            bindings: Vec::new(),
            generalization_sets: Vec::new(),
            in_sets: Vec::new(),
            constraints: Vec::new(),
            comments: Vec::new(),
            applications: Vec::new(),
            stereotypes: Vec::new(),
            applied_profiles: Vec::new(),
            fragments: Vec::new(),
            ids: Ids::default(),
            hrefs: Hrefs::default(),
            duplicates: Vec::new(),
        }
    }
}

/// Where a tool tells whether one can navigate to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Navigability {
    /// By the owner of the end, by `navigableOwnedEnd` or by a flag of its own.
    Written,
    /// As [`Navigability::Written`], but an association without any arrow says nothing.
    UnspecifiedWithoutArrow,
    /// Nowhere, or the same everywhere.
    Unspecified,
}

/// The owner of a part of a draft, as an index into one of its vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs)]
pub enum Owner {
    Root,
    Package(usize),
    Classifier(usize),
    Property(usize),
    Association(usize),
}

/// A package.
#[derive(Clone, Debug)]
pub struct DraftPackage {
    /// The element.
    pub element: Element,
    /// The name.
    pub name: Option<Name>,
    /// The package around it.
    pub owner: Option<usize>,
    /// Model, package or profile.
    pub kind: PackageKind,
    /// A copy of a tool's or language's library.
    pub is_library: bool,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
}

impl DraftPackage {
    /// A package about which nothing but this is known.
    pub fn new(element: Element, kind: PackageKind, name: Option<Name>, owner: Option<usize>) -> Self {
        Self { element, name, owner, kind, is_library: false, documentation: None, extra: Extra::default() }
    }
}

/// Stereotypes and tags that a tool writes in its own way.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// Names of stereotypes.
    pub stereotypes: ThinVec<Spanned<String>>,
    /// Tagged values.
    pub tags: ThinVec<Tag>,
}

/// A classifier.
#[derive(Clone, Debug)]
pub struct DraftClassifier {
    /// The element.
    pub element: Element,
    /// Its kind.
    pub kind: ClassifierKind,
    /// Its name.
    pub name: Option<Name>,
    /// What it stands in.
    pub owner: Owner,
    /// `isAbstract`
    pub is_abstract: bool,
    /// A phantom of the tool.
    pub is_library: bool,
    /// It has template parameters.
    pub is_template: bool,
    /// Of a data type: the type of a language that it stands for.
    pub represents: Option<Spanned<String>>,
    /// Its literals.
    pub literals: ThinVec<DraftLiteral>,
    /// Its operations.
    pub operations: ThinVec<DraftOperation>,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
    /// Its name, else its start tag.
    pub span: Span,
}

impl DraftClassifier {
    /// A classifier about which nothing but this is known; `tag` is its start tag.
    pub fn new(element: Element, kind: ClassifierKind, name: Option<Name>, owner: Owner, tag: Span) -> Self {
        let span = name.as_ref().map_or(tag, |name| name.span);
        Self {
            element,
            kind,
            name,
            owner,
            is_abstract: false,
            is_library: false,
            is_template: false,
            represents: None,
            literals: ThinVec::new(),
            operations: ThinVec::new(),
            documentation: None,
            extra: Extra::default(),
            span,
        }
    }
}

/// A literal.
#[derive(Clone, Debug)]
pub struct DraftLiteral {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its value.
    pub value: Option<Spanned<String>>,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
    /// Its name, else its start tag.
    pub span: Span,
}

impl DraftLiteral {
    /// A literal about which nothing but this is known; `tag` is its start tag.
    pub fn new(element: Element, name: Option<Name>, tag: Span) -> Self {
        let span = name.as_ref().map_or(tag, |name| name.span);
        Self { element, name, value: None, documentation: None, extra: Extra::default(), span }
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct DraftOperation {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its parameters.
    pub parameters: Vec<DraftParameter>,
    /// `isQuery`
    pub is_query: bool,
    /// `isStatic`
    pub is_static: bool,
    /// `isAbstract`
    pub is_abstract: bool,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
}

impl DraftOperation {
    /// An operation about which nothing but this is known.
    pub fn new(element: Element, name: Option<Name>) -> Self {
        Self {
            element,
            name,
            parameters: Vec::new(),
            is_query: false,
            is_static: false,
            is_abstract: false,
            documentation: None,
            extra: Extra::default(),
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct DraftParameter {
    /// Its name.
    pub name: Option<Name>,
    /// Its direction, `in` if nothing is written.
    pub direction: String,
    /// Whether there may be more than one value.
    pub is_many: bool,
    /// Its type.
    pub ty: Option<Reference>,
}

/// An attribute, an end or a qualifier.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools)]
pub struct DraftProperty {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its owner.
    pub owner: Owner,
    /// The association whose end it says to be.
    pub association: Option<Box<Reference>>,
    /// Its type.
    pub ty: Option<Reference>,
    /// Its multiplicity.
    pub multiplicity: Option<WrittenMultiplicity>,
    /// Its default value.
    pub default: Option<Box<DraftDefault>>,
    /// Its aggregation as written.
    pub aggregation: Spanned<Aggregation>,
    /// A flag of the tool's own.
    pub navigable: Option<bool>,
    /// `isID`
    pub is_id: bool,
    /// `isUnique`
    pub is_unique: Option<bool>,
    /// `isOrdered`
    pub is_ordered: bool,
    /// `isDerived`
    pub is_derived: bool,
    /// `isReadOnly`
    pub is_read_only: bool,
    /// `isStatic`
    pub is_static: bool,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it redefines.
    pub redefines: ThinVec<Reference>,
    /// What it subsets.
    pub subsets: ThinVec<Reference>,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
    /// Its name, else its start tag.
    pub span: Span,
}

impl DraftProperty {
    /// A property about which nothing but this is known; `tag` is its start tag.
    pub fn new(element: Element, name: Option<Name>, owner: Owner, tag: Span) -> Self {
        let span = name.as_ref().map_or(tag, |name| name.span);
        Self {
            element,
            name,
            owner,
            association: None,
            ty: None,
            multiplicity: None,
            default: None,
            aggregation: Spanned::new(Aggregation::None, span),
            navigable: None,
            is_id: false,
            is_unique: None,
            is_ordered: false,
            is_derived: false,
            is_read_only: false,
            is_static: false,
            visibility: Visibility::Public,
            redefines: ThinVec::new(),
            subsets: ThinVec::new(),
            documentation: None,
            extra: Extra::default(),
            span,
        }
    }
}

/// A default value.
#[derive(Clone, Debug)]
pub struct DraftDefault {
    /// Its kind.
    pub kind: DefaultKind,
    /// Its text, of an instance the name that the tool gave the value.
    pub text: Spanned<String>,
    /// The instance that it leads to.
    pub instance: Option<Reference>,
}

/// An end of an association, as the association tells it.
#[derive(Clone, Debug)]
pub enum DraftEnd {
    /// A property that stands in the association.
    Owned(usize),
    /// `memberEnd`
    Member(Reference),
}

/// An association.
#[derive(Clone, Debug)]
pub struct DraftAssociation {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// What it stands in.
    pub owner: Owner,
    /// Its ends in the order in which they are first mentioned.
    pub ends: Vec<DraftEnd>,
    /// `navigableOwnedEnd`
    pub navigable_ends: ThinVec<Reference>,
    /// Of an association class: its class.
    pub class: Option<usize>,
    /// `isDerived`
    pub is_derived: bool,
    /// Documentation that is not a comment.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Tags and stereotypes that are not applications.
    pub extra: Extra,
    /// Its name, else its start tag.
    pub span: Span,
}

impl DraftAssociation {
    /// An association without ends; `tag` is its start tag.
    pub fn new(element: Element, name: Option<Name>, owner: Owner, tag: Span) -> Self {
        let span = name.as_ref().map_or(tag, |name| name.span);
        Self {
            element,
            name,
            owner,
            ends: Vec::new(),
            navigable_ends: ThinVec::new(),
            class: None,
            is_derived: false,
            documentation: None,
            extra: Extra::default(),
            span,
        }
    }
}

/// Kinds of relations that are not associations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum RelationKind {
    Generalization,
    Realization,
    Dependency,
}

/// A generalization set (UML 2.5.1, 9.9.8).
#[derive(Clone, Debug)]
pub struct DraftGeneralizationSet {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// `isCovering`
    pub is_covering: bool,
    /// `isDisjoint`
    pub is_disjoint: bool,
    /// `powertype`
    pub power_type: Vec<Reference>,
    /// `generalization`
    pub generalizations: Vec<Reference>,
    /// Its name, else its start tag.
    pub span: Span,
}

/// A generalization that says itself which set it belongs to.
#[derive(Clone, Debug)]
pub struct DraftInSet {
    /// The generalization.
    pub generalization: Element,
    /// `generalizationSet`
    pub sets: Vec<Reference>,
    /// `discriminator` of UML 1: one set for each of them below a class.
    pub discriminator: Option<Name>,
    /// `powertype` of UML 1.
    pub power_type: Vec<Reference>,
}

/// A generalization, realization or dependency.
#[derive(Clone, Debug)]
pub struct DraftRelation {
    /// The element.
    pub element: Element,
    /// Its kind.
    pub kind: RelationKind,
    /// What it starts at: the element that it stands in, or what it names.
    pub from: Vec<RelationStart>,
    /// What it leads to.
    pub to: Vec<Reference>,
}

/// A class that is a template with its parameters replaced.
#[derive(Clone, Debug)]
pub struct DraftBinding {
    /// The class.
    pub class: Element,
    /// The template, or its signature.
    pub template: Reference,
    /// The parameters, where they are named, and what stands in their place.
    pub substitutions: Vec<(Option<Reference>, Option<Reference>)>,
}

/// The start of a relation.
#[derive(Clone, Debug)]
pub enum RelationStart {
    /// What it stands in.
    Owner(Element),
    /// What it names.
    Named(Reference),
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct DraftConstraint {
    /// The element.
    pub element: Element,
    /// What it stands in.
    pub owner: Option<Element>,
    /// What it constrains, if that is written.
    pub constrained: Vec<Reference>,
    /// Its name.
    pub name: Option<Name>,
    /// The language of its body.
    pub language: Option<String>,
    /// What it says.
    pub role: ConstraintRole,
    /// Its text.
    pub body: Spanned<String>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct DraftComment {
    /// The element.
    pub element: Element,
    /// What it stands in, if that is not a package.
    pub owner: Option<Element>,
    /// What it is attached to, if that is written.
    pub annotated: Vec<Reference>,
    /// Its text, plain.
    pub body: Spanned<String>,
}

/// A part of a package that is kept in a document of its own.
#[derive(Clone, Debug)]
pub struct DraftFragment {
    /// The package that it belongs to.
    pub package: usize,
    /// The package or classifier.
    pub part: Reference,
}

/// An application of a stereotype.
#[derive(Clone, Debug)]
pub struct DraftApplication {
    /// The element.
    pub element: Element,
    /// The profile's prefix.
    pub profile: String,
    /// The stereotype.
    pub name: Spanned<String>,
    /// What it is applied to.
    pub bases: Vec<Reference>,
    /// Its values.
    pub tags: Vec<Tag>,
}

/// The definition of a stereotype, as far as its applications leave something to it.
#[derive(Clone, Debug)]
pub struct DraftStereotype {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: String,
    /// The name of the profile or package that it stands in.
    pub profile: Option<String>,
    /// The stereotypes that it specializes.
    pub generals: Vec<Reference>,
    /// The values that its tags have where an application gives none.
    pub defaults: Vec<(String, DraftDefault)>,
}
