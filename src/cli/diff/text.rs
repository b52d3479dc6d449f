//! For people at a terminal.

use std::fmt::Write;

use super::{Change, Comparison, told};

/// Everything, section by section.
pub(super) fn print(comparison: &Comparison) -> String {
    let mut text = format!("{} \u{2192} {}\n", comparison.old, comparison.new);
    if comparison.is_empty() {
        text += "nothing changes\n";
        return text;
    }
    let _ = writeln!(text, "{}", comparison.summary());
    if !comparison.changes.is_empty() {
        text += "\nModel\n";
    }
    for change in &comparison.changes {
        let place = change.place.as_ref().map_or_else(String::new, |place| format!("  ({})", place.text()));
        let _ = writeln!(text, "  {} {}{place}", sign(change), headline(change));
        for difference in &change.differences {
            let _ = writeln!(text, "      {}", told(difference));
        }
    }
    for migration in &comparison.migrations {
        let _ = writeln!(text, "\nMigration {}", migration.path);
        for operation in &migration.operations {
            let _ = writeln!(text, "  {operation}");
        }
        let _ = writeln!(text, "  on PostgreSQL:");
        for line in statements(&migration.sql) {
            let _ = writeln!(text, "    {line}");
        }
    }
    if !comparison.risks.is_empty() {
        text += "\nRisks\n";
    }
    for risk in &comparison.risks {
        let _ = writeln!(text, "  {}[{}]: {}", risk.level.word(), risk.code, risk.message);
        if let Some(place) = &risk.place {
            let _ = writeln!(text, "      at {}", place.text());
        }
        for (word, lines) in [("note", &risk.notes), ("help", &risk.help)] {
            for line in lines {
                let _ = writeln!(text, "      {word}: {line}");
            }
        }
    }
    text
}

/// One line each, for grep.
pub(super) fn short(comparison: &Comparison) -> String {
    let mut text = String::new();
    let place =
        |place: &Option<super::Place>| place.as_ref().map_or_else(String::new, |place| format!("{}: ", place.text()));
    for change in &comparison.changes {
        let says: Vec<String> = change.differences.iter().map(told).collect();
        let says = if says.is_empty() { String::new() } else { format!(": {}", says.join("; ")) };
        let _ = writeln!(text, "{}{}{says}", place(&change.place), headline(change));
    }
    for migration in &comparison.migrations {
        let _ = writeln!(text, "{}: {}", migration.path, migration.operations.join("; "));
    }
    for risk in &comparison.risks {
        let _ = writeln!(text, "{}{}[{}]: {}", place(&risk.place), risk.level.word(), risk.code, risk.message);
    }
    text
}

/// The statements alone: what they are for was said, and comments that say more are kept.
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    let lines = sql.lines().filter(|line| !matches!(*line, "BEGIN;" | "COMMIT;" | "--" | "-- (no-op)"));
    let mut said: Vec<&str> = lines.filter(|line| !line.starts_with("-- ") || line.starts_with("-- THIS")).collect();
    if said.is_empty() {
        said.push("nothing");
    }
    said.into_iter()
}

fn sign(change: &Change) -> char {
    match change.word {
        "added" => '+',
        "removed" => '-',
        _ => '~',
    }
}

/// `renamed class shop.Contact, was shop.Person`
fn headline(change: &Change) -> String {
    let mut text = format!("{} {} {}", change.word, change.kind, change.path);
    if let Some(from) = &change.from {
        let _ = write!(text, ", was {from}");
    }
    if let Some(parts) = change.parts() {
        let _ = write!(text, ", with {parts}");
    }
    text
}
