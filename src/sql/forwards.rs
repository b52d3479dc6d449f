//! What an operation does (`Operation.database_forwards`).

use super::Untold;
use super::alter::Alteration;
use super::column::{Column, essence_of_many};
use super::editor::{Editor, LOCK_TIMEOUT, constraint_statement, index_statement};
use super::expression::column_name;
use super::name::{quoted, truncated};
use super::statement::Form;
use super::table::{self, Through};
use crate::django::state::query::{Standing, name};
use crate::django::state::{FieldState, ModelState, State};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

/// The states around an operation.
pub(super) struct Step<'a> {
    pub(super) app: &'a str,
    pub(super) from: &'a State,
    pub(super) to: &'a State,
    pub(super) order: &'a [ModelKey],
}

/// Keeps the order in which Django knows the models.
pub(super) fn order(order: &mut Vec<ModelKey>, app: &str, operation: &Operation) {
    let key = ModelKey::new(app, operation.model());
    match operation {
        Operation::StateOnly(operations) => {
            for operation in operations {
                self::order(order, app, operation);
            }
        }
        Operation::Leave(inner) => self::order(order, app, inner),
        Operation::CreateModel(_) => order.push(key),
        Operation::DeleteModel { .. } => order.retain(|known| *known != key),
        Operation::RenameModel { new, .. } => {
            order.retain(|known| *known != key);
            order.push(ModelKey::new(app, new).lowered());
        }
        _ => {}
    }
}

