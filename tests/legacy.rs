//! Real files in XMI 1.x: what the compiler counts must be what an independent counter counted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use umlaut::account::{ElementKind, Elements};
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;
use umlaut::uml::model::{ClassifierKind, PackageKind, PropertyOwner};

use super::support::corpus::{Comparison, counted, folder};

fn corpus() -> Option<PathBuf> {
    folder("legacy").map(|folder| folder.join(".."))
}

/// The counts of a file by the names of the counter.
fn counts(name: &str, bytes: Vec<u8>) -> BTreeMap<&'static str, u64> {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new(name, bytes)];
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link::link(drafts, &settings, &mut elements, &mut report);
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    let of_kind = |kind| model.classifiers.values().filter(|classifier| classifier.kind == kind).count() as u64;
    let phantoms = model.classifiers.ids().filter(|&id| model.classifier_name(id) == "EARootClass").count() as u64;
    counts.insert("classes", of_kind(ClassifierKind::Class) - phantoms);
    counts.insert("interfaces", of_kind(ClassifierKind::Interface));
    counts.insert("data_types", of_kind(ClassifierKind::DataType) + of_kind(ClassifierKind::PrimitiveType));
    counts.insert("enumerations", of_kind(ClassifierKind::Enumeration));
    counts.insert("association_classes", of_kind(ClassifierKind::AssociationClass));
    let packages = |kind| model.packages.values().filter(|package| package.kind == kind).count() as u64;
    counts.insert("packages", packages(PackageKind::Package));
    counts.insert("models", packages(PackageKind::Model));
    counts.insert("literals", model.classifiers.values().map(|classifier| classifier.literals.len() as u64).sum());
    // What leads nowhere is not in the model, but it was seen.
    let seen = |kind| elements.iter().filter(|(_, seen)| seen.kind == kind).count() as u64;
    counts.insert("operations", seen(ElementKind::Operation));
    counts.insert("generalizations", seen(ElementKind::Generalization));
    counts.insert("associations", seen(ElementKind::Association));
    counts.insert("constraints", seen(ElementKind::Constraint));
    counts.insert("comments", seen(ElementKind::Comment));
    counts.insert("stereotype_applications", seen(ElementKind::StereotypeApplication));
    counts.insert("attributes", seen(ElementKind::Attribute));
    let is_qualifier = |owner| matches!(owner, PropertyOwner::Property(_));
    counts
        .insert("qualifiers", model.properties.values().filter(|property| is_qualifier(property.owner)).count() as u64);
    counts
}

/// What the counter says that the model should hold.
fn expected(row: &serde_json::Value) -> BTreeMap<&'static str, u64> {
    let number = |key: &str| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or_default();
    let mut counts: BTreeMap<&'static str, u64> = [
        "classes",
        "interfaces",
        "data_types",
        "enumerations",
        "association_classes",
        "models",
        "literals",
        "operations",
        "generalizations",
        "constraints",
        "comments",
        "stereotype_applications",
        "attributes",
        "qualifiers",
    ]
    .into_iter()
    .filter(|&key| row.get(key).is_some())
    .map(|key| (key, number(key)))
    .collect();
    counts.insert("packages", number("packages") + number("subsystems"));
    let associations = ["associations", "associations_nary", "associations_broken"];
    counts.insert("associations", associations.into_iter().map(number).sum());
    counts
}

