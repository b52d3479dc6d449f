//! Pictures as SVG, to be put into a wiki or a report as they are.

use std::fmt::Write;

use super::layout::{KICKER, LABEL, ROW, Rect, TITLE, layout, text_width};
use super::{Edge, Node, Picture, Stroke, Tip};

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

/// The size of the font of the legend, and the room that a line of it takes.
const LEGEND: f64 = 11.0;
const LEGEND_LINE: f64 = 20.0;
/// The texts of lines, over a white rim.
const LABEL_STYLE: &str = "paint-order=\"stroke\" stroke=\"white\" stroke-width=\"3\"";
/// The length of a line of the legend as it is drawn.
const SAMPLE: f64 = 34.0;

/// The picture as a whole SVG document. All text is escaped; nothing is loaded from elsewhere.
pub fn svg(picture: &Picture) -> String {
    let placed = layout(picture);
    let mut groups: Vec<&str> = Vec::new();
    for node in &picture.nodes {
        if !groups.contains(&node.group.as_str()) {
            groups.push(&node.group);
        }
    }
    let legend = Legend::of(picture, &groups);
    let width = placed.width.max(legend.width).ceil();
    let height = (placed.height + legend.height).ceil();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">"
    );
    if !picture.title.is_empty() {
        let _ = writeln!(out, "<title>{}</title>", escaped(&picture.title));
    }
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
    for (edge, line) in picture.edges.iter().zip(&placed.lines) {
        draw_edge(&mut out, edge, line);
    }
    for (node, rect) in picture.nodes.iter().zip(&placed.boxes) {
        let group = groups.iter().position(|group| *group == node.group).unwrap_or(0);
        draw_node(&mut out, node, *rect, COLOURS[group % COLOURS.len()]);
    }
    // Texts of lines come last, so that no line crosses them out.
    let mut taken: Taken = placed.boxes.iter().map(|at| (at.x, at.y, at.x + at.width, at.y + at.height)).collect();
    for (edge, line) in picture.edges.iter().zip(&placed.lines) {
        label_ends(&mut out, edge, line, &mut taken);
    }
    for (edge, line) in picture.edges.iter().zip(&placed.lines) {
        label_middle(&mut out, edge, line, &mut taken);
    }
    legend.draw(&mut out, picture, &groups, placed.height);
    out.push_str("</svg>\n");
    out
}

/// What colours and lines mean, below the picture.
struct Legend {
    width: f64,
    height: f64,
    /// Whether boxes of several groups are there to be told apart.
    shows_groups: bool,
}

impl Legend {
    fn of(picture: &Picture, groups: &[&str]) -> Self {
        let shows_groups = groups.len() > 1 && groups.len() <= COLOURS.len();
        let count = |lines: usize| f64::from(u32::try_from(lines).unwrap_or(u32::MAX));
        let lines = picture.legend.len().max(if shows_groups { groups.len() } else { 0 });
        let group = groups.iter().map(|name| text_width(name, LEGEND)).fold(0.0, f64::max);
        let key = picture.legend.iter().map(|key| text_width(&key.text, LEGEND)).fold(0.0, f64::max);
        let height = if lines == 0 { 0.0 } else { count(lines) * LEGEND_LINE + 16.0 };
        Self { width: Self::column(group, shows_groups) + key + SAMPLE + 60.0, height, shows_groups }
    }

    /// The width of the first column.
    fn column(text: f64, shown: bool) -> f64 {
        if shown { text + 64.0 } else { 0.0 }
    }

