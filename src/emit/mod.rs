//! Emitters: from the Django project to files.
//!
//! Each emitter is a folder. First every emitter says what the shared files must mention ([`Parts`]), then each writes its
//! own files; there is no order among them.

mod admin;
mod behaviors;
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
    vec![
        &admin::Admin,
        &behaviors::Behaviors,
        &drf::Drf,
        &migrations::Migrations,
        &models::Models,
        &project::Shell,
        &tests::Tests,
    ]
}

/// The emitters without which there is no project; `[emit] layers` chooses among the others.
const ALWAYS: [&str; 4] = ["project", "models", "behaviors", "migrations"];

/// Writes the files of a project: first every chosen emitter contributes, then each writes.
///
/// # Errors
///
/// A template that cannot be rendered, or a path that is written twice.
pub fn emit(project: &Project, evolution: &Evolution, layers: &[String]) -> Result<FileSet, Failure> {
    let mut chosen = registry();
    chosen.retain(|emitter| ALWAYS.contains(&emitter.name()) || layers.iter().any(|layer| layer == emitter.name()));
    let mut parts = Parts::default();
    for emitter in &chosen {
        emitter.contribute(project, &mut parts);
    }
    let mut out = FileSet::default();
    for emitter in &chosen {
        emitter.write(Context { project, evolution, parts: &parts }, &mut out)?;
    }
    Ok(out)
}
