//! What was built, as an inventory: what the lock and the migrations know of the diagram.

use std::collections::BTreeMap;

use super::Lock;
use crate::django::ModelKey;
use crate::django::State;
use crate::django::state::{BaseState, FieldState};
use crate::inventory::{Inventory, Sort, Thing};
use crate::python::Expr;
use crate::python::repr::{Imports, repr};

/// Classes with a table and what their tables hold, in the diagram's names as far as `lock` knows them. Places are not known.
pub fn inventory(lock: &Lock, state: &State) -> Inventory {
    let models: BTreeMap<ModelKey, (&str, Option<&str>)> = lock
        .models
        .iter()
        .map(|it| (ModelKey::new(&it.app, &it.name).lowered(), (it.path.as_str(), it.id.as_deref())))
        .collect();
    let fields: BTreeMap<(ModelKey, &str), (&str, Option<&str>)> = lock
        .fields
        .iter()
        .map(|it| {
            let key = ModelKey::new(&it.app, &it.model).lowered();
            ((key, it.name.as_str()), (it.path.as_str(), it.id.as_deref()))
        })
        .collect();
    let mut things = Vec::new();
    for model in state.models.values() {
        let place = things.len();
        let known = models.get(&model.key);
        let path =
            known.map_or_else(|| ModelKey::new(&model.key.app, &model.name).dotted(), |(path, _)| (*path).to_owned());
        let mut says = Vec::new();
        let parents: Vec<String> = model
            .bases
            .iter()
            .filter_map(|base| match base {
                BaseState::Model(key) => Some(models.get(key).map_or_else(|| key.lower(), |it| it.0.to_owned())),
                BaseState::Django => None,
            })
            .collect();
        if !parents.is_empty() {
            says.push(("generalizations", parents.join(", ")));
        }
        things.push(Thing {
            sort: Sort::Classifier,
            kind: "class",
            name: last(&path),
            path: path.clone(),
            owner: None,
            id: known.and_then(|(_, id)| id.map(str::to_owned)),
            at: None,
            says,
        });
        // What Django adds by itself was never drawn.
        for field in model.fields.iter().filter(|field| field.argument("auto_created").is_none()) {
            let known = fields.get(&(model.key.clone(), field.name.as_str()));
            let path = known.map_or_else(|| format!("{path}.{}", field.name), |(path, _)| (*path).to_owned());
            things.push(Thing {
                sort: Sort::Attribute,
                kind: if field.relation.is_some() { "association" } else { "attribute" },
                name: last(&path),
                path,
                owner: Some(place),
                id: known.and_then(|(_, id)| id.map(str::to_owned)),
                at: None,
                says: said(field, &|key| models.get(key).map_or_else(|| key.lower(), |it| it.0.to_owned())),
            });
        }
    }
    Inventory { things }
}

fn last(path: &str) -> String {
    path.rsplit('.').next().unwrap_or(path).to_owned()
}

fn said(field: &FieldState, path: &dyn Fn(&ModelKey) -> String) -> Vec<(&'static str, String)> {
    let mut says = vec![("type", field.class().to_owned())];
    if let Some(relation) = &field.relation {
        says.push(("to", path(&relation.to)));
        says.extend(relation.through.as_ref().map(|through| ("through", path(through))));
    }
    let Expr::Call { kwargs, .. } = &field.call else { return says };
    for (key, value) in kwargs {
        match (*key, value) {
            ("choices", Expr::List(pairs)) => {
                let values = pairs.iter().filter_map(|pair| match pair {
                    Expr::Tuple(pair) => pair.first().map(text),
                    _ => None,
                });
                says.push(("literals", values.collect::<Vec<_>>().join(", ")));
            }
            ("null", _) => says.push(("multiplicity", "0..1".to_owned())),
            // How it is called and kept in Python is no matter of the diagram.
            ("blank" | "related_name" | "related_query_name" | "serialize" | "to" | "through", _) => {}
            (key, value) => says.push((key, text(value))),
        }
    }
    says
}

fn text(value: &Expr) -> String {
    match value {
        Expr::Str(text) => text.clone(),
        other => repr(other, &mut Imports::default()),
    }
}
