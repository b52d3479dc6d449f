//! What a field is in a table (`Field.db_parameters`, `DatabaseWrapper.data_types`).

use super::expression::{self, Fields};
use super::literal::{self, Value};
use super::table::{self, Target};
use super::{Untold, name};
use crate::django::state::{FieldState, ModelState, State};
use crate::python::Expr;
use crate::python::repr::{Imports, repr};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The field's name.
    pub(super) field: String,
    /// The column's.
    pub(super) name: String,
    /// What Django calls its type (`Field.get_internal_type`).
    pub(super) internal: String,
    /// What PostgreSQL calls it: `varchar(20)`.
    pub(super) ty: String,
    /// The type without its measures: between two of one kind nothing is cast.
    pub(super) base: String,
    pub(super) null: bool,
    pub(super) primary_key: bool,
    /// Primary keys are unique, too.
    pub(super) unique: bool,
    pub(super) db_index: bool,
    /// What rows get that say nothing, whoever says it.
    pub(super) default: Option<Value>,
    /// Why that is not known.
    pub(super) untold: Option<Untold>,
    /// Whether Django made the field by itself.
    pub(super) is_automatic: bool,
    /// Whether the field itself says it.
    pub(super) has_default: bool,
    pub(super) db_default: Option<Computed>,
    pub(super) generated: Option<Computed>,
    pub(super) target: Option<Key>,
    pub(super) comment: Option<String>,
    /// Everything that is said about it and matters to the database, to be compared.
    pub(super) essence: String,
}

/// An expression in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Computed {
    pub(super) sql: String,
    /// Whether it holds values: then Django writes constraints apart.
    pub(super) has_values: bool,
}

/// Where a foreign key leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) to: Target,
    /// Whether the database checks it.
    pub(super) is_checked: bool,
    pub(super) on_delete: &'static str,
}

/// Arguments that change nothing in a column (`Field.non_db_attrs`). The name of the column is compared by itself, and so is where
/// a relation leads.
const BESIDE: &[&str] = &[
    "blank",
    "choices",
    "db_column",
    "editable",
    "error_messages",
    "help_text",
    "limit_choices_to",
    "related_name",
    "related_query_name",
    "validators",
    "verbose_name",
    "to",
    "db_default",
];

/// The parts of a call, whoever wrote it.
pub(super) struct Call<'a> {
    pub(super) module: String,
    pub(super) name: String,
    kwargs: Vec<(&'a str, &'a Expr)>,
}

