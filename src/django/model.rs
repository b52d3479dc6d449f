//! Models.

use super::behavior::Behavior;
use super::computed::Query;
use super::constraint::{Constraint, Index};
use super::field::{Field, Value};
use super::generic::{Generic, GenericRelation};
use super::method::Method;
use super::project::{ModelKey, Origin};
use super::rule::Rule;
use crate::account::Element;
use crate::python::Expr;

/// A model class.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The class name.
    pub name: String,
    /// Abstract or with a table.
    pub kind: ModelKind,
    /// What it inherits from, in the order of the class statement; empty means `models.Model`.
    pub bases: Vec<Base>,
    /// The docstring: plain text, one or more paragraphs.
    pub doc: Option<String>,
    /// Class constants: static attributes with their values.
    pub constants: Vec<Constant>,
    /// Own fields, in the order in which `models.py` has them.
    pub fields: Vec<Field>,
    /// What its rows are among others of the same table, or of that above it.
    pub kind_of: Option<KindOf>,
    /// Its rows, if they are the literals of an enumeration.
    pub lookup: Option<Box<Lookup>>,
    /// References to rows of several tables.
    pub generics: Vec<Generic>,
    /// Ways back of such references.
    pub generic_relations: Vec<GenericRelation>,
    /// `class Meta`
    pub meta: Meta,
    /// What `clean()` refuses, in this order.
    pub rules: Vec<Rule>,
    /// Methods and properties that follow relations.
    pub methods: Vec<Method>,
    /// What it computes as the diagram says.
    pub queries: Vec<Query>,
    /// What it can do besides; `None` if nothing was drawn and the user has written nothing.
    pub behavior: Option<Box<Behavior>>,
    /// What lists of it offer.
    pub lists: Lists,
    /// `__str__`; `None` if it is inherited.
    pub str_method: Option<StrMethod>,
    /// Data types that were embedded: a property each that assembles the parts.
    pub embedded: Vec<Embedded>,
    /// Whether it is a part: a through model or the table of a many-valued attribute, shown inline with its owner. Names
    /// the foreign key that leads to the owner.
    pub part_of: Option<String>,
    /// The fields that identify a row outside of the database, none of them NULL; empty if there are none.
    pub natural_key: Vec<String>,
    /// The fields that are its primary key together; empty for a key of one field.
    pub composite_key: Vec<String>,
    /// There is one row, whose key is 1.
    pub is_singleton: bool,
    /// Not shown in the admin.
    pub no_admin: bool,
    /// Its part of the API.
    pub api: Access,
    /// What it was called before, if the diagram says so: a model path, or a name.
    pub earlier: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What tells the rows of a model from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOf {
    /// The field that says it.
    pub field: String,
    /// The enumeration.
    pub choices: ModelKey,
    /// The member that its rows have and the value of it; none for an abstract class, whose rows are of those below.
    pub member: Option<(String, String)>,
    /// The members of classes below.
    pub below: Vec<String>,
    /// Whether rows of other kinds stand in the same table, so that its manager leaves them out.
    pub filters: bool,
}

/// The rows of a model that is an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The enumeration of their codes.
    pub choices: ModelKey,
    /// The field of the codes, which is the primary key.
    pub key: String,
    /// The rows.
    pub rows: Vec<LookupRow>,
}

/// A row that every database has.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupRow {
    /// Its key.
    pub code: Expr,
    /// Its other fields.
    pub values: Vec<(String, Expr)>,
    /// The literal.
    pub origin: Element,
}

/// What a model is to the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Who is signed in may read, permissions decide who may write.
    #[default]
    Write,
    /// Who is signed in may read, nobody writes.
    Read,
    /// Everybody may read, permissions decide who may write.
    Public,
    /// It is not there.
    None,
}

/// Kinds of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// Fields and methods only, no table.
    Abstract,
    /// A table of its own.
    Concrete,
    /// Another class for the rows of its base: `proxy = True`, no fields.
    Proxy,
}

/// A base class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A model of the project. A concrete one makes this a child by multi-table inheritance.
    Model(ModelKey),
    /// `django.contrib.auth.models.AbstractUser`
    AbstractUser,
    /// An abstract model without fields in a module of the project's core.
    Core {
        /// The module.
        module: &'static str,
        /// The class.
        class: &'static str,
    },
}

