//! What tags and settings ask for: `unique`, `index`, `ordering` and `no_overlap` of classes.

use super::{Asked, Scope};
use crate::decision::Because;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::FieldKind;
use crate::django::constraint::{Range, TextFunction};
use crate::django::field::Validator;
use crate::facts::{
    Column, ColumnKind, Columns, IndexFact, OverlapFact, Table, TestFact, UniqueRule, ValueFact, reason,
};
use crate::policy::default;
use crate::policy::indexes as policy;
use crate::policy::naming;
use crate::profile::conditions::{Comparison, TestValue, tests};
use crate::profile::values;
use crate::python::Expr;
use crate::source::Span;
use crate::uml::model::DefaultKind;
use crate::util::arena::Id;
use crate::util::words;

/// A name that is no attribute, or a value that is none.
struct Unknown {
    what: String,
}

/// Columns with functions of them.
type Parts = (Columns, Vec<(Id<Column>, TextFunction)>);

impl Scope<'_, '_> {
    pub(super) fn asked_uniques(&self, table: Id<Table>, report: &mut Report) -> Vec<UniqueRule> {
        let Some((text, because)) = self.tag(table, "unique") else { return Vec::new() };
        let groups = values::groups(text).unwrap_or_default();
        let rules = groups.iter().filter_map(|group| {
            let names: Vec<(&str, bool)> = group.columns.iter().map(|&name| (name, false)).collect();
            let found = self.parts(table, &names).and_then(|parts| Ok((parts, self.tests(table, group.condition)?)));
            let ((columns, functions), condition) = self.known(table, "unique", because, found, report)?;
            let columns: Vec<Id<Column>> = columns.into_iter().map(|(column, _)| column).collect();
            self.nulls(table, &columns, &condition, because, report);
            let reason = reason("a unique constraint", "asked for", because.clone());
            Some(UniqueRule { columns, functions, condition, reason })
        });
        rules.collect()
    }

    pub(super) fn asked_indexes(&self, table: Id<Table>, report: &mut Report) -> Vec<IndexFact> {
        let Some((text, because)) = self.tag(table, "index") else { return Vec::new() };
        let given = values::indexes(text).unwrap_or_default();
        let facts = given.iter().filter_map(|given| {
            let include: Vec<(&str, bool)> = given.include.iter().map(|&name| (name, false)).collect();
            let found = self
                .parts(table, &given.columns)
                .and_then(|parts| Ok((parts, self.tests(table, given.condition)?, self.parts(table, &include)?.0)));
            let ((columns, functions), condition, include) = self.known(table, "index", because, found, report)?;
            let mut fact = IndexFact::new(columns, reason("an index", "asked for", because.clone()));
            fact.functions = functions;
            fact.condition = condition;
            fact.written = Some(self.at(table, because));
            if !include.is_empty() {
                if policy::is_postgresql_alone(&self.cx.settings.databases) {
                    fact.include = include.into_iter().map(|(column, _)| column).collect();
                } else {
                    self.not_here(table, "`include`", because, "PostgreSQL alone", report);
                }
            }
            Some(fact)
        });
        facts.collect()
    }

    pub(super) fn asked_ordering(&self, table: Id<Table>, report: &mut Report) -> Option<Asked> {
        let (text, because) = self.tag(table, "ordering")?;
        // A proxy orders the rows of its base.
        let rows = self.facts.tables().storage(table);
        let found = self.parts(rows, &values::columns(text).unwrap_or_default()).map(|(columns, _)| columns);
        let columns = self.known(table, "ordering", because, found, report)?;
        (!columns.is_empty() && !self.is_joined(rows)).then(|| (columns, because.clone()))
    }

    /// What is asked of a proxy and only a table can have.
    pub(super) fn refuse_of_proxy(&self, table: Id<Table>, report: &mut Report) {
        let tables = self.facts.tables();
        for name in ["unique", "index", "no_overlap"] {
            let element = tables.tables[table].element;
            let Some((_, because)) = self.facts.tags().text(element, name) else { continue };
            let (path, base) = (self.cx.elements.path(element), &tables.tables[tables.storage(table)].wish.text);
            report.add(
                Diagnostic::new(&codes::U1004, format!("tag `{name}` of `{path}` cannot be used: it has no table"))
                    .about(element)
                    .here(self.at(table, because), "of a proxy")
                    .help(format!("say it of `{base}`, which has the table")),
            );
        }
    }

