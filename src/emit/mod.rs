//! Emitters: from the Django project to files.
//!
//! Each emitter is a folder. First every emitter says what the shared files must mention ([`Parts`]), then each writes its
//! own files; there is no order among them.

mod admin;
mod drf;
mod migrations;
mod models;
mod parts;
pub mod project;
pub mod tera;
mod tests;

pub use parts::Parts;

use crate::django::{Evolution, Project};
use crate::failure::Failure;
use crate::output::FileSet;

/// What emitters write from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The project.
    pub project: &'a Project,
    /// The migrations that lead to it.
    pub evolution: &'a Evolution,
    /// What all emitters contributed.
    pub parts: &'a Parts,
}

/// One kind of output.
pub trait Emitter: Sync {
    /// Its name in `[emit] layers`.
    fn name(&self) -> &'static str;
    /// What the shared files must mention.
    fn contribute(&self, _project: &Project, _parts: &mut Parts) {}
    /// Writes its files.
    ///
    /// # Errors
    ///
    /// A template that cannot be rendered, or a path that is written twice.
    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure>;
}

/// All emitters. Their order means nothing: each writes files of its own.
pub fn registry() -> Vec<&'static dyn Emitter> {
    vec![&admin::Admin, &drf::Drf, &migrations::Migrations, &models::Models, &project::Shell, &tests::Tests]
}
