//! A small document algebra: what may break where, and the printer that decides. The rules are those of Prettier, Black and
//! ruff: a group stays on one line if it fits there, else all its own lines break.

use unicode_width::UnicodeWidthChar;

use super::literal;

/// The longest line.
pub const WIDTH: usize = 100;

/// The narrowest piece that a long string is cut to, however deep it stands.
const NARROWEST: usize = 20;

/// A document.
#[derive(Clone, Debug)]
pub(super) enum Doc {
    /// Text without line ends.
    Text(String),
    /// The same.
    Static(&'static str),
    /// A string literal, which can be cut into pieces: Python joins adjacent ones.
    Literal(Literal),
    /// One after the other.
    Concat(Vec<Doc>),
    /// Breaks as a whole; `forced` if it cannot stay on one line.
    Group { content: Box<Doc>, forced: bool },
    /// One level deeper.
    Indent(Box<Doc>),
    /// Nothing, or the end of the line.
    SoftLine,
    /// A blank, or the end of the line.
    Line,
    /// Forces the group around it to break.
    Force,
    /// Text that is only there if the group around it breaks.
    IfBroken(&'static str),
    /// Stands in parentheses on lines of its own if its first `head` columns fit there, but not here.
    Headed { head: usize, content: Box<Doc> },
}

/// A string literal in parts that must not be torn apart.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    /// How it is written.
    pub kind: Kind,
    /// Words with the blanks after them.
    pub atoms: Vec<String>,
}

/// Kinds of string literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `"..."`; the parts are plain text.
    Plain,
    /// `r"..."`; the parts are plain text that needs no escapes.
    Raw,
    /// `f"..."`; the parts are escaped for double quotes.
    Format,
}

/// How many columns `text` takes, as ruff counts.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn group(parts: Vec<Self>) -> Self {
        let content = Self::Concat(parts);
        let forced = content.forced();
        Self::Group { content: Box::new(content), forced }
    }

    pub(super) fn indent(parts: Vec<Self>) -> Self {
        Self::Indent(Box::new(Self::Concat(parts)))
    }

    /// Whether something in it forces the lines around it to break. Looks no deeper than the groups, which know it.
    fn forced(&self) -> bool {
        match self {
            Self::Force => true,
            Self::Group { forced, .. } => *forced,
            Self::Concat(parts) => parts.iter().any(Self::forced),
            Self::Indent(content) | Self::Headed { content, .. } => content.forced(),
            _ => false,
        }
    }
}

impl Literal {
    /// In one piece.
    pub(super) fn flat(&self) -> String {
        self.write(&self.atoms.concat())
    }

    fn write(&self, text: &str) -> String {
        match self.kind {
            Kind::Plain => literal::quoted(text),
            Kind::Raw => format!("r{quote}{text}{quote}", quote = literal::quote_for(text)),
            Kind::Format => format!("f\"{text}\""),
        }
    }

    /// The literal in pieces of at most `room` columns, as far as its parts allow.
    fn pieces(&self, room: usize) -> Vec<String> {
        let room = room.max(NARROWEST);
        let mut pieces: Vec<String> = Vec::new();
        let mut piece = String::new();
        for atom in &self.atoms {
            let length = piece.len();
            piece.push_str(atom);
            if length > 0 && width(&self.write(&piece)) > room {
                let atom = piece.split_off(length);
                pieces.push(self.write(&std::mem::replace(&mut piece, atom)));
            }
        }
        pieces.push(self.write(&piece));
        pieces
    }
}

/// Where a document is printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// The indentation of the line, in columns.
    pub indent: usize,
    /// The column at which the text starts.
    pub column: usize,
    /// The columns taken by what follows on the same line.
    pub tail: usize,
}

