//! One library in every encoding that tools write, declared or not: its names are read alike.

use encoding_rs::Encoding;
use umlaut::pipeline::Outcome;

use super::support::compile::{compile_bytes, findings};
use super::support::root;

/// The reference sample with two names in another language.
fn library(class: &str, text: &str) -> String {
    let sample = std::fs::read_to_string(root().join("samples/dialects/omg/library.xmi")).expect("the sample");
    let start = sample.find("?>").map_or(0, |at| at + 2);
    let body = sample[start..].replacen("name=\"Book\"", &format!("name=\"{class}\""), 1);
    assert_ne!(body, sample[start..], "the sample has a class Book");
    let body = body.replacen("name=\"title\"", &format!("name=\"{text}\""), 1);
    body.trim_start().to_owned()
}

/// The words of a language, and the encodings that tools write there.
const LANGUAGES: &[(&str, &str, &[&str])] = &[
    ("Bücher", "Größenübersicht", &["windows-1252", "iso-8859-1", "iso-8859-15", "macintosh"]),
    ("Příloha", "Žluťoučký_kůň_úpěl_ďábelské_ódy", &["windows-1250", "iso-8859-2"]),
    ("Покупатель", "Наименование_товара", &["windows-1251", "koi8-r", "iso-8859-5", "ibm866"]),
    ("Βιβλιοθήκη", "Τίτλος_του_βιβλίου", &["windows-1253", "iso-8859-7"]),
    ("Kütüphane", "Değişiklik_ğüşıİ", &["windows-1254"]),
    ("图书馆", "书籍的标题和作者名称", &["gbk", "gb2312", "gb18030"]),
    ("圖書館", "書籍的標題和作者名稱", &["big5"]),
    ("図書館システム", "書籍のタイトルとひらがな", &["shift_jis", "euc-jp"]),
    ("도서관", "책의제목과저자이름", &["euc-kr"]),
];

fn encode(text: &str, label: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(label.as_bytes()).expect("a label");
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost, "{label} cannot say {text}");
    bytes.into_owned()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn told(outcome: &Outcome) -> Vec<&'static str> {
    outcome.report.diagnostics().iter().map(|found| found.code.id).filter(|code| code.starts_with("U01")).collect()
}

fn names(outcome: &Outcome) -> (Vec<String>, Vec<String>) {
    let classes = outcome.model.classifiers.values().filter_map(|class| class.name.as_ref());
    let attributes = outcome.model.properties.values().filter_map(|property| property.name.as_ref());
    (classes.map(|name| name.value.to_string()).collect(), attributes.map(|name| name.value.to_string()).collect())
}

#[track_caller]
fn check(what: &str, bytes: Vec<u8>, (class, text): (&str, &str), codes: &[&str]) {
    let outcome = compile_bytes("library.xmi", bytes, None);
    let (classes, attributes) = names(&outcome);
    assert!(classes.iter().any(|name| name == class), "{what}: {classes:?}");
    assert!(attributes.iter().any(|name| name == text), "{what}: {attributes:?}");
    assert_eq!(told(&outcome), codes, "{what}: {}", findings(&outcome));
}

#[test]
fn what_is_declared_is_read() {
    for &(class, text, labels) in LANGUAGES {
        let body = library(class, text);
        for label in labels {
            let declared = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n{body}");
            check(label, encode(&declared, label), (class, text), &[]);
        }
        let utf8 = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}");
        check("utf-8", utf8.clone().into_bytes(), (class, text), &[]);
        check("utf-8 with mark", [b"\xef\xbb\xbf", utf8.as_bytes()].concat(), (class, text), &[]);
        check("utf-8, undeclared", body.clone().into_bytes(), (class, text), &[]);
        for big in [true, false] {
            let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{body}");
            check("utf-16", utf16(&declared, big), (class, text), &[]);
            check("utf-16 with mark", utf16(&format!("\u{feff}{declared}"), big), (class, text), &[]);
        }
    }
}

/// Nothing is declared: the bytes tell, with a note.
#[test]
fn what_is_not_declared_is_recognised() {
    for &(class, text, labels) in LANGUAGES {
        let body = library(class, text);
        // ISO-8859-15 differs in signs only, and nobody guesses encodings of the Macintosh.
        for label in labels.iter().filter(|label| !matches!(**label, "macintosh")) {
            check(label, encode(&body, label), (class, text), &["U0109"]);
        }
    }
}

#[test]
fn wrong_declarations_are_found_out_where_the_bytes_are_clear() {
    let (class, text) = ("Bücher", "Größenübersicht");
    let body = library(class, text);
    for label in ["windows-1252", "ISO-8859-1", "windows-1251", "klingon", "UTF-16"] {
        let bytes = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n{body}").into_bytes();
        check(label, bytes, (class, text), &["U0109"]);
    }
    // Bytes that do not fit are an error, with the encoding that does.
    for &(class, text, labels) in LANGUAGES {
        let Some(label) = labels.first() else { continue };
        let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", library(class, text));
        let outcome = compile_bytes("library.xmi", encode(&declared, label), None);
        assert_eq!(told(&outcome), ["U0101"], "{label}");
        assert!(findings(&outcome).contains(&format!("fits `{label}`")), "{label}: {}", findings(&outcome));
    }
}
