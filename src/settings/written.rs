//! What `umlaut.toml` says, with places. Everything wrong is reported, and the default stays.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{FREE_TABLES, KEYS, Key, NOT_YET, Takes, tables};
use super::{Allowance, Day, ElementSetting, Settings, lints};
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Level, Report, codes};
use crate::django::field::CustomClass;
use crate::profile;
use crate::python::{Dotted, Expr, Identifier};
use crate::source::{SourceId, Sources, Span};
use crate::util::words;

/// Settings from the text of a settings file, if there is one. Its name is for people.
pub fn load(text: Option<(&str, &str)>, sources: &mut Sources, report: &mut Report) -> Settings {
    let Some((name, text)) = text else { return Settings::default() };
    let source = sources.add(name, text);
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let what = error.message().lines().next().unwrap_or_default().trim().to_lowercase();
            let at = error.span().unwrap_or(0..0);
            report.add(
                Diagnostic::new(&codes::U1401, format!("`{name}` is not TOML: {what}"))
                    .here(Span::new(source, visible(text, at)), "not understood from here on"),
            );
            return Settings::default();
        }
    };
    let mut reader = Reader { source, report, settings: Settings::default() };
    reader.root(table.get_ref());
    reader.settings
}

/// An empty range is widened to one character, so that there is something to underline.
fn visible(text: &str, at: Range<usize>) -> Range<usize> {
    let clamp = |mut offset: usize| {
        offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (clamp(at.start), clamp(at.end));
    if start < end {
        return start..end;
    }
    match text[start..].chars().next().filter(|c| *c != '\n') {
        Some(c) => start..start + c.len_utf8(),
        None => text[..start].chars().next_back().map_or(start..start, |c| start - c.len_utf8()..start),
    }
}

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'a> {
    source: SourceId,
    report: &'a mut Report,
    settings: Settings,
}

/// An entry of a table: key, where it stands, value.
struct Entry<'t, 'i> {
    name: &'t str,
    at: Range<usize>,
    value: &'t Value<'i>,
}

/// The entries in the order in which they were written.
fn entries<'t, 'i>(table: &'t Table<'i>) -> Vec<Entry<'t, 'i>> {
    let mut entries: Vec<Entry<'t, 'i>> =
        table.iter().map(|(key, value)| Entry { name: key.get_ref().as_ref(), at: key.span(), value }).collect();
    entries.sort_by_key(|entry| entry.at.start);
    entries
}

