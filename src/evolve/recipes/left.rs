//! What earlier builds left in the database for servers with older models: once somebody says that no server uses it any more, or something
//! else takes its place, the models get it back as it is, and what is to become of it is found as usual.

use super::{Conversion, Track, conversion};
use crate::django::built::Changes;
use crate::django::state::FieldState;
use crate::django::state::left::{Left, named};
use crate::django::state::query::with;
use crate::django::{ModelKey, Operation};
use crate::evolve::rolling::Contracted;
use crate::python::Expr;

/// Takes back what is asked for by names in Django, or in the way. What has gone in the models meanwhile and is in the list goes as well.
pub(super) fn take_back(track: &mut Track<'_>, changes: &Changes, contract: &[String]) -> Contracted {
    let mut contracted = known(track, changes, contract);
    // Columns that are computed from others go with them.
    let asked: Vec<Left> = track.state().left.iter().filter(|left| is_asked(track, left, contract)).cloned().collect();
    let is_source = |left: &Left| match left {
        Left::Field(model, field) => asked
            .iter()
            .any(|it| matches!(it, Left::Field(of, source) if of == model && field.sources().contains(&source.name))),
        _ => false,
    };
    for left in track.state().left.clone() {
        let (model, mut goes) = (left.model().clone(), asked.contains(&left) || is_source(&left));
        let now = renamed(track, changes, &model);
        let (operations, name) = match left {
            Left::Model(left, columns) => {
                let is_drawn = track.target.models.contains_key(&now) && !track.state().models.contains_key(&model);
                if !goes && !is_drawn {
                    continue;
                }
                let back = columns.iter().map(|column| took_back(&model, column.clone())).collect();
                ([vec![Operation::StateOnly(vec![Operation::CreateModel(left)])], back].concat(), None)
            }
            Left::Field(_, field) => {
                let drawn = track.target.models.get(&now).and_then(|now| {
                    now.fields.iter().find(|it| !it.is_many_to_many() && it.column() == field.column())
                });
                if !goes && drawn.is_none() {
                    continue;
                }
                // What means something else is another field, and the old one goes first.
                let is_same = drawn.is_some_and(|it| it.name == field.name && can_become(&field, it));
                goes |= !is_same;
                let name = free(track, &model, &now, &field.name, is_same);
                (vec![took_back(&model, named(&field, &name))], Some(name))
            }
            Left::Optional(_, name) => {
                let known = track.state().models.get(&model).and_then(|model| model.field(&name)).cloned();
                let Some(known) = known.filter(|_| goes) else { continue };
                let field = FieldState { call: with(&known.call, "null", Expr::Bool(true)), ..known };
                let alter = Operation::AlterField { model: model.name.clone(), field, preserve_default: true };
                (vec![Operation::StateOnly(vec![alter])], Some(name))
            }
        };
        let words: Vec<&str> = ["take_back", &model.name].into_iter().chain(name.as_deref()).collect();
        track.write(&model.app, &words.join("_"), operations);
        if goes {
            let name = name.map(|name| changes.field(&now, &name).unwrap_or(&name).to_owned());
            contracted.insert((now, name));
        }
    }
    contracted
}

fn took_back(model: &ModelKey, field: FieldState) -> Operation {
    let add = Operation::AddField { model: model.name.clone(), field, preserve_default: true };
    Operation::Leave(Box::new(add))
}

/// What is in the list and in the models.
fn known(track: &Track<'_>, changes: &Changes, contract: &[String]) -> Contracted {
    let mut known = Contracted::new();
    for model in track.state().models.values() {
        let path = format!("{}.{}", model.key.app, model.name);
        let now = renamed(track, changes, &model.key);
        if contract.contains(&path) {
            known.insert((now.clone(), None));
        }
        let fields = model.fields.iter().filter(|field| contract.contains(&format!("{path}.{}", field.name)));
        known.extend(fields.map(|field| {
            let name = changes.field(&now, &field.name).unwrap_or(&field.name);
            (now.clone(), Some(name.to_owned()))
        }));
    }
    known
}

/// The key that a model has after all.
fn renamed(track: &Track<'_>, changes: &Changes, key: &ModelKey) -> ModelKey {
    track.state().models.get(key).map_or_else(|| key.clone(), |model| changes.key(model))
}

fn is_asked(track: &Track<'_>, left: &Left, contract: &[String]) -> bool {
    contract.contains(&left.dotted(track.state()))
}

fn can_become(was: &FieldState, now: &FieldState) -> bool {
    was.relation.is_none()
        && now.relation.is_none()
        && !was.is_generated()
        && !now.is_generated()
        && conversion(was.class(), now.class()) != Conversion::Meaningless
}

/// The name that the field had, unless it is another one's; then one like it.
fn free(track: &Track<'_>, model: &ModelKey, now: &ModelKey, name: &str, is_same: bool) -> String {
    let mut name = name.to_owned();
    let is_taken = |name: &str| {
        let before = track.state().models.get(model).is_some_and(|model| model.field(name).is_some());
        before || !is_same && track.target.models.get(now).is_some_and(|model| model.field(name).is_some())
    };
    while is_taken(&name) {
        name.push_str("_left");
    }
    name
}
