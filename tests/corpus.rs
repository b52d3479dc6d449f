//! Real files: what the compiler counts must be what an independent counter counted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use umlaut::account::{ElementKind, Elements};
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;
use umlaut::uml::Model;
use umlaut::uml::model::{ClassifierKind, PackageKind, PropertyOwner};

/// A file read and linked.
struct Linked {
    model: Model,
    elements: Elements,
    report: Report,
}

fn link_bytes(name: &str, bytes: Vec<u8>) -> Linked {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile { name: name.to_owned(), bytes }];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link::link(drafts, &settings, &mut elements, &mut report);
    Linked { model, elements, report }
}

fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/modern");
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("NOT TESTED: the corpus of real files is not at {}", root.display());
    None
}

/// The counts of a model by the names of the counter.
fn counts(linked: &Linked) -> BTreeMap<&'static str, u64> {
    let model = &linked.model;
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    let kinds = [
        ("classes", ClassifierKind::Class),
        ("interfaces", ClassifierKind::Interface),
        ("data_types", ClassifierKind::DataType),
        ("primitive_types", ClassifierKind::PrimitiveType),
        ("enumerations", ClassifierKind::Enumeration),
        ("association_classes", ClassifierKind::AssociationClass),
    ];
    for (name, kind) in kinds {
        counts.insert(name, model.classifiers.values().filter(|classifier| classifier.kind == kind).count() as u64);
    }
    for (name, kind) in
        [("packages", PackageKind::Package), ("models", PackageKind::Model), ("profiles", PackageKind::Profile)]
    {
        counts.insert(name, model.packages.values().filter(|package| package.kind == kind).count() as u64);
    }
    let literals: usize = model.classifiers.values().map(|classifier| classifier.literals.len()).sum();
    counts.insert("enumeration_literals", literals as u64);
    let operations: usize = model.classifiers.values().map(|classifier| classifier.operations.len()).sum();
    counts.insert("operations", operations as u64);
    // What leads nowhere is not in the model, but it was seen.
    let seen = |kind| linked.elements.iter().filter(|(_, seen)| seen.kind == kind).count() as u64;
    counts.insert("generalizations", seen(ElementKind::Generalization));
    counts.insert("associations", seen(ElementKind::Association));
    let attributes = model
        .classifiers
        .values()
        .flat_map(|classifier| &classifier.attributes)
        .filter(|&&property| model.properties[property].association.is_none())
        .count();
    counts.insert("attributes", attributes as u64);
    let qualifiers =
        model.properties.values().filter(|property| matches!(property.owner, PropertyOwner::Property(_))).count();
    counts.insert("qualifiers", qualifiers as u64);
    counts
}

/// What the counter says that the model should hold: what leads nowhere is not in it.
fn expected(row: &serde_json::Value) -> BTreeMap<&'static str, u64> {
    let number = |key: &str| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or_default();
    let mut counts = BTreeMap::new();
    for key in [
        "classes",
        "interfaces",
        "data_types",
        "primitive_types",
        "enumerations",
        "association_classes",
        "packages",
        "models",
        "profiles",
        "enumeration_literals",
        "operations",
        "attributes",
        "qualifiers",
    ] {
        counts.insert(key, number(key));
    }
    counts.insert("generalizations", number("generalizations"));
    counts.insert("associations", number("associations") + number("communication_paths"));
    counts
}

/// Where our counts differ from the counter's, and why. The list is exact: a file that is not in it must be equal, and one
/// that is in it must differ in just this way.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("bouml/EOMF__bmm.xmi", "classes 38 not 41", TEMPLATES),
    ("ea/staruml-xmi__EA_XMI21.xmi", "attributes 16 not 24, classes 25 not 27", BEHAVIOUR),
    ("ea/xmi__large_test.xmi", "attributes 165 not 159", COPIES),
    ("encodings/EA_XMI21.utf16be-bom.xmi", "attributes 16 not 24, classes 25 not 27", BEHAVIOUR),
    ("encodings/EA_XMI21.utf16le-bom.xmi", "attributes 16 not 24, classes 25 not 27", BEHAVIOUR),
    ("encodings/EA_XMI21.utf8-bom.xmi", "attributes 16 not 24, classes 25 not 27", BEHAVIOUR),
    ("encodings/EA_XMI21.utf8-declared-windows1252.xmi", "attributes 16 not 24, classes 25 not 27", BEHAVIOUR),
    ("magicdraw/EOMF__bmm.xml", "classes 38 not 41", TEMPLATES),
    ("magicdraw/andromda__test-uml.xml", "classes 14 not 17", TEMPLATES),
    ("magicdraw/cartoonify__uml.xml", "attributes 9 not 17", BEHAVIOUR),
    ("magicdraw/laWiki__UML.xml", "attributes 0 not 1", BEHAVIOUR),
    ("magicdraw/uml4net__ptc-21-03-04.xml", "attributes 252 not 260", BEHAVIOUR),
    ("omg/uml4net__ConstraintProfile.xmi", "generalizations 0 not 5", STEREOTYPES),
    ("omg/uml4net__StandardProfile.xmi", "generalizations 0 not 5", STEREOTYPES),
    ("omg/uml4net__ptc-24-01-02.xmi", "generalizations 9 not 29, operations 0 not 27", STEREOTYPES),
    ("papyrus/UML-RT_StateMachines_Transfo__LibraryBorrowingMachine_Design.uml", "attributes 0 not 8", BEHAVIOUR),
    ("papyrus/UML-RT_StateMachines_Transfo__umlrt-facade.uml", "classes 34 not 40", TEMPLATES),
    ("papyrus/tapi/UmlProfiles/OpenModelProfile/OpenModel_Profile.profile.uml", "generalizations 0 not 1", STEREOTYPES),
    ("papyrus/txtUML__stdlib.uml", "classes 11 not 15", TEMPLATES),
    ("rhapsody/mCRL2_Executors__BareBones.xmi", "attributes 0 not 3", BEHAVIOUR),
    ("rhapsody/mCRL2_Executors__ExportHere.xmi", "attributes 0 not 3, generalizations 0 not 2", BEHAVIOUR),
    ("rhapsody/mCRL2_Executors__ExportedModel.uml", "attributes 0 not 10", BEHAVIOUR),
    ("rhapsody/mCRL2_Executors__ExportedProject.uml", "attributes 0 not 3, generalizations 0 not 2", BEHAVIOUR),
    (
        "uml2tools/gmf-tooling.uml2tools__Figure_17.19_-_Template_Class_and_Bound_Class.uml",
        "classes 3 not 4",
        TEMPLATES,
    ),
    ("visual-paradigm/staruml-xmi__VP_XMI21.xmi", "attributes 16 not 28, operations 6 not 8", BEHAVIOUR),
];

