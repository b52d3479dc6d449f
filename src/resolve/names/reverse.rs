//! Ways back: what a relation is called at its target.

use super::space::Entry;
use super::{ASKED, Pass};
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::{Diagnostic, codes};
use crate::facts::{Column, ColumnKind, Table, Wish, reason};
use crate::policy::naming;
use crate::util::arena::Id;

impl Pass<'_, '_> {
    /// The way back of a relation.
    pub(super) fn reverse(&mut self, id: Id<Column>, wish: &Wish, to: Id<Table>) {
        let tables = self.tables();
        // What leads to a proxy leads to the rows of its base.
        let to = tables.storage(to);
        let column = &tables.columns[id];
        let holder = column.table;
        let forward = self.names.columns.get(id).map_or_else(String::new, |(name, _)| name.clone());
        let near = self.near(column, wish);
        let asked = near.map(|end| self.asked(end, wish).into_owned());
        let wish = asked.as_ref().unwrap_or(wish);
        let said = near.and_then(|end| self.facts.tags().text(end, "name")).filter(|_| wish.why == ASKED);
        let said = said.map(|(_, because)| because.clone());
        let adapted = naming::reverse_name(&wish.text);
        let base = adapted.as_ref().map_or_else(|| "rows".to_owned(), |adapted| adapted.name.clone());
        if let Some(span) = wish.drawn {
            self.adapted(id, adapted.as_ref(), span);
        }
        if tables.tables[holder].is_abstract {
            self.abstract_reverse(id, wish, to, &base, &forward, said);
            return;
        }
        let mut name = base.clone();
        if !self.is_free(to, &name, false) {
            let app = &self.facts.apps().list[tables.tables[holder].app].label;
            let candidates = [format!("{base}_as_{forward}"), format!("{app}_{base}_as_{forward}")];
            let free = candidates
                .into_iter()
                .filter(|name| name.len() <= naming::COLUMN_LIMIT)
                .find(|name| self.is_free(to, name, false))
                .unwrap_or_else(|| self.free(to, &format!("{base}_2"), false));
            let entry = self.spaces.taken(tables, to, &name, None).cloned();
            if let (Some(drawn), Some(Entry { drawn: Some(at), column: Some(other), .. })) = (wish.drawn, &entry) {
                let other = &tables.columns[*other];
                let path = self.cx.elements.path(column.element);
                let theirs = self.cx.elements.path(other.element);
                let class = self.class(to);
                let is_attribute = matches!(other.kind, ColumnKind::Value(_));
                let diagnostic = if is_attribute {
                    let message = format!("attribute `{theirs}` has the name of the end `{name}` at `{class}`");
                    Diagnostic::new(&codes::U0405, message)
                } else {
                    let message = format!("`{theirs}` and `{path}` both give `{class}` the accessor `{name}`");
                    Diagnostic::new(&codes::U0605, message)
                };
                self.report.add(
                    diagnostic
                        .about(column.element)
                        .here(drawn, format!("becomes `{free}`"))
                        .because(at.to_owned(), "has the name already")
                        .help("give one of the ends another name"),
                );
            }
            name = free;
        }
        self.spaces.enter(to, &name, Entry::field(id, wish.drawn));
        let why = self.reverse_reason(&name, wish, id, said);
        self.names.reverse.insert(id, (name, why));
    }

    /// The end whose role is the wish for the way back.
    fn near(&self, column: &Column, wish: &Wish) -> Option<Element> {
        let connection = match &column.kind {
            ColumnKind::Key(key) => key.connection?,
            ColumnKind::Many(many) => many.connection?,
            ColumnKind::Value(_) => return None,
        };
        let ends = &self.facts.connections().binary[connection].ends;
        let near = ends.iter().find(|end| end.role.as_ref().is_some_and(|role| wish.drawn == Some(role.span)))?;
        Some(self.cx.model.properties[near.property?].element)
    }

    fn reverse_reason(&self, name: &str, wish: &Wish, id: Id<Column>, said: Option<Because>) -> Reason {
        let at = Some(wish.drawn.unwrap_or(self.tables().columns[id].span));
        reason(format!("related_name `{name}`"), wish.why, said.unwrap_or(Because::Rule { name: wish.why, at }))
    }

    /// Each class below an abstract model has a way back of its own.
    fn abstract_reverse(
        &mut self,
        id: Id<Column>,
        wish: &Wish,
        to: Id<Table>,
        base: &str,
        forward: &str,
        said: Option<Because>,
    ) {
        let tables = self.tables();
        let holder = tables.columns[id].table;
        let holders = tables.holders(self.spaces.children(), holder);
        let stem = if wish.drawn.is_some() { base.to_owned() } else { format!("as_{forward}") };
        let mut number = 1;
        loop {
            let suffix = if number == 1 { stem.clone() } else { format!("{stem}_{number}") };
            let expanded: Vec<String> = holders
                .iter()
                .map(|&holder| {
                    let app = &self.facts.apps().list[tables.tables[holder].app].label;
                    format!("{app}_{}_{suffix}", self.class(holder).to_lowercase())
                })
                .collect();
            if expanded.iter().all(|name| self.spaces.taken(tables, to, name, None).is_none()) {
                for name in &expanded {
                    self.spaces.enter(to, name, Entry::field(id, None));
                }
                let name = format!("%(app_label)s_%(class)s_{suffix}");
                let why = self.reverse_reason(&name, wish, id, said);
                self.names.reverse.insert(id, (name, why));
                return;
            }
            number += 1;
        }
    }
}
