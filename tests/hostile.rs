//! Input that no tool should write: it costs seconds at most, and says what is wrong with it.

use std::time::{Duration, Instant};

use umlaut::account::Elements;
use umlaut::diagnostic::{Level, Report};
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;
use umlaut::uml::Model;

/// So long may any of these take in a debug build on a slow machine.
const SECONDS: u64 = 60;

fn compile(name: &str, bytes: impl Into<Vec<u8>>) -> (Model, Vec<(&'static str, String)>) {
    let start = Instant::now();
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new(name, bytes)];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link::link(drafts, &settings, &mut elements, &mut report);
    report.finish(&settings.lints);
    assert!(start.elapsed() < Duration::from_secs(SECONDS), "{name} took {:?}", start.elapsed());
    let told = report.diagnostics().iter().map(|found| (found.code.id, found.message.clone())).collect();
    (model, told)
}

fn codes(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<&'static str> {
    compile(name, bytes).1.into_iter().map(|(code, _)| code).collect()
}

fn model(content: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><uml:Model xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
         xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmi:id='_m' name='m'>{content}</uml:Model>"
    )
}

#[test]
fn what_is_no_xml_is_named() {
    for (name, bytes, words) in [
        ("empty.xmi", &b""[..], "is empty"),
        ("blank.xmi", b" \r\n\t", "is empty"),
        ("model.qea", b"SQLite format 3\0\x10\0\x01\x01\0\x40", "is an SQLite database"),
        ("model.eap", b"\0\x01\0\0Standard Jet DB\0", "is a database of Enterprise Architect"),
        ("model.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a picture"),
        ("model.pdf", b"%PDF-1.7\n", "is a PDF document"),
        ("model.json", b"{\"elements\": []}", "is JSON"),
        ("model.puml", b"@startuml\nclass A\n@enduml\n", "is a PlantUML text"),
        ("model.txt", b"class Book", "is text, but not XML"),
        ("garbage", b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\xff\xfe\xfd", "is binary data"),
    ] {
        let (model, told) = compile(name, bytes);
        assert!(model.classifiers.is_empty());
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        assert_eq!(told[0].0, "U0102", "{name}");
        assert!(told[0].1.contains(words), "{name}: {}", told[0].1);
    }
}

#[test]
fn xml_without_a_model_is_named() {
    for (text, words) in [
        ("<html><body/></html>", "is an HTML page"),
        ("<mxfile><diagram/></mxfile>", "is a drawing of draw.io"),
        ("<data/>", "its root is `data`"),
        (
            "<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'><db:Schema xmlns:db='x'/></xmi:XMI>",
            "its content is `db:Schema`",
        ),
        ("<XMI xmi.version='1.2'/>", "is XMI 1.x"),
        ("<?xml version='1.0'?><!-- nothing -->", "contains no element"),
    ] {
        let (_, told) = compile("data.xml", text);
        assert_eq!(told.len(), 1, "{text}: {told:?}");
        assert_eq!(told[0].0, "U0201", "{text}");
        assert!(told[0].1.contains(words), "{text}: {}", told[0].1);
    }
}

#[test]
fn a_model_without_classes_says_so() {
    assert_eq!(codes("m.uml", model("<packagedElement xmi:type='uml:UseCase' xmi:id='_u' name='buy'/>")), ["U0203"]);
}

#[test]
fn nesting_is_limited() {
    for depth in [600, 100_000] {
        let open = "<packagedElement xmi:type='uml:Package' xmi:id='_p' name='p'>".repeat(depth);
        let close = "</packagedElement>".repeat(depth);
        let (model, told) = compile("deep.uml", model(&format!("{open}{close}")));
        assert!(told.iter().any(|(code, message)| *code == "U0108" && message.contains("512")), "{told:?}");
        assert_eq!(told.iter().filter(|(code, _)| *code == "U0108").count(), 1);
        assert_eq!(model.packages.len(), 512);
    }
    let unclosed = format!("<a>{}", "<b>".repeat(100_000));
    assert!(!codes("deep.xml", unclosed).is_empty());
}

#[test]
fn a_line_of_50_megabytes_is_read() {
    let mut content = String::with_capacity(51 << 20);
    let mut number = 0;
    while content.len() < 50 << 20 {
        let text = "x".repeat(4_000);
        content.push_str(&format!(
            "<packagedElement xmi:type='uml:Class' xmi:id='_{number}' name='C{number}'>\
             <ownedComment xmi:id='_c{number}'><body>{text}</body></ownedComment></packagedElement>"
        ));
        number += 1;
    }
    let (model, told) = compile("long.uml", model(&content));
    assert_eq!(model.classifiers.len(), number);
    assert!(told.is_empty(), "{told:?}");
}

/// As one line of 50 MB may be full of classes, too: a whole model, or a finding that there are too many.
#[test]
fn a_line_of_many_classes_is_read_or_refused() {
    for (count, allowed) in [(100_000, true), (100_001, false)] {
        let classes: String = (0..count)
            .map(|number| format!("<packagedElement xmi:type='uml:Class' xmi:id='_{number}' name='C{number}'/>"))
            .collect();
        let (model, told) = compile("many.uml", model(&classes));
        if allowed {
            assert_eq!((model.classifiers.len(), told.len()), (count, 0), "{told:?}");
        } else {
            assert!(model.classifiers.is_empty());
            assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0108"], "{told:?}");
            assert!(told[0].1.contains("100001 classes"), "{told:?}");
        }
    }
}

#[test]
fn literals_are_limited() {
    let literals: String =
        (0..10_001).map(|number| format!("<ownedLiteral xmi:id='_{number}' name='L{number}'/>")).collect();
    let text = format!("<packagedElement xmi:type='uml:Enumeration' xmi:id='_e' name='E'>{literals}</packagedElement>");
    let (model, told) = compile("literals.uml", model(&text));
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0108"], "{told:?}");
    assert_eq!(model.classifiers.values().next().map(|it| it.literals.len()), Some(10_000));
}

#[test]
fn values_and_names_are_limited() {
    let long = "x".repeat(11 << 20);
    let (_, told) = compile(
        "value.uml",
        model(&format!("<packagedElement xmi:type='uml:Class' xmi:id='_c' name='C' x='{long}'/>")),
    );
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0108"]);
    let (model_, told) = compile(
        "name.uml",
        model(&format!("<packagedElement xmi:type='uml:Class' xmi:id='_c' name='{}'/>", "é".repeat(2_000))),
    );
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0108"]);
    assert_eq!(
        model_.classifiers.values().next().and_then(|class| class.name.as_ref()).map(|name| name.value.chars().count()),
        Some(1024)
    );
    let many: String = (0..5_000).map(|number| format!(" a{number}='1'")).collect();
    let (model_, told) =
        compile("many.uml", model(&format!("<packagedElement xmi:type='uml:Class' xmi:id='_c' name='C'{many}/>")));
    assert_eq!((model_.classifiers.len(), told.len(), told[0].0), (1, 1, "U0108"));
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE m [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
                <uml:Model xmlns:xmi='http://www.omg.org/XMI' xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' name='m'>\
                <packagedElement xmi:type='uml:Class' xmi:id='_c' name='&b;'/></uml:Model>";
    let (model, told) = compile("bomb.uml", bomb);
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0107"]);
    assert_eq!(
        model.classifiers.values().next().and_then(|class| class.name.as_ref()).map(|name| name.value.as_str()),
        Some("&b;")
    );
}

#[test]
fn a_wrong_encoding_is_told_and_the_rest_is_read() {
    let mut bytes = model("<packagedElement xmi:type='uml:Class' xmi:id='_c' name='Caf?'/>").into_bytes();
    let at = bytes.iter().position(|&byte| byte == b'?' && bytes.len() > 60).unwrap();
    let at = bytes[at + 1..].windows(4).position(|window| window == b"Caf?").unwrap() + at + 4;
    bytes[at] = 0xe9;
    let (model, told) = compile("latin.uml", bytes);
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["U0101"]);
    assert_eq!(
        model.classifiers.values().next().and_then(|class| class.name.as_ref()).map(|name| name.value.as_str()),
        Some("Caf\u{fffd}")
    );
}

/// The parser passes over a byte order mark without counting it, so that all places were wrong.
#[test]
fn byte_order_marks_may_stand_anywhere() {
    let class = "<packagedElement xmi:type='uml:Class' xmi:id='_é' name='é'/>";
    for text in [
        format!("\u{feff}\u{feff}\u{feff}{}", model(class)),
        model(&format!("{class}\u{feff}<packagedElement xmi:type='uml:Class' xmi:id='_f' name='f'/>")),
        format!("\u{feff}\u{feff}<é x='1><é>\u{feff}{}", model(class)),
    ] {
        let (model, _) = compile("marks.uml", text);
        assert!(model.classifiers.values().any(|it| it.name.as_ref().is_some_and(|name| name.value == "é")));
    }
}

/// A tag whose quote is missing ends where the next one seems to begin, and never inside a character. Found by fuzzing.
#[test]
fn what_follows_an_open_quote_may_be_any_character() {
    let text = "<uml:Model xmlns:uml='http://www.omg.org/spec/UML/20131001'><ownedRule x=_l\"/><\u{2d0}";
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    read::read(vec![InputFile::new("quote.uml", text)], &settings, &mut sources, &mut elements, &mut report);
    let labels = report.diagnostics().iter().flat_map(|found| &found.labels).map(|label| label.span);
    for span in elements.iter().map(|(_, seen)| seen.span).chain(labels) {
        assert!(sources.get(span.source).text.get(span.range()).is_some(), "{span:?} is inside a character");
    }
}

/// A file that breaks off at any byte gives no panic, and says that it is cut off wherever there is something to say.
#[test]
fn a_file_may_end_anywhere() {
    let whole = model(
        "<packagedElement xmi:type='uml:Class' xmi:id='_b' name='Büch&amp;er'><ownedAttribute xmi:id='_t' name='t' type='_s'/>\
         </packagedElement><!-- c --><packagedElement xmi:type='uml:PrimitiveType' xmi:id='_s' name='S'/>",
    );
    for end in 0..whole.len() {
        let (_, told) = compile("cut.uml", &whole.as_bytes()[..end]);
        assert!(!told.is_empty(), "nothing is told about the first {end} bytes");
    }
    assert!(compile("whole.uml", whole).1.is_empty());
}

/// Each tag taken out in turn: whatever is left is read, and no more is told than can be wrong.
#[test]
fn any_tag_may_be_missing() {
    let whole = model(
        "<packagedElement xmi:type='uml:Class' xmi:id='_b' name='Book'><ownedAttribute xmi:id='_t' name='t' type='_s'/></packagedElement>\
         <packagedElement xmi:type='uml:Package' xmi:id='_p' name='p'>\
         <packagedElement xmi:type='uml:PrimitiveType' xmi:id='_s' name='S'/></packagedElement>",
    );
    let tags: Vec<(usize, usize)> =
        whole.match_indices('<').map(|(start, _)| (start, start + whole[start..].find('>').unwrap() + 1)).collect();
    for (start, end) in tags {
        let damaged = format!("{}{}", &whole[..start], &whole[end..]);
        let (_, told) = compile("damaged.uml", damaged);
        let errors = told
            .iter()
            .filter(|(code, _)| umlaut::diagnostic::codes::find(code).is_some_and(|code| code.default == Level::Error));
        assert!(errors.count() <= 2, "without {}: {told:?}", &whole[start..end]);
    }
}

#[test]
fn owners_in_a_circle_are_left() {
    let class = |id: &str, owner: &str| {
        format!(
            "<Class id='{id}'><name><val>{id}</val></name><nestingClass><ref refid='{owner}'/></nestingClass></Class>"
        )
    };
    let classes = [class("A", "A"), class("B", "C"), class("C", "B")].concat();
    let text = format!("<gaphor xmlns='http://gaphor.sourceforge.net/model' version='3.0'>{classes}</gaphor>");
    let (model, _) = compile("circle.gaphor", text);
    assert_eq!(model.classifiers.len(), 3);
}

#[test]
fn rules_that_write_again_what_they_are_given_do_not_grow_without_bounds() {
    // As much of a stack as the program has: without optimization a level takes several kilobytes.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(rules_that_repeat).expect("a thread");
    thread.join().expect("nothing panics");
}

fn rules_that_repeat() {
    let nested = |start: &str, step: &dyn Fn(String, usize) -> String| (0..60).fold(start.to_owned(), step);
    let lets: String = (1..60).map(|at| format!("let v{at} = v{} + v{} in ", at - 1, at - 1)).collect();
    let texts = [
        format!("let v0 = x in {lets} v59 &gt; 0"),
        nested("p", &|inner, _| format!("({inner}) = (q)")),
        nested("p", &|inner, _| format!("({inner}) xor (q)")),
        nested("p", &|inner, _| format!("if {inner} then q else p endif")),
        nested("x", &|inner, _| format!("if {inner} &gt; 1 then 1 else 2 endif")) + " &gt; 1",
        nested("x", &|inner, at| format!("{inner} between {at} and 9")),
        nested("x", &|inner, _| format!("(if Set{{1..2, 4..5}}->includes({inner}) then 1 else 2 endif)")) + " = 1",
    ];
    for text in texts {
        let content = format!(
            "<packagedElement xmi:type='uml:PrimitiveType' xmi:id='i' name='Integer'/>\
             <packagedElement xmi:type='uml:PrimitiveType' xmi:id='b' name='Boolean'/>\
             <packagedElement xmi:type='uml:Class' xmi:id='c' name='C'>\
             <ownedAttribute xmi:id='x' name='x' type='i'/><ownedAttribute xmi:id='p' name='p' type='b'/>\
             <ownedAttribute xmi:id='q' name='q' type='b'/><ownedRule xmi:id='r' name='r'>\
             <specification xmi:type='uml:OpaqueExpression' xmi:id='s'><language>OCL</language><body>{text}</body>\
             </specification></ownedRule></packagedElement>"
        );
        let start = Instant::now();
        let outcome = crate::support::compile::compile_bytes("rule.uml", model(&content).into(), None);
        assert!(start.elapsed() < Duration::from_secs(SECONDS), "{text} took {:?}", start.elapsed());
        let told = crate::support::compile::findings(&outcome);
        assert!(told.contains("[U1101]") && !told.contains("[U1102]"), "{text}: {told}");
    }
}
