//! A small project, with all that StarUML says in its own way.

use crate::account::Elements;
use crate::diagnostic::Report;
use crate::link::link;
use crate::read::{InputFile, read};
use crate::settings::Settings;
use crate::source::Sources;
use crate::uml::Model;
use crate::uml::print::print;

const SHOP: &str = r#"{"_type": "Project", "_id": "p", "name": "Untitled", "documentation": "What we sell.", "ownedElements": [
  {"_type": "UMLModel", "_id": "m", "name": "Shop", "ownedElements": [
    {"_type": "UMLClassDiagram", "_id": "d", "name": "Main", "ownedViews": [
      {"_type": "UMLClassView", "_id": "v1", "model": {"$ref": "order"}},
      {"_type": "UMLNoteView", "_id": "v2", "text": "Never deleted."},
      {"_type": "UMLNoteLinkView", "_id": "v3", "head": {"$ref": "v1"}, "tail": {"$ref": "v2"}}
    ], "ownedElements": [{"_type": "UMLClass", "_id": "line", "name": "Line", "ownedElements": [
      {"_type": "UMLAssociation", "_id": "a", "name": "of",
       "end1": {"_type": "UMLAssociationEnd", "_id": "a1", "name": "lines", "reference": {"$ref": "line"}, "multiplicity": "1..*"},
       "end2": {"_type": "UMLAssociationEnd", "_id": "a2", "reference": {"$ref": "order"}, "aggregation": "composite"}}]}]},
    {"_type": "UMLClass", "_id": "order", "name": "Order", "documentation": "A \"promise\".",
     "stereotype": {"$ref": "entity"}, "tags": [
       {"_type": "Tag", "_id": "t1", "name": "table", "kind": "string", "value": "orders"},
       {"_type": "Tag", "_id": "t2", "name": "audited", "kind": "boolean", "checked": true},
       {"_type": "Tag", "_id": "t3", "name": "rank", "kind": "number", "number": 7}],
     "attributes": [
       {"_type": "UMLAttribute", "_id": "o1", "name": "number", "type": "int", "isID": true, "isUnique": false},
       {"_type": "UMLAttribute", "_id": "o2", "name": "state", "type": {"$ref": "state"}, "multiplicity": "0..1",
        "defaultValue": "open"}],
     "operations": [{"_type": "UMLOperation", "_id": "op", "name": "pay", "parameters": [
       {"_type": "UMLParameter", "_id": "op1", "name": "sum", "type": "int"}]}],
     "ownedElements": [
       {"_type": "UMLConstraint", "_id": "c", "name": "positive", "specification": "number > 0"},
       {"_type": "UMLAssociation", "_id": "b",
        "end1": {"_type": "UMLAssociationEnd", "_id": "b1", "reference": {"$ref": "order"}, "navigable": false},
        "end2": {"_type": "UMLAssociationEnd", "_id": "b2", "name": "by", "reference": {"$ref": "clerk"}, "multiplicity": "*"}},
       {"_type": "UMLAssociationClassLink", "_id": "l", "classSide": {"$ref": "shift"}, "associationSide": {"$ref": "b"}}]},
    {"_type": "UMLClass", "_id": "clerk", "name": "Clerk"},
    {"_type": "UMLClass", "_id": "shift", "name": "Shift"},
    {"_type": "UMLEnumeration", "_id": "state", "name": "State", "literals": [
      {"_type": "UMLEnumerationLiteral", "_id": "s1", "name": "open"}]},
    {"_type": "UMLProfile", "_id": "pr", "name": "Ours", "ownedElements": [
      {"_type": "UMLStereotype", "_id": "entity", "name": "entity"}]},
    {"_type": "UMLUseCase", "_id": "u", "name": "Buy", "extensionPoints": [
      {"_type": "UMLExtensionPoint", "_id": "u1", "name": "x"}]},
    {"_type": "ERDDataModel", "_id": "e", "ownedElements": [{"_type": "ERDEntity", "_id": "e1", "name": "T", "columns": [
      {"_type": "ERDColumn", "_id": "e2", "name": "c"}]}]}
  ]}]}"#;

fn compiled(text: &str) -> (Model, Vec<String>) {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("shop.mdj", text)];
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let shown = |found: &crate::diagnostic::Diagnostic| {
        let place = found.labels.first().map(|label| &sources.get(label.span.source).text[label.span.range()]);
        format!("{} {}: {}", found.code.id, found.message, place.unwrap_or_default())
    };
    let found = report.diagnostics().iter().map(shown).collect();
    (model, found)
}

#[test]
fn a_project_is_read() {
    let (model, found) = compiled(SHOP);
    let wanted = "\
model Shop {
  class Line {}
  «entity» class Order {
    number: int[1] {id}
    state: State[0..1] = open
    pay()
    {number > 0}
  }
  class Clerk {}
  association class Shift {}
  enumeration State { open }
  Line 1..* --<*> ? Order : (lines) / \"of\"
  Order ? --> * Clerk : (by)
  profile Ours {library} {
  }
}
note \"What we sell.\"
";
    assert_eq!(print(&model), wanted);
    assert_eq!(
        found,
        [
            "U0204 1 `ERDEntity` element is not part of a class diagram: ERDEntity",
            "U0204 1 `UMLUseCase` element is not part of a class diagram: UMLUseCase",
        ]
    );
    let order = model.classifiers.values().nth(1).expect("the order");
    let documentation = order.documentation.as_ref().map(|text| text.value.as_str());
    assert_eq!(documentation, Some("A \"promise\".\n\nNever deleted."));
    let tags: Vec<_> = order.marks.tags.iter().map(|tag| (tag.name.value.as_str(), tag.value.value.as_str())).collect();
    assert_eq!(tags, [("table", "orders"), ("audited", "true"), ("rank", "7")]);
    let classes: Vec<_> = model.associations.values().map(|association| association.class.is_some()).collect();
    assert_eq!(classes, [false, true]);
}
