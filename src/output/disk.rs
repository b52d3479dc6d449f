//! The disk: the only part of the compiler that writes, besides `cli`.
//!
//! A build happens as a whole or not at all. Everything is written into `.umlaut/stage` first; then a journal of what is to be
//! moved where comes to be by one rename; then the files are moved. A run that finds a journal finishes what it says before it
//! does anything else; a stage without journal is thrown away.

// What clippy keeps everybody else from doing.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::FileSet;
use super::manifest::sha256;
use super::paths::unsafe_because;
use super::plan::{Action, Existing, Plan, Previous};
use crate::failure::Failure;

const OWN: &str = ".umlaut";
const MANIFEST: &str = ".umlaut/manifest";
const STAGE: &str = ".umlaut/stage";
const STAGED: &str = ".umlaut/stage/files";
const JOURNAL: &str = ".umlaut/stage/journal.jsonl";
const DRAFT: &str = ".umlaut/stage/journal.draft";

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Move {
    /// Where to, relative to the project.
    path: String,
    /// The hash of what was there when the plan was made.
    before: Option<String>,
    /// Whether there is a new file; else the old one goes.
    write: bool,
}

/// Reads what the last build wrote and what is there now at the places of `files`.
///
/// Finishes a build that was interrupted while it moved its files.
///
/// # Errors
///
/// What cannot be read, or is of another kind than it should be.
pub fn read_previous(dir: &Path, files: &FileSet) -> Result<Previous, Failure> {
    match fs::metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Previous::default()),
        Err(error) => return Err(failure("read", dir, error)),
        Ok(found) if !found.is_dir() => return Err(failure("write", dir, io::ErrorKind::NotADirectory.into())),
        Ok(_) => {}
    }
    own_folders(dir)?;
    roll_forward(dir)?;

    let mut previous = Previous::default();
    for name in manifests_of(dir)? {
        let path = dir.join(MANIFEST).join(&name);
        let text = fs::read(&path).map_err(|error| failure("read", &path, error))?;
        let damaged = previous.manifest.read(&String::from_utf8_lossy(&text));
        previous.damaged.extend(damaged.into_iter().map(|line| (format!("{MANIFEST}/{name}"), line)));
    }
    let written = previous.manifest.iter().map(|entry| entry.path.as_str());
    let paths: BTreeSet<String> = files.iter().map(|(path, _)| path).chain(written).map(str::to_owned).collect();
    for path in paths.into_iter().filter(|path| unsafe_because(path).is_none()) {
        if let Some(existing) = look(dir, &path)? {
            previous.existing.insert(path, existing);
        }
    }
    Ok(previous)
}

/// What a later build has to know of the project in `dir`: the file called `lock`, all migrations, and of each folder the file
/// called `own`, by their path.
///
/// # Errors
///
/// What is there and cannot be read.
pub fn read_past(dir: &Path, lock: &str, own: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    let mut paths = vec![lock.to_owned()];
    for app in names_in(dir)? {
        let migrations = names_in(&dir.join(&app).join("migrations"))?;
        let python = migrations.iter().filter(|name| Path::new(name).extension().is_some_and(|it| it == "py"));
        paths.extend(python.map(|name| format!("{app}/migrations/{name}")));
        paths.push(format!("{app}/{own}"));
    }
    for path in paths {
        if let Some(Existing::File(bytes)) = look(dir, &path)? {
            files.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(files)
}

/// The names of what is in a folder, sorted; nothing if it is none. Hidden ones and those that are no text are left out.
fn names_in(dir: &Path) -> Result<Vec<String>, Failure> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(failure("read", dir, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failure("read", dir, error))?;
        names.extend(entry.file_name().into_string().ok().filter(|name| !name.starts_with('.')));
    }
    names.sort();
    Ok(names)
}

/// Does what `plan` says.
///
/// # Errors
///
/// What cannot be written. Either nothing has changed then, or the next run finishes it.
pub fn write(dir: &Path, plan: &Plan) -> Result<(), Failure> {
    let manifests = plan.manifest.print();
    let unchanged = manifests
        .iter()
        .all(|(name, text)| fs::read(dir.join(MANIFEST).join(name)).is_ok_and(|there| there == text.as_bytes()));
    let mut gone = manifests_of(dir)?;
    gone.retain(|name| !manifests.contains_key(name));
    if plan.changes_nothing() && unchanged && gone.is_empty() {
        return Ok(());
    }

    create_folder(dir)?;
    own_folders(dir)?;
    clear_stage(dir)?;
    let mut journal = Vec::new();
    for step in &plan.steps {
        if let Some(content) = &step.content {
            stage(dir, &step.path, content)?;
        }
        if step.content.is_some() || step.action == Action::Remove {
            let write = step.content.is_some();
            journal.push(Move { path: step.path.clone(), before: step.before.clone(), write });
        }
    }
    // The manifest comes last: until it says otherwise, a file belongs to whom it belonged.
    for (name, text) in &manifests {
        let path = format!("{MANIFEST}/{name}");
        let before = fs::read(dir.join(&path)).ok().map(|bytes| sha256(&bytes));
        if before.as_deref() != Some(&sha256(text.as_bytes())) {
            stage(dir, &path, text)?;
            journal.push(Move { path, before, write: true });
        }
    }
    for name in gone {
        let path = format!("{MANIFEST}/{name}");
        let before = fs::read(dir.join(&path)).ok().map(|bytes| sha256(&bytes));
        journal.push(Move { path, before, write: false });
    }

    let lines: Vec<_> = journal.iter().map(|line| serde_json::to_string(line).unwrap_or_default()).collect();
    write_durably(&dir.join(DRAFT), &(lines.join("\n") + "\n"))?;
    rename(&dir.join(DRAFT), &dir.join(JOURNAL))?;
    roll_forward(dir)
}

/// Does what the journal says, as far as it was not done, and throws the stage away.
fn roll_forward(dir: &Path) -> Result<(), Failure> {
    let path = dir.join(JOURNAL);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return clear_stage(dir),
        Err(error) => return Err(failure("read", &path, error)),
    };
    for line in text.lines() {
        let step: Move =
            serde_json::from_str(line).map_err(|error| failure("read", &path, io::Error::other(error.to_string())))?;
        if unsafe_because(&step.path).is_some() && !step.path.starts_with(MANIFEST) {
            return Err(failure("read", &path, io::Error::other(format!("`{}` is no path of a project", step.path))));
        }
        carry_out(dir, &step)?;
    }
    clear_stage(dir)
}

