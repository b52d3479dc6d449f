//! Any bytes go through the whole compiler, to the files of a project, without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::diagnostic::{Report, render};
use umlaut::pipeline::{Input, NoLoader, compile};
use umlaut::read::InputFile;
use umlaut::settings::Settings;
use umlaut::source::Sources;

fuzz_target!(|bytes: &[u8]| {
    let files = vec![InputFile::new("fuzz.xmi", bytes.to_vec())];
    let outcome = compile(Input {
        files,
        loader: &NoLoader,
        settings: Settings::default(),
        sources: Sources::default(),
        report: Report::default(),
        keep_going: true,
    })
    .expect("no input is an internal error");
    let options = render::Options::default();
    render::human::render(&outcome.report, &outcome.sources, &outcome.elements, &options);
    render::json::render(&outcome.report, &outcome.sources, &outcome.elements, &options);
});
