//! Properties, operations, literals, and what every element may have: documentation, stereotypes, tags.

use super::elements::aggregation;
use super::{Part, Reader, tree_reference};
use crate::account::ElementKind;
use crate::read::html;
use crate::read::json::NodeId;
use crate::read::multiplicity;
use crate::source::Spanned;
use crate::uml::draft::{
    DraftDefault, DraftLiteral, DraftOperation, DraftParameter, DraftProperty, Extra, Owner, Reference, Target,
};
use crate::uml::model::{DefaultKind, Tag, Visibility};

impl Reader<'_, '_> {
    /// An attribute, an end or a qualifier, by what it stands in.
    pub(super) fn property(&mut self, node: NodeId, part: Part) {
        let (kind, owner) = match part {
            Part::Classifier(classifier) => (ElementKind::Attribute, Owner::Classifier(classifier)),
            Part::Association(association) => (ElementKind::End, Owner::Association(association)),
            Part::Property(property) => (ElementKind::Qualifier, Owner::Property(property)),
            _ => {
                self.skip(node);
                return;
            }
        };
        let tree = self.tree;
        let element = self.enter(node, kind, self.scope().element);
        let name = self.name(node);
        let tag = self.tag(node);
        let multiplicity = match tree.string(node, "multiplicity") {
            Some(written) => self.drafting.range(element, written),
            None => Some(None),
        };
        let Some(multiplicity) = multiplicity else {
            self.open(node, element, Part::Ignored);
            return;
        };
        let mut property = DraftProperty {
            ty: self.reference(node, "reference").or_else(|| self.ty(node)),
            multiplicity,
            default: tree
                .written(node, "defaultValue")
                .filter(|text| !text.value.trim().is_empty())
                .map(|text| DraftDefault { kind: DefaultKind::Literal, text: text.map(str::to_owned), instance: None })
                .map(Box::new),
            navigable: self.navigable(node, part),
            is_id: tree.flag(node, "isID").unwrap_or(false),
            is_ordered: tree.flag(node, "isOrdered").unwrap_or(false),
            is_derived: tree.flag(node, "isDerived").unwrap_or(false),
            is_read_only: tree.flag(node, "isReadOnly").unwrap_or(false),
            is_static: tree.flag(node, "isStatic").unwrap_or(false),
            visibility: tree.string(node, "visibility").map_or(Visibility::Public, |word| Visibility::of(word.value)),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftProperty::new(element, name, owner, tag)
        };
        if let Some(written) = tree.string(node, "aggregation") {
            property.aggregation = written.map(aggregation);
        }
        let properties = &mut self.drafting.draft.properties;
        properties.push(property);
        let index = properties.len() - 1;
        if let Part::Association(association) = part {
            self.end(association, index);
        }
        self.open(node, element, Part::Property(index));
    }

    /// Whether there is an arrow at an end. A line without arrows was written as navigable at both ends for years, and says
    /// nothing; since then, words tell the arrows.
    fn navigable(&self, node: NodeId, part: Part) -> Option<bool> {
        let Part::Association(_) = part else { return None };
        let arrow = |end: NodeId| match self.tree.string(end, "navigable") {
            Some(word) => (word.value == "navigable", true),
            None => (self.tree.flag(end, "navigable").unwrap_or(true), false),
        };
        let other = if self.tree.key(node) == "end1" { "end2" } else { "end1" };
        let (is_navigable, in_words) = arrow(node);
        let (other_is, other_in_words) = arrow(self.tree.member(self.scope().node, other)?);
        Some(if in_words || other_in_words { is_navigable && in_words } else { is_navigable && !other_is })
    }

    /// A type: a reference, or text that somebody typed.
    fn ty(&self, node: NodeId) -> Option<Reference> {
        if let Some(text) = self.tree.string(node, "type").filter(|text| !text.value.trim().is_empty()) {
            let target = Target::Name(text.value.trim().into());
            return Some(Reference::new(target, text.span));
        }
        self.reference(node, "type")
    }

