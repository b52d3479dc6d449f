//! Which paths may be written at all, on any system that a project may be checked out on.

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// What file systems commonly allow for one name, in bytes.
const LONGEST: usize = 255;

/// Why `path`, relative to the project, must not be written; `None` if it may.
pub(super) fn unsafe_because(path: &str) -> Option<String> {
    path.split('/').find_map(|name| {
        let device = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let reason = match name {
            "" => "it is absolute or has an empty part",
            "." | ".." => "it would leave the output directory",
            ".umlaut" | ".git" => "it would write where the tools keep their own files",
            _ if name.len() > LONGEST => "one of its parts is too long for file systems",
            _ if name.chars().any(|c| c.is_control() || "\\:*?\"<>|".contains(c)) => {
                "it has a character that file systems reserve"
            }
            _ if name.ends_with(['.', ' ']) => "Windows drops dots and blanks at the end of names",
            _ if DEVICES.contains(&device.as_str()) => "Windows keeps that name for a device",
            _ => return None,
        };
        Some(reason.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_projects_are_fine() {
        for path in
            ["manage.py", ".gitignore", ".github/workflows/ci.yml", "shop/migrations/0001_initial.py", "größe/a.py"]
        {
            assert_eq!(unsafe_because(path), None, "{path}");
        }
    }

    #[test]
    fn paths_that_lead_elsewhere_or_nowhere_are_not() {
        let long = format!("{}/a.py", "a".repeat(256));
        for path in [
            "",
            "/etc/passwd",
            "../a.py",
            "shop/../../a.py",
            "./a.py",
            "shop//a.py",
            "C:/a.py",
            "a\\b.py",
            "con.py",
            "shop/NUL",
            "aux",
            ".umlaut/stage/journal",
            ".git/hooks/pre-commit",
            "shop/.",
            "a\0b",
            "a\nb",
            "a. /b.py",
            "trailing.",
            &long,
        ] {
            assert!(unsafe_because(path).is_some(), "{path:?}");
        }
    }
}
