//! StarUML 5 keeps a project as XML: an object per element, `<XPD:OBJ type="UMLClass" guid="…">`, views among them.

use crate::account::{Element, ElementKind};
use crate::read::drafting::{Drafting, Met};
use crate::read::html;
use crate::read::xml::{NodeId, Tree};
use crate::source::{Name, Spanned};
use crate::uml::draft::{
    Draft, DraftAssociation, DraftClassifier, DraftComment, DraftConstraint, DraftDefault, DraftEnd, DraftLiteral,
    DraftOperation, DraftPackage, DraftParameter, DraftProperty, DraftRelation, Extra, Owner, Reference, RelationKind,
    RelationStart, Target,
};
use crate::uml::model::{
    AbsentMultiplicity, Aggregation, ClassifierKind, ConstraintRole, DefaultKind, PackageKind, Tag, Visibility,
};

/// What the walk is in.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// One past the last node in it.
    end: NodeId,
    element: Option<Element>,
    owner: Owner,
    /// The operation of the classifier that it is.
    operation: Option<usize>,
}

struct Reader<'t, 'r> {
    tree: &'t Tree<'t>,
    drafting: Drafting<'r>,
    scopes: Vec<Scope>,
    /// Of the association that is read: the ends with a diamond, no more than two.
    wholes: Vec<NodeId>,
    /// Association classes as the tool has them: an association and a class.
    association_classes: Vec<(Reference, Reference)>,
}

/// Reads a project.
pub(in crate::read) fn read(tree: &Tree<'_>, mut drafting: Drafting<'_>) -> Draft {
    drafting.metaclass_prefix = "";
    drafting.draft.tool = "StarUML 5";
    drafting.draft.absent_end_multiplicity = AbsentMultiplicity::Unknown;
    let mut reader = Reader { tree, drafting, scopes: Vec::new(), wholes: Vec::new(), association_classes: Vec::new() };
    reader.walk();
    reader.join_association_classes();
    reader.drafting.finish()
}

fn classifier_kind(ty: &str) -> Option<(ClassifierKind, ElementKind)> {
    Some(match ty {
        "UMLClass" => (ClassifierKind::Class, ElementKind::Class),
        "UMLInterface" => (ClassifierKind::Interface, ElementKind::Interface),
        "UMLDataType" => (ClassifierKind::DataType, ElementKind::DataType),
        "UMLPrimitive" | "UMLProgrammingLanguageDataType" => {
            (ClassifierKind::PrimitiveType, ElementKind::PrimitiveType)
        }
        "UMLEnumeration" => (ClassifierKind::Enumeration, ElementKind::Enumeration),
        "UMLActor" => (ClassifierKind::Actor, ElementKind::Actor),
        "UMLSignal" | "UMLException" => (ClassifierKind::Signal, ElementKind::Signal),
        "UMLComponent" => (ClassifierKind::Component, ElementKind::Component),
        "UMLNode" => (ClassifierKind::Node, ElementKind::Node),
        _ => return None,
    })
}

/// The kind of element that a type stands for.
fn word(ty: &str) -> ElementKind {
    match ty {
        "UMLModel" => ElementKind::Model,
        "UMLPackage" | "UMLSubsystem" => ElementKind::Package,
        "UMLAttribute" => ElementKind::Attribute,
        "UMLOperation" => ElementKind::Operation,
        "UMLParameter" => ElementKind::Parameter,
        "UMLAssociation" => ElementKind::Association,
        "UMLAssociationEnd" => ElementKind::End,
        "UMLConstraint" => ElementKind::Constraint,
        "UMLDependency" => ElementKind::Dependency,
        "UMLTemplateParameter" => ElementKind::Template,
        "UMLStereotype" => ElementKind::Stereotype,
        _ => classifier_kind(ty).map_or(ElementKind::Other, |(_, word)| word),
    }
}

/// Whether a type says how the model is shown.
fn is_shown(ty: &str) -> bool {
    ty.ends_with("View") || ty.ends_with("Diagram") || ty.ends_with("TaggedValue")
}

