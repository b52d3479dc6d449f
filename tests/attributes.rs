//! Attributes of every kind, judged by Django: each name of a type with each multiplicity, and rules that rows must keep.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use umlaut::django::{DjangoVersion, Field, FieldKind, Project};
use umlaut::pipeline::Outcome;
use umlaut::policy::types::{self, TypeRow};

use crate::migrations::{faults, judge};
use crate::support::compile::{compile_bytes, findings};
use crate::support::postgres::Server;
use crate::support::root;

/// A model with a class for each row of the table of types. Each name stands at a required and at an optional attribute; the
/// first one also at one of many values, at unique ones, and at one with a default.
pub(crate) fn every_type() -> String {
    let mut types = String::new();
    let mut classes = String::new();
    for (number, row) in types::TABLE.iter().enumerate() {
        let mut attributes = String::new();
        for (index, name) in row.names.iter().enumerate() {
            let id = format!("_t{number}_{index}");
            let name = name.replace('<', "&lt;");
            let _ = writeln!(types, "<packagedElement xmi:type='uml:PrimitiveType' xmi:id='{id}' name='{name}'/>");
            let mut attribute = |stem: &str, bounds: (&str, &str), default: Option<&str>| {
                let _ = write!(
                    attributes,
                    "<ownedAttribute xmi:id='_{stem}{number}_{index}' name='{stem}{index}' type='{id}'>\
                     <lowerValue xmi:type='uml:LiteralInteger' xmi:id='_l{stem}{number}_{index}' value='{}'/>\
                     <upperValue xmi:type='uml:LiteralUnlimitedNatural' xmi:id='_u{stem}{number}_{index}' value='{}'/>",
                    bounds.0, bounds.1
                );
                if let Some(default) = default {
                    let _ = write!(
                        attributes,
                        "<defaultValue xmi:type='uml:LiteralString' xmi:id='_d{stem}{number}_{index}' value='{default}'/>"
                    );
                }
                attributes.push_str("</ownedAttribute>\n");
            };
            attribute("must", ("1", "1"), None);
            attribute("may", ("0", "1"), None);
            if index == 0 {
                attribute("all", ("0", "*"), None);
                attribute("once", ("1", "1"), None);
                attribute("atmost", ("0", "1"), None);
                attribute("given", ("1", "1"), default(row));
                attribute("offered", ("0", "1"), default(row));
            }
        }
        let _ = writeln!(
            classes,
            "<packagedElement xmi:type='uml:Class' xmi:id='_c{number}' name='Row{number}'>{attributes}</packagedElement>"
        );
    }
    format!(
        "<xmi:XMI xmi:version='20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
         xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML'><uml:Model xmi:id='_m' name='every'>\
         <packagedElement xmi:type='uml:Package' xmi:id='_p' name='every'>{types}{classes}</packagedElement>\
         </uml:Model></xmi:XMI>"
    )
}

/// A default that fits the row's type, if it can have one.
fn default(row: &TypeRow) -> Option<&'static str> {
    Some(match row.kind {
        FieldKind::Boolean => "true",
        FieldKind::Float => "2.5",
        FieldKind::Date { .. } => "2026-02-28",
        FieldKind::DateTime { .. } => "2026-02-28T12:00:30Z",
        FieldKind::Time { .. } => "23:59",
        FieldKind::Duration => "P1DT1M",
        FieldKind::Uuid => "12345678-1234-5678-1234-567812345678",
        FieldKind::GenericIpAddress => "192.0.2.1",
        FieldKind::Json => "{}",
        FieldKind::Char { max_length: 1 } => "x",
        FieldKind::Char { max_length: 2 } => "DE",
        FieldKind::Char { max_length: 3 } => "EUR",
        FieldKind::Char { .. } | FieldKind::Text | FieldKind::Slug { .. } => "word",
        FieldKind::Email { .. } => "a@example.com",
        FieldKind::Url { .. } => "https://example.com",
        FieldKind::Binary | FieldKind::File { .. } => return None,
        _ => "7",
    })
}

