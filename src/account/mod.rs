//! The account: every UML element that the reader met.
//!
//! Diagnostics, the Django project and later the lock file point at these elements, on both sides of the wall.

mod sum;

pub use sum::{Account, Fate, Traces, explains_absence};

use std::collections::BTreeMap;

use crate::source::Span;
use crate::util::arena::{Arena, Id};
use crate::util::texts::{Text, Texts};

/// A UML element as it was met. [`Elements`] tell its id and its name.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it is.
    pub kind: ElementKind,
    /// Where its start tag (or what stands for it) is.
    pub span: Span,
    id: Option<Text>,
    name: Option<Text>,
    /// The element that it stands in.
    pub owner: Option<Element>,
    /// What is known about its fate when it is met: ignored, or carried as text.
    pub fate: Option<Fate>,
}

/// An element as a document tells it.
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    /// What it is.
    pub kind: ElementKind,
    /// Where its start tag (or what stands for it) is.
    pub span: Span,
    /// Its id in the file.
    pub id: Option<&'a str>,
    /// Its name, as drawn.
    pub name: Option<&'a str>,
    /// The element that it stands in.
    pub owner: Option<Element>,
}

impl Met<'_> {
    /// An element about which nothing but this is known.
    pub fn new(kind: ElementKind, span: Span) -> Self {
        Self { kind, span, id: None, name: None, owner: None }
    }
}

/// Names an element that was met.
pub type Element = Id<Seen>;

/// The kinds of elements, in the words of UML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs)]
pub enum ElementKind {
    Model,
    Package,
    Profile,
    Class,
    AssociationClass,
    Interface,
    DataType,
    PrimitiveType,
    Enumeration,
    Component,
    Signal,
    Actor,
    Node,
    Literal,
    Attribute,
    Port,
    Operation,
    /// What an OCL text adds to a class (`def`).
    Helper,
    Parameter,
    Association,
    End,
    Qualifier,
    Generalization,
    GeneralizationSet,
    Realization,
    Dependency,
    Constraint,
    Comment,
    Template,
    Instance,
    Import,
    /// The definition of a stereotype.
    Stereotype,
    /// An attribute of a stereotype: what its tagged values are values of.
    TagDefinition,
    /// What makes a stereotype applicable to a metaclass.
    Extension,
    ExtensionEnd,
    StereotypeApplication,
    Tag,
    /// What tools keep in their own parts of the file.
    ToolConstraint,
    ToolComment,
    ToolStereotype,
    ToolTag,
    Other,
}

impl ElementKind {
    /// The word for it in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Package => "package",
            Self::Profile => "profile",
            Self::Class => "class",
            Self::AssociationClass => "association class",
            Self::Interface => "interface",
            Self::DataType => "data type",
            Self::PrimitiveType => "primitive type",
            Self::Enumeration => "enumeration",
            Self::Component => "component",
            Self::Signal => "signal",
            Self::Actor => "actor",
            Self::Node => "node",
            Self::Literal => "literal",
            Self::Attribute => "attribute",
            Self::Port => "port",
            Self::Operation => "operation",
            Self::Helper => "helper",
            Self::Parameter => "parameter",
            Self::Association => "association",
            Self::End => "end",
            Self::Qualifier => "qualifier",
            Self::Generalization => "generalization",
            Self::GeneralizationSet => "generalization set",
            Self::Realization => "realization",
            Self::Dependency => "dependency",
            Self::Constraint | Self::ToolConstraint => "constraint",
            Self::Comment | Self::ToolComment => "comment",
            Self::Template => "template signature",
            Self::Instance => "instance",
            Self::Import => "import",
            Self::Stereotype | Self::ToolStereotype => "stereotype",
            Self::TagDefinition => "tag definition",
            Self::Extension => "extension",
            Self::ExtensionEnd => "extension end",
            Self::StereotypeApplication => "stereotype application",
            Self::Tag | Self::ToolTag => "tag",
            Self::Other => "element",
        }
    }
}