impl Step<'_> {
    pub(super) fn forwards(&self, operation: &Operation, editor: &mut Editor<'_>) -> Result<(), Untold> {
        let key = ModelKey::new(self.app, operation.model());
        let (old, new) = (self.from.models.get(&key), self.to.models.get(&key));
        // What has no table of its own is nothing to the database.
        let has_table = |model: &&ModelState| model.standing() == Standing::Table;
        let (old, new) = (old.filter(has_table), new.filter(has_table));
        match operation {
            Operation::LimitLockWait => {
                editor.execute(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"));
                Ok(())
            }
            // What rows get can only be told with them.
            Operation::Leave(_) | Operation::StateOnly(_) => Ok(()),
            Operation::Online(inner) => match (old, new) {
                (Some(old), Some(new)) => self.online(inner, old, new, editor),
                _ => Ok(()),
            },
            Operation::CreateModel(_) => new.map_or(Ok(()), |new| self.create(new, editor)),
            Operation::DeleteModel { .. } => old.map_or(Ok(()), |old| self.delete(old, editor)),
            Operation::RenameModel { new, .. } => {
                let new = self.to.models.get(&ModelKey::new(self.app, new).lowered()).filter(has_table);
                match (old, new) {
                    (Some(old), Some(new)) => self.rename(old, new, editor),
                    _ => Ok(()),
                }
            }
            operation => match (old, new) {
                (Some(old), Some(new)) => self.alter(operation, old, new, editor),
                _ => Ok(()),
            },
        }
    }

    /// What the project's own operations do, which others can work beside.
    fn online(
        &self,
        operation: &Operation,
        old: &ModelState,
        new: &ModelState,
        editor: &mut Editor<'_>,
    ) -> Result<(), Untold> {
        let table = table::name(self.to, &new.key);
        if let Operation::AddField { field, .. } = operation {
            self.alter(operation, old, new, editor)?;
            if let Some(Column { name, default: Some(default), .. }) = Column::of(self.to, new, field)? {
                let (table, column) = (quoted(&table), quoted(&name));
                editor.execute(&format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {}", default.sql));
            }
            return Ok(());
        }
        editor.begin_online();
        let demanded = match operation {
            Operation::AlterField { field, .. } => {
                let is_nullable = |model: &ModelState| model.field(&field.name).is_some_and(FieldState::is_nullable);
                (is_nullable(old) && !is_nullable(new)).then(|| column_name(field))
            }
            _ => None,
        };
        let alter = format!("ALTER TABLE {}", quoted(&table));
        let check = demanded.as_ref().map(|column| quoted(&truncated(&format!("{column}_required"))));
        if let (Some(column), Some(name)) = (&demanded, &check) {
            let condition = format!("CHECK ({} IS NOT NULL)", quoted(column));
            editor.execute(&format!("{alter} DROP CONSTRAINT IF EXISTS {name}"));
            editor.execute(&format!("{alter} ADD CONSTRAINT {name} {condition} NOT VALID"));
            editor.execute(&format!("{alter} VALIDATE CONSTRAINT {name}"));
        }
        self.alter(operation, old, new, editor)?;
        if let Some(name) = check {
            editor.execute(&format!("{alter} DROP CONSTRAINT {name}"));
        }
        editor.end_online();
        Ok(())
    }

    fn throughs(state: &State, model: &ModelState) -> Result<Vec<Through>, Untold> {
        let each = model.fields.iter().map(|field| table::through(state, model, field));
        Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn create(&self, model: &ModelState, editor: &mut Editor<'_>) -> Result<(), Untold> {
        let columns = table::columns(self.to, model)?;
        editor.create_table(Some(model), &table::name(self.to, &model.key), &columns)?;
        for through in Self::throughs(self.to, model)? {
            editor.create_through(&through)?;
        }
        Ok(())
    }

    fn delete(&self, model: &ModelState, editor: &mut Editor<'_>) -> Result<(), Untold> {
        for through in Self::throughs(self.from, model)? {
            editor.drop_table(&through.table);
        }
        editor.drop_table(&table::name(self.from, &model.key));
        Ok(())
    }

    fn alter(
        &self,
        operation: &Operation,
        old: &ModelState,
        new: &ModelState,
        editor: &mut Editor<'_>,
    ) -> Result<(), Untold> {
        let table = table::name(self.from, &old.key);
        match operation {
            Operation::AddField { field, preserve_default, .. } => {
                // A default for the rows of the moment is in the operation, and not in the state.
                let known = new.field(&field.name).unwrap_or(field);
                let field = if *preserve_default { known } else { field };
                if let Some(through) = table::through(self.to, new, field)? {
                    return editor.create_through(&through);
                }
                if let Some(column) = Column::of(self.to, new, field)? {
                    editor.add_column(&table, &column)?;
                }
                Ok(())
            }
            Operation::RemoveField { field, .. } => {
                let Some(field) = old.field(field) else { return Ok(()) };
                if let Some(through) = table::through(self.from, old, field)? {
                    editor.drop_table(&through.table);
                } else if !field.is_many_to_many() {
                    editor.drop_column(&table, &column_name(field), field.relation.is_some());
                }
                Ok(())
            }
            Operation::AlterField { field, preserve_default, .. } => {
                let known = new.field(&field.name).unwrap_or(field);
                let now = if *preserve_default { known } else { field };
                match old.field(&field.name) {
                    Some(was) => self.alter_field(&table, (old, was), (new, now), editor),
                    None => Ok(()),
                }
            }
            Operation::RenameField { old: was, new: now, .. } => match (old.field(was), new.field(now)) {
                (Some(was), Some(now)) => self.alter_field(&table, (old, was), (new, now), editor),
                _ => Ok(()),
            },
            Operation::AlterModelTable { .. } => {
                editor.rename_table(&table, &table::name(self.to, &new.key));
                let (was, now) = (Self::throughs(self.from, old)?, Self::throughs(self.to, new)?);
                for (was, now) in was.iter().zip(&now) {
                    editor.rename_table(&was.table, &now.table);
                }
                Ok(())
            }
            Operation::AlterModelTableComment { comment, .. } => {
                let text = if let Some(Expr::Str(text)) = comment { text.as_str() } else { "" };
                editor.table_comment(&table, text);
                Ok(())
            }
            Operation::AddIndex { index, .. } => {
                editor.make(&index_statement(new, &table, index)?);
                Ok(())
            }
            Operation::RemoveIndex { index, .. } => {
                editor.drop_index(&table, index);
                Ok(())
            }
            Operation::RenameIndex { new, old, .. } => {
                editor.execute(&format!("ALTER INDEX {} RENAME TO {}", quoted(old), quoted(new)));
                editor.now.rename(&table, old, new);
                Ok(())
            }
            Operation::AddConstraint { constraint, .. } => {
                editor.make(&constraint_statement(new, &table, constraint)?);
                Ok(())
            }
            Operation::RemoveConstraint { constraint, .. } => {
                let declared = old.constraints.iter().find(|known| name(known) == constraint);
                let Some(declared) = declared else { return Ok(()) };
                match constraint_statement(old, &table, declared)?.form {
                    Form::UniqueIndex => {
                        editor.execute(&format!("DROP INDEX IF EXISTS {}", quoted(constraint)));
                        editor.now.remove(&table, constraint);
                    }
                    _ => editor.drop_constraint(&table, constraint),
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn alter_field(
        &self,
        table: &str,
        (old_model, was): (&ModelState, &FieldState),
        (new_model, now): (&ModelState, &FieldState),
        editor: &mut Editor<'_>,
    ) -> Result<(), Untold> {
        if was.is_many_to_many() || now.is_many_to_many() {
            return self.alter_many((old_model, was), (new_model, now), editor);
        }
        let old = Column::of(self.from, old_model, was)?;
        let new = Column::of(self.to, new_model, now)?;
        let (Some(old), Some(new)) = (old, new) else { return Ok(()) };
        let declared: Vec<&str> = old_model.constraints.iter().chain(&old_model.indexes).map(name).collect();
        let incoming = if old.ty == new.ty && old.primary_key == new.primary_key {
            Vec::new()
        } else {
            self.incoming(&old_model.key, &was.name, old.primary_key)?
        };
        Alteration { table, old: &old, new: &new, declared: &declared, incoming: &incoming }.run(editor)
    }

    /// Columns of keys that lead to the field, and to keys that are keys themselves.
    fn incoming(&self, model: &ModelKey, field: &str, is_key: bool) -> Result<Vec<(String, Column, Column)>, Untold> {
        let mut found = Vec::new();
        let mut open = vec![(model.clone(), field.to_owned(), is_key)];
        let mut seen = std::collections::BTreeSet::new();
        while let Some((target, field, is_key)) = open.pop() {
            if !seen.insert((target.clone(), field.clone())) {
                continue;
            }
            for old in self.from.models.values() {
                for was in &old.fields {
                    let Some(relation) = was.relation.as_ref().filter(|it| !it.many_to_many && it.to == target) else {
                        continue;
                    };
                    let _ = relation;
                    let leads = match was.argument("to_field") {
                        Some(Expr::Str(name)) => *name == field,
                        _ => is_key,
                    };
                    let Some(new) = self.to.models.get(&old.key).filter(|_| leads) else { continue };
                    let Some(now) = new.field(&was.name) else { continue };
                    let pair = (Column::of(self.from, old, was)?, Column::of(self.to, new, now)?);
                    if let (Some(before), Some(after)) = pair {
                        found.push((table::name(self.to, &new.key), before, after));
                    }
                    open.push((old.key.clone(), was.name.clone(), was.primary_key));
                }
            }
        }
        Ok(found)
    }

    /// `_alter_many_to_many`
    fn alter_many(
        &self,
        (old_model, was): (&ModelState, &FieldState),
        (new_model, now): (&ModelState, &FieldState),
        editor: &mut Editor<'_>,
    ) -> Result<(), Untold> {
        let target = |field: &FieldState| field.relation.as_ref().map(|relation| relation.to.clone());
        if was.name == now.name && target(was) == target(now) && essence_of_many(was) == essence_of_many(now) {
            return Ok(());
        }
        let old = table::through(self.from, old_model, was)?;
        let new = table::through(self.to, new_model, now)?;
        match (old, new) {
            (Some(old), Some(new)) => alter_through(&old, &new, editor),
            (None, None) if was.is_many_to_many() && now.is_many_to_many() => Ok(()),
            _ => Err(Untold("Django cannot alter a relation between one and many".to_owned())),
        }
    }

    fn rename(&self, old: &ModelState, new: &ModelState, editor: &mut Editor<'_>) -> Result<(), Untold> {
        editor.rename_table(&table::name(self.from, &old.key), &table::name(self.to, &new.key));
        let mut holders: Vec<&ModelState> = self.from.models.values().collect();
        // As Django comes by them.
        let place = |key: &ModelKey| {
            let after = if *key == old.key { &new.key } else { key };
            self.order.iter().position(|known| known == after)
        };
        holders.sort_by(|left, right| (&left.key.app, place(&left.key)).cmp(&(&right.key.app, place(&right.key))));
        for holder in holders {
            let now = if holder.key == old.key { Some(new) } else { self.to.models.get(&holder.key) };
            let Some(now) = now.filter(|it| it.standing() == Standing::Table) else { continue };
            for field in &holder.fields {
                let leads = field.relation.as_ref().is_some_and(|relation| relation.to == old.key);
                if !leads || is_hidden(field) {
                    continue;
                }
                let Some(after) = now.field(&field.name) else { continue };
                self.alter_field(&table::name(self.to, &now.key), (holder, field), (now, after), editor)?;
            }
        }
        for (was, now) in old.fields.iter().zip(&new.fields).filter(|(was, _)| was.is_many_to_many()) {
            if now.relation.as_ref().is_some_and(|relation| relation.to == new.key) {
                continue;
            }
            if let (Some(was), Some(now)) = (table::through(self.from, old, was)?, table::through(self.to, new, now)?) {
                alter_through(&was, &now, editor)?;
            }
        }
        Ok(())
    }
}

/// Whether the target does not know of the relation.
fn is_hidden(field: &FieldState) -> bool {
    let name = field.argument("related_name");
    !field.is_many_to_many() && matches!(name, Some(Expr::Str(name)) if name.ends_with('+'))
}

fn alter_through(old: &Through, new: &Through, editor: &mut Editor<'_>) -> Result<(), Untold> {
    editor.rename_table(&old.table, &new.table);
    let ([_, from, to], [_, new_from, new_to]) = (&old.columns, &new.columns);
    for (was, now) in [(to, new_to), (from, new_from)] {
        Alteration { table: &new.table, old: was, new: now, declared: &[], incoming: &[] }.run(editor)?;
    }
    Ok(())
}
