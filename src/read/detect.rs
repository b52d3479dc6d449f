//! What a file is, told by its content and never by its name.

use super::foreign;
use super::native::{dia, ecore};
use super::unpack::zip;
use super::xmi1;
use super::xml::{Ns, Tree};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::source::Span;

/// What a text is.
pub(super) enum Text {
    /// XML, sound or damaged.
    Xml,
    /// JSON, perhaps a model of StarUML.
    Json,
    /// A model of Rational Rose.
    Petal,
    /// Nothing that is read.
    Other(Other),
}

/// What an XML document is.
pub(super) enum Document {
    /// UML in XMI 1.0, 1.1 or 1.2.
    Xmi1,
    /// UML in XMI 2.x.
    Xmi2,
    /// A project of StarUML 5.
    Xpd,
    /// A model of Ecore.
    Ecore,
    /// A model of Gaphor.
    Gaphor,
    /// A drawing of Dia with objects of UML.
    Dia,
    /// Nothing that is read.
    Other(Other),
}

/// A file that is no UML model.
#[derive(Clone, Debug)]
pub(super) struct Other {
    code: &'static Code,
    /// What comes after the file's name in the message.
    what: String,
    help: Option<&'static str>,
}

impl Other {
    fn not_xml(what: &str, help: &'static str) -> Self {
        Self { code: &codes::U0102, what: format!("is {what}"), help: Some(help).filter(|help| !help.is_empty()) }
    }

    fn not_uml(what: String, help: &'static str) -> Self {
        Self { code: &codes::U0201, what, help: Some(help) }
    }

    /// The same bytes as another file.
    pub(super) fn copy_of(file: &str) -> Self {
        Self { code: &codes::U0201, what: format!("is the same as `{file}`"), help: None }
    }

    /// What it is; a sentence with the file's name as its subject.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// How to get a model instead.
    pub(super) fn help(&self) -> Option<&'static str> {
        self.help
    }

    pub(super) fn diagnostic(&self, file: &str, place: Span) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(self.code, format!("`{file}` {}", self.what)).here(place, "the file starts here");
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

const ROOTS: &str =
    "read are documents of XMI 2.x with `uml:Model`, `uml:Package` or `uml:Profile`, and XMI 1.x with `UML:Model`";
const METAMODELS: &str = "export the UML model itself as XMI";

/// Formats that are told by their first bytes.
pub(super) fn binary(bytes: &[u8]) -> Option<Other> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some(Other::not_xml("empty", "the export failed: export the model again"));
    }
    let document = || Some((bytes.starts_with(b"PK").then(|| zip::document(bytes))??, "export XMI from a UML tool"));
    let garbage = || is_garbage(bytes).then_some(("binary data", "export the model as XMI"));
    let (what, help) = foreign::binary(bytes).or_else(document).or_else(garbage)?;
    Some(Other::not_xml(what, help))
}

/// Many control bytes at the start, and no UTF-16.
fn is_garbage(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    if matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'<', 0, ..] | [0, b'<', ..]) {
        return false;
    }
    let control = head.iter().filter(|&&byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)).count();
    control * 10 > head.len() || (control > 0 && !head.contains(&b'<'))
}

/// Tells XML from other texts.
pub(super) fn text(text: &str) -> Text {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head = &start[..floor(start, 4096)];
    if start.starts_with(['{', '[']) {
        return if head.contains("\"_type\"") { Text::Json } else { Text::Other(json()) };
    }
    if start.starts_with("(object Petal") {
        return Text::Petal;
    }
    foreign_text(start, head).map_or(Text::Xml, Text::Other)
}

/// JSON of whatever kind that is not read.
pub(super) fn json() -> Other {
    Other::not_xml("JSON, but no model of StarUML", "export the model as XMI 2.x")
}

fn foreign_text(start: &str, head: &str) -> Option<Other> {
    if start.starts_with('<') {
        return None;
    }
    if let Some((what, help)) = foreign::text(head) {
        return Some(Other::not_xml(what, help));
    }
    // Rubbish before the first tag is a damaged document, unless it is not one at all.
    let is_xml = head.contains("<?xml") || head.contains("<xmi:XMI") || head.contains("<uml:");
    (!is_xml).then(|| Other::not_xml("text, but not XML", "export the model as XMI 2.x"))
}

/// Tells the formats in XML.
pub(super) fn document(tree: &Tree<'_>) -> Document {
    if tree.root().is_some_and(|root| tree.tag(root) == "XPD:PROJECT") {
        return Document::Xpd;
    }
    if tree.root().is_some_and(|root| tree.local(root) == "gaphor") {
        return Document::Gaphor;
    }
    if dia::is_model(tree) {
        return Document::Dia;
    }
    let documents = xmi1::documents(tree);
    if !documents.is_empty() {
        return match xmi1::foreign(tree, &documents) {
            Some(what) => Document::Other(Other::not_uml(what.to_owned(), METAMODELS)),
            None => Document::Xmi1,
        };
    }
    let is_ecore = ecore::is_model(tree);
    if is_ecore && tree.root().is_some_and(|root| tree.local(root) == "EPackage") {
        return Document::Ecore;
    }
    match foreign_document(tree) {
        Some(_) if is_ecore => Document::Ecore,
        Some(other) => Document::Other(other),
        None => Document::Xmi2,
    }
}

fn foreign_document(tree: &Tree<'_>) -> Option<Other> {
    let Some(root) = tree.root() else {
        return Some(Other::not_uml("contains no element".to_owned(), ROOTS));
    };
    let has_uml = (0..tree.len()).any(|node| {
        tree.ns(node) == Ns::Uml
            || tree.xmi(node, "type").or_else(|| tree.attribute(node, Ns::Xsi, "type")).is_some_and(|written| {
                written.value.starts_with("uml:")
                    || written.value.split_once(':').is_some_and(|(prefix, _)| tree.meaning(prefix) == Some(Ns::Uml))
            })
    });
    let (local, tag) = (tree.local(root), tree.tag(root));
    if has_uml {
        return None;
    }
    let sight = foreign::Root {
        tag,
        local,
        attributes: tree.attributes(root).map(|attribute| attribute.local).collect(),
        children: tree.children(root).take(100).map(|child| tree.local(child)).collect(),
        prolog: tree.prolog_text(),
    };
    if let Some((what, help)) = foreign::xml(&sight) {
        return Some(Other::not_uml(format!("is {what}, not a UML model in XMI"), help));
    }
    Some(match local {
        "XMI" => {
            let first = tree.children(root).find(|&child| tree.ns(child) != Ns::Xmi);
            let first = first.map(|child| tree.tag(child)).unwrap_or_default();
            let what = if first.is_empty() {
                "is XMI but contains no model".to_owned()
            } else {
                format!("is XMI but contains no UML model; its content is `{first}`")
            };
            Other::not_uml(what, ROOTS)
        }
        _ => {
            let uri = tree.namespace(tree.ns(root)).map(|uri| format!(" of `{uri}`")).unwrap_or_default();
            let what = format!("is XML but contains no UML model; its root is `{tag}`{uri}");
            Other::not_uml(what, ROOTS)
        }
    })
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}
