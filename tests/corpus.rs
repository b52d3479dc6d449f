//! Real files: what the compiler counts must be what an independent counter counted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;
use umlaut::uml::Model;

use super::support::corpus::{Comparison, counted, folder};
use super::support::say;

/// A file read and linked.
pub(super) struct Linked {
    pub(super) model: Model,
    pub(super) elements: Elements,
    report: Report,
    /// Elements whose id was taken.
    duplicates: u64,
}

pub(super) fn link_bytes(name: &str, bytes: Vec<u8>) -> Linked {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new(name, bytes)];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    let duplicates = drafts.iter().map(|draft| draft.duplicates.len() as u64).sum();
    let (model, _) = link::link(drafts, &settings, &mut elements, &mut report);
    Linked { model, elements, report, duplicates }
}

fn corpus() -> Option<PathBuf> {
    folder("modern")
}

/// What the account holds, by the names of the counter.
pub(super) fn counts(linked: &Linked) -> BTreeMap<&'static str, u64> {
    use umlaut::account::ElementKind as E;
    let mut by_kind: BTreeMap<E, u64> = BTreeMap::new();
    let mut tags_of_applications = 0;
    for (_, seen) in linked.elements.iter() {
        *by_kind.entry(seen.kind).or_default() += 1;
        if seen.kind == E::Tag
            && let Some(owner) = seen.owner
        {
            tags_of_applications += u64::from(linked.elements.get(owner).kind == E::StereotypeApplication);
        }
    }
    let of = |kinds: &[E]| kinds.iter().filter_map(|kind| by_kind.get(kind)).sum::<u64>();
    BTreeMap::from([
        ("packages", of(&[E::Package])),
        ("models", of(&[E::Model])),
        ("profiles", of(&[E::Profile])),
        ("classes", of(&[E::Class])),
        ("interfaces", of(&[E::Interface])),
        ("data types", of(&[E::DataType])),
        ("primitive types", of(&[E::PrimitiveType])),
        ("enumerations", of(&[E::Enumeration])),
        ("components", of(&[E::Component])),
        ("signals", of(&[E::Signal])),
        ("actors", of(&[E::Actor])),
        ("nodes", of(&[E::Node])),
        ("association classes", of(&[E::AssociationClass])),
        ("literals", of(&[E::Literal])),
        ("attributes", of(&[E::Attribute])),
        ("ends", of(&[E::End])),
        ("qualifiers", of(&[E::Qualifier])),
        ("ports", of(&[E::Port])),
        ("operations", of(&[E::Operation])),
        ("parameters", of(&[E::Parameter])),
        ("associations", of(&[E::Association])),
        ("generalizations", of(&[E::Generalization])),
        ("realizations", of(&[E::Realization])),
        ("dependencies", of(&[E::Dependency])),
        ("constraints", of(&[E::Constraint])),
        ("comments", of(&[E::Comment])),
        ("template signatures", of(&[E::Template])),
        ("instances", of(&[E::Instance])),
        ("imports", of(&[E::Import])),
        ("stereotypes", of(&[E::Stereotype])),
        ("tag definitions", of(&[E::TagDefinition])),
        ("extensions", of(&[E::Extension])),
        ("stereotype applications", of(&[E::StereotypeApplication])),
        ("tags of applications", tags_of_applications),
        ("tool's stereotypes", of(&[E::ToolStereotype])),
        ("tool's tags", of(&[E::ToolTag])),
        ("tool's constraints", of(&[E::ToolConstraint])),
        ("duplicate ids", linked.duplicates),
        // The independent counter has no word for generalization sets.
        ("other elements", of(&[E::Other, E::GeneralizationSet])),
    ])
}

