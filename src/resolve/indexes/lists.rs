//! What lists are searched, filtered and sorted by, and the indexes that make it quick.

use super::Scope;
use crate::decision::{Because, Reason};
use crate::diagnostic::Report;
use crate::django::FieldKind;
use crate::django::constraint::IndexKind;
use crate::django::project::Database;
use crate::facts::{Column, ColumnKind, Columns, IndexFact, ListFact, Table, TestFact, WordsFact, reason};
use crate::policy::indexes::{self as policy, Filter, FilterIndex};
use crate::python::Expr;
use crate::util::arena::Id;

impl Scope<'_, '_> {
    /// The lists of a table, whose rows are ordered by `ordering`, and their indexes.
    pub(super) fn lists(
        &self,
        table: Id<Table>,
        ordering: Option<&Columns>,
        report: &mut Report,
    ) -> (ListFact, Vec<IndexFact>) {
        let (mut list, mut indexes) = (ListFact::default(), Vec::new());
        let mut words: Vec<(Id<Column>, &Because)> = Vec::new();
        for column in self.columns(table) {
            // Whoever may look for a secret finds out what it is.
            let is_hidden = self.facts.asked().columns.get(column).is_some_and(|asked| asked.exposure.is_some());
            if is_hidden || self.value(column).is_some_and(|value| value.secret) {
                continue;
            }
            if let Some(because) = self.said(column, "searchable")
                && self.is_text(column)
            {
                list.search.push(column);
                list.reasons.push(self.listed("searched", column, because));
                indexes.extend(self.search(table, column, because, report));
            }
            if let Some(because) = self.said(column, "fulltext")
                && self.is_text(column)
            {
                words.push((column, because));
                list.reasons.push(self.listed("searched for words", column, because));
            }
            if let Some(because) = self.said(column, "filterable")
                && !matches!(self.facts.tables().columns[column].kind, ColumnKind::Many(_))
            {
                list.filter.push(column);
                list.reasons.push(self.listed("filtered", column, because));
                indexes.extend(self.filter(table, column, ordering, because, report));
            }
            if let Some(because) = self.said(column, "sortable")
                && self.is_sortable(column)
            {
                list.sort.push(column);
                list.reasons.push(self.listed("sorted", column, because));
                if !self.is_unique(column) {
                    let why = reason("an index", "lists are sorted by it", because.clone());
                    indexes.push(IndexFact { with_key: true, ..IndexFact::new(vec![(column, false)], why) });
                }
            }
        }
        list.words = self.words(table, &words, report);
        let config = self.facts.tags().text(self.facts.tables().tables[table].element, "search_config");
        list.reasons.extend(
            config
                .filter(|_| list.words.is_some())
                .map(|(text, because)| reason(format!("words and endings of {text}"), "asked for", because.clone())),
        );
        if let Some((because, column)) = self.log(table) {
            if self.has_postgresql() {
                let why =
                    reason("a BRIN index", "rows are only added, so that it grows with their place", because.clone());
                indexes.push(IndexFact { kind: IndexKind::Brin, ..IndexFact::new(vec![(column, false)], why) });
            } else {
                self.not_here(table, "a BRIN index", because, "PostgreSQL", report);
            }
        }
        (list, indexes)
    }

    /// Why lists are `done` by a column.
    fn listed(&self, done: &str, column: Id<Column>, because: &Because) -> Reason {
        let name = self.facts.names().columns.get(column).map_or("", |(name, _)| name.as_str());
        reason(format!("lists are {done} by `{name}`"), "asked for", because.clone())
    }

    fn said(&self, column: Id<Column>, tag: &str) -> Option<&Because> {
        let column = &self.facts.tables().columns[column];
        let tagged = match &column.kind {
            ColumnKind::Key(key) => key.tagged,
            _ => column.element,
        };
        self.facts.tags().has(tagged, tag)
    }

    fn is_text(&self, column: Id<Column>) -> bool {
        self.value(column).is_some_and(|value| value.choices.is_none() && value.kind.is_text())
    }

    fn is_sortable(&self, column: Id<Column>) -> bool {
        match self.value(column) {
            Some(value) => !matches!(value.kind, FieldKind::Json | FieldKind::Binary | FieldKind::File { .. }),
            None => false,
        }
    }

