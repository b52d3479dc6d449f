//! Names.

use crate::decision::Reason;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::{Id, Map};

use super::table::{Column, Table};

/// The names around a table.
#[derive(Clone, Debug)]
pub struct TableNames {
    /// The class name.
    pub class: String,
    /// The name for people as drawn, in lower case.
    pub human: String,
    /// The table's name, if the default is too long or another one was asked for.
    pub db_table: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The names of a reference to rows of several tables.
#[derive(Clone, Debug)]
pub struct GenericNames {
    /// Its own.
    pub name: String,
    /// The way back from each table that it may lead to, to each model that has it.
    pub reverse: Vec<GenericReverse>,
}

/// A way back from one table to one model.
#[derive(Clone, Debug)]
pub struct GenericReverse {
    /// Where it starts.
    pub from: Id<Table>,
    /// The model that has the reference.
    pub holder: Id<Table>,
    /// Its name.
    pub name: String,
}

/// All names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of models.
    pub tables: Map<Table, TableNames>,
    /// Of enumerations: the class name and why.
    pub enumerations: Map<Classifier, (String, Option<Reason>)>,
    /// Of fields.
    pub columns: Map<Column, (String, Reason)>,
    /// Of ways back.
    pub reverse: Map<Column, (String, Reason)>,
    /// Of the properties that assemble embedded values, by table and attribute.
    pub embedded: Map<Table, Vec<(Id<Property>, String)>>,
    /// Of the methods that follow relations, in the order of the table's own list.
    pub methods: Map<Table, Vec<String>>,
    /// Of references to rows of several tables, in the order of the tables' list.
    pub generics: Vec<GenericNames>,
}
