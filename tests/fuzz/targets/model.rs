//! Random valid models, written in the forms of several tools: nothing that was drawn is missing in what is read, and reading
//! twice gives the same project.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use umlaut::diagnostic::{Report, render};
use umlaut::pipeline::{Input, NoLoader, Outcome, compile};
use umlaut::read::InputFile;
use umlaut::settings::Settings;
use umlaut::source::Sources;

#[path = "../../support/drawn.rs"]
mod drawn;
#[path = "../../support/found.rs"]
mod found;

fn compiled(text: &str) -> Outcome {
    compile(Input {
        files: vec![InputFile::new("drawn.xmi", text)],
        loader: &NoLoader,
        settings: Settings::default(),
        sources: Sources::default(),
        report: Report::default(),
        keep_going: true,
    })
    .expect("no model is an internal error")
}

fn everything(outcome: &Outcome) -> String {
    let files = outcome.files.iter().flat_map(|files| files.iter()).map(|(path, file)| format!("{path}\n{}\n", file.content));
    let options = render::Options::default();
    let told = render::json::render(&outcome.report, &outcome.sources, &outcome.elements, &options);
    files.chain([told]).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let mut numbers = Unstructured::new(bytes);
    let mut choose = |below: usize| numbers.int_in_range(0..=below - 1).unwrap_or_default();
    let form = drawn::FORMS[choose(drawn::FORMS.len())];
    let drawn = drawn::draw(&mut choose);
    let text = drawn::write(&drawn, form);
    let outcome = compiled(&text);
    found::assert_all_found(&drawn, &outcome.model, &format!("{form:?}\n{text}"));
    assert_eq!(everything(&outcome), everything(&compiled(&text)), "{form:?}\n{text}");
});
