//! Operations of migrations, read from the calls that make them.

use crate::django::operation::RowStep;
use crate::django::state::query::for_each_array;
use crate::django::state::{BaseState, FieldState, ModelState, Relation, State};
use crate::django::{ModelKey, Operation};
use crate::python::{Expr, intern};

/// Makes operations of calls.
pub(super) struct Reader<'a> {
    /// The state before the first migration.
    pub(super) state: &'a State,
    pub(super) app: &'a str,
}

/// The arguments of a call, by place or by name.
struct Arguments<'a> {
    args: &'a [Expr],
    kwargs: &'a [(&'static str, Expr)],
}

impl<'a> Arguments<'a> {
    fn get(&self, place: usize, key: &str) -> Option<&'a Expr> {
        self.args.get(place).or_else(|| self.kwargs.iter().find(|(known, _)| *known == key).map(|(_, value)| value))
    }

    fn text(&self, place: usize, key: &str) -> Result<String, String> {
        match self.get(place, key) {
            Some(Expr::Str(text)) => Ok(text.clone()),
            _ => Err(format!("the argument `{key}` is no text")),
        }
    }

    /// The name of a model in lower case.
    fn model(&self, key: &str) -> Result<String, String> {
        Ok(self.text(0, key)?.to_lowercase())
    }

    fn value(&self, place: usize, key: &str) -> Result<Expr, String> {
        self.get(place, key).cloned().ok_or_else(|| format!("the argument `{key}` is missing"))
    }

    fn items(&self, place: usize, key: &str) -> Result<&'a [Expr], String> {
        match self.get(place, key) {
            Some(Expr::List(items) | Expr::Tuple(items)) => Ok(items),
            None | Some(Expr::None) => Ok(&[]),
            // `set()`
            Some(Expr::Call { name: "set", args, .. }) if args.is_empty() => Ok(&[]),
            Some(_) => Err(format!("the argument `{key}` is no list")),
        }
    }
}

