//! A Python with everything that generated projects need, in a virtual environment of its own.
//!
//! There is one for each Django that projects can be written for. It is made once from `requirements.txt` beside this file, whose
//! line about Django is that of the newest, and kept in `target/judge`. Its name is the hash of the requirements and the interpreter,
//! so that a changed pin makes a new one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use umlaut::django::DjangoVersion;
use umlaut::output::manifest::sha256;

use super::{judge_dir, run, try_run};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// Each Django that projects can be written for, oldest first, as the requirements name it.
const PINS: [(DjangoVersion, &str); 2] =
    [(DjangoVersion::V5_2, "django==5.2.19\n"), (DjangoVersion::V6_1, "django==6.1.3\n")];

/// The oldest Python that Django 6.1 runs on.
const OLDEST: (u32, u32) = (3, 12);

/// The Django that the project in a folder asks for in its requirements, or that of tests, if there is no project.
pub fn asked_for(folder: &Path) -> DjangoVersion {
    let requirements = std::fs::read_to_string(folder.join("requirements.txt")).unwrap_or_default();
    let is_asked =
        |django: &DjangoVersion| requirements.lines().any(|line| line == format!("django{}", django.requirement()));
    DjangoVersion::ALL.into_iter().find(is_asked).unwrap_or_else(super::django)
}

/// The interpreter of the environment with this Django; the first call makes the environment, which takes a minute.
///
/// # Panics
///
/// If there is no suitable Python on this machine, or the packages cannot be installed: what needs Python is never skipped.
pub fn interpreter(django: DjangoVersion) -> &'static Path {
    static INTERPRETERS: [OnceLock<PathBuf>; 2] = [const { OnceLock::new() }; 2];
    let (place, _) = PINS.iter().enumerate().find(|(_, (version, _))| *version == django).expect("it has a pin");
    INTERPRETERS[place].get_or_init(|| {
        let base = find().unwrap_or_else(|tried| {
            panic!(
                "no Python {}.{} or newer was found, and generated projects cannot be judged without one; tried:\n{}\n\
                 install one (`uv python install 3.13`, `pyenv install 3.13`, or your system's package)",
                OLDEST.0,
                OLDEST.1,
                tried.join("\n")
            )
        });
        environment(&base, PINS[place].1)
    })
}

/// Runs the Python with the Django that the project in `cwd` asks for, with `args`, and fails the test with what it printed if it does not succeed.
///
/// The surrounding environment's `DJANGO_SETTINGS_MODULE`, `DATABASE_URL`, `SECRET_KEY` and Python variables are not passed on.
#[track_caller]
pub fn python(args: &[&str], cwd: &Path, envs: &[(&str, &str)]) -> Output {
    run(&mut command(args, cwd, envs))
}

/// The same, whatever comes of it.
#[track_caller]
pub fn try_python(args: &[&str], cwd: &Path, envs: &[(&str, &str)]) -> Output {
    try_run(&mut command(args, cwd, envs))
}

/// The same as [`python`] with this Django.
#[track_caller]
pub fn python_of(django: DjangoVersion, args: &[&str], cwd: &Path, envs: &[(&str, &str)]) -> Output {
    run(&mut command_of(django, args, cwd, envs))
}

