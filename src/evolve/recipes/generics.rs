//! References by content type: nothing in the migrations says where their keys lead but the content types that they may have.

use crate::django::built::{Changes, Generic};
use crate::django::state::query::names;
use crate::django::state::{FieldState, ModelState, State};

use super::is_same_kind;

/// The references that may lead to rows of `model`, with the field that holds the keys there.
pub(in crate::evolve) fn leading_to<'a>(
    state: &'a State,
    changes: &'a Changes,
    model: &ModelState,
) -> Vec<(&'a Generic, &'a FieldState)> {
    let found = changes.generics.iter().filter_map(|generic| {
        let holder = state.models.get(&generic.holder)?;
        let limit = holder.field(&generic.kind)?.argument("limit_choices_to");
        let may = limit.is_none_or(|limit| names(limit).contains(model.key.name.as_str()));
        may.then_some(generic).zip(holder.field(&generic.key))
    });
    found.collect()
}

/// Whether a field that holds keys of rows of several tables can hold these instead, now and after all.
pub(super) fn can_hold(target: &State, generic: &Generic, holds: &FieldState, key: &FieldState) -> bool {
    let stays = target.models.get(&generic.holder).and_then(|holder| holder.field(&generic.key));
    let is_text = matches!(holds.class(), "CharField" | "TextField");
    stays.is_some_and(|now| now.class() == holds.class()) && (is_text || is_same_kind(holds.class(), key.class()))
}