impl Reader<'_> {
    pub(super) fn operation(&self, call: &Expr, into: &mut Vec<Operation>) -> Result<(), String> {
        let Expr::Call { module, name, args, kwargs } = call else {
            return Err("an operation is no call".to_owned());
        };
        let of = Arguments { args, kwargs };
        if is_own(module) && *name == RowStep::ChangeRows.class() {
            let lists = ["old", "new"].into_iter().zip(1..);
            let arguments = lists.map(|(key, place)| Ok((key, Expr::List(of.items(place, key)?.to_vec()))));
            let arguments = arguments.collect::<Result<_, String>>()?;
            into.push(Operation::Rows { model: of.model("model_name")?, step: RowStep::ChangeRows, arguments });
            return Ok(());
        }
        if is_own(module) && RowStep::ALL.iter().any(|step| step.class() == *name) {
            return Ok(());
        }
        let operation = match (*module, *name) {
            (module, name) if is_own(module) => self.own(name, &of)?,
            ("django.db.migrations", "RunPython" | "RunSQL") => return Ok(()),
            ("django.db.migrations", "SeparateDatabaseAndState") => {
                let mut operations = Vec::new();
                for item in of.items(1, "state_operations")? {
                    // They cannot be nested deeper than values can.
                    self.operation(item, &mut operations)?;
                }
                into.push(Operation::StateOnly(operations));
                return Ok(());
            }
            // Extensions and collations of PostgreSQL change nothing in the models.
            ("django.contrib.postgres.operations", name)
                if name.ends_with("Extension") || name.ends_with("Collation") =>
            {
                return Ok(());
            }
            ("django.db.migrations" | "django.contrib.postgres.operations", name) => self.known(name, &of)?,
            (module, name) => return Err(format!("`{module}.{name}` is no operation of Django's")),
        };
        into.push(operation);
        Ok(())
    }

    /// An operation of the project's own that changes the models.
    fn own(&self, name: &str, of: &Arguments<'_>) -> Result<Operation, String> {
        if let Some((plain, _)) = Operation::ONLINE.iter().find(|(_, online)| *online == name) {
            return Ok(Operation::Online(Box::new(self.known(plain, of)?)));
        }
        if let Some((plain, _)) = Operation::LEAVE.iter().find(|(_, left)| *left == name) {
            return Ok(Operation::Leave(Box::new(self.known(plain, of)?)));
        }
        Ok(match name {
            Operation::LIMIT_LOCK_WAIT => Operation::LimitLockWait,
            Operation::RENAME_PARENT => {
                Operation::RenameParent { old: of.text(0, "old_name")?, new: of.text(1, "new_name")? }
            }
            Operation::RENAME_KEY => Operation::RenameKey {
                model: of.model("model_name")?,
                old: of.text(1, "old_name")?,
                new: of.text(2, "new_name")?,
            },
            Operation::MOVE_MODEL => Operation::MoveModel { name: of.text(0, "name")?, from: of.text(1, "from_app")? },
            Operation::CHANGE_PARENT => Operation::ChangeParent {
                name: of.text(0, "name")?,
                parent: match of.get(1, "parent") {
                    Some(Expr::Str(parent)) => {
                        let (app, name) = parent.split_once('.').unwrap_or((self.app, parent));
                        Some(ModelKey::new(app, name).lowered())
                    }
                    _ => None,
                },
                key: self.field(of.text(2, "key_name")?, of.value(3, "key")?)?,
            },
            other => return Err(format!("the operation `{other}` is not one that can be followed")),
        })
    }

    fn known(&self, name: &str, of: &Arguments<'_>) -> Result<Operation, String> {
        let preserve_default = of.get(3, "preserve_default") != Some(&Expr::Bool(false));
        Ok(match name {
            "CreateModel" => Operation::CreateModel(self.model(of)?),
            "DeleteModel" => Operation::DeleteModel { name: of.text(0, "name")? },
            "RenameModel" => Operation::RenameModel { old: of.text(0, "old_name")?, new: of.text(1, "new_name")? },
            "AlterModelOptions" => {
                Operation::AlterModelOptions { model: of.model("name")?, options: options(of.get(1, "options"))? }
            }
            "AlterModelManagers" => {
                Operation::AlterModelManagers { model: of.model("name")?, managers: named(of.items(1, "managers")?)? }
            }
            "AlterModelTable" => Operation::AlterModelTable {
                model: of.model("name")?,
                table: of.get(1, "table").filter(|table| **table != Expr::None).cloned(),
            },
            "AlterModelTableComment" => Operation::AlterModelTableComment {
                model: of.model("name")?,
                comment: of.get(1, "table_comment").filter(|comment| **comment != Expr::None).cloned(),
            },
            "AddField" => Operation::AddField {
                model: of.model("model_name")?,
                field: self.field(of.text(1, "name")?, of.value(2, "field")?)?,
                preserve_default,
            },
            "AlterField" => Operation::AlterField {
                model: of.model("model_name")?,
                field: self.field(of.text(1, "name")?, of.value(2, "field")?)?,
                preserve_default,
            },
            "RemoveField" => Operation::RemoveField { model: of.model("model_name")?, field: of.text(1, "name")? },
            "RenameField" => Operation::RenameField {
                model: of.model("model_name")?,
                old: of.text(1, "old_name")?,
                new: of.text(2, "new_name")?,
            },
            "AddIndex" | "AddIndexConcurrently" => {
                Operation::AddIndex { model: of.model("model_name")?, index: of.value(1, "index")? }
            }
            "RemoveIndex" | "RemoveIndexConcurrently" => {
                Operation::RemoveIndex { model: of.model("model_name")?, index: of.text(1, "name")? }
            }
            "RenameIndex" => Operation::RenameIndex {
                model: of.model("model_name")?,
                new: of.text(1, "new_name")?,
                old: of.text(2, "old_name")?,
            },
            "AddConstraint" | "AddConstraintNotValid" => {
                Operation::AddConstraint { model: of.model("model_name")?, constraint: of.value(1, "constraint")? }
            }
            "RemoveConstraint" => {
                Operation::RemoveConstraint { model: of.model("model_name")?, constraint: of.text(1, "name")? }
            }
            "AlterConstraint" => {
                Operation::AlterConstraint { model: of.model("model_name")?, constraint: of.value(2, "constraint")? }
            }
            "AlterUniqueTogether" => Operation::AlterUniqueTogether {
                model: of.model("name")?,
                together: of.items(1, "unique_together")?.iter().map(texts).collect::<Result<_, _>>()?,
            },
            other => return Err(format!("the operation `{other}` is not one that can be followed")),
        })
    }

    fn model(&self, of: &Arguments<'_>) -> Result<ModelState, String> {
        let name = of.text(0, "name")?;
        let fields = named(of.items(1, "fields")?)?;
        let bases = of.items(3, "bases")?.iter().map(|base| match base {
            Expr::Str(base) => {
                let (app, name) = base.split_once('.').unwrap_or((self.app, base));
                Ok(BaseState::Model(ModelKey::new(app, name).lowered()))
            }
            Expr::Ref { module: "django.db.models", name: "Model" } => Ok(BaseState::Django),
            _ => Err(format!("`{name}` has a base that is no model")),
        });
        let bases: Vec<BaseState> = bases.collect::<Result<_, _>>()?;
        let is_plain = bases == [BaseState::Django];
        Ok(ModelState {
            key: ModelKey::new(self.app, &name).lowered(),
            fields: fields
                .into_iter()
                .map(|(name, call)| self.field(name.to_owned(), call))
                .collect::<Result<_, _>>()?,
            options: options(of.get(2, "options"))?,
            indexes: Vec::new(),
            constraints: Vec::new(),
            bases: if is_plain { Vec::new() } else { bases },
            managers: named(of.items(4, "managers")?)?,
            name,
        })
    }

    /// The field, with what its call says about where it leads.
    fn field(&self, name: String, mut call: Expr) -> Result<FieldState, String> {
        // Some versions of Django write that an array has no size; all of them mean the same.
        for_each_array(&mut call, |kwargs| kwargs.retain(|(key, value)| (*key, value) != ("size", &Expr::None)));
        let field = FieldState { name, call, primary_key: false, relation: None };
        let is = |key: &str| field.argument(key) == Some(&Expr::Bool(true));
        let key = |value: &Expr| match value {
            Expr::Str(target) => {
                let (app, name) = target.split_once('.').unwrap_or((self.app, target));
                Some(ModelKey::new(app, name).lowered())
            }
            Expr::Ref { module: "django.conf", .. } => Some(self.state.user.clone()),
            _ => None,
        };
        let is_many = field.class() == "ManyToManyField";
        let is_relation = is_many || matches!(field.class(), "ForeignKey" | "OneToOneField");
        let target = field.argument("to").filter(|_| is_relation).and_then(key);
        let relation = target.map(|to| Relation {
            to,
            through: field.argument("through").and_then(key),
            through_fields: match field.argument("through_fields") {
                Some(Expr::Tuple(pair) | Expr::List(pair)) => match pair.as_slice() {
                    [Expr::Str(source), Expr::Str(target)] => Some((source.clone(), target.clone())),
                    _ => None,
                },
                _ => None,
            },
            many_to_many: is_many,
            parent_link: is("parent_link"),
        });
        if let Some(Expr::Ref { name: rule, .. }) = field.argument("on_delete")
            && rule.starts_with("DB_")
            && !self.state.django.has_database_deletes()
        {
            return Err(format!("Django {} has no `{rule}`", self.state.django.number()));
        }
        Ok(FieldState { primary_key: is("primary_key"), relation, ..field })
    }
}

