//! What all commands that read a model have in common: files, settings, compiling, printing the findings.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::args::{Color, Format, Global, Model};
use super::models::{self, Siblings};
use super::{err, exit, out};
use crate::diagnostic::{Level, Report, codes, render};
use crate::failure::Failure;
use crate::pipeline::{Input, Outcome, compile, findings, understand};
use crate::settings::{self, Day, Settings};
use crate::source::Sources;

/// What a command wants of the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All that is to be said.
    Findings,
    /// The model too, and what it becomes; nothing is written.
    Model,
    /// The files, if there is no error.
    Files,
    /// The files, although there are errors.
    FilesAnyway,
}

/// Reads settings and model and compiles them; the findings are not printed yet.
pub(super) fn compile_model(model: &Model, global: &Global, wanted: Wanted) -> Result<(Outcome, Settings), Failure> {
    compile_project(model, global, wanted, &Past::Ignored)
}

/// The day, in Greenwich (Howard Hinnant, "chrono-compatible low-level date algorithms": `civil_from_days`).
fn today() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    day_of(since.as_secs() / 86_400)
}

/// The day that is so many days after the first of January 1970. Years begin in March, so that the leap day is their last.
fn day_of(days: u64) -> Day {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let small = |part: u64| u8::try_from(part).unwrap_or(u8::MAX);
    Day(u16::try_from(year).unwrap_or(u16::MAX), small(month), small(day))
}

/// Whether what earlier builds left is looked at.
pub(super) enum Past {
    /// It does not matter.
    Ignored,
    /// It lies in this folder, else where the settings say.
    In(Option<PathBuf>),
    /// The same, and what is there is somebody else's.
    Adopted(Option<PathBuf>),
    /// It is this.
    Given(crate::lock::Past),
}

/// The same for a project that lies on the disk.
pub(super) fn compile_project(
    model: &Model,
    global: &Global,
    wanted: Wanted,
    past: &Past,
) -> Result<(Outcome, Settings), Failure> {
    compile_version(model, global, wanted, past, model.first())
}

/// The same with the settings that hold for another model: two versions of one are read alike, wherever they lie.
pub(super) fn compile_version(
    model: &Model,
    global: &Global,
    wanted: Wanted,
    past: &Past,
    settings_of: &Path,
) -> Result<(Outcome, Settings), Failure> {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let mut settings = load_settings(&models::root(settings_of), global, &mut sources, &mut report)?;
    settings.today = Some(today());
    if model.together {
        // Somebody said that they are one model.
        settings.lints.push((codes::U0209.id.to_owned(), Level::Allow));
    }
    for (names, level) in [(&global.allow, Level::Allow), (&global.warn, Level::Warning), (&global.deny, Level::Error)]
    {
        for name in names {
            settings::check_lint_name(name).map_err(|message| Failure::Usage {
                message: format!("there is no code, slug or family `{name}`"),
                help: message,
            })?;
            if settings::is_fixed(name, level) {
                return Err(Failure::Usage {
                    message: format!("the level of `{name}` is fixed"),
                    help: "what it finds cannot be built; `--keep-going` writes the rest".to_owned(),
                });
            }
            settings.lints.push((name.clone(), level));
        }
    }
    let files = models::read(model, &settings.limits)?;
    let mut siblings = Siblings::of(model, &settings.limits);
    match past {
        Past::Ignored => {}
        Past::In(out) => {
            let (out, settings) = (out.clone(), settings.clone());
            siblings = siblings.with_past(move |name| folder(out.as_deref(), &settings, name));
        }
        Past::Adopted(out) => {
            settings.evolution.adopt = true;
            let (out, settings) = (out.clone(), settings.clone());
            siblings = siblings.with_past(move |name| folder(out.as_deref(), &settings, name));
        }
        Past::Given(past) => siblings = siblings.with_given(past.clone()),
    }
    let input = Input {
        files,
        loader: &siblings,
        settings: settings.clone(),
        sources,
        report,
        keep_going: wanted == Wanted::FilesAnyway,
    };
    let outcome = match wanted {
        Wanted::Findings => findings(input),
        Wanted::Model => understand(input),
        Wanted::Files | Wanted::FilesAnyway => compile(input)?,
    };
    siblings.finish()?;
    Ok((outcome, settings))
}

/// Where the project called `name` lies.
pub(super) fn folder(out: Option<&Path>, settings: &Settings, name: &str) -> PathBuf {
    let out = out.map(Path::to_path_buf).or_else(|| settings.out.as_ref().map(PathBuf::from));
    out.unwrap_or_else(|| Path::new("build").join(name))
}

/// Prints the findings in the format asked for, and gives the exit status that they ask for.
pub(super) fn print_findings(outcome: &Outcome, global: &Global) -> u8 {
    let options =
        render::Options { color: use_color(global.color), width: width(), max: global.max_diagnostics.0, ascii: false };
    let (report, sources, elements) = (&outcome.report, &outcome.sources, &outcome.elements);
    match global.format {
        Format::Human if global.quiet && report.is_sound() => {}
        Format::Human | Format::Markdown => err(&render::human::render(report, sources, elements, &options)),
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

fn load_settings(
    folder: &Path,
    global: &Global,
    sources: &mut Sources,
    report: &mut Report,
) -> Result<Settings, Failure> {
    let path = match &global.config {
        Some(path) => Some(path.clone()),
        None if global.isolated => None,
        None => find_settings(folder),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (days, day) in [
            (0, Day(1970, 1, 1)),
            (59, Day(1970, 3, 1)),
            (11_016, Day(2000, 2, 29)),
            (11_017, Day(2000, 3, 1)),
            (20_453, Day(2025, 12, 31)),
            (20_454, Day(2026, 1, 1)),
        ] {
            assert_eq!(day_of(days), day);
        }
    }
}
