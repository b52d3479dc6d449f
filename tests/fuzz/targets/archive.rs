//! Any bytes as an archive: they are unpacked and read within small limits, without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;

fuzz_target!(|bytes: &[u8]| {
    let mut settings = Settings::default();
    // Small, so that they are reached.
    settings.limits.archive_entries = 100;
    settings.limits.archive_bytes = 4 << 20;
    settings.limits.file = 1 << 20;
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("fuzz.zip", bytes)];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    assert!(!drafts.is_empty() || !report.diagnostics().is_empty(), "nothing is lost without a word");
});
