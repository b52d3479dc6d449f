//! Fields.

use super::expr::{Condition, Formula};
use super::project::{ModelKey, Origin};
use crate::python::{Dotted, Expr, Identifier};

/// A field of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its class with that class's own arguments.
    pub kind: FieldKind,
    /// `null=True`
    pub null: bool,
    /// `blank=True`
    pub blank: bool,
    /// `unique=True` (never for a one-to-one, which is unique by nature)
    pub unique: bool,
    /// `primary_key=True`
    pub primary_key: bool,
    /// `editable=False` if false
    pub editable: bool,
    /// `db_index`: `Some(true)` to add, `Some(false)` to leave out that of a foreign key.
    pub db_index: Option<bool>,
    /// `default=`
    pub default: Option<Box<Value>>,
    /// `db_default=`: what the database fills in.
    pub db_default: Option<Box<Value>>,
    /// What rows get that are there when the field comes or becomes required.
    pub filling: Option<Box<Value>>,
    /// `db_comment=`
    pub db_comment: Option<String>,
    /// `db_collation=`
    pub db_collation: Option<String>,
    /// What the API and lists show of it.
    pub exposure: Exposure,
    /// The class of its input in forms, if one was asked for.
    pub widget: Option<Dotted>,
    /// What makes the storage of its files, if not the project's.
    pub storage: Option<Dotted>,
    /// `choices=`: an enumeration of the project; of a relation the codes of the rows to which it may lead.
    pub choices: Option<ModelKey>,
    /// Only if it is not what Django derives from the name.
    pub verbose_name: Option<String>,
    /// One sentence of plain text.
    pub help_text: Option<String>,
    /// `db_column=`
    pub db_column: Option<String>,
    /// Validators, in the order in which they are written.
    pub validators: Vec<Validator>,
    /// Whether its value stays what it was when the row was made.
    pub set_once: bool,
    /// What it keeps about the row that nobody fills in, if it does.
    pub kept: Option<Kept>,
    /// Of a key: what filters of the other side call it, if that was asked for.
    pub related_query_name: Option<String>,
    /// `db_constraint=False`: a key that the database does not check.
    pub no_constraint: bool,
    /// Of a key: how the rows that hold it are shown in the admin with the one that it leads to, if that was asked for.
    pub inline: Option<Inline>,
    /// Of a key: how many rows there must be for each that it leads to.
    pub least: u32,
    /// The models that have it, of several that share its table; empty if all do.
    pub only_for: Vec<ModelKey>,
    /// What it was called before, if the diagram says so: a model path, or a name in the same class.
    pub earlier: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What the API and lists show of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exposure {
    /// Its value.
    #[default]
    Shown,
    /// Nothing: it is written and never shown.
    Written,
    /// Nothing, and nobody writes it there.
    Kept,
}

/// What a field keeps about its row that nobody fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The user who made the row, or changed it last: admin and API know it.
    Signer,
    /// When the row was deleted.
    Deletion,
    /// How often the row was saved.
    Version,
}

/// How parts are shown on the page of their owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Not there.
    None,
    /// A row each.
    Tabular,
    /// One below the other.
    Stacked,
}

/// A value as Python writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A literal or a callable.
    Expr(Expr),
    /// A member of an enumeration of the project: written as the member in `models.py`, as its value in migrations.
    Member {
        /// The enumeration.
        choices: ModelKey,
        /// The member's name.
        member: String,
    },
}

/// Classes of fields.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs)]
pub enum FieldKind {
    Boolean,
    SmallInteger,
    Integer,
    BigInteger,
    PositiveSmallInteger,
    PositiveInteger,
    PositiveBigInteger,
    Float,
    Decimal {
        max_digits: u32,
        decimal_places: u32,
    },
    Char {
        max_length: u32,
    },
    Text,
    Email {
        max_length: u32,
    },
    Url {
        max_length: u32,
    },
    Slug {
        max_length: u32,
    },
    Date {
        auto: Auto,
    },
    DateTime {
        auto: Auto,
    },
    Time {
        auto: Auto,
    },
    Duration,
    Uuid,
    GenericIpAddress,
    Json,
    Binary,
    File {
        upload_to: String,
    },
    /// An explicit automatic key: `BigAutoField(primary_key=True)`.
    BigAuto,
    /// `ArrayField(base, size=..)` of PostgreSQL. Of the field of its values only the class with its arguments, `choices` and
    /// `validators` count.
    Array(Box<Field>),
    /// `GeneratedField(expression=.., output_field=.., db_persist=True)`: the database computes it. Of the output only the
    /// class with its arguments counts.
    Generated {
        formula: Formula,
        output: Box<Field>,
    },
    /// A class that somebody else has made, with the arguments that only it has.
    Custom {
        class: Dotted,
        kwargs: Vec<(Identifier, Expr)>,
    },
    /// Boxed, as the relations below, because they are several times as large as the others, and rarer.
    ForeignKey(Box<ForeignKey>),
    OneToOne(Box<ForeignKey>),
    ManyToMany(Box<ManyToMany>),
}

