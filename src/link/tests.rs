//! Documents to models, read and linked.

use super::*;
use crate::read::{InputFile, read};
use crate::source::Sources;
use crate::uml::print::print;

/// Prints the model of some files, then the codes of what was found.
fn printed(files: &[(&str, &str)]) -> (String, Vec<String>) {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = files.iter().map(|&(name, text)| InputFile::new(name, text)).collect();
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let found = report.diagnostics().iter().map(|found| format!("{} {}", found.code.id, found.message)).collect();
    (print(&model), found)
}

fn document(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<uml:Model xmi:version=\"20131001\" \
         xmlns:xmi=\"http://www.omg.org/spec/XMI/20131001\" xmlns:uml=\"http://www.eclipse.org/uml2/5.0.0/UML\" \
         xmi:id=\"_m\" name=\"shop\">{content}</uml:Model>"
    )
}

const SHOP: &str = r#"
    <packagedElement xmi:type="uml:Class" xmi:id="_item" name="Item" isAbstract="true">
      <ownedComment xmi:id="_c"><body>What is &lt;sold&gt;.</body></ownedComment>
      <ownedAttribute xmi:id="_code" name="code" isID="true">
        <type xmi:type="uml:PrimitiveType" href="pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml#String"/>
      </ownedAttribute>
    </packagedElement>
    <packagedElement xmi:type="uml:Class" xmi:id="_book" name="Book">
      <generalization xmi:id="_g" general="_item"/>
      <ownedAttribute xmi:id="_kind" name="kind" type="_kinds">
        <lowerValue xmi:type="uml:LiteralInteger" xmi:id="_l"/>
        <upperValue xmi:type="uml:LiteralUnlimitedNatural" xmi:id="_u" value="*"/>
        <defaultValue xmi:type="uml:InstanceValue" xmi:id="_d" instance="_novel"/>
      </ownedAttribute>
      <ownedAttribute xmi:id="_publisher" name="publisher" type="_house" association="_a"/>
    </packagedElement>
    <packagedElement xmi:type="uml:Class" xmi:id="_house" name="Publisher"/>
    <packagedElement xmi:type="uml:Enumeration" xmi:id="_kinds" name="Kind">
      <ownedLiteral xmi:id="_novel" name="novel"/><ownedLiteral xmi:id="_poem" name="poem"/>
    </packagedElement>
    <packagedElement xmi:type="uml:Association" xmi:id="_a" name="publishes" memberEnd="_books _publisher">
      <ownedEnd xmi:id="_books" name="books" type="_book" association="_a" aggregation="shared">
        <lowerValue xmi:type="uml:LiteralInteger" xmi:id="_l2"/>
        <upperValue xmi:type="uml:LiteralUnlimitedNatural" xmi:id="_u2" value="*"/>
      </ownedEnd>
    </packagedElement>"#;

