//! umlaut compiles UML class diagrams to complete Django projects.

pub mod account;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decision;
pub mod diagnostic;
pub mod django;
pub mod draw;
pub mod emit;
pub mod evolve;
pub mod facts;
pub mod failure;
pub mod graph;
pub mod link;
pub mod lower;
pub mod output;
pub mod pipeline;
pub mod policy;
pub mod profile;
pub mod python;
pub mod read;
pub mod resolve;
pub mod settings;
pub mod source;
pub mod uml;
pub mod util;
