//! Which operations are needed, and what each of them needs, in the order in which Django's autodetector finds them.

mod altered;
mod created;
mod deleted;
mod indexes;

use std::collections::{BTreeMap, BTreeSet};

use super::need::{Kind, Need};
use super::{Fillings, Step, Steps};
use crate::django::state::query::Standing;
use crate::django::state::{BaseState, ModelState};
use crate::django::{ModelKey, Operation, State};

/// The operations that lead from `old` to `new`, where `renames` are those that rename fields. `unindexes_first` says whether what
/// looks at a field or table goes before it: see [`DjangoVersion::unindexes_first`](crate::django::DjangoVersion::unindexes_first).
pub(super) fn steps(
    unindexes_first: bool,
    old: &State,
    new: &State,
    renames: Vec<(String, Operation)>,
    fillings: &Fillings,
) -> Steps {
    // Nothing else than the names of fields is another thing then: indexes are compared by the old names, as Django does.
    let mut before = old.clone();
    for (app, rename) in &renames {
        before.apply(app, rename);
    }
    let mut differ = Differ::new(unindexes_first, &before, new, fillings);
    differ.deleted();
    differ.created();
    differ.options();
    differ.managers();
    differ.comments();
    let follows = new.django.follows_renames_into_constraints();
    let indexes = differ.index_changes(&if follows { pinned(&renames, new) } else { BTreeMap::new() });
    differ.removed_indexes(&indexes);
    differ.unmade_columns();
    for (app, rename) in renames {
        differ.add(&app, rename, Vec::new());
    }
    differ.renamed_indexes(&indexes);
    differ.removed_fields();
    differ.added_fields();
    differ.altered_fields();
    differ.added_indexes(&indexes);
    differ.tables();
    differ.steps
}

/// Fields that were renamed while their column kept its name, by the new name: a unique constraint on them stays the same one.
fn pinned(renames: &[(String, Operation)], new: &State) -> BTreeMap<String, String> {
    let renames = renames.iter().filter_map(|(app, rename)| match rename {
        Operation::RenameField { model, old, new: name } => {
            let field = new.models.get(&ModelKey::new(app, model))?.field(name)?;
            field.argument("db_column").map(|_| (name.clone(), old.clone()))
        }
        _ => None,
    });
    renames.collect()
}

/// Two states, and the operations that were found so far.
struct Differ<'a> {
    unindexes_first: bool,
    old: &'a State,
    new: &'a State,
    fillings: &'a Fillings,
    /// Models with a table in both, and how they were and are.
    kept: Vec<(&'a ModelState, &'a ModelState)>,
    /// Fields that lead to each model of the old state, through proxies.
    incoming: Incoming<'a>,
    steps: Steps,
}

/// The fields that lead to a model, by the concrete model that they end at.
type Incoming<'a> = BTreeMap<&'a ModelKey, Vec<(&'a ModelState, usize)>>;

impl<'a> Differ<'a> {
    fn new(unindexes_first: bool, old: &'a State, new: &'a State, fillings: &'a Fillings) -> Self {
        let kept = new.models.values().filter(|model| model.standing() == Standing::Table);
        let kept = kept.filter_map(|model| Some((old.models.get(&model.key)?, model)));
        let kept = kept.filter(|(was, _)| was.standing() == Standing::Table).collect();
        Self { unindexes_first, old, new, fillings, kept, incoming: incoming(old), steps: Steps::new() }
    }

    fn add(&mut self, app: &str, operation: Operation, needs: Vec<Need>) {
        self.steps.entry(app.to_owned()).or_default().push(Step { operation, needs });
    }

    /// Models that are of any of these kinds in the old and the new state, sorted.
    fn both(&self, standings: &[(Standing, Standing)]) -> Vec<(&'a ModelState, &'a ModelState)> {
        let both = self.new.models.values().filter_map(|model| Some((self.old.models.get(&model.key)?, model)));
        both.filter(|(was, is)| standings.contains(&(was.standing(), is.standing()))).collect()
    }

    /// The names of the fields of the new state that the old one lacks, sorted by model and name.
    fn new_fields(&self) -> Vec<(&'a ModelState, String)> {
        let fields = self.kept.iter().flat_map(|&(was, is)| {
            let names: BTreeSet<&str> = is.fields.iter().map(|field| field.name.as_str()).collect();
            names.into_iter().filter(|name| was.field(name).is_none()).map(move |name| (is, name.to_owned()))
        });
        fields.collect()
    }

    /// What all relations of a model need.
    fn model_needs(&self, model: &ModelState) -> Vec<Need> {
        model.fields.iter().flat_map(|field| Need::of_relation(self.new, field)).collect()
    }
}

fn incoming(state: &State) -> Incoming<'_> {
    let mut incoming = Incoming::new();
    for model in state.models.values() {
        for (place, field) in model.fields.iter().enumerate() {
            let Some(relation) = &field.relation else { continue };
            let ends: BTreeSet<&ModelKey> =
                std::iter::once(&relation.to).chain(&relation.through).map(|end| concrete(state, end)).collect();
            for end in ends {
                incoming.entry(end).or_default().push((model, place));
            }
        }
    }
    incoming
}

/// The model whose table a model uses.
fn concrete<'a>(state: &'a State, key: &'a ModelKey) -> &'a ModelKey {
    let mut key = key;
    // As many steps as there are models, so that a circle, which Django refuses, ends.
    for _ in 0..state.models.len() {
        let Some(model) = state.models.get(key).filter(|model| model.standing() == Standing::Proxy) else { break };
        let base = model.bases.iter().find_map(|base| match base {
            BaseState::Model(key) => Some(key),
            BaseState::Django => None,
        });
        let Some(base) = base else { break };
        key = base;
    }
    key
}

/// The concrete bases of a model.
fn bases(model: &ModelState) -> impl Iterator<Item = &ModelKey> {
    model.bases.iter().filter_map(|base| match base {
        BaseState::Model(key) => Some(key),
        BaseState::Django => None,
    })
}

/// What a new class needs whatever its kind: that what had its name is gone, and that its bases are there.
fn class_needs(model: &ModelState) -> Vec<Need> {
    let gone = Need::model(&model.key, Kind::Removed);
    std::iter::once(gone).chain(bases(model).map(|base| Need::model(base, Kind::Created))).collect()
}
