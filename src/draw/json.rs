//! Pictures as JSON, for tools that draw or compare them themselves.

use serde_json::{Value, json};

use super::{Picture, Tip};

/// One object: `title`, `nodes` and `edges`; edges name nodes by their path.
pub fn json(picture: &Picture) -> String {
    let nodes: Vec<Value> = picture
        .nodes
        .iter()
        .map(|node| {
            let rows: Vec<Value> = node.rows.iter().map(|row| json!({"text": row.text, "reasons": row.told})).collect();
            json!({
                "path": node.path, "title": node.title, "kind": node.kicker, "group": node.group,
                "abstract": node.italic, "rows": rows, "reasons": node.told,
            })
        })
        .collect();
    let path = |index: usize| picture.nodes.get(index).map(|node| node.path.as_str());
    let edges: Vec<Value> = picture
        .edges
        .iter()
        .map(|edge| {
            json!({
                "from": path(edge.from), "to": path(edge.to), "label": edge.label, "from_label": edge.tail_label,
                "to_label": edge.head_label, "from_tip": tip(edge.tail), "to_tip": tip(edge.head),
                "dashed": edge.stroke.dashed, "reasons": edge.told,
            })
        })
        .collect();
    format!("{:#}\n", json!({"title": picture.title, "nodes": nodes, "edges": edges}))
}

fn tip(tip: Tip) -> &'static str {
    match tip {
        Tip::Plain => "none",
        Tip::Arrow => "navigable",
        Tip::Triangle => "general",
        Tip::Diamond => "shared",
        Tip::FilledDiamond => "composite",
    }
}
