//! Types (django-mapping 1): from the name of a type to a field. The table below is also what the book prints.

use std::collections::BTreeMap;

use crate::decision::Because;
use crate::django::field::{Auto, FieldKind, Validator, Value};
use crate::python::Expr;
use crate::util::words;

/// A row of the table.
#[derive(Debug)]
pub struct TypeRow {
    /// Names in normal form: lower case, without blanks and `_`. The first one stands for all.
    pub names: &'static [&'static str],
    /// The field, as it is without `(n)` or `(p,s)`.
    pub kind: FieldKind,
    /// What the field needs beyond its class.
    pub extra: Extra,
}

/// What a field needs beyond its class.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// What numbers in parentheses mean.
    pub size: Size,
    /// The least value.
    pub min: Option<&'static str>,
    /// The greatest value.
    pub max: Option<&'static str>,
    /// The least value is a check constraint too.
    pub check: bool,
    /// NULL has a meaning of its own: `*`.
    pub nullable: bool,
    /// A pattern and what people are told.
    pub regex: Option<(&'static str, &'static str)>,
    /// What `explain` adds.
    pub note: Option<&'static str>,
}

/// What numbers in parentheses mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Nothing.
    Ignored,
    /// The number of characters.
    Length,
    /// Digits, and how many of them stand behind the point.
    Digits,
    /// As `Digits`; without places it is an integer that is wide enough.
    Number,
}

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

/// What a collection type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Many {
    /// `Set<..>`
    pub unique: bool,
    /// `List<..>`, `[]`
    pub ordered: bool,
}

