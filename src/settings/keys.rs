//! The table of keys with one value each: what the reader accepts and what the reference says.

use super::{Compatible, Settings};
use crate::django::DjangoVersion;
use crate::django::project::Database;

/// A key.
pub struct Key {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it takes, and where that goes.
    pub takes: Takes,
    /// Its default as TOML writes it; none if it depends on the model.
    pub default: Option<&'static str>,
    /// What it does.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy)]
pub enum Takes {
    /// `true` or `false`.
    Flag(fn(&mut Settings, bool)),
    /// A whole number, from the first on.
    Count(usize, fn(&mut Settings, usize)),
    /// A text that the function accepts; else it says what is accepted.
    Text(fn(&mut Settings, &str) -> Result<(), &'static str>),
    /// One of these.
    One(&'static [&'static str], fn(&mut Settings, &str)),
    /// Several of these, at least one.
    Some(&'static [&'static str], fn(&mut Settings, Vec<String>)),
    /// A list of texts, each of which the function accepts; else it says what is accepted.
    Texts(fn(&mut Settings, &str) -> Result<(), &'static str>),
}

const fn key(
    table: &'static str,
    name: &'static str,
    default: Option<&'static str>,
    takes: Takes,
    doc: &'static str,
) -> Key {
    Key { table, name, takes, default, doc }
}

/// All keys.
pub static KEYS: &[Key] = &[
    key("project", "name", None, Takes::Text(project_name), "its name; by default the model's"),
    key("project", "out", None, Takes::Text(out), "where it is written; by default `build/<name>`"),
    key(
        "project",
        "django",
        Some(r#""6.1""#),
        Takes::One(&["5.2", "6.1"], |settings, number| {
            settings.django = DjangoVersion::new(number).unwrap_or_default();
        }),
        "the Django that it is written for; 5.2 is the one with long-term support",
    ),
    key(
        "project",
        "databases",
        Some(r#"["sqlite", "postgresql"]"#),
        Takes::Some(&["sqlite", "postgresql"], |settings, names| {
            settings.databases = names
                .iter()
                .map(|name| if name == "sqlite" { Database::Sqlite } else { Database::Postgresql })
                .collect();
        }),
        "what the models must run on",
    ),
    key(
        "project",
        "user",
        None,
        Takes::One(&["auth.User"], |settings, name| settings.user = Some(name.to_owned())),
        "`auth.User` takes Django's own user in place of one of ours; it cannot be changed later",
    ),
    key("rules", "untyped", Some(r#""string""#), Takes::Text(untyped), "the type of an attribute without type"),
    key(
        "rules",
        "help_text",
        Some("true"),
        Takes::Flag(|settings, flag| settings.rules.help_text = flag),
        "documentation of attributes becomes `help_text`",
    ),
    key(
        "rules",
        "explicit_through",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.explicit_through = flag),
        "every many-to-many relation gets a model of its own",
    ),
    key(
        "rules",
        "strict_navigability",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.strict_navigability = flag),
        "no reverse name where the diagram forbids the way back",
    ),
    key(
        "rules",
        "enum_checks",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.enum_checks = flag),
        "the database refuses what is no literal of an enumeration; each new literal then makes the constraint anew",
    ),
    key(
        "rules",
        "db_regex",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.db_regex = flag),
        "the database refuses texts that do not fit their pattern, where all databases read it alike",
    ),
    key(
        "rules",
        "db_comments",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.db_comments = flag),
        "documentation becomes comments in the database; SQLite has none, so it needs PostgreSQL alone",
    ),
    key(
        "rules",
        "database_deletes",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.database_deletes = flag),
        "the database deletes parts with their wholes, where Django allows it",
    ),
    key(
        "rules",
        "visibility",
        Some("false"),
        Takes::Flag(|settings, flag| settings.rules.visibility = flag),
        "what is not public in the diagram is left out of the API and of lists; some tools draw every attribute private",
    ),
    key(
        "names",
        "plural",
        Some(r#""english""#),
        Takes::One(&["english", "none"], |settings, name| settings.english_plurals = name == "english"),
        "how names of many are made; with `none` they end in `_set`",
    ),
    key(
        "cascades",
        "warn_at",
        Some("10"),
        Takes::Count(1, |settings, count| settings.cascade_warn_at = count),
        "how many classes one deletion may reach before U0803",
    ),
    key(
        "limits",
        "file",
        Some("268_435_456"),
        Takes::Count(1, |settings, count| settings.limits.file = count),
        "bytes of a file",
    ),
    key(
        "limits",
        "depth",
        Some("512"),
        Takes::Count(1, |settings, count| settings.limits.depth = count),
        "nested elements",
    ),
    key(
        "limits",
        "attributes",
        Some("1024"),
        Takes::Count(1, |settings, count| settings.limits.attributes = count),
        "attributes of an XML element",
    ),
    key(
        "limits",
        "value",
        Some("10_485_760"),
        Takes::Count(1, |settings, count| settings.limits.value = count),
        "bytes of one value",
    ),
    key(
        "limits",
        "name",
        Some("1024"),
        Takes::Count(1, |settings, count| settings.limits.name = count),
        "characters of a name",
    ),
    key(
        "limits",
        "elements",
        Some("5_000_000"),
        Takes::Count(1, |settings, count| settings.limits.elements = count),
        "XML elements of a file",
    ),
    key(
        "limits",
        "classes",
        Some("100_000"),
        Takes::Count(1, |settings, count| settings.limits.classes = count),
        "classes and other types of a document",
    ),
    key(
        "limits",
        "literals",
        Some("10_000"),
        Takes::Count(1, |settings, count| settings.limits.literals = count),
        "literals of an enumeration",
    ),
    key(
        "limits",
        "archive_entries",
        Some("10_000"),
        Takes::Count(1, |settings, count| settings.limits.archive_entries = count),
        "files in an archive, those of archives in it included",
    ),
    key(
        "limits",
        "archive_bytes",
        Some("1_073_741_824"),
        Takes::Count(1, |settings, count| settings.limits.archive_bytes = count),
        "bytes that come out of an archive, those of archives in it included",
    ),
    key(
        "limits",
        "archive_ratio",
        Some("100"),
        Takes::Count(1, |settings, count| settings.limits.archive_ratio = count),
        "how many times larger than in its archive a file may be; the first 8 MiB are free",
    ),
    key(
        "limits",
        "archive_depth",
        Some("3"),
        Takes::Count(1, |settings, count| settings.limits.archive_depth = count),
        "archives in archives",
    ),
    key(
        "evolution",
        "accept",
        Some("[]"),
        Takes::Texts(accept),
        "what may be dropped with its data: model paths as they were",
    ),
    key(
        "evolution",
        "contract",
        Some("[]"),
        Takes::Texts(contract),
        "what no server uses any more and may go from the database: names in Django, as U1318 says them",
    ),
    key(
        "evolution",
        "rename",
        Some("[]"),
        Takes::Texts(rename),
        "what was renamed, where ids cannot tell: `shop.Person.surname -> shop.Person.last_name`",
    ),
    key(
        "evolution",
        "compatible",
        Some(r#""none""#),
        Takes::One(&["none", "restart", "rolling"], |settings, word| {
            settings.evolution.compatible = match word {
                "restart" => Compatible::Restart,
                "rolling" => Compatible::Rolling,
                _ => Compatible::None,
            };
        }),
        "what goes on while migrations are applied: nothing, others that read and write, or servers with the old models, too",
    ),
    key(
        "emit",
        "layers",
        Some(r#"["models", "admin", "drf", "tests"]"#),
        Takes::Some(&["models", "admin", "drf", "tests"], |settings, layers| settings.layers = layers),
        "what is written beside the project's shell",
    ),
];

/// Tables whose keys are the user's own.
pub static FREE_TABLES: &[&str] = &["types", "documents", "lints", "model"];

/// Keys and tables of the design that this version does not have yet.
pub static NOT_YET: &[&str] = &[
    "emit.drf",
    "evolution.reversible",
    "lints.allow_needs_reason",
    "names.unicode",
    "output",
    "project.models",
    "rules.db_regex",
    "templates",
];

/// The names of all tables.
pub fn tables() -> Vec<&'static str> {
    let mut tables: Vec<&str> = KEYS.iter().map(|key| key.table).chain(FREE_TABLES.iter().copied()).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

fn project_name(settings: &mut Settings, name: &str) -> Result<(), &'static str> {
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && name.len() <= 50;
    if !fits {
        return Err("lower-case letters, digits and `_`, with a letter first");
    }
    settings.project_name = Some(name.to_owned());
    Ok(())
}

fn out(settings: &mut Settings, path: &str) -> Result<(), &'static str> {
    if path.trim().is_empty() {
        return Err("the path of a folder");
    }
    settings.out = Some(path.to_owned());
    Ok(())
}