impl Place {
    /// At the start of a line, `indent` columns from the left, nothing behind.
    pub fn start(indent: usize) -> Self {
        Self { indent, column: indent, tail: 0 }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Flat,
    Broken,
}

static CLOSING: Doc = Doc::Static(")");

/// Prints `doc`. The first line comes without its indentation, the last one without its end.
pub(super) fn print(doc: &Doc, place: Place) -> String {
    let mut out = String::new();
    let mut column = place.column;
    let mut stack = vec![(place.indent, Mode::Broken, doc)];
    while let Some((indent, mode, doc)) = stack.pop() {
        let new_line = |out: &mut String, column: &mut usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            *column = indent;
        };
        match doc {
            Doc::Text(text) => {
                column += width(text);
                out.push_str(text);
            }
            Doc::Static(text) => {
                column += text.len();
                out.push_str(text);
            }
            Doc::Literal(literal) => {
                let whole = literal.flat();
                let fits = fits(&stack, width(&whole), column, place.tail);
                let pieces =
                    if mode == Mode::Flat || fits { vec![whole] } else { literal.pieces(WIDTH - indent.min(WIDTH)) };
                for (index, piece) in pieces.iter().enumerate() {
                    if index > 0 {
                        new_line(&mut out, &mut column);
                    }
                    out.push_str(piece);
                }
                column += pieces.last().map_or(0, |piece| width(piece));
            }
            Doc::Concat(parts) => stack.extend(parts.iter().rev().map(|part| (indent, mode, part))),
            Doc::Indent(content) => stack.push((indent + 4, mode, content)),
            Doc::Headed { head, content } if column + head > WIDTH && indent + 4 + head <= WIDTH => {
                out.push('(');
                stack.extend([
                    (indent, Mode::Broken, &CLOSING),
                    (indent, Mode::Broken, &Doc::SoftLine),
                    (indent + 4, Mode::Broken, &**content),
                    (indent + 4, Mode::Broken, &Doc::SoftLine),
                ]);
            }
            Doc::Headed { content, .. } => stack.push((indent, mode, content)),
            Doc::Group { content, forced } => {
                stack.push((indent, Mode::Flat, content));
                if *forced || (mode == Mode::Broken && !fits(&stack, 0, column, place.tail)) {
                    stack.pop();
                    stack.push((indent, Mode::Broken, content));
                }
            }
            Doc::Line if mode == Mode::Flat => {
                column += 1;
                out.push(' ');
            }
            Doc::SoftLine | Doc::Line if mode == Mode::Broken => new_line(&mut out, &mut column),
            Doc::IfBroken(text) if mode == Mode::Broken => {
                column += text.len();
                out.push_str(text);
            }
            Doc::SoftLine | Doc::Line | Doc::IfBroken(_) | Doc::Force => {}
        }
    }
    out
}

/// Whether `more` columns and what stands on the stack, up to the next line that breaks, fit behind `column`.
fn fits(stack: &[(usize, Mode, &Doc)], more: usize, column: usize, tail: usize) -> bool {
    let mut used = column + more;
    let mut rest = stack.len();
    let mut ahead: Vec<(Mode, &Doc)> = Vec::new();
    while used <= WIDTH {
        let (state, next) = match ahead.pop() {
            Some(known) => known,
            None if rest == 0 => return used + tail <= WIDTH,
            None => {
                rest -= 1;
                (stack[rest].1, stack[rest].2)
            }
        };
        match next {
            Doc::Text(text) => used += width(text),
            Doc::Static(text) => used += text.len(),
            Doc::Literal(literal) => used += width(&literal.flat()),
            Doc::Concat(parts) => ahead.extend(parts.iter().rev().map(|part| (state, part))),
            Doc::Indent(content) | Doc::Headed { content, .. } => ahead.push((state, content)),
            Doc::Group { content, forced } => ahead.push((if *forced { Mode::Broken } else { state }, content)),
            Doc::SoftLine | Doc::Line if state == Mode::Broken => return true,
            Doc::Line => used += 1,
            Doc::IfBroken(text) if state == Mode::Broken => used += text.len(),
            Doc::SoftLine | Doc::IfBroken(_) | Doc::Force => {}
        }
    }
    false
}