impl FieldType {
    /// Why, for `explain`: `a CharField holds string`.
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

const PLAIN: Extra =
    Extra { size: Size::Ignored, min: None, max: None, check: false, nullable: false, regex: None, note: None };
const LENGTH: Extra = Extra { size: Size::Length, ..PLAIN };
const DIGITS: Extra = Extra { size: Size::Digits, ..PLAIN };

const fn between(min: &'static str, max: &'static str) -> Extra {
    Extra { min: Some(min), max: Some(max), ..PLAIN }
}

const fn at_most(max: &'static str) -> Extra {
    Extra { max: Some(max), ..PLAIN }
}

const fn noted(note: &'static str) -> Extra {
    Extra { note: Some(note), ..PLAIN }
}

/// The table, in the order of the book.
pub static TABLE: &[TypeRow] = &[
    TypeRow { names: &["boolean", "bool", "eboolean", "bit", "logical"], kind: FieldKind::Boolean, extra: PLAIN },
    TypeRow {
        names: &[
            "integer",
            "int",
            "int32",
            "eint",
            "eintegerobject",
            "number",
            "xs:int",
            "mediumint",
            "serial",
            "longint",
        ],
        kind: FieldKind::Integer,
        extra: Extra { size: Size::Number, ..PLAIN },
    },
    TypeRow {
        names: &["byte", "sbyte", "int8", "xs:byte", "ebyte", "tinyint"],
        kind: FieldKind::SmallInteger,
        extra: between("-128", "127"),
    },
    TypeRow {
        names: &["short", "int16", "smallint", "xs:short", "eshort", "shortint"],
        kind: FieldKind::SmallInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &["long", "int64", "elong", "bigint", "xs:long", "longlong", "bigserial"],
        kind: FieldKind::BigInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &["biginteger", "xs:integer", "ebiginteger", "bigint38"],
        kind: FieldKind::Decimal { max_digits: 38, decimal_places: 0 },
        extra: noted("an integer without bounds has 38 digits"),
    },
    TypeRow {
        names: &["unlimitednatural"],
        kind: FieldKind::PositiveBigInteger,
        extra: Extra { nullable: true, note: Some("`*` is NULL"), ..PLAIN },
    },
    TypeRow {
        names: &["nonnegativeinteger", "xs:nonnegativeinteger", "uint", "natural", "cardinal"],
        kind: FieldKind::PositiveInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &["unsignedint", "uint32", "unsigned", "unsignedinteger", "intunsigned", "integerunsigned"],
        kind: FieldKind::PositiveBigInteger,
        extra: at_most("4294967295"),
    },
    TypeRow {
        names: &["unsignedlong", "uint64", "ulong", "bigintunsigned", "unsignedlonglong"],
        kind: FieldKind::Decimal { max_digits: 20, decimal_places: 0 },
        extra: Extra { min: Some("0"), ..PLAIN },
    },
    TypeRow {
        names: &["unsignedshort", "uint16", "ushort", "smallintunsigned"],
        kind: FieldKind::PositiveInteger,
        extra: at_most("65535"),
    },
    TypeRow {
        names: &["unsignedbyte", "uint8", "system.byte", "unsignedchar", "tinyintunsigned", "octet"],
        kind: FieldKind::PositiveSmallInteger,
        extra: at_most("255"),
    },
    TypeRow {
        names: &["positiveinteger", "positiveint"],
        kind: FieldKind::PositiveInteger,
        extra: Extra { min: Some("1"), check: true, ..PLAIN },
    },
    TypeRow {
        names: &["real", "double", "float", "efloat", "edouble", "single", "doubleprecision", "binarydouble"],
        kind: FieldKind::Float,
        extra: PLAIN,
    },
    TypeRow {
        names: &["decimal", "bigdecimal", "numeric", "xs:decimal", "ebigdecimal", "dec"],
        kind: FieldKind::Decimal { max_digits: 19, decimal_places: 4 },
        extra: DIGITS,
    },
    TypeRow {
        names: &["money", "currency", "smallmoney"],
        kind: FieldKind::Decimal { max_digits: 19, decimal_places: 4 },
        extra: DIGITS,
    },
    TypeRow {
        names: &[
            "string",
            "estring",
            "varchar",
            "nvarchar",
            "varchar2",
            "nvarchar2",
            "charactervarying",
            "charvarying",
            "normalizedstring",
            "token",
            "charsequence",
            "str",
            "qstring",
            "wstring",
            "char*",
            "char[]",
            "xs:name",
            "xs:ncname",
        ],
        kind: FieldKind::Char { max_length: 255 },
        extra: LENGTH,
    },
    TypeRow {
        names: &["char", "character", "echar", "wchar", "nchar", "bpchar"],
        kind: FieldKind::Char { max_length: 1 },
        extra: LENGTH,
    },
    TypeRow {
        names: &[
            "text",
            "clob",
            "nclob",
            "memo",
            "longtext",
            "mediumtext",
            "tinytext",
            "ntext",
            "richtext",
            "html",
            "markdown",
            "xml",
        ],
        kind: FieldKind::Text,
        extra: PLAIN,
    },
    TypeRow { names: &["date", "localdate"], kind: FieldKind::Date { auto: Auto::No }, extra: PLAIN },
    TypeRow {
        names: &["java.util.date", "edate"],
        kind: FieldKind::DateTime { auto: Auto::No },
        extra: noted("`java.util.Date` is a moment, not a day"),
    },
    TypeRow {
        names: &["time", "localtime", "timeofday", "timewithouttimezone"],
        kind: FieldKind::Time { auto: Auto::No },
        extra: PLAIN,
    },
    TypeRow {
        names: &[
            "datetime",
            "timestamp",
            "instant",
            "localdatetime",
            "zoneddatetime",
            "offsetdatetime",
            "datetime2",
            "smalldatetime",
            "datetimeoffset",
            "timestamptz",
            "timestampwithtimezone",
            "timestampwithouttimezone",
            "calendar",
        ],
        kind: FieldKind::DateTime { auto: Auto::No },
        extra: PLAIN,
    },
    TypeRow { names: &["duration", "timespan", "period", "interval"], kind: FieldKind::Duration, extra: PLAIN },
    TypeRow { names: &["year", "gyear"], kind: FieldKind::PositiveSmallInteger, extra: PLAIN },
    TypeRow { names: &["uuid", "guid", "uniqueidentifier"], kind: FieldKind::Uuid, extra: PLAIN },
    TypeRow { names: &["url"], kind: FieldKind::Url { max_length: 2000 }, extra: PLAIN },
    TypeRow {
        names: &["uri", "anyuri", "iri", "urn"],
        kind: FieldKind::Char { max_length: 2000 },
        extra: noted("a URLField would refuse a URN"),
    },
    TypeRow { names: &["email", "emailaddress"], kind: FieldKind::Email { max_length: 254 }, extra: PLAIN },
    TypeRow {
        names: &["phone", "phonenumber", "telephone"],
        kind: FieldKind::Char { max_length: 32 },
        extra: Extra { regex: Some((r"\A\+?[0-9][0-9 ()/.-]{2,30}\Z", "Enter a valid phone number.")), ..PLAIN },
    },
    TypeRow { names: &["ip", "ipaddress", "inetaddress", "inet"], kind: FieldKind::GenericIpAddress, extra: PLAIN },
    TypeRow { names: &["slug"], kind: FieldKind::Slug { max_length: 50 }, extra: LENGTH },
    TypeRow {
        names: &[
            "json",
            "jsonb",
            "object",
            "map",
            "dictionary",
            "any",
            "anytype",
            "hashmap",
            "dict",
            "eobject",
            "array",
            "mixed",
            "variant",
        ],
        kind: FieldKind::Json,
        extra: PLAIN,
    },
    TypeRow {
        names: &[
            "byte[]",
            "blob",
            "binary",
            "base64binary",
            "hexbinary",
            "varbinary",
            "bytea",
            "longblob",
            "bytes",
            "bytearray",
            "ebytearray",
            "rowversion",
        ],
        kind: FieldKind::Binary,
        extra: PLAIN,
    },
    TypeRow { names: &["file", "document"], kind: FieldKind::File { upload_to: String::new() }, extra: PLAIN },
    TypeRow {
        names: &["image", "picture"],
        kind: FieldKind::File { upload_to: String::new() },
        extra: noted("an ImageField would need Pillow"),
    },
    TypeRow { names: &["countrycode"], kind: FieldKind::Char { max_length: 2 }, extra: PLAIN },
    TypeRow { names: &["currencycode"], kind: FieldKind::Char { max_length: 3 }, extra: PLAIN },
    TypeRow { names: &["languagecode"], kind: FieldKind::Char { max_length: 35 }, extra: PLAIN },
];

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

/// What a type's name says, read from outside to inside.
struct Said {
    /// Normal forms, the fullest first.
    candidates: Vec<String>,
    /// The name without collection, optional and sizes, as written.
    element: String,
    many: Option<Many>,
    optional: bool,
    numbers: Vec<u32>,
    is_max: bool,
    is_oracle_number: bool,
}

const LIST: Many = Many { unique: false, ordered: true };
const SET: Many = Many { unique: true, ordered: false };
const BAG: Many = Many { unique: false, ordered: false };

fn collection(name: &str) -> Option<Many> {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    Some(match last.trim().to_lowercase().as_str() {
        "list" | "arraylist" | "linkedlist" | "ilist" | "vector" | "array" | "sequence" | "elist" | "qlist"
        | "deque" => LIST,
        "set" | "hashset" | "iset" | "eset" => SET,
        "orderedset" | "sortedset" | "treeset" | "linkedhashset" => Many { unique: true, ordered: true },
        "collection" | "icollection" | "ienumerable" | "iterable" | "bag" | "stream" => BAG,
        _ => return None,
    })
}

impl Said {
    fn read(name: &str) -> Self {
        let mut said = Self {
            candidates: Vec::new(),
            element: String::new(),
            many: None,
            optional: false,
            numbers: Vec::new(),
            is_max: false,
            is_oracle_number: false,
        };
        let mut rest = name.trim().to_owned();
        let mut characters = "";
        // Each turn takes one layer off; nobody nests deeper than a few.
        for _ in 0..16 {
            rest = rest.trim().to_owned();
            if let Some(inner) = rest.strip_suffix('?') {
                said.optional = true;
                rest = inner.to_owned();
            } else if let Some(inner) = rest.strip_suffix(['*', '&']).filter(|inner| !inner.trim().is_empty()) {
                if rest.ends_with('*') && simple(inner).trim_start_matches("const") == "char" {
                    characters = "*";
                }
                rest = inner.to_owned();
            } else if let Some((inner, index)) = suffix(&rest, '[', ']') {
                match simple(inner).as_str() {
                    "byte" | "char" if said.many.is_none() => {
                        characters = "[]";
                        said.numbers.extend(index.trim().parse::<u32>().ok());
                    }
                    _ => said.many = Some(LIST),
                }
                rest = inner.to_owned();
            } else if let Some((outer, inner)) = suffix(&rest, '<', '>') {
                if let Some(many) = collection(outer) {
                    said.many = Some(many);
                    rest = inner.to_owned();
                } else if ["optional", "nullable", "maybe", "option"].contains(&last_segment(outer).as_str()) {
                    said.optional = true;
                    rest = inner.to_owned();
                } else if row(&last_segment(outer)).is_some() {
                    rest = outer.to_owned();
                } else {
                    break;
                }
            } else if let Some((outer, inner)) =
                suffix(&rest, '(', ')').filter(|(outer, _)| collection(outer).is_some())
            {
                said.many = collection(outer);
                rest = inner.to_owned();
            } else if let Some(inner) = rest.strip_prefix("const ") {
                rest = inner.to_owned();
            } else if let Some((before, inner, after)) = parentheses(&rest) {
                said.is_max = inner.trim().eq_ignore_ascii_case("max");
                said.numbers = inner
                    .split(',')
                    .filter_map(|part| {
                        let digits: String = part.trim().chars().take_while(char::is_ascii_digit).collect();
                        digits.parse().ok()
                    })
                    .collect();
                rest = format!("{before}{after}");
            } else {
                break;
            }
        }
        rest.trim().clone_into(&mut said.element);
        let library = said.element.contains("XMLPrimitiveTypes");
        let name = said.element.rsplit('#').next().unwrap_or_default();
        let full = simple(name);
        let last = last_segment(name);
        let is_xml = library || full.starts_with("xs:") || full.starts_with("xsd:");
        let mut candidates = vec![full.clone()];
        if is_xml {
            candidates.insert(0, format!("xs:{last}"));
        }
        candidates.push(last);
        // Enterprise Architect: `EAJava_int`.
        if let Some((tool, rest)) = name.split_once('_')
            && tool.starts_with("EA")
            && tool.len() > 2
        {
            candidates.push(simple(rest));
        }
        for candidate in &mut candidates {
            candidate.push_str(characters);
        }
        said.is_oracle_number = candidates.iter().any(|candidate| candidate == "number");
        if candidates.iter().any(|candidate| candidate == "tinyint") && said.numbers == [1] {
            candidates.insert(0, "boolean".to_owned());
        }
        said.candidates = candidates;
        said
    }
}

/// Lower case without blanks, `_` and `-`.
fn simple(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-').flat_map(char::to_lowercase).collect()
}

/// What stands behind the last `.`, `:`, `/` or `#`, in normal form.
fn last_segment(name: &str) -> String {
    simple(name.rsplit(['.', ':', '/', '#']).next().unwrap_or(name))
}

/// `outer` and `inner` of `outer<inner>`.
fn suffix(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(close)?;
    let at = if open == '[' { inner.rfind(open)? } else { inner.find(open)? };
    let outer = &inner[..at];
    (!outer.trim().is_empty()).then(|| (outer, &inner[at + open.len_utf8()..]))
}

/// The text before, in and after the first parentheses.
fn parentheses(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(').filter(|&at| at > 0)?;
    let close = open + text[open..].find(')')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
