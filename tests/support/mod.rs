//! What the integration tests share.

pub mod compile;
mod conditions;
pub mod corpus;
pub mod drawn;
pub mod edits;
pub mod found;
pub mod postgres;
pub mod projects;
pub mod python;
pub mod random;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use umlaut::django::DjangoVersion;

/// The package's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expected results are to be written instead of compared: `UMLAUT_BLESS=1`.
pub fn bless() -> bool {
    std::env::var_os("UMLAUT_BLESS").is_some_and(|value| value == "1")
}

/// The Django that projects of tests are written for where a test does not say it: `UMLAUT_DJANGO=5.2`, or the usual one.
pub fn django() -> DjangoVersion {
    let asked = std::env::var("UMLAUT_DJANGO").ok();
    asked.map_or_else(DjangoVersion::default, |number| DjangoVersion::new(&number).expect("a Django that we know"))
}

/// Tells whoever runs the tests, also of tests that pass: the harness keeps only what the macros print.
pub fn say(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// The folder of build results that survives from run to run: `target/judge`.
pub fn judge_dir() -> PathBuf {
    // Cargo promises `<target>/tmp`.
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent().unwrap_or(tmp).join("judge")
}

/// Runs `command` to its end, and fails the test with everything it printed if it does not succeed.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    let output = try_run(command);
    assert!(output.status.success(), "{}", describe(command, &output));
    output
}

/// Runs `command` to its end, whatever comes of it.
#[track_caller]
pub fn try_run(command: &mut Command) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) => panic!("cannot start {command:?}: {error}"),
    }
}

/// The command, its status and what it printed.
pub fn describe(command: &Command, output: &Output) -> String {
    let line: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    format!(
        "`{}`\nin {}\nended with {}\n--- stdout\n{}\n--- stderr\n{}",
        line.join(" "),
        command.get_current_dir().map_or_else(|| ".".to_owned(), |dir| dir.display().to_string()),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
