//! What every element of the drafts becomes in the model, and how references find it.

use std::collections::{BTreeMap, BTreeSet};

use super::built_in::{is_built_in, name_of};
use super::documents::Documents;
use crate::account::{Element, Seen};
use crate::settings::Settings;
use crate::uml::draft::{Draft, DraftClassifier, DraftProperty, Href, Owner, Reference, Target};
use crate::uml::model::{Classifier, Package, Property};
use crate::util::arena::{Id, Map};

/// What an element becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Package(Id<Package>),
    Classifier(Id<Classifier>),
    Property(Id<Property>),
    /// Counted over all drafts; not every association is usable.
    Association(usize),
    Literal(Id<Classifier>, usize),
    Operation(Id<Classifier>, usize),
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'d> {
    /// To an element that was read.
    Element(Element),
    /// To a type of which only the name is known.
    Named(&'d str),
    /// Nowhere.
    Missing(Cause<'d>),
}

/// Why a reference leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause<'d> {
    /// No element of a document has the id.
    Id(usize, &'d str),
    /// The document was not given.
    Document(&'d str),
}

/// What a place in another document is.
#[derive(Clone, Copy, Debug)]
enum Place<'d> {
    /// The document was read.
    Read(Found<'d>),
    /// It was not. The place tells the name of what is there, if that is a type.
    Outside { name: Option<&'d str>, is_built_in: bool },
}

/// Where the references of a property lead. All stages ask for them, so each is looked up once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leads<'d> {
    /// Its type.
    pub(super) ty: Option<Found<'d>>,
    /// The association whose end it says to be.
    pub(super) association: Option<Found<'d>>,
}

/// Ids that are the same in all files of a tool: packages that were exported one by one refer to each other by nothing else.
pub(super) struct Elsewhere<'d> {
    /// None where two documents have the id.
    ids: BTreeMap<&'d str, Option<(usize, Element)>>,
}

impl<'d> Elsewhere<'d> {
    pub(super) fn new(drafts: &'d [Draft]) -> Self {
        let mut ids: BTreeMap<&str, Option<(usize, Element)>> = BTreeMap::new();
        if drafts.len() > 1 {
            for (number, draft) in drafts.iter().enumerate() {
                for (id, element) in draft.ids.iter().filter(|(id, _)| is_unique_everywhere(id)) {
                    ids.entry(id).and_modify(|known| *known = None).or_insert(Some((number, element)));
                }
            }
        }
        Self { ids }
    }

    /// The draft and the element with the id `id`.
    pub(super) fn find(&self, id: &str) -> Option<(usize, Element)> {
        self.ids.get(id).copied().flatten()
    }
}

/// Whether an id has room for chance, unlike `xmi.12` or `Class_1`.
fn is_unique_everywhere(id: &str) -> bool {
    id.chars().filter(char::is_ascii_alphanumeric).count() >= 16 && id.contains(|c: char| c.is_ascii_digit())
}

/// All drafts with their elements.
pub(super) struct Index<'d> {
    pub(super) drafts: &'d [Draft],
    documents: Documents,
    elsewhere: Elsewhere<'d>,
    /// Ids of missing types that the settings name.
    settled: BTreeSet<String>,
    /// The places in other documents that each draft refers to, by their numbers.
    places: Vec<Vec<Place<'d>>>,
    known: Map<Seen, Known>,
    /// The associations of association classes.
    of_class: BTreeMap<Id<Classifier>, usize>,
    /// Where the parts of each draft start.
    offsets: Vec<Offsets>,
    /// Where those of one more would.
    all: Offsets,
    /// Of all properties.
    leads: Vec<Leads<'d>>,
    has_types_as_text: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offsets {
    pub(super) packages: usize,
    pub(super) classifiers: usize,
    pub(super) properties: usize,
    pub(super) associations: usize,
}

impl<'d> Index<'d> {
    pub(super) fn new(drafts: &'d [Draft], settings: &Settings) -> Self {
        let mut index = Self {
            drafts,
            documents: Documents::new(drafts, settings),
            elsewhere: Elsewhere::new(drafts),
            settled: settings.types.keys().cloned().collect(),
            places: Vec::new(),
            known: Map::new(),
            of_class: BTreeMap::new(),
            offsets: Vec::new(),
            all: Offsets::default(),
            leads: Vec::new(),
            has_types_as_text: false,
        };
        let places = drafts.iter().enumerate().map(|(from, draft)| {
            let places = draft.hrefs.iter().map(|href| index.place_of(from, href));
            places.collect()
        });
        index.places = places.collect();
        let mut at = Offsets::default();
        for draft in drafts {
            index.offsets.push(at);
            for (number, package) in draft.packages.iter().enumerate() {
                index.known.insert(package.element, Known::Package(Id::new(at.packages + number)));
            }
            for (number, association) in draft.associations.iter().enumerate() {
                index.known.insert(association.element, Known::Association(at.associations + number));
                if let Some(class) = association.class {
                    index.of_class.insert(Id::new(at.classifiers + class), at.associations + number);
                }
            }
            for (number, classifier) in draft.classifiers.iter().enumerate() {
                let id = Id::new(at.classifiers + number);
                index.known.insert(classifier.element, Known::Classifier(id));
                for (number, literal) in classifier.literals.iter().enumerate() {
                    index.known.insert(literal.element, Known::Literal(id, number));
                }
                for (number, operation) in classifier.operations.iter().enumerate() {
                    index.known.insert(operation.element, Known::Operation(id, number));
                }
            }
            for (number, property) in draft.properties.iter().enumerate() {
                index.known.insert(property.element, Known::Property(Id::new(at.properties + number)));
            }
            at.packages += draft.packages.len();
            at.classifiers += draft.classifiers.len();
            at.properties += draft.properties.len();
            at.associations += draft.associations.len();
        }
        let properties = drafts.iter().enumerate().flat_map(|(number, draft)| {
            let all = draft.properties.iter();
            all.map(move |property| (number, property))
        });
        let mut has_types_as_text = false;
        let leads = properties.map(|(draft, property)| {
            has_types_as_text |= matches!(property.ty, Some(Reference { target: Target::Name(_), .. }));
            Leads {
                ty: property.ty.as_ref().map(|ty| index.find(draft, ty)),
                association: property.association.as_ref().map(|association| index.find(draft, association)),
            }
        });
        let mut all = Vec::with_capacity(at.properties);
        all.extend(leads);
        index.leads = all;
        index.has_types_as_text = has_types_as_text;
        index.all = at;
        index
    }

    /// All properties.
    pub(super) fn properties(&self) -> impl Iterator<Item = Id<Property>> + use<> {
        (0..self.leads.len()).map(Id::new)
    }

    /// Whether some property has a name where references to types are usual.
    pub(super) fn has_types_as_text(&self) -> bool {
        self.has_types_as_text
    }

    /// Where the references of a property lead.
    pub(super) fn leads(&self, property: Id<Property>) -> Leads<'d> {
        self.leads[property.index()]
    }

    pub(super) fn offsets(&self, draft: usize) -> Offsets {
        self.offsets[draft]
    }

    /// How many parts all drafts have together.
    pub(super) fn all(&self) -> Offsets {
        self.all
    }

    /// What an element becomes.
    pub(super) fn known(&self, element: Element) -> Option<Known> {
        self.known.get(element).copied()
    }

    /// The draft of a classifier, and that of the document which it stands in.
    pub(super) fn drafted(&self, classifier: Id<Classifier>) -> Option<(usize, &'d DraftClassifier)> {
        let at = classifier.index();
        let number = self.offsets.partition_point(|offsets| offsets.classifiers <= at).checked_sub(1)?;
        let drafted = self.drafts[number].classifiers.get(at - self.offsets[number].classifiers)?;
        Some((number, drafted))
    }

    /// The association that something is: an association class is both.
    pub(super) fn association(&self, known: Known) -> Option<usize> {
        match known {
            Known::Association(association) => Some(association),
            Known::Classifier(class) => self.of_class.get(&class).copied(),
            _ => None,
        }
    }

    /// The package and the outer classifier of what stands in `owner`.
    pub(super) fn place(&self, draft: usize, owner: Owner) -> (Option<Id<Package>>, Option<Id<Classifier>>) {
        let at = self.offsets[draft];
        let mut owner = owner;
        let mut outer = None;
        loop {
            owner = match owner {
                Owner::Root => return (None, outer),
                Owner::Package(package) => return (Some(Id::new(at.packages + package)), outer),
                Owner::Classifier(classifier) => {
                    outer = outer.or(Some(Id::new(at.classifiers + classifier)));
                    self.drafts[draft].classifiers[classifier].owner
                }
                Owner::Property(property) => self.drafts[draft].properties[property].owner,
                Owner::Association(association) => self.drafts[draft].associations[association].owner,
            };
        }
    }

    /// Where `reference`, which stands in the draft `from`, leads.
    pub(super) fn find(&self, from: usize, reference: &'d Reference) -> Found<'d> {
        match &reference.target {
            Target::Id(id) => match self.drafts[from].ids.get(id) {
                Some(&element) => Found::Element(element),
                None => match self.elsewhere.find(id) {
                    Some((_, element)) => Found::Element(element),
                    None => self.settled(id).unwrap_or(Found::Missing(Cause::Id(from, id))),
                },
            },
            Target::Name(name) => Found::Named(name),
            Target::Href(href) => match (self.places[from][href.number()], &reference.readable) {
                (Place::Read(found), _) => found,
                (Place::Outside { .. }, Some(path)) => Found::Named(path.rsplit("::").next().unwrap_or(path)),
                (Place::Outside { name: Some(name), is_built_in }, None)
                    if is_built_in || reference.is_primitive_type =>
                {
                    Found::Named(name)
                }
                (Place::Outside { .. }, None) => Found::Missing(Cause::Document(href.document())),
            },
        }
    }

    /// Where the type of a property leads. An attribute can do with the name of a type that lies outside the model.
    pub(super) fn find_type(
        &self,
        from: usize,
        id: Id<Property>,
        property: &'d DraftProperty,
    ) -> Option<(&'d Reference, Found<'d>)> {
        let reference = property.ty.as_ref()?;
        let found = self.leads(id).ty?;
        Some(match (found, &reference.readable) {
            (Found::Missing(_), Some(name))
                if self.drafts[from].names_outside && !matches!(property.owner, Owner::Association(_)) =>
            {
                (reference, Found::Named(name))
            }
            (found, _) => (reference, found),
        })
    }

    /// Where a place in another document than `from` leads.
    fn place_of(&self, from: usize, href: &'d Href) -> Place<'d> {
        let Some(draft) = self.documents.find(&self.drafts[from].file, href.document()) else {
            return Place::Outside { name: name_of(href), is_built_in: is_built_in(href.document()) };
        };
        let id = href.fragment().split('?').next().unwrap_or_default();
        Place::Read(match self.drafts[draft].ids.get(id) {
            Some(&element) => Found::Element(element),
            None => self.settled(id).unwrap_or(Found::Missing(Cause::Id(draft, id))),
        })
    }

    /// A type that is missing but named by its id in the settings: `[types]` says what it is.
    fn settled(&self, id: &'d str) -> Option<Found<'d>> {
        self.settled.contains(id).then_some(Found::Named(id))
    }

    /// Whether a property has a type that was read and is no part of the model: a use case, an instance.
    pub(super) fn leads_out(&self, property: Id<Property>) -> bool {
        matches!(self.leads(property).ty, Some(Found::Element(element)) if self.known(element).is_none())
    }
}
