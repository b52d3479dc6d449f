//! Pictures: boxes with rows, lines between them. For `umlaut graph`, reports and the book.
//!
//! A picture knows nothing of UML or Django; whoever wants one drawn fills it.

mod dot;
mod json;
mod layout;
mod svg;
mod text;

pub use dot::dot;
pub use json::json;
pub use svg::svg;
pub use text::text;

/// Boxes and lines.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// What it shows, for those who see or hear it without its page.
    pub title: String,
    /// The boxes; lines name them by their position.
    pub nodes: Vec<Node>,
    /// The lines.
    pub edges: Vec<Edge>,
    /// What its colours and lines mean; those of groups are added where there are several.
    pub legend: Vec<Key>,
}

/// A line of the legend.
#[derive(Clone, Debug)]
pub struct Key {
    /// How such a line looks.
    pub stroke: Stroke,
    /// Its tip.
    pub head: Tip,
    /// What it means.
    pub text: String,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// As CSS writes it.
    pub colour: &'static str,
    /// Dashed, as of realizations.
    pub dashed: bool,
    /// Thicker than others.
    pub bold: bool,
}

impl Default for Stroke {
    fn default() -> Self {
        Self { colour: "#555", dashed: false, bold: false }
    }
}

/// A box.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Small text above the title: `«enumeration»`.
    pub kicker: Option<String>,
    /// The title.
    pub title: String,
    /// Whether the title is in italics, as of abstract classes.
    pub italic: bool,
    /// Rows below the title.
    pub rows: Vec<Row>,
    /// The group that it belongs to, which decides its colour: a package.
    pub group: String,
    /// Its full name.
    pub path: String,
    /// What is told when somebody points at it, a line each.
    pub told: Vec<String>,
}

/// A row of a box.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it says.
    pub text: String,
    /// What is told when somebody points at it.
    pub told: Vec<String>,
}

impl Row {
    /// A row with nothing behind it.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), told: Vec::new() }
    }
}

/// A line. It is laid out so that `to` stands above `from`.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// How its start looks.
    pub tail: Tip,
    /// How its end looks.
    pub head: Tip,
    /// How it looks.
    pub stroke: Stroke,
    /// Text at its middle.
    pub label: String,
    /// Text at its start: role and multiplicity.
    pub tail_label: String,
    /// Text at its end.
    pub head_label: String,
    /// What is told when somebody points at it, a line each.
    pub told: Vec<String>,
}

/// The end of a line, as UML draws it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tip {
    /// Nothing.
    #[default]
    Plain,
    /// An open arrow: navigable.
    Arrow,
    /// A hollow triangle: generalization.
    Triangle,
    /// A hollow diamond: shared aggregation.
    Diamond,
    /// A filled diamond: composition.
    FilledDiamond,
}
