//! Output: the files of a project, what was written before, and the plan that leads from one to the other.

mod fileset;

pub use fileset::{File, FileSet, Ownership};
