//! The files of a model: one, several that are one model, all in a folder, one in an archive.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::args::Model;
use crate::failure::Failure;
use crate::lock::{self, Past};
use crate::output::disk;
use crate::pipeline::Loader;
use crate::read::{self, InputFile};
use crate::settings::Limits;
use crate::source::INSIDE;
use crate::util::words;

/// So much of a file in a folder is read to see whether it can be a model.
const HEAD: u64 = 4096;

/// Reads the files of a model, sorted: in which order they are named does not matter.
pub(super) fn read(model: &Model, limits: &Limits) -> Result<Vec<InputFile>, Failure> {
    let folder = model.models.iter().find(|path| path.is_dir());
    if let Some(folder) = folder.filter(|_| !model.together) {
        return Err(Failure::Usage {
            message: format!("`{}` is a folder", folder.display()),
            help: "name one model file; documents that it refers to are read along. If all files in the folder are \
                   one model, say `--together`"
                .to_owned(),
        });
    }
    if model.models.len() > 1 && !model.together {
        return Err(Failure::Usage {
            message: format!("{} models are named, and a project has one", model.models.len()),
            help: "if the files are parts of one model, say `--together`; otherwise build them one by one".to_owned(),
        });
    }
    let mut files = Vec::new();
    let mut known = BTreeSet::new();
    for path in &model.models {
        if path.is_dir() {
            let mut folder = Folder { name: path.display().to_string(), limits, bytes: 0, known: &mut known, files };
            folder.read(path)?;
            files = folder.files;
        } else if path.canonicalize().ok().is_none_or(|real| known.insert(real)) {
            files.push(read_one(path, limits)?);
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// A folder that is read as one model.
struct Folder<'a> {
    name: String,
    limits: &'a Limits,
    bytes: usize,
    /// The files that were read before.
    known: &'a mut BTreeSet<PathBuf>,
    files: Vec<InputFile>,
}

impl Folder<'_> {
    /// Reads the files of a folder and of those in it: not what is hidden, and no project that we wrote.
    fn read(&mut self, top: &Path) -> Result<(), Failure> {
        let mut folders = vec![top.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = folder.read_dir().map_err(|source| unreadable(&folder, source))?;
            for entry in entries {
                let entry = entry.map_err(|source| unreadable(&folder, source))?;
                let (path, name) = (entry.path(), entry.file_name());
                let kind = entry.file_type().map_err(|source| unreadable(&path, source))?;
                let is_ours = name == "umlaut.toml" || path.join(".umlaut").is_dir();
                if name.to_string_lossy().starts_with('.') || is_ours {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() && path.canonicalize().ok().is_none_or(|real| self.known.insert(real)) {
                    self.file(&path)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let mut file = File::open(path).map_err(|source| unreadable(path, source))?;
        let mut bytes = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut bytes).map_err(|source| unreadable(path, source))?;
        if read::may_be_model(&bytes) {
            bytes.extend(read_bytes(file, self.limits).map_err(|source| unreadable(path, source))?);
        }
        self.bytes = self.bytes.saturating_add(bytes.len());
        let (most_files, most_bytes) = (self.limits.archive_entries, self.limits.archive_bytes);
        if self.files.len() >= most_files || self.bytes > most_bytes {
            return Err(Failure::Usage {
                message: format!("`{}` holds more than {most_files} files or {most_bytes} bytes", self.name),
                help: "name the files of the model one by one, or raise `archive_entries` and `archive_bytes` under \
                       `[limits]`"
                    .to_owned(),
            });
        }
        let found_in = Some(self.name.clone());
        self.files.push(InputFile { name: path.display().to_string(), bytes, found_in });
        Ok(())
    }
}

/// Reads a file, or a file in an archive: `archive.zip!/folder/model.xmi`.
fn read_one(path: &Path, limits: &Limits) -> Result<InputFile, Failure> {
    let name = path.display().to_string();
    if path.as_os_str() == "-" {
        let bytes = read_bytes(std::io::stdin().lock(), limits).map_err(|source| unreadable(path, source))?;
        return Ok(InputFile::new("<stdin>", bytes));
    }
    let Some(archive) = archive_of(path) else {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        return Ok(InputFile::new(name, read_bytes(file, limits).map_err(|source| unreadable(path, source))?));
    };
    let whole = read_one(&archive, limits)?;
    let wanted = name.replace('\\', "/");
    match read::member(&whole.name, &whole.bytes, &wanted, limits) {
        Ok(bytes) => Ok(InputFile::new(wanted, bytes)),
        Err(names) => {
            let near = words::nearest(&wanted, names.iter().map(String::as_str));
            let known: Vec<&str> = if near.is_empty() { names.iter().map(String::as_str).collect() } else { near };
            let known: Vec<String> = known.iter().take(10).map(|name| format!("`{name}`")).collect();
            Err(Failure::Usage {
                message: format!("there is no `{wanted}`"),
                help: format!("there is {}", known.join(", ")),
            })
        }
    }
}

/// The archive before the first `!/` of a path, unless a file has just that name.
fn archive_of(path: &Path) -> Option<PathBuf> {
    let text = path.to_str().filter(|_| !path.exists())?;
    let places = text.match_indices(INSIDE).map(|(at, _)| PathBuf::from(&text[..at]));
    places.into_iter().find(|archive| archive.is_file())
}

/// One byte more than the limit is read, so that the reader sees that there is more.
fn read_bytes(file: impl Read, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(limits.file).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(path: &Path, source: std::io::Error) -> Failure {
    Failure::Io { action: "read", path: path.display().to_string(), source }
}

/// The folder whose files a model may refer to.
pub(super) fn root(model: &Path) -> PathBuf {
    if model.is_dir() {
        return model.to_path_buf();
    }
    match model.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        // What lies in an archive lies beside what the archive lies beside.
        Some(parent) => archive_of(model).map_or_else(|| parent.to_path_buf(), |archive| root(&archive)),
        None => PathBuf::from("."),
    }
}

/// The folder of a project, by its name.
type FolderOf = Box<dyn Fn(&str) -> PathBuf>;

/// Documents beside the models or in folders below them. Nothing above is read, and never the network.
pub(super) struct Siblings {
    roots: Vec<PathBuf>,
    limits: Limits,
    /// Where the project lies, by its name, if that matters.
    project: Option<FolderOf>,
    /// What stands for what lies there.
    given: Option<Past>,
    /// Why what lies there could not be read.
    failure: RefCell<Option<Failure>>,
}

impl Siblings {
    pub(super) fn of(model: &Model, limits: &Limits) -> Self {
        let mut roots: Vec<PathBuf> = model.models.iter().filter_map(|path| root(path).canonicalize().ok()).collect();
        roots.dedup();
        Self { roots, limits: limits.clone(), project: None, given: None, failure: RefCell::default() }
    }

    /// Looks for what earlier builds left in the folder that `project` gives for the name of a project.
    pub(super) fn with_past(self, project: impl Fn(&str) -> PathBuf + 'static) -> Self {
        Self { project: Some(Box::new(project)), ..self }
    }

    /// Takes `past` for what earlier builds left.
    pub(super) fn with_given(self, past: Past) -> Self {
        Self { given: Some(past), ..self }
    }

    /// What went wrong while something was looked for.
    pub(super) fn finish(self) -> Result<(), Failure> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

impl Loader for Siblings {
    fn load(&self, path: &str) -> Option<InputFile> {
        let path = Path::new(path);
        let real = archive_of(path).unwrap_or_else(|| path.to_path_buf()).canonicalize().ok()?;
        if !self.roots.iter().any(|root| real.starts_with(root)) || !real.is_file() {
            return None;
        }
        read_one(path, &self.limits).ok()
    }

    fn past(&self, name: &str) -> Past {
        if let Some(past) = &self.given {
            return past.clone();
        }
        let Some(project) = &self.project else { return Past::default() };
        match disk::read_past(&project(name), lock::FILE, lock::OWN) {
            Ok(files) => Past::of(files),
            Err(failure) => {
                self.failure.replace(Some(failure));
                Past::default()
            }
        }
    }
}
