//! Names that Django makes up.

use md5::{Digest, Md5};

/// The longest name that PostgreSQL keeps whole.
pub(super) const LONGEST: usize = 63;

/// In quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The first characters of a digest (`django.db.backends.utils.names_digest`).
fn digest(parts: &[&str], length: usize) -> String {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(length).collect()
}

/// A name that is not too long (`django.db.backends.utils.truncate_name`).
pub(super) fn truncated(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    cut(name, LONGEST - 4) + &digest(&[name], 4)
}

/// The name of an index or constraint on columns (`BaseDatabaseSchemaEditor._create_index_name`).
pub(super) fn index(table: &str, columns: &[&str], suffix: &str) -> String {
    let mut parts = vec![table];
    parts.extend(columns);
    let mut tail = format!("{}{suffix}", digest(&parts, 8));
    let name = format!("{table}_{}_{tail}", columns.join("_"));
    if name.chars().count() <= LONGEST {
        return name;
    }
    if tail.chars().count() > LONGEST / 3 {
        tail = cut(&tail, LONGEST / 3);
    }
    let other = (LONGEST - tail.chars().count()) / 2 - 1;
    let name = format!("{}_{}_{tail}", cut(table, other), cut(&columns.join("_"), other));
    if name.starts_with(|first: char| first == '_' || first.is_numeric()) {
        let shorter = cut(&name, name.chars().count() - 1);
        return format!("D{shorter}");
    }
    name
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_django() {
        assert_eq!(index("x_m", &["z"], ""), "x_m_z_136f71c1");
        assert_eq!(index("x_m", &["z_id"], "_fk_auth_user_id"), "x_m_z_id_a640d825_fk_auth_user_id");
        assert_eq!(truncated(&"a".repeat(70)).len(), LONGEST);
        assert_eq!(index(&"a".repeat(60), &["column"], "_like").chars().count(), 45);
    }
}