/// What the counter says, under the same names.
fn expected(row: &serde_json::Value) -> BTreeMap<&'static str, u64> {
    let number = |key: &str| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or_default();
    let other = |key: &str| row["other_metaclasses"][key].as_u64().unwrap_or_default();
    let sum = |keys: &[&str]| keys.iter().map(|key| number(key)).sum::<u64>();
    let mut others: u64 = row["other_metaclasses"].as_object().map_or(0, |others| {
        others
            .iter()
            .filter(|(metaclass, _)| !HAVE_A_PLACE.contains(&metaclass.as_str()))
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    });
    others += number("generalization_sets");
    let in_extensions =
        |keys: &[&str]| keys.iter().map(|&key| row["extension"][key].as_u64().unwrap_or_default()).sum::<u64>();
    let marks = in_extensions(&[
        "stereotype_marks_ea_properties",
        "stereotype_marks_ea_features",
        "stereotype_marks_staruml",
        "stereotype_marks_visual_paradigm",
        "stereotype_marks_umodel",
    ]);
    BTreeMap::from([
        ("packages", number("packages")),
        ("models", number("models")),
        ("profiles", number("profiles")),
        ("classes", number("classes")),
        ("interfaces", number("interfaces")),
        ("data types", number("data_types")),
        ("primitive types", number("primitive_types")),
        ("enumerations", number("enumerations")),
        ("components", number("components")),
        ("signals", number("signals")),
        ("actors", other("Actor")),
        ("nodes", other("Node") + other("Device") + other("ExecutionEnvironment")),
        ("association classes", number("association_classes")),
        ("literals", number("enumeration_literals")),
        ("attributes", number("attributes")),
        ("ends", number("property_ends")),
        ("qualifiers", number("qualifiers")),
        ("ports", number("ports")),
        ("operations", number("operations")),
        ("parameters", other("Parameter")),
        ("associations", sum(&["associations", "communication_paths"])),
        ("generalizations", number("generalizations")),
        ("realizations", sum(&["realizations", "interface_realizations", "component_realizations"])),
        ("dependencies", sum(&["dependencies", "usages", "abstractions", "substitutions"])),
        ("constraints", number("constraints")),
        ("comments", number("comments")),
        ("template signatures", other("TemplateSignature") + other("RedefinableTemplateSignature")),
        ("instances", number("instance_specifications")),
        ("imports", sum(&["package_imports", "package_merges", "profile_applications"]) + other("ElementImport")),
        ("stereotypes", number("stereotype_definitions")),
        ("tag definitions", number("stereotype_attributes")),
        ("extensions", number("extensions_of_metaclass")),
        ("stereotype applications", number("stereotype_applications")),
        ("tags of applications", number("tagged_values_of_applications")),
        ("tool's stereotypes", marks + number("stereotype_marks_umbrello")),
        ("tool's tags", in_extensions(&["tags", "stereotype_values_umodel"])),
        ("tool's constraints", in_extensions(&["constraints"])),
        ("duplicate ids", number("duplicate_ids")),
        ("other elements", others),
    ])
}

/// The same from the counter for old formats, which counts fewer things in files of the new one.
fn expected_of_old_files(row: &serde_json::Value) -> BTreeMap<&'static str, u64> {
    let number = |key: &str| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or_default();
    BTreeMap::from([
        ("packages", number("packages")),
        ("models", number("models")),
        ("profiles", number("profiles")),
        ("classes", number("classes")),
        ("interfaces", number("interfaces")),
        ("enumerations", number("enumerations")),
        ("literals", number("literals")),
        ("attributes", number("attributes")),
        ("operations", number("operations")),
        ("associations", number("associations") + number("associations_nary") + number("associations_broken")),
        ("association classes", number("association_classes")),
        ("generalizations", number("generalizations")),
        ("constraints", number("constraints")),
        ("comments", number("comments")),
        ("stereotypes", number("stereotypes")),
        ("stereotype applications", number("stereotype_applications")),
        ("duplicate ids", number("duplicate_ids")),
    ])
}

/// Metaclasses that the counter counts among others: those with a count of their own above, and values, which their owners read.
const HAVE_A_PLACE: &[&str] = &[
    "Actor",
    "Node",
    "Device",
    "ExecutionEnvironment",
    "Parameter",
    "TemplateSignature",
    "RedefinableTemplateSignature",
    "ElementImport",
    "ExtensionEnd",
    "LiteralInteger",
    "LiteralUnlimitedNatural",
    "LiteralString",
    "LiteralBoolean",
    "LiteralReal",
    "LiteralNull",
    "InstanceValue",
    "OpaqueExpression",
    "Expression",
    "TimeExpression",
    "Duration",
    "DurationInterval",
    "TimeInterval",
    "Interval",
];

