//! The linked model: what was drawn, with every reference resolved to an id.
//!
//! Most elements have few of the many things that they may have, so what is rare takes a word where it is missing.
//!
//! Nothing here is a conclusion. What the diagram leaves open (a multiplicity that nobody drew) stays open.

use thin_vec::ThinVec;

use super::Multiplicity;
use crate::account::Element;
use crate::diagnostic::Reported;
use crate::source::{Name, SourceId, Span, Spanned};
use crate::util::arena::{Arena, Id};

/// A whole model; several documents may have contributed to it.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The name of the first document's root, if it has one.
    pub name: Option<Name>,
    /// The documents, in the order given.
    pub documents: Vec<Document>,
    /// Packages; outer ones before inner ones.
    pub packages: Arena<Package>,
    /// Classes and all other types, in model order; outer ones before nested ones.
    pub classifiers: Arena<Classifier>,
    /// Attributes, association ends and qualifiers.
    pub properties: Arena<Property>,
    /// Associations, those of association classes among them.
    pub associations: Arena<Association>,
    /// Generalization sets, in model order; those without generalizations are left out.
    pub generalization_sets: Vec<GeneralizationSet>,
    /// Comments that are attached to nothing.
    pub notes: Vec<Spanned<String>>,
}

/// A file that contributed to the model.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text.
    pub source: SourceId,
    /// The name of the file.
    pub file: String,
    /// Somebody named it; others were read because these refer to them.
    pub is_given: bool,
    /// The tool that wrote it, for people: `Enterprise Architect`.
    pub tool: &'static str,
    /// What the tool means by an end without multiplicity.
    pub absent_end_multiplicity: AbsentMultiplicity,
}

/// What a tool means where it writes no multiplicity at an association end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentMultiplicity {
    /// UML's own default, 1.
    One,
    /// The box was empty: nobody knows.
    Unknown,
}

/// Stereotypes and tagged values of an element.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Names of the applied stereotypes as drawn, without profile.
    pub stereotypes: ThinVec<Spanned<String>>,
    /// Tagged values, those of stereotypes and free ones alike, in file order.
    pub tags: ThinVec<Tag>,
}

/// A tagged value.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its name as drawn.
    pub name: Spanned<String>,
    /// Its value as drawn.
    pub value: Spanned<String>,
    /// The stereotype that it belongs to, if it is not a free one.
    pub stereotype: Option<String>,
}

/// A package or a model.
#[derive(Clone, Debug)]
pub struct Package {
    /// The element.
    pub element: Element,
    /// The name.
    pub name: Option<Name>,
    /// The package around it.
    pub owner: Option<Id<Package>>,
    /// Model, package or profile.
    pub kind: PackageKind,
    /// A tool's or language's library, or a document that was only referred to: its classifiers are types and no tables.
    pub is_library: bool,
    /// Its documentation as plain text.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Constraints on it.
    pub constraints: ThinVec<Constraint>,
    /// Stereotypes and tags.
    pub marks: Marks,
}

/// Kinds of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageKind {
    /// `uml:Model`
    Model,
    /// `uml:Package`
    Package,
    /// `uml:Profile`
    Profile,
}

/// Kinds of classifiers (UML 2.5.1, 9–11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs)]
pub enum ClassifierKind {
    Class,
    AssociationClass,
    Interface,
    DataType,
    PrimitiveType,
    Enumeration,
    Signal,
    Actor,
    Component,
    Node,
}

/// A classifier.
#[derive(Clone, Debug)]
pub struct Classifier {
    /// The element.
    pub element: Element,
    /// Its kind.
    pub kind: ClassifierKind,
    /// Its name.
    pub name: Option<Name>,
    /// The innermost package around it.
    pub package: Option<Id<Package>>,
    /// The classifier that it is nested in.
    pub outer: Option<Id<Classifier>>,
    /// `isAbstract`
    pub is_abstract: bool,
    /// It stands in a library, see [`Package::is_library`].
    pub is_library: bool,
    /// It has template parameters of its own.
    pub is_template: bool,
    /// Of a template: other classes have what it has, with its parameters replaced.
    pub is_bound: bool,
    /// Of a data type: the type of a language that it stands for.
    pub represents: Option<Spanned<String>>,
    /// Attributes and the association ends that it owns, in model order.
    pub attributes: Vec<Id<Property>>,
    /// Literals, of enumerations.
    pub literals: ThinVec<Literal>,
    /// Its generalizations, in model order.
    pub generalizations: ThinVec<Generalization>,
    /// Interfaces that it realizes, and other realizations.
    pub realizations: ThinVec<Generalization>,
    /// Operations.
    pub operations: ThinVec<Operation>,
    /// Constraints on it.
    pub constraints: ThinVec<Constraint>,
    /// Of an association class: its association.
    pub association: Option<Id<Association>>,
    /// Documentation as plain text.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Names of the suppliers of its dependencies, for the docstring.
    pub dependencies: ThinVec<String>,
    /// Stereotypes and tags.
    pub marks: Marks,
    /// Where it is shown in messages: its name, else its start tag.
    pub span: Span,
}

