//! The command line program: parses arguments, runs a command, prints a failure, chooses the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(umlaut::cli::main())
}
