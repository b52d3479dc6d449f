//! Names of references to rows of several tables, and of the ways back.

use super::Pass;
use super::space::Entry;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes;
use crate::facts::{GenericFact, GenericNames, GenericReverse, Table};
use crate::policy::naming;
use crate::util::arena::Id;

impl Pass<'_, '_> {
    /// The reference itself: no column, but a name that the model has.
    pub(super) fn generic(&mut self, generic: &GenericFact) {
        let wish = self.asked(generic.element, &generic.wish).into_owned();
        let adapted = naming::relation_name(&wish.text);
        let wanted = adapted.map_or_else(|| "target".to_owned(), |adapted| adapted.name);
        let name = self.free(generic.table, &wanted, false);
        if let Some(drawn) = wish.drawn.filter(|_| name != wanted) {
            let (path, class) = (self.cx.elements.path(generic.element), self.class(generic.table));
            let message = format!("`{path}` cannot be `{wanted}` of `{class}`, which has that name already");
            let diagnostic = Diagnostic::new(&codes::U0605, message).about(generic.element);
            let diagnostic = diagnostic.here(drawn, format!("becomes `{name}`"));
            self.report.add(diagnostic.help("give the end another name"));
        }
        self.spaces.enter(generic.table, &name, Entry { drawn: wish.drawn, ..Entry::ours("a reference") });
        self.names.generics.push(GenericNames { name, reverse: Vec::new() });
    }

    /// The ways back: one from each table to each model that holds the reference.
    pub(super) fn generic_reverse(&mut self, index: usize, generic: &GenericFact) {
        let Some(wish) = &generic.reverse else { return };
        let tables = self.tables();
        let base = naming::reverse_name(&wish.text).map_or_else(|| "rows".to_owned(), |adapted| adapted.name);
        let forward = self.names.generics.get(index).map_or_else(String::new, |names| names.name.clone());
        let holders: Vec<Id<Table>> = tables.holders(self.spaces.children(), generic.table);
        let mut found = Vec::new();
        for &target in &generic.targets {
            let from = tables.storage(target);
            for &holder in &holders {
                let app = &self.facts.apps().list[tables.tables[holder].app].label;
                let class = self.class(holder).to_lowercase();
                let candidates = if holder == generic.table {
                    [base.clone(), format!("{base}_as_{forward}"), format!("{app}_{base}_as_{forward}")]
                } else {
                    [format!("{class}_{base}"), format!("{app}_{class}_{base}"), format!("{class}_as_{forward}")]
                };
                let name = candidates
                    .iter()
                    .filter(|name| name.len() <= naming::COLUMN_LIMIT)
                    .find(|name| self.is_free(from, name, false))
                    .cloned()
                    .unwrap_or_else(|| self.free(from, &format!("{base}_2"), false));
                self.spaces.enter(from, &name, Entry { drawn: wish.drawn, ..Entry::ours("a way back") });
                found.push(GenericReverse { from, holder, name });
            }
        }
        if let Some(names) = self.names.generics.get_mut(index) {
            names.reverse = found;
        }
    }
}