    fn draw(&self, out: &mut String, picture: &Picture, groups: &[&str], top: f64) {
        let style = format!("font-size=\"{LEGEND}\" fill=\"#333\"");
        let mut x = 24.0;
        if self.shows_groups {
            let mut y = top;
            for (group, (fill, border)) in groups.iter().zip(COLOURS) {
                let _ = writeln!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"18\" height=\"12\" rx=\"2\" fill=\"{fill}\" stroke=\"{border}\"/>",
                    y - 2.0
                );
                let name = if group.is_empty() { "no package" } else { group };
                text(out, x + 26.0, y + 8.0, &style, name);
                y += LEGEND_LINE;
            }
            let widest = groups.iter().map(|name| text_width(name, LEGEND)).fold(0.0, f64::max);
            x += Self::column(widest, true);
        }
        let mut y = top + 4.0;
        for key in &picture.legend {
            let line = [(x, y), (x + SAMPLE, y)];
            let sample = Edge { stroke: key.stroke, head: key.head, ..Edge::default() };
            draw_edge(out, &sample, &line);
            text(out, x + SAMPLE + 8.0, y + 4.0, &style, &key.text);
            y += LEGEND_LINE;
        }
    }
}

/// What is told when somebody points at a thing, as its first child.
fn tooltip(told: &[String]) -> String {
    if told.is_empty() { String::new() } else { format!("<title>{}</title>", escaped_lines(told)) }
}

fn escaped_lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

fn draw_node(out: &mut String, node: &Node, at: Rect, (fill, border): (&str, &str)) {
    let _ = writeln!(
        out,
        "<g>{}<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"3\" fill=\"{fill}\" stroke=\"{border}\"/>",
        tooltip(&node.told),
        at.x,
        at.y,
        at.width,
        at.height
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
            told_text(out, at.x + 10.0, y - 1.0, "font-size=\"11\"", &row.text, &row.told);
        }
    }
    out.push_str("</g>\n");
}

fn draw_edge(out: &mut String, edge: &Edge, line: &[(f64, f64)]) {
    let mut path = String::new();
    for (index, (x, y)) in line.iter().enumerate() {
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { "M" } else { " L" });
    }
    let Stroke { colour, dashed, bold } = edge.stroke;
    let dash = if dashed { " stroke-dasharray=\"5 4\"" } else { "" };
    let width = if bold { " stroke-width=\"1.8\"" } else { "" };
    let _ =
        writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-linejoin=\"round\"{width}{dash}/>");
    if let [first, second, ..] = line {
        draw_tip(out, edge.tail, colour, *first, *second);
    }
    if let [.., before, last] = line {
        draw_tip(out, edge.head, colour, *last, *before);
    }
    if !edge.told.is_empty() {
        // A wider line that nobody sees: one can point at it.
        let _ = writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"white\" stroke-opacity=\"0\" stroke-width=\"12\">{}</path>",
            tooltip(&edge.told)
        );
    }
}

/// A tip at `at`, seen from `from`.
fn draw_tip(out: &mut String, tip: Tip, colour: &str, at: (f64, f64), from: (f64, f64)) {
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
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\"/>",
            polygon(&[point(10.0, 4.5), at, point(10.0, -4.5)])
        ),
        Tip::Triangle => writeln!(
            out,
            "<polygon points=\"{}\" fill=\"white\" stroke=\"{colour}\"/>",
            polygon(&[at, point(13.0, 7.0), point(13.0, -7.0)])
        ),
        Tip::Diamond | Tip::FilledDiamond => writeln!(
            out,
            "<polygon points=\"{}\" fill=\"{}\" stroke=\"{colour}\"/>",
            polygon(&[at, point(8.0, 5.0), point(16.0, 0.0), point(8.0, -5.0)]),
            if tip == Tip::Diamond { "white" } else { colour }
        ),
    };
}

/// Where texts stand already: left, top, right, bottom.
type Taken = Vec<(f64, f64, f64, f64)>;

