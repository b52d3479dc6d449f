//! Many-to-many relations that become association classes: the table of links becomes the table of the class, and no row moves.

use super::{Pair, Track};
use crate::django::state::query::{text, with, without};
use crate::django::state::{FieldState, ModelState};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// How many bytes PostgreSQL gives a name; Django shortens longer ones.
const NAME: usize = 63;

pub(super) fn associations(track: &mut Track<'_>) {
    for pair in track.pairs() {
        let Some((class, columns)) = link(track, &pair) else { continue };
        let Some(created) = created(track, &pair, &class, &columns) else { continue };
        let app = class.key.app.clone();
        let ends: Vec<String> = created.fields[1..].iter().map(|field| field.name.clone()).collect();
        let mut create = created;
        create.options.push(("unique_together", Expr::List(vec![Expr::Tuple(tuple(&ends))])));
        let field = FieldState { name: pair.was.name.clone(), ..pair.now.clone() };
        let alter = Operation::AlterField { model: pair.model.name.clone(), field, preserve_default: true };
        let released = Operation::AlterUniqueTogether { model: class.key.name.clone(), together: Vec::new() };
        let words = format!("{}_from_{}_{}", class.name, pair.model.name, pair.was.name);
        if app == pair.model.app {
            let both = Operation::StateOnly(vec![Operation::CreateModel(create), alter]);
            track.write(&app, &words, vec![both, released]);
        } else {
            track.write(&app, &words, vec![Operation::StateOnly(vec![Operation::CreateModel(create)]), released]);
            track.write(&pair.model.app, &words, vec![Operation::StateOnly(vec![alter])]);
        }
    }
}

fn tuple(names: &[String]) -> Vec<Expr> {
    names.iter().map(Expr::str).collect()
}

/// The new class, and its two keys with the columns of the table of links that they take.
fn link(track: &Track<'_>, pair: &Pair) -> Option<(ModelState, Vec<(FieldState, String)>)> {
    let (was, now) = (pair.was.relation.as_ref()?, pair.now.relation.as_ref()?);
    let is_candidate = was.many_to_many && now.many_to_many && was.through.is_none() && was.to == now.to;
    let through = now.through.as_ref().filter(|key| is_candidate && !track.state().models.contains_key(*key))?;
    let class = track.target.models.get(through)?.clone();
    let leads_to = |key: &ModelKey| -> Option<FieldState> {
        let mut fields = class.fields.iter().filter(|field| field.relation.as_ref().is_some_and(|it| it.to == *key));
        fields.next().filter(|_| fields.next().is_none()).cloned()
    };
    let is_circle = pair.model == now.to;
    let (near, far) = match &now.through_fields {
        Some((near, far)) => (class.field(near)?.clone(), class.field(far)?.clone()),
        None if is_circle => return None,
        None => (leads_to(&pair.model)?, leads_to(&now.to)?),
    };
    let columns = if is_circle {
        (format!("from_{}_id", pair.model.name), format!("to_{}_id", now.to.name))
    } else {
        (format!("{}_id", pair.model.name), format!("{}_id", now.to.name))
    };
    Some((class, vec![(near, columns.0), (far, columns.1)]))
}

/// The class as the table of links has it already; `None` if it needs another table.
fn created(track: &Track<'_>, pair: &Pair, class: &ModelState, keys: &[(FieldState, String)]) -> Option<ModelState> {
    let id = class.field("id").filter(|id| id.class() == "BigAutoField")?;
    let mut fields = vec![id.clone()];
    for (field, column) in keys {
        if field.class() != "ForeignKey" || field.argument("to_field").is_some() || field.primary_key {
            return None;
        }
        fields.push(key(field, column));
    }
    let source = track.state().models.get(&pair.model)?;
    let table = table(source, &pair.was)?;
    class.bases.is_empty().then(|| ModelState {
        key: class.key.clone(),
        name: class.name.clone(),
        fields,
        options: vec![("db_table", table)],
        indexes: Vec::new(),
        constraints: Vec::new(),
        bases: Vec::new(),
        managers: Vec::new(),
    })
}

/// The name of the table of links of a relation, unless Django has shortened it.
pub(in crate::evolve) fn table(source: &ModelState, field: &FieldState) -> Option<Expr> {
    let table = match (field.argument("db_table"), source.option("db_table")) {
        (Some(table), _) => table.clone(),
        (None, Some(Expr::Str(table))) => Expr::str(format!("{table}_{}", field.name)),
        (None, _) => Expr::str(format!("{}_{}_{}", source.key.app, source.key.name, field.name)),
    };
    (text(&table).len() <= NAME).then_some(table)
}

/// The key as Django makes it in a table of links.
fn key(field: &FieldState, column: &str) -> FieldState {
    let other = ["null", "blank", "unique", "db_index", "db_constraint", "db_comment", "default", "db_default"];
    let mut call = without(&field.call, &other);
    let default = format!("{}_id", field.name);
    let own = match field.argument("db_column") {
        Some(Expr::Str(own)) => own,
        _ => &default,
    };
    if own != column {
        call = with(&call, "db_column", Expr::str(column));
    }
    let cascade = Expr::Ref { module: "django.db.models.deletion", name: "CASCADE" };
    FieldState { call: with(&call, "on_delete", cascade), ..field.clone() }
}
