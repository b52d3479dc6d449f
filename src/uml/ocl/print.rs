//! Tree → text, with as few parentheses as the grammar needs.

use std::fmt::Write as _;

use super::tree::{BinaryOp, Kind, NodeId, Tree, UnaryOp};

impl Tree {
    /// The expression in OCL. Reading it again gives the same tree, as long as it has no subject (see [`Kind::Subject`]), which
    /// stands as `self` then.
    pub fn print(&self, root: NodeId) -> String {
        let mut text = String::new();
        self.write(root, 0, &mut text);
        // At the start it would be read as the keyword.
        match text.split_once(' ') {
            Some((first, rest)) if first.eq_ignore_ascii_case("context") => format!("_'{first}' {rest}"),
            _ => text,
        }
    }

    /// Writes a node where operators must bind at least so tightly; 9 is an operand, 10 something that has steps behind it.
    fn write(&self, id: NodeId, least: u8, out: &mut String) {
        let tightness = match &self.node(id).kind {
            Kind::Binary(operator, ..) => operator.tightness(),
            Kind::Unary(..) => 9,
            // Its body goes on as far as it can.
            Kind::Let { .. } => 0,
            _ => 10,
        };
        let open = tightness < least;
        if open {
            out.push('(');
        }
        self.write_kind(id, tightness, out);
        if open {
            out.push(')');
        }
    }

    fn write_kind(&self, id: NodeId, tightness: u8, out: &mut String) {
        match &self.node(id).kind {
            Kind::Integer(digits) | Kind::Real(digits) => out.push_str(digits),
            Kind::Text(text) => quote(text, out),
            Kind::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Null => out.push_str("null"),
            Kind::Own | Kind::Subject => out.push_str("self"),
            Kind::Unique => out.push_str("unique"),
            Kind::Name(name) => self::name(name, out),
            Kind::Path(path) => {
                if let [only] = path.as_slice() {
                    out.push('#');
                    self::name(only, out);
                }
                for (at, part) in path.iter().enumerate().filter(|_| path.len() > 1) {
                    out.push_str(if at > 0 { "::" } else { "" });
                    self::name(part, out);
                }
            }
            Kind::Member { of, name, .. } => {
                self.write(*of, 10, out);
                out.push('.');
                self::name(name, out);
            }
            Kind::Call { of, name, args, .. } => {
                if let Some(of) = of {
                    self.write(*of, 10, out);
                    out.push('.');
                }
                self::name(name, out);
                self.write_list(args, ("(", ")"), out);
            }
            Kind::Arrow(arrow) => {
                self.write(arrow.of, 10, out);
                out.push_str("->");
                self::name(&arrow.name, out);
                out.push('(');
                if !arrow.variables.is_empty() {
                    for (at, variable) in arrow.variables.iter().enumerate() {
                        out.push_str(if at > 0 { ", " } else { "" });
                        self::name(variable, out);
                    }
                    out.push_str(" | ");
                }
                self.write_list(&arrow.args, ("", ")"), out);
            }
            Kind::Unary(operator, of) => {
                out.push_str(if *operator == UnaryOp::Not { "not " } else { "-" });
                let start = out.len();
                // Two signs in a row would begin a comment.
                let is_signed = matches!(self.node(*of).kind, Kind::Unary(UnaryOp::Minus, _));
                self.write(*of, if *operator == UnaryOp::Minus && is_signed { 10 } else { tightness }, out);
                // `not null` may speak of the subject.
                let rest = out[start..].strip_prefix("null").map(|rest| !rest.starts_with(is_part_of_name));
                if *operator == UnaryOp::Not && rest == Some(true) {
                    out.replace_range(start..start + "null".len(), "(null)");
                }
            }
            Kind::Binary(operator, left, right) => {
                self.write(*left, tightness, out);
                let _ = write!(out, " {} ", operator.text());
                self.write(*right, tightness + 1, out);
            }
            Kind::If(test, yes, no) => {
                for (word, part) in [("if ", test), (" then ", yes), (" else ", no)] {
                    out.push_str(word);
                    self.write(*part, 0, out);
                }
                out.push_str(" endif");
            }
            Kind::Let { name, ty, value, body } => {
                out.push_str("let ");
                self::name(name, out);
                if let Some(ty) = ty {
                    let _ = write!(out, " : {ty}");
                }
                out.push_str(" = ");
                self.write(*value, 1, out);
                out.push_str(" in ");
                self.write(*body, 0, out);
            }
            Kind::Collection(kind, items) => {
                out.push_str(kind.text());
                self.write_list(items, ("{", "}"), out);
            }
            Kind::Range(first, last) => {
                self.write(*first, 1, out);
                out.push_str("..");
                self.write(*last, 1, out);
            }
        }
    }

    fn write_list(&self, items: &[NodeId], (open, close): (&str, &str), out: &mut String) {
        out.push_str(open);
        for (at, item) in items.iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { "" });
            self.write(*item, 0, out);
        }
        out.push_str(close);
    }
}

/// A name, in quotes where it would be a keyword.
fn name(name: &str, out: &mut String) {
    const KEYWORDS: [&str; 25] = [
        "and",
        "or",
        "xor",
        "implies",
        "not",
        "div",
        "mod",
        "if",
        "then",
        "else",
        "endif",
        "let",
        "in",
        "is",
        "between",
        "true",
        "false",
        "null",
        "self",
        "this",
        "unique",
        "set",
        "orderedset",
        "bag",
        "sequence",
    ];
    let is_plain = name.chars().all(is_part_of_name) && !name.starts_with(char::is_numeric);
    if is_plain && !name.is_empty() && !KEYWORDS.contains(&name.to_lowercase().as_str()) {
        out.push_str(name);
    } else {
        out.push('_');
        quote(name, out);
    }
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// `'it''s'`
fn quote(text: &str, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            _ => out.push(c),
        }
    }
    out.push('\'');
}

impl std::fmt::Display for BinaryOp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}
