//! What the tools do differently. The core reads what all of them share; here is only what is peculiar to one.

mod ea;
mod eclipse;
mod generic;
pub(super) mod legacy;
pub(crate) mod magicdraw;
mod omg;
mod umodel;
mod visual_paradigm;

pub(crate) use eclipse::annotations;

use super::drafting::BoundQuirks;
use super::parts::Parts;
use super::xmi2::Core;
use super::xml::{NodeId, Ns, Tree};
use crate::account::Element;
use crate::uml::draft::Navigability;
use crate::uml::model::AbsentMultiplicity;

/// A tool's way of writing XMI.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// The tool, for people.
    pub(crate) tool: &'static str,
    /// What an end without multiplicity means.
    pub(crate) absent_end: AbsentMultiplicity,
    /// Where navigability is told.
    pub(crate) navigability: Navigability,
    /// What odd bounds mean.
    pub(crate) bounds: BoundQuirks,
    /// The diamond stands at the whole's end.
    pub(crate) inverted_aggregation: bool,
    /// `isUnique` says the same everywhere.
    pub(crate) unique_says_nothing: bool,
    /// Names of roots that the tool made up.
    pub(crate) wrappers: &'static [&'static str],
    /// Prefixes of the tool's own profiles, which say nothing about the model.
    pub(crate) noise: &'static [&'static str],
    /// Elements of the model have attributes `stereotype` and `comment`.
    pub(crate) marks_elements: bool,
    /// Reads the tool's own parts of the file, when the UML part was read.
    pub(crate) own_part: Option<fn(&mut Core<'_, '_>, &Parts, &[Block])>,
}

/// A part of the file that is the tool's own: an extension or annotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) node: NodeId,
    /// The element that it stands in.
    pub(crate) owner: Option<Element>,
}

/// A tool that does everything by the book.
const PLAIN: Dialect = Dialect {
    tool: "an unknown tool",
    absent_end: AbsentMultiplicity::One,
    navigability: Navigability::Written,
    bounds: BoundQuirks { zero_upper_is_optional: false, star_below: false },
    inverted_aggregation: false,
    unique_says_nothing: false,
    wrappers: &[],
    noise: &[],
    marks_elements: false,
    own_part: None,
};

/// Both bounds are `*` where a person wrote one.
const STAR_BELOW: BoundQuirks = BoundQuirks { zero_upper_is_optional: false, star_below: true };

/// What a document says about the tool that wrote it.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    /// `exporter` of the documentation, and `extender` of the first extension.
    exporter: String,
    /// `source` of annotations.
    annotations: Vec<String>,
    /// The namespace of UML.
    uml: String,
    /// The first ids.
    ids: Vec<String>,
    /// Comments and instructions before the root.
    prolog: String,
    /// Other namespaces.
    namespaces: Vec<String>,
    /// Names of associations: how many, and how many are of the form `jobsToTasks`.
    associations: (usize, usize),
}

impl Signs {
    fn of(tree: &Tree<'_>) -> Self {
        let mut signs = Self {
            uml: tree.uml.clone().unwrap_or_default(),
            prolog: tree.prolog_text().to_owned(),
            namespaces: tree.namespaces().to_vec(),
            ..Self::default()
        };
        let mut is_extended = false;
        let is_documentation = |tag: &str| tag.eq_ignore_ascii_case("Documentation");
        for node in tree.named(|tag| is_documentation(tag) || matches!(tag, "Extension" | "eAnnotations")) {
            let (ns, tag) = (tree.ns(node), tree.local(node));
            if is_documentation(tag) && ns == Ns::Xmi {
                for attribute in tree.attributes(node).filter(|a| a.local.eq_ignore_ascii_case("exporter")) {
                    signs.exporter.push_str(attribute.value.value);
                }
                for child in tree.children(node).filter(|&child| matches!(tree.local(child), "exporter" | "contact")) {
                    signs.exporter.push_str(tree.text(child).map_or("", |text| text.value));
                }
            } else if tag == "Extension" && ns == Ns::Xmi && !is_extended {
                is_extended = true;
                let extender = tree.plain(node, "extender").or_else(|| tree.xmi(node, "extender"));
                signs.exporter.push(' ');
                signs.exporter.push_str(extender.map_or("", |extender| extender.value));
            } else if tag == "eAnnotations" && signs.annotations.len() < 100 {
                signs.annotations.extend(tree.plain(node, "source").map(|source| source.value.to_owned()));
            }
        }
        signs.ids = (0..tree.len()).filter_map(|node| Some(tree.xmi(node, "id")?.value.to_owned())).take(50).collect();
        if signs.is_of_eclipse() {
            signs.count_associations(tree);
        }
        signs
    }

    fn is_of_eclipse(&self) -> bool {
        self.uml.contains("www.eclipse.org/uml2")
    }

    /// Only tools that write Eclipse's format are told by their associations.
    fn count_associations(&mut self, tree: &Tree<'_>) {
        for node in 0..tree.len() {
            if tree.xmi(node, "type").is_some_and(|written| written.value == "uml:Association")
                && let Some(name) = tree.plain(node, "name").filter(|name| !name.value.is_empty())
            {
                self.associations.0 += 1;
                self.associations.1 += usize::from(is_from_both_sides(name.value));
            }
        }
    }

    fn exporter(&self, name: &str) -> bool {
        self.exporter.to_lowercase().contains(&name.to_lowercase())
    }

    fn annotation(&self, source: &str) -> bool {
        self.annotations.iter().any(|found| found.starts_with(source))
    }

    fn namespace(&self, part: &str) -> bool {
        self.namespaces.iter().any(|found| found.contains(part))
    }

    fn id(&self, start: &str) -> bool {
        self.ids.iter().any(|id| id.starts_with(start))
    }
}

/// `jobsToTasks`: a name that a tool made of both sides.
fn is_from_both_sides(name: &str) -> bool {
    name.split_once("To").is_some_and(|(from, to)| {
        from.starts_with(char::is_lowercase)
            && from.ends_with('s')
            && to.starts_with(char::is_uppercase)
            && to.ends_with('s')
    })
}

/// The dialect of a document.
pub(crate) fn of(tree: &Tree<'_>) -> &'static Dialect {
    let signs = Signs::of(tree);
    let order = [ea::recognise, magicdraw::recognise, generic::recognise_exporters, eclipse::recognise, omg::recognise];
    order.iter().find_map(|recognise| recognise(&signs)).unwrap_or(&generic::UNKNOWN)
}

#[cfg(test)]
mod tests;
