//! `umlaut diff`: what changes between two versions of a model, told before anything is written.

mod json;
mod markdown;
mod text;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::args::{Diff, Format, Global, Model};
use super::places::{Places, printable};
use super::session::{Past, Wanted, compile_version, folder, print_findings};
use super::{err, exit, out};
use crate::diagnostic::{Diagnostic, Level};
use crate::django::State;
use crate::evolve;
use crate::failure::Failure;
use crate::inventory::{Difference, Inventory, compare};
use crate::lock::{self, Lock};
use crate::pipeline::Outcome;
use crate::settings::Settings;
use crate::source::{Sources, Span};
use crate::sql;
use crate::uml;

/// Everything that is told, ready to be printed.
struct Comparison {
    /// What is called the old version.
    old: String,
    /// What is called the new version.
    new: String,
    changes: Vec<Change>,
    migrations: Vec<Migration>,
    risks: Vec<Risk>,
}

/// What happened to a part of the diagram.
struct Change {
    word: &'static str,
    kind: &'static str,
    path: String,
    /// The path that it had, if that was another one.
    from: Option<String>,
    /// Where it is, else where it was; nothing is known of the last build's diagram.
    place: Option<Place>,
    differences: Vec<Difference>,
    parts: Vec<(usize, &'static str)>,
}

struct Place {
    file: String,
    line: usize,
    column: usize,
}

/// A migration that would be written.
struct Migration {
    /// Its file in the project.
    path: String,
    /// What it does, a sentence each.
    operations: Vec<String>,
    python: String,
    /// What it does to PostgreSQL.
    sql: String,
}

/// What rows, or those who work with them, would suffer.
struct Risk {
    level: Level,
    code: &'static str,
    slug: &'static str,
    message: String,
    place: Option<Place>,
    notes: Vec<String>,
    help: Vec<String>,
}

pub(super) fn run(args: &Diff, global: &Global) -> Result<u8, Failure> {
    let model = |path: &PathBuf| Model { models: vec![path.clone()], together: args.together };
    let new_path = args.models.last().cloned().unwrap_or_else(|| PathBuf::from("-"));
    let new_model = model(&new_path);
    let old_path = args.models.first().filter(|_| args.models.len() > 1);
    if old_path.is_some() && args.out.is_some() {
        return Err(Failure::Usage {
            message: "two models are compared with each other, not with a folder".to_owned(),
            help: "leave `--out` out, or name only the new model".to_owned(),
        });
    }
    let mut old = None;
    let past = match old_path {
        None => Past::In(args.out.clone()),
        Some(path) => {
            let (mut outcome, _) =
                compile_version(&model(path), global, Wanted::FilesAnyway, &Past::Ignored, &new_path)?;
            let Some(files) = outcome.files.take() else { return Ok(print_findings(&outcome, global)) };
            let files = files.iter().map(|(path, file)| (path.to_owned(), file.content.clone()));
            let past = lock::Past::of(files);
            old = Some(outcome);
            Past::Given(past)
        }
    };
    let (outcome, settings) = compile_version(&new_model, global, Wanted::FilesAnyway, &past, &new_path)?;
    if outcome.files.is_none() {
        return Ok(print_findings(&outcome, global));
    }
    let comparison = match (&old, &past) {
        (Some(old), Past::Given(past)) => between(old, past, &outcome, &settings),
        (_, past) => since(past, &outcome, &settings)?,
    };
    match global.format {
        Format::Human => out(&text::print(&comparison)),
        Format::Short => out(&text::short(&comparison)),
        Format::Markdown => out(&markdown::print(&comparison)),
        Format::Json => out(&json::print(&comparison)),
    }
    tell_others(&outcome, global);
    Ok(if outcome.report.is_sound() { exit::SUCCESS } else { exit::FINDINGS })
}

/// Two files.
fn between(old: &Outcome, past: &lock::Past, new: &Outcome, settings: &Settings) -> Comparison {
    let (was, is) = (uml::inventory(&old.model, &old.elements), uml::inventory(&new.model, &new.elements));
    let name = |outcome: &Outcome| outcome.model.documents.first().map_or_else(String::new, |it| it.file.clone());
    comparison((name(old), name(new)), (&was, &is), (Some(&old.sources), Some(&new.sources)), past, new, settings)
}

/// A file and what the last build left.
fn since(past: &Past, new: &Outcome, settings: &Settings) -> Result<Comparison, Failure> {
    let name = new.model.documents.first().map_or_else(String::new, |it| it.file.clone());
    let Past::In(out) = past else { return Err(Failure::internal("there is no last build".to_owned())) };
    let folder = folder(out.as_deref(), settings, &new.project.name);
    let files = crate::output::disk::read_past(&folder, lock::FILE, lock::OWN)?;
    let past = lock::Past::of(files);
    if past.migrations.is_empty() {
        return Err(Failure::Usage {
            message: format!("nothing was built in `{}` yet", folder.display()),
            help:
                "name the folder of the project with `--out`, or an older version of the model: `umlaut diff OLD NEW`"
                    .to_owned(),
        });
    }
    // What cannot be followed is told by the compilation.
    let before = State::before(new.project.django, &new.project.user);
    let built = evolve::replay(&past, before, &mut crate::diagnostic::Report::default());
    let was = built.map(|built| lock::inventory(&past.lock, &built.state)).unwrap_or_default();
    let lock = Lock::of(&new.project, &new.elements);
    let mut is = lock::inventory(&lock, &State::of(&new.project));
    let places: BTreeMap<String, Span> =
        new.elements.iter().map(|(element, seen)| (new.elements.path(element), seen.span)).collect();
    for thing in &mut is.things {
        thing.at = places.get(&thing.path).copied();
    }
    let old = format!("the last build in {}", folder.display());
    Ok(comparison((old, name), (&was, &is), (None, Some(&new.sources)), &past, new, settings))
}

fn comparison(
    names: (String, String),
    (was, is): (&Inventory, &Inventory),
    sources: (Option<&Sources>, Option<&Sources>),
    past: &lock::Past,
    new: &Outcome,
    settings: &Settings,
) -> Comparison {
    let (old_places, new_places) = (sources.0.map(Places::new), sources.1.map(Places::new));
    let at = |places: &Option<Places<'_>>, span: Option<Span>| {
        let (file, position) = places.as_ref()?.at(span?);
        Some(Place { file: file.to_owned(), line: position.line, column: position.column })
    };
    let changes = compare(was, is, &settings.evolution.rename).into_iter().filter_map(|change| {
        let thing = change.thing()?;
        let from = change.old.filter(|old| old.path != thing.path && (change.is_renamed || change.is_moved));
        Some(Change {
            word: change.word(),
            kind: thing.kind,
            path: printable(&thing.path),
            from: from.map(|old| printable(&old.path)),
            place: match change.new {
                Some(new) => at(&new_places, new.at),
                None => at(&old_places, thing.at),
            },
            differences: change.differences,
            parts: change.parts,
        })
    });
    let changes = changes.collect();
    let migrations = migrations(past, new);
    let risks = new.report.diagnostics().iter().filter(|it| is_risk(it) && it.level != Level::Allow).map(|it| Risk {
        level: it.level,
        code: it.code.id,
        slug: it.code.slug,
        message: printable(&it.message),
        place: at(&new_places, it.place()),
        notes: it.notes.iter().map(|text| printable(text)).collect(),
        help: it.help.iter().map(|text| printable(text)).collect(),
    });
    Comparison { old: names.0, new: names.1, changes, migrations, risks: risks.collect() }
}