const TEMPLATES: &str = "the classes that stand for parameters of templates are no classes of the model";
const BEHAVIOUR: &str =
    "attributes and classes inside collaborations, activities, artifacts and state machines are ignored with them";
const STEREOTYPES: &str = "what stands in definitions of stereotypes is read by nobody";
const COPIES: &str = "the same package stands in the file twice; the ends of the second copy belong to no association";

#[test]
fn real_files_are_counted_as_an_independent_counter_counts_them() {
    let Some(root) = corpus() else { return };
    let rows = std::fs::read_to_string(root.join("COUNTS.jsonl")).expect("counts of the corpus");
    let mut found: Vec<(String, String)> = Vec::new();
    let mut table: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).expect("one JSON object a line");
        let path = row["path"].as_str().expect("a path");
        // Parts of archives are not unpacked yet; the largest files have a test of their own.
        if row["format"] != "uml-xmi" || !row["part"].is_null() || path.starts_with("perf/") {
            continue;
        }
        let linked = link_bytes(path, std::fs::read(root.join(path)).expect("a file of the corpus"));
        let (ours, theirs) = (counts(&linked), expected(&row));
        let differences: Vec<String> = theirs
            .iter()
            .filter(|(key, count)| ours.get(*key) != Some(count))
            .map(|(key, count)| format!("{key} {} not {count}", ours.get(key).copied().unwrap_or_default()))
            .collect();
        let tool = path.split('/').next().unwrap_or_default().to_owned();
        let line = table.entry(tool).or_default();
        if differences.is_empty() {
            line.0 += 1;
        } else {
            line.1 += 1;
            found.push((path.to_owned(), differences.join(", ")));
        }
    }
    eprintln!("{:16} {:>6} {:>10}", "", "equal", "different");
    for (tool, (equal, different)) in &table {
        eprintln!("{tool:16} {equal:>6} {different:>10}");
    }
    let (equal, different) = table.values().fold((0, 0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
    eprintln!("{:16} {equal:>6} {different:>10}", "all");
    let known: Vec<(String, String)> =
        DIFFERENT.iter().map(|&(path, differences, _)| (path.to_owned(), differences.to_owned())).collect();
    for (path, differences) in found.iter().filter(|line| !known.contains(line)) {
        eprintln!("    (\"{path}\", \"{differences}\", CAUSE),");
    }
    assert_eq!(found, known);
}

/// The largest files are read in seconds, whatever they contain.
#[test]
fn large_files_are_read_in_seconds() {
    let Some(root) = corpus() else { return };
    for name in
        ["ea-iso-implementation-xml.xmi", "magicdraw-iec80000-6-electromagnetism.xml", "magicdraw-opense-library.xml"]
    {
        let bytes = std::fs::read(root.join("perf").join(name)).expect("a file of the corpus");
        let size = bytes.len();
        let start = std::time::Instant::now();
        let linked = link_bytes(name, bytes);
        let took = start.elapsed();
        eprintln!("{name}: {size} bytes, {} classifiers, {took:?}", linked.model.classifiers.len());
        assert!(!linked.model.classifiers.is_empty());
        assert!(took.as_secs() < 60, "{name} took {took:?} in a debug build");
    }
}

/// Files that are no models say so once, and give none.
#[test]
fn files_of_other_formats_are_told_by_their_content() {
    let Some(root) = corpus() else { return };
    let found = |path: &str| {
        let linked = link_bytes(path, std::fs::read(root.join(path)).expect("a file of the corpus"));
        assert!(linked.model.classifiers.is_empty(), "{path}");
        let told: Vec<&str> = linked.report.diagnostics().iter().map(|found| found.code.id).collect();
        (told.join(" "), linked.report.diagnostics()[0].message.clone())
    };
    for (path, code, words) in [
        ("negative/bigUML__class_1768132987976.uml", "U0102", "is JSON"),
        ("negative/whitestaruml__Sample_unicode_names.uml", "U0201", "is a project of StarUML 1"),
        ("negative/uml4net__admtf-15-10-02.xmi", "U0201", "contains no UML model"),
        ("ecore/pyecore__UML.ecore", "U0201", "is an Ecore model"),
        ("gaphor/gaphor__Core.gaphor", "U0201", "is a model of Gaphor"),
        ("magicdraw-raw/coffee-shop__uml.mdzip", "U0102", "is a zip archive"),
    ] {
        let (codes, message) = found(path);
        assert_eq!(codes, code, "{path}: {message}");
        assert!(message.contains(words), "{message}");
    }
}
