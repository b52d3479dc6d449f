//! Types (django-mapping 1): from the name of a type to a field. The table is also what the book prints.

mod said;
mod table;

pub use crate::uml::wrapped::Many;
pub use table::{Extra, Size, TABLE, TypeRow};

use std::collections::BTreeMap;

use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::field::{Auto, CustomClass, FieldKind, Validator, Value};
use crate::python::{Dotted, Expr};
use crate::settings::Settings;
use crate::uml::wrapped::simple;
use crate::util::words;
use said::Said;

/// What a type's name says.
#[derive(Clone, Debug)]
pub struct FieldType {
    /// The row of the table.
    pub row: &'static TypeRow,
    /// The field with its length or digits. The path of a file field is left to the caller.
    pub kind: FieldKind,
    /// The name says many values: `List<..>`, `[]`.
    pub many: Option<Many>,
    /// The name says that there may be no value: `int?`, `Optional<..>`.
    pub optional: bool,
    /// Validators.
    pub validators: Vec<Validator>,
}

impl FieldType {
    /// The name that stands for all names of the row.
    pub fn name(&self) -> &'static str {
        self.row.names[0]
    }

    /// The least value where it must be a check constraint as well.
    pub fn check_min(&self) -> Option<&'static str> {
        self.row.extra.min.filter(|_| self.row.extra.check)
    }

    /// The default that a required value needs so that rows can be made at all: an empty object for JSON.
    pub fn empty_default(&self) -> Option<Value> {
        matches!(self.kind, FieldKind::Json).then(|| Value::Expr(Expr::Ref { module: "builtins", name: "dict" }))
    }
}

/// The field that the settings give to a type: by its name, by its normal form, or by its id.
///
/// The target of the setting is a name of the table; the caller reports it if it is not ([`row`] says so).
pub fn from_settings<'a>(
    name_or_id: &str,
    types: &'a BTreeMap<String, (String, Because)>,
) -> Option<(&'a str, FieldType, &'a Because)> {
    let (target, because) = types.get(name_or_id).or_else(|| {
        let wanted = simple(name_or_id);
        types.iter().find(|(name, _)| simple(name) == wanted).map(|(_, found)| found)
    })?;
    Some((target, from_table(target)?, because))
}

/// The field for a type that is known by its name.
pub fn from_table(name: &str) -> Option<FieldType> {
    let said = Said::read(name);
    let row = said.candidates.iter().find_map(|candidate| row(candidate))?;
    let extra = &row.extra;
    let mut validators = Vec::new();
    if let Some(min) = extra.min {
        validators.push(Validator::MinValue(Expr::Int(min.to_owned())));
    }
    if let Some(max) = extra.max {
        validators.push(Validator::MaxValue(Expr::Int(max.to_owned())));
    }
    if let Some((pattern, message)) = extra.regex {
        validators.push(Validator::Regex { pattern: pattern.to_owned(), message: message.to_owned() });
    }
    Some(FieldType { row, kind: sized(row, &said), many: said.many, optional: said.optional, validators })
}

