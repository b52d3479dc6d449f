//! What the tools do differently in XMI 1.x.

mod argouml;
mod ea;
mod exporters;
mod magicdraw;
mod openmdx;
mod plantuml;
mod rose;
mod staruml;
mod umbrello;

use super::{AbsentMultiplicity, Navigability};
use crate::read::drafting::BoundQuirks;
use crate::read::xmi1::Core;
use crate::read::xml::{NodeId, Tree};

/// A tool's way of writing XMI 1.x.
#[derive(Debug)]
pub(crate) struct Legacy {
    /// The tool, for people.
    pub(crate) tool: &'static str,
    /// What an end without multiplicity means.
    pub(crate) absent_end: AbsentMultiplicity,
    /// Where navigability is told.
    pub(crate) navigability: Navigability,
    /// What odd bounds mean.
    pub(crate) bounds: BoundQuirks,
    /// Where an id is expected, the tool writes names: `type="int"`.
    pub(crate) names_for_ids: bool,
    /// How the ids of enumerations start that come out as classes.
    pub(crate) enumeration_ids: &'static str,
    /// The attribute that names the package of a classifier, where packages are not written around what is in them.
    pub(crate) package_name: &'static str,
    /// Names of packages that the tool puts into every model, with types only.
    pub(crate) libraries: &'static [&'static str],
    /// Stereotypes that repeat what the metaclass says.
    pub(crate) own_stereotypes: &'static [&'static str],
    /// Names of roots that the tool made up.
    pub(crate) wrappers: &'static [&'static str],
    /// Starts of the names of tags that hold the tool's own state.
    pub(crate) noise: &'static [&'static str],
    /// Tags in which the tool keeps its own state at an element; `*` stands for any end.
    pub(crate) state: &'static [&'static str],
    /// They may stand apart from their element, as the tags of users do.
    pub(crate) state_stands_apart: bool,
    /// The id of an element without `xmi.id`.
    pub(crate) identity: Option<fn(&Core<'_, '_>, NodeId) -> Option<String>>,
    /// The tag and its values that make a dependency a realization.
    pub(crate) realization_tag: Option<(&'static str, &'static [&'static str])>,
    /// `ownerScope` says the same everywhere.
    pub(crate) static_says_nothing: bool,
    /// The name of what a reference to a document of the tool leads to: document and fragment.
    pub(crate) well_known: fn(&str, &str) -> Option<&'static str>,
    /// The text of a comment without what the tool writes into every one.
    pub(crate) comment: fn(&str) -> &str,
    /// Completes a property by what the tool writes in its own way; the node and the index in the draft.
    pub(crate) property: Option<fn(&mut Core<'_, '_>, NodeId, usize)>,
    /// Reads the tool's own parts of the file, when the UML part was read.
    pub(crate) own_part: Option<fn(&mut Core<'_, '_>, &[NodeId])>,
}

/// A tool that does everything by the book.
const PLAIN: Legacy = Legacy {
    tool: "an unknown tool",
    absent_end: AbsentMultiplicity::Unknown,
    navigability: Navigability::UnspecifiedWithoutArrow,
    bounds: BoundQuirks { zero_upper_is_optional: false, star_below: true },
    names_for_ids: false,
    enumeration_ids: "",
    package_name: "",
    libraries: &[],
    own_stereotypes: &[],
    wrappers: &[],
    noise: &[],
    state: &[],
    state_stands_apart: false,
    identity: None,
    realization_tag: None,
    static_says_nothing: false,
    well_known: |_, _| None,
    comment: |text| text,
    property: None,
    own_part: None,
};

static UNKNOWN: Legacy = PLAIN;

/// What a document says about the tool that wrote it.
#[derive(Debug, Default)]
struct Signs<'t> {
    /// `XMI.exporter` with its version, blanks run together.
    exporter: String,
    /// The name of the first model.
    model: &'t str,
    /// `xmi.version`
    version: &'t str,
    /// Namespaces and extenders, as they come.
    marks: Vec<&'t str>,
    /// The tag of the root.
    root: &'t str,
    /// Ids are written `XMI.id`.
    has_upper_case_ids: bool,
}

/// So many elements from the start are looked at for signs that may stand anywhere.
const LOOKED_AT: usize = 2000;

impl<'t> Signs<'t> {
    fn of(tree: &'t Tree<'t>) -> Self {
        let mut signs = Self {
            root: tree.root().map_or("", |root| tree.tag(root)),
            marks: tree.namespaces().iter().map(String::as_str).collect(),
            ..Self::default()
        };
        for node in 0..tree.len().min(LOOKED_AT) {
            if signs.model.is_empty() && tree.tag(node) == "UML:Model" {
                signs.model = tree.plain(node, "name").map_or("", |name| name.value);
            }
            if tree.tag(node) == "XMI" {
                signs.version = tree.plain(node, "xmi.version").map_or("", |version| version.value);
            }
            match tree.tag(node) {
                "XMI.exporter" | "XMI.exporterVersion" => {
                    let text = tree.text(node).map_or("", |text| text.value);
                    for word in text.split_whitespace() {
                        signs.exporter.push_str(word);
                        signs.exporter.push(' ');
                    }
                }
                "XMI.extension" | "XMI.extensions" => {
                    signs.marks.extend(tree.plain(node, "xmi.extender").map(|extender| extender.value));
                }
                _ => signs.has_upper_case_ids |= tree.plain(node, "XMI.id").is_some(),
            }
        }
        signs
    }

    /// Whether the exporter's name contains `name`.
    fn exporter(&self, name: &str) -> bool {
        self.exporter.to_ascii_lowercase().contains(&name.to_ascii_lowercase())
    }

    /// Whether a namespace or the extender of an extension contains `part`.
    fn mark(&self, part: &str) -> bool {
        self.marks.iter().any(|mark| mark.contains(part))
    }
}

/// The dialect of a document in XMI 1.x.
pub(crate) fn of(tree: &Tree<'_>) -> &'static Legacy {
    let signs = Signs::of(tree);
    let order: [for<'s, 't> fn(&'s Signs<'t>) -> Option<&'static Legacy>; 9] = [
        ea::recognise,
        magicdraw::recognise,
        openmdx::recognise,
        rose::recognise,
        staruml::recognise,
        umbrello::recognise,
        plantuml::recognise,
        exporters::recognise,
        argouml::recognise,
    ];
    order.iter().find_map(|recognise| recognise(&signs)).unwrap_or(&UNKNOWN)
}
