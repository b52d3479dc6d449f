//! Any text is read as settings without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::diagnostic::Report;
use umlaut::settings;
use umlaut::source::Sources;

fuzz_target!(|text: &str| {
    settings::load(Some(("umlaut.toml", text)), &mut Sources::default(), &mut Report::default());
});
