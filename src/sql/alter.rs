//! A column that becomes another one (`BaseDatabaseSchemaEditor._alter_field`, and what PostgreSQL adds to it).

use super::Untold;
use super::catalog::{Entry, Kind};
use super::column::Column;
use super::editor::{Editor, foreign_key, like_index};
use super::name::{self, quoted};
use super::statement::{Form, Name, Statement};

/// What has to be known besides the column.
pub(super) struct Alteration<'a> {
    /// The table; all renames of it are done.
    pub(super) table: &'a str,
    pub(super) old: &'a Column,
    pub(super) new: &'a Column,
    /// Names of the constraints and indexes that the model declares.
    pub(super) declared: &'a [&'a str],
    /// Columns whose keys lead here, as they were and become, with their tables.
    pub(super) incoming: &'a [(String, Column, Column)],
}

/// Whether anything of it matters to the database (`_field_should_be_altered`).
fn should_be_altered(old: &Column, new: &Column, with_comment: bool) -> bool {
    if old.name != new.name {
        return true;
    }
    let target = |column: &Column| column.target.as_ref().map(|key| (key.to.table.clone(), key.to.model.clone()));
    let leads_elsewhere = match (target(old), target(new)) {
        (Some((old_table, _)), Some((new_table, _))) if old_table == new_table => false,
        (old, new) => old != new,
    };
    let is_default = old.db_default.as_ref().map(|it| &it.sql) != new.db_default.as_ref().map(|it| &it.sql);
    let comment = with_comment && old.comment != new.comment;
    let without_comment = |column: &Column| match &column.comment {
        Some(_) => column.essence.split(", ").filter(|it| !it.contains("db_comment=")).collect::<Vec<_>>().join(", "),
        None => column.essence.clone(),
    };
    comment || is_default || leads_elsewhere || without_comment(old) != without_comment(new)
}

