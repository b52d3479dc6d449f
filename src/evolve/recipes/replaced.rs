//! Fields that become other fields: a new one beside the old one, the values copied, the old one gone.

use super::{Conversion, Pair, Track, conversion, open, optional};
use crate::django::operation::RowStep;
use crate::django::state::query::without;
use crate::django::state::{FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

pub(super) fn fields(track: &mut Track<'_>) {
    unique_defaults(track);
    for pair in track.pairs() {
        let is_computed = pair.was.is_generated() || pair.now.is_generated();
        let is_key = pair.was.primary_key || pair.now.primary_key;
        if is_computed || is_key || computed_from(track, &pair) {
            continue;
        }
        let step = match (&pair.was.relation, &pair.now.relation) {
            (Some(was), Some(now)) if was.many_to_many != now.many_to_many => {
                links(&pair).map(|step| (step, Vec::new()))
            }
            // The key of a literal's row is what the enumeration stored.
            (None, Some(now)) if !now.many_to_many && track.state().rows.contains_key(&now.to) => {
                Some((RowStep::ConvertField, Vec::new()))
            }
            (Some(was), None) if !was.many_to_many && track.state().rows.contains_key(&was.to) => {
                Some((RowStep::ConvertField, Vec::new()))
            }
            (None, None) => values(&pair).map(|step| (step, Vec::new())),
            (None, Some(_)) => {
                targets(track, &pair).map(|attribute| (RowStep::MakeTargets, vec![("attribute", Expr::str(attribute))]))
            }
            _ => None,
        };
        if let Conversion::Cut(what) = conversion(pair.was.class(), pair.now.class()) {
            track.prepared.cut.push((pair.model.clone(), pair.now.name.clone(), what));
        }
        if let Some((step, more)) = step {
            replace(track, &pair, step, more);
        }
    }
}

/// Whether a generated column would have to go with it.
fn computed_from(track: &Track<'_>, pair: &Pair) -> bool {
    let model = track.state().models.get(&pair.model);
    model.is_some_and(|model| model.fields.iter().any(|field| field.sources().contains(&pair.was.name)))
}

fn replace(track: &mut Track<'_>, pair: &Pair, step: RowStep, more: Vec<(&'static str, Expr)>) {
    let Pair { model, was, now } = pair;
    let (app, table) = (model.app.as_str(), &model.name);
    let mut name = now.name.clone();
    let is_taken = |name: &str| track.state().models.get(model).is_some_and(|it| it.field(name).is_some());
    if is_taken(&name) {
        name = format!("{}_new", now.name);
        while is_taken(&name) {
            name.push('x');
        }
    }
    let mut field = open(now, &name);
    // Two columns cannot have one name: the planner gives it its own once the other is gone.
    let is_taken = |column: &Expr| {
        let fields = track.state().models.get(model).map_or(&[][..], |model| &model.fields);
        fields.iter().any(|field| match field.argument("db_column") {
            Some(known) => known == column,
            None => *column == Expr::str(&field.name),
        })
    };
    if field.argument("db_column").is_some_and(is_taken) {
        field.call = without(&field.call, &["db_column"]);
    }
    let mut operations = track.without_indexes(model, &was.name);
    operations.push(Operation::AddField { model: table.clone(), field, preserve_default: true });
    operations.extend(optional(model, was));
    track.write(app, &format!("expand_{table}_{}", was.name), operations);
    let mut arguments = vec![("source", Expr::str(&was.name)), ("target", Expr::str(&name))];
    arguments.extend(more);
    let rows = Operation::Rows { model: table.clone(), step, arguments };
    track.write(app, &format!("copy_{table}_{}", was.name), vec![rows]);
    let mut operations = vec![Operation::RemoveField { model: table.clone(), field: was.name.clone() }];
    if name != now.name {
        operations.push(Operation::RenameField { model: table.clone(), old: name, new: now.name.clone() });
    }
    track.write(app, &format!("contract_{table}_{}", was.name), operations);
    track.prepared.renames.retain(|rename| rename.model != *model || rename.old != was.name);
    if !was.is_nullable() {
        track.prepared.filled.insert((model.clone(), now.name.clone()));
    }
}

