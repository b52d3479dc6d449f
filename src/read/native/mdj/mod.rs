//! StarUML's own format, `.mdj`: a JSON tree of model elements, with the diagrams and their views between them.
//!
//! Every element has an `_id` that stays. The metaclasses are those of UML 2 with `UML` before them, but a diamond stands on the
//! whole's end, and an association stands in the class at which it was begun to be drawn. An end without multiplicity was left empty.

mod elements;
mod features;
mod notes;

use std::collections::BTreeMap;

use crate::account::{Element, ElementKind};
use crate::diagnostic::Diagnostic;
use crate::read::drafting::{Drafting, Met};
use crate::read::json::{NodeId, Tree};
use crate::read::only;
use crate::read::xmi2::Kind;
use crate::source::{Name, Span, Spanned};
use crate::uml::draft::{Draft, DraftComment, Navigability, Owner, Reference, Target};
use crate::uml::model::{AbsentMultiplicity, ClassifierKind, PackageKind};

/// Names that the tool gives to a new project and its model.
const UNTITLED: &[&str] = &["Untitled", "Model", "Model1"];

/// What an element of the draft is, for what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Package(usize),
    Classifier(usize),
    Property(usize),
    Association(usize),
    Operation(usize, usize),
    Literal(usize, usize),
    /// A diagram or a project: it says nothing about what stands in it.
    Transparent,
    /// The definition of a stereotype.
    Stereotype,
    /// It is not read, but what is drawn in it may be.
    Ignored,
}

/// What the walk is in.
#[derive(Clone, Copy, Debug)]
struct Scope {
    node: NodeId,
    /// One past the last node in it.
    end: NodeId,
    element: Option<Element>,
    part: Part,
    /// The package around, with its element.
    package: Option<(usize, Element)>,
}

/// An association class, drawn as a line from a class to an association.
struct ClassLink<'t> {
    class: &'t str,
    association: &'t str,
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    scopes: Vec<Scope>,
    /// Names of stereotypes that the document defines, by id.
    stereotypes: BTreeMap<&'t str, Spanned<&'t str>>,
    /// Classifiers and associations by id.
    parts: BTreeMap<&'t str, Part>,
    links: Vec<ClassLink<'t>>,
}

/// Whether a document is a model of StarUML.
pub(in crate::read) fn is_model(tree: &Tree<'_>) -> bool {
    tree.len() > 0 && tree.string(0, "_type").is_some()
}

/// Reads a project. If there are no classes in it, the second value says so.
pub(in crate::read) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> (Draft, Option<Diagnostic>) {
    let draft = &mut drafting.draft;
    draft.tool = "StarUML";
    draft.absent_end_multiplicity = AbsentMultiplicity::Unknown;
    draft.navigability = Navigability::UnspecifiedWithoutArrow;
    drafting.metaclass_prefix = "";
    let mut reader = Reader {
        tree,
        drafting,
        scopes: Vec::new(),
        stereotypes: BTreeMap::new(),
        parts: BTreeMap::new(),
        links: Vec::new(),
    };
    for node in 0..tree.len() {
        if let Some(("UMLStereotype", name, id)) = reader.typed(node) {
            reader.stereotypes.extend(name.map(|name| (id, name)));
        }
    }
    let mut node = 0;
    while node < tree.len() {
        while reader.scopes.last().is_some_and(|scope| scope.end <= node) {
            reader.scopes.pop();
        }
        node = reader.visit(node);
    }
    reader.association_classes();
    reader.notes();
    reader.project();
    let is_empty = reader.drafting.draft.classifiers.is_empty();
    let empty = is_empty.then(|| only(&reader.drafting.draft, reader.drafting.ignored(), reader.tag(0)));
    (reader.drafting.finish(), empty)
}