/// Where our counts differ from the counter's, and why. The list is exact: a file that is not in it must be equal, and one
/// that is in it must differ in just this way.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("ea/HMMG__ISO_19107_Edition_1_XML_uml211.xmi", "tool's constraints 30 not 27", FEATURES),
    ("ea/HMMG__ISO_19115_Metadata_XML_uml211.xmi", "tool's constraints 45 not 42", FEATURES),
    ("ea/HMMG__ISO_19123-1_Edition_1.xml", "tool's constraints 33 not 30", FEATURES),
    (
        "ea/HMMG__ISO_19157-1_Edition_1.xml",
        "tool's constraints 15 not 14, tool's stereotypes 17 not 18",
        "as above, and a diagram has a stereotype too",
    ),
    ("ea/HMMG__ISO_19160-4_Edition_2.xml", "tool's constraints 39 not 38", FEATURES),
    ("ea/HMMG__ISO_CD_19144-2.xml", "tool's constraints 39 not 29", FEATURES),
    ("ea/xmi__Xamples.xmi", "tool's constraints 3 not 0", FEATURES),
    ("ea/xmi__large_test.xmi", "duplicate ids 120 not 254", VALUES),
    (
        "magicdraw-raw/cameoisgroovy__model.mdzip",
        "classes 12 not 4, data types 1 not 0, extensions 11 not 0, generalizations 4 not 0, models 7 not 3, packages 10 not 1, \
         primitive types 4 not 0, profiles 7 not 0, stereotypes 11 not 0, tag definitions 8 not 0",
        COPIES,
    ),
    (
        "malformed/HMMG__ISO_19116_Edition_2_Amendment_1.xml",
        "tool's stereotypes 33 not 10, tool's tags 101 not 35",
        BYTES,
    ),
    (
        "negative/whitestaruml__Sample_unicode_names.uml",
        "associations 5 not 0, classes 6 not 0, ends 10 not 0, generalizations 2 not 0, models 4 not 0",
        "this counter knows nothing of the format of StarUML 5; the other one does",
    ),
    ("omg/qtmodeling__testing.xmi", "duplicate ids 0 not 11", VALUES),
    ("omg/uml4net__UML.xmi", "duplicate ids 6 not 8", VALUES),
    ("papyrus/UML-RT_StateMachines_Transfo__umlrt-facade.uml", "template signatures 5 not 3", IMPLIED),
    ("papyrus/txtUML__stdlib.uml", "template signatures 4 not 0", IMPLIED),
    ("andromda-emf/andromda-test-uml.uml", "classes 27 not 14", PARAMETERS),
];

const VALUES: &str = "values are read with what they stand in; nothing refers to one, and so nobody needs its id";
const COPIES: &str = "the copies of libraries that the tool keeps in the project are read too, as types";
const FEATURES: &str =
    "constraints of attributes and ends are written in another form, which the counter does not know";
const BYTES: &str = "the counter stops at bytes that the encoding does not allow";
const IMPLIED: &str = "the counter does not know that `ownedTemplateSignature` implies its type";
const PARAMETERS: &str = "the counter for old formats leaves out the classes that stand for parameters of templates; the one for new formats counts them";

#[test]
fn real_files_are_counted_as_an_independent_counter_counts_them() {
    let Some(root) = corpus() else { return };
    let mut comparison = Comparison::default();
    for (folder, format, expected) in [
        ("modern", "uml-xmi", expected as fn(&serde_json::Value) -> BTreeMap<&'static str, u64>),
        ("legacy", "xmi2", expected_of_old_files),
    ] {
        let root = root.join("..").join(folder);
        for (path, row) in counted(folder) {
            let path = path.as_str();
            // The largest files have a test of their own.
            if row["format"] != format || path.starts_with("perf/") {
                continue;
            }
            let linked = link_bytes(path, std::fs::read(root.join(path)).expect("a file of the corpus"));
            let tool = path.split('/').next().unwrap_or_default();
            comparison.add(tool, path, &counts(&linked), &expected(&row));
        }
    }
    comparison.finish("XMI 2.x", DIFFERENT);
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
        say(&format!("{name}: {size} bytes, {} classifiers, {took:?}\n", linked.model.classifiers.len()));
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
        ("negative/uml4net__admtf-15-10-02.xmi", "U0201", "contains no UML model"),
    ] {
        let (codes, message) = found(path);
        assert_eq!(codes, code, "{path}: {message}");
        assert!(message.contains(words), "{message}");
    }
}