#[test]
fn a_model_is_read_and_linked() {
    let (model, found) = printed(&[("shop.uml", &document(SHOP))]);
    let wanted = "\
model shop {
  abstract class Item { code: String[1] {id} }
  class Book : Item { kind: Kind[*] = novel }
  class Publisher {}
  enumeration Kind {
    novel
    poem
  }
  Book * --><> 1 Publisher : (books) / publisher \"publishes\"
}
";
    assert_eq!(model, wanted.replace(" 1 Publisher", " ? Publisher"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn one_missing_target_is_told_once() {
    let (model, found) = printed(&[(
        "shop.uml",
        &document(
            r#"<packagedElement xmi:type="uml:Class" xmi:id="_b" name="Book">
                 <ownedAttribute xmi:id="_x" name="first" type="_gone"/>
                 <ownedAttribute xmi:id="_y" name="second" type="_gone"/>
                 <ownedAttribute xmi:id="_e" name="owner" type="_gone" association="_a"/>
               </packagedElement>
               <packagedElement xmi:type="uml:Association" xmi:id="_a" memberEnd="_e _f">
                 <ownedEnd xmi:id="_f" type="_b" association="_a"/>
               </packagedElement>"#,
        ),
    )]);
    assert_eq!(found, ["U0301 attribute `Book.first` has a type that is not in the model"]);
    assert_eq!(model, "model shop {\n  class Book {\n    first: ?[1]\n    second: ?[1]\n  }\n}\n");
}

#[test]
fn files_that_refer_to_each_other_are_one_model() {
    let a = document(
        r#"<packagedElement xmi:type="uml:Class" xmi:id="_b" name="Book">
             <ownedAttribute xmi:id="_x" name="by"><type xmi:type="uml:Class" href="people.uml#_p"/></ownedAttribute>
           </packagedElement>"#,
    );
    let b = document(r#"<packagedElement xmi:type="uml:Class" xmi:id="_p" name="Person"/>"#).replace("shop", "people");
    let (model, found) = printed(&[("m/shop.uml", &a), ("m/people.uml", &b)]);
    assert!(model.contains("by: Person[1]"), "{model}");
    assert!(found.is_empty(), "{found:?}");
    let (model, found) = printed(&[("m/shop.uml", &a)]);
    assert!(model.contains("by: ?[1]"), "{model}");
    assert_eq!(found, ["U0303 1 reference leads to `people.uml`, which was not given"]);
}

#[test]
fn a_cut_off_file_explains_what_is_missing() {
    let whole = document(SHOP);
    let (_, found) = printed(&[("shop.uml", &whole[..whole.find("_a\" name").expect("the association")])]);
    assert_eq!(found, ["U0105 `shop.uml` ends inside `shop`"]);
}

const EA: &str = r#"<?xml version="1.0" encoding="windows-1252"?>
    <xmi:XMI xmlns:xmi="http://schema.omg.org/spec/XMI/2.1" xmlns:uml="http://schema.omg.org/spec/UML/2.1"
        xmlns:thecustomprofile="http://www.sparxsystems.com/profiles/thecustomprofile/1.0" xmi:version="2.1">
      <xmi:Documentation exporter="Enterprise Architect" exporterVersion="6.5"/>
      <uml:Model xmi:type="uml:Model" name="EA_Model">
        <packagedElement xmi:type="uml:Package" xmi:id="EAPK_1" name="Shop">
          <packagedElement xmi:type="uml:Class" xmi:id="EAID_A" name="Order">
            <ownedAttribute xmi:type="uml:Property" xmi:id="EAID_A1" name="number"><type xmi:idref="EAJava_char_10_"/></ownedAttribute>
            <ownedAttribute xmi:type="uml:Property" xmi:id="EAID_A2" name="state"><type xmi:idref="EAJava_State"/></ownedAttribute>
            <ownedAttribute xmi:type="uml:Property" xmi:id="EAID_A3" name="note"/>
            <ownedAttribute xmi:type="uml:Property" xmi:id="EAID_dst11111_2" name="lines" association="EAID_AA11111_2">
              <type xmi:idref="EAID_B"/>
              <lowerValue xmi:type="uml:LiteralInteger" xmi:id="EAID_LI1" value="-1"/>
              <upperValue xmi:type="uml:LiteralUnlimitedNatural" xmi:id="EAID_LI2" value="-1"/>
            </ownedAttribute>
          </packagedElement>
          <packagedElement xmi:type="uml:Class" xmi:id="EAID_B" name="Line"/>
          <packagedElement xmi:type="uml:Enumeration" xmi:id="EAID_C" name="State"/>
          <packagedElement xmi:type="uml:Association" xmi:id="EAID_AA11111_2">
            <memberEnd xmi:idref="EAID_dst11111_2"/>
            <memberEnd xmi:idref="EAID_src11111_2"/>
            <ownedEnd xmi:type="uml:Property" xmi:id="EAID_src11111_2" association="EAID_AA11111_2">
              <type xmi:idref="EAID_A"/>
            </ownedEnd>
          </packagedElement>
        </packagedElement>
        <thecustomprofile:entity base_Class="EAID_A" table="orders"/>
      </uml:Model>
      <xmi:Extension extender="Enterprise Architect" extenderID="6.5">
        <elements>
          <element xmi:idref="EAID_A" xmi:type="uml:Class" name="Order">
            <properties documentation="What a customer wants." stereotype="entity"/>
            <tags><tag name="owner" value="sales#NOTES#Values: a,b"/><tag name="table" value="orders"/></tags>
            <attributes>
              <attribute xmi:idref="EAID_A1" name="number">
                <documentation value="Printed on the &lt;b&gt;invoice&lt;/b&gt;."/>
                <xrefs value="$DES=@PROP=@NAME=isID@ENDNAME;@TYPE=Boolean@ENDTYPE;@VALU=1@ENDVALU;@ENDPROP;"/>
              </attribute>
              <attribute xmi:idref="EAID_A3" name="note"><properties type="Memo"/></attribute>
            </attributes>
          </element>
        </elements>
        <connectors>
          <connector xmi:idref="EAID_AA11111_2">
            <source xmi:idref="EAID_A"><documentation value="the order"/></source>
            <target xmi:idref="EAID_B"><documentation value="the lines"/></target>
          </connector>
        </connectors>
        <primitivetypes>
          <packagedElement xmi:type="uml:PrimitiveType" xmi:id="EAJava_char_10_" name="char(10)"/>
          <packagedElement xmi:type="uml:PrimitiveType" xmi:id="EAJava_State" name="State"/>
        </primitivetypes>
      </xmi:Extension>
    </xmi:XMI>"#;

#[test]
fn what_enterprise_architect_keeps_beside_the_model_is_part_of_it() {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("shop.xml", EA)];
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let wanted = "\
model <unnamed> {
  package Shop {
    «entity» class Order {
      number: char(10)[1] {id}
      state: State[1]
      note: Memo[1]
    }
    class Line {}
    enumeration State {}
    Line * <-- ? Order : lines /
  }
}
";
    assert_eq!(print(&model), wanted);
    let found: Vec<_> = report.diagnostics().iter().map(|found| found.code.id).collect();
    assert_eq!(found, ["U0306"]);
    let order = model.classifiers.values().next().expect("a class");
    let text = |text: &Option<Box<crate::source::Spanned<String>>>| text.as_ref().map(|text| text.value.clone());
    assert_eq!(text(&order.documentation).as_deref(), Some("What a customer wants."));
    assert_eq!(text(&model.properties[order.attributes[0]].documentation).as_deref(), Some("Printed on the invoice."));
    let tags: Vec<_> = order.marks.tags.iter().map(|tag| (tag.name.value.as_str(), tag.value.value.as_str())).collect();
    assert_eq!(tags, [("owner", "sales"), ("table", "orders")]);
    let ends = &model.associations.values().next().expect("an association").ends;
    let ends: Vec<_> = ends.iter().map(|&end| text(&model.properties[end].documentation).unwrap_or_default()).collect();
    assert_eq!(ends, ["the lines", "the order"]);
    assert_eq!(model.documents[0].absent_end_multiplicity, crate::uml::model::AbsentMultiplicity::Unknown);
}

#[test]
fn diamonds_are_turned_where_the_file_contradicts_itself() {
    let association = |number: usize| {
        format!(
            "<packagedElement xmi:type='uml:Association' xmi:id='_a{number}' memberEnd='_w{number} _p{number}'>\
             <ownedEnd xmi:id='_w{number}' name='whole' type='_w' aggregation='composite'/>\
             <ownedEnd xmi:id='_p{number}' name='parts' type='_p'>\
             <upperValue xmi:type='uml:LiteralUnlimitedNatural' xmi:id='_u{number}' value='*'/></ownedEnd></packagedElement>"
        )
    };
    let classes = "<packagedElement xmi:type='uml:Class' xmi:id='_w' name='Whole'/>\
                   <packagedElement xmi:type='uml:Class' xmi:id='_p' name='Part'/>";
    let text = document(&format!("{classes}{}{}", association(1), association(2)));
    let (model, found) = printed(&[("trip.uml", &text)]);
    assert_eq!(found, ["U0609 2 of 2 diamonds of `trip.uml` stand on the whole's end; all are read so"]);
    assert!(model.contains("Whole ? <*>-- 1..* Part : (whole) / (parts)"), "{model}");
}

#[test]
fn documents_that_are_missing_are_named_beside_their_referrer() {
    let text = document(
        r#"<packagedElement xmi:type="uml:Class" xmi:id="_b" name="Book">
             <generalization xmi:id="_g"><general xmi:type="uml:Class" href="base%20types.uml#_x"/></generalization>
             <ownedAttribute xmi:id="_x" name="by"><type xmi:type="uml:Class" href="../people.uml#_p"/></ownedAttribute>
             <ownedAttribute xmi:id="_y" name="n">
               <type xmi:type="uml:PrimitiveType" href="pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml#String"/>
             </ownedAttribute>
           </packagedElement>"#,
    );
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let files = vec![InputFile::new("models/shop.uml", text)];
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    assert_eq!(missing_documents(&drafts, &settings), ["people.uml", "models/base types.uml"]);
}

#[test]
fn lost_details_are_told_and_change_nothing() {
    let (model, found) = printed(&[(
        "shop.uml",
        &document(
            r#"<ownedComment xmi:id="_n" annotatedElement="_gone"><body>About nothing.</body></ownedComment>
               <packagedElement xmi:type="uml:Class" xmi:id="_b" name="Book">
                 <ownedAttribute xmi:id="_x" name="first" type="_lost"/>
                 <ownedRule xmi:id="_r" name="rule" constrainedElement="_b _gone"><specification xmi:type="uml:OpaqueExpression" xmi:id="_o" body="x > 0"/></ownedRule>
                 <ownedOperation xmi:id="_op" name="print"><ownedParameter xmi:id="_p" name="to" type="_lost"/><ownedParameter xmi:id="_q" name="on" type="_away"/></ownedOperation>
               </packagedElement>
               <packagedElement xmi:type="uml:Dependency" xmi:id="_d" client="_b" supplier="_gone"/>"#,
        ),
    )]);
    // What is lost for an attribute too is told there.
    let wanted = [
        "U0301 attribute `Book.first` has a type that is not in the model",
        "U0307 operation `Book.print` refers to an element that is not in the model",
        "U0307 comment `<comment>` refers to an element that is not in the model",
    ];
    assert_eq!(found, wanted);
    assert_eq!(model, "model shop {\n  class Book {\n    first: ?[1]\n    print()\n    {x > 0}\n  }\n}\n");
}

#[test]
fn what_is_made_of_a_template_depends_on_it() {
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let text = document(
        r#"<packagedElement xmi:type="uml:Class" xmi:id="_list" name="List">
             <ownedTemplateSignature xmi:id="_s" parameter="_p"><ownedParameter xmi:type="uml:ClassifierTemplateParameter" xmi:id="_p" parameteredElement="_t">
               <ownedParameteredElement xmi:type="uml:Class" xmi:id="_t" name="T"/></ownedParameter></ownedTemplateSignature>
             <ownedOperation xmi:id="_o" name="add"><ownedRule xmi:id="_r" name="pre"><specification xmi:type="uml:OpaqueExpression" xmi:id="_e" body="not full"/></ownedRule>
               <ownedParameter xmi:id="_a" name="item" type="_t"><ownedComment xmi:id="_c" body="What to add."/></ownedParameter></ownedOperation>
           </packagedElement>
           <packagedElement xmi:type="uml:Class" xmi:id="_books" name="Books">
             <templateBinding xmi:id="_b" signature="_s"/></packagedElement>"#,
    );
    let files = vec![InputFile::new("shop.uml", text)];
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let [list, books] = [0, 1].map(|index| &model.classifiers[crate::util::arena::Id::new(index)]);
    assert_eq!(model.classifiers.len(), 2, "the parameter is no class");
    assert!(list.is_template);
    assert_eq!(books.dependencies, ["List"]);
    assert!(list.is_bound);
    assert_eq!(books.operations.len(), 1, "what binds a template has its operations");
    let text = list.operations[0].documentation.as_ref().map(|text| text.value.as_str());
    assert_eq!(text, Some("item: What to add.\n\npre: not full"));
}

#[test]
fn fragments_belong_to_the_package_that_names_them() {
    let whole = document(
        r#"<packagedElement xmi:type="uml:Package" xmi:id="_p" name="stock">
             <packagedElement xmi:type="uml:Package" href="part.efx#_r"/><packagedElement xmi:type="uml:Class" href="part.efx#_b"/></packagedElement>
           <packagedElement xmi:type="uml:Class" xmi:id="_o" name="Order"/>"#,
    );
    let part = r#"<xmi:XMI xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML">
        <uml:Package xmi:id="_r" name="rows"><packagedElement xmi:type="uml:Class" xmi:id="_c" name="Row"/></uml:Package>
        <uml:Class xmi:id="_b" name="Box"/></xmi:XMI>"#;
    let (model, found) = printed(&[("shop.emx", &whole), ("part.efx", part)]);
    assert_eq!(
        model,
        "model shop {\n  class Order {}\n  package stock {\n    class Box {}\n    package rows {\n      class Row {}\n    }\n  }\n}\n"
    );
    assert!(found.is_empty(), "{found:?}");
    let (_, found) = printed(&[("shop.emx", &whole)]);
    assert_eq!(found, ["U0307 2 details refer to `part.efx`, which was not given"]);
}

#[test]
fn features_that_nothing_can_own_are_told() {
    let (model, found) = printed(&[(
        "shop.uml",
        &document(
            r#"<ownedAttribute xmi:id="_motto" name="motto"/>
               <packagedElement xmi:type="uml:Class" xmi:id="_b" name="Book">
                 <ownedAttribute xmi:id="_x" name="size" type="_b">
                   <ownedAttribute xmi:id="_w" name="width" type="_b"/>
                   <ownedAttribute xmi:id="_h" name="height" type="_b"/>
                 </ownedAttribute>
               </packagedElement>
               <packagedElement xmi:type="uml:Association" xmi:id="_a" memberEnd="_e _f">
                 <ownedEnd xmi:id="_e" name="one" type="_b"/>
                 <ownedEnd xmi:id="_f" name="other" type="_b"/>
                 <ownedOperation xmi:id="_o" name="swap"/>
               </packagedElement>"#,
        ),
    )]);
    assert!(model.contains("class Book { size: Book[1] }"), "{model}");
    let wanted = [
        "U0210 attribute `motto` stands in a model, which has no attributes",
        "U0210 attribute `Book.size.width` stands in an attribute, which has no attributes",
        "U0210 operation `<association>.swap` stands in an association, which has no operations",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn packages_of_components_belong_to_the_package_around() {
    let (model, found) = printed(&[(
        "shop.uml",
        &document(
            r#"<packagedElement xmi:type="uml:Package" xmi:id="_p" name="sales">
                 <packagedElement xmi:type="uml:Component" xmi:id="_c" name="Desk">
                   <packagedElement xmi:type="uml:Package" xmi:id="_q" name="orders">
                     <packagedElement xmi:type="uml:Class" xmi:id="_o" name="Order"/>
                   </packagedElement>
                 </packagedElement>
               </packagedElement>"#,
        ),
    )]);
    assert!(model.contains("package orders"), "{model}");
    assert!(model.contains("class Order"), "{model}");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn tags_that_an_application_leaves_out_have_the_defaults_of_its_stereotype() {
    let profile = r#"<uml:Profile xmi:version="20131001" xmlns:xmi="http://www.omg.org/spec/XMI/20131001"
            xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML" xmi:id="_p" name="house">
          <packagedElement xmi:type="uml:Stereotype" xmi:id="_any" name="Marked">
            <ownedAttribute xmi:id="_u" name="help_text">
              <defaultValue xmi:type="uml:LiteralString" xmi:id="_ud" value="as agreed"/></ownedAttribute>
            <ownedAttribute xmi:id="_n" name="max_length">
              <defaultValue xmi:type="uml:LiteralInteger" xmi:id="_nd" value="1"/></ownedAttribute>
          </packagedElement>
          <packagedElement xmi:type="uml:Stereotype" xmi:id="_s" name="Column">
            <generalization xmi:id="_g" general="_any"/>
            <generalization xmi:id="_h" general="_s"/>
            <ownedAttribute xmi:id="_l" name="max_length">
              <defaultValue xmi:type="uml:LiteralInteger" xmi:id="_ld" value="77"/></ownedAttribute>
          </packagedElement>
          <packagedElement xmi:type="uml:Stereotype" xmi:id="_t" name="Gauge">
            <ownedAttribute xmi:id="_m" name="max_length">
              <defaultValue xmi:type="uml:LiteralInteger" xmi:id="_md" value="5"/></ownedAttribute>
          </packagedElement>
        </uml:Profile>"#;
    let shop = r#"<xmi:XMI xmi:version="20131001" xmlns:xmi="http://www.omg.org/spec/XMI/20131001"
            xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML" xmlns:house="http:///schemas/house/_1/0">
          <uml:Model xmi:id="_m" name="shop">
            <packagedElement xmi:type="uml:Class" xmi:id="_c" name="Item">
              <ownedAttribute xmi:id="_a" name="title"/><ownedAttribute xmi:id="_b" name="motto"/>
              <ownedAttribute xmi:id="_d" name="size"/>
            </packagedElement>
            <profileApplication xmi:id="_pa"><appliedProfile href="house.profile.uml#_p"/></profileApplication>
          </uml:Model>
          <house:Column xmi:id="_1" base_Property="_a"/>
          <house:Column xmi:id="_2" base_Property="_b" max_length="9"/>
          <house:Gauge xmi:id="_3" base_Property="_d"/>
        </xmi:XMI>"#;
    let settings = Settings::default();
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let drafts = read(vec![InputFile::new("shop.uml", shop)], &settings, &mut sources, &mut elements, &mut report);
    assert_eq!(missing_documents(&drafts, &settings), ["house.profile.uml"]);
    let files = vec![InputFile::new("shop.uml", shop), InputFile::new("house.profile.uml", profile)];
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let drafts = read(files, &settings, &mut sources, &mut elements, &mut report);
    let (model, _) = link(drafts, &settings, &mut elements, &mut report);
    let tags = |property: &crate::uml::model::Property| -> Vec<String> {
        property.marks.tags.iter().map(|tag| format!("{}={}", tag.name.value, tag.value.value)).collect()
    };
    let found: Vec<_> = model.properties.values().map(tags).collect();
    // What a stereotype that means nothing here says of its tags means nothing either.
    assert_eq!(
        found,
        [vec!["max_length=77", "help_text=as agreed"], vec!["max_length=9", "help_text=as agreed"], vec![]]
    );
}
