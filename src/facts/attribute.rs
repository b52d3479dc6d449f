//! Attributes.

use crate::account::Element;
use crate::decision::Reason;
use crate::django::FieldKind;
use crate::django::field::Validator;
use crate::python::Expr;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::{Id, Map};

/// What an attribute becomes.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The attribute.
    pub property: Id<Property>,
    /// What it becomes.
    pub kind: AttributeKind,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What an attribute becomes.
#[derive(Clone, Debug)]
pub enum AttributeKind {
    /// One column.
    Column(ValueFact),
    /// The columns of a data type.
    Embedded {
        /// The data type.
        class: Id<Classifier>,
        /// Its leaves.
        parts: Vec<Part>,
        /// Whether it may be absent as a whole.
        optional: bool,
    },
    /// Links to rows of literals.
    Links(Id<Classifier>),
    /// A table of values.
    Values {
        /// The columns; one without path for a plain value.
        parts: Vec<Part>,
        /// Whether their order counts.
        ordered: bool,
        /// Whether a value may occur twice.
        nonunique: bool,
    },
    /// A class constant.
    Constant {
        /// Its value.
        value: Option<DefaultFact>,
        /// The annotation.
        annotation: &'static str,
    },
    /// Nothing is stored.
    Nothing,
}

/// A leaf of a data type.
#[derive(Clone, Debug)]
pub struct Part {
    /// The attributes of the data types that lead to it.
    pub path: Vec<Id<Property>>,
    /// Its column.
    pub value: ValueFact,
    /// What its own attribute says of it.
    pub reasons: Vec<Reason>,
}

/// A default value.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultFact {
    /// Python.
    Expr(Expr),
    /// A literal of an enumeration, by its place.
    Literal(Id<Classifier>, usize),
}

impl DefaultFact {
    /// A value as a column keeps it: in a box, because few have one.
    pub fn expr(value: Expr) -> Box<Self> {
        Box::new(Self::Expr(value))
    }
}

/// A column without its name.
// Django asks these questions one by one.
#[expect(clippy::struct_excessive_bools)]
#[derive(Clone, Debug)]
pub struct ValueFact {
    /// The field class; the folder of a file and the model of a literal's row are filled in later.
    pub kind: FieldKind,
    /// The enumeration.
    pub choices: Option<Id<Classifier>>,
    /// `null`
    pub null: bool,
    /// `blank`
    pub blank: bool,
    /// `unique`
    pub unique: bool,
    /// `primary_key`
    pub primary_key: bool,
    /// `editable`
    pub editable: bool,
    /// `db_index`
    pub db_index: Option<bool>,
    /// `default`
    pub default: Option<Box<DefaultFact>>,
    /// `db_default`
    pub db_default: Option<Box<DefaultFact>>,
    /// What rows get that are there when it comes or becomes required.
    pub filling: Option<Box<DefaultFact>>,
    /// `db_collation`
    pub db_collation: Option<String>,
    /// Whether it is written and never shown.
    pub secret: bool,
    /// Validators.
    pub validators: Vec<Validator>,
    /// The least value, where it is a check constraint as well.
    pub check_min: Option<&'static str>,
    /// Whether it never changes once the row is there.
    pub set_once: bool,
    /// The enumeration of the values of an array.
    pub item_choices: Option<Id<Classifier>>,
    /// The element whose documentation is the help text.
    pub element: Element,
}

impl ValueFact {
    /// Whether it is a key: to a content type, or to the row of a literal.
    pub fn leads_to_row(&self) -> bool {
        matches!(self.kind, FieldKind::ForeignKey(_))
    }

    /// Whether a row must be given a value.
    pub fn is_demanded(&self) -> bool {
        !self.null && !self.blank && self.default.is_none() && self.db_default.is_none()
    }

    /// A required column of `kind`.
    pub fn new(kind: FieldKind, element: Element) -> Self {
        Self {
            kind,
            choices: None,
            null: false,
            blank: false,
            unique: false,
            primary_key: false,
            editable: true,
            db_index: None,
            default: None,
            db_default: None,
            filling: None,
            db_collation: None,
            secret: false,
            validators: Vec::new(),
            check_min: None,
            set_once: false,
            item_choices: None,
            element,
        }
    }
}

/// The attributes of all classes.
#[derive(Clone, Debug, Default)]
pub struct Types {
    /// By class, in model order.
    pub attributes: Map<Classifier, Vec<Attribute>>,
    /// Qualifiers of ends.
    pub qualifiers: Map<Property, Attribute>,
}

impl Types {
    /// The attributes of a class.
    pub fn of(&self, class: Id<Classifier>) -> &[Attribute] {
        self.attributes.get(class).map_or(&[], Vec::as_slice)
    }
}
