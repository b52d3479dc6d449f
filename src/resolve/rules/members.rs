//! What the names of a rule lead to: attributes, association ends, literals, classes.

use std::collections::BTreeMap;

use crate::facts::{Column, ColumnKind, Definition, EmbeddedFact, Facts, Named, Table, TableSubject, Way};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::resolve::Context;
use crate::resolve::operations::is_input;
use crate::uml::model::{Association, Classifier, Model, Operation, Property, Type};
use crate::util::arena::{Id, Map};
use crate::util::words;

/// What a name leads to, from a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Member<'a> {
    /// A value.
    Value(Id<Column>),
    /// The parts of a data type.
    Embedded(&'a EmbeddedFact),
    /// A relation.
    Way(Way),
    /// A derived attribute of the class of this table, which is defined.
    Derived(Id<Property>, Id<Table>),
    /// It is in the diagram, and nothing of ours stores it in one place.
    NotStored,
}

/// Names as they are asked for.
pub(super) struct Members<'a, 'b> {
    pub(super) cx: &'a Context<'b>,
    pub(super) facts: &'a Facts,
    /// The far ends of each class's associations.
    ends: Map<Classifier, Vec<Id<Property>>>,
    /// The fields that store each association; keys of links are not among them.
    stored: Map<Association, Vec<Id<Column>>>,
    /// The keys that lead to each table.
    arriving: Map<Table, Vec<Id<Column>>>,
    /// Classes by their names.
    named: BTreeMap<&'b str, Vec<Id<Classifier>>>,
}

fn push<K, V>(map: &mut Map<K, Vec<V>>, key: Id<K>, value: V) {
    match map.get_mut(key) {
        Some(list) => list.push(value),
        None => {
            map.insert(key, vec![value]);
        }
    }
}