/// A key that becomes many-to-many, or the other way round.
fn links(pair: &Pair) -> Option<RowStep> {
    let (was, now) = (pair.was.relation.as_ref()?, pair.now.relation.as_ref()?);
    let is_plain =
        was.to == now.to && was.through.is_none() && now.through.is_none() && !was.parent_link && !now.parent_link;
    let key = if was.many_to_many { &pair.now } else { &pair.was };
    let has_room = now.many_to_many || pair.now.is_nullable();
    (is_plain && has_room && key.argument("to_field").is_none()).then_some(RowStep::CopyLinks)
}

fn values(pair: &Pair) -> Option<RowStep> {
    let conversion = conversion(pair.was.class(), pair.now.class());
    matches!(conversion, Conversion::Read | Conversion::Cut(_)).then_some(RowStep::ConvertField)
}

/// The attribute of a new class that takes the values of what was an attribute, if there is exactly one that can, and all
/// others can be left open. Makes the class.
fn targets(track: &mut Track<'_>, pair: &Pair) -> Option<String> {
    let relation = pair.now.relation.as_ref().filter(|_| pair.now.class() == "ForeignKey")?;
    if track.state().models.contains_key(&relation.to) || pair.now.argument("to_field").is_some() {
        return None;
    }
    let class = track.target.models.get(&relation.to).filter(|class| class.bases.is_empty())?;
    let plain: Vec<&FieldState> = class.fields.iter().filter(|field| field.relation.is_none()).collect();
    let fits = |field: &&FieldState| !field.primary_key && field.class() == pair.was.class() && !field.is_generated();
    let mut candidates = plain.iter().copied().filter(fits);
    let attribute = candidates.next().filter(|_| candidates.next().is_none())?;
    let others = class.fields.iter().filter(|field| field.name != attribute.name && !field.primary_key);
    let has_own_key = plain.iter().any(|field| field.primary_key && field.class() == "BigAutoField");
    if !has_own_key || !others.clone().all(FieldState::can_be_added) {
        return None;
    }
    let fields = plain.iter().filter(|field| !field.is_generated()).map(|field| (*field).clone()).collect();
    let created = ModelState { fields, indexes: Vec::new(), constraints: Vec::new(), ..class.clone() };
    let (app, words, attribute) = (class.key.app.clone(), class.name.clone(), attribute.name.clone());
    track.write(&app, &words, vec![Operation::CreateModel(created)]);
    Some(attribute)
}

/// New columns whose values are unique and made by a function: Django would give all rows the same one.
fn unique_defaults(track: &mut Track<'_>) {
    for (was, now) in track.models() {
        let known: Vec<&str> = was.fields.iter().filter_map(|field| track.new_name(&now.key, &field.name)).collect();
        let is_new = |field: &&FieldState| !known.contains(&field.name.as_str());
        let is_unique = |field: &&FieldState| field.argument("unique") == Some(&Expr::Bool(true));
        let fields: Vec<(FieldState, Expr)> = now
            .fields
            .iter()
            .filter(|field| is_new(field) && is_unique(field) && !field.primary_key)
            .filter_map(|field| Some((field.clone(), function(field)?.clone())))
            .collect();
        for (field, value) in fields {
            fill(track, &now.key, &field, value);
        }
    }
}

fn function(field: &FieldState) -> Option<&Expr> {
    field.argument("default").filter(|default| matches!(default, Expr::Ref { .. } | Expr::Dotted(_)))
}

fn fill(track: &mut Track<'_>, model: &ModelKey, field: &FieldState, value: Expr) {
    let (app, table) = (model.app.as_str(), &model.name);
    let added = Operation::AddField { model: table.clone(), field: open(field, &field.name), preserve_default: true };
    track.write(app, &format!("expand_{table}_{}", field.name), vec![added]);
    let arguments = vec![("name", Expr::str(&field.name)), ("value", value)];
    let rows = Operation::Rows { model: table.clone(), step: RowStep::FillField, arguments };
    track.write(app, &format!("fill_{table}_{}", field.name), vec![rows]);
    track.prepared.filled.insert((model.clone(), field.name.clone()));
}