/// Whether the database can hold each value once.
fn can_be_unique(kind: &FieldKind) -> bool {
    !matches!(kind, FieldKind::Json | FieldKind::Binary | FieldKind::File { .. } | FieldKind::Text)
}

fn model<'p>(project: &'p Project, name: &str) -> &'p umlaut::django::Model {
    let every = project.app("every").expect("an app");
    every.models.iter().find(|model| model.name == name).unwrap_or_else(|| panic!("no model {name}"))
}

#[test]
fn every_name_of_a_type_is_a_column_that_django_writes_as_we_do() {
    let mut settings = String::from("[rules]\nhelp_text = true\n");
    for (number, row) in types::TABLE.iter().enumerate().filter(|(_, row)| can_be_unique(&row.kind)) {
        let _ = row;
        for name in ["once0", "atmost0"] {
            let _ = writeln!(settings, "[model.\"every.Row{number}.{name}\"]\nunique = true");
        }
    }
    let outcome = compile_bytes("every.uml", every_type().into_bytes(), Some(&settings));
    let unexpected: Vec<&str> = outcome.report.diagnostics().iter().map(|found| found.code.id).collect();
    // `Money` and its like are drawn without attributes, but known; many values become tables.
    assert!(unexpected.iter().all(|code| *code == "U0504"), "{}", findings(&outcome));
    let mut columns = 0;
    for (number, row) in types::TABLE.iter().enumerate() {
        let model = model(&outcome.project, &format!("Row{number}"));
        let field = |name: &str| model.field(name).unwrap_or_else(|| panic!("{}: no {name}", row.names[0]));
        for (index, name) in row.names.iter().enumerate() {
            let (must, may) = (field(&format!("must{index}")), field(&format!("may{index}")));
            columns += 2;
            assert_eq!(same_class(must, row), Ok(()), "{name}");
            let is_text = must.is_text() || matches!(must.kind, FieldKind::File { .. });
            assert_eq!((must.null, may.null), (row.extra.nullable, !is_text), "{name}: null");
            assert!(may.blank, "{name}: blank");
        }
        assert_eq!(field("given0").default.is_some(), default(row).is_some() || row.kind == FieldKind::Json);
        assert_eq!(field("once0").unique, can_be_unique(&row.kind));
        assert_eq!(field("atmost0").null, can_be_unique(&row.kind) || !field("once0").is_text() && !is_file(row));
    }
    assert!(columns > 500, "only {columns} columns");
    for django in DjangoVersion::ALL {
        let cases = [Project { django, ..outcome.project.clone() }];
        let answers = judge("types", &cases);
        let wrong = faults(&cases[0], &answers[0]);
        assert!(wrong.is_empty(), "{}: {}", django.number(), wrong.join("\n"));
    }
}

/// Lists of everything become arrays, which is where versions of Django write different things.
#[test]
fn arrays_of_every_type_are_what_django_writes() {
    let mut settings = String::from("[project]\ndatabases = [\"postgresql\"]\n");
    for number in 0..types::TABLE.len() {
        let _ = writeln!(settings, "[model.\"every.Row{number}.all0\"]\nstore = \"array\"");
    }
    let outcome = compile_bytes("every.uml", every_type().into_bytes(), Some(&settings));
    let arrays = outcome.project.models().flat_map(|model| &model.fields);
    let arrays = arrays.filter(|field| matches!(field.kind, FieldKind::Array(_))).count();
    assert!(arrays > 20, "{arrays} arrays: {}", findings(&outcome));
    for django in DjangoVersion::ALL {
        let cases = [Project { django, ..outcome.project.clone() }];
        let wrong = faults(&cases[0], &judge("arrays", &cases)[0]);
        assert!(wrong.is_empty(), "{}: {}", django.number(), wrong.join("\n"));
    }
}