impl Reader<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range.clone())
    }

    fn root(&mut self, table: &Table<'_>) {
        let known = tables();
        for entry in entries(table) {
            if !known.contains(&entry.name) {
                let is_key = KEYS.iter().find(|key| key.name == entry.name);
                let near = is_key.map(|key| format!("[{}] {}", key.table, key.name));
                self.unknown("", &entry, known.iter().copied(), near.as_deref());
                continue;
            }
            let Some(inner) = entry.value.get_ref().as_table() else {
                self.wrong(entry.name, entry.value, "a table");
                continue;
            };
            match entry.name {
                "types" => self.types(inner),
                "documents" => self.documents(inner),
                "lints" => self.lints(inner),
                "model" => self.model(inner),
                name => self.keys(name, inner),
            }
        }
        debug_assert!(FREE_TABLES.iter().all(|table| known.contains(table)));
    }

    fn keys(&mut self, table: &str, inner: &Table<'_>) {
        for entry in entries(inner) {
            let known = KEYS.iter().filter(|key| key.table == table);
            match known.clone().find(|key| key.name == entry.name) {
                Some(key) => self.key(key, entry.value),
                None => self.unknown(table, &entry, known.map(|key| key.name), None),
            }
        }
    }

    fn key(&mut self, key: &Key, value: &Value<'_>) {
        let path = format!("{}.{}", key.table, key.name);
        let given = value.get_ref();
        match key.takes {
            Takes::Flag(set) => match given.as_bool() {
                Some(flag) => set(&mut self.settings, flag),
                None => self.wrong(&path, value, "`true` or `false`"),
            },
            Takes::Count(least, set) => match number(given).filter(|count| *count >= least) {
                Some(count) => set(&mut self.settings, count),
                None => self.wrong(&path, value, &format!("a whole number from {least}")),
            },
            Takes::Text(set) => match given.as_str() {
                Some(text) => {
                    if let Err(wanted) = set(&mut self.settings, text) {
                        self.wrong(&path, value, wanted);
                    }
                }
                None => self.wrong(&path, value, "a text in quotes"),
            },
            Takes::One(choices, set) => match given.as_str().filter(|text| choices.contains(text)) {
                Some(text) => set(&mut self.settings, text),
                None => self.wrong(&path, value, &profile::Takes::One(choices).words()),
            },
            Takes::Texts(add) => {
                let Some(array) = given.as_array() else {
                    self.wrong(&path, value, "a list of texts");
                    return;
                };
                for item in array {
                    let taken =
                        item.get_ref().as_str().ok_or("texts in quotes").and_then(|text| add(&mut self.settings, text));
                    if let Err(wanted) = taken {
                        self.wrong(&path, item, wanted);
                    }
                }
            }
            Takes::Some(choices, set) => {
                let Some(array) = given.as_array() else {
                    self.wrong(&path, value, "a list of texts");
                    return;
                };
                let mut chosen: Vec<String> = Vec::new();
                for item in array {
                    match item.get_ref().as_str().filter(|text| choices.contains(text)) {
                        Some(text) if !chosen.iter().any(|other| other == text) => chosen.push(text.to_owned()),
                        Some(_) => {}
                        None => {
                            self.wrong(&path, item, &profile::Takes::One(choices).words());
                            return;
                        }
                    }
                }
                if chosen.is_empty() {
                    self.wrong(&path, value, &format!("a list with {}", profile::Takes::One(choices).words()));
                } else {
                    set(&mut self.settings, chosen);
                }
            }
        }
    }

    fn types(&mut self, table: &Table<'_>) {
        for entry in entries(table) {
            if let Some(inner) = entry.value.get_ref().as_table() {
                self.type_class(&entry, inner);
                continue;
            }
            let Some(target) = entry.value.get_ref().as_str().filter(|text| !text.trim().is_empty()) else {
                self.wrong(&format!("types.{}", quoted(entry.name)), entry.value, "the name of a type in quotes");
                continue;
            };
            let because = self.because(format!("types.{}", quoted(entry.name)), entry.value);
            self.settings.types.insert(entry.name.to_owned(), (target.trim().to_owned(), because));
        }
    }

    /// `{ field = "dotted.Class", max_length = 20 }`
    fn type_class(&mut self, entry: &Entry<'_, '_>, inner: &Table<'_>) {
        let key = format!("types.{}", quoted(entry.name));
        let (mut class, mut kwargs) = (None, Vec::new());
        for argument in entries(inner) {
            let path = format!("{key}.{}", argument.name);
            let value = argument.value.get_ref();
            if argument.name == "field" {
                class = value.as_str().and_then(Dotted::new);
                if class.is_none() {
                    self.wrong(
                        &path,
                        argument.value,
                        "the dotted name of a field's class: `\"shop.fields.IsbnField\"`",
                    );
                    return;
                }
                continue;
            }
            match (Identifier::new(argument.name), literal(value)) {
                (Some(name), Some(value)) => kwargs.push((name, value)),
                _ => self.wrong(&path, argument.value, "a text, a number, `true` or `false`"),
            }
        }
        match class {
            Some(class) => {
                let because = self.because(key, entry.value);
                self.settings.type_classes.insert(entry.name.to_owned(), (CustomClass { class, kwargs }, because));
            }
            None => self.wrong(&key, entry.value, "the name of a type, or a table with `field`"),
        }
    }

    fn documents(&mut self, table: &Table<'_>) {
        for entry in entries(table) {
            match entry.value.get_ref().as_str() {
                Some(path) => {
                    self.settings.documents.insert(entry.name.to_owned(), path.to_owned());
                }
                None => self.wrong(&format!("documents.{}", quoted(entry.name)), entry.value, "a path in quotes"),
            }
        }
    }

    fn lints(&mut self, table: &Table<'_>) {
        for entry in entries(table) {
            if entry.name == "allow" && entry.value.get_ref().as_array().is_some() {
                self.allowances(entry.value);
                continue;
            }
            if NOT_YET.contains(&format!("lints.{}", entry.name).as_str()) {
                self.unknown("lints", &entry, [], None);
                continue;
            }
            if let Err(help) = lints::check_lint_name(entry.name) {
                let at = self.span(&entry.at);
                self.report.add(
                    Diagnostic::new(&codes::U1402, format!("there is no code, slug or family `{}`", entry.name))
                        .here(at, "not known")
                        .help(help),
                );
                continue;
            }
            let path = format!("lints.{}", quoted(entry.name));
            match entry.value.get_ref().as_str().and_then(lints::level) {
                Some(level) if lints::is_fixed(entry.name, level) => {
                    let at = self.value_span(entry.value);
                    self.report.add(
                        Diagnostic::new(&codes::U1403, format!("`{}` cannot be set to another level", entry.name))
                            .here(at, "it is always an error")
                            .note("what it finds cannot be built"),
                    );
                }
                Some(level) => self.settings.lints.push((entry.name.to_owned(), level)),
                None => self.wrong(&path, entry.value, lints::LEVELS),
            }
        }
    }

    /// `[[lints.allow]]`
    fn allowances(&mut self, value: &Value<'_>) {
        for item in value.get_ref().as_array().into_iter().flat_map(|array| array.iter()) {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong("lints.allow", item, "a table with `code`, `element` and `reason`");
                continue;
            };
            let mut found = Allowance { codes: Vec::new(), element: None, until: None, at: self.value_span(item) };
            for entry in entries(table) {
                match (entry.name, entry.value.get_ref().as_str()) {
                    ("code", _) => {
                        found.at = self.value_span(entry.value);
                        self.allowed_codes(entry.value, &mut found.codes);
                    }
                    ("element", Some(pattern)) => found.element = Some(pattern.trim().to_owned()),
                    ("reason", Some(_)) => {}
                    ("until", _) => match day(entry.value.get_ref()) {
                        Some(day) => found.until = Some(day),
                        None => self.wrong("lints.allow.until", entry.value, "a day: `2027-01-31`"),
                    },
                    ("element" | "reason", None) => {
                        self.wrong(&format!("lints.allow.{}", entry.name), entry.value, "a text in quotes");
                    }
                    _ => self.unknown("lints.allow", &entry, ["code", "element", "reason", "until"], None),
                }
            }
            if table.get("code").is_none() {
                self.wrong("lints.allow", item, "a table with a `code`");
            } else if !found.codes.is_empty() {
                self.settings.allowances.push(found);
            }
        }
    }

    fn allowed_codes(&mut self, value: &Value<'_>, codes: &mut Vec<String>) {
        let one = std::slice::from_ref(value);
        for item in value.get_ref().as_array().map_or(one, |array| array.as_ref()) {
            match item.get_ref().as_str() {
                Some(name) if lints::is_fixed(name, Level::Allow) => {
                    let at = self.value_span(item);
                    self.report.add(
                        Diagnostic::new(&codes::U1403, format!("`{name}` cannot be allowed"))
                            .here(at, "it is always an error")
                            .note("what it finds cannot be built"),
                    );
                }
                Some(name) if lints::check_lint_name(name).is_ok() => codes.push(name.to_owned()),
                _ => self.wrong("lints.allow.code", item, "a code, its name or a family"),
            }
        }
    }

    fn model(&mut self, table: &Table<'_>) {
        for entry in entries(table) {
            let Some(inner) = entry.value.get_ref().as_table() else {
                self.wrong(&format!("model.{}", quoted(entry.name)), entry.value, "a table");
                continue;
            };
            for tag in entries(inner) {
                self.element(&entry, &tag);
            }
        }
    }

    fn element(&mut self, pattern: &Entry<'_, '_>, tag: &Entry<'_, '_>) {
        let table = format!("model.{}", quoted(pattern.name));
        let path = format!("{table}.{}", tag.name);
        let is_tag = profile::tag_rows(tag.name).next().is_some();
        if !is_tag && profile::stereotype(tag.name).is_none() {
            let at = self.span(&tag.at);
            let mut diagnostic =
                Diagnostic::new(&codes::U1402, format!("there is no setting `{}` of an element", tag.name))
                    .here(at, "not known");
            if tag.value.get_ref().as_table().is_some() {
                diagnostic = diagnostic
                    .help(format!("write the model path in quotes: `[model.\"{}.{}\"]`", pattern.name, tag.name));
            } else if let Some(near) = profile::near_tags(tag.name).first() {
                diagnostic = diagnostic.help(format!("there is `{near}`"));
            }
            self.report.add(diagnostic);
            return;
        }
        let check = |text: &str| {
            if is_tag {
                profile::check_value(profile::tag_rows(tag.name), text)
            } else {
                profile::Takes::Flag.check(text)
            }
        };
        let given = tag.value.get_ref();
        let text = match given {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            DeValue::Integer(_) => integer(given).map(|number| number.to_string()),
            DeValue::Float(float) => Some(float.as_str().to_owned()),
            DeValue::Datetime(time) => Some(time.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => None,
        };
        // A list or a table is no value of any tag.
        let wrong = text.as_deref().map_or_else(|| Err("a text in quotes".to_owned()), check);
        match (text, wrong) {
            (Some(text), Ok(())) => {
                let because = self.because(path, tag.value);
                let pattern_at = Some(self.span(&pattern.at));
                self.settings.elements.push(ElementSetting {
                    pattern: pattern.name.trim().to_owned(),
                    key: tag.name.to_owned(),
                    value: text,
                    because,
                    pattern_at,
                });
            }
            (_, wrong) => self.wrong(&path, tag.value, &wrong.err().unwrap_or_default()),
        }
    }

    fn because(&self, key: String, value: &Value<'_>) -> Because {
        Because::Setting { key, at: Some(self.value_span(value)) }
    }

    fn value_span(&self, value: &Value<'_>) -> Span {
        self.span(&value.span())
    }

    fn unknown<'k>(
        &mut self,
        table: &str,
        entry: &Entry<'_, '_>,
        known: impl IntoIterator<Item = &'k str>,
        near: Option<&str>,
    ) {
        let path = if table.is_empty() { entry.name.to_owned() } else { format!("{table}.{}", entry.name) };
        let at = self.span(&entry.at);
        let is_planned = NOT_YET.contains(&path.as_str());
        let mut diagnostic = Diagnostic::new(&codes::U1402, format!("there is no setting `{path}`"))
            .here(at, if is_planned { "not in this version" } else { "not known" });
        let known: Vec<&str> = known.into_iter().collect();
        if is_planned {
            diagnostic = diagnostic.note("it is planned, and would have no effect yet").help("take it out");
        } else if let Some(near) = near {
            diagnostic = diagnostic.help(format!("there is `{near}`"));
        } else if let Some(near) = words::nearest(entry.name, known.iter().copied()).first() {
            diagnostic = diagnostic.help(format!("there is `{near}`"));
        } else if !known.is_empty() {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.help(format!("there are {}", known.join(", ")));
        }
        self.report.add(diagnostic);
    }

    fn wrong(&mut self, path: &str, value: &Value<'_>, wanted: &str) {
        let at = self.value_span(value);
        let given = shown(value.get_ref());
        self.report.add(
            Diagnostic::new(&codes::U1403, format!("`{path}` cannot be {given}"))
                .here(at, "this value")
                .help(format!("it takes {wanted}")),
        );
    }
}

