//! Dia keeps a drawing: `<dia:object type="UML - Class" id="O0">` with its features as `dia:attribute`, lines with what hangs
//! at their two handles, and every text between two `#`.
//!
//! An object belongs to the package that it is a child of, else to the smallest package that its centre is drawn in.
//! The ids are numbers that Dia gives anew whenever it saves: references use them, the account does not.

use std::collections::BTreeMap;

use thin_vec::ThinVec;

use crate::account::{Element, ElementKind};
use crate::read::drafting::{Drafting, Met};
use crate::read::html;
use crate::read::multiplicity::{self, Meaning};
use crate::read::xml::{NodeId, Tree};
use crate::source::{Span, Spanned};
use crate::uml::draft::{
    Draft, DraftAssociation, DraftClassifier, DraftComment, DraftConstraint, DraftDefault, DraftEnd, DraftLiteral,
    DraftOperation, DraftPackage, DraftParameter, DraftProperty, DraftRelation, Extra, Navigability, Owner, Reference,
    RelationKind, RelationStart, Target,
};
use crate::uml::model::{
    AbsentMultiplicity, Aggregation, ClassifierKind, ConstraintRole, DefaultKind, PackageKind, Visibility,
};

/// What the types of UML objects start with.
const UML: &str = "UML - ";
/// An object is looked for in so many packages; a drawing has no more.
const MANY: usize = 1 << 10;

/// Whether a drawing has objects of UML in it.
pub(in crate::read) fn is_model(tree: &Tree<'_>) -> bool {
    tree.root().is_some_and(|root| tree.local(root) == "diagram")
        && objects(tree).any(|object| tree.plain(object, "type").is_some_and(|ty| ty.value.starts_with(UML)))
}

/// Reads a drawing.
pub(in crate::read) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    drafting.metaclass_prefix = UML;
    drafting.draft.tool = "Dia";
    drafting.draft.absent_end_multiplicity = AbsentMultiplicity::Unknown;
    drafting.draft.navigability = Navigability::UnspecifiedWithoutArrow;
    let mut reader = Reader {
        tree,
        drafting,
        classes: BTreeMap::new(),
        packages: BTreeMap::new(),
        areas: Vec::new(),
        notes: BTreeMap::new(),
    };
    reader.name_classes();
    reader.packages();
    // What hangs at a line comes before it.
    for is_line in [false, true] {
        for object in objects(tree).filter(|&object| reader.is_line(object) == is_line).collect::<Vec<_>>() {
            reader.object(object);
        }
    }
    reader.drafting.finish()
}

fn objects<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = NodeId> + 't {
    (0..tree.len()).filter(|&node| tree.local(node) == "object")
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    /// The ids of classes by their names; none where two have the name. Types are always written as text.
    classes: BTreeMap<&'t str, Option<&'t str>>,
    /// The packages by their objects.
    packages: BTreeMap<NodeId, usize>,
    /// Where packages are drawn, larger ones first.
    areas: Vec<(Area, usize)>,
    /// The comments that notes became, by the ids of the notes.
    notes: BTreeMap<&'t str, usize>,
}

/// A rectangle of the drawing.
#[derive(Clone, Copy, Debug)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn size(self) -> f64 {
        (self.right - self.left) * (self.bottom - self.top)
    }

    fn has_centre_of(self, other: Self) -> bool {
        let (x, y) = (f64::midpoint(other.left, other.right), f64::midpoint(other.top, other.bottom));
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

/// One end of an association as it is drawn.
#[derive(Clone, Copy, Debug)]
struct DrawnEnd<'t> {
    role: Option<Spanned<&'t str>>,
    multiplicity: Option<Spanned<&'t str>>,
    has_arrow: bool,
    /// The diamond at this end, which is the end of the whole.
    diamond: Aggregation,
}

