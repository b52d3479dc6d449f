//! One mistake is told once: models from which one thing was taken away yield at most one error.

use std::fmt::Write as _;
use std::ops::Range;

use umlaut::diagnostic::{Level, Report};
use umlaut::pipeline::{Input, NoLoader, compile};
use umlaut::read::InputFile;
use umlaut::settings::Settings;
use umlaut::source::Sources;

use crate::support;

/// What can be taken away: elements with all that is in them, and single XML attributes.
fn pieces(xml: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(found) = xml[at..].find('<') {
        let start = at + found;
        let end = start + xml[start..].find('>').expect("samples are well-formed") + 1;
        let tag = &xml[start..end];
        if tag.starts_with("</") {
            pieces.push(open.pop().expect("samples are well-formed")..end);
        } else if !tag.starts_with("<?") && !tag.starts_with("<!") {
            pieces.extend(attributes(tag).into_iter().map(|range| start + range.start..start + range.end));
            if tag.ends_with("/>") {
                pieces.push(start..end);
            } else {
                open.push(start);
            }
        }
        at = end;
    }
    pieces.retain(|piece| piece.len() < xml.trim().len() - 60);
    pieces
}

/// The attributes of a start tag that belong to the model.
fn attributes(tag: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = tag.find(char::is_whitespace).unwrap_or(tag.len());
    while let Some(equals) = tag[at..].find("=\"") {
        let value = at + equals + 2;
        let end = value + tag[value..].find('"').expect("samples are well-formed") + 1;
        let name = tag[at..at + equals].trim();
        if !name.starts_with("xmlns") && name != "xmi:version" {
            found.push(at..end);
        }
        at = end;
    }
    found
}

fn errors(name: &str, xml: String) -> Vec<String> {
    let files = vec![InputFile::new(name, xml.into_bytes())];
    let outcome = compile(Input {
        files,
        loader: &NoLoader,
        // Nothing is written: only the findings count.
        settings: Settings { layers: Vec::new(), ..Settings::default() },
        sources: Sources::default(),
        report: Report::default(),
        keep_going: false,
    });
    let outcome = outcome.unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
    let errors = outcome.report.diagnostics().iter().filter(|diagnostic| diagnostic.level == Level::Error);
    errors.map(|diagnostic| format!("{}: {}", diagnostic.code.id, diagnostic.message)).collect()
}

#[test]
fn what_is_taken_away_is_missed_once() {
    let mut mutants = 0;
    let mut loud = 0;
    let mut said = String::new();
    for sample in ["library", "shop"] {
        let path = support::root().join("samples").join(sample).join("model.xmi");
        let xml = std::fs::read_to_string(path).unwrap();
        assert!(errors(sample, xml.clone()).is_empty(), "{sample} has errors itself");
        for piece in pieces(&xml) {
            let mutant = format!("{}{}", &xml[..piece.start], &xml[piece.end..]);
            let errors = errors(sample, mutant);
            mutants += 1;
            if errors.len() > 1 {
                loud += 1;
                let gone: String = xml[piece].chars().take(90).collect();
                let _ = writeln!(said, "{sample} without {}\n    {}", gone.trim(), errors.join("\n    "));
            }
        }
    }
    eprintln!("{loud} of {mutants} mutants have more than one error\n{said}");
    assert!(mutants > 500, "only {mutants} mutants");
    // Some things are several mistakes when they are gone: a class that others refer to from different sides.
    assert!(loud * 20 <= mutants, "{loud} of {mutants} mutants have more than one error\n{said}");
}
