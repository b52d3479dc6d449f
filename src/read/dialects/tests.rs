//! What tools keep beside the model, each in its own form.

use crate::account::Elements;
use crate::diagnostic::Report;
use crate::read::{InputFile, read};
use crate::settings::Settings;
use crate::source::{Sources, Spanned};
use crate::uml::draft::{Draft, Extra};

fn draft(text: &str) -> Draft {
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("shop.xmi", text)];
    let mut drafts = read(files, &Settings::default(), &mut sources, &mut elements, &mut report);
    drafts.pop().expect("a draft")
}

/// A document with one class and an attribute, each with something in it, and something after the model.
fn document(exporter: &str, class: &str, attribute: &str, after: &str) -> Draft {
    draft(&format!(
        r#"<xmi:XMI xmlns:xmi="http://schema.omg.org/spec/XMI/2.1" xmlns:uml="http://schema.omg.org/spec/UML/2.1" xmi:version="2.1">
  <xmi:Documentation exporter="{exporter}" exporterVersion="1"/>
  <uml:Model xmi:id="_m" xmi:type="uml:Model" name="shop">
    <packagedElement xmi:type="uml:Class" xmi:id="_c" name="Order">{class}
      <ownedAttribute xmi:type="uml:Property" xmi:id="_a" name="number">{attribute}</ownedAttribute>
    </packagedElement>
    {after}
  </uml:Model>
</xmi:XMI>"#
    ))
}

/// «stereotypes» {tags} documentation
fn told(extra: &Extra, documentation: Option<&Spanned<String>>) -> String {
    let mut told: Vec<String> = extra.stereotypes.iter().map(|name| format!("«{}»", name.value)).collect();
    told.extend(extra.tags.iter().map(|tag| format!("{{{}={}}}", tag.name.value, tag.value.value)));
    told.extend(documentation.map(|text| text.value.clone()));
    told.join(" ")
}

fn of_both(draft: &Draft) -> (String, String) {
    let (class, attribute) = (&draft.classifiers[0], &draft.properties[0]);
    let of_class = told(&class.extra, class.documentation.as_deref());
    (of_class, told(&attribute.extra, attribute.documentation.as_deref()))
}

#[test]
fn bouml_and_staruml_mark_elements_in_place() {
    let class = r#"<xmi:Extension extender="Bouml"><stereotype name="entity"/><taggedValue tag="table" value="orders"/></xmi:Extension>"#;
    let draft = document("Bouml", class, "", "");
    assert_eq!(of_both(&draft).0, "«entity» {table=orders}");
    let attribute = r#"<xmi:Extension extender="StarUML"><stereotype value="key"/></xmi:Extension>"#;
    let empty = r#"<xmi:Extension extender="StarUML"><stereotype value=""/></xmi:Extension>"#;
    let draft = document("StarUML", empty, attribute, "");
    assert_eq!(of_both(&draft), (String::new(), "«key»".to_owned()));
}

#[test]
fn visual_paradigm_refers_to_its_stereotypes_and_tagged_values() {
    let class = r#"<xmi:Extension extender="Visual Paradigm">
        <appliedStereotype xmi:value="Class_entity_id"/>
        <appliedStereotype xmi:value="_s"/>
        <properties>
          <property name="documentation" type="html" value="&lt;html&gt;&lt;body&gt;&lt;p&gt;What was &lt;b&gt;bought&lt;/b&gt;&lt;/p&gt;&lt;/body&gt;&lt;/html&gt;"/>
          <property name="taggedValues" type="model"><vpumlModel id="x" modelType="TaggedValueContainer">
            <vpumlChildModelRefs><modelRef value="_t"/></vpumlChildModelRefs></vpumlModel></property>
        </properties></xmi:Extension>"#;
    let after = r#"<ownedMember tag="table" value="orders" xmi:id="_t" xmi:type="uml:TaggedValue"/>
        <ownedMember name="core" xmi:id="_s" xmi:type="uml:Stereotype"/>"#;
    let draft = document("Visual Paradigm", class, "", after);
    assert_eq!(of_both(&draft).0, "«entity» «core» {table=orders} What was bought");
}

#[test]
fn altova_writes_applications_as_instances_with_slots() {
    let class = r#"<xmi:Extension extender="UModel">
        <attributeExtension DocComment="_d"/>
        <appliedStereotype xmi:type="uml:StereotypeApplication" xmi:id="_x" classifier="_s">
          <slot xmi:type="uml:Slot" xmi:id="_l" definingFeature="_f"><value xmi:type="uml:LiteralString" xmi:id="_v" value="orders"/></slot>
        </appliedStereotype></xmi:Extension>"#;
    let after = r#"<ownedComment xmi:type="uml:Comment" xmi:id="_d" body="What was bought."/>
        <packagedElement xmi:type="uml:Profile" xmi:id="_p" name="own">
          <ownedStereotype xmi:type="uml:Stereotype" xmi:id="_s" name="entity">
            <ownedAttribute xmi:type="uml:Property" xmi:id="_f" name="table"/></ownedStereotype></packagedElement>"#;
    let draft = document("www.altova.com", class, "", after);
    assert_eq!(of_both(&draft).0, "«entity» {table=orders}");
    assert_eq!(draft.comments[0].owner, Some(draft.classifiers[0].element));
}

#[test]
fn annotations_of_eclipse_hold_documentation_and_keywords() {
    let class = r#"<eAnnotations xmi:id="_1" source="http://www.eclipse.org/uml2/2.0.0/UML"><details xmi:id="_2" key="entity"/></eAnnotations>
        <eAnnotations xmi:id="_3" source="http://www.topcased.org/documentation"><details xmi:id="_4" key="documentation" value="What was bought."/></eAnnotations>"#;
    let attribute = r#"<xmi:Extension extender="http://www.eclipse.org/emf/2002/Ecore">
        <eAnnotations xmi:id="_5" source="genmymodel"><details xmi:id="_6" key="uuid" value="7"/><details xmi:id="_7" key="gmm-documentation" value="Printed."/></eAnnotations>
        </xmi:Extension>
        <upperValue xmi:type="uml:LiteralInteger" xmi:id="_8" value="1"><eAnnotations xmi:id="_9" source="keywords"><details xmi:id="_10" key="odd"/></eAnnotations></upperValue>"#;
    let draft = document("", class, attribute, "");
    assert_eq!(of_both(&draft), ("«entity» What was bought.".to_owned(), "Printed.".to_owned()));
}

#[test]
fn umbrello_marks_elements_in_attributes() {
    let text = r#"<xmi:XMI xmlns:xmi="http://schema.omg.org/spec/XMI/2.1" xmlns:uml="http://schema.omg.org/spec/UML/2.1" xmi:version="2.1">
      <xmi:Documentation exporter="umbrello uml modeller http://umbrello.kde.org" exporterVersion="2"/>
      <uml:Model xmi:id="m1" name="UML Model"><packagedElement xmi:type="uml:Class" xmi:id="c" name="Order" stereotype="entity" comment="What was bought."/>
      </uml:Model></xmi:XMI>"#;
    let draft = draft(text);
    let class = &draft.classifiers[0];
    assert_eq!(told(&class.extra, class.documentation.as_deref()), "«entity» What was bought.");
}
