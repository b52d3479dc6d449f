//! The command line: the only face that touches the disk, the terminal and the environment.

// This is the room that may read files and the environment (clippy.toml).
#![allow(clippy::disallowed_methods)]

mod args;
mod build;
mod check;
mod diff;
mod dump;
pub mod exit;
mod explain;
mod graph;
mod inspect;
mod models;
mod places;
mod session;
mod things;

use std::io::Write;

use clap::Parser;

use crate::failure::{Failure, Style};
use args::{Cli, Command, Format};

/// Runs the program and gives its exit status (see [`exit`]).
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help and version to standard output, wrong usage to standard error.
            let status = if error.use_stderr() { exit::FAILURE } else { exit::SUCCESS };
            let _ = error.print();
            return status;
        }
    };
    let style = if session::use_color(cli.global.color) { Style::Colored } else { Style::Plain };
    let print = |failure: &Failure| err(&failure.render(style, session::width()));
    // The default hook would print a trace of our code in front of the message for people.
    std::panic::set_hook(Box::new(|_| {}));
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&cli))) {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => {
            print(&failure);
            if matches!(failure, Failure::Internal(_)) { exit::BUG } else { exit::FAILURE }
        }
        Err(panic) => {
            let reason = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("without a message");
            print(&Failure::internal(format!("the compiler panicked: {reason}")));
            exit::BUG
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Failure> {
    if cli.global.format == Format::Markdown && !matches!(cli.command, Command::Diff(_)) {
        return Err(Failure::Usage {
            message: "only `umlaut diff` writes Markdown".to_owned(),
            help: "findings are printed as `human`, `short` or `json`".to_owned(),
        });
    }
    match &cli.command {
        Command::Build(build) => build::run(build, &cli.global),
        Command::Check(model) => check::run(model, &cli.global),
        Command::Diff(diff) => diff::run(diff, &cli.global),
        Command::Explain(explain) => explain::run(explain, &cli.global),
        Command::Inspect(inspect) => inspect::run(inspect, &cli.global),
        Command::Dump(dump) => dump::run(dump, &cli.global),
        Command::Graph(graph) => graph::run(graph, &cli.global),
    }
}

/// Prints the result to standard output. A reader that went away (`| head`) is no failure.
fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}

/// Prints talk and findings to standard error.
fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