/// A value as Python has it.
fn literal(value: &DeValue<'_>) -> Option<Expr> {
    Some(match value {
        DeValue::String(text) => Expr::str(text.as_ref()),
        DeValue::Integer(_) => Expr::int(i128::try_from(number(value)?).ok()?),
        DeValue::Float(float) => Expr::Float(float.as_str().parse().ok().filter(|float: &f64| float.is_finite())?),
        DeValue::Boolean(flag) => Expr::Bool(*flag),
        _ => return None,
    })
}

/// A day without time, as a date of TOML or as text.
fn day(value: &DeValue<'_>) -> Option<Day> {
    let date = match value {
        DeValue::Datetime(given) if given.time.is_none() => given.date?,
        DeValue::String(text) => {
            let given: toml::value::Datetime = text.parse().ok()?;
            given.date.filter(|_| given.time.is_none())?
        }
        _ => return None,
    };
    Some(Day(date.year, date.month, date.day))
}

fn number(value: &DeValue<'_>) -> Option<usize> {
    usize::try_from(integer(value)?).ok()
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

/// A value as it is shown in a message.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        DeValue::Integer(number) => format!("`{number}`"),
        DeValue::Float(number) => format!("`{number}`"),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(time) => format!("`{time}`"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A key as TOML writes it.
fn quoted(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_bare { key.to_owned() } else { format!("\"{key}\"") }
}

#[cfg(test)]
mod tests;
