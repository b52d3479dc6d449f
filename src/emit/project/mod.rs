//! The project's shell: settings, URL map, entry points, requirements and the page that explains them.
//!
//! What the other emitters contributed ends up here.

mod markdown;
mod view;

use view::View;

use super::tera::Templates;
use super::{Context, Emitter, Parts};
use crate::django::Project;
use crate::django::project::Database;
use crate::failure::Failure;
use crate::output::{File, FileSet, Ownership};

/// Writes the project's shell.
#[derive(Clone, Copy, Debug)]
pub struct Shell;

/// A template: the path that comes out, its text and whom the file belongs to. The names begin without a dot, or git would
/// take those of this repository to be meant for it.
macro_rules! templates {
    ($($path:literal from $name:literal: $ownership:ident;)*) => {
        const TEMPLATES: &[(&str, &str, Ownership)] =
            &[$(($path, include_str!(concat!("templates/", $name)), Ownership::$ownership)),*];
    };
}

templates! {
    ".env.example" from "env.example": Shared;
    ".gitattributes" from "gitattributes": Shared;
    ".gitignore" from "gitignore": Shared;
    "README.md" from "README.md": Shared;
    "config/__init__.py" from "config/__init__.py": Shared;
    "config/asgi.py" from "config/asgi.py": Shared;
    "config/settings/__init__.py" from "config/settings/__init__.py": Shared;
    "config/settings/base.py" from "config/settings/base.py": Shared;
    "config/settings/local.py" from "config/settings/local.py": Shared;
    "config/settings/production.py" from "config/settings/production.py": Shared;
    "config/settings/test.py" from "config/settings/test.py": Shared;
    "config/urls.py" from "config/urls.py": Shared;
    "config/wsgi.py" from "config/wsgi.py": Shared;
    "manage.py" from "manage.py": Generated;
    "pyproject.toml" from "pyproject.toml": Shared;
    "requirements-dev.txt" from "requirements-dev.txt": Shared;
    "requirements.txt" from "requirements.txt": Shared;
}

/// The version of PostgreSQL's client.
const PSYCOPG: &str = "~=3.3";

/// The package of the core app, whose label only the project knows.
const CORE: [(&str, &str); 2] =
    [("__init__.py", include_str!("templates/core/__init__.py")), ("apps.py", include_str!("templates/core/apps.py"))];

impl Emitter for Shell {
    fn name(&self) -> &'static str {
        "project"
    }

    fn contribute(&self, project: &Project, parts: &mut Parts) {
        let mut require = |name: &str, version: &str| {
            parts.requirements.insert(name.to_owned(), version.to_owned());
        };
        require("django", project.django.requirement());
        require("environs[django]", "~=15.2");
        require("gunicorn", "~=27.0");
        require("whitenoise", "~=6.12");
        if project.databases.contains(&Database::Postgresql) {
            require("psycopg[binary,pool]", PSYCOPG);
        }
        parts.dev_requirements.insert("ruff".to_owned(), "~=0.17".to_owned());
        parts.addresses.insert("/admin/".to_owned(), "admin".to_owned());
    }

    fn write(&self, context: Context<'_>, out: &mut FileSet) -> Result<(), Failure> {
        let core = CORE.map(|(name, text)| (name, text, Ownership::Generated));
        let all: Vec<_> = TEMPLATES.iter().chain(&core).map(|(name, text, _)| (*name, *text)).collect();
        let templates = Templates::new(&all)?;
        let view = View::of(context.project, context.parts, context.evolution);
        for (path, _, ownership) in TEMPLATES {
            out.add(*path, file(&templates.render(path, &view)?, *ownership))?;
        }
        if view.uses_core {
            for (name, _, ownership) in core {
                let path = format!("{}/{name}", context.project.core);
                out.add(path, file(&templates.render(name, &view)?, ownership))?;
            }
        }
        Ok(())
    }
}

/// A file of the shell comes from the project as a whole, not from some element.
fn file(text: &str, ownership: Ownership) -> File {
    // Templates end with an empty line where their last block is conditional.
    let content = format!("{}\n", text.trim_end());
    File { content, ownership, elements: Vec::new() }
}

#[cfg(test)]
mod tests;
