//! Any bytes become text without a panic, and what is told of them lies in that text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umlaut::source::decode::decode;

fuzz_target!(|bytes: &[u8]| {
    let decoded = decode(bytes.to_vec());
    if std::str::from_utf8(bytes).is_ok() && decoded.encoding == "utf-8" {
        assert!(decoded.fault.is_none() && bytes.ends_with(decoded.text.as_bytes()));
    }
    if let Some(fault) = decoded.fault {
        assert!(fault.byte <= bytes.len() && fault.count > 0);
        assert_eq!(&decoded.text[fault.place], "\u{fffd}");
        fault.declaration.map(|place| decoded.text[place].len());
    }
});
