//! Files that are recognised and not read: each is told once, by what it is, with what to do.

use std::path::Path;

use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;

use super::support::say;

/// The drafts' classifiers, and what was told: code, message, help.
fn told(name: &str, bytes: &[u8]) -> (usize, Vec<(&'static str, String, String)>) {
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let settings = Settings::default();
    let drafts = read::read(vec![InputFile::new(name, bytes)], &settings, &mut sources, &mut elements, &mut report);
    report.finish(&settings.lints);
    let told = report.diagnostics().iter().map(|it| (it.code.id, it.message.clone(), it.help.join("; ")));
    (drafts.iter().map(|draft| draft.classifiers.len()).sum(), told.collect())
}

#[track_caller]
fn check(name: &str, bytes: &[u8], code: &str, what: &str, help: &str) {
    let (classifiers, told) = told(name, bytes);
    let [(found, message, advice)] = told.as_slice() else { panic!("{name}: {told:?}") };
    assert_eq!((classifiers, *found), (0, code), "{name}: {message}");
    assert!(message.contains(what), "{name}: {message}");
    assert!(advice.contains(help), "{name}: {advice}");
}

#[test]
fn what_is_not_read_is_named_with_the_way_out() {
    let qea = [b"SQLite format 3\0 ".as_slice(), b"CREATE TABLE t_object (Object_ID INTEGER)"].concat();
    let vpp = [b"SQLite format 3\0 ".as_slice(), b"CREATE TABLE MODEL_ELEMENT (ID)"].concat();
    for (bytes, code, what, help) in [
        (b"\0\x01\0\0Standard Jet DB\0".as_slice(), "U0102", "a database of Enterprise Architect", "Publish"),
        (b"\0\x01\0\0Standard ACE DB\0", "U0102", "a database of Enterprise Architect", "Publish"),
        (&qea, "U0102", "a database of Enterprise Architect (`.qea`)", "Publish"),
        (&vpp, "U0102", "a project of Visual Paradigm (`.vpp`)", "Project, Export, XMI"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "U0102", "Visio", "UML tool"),
        (b"\xac\xed\0\x05sr\0", "U0102", "Astah", "XMI"),
        (b"%PDF-1.4\n", "U0102", "a PDF document", "picture"),
        (b"\xff\xd8\xff\xe0", "U0102", "a picture", "picture"),
        (b"Rar!\x1a\x07\0", "U0102", "RAR", "zip"),
        (b"@startuml\nclass A\n@enduml", "U0102", "a PlantUML text", "-txmi:star"),
        (b"classDiagram\n  A <|-- B", "U0102", "a Mermaid text", "UML tool"),
        (b"format 206\n\"bmm2\"\n  revision 3\n", "U0102", "a project of BOUML", "Generate XMI 2"),
        (b"Model {\n  Name \"engine\"\n", "U0102", "a model of Simulink", "UML tool"),
        (b"{\"elements\": []}", "U0102", "is JSON", "export"),
        (b"Dear diary", "U0102", "is text, but not XML", "export"),
        (b"<argo><documentation/></argo>", "U0201", "list of parts of an ArgoUML project", ".zargo"),
        (b"<mxfile host='x'><diagram/></mxfile>", "U0201", "a drawing of draw.io", "shapes"),
        (b"<diagram program='umlet' version='11'/>", "U0201", "a drawing of UMLet", "shapes"),
        (b"<dia:diagram xmlns:dia='http://www.lysator.liu.se/~alla/dia/'/>", "U0201", "a drawing of Dia", "shapes"),
        (b"<Diagram><ID>JAVA</ID></Diagram>", "U0201", "IntelliJ", "import the code"),
        (b"<modelStoreModel/>", "U0201", "a model of Visual Studio", "UML tool"),
        (b"<Project UmlVersion='2.x'/>", "U0201", "Visual Paradigm in its own XML", "Project, Export, XMI"),
        (b"<?PowerDesigner AppLocale='UTF16'?><Model xmlns:a='attribute'/>", "U0201", "PowerDesigner", "File, Export"),
        (b"<PyutProject version='9'/>", "U0201", "PyUt", "UML tool"),
        (b"<graphml/>", "U0201", "yEd", "shapes"),
        (b"<Package name='Model'><Table name='t_object'/></Package>", "U0201", "native form", "Publish"),
        (b"<archimate:model xmlns:archimate='x'/>", "U0201", "ArchiMate", "UML tool"),
    ] {
        check("model", bytes, code, what, help);
    }
}

/// Files of other formats among the real ones.
#[test]
fn real_files_of_other_formats_are_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        say(&format!("NOT TESTED: the corpus of real files is not at {}\n", root.display()));
        return;
    }
    for (path, code, what) in [
        ("modern/negative/bigUML__class_1768132987976.uml", "U0102", "JSON"),
        ("modern/negative/minimalExample__class.xmi", "U0201", "its content is `ClassDiagram:Package`"),
        ("modern/negative/uml4net__admtf-15-10-02.xmi", "U0201", "its root is `smm:SmmModel`"),
        ("legacy/argouml-0.7/legacy-royloy.argo", "U0201", "ArgoUML"),
        ("legacy/argouml-0.7/legacy-royloy-2.argo", "U0201", "ArgoUML"),
        ("legacy/bouml/eomf-bmm2.prj", "U0102", "a project of BOUML"),
        ("legacy/drawio/pymdg-sample.xml", "U0201", "draw.io"),
        ("legacy/ea-eap/geosciml-nadmc1.eap", "U0102", "a database of Enterprise Architect"),
        ("legacy/intellij-uml/neo4j-mapdb-in-mapdb.uml", "U0201", "IntelliJ"),
        ("legacy/pyut/pyut-CommandV2.put", "U0201", "PyUt"),
        ("legacy/umlet/doc-UnionPong-manuallayout.uxf", "U0201", "UMLet"),
        ("legacy/visualstudio-uml/gamebot-ModelingProject1.uml", "U0201", "Visual Studio"),
        ("legacy/mof-metamodels/argouml-01-02-15_Diff.xml", "U0201", "is "),
        ("legacy/mof-metamodels/legacy-CWM-MOF.xmi", "U0201", "is "),
        ("legacy/mof-metamodels/legacy-TestMM.xml", "U0201", "is "),
    ] {
        check(path, &std::fs::read(root.join(path)).expect("a file of the corpus"), code, what, "");
    }
}

/// Damaged models are read as far as they can be, and say what is wrong with them.
#[test]
fn real_damaged_files_are_read_as_models() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/modern/malformed");
    if !root.is_dir() {
        say(&format!("NOT TESTED: the corpus of real files is not at {}\n", root.display()));
        return;
    }
    for path in ["HMMG__ISO_19116_Edition_2_Amendment_1.xml", "emf-compare__left.uml"] {
        let (classifiers, told) = told(path, &std::fs::read(root.join(path)).expect("a file of the corpus"));
        assert!(classifiers > 0, "{path}: {told:?}");
        assert!(told.iter().all(|(code, ..)| !matches!(*code, "U0102" | "U0201")), "{path}: {told:?}");
    }
}
