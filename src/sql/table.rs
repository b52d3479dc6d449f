//! Tables: what Django makes of the state of a model (`Options.db_table`, `ManyToManyField.contribute_to_class`).

use std::collections::BTreeSet;

use super::Untold;
use super::column::{Call, Column, Key};
use super::name;
use crate::django::ModelKey;
use crate::django::state::query::Standing;
use crate::django::state::{BaseState, FieldState, ModelState, State};
use crate::python::Expr;

/// A column that keys lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) model: ModelKey,
    pub(super) table: String,
    pub(super) column: String,
    /// The type of columns that hold its values.
    pub(super) ty: String,
    pub(super) internal: String,
}

/// The table of a model.
pub(super) fn name(state: &State, key: &ModelKey) -> String {
    let Some(model) = state.models.get(key) else { return name::truncated(&format!("{}_{}", key.app, key.name)) };
    if let (Standing::Proxy, Some(BaseState::Model(base))) = (model.standing(), model.bases.first())
        && base != key
    {
        let named = state.models.get(base).filter(|base| base.standing() != Standing::Proxy);
        return named.map_or_else(|| own_name(model), own_name);
    }
    own_name(model)
}

pub(super) fn own_name(model: &ModelState) -> String {
    match model.option("db_table") {
        Some(Expr::Str(table)) => name::truncated(table),
        _ => name::truncated(&format!("{}_{}", model.key.app, model.key.name)),
    }
}

/// All columns of a model's own table. Django counts the fields that it makes by itself downwards: the last one comes first.
pub(super) fn columns(state: &State, model: &ModelState) -> Result<Vec<Column>, Untold> {
    let each = model.fields.iter().map(|field| Column::of(state, model, field));
    let all: Vec<Column> = each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let (mut automatic, written): (Vec<Column>, Vec<Column>) = all.into_iter().partition(|it| it.is_automatic);
    automatic.reverse();
    automatic.extend(written);
    Ok(automatic)
}

/// The column that keys to a model lead to: its primary key, or the field that is named.
pub(super) fn target(state: &State, key: &ModelKey, to_field: Option<&Expr>) -> Result<Target, Untold> {
    let mut at = key.clone();
    let mut seen = BTreeSet::new();
    let mut first: Option<(ModelKey, String, String)> = None;
    loop {
        if !seen.insert(at.clone()) {
            return Err(Untold(format!("the key of `{}`", key.dotted())));
        }
        let Some(model) = state.models.get(&at) else {
            return built_in(&at, first).ok_or_else(|| Untold(format!("the model `{}`", key.dotted())));
        };
        if let (Standing::Proxy, Some(BaseState::Model(base))) = (model.standing(), model.bases.first()) {
            at = base.clone();
            continue;
        }
        let is_asked = |field: &&FieldState| match to_field.filter(|_| first.is_none()) {
            Some(Expr::Str(name)) => field.name == *name,
            _ => field.primary_key || field.argument("primary_key") == Some(&Expr::Bool(true)),
        };
        let field =
            model.fields.iter().find(is_asked).ok_or_else(|| Untold(format!("the key of `{}`", at.dotted())))?;
        // The type of a key that is a key itself is that of its target.
        if let Some(relation) = &field.relation {
            let column = match field.argument("db_column") {
                Some(Expr::Str(name)) => name.clone(),
                _ => format!("{}_id", field.name),
            };
            first = first.or_else(|| Some((at.clone(), name(state, &at), column)));
            at = relation.to.clone();
            continue;
        }
        let column = Column::of(state, model, field)?.ok_or_else(|| Untold(format!("the key of `{}`", at.dotted())))?;
        // Keys to numbers that count up are plain numbers.
        let internal = match column.internal.as_str() {
            "AutoField" => "IntegerField",
            "BigAutoField" => "BigIntegerField",
            "SmallAutoField" => "SmallIntegerField",
            other => other,
        };
        let (model, table, name) = first.unwrap_or_else(|| (at.clone(), name(state, &at), column.name.clone()));
        return Ok(Target { model, table, column: name, ty: column.ty, internal: internal.to_owned() });
    }
}

/// Models of Django's own that diagrams refer to.
fn built_in(key: &ModelKey, first: Option<(ModelKey, String, String)>) -> Option<Target> {
    let table = match (key.app.as_str(), key.name.as_str()) {
        ("auth", "group") => "auth_group",
        ("auth", "permission") => "auth_permission",
        ("auth", "user") => "auth_user",
        ("contenttypes", "contenttype") => "django_content_type",
        _ => return None,
    };
    let (model, table, column) = first.unwrap_or_else(|| (key.clone(), table.to_owned(), "id".to_owned()));
    Some(Target { model, table, column, ty: "integer".to_owned(), internal: "IntegerField".to_owned() })
}

/// The table of a many-to-many relation without a model of its own.
#[derive(Clone, Debug)]
pub(super) struct Through {
    pub(super) table: String,
    /// `id`, the key to the model itself, the key to the other one.
    pub(super) columns: [Column; 3],
}

/// The table of a many-to-many relation; `None` if it goes through a model that was drawn.
pub(super) fn through(state: &State, model: &ModelState, field: &FieldState) -> Result<Option<Through>, Untold> {
    let Some(relation) = field.relation.as_ref().filter(|relation| relation.many_to_many && relation.through.is_none())
    else {
        return Ok(None);
    };
    let call = Call::of(&field.call);
    let said = |key| call.as_ref().and_then(|call| call.get(key));
    let table = match said("db_table") {
        Some(Expr::Str(table)) => table.clone(),
        _ => name::truncated(&format!("{}_{}", name(state, &model.key), field.name)),
    };
    let is_checked = said("db_constraint") != Some(&Expr::Bool(false));
    let (mut from, mut to) = (model.key.name.clone(), relation.to.name.clone());
    if from == to {
        from.insert_str(0, "from_");
        to.insert_str(0, "to_");
    }
    let key = |field: String, target: Target| {
        let plain = Column::plain(&field, format!("{field}_id"), "ForeignKey", &target.ty);
        Column { db_index: true, target: Some(Key { to: target, is_checked, on_delete: "" }), ..plain }
    };
    let id = Column::plain("id", "id".to_owned(), "BigAutoField", "bigint");
    let id = Column { primary_key: true, unique: true, ..id };
    let columns = [id, key(from, target(state, &model.key, None)?), key(to, target(state, &relation.to, None)?)];
    Ok(Some(Through { table, columns }))
}
