//! Any text is read as a migration and as a lock without a panic; what is read has the same form again when it is printed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::diagnostic::Report;
use umlaut::django::{DjangoVersion, ModelKey, State};
use umlaut::evolve;
use umlaut::lock::{Lock, Past};
use umlaut::python::read;
use umlaut::python::repr::{Imports, repr};

fuzz_target!(|text: &str| {
    let past = Past::of([("shop/migrations/0001_initial.py".to_owned(), text.to_owned())]);
    let before = State::before(DjangoVersion::V6_1, &ModelKey::new("accounts", "User"));
    let _ = evolve::replay(&past, before, &mut Report::default());
    let lock = Lock::read(text);
    assert_eq!(Lock::read(&lock.print()), lock);
    let Ok(Some(class)) = read::class(text, "Migration", &[]) else { return };
    for (_, _, value) in class.attributes {
        repr(&value, &mut Imports::default());
    }
});