impl<'a> Call<'a> {
    pub(super) fn of(expr: &'a Expr) -> Option<Self> {
        match expr {
            Expr::Call { module, name, kwargs, .. } => Some(Self {
                module: (*module).to_owned(),
                name: (*name).to_owned(),
                kwargs: kwargs.iter().map(|(key, value)| (*key, value)).collect(),
            }),
            Expr::Construct { class, kwargs } => Some(Self {
                module: class.module().to_owned(),
                name: class.name().to_owned(),
                kwargs: kwargs.iter().map(|(key, value)| (key.as_str(), value)).collect(),
            }),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Expr> {
        self.kwargs.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    fn is(&self, key: &str) -> bool {
        self.get(key) == Some(&Expr::Bool(true))
    }

    /// Whether anything else is said.
    pub(super) fn is_more_than(&self, known: &[&str]) -> bool {
        self.kwargs.iter().any(|(key, _)| !known.contains(key))
    }

    /// The number that is said, else `default`.
    fn number(&self, key: &str, default: Option<&str>) -> Option<String> {
        match self.get(key) {
            Some(Expr::Int(digits)) => Some(digits.clone()),
            _ => default.map(str::to_owned),
        }
    }
}

/// What a class of fields is to the database: its internal type, its type, and that without measures.
struct Type {
    internal: &'static str,
    ty: String,
    base: String,
}

/// The type of a field that is no relation.
fn ty(call: &Call<'_>) -> Result<Type, Untold> {
    let unknown = || Untold(format!("`{}.{}` is a class of fields that is not Django's", call.module, call.name));
    let sized = |internal, base: &str, default| {
        let ty = call.number("max_length", default).map_or_else(|| "varchar".to_owned(), |it| format!("varchar({it})"));
        Type { internal, ty, base: base.to_owned() }
    };
    let plain = |internal, ty: &str| Type { internal, ty: ty.to_owned(), base: ty.to_owned() };
    if call.get("db_collation").is_some() || call.get("db_tablespace").is_some() {
        return Err(Untold("collations and tablespaces".to_owned()));
    }
    if call.module.starts_with("django.contrib.postgres") {
        return Ok(match call.name.as_str() {
            "ArrayField" => {
                let base = call.get("base_field").and_then(Call::of).ok_or_else(unknown)?;
                let base = ty(&base)?;
                let size = call.number("size", None).unwrap_or_default();
                Type { internal: "ArrayField", ty: format!("{}[{size}]", base.ty), base: base.base }
            }
            "HStoreField" => plain("HStoreField", "hstore"),
            "SearchVectorField" => plain("SearchVectorField", "tsvector"),
            "DateRangeField" => plain("DateRangeField", "daterange"),
            "DateTimeRangeField" => plain("DateTimeRangeField", "tstzrange"),
            "IntegerRangeField" => plain("IntegerRangeField", "int4range"),
            "BigIntegerRangeField" => plain("BigIntegerRangeField", "int8range"),
            "DecimalRangeField" => plain("DecimalRangeField", "numrange"),
            _ => return Err(unknown()),
        });
    }
    if call.module != "django.db.models" {
        return Err(unknown());
    }
    Ok(match call.name.as_str() {
        "AutoField" => plain("AutoField", "integer"),
        "BigAutoField" => plain("BigAutoField", "bigint"),
        "SmallAutoField" => plain("SmallAutoField", "smallint"),
        "BinaryField" => plain("BinaryField", "bytea"),
        "BooleanField" => plain("BooleanField", "boolean"),
        "CharField" => sized("CharField", "text of a length", None),
        "EmailField" => sized("CharField", "text of a length", Some("254")),
        "URLField" => sized("CharField", "text of a length", Some("200")),
        "SlugField" => sized("SlugField", "varchar", Some("50")),
        "FileField" | "ImageField" => sized("FileField", "varchar", Some("100")),
        "FilePathField" => sized("FilePathField", "varchar", Some("100")),
        "DateField" => plain("DateField", "date"),
        "DateTimeField" => plain("DateTimeField", "timestamp with time zone"),
        "DecimalField" => {
            let (digits, places) = (call.number("max_digits", None), call.number("decimal_places", None));
            let ty = match (digits, places) {
                (Some(digits), Some(places)) => format!("numeric({digits}, {places})"),
                (None, None) => "numeric".to_owned(),
                _ => return Err(unknown()),
            };
            Type { internal: "DecimalField", ty, base: "numeric".to_owned() }
        }
        "DurationField" => plain("DurationField", "interval"),
        "FloatField" => plain("FloatField", "double precision"),
        "IntegerField" => plain("IntegerField", "integer"),
        "BigIntegerField" => plain("BigIntegerField", "bigint"),
        "SmallIntegerField" => plain("SmallIntegerField", "smallint"),
        "PositiveIntegerField" => plain("PositiveIntegerField", "integer"),
        "PositiveBigIntegerField" => plain("PositiveBigIntegerField", "bigint"),
        "PositiveSmallIntegerField" => plain("PositiveSmallIntegerField", "smallint"),
        "GenericIPAddressField" => plain("GenericIPAddressField", "inet"),
        "JSONField" => plain("JSONField", "jsonb"),
        "TextField" => plain("TextField", "text"),
        "TimeField" => plain("TimeField", "time"),
        "UUIDField" => plain("UUIDField", "uuid"),
        _ => return Err(unknown()),
    })
}

/// Internal types that cannot hold the empty text (`Field.empty_strings_allowed`).
fn holds_empty_text(internal: &str) -> bool {
    matches!(internal, "CharField" | "TextField" | "SlugField" | "FileField" | "FilePathField" | "BinaryField")
}

impl Column {
    /// The column of a field; `None` if it has none.
    pub(super) fn of(state: &State, model: &ModelState, field: &FieldState) -> Result<Option<Self>, Untold> {
        // A key of several columns is none itself.
        if field.is_many_to_many() || field.is_composite() {
            return Ok(None);
        }
        let call = Call::of(&field.call).ok_or_else(|| Untold(format!("the field `{}`", field.name)))?;
        let target = match &field.relation {
            None => None,
            Some(relation) => Some(Key {
                to: table::target(state, &relation.to, call.get("to_field"))?,
                is_checked: call.get("db_constraint") != Some(&Expr::Bool(false)),
                on_delete: on_delete(call.get("on_delete")),
            }),
        };
        let generated = call.name == "GeneratedField";
        let kind = match (&target, generated) {
            (Some(key), _) => {
                let internal = if call.name == "OneToOneField" { "OneToOneField" } else { "ForeignKey" };
                Type { internal, ty: key.to.ty.clone(), base: key.to.ty.clone() }
            }
            (None, true) => {
                let output = call.get("output_field").and_then(Call::of);
                ty(&output.ok_or_else(|| Untold("a generated column without a type".to_owned()))?)?
            }
            (None, false) => ty(&call)?,
        };
        let fields = Fields { model };
        let computed = |expr| expression::value(&fields, expr, kind.internal);
        let primary_key = field.primary_key || call.is("primary_key");
        let is_key = target.is_some();
        let is_indexed = match call.get("db_index") {
            Some(said) => *said == Expr::Bool(true),
            None => is_key || kind.internal == "SlugField",
        };
        let mut column = Self {
            field: field.name.clone(),
            name: match call.get("db_column") {
                Some(Expr::Str(name)) => name.clone(),
                _ if is_key => format!("{}_id", field.name),
                _ => field.name.clone(),
            },
            internal: kind.internal.to_owned(),
            ty: kind.ty,
            base: kind.base,
            null: call.is("null"),
            primary_key,
            unique: primary_key || call.is("unique") || call.name == "OneToOneField",
            db_index: is_indexed,
            default: None,
            untold: None,
            is_automatic: call.is("auto_created"),
            has_default: call.get("default").is_some(),
            db_default: call.get("db_default").map(computed).transpose()?,
            generated: match call.get("expression").filter(|_| generated) {
                Some(expr) => Some(expression::generated(&fields, expr)?),
                None => None,
            },
            comment: match call.get("db_comment") {
                Some(Expr::Str(text)) => Some(text.clone()),
                _ => None,
            },
            essence: essence(&call),
            target,
        };
        match column.rows_get(&call) {
            Ok(default) => column.default = default,
            Err(untold) => column.untold = Some(untold),
        }
        Ok(Some(column))
    }

    /// What rows get that say nothing (`BaseDatabaseSchemaEditor.effective_default`).
    fn rows_get(&self, call: &Call<'_>) -> Result<Option<Value>, Untold> {
        let internal = self.target.as_ref().map_or(self.internal.as_str(), |key| key.to.internal.as_str());
        let is_blank = call.is("blank") && !self.null && self.target.is_none();
        let is_now = call.is("auto_now") || call.is("auto_now_add");
        Ok(match call.get("default") {
            Some(Expr::None) => None,
            Some(default) => Some(literal::value(default, internal)?),
            None if self.generated.is_some() => None,
            None if is_blank && holds_empty_text(internal) => Some(literal::empty(internal)),
            None if is_now => literal::moment(internal),
            None => None,
        })
    }

    /// A column with nothing but name, type and key, as tables of many-to-many relations have them.
    pub(super) fn plain(field: &str, name: String, internal: &str, ty: &str) -> Self {
        Self {
            field: field.to_owned(),
            name,
            internal: internal.to_owned(),
            ty: ty.to_owned(),
            base: ty.to_owned(),
            null: false,
            primary_key: false,
            unique: false,
            db_index: false,
            default: None,
            untold: None,
            is_automatic: false,
            has_default: false,
            db_default: None,
            generated: None,
            target: None,
            comment: None,
            essence: String::new(),
        }
    }

    /// Whether it is known what rows get that say nothing.
    ///
    /// # Errors
    ///
    /// If only Django can tell.
    pub(super) fn is_told(&self) -> Result<(), Untold> {
        self.untold.clone().map_or(Ok(()), Err)
    }

    pub(super) fn is_auto(&self) -> bool {
        matches!(self.internal.as_str(), "AutoField" | "BigAutoField" | "SmallAutoField")
    }

    /// Whether negative numbers are refused.
    pub(super) fn is_positive(&self) -> bool {
        matches!(
            self.internal.as_str(),
            "PositiveIntegerField" | "PositiveBigIntegerField" | "PositiveSmallIntegerField"
        )
    }

    /// ` CHECK ("x" >= 0)`, or nothing.
    pub(super) fn check(&self) -> Option<String> {
        self.is_positive().then(|| format!("{} >= 0", name::quoted(&self.name)))
    }

    pub(super) fn suffix(&self) -> Option<&'static str> {
        self.is_auto().then_some("GENERATED BY DEFAULT AS IDENTITY")
    }

    /// `varchar(20) DEFAULT 'x' NOT NULL UNIQUE` (`column_sql`), and whether there are values in it.
    pub(super) fn definition(&self, with_default: bool) -> (String, bool) {
        let mut parts = vec![self.ty.clone()];
        let mut has_values = false;
        if let Some(default) = &self.db_default {
            has_values |= default.has_values;
            parts.push(format!("DEFAULT {}", default.sql));
        } else if let Some(default) = self.default.as_ref().filter(|_| with_default) {
            has_values = true;
            parts.push(format!("DEFAULT {}", default.sql));
        }
        if let Some(generated) = &self.generated {
            has_values |= generated.has_values;
            parts.push(format!("GENERATED ALWAYS AS ({}) STORED", generated.sql));
        } else {
            parts.push(if self.null { "NULL" } else { "NOT NULL" }.to_owned());
        }
        if self.primary_key {
            parts.push("PRIMARY KEY".to_owned());
        } else if self.unique {
            parts.push("UNIQUE".to_owned());
        }
        (parts.join(" "), has_values)
    }
}

fn on_delete(rule: Option<&Expr>) -> &'static str {
    match rule {
        Some(Expr::Ref { name: "DB_CASCADE", .. }) => " ON DELETE CASCADE",
        Some(Expr::Ref { name: "DB_SET_NULL", .. }) => " ON DELETE SET NULL",
        Some(Expr::Ref { name: "DB_SET_DEFAULT", .. }) => " ON DELETE SET DEFAULT",
        _ => "",
    }
}

fn essence(call: &Call<'_>) -> String {
    let is_rule_of_database = !on_delete(call.get("on_delete")).is_empty();
    let matters = |key: &str| !BESIDE.contains(&key) && (key != "on_delete" || is_rule_of_database);
    let mut parts: Vec<String> = call
        .kwargs
        .iter()
        .filter(|(key, _)| matters(key))
        .map(|(key, value)| format!("{key}={}", repr(value, &mut Imports::default())))
        .collect();
    parts.sort();
    format!("{}.{}({})", call.module, call.name, parts.join(", "))
}

/// What is compared of a many-to-many relation; where it leads is compared by itself.
pub(super) fn essence_of_many(field: &FieldState) -> String {
    Call::of(&field.call).map_or_else(String::new, |call| essence(&call))
}
