//! What holds for any input: the compiler ends without a panic, and the same input gives the same output.

use std::path::PathBuf;

use proptest::prelude::*;
use umlaut::diagnostic::{Report, render};
use umlaut::pipeline::{Input, NoLoader, Outcome, compile};
use umlaut::read::InputFile;
use umlaut::settings::Settings;
use umlaut::source::Sources;

use crate::support::{compile::files_below, drawn, found, random::Random, root};

fn compiled(files: Vec<InputFile>) -> Outcome {
    compile(Input {
        files,
        loader: &NoLoader,
        settings: Settings::default(),
        sources: Sources::default(),
        report: Report::default(),
        keep_going: true,
    })
    .expect("no input is an internal error")
}

/// The project with all that is said, as text.
fn everything(outcome: &Outcome) -> String {
    let options = render::Options::default();
    let (report, sources, elements) = (&outcome.report, &outcome.sources, &outcome.elements);
    let files = outcome.files.iter().flat_map(umlaut::output::FileSet::iter);
    let files = files.map(|(path, file)| format!("==> {path}\n{}\n", file.content));
    let told = [
        render::human::render(report, sources, elements, &options),
        render::json::render(report, sources, elements, &options),
        render::short::render(report, sources, elements, &options),
    ];
    files.chain(told).collect()
}

/// Compiles without a panic, and every place that is told lies in its text, between characters.
fn is_total(name: &str, bytes: &[u8]) {
    let outcome = compiled(vec![InputFile::new(name, bytes)]);
    everything(&outcome);
    let spans = outcome.report.diagnostics().iter().flat_map(|found| &found.labels).map(|label| label.span);
    for span in spans.chain(outcome.elements.iter().map(|(_, seen)| seen.span)) {
        let text = &outcome.sources.get(span.source).text;
        assert!(text.get(span.range()).is_some(), "{span:?} of {} bytes", text.len());
    }
}

/// One document of each dialect.
fn samples() -> Vec<PathBuf> {
    let folder = root().join("samples/dialects");
    files_below(&folder).into_iter().map(|path| folder.join(path)).collect()
}

/// Damages a document as editors, transports and bad tools do: pieces are lost, doubled, swapped or overwritten.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    const RUBBISH: [&[u8]; 12] =
        [b"<", b">", b"\"", b"'", b"&", b"/>", b"\0", b"\xff\xfe", b"]]>", b"<!--", b"name=", b"\xf0\x9f"];
    for _ in 0..random.between(1, 8) {
        let start = random.below(bytes.len() + 1);
        let end = (start + random.below(60)).min(bytes.len());
        match random.below(4) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let piece = bytes[start..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            2 => {
                let rubbish = *random.choose(&RUBBISH);
                bytes.splice(start..start, rubbish.iter().copied());
            }
            _ => bytes.truncate(bytes.len().saturating_sub(random.below(4) * random.below(200))),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_compiled(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        is_total("any.xmi", &bytes);
    }

    #[test]
    fn any_text_that_looks_like_xml_is_compiled(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "<uml:Model xmlns:uml='http://www.omg.org/spec/UML/20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001'>",
                "<packagedElement xmi:type='uml:Class' xmi:id='_a' name='A'>", "</packagedElement>", "<ownedAttribute ",
                "name='é'", " xmi:id='_a'", "/>", ">", "<![CDATA[", "]]>", "<!DOCTYPE a [", "&#x10FFFF;", "&lt", "\u{feff}",
                "<generalization general='_a'/>", "<ownedEnd type='_a'/>", " xmi:type='uml:Association'", "<", "\"", "🙂",
            ]),
            0..60,
        )
    ) {
        is_total("pieces.xmi", pieces.concat().as_bytes());
    }

    #[test]
    fn damaged_samples_are_compiled(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let path = random.choose(&samples()).clone();
        let mut bytes = std::fs::read(&path).expect("the sample can be read");
        damage(&mut bytes, &mut random);
        is_total("damaged", &bytes);
    }

    #[test]
    fn what_is_drawn_is_found_in_every_form(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let drawn = drawn::draw(&mut |below| random.below(below));
        for form in drawn::FORMS {
            let text = drawn::write(&drawn, form);
            let outcome = compiled(vec![InputFile::new("drawn.xmi", text.as_str())]);
            found::assert_all_found(&drawn, &outcome.model, &format!("{form:?}\n{text}"));
        }
    }
}

#[test]
fn compiling_in_several_threads_gives_the_same() {
    let bytes = std::fs::read(root().join("samples/dialects/omg/library.xmi")).expect("the sample can be read");
    let once = || everything(&compiled(vec![InputFile::new("library.xmi", bytes.as_slice())]));
    let first = once();
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..4).map(|_| scope.spawn(once)).collect();
        for other in others {
            assert!(other.join().expect("it ends") == first, "another thread gave something else");
        }
    });
}

/// The first file names the project; in which order the others are given makes no difference.
#[test]
fn the_order_of_further_files_changes_nothing() {
    let document = |name: &str, content: &str| {
        let text = format!(
            "<uml:Model xmlns:xmi='http://www.omg.org/spec/XMI/20131001' xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' \
             xmi:id='{name}' name='{name}'><packagedElement xmi:type='uml:Package' xmi:id='{name}_p' name='{name}'>\
             <packagedElement xmi:type='uml:Class' xmi:id='{name}_c' name='{name}Thing'>{content}</packagedElement>\
             </packagedElement></uml:Model>"
        );
        InputFile::new(format!("{name}.uml"), text)
    };
    let refer = |name: &str| {
        format!(
            "<ownedAttribute xmi:id='{name}_r' name='{name}'><type xmi:type='uml:Class' href='{name}.uml#{name}_c'/></ownedAttribute>"
        )
    };
    let files = [
        document("shop", &(refer("people") + &refer("goods") + &refer("places"))),
        document("people", &refer("places")),
        document("goods", &refer("missing")),
        document("places", "<ownedAttribute xmi:id='places_x' name='x'/>"),
    ];
    let order = |order: [usize; 4]| everything(&compiled(order.map(|index| files[index].clone()).to_vec()));
    let first = order([0, 1, 2, 3]);
    assert!(first.contains("class peopleThing") || first.contains("class PeopleThing"), "{first}");
    for other in [[0, 3, 2, 1], [0, 2, 3, 1], [0, 1, 3, 2]] {
        assert!(order(other) == first, "in the order {other:?} something else is built");
    }
}
