//! The state of a project's models, as Django's migrations see it: abstract models are gone, their fields stand where they
//! are inherited, and nothing is left of methods.

pub mod apply;
mod inherit;
pub mod left;
pub mod query;
pub mod rows;
mod user;

use std::collections::BTreeMap;

use super::deconstruct;
use super::project::{ModelKey, Project};
use super::version::DjangoVersion;
use crate::python::Expr;
use left::Left;

/// All models with a table.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The Django that finds what has changed.
    pub django: DjangoVersion,
    /// The model that signs in, in lower case.
    pub user: ModelKey,
    /// The models by their key in lower case.
    pub models: BTreeMap<ModelKey, ModelState>,
    /// What the database keeps for servers with older models.
    pub left: Vec<Left>,
    /// Rows that every database has, by their models.
    pub rows: BTreeMap<ModelKey, Rows>,
}

/// Rows by their keys, as Python writes them.
pub type Rows = BTreeMap<String, Row>;

/// The fields of a row with their values; the key comes first.
pub type Row = Vec<(String, Expr)>;

impl State {
    /// The state that the models of `project` describe.
    pub fn of(project: &Project) -> Self {
        let (models, rows) = (inherit::models(project), rows::of(project));
        Self { models, rows, ..Self::before(project.django, &project.user) }
    }

    /// The state before the first migration.
    pub fn before(django: DjangoVersion, user: &ModelKey) -> Self {
        Self { django, user: user.lowered(), models: BTreeMap::new(), left: Vec::new(), rows: BTreeMap::new() }
    }
}

/// A model, with everything that Django writes about it in a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelState {
    /// Its key in lower case.
    pub key: ModelKey,
    /// The class name as declared.
    pub name: String,
    /// Fields: automatic ones, then columns, then many-to-many relations.
    pub fields: Vec<FieldState>,
    /// What `Meta` says, in Django's order; indexes and constraints only once they were folded in.
    pub options: Vec<(&'static str, Expr)>,
    /// `models.Index(..)`
    pub indexes: Vec<Expr>,
    /// `models.UniqueConstraint(..)`
    pub constraints: Vec<Expr>,
    /// What it inherits from; empty means `models.Model` alone.
    pub bases: Vec<BaseState>,
    /// Managers that migrations can use.
    pub managers: Vec<(&'static str, Expr)>,
}

/// A base of a model in a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseState {
    /// A concrete model, by its key in lower case.
    Model(ModelKey),
    /// `models.Model`
    Django,
}

/// A field as it is constructed in a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldState {
    /// Its name.
    pub name: String,
    /// `models.CharField(max_length=80)`
    pub call: Expr,
    /// Whether it is the primary key.
    pub primary_key: bool,
    /// Where it leads, if it is a relation.
    pub relation: Option<Relation>,
}

impl FieldState {
    /// The key that Django gives a model that has none: `id`.
    pub fn automatic_key() -> Self {
        let kwargs = vec![
            ("auto_created", Expr::Bool(true)),
            ("primary_key", Expr::Bool(true)),
            ("serialize", Expr::Bool(false)),
            ("verbose_name", Expr::str("ID")),
        ];
        let call = deconstruct::django_models("BigAutoField", kwargs);
        Self { name: "id".to_owned(), call, primary_key: true, relation: None }
    }

    /// A key of these fields together: `pk`.
    pub fn composite_key(fields: &[String]) -> Self {
        let kwargs = [("blank", true), ("editable", false), ("primary_key", true), ("serialize", false)];
        let call = Expr::Call {
            module: "django.db.models",
            name: "CompositePrimaryKey",
            args: fields.iter().map(Expr::str).collect(),
            kwargs: kwargs.into_iter().map(|(key, value)| (key, Expr::Bool(value))).collect(),
        };
        Self { name: "pk".to_owned(), call, primary_key: true, relation: None }
    }
}

/// Where a relation leads. Keys are in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The target.
    pub to: ModelKey,
    /// The explicit through model.
    pub through: Option<ModelKey>,
    /// The keys of the through model that it goes through, if they were named.
    pub through_fields: Option<(String, String)>,
    /// Whether it is many-to-many.
    pub many_to_many: bool,
    /// Whether it leads to the parent's row of a multi-table child.
    pub parent_link: bool,
}

#[cfg(test)]
mod tests;
