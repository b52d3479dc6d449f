//! Rows that may not fit any more (U1306, U1310).

use std::collections::BTreeSet;

use super::{Impact, Table, first_place, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::state::FieldState;
use crate::django::state::query::{argument, name, names, text, without};
use crate::python::Expr;
use crate::sql;

impl Impact<'_> {
    pub(super) fn rows(&self, table: &Table<'_>, report: &mut Report) {
        for (was, now) in &table.fields {
            if self.is_accepted(table.old, Some(was)) {
                continue;
            }
            if let Some(narrowed) = narrowed(was, now) {
                let what = format!("`{}` {}", table.field_name(now), narrowed.what);
                let query = self.query(table, &was.column(), &narrowed.test);
                let diagnostic = here(Diagnostic::new(&codes::U1306, what), table.field_place(now), "is narrower now");
                report.add(self.accept(diagnostic, table, was, &query));
            }
            self.lost_literals(table, was, now, report);
            let key = BTreeSet::from([now.name.as_str()]);
            if is_unique(now) && !were_unequal(table, &key) && !was.is_many_to_many() {
                let what = format!("`{}` is unique now, and rows may be equal", table.field_name(now));
                let diagnostic = here(Diagnostic::new(&codes::U1310, what), table.field_place(now), "must be unique");
                report.add(self.accept(diagnostic, table, was, &self.equal_rows(table, &[was.column()], None)));
            }
        }
        self.constraints(table, report);
    }

    /// Literals that are gone while rows may have them. Django does not look: forms would refuse the rows.
    fn lost_literals(&self, table: &Table<'_>, was: &FieldState, now: &FieldState, report: &mut Report) {
        let (Some(old), Some(new)) = (choices(was), choices(now)) else { return };
        let gone: Vec<&str> = old
            .iter()
            .filter(|(value, _)| !new.iter().any(|(it, _)| it == value))
            .map(|(value, _)| value.as_str())
            .collect();
        if gone.is_empty() {
            return;
        }
        let list = gone.join(", ");
        let what = format!(
            "`{}` cannot be {list} any more, and rows may have {}",
            table.field_name(now),
            if gone.len() == 1 { "it" } else { "them" }
        );
        let column = was.column();
        let query = self.query(table, &format!("{column}, count(*)"), &format!("{column} IN ({list})"));
        let query = format!("{query} GROUP BY {column}");
        let diagnostic = here(Diagnostic::new(&codes::U1310, what), table.field_place(now), "its literals");
        report.add(
            self.accept(diagnostic, table, was, &query)
                .help("if it was only renamed, keep the stored value: tag `value` at the literal"),
        );
    }

    /// Constraints that are new, on columns that are not.
    fn constraints(&self, table: &Table<'_>, report: &mut Report) {
        let come: BTreeSet<&str> = table.come.iter().map(|field| field.name.as_str()).collect();
        let known = |constraint: &Expr| {
            let definition = without_words(constraint);
            table.old.constraints.iter().any(|it| without_words(it) == definition || is_wider(it, constraint))
        };
        for constraint in table.new.constraints.iter().filter(|it| !known(it)) {
            let mut fields: BTreeSet<&str> =
                names(constraint).into_iter().filter(|field| table.new.field(field).is_some()).collect();
            // What was only renamed is no news; a new column is empty, but for its default.
            if fields.iter().any(|field| come.contains(field)) || is_renamed(table, constraint) {
                continue;
            }
            if plain_key(constraint).is_some_and(|key| were_unequal(table, &key)) {
                continue;
            }
            let name = name(constraint);
            let (what, query) = match constraint {
                Expr::Call { name: "UniqueConstraint", .. } => {
                    let key = without(constraint, &["name", "condition", "include", "violation_error_message"]);
                    let key = names(&key);
                    fields.retain(|field| key.contains(field));
                    let what = match (argument(constraint, "condition"), fields.len()) {
                        (None, 1) => "unique, and rows may be equal",
                        (None, _) => "unique together, and rows may be equal",
                        (Some(_), 1) => "unique under a condition, and rows may be equal",
                        (Some(_), _) => "unique together under a condition, and rows may be equal",
                    };
                    let key = sql::uniqueness(&table.before(), constraint);
                    (what, key.map(|(parts, condition)| self.equal_rows(table, &parts, condition)))
                }
                Expr::Call { name: "CheckConstraint", .. } => {
                    let test = sql::violation(&table.before(), constraint);
                    ("under a condition that rows may break", test.map(|test| self.query(table, "*", &test)))
                }
                _ => ("kept apart, and rows may overlap", None),
            };
            let owner = self.paths(table.old, None);
            if self.settings.accept.iter().any(|it| owner.contains(it) || it == name) {
                continue;
            }
            let list: Vec<String> = fields.iter().map(|field| format!("`{}.{field}`", table.new.name)).collect();
            let is = if list.len() == 1 { "is" } else { "are" };
            let what = format!("{} {is} {what} (`{name}`)", super::super::enumerate(&list));
            let declared = table.class.and_then(|class| class.meta.constraints.iter().find(|it| it.name == name));
            let span = declared.and_then(|it| first_place(&it.reasons)).or_else(|| table.place());
            let mut diagnostic = here(Diagnostic::new(&codes::U1310, what), span, "the new constraint")
                .note("the migration fails where rows break it");
            if let Some(query) = query {
                diagnostic = diagnostic.help(format!("look first: `{query}`"));
            }
            report.add(diagnostic.help(format!("if no row does: `[evolution] accept = [\"{name}\"]`")));
        }
    }

    fn query(&self, table: &Table<'_>, what: &str, test: &str) -> String {
        format!("SELECT {what} FROM {} WHERE {test}", sql::table(&self.built.state, &table.old.key))
    }

    /// Asks for rows that have these parts in common, of those under the condition. Null is like nothing.
    fn equal_rows(&self, table: &Table<'_>, parts: &[String], condition: Option<String>) -> String {
        let list = parts.join(", ");
        let present = parts.iter().map(|part| format!("{part} IS NOT NULL"));
        let tests: Vec<String> = condition.map(|it| format!("({it})")).into_iter().chain(present).collect();
        let query = self.query(table, &format!("{list}, count(*)"), &tests.join(" AND "));
        format!("{query} GROUP BY {list} HAVING count(*) > 1")
    }

    fn accept(&self, diagnostic: Diagnostic, table: &Table<'_>, was: &FieldState, query: &str) -> Diagnostic {
        let paths = self.paths(table.old, Some(was));
        let path = paths.first().map_or("", String::as_str);
        diagnostic
            .help(format!("look first: `{query}`"))
            .help(format!("if no row does: `[evolution] accept = [\"{path}\"]`"))
    }
}

