//! `umlaut check`: everything that `build` would say.

use super::args::{Global, Model};
use super::session::{Wanted, compile_model, print_findings};
use crate::failure::Failure;

pub(super) fn run(args: &Model, global: &Global) -> Result<u8, Failure> {
    let (outcome, _) = compile_model(args, global, Wanted::Findings)?;
    Ok(print_findings(&outcome, global))
}
