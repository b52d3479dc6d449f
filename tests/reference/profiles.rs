//! The UML profile for tools, printed from the table of stereotypes and tags: `UMLAUT_BLESS=1 cargo test reference` writes
//! `grammar/profile/`. What is said by the profile, by plain tagged values and by settings must be the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use umlaut::django::print::print;
use umlaut::profile::values::Takes;
use umlaut::profile::{self, STEREOTYPES, Stereotype, TAGS, TagRow};

use crate::support::compile::{compile_bytes, expect_file, findings};
use crate::support::root;

const URI: &str = "http:///schemas/umlaut/1";

/// The stereotypes that hold the tags of a kind of element: the word for it in the table, and the metaclasses.
const CARRIERS: &[(&str, &str, &[&str])] = &[
    ("package", "package", &["Package"]),
    ("entity", "class", &["Class", "Interface", "DataType"]),
    ("enumeration", "enumeration", &["Enumeration", "Class", "DataType"]),
    ("literal", "literal", &["EnumerationLiteral"]),
    ("column", "attribute", &["Property"]),
    ("role", "end", &["Property"]),
    ("relation", "association", &["Association"]),
];

/// The metaclasses that a word of the table stands for.
fn metaclasses(word: &str) -> &'static [&'static str] {
    match word {
        "package" => &["Package"],
        "class" => &["Class", "Interface"],
        "data type" => &["DataType"],
        "enumeration" => &["Enumeration"],
        "literal" => &["EnumerationLiteral"],
        "operation" => &["Operation"],
        "attribute" | "end" => &["Property"],
        "association" => &["Association"],
        other => panic!("no metaclass for {other}"),
    }
}

fn extends(row: &Stereotype) -> Vec<&'static str> {
    let mut found: Vec<&str> = match CARRIERS.iter().find(|(name, ..)| *name == row.names[0]) {
        Some((_, _, metaclasses)) => metaclasses.to_vec(),
        None => row.on.split(", ").flat_map(metaclasses).copied().collect(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

fn tags_of(row: &Stereotype) -> Vec<&'static TagRow> {
    let Some((_, word, _)) = CARRIERS.iter().find(|(name, ..)| *name == row.names[0]) else { return Vec::new() };
    TAGS.iter().filter(|tag| tag.on == "anything" || tag.on.split(", ").any(|on| on == *word)).collect()
}

/// What one can choose from; other values are text.
///
/// Flags are choices too: tools do not write a boolean that is `false`, and then nobody knows that it was said. The first
/// choice says nothing.
fn choices(takes: Takes) -> Option<Vec<&'static str>> {
    let choices = match takes {
        Takes::Flag => &["true", "false"][..],
        Takes::One(choices) => choices,
        _ => return None,
    };
    let is_word = |choice: &&str| choice.starts_with(|c: char| c.is_ascii_alphabetic());
    choices.iter().all(is_word).then(|| std::iter::once(profile::UNSAID).chain(choices.iter().copied()).collect())
}

/// The name of the enumeration of a tag's choices.
fn enumeration(tag: &TagRow) -> Option<String> {
    choices(tag.takes)?;
    if tag.takes == Takes::Flag {
        return Some("Flag".to_owned());
    }
    let pascal = |word: &str| word[..1].to_uppercase() + &word[1..];
    Some(tag.name.split('_').map(pascal).collect())
}

fn enumerations() -> BTreeMap<String, Vec<&'static str>> {
    TAGS.iter().filter_map(|tag| Some((enumeration(tag)?, choices(tag.takes)?))).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How a family of tools writes what is the same in all of them.
struct Form {
    head: String,
    metaclass: fn(&str) -> String,
    string: &'static str,
    /// The type of a property of a stereotype as an element, given the kind and where it is.
    foot: &'static str,
}

