//! Names of migrations (`Migration.suggest_name`).

use crate::django::Operation;
use crate::django::state::query;

/// How long a name made of several operations may be before `_and_more` ends it.
const MOST: usize = 52;
/// How long any name may be.
const LONGEST: usize = 100;

/// The name of the migration after `leaf`, with its number.
pub(in crate::evolve) fn next(leaf: Option<&str>, initial: bool, operations: &[Operation]) -> String {
    let number = leaf.map_or(0, number) + 1;
    let words = if initial || leaf.is_none() { "initial".to_owned() } else { suggest(operations) };
    format!("{number:04}_{words}")
}

/// The name of a migration after `leaf` that says what it is for in `words`.
pub(in crate::evolve) fn after(leaf: Option<&str>, words: &str) -> String {
    let number = leaf.map_or(0, number) + 1;
    let name = format!("{number:04}_{}", self::words(&words.to_lowercase()));
    name.chars().take(LONGEST).collect()
}

/// The number of a migration; of `0001_squashed_0004_x` the second one.
fn number(name: &str) -> u32 {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let last = name.split_once("_squashed_").map_or(name, |(_, last)| last);
    digits(last).parse().or_else(|_| digits(name).parse()).unwrap_or(0)
}

fn suggest(operations: &[Operation]) -> String {
    let mut parts = operations.iter().map(|operation| words(&fragment(operation)));
    let mut name = parts.next().unwrap_or_default();
    for part in parts {
        // In characters, which Django counts.
        if name.chars().count() + 1 + part.chars().count() > MOST {
            name.push_str("_and_more");
            break;
        }
        name = format!("{name}_{part}");
    }
    name.chars().take(LONGEST).collect()
}

/// Runs of what is no word character become `_`.
fn words(text: &str) -> String {
    let mut words = String::new();
    let mut is_gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            words.push(c);
        } else if !is_gap {
            words.push('_');
        }
        is_gap = !(c.is_alphanumeric() || c == '_');
    }
    words
}

fn fragment(operation: &Operation) -> String {
    let model = operation.model();
    let text = match operation {
        // Migrations with the last ones are named by who makes them.
        Operation::CreateModel(_)
        | Operation::StateOnly(_)
        | Operation::RenameParent { .. }
        | Operation::RenameKey { .. }
        | Operation::MoveModel { .. }
        | Operation::ChangeParent { .. }
        | Operation::LimitLockWait
        | Operation::Rows { .. } => model,
        Operation::Online(inner) | Operation::Leave(inner) => fragment(inner),
        Operation::DeleteModel { .. } => format!("delete_{model}"),
        Operation::RenameModel { new, .. } => format!("rename_{model}_{new}"),
        Operation::AlterModelOptions { .. } => format!("alter_{model}_options"),
        Operation::AlterModelManagers { .. } => format!("alter_{model}_managers"),
        Operation::AlterModelTable { .. } => format!("alter_{model}_table"),
        Operation::AlterModelTableComment { .. } => format!("alter_{model}_table_comment"),
        Operation::AddField { field, .. } => format!("{model}_{}", field.name),
        Operation::AlterField { field, .. } => format!("alter_{model}_{}", field.name),
        Operation::RemoveField { field, .. } => format!("remove_{model}_{field}"),
        Operation::RenameField { old, new, .. } => format!("rename_{old}_{model}_{new}"),
        Operation::AddIndex { index: made, .. } | Operation::AddConstraint { constraint: made, .. } => {
            format!("{model}_{}", query::name(made))
        }
        Operation::RemoveIndex { index: gone, .. } | Operation::RemoveConstraint { constraint: gone, .. } => {
            format!("remove_{model}_{gone}")
        }
        Operation::RenameIndex { new, old, .. } => format!("rename_{old}_{new}"),
        Operation::AlterConstraint { constraint, .. } => format!("alter_{model}_{}", query::name(constraint)),
        Operation::AlterUniqueTogether { .. } => format!("alter_{model}_unique_together"),
    };
    text.to_lowercase()
}
