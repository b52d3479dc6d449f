//! Fields and `Meta`: arguments that do not fit together, and names that lead nowhere.

use super::Net;
use crate::django::constraint::ConstraintKind;
use crate::django::expr::Condition;
use crate::django::field::Value;
use crate::django::{Base, Field, FieldKind, Model, ModelKey, OnDelete};

pub(super) fn check(net: &mut Net<'_, '_>) {
    for (key, model) in net.models() {
        for base in &model.bases {
            if let Base::Model(base) = base
                && net.model(base).is_none()
            {
                net.fault(model.origin.element, "a missing base", &format!("there is no model `{}`", base.dotted()));
            }
        }
        for field in &model.fields {
            field_(net, &key, model, field);
        }
        let keys = net.local_fields(model).iter().filter(|field| field.primary_key).count();
        if keys > 1 {
            net.fault(model.origin.element, "models.E026", "more than one primary key");
        }
        if model.is_concrete() {
            meta(net, model);
        }
    }
    if net.project.user.app != "auth"
        && net.model(&net.project.user).is_none()
        && let Some((_, model)) = net.models().first()
    {
        net.fault(model.origin.element, "auth.E001", "there is no user model");
    }
}

fn field_(net: &mut Net<'_, '_>, key: &ModelKey, model: &Model, field: &Field) {
    let element = field.origin.element;
    let _ = key;
    if let Some(foreign) = field.foreign_key() {
        let target = net.model(&foreign.to);
        if !target.is_some_and(Model::is_concrete) && foreign.to.app != "auth" && !foreign.is_content_type() {
            net.fault(element, "fields.E300", &format!("it leads to `{}`, which has no table", foreign.to.dotted()));
        }
        if foreign.on_delete.empties() && !field.null {
            net.fault(element, "fields.E320", &format!("`{}` on a required key", foreign.on_delete.name()));
        }
        if foreign.on_delete == OnDelete::SetDefault && field.default.is_none() {
            net.fault(element, "fields.E321", "`SET_DEFAULT` without default");
        }
    }
    if let Some(many) = field.many_to_many() {
        if !net.model(&many.to).is_some_and(Model::is_concrete) {
            net.fault(element, "fields.E300", &format!("it leads to `{}`, which has no table", many.to.dotted()));
        }
        if let Some(through) = &many.through {
            match net.model(through) {
                None => net.fault(element, "fields.E331", "its through model is missing"),
                Some(through) => {
                    let fields: Vec<&Field> = net.local_fields(through);
                    let leads = |to: &str| {
                        let keys = fields.iter().filter_map(|field| field.foreign_key());
                        keys.filter(|foreign| foreign.to.name == to).count()
                    };
                    let (from, to) = (leads(&model.name), leads(&many.to.name));
                    if from == 0 || to == 0 {
                        net.fault(element, "fields.E333", "its through model has no key to both sides");
                    } else if many.through_fields.is_none() && (from > 1 || to > 1) && model.name != many.to.name {
                        net.fault(element, "fields.E335", "its through model has several keys to one side");
                    }
                }
            }
        }
    }
    if let Some(choices) = &field.choices {
        match net.project.choices(choices) {
            None => net.fault(element, "a missing enumeration", &format!("there is no `{}`", choices.dotted())),
            Some(choices) => {
                let longest = choices.members.iter().map(|member| member.value.chars().count()).max().unwrap_or(0);
                if let FieldKind::Char { max_length } = field.kind
                    && longest > max_length as usize
                    && !choices.is_integer
                {
                    net.fault(element, "fields.E009", "a value of its enumeration is longer than the column");
                }
                if let Some(Value::Member { member, .. }) = field.default.as_deref()
                    && choices.members.iter().all(|known| known.name != *member)
                {
                    net.fault(element, "a missing member", &format!("there is no `{member}`"));
                }
            }
        }
    }
    if field.primary_key && field.null {
        net.fault(element, "fields.E007", "a key that may be NULL");
    }
    if let FieldKind::Decimal { max_digits, decimal_places } = field.kind
        && (max_digits == 0 || decimal_places > max_digits)
    {
        net.fault(element, "fields.E130 to E134", "digits that do not fit together");
    }
    if let FieldKind::Char { max_length: 0 } = field.kind {
        net.fault(element, "fields.E121", "no room for any text");
    }
}

/// Names in `Meta` must be fields; those of indexes and constraints of the table itself.
fn meta<'a>(net: &mut Net<'a, '_>, model: &'a Model) {
    let element = model.origin.element;
    let local: Vec<String> = net.local_fields(model).iter().map(|field| field.name.clone()).collect();
    let mut all = local.clone();
    let family = || net.ancestors(model).into_iter().map(|(_, above)| above).chain([model]);
    for above in family() {
        all.extend(above.fields.iter().map(|field| field.name.clone()));
        let keys = above.fields.iter().filter(|field| field.foreign_key().is_some());
        all.extend(keys.map(|field| format!("{}_id", field.name)));
    }
    let joined = net.ancestors(model).iter().any(|(_, above)| above.is_concrete());
    let is_local = |name: &str| local.iter().any(|field| field == name) || name == "id" && !joined;
    let mut missing = Vec::new();
    for name in &model.meta.ordering {
        let plain = name.trim_start_matches('-');
        if plain != "pk" && !all.iter().any(|field| field == plain) {
            missing.push(("models.E015", plain.to_owned()));
        }
    }
    for index in &model.meta.indexes {
        let named = index.fields.iter().map(|name| name.trim_start_matches('-').to_owned());
        let others = index.include.iter().cloned().chain(index.condition.iter().flat_map(columns));
        missing.extend(named.chain(others).filter(|name| !is_local(name)).map(|name| ("models.E012, E016", name)));
    }
    for constraint in &model.meta.constraints {
        let names = match &constraint.kind {
            ConstraintKind::Unique { fields, condition, .. } => {
                fields.iter().cloned().chain(condition.iter().flat_map(columns)).collect()
            }
            ConstraintKind::Check(condition) => columns(condition),
            ConstraintKind::NoOverlap { start, end, by, .. } => [start, end].into_iter().chain(by).cloned().collect(),
        };
        missing.extend(names.into_iter().filter(|name| !is_local(name)).map(|name| ("models.E012, E016", name)));
    }
    for (check, name) in missing {
        net.fault(element, check, &format!("`{name}` is no field that its `Meta` can name"));
    }
}

/// The fields that a condition reads.
fn columns(condition: &Condition) -> Vec<String> {
    condition.fields().into_iter().map(str::to_owned).collect()
}
