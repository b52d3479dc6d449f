//! Output: the files of a project, what was written before, and the plan that leads from one to the other.

pub mod disk;
mod fileset;
pub mod manifest;
mod paths;
pub mod plan;

pub use fileset::{File, FileSet, Ownership};
pub use manifest::{Entry, Manifest};
pub use plan::{Action, Existing, Plan, Previous, Step};