impl<'a, 'b> Members<'a, 'b> {
    pub(super) fn new(cx: &'a Context<'b>, facts: &'a Facts) -> Self {
        let mut members =
            Self { cx, facts, ends: Map::new(), stored: Map::new(), arriving: Map::new(), named: BTreeMap::new() };
        let relations = facts.connections().binary.values().filter_map(|connection| connection.association);
        for association in relations {
            if let [a, b] = cx.model.associations[association].ends[..] {
                for (near, far) in [(a, b), (b, a)] {
                    if let Type::Classifier(class, _) = cx.model.properties[near].ty {
                        push(&mut members.ends, class, far);
                    }
                }
            }
        }
        for (id, column) in facts.tables().columns.iter() {
            let connection = match &column.kind {
                ColumnKind::Key(key) => {
                    push(&mut members.arriving, key.to, id);
                    key.connection.filter(|_| key.nature != KeyNature::Link)
                }
                ColumnKind::Many(many) => many.connection,
                ColumnKind::Value(_) => None,
            };
            if let Some(association) = connection.and_then(|id| facts.connections().binary[id].association) {
                push(&mut members.stored, association, id);
            }
        }
        let model: &'b Model = cx.model;
        for (id, classifier) in model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
            if let Some(name) = &classifier.name {
                members.named.entry(name.value.as_str()).or_default().push(id);
            }
        }
        members
    }

    /// What `name` means for the rows of a table.
    pub(super) fn member(&self, table: Id<Table>, name: &str) -> Option<Member<'a>> {
        let lineage = self.lineage(table);
        // As it is written, else in another spelling.
        let same = |known: &str| known == name;
        let alike = |known: &str| naming::snake(known) == naming::snake(name);
        self.drawn(&lineage, &same)
            .or_else(|| self.stored(&lineage, &same))
            .or_else(|| self.drawn(&lineage, &alike))
            .or_else(|| self.stored(&lineage, &alike))
    }

    /// All names that lead somewhere, for suggestions.
    pub(super) fn names(&self, table: Id<Table>) -> Vec<String> {
        let lineage = self.lineage(table);
        let classes: Vec<Id<Classifier>> = lineage.iter().filter_map(|&table| self.class(table)).collect();
        let attributes = classes.iter().flat_map(|&class| &self.cx.model.classifiers[class].attributes);
        let ends = self.ends(&classes);
        let properties = attributes.copied().chain(ends);
        properties.filter_map(|id| self.name_of(id)).collect()
    }

    /// The table and everything above it.
    fn lineage(&self, table: Id<Table>) -> Vec<Id<Table>> {
        std::iter::once(table).chain(self.facts.tables().ancestors(table)).collect()
    }

    pub(super) fn class(&self, table: Id<Table>) -> Option<Id<Classifier>> {
        match self.facts.tables().tables[table].subject {
            TableSubject::Class(class) => Some(class),
            _ => None,
        }
    }

    /// The name of a property; that of an end without one is its class's (OCL 2.4, 7.5.3).
    pub(super) fn name_of(&self, id: Id<Property>) -> Option<String> {
        let property = &self.cx.model.properties[id];
        if let Some(name) = property.name.as_ref().filter(|name| !name.value.trim().is_empty()) {
            return Some(name.value.trim().to_owned());
        }
        let Type::Classifier(class, _) = property.ty else { return None };
        let name = self.cx.model.classifier_name(class);
        let mut chars = name.chars();
        property.association?;
        chars.next().map(|first| first.to_lowercase().chain(chars).collect())
    }

    /// The far ends of the associations of some classes.
    fn ends<'s>(&'s self, classes: &'s [Id<Classifier>]) -> impl Iterator<Item = Id<Property>> + 's {
        classes.iter().flat_map(|&class| self.ends.get(class).into_iter().flatten().copied())
    }

    /// By the name in the diagram.
    fn drawn(&self, lineage: &[Id<Table>], is_meant: &dyn Fn(&str) -> bool) -> Option<Member<'a>> {
        let classes: Vec<Id<Classifier>> = lineage.iter().filter_map(|&table| self.class(table)).collect();
        let attributes = classes.iter().flat_map(|&class| self.cx.model.classifiers[class].attributes.iter().copied());
        let is_named = |id: &Id<Property>| self.name_of(*id).is_some_and(|name| is_meant(&name));
        let property = attributes.chain(self.ends(&classes)).find(is_named)?;
        Some(self.of_property(lineage, property).unwrap_or(Member::NotStored))
    }

    fn of_property(&self, lineage: &[Id<Table>], id: Id<Property>) -> Option<Member<'a>> {
        let tables = self.facts.tables();
        let element = self.cx.model.properties[id].element;
        if self.facts.definitions().derived.contains_key(&id) {
            let of = |table: &Id<Table>| self.class(*table).map(|class| &self.cx.model.classifiers[class]);
            let has = |table: &&Id<Table>| of(table).is_some_and(|class| class.attributes.contains(&id));
            return lineage.iter().find(has).map(|&table| Member::Derived(id, table));
        }
        if let Some(whole) = lineage.iter().flat_map(|&at| &tables.tables[at].embedded).find(|it| it.property == id) {
            return Some(Member::Embedded(whole));
        }
        let own = lineage.iter().flat_map(|&at| &tables.tables[at].columns).copied();
        let mut forward = own.filter(|&column| tables.columns[column].element == element && !self.is_link(column));
        if let Some(column) = forward.next() {
            // Several keys stand for one end.
            return if forward.next().is_some() { None } else { Some(self.of_column(column)) };
        }
        let association = self.cx.model.properties[id].association?;
        let [column] = self.stored.get(association)?[..] else { return None };
        let leads_here = self.target(Way::Forward(column)).is_some_and(|target| lineage.contains(&target));
        leads_here.then_some(Member::Way(Way::Back(column)))
    }

    /// The key of a link is no way to the other side.
    fn is_link(&self, column: Id<Column>) -> bool {
        self.facts.tables().key(column).is_some_and(|key| key.nature == KeyNature::Link)
    }

    fn of_column(&self, column: Id<Column>) -> Member<'a> {
        match self.facts.tables().columns[column].kind {
            ColumnKind::Value(_) => Member::Value(column),
            ColumnKind::Key(_) | ColumnKind::Many(_) => Member::Way(Way::Forward(column)),
        }
    }

    /// The key of a link that an end of its association is stored in.
    fn link_end(&self, table: Id<Table>, is_meant: &dyn Fn(&str) -> bool) -> Option<Id<Column>> {
        let tables = self.facts.tables();
        let association = match tables.tables[table].subject {
            TableSubject::Class(class) => self.cx.model.classifiers[class].association?,
            TableSubject::Links(connection) => self.facts.connections().binary[connection].association?,
            TableSubject::Nary(association) => association,
            TableSubject::Values(..) | TableSubject::Upkeep(_) | TableSubject::Lookup(_) => return None,
        };
        let ends = self.cx.model.associations[association].ends.iter().copied();
        let end = ends.into_iter().find(|&end| self.name_of(end).is_some_and(|name| is_meant(&name)))?;
        let element = self.cx.model.properties[end].element;
        let is_its = |id: &Id<Column>| tables.columns[*id].element == element && tables.key(*id).is_some();
        tables.tables[table].columns.iter().copied().find(is_its)
    }

    /// By the name of an end of the link that a row is, of a field or of a way back: links have no names in the diagram.
    fn stored(&self, lineage: &[Id<Table>], is_meant: &dyn Fn(&str) -> bool) -> Option<Member<'a>> {
        let tables = self.facts.tables();
        if let Some(key) = lineage.iter().find_map(|&table| self.link_end(table, is_meant)) {
            return Some(Member::Way(Way::Forward(key)));
        }
        let mut own = lineage.iter().flat_map(|&at| &tables.tables[at].columns).copied();
        if let Some(column) = own.find(|&column| is_meant(&tables.columns[column].wish.text)) {
            return Some(self.of_column(column));
        }
        let arriving = lineage.iter().flat_map(|&at| self.arriving.get(at).into_iter().flatten().copied());
        let mut back = arriving.filter(|&id| {
            let column = &tables.columns[id];
            let ColumnKind::Key(key) = &column.kind else { return false };
            let class = self.class(column.table).map_or("", |class| self.cx.model.classifier_name(class));
            (key.nature == KeyNature::Link && is_meant(&words::snake(class)))
                || key.reverse.as_ref().is_some_and(|wish| is_meant(&wish.text))
        });
        back.next().map(|column| Member::Way(Way::Back(column)))
    }

    /// The query of this name with so many arguments which the diagram gives a body.
    pub(super) fn query(&self, table: Id<Table>, name: &str, args: usize) -> Option<Query<'a>> {
        let bodies = &self.facts.definitions().bodies;
        self.lineage(table).into_iter().find_map(|table| {
            let operation = self.operations(table).find(|it| is_called(it, name, args))?;
            Some(Query { operation, definition: bodies.get(&operation.element)?, table })
        })
    }

    fn operations(&self, table: Id<Table>) -> impl Iterator<Item = &'a Operation> + use<'a> {
        let class = self.class(table).map(|class| &self.cx.model.classifiers[class]);
        class.into_iter().flat_map(|class| &class.operations)
    }

    /// Whether a class below has an operation of the same name: which of them is meant is known when it is called.
    pub(super) fn is_redefined(&self, operation: &Operation, table: Id<Table>) -> bool {
        let Some(name) = &operation.name else { return false };
        let args = operation.parameters.iter().filter(|parameter| is_input(parameter)).count();
        let tables = self.facts.tables();
        let below = tables.tables.ids().filter(|&id| tables.ancestors(id).contains(&table));
        below.flat_map(|id| self.operations(id)).any(|it| is_called(it, name.value.trim(), args))
    }

    /// The table that a relation leads to.
    pub(super) fn target(&self, way: Way) -> Option<Id<Table>> {
        let column = &self.facts.tables().columns[way.column()];
        match (way, &column.kind) {
            (Way::Back(_), _) => Some(column.table),
            (Way::Forward(_), ColumnKind::Key(key)) => Some(key.to),
            (Way::Forward(_), ColumnKind::Many(many)) => Some(many.to),
            (Way::Forward(_), ColumnKind::Value(_)) => None,
        }
    }

    /// Whether a relation leads to many rows, and whether it may lead to none.
    pub(super) fn count(&self, way: Way) -> (bool, bool) {
        match (way, &self.facts.tables().columns[way.column()].kind) {
            (Way::Forward(_), ColumnKind::Key(key)) => (false, key.null),
            (Way::Back(_), ColumnKind::Key(key)) => (!key.one_to_one, true),
            _ => (true, true),
        }
    }

    /// The column of a part of an embedded value.
    pub(super) fn part(&self, whole: &EmbeddedFact, path: &[Id<Property>], name: &str) -> Option<Part> {
        let deeper = |parts: &(Vec<Id<Property>>, Id<Column>)| {
            let next = parts.0.get(path.len())?;
            let fits = parts.0.starts_with(path) && self.name_of(*next).is_some_and(|known| known == name);
            fits.then_some((*next, parts.0.len() == path.len() + 1, parts.1))
        };
        let (next, is_last, column) = whole.parts.iter().find_map(deeper)?;
        Some(if is_last { Part::Value(column) } else { Part::Deeper(next) })
    }

    /// The derived attribute of a data type which has a definition.
    pub(super) fn derived_part(&self, whole: &EmbeddedFact, path: &[Id<Property>], name: &str) -> Option<Id<Property>> {
        let class = match path.last() {
            None => whole.class,
            Some(&deeper) => match self.cx.model.properties[deeper].ty {
                Type::Classifier(class, _) => class,
                _ => return None,
            },
        };
        let defined = &self.facts.definitions().derived;
        let mut attributes = self.cx.model.classifiers[class].attributes.iter().copied();
        attributes.find(|id| defined.contains_key(id) && self.name_of(*id).is_some_and(|known| known == name))
    }

    /// The class with this name: in the same package first, then anywhere.
    pub(super) fn class_named(&self, path: &[String], near: Id<Table>) -> Option<Id<Classifier>> {
        let all = self.named.get(path.last()?.as_str())?;
        let model = self.cx.model;
        let package = self.class(near).and_then(|class| model.classifiers[class].package);
        let nearby = all.iter().copied().find(|&id| model.classifiers[id].package == package);
        nearby.or_else(|| all.first().copied())
    }

    /// The place of a literal.
    pub(super) fn literal(&self, enumeration: Id<Classifier>, name: &str) -> Option<usize> {
        let literals = &self.facts.enumeration(enumeration)?.literals;
        let exact = literals.iter().position(|literal| literal.name == name);
        exact.or_else(|| literals.iter().position(|literal| naming::snake(&literal.name) == naming::snake(name)))
    }
}

/// A query that the diagram gives a body.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    pub(super) operation: &'a Operation,
    pub(super) definition: &'a Definition,
    /// The table of its class.
    pub(super) table: Id<Table>,
}

/// Whether an operation has this name and takes so many arguments.
fn is_called(operation: &Operation, name: &str, args: usize) -> bool {
    operation.name.as_ref().is_some_and(|known| known.value.trim() == name)
        && operation.parameters.iter().filter(|parameter| is_input(parameter)).count() == args
}

/// A part of an embedded value.
pub(super) enum Part {
    Value(Id<Column>),
    Deeper(Id<Property>),
}

/// How a relation is named in a rule.
pub(super) fn named(way: Way) -> Named {
    match way {
        Way::Forward(column) => Named::Column(column),
        Way::Back(column) => Named::Back(column),
    }
}
