//! Name spaces of models: what a model, everything above it and everything below it are called by.

use std::collections::BTreeMap;

use crate::facts::{Column, Table, Tables};
use crate::source::Span;
use crate::util::arena::Id;

/// Who has a name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it was drawn.
    pub(super) drawn: Option<Span>,
    /// The column or relation.
    pub(super) column: Option<Id<Column>>,
    /// Completes "`x` is …".
    pub(super) what: &'static str,
}

impl Entry {
    pub(super) fn ours(what: &'static str) -> Self {
        Self { drawn: None, column: None, what }
    }

    pub(super) fn field(column: Id<Column>, drawn: Option<Span>) -> Self {
        Self { drawn, column: Some(column), what: "taken" }
    }
}

pub(super) struct Spaces {
    names: Vec<BTreeMap<String, Entry>>,
    children: Vec<Vec<Id<Table>>>,
    /// For tables with a hierarchy: everything above, below, and above what is below.
    relatives: Vec<Vec<Id<Table>>>,
}

impl Spaces {
    pub(super) fn new(tables: &Tables) -> Self {
        let children = tables.children();
        let mut relatives = vec![Vec::new(); tables.tables.len()];
        for (id, table) in tables.tables.iter() {
            if table.bases.is_empty() && children[id.index()].is_empty() {
                continue;
            }
            let mut found = tables.ancestors(id);
            for below in tables.descendants(&children, id) {
                found.push(below);
                found.extend(tables.ancestors(below));
            }
            found.sort();
            found.dedup();
            found.retain(|other| *other != id);
            relatives[id.index()] = found;
        }
        Self { names: vec![BTreeMap::new(); tables.tables.len()], children, relatives }
    }

    pub(super) fn children(&self) -> &[Vec<Id<Table>>] {
        &self.children
    }

    pub(super) fn relatives(&self, tables: &Tables, table: Id<Table>) -> Vec<Id<Table>> {
        let _ = tables;
        let mut all = vec![table];
        all.extend(&self.relatives[table.index()]);
        all
    }

    /// Notes a name; who came first stays.
    pub(super) fn enter(&mut self, table: Id<Table>, name: &str, entry: Entry) {
        self.names[table.index()].entry(name.to_owned()).or_insert(entry);
    }

    /// Who has the name in the table or its relatives.
    pub(super) fn taken(
        &self,
        tables: &Tables,
        table: Id<Table>,
        name: &str,
        except: Option<Id<Column>>,
    ) -> Option<&Entry> {
        let _ = tables;
        std::iter::once(&table)
            .chain(&self.relatives[table.index()])
            .filter_map(|relative| self.names[relative.index()].get(name))
            .find(|entry| entry.column.is_none() || entry.column != except)
    }
}