/// Where our counts differ from the counter's, and why. The list is exact: a file that is not in it must be equal, and one
/// that is in it must differ in just this way.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("legacy/derived/plantuml-argo-library.xmi", "packages 2 not 0", PACKAGES_BY_NAME),
    ("legacy/derived/plantuml-plain-library.xmi", "packages 2 not 0", PACKAGES_BY_NAME),
    ("legacy/derived/plantuml-star-library.xmi", "packages 2 not 0", PACKAGES_BY_NAME),
    ("legacy/ea-xmi11/geosciml-earthMaterial.xml", "association_classes 1 not 0, classes 13 not 14", BY_TAG),
    (
        "legacy/magicdraw/argouml-timetracker.xmi",
        "attributes 47 not 53, classes 27 not 29, enumerations 2 not 0, literals 6 not 0",
        NAMED_ELSEWHERE,
    ),
    ("legacy/openmdx-xmi/mdagenerator-poseidon.xml", "qualifiers 79 not 0", IN_NAMES),
    ("legacy/rose-xmi/legacy-royloy.xml", "data_types 5 not 4, enumerations 0 not 1, literals 0 not 2", BOOLEAN),
    ("legacy/umbrello/umbrello-asf.xmi", "packages 1 not 0", PACKAGES_BY_NAME),
    ("legacy/umbrello/umbrello-screenshots.xmi", "attributes 22 not 7, classes 23 not 18", TABLES),
    ("modern/plantuml/GoldenUML__CardGameApp.argo.xmi", "attributes 10 not 20, classes 10 not 13", RECLASSIFIED),
    ("modern/plantuml/GoldenUML__CardGameApp.standard.xmi", "attributes 10 not 20, classes 10 not 13", RECLASSIFIED),
    ("modern/plantuml/GoldenUML__CardGameApp.star.xmi", "attributes 10 not 20, classes 10 not 13", RECLASSIFIED),
];

const IN_NAMES: &str = "the writer puts qualifiers into the names of ends, where the counter does not look";

const PACKAGES_BY_NAME: &str =
    "the tool names the package of a class and writes no package; the counter counts what is written";

const BOOLEAN: &str = "Rose has `boolean` as an enumeration of two literals, which is a primitive type to us";

const TABLES: &str =
    "Umbrello draws the tables of a database as entities, which are classes to us and nothing to the counter";

const BY_TAG: &str = "a tag makes an association and a class one association class, which the counter does not read";

const RECLASSIFIED: &str = "the counter of modern files takes classes with the stereotype `enumeration` for classes";

const NAMED_ELSEWHERE: &str = "the stereotype `enumeration` stands in another document; the reference tells its name, which the counter does not read";

#[test]
fn real_files_of_xmi_1_are_counted_as_an_independent_counter_counts_them() {
    let Some(root) = corpus() else { return };
    let mut comparison = Comparison::default();
    for (part, path, row) in ["legacy", "modern"]
        .into_iter()
        .flat_map(|part| counted(part).into_iter().map(move |(path, row)| (part, path, row)))
    {
        let is_xmi_1 = row["format"].as_str().is_some_and(|format| format.starts_with("xmi1"));
        if !is_xmi_1 || row["is_uml"] == false {
            continue;
        }
        let tool = path.split('/').next().unwrap_or_default().to_owned();
        let path = format!("{part}/{path}");
        let ours = counts(&path, std::fs::read(root.join(&path)).expect("a file of the corpus"));
        comparison.add(&tool, &path, &ours, &expected(&row));
    }
    comparison.finish("XMI 1.x", DIFFERENT);
}

/// Documents that are XMI 1.x and no UML say what they are, and give no model.
#[test]
fn metamodels_and_differences_are_told_by_their_content() {
    let Some(root) = corpus() else { return };
    for (path, words) in [
        ("01-02-15_Diff.xml", "is a difference between two documents"),
        ("ActionUML_Interchange_Metamodel_FTF_nb_Diff.xml", "is a difference between two documents"),
        ("01-12-02_Diff.xml", "is a metamodel in MOF"),
        ("TestMM.xml", "is a metamodel in MOF"),
        ("CWM-MOF.xmi", "is a metamodel in MOF"),
        ("UML15OCL.xml", "is a metamodel in MOF"),
    ] {
        let folder = root.join("legacy/mof-metamodels");
        let name =
            ["argouml-", "legacy-"].iter().map(|tool| folder.join(format!("{tool}{path}"))).find(|p| p.is_file());
        let bytes = std::fs::read(name.expect("a file of the corpus")).expect("it can be read");
        let settings = Settings::default();
        let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
        let files = vec![InputFile::new(path, bytes)];
        let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
        let told: Vec<&str> = report.diagnostics().iter().map(|found| found.code.id).collect();
        assert!(drafts.is_empty() && told.contains(&"U0201"), "{path}: {told:?}");
        let told = report.diagnostics().iter().find(|found| found.code.id == "U0201").expect("just seen");
        assert!(told.message.contains(words), "{}", told.message);
    }
}
