//! Generalization.

use crate::account::Element;
use crate::decision::Reason;
use crate::django::field::Validator;
use crate::source::Span;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::{Id, Map};

use super::role::EnumFact;

/// A base of a class.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The more general class.
    pub class: Id<Classifier>,
    /// How it takes part.
    pub kind: ParentKind,
    /// The generalization or realization.
    pub element: Element,
    /// Its place.
    pub span: Span,
}

/// How a more general class takes part in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentKind {
    /// A base class.
    Base,
    /// A required one-to-one in place of a base (the last path of a diamond).
    OneToOne,
}

/// What a class becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An abstract model.
    Abstract,
    /// A model with a table.
    Table,
    /// Another class for the rows of the table above it.
    Proxy,
}

/// What an attribute refuses that the inherited one, whose column it has, allows.
#[derive(Clone, Debug)]
pub struct NarrowedFact {
    /// The inherited attribute.
    pub above: Id<Property>,
    /// What its values must fulfil.
    pub validators: Vec<Validator>,
    /// Whether it must have a value.
    pub required: bool,
    /// Why.
    pub reason: Reason,
}

/// What tells the rows of a table apart.
#[derive(Clone, Debug)]
pub struct KindFact {
    /// The enumeration of the kinds: a power type, or the class itself, whose name it then has.
    pub enumeration: Id<Classifier>,
    /// Its literals, if nobody drew it.
    pub own: Option<EnumFact>,
    /// The classes, and the literal of each.
    pub members: Vec<(Id<Classifier>, usize)>,
    /// Whether all rows stand in the table alone.
    pub is_single: bool,
    /// Why.
    pub reason: Reason,
}

/// Lists of classes that each class must or must not share rows with, and why.
pub type KindRules = Map<Classifier, Vec<(Vec<Id<Classifier>>, Reason)>>;

/// The bases of all classes.
#[derive(Clone, Debug, Default)]
pub struct Inheritance {
    /// Classes with a model: what it is, and why.
    pub models: Map<Classifier, (Form, Vec<Reason>)>,
    /// The bases of each, in the order of the class statement.
    pub parents: Map<Classifier, Vec<Parent>>,
    /// Roots that need a key with a name of its own, because a class below has two concrete parents.
    pub explicit_key: Map<Classifier, Reason>,
    /// Attributes without a column of their own: they repeat or redefine an inherited one.
    pub repeated: Map<Property, Reason>,
    /// Of these, those that allow less than the inherited one.
    pub narrowed: Map<Property, NarrowedFact>,
    /// Attributes that clash with an inherited one of another type: they get the class's name in front.
    pub renamed: Map<Property, Reason>,
    /// Classes whose rows stand in the table of a class above, which shall hold all.
    pub single: Map<Classifier, Id<Classifier>>,
    /// What tells the rows of a class and of those below apart.
    pub kinds: Map<Classifier, KindFact>,
    /// Attributes that share the column of one of another class of the same table.
    pub shared: Map<Property, Id<Property>>,
    /// Attributes of classifiers of another kind that are copied into a class.
    pub copied: Map<Classifier, Vec<Id<Classifier>>>,
    /// Classes whose rows must be rows of one of these children, for each way to divide them.
    pub covered: KindRules,
    /// Classes whose rows must not be rows of these siblings.
    pub disjoint: KindRules,
    /// All bases of a class and theirs, parents first, without itself.
    pub ancestors: Map<Classifier, Vec<Id<Classifier>>>,
}

impl Inheritance {
    /// Whether the class has a model at all.
    pub fn has_model(&self, class: Id<Classifier>) -> bool {
        self.models.contains(class)
    }

    /// Whether its model is abstract.
    pub fn is_abstract(&self, class: Id<Classifier>) -> bool {
        self.form(class) == Some(Form::Abstract)
    }

    /// Whether it has rows: a table of its own, or those of another class.
    pub fn is_concrete(&self, class: Id<Classifier>) -> bool {
        matches!(self.form(class), Some(Form::Table | Form::Proxy))
    }

    /// Whether it is another class for rows of a table above it.
    pub fn is_proxy(&self, class: Id<Classifier>) -> bool {
        self.form(class) == Some(Form::Proxy)
    }

    fn form(&self, class: Id<Classifier>) -> Option<Form> {
        self.models.get(class).map(|(form, _)| *form)
    }

    /// The bases of a class.
    pub fn bases(&self, class: Id<Classifier>) -> impl Iterator<Item = &Parent> {
        self.parents.get(class).into_iter().flatten().filter(|parent| parent.kind == ParentKind::Base)
    }

    /// All classes above it, parents first.
    pub fn ancestors(&self, class: Id<Classifier>) -> &[Id<Classifier>] {
        self.ancestors.get(class).map_or(&[], Vec::as_slice)
    }
}
