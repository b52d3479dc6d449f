//! Archives and compressed files: what is in them is read, whatever they are called, and no archive costs more than it may.

use std::io::Write;

use proptest::prelude::*;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use umlaut::account::Elements;
use umlaut::diagnostic::{Level, Report};
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;

use super::support::compile::compile_bytes;

/// A model with one class.
fn model(name: &str, class: &str) -> Vec<u8> {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><uml:Model xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
         xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmi:id='_{name}' name='{name}'>\
         <packagedElement xmi:type='uml:Class' xmi:id='_{class}' name='{class}'/></uml:Model>"
    )
    .into_bytes()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in members {
        let (mut entry, config) =
            archive.new_file(name).compression_method(CompressionMethod::DEFLATE).start().expect("an entry");
        let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default()));
        writer.write_all(content).expect("memory");
        let (encoder, descriptor) = writer.finish().expect("memory");
        encoder.finish().expect("memory");
        entry.finish(descriptor).expect("memory");
    }
    archive.finish().expect("memory");
    bytes
}

/// A zip archive of one member that is not compressed.
fn stored(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let (mut entry, config) =
        archive.new_file(name).compression_method(CompressionMethod::STORE).start().expect("an entry");
    let mut writer = config.wrap(&mut entry);
    writer.write_all(content).expect("memory");
    let (_, descriptor) = writer.finish().expect("memory");
    entry.finish(descriptor).expect("memory");
    archive.finish().expect("memory");
    bytes
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, *content).expect("memory");
    }
    archive.into_inner().expect("memory")
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// What was read: the files with their classes, and the codes with their messages.
#[derive(Debug)]
struct Read {
    files: Vec<(String, Vec<String>)>,
    told: Vec<(&'static str, String)>,
}

impl Read {
    /// What was told, but for what is not shown.
    fn codes(&self) -> Vec<&'static str> {
        self.told.iter().map(|(code, _)| *code).filter(|code| *code != "U0208").collect()
    }

    fn says(&self, code: &str, words: &str) -> bool {
        self.told.iter().any(|(told, message)| *told == code && message.contains(words))
    }
}

fn read_with(name: &str, bytes: Vec<u8>, settings: &Settings) -> Read {
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new(name, bytes)];
    let drafts = read::read(files, settings, &mut sources, &mut elements, &mut report);
    let class = |name: &Option<umlaut::source::Name>| name.as_ref().map(|name| name.value.to_string());
    Read {
        files: drafts
            .iter()
            .map(|draft| {
                (draft.file.clone(), draft.classifiers.iter().filter_map(|it| class(&it.name)).collect::<Vec<_>>())
            })
            .collect(),
        told: report
            .diagnostics()
            .iter()
            .map(|found| (found.code.id, [vec![found.message.clone()], found.notes.clone()].concat().join("; ")))
            .collect(),
    }
}

fn read_archive(name: &str, bytes: Vec<u8>) -> Read {
    read_with(name, bytes, &Settings::default())
}

#[test]
fn a_model_is_found_in_every_kind_of_archive() {
    let shop = model("shop", "Customer");
    let members: &[(&str, &[u8])] = &[("diagram.pgml", b"<pgml/>"), ("a/shop.xmi", &shop)];
    for (bytes, file) in [
        (zip(members), "x!/a/shop.xmi"),
        (stored("shop.xmi", &shop), "x!/shop.xmi"),
        (tar(members), "x!/a/shop.xmi"),
        (gzip(&tar(members)), "x!/a/shop.xmi"),
        (bzip2(&tar(members)), "x!/a/shop.xmi"),
        (gzip(&shop), "x"),
        (bzip2(&shop), "x"),
        (zlib(&shop), "x"),
        (gzip(&gzip(&shop)), "x"),
        (zip(&[("b.tgz", &gzip(&tar(&[("c.zip", &zip(members))])))]), "x!/b.tgz!/c.zip!/a/shop.xmi"),
    ] {
        let read = read_archive("x", bytes);
        assert_eq!(read.files, [(file.to_owned(), vec!["Customer".to_owned()])], "{read:?}");
        assert_eq!(read.codes(), [""; 0], "{read:?}");
    }
}

#[test]
fn what_is_no_model_is_passed_over_and_listed() {
    let shop = model("shop", "Customer");
    let read = read_archive(
        "old.zip",
        zip(&[
            ("shop.xmi", &shop),
            ("shop.eap", b"\0\x01\0\0Standard Jet DB\0"),
            ("copy of shop.xmi", &shop),
            ("page.html", b"<html><body/></html>"),
            ("broken.xml", b"<data><a></data>"),
        ]),
    );
    assert_eq!(read.files.len(), 1);
    assert_eq!(read.told.len(), 1, "{read:?}");
    for words in ["4 files", "shop.eap` is a database", "is the same as `old.zip!/shop.xmi`", "an HTML page", "`data`"]
    {
        assert!(read.says("U0208", words), "{words}: {read:?}");
    }
}

