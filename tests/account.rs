//! Nothing is lost in silence: every element of every real file has a fate.

use std::collections::BTreeMap;

use umlaut::account::Fate;
use umlaut::diagnostic::Report;
use umlaut::pipeline::{Input, NoLoader, Outcome, compile};
use umlaut::read::InputFile;
use umlaut::settings::Settings;
use umlaut::source::Sources;

use super::constraints::archive::Constraints;
use super::support::corpus;
use super::support::{root, say};

fn compiled(name: &str, bytes: Vec<u8>) -> Outcome {
    compile(Input {
        files: vec![InputFile::new(name, bytes)],
        loader: &NoLoader,
        settings: Settings::default(),
        sources: Sources::default(),
        report: Report::default(),
        keep_going: false,
    })
    .unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

/// The elements of which nobody knows what became of them, by kind and path.
fn missing(outcome: &Outcome) -> Vec<String> {
    let lost = outcome.elements.iter().filter(|(element, _)| outcome.account.fate(*element) == Fate::Missing);
    lost.map(|(element, seen)| format!("{} {}", seen.kind.word(), outcome.elements.path(element))).collect()
}

#[test]
fn every_element_of_the_samples_has_a_fate() {
    for sample in ["library", "shop"] {
        let path = root().join("samples").join(sample).join("model.xmi");
        let outcome = compiled("model.xmi", std::fs::read(path).expect("the sample"));
        assert_eq!(missing(&outcome), Vec::<String>::new());
        let lowered = outcome.elements.iter().filter(|(element, _)| outcome.account.fate(*element) == Fate::Lowered);
        assert!(lowered.count() > 40, "{sample}");
    }
}

/// What is taken out of the project is missed by the account.
#[test]
fn the_account_sees_what_is_not_there() {
    let path = root().join("samples/library/model.xmi");
    let outcome = compiled("model.xmi", std::fs::read(path).expect("the sample"));
    let mut project = outcome.project.clone();
    for app in &mut project.apps {
        for model in &mut app.models {
            model.fields.retain(|field| field.name != "title");
        }
    }
    let facts = umlaut::resolve::resolve(
        &outcome.model,
        &outcome.graph,
        &Settings::default(),
        &outcome.elements,
        &outcome.sources,
        &mut Report::default(),
    );
    let traces = umlaut::lower::traces(&outcome.model, &facts, &project, &outcome.elements);
    let account = umlaut::account::Account::sum(&outcome.elements, &traces, outcome.report.told());
    let lost: Vec<String> = outcome
        .elements
        .iter()
        .filter(|(element, _)| account.fate(*element) == Fate::Missing)
        .map(|(element, _)| outcome.elements.path(element))
        .collect();
    assert_eq!(lost, ["lending.Book.title"]);
}

#[test]
fn no_element_of_a_real_file_is_lost_in_silence() {
    let mut table: BTreeMap<String, [usize; 5]> = BTreeMap::new();
    let mut lost = Vec::new();
    let mut constraints = Constraints::default();
    for (name, bytes) in corpus::files() {
        let outcome = compiled(&name, bytes);
        constraints.add(&outcome);
        let tool = name.rsplit_once('/').map_or(name.as_str(), |(folder, _)| folder).to_owned();
        let row = table.entry(tool).or_default();
        for (element, _) in outcome.elements.iter() {
            let column = match outcome.account.fate(element) {
                Fate::Lowered => 0,
                Fate::Carried => 1,
                Fate::Diagnosed(_) => 2,
                Fate::Ignored => 3,
                Fate::Missing => 4,
            };
            row[column] += 1;
        }
        lost.extend(missing(&outcome).into_iter().map(|what| format!("{name}: {what}")));
    }
    let mut text =
        format!("{:44}{:>9}{:>9}{:>10}{:>9}{:>9}\n", "", "lowered", "carried", "diagnosed", "ignored", "missing");
    for (tool, [lowered, carried, diagnosed, ignored, missing]) in &table {
        text += &format!("{tool:44}{lowered:>9}{carried:>9}{diagnosed:>10}{ignored:>9}{missing:>9}\n");
    }
    say(&text);
    constraints.finish();
    assert!(lost.is_empty(), "{} elements, such as {:#?}", lost.len(), &lost[..lost.len().min(20)]);
}
