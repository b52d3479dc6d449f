//! Statements one after the other, and those that wait (`BaseDatabaseSchemaEditor`).

use std::collections::BTreeMap;

use super::Untold;
use super::catalog::{Catalog, Entry, Kind};
use super::column::{Call, Column};
use super::expression::{self, Fields};
use super::literal;
use super::name::{self, quoted};
use super::statement::{Form, Name, Statement};
use super::table::Through;
use crate::django::DjangoVersion;
use crate::django::state::ModelState;
use crate::python::Expr;

/// How long the project's own operations wait for a lock.
pub(super) const LOCK_TIMEOUT: &str = "5s";
/// How long a single statement waits before others go first, and it is tried again.
const PATIENCE: &str = "800ms";

/// Writes the statements of one migration.
pub(super) struct Editor<'a> {
    django: DjangoVersion,
    /// The database as it is before the migration: there Django looks for names.
    before: &'a Catalog,
    /// The database as it becomes.
    pub(super) now: &'a mut Catalog,
    lines: Vec<String>,
    /// Whether others go on writing.
    is_online: bool,
    pub(super) deferred: Vec<Statement>,
    /// New names of tables and those that they have in `before`.
    renamed: BTreeMap<String, String>,
}

impl<'a> Editor<'a> {
    pub(super) fn new(django: DjangoVersion, before: &'a Catalog, now: &'a mut Catalog) -> Self {
        let (lines, deferred, renamed) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { django, before, now, lines, is_online: false, deferred, renamed }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn comment(&mut self, text: &str) {
        self.lines.extend(["--".to_owned(), format!("-- {text}"), "--".to_owned()]);
    }

    pub(super) fn note(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    /// What is written, with the statements that waited.
    pub(super) fn finish(mut self) -> Vec<String> {
        for statement in std::mem::take(&mut self.deferred) {
            self.make(&statement);
        }
        self.lines
    }

    pub(super) fn execute(&mut self, sql: &str) {
        let end = if sql.trim_end().ends_with(';') { "" } else { ";" };
        if self.is_online {
            let limit = if sql.contains("CONCURRENTLY") { "0" } else { PATIENCE };
            self.lines.push(format!("SET lock_timeout = '{limit}';"));
        }
        self.lines.push(format!("{sql}{end}"));
    }

    /// From here on others go on writing.
    pub(super) fn begin_online(&mut self) {
        self.is_online = true;
    }

    /// Makes what waited, and ends it.
    pub(super) fn end_online(&mut self) {
        for statement in std::mem::take(&mut self.deferred) {
            self.make(&statement);
        }
        self.is_online = false;
        self.execute("RESET lock_timeout");
    }

    /// Makes an index or a constraint.
    pub(super) fn make(&mut self, statement: &Statement) {
        if self.is_online {
            for step in statement.steps() {
                self.execute(&step);
            }
        } else {
            self.execute(&statement.text());
        }
        self.now.add(&statement.table, statement.entry());
    }

    /// What Django finds in the database on these columns alone.
    pub(super) fn names(&self, table: &str, columns: Option<&[&str]>, kinds: &[Kind]) -> Vec<String> {
        let table = self.renamed.get(table).map_or(table, String::as_str);
        self.before.names(table, columns, kinds)
    }

    /// A new table with these columns; `constraints` of the model become part of it.
    pub(super) fn create_table(
        &mut self,
        model: Option<&ModelState>,
        table: &str,
        columns: &[Column],
    ) -> Result<(), Untold> {
        let (mut parts, mut has_values) = (Vec::new(), false);
        let mut waiting = Vec::new();
        for column in columns {
            let (mut definition, values) = column.definition(false);
            has_values |= values;
            if let Some(check) = column.check() {
                definition += &format!(" CHECK ({check})");
            }
            if let Some(suffix) = column.suffix() {
                definition += &format!(" {suffix}");
            }
            waiting.extend(foreign_key(table, column));
            parts.push(format!("{} {definition}", quoted(&column.name)));
            self.columns_own(table, column);
        }
        let none = Vec::new();
        for constraint in model.map_or(&none, |model| &model.constraints) {
            let Some(model) = model else { break };
            let statement = constraint_statement(model, table, constraint)?;
            match &statement.form {
                // With values in the definition, constraints are written apart.
                _ if has_values => waiting.push(statement),
                Form::Unique => {
                    let columns: Vec<String> = statement.columns.iter().map(|it| quoted(it)).collect();
                    parts.push(format!("CONSTRAINT {} UNIQUE ({})", quoted(&statement.name()), columns.join(", ")));
                    self.now.add(table, statement.entry());
                }
                Form::Constraint { text, .. } => {
                    parts.push(text.clone());
                    self.now.add(table, statement.entry());
                }
                _ => waiting.push(statement),
            }
        }
        if let Some(key) = model.and_then(|model| composite_key(model, columns)) {
            let names: Vec<String> = key.iter().map(|column| quoted(column)).collect();
            parts.push(format!("PRIMARY KEY ({})", names.join(", ")));
            self.now.add(table, Entry { name: format!("{table}_pkey"), kind: Kind::Primary, columns: key });
        }
        self.execute(&format!("CREATE TABLE {} ({})", quoted(table), parts.join(", ")));
        self.deferred.extend(waiting);
        if let Some(model) = model {
            if let Some(Expr::Str(comment)) = model.option("db_table_comment") {
                self.table_comment(table, comment);
            }
        }
        for column in columns {
            if let Some(comment) = &column.comment {
                self.column_comment(table, column, comment);
            }
        }
        for column in columns {
            self.deferred.extend(indexes(table, column));
        }
        for index in model.map_or(&none, |model| &model.indexes) {
            let Some(model) = model else { break };
            self.deferred.push(index_statement(model, table, index)?);
        }
        Ok(())
    }

    /// The table of a many-to-many relation.
    pub(super) fn create_through(&mut self, through: &Through) -> Result<(), Untold> {
        let [_, from, to] = &through.columns;
        let mut unique = Statement::new(Form::Unique, &through.table, &[&from.name, &to.name]);
        unique.name = Name::Made("_uniq");
        self.deferred.push(unique);
        self.create_table(None, &through.table, &through.columns)
    }

    /// What PostgreSQL itself makes for a column.
    pub(super) fn columns_own(&mut self, table: &str, column: &Column) {
        let columns = vec![column.name.clone()];
        if column.primary_key {
            self.now.add(table, Entry { name: format!("{table}_pkey"), kind: Kind::Primary, columns });
        } else if column.unique {
            let name = made_by_postgres(table, &column.name, "key");
            self.now.add(table, Entry { name, kind: Kind::Unique, columns });
        }
        if column.is_positive() {
            let name = made_by_postgres(table, &column.name, "check");
            self.now.add(table, Entry { name, kind: Kind::Check, columns: vec![column.name.clone()] });
        }
    }

    pub(super) fn drop_table(&mut self, table: &str) {
        self.execute(&format!("DROP TABLE {} CASCADE", quoted(table)));
        self.now.drop_table(table);
        self.deferred.retain(|statement| !statement.is_about_table(table));
    }

    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        if old == new {
            return;
        }
        self.execute(&format!("ALTER TABLE {} RENAME TO {}", quoted(old), quoted(new)));
        let there = self.renamed.remove(old).unwrap_or_else(|| old.to_owned());
        self.renamed.insert(new.to_owned(), there);
        self.now.rename_table(old, new);
        for statement in &mut self.deferred {
            statement.rename_table(old, new);
        }
    }

    pub(super) fn add_column(&mut self, table: &str, column: &Column) -> Result<(), Untold> {
        if column.db_default.is_none() {
            column.is_told()?;
        }
        let (mut definition, _) = column.definition(true);
        if let Some(suffix) = column.suffix() {
            definition += &format!(" {suffix}");
        }
        if let Some(check) = column.check() {
            definition += &format!(" CHECK ({check})");
        }
        self.columns_own(table, column);
        if let Some(key) = foreign_key(table, column)
            && let Form::ForeignKey { table: to, column: to_column, on_delete } = &key.form
        {
            let name = quoted(&key.name());
            definition += &format!(
                " CONSTRAINT {name} REFERENCES {}({}){on_delete} DEFERRABLE INITIALLY DEFERRED; \
                 SET CONSTRAINTS {name} IMMEDIATE",
                quoted(to),
                quoted(to_column)
            );
            self.now.add(table, key.entry());
        }
        self.execute(&format!("ALTER TABLE {} ADD COLUMN {} {definition}", quoted(table), quoted(&column.name)));
        if column.db_default.is_none() && column.default.is_some() {
            self.execute(&format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", quoted(table), quoted(&column.name)));
        }
        if let Some(comment) = &column.comment {
            self.column_comment(table, column, comment);
        }
        self.deferred.extend(indexes(table, column));
        Ok(())
    }

    /// Drops a column by its name: what a key leads to may be gone already.
    pub(super) fn drop_column(&mut self, table: &str, column: &str, is_key: bool) {
        if is_key {
            for name in self.names(table, Some(&[column]), &[Kind::ForeignKey]) {
                self.drop_foreign_key(table, &name);
            }
        }
        let cascade = if self.django.drops_columns_in_cascade() { " CASCADE" } else { "" };
        self.execute(&format!("ALTER TABLE {} DROP COLUMN {}{cascade}", quoted(table), quoted(column)));
        self.now.drop_column(table, column);
        self.deferred.retain(|statement| !statement.is_about_column(table, column));
    }

    pub(super) fn drop_foreign_key(&mut self, table: &str, constraint: &str) {
        let name = quoted(constraint);
        let table_name = quoted(table);
        self.execute(&format!("SET CONSTRAINTS {name} IMMEDIATE; ALTER TABLE {table_name} DROP CONSTRAINT {name}"));
        self.now.remove(table, constraint);
    }

    pub(super) fn drop_constraint(&mut self, table: &str, constraint: &str) {
        self.execute(&format!("ALTER TABLE {} DROP CONSTRAINT {}", quoted(table), quoted(constraint)));
        self.now.remove(table, constraint);
    }

    pub(super) fn drop_index(&mut self, table: &str, index: &str) {
        self.deferred.retain(|statement| !(statement.table == table && statement.name() == index));
        self.execute(&format!("DROP INDEX IF EXISTS {}", quoted(index)));
        self.now.remove(table, index);
    }

    pub(super) fn table_comment(&mut self, table: &str, comment: &str) {
        self.execute(&format!("COMMENT ON TABLE {} IS {}", quoted(table), literal::text(comment)));
    }

    pub(super) fn column_comment(&mut self, table: &str, column: &Column, comment: &str) {
        let (table, column) = (quoted(table), quoted(&column.name));
        self.execute(&format!("COMMENT ON COLUMN {table}.{column} IS {}", literal::text(comment)));
    }
}

/// `table_column_key`, cut as PostgreSQL cuts it (`makeObjectName`).
fn made_by_postgres(table: &str, column: &str, label: &str) -> String {
    let room = name::LONGEST - label.len() - 2;
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let cut = |text: &str, mut length: usize| {
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        text[..length].to_owned()
    };
    format!("{}_{}_{label}", cut(table, first), cut(column, second))
}

/// The constraint of a key.
pub(super) fn foreign_key(table: &str, column: &Column) -> Option<Statement> {
    let key = column.target.as_ref().filter(|key| key.is_checked)?;
    let (to, on_delete) = (&key.to, key.on_delete);
    let form = Form::ForeignKey { table: to.table.clone(), column: to.column.clone(), on_delete };
    Some(Statement::new(form, table, &[&column.name]))
}

/// The indexes that a column has by itself.
pub(super) fn indexes(table: &str, column: &Column) -> Vec<Statement> {
    let plain = (column.db_index && !column.unique).then(|| Statement::new(Form::Index, table, &[&column.name]));
    plain.into_iter().chain(like_index(table, column)).collect()
}

/// The index that finds the beginnings of texts.
pub(super) fn like_index(table: &str, column: &Column) -> Option<Statement> {
    if !(column.db_index || column.unique) || column.ty.contains('[') {
        return None;
    }
    let class = ["varchar", "text"].into_iter().find(|class| column.ty.starts_with(class))?;
    let mut index = Statement::new(Form::Index, table, &[&column.name]);
    index.name = Name::Made("_like");
    index.tails = vec![format!(" {class}_pattern_ops")];
    Some(index)
}

/// The texts of a list or tuple.
fn texts(value: Option<&Expr>) -> Vec<&str> {
    let Some(Expr::List(items) | Expr::Tuple(items)) = value else { return Vec::new() };
    items.iter().filter_map(|item| if let Expr::Str(text) = item { Some(text.as_str()) } else { None }).collect()
}

fn unquoted(column: &str) -> String {
    column.trim_matches('"').to_owned()
}

/// An index as it is declared.
pub(super) fn index_statement(model: &ModelState, table: &str, index: &Expr) -> Result<Statement, Untold> {
    let fields = Fields { model };
    let call = Call::of(index).ok_or_else(|| Untold("an index".to_owned()))?;
    let mut statement = Statement::new(Form::Index, table, &[]);
    let method = match (call.module.as_str(), call.name.as_str()) {
        ("django.db.models", "Index") => "",
        ("django.contrib.postgres.indexes", "GinIndex") => "gin",
        ("django.contrib.postgres.indexes", "BrinIndex") => "brin",
        ("django.contrib.postgres.indexes", "GistIndex") => "gist",
        ("django.contrib.postgres.indexes", "HashIndex") => "hash",
        // Our own: on PostgreSQL it is an index on the pieces of the text in capitals.
        (module, "TrigramIndex") if module.ends_with(".indexes") => "gin",
        (module, name) => return Err(Untold(format!("the index class `{module}.{name}`"))),
    };
    let is_trigram = call.name == "TrigramIndex";
    if !method.is_empty() {
        statement.using = format!(" USING {method}");
    }
    statement.name = given_name(&call);
    statement.condition = condition(&fields, &call)?;
    for name in texts(call.get("include")) {
        statement.include.push(unquoted(&fields.column(name)?));
    }
    let Expr::Call { args, .. } = index else { return Err(Untold("an index".to_owned())) };
    let names = texts(call.get("fields"));
    if is_trigram {
        let each: Result<Vec<String>, Untold> =
            names.iter().map(|name| Ok(format!("(UPPER({})) gin_trgm_ops", fields.column(name)?))).collect();
        statement.listed = Some(each?.join(", "));
    } else if args.is_empty() {
        let classes = texts(call.get("opclasses"));
        for (at, name) in names.iter().enumerate() {
            let plain = name.trim_start_matches('-');
            statement.columns.push(unquoted(&fields.column(plain)?));
            let class = classes.get(at).map_or(String::new(), |class| format!(" {class}"));
            let down = if plain.len() == name.len() { "" } else { " DESC" };
            statement.tails.push(class + down);
        }
    } else {
        let each: Result<Vec<String>, Untold> = args.iter().map(|arg| expression::indexed(&fields, arg)).collect();
        statement.listed = Some(each?.join(", "));
        statement.columns = mentioned(&fields, args);
    }
    Ok(statement)
}

/// The columns that expressions are about.
fn mentioned(fields: &Fields<'_>, args: &[Expr]) -> Vec<String> {
    let names = args.iter().flat_map(crate::django::state::query::names);
    names.filter_map(|name| fields.column(name).ok()).map(|column| unquoted(&column)).collect()
}

fn given_name(call: &Call<'_>) -> Name {
    match call.get("name") {
        Some(Expr::Str(name)) => Name::Given(name.clone()),
        _ => Name::Made(""),
    }
}

fn condition(fields: &Fields<'_>, call: &Call<'_>) -> Result<String, Untold> {
    match call.get("condition") {
        None | Some(Expr::None) => Ok(String::new()),
        Some(q) => Ok(format!(" WHERE {}", expression::condition(fields, q)?)),
    }
}

/// A constraint as it is declared.
pub(super) fn constraint_statement(model: &ModelState, table: &str, constraint: &Expr) -> Result<Statement, Untold> {
    let fields = Fields { model };
    let call = Call::of(constraint).ok_or_else(|| Untold("a constraint".to_owned()))?;
    let Expr::Call { args, .. } = constraint else { return Err(Untold("a constraint".to_owned())) };
    let given = given_name(&call);
    let Name::Given(name) = &given else { return Err(Untold("a constraint without a name".to_owned())) };
    let whole = |text: String, kind| {
        let text = format!("CONSTRAINT {} {text}", quoted(name));
        let mut statement = Statement::new(Form::Constraint { text, kind }, table, &[]);
        statement.name = given.clone();
        statement
    };
    match call.name.as_str() {
        "CheckConstraint" => {
            let q = call.get("condition").ok_or_else(|| Untold(format!("the constraint `{name}`")))?;
            Ok(whole(format!("CHECK ({})", expression::condition(&fields, q)?), Kind::Check))
        }
        "UniqueConstraint" => {
            let known = ["name", "fields", "condition", "include", "violation_error_message", "violation_error_code"];
            if call.is_more_than(&known) {
                return Err(Untold(format!("the constraint `{name}`")));
            }
            let condition = condition(&fields, &call)?;
            let include = texts(call.get("include"));
            let is_index = !condition.is_empty() || !args.is_empty() || !include.is_empty();
            let form = if is_index { Form::UniqueIndex } else { Form::Unique };
            let mut statement = Statement::new(form, table, &[]);
            statement.name = given;
            statement.condition = condition;
            for name in include {
                statement.include.push(unquoted(&fields.column(name)?));
            }
            for name in texts(call.get("fields")) {
                statement.columns.push(unquoted(&fields.column(name)?));
            }
            if !args.is_empty() {
                let each: Result<Vec<String>, Untold> =
                    args.iter().map(|arg| expression::indexed(&fields, arg)).collect();
                statement.listed = Some(each?.join(", "));
                statement.columns = mentioned(&fields, args);
            }
            Ok(statement)
        }
        "ExclusionConstraint" => {
            if call.is_more_than(&["name", "expressions", "violation_error_message", "violation_error_code"]) {
                return Err(Untold(format!("the constraint `{name}`")));
            }
            let Some(Expr::List(pairs) | Expr::Tuple(pairs)) = call.get("expressions") else {
                return Err(Untold(format!("the constraint `{name}`")));
            };
            let mut parts = Vec::new();
            for pair in pairs {
                match pair {
                    Expr::Tuple(pair) => match pair.as_slice() {
                        [value, Expr::Str(operator)] => {
                            parts.push(format!("{} WITH {operator}", expression::indexed(&fields, value)?));
                        }
                        _ => return Err(Untold(format!("the constraint `{name}`"))),
                    },
                    _ => return Err(Untold(format!("the constraint `{name}`"))),
                }
            }
            Ok(whole(format!("EXCLUDE USING GIST ({})", parts.join(", ")), Kind::Check))
        }
        other => Err(Untold(format!("the constraint class `{other}`"))),
    }
}

/// The columns of a key of several.
fn composite_key(model: &ModelState, columns: &[Column]) -> Option<Vec<String>> {
    let key = model.fields.iter().find(|field| field.is_composite())?;
    let Expr::Call { args, .. } = &key.call else { return None };
    let column = |arg: &Expr| match arg {
        Expr::Str(name) => columns.iter().find(|column| column.field == *name).map(|column| column.name.clone()),
        _ => None,
    };
    args.iter().map(column).collect()
}