/// The texts at the ends of a line.
fn label_ends(out: &mut String, edge: &Edge, line: &[(f64, f64)], taken: &mut Taken) {
    let style = coloured(edge, LABEL_STYLE);
    if edge.from == edge.to {
        // A loop at the right side of its box: the labels stand right of it.
        for (at, label, below) in [
            (line.first(), &edge.tail_label, 4.0),
            (line.first(), &edge.label, 17.0),
            (line.last(), &edge.head_label, 4.0),
        ] {
            if let Some((x, y)) = at.filter(|_| !label.is_empty()) {
                text(out, x + 36.0, y + below, &style, label);
            }
        }
        return;
    }
    if let [first, second, ..] = line {
        end_label(out, &edge.tail_label, *first, *second, &style, taken);
    }
    if let [.., before, last] = line {
        end_label(out, &edge.head_label, *last, *before, &style, taken);
    }
}

/// The text of a line, where nothing else stands: at the middle of its longest part if that is free.
fn label_middle(out: &mut String, edge: &Edge, line: &[(f64, f64)], taken: &mut Taken) {
    if edge.label.is_empty() || edge.from == edge.to {
        return;
    }
    let width = text_width(&edge.label, LABEL);
    let mut parts: Vec<[(f64, f64); 2]> = line.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let length = |[a, b]: &[(f64, f64); 2]| (b.0 - a.0).hypot(b.1 - a.1);
    parts.sort_by(|one, other| length(other).total_cmp(&length(one)));
    let rect = |(x, y): (f64, f64)| (x - width / 2.0, y - 9.0, x + width / 2.0, y + 3.0);
    let candidates: Vec<(f64, f64)> = parts
        .iter()
        .flat_map(|[a, b]| [0.5, 0.35, 0.65, 0.2, 0.8].map(|t| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)))
        .collect();
    let is_free = |at: &&(f64, f64)| {
        let (left, top, right, bottom) = rect(**at);
        !taken.iter().any(|other| left < other.2 && other.0 < right && top < other.3 && other.1 < bottom)
    };
    let Some(&(x, y)) = candidates.iter().find(is_free).or(candidates.first()) else { return };
    taken.push(rect((x, y)));
    let style = format!("{} text-anchor=\"middle\" font-style=\"italic\"", coloured(edge, LABEL_STYLE));
    text(out, x, y, &style, &edge.label);
}

/// The style of a text of a line: in its colour, if that means something.
fn coloured(edge: &Edge, style: &str) -> String {
    let colour = if edge.stroke.colour == Stroke::default().colour { "#333" } else { edge.stroke.colour };
    format!("font-size=\"{LABEL}\" fill=\"{colour}\" {style}")
}

/// The text at an end of a line: right of it.
fn end_label(out: &mut String, label: &str, at: (f64, f64), towards: (f64, f64), style: &str, taken: &mut Taken) {
    if label.is_empty() {
        return;
    }
    let (x, y) = (at.0 + 5.0, at.1 + if towards.1 >= at.1 { 26.0 } else { -20.0 });
    taken.push((x, y - 9.0, x + text_width(label, LABEL), y + 3.0));
    text(out, x, y, style, label);
}

fn text(out: &mut String, x: f64, y: f64, style: &str, content: &str) {
    told_text(out, x, y, style, content, &[]);
}

fn told_text(out: &mut String, x: f64, y: f64, style: &str, content: &str, told: &[String]) {
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}{}</text>", tooltip(told), escaped(content));
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
    use super::super::Row;
    use super::*;

    fn node(title: &str, group: &str) -> Node {
        Node {
            title: title.to_owned(),
            rows: vec![Row::plain("a")],
            group: group.to_owned(),
            told: vec!["why <it> is".to_owned(), "there".to_owned()],
            ..Node::default()
        }
    }

    fn edge(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            tail: Tip::Arrow,
            head: Tip::Triangle,
            tail_label: "1".to_owned(),
            head_label: "*".to_owned(),
            ..Edge::default()
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
            ..Picture::default()
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
        let text = svg(&Picture { nodes: vec![node("<script>&\u{1b}", "p")], ..Picture::default() });
        assert!(
            text.contains("&lt;script&gt;&amp; ") && text.contains("<title>why &lt;it&gt; is\nthere</title>"),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_a_picture_too() {
        assert!(svg(&Picture::default()).ends_with("</svg>\n"));
    }
}
