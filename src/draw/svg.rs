//! Pictures as SVG, to be put into a wiki or a report as they are.

use std::fmt::Write;

use super::layout::{KICKER, LABEL, ROW, Rect, TITLE, layout};
use super::{Edge, Node, Picture, Tip};

/// Fill and border of the boxes of each group, in the order in which groups are met.
const COLOURS: [(&str, &str); 8] = [
    ("#eef4fb", "#33658a"),
    ("#f3f8ee", "#55772f"),
    ("#fdf3e7", "#a15c17"),
    ("#f7eef7", "#7a4a86"),
    ("#eef8f6", "#2c7a6b"),
    ("#fbeeee", "#9a3b3b"),
    ("#f6f4e4", "#7c6a1b"),
    ("#f0f0f4", "#54546e"),
];

/// The picture as a whole SVG document. All text is escaped; nothing is loaded from elsewhere.
pub fn svg(picture: &Picture) -> String {
    let placed = layout(picture);
    let (width, height) = (placed.width.ceil(), placed.height.ceil());
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Helvetica, Arial, sans-serif\">"
    );
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
    for (edge, line) in picture.edges.iter().zip(&placed.lines) {
        draw_edge(&mut out, edge, line);
    }
    let mut groups: Vec<&str> = Vec::new();
    for (node, rect) in picture.nodes.iter().zip(&placed.boxes) {
        let group = groups.iter().position(|group| *group == node.group).unwrap_or_else(|| {
            groups.push(&node.group);
            groups.len() - 1
        });
        draw_node(&mut out, node, *rect, COLOURS[group % COLOURS.len()]);
    }
    // Texts of lines come last, so that no line crosses them out.
    for (edge, line) in picture.edges.iter().zip(&placed.lines) {
        label_edge(&mut out, edge, line);
    }
    out.push_str("</svg>\n");
    out
}

fn draw_node(out: &mut String, node: &Node, at: Rect, (fill, border): (&str, &str)) {
    let _ = writeln!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"3\" fill=\"{fill}\" stroke=\"{border}\"/>",
        at.x, at.y, at.width, at.height
    );
    let middle = at.x + at.width / 2.0;
    let mut y = at.y;
    if let Some(kicker) = &node.kicker {
        y += KICKER;
        text(out, middle, y, "font-size=\"10\" text-anchor=\"middle\" fill=\"#555\"", kicker);
    }
    let style = if node.italic { " font-style=\"italic\"" } else { "" };
    let title = format!("font-size=\"13\" font-weight=\"bold\" text-anchor=\"middle\"{style}");
    text(out, middle, y + 16.0, &title, &node.title);
    y += TITLE;
    if !node.rows.is_empty() {
        let _ = writeln!(
            out,
            "<line x1=\"{:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\" stroke=\"{border}\"/>",
            at.x,
            at.x + at.width
        );
        for row in &node.rows {
            y += ROW;
            text(out, at.x + 10.0, y - 1.0, "font-size=\"11\"", row);
        }
    }
}

fn draw_edge(out: &mut String, edge: &Edge, line: &[(f64, f64)]) {
    let mut path = String::new();
    for (index, (x, y)) in line.iter().enumerate() {
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { "M" } else { " L" });
    }
    let dash = if edge.dashed { " stroke-dasharray=\"5 4\"" } else { "" };
    let _ = writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"#555\" stroke-linejoin=\"round\"{dash}/>");
    if let [first, second, ..] = line {
        draw_tip(out, edge.tail, *first, *second);
    }
    if let [.., before, last] = line {
        draw_tip(out, edge.head, *last, *before);
    }
}

