//! The reference pages of the book and the schema of the settings: written from the code's own tables, so that they are
//! never wrong. `UMLAUT_BLESS=1 cargo test reference` writes them.

mod mapping;
mod profiles;

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use umlaut::django::FieldKind;
use umlaut::policy::types::{self, Size};
use umlaut::profile::{self, STEREOTYPES, TAGS};
use umlaut::settings::keys::{KEYS, Takes};

use crate::support;

const GENERATED: &str = "<!-- Written by `UMLAUT_BLESS=1 cargo test reference` from the compiler's own tables. -->\n";

fn same(path: &str, expected: &str) {
    let path = support::root().join(path);
    if support::bless() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} is not current: UMLAUT_BLESS=1 cargo test reference", path.display());
}

/// A cell of a table must not end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{}`", cell(name))).collect::<Vec<_>>().join(", ")
}

/// `CharField(max_length=255)`
fn field(kind: &FieldKind) -> String {
    let debug = format!("{kind:?}").replace(" { ", "(").replace(" }", ")").replace(": ", "=");
    let (class, arguments) = debug.split_at(debug.find('(').unwrap_or(debug.len()));
    let class = match class {
        "Url" => "URL",
        "Uuid" => "UUID",
        "Json" => "JSON",
        "GenericIpAddress" => "GenericIPAddress",
        class => class,
    };
    let arguments = if arguments.contains("auto=") || arguments.contains("upload_to=") { "" } else { arguments };
    format!("{class}Field{arguments}")
}

#[test]
fn the_page_of_types_is_the_table_of_types() {
    let mut page = format!(
        "# Types\n\n{GENERATED}\nHow the name of a type becomes a field. Names are compared in lower case, without \
         namespace (`java.lang.`, `uml:`), blanks and `_`. A length `(n)` or `(p,s)` is read; `[]`, `List<..>` and \
         `Set<..>` mean many values, `?` and `Optional<..>` that there may be none. The model's own types come first; \
         `[types]` in `umlaut.toml` comes before both.\n\n| names | field | besides |\n| --- | --- | --- |\n"
    );
    for row in types::TABLE {
        let extra = &row.extra;
        let mut besides = Vec::new();
        match extra.size {
            Size::Ignored => {}
            Size::Length => besides.push("`(n)` is the length".to_owned()),
            Size::Digits => besides.push("`(p,s)` are digits and places".to_owned()),
            Size::Number => besides.push("`number(p,s)` is a decimal".to_owned()),
        }
        besides.extend(
            extra
                .min
                .map(|min| format!("at least {min}{}", if extra.check { ", checked by the database" } else { "" })),
        );
        besides.extend(extra.max.map(|max| format!("at most {max}")));
        besides.extend(extra.regex.map(|(pattern, _)| format!("matches `{pattern}`")));
        besides.extend(extra.note.map(str::to_owned));
        let _ = writeln!(
            page,
            "| {} | `{}` | {} |",
            quoted(row.names.iter().copied()),
            cell(&field(&row.kind)),
            cell(&besides.join("; "))
        );
    }
    same("book/src/reference/types.md", &page);
}

#[test]
fn the_page_of_the_profile_is_the_table_of_stereotypes_and_tags() {
    let mut page = format!(
        "# Stereotypes and tags\n\n{GENERATED}\nNone of them is needed. Names are matched ignoring case, blanks, `-` and \
         `_`; as applications of a UML profile, as plain keywords and as tagged values of any tool, also with `umlaut.` \
         in front. A tag is also a setting of its element: see [settings](settings.md).\n\n\
         | stereotype | on | effect |\n| --- | --- | --- |\n"
    );
    for row in STEREOTYPES {
        let names: Vec<String> = row.names.iter().map(|name| format!("«{name}»")).collect();
        let _ = writeln!(page, "| {} | {} | {} |", names.join(", "), row.on, cell(row.effect));
    }
    page.push_str("\n| tag | on | takes | effect |\n| --- | --- | --- | --- |\n");
    for row in TAGS {
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", row.name, row.on, row.takes.words(), cell(row.effect));
    }
    same("book/src/reference/profile.md", &page);
}

fn takes(takes: Takes) -> String {
    match takes {
        Takes::Flag(_) => "`true` or `false`".to_owned(),
        Takes::Count(least, _) => format!("a number from {least}"),
        Takes::Text(_) => "a text".to_owned(),
        Takes::One(choices, _) => profile::Takes::One(choices).words(),
        Takes::Texts(_) => "a list of texts".to_owned(),
        Takes::Some(choices, _) => format!("a list of {}", quoted(choices.iter().copied())),
    }
}

