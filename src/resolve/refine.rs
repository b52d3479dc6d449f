//! What tags say about a column beyond its type: sizes, bounds, patterns, validators, another class.

use super::Context;
use super::attributes::class_of;
use super::{NOT_HERE, not_here};
use crate::account::Element;
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::field::{Auto, FieldKind, Validator, Value};
use crate::django::pattern;
use crate::django::project::Database;
use crate::facts::{Facts, ValueFact, reason};
use crate::policy::{default, types};
use crate::python::{Dotted, Expr, Identifier};
use crate::uml::model::{DefaultKind, Property};

/// Applies the tags of an attribute to its column.
pub(super) fn refine(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    property: &Property,
    value: &mut ValueFact,
    reasons: &mut Vec<crate::decision::Reason>,
) {
    let mut tags = Refine { cx, facts, report, property };
    if value.choices.is_none() {
        if let Some((path, because)) = facts.tags().text(property.element, "field")
            && let Some(class) = Dotted::new(path)
        {
            value.kind = types::by_class(&class, &value.kind)
                .unwrap_or_else(|| FieldKind::Custom { class: class.clone(), kwargs: Vec::new() });
            value.validators.clear();
            value.check_min = None;
            reasons.push(reason(class.to_string(), "the diagram says so", because.clone()));
        }
        tags.width(value, reasons);
    }
    tags.sizes(value, reasons);
    if value.choices.is_none() {
        tags.bounds(value, reasons);
        tags.pattern(value, reasons);
    }
    tags.collation(value, reasons);
    tags.secret(value, reasons);
    if let Some((paths, because)) = facts.tags().text(property.element, "validators") {
        value.validators.extend(paths.split(',').filter_map(Dotted::new).map(Validator::Custom));
        reasons.push(reason(format!("validators {paths}"), "asked for", because.clone()));
    }
}

struct Refine<'a, 'b> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    report: &'b mut Report,
    property: &'a Property,
}

impl Refine<'_, '_> {
    fn number(&self, name: &str) -> Option<u32> {
        self.facts.tags().text(self.property.element, name).and_then(|(text, _)| text.parse().ok())
    }

    /// Why a column is as a tag says.
    fn note(&self, tag: &str, reasons: &mut Vec<crate::decision::Reason>) {
        let said = self.facts.tags().text(self.property.element, tag);
        reasons.extend(said.map(|(text, because)| reason(format!("{tag} {text}"), "asked for", because.clone())));
    }

    /// How wide an integer without bounds is.
    fn width(&self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let Some((width, because)) = self.facts.tags().text(self.property.element, "integer_width") else { return };
        let is_integer = matches!(
            value.kind,
            FieldKind::SmallInteger
                | FieldKind::Integer
                | FieldKind::BigInteger
                | FieldKind::Decimal { decimal_places: 0, .. }
        );
        let kind = match width {
            "32" => FieldKind::Integer,
            "64" => FieldKind::BigInteger,
            _ => return,
        };
        if is_integer {
            reasons.push(reason(class_of(&kind), "the diagram says so", because.clone()));
            value.kind = kind;
        }
    }

    /// Lengths, digits and dates that set themselves.
    fn sizes(&mut self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let tags = self.facts.tags();
        let element: Element = self.property.element;
        let (length, digits) = (self.number("max_length"), self.number("max_digits"));
        let places = self.number("decimal_places");
        match &mut value.kind {
            FieldKind::Char { max_length }
            | FieldKind::Email { max_length }
            | FieldKind::Url { max_length }
            | FieldKind::Slug { max_length }
                if value.choices.is_none() =>
            {
                *max_length = length.unwrap_or(*max_length);
                self.note("max_length", reasons);
            }
            FieldKind::Text => {
                value.validators.extend(length.map(Validator::MaxLength));
                self.note("max_length", reasons);
            }
            FieldKind::Decimal { max_digits, decimal_places } => {
                let (digits, places) = (digits.unwrap_or(*max_digits), places.unwrap_or(*decimal_places));
                if places <= digits {
                    (*max_digits, *decimal_places) = (digits, places);
                    self.note("max_digits", reasons);
                    self.note("decimal_places", reasons);
                } else {
                    self.too_many_places(digits, places);
                }
            }
            FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => {
                if tags.has(element, "auto_now_add").is_some() {
                    *auto = Auto::NowAdd;
                    self.note("auto_now_add", reasons);
                } else if tags.has(element, "auto_now").is_some() {
                    *auto = Auto::Now;
                    self.note("auto_now", reasons);
                }
            }
            FieldKind::Custom { kwargs, .. } => {
                for (name, number) in [("max_length", length), ("max_digits", digits), ("decimal_places", places)] {
                    let unsaid = kwargs.iter().all(|(known, _)| known.as_str() != name);
                    let pair = Identifier::new(name).zip(number.map(Expr::int)).filter(|_| unsaid);
                    if pair.is_some() {
                        self.note(name, reasons);
                    }
                    kwargs.extend(pair);
                }
            }
            _ => {}
        }
    }

