//! What an operation says about itself (`Operation.describe()` in `django.db.migrations.operations`).

use super::operation::Operation;
use super::project::ModelKey;
use super::state::query::{argument, name};
use crate::python::Expr;

impl Operation {
    /// The sentence that `migrate --plan` and `sqlmigrate` print for it.
    pub fn describe(&self) -> String {
        match self {
            Self::CreateModel(state) => {
                let proxy = if state.option("proxy") == Some(&Expr::Bool(true)) { "proxy " } else { "" };
                format!("Create {proxy}model {}", state.name)
            }
            Self::DeleteModel { name } => format!("Delete model {name}"),
            Self::RenameModel { old, new } | Self::RenameParent { old, new } => format!("Rename model {old} to {new}"),
            Self::AlterModelOptions { model, .. } => format!("Change Meta options on {model}"),
            Self::AlterModelManagers { model, .. } => format!("Change managers on {model}"),
            Self::AlterModelTable { model, table } => {
                let table = match table {
                    Some(Expr::Str(table)) => table.as_str(),
                    _ => "(default)",
                };
                format!("Rename table for {model} to {table}")
            }
            Self::AlterModelTableComment { model, .. } => format!("Alter {model} table comment"),
            Self::AddField { model, field, .. } => format!("Add field {} to {model}", field.name),
            Self::AlterField { model, field, .. } => format!("Alter field {} on {model}", field.name),
            Self::RemoveField { model, field } => format!("Remove field {field} from {model}"),
            Self::RenameField { model, old, new } | Self::RenameKey { model, old, new } => {
                format!("Rename field {old} on {model} to {new}")
            }
            Self::AddIndex { model, index } => {
                let name = name(index);
                match index {
                    Expr::Call { args, .. } if !args.is_empty() => {
                        let expressions: Vec<String> = args.iter().map(expression).collect();
                        format!("Create index {name} on {} on model {model}", expressions.join(", "))
                    }
                    index => {
                        let fields = argument(index, "fields").map(texts).unwrap_or_default();
                        format!("Create index {name} on field(s) {} of model {model}", fields.join(", "))
                    }
                }
            }
            Self::RemoveIndex { model, index } => format!("Remove index {index} from {model}"),
            Self::RenameIndex { model, new, old } => format!("Rename index {old} on {model} to {new}"),
            Self::AddConstraint { model, constraint } => {
                format!("Create constraint {} on model {model}", name(constraint))
            }
            Self::RemoveConstraint { model, constraint } => {
                format!("Remove constraint {constraint} from model {model}")
            }
            Self::AlterConstraint { model, constraint } => {
                format!("Alter constraint {} on {model}", name(constraint))
            }
            Self::AlterUniqueTogether { model, together } => {
                format!("Alter unique_together for {model} ({} constraint(s))", together.len())
            }
            Self::StateOnly(_) => "Custom state/database change combination".to_owned(),
            Self::MoveModel { name, from } => format!("Move model {name} here from {from}"),
            Self::ChangeParent { name, parent, .. } => {
                let parent = parent.as_ref().map_or_else(|| "nothing".to_owned(), ModelKey::lower);
                format!("Make {name} a child of {parent}")
            }
            Self::Rows { model, step, .. } => format!("{} on {model}", step.class()),
            Self::Online(inner) => inner.describe(),
            Self::Leave(inner) => match &**inner {
                Self::AddField { .. } => format!("{}, which the database has", inner.describe()),
                _ => format!("{}, later in the database", inner.describe()),
            },
            Self::LimitLockWait => "Limit the wait for locks".to_owned(),
        }
    }
}

/// The texts of a list or tuple.
fn texts(items: &Expr) -> Vec<&str> {
    let (Expr::List(items) | Expr::Tuple(items)) = items else { return Vec::new() };
    let texts = items.iter().map(|item| if let Expr::Str(text) = item { text.as_str() } else { "" });
    texts.collect()
}

/// What `str()` of an expression gives; a text in it names a column.
fn expression(expr: &Expr) -> String {
    match expr {
        Expr::Str(column) => format!("F({column})"),
        Expr::Call { name: "F", args, .. } => match args.first() {
            Some(Expr::Str(column)) => format!("F({column})"),
            _ => "F()".to_owned(),
        },
        Expr::Call { name, args, kwargs, .. } => {
            let mut parts: Vec<String> = args.iter().map(expression).collect();
            let mut named: Vec<String> = kwargs.iter().map(|(key, value)| format!("{key}={}", plain(value))).collect();
            named.sort();
            if *name == "OrderBy" && named.is_empty() {
                named.push("descending=False".to_owned());
            }
            parts.extend(named);
            format!("{name}({})", parts.join(", "))
        }
        other => plain(other),
    }
}

fn plain(value: &Expr) -> String {
    match value {
        Expr::Str(text) | Expr::Int(text) => text.clone(),
        Expr::Bool(true) => "True".to_owned(),
        Expr::Bool(false) => "False".to_owned(),
        _ => "None".to_owned(),
    }
}
