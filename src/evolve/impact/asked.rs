//! Renames that are likely and not known (U1301), and ids that mean something else now (U1304).

use std::collections::{BTreeMap, BTreeSet};

use super::likeness::{self, Pair};
use super::{Impact, Table, first_place, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::lock::Lock;

impl Impact<'_> {
    /// Asks about every likely rename, and gives what is asked about: names in Django, as they were.
    pub(super) fn ask(&self, tables: &[Table<'_>], report: &mut Report) -> BTreeSet<String> {
        let mut asked = BTreeSet::new();
        let (gone, come) = self.exchanged();
        for pair in likeness::models(&gone, &come) {
            let (was, is) = pair.models;
            if !self.is_accepted(was, None) {
                let app = self.project.app(&is.key.app);
                let class = app.and_then(|app| app.models.iter().find(|model| model.name == is.name));
                let span = class.and_then(|class| first_place(&class.origin.reasons));
                let new = self.lock.models.iter().find(|it| it.app == is.key.app && it.name == is.name);
                let old = self.paths(was, None);
                let new = new.map_or_else(|| is.key.dotted(), |entry| entry.path.clone());
                report.add(here(question(&old, &new, &pair), span, "the new class"));
                asked.insert(format!("{}.{}", was.key.app, was.name));
            }
        }
        for table in tables {
            let is_lost = |field: &&crate::django::state::FieldState| {
                let is_pointer = field.relation.as_ref().is_some_and(|relation| relation.parent_link);
                !field.is_generated() && !is_pointer && field.argument("auto_created").is_none()
            };
            let gone: Vec<_> = table.gone.iter().copied().filter(is_lost).collect();
            let come: Vec<_> = table.come.iter().copied().filter(is_lost).collect();
            for pair in likeness::fields((table.old, table.new), &gone, &come) {
                let Some((was, is)) = pair.fields.filter(|(was, _)| !self.is_accepted(table.old, Some(was))) else {
                    continue;
                };
                let mut fields = self.lock.fields.iter();
                let new =
                    fields.find(|it| it.app == table.new.key.app && it.model == table.new.name && it.name == is.name);
                let old = self.paths(table.old, Some(was));
                let new = new.map_or_else(|| format!("{}.{}", table.new.key.dotted(), is.name), |it| it.path.clone());
                report.add(here(question(&old, &new, &pair), table.field_place(is), "the new one"));
                asked.insert(format!("{}.{}.{}", table.old.key.app, table.old.name, was.name));
            }
        }
        asked
    }

    /// Ids that were a class's and are a feature's now, or the other way round. They are taken for new.
    pub(super) fn reused(&self, report: &mut Report) {
        if !self.believes_ids {
            return;
        }
        let (old, new) = (kinds(&self.past.lock), kinds(self.lock));
        for (id, (is_class, path)) in new {
            let Some((was_class, was)) = old.get(id).filter(|(was_class, _)| *was_class != is_class) else { continue };
            let word = |is_class: bool| if is_class { "a class" } else { "an attribute or an end" };
            let what = format!(
                "id `{id}` was {} (`{was}`) and is {} now (`{path}`); it is taken for new",
                word(*was_class),
                word(is_class)
            );
            report.add(
                Diagnostic::new(&codes::U1304, what)
                    .note("rows and columns follow ids, but only to things of the same kind")
                    .help("give new elements ids of their own, if the tool lets you"),
            );
        }
    }
}

/// What each id stands for: whether it is a class, and its path.
fn kinds(lock: &Lock) -> BTreeMap<&str, (bool, &str)> {
    let models = lock.models.iter().filter_map(|entry| Some((entry.id.as_deref()?, (true, entry.path.as_str()))));
    let fields = lock.fields.iter().filter_map(|entry| Some((entry.id.as_deref()?, (false, entry.path.as_str()))));
    // A class that becomes columns of others is both; then it is a class.
    fields.chain(models).collect()
}

fn question(old: &[String], new: &str, pair: &Pair<'_>) -> Diagnostic {
    let old = old.first().map_or("", String::as_str);
    let percent = (pair.likeness * 100.0).round();
    let what = format!("`{old}` is gone and `{new}` is new: {percent} % alike");
    Diagnostic::new(&codes::U1301, what)
        .note("if it was renamed, its data stays; if not, it is dropped; ids do not tell")
        .help(format!("if it was renamed: `[evolution] rename = [\"{old} -> {new}\"]`"))
        .help(format!("if it is to go: `[evolution] accept = [\"{old}\"]`"))
}