/// The field of a class of Django's that we know, so that nothing about it has to be guessed. `like` gives it its size.
pub fn by_class(class: &Dotted, like: &FieldKind) -> Option<FieldKind> {
    if class.module() != "django.db.models" {
        return None;
    }
    let length = |otherwise: u32| match like {
        FieldKind::Char { max_length }
        | FieldKind::Email { max_length }
        | FieldKind::Url { max_length }
        | FieldKind::Slug { max_length } => *max_length,
        _ => otherwise,
    };
    let digits = |kind: &FieldKind| matches!(kind, FieldKind::Decimal { .. }).then(|| kind.clone());
    Some(match class.name() {
        "BooleanField" => FieldKind::Boolean,
        "SmallIntegerField" => FieldKind::SmallInteger,
        "IntegerField" => FieldKind::Integer,
        "BigIntegerField" => FieldKind::BigInteger,
        "PositiveSmallIntegerField" => FieldKind::PositiveSmallInteger,
        "PositiveIntegerField" => FieldKind::PositiveInteger,
        "PositiveBigIntegerField" => FieldKind::PositiveBigInteger,
        "FloatField" => FieldKind::Float,
        "DecimalField" => digits(like).unwrap_or(FieldKind::Decimal { max_digits: 19, decimal_places: 4 }),
        "CharField" => FieldKind::Char { max_length: length(255) },
        "TextField" => FieldKind::Text,
        "EmailField" => FieldKind::Email { max_length: length(254) },
        "URLField" => FieldKind::Url { max_length: length(2000) },
        "SlugField" => FieldKind::Slug { max_length: length(50) },
        "DateField" => FieldKind::Date { auto: Auto::No },
        "DateTimeField" => FieldKind::DateTime { auto: Auto::No },
        "TimeField" => FieldKind::Time { auto: Auto::No },
        "DurationField" => FieldKind::Duration,
        "UUIDField" => FieldKind::Uuid,
        "GenericIPAddressField" => FieldKind::GenericIpAddress,
        "JSONField" => FieldKind::Json,
        "BinaryField" => FieldKind::Binary,
        "FileField" => FieldKind::File { upload_to: String::new() },
        _ => return None,
    })
}

/// The class of somebody else's that the settings give to a type, with what its name says besides.
pub fn class_from_settings<'a>(
    name_or_id: &str,
    classes: &'a BTreeMap<String, (CustomClass, Because)>,
) -> Option<(FieldKind, &'a Because)> {
    let (custom, because) = classes.get(name_or_id).or_else(|| {
        let wanted = simple(name_or_id);
        classes.iter().find(|(name, _)| simple(name) == wanted).map(|(_, found)| found)
    })?;
    let kind = by_class(&custom.class, &FieldKind::Boolean).filter(|_| custom.kwargs.is_empty());
    let kind = kind.unwrap_or_else(|| FieldKind::Custom { class: custom.class.clone(), kwargs: custom.kwargs.clone() });
    Some((kind, because))
}

/// The name of a type without what says many or perhaps none: in normal form, whether many, whether perhaps none.
pub fn element(name: &str) -> (String, bool, bool) {
    let said = Said::read(name);
    (simple(&said.element), said.many.is_some(), said.optional)
}

/// The normal form of a type's name: names with one normal form are one type.
pub fn normal(name: &str) -> String {
    simple(name)
}

/// The row of a name in normal form.
pub fn row(name: &str) -> Option<&'static TypeRow> {
    TABLE.iter().find(|row| row.names.contains(&name)).or_else(|| {
        let short = name.strip_prefix("xs:")?;
        TABLE.iter().find(|row| row.names.contains(&short))
    })
}

/// The names nearest to one that nobody knows: of the model's own types and of the table.
pub fn nearest<'a>(name: &str, own: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let said = Said::read(name);
    let wanted = said.candidates.last().map_or(name, String::as_str);
    words::nearest(wanted, own.into_iter().chain(TABLE.iter().flat_map(|row| row.names.iter().copied())))
}

/// Reports types in the settings that stand for none of the table (U1403).
pub fn check_settings(settings: &Settings, report: &mut Report) {
    for (name, (target, because)) in &settings.types {
        if from_table(target).is_some() {
            continue;
        }
        let mut diagnostic =
            Diagnostic::new(&codes::U1403, format!("type `{name}` cannot be `{target}`: there is no such type"));
        if let Because::Setting { at: Some(at), .. } = because {
            diagnostic = diagnostic.here(*at, "this type");
        }
        report.add(match nearest(target, []).first() {
            Some(near) => diagnostic.help(format!("there is `{near}`")),
            None => diagnostic.help("it takes a name such as `string`, `decimal(10,2)` or `date`"),
        });
    }
}

/// The type that stands in a collection or an optional: `List<Order>` gives `Order`; other names stay.
pub fn element_name(name: &str) -> (String, Option<Many>, bool) {
    let said = Said::read(name);
    (said.element, said.many, said.optional)
}

