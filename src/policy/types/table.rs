//! The table of types, which is also what the book prints.

use crate::django::field::{Auto, FieldKind};

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
    TypeRow {
        names: &["boolean", "bool", "eboolean", "bit", "logical", "atomicboolean", "yesno"],
        kind: FieldKind::Boolean,
        extra: PLAIN,
    },
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
            "int4",
            "int32t",
            "i32",
            "atomicinteger",
            "autonumber",
        ],
        kind: FieldKind::Integer,
        extra: Extra { size: Size::Number, ..PLAIN },
    },
    TypeRow {
        names: &["byte", "sbyte", "int8", "xs:byte", "ebyte", "tinyint", "int8t", "i8"],
        kind: FieldKind::SmallInteger,
        extra: between("-128", "127"),
    },
    TypeRow {
        names: &[
            "short",
            "int16",
            "smallint",
            "xs:short",
            "eshort",
            "shortint",
            "int16t",
            "i16",
            "int2",
            "smallserial",
        ],
        kind: FieldKind::SmallInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &[
            "long",
            "int64",
            "elong",
            "bigint",
            "xs:long",
            "longlong",
            "bigserial",
            "int64t",
            "i64",
            "atomiclong",
            "longinteger",
            "ptrdifft",
        ],
        kind: FieldKind::BigInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &["biginteger", "xs:integer", "ebiginteger"],
        kind: FieldKind::Decimal { max_digits: 38, decimal_places: 0 },
        extra: noted("an integer without bounds has 38 digits"),
    },
    TypeRow {
        names: &["unlimitednatural", "unlimitedinteger"],
        kind: FieldKind::PositiveBigInteger,
        extra: Extra { nullable: true, note: Some("`*` is NULL"), ..PLAIN },
    },
    TypeRow {
        names: &[
            "nonnegativeinteger",
            "xs:nonnegativeinteger",
            "uint",
            "natural",
            "cardinal",
            "naturalnumber",
            "naturalinteger",
        ],
        kind: FieldKind::PositiveInteger,
        extra: PLAIN,
    },
    TypeRow {
        names: &[
            "unsignedint",
            "uint32",
            "unsigned",
            "unsignedinteger",
            "intunsigned",
            "integerunsigned",
            "uint32t",
            "u32",
            "dword",
        ],
        kind: FieldKind::PositiveBigInteger,
        extra: at_most("4294967295"),
    },
    TypeRow {
        names: &[
            "unsignedlong",
            "uint64",
            "ulong",
            "bigintunsigned",
            "unsignedlonglong",
            "uint64t",
            "u64",
            "sizet",
            "unsignedbigint",
            "qword",
        ],
        kind: FieldKind::Decimal { max_digits: 20, decimal_places: 0 },
        extra: Extra { min: Some("0"), ..PLAIN },
    },
    TypeRow {
        names: &["unsignedshort", "uint16", "ushort", "smallintunsigned", "uint16t", "u16"],
        kind: FieldKind::PositiveInteger,
        extra: at_most("65535"),
    },
    TypeRow {
        names: &[
            "unsignedbyte",
            "uint8",
            "system.byte",
            "unsignedchar",
            "tinyintunsigned",
            "octet",
            "uint8t",
            "u8",
            "uchar",
        ],
        kind: FieldKind::PositiveSmallInteger,
        extra: at_most("255"),
    },
    TypeRow {
        names: &["positiveinteger", "positiveint"],
        kind: FieldKind::PositiveInteger,
        extra: Extra { min: Some("1"), check: true, ..PLAIN },
    },
    TypeRow {
        names: &[
            "real",
            "double",
            "float",
            "efloat",
            "edouble",
            "single",
            "doubleprecision",
            "binarydouble",
            "float32",
            "float64",
            "float4",
            "float8",
            "f32",
            "f64",
            "longdouble",
            "doublefloat",
            "binaryfloat",
            "ereal",
            "measure",
            "lengthmeasure",
            "angle",
            "distance",
        ],
        kind: FieldKind::Float,
        extra: PLAIN,
    },
    TypeRow {
        names: &["decimal", "bigdecimal", "numeric", "xs:decimal", "ebigdecimal", "dec", "decimal128"],
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
            "characterstring",
            "str",
            "qstring",
            "wstring",
            "char*",
            "char[]",
            "xs:name",
            "xs:ncname",
            "stringbuffer",
            "stringbuilder",
            "shortstring",
            "ansistring",
            "unicodestring",
            "widestring",
            "lpctstr",
            "cstring",
            "label",
            "xs:id",
            "xs:idref",
            "xs:idrefs",
            "xs:nmtoken",
            "xs:nmtokens",
            "xs:qname",
            "xs:entity",
            "xs:notation",
            "identifier",
            "genericname",
            "scopedname",
            "localname",
            "membername",
            "typename",
            "gyearmonth",
            "gmonthday",
            "gmonth",
            "gday",
            "sysname",
            "longvarchar",
            "citext",
            "nationalcharactervarying",
        ],
        kind: FieldKind::Char { max_length: 255 },
        extra: LENGTH,
    },
    TypeRow {
        names: &[
            "char",
            "character",
            "echar",
            "wchar",
            "nchar",
            "bpchar",
            "wchart",
            "char16t",
            "char32t",
            "rune",
            "nationalcharacter",
        ],
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
            "multilinestring",
            "longstring",
            "characterlargeobject",
        ],
        kind: FieldKind::Text,
        extra: PLAIN,
    },
    TypeRow {
        names: &["date", "localdate", "java.sql.date", "dateonly", "sqldate"],
        kind: FieldKind::Date { auto: Auto::No },
        extra: PLAIN,
    },
    TypeRow {
        names: &["java.util.date", "edate"],
        kind: FieldKind::DateTime { auto: Auto::No },
        extra: noted("`java.util.Date` is a moment, not a day"),
    },
    TypeRow {
        names: &[
            "time",
            "localtime",
            "timeofday",
            "timewithouttimezone",
            "timeonly",
            "offsettime",
            "timewithtimezone",
            "timetz",
        ],
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
            "datetimestamp",
            "tminstant",
            "timet",
            "timeinstant",
        ],
        kind: FieldKind::DateTime { auto: Auto::No },
        extra: PLAIN,
    },
    TypeRow {
        names: &["duration", "timespan", "period", "interval", "daytimeduration", "tmduration"],
        kind: FieldKind::Duration,
        extra: PLAIN,
    },
    TypeRow { names: &["year", "gyear"], kind: FieldKind::PositiveSmallInteger, extra: PLAIN },
    TypeRow { names: &["uuid", "guid", "uniqueidentifier"], kind: FieldKind::Uuid, extra: PLAIN },
    TypeRow { names: &["url", "hyperlink", "webaddress"], kind: FieldKind::Url { max_length: 2000 }, extra: PLAIN },
    TypeRow {
        names: &["uri", "anyuri", "iri", "urn"],
        kind: FieldKind::Char { max_length: 2000 },
        extra: noted("a URLField would refuse a URN"),
    },
    TypeRow {
        names: &["email", "emailaddress", "mailaddress"],
        kind: FieldKind::Email { max_length: 254 },
        extra: PLAIN,
    },
    TypeRow {
        names: &["phone", "phonenumber", "telephone"],
        kind: FieldKind::Char { max_length: 32 },
        extra: Extra { regex: Some((r"\A\+?[0-9][0-9 ()/.-]{2,30}\Z", "Enter a valid phone number.")), ..PLAIN },
    },
    TypeRow {
        names: &["ip", "ipaddress", "inetaddress", "inet", "ipv4address", "ipv6address"],
        kind: FieldKind::GenericIpAddress,
        extra: PLAIN,
    },
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
            "hashtable",
            "properties",
            "concurrenthashmap",
            "treemap",
            "linkedhashmap",
            "sortedmap",
            "idictionary",
            "jsonobject",
            "jsonnode",
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
            "mediumblob",
            "tinyblob",
            "longvarbinary",
            "longraw",
            "bfile",
            "octetstring",
            "binarylargeobject",
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