    pub(super) fn asked_overlaps(&self, table: Id<Table>, report: &mut Report) -> Vec<OverlapFact> {
        let Some((text, because)) = self.tag(table, "no_overlap") else { return Vec::new() };
        let Some(given) = values::overlap(text) else { return Vec::new() };
        let names: Vec<(&str, bool)> =
            [given.start, given.end].into_iter().chain(given.by).map(|it| (it, false)).collect();
        let found = self.parts(table, &names).map(|(columns, _)| columns);
        let Some(columns) = self.known(table, "no_overlap", because, found, report) else { return Vec::new() };
        let mut columns = columns.into_iter().map(|(column, _)| column);
        let (Some(start), Some(end)) = (columns.next(), columns.next()) else { return Vec::new() };
        let range = self.value(start).zip(self.value(end)).and_then(|(start, end)| range(&start.kind, &end.kind));
        let alone = policy::is_postgresql_alone(&self.cx.settings.databases);
        let what = if alone && range.is_some() { "an exclusion constraint" } else { "a check in clean()" };
        let reason = reason(what, "asked for", because.clone());
        vec![OverlapFact { start, end, by: columns.collect(), range: range.filter(|_| alone), reason }]
    }

    /// The tag of the class that a table stands for, or that of the nearest abstract one above it.
    fn tag(&self, table: Id<Table>, name: &str) -> Option<(&str, &Because)> {
        let tables = self.facts.tables();
        let own = std::iter::once(table).chain(self.facts.tables().lenders(table));
        own.into_iter().find_map(|table| self.facts.tags().text(tables.tables[table].element, name))
    }

    fn at(&self, table: Id<Table>, because: &Because) -> Span {
        match because {
            Because::Tag(span) | Because::Setting { at: Some(span), .. } | Because::Rule { at: Some(span), .. } => {
                *span
            }
            Because::Setting { at: None, .. } | Because::Rule { at: None, .. } => {
                self.facts.tables().tables[table].span
            }
        }
    }

    /// Columns by the names of attributes or fields; a function may be around each.
    fn parts(&self, table: Id<Table>, names: &[(&str, bool)]) -> Result<Parts, Unknown> {
        let mut found: Parts = (Vec::new(), Vec::new());
        for &(written, descending) in names {
            let (function, name) = values::function(written);
            let column = self.column(table, name)?;
            found.0.push((column, descending));
            if let Some(function) = function {
                let is_text = self.value(column).is_some_and(|value| value.kind.is_text());
                if !is_text {
                    return Err(Unknown { what: format!("`{written}`, which is no text") });
                }
                let function = match function {
                    values::TextFunction::Lower => TextFunction::Lower,
                    values::TextFunction::Upper => TextFunction::Upper,
                };
                found.1.push((column, function));
            }
        }
        Ok(found)
    }

    fn column(&self, table: Id<Table>, name: &str) -> Result<Id<Column>, Unknown> {
        let tables = self.facts.tables();
        let wanted = naming::snake(name);
        let found = self.columns(table).into_iter().find(|&column| {
            !matches!(tables.columns[column].kind, ColumnKind::Many(_))
                && (naming::snake(&tables.columns[column].wish.text) == wanted
                    || self.facts.names().columns.get(column).is_some_and(|(name, _)| *name == wanted))
        });
        found.ok_or_else(|| Unknown { what: format!("`{name}`, which is not an attribute") })
    }

