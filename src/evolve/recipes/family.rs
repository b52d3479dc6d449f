//! Children that become models of their own, and models that become children: rows keep their keys.

use super::{Track, open, optional};
use crate::django::operation::RowStep;
use crate::django::state::{BaseState, FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

pub(super) fn parents(track: &mut Track<'_>) {
    for (was, now) in track.models() {
        match (parent(&was), parent(&now)) {
            (Parents::One(old), Parents::None) => detach(track, &was, &now, &old),
            (Parents::None, Parents::One(new)) => attach(track, &was, &now, &new),
            _ => {}
        }
    }
}

/// The concrete parents of a model.
enum Parents {
    None,
    One(ModelKey),
    Several,
}

fn parent(model: &ModelState) -> Parents {
    let mut parents = model.bases.iter().filter_map(|base| match base {
        BaseState::Model(key) => Some(key.clone()),
        BaseState::Django => None,
    });
    match (parents.next(), parents.next()) {
        (None, _) => Parents::None,
        (Some(only), None) => Parents::One(only),
        (Some(_), Some(_)) => Parents::Several,
    }
}

fn key(model: &ModelState) -> Option<&FieldState> {
    model.fields.iter().find(|field| field.primary_key)
}

/// The key of a model of its own, whose values a parent's key can be.
fn own_key(model: &ModelState) -> Option<&FieldState> {
    key(model).filter(|key| key.class() == "BigAutoField")
}

fn pointer(model: &ModelState) -> Option<&FieldState> {
    key(model).filter(|key| key.relation.as_ref().is_some_and(|relation| relation.parent_link))
}

/// The fields of `child` that `parent` has as well, as far as their values can be copied; `None` if some cannot.
fn shared(parent: &ModelState, child: &ModelState) -> Option<Vec<FieldState>> {
    let both = child.fields.iter().filter(|field| !field.primary_key && parent.field(&field.name).is_some());
    let fields = both.map(|field| {
        let same = parent.field(&field.name).is_some_and(|other| other.class() == field.class());
        (same && !field.is_many_to_many()).then(|| field.clone())
    });
    let fields: Vec<_> = fields.collect::<Option<_>>()?;
    Some(fields.into_iter().filter(|field| !field.is_generated()).collect())
}

fn names(fields: &[FieldState]) -> Expr {
    Expr::List(fields.iter().map(|field| Expr::str(&field.name)).collect())
}

fn rows(model: &ModelKey, step: RowStep, parent: &ModelKey, fields: &[FieldState]) -> Operation {
    let arguments = vec![("parent", Expr::Str(parent.lower())), ("fields", names(fields))];
    Operation::Rows { model: model.name.clone(), step, arguments }
}

/// A child gets what it had from its parent.
fn detach(track: &mut Track<'_>, was: &ModelState, now: &ModelState, parent: &ModelKey) {
    let Some(family) = track.state().models.get(parent).cloned() else { return };
    let (Some(_), Some(id)) = (pointer(was), own_key(now)) else { return };
    let Some(fields) = shared(&family, now) else { return };
    // What the parent's parent has is further away than this goes.
    if !matches!(self::parent(&family), Parents::None) || own_key(&family).is_none() {
        return;
    }
    let (app, table) = (&now.key.app, &now.key.name);
    let change = Operation::ChangeParent { name: now.name.clone(), parent: None, key: id.clone() };
    let added = fields.iter().map(|field| Operation::AddField {
        model: table.clone(),
        field: open(field, &field.name),
        preserve_default: true,
    });
    let operations = std::iter::once(change).chain(added).collect();
    track.write(app, &format!("detach_{table}_from_{}", parent.name), operations);
    let copy = rows(&now.key, RowStep::CopyFromParent, parent, &fields);
    track.write(app, &format!("copy_{}_to_{table}", parent.name), vec![copy]);
    for field in fields.iter().filter(|field| family.field(&field.name).is_some_and(|it| !it.is_nullable())) {
        track.prepared.filled.insert((now.key.clone(), field.name.clone()));
    }
}

/// A model gets a new parent, which takes what both have. Of several children the keys would meet in one table.
fn attach(track: &mut Track<'_>, was: &ModelState, now: &ModelState, parent: &ModelKey) {
    let Some(family) = track.target.models.get(parent).cloned() else { return };
    let base = BaseState::Model(parent.clone());
    let children = track.target.models.values().filter(|model| model.bases.contains(&base)).count();
    let (Some(_), Some(pointer), Some(_)) = (own_key(was), pointer(now), own_key(&family)) else { return };
    if track.state().models.contains_key(parent) || children != 1 || !matches!(self::parent(&family), Parents::None) {
        return;
    }
    let Some(fields) = shared(&family, was) else { return };
    let is_given = |field: &FieldState| fields.iter().any(|it| it.name == field.name);
    let is_there = |field: &FieldState| {
        field.relation.as_ref().is_none_or(|relation| track.state().models.contains_key(&relation.to))
    };
    // Other relations of the parent come later, from the planner.
    let (created, later): (Vec<FieldState>, Vec<FieldState>) = family
        .fields
        .iter()
        .cloned()
        .partition(|field| is_there(field) && !field.is_many_to_many() && !field.is_generated());
    if !created.iter().all(|field| field.primary_key || is_given(field) || field.can_be_added())
        || later.iter().any(is_given)
    {
        return;
    }
    let (app, table) = (&now.key.app, &now.key.name);
    let plain = ModelState { fields: created, indexes: Vec::new(), constraints: Vec::new(), ..family.clone() };
    track.write(&parent.app, &family.name, vec![Operation::CreateModel(plain)]);
    let mut expand = Vec::new();
    for field in &fields {
        expand.extend(track.without_indexes(&now.key, &field.name));
        expand.extend(optional(&now.key, field));
    }
    if !expand.is_empty() {
        track.write(app, &format!("expand_{table}"), expand);
    }
    let copy = rows(&now.key, RowStep::CopyToParent, parent, &fields);
    track.write(app, &format!("copy_{table}_to_{}", parent.name), vec![copy]);
    let gone = fields.iter().map(|field| Operation::RemoveField { model: table.clone(), field: field.name.clone() });
    let change = Operation::ChangeParent { name: now.name.clone(), parent: Some(parent.clone()), key: pointer.clone() };
    track.write(app, &format!("attach_{table}_to_{}", parent.name), gone.chain(std::iter::once(change)).collect());
}