/// All elements of one compilation, in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    seen: Arena<Seen>,
    /// Their ids and names.
    texts: Texts,
    /// Another owner by which an element is known.
    also: BTreeMap<Element, Element>,
}

impl Elements {
    /// Makes room for so many elements more.
    pub fn reserve(&mut self, more: usize) {
        self.seen.reserve(more);
    }

    /// Enters an element. An owner is entered before what it owns.
    pub fn enter(&mut self, met: Met<'_>) -> Element {
        let Met { kind, span, id, name, owner } = met;
        let id = id.and_then(|id| self.texts.keep(id));
        let name = name.and_then(|name| self.texts.keep(name));
        self.seen.push(Seen { kind, span, id, name, owner, fate: None })
    }

    /// What was met.
    pub fn get(&self, element: Element) -> &Seen {
        &self.seen[element]
    }

    /// What was met, to be changed where the file says more later.
    pub fn get_mut(&mut self, element: Element) -> &mut Seen {
        &mut self.seen[element]
    }

    /// The id of an element in its file.
    pub fn id(&self, element: Element) -> Option<&str> {
        self.seen[element].id.map(|id| self.texts.get(id))
    }

    /// The id, if it belongs to the element: paths such as `//Order/@note.0` say where it stands, and change with its
    /// neighbours.
    pub fn lasting_id(&self, element: Element) -> Option<&str> {
        self.id(element).filter(|id| !id.starts_with('/') && !id.contains('@'))
    }

    /// The name of an element, as drawn.
    pub fn name(&self, element: Element) -> Option<&str> {
        self.seen[element].name.map(|name| self.texts.get(name))
    }

    /// Gives an element its id, where the file says it later.
    pub fn identify(&mut self, element: Element, id: &str) {
        self.seen[element].id = self.texts.keep(id);
    }

    /// Gives an element another name, or takes it away.
    pub fn rename(&mut self, element: Element, name: Option<&str>) {
        self.seen[element].name = name.and_then(|name| self.texts.keep(name));
    }

    /// Lets an element be known by another owner besides its own: an end that its association owns, by the class from which it
    /// leads away.
    pub fn know_also(&mut self, element: Element, owner: Element) {
        self.also.insert(element, owner);
    }

    /// The paths by which people name an element: its own, and that by the other owner.
    pub fn paths(&self, element: Element) -> impl Iterator<Item = String> {
        let name = self.name(element).map(str::trim).filter(|name| !name.is_empty());
        let other = self.also.get(&element).zip(name).map(|(owner, name)| format!("{}.{name}", self.path(*owner)));
        std::iter::once(self.path(element)).chain(other)
    }

    /// How many elements of a kind were met.
    pub fn count(&self, kind: ElementKind) -> usize {
        self.seen.iter().filter(|(_, seen)| seen.kind == kind).count()
    }

    /// All elements in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Element, &Seen)> {
        self.seen.iter()
    }

    /// The UML names from the outermost package down, joined by dots; models have no part in it.
    ///
    /// An element without a name stands there as its kind in angle brackets.
    pub fn path(&self, element: Element) -> String {
        let mut names = Vec::new();
        let mut next = Some(element);
        while let Some(at) = next {
            let seen = self.get(at);
            // Owners are entered first, so that this walk ends.
            next = seen.owner.filter(|owner| owner.index() < at.index());
            if seen.kind == ElementKind::Model && (next.is_none() || !names.is_empty()) {
                continue;
            }
            names.push(match self.name(at) {
                Some(name) if !name.trim().is_empty() => name.trim().to_owned(),
                _ => format!("<{}>", seen.kind.word()),
            });
        }
        if names.is_empty() {
            names.push(self.name(element).unwrap_or("<model>").to_owned());
        }
        names.reverse();
        names.join(".")
    }
}
