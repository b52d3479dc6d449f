//! The examples in the pages of the diagnostics: what is wrong yields exactly one finding, which is printed exactly as the
//! page shows it; what is repaired yields none. Exactly one is the proof that no finding draws another one along.
//!
//! `UMLAUT_BLESS=1` writes the printed block anew; it does not help where the findings are other ones.

use std::fmt::Write as _;

use umlaut::diagnostic::{Code, Level, Report, codes, render};
use umlaut::pipeline::{Input, NoLoader, Outcome, compile};
use umlaut::read::InputFile;
use umlaut::settings;
use umlaut::source::Sources;

use crate::support;

/// Codes whose example cannot be a text: what they need, and the test that shows them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("U1301", "needs an earlier build: tests/impact.rs"),
    ("U1302", "needs an earlier build: tests/evolution.rs"),
    ("U1303", "needs an earlier build: tests/evolution.rs"),
    ("U1304", "needs an earlier build: tests/impact.rs"),
    ("U1305", "needs an earlier build: tests/evolution.rs"),
    ("U1306", "needs an earlier build: tests/impact.rs"),
    ("U1307", "needs an earlier build: tests/impact.rs"),
    ("U1308", "needs an earlier build: tests/impact.rs"),
    ("U1309", "needs an earlier build: tests/online.rs"),
    ("U1310", "needs an earlier build: tests/impact.rs"),
    ("U1311", "needs an earlier build: tests/evolution.rs"),
    ("U1312", "needs an earlier build: tests/evolution.rs"),
    ("U1313", "needs an earlier build: tests/evolution.rs"),
    ("U1314", "needs an earlier build: tests/evolution.rs"),
    ("U1315", "needs an earlier build: tests/evolution.rs"),
    ("U1317", "needs a project of somebody else: tests/evolution.rs"),
    ("U1318", "needs an earlier build: tests/rolling.rs"),
    ("U1319", "needs an earlier build: tests/evolution.rs"),
    ("U1320", "needs an earlier build: tests/evolution.rs"),
    ("U1501", "needs files of an earlier build: tests/output.rs"),
    ("U1503", "needs files of an earlier build: tests/output.rs"),
    ("U1504", "needs files on disk: tests/output.rs"),
    ("U1506", "names are adapted before they could be paths: tests/output.rs"),
    ("U1507", "needs files of an earlier build: tests/operations.rs"),
    ("U1509", "needs files of an earlier build: tests/operations.rs"),
    ("U1901", "no known input leads there"),
];

/// One side of an example.
#[derive(Clone, Debug, Default)]
struct Side {
    name: String,
    model: Vec<u8>,
    settings: Option<String>,
}

/// The example of a page.
#[derive(Debug)]
struct Example {
    wrong: Side,
    printed: String,
    right: Side,
}