#[test]
fn an_archive_without_a_model_says_what_is_in_it() {
    let eap: &[u8] = b"\0\x01\0\0Standard Jet DB\0";
    let one = read_archive("old.zip", zip(&[("shop.eap", eap)]));
    assert!(one.says("U0102", "`old.zip!/shop.eap` is a database of Enterprise Architect"), "{one:?}");
    let more = read_archive("old.zip", zip(&[("shop.eap", eap), ("a.txt", b"a")]));
    assert_eq!(more.codes(), ["U1602"], "{more:?}");
    assert!(more.says("U1602", "shop.eap"));
    assert_eq!(read_archive("empty.zip", zip(&[])).codes(), ["U1602"]);
}

#[test]
fn names_that_come_twice_or_in_old_encodings_are_told_apart() {
    let (shop, school) = (model("shop", "Customer"), model("school", "Pupil"));
    let read =
        read_archive("x.tar", tar(&[("a.xmi", &shop), ("a.xmi", &school), ("\\b\\Gesch.xmi", &model("b", "B"))]));
    let names: Vec<&str> = read.files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x.tar!/a.xmi", "x.tar!/a.xmi (2)", "x.tar!/b/Gesch.xmi"]);
    // UTF-8 without the flag that says so, and code page 437.
    for (raw, name) in
        [(&b"Gesch\xc3\xa4ft.xmi"[..], "x.zip!/Geschäft.xmi"), (b"Gesch\x84ft.xmi", "x.zip!/Geschäft.xmi")]
    {
        let mut bytes = stored("Gesch??ft.xmi", &shop);
        let wanted = [raw, &b"  "[..]].concat();
        while let Some(at) = bytes.windows(13).position(|window| window == b"Gesch??ft.xmi") {
            bytes[at..at + 13].copy_from_slice(&wanted[..13]);
        }
        assert_eq!(read_archive("x.zip", bytes).files[0].0.trim(), name);
    }
}

#[test]
fn a_damaged_member_is_told_if_it_is_a_model_and_the_others_are_read() {
    let shop = model("shop", "Customer");
    let broken = |member: &str, content: &[u8]| {
        let mut bytes = stored(member, content);
        let at = bytes.windows(4).position(|window| window == &content[content.len() - 4..]).expect("it is stored");
        bytes[at] ^= 1;
        bytes
    };
    // Two archives one behind the other are one archive with the directory of the last: so a tar holds them both.
    let argo = broken("shop.argo", b"<argo><documentation/></argo> ");
    let read = read_archive("x.tar", tar(&[("a.zip", &argo), ("shop.xmi", &shop)]));
    assert_eq!((read.files.len(), read.codes()), (1, vec![]), "{read:?}");
    let mut damaged = shop.clone();
    damaged.extend(b"<!-- -->");
    let read = read_archive("x.tar", tar(&[("a.zip", &broken("shop.xmi", &damaged)), ("b.xmi", &model("b", "B"))]));
    assert_eq!(read.files.len(), 2, "{read:?}");
    assert!(read.says("U1601", "`x.tar!/a.zip!/shop.xmi` is damaged"), "{read:?}");
}

#[test]
fn encrypted_members_and_unknown_methods_are_refused_by_name() {
    for (offset, value, words) in [(8, 1, "is encrypted"), (10, 14, "a method that is not read (number 14)")] {
        let mut bytes = stored("shop.xmi", &model("shop", "Customer"));
        let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").expect("a directory");
        bytes[directory + offset] |= value;
        let read = read_archive("x.zip", bytes);
        assert!(read.files.is_empty() && read.says("U1601", words), "{read:?}");
    }
}

#[test]
fn archives_may_lie_three_deep() {
    let mut bytes = model("shop", "Customer");
    for depth in 1..6 {
        bytes = zip(&[("inner", &bytes)]);
        let read = read_archive("x", bytes.clone());
        assert_eq!(read.files.len(), usize::from(depth <= 3), "{depth}: {read:?}");
        assert_eq!(read.codes(), if depth <= 3 { vec![] } else { vec!["U1601"] });
    }
}

#[test]
fn an_archive_in_an_archive_can_be_named() {
    let inner = zip(&[("notes.txt", b"nothing"), ("shop.xmi", &model("shop", "Order"))]);
    let outer = zip(&[("old/shop.zargo", &inner), ("old/crm.xmi", &model("crm", "Person"))]);
    let settings = Settings::default();
    let member = |name: &str| read::member("all.zip", &outer, name, &settings.limits);
    assert_eq!(member("all.zip!/old/shop.zargo").unwrap(), inner);
    assert_eq!(member("all.zip!/old/shop.zargo!/shop.xmi").unwrap(), model("shop", "Order"));
    assert_eq!(
        member("all.zip!/old/none.zargo").unwrap_err(),
        ["all.zip!/old/crm.xmi", "all.zip!/old/shop.zargo!/notes.txt", "all.zip!/old/shop.zargo!/shop.xmi"]
    );
}

