//! Pictures: boxes with rows, lines between them. For `umlaut graph`, reports and the book.
//!
//! A picture knows nothing of UML or Django; whoever wants one drawn fills it.

mod dot;
mod layout;
mod svg;

pub use dot::dot;
pub use svg::svg;

/// Boxes and lines.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The boxes; lines name them by their position.
    pub nodes: Vec<Node>,
    /// The lines.
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Clone, Debug)]
pub struct Node {
    /// Small text above the title: `«enumeration»`.
    pub kicker: Option<String>,
    /// The title.
    pub title: String,
    /// Whether the title is in italics, as of abstract classes.
    pub italic: bool,
    /// Rows below the title.
    pub rows: Vec<String>,
    /// The group that it belongs to, which decides its colour: a package.
    pub group: String,
}

/// A line. It is laid out so that `to` stands above `from`.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// How its start looks.
    pub tail: Tip,
    /// How its end looks.
    pub head: Tip,
    /// Dashed, as of realizations.
    pub dashed: bool,
    /// Text at its middle.
    pub label: String,
    /// Text at its start: role and multiplicity.
    pub tail_label: String,
    /// Text at its end.
    pub head_label: String,
}

/// The end of a line, as UML draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tip {
    /// Nothing.
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
