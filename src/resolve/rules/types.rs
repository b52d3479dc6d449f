//! What parts of a rule are.

use std::ops::Range;

use crate::django::FieldKind;
use crate::django::logic::{Absent, Rows, Size, Term, Test};
use crate::facts::{EmbeddedFact, Named, Table, ValueFact};
use crate::uml::model::{Classifier, Property};
use crate::util::arena::Id;

pub(super) type Value = Term<Named>;
pub(super) type Fact = Test<Named>;
pub(super) type Found = Rows<Named>;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Boolean,
    Integer,
    Decimal,
    Float,
    Text,
    Date,
    DateTime,
    Time,
    Duration,
    Enumeration(Id<Classifier>),
    /// A row of a table.
    Row(Id<Table>),
    /// Compared for equality only.
    Other,
}

/// A part of a rule.
#[derive(Clone, Debug)]
pub(super) enum Typed<'a> {
    /// True, false or neither.
    Test(Fact),
    /// A value.
    Value(Value, Ty),
    /// No value.
    Null,
    /// Rows of a table.
    Rows(Found, Id<Table>),
    /// A value of each of some rows.
    Values(Found, Value, Ty),
    /// Literals; true where two are a range.
    Set(Vec<Item>),
    /// An embedded value, the row that has it, and the attributes that lead deeper.
    Embedded(&'a EmbeddedFact, Value, Vec<Id<Property>>),
    /// A class, for `allInstances()`, or an enumeration, for its literals.
    Class(Id<Classifier>),
}

/// Something in a set.
#[derive(Clone, Debug)]
pub(super) enum Item {
    One(Value, Ty),
    Range(Value, Value, Ty),
}

/// Why a rule is not translated.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct Wrong {
    /// The bytes in the rule's text.
    pub(super) at: Range<usize>,
    /// What is wrong, to stand behind the rule's name.
    pub(super) message: String,
    /// What might help.
    pub(super) help: Option<String>,
    /// What kind of fault.
    pub(super) fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) enum Fault {
    /// A name that leads nowhere.
    Unknown,
    /// Types that do not go together.
    Type,
    /// OCL that we do not translate.
    Unsupported,
}

impl Ty {
    /// The type of a column.
    pub(super) fn of(value: &ValueFact) -> Option<Self> {
        if let Some(class) = value.choices {
            return Some(Self::Enumeration(class));
        }
        Self::of_kind(&value.kind)
    }

    /// The type of the values of a kind of field.
    pub(super) fn of_kind(kind: &FieldKind) -> Option<Self> {
        Some(match kind {
            FieldKind::Boolean => Self::Boolean,
            FieldKind::SmallInteger
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::PositiveSmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger => Self::Integer,
            FieldKind::Float => Self::Float,
            FieldKind::Decimal { .. } => Self::Decimal,
            kind if kind.is_text() => Self::Text,
            FieldKind::Date { .. } => Self::Date,
            FieldKind::DateTime { .. } => Self::DateTime,
            FieldKind::Time { .. } => Self::Time,
            FieldKind::Duration => Self::Duration,
            FieldKind::Uuid | FieldKind::GenericIpAddress | FieldKind::BigAuto => Self::Other,
            _ => return None,
        })
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Float)
    }

    /// Whether its values have an order.
    pub(super) fn is_ordered(self) -> bool {
        self.is_number() || matches!(self, Self::Text | Self::Date | Self::DateTime | Self::Time | Self::Duration)
    }

    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "a Boolean",
            Self::Integer => "a whole number",
            Self::Decimal | Self::Float => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::DateTime => "a point in time",
            Self::Time => "a time of day",
            Self::Duration => "a duration",
            Self::Enumeration(_) => "a literal",
            Self::Row(_) => "an object",
            Self::Other => "a value",
        }
    }
}

impl Typed<'_> {
    /// How large it is once it is written out.
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Test(test) => test.size(),
            Self::Value(value, _) | Self::Embedded(_, value, _) => value.size(),
            Self::Null | Self::Class(_) => Size::default(),
            Self::Rows(rows, _) => rows.size(),
            Self::Values(rows, value, _) => larger(rows.size(), value.size()),
            Self::Set(items) => items.iter().map(Item::size).fold(Size::default(), larger),
        }
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Test(_) => "a Boolean",
            Self::Value(_, ty) => ty.name(),
            Self::Null => "null",
            Self::Rows(..) | Self::Values(..) | Self::Set(_) => "a collection",
            Self::Embedded(..) => "a structured value",
            Self::Class(_) => "a class",
        }
    }
}

impl Item {
    /// How large it is once it is written out.
    pub(super) fn size(&self) -> Size {
        match self {
            Self::One(value, _) => value.size(),
            Self::Range(first, last, _) => larger(first.size(), last.size()),
        }
    }
}

/// Two parts side by side.
fn larger(a: Size, b: Size) -> Size {
    Size { parts: a.parts.saturating_add(b.parts), depth: a.depth.max(b.depth) }
}

/// How a missing value of a column looks.
pub(super) fn absent(value: &ValueFact) -> Absent {
    if value.null {
        Absent::Null
    } else if value.blank && value.kind.is_text() {
        Absent::EmptyText
    } else {
        Absent::Never
    }
}
