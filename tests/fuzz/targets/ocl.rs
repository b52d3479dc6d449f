//! Any text is read as OCL without a panic; what is read prints as a text that says the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::uml::ocl;

fuzz_target!(|text: &str| {
    for has_subject in [false, true] {
        match ocl::parse(text, has_subject) {
            Ok(rules) => {
                for rule in &rules.rules {
                    let printed = rules.tree.print(rule.root);
                    let again = ocl::parse(&printed, has_subject).expect("what is printed can be read");
                    assert_eq!(again.rules.len(), 1, "{printed}");
                    assert_eq!(again.tree.print(again.rules[0].root), printed);
                }
            }
            Err(error) => assert!(text.get(error.at).is_some(), "the place lies in the text"),
        }
    }
});