    pub(super) fn literal(&mut self, node: NodeId, classifier: usize) {
        let element = self.enter(node, ElementKind::Literal, self.scope().element);
        let name = self.name(node);
        let literal = DraftLiteral {
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftLiteral::new(element, name, self.tag(node))
        };
        let literals = &mut self.drafting.draft.classifiers[classifier].literals;
        literals.push(literal);
        let part = Part::Literal(classifier, literals.len() - 1);
        self.open(node, element, part);
    }

    pub(super) fn operation(&mut self, node: NodeId, classifier: usize) {
        let tree = self.tree;
        let element = self.enter(node, ElementKind::Operation, self.scope().element);
        let name = self.name(node);
        let operation = DraftOperation {
            is_query: tree.flag(node, "isQuery").unwrap_or(false),
            is_static: tree.flag(node, "isStatic").unwrap_or(false),
            is_abstract: tree.flag(node, "isAbstract").unwrap_or(false),
            documentation: self.documentation(node),
            extra: self.extra(node),
            ..DraftOperation::new(element, name)
        };
        let operations = &mut self.drafting.draft.classifiers[classifier].operations;
        operations.push(operation);
        let part = Part::Operation(classifier, operations.len() - 1);
        self.open(node, element, part);
    }

    pub(super) fn parameter(&mut self, node: NodeId, classifier: usize, operation: usize) {
        let element = self.enter(node, ElementKind::Parameter, self.scope().element);
        let parameter = DraftParameter {
            name: self.name(node),
            direction: self.tree.string(node, "direction").map_or("in", |direction| direction.value).to_owned(),
            is_many: self.tree.string(node, "multiplicity").is_some_and(|text| multiplicity::is_many(text.value)),
            ty: self.ty(node),
        };
        if let Some(operation) = self.drafting.draft.classifiers[classifier].operations.get_mut(operation) {
            operation.parameters.push(parameter);
        }
        self.open(node, element, Part::Ignored);
    }

    pub(super) fn documentation(&self, node: NodeId) -> Option<Box<Spanned<String>>> {
        let text = self.tree.string(node, "documentation")?.map(html::plain);
        (!text.value.is_empty()).then(|| Box::new(text))
    }

    /// The stereotype, by name or by reference, and the tags.
    pub(super) fn extra(&self, node: NodeId) -> Extra {
        let tree = self.tree;
        let by_reference = || {
            let id = tree_reference(tree, node, "stereotype")?;
            self.stereotypes.get(id.value).map(|name| Spanned::new(name.value, id.span))
        };
        let stereotype = tree.string(node, "stereotype").or_else(by_reference);
        let stereotypes = stereotype.filter(|name| !name.value.trim().is_empty()).map(|name| name.map(str::to_owned));
        let tags = tree.list(node, "tags").filter_map(|tag| {
            let name = tree.string(tag, "name")?;
            let feature = match tree.string(tag, "kind").map_or("string", |kind| kind.value) {
                "boolean" => "checked",
                "number" => "number",
                "reference" => return self.tag_reference(tag, name),
                _ => "value",
            };
            // What is false is not written by newer versions.
            let value = match tree.written(tag, feature) {
                Some(value) => value.map(|value| value.trim().to_owned()),
                None => Spanned::new(if feature == "checked" { "false" } else { "" }.to_owned(), name.span),
            };
            Some(Tag { name: name.map(str::to_owned), value, stereotype: None })
        });
        Extra { stereotypes: stereotypes.into_iter().collect(), tags: tags.collect() }
    }

    /// A tag whose value is an element: its name stands for it.
    fn tag_reference(&self, tag: NodeId, name: Spanned<&str>) -> Option<Tag> {
        let id = tree_reference(self.tree, tag, "reference")?;
        let named = self.stereotypes.get(id.value).map(|name| name.value).or_else(|| {
            let element = self.drafting.draft.ids.get(id.value)?;
            self.drafting.elements.name(*element)
        });
        let value = Spanned::new(named.unwrap_or(id.value).to_owned(), id.span);
        Some(Tag { name: name.map(str::to_owned), value, stereotype: None })
    }
}
