//! Small metamodels, to the model that they mean.

use crate::account::Elements;
use crate::diagnostic::Report;
use crate::link::link;
use crate::read::{InputFile, read};
use crate::settings::Settings;
use crate::source::Sources;
use crate::uml::Model;
use crate::uml::print::print;

fn compiled(files: &[(&str, String)]) -> (Model, Vec<String>) {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = files.iter().map(|(name, text)| InputFile::new(*name, text.as_bytes()));
    let drafts = read(files.collect(), &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let found = report.diagnostics().iter().map(|found| format!("{} {}", found.code.id, found.message)).collect();
    (model, found)
}

fn package(name: &str, content: &str) -> String {
    format!(
        "<ecore:EPackage xmi:version='2.0' xmlns:xmi='http://www.omg.org/XMI' xmlns:ecore='http://www.eclipse.org/emf/2002/Ecore' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' name='{name}'>{content}</ecore:EPackage>"
    )
}

const SHOP: &str = r##"
  <eClassifiers xsi:type="ecore:EClass" name="Order">
    <eAnnotations source="http://www.eclipse.org/emf/2002/Ecore"><details key="constraints" value="paid sound"/></eAnnotations>
    <eAnnotations source="http://www.eclipse.org/emf/2002/Ecore/OCL/Pivot"><details key="paid" value=" sum > 0 "/></eAnnotations>
    <eAnnotations source="audited"><details key="by" value="law"/></eAnnotations>
    <eOperations name="lines" eType="#//Line"><eParameters name="n" eType="ecore:EDataType http://www.eclipse.org/emf/2002/Ecore#//EInt"/></eOperations>
    <eStructuralFeatures xsi:type="ecore:EAttribute" name="number" lowerBound="1" iD="true" eType="#//Number"/>
    <eStructuralFeatures xsi:type="ecore:EAttribute" name="sum" eType="ecore:EDataType http://www.eclipse.org/emf/2002/Ecore#//EInt" volatile="true"/>
    <eStructuralFeatures xsi:type="ecore:EReference" name="lines" upperBound="-1" eType="#//Line" containment="true" eOpposite="#//Line/order"/>
    <eStructuralFeatures xsi:type="ecore:EReference" name="by"><eGenericType eClassifier="/0/Clerk"/></eStructuralFeatures>
    <eStructuralFeatures xsi:type="ecore:EReference" name="origin" eType="ecore:EClass http://www.eclipse.org/emf/2002/Ecore#//EObject"/>
  </eClassifiers>
  <eClassifiers xsi:type="ecore:EClass" name="Line">
    <eStructuralFeatures xsi:type="ecore:EReference" name="order" lowerBound="1" eType="#//Order" eOpposite="#//Order/lines"/>
  </eClassifiers>
  <eClassifiers xsi:type="ecore:EClass" name="Clerk" interface="true" abstract="true"/>
  <eClassifiers xsi:type="ecore:EEnum" name="State"><eLiterals name="open" value="1" literal="is open"/></eClassifiers>
  <eClassifiers xsi:type="ecore:EDataType" name="Number" instanceClassName="java.lang.String"/>"##;

#[test]
fn a_metamodel_is_read() {
    let (model, found) = compiled(&[("shop.ecore", package("shop", SHOP))]);
    let wanted = "\
package shop {
  «audited» class Order {
    number: Number[1] {id}
    sum: EInt[0..1] {derived}
    origin: EObject[0..1]
    lines()
    {sum > 0}
    {}
  }
  class Line {}
  abstract interface Clerk {}
  enumeration State { open = is open }
  primitive type Number {}
  Clerk 0..1 <-- * Order : by /
  Line * --<*> 1 Order : lines / order
}
";
    assert_eq!(print(&model), wanted);
    assert!(found.is_empty(), "{found:?}");
    let number = model.classifiers.values().last().and_then(|number| number.represents.clone());
    assert_eq!(number.map(|java| java.value).as_deref(), Some("java.lang.String"));
}

#[test]
fn references_cross_roots_and_documents() {
    let two = format!(
        "<xmi:XMI xmi:version='2.0' xmlns:xmi='http://www.omg.org/XMI'>{}{}</xmi:XMI>",
        package(
            "a",
            "<eClassifiers xsi:type='ecore:EClass' name='A' eSuperTypes='/1/B ecore:EClass other.ecore#//C'/>"
        ),
        package("b", "<eClassifiers xsi:type='ecore:EClass' name='B'/>"),
    );
    let other = |back: &str| {
        format!(
            "<eClassifiers xsi:type='ecore:EClass' name='C'><eStructuralFeatures xsi:type='ecore:EReference' name='{back}' \
             eType='ecore:EClass shop.ecore#//Order' eOpposite='shop.ecore#//Order/c'/></eClassifiers>"
        )
    };
    let (model, found) = compiled(&[("m/two.ecore", two), ("m/other.ecore", package("c", ""))]);
    assert!(!print(&model).contains("class A : B, C"), "{}", print(&model));
    assert_eq!(
        found,
        [
            "U0203 `m/other.ecore` contains no classes",
            "U0301 class `a.A` has a generalization to a class that is not in the model"
        ]
    );
    let shop = package(
        "shop",
        "<eClassifiers xsi:type='ecore:EClass' name='Order'><eStructuralFeatures xsi:type='ecore:EReference' name='c' \
         upperBound='-1' eType='ecore:EClass other.ecore#//C' eOpposite='other.ecore#//C/order'/></eClassifiers>",
    );
    let (model, found) = compiled(&[("m/shop.ecore", shop), ("m/other.ecore", package("c", &other("order")))]);
    assert_eq!(model.associations.len(), 1, "{}", print(&model));
    assert!(found.is_empty(), "{found:?}");
}
