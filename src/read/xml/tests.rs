//! Documents, sound and damaged, to trees.

use super::build;
use crate::diagnostic::Report;
use crate::settings::Limits;
use crate::source::Sources;

fn read(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let mut sources = Sources::default();
    let source = sources.add("test.xmi", text);
    let mut report = Report::default();
    let tree = build(&sources.get(source).text, source, "test.xmi", &Limits::default(), &mut report);
    let lines = (0..tree.len())
        .map(|node| {
            let depth = std::iter::successors(tree.parent(node), |&parent| tree.parent(parent)).count();
            let text = tree.text(node).map_or(String::new(), |text| format!(" {:?}", text.value));
            format!("{}{}{text}", "  ".repeat(depth), tree.tag(node))
        })
        .collect();
    (lines, report.diagnostics().iter().map(|diagnostic| diagnostic.code.id).collect())
}

#[test]
fn a_tree_has_children_texts_and_places() {
    let text = "<a>\n <b n='x&amp;y'>one <!-- c -->two<![CDATA[<3>]]></b><c/>\n</a>";
    assert_eq!(read(text), (vec!["a".into(), "  b \"one two<3>\"".into(), "  c".into()], vec![]));
    let source = Sources::default().add("", text);
    let mut report = Report::default();
    let tree = build(text, source, "", &Limits::default(), &mut report);
    let value = tree.plain(1, "n").expect("an attribute");
    assert_eq!((value.value, &text[value.span.range()]), ("x&y", "x&amp;y"));
    assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn damage_is_told_and_the_rest_is_read() {
    for (text, lines, codes) in [
        ("<a><b></a>", vec!["a", "  b"], vec!["U0104"]),
        ("<a><b></c></b></a>", vec!["a", "  b"], vec!["U0104"]),
        ("<a><b x='1><c y='2'/></b><d/></a>", vec!["a", "  b", "    c", "  d"], vec!["U0103"]),
        ("<a><b x='1/><c y='2'/></a>", vec!["a", "  b", "  c"], vec!["U0103"]),
        ("<a><b x='1'", vec!["a"], vec!["U0105"]),
        ("<a><b>", vec!["a", "  b"], vec!["U0105"]),
        ("<a/><b/>", vec!["a", "b"], vec!["U0103"]),
        ("<a/>rest", vec!["a"], vec!["U0103"]),
        ("<a>R&D</a>", vec!["a \"R&D\""], vec!["U0103"]),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", vec!["a \"&e;\""], vec!["U0107"]),
        ("<a>\u{1b}</a>", vec!["a \"\u{fffd}\""], vec!["U0106"]),
        ("<a></b></a>", vec!["a"], vec!["U0104"]),
        ("", vec![], vec![]),
    ] {
        let (found, told) = read(text);
        assert_eq!((found.iter().map(String::as_str).collect::<Vec<_>>(), told), (lines, codes), "{text}");
    }
}

#[test]
fn depth_is_limited_and_costs_nothing() {
    let text = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let (lines, told) = read(&text);
    assert_eq!((lines.len(), told), (512, vec!["U0108"]));
}

#[test]
fn rubbish_ends_soon() {
    let (_, told) = read(&"<a \"".repeat(50_000));
    assert!(told.contains(&"U0103"));
    let (_, told) = read(&"<a '<a \"".repeat(50_000));
    assert!(told.contains(&"U0103"));
}
