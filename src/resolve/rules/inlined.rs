//! Rules read what other texts define: derived attributes and queries with a body stand in them written out.

use std::ops::Range;

use super::members::Query;
use super::types::{Fault, Typed, Value, Wrong};
use super::typing::{Known, Own, Typing};
use crate::account::Element;
use crate::facts::{Definition, EmbeddedFact};
use crate::resolve::operations::is_input;
use crate::uml::model::Property;
use crate::uml::ocl::NodeId;
use crate::util::arena::Id;

/// A definition to look into, and what `self` is there.
struct Inner<'a, 'd> {
    element: Element,
    definition: &'d Definition,
    own: Own<'a>,
}

/// Definitions that one rule may look into, and how many inside of one another.
pub(super) const MOST: usize = 64;
const DEEPEST: usize = 8;

impl<'a> Typing<'a, '_, '_> {
    /// A derived attribute is what its definition says.
    pub(super) fn derived(
        &mut self,
        own: Own<'a>,
        property: Id<Property>,
        name: &str,
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        let Some(definition) = self.members.facts.definitions().derived.get(&property) else {
            return self.wrong(at, Fault::Unsupported, format!("reads `{name}`, which no field stores"));
        };
        let defined = Inner { element: self.members.cx.model.properties[property].element, definition, own };
        self.inner(defined, Vec::new(), name, at)
    }

    /// The same of a data type, where there is one.
    pub(super) fn derived_part(
        &mut self,
        whole: &'a EmbeddedFact,
        row: &Value,
        path: &[Id<Property>],
        name: &str,
        at: &Range<usize>,
    ) -> Option<Known<Typed<'a>>> {
        let property = self.members.derived_part(whole, path, name)?;
        let (_, column) = whole.parts.first()?;
        let table = self.members.facts.tables().columns[*column].table;
        let own = Own::new(table, Typed::Embedded(whole, row.clone(), path.to_vec()));
        Some(self.derived(own, property, name, at.clone()))
    }

    /// A query that the diagram gives a body is what that says.
    pub(super) fn query(
        &mut self,
        row: Value,
        query: Query<'_>,
        name: &str,
        args: &[NodeId],
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        let Query { operation, definition, table } = query;
        if self.members.is_redefined(operation, table) {
            return self.wrong(at, Fault::Unsupported, format!("calls `{name}`, which classes below define anew"));
        }
        let drawn = operation.parameters.iter().filter(|parameter| is_input(parameter));
        let mut given = Vec::new();
        for (parameter, &arg) in drawn.zip(args) {
            let name = parameter.name.as_ref().map(|name| name.value.trim().to_owned());
            given.push((name.unwrap_or_default(), self.typed(arg)?));
        }
        let own = Own::row(table, row);
        self.inner(Inner { element: operation.element, definition, own }, given, name, at)
    }

    /// What a definition says, with names for what is given to it.
    fn inner(
        &mut self,
        defined: Inner<'a, '_>,
        given: Vec<(String, Typed<'a>)>,
        name: &str,
        at: Range<usize>,
    ) -> Known<Typed<'a>> {
        let Inner { element, definition, own } = defined;
        if self.within.contains(&element) {
            return self.wrong(at, Fault::Type, format!("computes `{name}` from itself"));
        }
        if self.within.len() >= DEEPEST || self.left == 0 {
            return self.wrong(at, Fault::Unsupported, format!("reads `{name}`, behind too many definitions"));
        }
        let mut inner = Typing::new(self.members, &definition.rules.tree, own);
        inner.lets = given;
        inner.next = self.next;
        inner.left = self.left - 1;
        inner.within.clone_from(&self.within);
        inner.within.push(element);
        let typed = inner.typed(definition.root);
        (self.next, self.left) = (inner.next, inner.left);
        // What is wrong with the definition is said where it stands.
        typed.map_err(|_| Wrong {
            at,
            message: format!("reads `{name}`, whose definition is not translated"),
            help: None,
            fault: Fault::Unsupported,
        })
    }
}
