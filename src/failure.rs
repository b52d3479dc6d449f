//! Failures: what stops or wraps a run and is not about the model. miette speaks about them; codespan-reporting about models.

use std::fmt;

/// Why a run could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// A file or folder that cannot be read or written.
    Io {
        /// What was tried: `read`, `write`, `create`.
        action: &'static str,
        /// The path.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Wrong usage that clap cannot see.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A template that cannot be rendered: our mistake, or the user's own template.
    Template {
        /// The template.
        name: String,
        /// Tera's report.
        message: String,
    },
    /// Our own mistake.
    Internal(String),
}

impl Failure {
    /// Our own mistake.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { action, path, .. } => write!(f, "cannot {action} `{path}`"),
            Self::Usage { message, .. } => write!(f, "{message}"),
            Self::Template { name, .. } => write!(f, "the template `{name}` cannot be rendered"),
            Self::Internal(message) => write!(f, "internal error: {message}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl miette::Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            Self::Usage { help, .. } => Some(Box::new(help)),
            Self::Template { message, .. } => Some(Box::new(message)),
            Self::Internal(_) => Some(Box::new("this is our mistake, not yours: please report it with the model")),
            Self::Io { .. } => None,
        }
    }
}