#[test]
fn the_page_of_the_settings_is_the_table_of_keys() {
    let mut page = format!(
        "# Settings\n\n{GENERATED}\n`umlaut.toml` lies beside the model or above it. Every key may be left out; a key that \
         does not exist is an error.\n\n| key | takes | default | what it does |\n| --- | --- | --- | --- |\n"
    );
    for key in KEYS {
        let default = key.default.map(|default| format!("`{default}`")).unwrap_or_default();
        let _ =
            writeln!(page, "| `[{}] {}` | {} | {default} | {} |", key.table, key.name, takes(key.takes), cell(key.doc));
    }
    page.push_str(
        "\nFive tables have keys of your own:\n\n\
         | table | key | takes |\n| --- | --- | --- |\n\
         | `[types]` | the name or id of a type in the diagram | the name of a [type](types.md), such as `\"decimal(12,2)\"` |\n\
         | `[documents]` | an `href` without fragment | the path of the file that it stands for |\n\
         | `[lints]` | a code, its name, a family, `warnings` or `all` | `\"deny\"`, `\"warn\"`, `\"note\"` or `\"allow\"` |\n\
         | `[[lints.allow]]` | `code`, `element`, `reason`, `until` | codes that are known, where, why, and until which day |\n\
         | `[model.\"shop.Order\"]` | a [tag](profile.md) | its value |\n\n\
         The last one names elements by their path, a shorter end of it that is unique, `\"id:_a3\"`, or a pattern: `\"shop.*\"`, \
         `\"**.note\"`. The narrowest pattern wins, then the later line; a tag in the diagram wins over both.\n\n\
         ```toml\n[model.\"shop.Order\"]\nordering = \"-placed_at\"\n\n[model.\"shop.Order.customer\"]\non_delete = \"set_null\"\n```\n",
    );
    same("book/src/reference/settings.md", &page);
}

#[test]
fn the_schema_of_the_settings_is_the_table_of_keys() {
    let mut tables: Map<String, Value> = Map::new();
    for key in KEYS {
        let mut value = match key.takes {
            Takes::Flag(_) => json!({"type": "boolean"}),
            Takes::Count(least, _) => json!({"type": "integer", "minimum": least}),
            Takes::Text(_) => json!({"type": "string"}),
            Takes::One(choices, _) => json!({"enum": choices}),
            Takes::Texts(_) => json!({"type": "array", "items": {"type": "string"}}),
            Takes::Some(choices, _) => {
                json!({"type": "array", "items": {"enum": choices}, "minItems": 1, "uniqueItems": true})
            }
        };
        value["description"] = json!(key.doc);
        let table = tables
            .entry(key.table)
            .or_insert_with(|| json!({"type": "object", "additionalProperties": false, "properties": {}}));
        table["properties"][key.name] = value;
    }
    let text = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let class = json!({
        "type": "object",
        "required": ["field"],
        "properties": {"field": {"type": "string"}},
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    });
    let types = json!({"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, class]}});
    tables.insert("types".to_owned(), types);
    tables.insert("documents".to_owned(), text);
    let levels = json!({"enum": ["deny", "error", "warn", "warning", "note", "allow"]});
    let text = json!({"type": "string"});
    let code = json!({"anyOf": [text, {"type": "array", "items": text}]});
    let allowance = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["code"],
        "properties": {"code": code, "element": text, "reason": text, "until": text},
    });
    let allow = json!({"allow": {"type": "array", "items": allowance}});
    tables.insert("lints".to_owned(), json!({"type": "object", "properties": allow, "additionalProperties": levels}));
    let mut tags: Map<String, Value> = Map::new();
    for row in TAGS {
        let mut value = match row.takes {
            profile::Takes::Text => json!({"type": ["string", "number", "boolean"]}),
            profile::Takes::Flag => json!({"type": "boolean"}),
            profile::Takes::Count(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
            profile::Takes::One(choices) => json!({"enum": choices}),
            _ => json!({"type": "string"}),
        };
        value["description"] = json!(row.effect);
        match tags.remove(row.name) {
            // What it takes differs by where it stands.
            Some(other) => tags.insert(row.name.to_owned(), json!({"anyOf": [other, value]})),
            None => tags.insert(row.name.to_owned(), value),
        };
    }
    for name in STEREOTYPES.iter().flat_map(|row| row.names) {
        if !tags.contains_key(*name) {
            tags.insert((*name).to_owned(), json!({"type": "boolean"}));
        }
    }
    let element = json!({"type": "object", "additionalProperties": false, "properties": tags});
    tables.insert("model".to_owned(), json!({"type": "object", "additionalProperties": element}));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "umlaut.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": tables,
    });
    same("grammar/umlaut.schema.json", &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
}
