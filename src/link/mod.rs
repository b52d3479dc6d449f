//! [`Draft`]s to [`Model`] and [`RelationGraph`]: every reference becomes an id, or it is reported.

mod associations;
mod attach;
mod build;
mod census;
mod documents;
mod index;
mod libraries;
mod relations;

pub use documents::missing_documents;

use crate::account::{ElementKind, Elements};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::graph::RelationGraph;
use crate::settings::Settings;
use crate::uml::Model;
use crate::uml::draft::Draft;

/// Links drafts to one model. What leads nowhere is reported once for each cause and left out, or has an unknown type.
// The drafts end here: nothing after the model may look at them.
#[allow(clippy::needless_pass_by_value)]
pub fn link(
    drafts: Vec<Draft>,
    settings: &Settings,
    elements: &mut Elements,
    report: &mut Report,
) -> (Model, RelationGraph) {
    let index = index::Index::new(&drafts, settings);
    duplicates(&drafts, elements, report);
    let causes = census::census(&index, elements, report);
    let mut model = build::build(&index, &causes, elements, report);
    let kept = associations::link(&index, &causes, &mut model, elements, report);
    relations::link(&index, &mut model, elements, report);
    attach::attach(&index, &kept, &mut model, report);
    libraries::mark(&mut model, report);
    let graph = relations::graph(&model);
    (model, graph)
}

/// Ids that are given twice: an error only if something refers to them.
fn duplicates(drafts: &[Draft], elements: &Elements, report: &mut Report) {
    for draft in drafts {
        let used = if draft.duplicates.is_empty() { Vec::new() } else { used_ids(draft) };
        for &(second, first) in &draft.duplicates {
            let seen = elements.get(second);
            let Some(id) = &seen.id else { continue };
            // What was exported twice as a whole is told once.
            let is_inner = seen.owner.is_some_and(|owner| draft.duplicates.iter().any(|&(outer, _)| outer == owner));
            if is_inner {
                continue;
            }
            let is_used = used.binary_search(&id.as_str()).is_ok();
            let mut diagnostic = Diagnostic::new(&codes::U0205, format!("two elements have the id `{id}`"))
                .about(second)
                .here(seen.span, "the second")
                .because(elements.get(first).span, "the first; references lead to it")
                .cause(format!("{}#{id}", draft.source.index()));
            if !is_used {
                diagnostic.level = crate::diagnostic::Level::Warning;
            }
            report.add(diagnostic);
        }
    }
}

/// A kind of elements with its article.
fn a(kind: ElementKind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// The ids that something in the draft refers to, sorted.
fn used_ids(draft: &Draft) -> Vec<&str> {
    let mut used: Vec<&str> = build::all_references(draft)
        .filter_map(|reference| match &reference.target {
            crate::uml::draft::Target::Id(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{InputFile, read};
    use crate::source::Sources;
    use crate::uml::print::print;

    /// Prints the model of some files, then the codes of what was found.
    fn printed(files: &[(&str, &str)]) -> (String, Vec<String>) {
        let settings = Settings::default();
        let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
        let files = files.iter().map(|&(name, text)| InputFile { name: name.to_owned(), bytes: text.into() }).collect();
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
        let b =
            document(r#"<packagedElement xmi:type="uml:Class" xmi:id="_p" name="Person"/>"#).replace("shop", "people");
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
}
