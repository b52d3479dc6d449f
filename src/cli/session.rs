//! What all commands that read a model have in common: files, settings, compiling, printing the findings.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use super::args::{Color, Format, Global};
use super::{err, exit, out};
use crate::diagnostic::{Level, Report, render};
use crate::failure::Failure;
use crate::pipeline::{Input, Loader, Outcome, compile};
use crate::read::{self, InputFile};
use crate::settings::{self, Limits, Settings};
use crate::source::{INSIDE, Sources};
use crate::util::words;

/// Reads settings and model and compiles them; the findings are not printed yet.
///
/// `keep_going` emits although there are errors.
pub(super) fn compile_model(model: &Path, global: &Global, keep_going: bool) -> Result<(Outcome, Settings), Failure> {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let mut settings = load_settings(model, global, &mut sources, &mut report)?;
    for (names, level) in [(&global.allow, Level::Allow), (&global.warn, Level::Warning), (&global.deny, Level::Error)]
    {
        for name in names {
            settings::check_lint_name(name).map_err(|message| Failure::Usage {
                message: format!("there is no code, slug or family `{name}`"),
                help: message,
            })?;
            settings.lints.push((name.clone(), level));
        }
    }
    let file = read_model(model, &settings.limits)?;
    let root = model_root(model);
    let outcome = compile(Input {
        files: vec![file],
        loader: &Siblings { root, limits: settings.limits.clone() },
        settings: settings.clone(),
        sources,
        report,
        keep_going,
    })?;
    Ok((outcome, settings))
}

/// Prints the findings in the format asked for, and gives the exit status that they ask for.
pub(super) fn print_findings(outcome: &Outcome, global: &Global) -> u8 {
    let options =
        render::Options { color: use_color(global.color), width: width(), max: global.max_diagnostics.0, ascii: false };
    let (report, sources, elements) = (&outcome.report, &outcome.sources, &outcome.elements);
    match global.format {
        Format::Human if global.quiet && report.is_sound() => {}
        Format::Human => err(&render::human::render(report, sources, elements, &options)),
        Format::Short => out(&render::short::render(report, sources, elements, &options)),
        Format::Json => out(&render::json::render(report, sources, elements, &options)),
    }
    if report.is_sound() { exit::SUCCESS } else { exit::FINDINGS }
}

/// Whether to colour what goes to standard error.
pub(super) fn use_color(choice: Color) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("CLICOLOR_FORCE") => true,
        Color::Auto => std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// The width of the terminal, as far as the environment tells; 100 otherwise.
pub(super) fn width() -> usize {
    std::env::var_os("COLUMNS")
        .and_then(|columns| columns.to_str()?.parse().ok())
        .filter(|columns| (40..=400).contains(columns))
        .unwrap_or(100)
}

/// Reads a file, or a file in an archive: `archive.zip!/folder/model.xmi`.
fn read_model(path: &Path, limits: &Limits) -> Result<InputFile, Failure> {
    let name = path.display().to_string();
    if path.as_os_str() == "-" {
        let bytes = read_bytes(std::io::stdin().lock(), limits).map_err(|source| unreadable(path, source))?;
        return Ok(InputFile::new("<stdin>", bytes));
    }
    if path.is_dir() {
        return Err(Failure::Usage {
            message: format!("`{name}` is a folder"),
            help: "name one model file; documents that it refers to are read along".to_owned(),
        });
    }
    let Some(archive) = archive_of(path) else {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        return Ok(InputFile::new(name, read_bytes(file, limits).map_err(|source| unreadable(path, source))?));
    };
    let whole = read_model(&archive, limits)?;
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
fn model_root(model: &Path) -> PathBuf {
    match model.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        // What lies in an archive lies beside what the archive lies beside.
        Some(parent) => archive_of(model).map_or_else(|| parent.to_path_buf(), |archive| model_root(&archive)),
        None => PathBuf::from("."),
    }
}

/// Documents beside the model or in folders below it. Nothing above the model's folder is read, and never the network.
struct Siblings {
    root: PathBuf,
    limits: Limits,
}

impl Loader for Siblings {
    fn load(&self, path: &str) -> Option<InputFile> {
        let path = Path::new(path);
        let root = self.root.canonicalize().ok()?;
        let real = archive_of(path).unwrap_or_else(|| path.to_path_buf()).canonicalize().ok()?;
        if !real.starts_with(root) || !real.is_file() {
            return None;
        }
        read_model(path, &self.limits).ok()
    }
}

fn load_settings(
    model: &Path,
    global: &Global,
    sources: &mut Sources,
    report: &mut Report,
) -> Result<Settings, Failure> {
    let path = match &global.config {
        Some(path) => Some(path.clone()),
        None if global.isolated => None,
        None => find_settings(&model_root(model)),
    };
    let text = match &path {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|source| Failure::Io {
            action: "read",
            path: path.display().to_string(),
            source,
        })?),
        None => None,
    };
    let name = path.map(|path| path.display().to_string()).unwrap_or_default();
    Ok(settings::load(text.as_deref().map(|text| (name.as_str(), text)), sources, report))
}

/// The nearest `umlaut.toml` from the model's folder upwards; a repository's root is the last folder that is asked.
fn find_settings(folder: &Path) -> Option<PathBuf> {
    let start = folder.canonicalize().ok()?;
    for (depth, folder) in start.ancestors().enumerate() {
        let candidate = folder.join("umlaut.toml");
        if candidate.is_file() {
            // The path as the user would write it, where that is short.
            return Some(if depth == 0 { model_relative(&start, candidate) } else { candidate });
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn model_relative(start: &Path, candidate: PathBuf) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| start.strip_prefix(here).ok().map(Path::to_path_buf));
    here.map_or(candidate, |folder| folder.join("umlaut.toml"))
}