/// What the script `tests/support/NAME.py` says about the projects in a folder: one JSON document a line.
pub fn answers(name: &str, root: &Path, django: DjangoVersion, envs: &[(&str, &str)]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(name).with_extension("py");
    let output = python_of(django, &[script.to_str().unwrap(), root.to_str().unwrap()], root, envs);
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The command itself.
pub fn command(args: &[&str], cwd: &Path, envs: &[(&str, &str)]) -> Command {
    command_of(asked_for(cwd), args, cwd, envs)
}

fn command_of(django: DjangoVersion, args: &[&str], cwd: &Path, envs: &[(&str, &str)]) -> Command {
    let mut command = Command::new(interpreter(django));
    for name in ["DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PYTHONPATH", "PYTHONHOME"] {
        command.env_remove(name);
    }
    command
        .args(args)
        .current_dir(cwd)
        // Judging a folder leaves nothing in it, and says the same everywhere.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .env("RUFF_NO_CACHE", "true")
        .envs(envs.iter().copied());
    command
}

/// Finds an interpreter that is new enough and works: `PATH`, then pyenv's versions, then uv's.
fn find() -> Result<PathBuf, Vec<String>> {
    let mut tried = Vec::new();
    let named = ["python3.14", "python3.13", "python3.12", "python3", "python"].map(PathBuf::from);
    for candidate in named.into_iter().chain(pyenv()).chain(uv()) {
        match version(&candidate) {
            Ok(version) if version >= OLDEST => return Ok(candidate),
            Ok((major, minor)) => tried.push(format!("  {}: is {major}.{minor}", candidate.display())),
            Err(why) => tried.push(format!("  {}: {why}", candidate.display())),
        }
    }
    Err(tried)
}

/// The version of an interpreter, asked of itself: a shim of pyenv is on `PATH` even where its version is not chosen.
fn version(candidate: &Path) -> Result<(u32, u32), String> {
    let output = Command::new(candidate)
        .args(["-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"])
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|word| word.parse().ok());
    match (output.status.success(), numbers.next(), numbers.next()) {
        (true, Some(major), Some(minor)) => Ok((major, minor)),
        _ => Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("does not work").to_owned()),
    }
}

/// The interpreters that pyenv keeps, newest first.
fn pyenv() -> Vec<PathBuf> {
    let root = std::env::var("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|_| std::env::var("HOME").map(|home| Path::new(&home).join(".pyenv")))
        .unwrap_or_default();
    let mut found: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(root.join("versions"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.split('.').filter_map(|part| part.parse().ok()).collect();
            (number, entry.path().join("bin/python3"))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The interpreter that uv would take.
fn uv() -> Option<PathBuf> {
    let output = Command::new("uv").args(["python", "find", ">=3.12"]).output().ok()?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !path.is_empty()).then(|| path.into())
}

/// Makes the environment, unless it is there. Another process may be doing the same: each works in a folder of its own, the
/// first to finish wins by renaming it. (Hence scripts in `bin`, which name the old folder, are not used: `python -m` is.)
fn environment(base: &Path, pin: &str) -> PathBuf {
    let newest = PINS[PINS.len() - 1].1;
    assert!(REQUIREMENTS.contains(newest), "the requirements name another Django than {newest}");
    let requirements = REQUIREMENTS.replace(newest, pin);
    let asked = run(Command::new(base).args(["-c", "import sys; print(sys.version, sys.base_prefix)"]));
    let asked = String::from_utf8_lossy(&asked.stdout);
    let folder = judge_dir().join(&sha256(format!("{requirements}{asked}").as_bytes())[..16]);
    let inside = Path::new(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if folder.join(inside).exists() {
        return folder.join(inside);
    }

    let draft = folder.with_extension(format!("{}.draft", std::process::id()));
    std::fs::create_dir_all(&draft).unwrap();
    let list = draft.join("requirements.txt");
    std::fs::write(&list, requirements).unwrap();
    run(Command::new(base).args(["-m", "venv"]).arg(&draft));
    run(Command::new(draft.join(inside))
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r"])
        .arg(&list));
    if std::fs::rename(&draft, &folder).is_err() {
        // Somebody else was faster.
        std::fs::remove_dir_all(&draft).unwrap();
    }
    assert!(folder.join(inside).exists(), "{} was not made", folder.display());
    folder.join(inside)
}

#[test]
fn the_judge_has_the_django_that_projects_are_written_for() {
    for (django, pin) in PINS {
        let output = python_of(django, &["-c", "import django; print(django.__version__)"], super::root(), &[]);
        assert_eq!(format!("django=={}", String::from_utf8_lossy(&output.stdout)), pin);
        assert_eq!(django.requirement().replace("~=", "django==") + "\n", pin);
    }
}
