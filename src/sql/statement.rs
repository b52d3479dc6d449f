//! Statements that wait for the end of a migration, and follow what is renamed meanwhile
//! (`django.db.backends.ddl_references`).

use super::catalog::{Entry, Kind};
use super::name::{self, quoted};

/// A statement that makes an index or a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) form: Form,
    pub(super) table: String,
    pub(super) name: Name,
    /// The columns that it is about.
    pub(super) columns: Vec<String>,
    /// What stands in the parentheses, if not just the columns.
    pub(super) listed: Option<String>,
    /// What stands after each column: ` varchar_pattern_ops`, ` DESC`.
    pub(super) tails: Vec<String>,
    /// Columns that an index keeps besides.
    pub(super) include: Vec<String>,
    /// ` USING gin`
    pub(super) using: String,
    /// ` WHERE ..`
    pub(super) condition: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Index,
    UniqueIndex,
    Unique,
    ForeignKey {
        table: String,
        column: String,
        /// ` ON DELETE CASCADE`
        on_delete: &'static str,
    },
    /// `ADD CONSTRAINT ..` as a whole.
    Constraint {
        text: String,
        kind: Kind,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Given(String),
    /// Made of table and columns, with this at its end.
    Made(&'static str),
    /// The same with the target at its end.
    ForeignKey,
}

impl Statement {
    /// A statement about columns, with a name that is made of them.
    pub(super) fn new(form: Form, table: &str, columns: &[&str]) -> Self {
        Self {
            name: if matches!(form, Form::ForeignKey { .. }) { Name::ForeignKey } else { Name::Made("") },
            form,
            table: table.to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            listed: None,
            tails: Vec::new(),
            include: Vec::new(),
            using: String::new(),
            condition: String::new(),
        }
    }

    pub(super) fn name(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        match (&self.name, &self.form) {
            (Name::Given(name), _) => name.clone(),
            (Name::Made(suffix), _) => name::index(&self.table, &columns, suffix),
            (Name::ForeignKey, Form::ForeignKey { table, column, .. }) => {
                name::index(&self.table, &columns, &format!("_fk_{table}_{column}"))
            }
            (Name::ForeignKey, _) => name::index(&self.table, &columns, "_fk"),
        }
    }

    pub(super) fn text(&self) -> String {
        let (table, name) = (quoted(&self.table), quoted(&self.name()));
        let columns = self.listed.clone().unwrap_or_else(|| {
            let columns = self.columns.iter().enumerate();
            let each = columns.map(|(at, column)| quoted(column) + self.tails.get(at).map_or("", String::as_str));
            each.collect::<Vec<_>>().join(", ")
        });
        let include = if self.include.is_empty() {
            String::new()
        } else {
            format!(" INCLUDE ({})", self.include.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", "))
        };
        let (using, condition) = (&self.using, &self.condition);
        match &self.form {
            Form::Index => format!("CREATE INDEX {name} ON {table}{using} ({columns}){include}{condition}"),
            Form::UniqueIndex => format!("CREATE UNIQUE INDEX {name} ON {table} ({columns}){include}{condition}"),
            Form::Unique => format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})"),
            Form::ForeignKey { table: to, column, on_delete } => format!(
                "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {} ({}){on_delete} \
                 DEFERRABLE INITIALLY DEFERRED",
                quoted(to),
                quoted(column)
            ),
            Form::Constraint { text, .. } => format!("ALTER TABLE {table} ADD {text}"),
        }
    }

    /// Statements that do the same while others write; what was interrupted is taken away first.
    pub(super) fn steps(&self) -> Vec<String> {
        let (table, name) = (quoted(&self.table), quoted(&self.name()));
        let text = self.text();
        let drop_index = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
        let drop_constraint = format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}");
        match &self.form {
            Form::Index | Form::UniqueIndex => vec![drop_index, text.replacen("INDEX", "INDEX CONCURRENTLY", 1)],
            Form::Unique => {
                let columns: Vec<String> = self.columns.iter().map(|column| quoted(column)).collect();
                vec![
                    drop_constraint,
                    drop_index,
                    format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({})", columns.join(", ")),
                    format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"),
                ]
            }
            Form::ForeignKey { .. } => vec![
                drop_constraint,
                format!("{text} NOT VALID"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
            ],
            Form::Constraint { text: rule, .. } if rule.contains(" CHECK (") && !rule.contains(" EXCLUDE ") => vec![
                drop_constraint,
                format!("{text} NOT VALID"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
            ],
            Form::Constraint { .. } => vec![text],
        }
    }

    /// What the database knows afterwards.
    pub(super) fn entry(&self) -> Entry {
        let kind = match &self.form {
            Form::Index if self.using.is_empty() => Kind::Index,
            Form::Index => Kind::SpecialIndex,
            Form::UniqueIndex => Kind::UniqueIndex,
            Form::Unique => Kind::Unique,
            Form::ForeignKey { .. } => Kind::ForeignKey,
            Form::Constraint { kind, .. } => *kind,
        };
        let columns = if self.listed.is_some() { Vec::new() } else { self.columns.clone() };
        Entry { name: self.name(), kind, columns }
    }

    pub(super) fn is_about_table(&self, table: &str) -> bool {
        self.table == table || matches!(&self.form, Form::ForeignKey { table: to, .. } if to == table)
    }

    pub(super) fn is_about_column(&self, table: &str, column: &str) -> bool {
        let own = self.columns.iter().chain(&self.include).any(|it| it == column);
        self.table == table && own
            || matches!(&self.form, Form::ForeignKey { table: to, column: key, .. } if to == table && key == column)
    }

    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        if self.table == old {
            new.clone_into(&mut self.table);
        }
        if let Form::ForeignKey { table, .. } = &mut self.form
            && table == old
        {
            new.clone_into(table);
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, old: &str, new: &str) {
        if self.table == table {
            for column in self.columns.iter_mut().chain(&mut self.include).filter(|column| *column == old) {
                new.clone_into(column);
            }
        }
        if let Form::ForeignKey { table: to, column, .. } = &mut self.form
            && to == table
            && column == old
        {
            new.clone_into(column);
        }
    }
}