fn sized(row: &TypeRow, said: &Said) -> FieldKind {
    let (first, second) = (said.numbers.first().copied(), said.numbers.get(1).copied());
    match (row.extra.size, &row.kind, first) {
        (Size::Length, FieldKind::Char { .. }, _) if said.is_max => FieldKind::Text,
        // PostgreSQL has no longer varchar.
        (Size::Length, FieldKind::Char { .. }, Some(length)) if length > 10_485_760 => FieldKind::Text,
        (Size::Length, FieldKind::Char { .. }, Some(length)) if length > 0 => FieldKind::Char { max_length: length },
        (Size::Length, FieldKind::Slug { .. }, Some(length)) if length > 0 => FieldKind::Slug { max_length: length },
        (Size::Digits, _, Some(digits)) => decimal(digits, second.unwrap_or(0)).unwrap_or_else(|| row.kind.clone()),
        (Size::Number, _, Some(digits)) if said.is_oracle_number => match second {
            None | Some(0) if digits <= 9 => FieldKind::Integer,
            None | Some(0) if digits <= 18 => FieldKind::BigInteger,
            _ => decimal(digits, second.unwrap_or(0)).unwrap_or_else(|| row.kind.clone()),
        },
        _ => row.kind.clone(),
    }
}

/// PostgreSQL allows 1,000 digits; more places than digits mean nothing.
fn decimal(max_digits: u32, decimal_places: u32) -> Option<FieldKind> {
    (max_digits > 0 && max_digits <= 1000 && decimal_places <= max_digits)
        .then_some(FieldKind::Decimal { max_digits, decimal_places })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::uml::wrapped::{LIST, SET};

    fn kind(name: &str) -> FieldKind {
        from_table(name).unwrap_or_else(|| panic!("{name} is unknown")).kind
    }

    #[test]
    fn the_same_type_is_known_under_the_names_of_all_tools() {
        for name in [
            "String",
            "uml:String",
            "xs:string",
            "xsd:string",
            "java.lang.String",
            "System.String",
            "pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml#String",
            "http://schema.omg.org/spec/UML/2.1/uml.xml#String",
            "EAJava_String",
            "EString",
            "PrimitiveTypes::String",
            "std::string",
            "const char*",
            "character varying(255)",
        ] {
            assert_eq!(kind(name), FieldKind::Char { max_length: 255 }, "{name}");
        }
        for name in ["int", "Integer", "EAJava_int", "EInt", "java.lang.Integer", "xs:int", "int(11)"] {
            assert_eq!(kind(name), FieldKind::Integer, "{name}");
        }
    }

    #[test]
    fn namespaces_tell_types_of_one_name_apart() {
        assert_eq!(kind("xs:integer"), FieldKind::Decimal { max_digits: 38, decimal_places: 0 });
        assert_eq!(
            kind("pathmap://UML_LIBRARIES/XMLPrimitiveTypes.library.uml#Integer"),
            FieldKind::Decimal { max_digits: 38, decimal_places: 0 }
        );
        assert_eq!(kind("java.util.Date"), FieldKind::DateTime { auto: Auto::No });
        assert_eq!(kind("java.sql.Date"), FieldKind::Date { auto: Auto::No });
        assert_eq!(kind("Byte"), FieldKind::SmallInteger);
        assert_eq!(kind("System.Byte"), FieldKind::PositiveSmallInteger);
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(kind("varchar(40)"), FieldKind::Char { max_length: 40 });
        assert_eq!(kind("VARCHAR2(20 BYTE)"), FieldKind::Char { max_length: 20 });
        assert_eq!(kind("nvarchar(max)"), FieldKind::Text);
        assert_eq!(kind("char"), FieldKind::Char { max_length: 1 });
        assert_eq!(kind("char[20]"), FieldKind::Char { max_length: 20 });
        assert_eq!(kind("decimal(10,2)"), FieldKind::Decimal { max_digits: 10, decimal_places: 2 });
        assert_eq!(kind("numeric(8)"), FieldKind::Decimal { max_digits: 8, decimal_places: 0 });
        assert_eq!(kind("decimal(2,8)"), FieldKind::Decimal { max_digits: 19, decimal_places: 4 });
        assert_eq!(kind("NUMBER(12)"), FieldKind::BigInteger);
        assert_eq!(kind("NUMBER(12,2)"), FieldKind::Decimal { max_digits: 12, decimal_places: 2 });
        assert_eq!(kind("timestamp(6) with time zone"), FieldKind::DateTime { auto: Auto::No });
        assert_eq!(kind("tinyint(1)"), FieldKind::Boolean);
    }

    #[test]
    fn collections_and_optionals_say_how_many_values_there_are() {
        for (name, many, optional) in [
            ("List<String>", Some(LIST), false),
            ("java.util.Set<Integer>", Some(SET), false),
            ("Set(Integer)", Some(SET), false),
            ("string[]", Some(LIST), false),
            ("int?", None, true),
            ("Nullable<int>", None, true),
            ("List<int?>", Some(LIST), true),
            ("byte[]", None, false),
            ("String[0..1],", None, true),
            ("String [0..*]", Some(LIST), false),
            ("String[1]", None, false),
            ("Map<String, Integer>", None, false),
        ] {
            let found = from_table(name).unwrap_or_else(|| panic!("{name} is unknown"));
            assert_eq!((found.many, found.optional), (many, optional), "{name}");
        }
        assert_eq!(kind("byte[]"), FieldKind::Binary);
        assert_eq!(kind("Map<String, List<Integer>>"), FieldKind::Json);
        assert_eq!(element_name("List<shop.Order>"), ("shop.Order".to_owned(), Some(LIST), false));
    }

    #[test]
    fn bounds_become_validators() {
        let byte = from_table("byte").expect("known");
        assert_eq!(byte.validators, [Validator::MinValue(Expr::int(-128)), Validator::MaxValue(Expr::int(127))]);
        assert_eq!(from_table("positiveInteger").expect("known").check_min(), Some("1"));
        assert_eq!(byte.check_min(), None);
    }

    #[test]
    fn unknown_names_are_unknown_and_have_neighbours() {
        for name in ["", "Moneyy", "Order", "Class<T>", "()", "[]", "?", "*", "<>"] {
            assert!(from_table(name).is_none(), "{name}");
        }
        assert_eq!(nearest("Moneyy", ["Order"]), ["money"]);
        assert_eq!(nearest("Ordr", ["Order"]), ["Order"]);
    }

    #[test]
    fn settings_speak_before_the_table() {
        let because = Because::Setting { key: "types.Money".to_owned(), at: None };
        let types = BTreeMap::from([("Geld".to_owned(), ("decimal(12,2)".to_owned(), because.clone()))]);
        let (target, found, why) = from_settings("geld", &types).expect("known");
        assert_eq!((target, why), ("decimal(12,2)", &because));
        assert_eq!(found.kind, FieldKind::Decimal { max_digits: 12, decimal_places: 2 });
        assert!(from_settings("money", &types).is_none());
    }

    #[test]
    fn settings_that_name_no_type_are_told() {
        let (mut sources, mut report) = (crate::source::Sources::default(), Report::default());
        let text = "[types]\nGeld = \"decimal(12,2)\"\nWert = \"moneyy\"\n";
        let settings = crate::settings::load(Some(("umlaut.toml", text)), &mut sources, &mut report);
        check_settings(&settings, &mut report);
        let [found] = report.diagnostics() else { panic!("{report:?}") };
        assert_eq!(found.message, "type `Wert` cannot be `moneyy`: there is no such type");
        assert_eq!(found.place().map(|at| sources.text(at)), Some("\"moneyy\""));
        assert_eq!(found.help, ["there is `money`"]);
    }

    #[test]
    fn no_name_of_the_table_is_there_twice() {
        let mut names: Vec<&str> = TABLE.iter().flat_map(|row| row.names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for name in names {
            assert!(from_table(name).is_some(), "{name} cannot be read");
        }
    }

    proptest! {
        #[test]
        fn no_name_stops_the_reader(name in "[\\PC<>()\\[\\]?*&,#:._]{0,40}") {
            let _ = (from_table(&name), element_name(&name), nearest(&name, []));
        }
    }
}
