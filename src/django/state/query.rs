//! What a state says about itself: questions that the planner asks, answered from the constructor calls.

use std::collections::BTreeSet;

use super::{FieldState, ModelState};
use crate::python::repr::{Imports, repr};
use crate::python::{Expr, Identifier};

/// What kind of class a model is to the planner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has a table that migrations keep.
    Table,
    /// It is another class for its parent's table.
    Proxy,
    /// Its table is somebody else's.
    Unmanaged,
}

impl ModelState {
    /// What kind of class it is.
    pub fn standing(&self) -> Standing {
        if self.option("managed") == Some(&Expr::Bool(false)) {
            Standing::Unmanaged
        } else if self.option("proxy") == Some(&Expr::Bool(true)) {
            Standing::Proxy
        } else {
            Standing::Table
        }
    }

    /// What `Meta` says about `key`.
    pub fn option(&self, key: &str) -> Option<&Expr> {
        self.options.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&FieldState> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Classes of fields that cannot hold the empty string (`Field.empty_strings_allowed`).
const WITHOUT_EMPTY_TEXT: &[&str] = &[
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "BooleanField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "DurationField",
    "FloatField",
    "ForeignKey",
    "GenericIPAddressField",
    "IntegerField",
    "JSONField",
    "OneToOneField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SmallAutoField",
    "SmallIntegerField",
    "TimeField",
    "UUIDField",
    "ArrayField",
];

impl FieldState {
    /// The class of the field: `CharField`.
    pub fn class(&self) -> &str {
        match &self.call {
            Expr::Call { name, .. } => name,
            // Asked for by its path, and Django's all the same.
            Expr::Construct { class, .. } if class.module() == "django.db.models" => class.name(),
            _ => "",
        }
    }

    /// The name of its column.
    pub fn column(&self) -> String {
        match self.argument("db_column") {
            Some(Expr::Str(name)) => name.clone(),
            _ if self.relation.is_some() => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// The keyword argument `key`.
    pub fn argument(&self, key: &str) -> Option<&Expr> {
        argument(&self.call, key)
    }

    /// The text that two definitions are compared by, with everything that Django compares.
    pub fn definition(&self) -> String {
        text(&self.call)
    }

    /// Whether it is many-to-many.
    pub fn is_many_to_many(&self) -> bool {
        self.relation.as_ref().is_some_and(|relation| relation.many_to_many)
    }

    fn is(&self, key: &str) -> bool {
        self.argument(key) == Some(&Expr::Bool(true))
    }

    /// Whether the column may be NULL.
    pub fn is_nullable(&self) -> bool {
        self.is("null")
    }

    /// Whether rows that say nothing get a value, from Django or from the database.
    pub fn has_default(&self) -> bool {
        self.argument("default").is_some() || self.argument("db_default").is_some()
    }

    /// Whether a row can do without a value for it: what decides if Django asks for one when the field is added.
    pub fn can_be_added(&self) -> bool {
        let is_date = matches!(self.class(), "DateField" | "DateTimeField" | "TimeField");
        self.is_nullable()
            || self.has_default()
            || self.is_many_to_many()
            || self.is_generated()
            || self.is("blank") && !WITHOUT_EMPTY_TEXT.contains(&self.class())
            || self.is("auto_now") && is_date
            || matches!(self.class(), "AutoField" | "BigAutoField" | "SmallAutoField" | "CompositePrimaryKey")
    }

    /// Whether it is a key of several other fields.
    pub fn is_composite(&self) -> bool {
        self.class() == "CompositePrimaryKey"
    }

    /// Whether its value is computed by the database.
    pub fn is_generated(&self) -> bool {
        self.class() == "GeneratedField"
    }

    /// The fields of its model that a generated column is computed from; empty for others.
    pub fn sources(&self) -> BTreeSet<String> {
        let mut sources = BTreeSet::new();
        let expression = self.argument("expression").filter(|_| self.is_generated());
        let mut open: Vec<(&Expr, bool)> = expression.into_iter().map(|expression| (expression, false)).collect();
        while let Some((expr, is_name)) = open.pop() {
            match expr {
                // A name, or a condition on it: `price__gte`.
                Expr::Str(text) if is_name => {
                    sources.insert(text.split("__").next().unwrap_or_default().to_owned());
                }
                Expr::Call { name: "Q", args, .. } => open.extend(args.iter().map(|arg| (arg, true))),
                Expr::Call { name: "Value", .. } => {}
                Expr::Call { args, kwargs, .. } => {
                    open.extend(args.iter().map(|arg| (arg, true)));
                    open.extend(kwargs.iter().map(|(_, arg)| (arg, false)));
                }
                Expr::Tuple(items) if is_name => {
                    open.extend(items.iter().enumerate().map(|(place, item)| (item, place == 0)));
                }
                Expr::List(items) | Expr::Tuple(items) => open.extend(items.iter().map(|item| (item, is_name))),
                _ => {}
            }
        }
        sources
    }
}

/// The keyword argument `key` of a call.
pub fn argument<'a>(call: &'a Expr, key: &str) -> Option<&'a Expr> {
    match call {
        Expr::Call { kwargs, .. } => kwargs.iter().find(|(known, _)| *known == key).map(|(_, value)| value),
        Expr::Construct { kwargs, .. } => {
            kwargs.iter().find(|(known, _)| known.as_str() == key).map(|(_, value)| value)
        }
        _ => None,
    }
}

/// Changes the keyword arguments of each array that a field is, holds or computes.
pub fn for_each_array(call: &mut Expr, mut change: impl FnMut(&mut Vec<(&'static str, Expr)>)) {
    let mut next = Some(call);
    while let Some(Expr::Call { name, kwargs, .. }) = next {
        if *name == "ArrayField" {
            change(kwargs);
        }
        let inner = kwargs.iter_mut().find(|(key, _)| matches!(*key, "base_field" | "output_field"));
        next = inner.map(|(_, inner)| inner);
    }
}

/// The name of an index or constraint; empty if it has none.
pub fn name(call: &Expr) -> &str {
    match argument(call, "name") {
        Some(Expr::Str(name)) => name,
        _ => "",
    }
}

/// The call without some of its keyword arguments.
#[must_use]
pub fn without(call: &Expr, keys: &[&str]) -> Expr {
    let mut call = call.clone();
    match &mut call {
        Expr::Call { kwargs, .. } => kwargs.retain(|(key, _)| !keys.contains(key)),
        Expr::Construct { kwargs, .. } => kwargs.retain(|(key, _)| !keys.contains(&key.as_str())),
        _ => {}
    }
    call
}

/// The call with another value of a keyword argument.
#[must_use]
pub fn with(call: &Expr, key: &'static str, value: Expr) -> Expr {
    let mut call = call.clone();
    set(&mut call, key, value);
    call
}

/// Gives a call another value of a keyword argument.
pub fn set(call: &mut Expr, key: &'static str, value: Expr) {
    match call {
        Expr::Call { kwargs, .. } => match kwargs.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => kwargs.push((key, value)),
        },
        Expr::Construct { kwargs, .. } => match kwargs.iter_mut().find(|(known, _)| known.as_str() == key) {
            Some((_, known)) => *known = value,
            None => kwargs.extend(Identifier::new(key).map(|key| (key, value))),
        },
        _ => {}
    }
}

/// The fields that an index or constraint names; maybe more, because texts among its values count too.
pub fn names(call: &Expr) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut open = vec![call];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Str(text) => {
                let text = text.trim_start_matches('-');
                names.insert(text.split("__").next().unwrap_or(text));
            }
            Expr::Call { args, kwargs, .. } => open.extend(args.iter().chain(kwargs.iter().map(|(_, value)| value))),
            Expr::List(items) | Expr::Tuple(items) => open.extend(items),
            Expr::Dict(pairs) => open.extend(pairs.iter().flat_map(|(key, value)| [key, value])),
            _ => {}
        }
    }
    names
}

/// What is compared: the value as a migration prints it.
pub fn text(expr: &Expr) -> String {
    repr(expr, &mut Imports::default())
}
