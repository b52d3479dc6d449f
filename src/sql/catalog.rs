//! What stands in the database about constraints and indexes (`DatabaseIntrospection.get_constraints`).

use std::collections::BTreeMap;

/// Constraints and indexes by table.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    tables: BTreeMap<String, Vec<Entry>>,
}

/// A constraint or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// None for an index on expressions.
    pub(super) columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Primary,
    Unique,
    UniqueIndex,
    ForeignKey,
    Check,
    /// An ordinary index.
    Index,
    /// One of another method than `btree`.
    SpecialIndex,
}

impl Catalog {
    pub(super) fn add(&mut self, table: &str, entry: Entry) {
        self.tables.entry(table.to_owned()).or_default().push(entry);
    }

    /// Names of what is on these columns alone, sorted.
    pub(super) fn names(&self, table: &str, columns: Option<&[&str]>, kinds: &[Kind]) -> Vec<String> {
        let entries = self.tables.get(table).into_iter().flatten();
        let fit = entries
            .filter(|entry| kinds.contains(&entry.kind) && columns.is_none_or(|columns| entry.columns == columns));
        let mut names: Vec<String> = fit.map(|entry| entry.name.clone()).collect();
        names.sort();
        names
    }

    pub(super) fn remove(&mut self, table: &str, name: &str) {
        if let Some(entries) = self.tables.get_mut(table) {
            entries.retain(|entry| entry.name != name);
        }
    }

    pub(super) fn rename(&mut self, table: &str, old: &str, new: &str) {
        let entries = self.tables.get_mut(table).into_iter().flatten();
        for entry in entries.filter(|entry| entry.name == old) {
            new.clone_into(&mut entry.name);
        }
    }

    pub(super) fn drop_table(&mut self, table: &str) {
        self.tables.remove(table);
    }

    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        if let Some(entries) = self.tables.remove(old) {
            self.tables.insert(new.to_owned(), entries);
        }
    }

    /// PostgreSQL drops what a column takes part in.
    pub(super) fn drop_column(&mut self, table: &str, column: &str) {
        if let Some(entries) = self.tables.get_mut(table) {
            entries.retain(|entry| !entry.columns.iter().any(|it| it == column));
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, old: &str, new: &str) {
        let entries = self.tables.get_mut(table).into_iter().flatten();
        for column in entries.flat_map(|entry| &mut entry.columns).filter(|column| *column == old) {
            new.clone_into(column);
        }
    }
}
