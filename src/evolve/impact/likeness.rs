//! What went and what came and look alike: where ids do not tell, people are asked whether it was renamed.
//!
//! Likeness is no knowledge. So it never renames anything, it only makes the question: answered by `[evolution] rename` or
//! `accept`, it is answered for everybody.

use std::collections::BTreeSet;

use crate::django::state::query::names;
use crate::django::state::{FieldState, ModelState};

/// From here on it is asked.
const ALIKE: f64 = 0.6;

/// Two things that may be one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair<'a> {
    /// The model as it was, and as it is. Of a field they are the same model.
    pub(super) models: (&'a ModelState, &'a ModelState),
    /// The field as it was and as it is, if it is about one.
    pub(super) fields: Option<(&'a FieldState, &'a FieldState)>,
    /// How much they are alike: 1 is all.
    pub(super) likeness: f64,
}

/// Models that went and came in one app, each at most once, the likest first.
pub(super) fn models<'a>(gone: &[&'a ModelState], come: &[&'a ModelState]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for was in gone {
        for is in come.iter().filter(|is| is.key.app == was.key.app) {
            let (old, new) = (field_names(was), field_names(is));
            let names = of_names(&was.name, &is.name);
            // Classes without attributes have nothing in common but their names.
            let likeness =
                if old.is_empty() && new.is_empty() { names } else { 0.5 * names + 0.5 * of_sets(&old, &new) };
            pairs.push(Pair { models: (*was, *is), fields: None, likeness });
        }
    }
    best(pairs, |pair| (pair.models.0.key.dotted(), pair.models.1.key.dotted()))
}

/// Fields that went and came in one model, each at most once, the likest first.
pub(super) fn fields<'a>(
    models: (&'a ModelState, &'a ModelState),
    gone: &[&'a FieldState],
    come: &[&'a FieldState],
) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for was in gone {
        for is in come {
            pairs.push(Pair { models, fields: Some((was, is)), likeness: of_fields(models, was, is) });
        }
    }
    best(pairs, |pair| {
        let (was, is) = pair.fields.map_or(("", ""), |(was, is)| (was.name.as_str(), is.name.as_str()));
        (was.to_owned(), is.to_owned())
    })
}

/// The likest pairs, so that nothing is in two of them.
fn best<'a>(mut pairs: Vec<Pair<'a>>, names: impl Fn(&Pair<'a>) -> (String, String)) -> Vec<Pair<'a>> {
    pairs.retain(|pair| pair.likeness >= ALIKE);
    pairs.sort_by(|left, right| right.likeness.total_cmp(&left.likeness).then_with(|| names(left).cmp(&names(right))));
    let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
    pairs.retain(|pair| {
        let (was, is) = names(pair);
        // Both must be free; what was taken stays taken.
        let is_free = !old.contains(&was) && !new.contains(&is);
        if is_free {
            old.insert(was);
            new.insert(is);
        }
        is_free
    });
    pairs
}

/// Half of it is the name; the rest is what is said about it, and who mentions it.
fn of_fields(models: (&ModelState, &ModelState), was: &FieldState, is: &FieldState) -> f64 {
    let relation = |field: &FieldState| field.relation.as_ref().map(|relation| relation.to.clone());
    let same_type = match (relation(was), relation(is)) {
        (None, None) => was.class() == is.class(),
        (old, new) => old == new && was.is_many_to_many() == is.is_many_to_many(),
    };
    let same_bounds = was.is_nullable() == is.is_nullable();
    // Neighbours: in the same indexes and constraints, at the same place.
    let place = |model: &ModelState, field: &FieldState| model.fields.iter().position(|it| it.name == field.name);
    let beside = |model: &ModelState, field: &FieldState, step: usize| {
        let at = place(model, field)?.checked_add(step)?.checked_sub(1)?;
        model.fields.get(at).map(|it| it.name.clone())
    };
    let same_place = [0, 2].into_iter().any(|step| {
        let before = beside(models.0, was, step);
        before.is_some() && before == beside(models.1, is, step)
    });
    let mentions = |model: &ModelState, field: &FieldState| -> BTreeSet<String> {
        let all = model.indexes.iter().chain(&model.constraints);
        let of_it = all.filter(|it| names(it).contains(field.name.as_str()));
        of_it
            .flat_map(|it| {
                names(it).into_iter().filter(|name| *name != field.name).map(str::to_owned).collect::<Vec<_>>()
            })
            .collect()
    };
    let company = of_sets(&mentions(models.0, was), &mentions(models.1, is));
    let one = |is: bool| if is { 1.0 } else { 0.0 };
    0.5 * of_names(&was.name, &is.name)
        + 0.25 * one(same_type)
        + 0.1 * one(same_bounds)
        + 0.1 * one(same_place)
        + 0.05 * company
}

/// How much two names are alike, without case and separators.
fn of_names(old: &str, new: &str) -> f64 {
    let plain =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (old, new) = (plain(old), plain(new));
    strsim::normalized_levenshtein(&old, &new).max(strsim::jaro_winkler(&old, &new) - 0.1)
}

/// The share that two sets have in common; two empty ones are alike.
fn of_sets(old: &BTreeSet<String>, new: &BTreeSet<String>) -> f64 {
    let all = old.union(new).count();
    if all == 0 {
        return 1.0;
    }
    // They hold names of one model: few.
    let share = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    share(old.intersection(new).count()) / share(all)
}

/// The fields that were drawn, with their classes.
fn field_names(model: &ModelState) -> BTreeSet<String> {
    let drawn = model.fields.iter().filter(|field| field.argument("auto_created").is_none());
    drawn.map(|field| format!("{} {}", field.name, field.class())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_whatever_their_case() {
        assert!(of_names("last_name", "lastName") > 0.99);
        assert!(of_names("surname", "last_name") > 0.4);
        assert!(of_names("note", "points") < 0.6);
    }
}
