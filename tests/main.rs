//! All integration tests in one binary.
// Helpers of tests are not inside `#[test]` functions, and may do what tests may do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, clippy::print_stderr, unreachable_pub)]

mod account;
mod architecture;
mod archives;
mod attributes;
mod behaviour;
mod book;
mod builds;
mod cases;
mod cli;
mod codes;
mod constraints;
mod corpus;
mod dialects;
mod diff;
mod django;
mod drf;
mod encodings;
mod evolution;
mod explain;
mod foreign;
mod format;
mod hostile;
mod identity;
mod impact;
mod legacy;
mod lint;
mod lts;
mod migrations;
mod mutants;
mod native;
mod online;
mod operations;
mod output;
mod properties;
mod recipes;
mod reference;
mod relations;
mod rolling;
mod rows;
mod samples;
mod sql;
mod support;
mod together;
mod versions;
