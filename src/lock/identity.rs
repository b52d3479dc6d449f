//! Who is who: what was called otherwise in the last build.
//!
//! An element keeps its id, whatever its name. Where a tool gives new ids at each export, names decide.

use std::collections::BTreeSet;

use super::{FieldEntry, Lock, ModelEntry};
use crate::django::ModelKey;
use crate::django::built::{FieldMove, FieldRename, ModelMove, ModelRename};

/// What was renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Classes, in the app that they are in now.
    pub models: Vec<ModelRename>,
    /// Classes that went to another app.
    pub moves: Vec<ModelMove>,
    /// Fields.
    pub fields: Vec<FieldRename>,
    /// Fields that are in another model now.
    pub carried: Vec<FieldMove>,
    /// Model paths of what is called otherwise because somebody said so.
    pub told: BTreeSet<String>,
    /// How many elements kept their path, and how many of those their id, if that is so few that ids were not believed.
    pub distrusted: Option<(usize, usize)>,
}

/// Something with a name, an id and a path.
trait Entry {
    fn app(&self) -> &str;
    fn name(&self) -> &str;
    fn path(&self) -> &str;
    fn id(&self) -> Option<&str>;
}

impl Entry for ModelEntry {
    fn app(&self) -> &str {
        &self.app
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn path(&self) -> &str {
        &self.path
    }
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl Entry for FieldEntry {
    fn app(&self) -> &str {
        &self.app
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn path(&self) -> &str {
        &self.path
    }
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl Renamed {
    /// What has another name in `new` than in `old`. `told` are renames that people named: the old and the new model path, or the old
    /// name alone.
    pub fn between(old: &Lock, new: &Lock, told: &[(String, String)]) -> Self {
        let distrusted = distrust(old, new);
        let matching = Matching { told, believes_ids: distrusted.is_none() };
        let mut renamed = Self { distrusted, ..Self::default() };
        let (was, is): (Vec<_>, Vec<_>) = (old.models.iter().collect(), new.models.iter().collect());
        for (was, is) in matching.pairs(&was, &is, true) {
            if matching.is_told(was, is) {
                renamed.told.insert(is.path.clone());
            }
            if was.name != is.name {
                let (app, old, new) = (is.app.clone(), was.name.clone(), is.name.clone());
                renamed.models.push(ModelRename { app, old, new });
            }
            if was.app != is.app {
                let (name, from, to) = (was.name.clone(), was.app.clone(), is.app.clone());
                renamed.moves.push(ModelMove { name, from, to });
            }
            let fields = |lock: &'_ Lock, model: &ModelEntry| -> Vec<FieldEntry> {
                lock.fields.iter().filter(|it| it.app == model.app && it.model == model.name).cloned().collect()
            };
            let (was, now) = (fields(old, was), fields(new, is));
            let (was, now): (Vec<_>, Vec<_>) = (was.iter().collect(), now.iter().collect());
            for (was, now) in matching.pairs(&was, &now, false) {
                if matching.is_told(was, now) {
                    renamed.told.insert(now.path.clone());
                }
                if was.name != now.name {
                    renamed.fields.push(FieldRename {
                        model: ModelKey::new(&is.app, &is.name).lowered(),
                        old: was.name.clone(),
                        new: now.name.clone(),
                    });
                }
            }
        }
        renamed.models.sort();
        renamed.moves.sort();
        renamed.carried = matching.carried(old, new);
        renamed
    }
}

/// Whether fewer than half of the elements that kept their path kept their id.
fn distrust(old: &Lock, new: &Lock) -> Option<(usize, usize)> {
    fn ids(lock: &Lock) -> BTreeSet<(&str, &str)> {
        let models = lock.models.iter().filter_map(|entry| Some((entry.path(), entry.id()?)));
        models.chain(lock.fields.iter().filter_map(|entry| Some((entry.path(), entry.id()?)))).collect()
    }
    let (old, new) = (ids(old), ids(new));
    let paths: BTreeSet<&str> = old.iter().map(|(path, _)| *path).collect();
    let kept_path = new.iter().filter(|(path, _)| paths.contains(path)).count();
    let kept_id = new.intersection(&old).count();
    (kept_id * 2 < kept_path).then_some((kept_path, kept_id))
}

struct Matching<'a> {
    told: &'a [(String, String)],
    believes_ids: bool,
}

impl Matching<'_> {
    /// Whether somebody said that `is` was called `was`: by its model path, or by its name alone.
    fn is_told<E: Entry>(&self, was: &E, is: &E) -> bool {
        let name = was.path().rsplit('.').next();
        self.told.iter().any(|(old, new)| new == is.path() && (old == was.path() || name == Some(old)))
    }

    /// Fields that are in another model than before: of the same element, and where it has several, of the same name.
    fn carried(&self, old: &Lock, new: &Lock) -> Vec<FieldMove> {
        let model = |entry: &FieldEntry| ModelKey::new(&entry.app, &entry.model).lowered();
        let mut carried = Vec::new();
        for is in &new.fields {
            let is_same = |was: &&FieldEntry| match (was.id(), is.id()) {
                (Some(was), Some(is)) if self.believes_ids => was == is,
                _ => was.path == is.path,
            };
            let mut candidates: Vec<&FieldEntry> = old.fields.iter().filter(is_same).collect();
            if candidates.len() > 1 {
                candidates.retain(|was| was.name == is.name);
            }
            if let [was] = candidates.as_slice()
                && model(was) != model(is)
            {
                let (from, to) = (model(was), model(is));
                carried.push(FieldMove { from, old: was.name.clone(), to, new: is.name.clone() });
            }
        }
        carried
    }

    /// Who was who, each at most once: as people told; by id, where one element has several names those with the same name
    /// first; by name. A name counts in its app alone, if `apps_differ`.
    fn pairs<'e, E: Entry>(&self, old: &[&'e E], new: &[&'e E], apps_differ: bool) -> Vec<(&'e E, &'e E)> {
        let mut old: Vec<Option<&E>> = old.iter().copied().map(Some).collect();
        let mut new: Vec<Option<&E>> = new.iter().copied().map(Some).collect();
        let mut pairs = Vec::new();
        let mut pair = |fits: &dyn Fn(&E, &E) -> bool| {
            for is in &mut new {
                let Some(entry) = *is else { continue };
                let mut candidates = old.iter_mut().filter(|was| was.is_some_and(|was| fits(was, entry)));
                // Of several, none: who is who cannot be told.
                if let (Some(was), None) = (candidates.next(), candidates.next()) {
                    pairs.extend(was.take().map(|was| (was, entry)));
                    *is = None;
                }
            }
        };
        pair(&|was, is| self.is_told(was, is));
        let same_id = |was: &E, is: &E| self.believes_ids && was.id().is_some() && was.id() == is.id();
        let same_app = |was: &E, is: &E| !apps_differ || was.app() == is.app();
        pair(&|was, is| same_id(was, is) && same_app(was, is) && was.name() == is.name());
        pair(&|was, is| same_id(was, is) && same_app(was, is));
        pair(&|was, is| same_id(was, is));
        pair(&|was, is| same_app(was, is) && was.name() == is.name());
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock from `Model#id: field#id field#id`.
    fn lock(lines: &[&str]) -> Lock {
        let split = |text: &str| -> (String, Option<String>) {
            let (name, id) = text.split_once('#').map_or((text, None), |(name, id)| (name, Some(id)));
            (name.to_owned(), id.map(str::to_owned))
        };
        let mut lock = Lock::default();
        for line in lines {
            let (model, fields) = line.split_once(": ").unwrap_or((line, ""));
            let (name, id) = split(model);
            let (app, path) = ("a".to_owned(), format!("a.{name}"));
            lock.models.insert(ModelEntry { app: app.clone(), name: name.clone(), path: path.clone(), id });
            for field in fields.split_whitespace() {
                let (field, id) = split(field);
                let path = format!("{path}.{field}");
                lock.fields.insert(FieldEntry { app: app.clone(), model: name.clone(), name: field, path, id });
            }
        }
        lock
    }

    fn renamed(old: &[&str], new: &[&str], told: &[(&str, &str)]) -> Vec<String> {
        let told: Vec<_> = told.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
        let renamed = Renamed::between(&lock(old), &lock(new), &told);
        let models = renamed.models.iter().map(|it| format!("{}>{}", it.old, it.new));
        models.chain(renamed.fields.iter().map(|it| format!("{}.{}>{}", it.model.name, it.old, it.new))).collect()
    }

    #[test]
    fn ids_outlive_names() {
        assert_eq!(
            renamed(&["Person#1: surname#2 age#3"], &["Contact#1: last_name#2 age#3"], &[]),
            ["Person>Contact", "contact.surname>last_name"]
        );
    }

    #[test]
    fn without_ids_another_name_is_another_element() {
        assert_eq!(renamed(&["Person: surname"], &["Person: last_name"], &[]), Vec::<String>::new());
        let told = [("a.Person.surname", "a.Person.last_name")];
        assert_eq!(renamed(&["Person: surname"], &["Person: last_name"], &told), ["person.surname>last_name"]);
        let names = [("Person", "a.Contact"), ("surname", "a.Contact.last_name")];
        let both = ["Person>Contact", "contact.surname>last_name"];
        assert_eq!(renamed(&["Person: surname"], &["Contact: last_name"], &names), both);
    }

    #[test]
    fn names_decide_where_ids_are_new_at_each_export() {
        let (old, new) = (["A#1: x#2 y#3"], ["A#2: x#3 y#4 z#1"]);
        assert_eq!(renamed(&old, &new, &[]), Vec::<String>::new());
        assert_eq!(Renamed::between(&lock(&old), &lock(&new), &[]).distrusted, Some((3, 0)));
    }

    #[test]
    fn an_element_with_several_columns_is_matched_by_their_names() {
        // Which of two new names belongs to which old one cannot be told.
        assert_eq!(renamed(&["A#1: p_amount#2 p_unit#2"], &["A#1: p_amount#2 q_unit#2"], &[]), ["a.p_unit>q_unit"]);
        assert_eq!(renamed(&["A#1: p_amount#2 p_unit#2"], &["A#1: q_amount#2 q_unit#2"], &[]), Vec::<String>::new());
    }

    #[test]
    fn swapped_names_are_two_renames() {
        assert_eq!(
            renamed(&["A#1: x#2 y#3 z#4 w#5 v#6 u#7"], &["A#1: y#2 x#3 z#4 w#5 v#6 u#7"], &[]),
            ["a.y>x", "a.x>y"]
        );
    }
}
