//! Any text is read and linked without a panic, and every place that is told lies in a text, between characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::{Sources, Span};

fuzz_target!(|text: &str| {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("fuzz.xmi", text)];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    link::link(drafts, &settings, &mut elements, &mut report);
    let is_sound = |span: Span| sources.get(span.source).text.get(span.range()).is_some();
    for (_, seen) in elements.iter() {
        assert!(is_sound(seen.span), "{seen:?}");
    }
    for found in report.diagnostics() {
        for label in &found.labels {
            assert!(is_sound(label.span) && !label.text.is_empty(), "{found:?}");
        }
    }
});