/// A class constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name in upper case, or as the attribute.
    pub name: String,
    /// Its value; without one only an annotation is written.
    pub value: Option<Value>,
    /// Its type as an annotation of builtins: `int`.
    pub annotation: String,
    /// Documentation.
    pub doc: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// An embedded value of a data type: columns `<attribute>_<part>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The attribute: `price`.
    pub name: String,
    /// The data type's class name: `Money`.
    pub type_name: String,
    /// The parts and their fields: (`amount`, `price_amount`).
    pub parts: Vec<(String, String)>,
    /// Whether it may be absent as a whole.
    pub optional: bool,
}

/// `class Meta`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// Only if it is not what Django derives.
    pub verbose_name: Option<String>,
    /// Only if it is not what Django derives.
    pub verbose_name_plural: Option<String>,
    /// Only if the default is too long or another one was asked for.
    pub db_table: Option<String>,
    /// What the database says about the table.
    pub db_table_comment: Option<String>,
    /// Field names, `-` in front of descending ones. Empty for abstract models and multi-table children.
    pub ordering: Vec<String>,
    /// Permissions besides Django's own: codes and labels.
    pub permissions: Vec<(String, String)>,
    /// Which of Django's own permissions there are, if not all.
    pub default_permissions: Option<Vec<String>>,
    /// Field names, `-` in front of descending ones.
    pub get_latest_by: Vec<String>,
    /// `managed = False`: somebody else makes the table.
    pub is_external: bool,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// Constraints.
    pub constraints: Vec<Constraint>,
}

impl Meta {
    /// Whether there is nothing to write. A concrete class then has no `class Meta` at all, and Django takes that of its
    /// first abstract base.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What lists of a model offer because somebody asked for it; where nothing is named, emitters choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Texts in which words are looked for.
    pub search: Vec<String>,
    /// Fields whose values filter.
    pub filter: Vec<String>,
    /// Fields that sort.
    pub sort: Vec<String>,
}

/// What `__str__` returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrMethod {
    /// One text field that is never null: `return self.name`.
    Text(String),
    /// Several fields, joined by blanks; or one that is no text.
    Fields(Vec<String>),
    /// The verbose name and the key: `order 7`.
    VerboseName,
    /// A text with fields in it, as it was asked for.
    Template(Vec<StrPart>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrPart {
    /// As it stands.
    Text(String),
    /// The value of a field.
    Field(String),
}

impl Model {
    /// A model with nothing in it.
    pub fn new(name: impl Into<String>, kind: ModelKind, origin: Origin) -> Self {
        Self {
            name: name.into(),
            kind,
            bases: Vec::new(),
            doc: None,
            constants: Vec::new(),
            fields: Vec::new(),
            kind_of: None,
            lookup: None,
            generics: Vec::new(),
            generic_relations: Vec::new(),
            meta: Meta::default(),
            rules: Vec::new(),
            methods: Vec::new(),
            queries: Vec::new(),
            behavior: None,
            lists: Lists::default(),
            str_method: None,
            embedded: Vec::new(),
            part_of: None,
            natural_key: Vec::new(),
            composite_key: Vec::new(),
            is_singleton: false,
            no_admin: false,
            api: Access::Write,
            earlier: None,
            origin,
        }
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The reference that the field called `name` is a part of.
    pub fn generic_with(&self, name: &str) -> Option<&Generic> {
        self.generics.iter().find(|generic| generic.kind == name || generic.key == name)
    }

    /// Whether its behavior defines `name`.
    pub fn is_defined_by_user(&self, name: &str) -> bool {
        self.behavior.as_ref().is_some_and(|behavior| behavior.defines(name))
    }

    /// Whether it has rows: a table, or that of its base.
    pub fn is_concrete(&self) -> bool {
        self.kind != ModelKind::Abstract
    }

    /// Whether it is another class for the rows of its base.
    pub fn is_proxy(&self) -> bool {
        self.kind == ModelKind::Proxy
    }
}
