//! The table of codes. A row without its page in the book does not build.

use super::{Kind, Level};

/// A row of the table.
#[derive(Debug)]
pub struct Code {
    /// Such as `U0301`; never reused.
    pub id: &'static str,
    /// Such as `dangling-reference`.
    pub slug: &'static str,
    /// The level unless the settings say otherwise.
    pub default: Level,
    /// Whether the level can be changed.
    pub kind: Kind,
    /// The page of the book.
    pub page: &'static str,
}

impl Code {
    /// The family that it belongs to, as it is called in `[lints]`.
    pub fn family(&self) -> &'static str {
        FAMILIES.iter().find(|(prefix, _)| self.id.starts_with(prefix)).map_or("internal", |(_, family)| family)
    }
}

/// The families: how their ids begin and what they are called in `[lints]`.
pub static FAMILIES: &[(&str, &str)] = &[
    ("U01", "reading"),
    ("U02", "files"),
    ("U03", "references"),
    ("U04", "names"),
    ("U05", "attributes"),
    ("U06", "associations"),
    ("U07", "inheritance"),
    ("U08", "delete"),
    ("U09", "keys"),
    ("U10", "stereotypes"),
    ("U11", "constraints"),
    ("U12", "layers"),
    ("U13", "evolution"),
    ("U14", "settings"),
    ("U15", "output"),
    ("U16", "batch"),
    ("U19", "internal"),
];

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Code {}

macro_rules! codes {
    ($($id:ident $slug:literal $level:ident $kind:ident;)*) => {
        $(
            #[doc = concat!("`", $slug, "`: see `book/src/diagnostics/", stringify!($id), ".md`.")]
            pub static $id: Code = Code {
                id: stringify!($id),
                slug: $slug,
                default: Level::$level,
                kind: Kind::$kind,
                page: include_str!(concat!("../../book/src/diagnostics/", stringify!($id), ".md")),
            };
        )*
        /// All codes in order.
        pub static ALL: &[&Code] = &[$(&$id),*];
    };
}

