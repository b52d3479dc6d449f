//! The rows.

use super::values::Takes;

/// A stereotype.
#[derive(Debug)]
pub struct Stereotype {
    /// Its names; the first one stands for all.
    pub names: &'static [&'static str],
    /// What it may be applied to.
    pub on: &'static str,
    /// What it does.
    pub effect: &'static str,
}

/// A tag.
#[derive(Debug)]
pub struct TagRow {
    /// Its name.
    pub name: &'static str,
    /// What may have it.
    pub on: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it does.
    pub effect: &'static str,
}

const fn stereotype(names: &'static [&'static str], on: &'static str, effect: &'static str) -> Stereotype {
    Stereotype { names, on, effect }
}

const fn tag(name: &'static str, on: &'static str, takes: Takes, effect: &'static str) -> TagRow {
    TagRow { name, on, takes, effect }
}

/// All stereotypes.
pub static STEREOTYPES: &[Stereotype] = &[
    stereotype(
        &["entity", "table", "model", "persistent", "featureType"],
        "class, data type",
        "a model; classes are without it too",
    ),
    stereotype(&["valueObject", "dataType"], "class", "a value: embedded where it is used, no table"),
    stereotype(&["abstract"], "class", "an abstract model"),
    stereotype(&["proxy"], "class", "a proxy: another class for the rows of its parent, without columns of its own"),
    stereotype(&["user"], "class", "the user who signs in"),
    stereotype(&["enumeration", "codeList", "enum"], "class, data type", "an enumeration"),
    stereotype(&["lookup"], "enumeration", "a table with a row for each literal, to which attributes lead by its code"),
    stereotype(
        &["external", "legacy"],
        "class",
        "a table that somebody else makes and changes: no migration does, and the database does not check keys to it",
    ),
    stereotype(
        &["singleton"],
        "class",
        "one row, which the database checks: `load()` gives it, and neither the admin nor the API has another one or deletes it",
    ),
    stereotype(&["transient", "dto", "control", "boundary"], "class", "no table"),
    stereotype(
        &["audited"],
        "class",
        "rows know when they were made and changed (`created_at`, `updated_at`) and by whom (`created_by`, `updated_by`, set by \
         admin and API)",
    ),
    stereotype(
        &["softDelete"],
        "class",
        "rows are marked (`deleted_at`) when they are deleted, with what goes with them, and can be restored; what is unique \
         is so among the others",
    ),
    stereotype(
        &["versioned"],
        "class",
        "rows count how often they were saved (`version`), and are not saved by who has seen an older one; the API takes the \
         number as `If-Match`",
    ),
    stereotype(&["app"], "package", "an app of its own"),
    stereotype(&["id"], "attribute", "identifies its object: unique"),
    stereotype(&["unique"], "attribute", "unique"),
    stereotype(&["index"], "attribute", "an index on its column"),
    stereotype(&["searchable"], "attribute", "a text in which lists look for words, with an index for it"),
    stereotype(
        &["fulltext"],
        "attribute",
        "a text whose words PostgreSQL keeps in a column `search_vector` with an index, together with those of the other ones of its class",
    ),
    stereotype(&["filterable"], "attribute, end", "lists are filtered by it; an index where that pays"),
    stereotype(&["sortable"], "attribute", "lists are sorted by it, with an index for it"),
    stereotype(&["event", "log"], "class", "rows are only added: a small index on when"),
    stereotype(&["slug"], "attribute", "a short text for addresses"),
    stereotype(&["file", "image"], "attribute", "an uploaded file"),
    stereotype(&["immutable"], "attribute", "never changes once the row is there, as {readOnly}"),
    stereotype(&["computed"], "attribute", "derived: no column"),
    stereotype(
        &["query"],
        "class, operation",
        "of an operation: it changes nothing; a static one is a method of querysets",
    ),
    stereotype(&["queryset"], "operation", "a method of querysets"),
    stereotype(&["property"], "attribute, operation", "of an operation without parameters: a property"),
    stereotype(&["create", "constructor"], "operation", "no method: Django makes objects itself"),
    stereotype(&["destroy", "destructor"], "operation", "no method: Python frees objects itself"),
    stereotype(
        &["secret"],
        "attribute",
        "a text that is written and never shown: not in answers of the API, lists or searches",
    ),
    stereotype(&["package"], "package", "none of its own: holds the tags of a package"),
    stereotype(&["column"], "attribute", "none of its own: holds the tags of an attribute"),
    stereotype(&["role"], "end", "none of its own: holds the tags of an end"),
    stereotype(&["relation"], "association", "none of its own: holds the tags of an association"),
    stereotype(&["literal"], "literal", "none of its own: holds the tags of a literal"),
];

