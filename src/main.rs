//! The command line program: parses arguments, runs a command, prints a failure, chooses the exit status.

use std::process::ExitCode;

/// A large model is millions of small pieces, which are made one after the other and given back all at once: with a system's own
/// allocator the front end takes up to half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(umlaut::cli::main())
}