/// Whether an old constraint says the same of fields that are called otherwise now.
fn is_renamed(table: &Table<'_>, constraint: &Expr) -> bool {
    let mut old = table.old.constraints.iter();
    old.any(|was| {
        let mut definition = without_words(was);
        for (before, now) in table.fields.iter().filter(|(before, now)| before.name != now.name) {
            for (quote, end) in [("'", "'"), ("'", "__"), ("'-", "'")] {
                let (from, to) = (format!("{quote}{}{end}", before.name), format!("{quote}{}{end}", now.name));
                definition = definition.replace(&from, &to);
            }
        }
        definition == without_words(constraint)
    })
}

/// The fields of a unique constraint on nothing but fields.
fn plain_key(constraint: &Expr) -> Option<BTreeSet<&str>> {
    let Expr::Call { name: "UniqueConstraint", .. } = constraint else { return None };
    argument(constraint, "fields").map(names)
}

/// Whether no two rows could be equal in these fields before: some of them were unique already, whatever said so.
fn were_unequal(table: &Table<'_>, key: &BTreeSet<&str>) -> bool {
    let fields = table.fields.iter().filter(|(_, now)| key.contains(now.name.as_str()));
    let before: BTreeSet<&str> = fields.clone().map(|(was, _)| was.name.as_str()).collect();
    let is_within = |constraint: &Expr| {
        argument(constraint, "condition").is_none() && plain_key(constraint).is_some_and(|old| old.is_subset(&before))
    };
    fields.clone().any(|(was, _)| is_unique(was)) || table.old.constraints.iter().any(is_within)
}

/// Whether a condition lists the values of a column, and the new one lists all of them.
fn is_wider(was: &Expr, now: &Expr) -> bool {
    fn listed(constraint: &Expr) -> Option<(&str, &[Expr])> {
        let Expr::Call { args, .. } = argument(constraint, "condition")? else { return None };
        let [Expr::Tuple(pair)] = args.as_slice() else { return None };
        match pair.as_slice() {
            [Expr::Str(lookup), Expr::List(values) | Expr::Tuple(values)] if lookup.ends_with("__in") => {
                Some((lookup, values))
            }
            _ => None,
        }
    }
    let (Some((old, before)), Some((new, after))) = (listed(was), listed(now)) else { return false };
    old == new && before.iter().all(|value| after.contains(value))
}