    fn is_unique(&self, column: Id<Column>) -> bool {
        match &self.facts.tables().columns[column].kind {
            ColumnKind::Value(value) => value.unique || value.primary_key,
            ColumnKind::Key(key) => key.one_to_one,
            ColumnKind::Many(_) => false,
        }
    }

    fn has_postgresql(&self) -> bool {
        self.cx.settings.databases.contains(&Database::Postgresql)
    }

    fn search(
        &self,
        table: Id<Table>,
        column: Id<Column>,
        because: &Because,
        report: &mut Report,
    ) -> Option<IndexFact> {
        let Some(decided) = policy::search(&self.cx.settings.databases) else {
            let name = &self.facts.tables().columns[column].wish.text;
            self.not_here(table, &format!("a trigram index of `{name}`"), because, "PostgreSQL", report);
            return None;
        };
        let (why, because) = policy::asked(&decided.because, because);
        let reason = reason("a trigram index", why, because);
        Some(IndexFact { kind: decided.value, ..IndexFact::new(vec![(column, false)], reason) })
    }

    /// The column for the words of texts.
    fn words(&self, table: Id<Table>, asked: &[(Id<Column>, &Because)], report: &mut Report) -> Option<WordsFact> {
        let (first, because) = asked.first()?;
        if !policy::is_postgresql_alone(&self.cx.settings.databases) {
            let name = &self.facts.tables().columns[*first].wish.text;
            self.not_here(table, &format!("the search for words in `{name}`"), because, "PostgreSQL alone", report);
            return None;
        }
        let tagged = self.facts.tags().text(self.facts.tables().tables[table].element, "search_config");
        let config = tagged.map_or("simple", |(text, _)| text).to_lowercase();
        let why = "PostgreSQL finds words by an index of them";
        let reason = reason(format!("a column of words, {config}"), why, (*because).clone());
        Some(WordsFact { columns: asked.iter().map(|(column, _)| *column).collect(), config, reason })
    }

    fn filter(
        &self,
        table: Id<Table>,
        column: Id<Column>,
        ordering: Option<&Columns>,
        because: &Because,
        report: &mut Report,
    ) -> Option<IndexFact> {
        let value = self.value(column);
        let decided = policy::filter(Filter {
            kind: value.map(|value| &value.kind),
            has_choices: value.is_some_and(|value| value.choices.is_some()),
            unique: self.is_unique(column),
            ordered: ordering.is_some_and(|ordering| ordering.iter().all(|(other, _)| *other != column)),
        });
        let (why, tag) = policy::asked(&decided.because, because);
        let order = || ordering.cloned().unwrap_or_default();
        let first = vec![(column, false)];
        match decided.value {
            FilterIndex::None => None,
            FilterIndex::Own => Some(IndexFact::new(first, reason("an index", why, tag))),
            FilterIndex::Ordered => {
                let columns = [first, order()].concat();
                Some(IndexFact { with_key: true, ..IndexFact::new(columns, reason("an index", why, tag)) })
            }
            FilterIndex::Partial => {
                let columns = order().into_iter().filter(|(other, _)| *other != column).collect();
                let test = TestFact { column, lookup: "", value: Expr::Bool(true), negated: false };
                let fact = IndexFact::new(columns, reason("a partial index", why, tag));
                Some(IndexFact { with_key: true, condition: vec![test], ..fact })
            }
            FilterIndex::Document if !self.has_postgresql() => {
                let name = &self.facts.tables().columns[column].wish.text;
                self.not_here(table, &format!("a GIN index of `{name}`"), because, "PostgreSQL", report);
                None
            }
            FilterIndex::Document => {
                let fact = IndexFact::new(first, reason("a GIN index", why, tag));
                Some(IndexFact { kind: IndexKind::Document, ..fact })
            }
        }
    }

    /// The point in time of a class to which rows are only added.
    fn log(&self, table: Id<Table>) -> Option<(&Because, Id<Column>)> {
        let element = self.facts.tables().tables[table].element;
        let because = ["event", "log"].into_iter().find_map(|name| self.facts.tags().has(element, name))?;
        let is_moment = |column: &Id<Column>| {
            self.value(*column).is_some_and(|value| matches!(value.kind, FieldKind::DateTime { .. }) && !value.unique)
        };
        Some((because, self.columns(table).into_iter().find(is_moment)?))
    }
}