impl Alteration<'_> {
    /// Writes what is to be done.
    pub(super) fn run(&self, editor: &mut Editor<'_>) -> Result<(), Untold> {
        let (table, old, new) = (self.table, self.old, self.new);
        if !should_be_altered(old, new, true) {
            return Ok(());
        }
        if old.generated.is_some() || new.generated.is_some() {
            let same = old.generated == new.generated && old.ty == new.ty && old.name == new.name;
            return if same { Ok(()) } else { Err(Untold("a computed column cannot be altered".to_owned())) };
        }
        if old.null && !new.null && new.db_default.is_none() {
            old.is_told()?;
            new.is_told()?;
        }
        let is_dropped = self.drop_own_key(editor);
        if old.unique && (!new.unique || became_key(old, new)) {
            for name in editor.names(table, Some(&[&old.name]), &[Kind::Unique, Kind::UniqueIndex]) {
                if !self.declared.contains(&name.as_str()) {
                    editor.drop_constraint(table, &name);
                }
            }
        }
        let drops_incoming = (old.primary_key && new.primary_key || old.unique && new.unique) && old.ty != new.ty;
        if drops_incoming {
            for (table, was, now) in self.incoming {
                let _ = was;
                for name in editor.names(table, Some(&[&now.name]), &[Kind::ForeignKey]) {
                    editor.drop_foreign_key(table, &name);
                }
            }
        }
        if old.db_index && !old.unique && (!new.db_index || new.unique) {
            for name in editor.names(table, Some(&[&old.name]), &[Kind::Index]) {
                if !self.declared.contains(&name.as_str()) {
                    editor.drop_index(table, &name);
                }
            }
        }
        let check_changes = old.is_positive() != new.is_positive();
        if check_changes && old.is_positive() {
            for name in editor.names(table, Some(&[&old.name]), &[Kind::Check]) {
                if !self.declared.contains(&name.as_str()) {
                    editor.drop_constraint(table, &name);
                }
            }
        }
        if old.name != new.name {
            rename(editor, table, &old.name, &new.name);
        }
        self.alter_column(editor);
        if old.primary_key && !new.primary_key {
            for name in editor.names(table, None, &[Kind::Primary]) {
                editor.drop_constraint(table, &name);
            }
        }
        if !new.primary_key && new.unique && (!old.unique || old.primary_key) {
            let mut unique = Statement::new(Form::Unique, table, &[&new.name]);
            unique.name = Name::Made("_uniq");
            editor.make(&unique);
        }
        if (!old.db_index || old.unique) && new.db_index && !new.unique {
            editor.make(&Statement::new(Form::Index, table, &[&new.name]));
        }
        if became_key(old, new) {
            let name = name::index(table, &[&new.name], "_pk");
            let column = quoted(&new.name);
            editor.execute(&format!(
                "ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({column})",
                quoted(table),
                quoted(&name)
            ));
            editor.now.add(table, Entry { name, kind: Kind::Primary, columns: vec![new.name.clone()] });
        }
        if drops_incoming || became_key(old, new) {
            for (table, was, now) in self.incoming {
                let cast = cast(was, now);
                let column = quoted(&now.name);
                editor.execute(&format!("ALTER TABLE {} ALTER COLUMN {column} TYPE {}{cast}", quoted(table), now.ty));
            }
        }
        if is_dropped || old.target.as_ref().is_none_or(|key| !key.is_checked) {
            if let Some(key) = foreign_key(table, new) {
                editor.make(&key);
            }
        }
        if drops_incoming {
            for (table, _, now) in self.incoming {
                if let Some(mut key) = foreign_key(table, now) {
                    key.name = Name::Made("_fk");
                    editor.make(&key);
                }
            }
        }
        if check_changes && new.is_positive() {
            let name = name::index(table, &[&new.name], "_check");
            let check = new.check().unwrap_or_default();
            editor.execute(&format!("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({check})", quoted(table), quoted(&name)));
            editor.now.add(table, Entry { name, kind: Kind::Check, columns: vec![new.name.clone()] });
        }
        if self.fills_in() {
            editor.execute(&format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", quoted(table), quoted(&new.name)));
        }
        let is_indexed = |column: &Column| column.db_index || column.unique;
        if !is_indexed(old) && new.db_index || !old.unique && new.unique || self.leaves_text() {
            if let Some(index) = like_index(table, new) {
                editor.make(&index);
            }
        }
        if old.unique && !is_indexed(new) {
            editor.drop_index(table, &name::index(table, &[&old.name], "_like"));
        }
        Ok(())
    }

    fn drop_own_key(&self, editor: &mut Editor<'_>) -> bool {
        let is_checked = self.old.target.as_ref().is_some_and(|key| key.is_checked);
        if !is_checked || !should_be_altered(self.old, self.new, false) {
            return false;
        }
        let names = editor.names(self.table, Some(&[&self.old.name]), &[Kind::ForeignKey]);
        for name in &names {
            editor.drop_foreign_key(self.table, name);
        }
        !names.is_empty()
    }

    /// Whether rows without a value get one on the way.
    fn fills_in(&self) -> bool {
        let (old, new) = (self.old, self.new);
        let is_other = match (&old.default, &new.default) {
            (Some(old), Some(new)) => old != new || new.is_fresh,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        old.null && !new.null && new.db_default.is_none() && is_other
    }

    /// Whether an indexed text becomes something else: its index cannot stay.
    fn leaves_text(&self) -> bool {
        let (old, new) = (self.old, self.new);
        let leaves = |class: &str| old.ty.starts_with(class) && !new.ty.starts_with(class);
        (old.db_index || old.unique) && (leaves("varchar") || leaves("text"))
    }

    fn alter_column(&self, editor: &mut Editor<'_>) {
        let (table, old, new) = (self.table, self.old, self.new);
        let column = quoted(&new.name);
        let (mut actions, mut after) = (Vec::new(), Vec::new());
        if old.ty != new.ty || old.suffix() != new.suffix() || old.comment != new.comment {
            if self.leaves_text() {
                editor.drop_index(table, &name::index(table, &[&old.name], "_like"));
            }
            let cast = cast(old, new);
            if new.is_auto() && !old.is_auto() {
                let add =
                    format!("ALTER TABLE {} ALTER COLUMN {column} ADD GENERATED BY DEFAULT AS IDENTITY", quoted(table));
                after.push(add);
            } else {
                if old.is_auto() && !new.is_auto() {
                    editor.execute(&format!(
                        "ALTER TABLE {} ALTER COLUMN {column} DROP IDENTITY IF EXISTS",
                        quoted(table)
                    ));
                }
                if old.comment != new.comment {
                    let comment = super::literal::text(new.comment.as_deref().unwrap_or_default());
                    after.push(format!("COMMENT ON COLUMN {}.{column} IS {comment}", quoted(table)));
                }
            }
            actions.push(format!("ALTER COLUMN {column} TYPE {}{cast}", new.ty));
        }
        match (&old.db_default, &new.db_default) {
            (old, Some(new)) if old.as_ref() != Some(new) => {
                actions.push(format!("ALTER COLUMN {column} SET DEFAULT {}", new.sql));
            }
            (Some(_), None) => actions.push(format!("ALTER COLUMN {column} DROP DEFAULT")),
            _ => {}
        }
        if self.fills_in()
            && let Some(default) = &new.default
        {
            actions.push(format!("ALTER COLUMN {column} SET DEFAULT {}", default.sql));
        }
        let null = (old.null != new.null)
            .then(|| format!("ALTER COLUMN {column} {} NOT NULL", if new.null { "DROP" } else { "SET" }));
        let is_four_way = (new.has_default || new.db_default.is_some()) && old.null && !new.null;
        if !is_four_way {
            actions.extend(null.clone());
        }
        if !actions.is_empty() {
            editor.execute(&format!("ALTER TABLE {} {}", quoted(table), actions.join(", ")));
        }
        if let Some(null) = null.filter(|_| is_four_way) {
            let default = match (&new.db_default, &new.default) {
                (Some(default), _) => default.sql.clone(),
                (None, Some(default)) => default.sql.clone(),
                (None, None) => "NULL".to_owned(),
            };
            editor.execute(&format!(
                "UPDATE {} SET {column} = {default} WHERE {column} IS NULL; SET CONSTRAINTS ALL IMMEDIATE",
                quoted(table)
            ));
            editor.execute(&format!("ALTER TABLE {} {null}", quoted(table)));
        }
        for statement in after {
            editor.execute(&statement);
        }
    }
}

fn rename(editor: &mut Editor<'_>, table: &str, old: &str, new: &str) {
    editor.execute(&format!("ALTER TABLE {} RENAME COLUMN {} TO {}", quoted(table), quoted(old), quoted(new)));
    editor.now.rename_column(table, old, new);
    for statement in &mut editor.deferred {
        statement.rename_column(table, old, new);
    }
}

fn became_key(old: &Column, new: &Column) -> bool {
    !old.primary_key && new.primary_key
}

/// ` USING "x"::integer`, where PostgreSQL does not convert by itself.
fn cast(old: &Column, new: &Column) -> String {
    let is_same = match (old.internal.as_str(), new.internal.as_str()) {
        ("ArrayField", "ArrayField") => old.base == new.base,
        ("ArrayField", _) | (_, "ArrayField") => old.ty == new.ty,
        _ => old.base == new.base,
    };
    if is_same { String::new() } else { format!(" USING {}::{}", quoted(&new.name), new.ty) }
}