impl<'t> Reader<'t, '_> {
    /// The type, the name and the id of an element.
    fn typed(&self, node: NodeId) -> Option<(&'t str, Option<Spanned<&'t str>>, &'t str)> {
        let tree = self.tree;
        let ty = tree.string(node, "_type")?.value;
        Some((ty, tree.string(node, "name"), tree.string(node, "_id").map_or("", |id| id.value)))
    }

    fn scope(&self) -> Scope {
        let root = Scope { node: 0, end: self.tree.len(), element: None, part: Part::Transparent, package: None };
        self.scopes.last().copied().unwrap_or(root)
    }

    /// Reads what `node` is and gives the node to go on with.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        if matches!(tree.key(node), "ownedViews" | "_parent" | "icon") {
            return tree.end(node);
        }
        if !tree.is_object(node) {
            return node + 1;
        }
        let Some(ty) = tree.string(node, "_type").map(|ty| ty.value) else { return tree.end(node) };
        if self.element(node, ty) { node + 1 } else { tree.end(node) }
    }

    /// Reads an element. Whether the walk goes into it.
    fn element(&mut self, node: NodeId, ty: &'t str) -> bool {
        let scope = self.scope();
        match (kind(ty), scope.part) {
            (Some(Kind::Package(kind)), _) => self.package(node, kind),
            (Some(Kind::Classifier(kind)), _) => self.classifier(node, kind),
            (Some(Kind::Association), _) => self.association(node),
            (Some(Kind::Property), part) => self.property(node, part),
            (Some(Kind::Literal), Part::Classifier(classifier)) => self.literal(node, classifier),
            (Some(Kind::Operation), Part::Classifier(classifier)) => self.operation(node, classifier),
            (Some(Kind::Parameter), Part::Operation(classifier, operation)) => {
                self.parameter(node, classifier, operation);
            }
            (Some(Kind::Relation(kind)), _) => self.relation(node, kind),
            (Some(Kind::Constraint), _) => self.constraint(node),
            (Some(Kind::Template), Part::Classifier(classifier)) => {
                self.drafting.draft.classifiers[classifier].is_template = true;
                self.skip(node);
            }
            (Some(Kind::Ignored), _) if ty == "UMLAssociationClassLink" => {
                let id = |side| tree_reference(self.tree, node, side).map(|reference| reference.value);
                if let (Some(class), Some(association)) = (id("classSide"), id("associationSide")) {
                    self.links.push(ClassLink { class, association });
                }
                self.skip(node);
            }
            (Some(Kind::Ignored), part) => {
                let element = self.skip(node);
                // What stands in something that was told needs no word of its own.
                if part != Part::Ignored {
                    self.drafting.ignore(ty, element);
                }
            }
            // The project is no element of UML.
            (None, _) if ty == "Project" => {}
            (None, _) => {
                let element = self.skip(node);
                self.open(node, element, Part::Transparent);
            }
            _ => {
                self.skip(node);
            }
        }
        true
    }

    /// Enters an element into the account.
    fn enter(&mut self, node: NodeId, kind: ElementKind, owner: Option<Element>) -> Element {
        let tree = self.tree;
        let id = tree.string(node, "_id").map(|id| id.value).filter(|id| !id.is_empty());
        let name = tree.string(node, "name").map(|name| name.value);
        self.drafting.enter(Met { kind, span: self.tag(node), id, name, owner })
    }

    /// Enters an element that is no part of the model, as what it is.
    fn skip(&mut self, node: NodeId) -> Element {
        let (tree, scope) = (self.tree, self.scope());
        let ty = tree.string(node, "_type").map_or("", |ty| ty.value);
        let word = match (ty, scope.part) {
            ("Tag", _) => ElementKind::Tag,
            ("UMLAssociationEnd", _) => ElementKind::End,
            ("UMLAttribute", Part::Stereotype) => ElementKind::TagDefinition,
            _ => kind(ty).map_or(ElementKind::Other, |kind| kind.word(ty.strip_prefix("UML").unwrap_or_default())),
        };
        let id = tree.string(node, "_id").map(|id| id.value).filter(|id| !id.is_empty());
        let name = tree.string(node, "name").map(|name| name.value);
        let met = Met { kind: word, span: self.tag(node), id, name, owner: scope.element };
        let element = self.drafting.pass(met);
        self.open(node, element, if ty == "UMLStereotype" { Part::Stereotype } else { Part::Ignored });
        element
    }

    fn open(&mut self, node: NodeId, element: Element, part: Part) {
        let package = match part {
            Part::Package(package) => Some((package, element)),
            _ => self.scope().package,
        };
        self.scopes.push(Scope { node, end: self.tree.end(node), element: Some(element), part, package });
    }

    /// Remembers what an id means, for what refers to it from elsewhere.
    fn remember(&mut self, node: NodeId, part: Part) {
        if let Some(id) = self.tree.string(node, "_id") {
            self.parts.entry(id.value).or_insert(part);
        }
    }

    /// Where an element is shown that has no name.
    fn tag(&self, node: NodeId) -> Span {
        self.tree.string(node, "_type").map_or_else(|| self.tree.span(node), |ty| ty.span)
    }

    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.tree.string(node, "name")?;
        self.drafting.name(name)
    }

    /// A reference that is the member `key`.
    fn reference(&self, node: NodeId, key: &str) -> Option<Reference> {
        let id = tree_reference(self.tree, node, key)?;
        Some(Reference::new(Target::Id(id.value.into()), id.span))
    }

    /// The package around as an owner.
    fn package_around(&self) -> Owner {
        self.scope().package.map_or(Owner::Root, |(package, _)| Owner::Package(package))
    }

    /// A project is called as itself, or as its only model. What is said about it is a note.
    fn project(&mut self) {
        let named = |name: &Name| !UNTITLED.contains(&name.value.as_str());
        let mut project = None;
        if let Some(("Project", _, _)) = self.typed(0) {
            project = self.name(0).filter(named);
            if let Some(body) = self.documentation(0) {
                let met = Met { kind: ElementKind::Comment, span: body.span, id: None, name: None, owner: None };
                let element = self.drafting.enter(met);
                let comment = DraftComment { element, owner: None, annotated: Vec::new(), body: *body };
                self.drafting.draft.comments.push(comment);
            }
        }
        let draft = &mut self.drafting.draft;
        let mut models = draft.packages.iter().filter(|package| package.owner.is_none());
        let model = match (models.next(), models.next()) {
            (Some(only), None) if only.kind == PackageKind::Model => only.name.clone().filter(named),
            _ => None,
        };
        draft.name = project.or(model);
    }
}

/// The id in `"key": {"$ref": "id"}`.
fn tree_reference<'t>(tree: &'t Tree<'_>, node: NodeId, key: &str) -> Option<Spanned<&'t str>> {
    tree.string(tree.member(node, key)?, "$ref").filter(|id| !id.value.is_empty())
}

/// What a type of StarUML is to us; `None` for what is no element of UML.
fn kind(ty: &str) -> Option<Kind> {
    if ty.ends_with("View") || ty.ends_with("Diagram") {
        return None;
    }
    Some(match ty {
        "Project" | "Tag" | "Hyperlink" | "ERDDataModel" => return None,
        "UMLSubsystem" => Kind::Classifier(ClassifierKind::Component),
        "UMLAttribute" | "UMLAssociationEnd" => Kind::Property,
        "UMLTemplateParameter" => Kind::Template,
        "UMLMetaClass"
        | "UMLObject"
        | "UMLNodeInstance"
        | "UMLComponentInstance"
        | "UMLArtifactInstance"
        | "UMLLink"
        | "UMLLinkEnd" => Kind::Silent,
        _ => ty.strip_prefix("UML").map_or(Kind::Ignored, Kind::of),
    })
}

#[cfg(test)]
mod tests;