/// The fenced blocks of the section `title`.
fn blocks_of<'a>(page: &'a str, title: &str) -> Vec<(&'a str, String)> {
    let section = page.split(&format!("\n## {title}\n")).nth(1).and_then(|rest| rest.split("\n## ").next());
    let mut blocks: Vec<(&str, String)> = Vec::new();
    let mut open = false;
    for line in section.unwrap_or_default().lines() {
        if let Some(language) = line.strip_prefix("```") {
            open = !open;
            if open {
                blocks.push((language, String::new()));
            }
        } else if open && let Some((_, text)) = blocks.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    blocks
}

/// The fenced blocks of the section *Example*.
fn blocks(page: &str) -> Vec<(&str, String)> {
    blocks_of(page, "Example")
}

/// The example of `code`; `None` if it is told elsewhere.
fn example(code: &Code) -> Option<Example> {
    if ELSEWHERE.iter().any(|(id, _)| *id == code.id) {
        assert!(blocks(code.page).is_empty(), "{} has an example, and is listed as one that has none", code.id);
        return None;
    }
    let blocks = blocks(code.page);
    let at = blocks.iter().position(|(language, _)| *language == "text");
    let at = at.unwrap_or_else(|| panic!("{}: nothing is printed", code.id));
    let side = |blocks: &[(&str, String)], folder: &str| {
        let find = |wanted| blocks.iter().find(|(language, _)| *language == wanted).map(|(_, text)| text.clone());
        match find("xmi") {
            Some(model) => Side { name: "shop.xmi".to_owned(), model: model.into_bytes(), settings: find("toml") },
            None => sample(code, folder),
        }
    };
    Some(Example {
        wrong: side(&blocks[..at], "wrong"),
        printed: blocks[at].1.clone(),
        right: side(&blocks[at + 1..], "right"),
    })
}

/// The one file in `samples/diagnostics/<code>/<folder>`: what no page can show, such as bytes that are no text.
fn sample(code: &Code, folder: &str) -> Side {
    let path = support::root().join("samples/diagnostics").join(code.id).join(folder);
    let mut files = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = files.next().expect("a sample has a file").unwrap().path();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    Side { name, model: std::fs::read(file).unwrap(), settings: None }
}

/// What the compiler has to say about `side`; `code` is shown even if it is not by default.
fn compiled(side: &Side, code: &Code) -> Outcome {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let toml = side.settings.as_deref().map(|text| ("umlaut.toml", text));
    let mut settings = settings::load(toml, &mut sources, &mut report);
    if code.default == Level::Allow {
        settings.lints.push((code.id.to_owned(), Level::Warning));
    }
    let files = vec![InputFile::new(side.name.clone(), side.model.clone())];
    compile(Input { files, loader: &NoLoader, settings, sources, report, keep_going: false })
        .unwrap_or_else(|failure| panic!("{}: {failure:?}", code.id))
}

fn printed(outcome: &Outcome) -> String {
    let options = render::Options { max: None, ..render::Options::default() };
    render::human::findings(&outcome.report, &outcome.sources, &outcome.elements, &options)
}

#[test]
fn every_example_is_wrong_in_exactly_one_way_and_its_repair_in_none() {
    let mut complaints = String::new();
    let mut shown = 0;
    for code in codes::ALL {
        let Some(example) = example(code) else { continue };
        let wrong = compiled(&example.wrong, code);
        let found: Vec<&str> = wrong.report.diagnostics().iter().map(|diagnostic| diagnostic.code.id).collect();
        let says = printed(&wrong);
        if found != [code.id] {
            let _ = writeln!(complaints, "=== {}: the wrong example yields {found:?}\n{says}", code.id);
        } else if says.trim_end() != example.printed.trim_end() {
            if support::bless() {
                bless(code, &example.printed, &says);
            } else {
                let _ = writeln!(complaints, "=== {}: the page shows something else than\n{says}", code.id);
            }
        }
        let right = compiled(&example.right, code);
        if !right.report.diagnostics().is_empty() {
            let _ = writeln!(complaints, "=== {}: the repaired example yields\n{}", code.id, printed(&right));
        }
        shown += 1;
    }
    assert!(complaints.is_empty(), "{complaints}");
    assert_eq!(shown + ELSEWHERE.len(), codes::ALL.len());
}

/// Writes what is printed into the page of `code`.
fn bless(code: &Code, old: &str, new: &str) {
    let path = support::root().join("book/src/diagnostics").join(format!("{}.md", code.id));
    let page = std::fs::read_to_string(&path).unwrap();
    let (old, new) = (format!("```text\n{old}```\n"), format!("```text\n{}\n```\n", new.trim_end()));
    assert!(page.contains(&old), "{}: the printed block is not found", code.id);
    std::fs::write(path, page.replacen(&old, &new, 1)).unwrap();
}

#[test]
fn the_settings_that_a_page_recommends_silence_its_example() {
    let mut complaints = String::new();
    for code in codes::ALL {
        let Some(example) = example(code) else { continue };
        if code.id == "U0303" {
            // Its setting names a file, and a page has none.
            continue;
        }
        for title in ["How to repair it", "When it is all right"] {
            for (language, text) in blocks_of(code.page, title) {
                assert_eq!(language, "toml", "{}", code.id);
                if example.wrong.settings.is_some() && title == "How to repair it" {
                    continue;
                }
                let outcome = compiled(&Side { settings: Some(text), ..example.wrong.clone() }, code);
                let shown = code.default == Level::Allow && title == "When it is all right";
                if !outcome.report.diagnostics().is_empty() && !shown {
                    let _ = writeln!(complaints, "=== {}, {title}\n{}", code.id, printed(&outcome));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn no_sample_of_a_diagnostic_is_left_over() {
    let folder = support::root().join("samples/diagnostics");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = codes::find(&name).unwrap_or_else(|| panic!("samples/diagnostics/{name} belongs to no code"));
        let shown = blocks(code.page).iter().any(|(language, _)| *language == "xmi");
        assert!(!shown, "{name} has both a sample and an example");
    }
}