/// A literal of an enumeration.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its value specification, as text.
    pub value: Option<Spanned<String>>,
    /// Documentation.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Stereotypes and tags.
    pub marks: Marks,
    /// Its name, else its start tag.
    pub span: Span,
}

/// A generalization or realization that leads to a classifier of the model.
#[derive(Clone, Debug)]
pub struct Generalization {
    /// The element.
    pub element: Element,
    /// The more general classifier.
    pub general: Id<Classifier>,
    /// The reference.
    pub span: Span,
}

/// A generalization set (UML 2.5.1, 9.9.8): one way to divide the objects of a class.
#[derive(Clone, Debug)]
pub struct GeneralizationSet {
    /// The element; of a discriminator of UML 1 its first generalization.
    pub element: Element,
    /// Its name, or the discriminator.
    pub name: Option<Name>,
    /// The class that it divides.
    pub general: Id<Classifier>,
    /// The classes that it divides it into, in the order of the model.
    pub specials: Vec<Id<Classifier>>,
    /// `isCovering`: every object is one of them.
    pub is_covering: bool,
    /// `isDisjoint`: no object is two of them.
    pub is_disjoint: bool,
    /// The classifier whose instances are the special classes.
    pub power_type: Option<Id<Classifier>>,
    /// Its name, else its start tag.
    pub span: Span,
}

/// What a property, a parameter or an end is typed by.
#[derive(Clone, Debug)]
pub enum Type {
    /// A classifier of the model (primitive types of the model too).
    Classifier(Id<Classifier>, Span),
    /// A type that is known by its name only: of a library, of a language, or free text.
    Named(Name),
    /// No type was drawn.
    Absent,
    /// A reference that leads nowhere; it was reported.
    Unknown(Reported),
}

/// `aggregation`, on the end that is typed by the *part* (UML 2.5.1, 9.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Aggregation {
    None,
    Shared,
    Composite,
}

/// Who owns a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyOwner {
    /// An attribute, or an end owned by the class at the other side.
    Classifier(Id<Classifier>),
    /// An end owned by its association.
    Association(Id<Association>),
    /// A qualifier of an end.
    Property(Id<Property>),
}

/// A multiplicity as written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenMultiplicity {
    /// What it means.
    pub value: Multiplicity,
    /// Its bounds.
    pub span: Span,
}

/// An attribute, an association end or a qualifier (UML 2.5.1, 9.9.17).
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools)]
pub struct Property {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its owner.
    pub owner: PropertyOwner,
    /// The association whose end it is.
    pub association: Option<Id<Association>>,
    /// Its type.
    pub ty: Type,
    /// Its multiplicity; `None` if nothing was written (or nothing usable, which was reported). What that means for an
    /// end says [`Document::absent_end_multiplicity`]; for an attribute it means 1.
    pub multiplicity: Option<WrittenMultiplicity>,
    /// Its default value as text.
    pub default: Option<Box<DefaultValue>>,
    /// Its aggregation.
    pub aggregation: Spanned<Aggregation>,
    /// Of an end: whether one can navigate to it; `None` where the tool does not say.
    pub navigable: Option<bool>,
    /// `isID`
    pub is_id: bool,
    /// `isUnique`; `None` if not written or if the tool writes the same everywhere. UML's default is true.
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
    /// Qualifiers, of an end.
    pub qualifiers: ThinVec<Id<Property>>,
    /// Properties that it redefines.
    pub redefines: ThinVec<Id<Property>>,
    /// Properties that it subsets.
    pub subsets: ThinVec<Id<Property>>,
    /// Constraints on it.
    pub constraints: ThinVec<Constraint>,
    /// Documentation as plain text.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Stereotypes and tags.
    pub marks: Marks,
    /// Where it is shown in messages: its name, else its start tag.
    pub span: Span,
}

/// Who may see a property: what is not said is public.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// The class and what specialises it.
    Protected,
    /// The class.
    Private,
    /// What is in its package.
    Package,
}