    pub(super) fn value(&self, column: Id<Column>) -> Option<&ValueFact> {
        match &self.facts.tables().columns[column].kind {
            ColumnKind::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The tests of a condition.
    fn tests(&self, table: Id<Table>, condition: Option<&str>) -> Result<Vec<TestFact>, Unknown> {
        let Some(condition) = condition else { return Ok(Vec::new()) };
        tests(condition).unwrap_or_default().iter().map(|test| self.test(table, test)).collect()
    }

    fn test(&self, table: Id<Table>, test: &TestValue<'_>) -> Result<TestFact, Unknown> {
        let column = self.column(table, test.name)?;
        let literal = || self.literal(column, test);
        let (lookup, value, negated) = match test.comparison {
            Comparison::True | Comparison::False => {
                if !self.value(column).is_some_and(|value| value.kind == FieldKind::Boolean) {
                    return Err(Unknown { what: format!("`{}`, which is neither true nor false", test.name) });
                }
                ("", Expr::Bool(test.comparison == Comparison::True), false)
            }
            Comparison::Null => ("isnull", Expr::Bool(true), false),
            Comparison::NotNull => ("isnull", Expr::Bool(false), false),
            Comparison::Equal => ("", literal()?, false),
            Comparison::Unequal => ("", literal()?, true),
            Comparison::Less => ("lt", literal()?, false),
            Comparison::LessOrEqual => ("lte", literal()?, false),
            Comparison::Greater => ("gt", literal()?, false),
            Comparison::GreaterOrEqual => ("gte", literal()?, false),
        };
        Ok(TestFact { column, lookup, value, negated })
    }

    /// The tests that a tag demands of the rows of `table`.
    ///
    /// # Errors
    ///
    /// Says what is no attribute, or no value of one.
    pub(in crate::resolve) fn limit(&self, table: Id<Table>, condition: &str) -> Result<Vec<TestFact>, String> {
        self.tests(table, Some(condition)).map_err(|unknown| unknown.what)
    }

    /// The value that a test compares with, as the column stores it.
    fn literal(&self, column: Id<Column>, test: &TestValue<'_>) -> Result<Expr, Unknown> {
        let unknown = || Unknown { what: format!("`{}`, which is no value of `{}`", test.value, test.name) };
        let value = self.value(column).ok_or_else(unknown)?;
        if let Some(class) = value.choices {
            let fact = self.facts.enumeration(class).ok_or_else(unknown)?;
            let wanted = words::snake(test.value);
            let is_it = |literal: &&crate::facts::LiteralFact| {
                literal.value == test.value || words::snake(&literal.name) == wanted
            };
            let literal = fact.literals.iter().find(is_it).ok_or_else(unknown)?;
            return Ok(if fact.is_integer { Expr::Int(literal.value.clone()) } else { Expr::str(&literal.value) });
        }
        let none: &[Validator] = &[];
        match default::value(test.value, DefaultKind::Literal, &value.kind, none) {
            Ok(Some(crate::django::field::Value::Expr(expr))) if !matches!(expr, Expr::Ref { .. }) => Ok(expr),
            _ => Err(unknown()),
        }
    }

    /// What was found, or a finding about what was not.
    fn known<T>(
        &self,
        table: Id<Table>,
        tag: &str,
        because: &Because,
        found: Result<T, Unknown>,
        report: &mut Report,
    ) -> Option<T> {
        let Unknown { what } = match found {
            Ok(found) => return Some(found),
            Err(unknown) => unknown,
        };
        let tables = self.facts.tables();
        let table_fact = &tables.tables[table];
        let word = what.split('`').nth(1).unwrap_or_default();
        let columns = self.columns(table);
        let names = columns.iter().map(|&column| tables.columns[column].wish.text.as_str());
        let mut diagnostic = Diagnostic::new(
            &codes::U0902,
            format!("`{tag}` of `{}` names {what}", self.cx.elements.path(table_fact.element)),
        )
        .about(table_fact.element)
        .here(self.at(table, because), "left out")
        .because(table_fact.span, "this class");
        if let Some(near) = words::nearest(word, names).first() {
            diagnostic = diagnostic.help(format!("there is `{near}`"));
        }
        report.add(diagnostic);
        None
    }

    /// Rows without a value are never the same.
    fn nulls(
        &self,
        table: Id<Table>,
        columns: &[Id<Column>],
        condition: &[TestFact],
        because: &Because,
        report: &mut Report,
    ) {
        let tables = self.facts.tables();
        let is_null = |column: &&Id<Column>| match &tables.columns[**column].kind {
            ColumnKind::Value(value) => value.null,
            ColumnKind::Key(key) => key.null,
            ColumnKind::Many(_) => false,
        };
        let asked = |column: Id<Column>| {
            condition
                .iter()
                .any(|test| test.column == column && (test.lookup != "isnull" || test.value == Expr::Bool(false)))
        };
        let Some(&column) = columns.iter().find(|column| is_null(column) && !asked(**column)) else { return };
        let element = tables.tables[table].element;
        report.add(
            Diagnostic::new(
                &codes::U0904,
                format!(
                    "`unique` on `{}` of `{}` does not hold for empty values",
                    tables.columns[column].wish.text,
                    self.cx.elements.path(element)
                ),
            )
            .about(element)
            .here(self.at(table, because), "two rows without a value are not the same")
            .because(tables.columns[column].span, "may be empty")
            .help("require a value, or say `where … is not null`"),
        );
    }

    /// Says that something needs another database.
    pub(super) fn not_here(&self, table: Id<Table>, what: &str, because: &Because, needs: &str, report: &mut Report) {
        let element = self.facts.tables().tables[table].element;
        let what = format!("{what} of `{}`", self.cx.elements.path(element));
        report.add(
            crate::resolve::not_here(&what, needs, "left out")
                .about(element)
                .here(self.at(table, because), crate::resolve::NOT_HERE),
        );
    }
}

/// The range that PostgreSQL makes of two columns.
fn range(start: &FieldKind, end: &FieldKind) -> Option<Range> {
    let of = |kind: &FieldKind| match kind {
        FieldKind::Date { .. } => Some(Range::Date),
        FieldKind::DateTime { .. } => Some(Range::DateTime),
        FieldKind::SmallInteger
        | FieldKind::Integer
        | FieldKind::BigInteger
        | FieldKind::PositiveSmallInteger
        | FieldKind::PositiveInteger
        | FieldKind::PositiveBigInteger => Some(Range::Integer),
        FieldKind::Decimal { .. } => Some(Range::Decimal),
        _ => None,
    };
    of(start).filter(|range| of(end) == Some(*range))
}