codes! {
    U0101 "wrong-encoding" Error Fixed;
    U0102 "not-xml" Error Fixed;
    U0103 "malformed-xml" Error Fixed;
    U0104 "mismatched-tag" Error Fixed;
    U0105 "file-cut-off" Error Fixed;
    U0106 "forbidden-character" Warning Lint;
    U0107 "undefined-entity" Error Fixed;
    U0108 "limit-exceeded" Error Fixed;
    U0109 "guessed-encoding" Note Lint;
    U0201 "not-a-model" Error Fixed;
    U0203 "no-classes" Warning Lint;
    U0204 "ignored-element" Allow Lint;
    U0205 "duplicate-id" Error Lint;
    U0206 "missing-id" Warning Lint;
    U0207 "library-class" Allow Lint;
    U0208 "passed-over" Allow Lint;
    U0209 "several-models" Error Lint;
    U0210 "out-of-place" Warning Lint;
    U0301 "dangling-reference" Error Fixed;
    U0302 "wrong-kind" Error Fixed;
    U0303 "missing-document" Error Fixed;
    U0306 "rebound-by-name" Warning Lint;
    U0307 "lost-detail" Allow Lint;
    U0401 "unnamed-element" Error Lint;
    U0402 "name-adapted" Allow Lint;
    U0403 "name-collision" Error Lint;
    U0404 "reserved-name" Warning Lint;
    U0405 "member-clash" Error Fixed;
    U0406 "shadowed-module" Warning Lint;
    U0407 "name-too-long" Warning Lint;
    U0408 "hidden-character" Warning Lint;
    U0409 "name-qualified" Warning Lint;
    U0410 "unassigned-character" Warning Lint;
    U0501 "untyped-attribute" Warning Lint;
    U0502 "unknown-type" Error Lint;
    U0503 "invalid-multiplicity" Error Fixed;
    U0504 "many-valued-attribute" Warning Lint;
    U0505 "default-mismatch" Error Lint;
    U0506 "default-not-understood" Warning Lint;
    U0507 "empty-enumeration" Warning Lint;
    U0508 "literal-collision" Error Fixed;
    U0509 "unusual-multiplicity" Warning Lint;
    U0510 "recursive-data-type" Error Lint;
    U0511 "derived-without-rule" Allow Lint;
    U0601 "incomplete-association" Error Fixed;
    U0602 "missing-multiplicity" Warning Lint;
    U0603 "unclear-one-to-one" Warning Lint;
    U0604 "unnamed-end" Allow Lint;
    U0605 "accessor-clash" Error Fixed;
    U0606 "n-ary-association" Warning Lint;
    U0607 "unenforced-multiplicity" Warning Lint;
    U0608 "required-cycle" Error Lint;
    U0609 "aggregation-side" Warning Lint;
    U0610 "double-aggregation" Error Lint;
    U0611 "many-wholes" Warning Lint;
    U0612 "association-of-values" Warning Lint;
    U0701 "inheritance-cycle" Error Fixed;
    U0702 "multiple-inheritance" Warning Lint;
    U0703 "inherited-clash" Error Lint;
    U0704 "reference-to-abstract" Warning Lint;
    U0705 "repeated-attribute" Warning Lint;
    U0706 "mixed-generalization" Warning Lint;
    U0707 "inheritance-diamond" Error Lint;
    U0708 "app-inheritance-cycle" Error Lint;
    U0709 "unbound-template" Warning Lint;
    U0710 "widened-redefinition" Warning Lint;
    U0801 "two-owners" Error Lint;
    U0802 "composition-cycle" Error Lint;
    U0803 "far-reaching-cascade" Warning Lint;
    U0804 "blocked-cascade" Warning Lint;
    U0805 "impossible-rule" Error Fixed;
    U0806 "rule-contradiction" Error Lint;
    U0807 "undecided-rule" Allow Lint;
    U0808 "database-rule-impossible" Error Lint;
    U0901 "composite-key" Error Lint;
    U0902 "unknown-index-field" Error Fixed;
    U0903 "redundant-index" Warning Lint;
    U0904 "unique-with-null" Warning Lint;
    U0905 "not-on-this-database" Warning Lint;
    U1001 "unknown-stereotype" Allow Lint;
    U1002 "misplaced-stereotype" Error Fixed;
    U1003 "unknown-tag" Warning Lint;
    U1004 "invalid-tag-value" Error Fixed;
    U1006 "user-class" Note Lint;
    U1007 "orphan-application" Warning Lint;
    U1008 "tag-without-effect" Warning Lint;
    U1101 "constraint-syntax" Warning Lint;
    U1102 "constraint-meaning" Warning Lint;
    U1103 "constraint-not-in-database" Warning Lint;
    U1104 "operation-hides-django" Warning Lint;
    U1301 "possible-rename" Error Lint;
    U1302 "data-loss" Error Lint;
    U1303 "ids-not-stable" Warning Lint;
    U1304 "id-reused" Warning Lint;
    U1305 "required-without-default" Error Lint;
    U1306 "narrowing-change" Error Lint;
    U1307 "table-rewrite" Warning Lint;
    U1308 "blocking-validation" Warning Lint;
    U1309 "rename-under-traffic" Warning Lint;
    U1310 "rows-may-violate" Error Lint;
    U1311 "relation-reshaped" Error Lint;
    U1312 "migration-edited" Error Lint;
    U1313 "migration-branches" Error Fixed;
    U1314 "foreign-migration" Error Fixed;
    U1315 "unsupported-change" Error Lint;
    U1316 "not-regenerable" Warning Lint;
    U1317 "adoption-mismatch" Error Fixed;
    U1318 "kept-for-old-servers" Note Lint;
    U1319 "unknown-earlier-name" Warning Lint;
    U1320 "rename-done" Note Lint;
    U1401 "settings-syntax" Error Fixed;
    U1402 "unknown-setting" Error Fixed;
    U1403 "invalid-setting-value" Error Fixed;
    U1404 "matches-nothing" Warning Lint;
    U1405 "unused-allow" Warning Lint;
    U1501 "edited-by-hand" Error Lint;
    U1503 "stale-file" Warning Lint;
    U1504 "file-in-the-way" Error Fixed;
    U1506 "unsafe-path" Error Fixed;
    U1507 "hook-missing" Warning Lint;
    U1509 "hook-left-over" Warning Lint;
    U1601 "archive-refused" Error Fixed;
    U1602 "nothing-found" Error Fixed;
    U1901 "internal-error" Error Fixed;
}

/// The row of `id_or_slug`.
pub fn find(id_or_slug: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id_or_slug) || code.slug == id_or_slug)
}
