//! Formats that are known and not read: what they are, and how to get a model out of the tool that wrote them.

/// What a file is, and what to do.
pub(super) type Known = (&'static str, &'static str);

const EA: &str = "export from the tool: Publish, Export-XML, `Export Package to Native/XMI`, XMI 2.1 for UML 2.1";
const VISUAL_PARADIGM: &str = "export from the tool: Project, Export, XMI, version 2.1";
const PICTURE: &str = "a picture holds no model: export XMI from the tool that drew it";
const SHAPES: &str = "such drawings hold shapes, not classes: draw the classes in a UML tool and export XMI";
const UML_TOOL: &str = "export XMI from a UML tool";

/// Formats that are told by their first bytes.
pub(super) fn binary(bytes: &[u8]) -> Option<Known> {
    const MAGIC: &[(&[u8], Known)] = &[
        (b"\0\x01\0\0Standard Jet DB", ("a database of Enterprise Architect (`.eap`, `.eapx`), not an export", EA)),
        (b"\0\x01\0\0Standard ACE DB", ("a database of Enterprise Architect (`.eap`, `.eapx`), not an export", EA)),
        (b"\x89PNG", ("a picture", PICTURE)),
        (b"\xff\xd8\xff", ("a picture", PICTURE)),
        (b"GIF8", ("a picture", PICTURE)),
        (b"%PDF", ("a PDF document", PICTURE)),
        (b"%!PS", ("a PostScript document", PICTURE)),
        (b"\xd7\xcd\xc6\x9a", ("a picture", PICTURE)),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            ("an OLE document, such as a drawing of Visio (`.vsd`) or a text of Word", UML_TOOL),
        ),
        (
            b"\xac\xed\0\x05",
            (
                "a store of Java objects, such as a project of Astah or Jude",
                "export from the tool: Tool, XML Input & Output, Save As XML Project (XMI)",
            ),
        ),
        (b"7z\xbc\xaf\x27\x1c", ("an archive of 7-Zip", "pack it as zip")),
        (b"Rar!\x1a\x07", ("an archive of RAR", "pack it as zip")),
        (b"\xfd7zXZ\0", ("compressed by xz", "unpack it first")),
        (b"\x28\xb5\x2f\xfd", ("compressed by zstd", "unpack it first")),
        (b"\x7fELF", ("a program", UML_TOOL)),
        (b"MZ", ("a program", UML_TOOL)),
    ];
    if bytes.starts_with(b"SQLite format 3\0") {
        return Some(database(bytes));
    }
    if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        return Some(("a picture", PICTURE));
    }
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, known)| *known)
}

/// Databases in SQLite are told by the names of their tables, which stand at the start.
fn database(bytes: &[u8]) -> Known {
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if has(b"t_object") || has(b"t_package") {
        ("a database of Enterprise Architect (`.qea`), not an export", EA)
    } else if has(b"MODEL_ELEMENT") {
        ("a project of Visual Paradigm (`.vpp`), not an export", VISUAL_PARADIGM)
    } else {
        ("an SQLite database, such as Enterprise Architect's `.qea` or Visual Paradigm's `.vpp`, not an export", EA)
    }
}

/// Formats that are text and no XML.
pub(super) fn text(start: &str) -> Option<Known> {
    const STARTS: &[(&str, Known)] = &[
        ("classDiagram", ("a Mermaid text", "draw the classes in a UML tool and export XMI")),
        ("```mermaid", ("a Mermaid text", "draw the classes in a UML tool and export XMI")),
        ("Model {", ("a model of Simulink", UML_TOOL)),
        ("Library {", ("a model of Simulink", UML_TOOL)),
        ("# MathWorks OPC", ("a model of Simulink", UML_TOOL)),
    ];
    if start.contains("@startuml") {
        return Some(("a PlantUML text", "let PlantUML export it: `plantuml -txmi:star`"));
    }
    let rest = start.strip_prefix("format ").unwrap_or_default();
    if rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('"') {
        return Some(("a project of BOUML", "export from the tool: Tools, Generate XMI 2"));
    }
    STARTS.iter().find(|(text, _)| start.starts_with(text)).map(|(_, known)| *known)
}

/// What tells an XML document.
pub(super) struct Root<'t> {
    /// The root's name with its prefix.
    pub(super) tag: &'t str,
    /// The root's name.
    pub(super) local: &'t str,
    /// The names of the root's attributes.
    pub(super) attributes: Vec<&'t str>,
    /// The names of the elements directly below it.
    pub(super) children: Vec<&'t str>,
    /// What stands before it.
    pub(super) prolog: &'t str,
}

/// Formats in XML.
pub(super) fn xml(root: &Root<'_>) -> Option<Known> {
    let has = |attribute: &str| root.attributes.contains(&attribute);
    let holds = |child: &str| root.children.contains(&child);
    Some(match (root.local, root.tag) {
        ("argo", _) => ("the list of parts of an ArgoUML project", "give the `.xmi` beside it, or the whole `.zargo`"),
        ("pgml", _) => ("a diagram of ArgoUML without its model", "give the `.xmi` beside it, or the whole `.zargo`"),
        ("proj3" | "poseidon", _) => ("settings of Poseidon", "give the `.xmi` beside it, or the whole `.zuml`"),
        ("mxfile" | "mxGraphModel", _) => ("a drawing of draw.io", SHAPES),
        ("diagram", _) if has("program") || holds("help_text") || holds("zoom_level") => ("a drawing of UMLet", SHAPES),
        ("diagram", "dia:diagram") => ("a drawing of Dia", SHAPES),
        ("graphml", _) => ("a drawing of yEd", SHAPES),
        ("java", _) if has("class") => ("a drawing of Violet, or other Java objects", SHAPES),
        ("PyutProject" | "PyutDocument", _) => {
            ("a project of PyUt", "PyUt exports no XMI: draw the classes in a UML tool")
        }
        ("modelStoreModel" | "logicalClassDesignerModel", _) => {
            ("a model of Visual Studio", "Visual Studio exports no XMI: draw the classes in a UML tool")
        }
        ("ClassDiagram", _) => ("a class diagram of Visual Studio", "it shows code: import the code into a UML tool"),
        ("Diagram", "Diagram") if holds("ID") => {
            ("a diagram of IntelliJ IDEA", "it shows code: import the code into a UML tool, and export XMI")
        }
        ("Diagram", _) => {
            ("a diagram without its model", "give the `.uml` file beside it, where Papyrus keeps the model")
        }
        ("Project", _) if has("UmlVersion") => ("a project of Visual Paradigm in its own XML", VISUAL_PARADIGM),
        ("Package", _) if holds("Table") => ("an export of Enterprise Architect in its native form", EA),
        ("Model", _) if root.prolog.contains("PowerDesigner") => {
            ("a model of PowerDesigner", "export from the tool: File, Export, XMI File")
        }
        ("model", _) if root.tag.starts_with("archimate:") => ("a model in ArchiMate", UML_TOOL),
        ("definitions", _) => ("a process in BPMN", UML_TOOL),
        ("schema", _) => ("an XML schema", UML_TOOL),
        ("RDF", _) => ("an ontology or other data in RDF", UML_TOOL),
        ("html", _) => ("an HTML page", PICTURE),
        ("svg", _) => ("a picture in SVG", PICTURE),
        ("project", _) => ("a project file", UML_TOOL),
        _ => return None,
    })
}
