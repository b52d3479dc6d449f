//! `umlaut build`: compiles a model and writes its project.

use std::fmt::Write;
use std::path::Path;

use super::args::{Build, Global};
use super::session::{Past, Wanted, compile_project, folder, print_findings};
use super::{exit, out};
use crate::failure::Failure;
use crate::lock;
use crate::output::plan::{Action, Plan};
use crate::output::{File, FileSet, Ownership, disk, plan};
use crate::pipeline::Outcome;

pub(super) fn run(args: &Build, global: &Global) -> Result<u8, Failure> {
    if args.adopt {
        return adopt(args, global);
    }
    let wanted = if args.keep_going { Wanted::FilesAnyway } else { Wanted::Files };
    let (mut outcome, settings) = compile_project(&args.input, global, wanted, &Past::In(args.out.clone()))?;
    let Some(files) = outcome.files.take() else {
        return Ok(print_findings(&outcome, global));
    };
    let folder = folder(args.out.as_deref(), &settings, &outcome.project.name);
    let previous = disk::read_previous(&folder, &files)?;
    let errors = outcome.report.errors();
    let plan = plan::plan(&files, &previous, &outcome.elements, &mut outcome.report);
    outcome.report.finish(&settings.lints);
    let status = print_findings(&outcome, global);
    // What was edited by hand or is in the way stops all writing, `--keep-going` or not.
    if outcome.report.errors() > errors {
        return Ok(exit::FINDINGS);
    }
    if args.check {
        return Ok(report_check(&plan, &folder, status, global));
    }
    disk::write(&folder, &plan)?;
    if !global.quiet {
        out(&summary(&outcome, &plan, &folder));
    }
    Ok(status)
}

/// Writes the lock, and enters the migrations that are there as ours.
fn adopt(args: &Build, global: &Global) -> Result<u8, Failure> {
    let (mut outcome, settings) =
        compile_project(&args.input, global, Wanted::Files, &Past::Adopted(args.out.clone()))?;
    let Some(files) = outcome.files.take() else {
        return Ok(print_findings(&outcome, global));
    };
    let folder = folder(args.out.as_deref(), &settings, &outcome.project.name);
    let mut adopted = FileSet::default();
    for (path, text) in disk::read_past(&folder, lock::FILE, lock::OWN)? {
        if path == lock::FILE {
            return Err(Failure::Usage {
                message: format!("{} has a `{path}` already", folder.display()),
                help: "build without `--adopt`".to_owned(),
            });
        }
        if path.contains("/migrations/") && !path.ends_with("/__init__.py") {
            adopted.add(path, File { content: text, ownership: Ownership::Sealed, elements: Vec::new() })?;
        }
    }
    let count = adopted.iter().count();
    if count == 0 {
        return Err(Failure::Usage {
            message: format!("{} has no migrations", folder.display()),
            help: "`--adopt` takes over what is there; `--out` says where that is".to_owned(),
        });
    }
    if let Some((path, file)) = files.iter().find(|(path, _)| *path == lock::FILE) {
        adopted.add(path, file.clone())?;
    }
    let previous = disk::read_previous(&folder, &adopted)?;
    let plan = plan::plan(&adopted, &previous, &outcome.elements, &mut outcome.report);
    outcome.report.finish(&settings.lints);
    let status = print_findings(&outcome, global);
    if status == exit::SUCCESS {
        disk::write(&folder, &plan)?;
        if !global.quiet {
            out(&format!("adopted {}: {count} migrations lead to the model\n", folder.display()));
        }
    }
    Ok(status)
}

fn report_check(plan: &Plan, folder: &Path, status: u8, global: &Global) -> u8 {
    let mut text = String::new();
    for step in &plan.steps {
        let word = match step.action {
            Action::Create => "is missing",
            Action::Update => "is not what the model gives",
            Action::Remove => "is no longer part of the project",
            Action::Keep | Action::Leave => continue,
        };
        let _ = writeln!(text, "{}: {word}", folder.join(&step.path).display());
    }
    if text.is_empty() {
        return status;
    }
    if !global.quiet {
        let _ = writeln!(text, "run `umlaut build` to bring {} up to date", folder.display());
        out(&text);
    }
    exit::FINDINGS
}

fn summary(outcome: &Outcome, plan: &Plan, folder: &Path) -> String {
    let count = |wanted: Action| plan.paths(wanted).count();
    let (created, updated, removed) = (count(Action::Create), count(Action::Update), count(Action::Remove));
    let project = &outcome.project;
    let models: usize = project.apps.iter().map(|app| app.models.iter().filter(|it| it.is_concrete()).count()).sum();
    let apps: Vec<&str> =
        project.apps.iter().filter(|app| !app.models.is_empty()).map(|app| app.label.as_str()).collect();
    let folder_name = folder.display();
    let mut text = String::new();
    if created + updated + removed == 0 {
        let _ = writeln!(text, "{folder_name} is up to date: {}", files(plan.steps.len()));
        return text;
    }
    let mut parts = Vec::new();
    for (number, word) in [(created, "created"), (updated, "updated"), (removed, "removed")] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    let _ = writeln!(
        text,
        "wrote {folder_name}: {} ({})\n  {models} models in {} ({}), {} migrations",
        files(created + updated + removed),
        parts.join(", "),
        if apps.len() == 1 { "1 app".to_owned() } else { format!("{} apps", apps.len()) },
        apps.join(", "),
        outcome.evolution.migrations.len(),
    );
    let _ = writeln!(
        text,
        "\nstart it with uv:\n  cd {folder_name} && uv run manage.py migrate && uv run manage.py runserver\n\
         or with Python 3.12 or newer and pip:\n  cd {folder_name} && python3 -m venv .venv && .venv/bin/pip install -r requirements.txt\n  \
         .venv/bin/python manage.py migrate && .venv/bin/python manage.py runserver\n\
         then open http://127.0.0.1:8000/api/v1/ or /admin/ (`manage.py createsuperuser` makes the first user)"
    );
    text
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