fn accept(settings: &mut Settings, path: &str) -> Result<(), &'static str> {
    if path.trim().is_empty() {
        return Err("model paths, such as `shop.Person.surname`");
    }
    settings.evolution.accept.push(path.trim().to_owned());
    Ok(())
}

fn contract(settings: &mut Settings, name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        return Err("names in Django, such as `shop.Person.surname`");
    }
    settings.evolution.contract.push(name.trim().to_owned());
    Ok(())
}

fn rename(settings: &mut Settings, text: &str) -> Result<(), &'static str> {
    match text.split_once("->") {
        Some((old, new)) if !old.trim().is_empty() && !new.trim().is_empty() => {
            settings.evolution.rename.push((old.trim().to_owned(), new.trim().to_owned()));
            Ok(())
        }
        _ => Err("two model paths each, such as `shop.Person.surname -> shop.Person.last_name`"),
    }
}

fn untyped(settings: &mut Settings, name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        return Err("the name of a type, such as `string` or `decimal(10,2)`");
    }
    name.trim().clone_into(&mut settings.rules.untyped);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Report;
    use crate::source::Sources;

    #[test]
    fn the_defaults_in_the_table_are_the_defaults() {
        for key in KEYS {
            let Some(default) = key.default else { continue };
            let text = format!("[{}]\n{} = {default}\n", key.table, key.name);
            let (mut sources, mut report) = (Sources::default(), Report::default());
            let settings = super::super::load(Some(("umlaut.toml", &text)), &mut sources, &mut report);
            assert!(report.diagnostics().is_empty(), "{text}{report:?}");
            assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()), "{text}");
        }
    }
}