/// A tip at `at`, seen from `from`.
fn draw_tip(out: &mut String, tip: Tip, at: (f64, f64), from: (f64, f64)) {
    let (dx, dy) = (from.0 - at.0, from.1 - at.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let point = |along: f64, aside: f64| (at.0 + ux * along - uy * aside, at.1 + uy * along + ux * aside);
    let polygon =
        |points: &[(f64, f64)]| points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let _ = match tip {
        Tip::Plain => Ok(()),
        Tip::Arrow => writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#555\"/>",
            polygon(&[point(10.0, 4.5), at, point(10.0, -4.5)])
        ),
        Tip::Triangle => writeln!(
            out,
            "<polygon points=\"{}\" fill=\"white\" stroke=\"#555\"/>",
            polygon(&[at, point(13.0, 7.0), point(13.0, -7.0)])
        ),
        Tip::Diamond | Tip::FilledDiamond => writeln!(
            out,
            "<polygon points=\"{}\" fill=\"{}\" stroke=\"#555\"/>",
            polygon(&[at, point(8.0, 5.0), point(16.0, 0.0), point(8.0, -5.0)]),
            if tip == Tip::Diamond { "white" } else { "#555" }
        ),
    };
}

fn label_edge(out: &mut String, edge: &Edge, line: &[(f64, f64)]) {
    let style =
        format!("font-size=\"{LABEL}\" fill=\"#333\" paint-order=\"stroke\" stroke=\"white\" stroke-width=\"3\"");
    if edge.from == edge.to {
        // A loop at the right side of its box: the labels stand right of it.
        for (at, label) in [(line.first(), &edge.tail_label), (line.last(), &edge.head_label)] {
            if let Some((x, y)) = at {
                text(out, x + 36.0, y + 4.0, &style, label);
            }
        }
        return;
    }
    if let [first, second, ..] = line {
        end_label(out, &edge.tail_label, *first, *second, &style);
    }
    if let [.., before, last] = line {
        end_label(out, &edge.head_label, *last, *before, &style);
    }
    if !edge.label.is_empty() && line.len() > 1 {
        let middle = line.len() / 2;
        let (a, b) = (line[middle - 1], line[middle]);
        let style = format!("{style} text-anchor=\"middle\" font-style=\"italic\"");
        text(out, f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1), &style, &edge.label);
    }
}

/// The text at an end of a line: right of it.
fn end_label(out: &mut String, label: &str, at: (f64, f64), towards: (f64, f64), style: &str) {
    if label.is_empty() {
        return;
    }
    let y = at.1 + if towards.1 >= at.1 { 26.0 } else { -20.0 };
    text(out, at.0 + 5.0, y, style, label);
}

fn text(out: &mut String, x: f64, y: f64, style: &str, content: &str) {
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}</text>", escaped(content));
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push(' ');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(title: &str, group: &str) -> Node {
        Node {
            kicker: None,
            title: title.to_owned(),
            italic: false,
            rows: vec!["a".to_owned()],
            group: group.to_owned(),
        }
    }

    fn edge(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            tail: Tip::Arrow,
            head: Tip::Triangle,
            dashed: false,
            label: String::new(),
            tail_label: "1".to_owned(),
            head_label: "*".to_owned(),
        }
    }

    #[test]
    fn boxes_do_not_overlap_even_in_cycles() {
        let picture = Picture {
            nodes: (0..9).map(|index| node(&format!("Class{index}"), "p")).collect(),
            edges: vec![
                edge(0, 1),
                edge(1, 2),
                edge(2, 0),
                edge(3, 1),
                edge(4, 1),
                edge(5, 0),
                edge(5, 2),
                edge(6, 6),
                edge(7, 2),
            ],
        };
        let placed = layout(&picture);
        for (i, a) in placed.boxes.iter().enumerate() {
            for b in &placed.boxes[i + 1..] {
                let apart =
                    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                assert!(apart, "{a:?} {b:?}");
            }
            assert!(a.x >= 0.0 && a.x + a.width <= placed.width && a.y + a.height <= placed.height);
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        let text = svg(&Picture { nodes: vec![node("<script>&\u{1b}", "p")], edges: Vec::new() });
        assert!(text.contains("&lt;script&gt;&amp; "), "{text}");
    }

    #[test]
    fn nothing_is_a_picture_too() {
        assert!(svg(&Picture::default()).ends_with("</svg>\n"));
    }
}