/// Stereotypes that say what no emitter can make yet: who draws them is told.
pub static LATER: &[&str] = &[
    "aggregateRoot",
    "cached",
    "command",
    "encrypted",
    "eventSourced",
    "historized",
    "pii",
    "readModel",
    "realtime",
    "tenant",
    "tenantScoped",
    "translated",
];

/// Stereotypes that cannot do what they say everywhere where they may stand: who draws them there is told.
pub static FALLIBLE: &[&str] = &["audited", "softDelete", "versioned"];

/// All tags.
pub static TAGS: &[TagRow] = &[
    tag("name", "package, class, attribute, end, operation", Takes::Named, "its name in Python"),
    tag("verbose_name", "class, attribute, end", Takes::Text, "its name for people"),
    tag("verbose_name_plural", "class", Takes::Text, "its plural for people"),
    tag("help_text", "attribute, end", Takes::Text, "what stands beside the input field"),
    tag("skip", "anything", Takes::Flag, "leaves it out"),
    tag("allow", "anything", Takes::Codes, "findings about it, or about what is in it, that are known and not shown"),
    tag("app", "package", Takes::Named, "the label of its app; packages with one label are one app"),
    tag(
        "api_prefix",
        "package",
        Takes::Address,
        "what stands before the addresses of its app in the API: `sales` for `/api/v1/sales/orders/`",
    ),
    tag("db_table", "class, association", Takes::DbName, "the name of its table; of an association that of its links"),
    tag("ordering", "class", Takes::Columns, "the order of its rows: `-placed_at,number`"),
    tag(
        "inheritance",
        "class",
        Takes::One(&["abstract", "joined", "single", "proxy"]),
        "how its children are stored; `single`: all in one table, with a column for the kind; `proxy`: those without columns of \
         their own are proxies",
    ),
    tag(
        "polymorphic",
        "class",
        Takes::Flag,
        "an abstract class has a table, so that all rows of its children are one list",
    ),
    tag("hoist", "class", Takes::Flag, "it stands in the app of its parent"),
    tag("str", "class", Takes::Template, "what its rows are called: `{number}, {customer}`"),
    tag("get_latest_by", "class", Takes::Columns, "what `latest()` and `earliest()` compare"),
    tag("permissions", "class", Takes::Labels, "permissions besides Django's own"),
    tag(
        "default_permissions",
        "class",
        Takes::Several(&["add", "change", "delete", "view"]),
        "which of Django's own permissions there are",
    ),
    tag("admin", "class", Takes::One(&["none"]), "`none`: no admin pages"),
    tag(
        "api",
        "class",
        Takes::One(&["none", "read", "write", "public"]),
        "`none`: not in the API; `read`: nobody writes there; `public`: who is not signed in may read",
    ),
    tag("max_length", "attribute", Takes::Count(1, 10_485_760), "the most characters"),
    tag("max_digits", "attribute", Takes::Count(1, 1000), "the digits of a decimal"),
    tag("decimal_places", "attribute", Takes::Count(0, 1000), "the digits behind the point"),
    tag("unique", "attribute", Takes::Flag, "unique"),
    tag("unique", "class", Takes::Groups, "what is unique together: `a+b; lower(c) where is_active`"),
    tag("index", "attribute", Takes::Flag, "an index on its column"),
    tag("index", "class", Takes::Indexes, "the columns of indexes: `a,-b where is_active include c; lower(d)`"),
    tag("no_overlap", "class", Takes::Overlap, "ranges of its rows do not overlap: `start, end by room`"),
    tag("searchable", "attribute", Takes::Flag, "as «searchable»"),
    tag("fulltext", "attribute", Takes::Flag, "as «fulltext»"),
    tag(
        "search_config",
        "class",
        Takes::DbName,
        "whose words and endings «fulltext» knows: a text search configuration of PostgreSQL such as `english`; else `simple`",
    ),
    tag("filterable", "attribute, end", Takes::Flag, "as «filterable»"),
    tag("sortable", "attribute", Takes::Flag, "as «sortable»"),
    tag("integer_width", "attribute", Takes::One(&["32", "64"]), "the bits of an unbounded integer"),
    tag("auto_now", "attribute", Takes::Flag, "a date or time is set each time the row is saved"),
    tag("auto_now_add", "attribute", Takes::Flag, "a date or time is set when the row is made"),
    tag("upload_to", "attribute", Takes::Folder, "where uploaded files are kept; `%Y` is the year"),
    tag(
        "storage",
        "attribute",
        Takes::Path,
        "what makes the storage of uploaded files: a function or a class, `shop.storage.private_files`",
    ),
    tag("unit", "attribute", Takes::Text, "what its numbers count; stands after the help text"),
    tag("blank", "attribute", Takes::Flag, "`true`: a text may be empty"),
    tag("db_column", "attribute, end", Takes::DbName, "the name of its column"),
    tag("null", "attribute", Takes::Flag, "whether it may be NULL"),
    tag("editable", "attribute", Takes::Flag, "`false` keeps it out of forms"),
    tag(
        "store",
        "attribute",
        Takes::One(&["table", "array", "json"]),
        "where many values, or those of a data type, are kept; arrays need PostgreSQL alone",
    ),
    tag("min", "attribute", Takes::Text, "the least number"),
    tag("max", "attribute", Takes::Text, "the greatest number"),
    tag("regex", "attribute", Takes::Text, "a pattern that a text has; `\\A` and `\\Z` tie it to the ends"),
    tag("validators", "attribute", Takes::Paths, "functions that check it besides: `shop.rules.check`"),
    tag("field", "attribute", Takes::Path, "the class of its field: `shop.fields.IsbnField`"),
    tag(
        "key",
        "class",
        Takes::One(&["natural", "composite"]),
        "`natural`: its {id} attribute is the primary key; `composite`: several are, or both ends of an association class",
    ),
    tag("managed", "class", Takes::Flag, "`false`: as «external»"),
    tag("db_index", "attribute, end", Takes::Flag, "an index on its column"),
    tag("default", "attribute", Takes::Text, "its default"),
    tag("db_default", "attribute", Takes::Text, "the default that the database fills in: a value, or `now`"),
    tag(
        "migration_default",
        "attribute",
        Takes::Text,
        "what rows get that are there when the attribute comes or becomes required",
    ),
    tag(
        "renamed_from",
        "class, attribute, end",
        Takes::Named,
        "what it was called in the last build, so that rows follow: its model path, or its name alone",
    ),
    tag("db_collation", "attribute", Takes::Collation, "how the database sorts and compares the text"),
    tag("choices", "attribute", Takes::Text, "the enumeration whose literals it may have: `shop.Status`"),
    tag("widget", "attribute, end", Takes::Path, "the class of its input in the admin: `shop.widgets.Colour`"),
    tag(
        "on_delete",
        "end",
        Takes::OneOrSet(&["cascade", "protect", "restrict", "set_null", "set_default", "do_nothing"]),
        "what happens to the other side when the object at this end goes",
    ),
    tag("related_query_name", "end", Takes::Name, "what filters of the class at this end call the way back"),
    tag("db_constraint", "end", Takes::Flag, "`false`: the database does not check the key"),
    tag(
        "inline",
        "end",
        Takes::One(&["tabular", "stacked", "none"]),
        "how the admin shows the rows of the other side with the one at this end",
    ),
    tag("related_name", "end", Takes::Named, "the name of the way back"),
    tag(
        "limit_choices_to",
        "end",
        Takes::Condition,
        "which objects of the class at this end may be referred to: `is_active and status = open`",
    ),
    tag("to_field", "end", Takes::Name, "the unique attribute of the class at this end that the key holds"),
    tag("owner", "association", Takes::Text, "the end whose class holds the column of a one-to-one"),
    tag("through", "association", Takes::Named, "a many-to-many relation gets a model of this name"),
    tag(
        "db_cascade",
        "class, association",
        Takes::Flag,
        "the database deletes parts with their wholes, from this class on or along this association",
    ),
    tag(
        "generic",
        "association, attribute",
        Takes::Flag,
        "what leads to a class without table is stored as content type and key, however many classes it may be",
    ),
    tag("symmetrical", "association", Takes::Flag, "a relation of a class to itself reads the same from both sides"),
    tag("value", "literal", Takes::Text, "what is stored"),
    tag(
        "label",
        "literal, package",
        Takes::Text,
        "of a literal its name for people; of a package the label of its app",
    ),
    tag("type", "enumeration", Takes::One(&["text", "int"]), "what its values are"),
    tag("table", "enumeration", Takes::Flag, "as «lookup»"),
];