impl FieldKind {
    /// The type of what a field of this kind holds: its module and its name.
    pub fn python_type(&self) -> (&'static str, &'static str) {
        match self {
            Self::Boolean => ("builtins", "bool"),
            Self::SmallInteger
            | Self::Integer
            | Self::BigInteger
            | Self::PositiveSmallInteger
            | Self::PositiveInteger
            | Self::PositiveBigInteger
            | Self::BigAuto => ("builtins", "int"),
            Self::Float => ("builtins", "float"),
            Self::Decimal { .. } => ("decimal", "Decimal"),
            Self::Char { .. }
            | Self::Text
            | Self::Email { .. }
            | Self::Url { .. }
            | Self::Slug { .. }
            | Self::GenericIpAddress => ("builtins", "str"),
            Self::Date { .. } => ("datetime", "date"),
            Self::DateTime { .. } => ("datetime", "datetime"),
            Self::Time { .. } => ("datetime", "time"),
            Self::Duration => ("datetime", "timedelta"),
            Self::Uuid => ("uuid", "UUID"),
            Self::Binary => ("builtins", "bytes"),
            Self::Array(_) => ("builtins", "list"),
            Self::Json
            | Self::Generated { .. }
            | Self::Custom { .. }
            | Self::File { .. }
            | Self::ForeignKey(_)
            | Self::OneToOne(_)
            | Self::ManyToMany(_) => ("typing", "Any"),
        }
    }

    /// Whether it leads to a content type: the half of a reference to rows of several tables.
    pub fn is_content_type(&self) -> bool {
        matches!(self, Self::ForeignKey(key) if key.is_content_type())
    }

    /// Whether it holds text.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Char { .. } | Self::Text | Self::Email { .. } | Self::Url { .. } | Self::Slug { .. })
    }
}

/// A class that somebody else has made, with the arguments that only it has.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomClass {
    /// The class.
    pub class: Dotted,
    /// Its arguments.
    pub kwargs: Vec<(Identifier, Expr)>,
}

/// Whether a date field sets itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auto {
    /// It does not.
    #[default]
    No,
    /// `auto_now=True`
    Now,
    /// `auto_now_add=True`
    NowAdd,
}

/// The arguments of `ForeignKey` and `OneToOneField`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The model it leads to; equal to the model it stands in for `"self"`.
    pub to: ModelKey,
    /// The rule for deletion.
    pub on_delete: OnDelete,
    /// The reverse name; `+` for none. In abstract models it may hold `%(app_label)s` and `%(class)s`.
    pub related_name: Option<String>,
    /// `parent_link=True`
    pub parent_link: bool,
    /// `to_field=`: the unique field that the key holds, if it is not the primary key.
    pub to_field: Option<String>,
    /// `limit_choices_to=`: which rows it may lead to.
    pub limit: Option<Condition>,
}

/// The arguments of `ManyToManyField`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyToMany {
    /// The model it leads to.
    pub to: ModelKey,
    /// The through model, if it is not automatic.
    pub through: Option<ModelKey>,
    /// The two keys of the through model, if Django cannot find them: source first.
    pub through_fields: Option<(String, String)>,
    /// The reverse name.
    pub related_name: Option<String>,
    /// Only of relations to itself: `symmetrical=` as decided.
    pub symmetrical: Option<bool>,
    /// `db_table=` of the automatic table, if its default is too long.
    pub db_table: Option<String>,
}

/// What happens to the holder of a key when the referenced row goes. What begins with `Db` the database does itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs)]
pub enum OnDelete {
    Cascade,
    Protect,
    Restrict,
    SetNull,
    SetDefault,
    DoNothing,
    DbCascade,
    DbSetNull,
    /// `SET(callable)`
    Set(Dotted),
}

impl OnDelete {
    /// Whether the holder goes too.
    pub fn cascades(&self) -> bool {
        matches!(self, Self::Cascade | Self::DbCascade)
    }

    /// Whether the holder's key becomes empty.
    pub fn empties(&self) -> bool {
        matches!(self, Self::SetNull | Self::DbSetNull)
    }

    /// Whether the database does it itself.
    pub fn is_of_database(&self) -> bool {
        matches!(self, Self::DbCascade | Self::DbSetNull)
    }

    /// `CASCADE`
    pub fn name(&self) -> &'static str {
        match self {
            Self::Set(_) => "SET",
            Self::Cascade => "CASCADE",
            Self::Protect => "PROTECT",
            Self::Restrict => "RESTRICT",
            Self::SetNull => "SET_NULL",
            Self::SetDefault => "SET_DEFAULT",
            Self::DoNothing => "DO_NOTHING",
            Self::DbCascade => "DB_CASCADE",
            Self::DbSetNull => "DB_SET_NULL",
        }
    }
}