impl<'t> Reader<'t, '_> {
    fn walk(&mut self) {
        let mut node = 0;
        while node < self.tree.len() {
            while self.scopes.last().is_some_and(|scope| scope.end <= node) {
                self.scopes.pop();
            }
            node = self.visit(node);
        }
        self.scopes.clear();
    }

    fn scope(&self) -> Scope {
        let root = Scope { end: self.tree.len(), element: None, owner: Owner::Root, operation: None };
        self.scopes.last().copied().unwrap_or(root)
    }

    fn open(&mut self, node: NodeId, element: Element, owner: Owner) {
        self.scopes.push(Scope { end: self.tree.end(node), element: Some(element), owner, operation: None });
    }

    /// The type of an object; empty for anything else.
    fn ty(&self, node: NodeId) -> &'t str {
        if self.tree.local(node) == "OBJ" { self.plain(node, "type") } else { "" }
    }

    fn plain(&self, node: NodeId, name: &str) -> &'t str {
        self.tree.plain(node, name).map_or("", |written| written.value)
    }

    /// The child of the kind `tag` that is called `name`.
    fn child(&self, node: NodeId, tag: &str, name: &str) -> Option<NodeId> {
        self.tree.children(node).find(|&child| self.tree.local(child) == tag && self.plain(child, "name") == name)
    }

    /// A value that is not empty.
    fn value(&self, node: NodeId, name: &str) -> Option<Spanned<&'t str>> {
        self.tree.text(self.child(node, "ATTR", name)?)
    }

    fn flag(&self, node: NodeId, name: &str) -> Option<bool> {
        self.value(node, name).map(|value| value.value.eq_ignore_ascii_case("true"))
    }

    fn reference(&self, node: NodeId, name: &str) -> Option<Reference> {
        let guid = self.tree.text(self.child(node, "REF", name)?)?;
        Some(Reference::new(Target::Id(guid.value.into()), guid.span))
    }

    /// A type: an element of the model, or text.
    fn typed(&self, node: NodeId) -> Option<Reference> {
        self.reference(node, "Type_").or_else(|| self.reference(node, "Type")).or_else(|| {
            let text = self.value(node, "TypeExpression")?;
            let target = Target::Name(text.value.into());
            Some(Reference::new(target, text.span))
        })
    }

    fn enter(&mut self, node: NodeId, kind: ElementKind) -> Element {
        let tree = self.tree;
        let id = tree.plain(node, "guid").map(|guid| guid.value);
        let name = self.value(node, "Name").map(|name| name.value);
        self.drafting.enter(Met { kind, span: tree.span(node), id, name, owner: self.scope().element })
    }

    fn name(&mut self, node: NodeId) -> Option<Name> {
        let name = self.value(node, "Name")?;
        self.drafting.name(name)
    }

    fn documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let text = self.value(node, "Documentation")?.map(html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    fn extra(&self, node: NodeId) -> Extra {
        let stereotype = self.value(node, "StereotypeName");
        // A stereotype of a loaded profile is a reference to its name there.
        let stereotype = stereotype.map(|name| name.map(|name| name.rsplit("::").next().unwrap_or(name).to_owned()));
        let tags = self.tree.children(node).filter(|&child| self.ty(child).ends_with("TaggedValue"));
        let tags = tags.filter_map(|tag| {
            let name = self.value(tag, "Name")?;
            let value = self.value(tag, "DataValue").or_else(|| self.value(tag, "Value"));
            let value = value.unwrap_or(Spanned::new("", self.tree.tag_span(tag)));
            Some(Tag {
                name: name.map(str::to_owned),
                value: value.map(str::to_owned),
                stereotype: self.value(tag, "TagDefinitionSetName").map(|set| set.value.to_owned()),
            })
        });
        Extra { stereotypes: stereotype.into_iter().collect(), tags: tags.collect() }
    }

    /// Reads what `node` is and gives the node to go on with: its first child, or what follows it.
    fn visit(&mut self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let after = tree.end(node);
        let ty = self.ty(node);
        match ty {
            "" if matches!(tree.local(node), "ATTR" | "REF" | "HEADER") => return after,
            "" | "UMLProject" => return node + 1,
            // What its operation has read.
            "UMLParameter" => return after,
            _ if is_shown(ty) => return after,
            _ => {}
        }
        let scope = self.scope();
        match (ty, scope.owner) {
            ("UMLModel" | "UMLPackage" | "UMLSubsystem", Owner::Root | Owner::Package(_)) => self.package(node, ty),
            ("UMLAttribute", Owner::Classifier(_) | Owner::Property(_)) => self.attribute(node),
            ("UMLEnumerationLiteral", Owner::Classifier(classifier)) => self.literal(node, classifier),
            ("UMLOperation", Owner::Classifier(classifier)) => self.operation(node, classifier),
            ("UMLTemplateParameter", Owner::Classifier(classifier)) => {
                self.drafting.draft.classifiers[classifier].is_template |= scope.operation.is_none();
                self.pass(node, ty, scope.element);
                return after;
            }
            ("UMLAssociation", _) => self.association(node),
            ("UMLAssociationEnd", Owner::Association(association)) => self.end(node, association),
            ("UMLAssociationClass", _) => {
                let sides = (self.reference(node, "AssociationSide"), self.reference(node, "ClassSide"));
                self.pass(node, ty, scope.element);
                if let (Some(association), Some(class)) = sides {
                    self.association_classes.push((association, class));
                }
                return after;
            }
            ("UMLGeneralization", _) => {
                self.relation(node, RelationKind::Generalization, ElementKind::Generalization, ["Child", "Parent"]);
                return after;
            }
            ("UMLRealization", _) => {
                self.relation(node, RelationKind::Realization, ElementKind::Realization, ["Client", "Supplier"]);
                return after;
            }
            ("UMLDependency", _) => {
                self.relation(node, RelationKind::Dependency, ElementKind::Dependency, ["Client", "Supplier"]);
                return after;
            }
            ("UMLConstraint", _) => {
                self.constraint(node);
                return after;
            }
            ("UMLComment", _) => {
                self.comment(node);
                return after;
            }
            _ => match classifier_kind(ty) {
                Some((kind, word)) => self.classifier(node, kind, word),
                None => {
                    self.ignore(node, ty);
                    return after;
                }
            },
        }
        node + 1
    }

    /// Passes over an element with what stands in it; they are no part of the model, but they are counted as what they are.
    fn ignore(&mut self, node: NodeId, ty: &str) {
        let element = self.pass(node, ty, self.scope().element);
        for inner in node + 1..self.tree.end(node) {
            let ty = self.ty(inner);
            if !ty.is_empty() && !is_shown(ty) {
                self.pass(inner, ty, Some(element));
            }
        }
        self.drafting.ignore(ty.strip_prefix("UML").unwrap_or(ty), element);
    }

    fn pass(&mut self, node: NodeId, ty: &str, owner: Option<Element>) -> Element {
        let tree = self.tree;
        let id = tree.plain(node, "guid").map(|guid| guid.value);
        let name = self.value(node, "Name").map(|name| name.value);
        self.drafting.pass(Met { kind: word(ty), span: tree.span(node), id, name, owner })
    }

    fn package(&mut self, node: NodeId, ty: &str) {
        let (kind, word) = match ty {
            "UMLModel" => (PackageKind::Model, ElementKind::Model),
            _ => (PackageKind::Package, ElementKind::Package),
        };
        let element = self.enter(node, word);
        let name = self.name(node);
        let owner = match self.scope().owner {
            Owner::Package(owner) => Some(owner),
            _ => None,
        };
        let package = DraftPackage {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftPackage::new(element, kind, name, owner)
        };
        self.drafting.draft.packages.push(package);
        self.open(node, element, Owner::Package(self.drafting.draft.packages.len() - 1));
    }

    fn classifier(&mut self, node: NodeId, kind: ClassifierKind, word: ElementKind) {
        let element = self.enter(node, word);
        let name = self.name(node);
        let classifier = DraftClassifier {
            is_abstract: self.flag(node, "IsAbstract").unwrap_or(false),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftClassifier::new(element, kind, name, self.scope().owner, self.tree.tag_span(node))
        };
        self.drafting.draft.classifiers.push(classifier);
        self.open(node, element, Owner::Classifier(self.drafting.draft.classifiers.len() - 1));
    }

    fn literal(&mut self, node: NodeId, classifier: usize) {
        let element = self.enter(node, ElementKind::Literal);
        let name = self.name(node);
        let literal = DraftLiteral {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftLiteral::new(element, name, self.tree.tag_span(node))
        };
        self.drafting.draft.classifiers[classifier].literals.push(literal);
        self.open(node, element, Owner::Classifier(classifier));
    }

    fn operation(&mut self, node: NodeId, classifier: usize) {
        let element = self.enter(node, ElementKind::Operation);
        let name = self.name(node);
        let mut parameters = Vec::new();
        let tree = self.tree;
        for parameter in tree.children(node) {
            if self.ty(parameter) != "UMLParameter" {
                continue;
            }
            self.pass(parameter, "UMLParameter", Some(element));
            let direction = match self.value(parameter, "DirectionKind").map_or("", |kind| kind.value) {
                "pdkReturn" => "return",
                "pdkOut" => "out",
                "pdkInout" => "inout",
                _ => "in",
            };
            let name = self.value(parameter, "Name").and_then(|name| self.drafting.name(name));
            parameters.push(DraftParameter {
                name,
                direction: direction.to_owned(),
                is_many: false,
                ty: self.typed(parameter),
            });
        }
        let operation = DraftOperation {
            parameters,
            is_query: self.flag(node, "IsQuery").unwrap_or(false),
            is_static: self.is_static(node),
            is_abstract: self.flag(node, "IsAbstract").unwrap_or(false),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftOperation::new(element, name)
        };
        let operations = &mut self.drafting.draft.classifiers[classifier].operations;
        operations.push(operation);
        let index = operations.len() - 1;
        self.open(node, element, Owner::Classifier(classifier));
        if let Some(scope) = self.scopes.last_mut() {
            scope.operation = Some(index);
        }
    }

    fn is_static(&self, node: NodeId) -> bool {
        self.value(node, "OwnerScope").is_some_and(|scope| scope.value == "skClassifier")
    }

    /// What attributes, qualifiers and ends have in common; `None` if there are no values.
    fn property(&mut self, node: NodeId, kind: ElementKind) -> Option<(Element, DraftProperty)> {
        let element = self.enter(node, kind);
        let name = self.name(node);
        let multiplicity = match self.value(node, "Multiplicity") {
            Some(written) => self.drafting.range(element, written),
            None => Some(None),
        };
        // An end without values still leads somewhere.
        let multiplicity = if kind == ElementKind::End { multiplicity.flatten() } else { multiplicity? };
        let property = DraftProperty {
            multiplicity,
            is_ordered: self.value(node, "Ordering").is_some_and(|ordering| ordering.value == "okOrdered"),
            is_read_only: self.value(node, "Changeability").is_some_and(|kind| kind.value == "ckFrozen"),
            is_static: self.is_static(node),
            visibility: self.value(node, "Visibility").map_or(Visibility::Public, |word| Visibility::of(word.value)),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftProperty::new(element, name, self.scope().owner, self.tree.tag_span(node))
        };
        Some((element, property))
    }

    fn attribute(&mut self, node: NodeId) {
        let kind = match self.scope().owner {
            Owner::Property(_) => ElementKind::Qualifier,
            _ => ElementKind::Attribute,
        };
        let Some((element, property)) = self.property(node, kind) else { return };
        let default = self.value(node, "InitialValue").map(|text| DraftDefault {
            kind: DefaultKind::Literal,
            text: text.map(str::to_owned),
            instance: None,
        });
        let property = DraftProperty { ty: self.typed(node), default: default.map(Box::new), ..property };
        self.drafting.draft.properties.push(property);
        self.open(node, element, Owner::Property(self.drafting.draft.properties.len() - 1));
    }

    fn association(&mut self, node: NodeId) {
        let element = self.enter(node, ElementKind::Association);
        let name = self.name(node);
        let association = DraftAssociation {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftAssociation::new(element, name, self.scope().owner, self.tree.tag_span(node))
        };
        self.drafting.draft.associations.push(association);
        let ends = self.tree.children(node).filter(|&child| self.ty(child) == "UMLAssociationEnd");
        let is_whole = |end: &NodeId| {
            self.value(*end, "Aggregation").is_some_and(|kind| matches!(kind.value, "akComposite" | "akAggregate"))
        };
        self.wholes = ends.filter(is_whole).take(2).collect();
        self.open(node, element, Owner::Association(self.drafting.draft.associations.len() - 1));
    }

    fn end(&mut self, node: NodeId, association: usize) {
        let Some((element, property)) = self.property(node, ElementKind::End) else { return };
        // UML 2 puts the mark on the part, StarUML 5 on the whole: it stands at the end on the other side.
        let mark = self.wholes.iter().find(|&&whole| whole != node);
        let aggregation = match mark.and_then(|&whole| self.value(whole, "Aggregation")) {
            Some(mark) if mark.value == "akComposite" => Spanned::new(Aggregation::Composite, mark.span),
            Some(mark) if mark.value == "akAggregate" => Spanned::new(Aggregation::Shared, mark.span),
            _ => property.aggregation,
        };
        let property = DraftProperty {
            ty: self.reference(node, "Participant"),
            aggregation,
            navigable: Some(self.flag(node, "IsNavigable").unwrap_or(true)),
            ..property
        };
        let draft = &mut self.drafting.draft;
        draft.properties.push(property);
        let index = draft.properties.len() - 1;
        draft.associations[association].ends.push(DraftEnd::Owned(index));
        self.open(node, element, Owner::Property(index));
    }

    fn relation(&mut self, node: NodeId, kind: RelationKind, word: ElementKind, ends: [&str; 2]) {
        let element = self.enter(node, word);
        let [from, to] = ends.map(|end| self.reference(node, end));
        self.drafting.draft.relations.push(DraftRelation {
            element,
            kind,
            from: from.into_iter().map(RelationStart::Named).collect(),
            to: to.into_iter().collect(),
        });
    }

    fn constrained(&self, node: NodeId, name: &str) -> Vec<Reference> {
        let found = self.tree.children(node).filter(|&child| {
            self.tree.local(child) == "REF" && self.plain(child, "name").split('[').next() == Some(name)
        });
        let guids = found.filter_map(|child| self.tree.text(child));
        guids
            .map(|guid| {
                let target = Target::Id(guid.value.into());
                Reference::new(target, guid.span)
            })
            .collect()
    }

    fn constraint(&mut self, node: NodeId) {
        let element = self.enter(node, ElementKind::Constraint);
        let name = self.name(node);
        let body = self.value(node, "Body").map(|body| body.map(str::to_owned));
        self.drafting.draft.constraints.push(DraftConstraint {
            element,
            owner: self.scope().element,
            constrained: self.constrained(node, "ConstrainedElements"),
            name,
            language: None,
            role: ConstraintRole::default(),
            body: body.unwrap_or_else(|| Spanned::new(String::new(), self.tree.tag_span(node))),
        });
    }

    fn comment(&mut self, node: NodeId) {
        let element = self.enter(node, ElementKind::Comment);
        let Some(body) = self.value(node, "Body").or_else(|| self.value(node, "Name")) else { return };
        self.drafting.draft.comments.push(DraftComment {
            element,
            owner: self.scope().element.filter(|_| !matches!(self.scope().owner, Owner::Root | Owner::Package(_))),
            annotated: self.constrained(node, "AnnotatedElements"),
            body: body.map(html::plain),
        });
    }

    fn join_association_classes(&mut self) {
        let ids = &self.drafting.draft.ids;
        let element = |reference: &Reference| match &reference.target {
            Target::Id(id) => ids.get(id).copied(),
            _ => None,
        };
        let pairs = std::mem::take(&mut self.association_classes).into_iter();
        let pairs: Vec<(Element, Element)> =
            pairs.filter_map(|(association, class)| Some((element(&association)?, element(&class)?))).collect();
        self.drafting.join_association_classes(&pairs);
    }
}