    /// More digits behind the point than there are digits.
    fn too_many_places(&mut self, digits: u32, places: u32) {
        for (tag, takes) in [
            ("decimal_places", format!("at most the {digits} digits that there are")),
            ("max_digits", format!("at least the {places} digits behind the point")),
        ] {
            if let Some((text, because)) = self.facts.tags().text(self.property.element, tag) {
                self.refuse(tag, text, because, &takes);
            }
        }
    }

    /// `min` and `max` of numbers.
    fn bounds(&mut self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let is_number = matches!(
            value.kind,
            FieldKind::SmallInteger
                | FieldKind::Integer
                | FieldKind::BigInteger
                | FieldKind::PositiveSmallInteger
                | FieldKind::PositiveInteger
                | FieldKind::PositiveBigInteger
                | FieldKind::Float
                | FieldKind::Decimal { .. }
        );
        for (name, is_max) in [("min", false), ("max", true)] {
            let Some((text, because)) = self.facts.tags().text(self.property.element, name) else { continue };
            if !is_number {
                self.refuse(name, text, because, "nothing here: only numbers have bounds");
                continue;
            }
            let limit = default::value(text, DefaultKind::Literal, &value.kind, &[]);
            let Ok(Some(Value::Expr(limit))) = limit else {
                self.refuse(name, text, because, &format!("a value of the {} that it bounds", class_of(&value.kind)));
                continue;
            };
            value.validators.retain(|known| {
                !matches!((known, is_max), (Validator::MinValue(_), false) | (Validator::MaxValue(_), true))
            });
            value.validators.push(if is_max { Validator::MaxValue(limit) } else { Validator::MinValue(limit) });
            self.note(name, reasons);
        }
    }

    /// `regex` of texts.
    fn pattern(&mut self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let Some((text, because)) = self.facts.tags().text(self.property.element, "regex") else { return };
        if !matches!(value.kind, FieldKind::Char { .. } | FieldKind::Text | FieldKind::Slug { .. }) {
            self.refuse("regex", text, because, "nothing here: only texts have a pattern");
        } else if pattern::matching(text, 0).is_none() {
            // What we cannot read, Python perhaps cannot either, and then no page of the project would open.
            self.refuse("regex", text, because, "a regular expression of literals, classes, groups and repetitions");
        } else {
            value.validators.retain(|known| !matches!(known, Validator::Regex { .. }));
            let message = "Enter a valid value.".to_owned();
            value.validators.push(Validator::Regex { pattern: text.to_owned(), message });
            self.note("regex", reasons);
            if self.cx.settings.rules.db_regex
                && let Some(strange) = pattern::strangeness(text)
            {
                let path = self.cx.elements.path(self.property.element);
                let at = because.place().unwrap_or(self.property.span);
                let message = format!("the pattern of `{path}` is checked in forms and the API, not by the database");
                self.report.add(
                    Diagnostic::new(&codes::U1103, message)
                        .about(self.property.element)
                        .here(at, "databases do not read it alike")
                        .help(strange),
                );
            }
        }
    }

    /// How the database sorts and compares a text. Databases have no collation in common.
    fn collation(&mut self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let Some((text, because)) = self.facts.tags().text(self.property.element, "db_collation") else { return };
        if !value.kind.is_text() {
            self.refuse("db_collation", text, because, "nothing here: only texts are sorted by one");
            return;
        }
        match self.cx.settings.databases[..] {
            [Database::Sqlite] if !["BINARY", "NOCASE", "RTRIM"].contains(&text) => {
                self.refuse("db_collation", text, because, "`BINARY`, `NOCASE` or `RTRIM` on SQLite");
            }
            [_] => {
                value.db_collation = Some(text.to_owned());
                reasons.push(reason(format!("db_collation {text}"), "asked for", because.clone()));
            }
            _ => {
                let what = format!("the collation of `{}`", self.cx.elements.path(self.property.element));
                self.report.add(
                    not_here(&what, "one database alone", "left out")
                        .about(self.property.element)
                        .here(because.place().unwrap_or(self.property.span), NOT_HERE),
                );
            }
        }
    }

    /// What is written and never shown.
    fn secret(&mut self, value: &mut ValueFact, reasons: &mut Vec<crate::decision::Reason>) {
        let Some(because) = self.facts.tags().has(self.property.element, "secret") else { return };
        if value.kind.is_text() && value.choices.is_none() {
            value.secret = true;
            reasons.push(reason("secret", "it is written and never shown", because.clone()));
        } else {
            self.refuse("secret", "true", because, "nothing here: only texts are secrets");
        }
    }

    /// What a tag does not take (U1004).
    fn refuse(&mut self, tag: &str, text: &str, because: &Because, takes: &str) {
        refuse(self.cx, self.report, self.property, tag, text, because, takes);
    }
}

/// Reports a value that a tag does not take here.
pub(super) fn refuse(
    cx: &Context<'_>,
    report: &mut Report,
    property: &Property,
    tag: &str,
    text: &str,
    because: &Because,
    takes: &str,
) {
    let shown: String = text.chars().take(60).collect();
    let path = cx.elements.path(property.element);
    let at = because.place().unwrap_or(property.span);
    report.add(
        Diagnostic::new(&codes::U1004, format!("tag `{tag}` of `{path}` is `{shown}`; it takes {takes}"))
            .about(property.element)
            .here(at, "left out"),
    );
}