impl<'t> Reader<'t, '_> {
    /// The attribute `name` of an object or a composite: the values in it.
    fn values(&self, node: NodeId, name: &str) -> impl Iterator<Item = NodeId> + use<'t> {
        let tree = self.tree;
        let is_wanted = |&child: &NodeId| tree.plain(child, "name").is_some_and(|written| written.value == name);
        let attribute = tree.children_named(node, "attribute").find(is_wanted);
        attribute.into_iter().flat_map(|attribute| tree.children(attribute))
    }

    /// A text that is not empty.
    fn string(&self, node: NodeId, name: &str) -> Option<Spanned<&'t str>> {
        let text = self.tree.text(self.values(node, name).next()?)?;
        let bare = text.value.strip_prefix('#').unwrap_or(text.value);
        let bare = bare.strip_suffix('#').unwrap_or(bare).trim();
        Some(within(text, bare)).filter(|text| !text.value.is_empty())
    }

    /// The text of an object that is nothing but text.
    fn label(&self, node: NodeId) -> Option<Spanned<&'t str>> {
        self.string(self.values(node, "text").next()?, "string")
    }

    fn written(&self, node: NodeId, name: &str) -> &'t str {
        let value = self.values(node, name).next();
        value.and_then(|value| self.tree.plain(value, "val")).map_or("", |written| written.value)
    }

    fn flag(&self, node: NodeId, name: &str) -> bool {
        self.written(node, name) == "true"
    }

    /// What hangs at a line.
    fn connections(&self, line: NodeId) -> impl Iterator<Item = NodeId> + use<'t> {
        let tree = self.tree;
        tree.children_named(line, "connections").flat_map(|list| tree.children(list))
    }

    /// What hangs at a handle of a line.
    fn connected(&self, line: NodeId, handle: &str) -> Option<Reference> {
        let is_wanted = |&it: &NodeId| self.tree.plain(it, "handle").is_some_and(|written| written.value == handle);
        let to = self.tree.plain(self.connections(line).find(is_wanted)?, "to")?;
        Some(reference(Target::Id(to.value.into()), to.span))
    }

    fn is_line(&self, object: NodeId) -> bool {
        match self.kind(object) {
            Some(kind) => {
                matches!(kind, "Association" | "Generalization" | "Realizes" | "Dependency" | "Constraint")
            }
            None => true,
        }
    }

    /// The type that a text names: a class of the drawing, or one of a language.
    fn typed(&self, text: Spanned<&'t str>) -> Reference {
        let class = self.classes.get(text.value).copied().flatten();
        let target = class.map_or_else(|| Target::Name(text.value.into()), |id| Target::Id(id.into()));
        reference(target, text.span)
    }

    fn documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let text = self.string(node, "comment")?.map(html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    /// The stereotype without its guillemets.
    fn stereotype(&self, node: NodeId) -> Option<Spanned<&'t str>> {
        let text = self.string(node, "stereotype")?;
        let bare = text.value.trim_matches(['<', '>', '«', '»']).trim();
        Some(within(text, bare)).filter(|text| !text.value.is_empty())
    }

    fn extra(&self, node: NodeId) -> Extra {
        let stereotype = self.stereotype(node).map(|name| name.map(str::to_owned));
        Extra { stereotypes: stereotype.into_iter().collect(), tags: ThinVec::new() }
    }

    /// The kind of an object without what all of UML's have in front.
    fn kind(&self, object: NodeId) -> Option<&'t str> {
        self.tree.plain(object, "type")?.value.strip_prefix(UML)
    }

    fn name_classes(&mut self) {
        for object in objects(self.tree) {
            if self.kind(object) == Some("Class")
                && let (Some(name), Some(id)) = (self.string(object, "name"), self.tree.plain(object, "id"))
            {
                self.classes.entry(name.value).and_modify(|known| *known = None).or_insert(Some(id.value));
            }
        }
    }

    fn area(&self, object: NodeId) -> Option<Area> {
        let point = |text: &str| {
            let (x, y) = text.split_once(',')?;
            Some((x.trim().parse::<f64>().ok()?, y.trim().parse::<f64>().ok()?))
        };
        let length = |name: &str| self.written(object, name).parse::<f64>().ok();
        let (left, top) = point(self.written(object, "elem_corner"))?;
        let (right, bottom) = (left + length("elem_width")?, top + length("elem_height")?);
        let area = Area { left, top, right, bottom };
        Some(area).filter(|area| area.size().is_finite())
    }

    /// Reads the packages, outer ones first.
    fn packages(&mut self) {
        let packages = objects(self.tree).filter(|&it| matches!(self.kind(it), Some("LargePackage" | "SmallPackage")));
        let mut packages: Vec<(NodeId, Option<Area>)> = packages.map(|object| (object, self.area(object))).collect();
        let size = |area: Option<Area>| area.map_or(0.0, Area::size);
        packages.sort_by(|(_, a), (_, b)| size(*b).total_cmp(&size(*a)));
        for (object, area) in packages {
            let (owner, around) = self.around(object);
            let written = self.string(object, "name").or_else(|| self.label(object));
            let element = self.enter(object, ElementKind::Package, written, around);
            let name = written.and_then(|name| self.drafting.name(name));
            let owner = match owner {
                Owner::Package(owner) => Some(owner),
                _ => None,
            };
            let package = DraftPackage {
                extra: self.extra(object),
                ..DraftPackage::new(element, PackageKind::Package, name, owner)
            };
            self.drafting.draft.packages.push(package);
            let index = self.drafting.draft.packages.len() - 1;
            self.packages.insert(object, index);
            // The small ones are signs for packages; nothing is drawn in them.
            if let Some(area) = area.filter(|_| self.kind(object) == Some("LargePackage")) {
                self.areas.push((area, index));
            }
        }
    }

    /// The package that an object belongs to.
    fn around(&self, object: NodeId) -> (Owner, Option<Element>) {
        let mut parents = std::iter::successors(self.tree.parent(object), |&parent| self.tree.parent(parent));
        let parent = parents.find_map(|parent| self.packages.get(&parent).copied());
        let drawn = || {
            let area = self.area(object)?;
            let around = self.areas.iter().rev().take(MANY).find(|(package, _)| package.has_centre_of(area));
            around.map(|&(_, index)| index)
        };
        match parent.or_else(drawn) {
            Some(index) => (Owner::Package(index), Some(self.drafting.draft.packages[index].element)),
            None => (Owner::Root, None),
        }
    }

    /// Enters what an object or a composite of it is.
    fn enter(
        &mut self,
        node: NodeId,
        kind: ElementKind,
        name: Option<Spanned<&str>>,
        owner: Option<Element>,
    ) -> Element {
        let name = name.map(|name| name.value);
        let element = self.drafting.enter(Met { kind, span: self.tree.span(node), id: None, name, owner });
        self.identify(node, element);
        element
    }

    /// Lets references find an element.
    fn identify(&mut self, node: NodeId, element: Element) {
        if let Some(id) = self.tree.plain(node, "id").filter(|_| self.tree.local(node) == "object")
            && let Some(first) = self.drafting.draft.ids.insert(id.value, element)
        {
            self.drafting.draft.duplicates.push((element, first));
        }
    }

    fn object(&mut self, object: NodeId) {
        match self.kind(object) {
            None => self.line_of_note(object),
            Some("LargePackage" | "SmallPackage") => {}
            Some("Class") => self.class(object),
            Some("Association") => self.association(object),
            Some("Generalization") => {
                self.relation(object, RelationKind::Generalization, ElementKind::Generalization, ["1", "0"]);
            }
            Some("Realizes") => self.relation(object, RelationKind::Realization, ElementKind::Realization, ["1", "0"]),
            Some("Dependency") => self.relation(object, RelationKind::Dependency, ElementKind::Dependency, ["0", "1"]),
            Some("Constraint") => self.constraint(object),
            Some("Note") => self.note(object),
            Some(other) => {
                let name = self.string(object, "name").or_else(|| self.label(object)).map(|name| name.value);
                let (_, owner) = self.around(object);
                let met = Met { kind: ElementKind::Other, span: self.tree.span(object), id: None, name, owner };
                let element = self.drafting.pass(met);
                self.identify(object, element);
                self.drafting.ignore(other, element);
            }
        }
    }

    fn class(&mut self, object: NodeId) {
        let stereotype = self.stereotype(object).map(|name| name.value.to_lowercase());
        let (kind, word) = match stereotype.as_deref().unwrap_or_default() {
            "interface" => (ClassifierKind::Interface, ElementKind::Interface),
            "enumeration" | "enum" => (ClassifierKind::Enumeration, ElementKind::Enumeration),
            "datatype" | "primitive" | "primitivetype" => (ClassifierKind::DataType, ElementKind::DataType),
            _ => (ClassifierKind::Class, ElementKind::Class),
        };
        let (owner, around) = self.around(object);
        let written = self.string(object, "name");
        let element = self.enter(object, word, written, around);
        let name = written.and_then(|name| self.drafting.name(name));
        let classifier = DraftClassifier {
            is_abstract: self.flag(object, "abstract"),
            is_template: self.flag(object, "template"),
            documentation: self.documentation(object),
            // The others are told by the kind.
            extra: if kind == ClassifierKind::Class { self.extra(object) } else { Extra::default() },
            ..DraftClassifier::new(element, kind, name, owner, self.tree.tag_span(object))
        };
        self.drafting.draft.classifiers.push(classifier);
        let index = self.drafting.draft.classifiers.len() - 1;
        for attribute in self.values(object, "attributes") {
            if kind == ClassifierKind::Enumeration {
                self.literal(attribute, index, element);
            } else {
                self.attribute(attribute, index, element);
            }
        }
        for operation in self.values(object, "operations") {
            self.operation(operation, index, element);
        }
    }

    fn literal(&mut self, node: NodeId, classifier: usize, owner: Element) {
        let written = self.string(node, "name");
        let element = self.enter(node, ElementKind::Literal, written, Some(owner));
        let name = written.and_then(|name| self.drafting.name(name));
        let literal = DraftLiteral {
            value: self.string(node, "value").map(|value| value.map(str::to_owned)),
            documentation: self.documentation(node),
            ..DraftLiteral::new(element, name, self.tree.tag_span(node))
        };
        self.drafting.draft.classifiers[classifier].literals.push(literal);
    }

    fn attribute(&mut self, node: NodeId, classifier: usize, owner: Element) {
        let written = self.string(node, "name");
        let element = self.enter(node, ElementKind::Attribute, written, Some(owner));
        let name = written.and_then(|name| self.drafting.name(name));
        let (ty, bounds) = self.string(node, "type").map(bounded).unzip();
        let multiplicity = match bounds.flatten() {
            Some(bounds) => self.drafting.range(element, bounds),
            None => Some(None),
        };
        let Some(multiplicity) = multiplicity else { return };
        let default = self.string(node, "value").map(|text| DraftDefault {
            kind: DefaultKind::Literal,
            text: text.map(str::to_owned),
            instance: None,
        });
        self.drafting.draft.properties.push(DraftProperty {
            ty: ty.filter(|ty| !ty.value.is_empty()).map(|ty| self.typed(ty)),
            multiplicity,
            default: default.map(Box::new),
            is_static: self.flag(node, "class_scope"),
            visibility: match self.written(node, "visibility") {
                "1" => Visibility::Private,
                "2" => Visibility::Protected,
                "3" => Visibility::Package,
                _ => Visibility::Public,
            },
            documentation: self.documentation(node),
            ..DraftProperty::new(element, name, Owner::Classifier(classifier), self.tree.tag_span(node))
        });
    }

    fn operation(&mut self, node: NodeId, classifier: usize, owner: Element) {
        let written = self.string(node, "name");
        let element = self.enter(node, ElementKind::Operation, written, Some(owner));
        let name = written.and_then(|name| self.drafting.name(name));
        let mut parameters = Vec::new();
        for parameter in self.values(node, "parameters") {
            let written = self.string(parameter, "name");
            self.enter(parameter, ElementKind::Parameter, written, Some(element));
            let direction = match self.written(parameter, "kind") {
                "2" => "out",
                "3" => "inout",
                _ => "in",
            };
            parameters.push(DraftParameter {
                is_many: false,
                name: written.and_then(|name| self.drafting.name(name)),
                direction: direction.to_owned(),
                ty: self.string(parameter, "type").map(|ty| self.typed(ty)),
            });
        }
        if let Some(result) = self.string(node, "type") {
            parameters.push(DraftParameter {
                is_many: false,
                name: None,
                direction: "return".to_owned(),
                ty: Some(self.typed(result)),
            });
        }
        let operation = DraftOperation {
            parameters,
            is_query: self.flag(node, "query"),
            is_static: self.flag(node, "class_scope"),
            is_abstract: self.flag(node, "abstract") || self.written(node, "inheritance_type") == "0",
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftOperation::new(element, name)
        };
        self.drafting.draft.classifiers[classifier].operations.push(operation);
    }

    /// The ends of an association. Until version 1 each stood for itself; since then the direction says where the diamond is.
    fn ends(&self, node: NodeId) -> [DrawnEnd<'t>; 2] {
        let diamond = |number: &str| match number {
            "1" => Aggregation::Shared,
            "2" => Aggregation::Composite,
            _ => Aggregation::None,
        };
        let mut apart = self.values(node, "ends");
        if let (Some(a), Some(b)) = (apart.next(), apart.next()) {
            return [a, b].map(|end| DrawnEnd {
                role: self.string(end, "role"),
                multiplicity: self.string(end, "multiplicity"),
                has_arrow: self.flag(end, "arrow"),
                diamond: diamond(self.written(end, "aggregate")),
            });
        }
        // Dia's own misspelling.
        [("role_a", "multipicity_a", "show_arrow_a", "1"), ("role_b", "multipicity_b", "show_arrow_b", "2")].map(
            |(role, multiplicity, arrow, direction)| {
                let is_whole = self.written(node, "direction") == direction;
                DrawnEnd {
                    role: self.string(node, role),
                    multiplicity: self.string(node, multiplicity),
                    has_arrow: self.flag(node, arrow),
                    diamond: if is_whole { diamond(self.written(node, "assoc_type")) } else { Aggregation::None },
                }
            },
        )
    }

    fn association(&mut self, object: NodeId) {
        let (owner, around) = self.around_line(object);
        let written = self.string(object, "name");
        let element = self.enter(object, ElementKind::Association, written, around);
        let name = written.and_then(|name| self.drafting.name(name));
        let tag = self.tree.tag_span(object);
        let association = self.drafting.draft.associations.len();
        self.drafting.draft.associations.push(DraftAssociation::new(element, name, owner, tag));
        let ends = self.ends(object);
        for ((end, other), handle) in ends.into_iter().zip([ends[1], ends[0]]).zip(["0", "1"]) {
            let inner = self.enter_end(object, end, element);
            let multiplicity = end.multiplicity.and_then(|written| self.drafting.range(inner, written).flatten());
            let name = end.role.and_then(|name| self.drafting.name(name));
            let draft = DraftProperty {
                ty: self.connected(object, handle),
                multiplicity,
                // UML 2 puts the mark on the part, Dia on the whole.
                aggregation: Spanned::new(other.diamond, tag),
                navigable: Some(end.has_arrow),
                ..DraftProperty::new(inner, name, Owner::Association(association), tag)
            };
            self.drafting.draft.properties.push(draft);
            let index = self.drafting.draft.properties.len() - 1;
            self.drafting.draft.associations[association].ends.push(DraftEnd::Owned(index));
        }
    }

    /// Enters an end, which is no object of its own.
    fn enter_end(&mut self, object: NodeId, end: DrawnEnd<'_>, owner: Element) -> Element {
        let span = end.role.map_or(self.tree.span(object), |role| role.span);
        let name = end.role.map(|role| role.value);
        self.drafting.enter(Met { kind: ElementKind::End, span, id: None, name, owner: Some(owner) })
    }

    /// The package of a line: that of what hangs at its first handle.
    fn around_line(&self, object: NodeId) -> (Owner, Option<Element>) {
        let first = self.connected(object, "0").and_then(|first| match first.target {
            Target::Id(id) => self.drafting.draft.ids.get(&id).copied(),
            _ => None,
        });
        let package = first.and_then(|first| self.drafting.elements.get(first).owner);
        let packages = &self.drafting.draft.packages;
        let index = package.and_then(|package| packages.binary_search_by_key(&package, |known| known.element).ok());
        index.map_or((Owner::Root, None), |index| (Owner::Package(index), package))
    }

    fn relation(&mut self, object: NodeId, kind: RelationKind, word: ElementKind, [from, to]: [&str; 2]) {
        let element = self.enter(object, word, self.string(object, "name"), None);
        let (from, to) = (self.connected(object, from), self.connected(object, to));
        self.drafting.draft.relations.push(DraftRelation {
            element,
            kind,
            from: from.into_iter().map(RelationStart::Named).collect(),
            to: to.into_iter().collect(),
        });
    }

    fn constraint(&mut self, object: NodeId) {
        let element = self.enter(object, ElementKind::Constraint, None, None);
        let body = self.string(object, "constraint").map(|body| body.map(str::to_owned));
        let constrained = ["0", "1"].into_iter().filter_map(|handle| self.connected(object, handle));
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: None,
            constrained: constrained.collect(),
            name: None,
            language: None,
            role: ConstraintRole::default(),
            body: body.unwrap_or_else(|| Spanned::new(String::new(), self.tree.tag_span(object))),
        });
    }

    fn note(&mut self, object: NodeId) {
        let element = self.enter(object, ElementKind::Comment, None, None);
        let Some(body) = self.label(object) else { return };
        let annotated = Vec::new();
        let comments = &mut self.drafting.draft.comments;
        comments.push(DraftComment { element, owner: None, annotated, body: body.map(html::plain) });
        if let Some(id) = self.tree.plain(object, "id") {
            self.notes.insert(id.value, comments.len() - 1);
        }
    }

    /// A line of no kind of UML's: at a note, it says what the note is about.
    fn line_of_note(&mut self, line: NodeId) {
        let ends = self.connections(line).filter_map(|connection| self.tree.plain(connection, "to"));
        let (notes, others): (Vec<_>, Vec<_>) = ends.partition(|to| self.notes.contains_key(to.value));
        for index in notes.iter().filter_map(|note| self.notes.get(note.value)) {
            let about = others.iter().map(|to| reference(Target::Id(to.value.into()), to.span));
            self.drafting.draft.comments[*index].annotated.extend(about);
        }
    }
}

fn reference(target: Target, span: Span) -> Reference {
    Reference::new(target, span)
}

/// A part of a text with its own place.
fn within<'t>(whole: Spanned<&'t str>, part: &'t str) -> Spanned<&'t str> {
    // References make the written text longer than the value; then the whole text is shown.
    if whole.span.range().len() != whole.value.len() {
        return Spanned::new(part, whole.span);
    }
    let start = whole.span.range().start + (part.as_ptr() as usize - whole.value.as_ptr() as usize);
    Spanned::new(part, Span::new(whole.span.source, start..start + part.len()))
}

/// A type and the multiplicity that people write behind it, because Dia has no room of its own for it: `String [0..1]`.
fn bounded(text: Spanned<&str>) -> (Spanned<&str>, Option<Spanned<&str>>) {
    if let Some((ty, bounds)) = text.value.strip_suffix(']').and_then(|text| text.rsplit_once('['))
        && matches!(multiplicity::text(bounds), Some(Meaning::Plain(_) | Meaning::Unusual(..)))
    {
        return (within(text, ty.trim_end()), Some(within(text, bounds)));
    }
    (text, None)
}