/// Moves or removes one file, unless that was done, or somebody has changed it since the plan was made.
fn carry_out(dir: &Path, step: &Move) -> Result<(), Failure> {
    let (target, staged) = (dir.join(&step.path), dir.join(STAGED).join(&step.path));
    let there = match look(dir, &step.path)? {
        None => None,
        Some(Existing::File(bytes)) => Some(sha256(&bytes)),
        Some(_) => return Err(failure("write", &target, io::ErrorKind::AlreadyExists.into())),
    };
    if step.write {
        // What is not staged any more was moved by a run that was interrupted later.
        if there == step.before && staged.exists() {
            create_folder(target.parent().unwrap_or(dir))?;
            rename(&staged, &target)?;
        }
    } else if there.is_some() && there == step.before {
        fs::remove_file(&target).map_err(|error| failure("remove", &target, error))?;
        remove_empty_folders(dir, &target);
    }
    Ok(())
}

/// What is at `path`, without following links out of the project.
fn look(dir: &Path, path: &str) -> Result<Option<Existing>, Failure> {
    for (end, _) in path.match_indices('/') {
        let above = dir.join(&path[..end]);
        match fs::symlink_metadata(&above) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failure("read", &above, error)),
            Ok(found) if !found.is_dir() => return Ok(Some(Existing::Behind(path[..end].to_owned()))),
            Ok(_) => {}
        }
    }
    let full = dir.join(path);
    match fs::symlink_metadata(&full) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failure("read", &full, error)),
        Ok(found) if found.is_dir() => Ok(Some(Existing::Folder)),
        Ok(found) if found.is_file() => {
            let bytes = fs::read(&full).map_err(|error| failure("read", &full, error))?;
            Ok(Some(Existing::File(bytes)))
        }
        Ok(_) => Ok(Some(Existing::Other)),
    }
}

/// Our own folders must be folders: through a link, a build would write elsewhere.
fn own_folders(dir: &Path) -> Result<(), Failure> {
    for name in [OWN, MANIFEST, STAGE] {
        let path = dir.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_dir() => return Err(failure("write", &path, io::ErrorKind::NotADirectory.into())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failure("read", &path, error)),
        }
    }
    Ok(())
}

fn clear_stage(dir: &Path) -> Result<(), Failure> {
    let stage = dir.join(STAGE);
    // The journal goes last; with half of the staged files gone it is still true, because what is not staged is done.
    for part in [dir.join(STAGED), stage] {
        match fs::remove_dir_all(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failure("remove", &part, error)),
            _ => {}
        }
    }
    Ok(())
}

fn stage(dir: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let staged = dir.join(STAGED).join(path);
    create_folder(staged.parent().unwrap_or(dir))?;
    write_durably(&staged, text)
}

/// Writes a file whose bytes are on the disk, and not only on their way to it, when this returns.
fn write_durably(path: &Path, text: &str) -> Result<(), Failure> {
    create_folder(path.parent().unwrap_or(path))?;
    let written = fs::File::create(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| failure("write", path, error))
}

fn create_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| failure("create", path, error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::rename(from, to).map_err(|error| failure("write", to, error))
}

/// Removes the folders above a removed file, as far as nothing is in them any more.
fn remove_empty_folders(dir: &Path, removed: &Path) {
    let mut folder = removed.parent();
    while let Some(path) = folder.filter(|path| *path != dir) {
        // Fails if it is not empty, which is what we want to know.
        if fs::remove_dir(path).is_err() {
            return;
        }
        folder = path.parent();
    }
}

/// The names of the manifest's files, sorted; none if there is no manifest.
fn manifests_of(dir: &Path) -> Result<Vec<String>, Failure> {
    let folder = &dir.join(MANIFEST);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failure("read", folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        found.push(entry.map_err(|error| failure("read", folder, error))?.file_name().to_string_lossy().into_owned());
    }
    found.retain(|name| Path::new(name).extension().is_some_and(|extension| extension == "jsonl"));
    found.sort();
    Ok(found)
}

fn failure(action: &'static str, path: &Path, source: io::Error) -> Failure {
    Failure::Io { action, path: PathBuf::from(path).display().to_string(), source }
}
