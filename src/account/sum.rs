//! The sum: every element that was met has a fate.
//!
//! It is set arithmetic and no bookkeeping: what became of the elements is looked up where it can be seen, in the project, in the
//! report and in what the reader said at once. Whatever is left over then was lost in silence, which is a mistake of ours.

use std::collections::{BTreeMap, BTreeSet};

use super::{Element, ElementKind, Elements};
use crate::diagnostic::Code;

/// The findings that say of an element that nothing, or something else, is made of it. Others, about names or multiplicities, explain
/// no absence.
const LOSSES: &[&str] = &[
    "U0105", "U0108", "U0201", "U0203", "U0204", "U0205", "U0207", "U0210", "U0301", "U0302", "U0303", "U0401",
    "U0404", "U0404", "U0405", "U0503", "U0505", "U0506", "U0507", "U0508", "U0509", "U0510", "U0511", "U0601",
    "U0606", "U0612", "U0701", "U0703", "U0704", "U0705", "U0706", "U0707", "U0708", "U0709", "U0805", "U1007",
    "U1103", "U1507",
];

/// Whether findings of `code` explain that nothing is made of what they are about.
pub fn explains_absence(code: &Code) -> bool {
    LOSSES.contains(&code.id)
}

/// What became of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Something in the project comes from it.
    Lowered,
    /// Its text stands in the project: in a docstring, a help text or a label.
    Carried,
    /// A finding tells what is not done with it.
    Diagnosed(&'static Code),
    /// Not wanted: a part of behaviour, of the tool's own, of a library.
    Ignored,
    /// Nobody knows.
    Missing,
}

impl Fate {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lowered => "lowered",
            Self::Carried => "carried",
            Self::Diagnosed(_) => "diagnosed",
            Self::Ignored => "ignored",
            Self::Missing => "missing",
        }
    }
}

/// The elements that left a trace in the project.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Those that something comes from.
    pub lowered: BTreeSet<Element>,
    /// Those whose text is kept.
    pub carried: BTreeSet<Element>,
    /// Those that nothing is made of, deliberately: libraries, stereotypes without effect.
    pub ignored: BTreeSet<Element>,
    /// Elements that are lost together: an association and its ends.
    pub together: Vec<Vec<Element>>,
}

/// The fates of all elements.
#[derive(Clone, Debug, Default)]
pub struct Account {
    fates: Vec<Fate>,
}

impl Account {
    /// Sums up. `told` are the subjects of findings, also of those that are not shown.
    ///
    /// The first that fits: lowered, carried, diagnosed, ignored. A part without a fate of its own shares that of the element that it
    /// stands in, unless that is lowered.
    pub fn sum(elements: &Elements, traces: &Traces, told: &BTreeMap<Element, Vec<&'static Code>>) -> Self {
        let mut fates: Vec<Fate> = Vec::new();
        for (element, seen) in elements.iter() {
            // Owners are entered first.
            let owner = seen.owner.and_then(|owner| fates.get(owner.index()).copied());
            let own = if traces.lowered.contains(&element) {
                Some(Fate::Lowered)
            } else if traces.carried.contains(&element) {
                Some(Fate::Carried)
            } else if let Some(code) =
                told.get(&element).and_then(|codes| codes.iter().find(|code| explains_absence(code)))
            {
                Some(Fate::Diagnosed(code))
            } else if traces.ignored.contains(&element) {
                Some(Fate::Ignored)
            } else {
                seen.fate
            };
            fates.push(own.unwrap_or(match owner {
                Some(fate) if !matches!(fate, Fate::Lowered | Fate::Missing) => fate,
                Some(fate) if is_part(seen.kind) => fate,
                _ if is_part(seen.kind) || is_beside(seen.kind) => Fate::Ignored,
                _ => Fate::Missing,
            }));
        }
        let mut account = Self { fates };
        for group in &traces.together {
            let told = group
                .iter()
                .map(|&element| account.fate(element))
                .find(|fate| matches!(fate, Fate::Diagnosed(_) | Fate::Ignored));
            if let Some(told) = told {
                for element in group {
                    if let Some(fate @ Fate::Missing) = account.fates.get_mut(element.index()) {
                        *fate = told;
                    }
                }
            }
        }
        account
    }

    /// The fate of an element.
    pub fn fate(&self, element: Element) -> Fate {
        self.fates.get(element.index()).copied().unwrap_or(Fate::Missing)
    }
}

/// Values, parameters and the like are parts of what they stand in.
fn is_part(kind: ElementKind) -> bool {
    matches!(kind, ElementKind::Other | ElementKind::Parameter | ElementKind::Helper | ElementKind::Template)
}

/// What stands beside the classes and says nothing about what is stored: examples, visibility, definitions of profiles.
fn is_beside(kind: ElementKind) -> bool {
    matches!(
        kind,
        ElementKind::Instance
            | ElementKind::Import
            | ElementKind::Stereotype
            | ElementKind::TagDefinition
            | ElementKind::Extension
            | ElementKind::ExtensionEnd
    )
}