/// A validator of `django.core.validators`.
#[derive(Clone, Debug, PartialEq)]
pub enum Validator {
    /// `MinValueValidator(limit)`
    MinValue(Expr),
    /// `MaxValueValidator(limit)`
    MaxValue(Expr),
    /// `MinLengthValidator(limit)`
    MinLength(u32),
    /// `MaxLengthValidator(limit)`
    MaxLength(u32),
    /// `ArrayMinLengthValidator(limit)`: the fewest values of a list.
    MinCount(u32),
    /// `ArrayMaxLengthValidator(limit)`: the most values of a list.
    MaxCount(u32),
    /// A validator that somebody else has made.
    Custom(Dotted),
    /// `RegexValidator(pattern, message)`
    Regex {
        /// The pattern.
        pattern: String,
        /// The message, translated in `models.py`.
        message: String,
    },
}

impl ForeignKey {
    /// A key to the user who signs in, whichever model that is: `lower` knows it. There is no way back.
    pub fn of_user() -> Self {
        Self {
            to: ModelKey::new("settings", "AUTH_USER_MODEL"),
            on_delete: OnDelete::SetNull,
            related_name: Some("+".to_owned()),
            parent_link: false,
            to_field: None,
            limit: None,
        }
    }

    /// Whether it leads to the user who signs in.
    pub fn is_of_user(&self) -> bool {
        self.to.app == "settings"
    }

    /// Whether it leads to a content type: the half of a reference to rows of several tables.
    pub fn is_content_type(&self) -> bool {
        self.to.app == "contenttypes"
    }
}

impl Field {
    /// A required field with nothing but its class.
    pub fn new(name: impl Into<String>, kind: FieldKind, origin: Origin) -> Self {
        Self {
            name: name.into(),
            kind,
            null: false,
            blank: false,
            unique: false,
            primary_key: false,
            editable: true,
            db_index: None,
            default: None,
            db_default: None,
            filling: None,
            db_comment: None,
            db_collation: None,
            exposure: Exposure::Shown,
            widget: None,
            storage: None,
            choices: None,
            verbose_name: None,
            help_text: None,
            db_column: None,
            validators: Vec::new(),
            set_once: false,
            kept: None,
            related_query_name: None,
            no_constraint: false,
            inline: None,
            least: 0,
            only_for: Vec::new(),
            earlier: None,
            origin,
        }
    }

    /// Whether it is the user who made the row, or changed it last.
    pub fn is_signed(&self) -> bool {
        self.kept == Some(Kept::Signer)
    }

    /// Whether it leads to rows.
    pub fn is_relation(&self) -> bool {
        matches!(self.kind, FieldKind::ForeignKey(_) | FieldKind::OneToOne(_) | FieldKind::ManyToMany(_))
    }

    /// Whether two rows cannot have the same value; a key that each row has alone may lead to a row of its own all the same.
    pub fn is_unique(&self) -> bool {
        self.unique || self.primary_key || self.is_lookup() && matches!(self.kind, FieldKind::OneToOne(_))
    }

    /// Whether it leads to rows that every database has: the literals of an enumeration.
    pub fn is_lookup(&self) -> bool {
        self.choices.is_some() && self.is_relation()
    }

    /// The attribute that holds its value: `customer_id` for a key `customer`.
    pub fn attribute(&self) -> String {
        if self.foreign_key().is_some() { format!("{}_id", self.name) } else { self.name.clone() }
    }

    /// The key or one-to-one, if it is one.
    pub fn foreign_key(&self) -> Option<&ForeignKey> {
        match &self.kind {
            FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => Some(key),
            _ => None,
        }
    }

    /// The many-to-many relation, if it is one.
    pub fn many_to_many(&self) -> Option<&ManyToMany> {
        match &self.kind {
            FieldKind::ManyToMany(relation) => Some(relation),
            _ => None,
        }
    }

    /// The column: `customer_id` for a key `customer`; `None` for many-to-many.
    pub fn column(&self) -> Option<String> {
        match &self.kind {
            FieldKind::ManyToMany(_) => None,
            _ if self.db_column.is_some() => self.db_column.clone(),
            FieldKind::ForeignKey(_) | FieldKind::OneToOne(_) => Some(format!("{}_id", self.name)),
            _ => Some(self.name.clone()),
        }
    }

    /// Whether only PostgreSQL has such columns.
    pub fn is_of_postgres(&self) -> bool {
        match &self.kind {
            FieldKind::Array(_) => true,
            FieldKind::Custom { class, .. } => class.module().starts_with("django.contrib.postgres"),
            FieldKind::Generated { output, .. } => output.is_of_postgres(),
            _ => false,
        }
    }

    /// Whether answers of the API, lists and searches have its value.
    pub fn is_shown(&self) -> bool {
        self.exposure == Exposure::Shown
    }

    /// Whether it holds text.
    pub fn is_text(&self) -> bool {
        self.kind.is_text()
    }

    /// Whether a row cannot be made without saying it.
    pub fn is_required(&self) -> bool {
        let automatic = match self.kind {
            FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto != Auto::No,
            FieldKind::BigAuto | FieldKind::Generated { .. } => true,
            _ => false,
        };
        !(self.null || self.blank || self.default.is_some() || self.db_default.is_some() || automatic)
    }
}
