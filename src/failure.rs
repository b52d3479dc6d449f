//! Failures: what stops or wraps a run and is not about the model. miette speaks about them; codespan-reporting about models.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};

use crate::source::excerpt::clean;

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

/// How a failure is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Drawn, with colours.
    Colored,
    /// Drawn, without colours.
    Plain,
    /// Told in sentences, for screen readers.
    Narrated,
}

impl Failure {
    /// Our own mistake.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into())
    }

    /// Prints it in `style` for a terminal of `width` columns.
    pub fn render(&self, style: Style, width: usize) -> String {
        let theme = match style {
            Style::Colored => GraphicalTheme::unicode(),
            Style::Plain => GraphicalTheme::unicode_nocolor(),
            Style::Narrated => {
                let mut out = String::new();
                // Writing to a string does not fail.
                let _ = NarratableReportHandler::new().render_report(&mut out, self);
                return out;
            }
        };
        let mut out = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
        let _ = handler.render_report(&mut out, self);
        out
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { action, path, .. } => write!(f, "cannot {action} `{}`", clean(path)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn missing() -> Failure {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        Failure::Io { action: "read", path: "shop\u{1b}.xmi".to_owned(), source }
    }

    #[test]
    fn a_failure_says_what_was_tried_and_what_the_system_answered() {
        let plain = missing().render(Style::Plain, 80);
        assert!(plain.contains("cannot read `shop␛.xmi`") && plain.contains("entity not found"), "{plain}");
        assert!(!plain.contains('\u{1b}'));
        assert!(missing().render(Style::Colored, 80).contains('\u{1b}'));
    }

    #[test]
    fn a_screen_reader_gets_sentences() {
        let usage = Failure::Usage { message: "several models".to_owned(), help: "give one".to_owned() };
        let told = usage.render(Style::Narrated, 80);
        assert!(told.contains("several models") && told.contains("give one") && told.is_ascii(), "{told}");
    }
}