impl Visibility {
    /// What a tool's word means: `private`, `vkPrivate`, `Private`, and what Rose calls `Implementation`.
    pub fn of(word: &str) -> Self {
        let word = word.trim();
        match word.strip_prefix("vk").unwrap_or(word).to_ascii_lowercase().as_str() {
            "protected" => Self::Protected,
            "private" => Self::Private,
            "package" | "implementation" => Self::Package,
            _ => Self::Public,
        }
    }

    /// `private`
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Protected => "protected",
            Self::Private => "private",
            Self::Package => "package",
        }
    }
}

/// A default value.
#[derive(Clone, Debug)]
pub struct DefaultValue {
    /// Its kind.
    pub kind: DefaultKind,
    /// Its text: the literal, the body of the expression, the name of the instance.
    pub text: Spanned<String>,
}

/// Kinds of value specifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultKind {
    /// A literal of whatever type; tools write numbers as `LiteralString`.
    Literal,
    /// `uml:InstanceValue`: the name of an enumeration literal (or of another instance).
    Instance,
    /// `uml:OpaqueExpression` and the like.
    Expression,
    /// `uml:LiteralNull`
    Null,
}

/// An association with two or more ends, all of them usable.
#[derive(Clone, Debug)]
pub struct Association {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// The package around it.
    pub package: Option<Id<Package>>,
    /// Its ends in the order of `memberEnd`.
    pub ends: Vec<Id<Property>>,
    /// Of an association class: its class.
    pub class: Option<Id<Classifier>>,
    /// `isDerived`
    pub is_derived: bool,
    /// Constraints on it.
    pub constraints: ThinVec<Constraint>,
    /// Documentation as plain text.
    pub documentation: Option<Box<Spanned<String>>>,
    /// Stereotypes and tags.
    pub marks: Marks,
    /// Where it is shown in messages: its name, else its start tag.
    pub span: Span,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// Its parameters, the result among them.
    pub parameters: Vec<Parameter>,
    /// `isQuery`
    pub is_query: bool,
    /// `isStatic`
    pub is_static: bool,
    /// `isAbstract`
    pub is_abstract: bool,
    /// Documentation; the texts of its constraints are a part of it.
    pub documentation: Option<Box<Spanned<String>>>,
    /// What holds before and after it, and what it gives.
    pub constraints: Vec<Constraint>,
    /// Stereotypes and tags.
    pub marks: Marks,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Option<Name>,
    /// Its direction: `in`, `out`, `inout`, `return`.
    pub direction: String,
    /// Whether there may be more than one value.
    pub is_many: bool,
    /// Its type.
    pub ty: Type,
}

/// What the text of a constraint says of what it stands at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConstraintRole {
    /// What always holds, if the text says nothing else.
    #[default]
    Invariant,
    /// What holds before an operation (`precondition`).
    Before,
    /// What holds after an operation (`postcondition`).
    After,
    /// What a query gives (`bodyCondition`).
    Body,
    /// How a derived attribute is computed.
    Derivation,
    /// The first value of an attribute.
    Initial,
}

/// A constraint with its text.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The element.
    pub element: Element,
    /// Its name.
    pub name: Option<Name>,
    /// The language of the body, if given.
    pub language: Option<String>,
    /// What it says.
    pub role: ConstraintRole,
    /// Its text.
    pub body: Spanned<String>,
    /// Documentation as plain text: what people are told when it is violated.
    pub documentation: Option<Box<Spanned<String>>>,
}

impl Constraint {
    /// Whether its text is meant as OCL, and whether that is sure; none if it is in another language.
    pub fn is_ocl(&self) -> Option<bool> {
        match self.language.as_deref().map(str::trim) {
            None | Some("") => Some(false),
            Some(language) => language.to_uppercase().starts_with("OCL").then_some(true),
        }
    }
}

impl Model {
    /// The name of a classifier, empty if it has none.
    pub fn classifier_name(&self, id: Id<Classifier>) -> &str {
        self.classifiers[id].name.as_ref().map_or("", |name| name.value.as_str())
    }

    /// The other end of a binary association, seen from `end`.
    pub fn opposite(&self, end: Id<Property>) -> Option<Id<Property>> {
        let ends = &self.associations[self.properties[end].association?].ends;
        match ends[..] {
            [a, b] if a == end => Some(b),
            [a, b] if b == end => Some(a),
            _ => None,
        }
    }

    /// The packages around `package`, itself first, the outermost last.
    pub fn package_chain(&self, package: Option<Id<Package>>) -> impl Iterator<Item = Id<Package>> + '_ {
        std::iter::successors(package, |&at| self.packages[at].owner.filter(|owner| *owner < at))
    }

    /// The document that `span` lies in.
    pub fn document(&self, span: Span) -> Option<&Document> {
        self.documents.iter().find(|document| document.source == span.source)
    }
}
