//! Name spaces of models: what a model, everything above it and everything below it are called by.

use std::collections::BTreeMap;

use crate::facts::{Column, Table, TableSubject, Tables};
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

/// A hierarchy with more models than this has one name space for all: exact ones would cost more than they are worth.
const LARGE: usize = 400;

pub(super) struct Spaces {
    names: Vec<BTreeMap<String, Entry>>,
    children: Vec<Vec<Id<Table>>>,
    /// For tables with a hierarchy: everything above, below, and above what is below.
    relatives: Vec<Vec<Id<Table>>>,
    /// Whose names each table shares: its own, but in large hierarchies those of the first table.
    home: Vec<usize>,
}

impl Spaces {
    pub(super) fn new(tables: &Tables) -> Self {
        let children = tables.children();
        let count = tables.tables.len();
        let mut relatives = vec![Vec::new(); count];
        let mut home: Vec<usize> = (0..count).collect();
        let mut seen = vec![false; count];
        for (id, table) in tables.tables.iter() {
            if seen[id.index()] || (table.bases.is_empty() && children[id.index()].is_empty()) {
                continue;
            }
            // What is kept about rows makes no hierarchy of the classes that keep it.
            let is_upkeep = |at: Id<Table>| matches!(tables.tables[at].subject, TableSubject::Upkeep(_));
            let around = |at: Id<Table>| {
                if is_upkeep(at) {
                    return Vec::new();
                }
                tables.tables[at].bases.iter().chain(&children[at.index()]).copied().collect::<Vec<_>>()
            };
            let hierarchy = closure(count, &[id], around);
            for &member in &hierarchy {
                seen[member.index()] = true;
                if hierarchy.len() > LARGE && !is_upkeep(member) {
                    home[member.index()] = id.index();
                    relatives[member.index()] =
                        tables.ancestors(member).into_iter().filter(|at| is_upkeep(*at)).collect();
                    continue;
                }
                let mut below = closure(count, &[member], |at| children[at.index()].clone());
                below.extend(tables.ancestors(member));
                let mut found = closure(count, &below, |at| tables.tables[at].bases.clone());
                found.sort();
                found.retain(|other| *other != member);
                relatives[member.index()] = found;
            }
        }
        Self { names: vec![BTreeMap::new(); count], children, relatives, home }
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
        self.names[self.home[table.index()]].entry(name.to_owned()).or_insert(entry);
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
            .filter_map(|relative| self.names[self.home[relative.index()]].get(name))
            .find(|entry| entry.column.is_none() || entry.column != except)
    }
}

/// Everything that can be reached from `start`, `start` included.
fn closure(count: usize, start: &[Id<Table>], next: impl Fn(Id<Table>) -> Vec<Id<Table>>) -> Vec<Id<Table>> {
    let mut seen = vec![false; count];
    let mut found = Vec::new();
    let mut stack = start.to_vec();
    while let Some(at) = stack.pop() {
        if !std::mem::replace(&mut seen[at.index()], true) {
            found.push(at);
            stack.extend(next(at));
        }
    }
    found
}