/// What a field became too narrow for.
struct Narrowed {
    what: String,
    /// The condition of rows that do not fit.
    test: String,
}

/// The definition without what people are told and without its name.
fn without_words(constraint: &Expr) -> String {
    let words = ["violation_error_message", "violation_error_code", "name"];
    text(&crate::django::state::query::without(constraint, &words))
}

fn is_unique(field: &FieldState) -> bool {
    field.argument("unique") == Some(&Expr::Bool(true)) || field.class() == "OneToOneField" || field.primary_key
}

/// The stored values of literals, as SQL writes them, and their labels.
fn choices(field: &FieldState) -> Option<Vec<(String, &Expr)>> {
    let Some(Expr::List(pairs)) = field.argument("choices") else { return None };
    let pairs = pairs.iter().filter_map(|pair| match pair {
        Expr::Tuple(pair) => match pair.as_slice() {
            [Expr::Str(value), label] => Some((format!("'{}'", value.replace('\'', "''")), label)),
            [Expr::Int(value), label] => Some((value.clone(), label)),
            _ => None,
        },
        _ => None,
    });
    Some(pairs.collect())
}

fn number(field: &FieldState, key: &str) -> Option<u32> {
    match field.argument(key) {
        Some(Expr::Int(digits)) => digits.parse().ok(),
        _ => None,
    }
}

/// The longest text, if it is limited.
fn length(field: &FieldState) -> Option<u32> {
    let default = match field.class() {
        "CharField" => None,
        "EmailField" => Some(254),
        "URLField" => Some(200),
        "SlugField" => Some(50),
        "FileField" => Some(100),
        _ => return None,
    };
    number(field, "max_length").or(default)
}

/// The lowest and the highest number.
fn range(field: &FieldState) -> Option<(i64, i64)> {
    Some(match field.class() {
        "SmallIntegerField" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "IntegerField" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "BigIntegerField" => (i64::MIN, i64::MAX),
        "PositiveSmallIntegerField" => (0, i64::from(i16::MAX)),
        "PositiveIntegerField" => (0, i64::from(i32::MAX)),
        "PositiveBigIntegerField" => (0, i64::MAX),
        _ => return None,
    })
}

fn narrowed(was: &FieldState, now: &FieldState) -> Option<Narrowed> {
    let is_text = |field: &FieldState| field.class() == "TextField" || length(field).is_some();
    if is_text(was) && is_text(now) {
        let (old, new) = (length(was), length(now)?);
        if old.is_some_and(|old| old <= new) {
            return None;
        }
        let before = old.map_or_else(|| "any number of".to_owned(), |old| old.to_string());
        return Some(Narrowed {
            what: format!("shrinks from {before} to {new} characters"),
            test: format!("length({}) > {new}", was.column()),
        });
    }
    if let (Some(old), Some(new)) = (range(was), range(now)) {
        let (low, high) = (new.0 > old.0, new.1 < old.1);
        let column = was.column();
        let test = match (low, high) {
            (false, false) => return None,
            (true, false) => format!("{column} < {}", new.0),
            (false, true) => format!("{column} > {}", new.1),
            (true, true) => format!("{column} NOT BETWEEN {} AND {}", new.0, new.1),
        };
        return Some(Narrowed { what: format!("holds numbers from {} to {} only", new.0, new.1), test });
    }
    if was.class() == "DecimalField" && now.class() == "DecimalField" {
        let parts = |field: &FieldState| {
            let (digits, places) = (number(field, "max_digits")?, number(field, "decimal_places")?);
            Some((digits.saturating_sub(places), places))
        };
        let (old, new) = (parts(was)?, parts(now)?);
        let column = was.column();
        if new.1 < old.1 {
            return Some(Narrowed {
                what: format!("has {} decimal places instead of {}; values would be rounded", new.1, old.1),
                test: format!("{column} <> round({column}, {})", new.1),
            });
        }
        if new.0 < old.0 {
            return Some(Narrowed {
                what: format!("has {} digits before the point instead of {}", new.0, old.0),
                test: format!("abs({column}) >= 1{}", "0".repeat(usize::try_from(new.0).unwrap_or(0))),
            });
        }
    }
    None
}