fn is_file(row: &TypeRow) -> bool {
    matches!(row.kind, FieldKind::File { .. })
}

/// Whether a field is what the table says, but for the folder of files.
fn same_class(field: &Field, row: &TypeRow) -> Result<(), String> {
    let same =
        field.kind == row.kind || matches!((&field.kind, &row.kind), (FieldKind::File { .. }, FieldKind::File { .. }));
    if same { Ok(()) } else { Err(format!("{:?}", field.kind)) }
}

/// A golden case, compiled and written with all layers.
fn case(name: &str, settings: impl Fn(String) -> String) -> (Outcome, PathBuf) {
    let folder = root().join("tests/cases/project").join(name);
    let model = fs::read(folder.join("input.xmi")).expect("the case can be read");
    let toml = settings(fs::read_to_string(folder.join("umlaut.toml")).unwrap_or_default());
    let outcome = compile_bytes("input.xmi", model, Some(&toml));
    let written = crate::drf::write(&outcome.project);
    (outcome, written)
}

/// Puts tests of ours among those of the project, and runs all.
fn pytest(folder: &Path, ours: &str, url: Option<&str>) {
    fs::write(folder.join("tests/test_rules_by_hand.py"), ours).expect("the test can be written");
    crate::django::pytest(folder, url);
}

#[test]
fn arrays_lists_parts_and_constants_keep_their_rules_on_postgresql() {
    let (outcome, folder) = case("attribute-stores", |toml| toml.replace("[project]", "[project]\nname = \"stores\""));
    assert_eq!(outcome.project.name, "stores");
    crate::django::ruff(&folder);
    let server = Server::start();
    let url = server.create("stores");
    crate::django::makemigrations_on(&folder, &url);
    pytest(&folder, include_str!("attributes/stores.py"), Some(&url));
}

#[test]
fn tags_of_attributes_keep_their_rules_on_both_databases() {
    let (_, folder) = case("attribute-tags", |toml| format!("[project]\nname = \"tags\"\n\n{toml}"));
    fs::write(folder.join("shop/fields.py"), include_str!("cases/project/attribute-tags/by_hand/shop/fields.py"))
        .expect("a file can be written");
    crate::django::ruff(&folder);
    crate::django::makemigrations(&folder);
    pytest(&folder, include_str!("attributes/tags.py"), None);
    let server = Server::start();
    pytest(&folder, include_str!("attributes/tags.py"), Some(&server.create("tags")));
}

#[test]
fn what_is_asked_of_columns_and_of_the_api_holds_on_both_databases() {
    let (_, folder) = case("asked-columns", |toml| format!("[project]\nname = \"asked\"\n\n{toml}"));
    crate::django::ruff(&folder);
    crate::django::makemigrations(&folder);
    pytest(&folder, include_str!("attributes/asked.py"), None);
    let server = Server::start();
    pytest(&folder, include_str!("attributes/asked.py"), Some(&server.create("asked")));
}

#[test]
fn patterns_are_read_alike_by_both_databases() {
    let (_, folder) = case("patterns", |toml| format!("[project]\nname = \"patterns\"\n\n{toml}"));
    crate::django::ruff(&folder);
    crate::django::makemigrations(&folder);
    pytest(&folder, include_str!("attributes/patterns.py"), None);
    let server = Server::start();
    pytest(&folder, include_str!("attributes/patterns.py"), Some(&server.create("patterns")));
}

#[test]
fn lists_are_searched_by_their_indexes_on_postgresql() {
    let server = Server::start();
    for (name, project) in [("indexes", "plans"), ("indexes-postgresql", "plans_postgresql")] {
        let (_, folder) = case(name, |toml| {
            let project = format!("[project]\nname = \"{project}\"");
            if toml.contains("[project]") { toml.replace("[project]", &project) } else { format!("{project}\n{toml}") }
        });
        let url = server.create(project);
        pytest(&folder, include_str!("attributes/plans.py"), Some(&url));
    }
}