/// Whether a module holds the operations of a project's own, in whichever app they stand.
fn is_own(module: &str) -> bool {
    module.ends_with(".operations") && !module.starts_with("django.")
}

/// Several names.
fn texts(value: &Expr) -> Result<Vec<String>, String> {
    let (Expr::Tuple(items) | Expr::List(items)) = value else { return Err("a list of names is missing".to_owned()) };
    let texts = items.iter().map(|item| match item {
        Expr::Str(text) => Ok(text.clone()),
        _ => Err("a name is missing".to_owned()),
    });
    texts.collect()
}

/// Pairs of a name and a value.
fn named(items: &[Expr]) -> Result<Vec<(&'static str, Expr)>, String> {
    let pairs = items.iter().map(|item| match item {
        Expr::Tuple(pair) => match pair.as_slice() {
            [Expr::Str(name), value] => Ok((intern(name), value.clone())),
            _ => Err("a pair of a name and a value is missing".to_owned()),
        },
        _ => Err("a pair of a name and a value is missing".to_owned()),
    });
    pairs.collect()
}

fn options(value: Option<&Expr>) -> Result<Vec<(&'static str, Expr)>, String> {
    let pairs = match value {
        Some(Expr::Dict(pairs)) => pairs.as_slice(),
        None | Some(Expr::None) => &[],
        Some(_) => return Err("the options are no dictionary".to_owned()),
    };
    let options = pairs.iter().map(|(key, value)| match key {
        Expr::Str(key) => Ok((intern(key), value.clone())),
        _ => Err("an option has no name".to_owned()),
    });
    options.collect()
}