/// The profile as XMI.
fn xmi(form: &Form) -> String {
    let mut out = form.head.clone();
    for row in STEREOTYPES {
        let name = row.names[0];
        let _ =
            writeln!(out, r#"    <packagedElement xmi:type="uml:Stereotype" xmi:id="umlaut-{name}" name="{name}">"#);
        comment(&mut out, &format!("umlaut-{name}"), row.effect);
        for metaclass in extends(row) {
            let id = format!("umlaut-{name}-base_{metaclass}");
            let _ = writeln!(
                out,
                r#"      <ownedAttribute xmi:type="uml:Property" xmi:id="{id}" name="base_{metaclass}" association="umlaut-{metaclass}_{name}">"#
            );
            let _ = writeln!(out, r#"        <type xmi:type="uml:Class" href="{}"/>"#, (form.metaclass)(metaclass));
            out.push_str("      </ownedAttribute>\n");
        }
        for tag in tags_of(row) {
            let id = format!("umlaut-{name}-{}", tag.name);
            let enumeration = enumeration(tag);
            let ty = enumeration.as_ref().map_or_else(String::new, |name| format!(r#" type="umlaut-{name}""#));
            let _ = writeln!(
                out,
                r#"      <ownedAttribute xmi:type="uml:Property" xmi:id="{id}" name="{}"{ty}>"#,
                tag.name
            );
            comment(&mut out, &id, &format!("{}; takes {}", tag.effect, tag.takes.words()));
            if enumeration.is_none() {
                let _ = writeln!(out, r#"        <type xmi:type="uml:PrimitiveType" href="{}"/>"#, form.string);
            }
            let _ =
                writeln!(out, r#"        <lowerValue xmi:type="uml:LiteralInteger" xmi:id="{id}-lower" value="0"/>"#);
            out.push_str("      </ownedAttribute>\n");
        }
        out.push_str("    </packagedElement>\n");
    }
    for row in STEREOTYPES {
        let name = row.names[0];
        for metaclass in extends(row) {
            let id = format!("umlaut-{metaclass}_{name}");
            let _ = writeln!(
                out,
                r#"    <packagedElement xmi:type="uml:Extension" xmi:id="{id}" name="{metaclass}_{name}" memberEnd="{id}-end umlaut-{name}-base_{metaclass}">"#
            );
            let _ = writeln!(
                out,
                r#"      <ownedEnd xmi:type="uml:ExtensionEnd" xmi:id="{id}-end" name="extension_{name}" type="umlaut-{name}" aggregation="composite" association="{id}"/>"#
            );
            out.push_str("    </packagedElement>\n");
        }
    }
    for (name, choices) in enumerations() {
        let _ =
            writeln!(out, r#"    <packagedElement xmi:type="uml:Enumeration" xmi:id="umlaut-{name}" name="{name}">"#);
        for choice in choices {
            let _ = writeln!(
                out,
                r#"      <ownedLiteral xmi:type="uml:EnumerationLiteral" xmi:id="umlaut-{name}-{choice}" name="{choice}"/>"#
            );
        }
        out.push_str("    </packagedElement>\n");
    }
    out.push_str(form.foot);
    out
}

fn comment(out: &mut String, id: &str, text: &str) {
    let _ = writeln!(
        out,
        r#"      <ownedComment xmi:type="uml:Comment" xmi:id="{id}-comment" annotatedElement="{id}"><body>{}</body></ownedComment>"#,
        escaped(text)
    );
}

/// The profile for Eclipse UML2 (Papyrus), with its definition, so that it can be applied as it is.
fn eclipse() -> String {
    let mut head = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmi:version="20131001" xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:ecore="http://www.eclipse.org/emf/2002/Ecore" xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML">
  <uml:Profile xmi:id="umlaut" name="umlaut" URI="{URI}" metamodelReference="umlaut-metamodel">
    <eAnnotations xmi:type="ecore:EAnnotation" xmi:id="umlaut-definition" source="http://www.eclipse.org/uml2/2.0.0/UML">
      <contents xmi:type="ecore:EPackage" xmi:id="umlaut-package" name="umlaut" nsURI="{URI}" nsPrefix="umlaut">
"#
    );
    let annotation = |of: &str| {
        format!(
            r#"          <eAnnotations xmi:type="ecore:EAnnotation" xmi:id="umlaut-defined-{of}-of" source="http://www.eclipse.org/uml2/2.0.0/UML" references="umlaut-{of}"/>"#
        )
    };
    for row in STEREOTYPES {
        let name = row.names[0];
        let _ = writeln!(
            head,
            r#"        <eClassifiers xmi:type="ecore:EClass" xmi:id="umlaut-defined-{name}" name="{name}">"#
        );
        let _ = writeln!(head, "{}", annotation(name));
        let several = extends(row).len() > 1;
        for metaclass in extends(row) {
            // One of several base elements is there.
            let lower = if several { "" } else { r#" lowerBound="1""# };
            let _ = writeln!(
                head,
                r#"          <eStructuralFeatures xmi:type="ecore:EReference" xmi:id="umlaut-defined-{name}-base_{metaclass}" name="base_{metaclass}" ordered="false"{lower}>
            <eType xmi:type="ecore:EClass" href="http://www.eclipse.org/uml2/5.0.0/UML#//{metaclass}"/>
          </eStructuralFeatures>"#
            );
        }
        for tag in tags_of(row) {
            let id = format!("umlaut-defined-{name}-{}", tag.name);
            let _ = match enumeration(tag) {
                Some(of) => writeln!(
                    head,
                    r#"          <eStructuralFeatures xmi:type="ecore:EAttribute" xmi:id="{id}" name="{}" ordered="false" eType="umlaut-defined-{of}"/>"#,
                    tag.name
                ),
                None => writeln!(
                    head,
                    r#"          <eStructuralFeatures xmi:type="ecore:EAttribute" xmi:id="{id}" name="{}" ordered="false">
            <eType xmi:type="ecore:EDataType" href="http://www.eclipse.org/uml2/5.0.0/Types#//String"/>
          </eStructuralFeatures>"#,
                    tag.name
                ),
            };
        }
        head.push_str("        </eClassifiers>\n");
    }
    for (name, choices) in enumerations() {
        let _ = writeln!(
            head,
            r#"        <eClassifiers xmi:type="ecore:EEnum" xmi:id="umlaut-defined-{name}" name="{name}">"#
        );
        let _ = writeln!(head, "{}", annotation(&name));
        for (value, choice) in choices.iter().enumerate() {
            let value = if value == 0 { String::new() } else { format!(r#" value="{value}""#) };
            let _ = writeln!(
                head,
                r#"          <eLiterals xmi:type="ecore:EEnumLiteral" xmi:id="umlaut-defined-{name}-{choice}" name="{choice}"{value}/>"#
            );
        }
        head.push_str("        </eClassifiers>\n");
    }
    head.push_str(
        r#"      </contents>
    </eAnnotations>
    <packageImport xmi:type="uml:PackageImport" xmi:id="umlaut-metamodel">
      <importedPackage xmi:type="uml:Model" href="pathmap://UML_METAMODELS/UML.metamodel.uml#_0"/>
    </packageImport>
"#,
    );
    xmi(&Form {
        head,
        metaclass: |name| format!("pathmap://UML_METAMODELS/UML.metamodel.uml#{name}"),
        string: "pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml#String",
        foot: "  </uml:Profile>\n</xmi:XMI>\n",
    })
}

/// The profile as the OMG's documents are written, for MagicDraw and other tools that read those.
fn omg() -> String {
    xmi(&Form {
        head: format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:uml="http://www.omg.org/spec/UML/20131001">
  <uml:Profile xmi:type="uml:Profile" xmi:id="umlaut" name="umlaut" URI="{URI}">
    <packageImport xmi:type="uml:PackageImport" xmi:id="umlaut-metamodel">
      <importedPackage xmi:type="uml:Package" href="http://www.omg.org/spec/UML/20131001/UML.xmi#_0"/>
    </packageImport>
"#
        ),
        metaclass: |name| format!("http://www.omg.org/spec/UML/20131001/UML.xmi#{name}"),
        string: "http://www.omg.org/spec/UML/20131001/PrimitiveTypes.xmi#String",
        foot: "  </uml:Profile>\n</xmi:XMI>\n",
    })
}

/// The profile as Enterprise Architect imports it under *Resources*.
fn enterprise_architect() -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<UMLProfile>\n  <Documentation id=\"UMLAUT\" name=\"umlaut\" version=\"1\" \
         notes=\"What a diagram may say beyond UML, so that umlaut compiles it to Django.\"/>\n  <Content>\n    <Stereotypes>\n",
    );
    for row in STEREOTYPES {
        let name = row.names[0];
        // Its classes and attributes are metaclasses of their own; ends of associations are none.
        let applies: Vec<&str> = match name {
            "role" => continue,
            _ if extends(row) == ["Property"] => vec!["attribute"],
            _ => extends(row),
        };
        let _ =
            writeln!(out, "      <Stereotype name=\"{name}\" notes=\"{}\">\n        <AppliesTo>", escaped(row.effect));
        for metaclass in applies {
            let _ = writeln!(out, "          <Apply type=\"{}\"/>", metaclass.to_lowercase());
        }
        out.push_str("        </AppliesTo>\n");
        let mut tags = tags_of(row);
        if name == "relation" {
            // Stereotypes of ends are not within reach: what is said of them stands at the association.
            let known: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
            let ends = TAGS.iter().filter(|tag| tag.on == "end" && !known.contains(&tag.name));
            tags.extend(ends.filter(|tag| ["on_delete", "related_name"].contains(&tag.name)));
        }
        if !tags.is_empty() {
            out.push_str("        <TaggedValues>\n");
            for tag in tags {
                let (ty, values) = match choices(tag.takes) {
                    Some(choices) => ("enumeration", choices.join(",")),
                    None => ("", String::new()),
                };
                let _ = writeln!(
                    out,
                    "          <Tag name=\"{}\" type=\"{ty}\" description=\"{}\" unit=\"\" values=\"{values}\" default=\"\"/>",
                    tag.name,
                    escaped(&format!("{}; takes {}", tag.effect, tag.takes.words())),
                );
            }
            out.push_str("        </TaggedValues>\n");
        }
        out.push_str("      </Stereotype>\n");
    }
    out.push_str("    </Stereotypes>\n  </Content>\n</UMLProfile>\n");
    out
}

#[test]
fn the_profiles_for_tools_are_the_table() {
    for (name, text) in [
        ("umlaut.profile.uml", eclipse()),
        ("umlaut.profile.xmi", omg()),
        ("umlaut-enterprise-architect.xml", enterprise_architect()),
    ] {
        expect_file(&root().join("grammar/profile").join(name), &text);
    }
}

#[test]
fn every_tag_stands_in_a_stereotype_of_the_profile() {
    for tag in TAGS {
        let holders = STEREOTYPES.iter().filter(|row| tags_of(row).iter().any(|other| std::ptr::eq(*other, tag)));
        assert!(holders.count() > 0, "{}", tag.name);
    }
}

#[test]
fn umlaut_reads_its_own_profile() {
    for (name, text) in [("umlaut.profile.uml", eclipse()), ("umlaut.profile.xmi", omg())] {
        let outcome = compile_bytes(name, text.into_bytes(), None);
        let codes: Vec<&str> = outcome.report.diagnostics().iter().map(|found| found.code.id).collect();
        assert!(codes.iter().all(|code| *code == "U0203"), "{name}: {}", findings(&outcome));
    }
}

/// An application of a stereotype: its base and its tags.
struct Applied {
    name: String,
    base: String,
    tags: Vec<(String, String)>,
}

/// The lines of a model that apply stereotypes of the profile, and the model without them.
fn applied(model: &str) -> (Vec<Applied>, String) {
    let mut found = Vec::new();
    let mut rest = String::new();
    for line in model.lines() {
        let Some(application) = line.trim().strip_prefix("<umlaut:") else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let (name, mut attributes) = application.split_once(' ').expect("attributes");
        let mut one = Applied { name: name.to_owned(), base: String::new(), tags: Vec::new() };
        while let Some((key, tail)) = attributes.trim().split_once("=\"") {
            let (value, tail) = tail.split_once('"').expect("a closing quote");
            attributes = tail;
            match key {
                "xmi:id" => {}
                _ if key.starts_with("base_") => value.clone_into(&mut one.base),
                _ => one.tags.push((key.to_owned(), value.to_owned())),
            }
        }
        found.push(one);
    }
    (found, rest)
}

#[test]
fn profile_tagged_values_and_settings_say_the_same() {
    let case = root().join("tests/cases/project/tags/input.xmi");
    let drawn = std::fs::read_to_string(case).expect("the case");
    let (applications, bare) = applied(&drawn);
    assert!(applications.iter().map(|it| it.tags.len()).sum::<usize>() > 20);
    let wanted = compile_bytes("input.xmi", drawn.clone().into_bytes(), None);
    assert_eq!(wanted.report.diagnostics().len(), 0, "{}", findings(&wanted));

    // Each stereotype may stand where it stands, and has these tags.
    for it in &applications {
        let row = profile::stereotype(&it.name).unwrap_or_else(|| panic!("no stereotype {}", it.name));
        for (tag, _) in &it.tags {
            assert!(tags_of(row).iter().any(|known| known.name == tag), "«{}» has no tag {tag}", it.name);
        }
    }

    // Plain tagged values, as a tool without profiles writes them.
    let mut plain = bare.clone();
    for it in &applications {
        let details: String =
            it.tags.iter().map(|(tag, value)| format!(r#"<details key="umlaut.{tag}" value="{value}"/>"#)).collect();
        let annotation = format!(r#"<eAnnotations source="tags">{details}</eAnnotations>"#);
        let at = plain.find(&format!(r#"xmi:id="{}""#, it.base)).expect("the element");
        let end = at + plain[at..].find('>').expect("its end") + 1;
        plain.insert_str(end, &annotation);
    }
    let tagged = compile_bytes("input.xmi", plain.into_bytes(), None);
    assert_eq!(tagged.report.diagnostics().len(), 0, "{}", findings(&tagged));
    assert_eq!(print(&tagged.project), print(&wanted.project));

    // Settings.
    let mut toml = String::new();
    for it in &applications {
        let _ = writeln!(toml, "[model.\"id:{}\"]", it.base);
        for (tag, value) in &it.tags {
            let _ = writeln!(toml, "{tag} = \"{value}\"");
        }
    }
    let set = compile_bytes("input.xmi", bare.clone().into_bytes(), Some(&toml));
    assert_eq!(set.report.diagnostics().len(), 0, "{}", findings(&set));
    assert_eq!(print(&set.project), print(&wanted.project));

    // Without any of them it is another project.
    let nothing = compile_bytes("input.xmi", bare.into_bytes(), None);
    assert_ne!(print(&nothing.project), print(&wanted.project));
}

#[test]
fn a_tag_wins_over_a_setting_and_a_setting_over_the_rule() {
    let case = root().join("tests/cases/project/tags/input.xmi");
    let drawn = std::fs::read_to_string(case).expect("the case");
    let column = |model: &str, toml: &str| {
        let outcome = compile_bytes("input.xmi", model.to_owned().into_bytes(), Some(toml));
        assert_eq!(outcome.report.diagnostics().len(), 0, "{}", findings(&outcome));
        let order = outcome.project.app("shop").and_then(|app| app.models.iter().find(|model| model.name == "Order"));
        order.and_then(|order| order.field("number")).and_then(|field| field.db_column.clone())
    };
    let broad = "[model.\"shop.*.number\"]\ndb_column = \"broad\"\n";
    let both = format!("[model.\"shop.Order.number\"]\ndb_column = \"narrow\"\n{broad}");
    let bare = applied(&drawn).1;
    assert_eq!(column(&drawn, &both).as_deref(), Some("order_no"));
    assert_eq!(column(&bare, &both).as_deref(), Some("narrow"));
    assert_eq!(column(&bare, broad).as_deref(), Some("broad"));
    assert_eq!(column(&bare, ""), None);
}
