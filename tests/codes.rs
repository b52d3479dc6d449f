//! Every code has a page, and the pages have one form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use umlaut::diagnostic::{Code, Kind, Level, codes};

use crate::support;

/// The sections of a page, in order. The last one is for lints only.
const SECTIONS: [&str; 5] = ["What it means", "Example", "Why it matters", "How to repair it", "When it is all right"];

/// The headings of the families in the index.
const FAMILIES: [(&str, &str); 17] = [
    ("reading", "Reading the file"),
    ("files", "Model files"),
    ("references", "References"),
    ("names", "Names"),
    ("attributes", "Attributes, types, multiplicities"),
    ("associations", "Associations"),
    ("inheritance", "Inheritance"),
    ("delete", "Delete rules"),
    ("keys", "Keys and indexes"),
    ("stereotypes", "Stereotypes and tags"),
    ("constraints", "Constraints and operations"),
    ("layers", "Layers"),
    ("evolution", "Evolution"),
    ("settings", "Settings"),
    ("output", "Output"),
    ("batch", "Batches"),
    ("internal", "Ourselves"),
];

fn word(level: Level, kind: Kind) -> String {
    let kind = match kind {
        Kind::Fixed => "fixed",
        Kind::Lint => "lint",
    };
    format!("{} · {kind}", level.word())
}

/// The sections of a page with their texts.
fn sections(page: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        match line.strip_prefix("## ") {
            Some(title) if !fenced => sections.push((title, String::new())),
            _ => {
                if let Some((_, text)) = sections.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    sections
}

#[test]
fn every_page_has_the_form_of_a_page() {
    for code in codes::ALL {
        let mut lines = code.page.lines();
        assert_eq!(lines.next(), Some(format!("# {} {}", code.id, code.slug).as_str()), "{}", code.id);
        let line = code.page.lines().nth(2).unwrap_or_default();
        let expected = format!("{} · since ", word(code.default, code.kind));
        assert!(line.starts_with(&expected), "{}: {line:?} should start with {expected:?}", code.id);
        let sections = sections(code.page);
        let titles: Vec<&str> = sections.iter().map(|(title, _)| *title).collect();
        let wanted = if code.kind == Kind::Lint { &SECTIONS[..] } else { &SECTIONS[..4] };
        assert_eq!(titles, wanted, "{}", code.id);
        for (title, text) in &sections {
            assert!(text.trim().len() > 20, "{}: nothing under {title:?}", code.id);
        }
    }
}

#[test]
fn ids_and_slugs_are_unique_and_ids_stand_in_order() {
    let ids: Vec<&str> = codes::ALL.iter().map(|code| code.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let slugs: BTreeSet<&str> = codes::ALL.iter().map(|code| code.slug).collect();
    assert_eq!(slugs.len(), ids.len());
    let families: BTreeSet<&str> = codes::FAMILIES.iter().map(|(_, family)| *family).collect();
    assert!(families.is_disjoint(&slugs), "a family and a code have one name");
}

#[test]
fn no_page_is_without_its_code() {
    let folder = support::root().join("book/src/diagnostics");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.trim_end_matches(".md");
        assert!(id == "README" || codes::find(id).is_some(), "{name} has no row in the table");
    }
}

/// The index of the pages, as it stands in the book.
fn index() -> String {
    let mut families: BTreeMap<usize, Vec<&Code>> = BTreeMap::new();
    for code in codes::ALL {
        let place = FAMILIES.iter().position(|(family, _)| *family == code.family());
        families.entry(place.expect("every family has a heading")).or_default().push(code);
    }
    let mut out = String::from(
        "# Diagnostics\n\nWhat umlaut has to say about a model. `umlaut explain U0301` prints a page in the terminal.\n\nA *fixed* \
         code keeps its level; the level of a *lint* is set under `[lints]` in `umlaut.toml`, by code, name or family.\n",
    );
    for (place, codes) in families {
        let (family, heading) = FAMILIES[place];
        let _ = write!(out, "\n## {heading}\n\nFamily `{family}`.\n\n| code | name | level |\n| --- | --- | --- |\n");
        for code in codes {
            let level = word(code.default, code.kind);
            let _ = writeln!(out, "| [{0}]({0}.md) | {1} | {level} |", code.id, code.slug);
        }
    }
    out
}

/// The list of the pages for the summary of the book.
fn summary() -> String {
    codes::ALL.iter().fold(String::new(), |mut out, code| {
        let _ = writeln!(out, "  - [{0} {1}](diagnostics/{0}.md)", code.id, code.slug);
        out
    })
}

#[test]
fn the_index_and_the_summary_of_the_book_name_every_code() {
    let book = support::root().join("book/src");
    same(&book.join("diagnostics/README.md"), &index());
    let path = book.join("SUMMARY.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let is_page = |line: &&str| line.starts_with("  - [U") && line.contains("](diagnostics/U");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let start = lines.iter().position(is_page).unwrap_or(lines.len());
    let end = lines.iter().rposition(is_page).map_or(start, |last| last + 1);
    let (before, after) = (lines[..start].concat(), lines[end..].concat());
    same(&path, &format!("{before}{}{after}", summary()));
}

/// Compares a file with what it should hold; `UMLAUT_BLESS=1` writes it.
fn same(path: &Path, expected: &str) {
    if support::bless() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, expected, "{} is not current: UMLAUT_BLESS=1 cargo test codes", path.display());
}