#[test]
fn entries_of_all_archives_count_together() {
    let limits = |entries| {
        let mut settings = Settings::default();
        settings.limits.archive_entries = entries;
        settings
    };
    let shop = model("shop", "Customer");
    let inner = zip(&[("a", b"1"), ("b", b"2"), ("shop.xmi", &shop)]);
    let outer = zip(&[("c", b"3"), ("inner.zip", &inner), ("d", b"4")]);
    assert_eq!(read_with("x", outer.clone(), &limits(6)).files.len(), 1);
    let read = read_with("x", outer, &limits(5));
    assert!(read.says("U1601", "`x!/inner.zip` holds more than 5 files"), "{read:?}");
    let many: Vec<(String, &[u8])> = (0..10_001).map(|number| (format!("{number}.txt"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    for bytes in [zip(&many), tar(&many)] {
        assert!(read_archive("x", bytes).says("U1601", "holds more than 10000 files"));
    }
}

/// Nothing that a header says about sizes is believed: what comes out is counted.
#[test]
fn bombs_are_stopped_while_they_expand() {
    let zeros = vec![b' '; 64 << 20];
    for bytes in [zip(&[("shop.xmi", &zeros)]), gzip(&zeros), bzip2(&zeros), zlib(&zeros), gzip(&tar(&[("a", &zeros)]))]
    {
        assert!(bytes.len() < 1 << 20);
        let read = read_archive("x", bytes);
        assert!(read.files.is_empty() && read.says("U1601", "expands more than 100-fold"), "{read:?}");
    }
    let mut settings = Settings::default();
    settings.limits.archive_bytes = 20 << 20;
    let seven = vec![b' '; 7 << 20];
    let shop = model("shop", "Customer");
    let bytes = zip(&[("shop.xmi", &shop), ("a", &seven), ("b", &seven), ("c", &seven), ("d", &seven)]);
    let read = read_with("x", bytes, &settings);
    // What was found before is read.
    assert!(read.files.len() == 1 && read.says("U1601", "`x!/c` is where the archive exceeds"), "{read:?}");
}

#[test]
fn an_archive_may_end_anywhere() {
    let shop = model("shop", "Customer");
    let members: &[(&str, &[u8])] = &[("shop.xmi", &shop), ("notes.txt", b"notes")];
    for whole in [zip(members), tar(members), gzip(&tar(members)), bzip2(&shop), gzip(&shop)] {
        for end in (0..whole.len()).step_by(7) {
            let read = read_archive("x", whole[..end].to_vec());
            assert!(!read.told.is_empty() || read.files.len() == 1, "nothing is told about {end} bytes: {read:?}");
        }
        assert_eq!(read_archive("x", whole).files.len(), 1);
    }
}

#[test]
fn models_that_have_nothing_to_do_with_each_other_are_no_project() {
    let (shop, school) = (model("shop", "Customer"), model("school", "Pupil"));
    let outcome = compile_bytes("old.zip", zip(&[("a/shop.xmi", &shop), ("b/school.xmi", &school)]), None);
    let found: Vec<&str> = outcome
        .report
        .diagnostics()
        .iter()
        .filter(|found| found.level == Level::Error)
        .map(|found| found.code.id)
        .collect();
    assert_eq!(found, ["U0209"]);
    assert_eq!(outcome.model.classifiers.len(), 2, "with --keep-going nothing is lost");
    // What refers to each other is one model, and so is what somebody says to be one.
    let refers = String::from_utf8(school.clone()).expect("text").replace(
        "name='Pupil'/>",
        "name='Pupil'><generalization xmi:id='_g'><general href='../a/shop.xmi#_Customer'/></generalization></packagedElement>",
    );
    let bytes = zip(&[("a/shop.xmi", &shop), ("b/school.xmi", refers.as_bytes())]);
    let outcome = compile_bytes("old.zip", bytes, None);
    assert!(outcome.report.is_sound(), "{:?}", outcome.report.diagnostics());
    assert_eq!(outcome.graph.relations().count(), 1);
    let bytes = zip(&[("a/shop.xmi", &shop), ("b/school.xmi", &school)]);
    assert!(compile_bytes("old.zip", bytes, Some("[lints]\nU0209 = \"allow\"\n")).report.is_sound());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Bytes changed anywhere in an archive: no panic, and nothing is lost without a word.
    #[test]
    fn any_byte_of_an_archive_may_be_wrong(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), kind in 0..3) {
        let shop = model("shop", "Customer");
        let inner = zip(&[("shop.xmi", &shop)]);
        let mut bytes = match kind {
            0 => zip(&[("inner.zip", &inner), ("notes.txt", b"notes")]),
            1 => tar(&[("inner.zip", &inner), ("notes.txt", b"notes")]),
            _ => gzip(&tar(&[("shop.xmi", &shop)])),
        };
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        let read = read_archive("x", bytes);
        prop_assert!(!read.told.is_empty() || !read.files.is_empty());
    }
}
