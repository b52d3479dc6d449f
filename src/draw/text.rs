//! Pictures as lines of text, for terminals and for those who do not see pictures.

use std::fmt::Write;

use super::{Edge, Picture, Tip};

/// Each box with its rows, then each line with what is told of it.
pub fn text(picture: &Picture) -> String {
    let mut out = String::new();
    for (index, node) in picture.nodes.iter().enumerate() {
        let kicker = node.kicker.as_ref().map_or_else(String::new, |kicker| format!(" {kicker}"));
        let _ = writeln!(out, "{}{kicker}", printable(&node.path));
        for row in &node.rows {
            let _ = writeln!(out, "  {}", printable(&row.text));
        }
        for edge in picture.edges.iter().filter(|edge| edge.from == index) {
            let to = picture.nodes.get(edge.to).map_or("", |node| node.path.as_str());
            let _ = writeln!(out, "  → {}{}", printable(to), printable(&words(edge)));
            for told in &edge.told {
                let _ = writeln!(out, "      {}", printable(told));
            }
        }
    }
    out
}

fn words(edge: &Edge) -> String {
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(match edge.head {
        Tip::Triangle => Some("is more general"),
        _ => None,
    });
    parts.extend([&edge.label, &edge.tail_label, &edge.head_label].into_iter().map(String::as_str));
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

/// Without characters that a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
