//! For programs: one document.

use serde_json::{Value, json};

use super::{Comparison, Place};

/// The version of the format; it changes when a reader could stumble.
const SCHEMA: &str = "umlaut-diff/1";

/// Everything.
pub(super) fn print(comparison: &Comparison) -> String {
    let place = |place: &Option<Place>| match place {
        Some(place) => json!({"file": place.file, "line": place.line, "column": place.column}),
        None => Value::Null,
    };
    let changes = comparison.changes.iter().map(|change| {
        let differences = change.differences.iter().map(|it| json!({"what": it.what, "old": it.old, "new": it.new}));
        let parts = change.parts.iter().map(|(count, word)| json!({"kind": word, "count": count}));
        json!({
            "change": change.word,
            "kind": change.kind,
            "path": change.path,
            "old_path": change.from,
            "place": place(&change.place),
            "differences": differences.collect::<Vec<_>>(),
            "parts": parts.collect::<Vec<_>>(),
        })
    });
    let migrations = comparison.migrations.iter().map(
        |migration| json!({"path": migration.path, "operations": migration.operations, "python": migration.python, "sql": migration.sql}),
    );
    let risks = comparison.risks.iter().map(|risk| {
        json!({
            "level": risk.level.word(),
            "code": risk.code,
            "slug": risk.slug,
            "message": risk.message,
            "place": place(&risk.place),
            "notes": risk.notes,
            "help": risk.help,
        })
    });
    let document = json!({
        "schema": SCHEMA,
        "old": comparison.old,
        "new": comparison.new,
        "changes": changes.collect::<Vec<_>>(),
        "migrations": migrations.collect::<Vec<_>>(),
        "risks": risks.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
