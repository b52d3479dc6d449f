//! The walls: who may import whom, who may touch the disk, how long a file may be.
//!
//! A single package has no crate walls, so this reads the `crate::…` paths. It names file, line and rule.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms that each room may import; everyone may import the common nouns.
const COMMON: &[&str] =
    &["source", "diagnostic", "account", "profile", "settings", "decision", "draw", "util", "failure", "inventory"];
const ALLOWED: &[(&str, &[&str])] = &[
    ("uml", &[]),
    ("graph", &["uml"]),
    ("read", &["uml"]),
    ("link", &["uml", "graph"]),
    ("check", &["uml", "graph"]),
    ("policy", &["uml", "django", "python"]),
    ("facts", &["uml", "django", "python", "policy"]),
    ("resolve", &["uml", "graph", "facts", "policy", "django", "python"]),
    ("lower", &["uml", "graph", "facts", "policy", "django", "python"]),
    ("django", &["python"]),
    ("python", &[]),
    ("lock", &["django", "python"]),
    ("output", &[]),
    ("evolve", &["django", "lock", "python", "output", "sql"]),
    ("emit", &["django", "python", "output"]),
    ("sql", &["django", "python"]),
    // The faces see everything.
    ("pipeline", &["*"]),
    ("cli", &["*"]),
    ("lib", &["*"]),
    ("main", &["*"]),
];
/// What a common noun may import beyond the other common nouns.
///
/// `profile` reads marks of the model; `settings` names databases and classes of fields.
const COMMON_ALLOWED: &[(&str, &[&str])] = &[("profile", &["uml"]), ("settings", &["django", "python"])];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                found.push((path.strip_prefix(&root).expect("it lies in src").to_path_buf(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 30, "the sources were not found");
    found
}

fn room(path: &Path) -> String {
    let first = path.components().next().expect("a path has a component").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file with comments cut off and without its unit tests, which may go anywhere.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().enumerate().map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
}

/// The first names after `crate::` in a line, those of `use crate::{a::…, b::…}` included.
fn imports(line: &str) -> Vec<&str> {
    fn name(rest: &str) -> &str {
        rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
    }
    line.split("crate::").skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn rooms_import_only_what_lies_below_them() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        if path.ends_with("tests.rs") {
            // Unit tests may go anywhere, in a file of their own too.
            continue;
        }
        let from = room(&path);
        let (allowed, common) = match ALLOWED.iter().find(|(name, _)| *name == from) {
            Some((_, allowed)) => (*allowed, true),
            None if COMMON.contains(&from.as_str()) => {
                (COMMON_ALLOWED.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, allowed)| *allowed), true)
            }
            None => panic!("src/{} is a new room: say in this test whom it may import", path.display()),
        };
        for (number, line) in lines(&text) {
            assert!(!line.contains("use crate::{"), "src/{}:{number}: write one `use crate::…` a line", path.display());
            for to in imports(line) {
                let fine =
                    to == from || allowed.contains(&"*") || allowed.contains(&to) || (common && COMMON.contains(&to));
                if !fine {
                    broken.push(format!("src/{}:{number}: `{from}` must not know `{to}`", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn emitters_do_not_know_each_other() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        if parts.next().as_deref() != Some("emit") {
            continue;
        }
        let Some(own) = parts.next().filter(|part| !part.ends_with(".rs")) else { continue };
        let folders: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emit"))
            .expect("src/emit can be read")
            .map(|entry| entry.expect("src/emit can be read").path())
            .filter(|path| path.is_dir())
            .map(|path| path.file_name().expect("a folder has a name").to_string_lossy().into_owned())
            .collect();
        for (number, line) in lines(&text) {
            for other in folders.iter().filter(|other| **other != own) {
                if line.contains(&format!("emit::{other}::")) || line.contains(&format!("super::super::{other}::")) {
                    broken.push(format!("src/{}:{number}: `emit/{own}` must not know `emit/{other}`", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_and_the_writer_touch_the_disk() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let name = path.to_string_lossy().replace('\\', "/");
        if name.starts_with("cli/") || name == "main.rs" || name == "output/disk.rs" {
            continue;
        }
        for (number, line) in lines(&text) {
            for forbidden in
                ["std::fs", "std::env", "std::process", "std::net", "std::thread", "SystemTime", "Instant::"]
            {
                if line.contains(forbidden) {
                    broken.push(format!("src/{name}:{number}: `{forbidden}`: the compiler is a pure function"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_grows_into_a_swamp() {
    let mut long = Vec::new();
    for (path, text) in sources() {
        let count = text.lines().count();
        if count > 700 {
            long.push(format!("src/{}: {count} lines, the limit is 700", path.display()));
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}
