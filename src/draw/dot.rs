//! Pictures as Graphviz text.

use std::fmt::Write;

use super::{Picture, Tip};

/// The picture in the DOT language.
pub fn dot(picture: &Picture) -> String {
    let mut out = String::from("digraph model {\n");
    out.push_str("  graph [rankdir=BT, fontname=\"Helvetica\"];\n");
    out.push_str("  node [shape=record, fontname=\"Helvetica\", fontsize=10, style=filled, fillcolor=white];\n");
    out.push_str("  edge [fontname=\"Helvetica\", fontsize=9];\n");
    for (index, node) in picture.nodes.iter().enumerate() {
        let mut label = String::from("{");
        if let Some(kicker) = &node.kicker {
            let _ = write!(label, "{}\\n", record(kicker));
        }
        label.push_str(&record(&node.title));
        if !node.rows.is_empty() {
            label.push('|');
            for row in &node.rows {
                let _ = write!(label, "{}\\l", record(&row.text));
            }
        }
        label.push('}');
        let told = quoted(&node.told.join("; "));
        let _ = writeln!(out, "  n{index} [label=\"{label}\", tooltip=\"{told}\"];");
    }
    for edge in &picture.edges {
        let style = if edge.stroke.dashed { ", style=dashed" } else { "" };
        let colour = edge.stroke.colour;
        let told = quoted(&edge.told.join("; "));
        let _ = writeln!(
            out,
            "  n{} -> n{} [dir=both, arrowtail={}, arrowhead={}, label=\"{}\", taillabel=\"{}\", headlabel=\"{}\", color=\"{colour}\", fontcolor=\"{colour}\", tooltip=\"{told}\"{style}];",
            edge.from,
            edge.to,
            tip(edge.tail),
            tip(edge.head),
            quoted(&edge.label),
            quoted(&edge.tail_label),
            quoted(&edge.head_label),
        );
    }
    out.push_str("}\n");
    out
}

fn tip(tip: Tip) -> &'static str {
    match tip {
        Tip::Plain => "none",
        Tip::Arrow => "vee",
        Tip::Triangle => "onormal",
        Tip::Diamond => "odiamond",
        Tip::FilledDiamond => "diamond",
    }
}

/// Text inside a double-quoted string of DOT.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text inside a record label, where braces, bars and angle brackets mean something too.
fn record(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '{' | '}' | '|' | '<' | '>' | ' ' | '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Edge, Node, Row, Stroke};
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        let node = |title: &str| Node { title: title.to_owned(), rows: vec![Row::plain("a|b")], ..Node::default() };
        let picture = Picture {
            nodes: vec![node("A\"]; evil"), node("{B}")],
            edges: vec![Edge {
                from: 0,
                to: 1,
                head: Tip::FilledDiamond,
                stroke: Stroke { dashed: true, ..Stroke::default() },
                label: "x\"\n".to_owned(),
                head_label: "1".to_owned(),
                ..Edge::default()
            }],
            ..Picture::default()
        };
        let text = dot(&picture);
        assert!(text.contains(r#"label="{A\"];\ evil|a\|b\l}""#), "{text}");
        assert!(text.contains(r#"label="x\" ""#), "{text}");
        assert!(text.contains("arrowhead=diamond") && text.contains("style=dashed"), "{text}");
    }
}