/// What would be written, after what is there.
fn migrations(past: &lock::Past, new: &Outcome) -> Vec<Migration> {
    let before = State::before(new.project.django, &new.project.user);
    let history = evolve::history(past, &before);
    let mut database = sql::Database::new(before);
    for migration in history {
        database.migrate(&migration);
    }
    let text = |path: &str| {
        let mut files = new.files.iter().flat_map(crate::output::FileSet::iter);
        files.find(|(known, _)| *known == path).map(|(_, file)| file.content.clone())
    };
    let core = &new.project.core;
    let installed = new.evolution.extensions.as_ref().map(|extensions| {
        let path = format!("{core}/migrations/{}.py", extensions.name);
        Migration {
            operations: vec!["Install extensions of PostgreSQL".to_owned()],
            python: text(&path).unwrap_or_default(),
            sql: sql::extensions(extensions.operations.iter().copied()),
            path,
        }
    });
    let written = new.evolution.migrations.iter().map(|migration| {
        let path = format!("{}/migrations/{}.py", migration.app, migration.name);
        Migration {
            python: text(&path).unwrap_or_default(),
            operations: migration.operations.iter().map(crate::django::Operation::describe).collect(),
            sql: database.migrate(migration),
            path,
        }
    });
    installed.into_iter().chain(written).collect()
}

fn is_risk(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.id.starts_with("U13")
}

/// What is wrong with the new version besides is the business of `check`.
fn tell_others(outcome: &Outcome, global: &Global) {
    let count = |level| outcome.report.diagnostics().iter().filter(|it| !is_risk(it) && it.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    if errors + warnings > 0 && !global.quiet {
        err(&format!(
            "besides, the new version has {errors} errors and {warnings} warnings: `umlaut check` shows them\n"
        ));
    }
}

impl Place {
    fn text(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Comparison {
    fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.migrations.is_empty() && self.risks.is_empty()
    }

    /// `3 changes, 1 migration, 2 risks`
    fn summary(&self) -> String {
        let counts = [
            counted(self.changes.len(), "change of the model", "changes of the model"),
            counted(self.migrations.len(), "migration", "migrations"),
            counted(self.risks.len(), "risk", "risks"),
        ];
        counts.join(", ")
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

impl Change {
    /// `added class with 3 attributes`, without the path.
    fn parts(&self) -> Option<String> {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// What was said and is said, in a few words: documentation is too long for that.
fn told(difference: &Difference) -> String {
    let what = difference.what;
    let long =
        |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > 60 || text.contains('\n'));
    if what == "documentation" || long(&difference.old) && long(&difference.new) {
        return match (&difference.old, &difference.new) {
            (None, _) => format!("{what}: added"),
            (_, None) => format!("{what}: removed"),
            _ => format!("{what}: another text"),
        };
    }
    let show = |text: &Option<String>| text.as_deref().map_or_else(|| "nothing".to_owned(), clip);
    match (&difference.old, &difference.new) {
        (None, Some(new)) if new == "yes" => format!("{what} now"),
        (Some(old), None) if old == "yes" => format!("not {what} any more"),
        (old, new) => format!("{what}: {} \u{2192} {}", show(old), show(new)),
    }
}

fn clip(text: &str) -> String {
    let text = printable(text.trim());
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}\u{2026}", &text[..at]),
        None if text.is_empty() => "\"\"".to_owned(),
        None => text,
    }
}
