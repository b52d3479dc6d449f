//! Levels of findings: `[lints]` and the options `-A`, `-W`, `-D`.

use crate::diagnostic::codes::{self, FAMILIES};
use crate::diagnostic::{Kind, Level};
use crate::util::words;

/// The level that a word in `[lints]` means.
pub fn level(word: &str) -> Option<Level> {
    Some(match word {
        "deny" | "error" => Level::Error,
        "warn" | "warning" => Level::Warning,
        "note" => Level::Note,
        "allow" => Level::Allow,
        _ => return None,
    })
}

/// The words for levels.
pub const LEVELS: &str = "`deny`, `warn`, `note` or `allow`";

/// Checks the name of a code, slug or family, or `warnings` or `all`.
///
/// # Errors
///
/// Says which names are near.
pub fn check_lint_name(name: &str) -> Result<(), String> {
    let is_family = FAMILIES.iter().any(|(_, family)| *family == name);
    if ["all", "warnings"].contains(&name) || is_family || codes::find(name).is_some() {
        return Ok(());
    }
    let known = codes::ALL
        .iter()
        .flat_map(|code| [code.id, code.slug])
        .chain(FAMILIES.iter().map(|(_, family)| *family))
        .chain(["all", "warnings"]);
    if let Some(near) = words::nearest(name, known).first() {
        return Err(format!("there is `{near}`"));
    }
    let families: Vec<String> = FAMILIES.iter().map(|(_, family)| format!("`{family}`")).collect();
    Err(format!("a code like `U0604`, its slug, `all`, `warnings` or a family: {}", families.join(", ")))
}

/// Whether `name` is a single code whose level cannot be lowered to `level`.
pub fn is_fixed(name: &str, level: Level) -> bool {
    codes::find(name).is_some_and(|code| code.kind == Kind::Fixed && level != code.default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_slugs_and_families_have_levels() {
        for name in ["U0604", "u0604", "unnamed-end", "names", "warnings", "all"] {
            assert_eq!(check_lint_name(name), Ok(()), "{name}");
        }
        assert_eq!(check_lint_name("unamed-end"), Err("there is `unnamed-end`".to_owned()));
        assert!(check_lint_name("xyzzy").is_err_and(|help| help.contains("`associations`")));
        assert!(
            is_fixed("U0301", Level::Allow) && !is_fixed("U0301", Level::Error) && !is_fixed("U0604", Level::Error)
        );
    }
}
