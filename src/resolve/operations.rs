//! Pass 8b: operations, and derived attributes: their names, after all other names are known, and stubs for what nothing computes.

mod types;

use std::collections::BTreeSet;

use super::Context;
use super::names::USER;
use super::rules::is_derived;

pub(in crate::resolve) use types::{Signature, TypeNames, is_input};

use crate::decision::{Because, Reason};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::behavior::{Behavior, StubKind};
use crate::facts::{
    AttributeKind, BehaviorFact, ColumnKind, ComputedFact, Facts, Operations, Role, StubFact, StubSubject, Table,
    TableSubject, Tables, TypeFact, TypeOf, reason,
};
use crate::policy::naming;
use crate::policy::operations::{self as policy, Clash, Drawn, Home};
use crate::source::Span;
use crate::uml::model::{Classifier, Operation, Property, PropertyOwner, Type};
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Operations {
    let tables = facts.tables();
    let fields = fields(facts);
    let spaces = spaces(facts, fields.clone());
    let types = TypeNames::new(cx, facts);
    let unions = cx.model.properties.values().flat_map(|property| property.subsets.iter().copied()).collect();
    let ends = derived_ends(cx);
    let mut pass = Pass { cx, facts, report, fields, spaces, types, unions, ends, left_out: Vec::new() };
    let mut found = Operations::default();
    let children = tables.children();
    for (id, table) in tables.tables.iter() {
        let TableSubject::Class(class) = table.subject else { continue };
        let (stubs, computed) = pass.stubs(id, class, &children);
        if !computed.is_empty() {
            found.computed.insert(id, computed);
        }
        if !stubs.is_empty() {
            found.behaviors.insert(id, BehaviorFact { stubs });
        }
    }
    for class in cx.model.classifiers.ids() {
        if tables.of_class.get(class).is_none() && facts.roles().is_class(class) {
            for property in pass.derived(class) {
                // Of an association it is told where it stands.
                if cx.model.properties[property].association.is_none() {
                    pass.told(&cx.model.properties[property], "nothing is stored");
                }
            }
        }
    }
    found.left_out = pass.left_out;
    found
}

/// The ends that derived associations own, by the class from which they lead away: those with a role to which one can navigate.
fn derived_ends(cx: &Context<'_>) -> Map<Classifier, Vec<Id<Property>>> {
    let mut found: Map<Classifier, Vec<Id<Property>>> = Map::new();
    for (id, association) in cx.model.associations.iter().filter(|(id, _)| super::ends::is_derived(cx, *id)) {
        let &[first, second] = association.ends.as_slice() else { continue };
        for (far, near) in [(first, second), (second, first)] {
            let end = &cx.model.properties[far];
            let is_own = matches!(end.owner, PropertyOwner::Association(owner) if owner == id);
            let is_named = end.name.as_ref().is_some_and(|name| !name.value.trim().is_empty());
            let Type::Classifier(class, _) = cx.model.properties[near].ty else { continue };
            if is_own && is_named && end.navigable != Some(false) {
                match found.get_mut(class) {
                    Some(ends) => ends.push(far),
                    None => {
                        found.insert(class, vec![far]);
                    }
                }
            }
        }
    }
    found
}

/// What every model is called by besides its operations, by table.
type Space = BTreeSet<String>;

/// Fields and ways back, by table.
fn fields(facts: &Facts) -> Vec<Space> {
    let (tables, names) = (facts.tables(), facts.names());
    let mut spaces = vec![Space::new(); tables.tables.len()];
    for (id, column) in tables.columns.iter() {
        let is_key = matches!(column.kind, ColumnKind::Key(_));
        if let Some((name, _)) = names.columns.get(id) {
            spaces[column.table.index()].insert(name.clone());
            spaces[column.table.index()].extend(is_key.then(|| format!("{name}_id")));
        }
        let to = match &column.kind {
            ColumnKind::Key(key) => key.to,
            ColumnKind::Many(many) => many.to,
            ColumnKind::Value(_) => continue,
        };
        spaces[to.index()].extend(names.reverse.get(id).map(|(name, _)| name.clone()));
    }
    spaces
}

/// These, and what else models have, by table.
fn spaces(facts: &Facts, mut spaces: Vec<Space>) -> Vec<Space> {
    let (tables, names) = (facts.tables(), facts.names());
    for (id, table) in tables.tables.iter() {
        let space = &mut spaces[id.index()];
        space.extend(names.methods.get(id).into_iter().flatten().cloned());
        space.extend(names.embedded.get(id).into_iter().flatten().map(|(_, name)| name.clone()));
        if table.is_user {
            space.extend(USER.iter().map(|&name| name.to_owned()));
        }
        let class = |table: Id<Table>| names.tables.get(table).map_or("", |names| names.class.as_str()).to_lowercase();
        for &base in table.bases.iter().filter(|base| !table.is_abstract && !tables.tables[**base].is_abstract) {
            spaces[id.index()].insert(format!("{}_ptr", class(base)));
            spaces[base.index()].insert(class(id));
        }
    }
    spaces
}

/// The stubs of one table so far.
struct Writing<'t> {
    class: Id<Classifier>,
    /// The name of its model.
    name: &'t str,
    is_user: bool,
    /// Models above and below, itself among them.
    relatives: Vec<Id<Table>>,
    /// The attributes and ends of the class and of those above, in `snake_case`.
    attributes: BTreeSet<String>,
    stubs: Vec<StubFact>,
    computed: Vec<ComputedFact>,
}

struct Pass<'a, 'b> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    report: &'b mut Report,
    /// Fields and ways back.
    fields: Vec<Space>,
    /// These, and all else.
    spaces: Vec<Space>,
    types: TypeNames<'a>,
    /// Ends with subsets: what is derived from these is no business of the user.
    unions: BTreeSet<Id<Property>>,
    /// Ends that derived associations own.
    ends: Map<Classifier, Vec<Id<Property>>>,
    left_out: Vec<(crate::account::Element, Reason)>,
}

impl<'a> Pass<'a, '_> {
    fn tables(&self) -> &'a Tables {
        self.facts.tables()
    }

    /// The derived attributes and ends of a class that have no column.
    fn derived(&self, class: Id<Classifier>) -> Vec<Id<Property>> {
        let (cx, tags, types) = (self.cx, self.facts.tags(), self.facts.types().of(class));
        let is_built = |id: Id<Property>| {
            let attribute = types.iter().find(|attribute| attribute.property == id);
            attribute.is_some_and(|attribute| !matches!(attribute.kind, AttributeKind::Nothing))
        };
        let is_meant = |id: &Id<Property>| {
            let property = &cx.model.properties[*id];
            let association = property.association.map(|association| cx.model.associations[association].element);
            let is_skipped =
                std::iter::once(property.element).chain(association).any(|it| tags.has(it, "skip").is_some());
            let is_union = association.is_some() && self.unions.contains(id);
            is_derived(cx, tags, property) && !is_skipped && !is_union && !is_built(*id)
        };
        let own = cx.model.classifiers[class].attributes.iter();
        own.chain(self.ends.get(class).into_iter().flatten()).copied().filter(is_meant).collect()
    }

    fn stubs(
        &mut self,
        table: Id<Table>,
        class: Id<Classifier>,
        children: &[Vec<Id<Table>>],
    ) -> (Vec<StubFact>, Vec<ComputedFact>) {
        let (cx, facts) = (self.cx, self.facts);
        let interfaces = self.interfaces(class);
        let has_operations = |class: Id<Classifier>| !cx.model.classifiers[class].operations.is_empty();
        let derived = self.derived(class);
        if !has_operations(class) && derived.is_empty() && !interfaces.iter().any(|&it| has_operations(it)) {
            return (Vec::new(), Vec::new());
        }
        let tables = self.tables();
        let above = tables.ancestors(table);
        let mut relatives = vec![table];
        relatives.extend(tables.descendants(children, table));
        relatives.extend(&above);
        let is_user = relatives.iter().any(|&it| tables.tables[it].is_user);
        let mut writing = Writing {
            class,
            name: facts.names().tables.get(table).map_or("", |names| names.class.as_str()),
            is_user,
            relatives,
            attributes: self.attributes(table, &above),
            stubs: Vec::new(),
            computed: Vec::new(),
        };
        for property in derived {
            self.attribute(&mut writing, property);
        }
        for place in 0..cx.model.classifiers[class].operations.len() {
            self.operation(&mut writing, class, place);
        }
        for interface in interfaces {
            for place in 0..cx.model.classifiers[interface].operations.len() {
                // Mostly the class repeats what its interface asks for.
                let operation = &cx.model.classifiers[interface].operations[place];
                let repeated = cx.model.classifiers[class].operations.iter().any(|own| drawn(own) == drawn(operation));
                if !repeated {
                    self.operation(&mut writing, interface, place);
                }
            }
        }
        // Where ruff wants it: before all other methods.
        writing.stubs.sort_by_key(|stub| stub.kind != StubKind::Text);
        (writing.stubs, writing.computed)
    }

    /// Interfaces without a model that a class realizes, and what these specialize.
    fn interfaces(&self, class: Id<Classifier>) -> Vec<Id<Classifier>> {
        let (model, facts) = (self.cx.model, self.facts);
        let mut found: Vec<Id<Classifier>> = Vec::new();
        let mut at = Some(class);
        let mut next = 0;
        while let Some(here) = at {
            let classifier = &model.classifiers[here];
            for relation in classifier.generalizations.iter().chain(&classifier.realizations) {
                let is_bare = facts.roles().get(relation.general) == Role::Interface
                    && facts.tables().of_class.get(relation.general).is_none();
                if is_bare && relation.general != class && !found.contains(&relation.general) {
                    found.push(relation.general);
                }
            }
            at = found.get(next).copied();
            next += 1;
        }
        found
    }

    /// The attributes and ends of a class and of those above, in `snake_case`.
    fn attributes(&self, table: Id<Table>, above: &[Id<Table>]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for &table in above.iter().chain([&table]) {
            names.extend(self.fields[table.index()].iter().cloned());
            let TableSubject::Class(class) = self.tables().tables[table].subject else { continue };
            let drawn = self.cx.model.classifiers[class].attributes.iter().filter_map(|&id| {
                let property = &self.cx.model.properties[id];
                property.name.as_ref().map(|name| naming::snake(&name.value))
            });
            names.extend(drawn);
        }
        names.remove("");
        names
    }

    /// The stub of an operation that `class` has or promises.
    fn operation(&mut self, writing: &mut Writing<'_>, class: Id<Classifier>, place: usize) {
        let cx = self.cx;
        let operation = &cx.model.classifiers[class].operations[place];
        let Some(name) = operation.name.as_ref().filter(|name| !naming::snake(&name.value).is_empty()) else { return };
        let tags = self.facts.tags();
        let at = name.span;
        let marked = |names: [&str; 2]| names.into_iter().any(|name| tags.has(operation.element, name).is_some());
        let drawn = Drawn {
            name: &name.value,
            class: cx.model.classifier_name(class),
            inputs: operation.parameters.iter().filter(|parameter| is_input(parameter)).count(),
            is_created: marked(["create", "constructor"]),
            is_destroyed: marked(["destroy", "destructor"]),
        };
        if let Some(because) = tags.has(operation.element, "skip") {
            let why = reason("no stub", "it is to be skipped", because.clone());
            self.left_out.push((operation.element, why));
            return;
        }
        if let Some(why) = policy::needless(&drawn, |name| writing.attributes.contains(name)) {
            let because = rule("what Python and Django do themselves needs no method", at);
            self.left_out.push((operation.element, reason("no stub", why, because)));
            return;
        }
        let (kind, why) = self.kind(writing, operation, &drawn, at);
        let mut reasons = vec![why];
        if class != writing.class {
            let interface = cx.model.classifier_name(class);
            let because = rule("a class has the operations of its interfaces", at);
            reasons.push(reason(format!("from {interface}"), "the class realizes it", because));
        }
        let is_query = operation.is_query || tags.has(operation.element, "query").is_some();
        let asked = tags.text(operation.element, "name").map(|(name, _)| name.to_owned());
        let name = if kind == StubKind::Text {
            "__str__".to_owned()
        } else {
            match self.named(writing, operation.element, asked.as_deref().unwrap_or(&name.value), kind, at) {
                Some((name, why)) => {
                    reasons.push(why);
                    let said = tags.text(operation.element, "name");
                    reasons.extend(
                        said.map(|(_, because)| reason(format!("name `{name}`"), "asked for", because.clone())),
                    );
                    name
                }
                None => return,
            }
        };
        if kind == StubKind::Text && writing.stubs.iter().any(|stub| stub.kind == kind) {
            return;
        }
        let Signature { inputs, mut results, outputs } = self.types.signature(operation);
        let mut parameters: Vec<(String, TypeFact)> = inputs.into_iter().map(|input| (input.name, input.ty)).collect();
        if !outputs.is_empty() {
            let because = rule("what comes out is returned", at);
            reasons.push(reason("a tuple", "it has parameters that come out", because));
        }
        results.extend(outputs);
        if kind == StubKind::Text {
            parameters.clear();
            results = vec![TypeFact {
                of: TypeOf::Field(crate::django::FieldKind::Text),
                is_many: false,
                is_optional: false,
            }];
        }
        let subject = StubSubject::Operation(class, place);
        if matches!(kind, StubKind::Method | StubKind::Property) {
            let demands = self.facts.derivations().contracts.get(&operation.element);
            reasons.extend(demands.into_iter().flatten().map(|demand| demand.reason.clone()));
        }
        if let Some(fact) = self.facts.derivations().bodies.get(&operation.element)
            && matches!(kind, StubKind::Method | StubKind::Property)
        {
            let parameters = (kind == StubKind::Method).then_some(parameters);
            reasons.insert(0, fact.reason.clone());
            writing.computed.push(ComputedFact { subject, name, parameters, reasons });
            return;
        }
        writing.stubs.push(StubFact { subject, name, kind, is_query, parameters, results, reasons });
    }

    fn kind(&self, writing: &Writing<'_>, operation: &Operation, drawn: &Drawn<'_>, at: Span) -> (StubKind, Reason) {
        let tags = self.facts.tags();
        let base = Behavior::base_of(writing.name);
        let said = |name: &str| tags.has(operation.element, name).cloned();
        let on_rows = said("queryset").or_else(|| said("query").filter(|_| operation.is_static));
        // Django's manager of users is part of the migrations: it stays as it is.
        if let Some(because) = on_rows.clone().filter(|_| !writing.is_user) {
            return (
                StubKind::Rows,
                reason(format!("a method of {}", Behavior::rows_of(writing.name)), "it asks for rows", because),
            );
        }
        if operation.is_static || on_rows.is_some() {
            let because = rule("static operations are methods of the class", at);
            return (StubKind::ClassMethod, reason(format!("a class method of {base}"), "it is static", because));
        }
        if let Some(because) = said("property").filter(|_| drawn.inputs == 0) {
            return (StubKind::Property, reason(format!("a property of {base}"), "the diagram says so", because));
        }
        if policy::is_text(drawn) {
            let because = rule("`toString` is `__str__` in Python", at);
            return (
                StubKind::Text,
                reason(format!("`__str__` of {base}"), "it says what stands for the object", because),
            );
        }
        let because = rule("an operation is a method in a class of yours", at);
        let why = if operation.is_query { "it only asks" } else { "an operation" };
        (StubKind::Method, reason(format!("a method of {base}"), why, because))
    }

    /// A free name for a stub, and why it is that one.
    fn named(
        &mut self,
        writing: &Writing<'_>,
        element: crate::account::Element,
        drawn: &str,
        kind: StubKind,
        at: Span,
    ) -> Option<(String, Reason)> {
        let is_rows = kind == StubKind::Rows;
        let home = Home { class: writing.name, is_rows, is_user: writing.is_user };
        let is_field = |name: &str| writing.relatives.iter().any(|it| self.spaces[it.index()].contains(name));
        let is_method = |name: &str| {
            let is_computed = !is_rows && writing.computed.iter().any(|computed| computed.name == name);
            is_computed
                || writing.stubs.iter().any(|stub| (stub.kind == StubKind::Rows) == is_rows && stub.name == name)
        };
        let named = policy::name(drawn, &home, is_field, is_method)?;
        let word = self.cx.elements.get(element).kind.word();
        let (path, name) = (self.cx.elements.path(element), &named.name);
        let (why, rule_name) = match &named.instead_of {
            None => ("its own name".to_owned(), "the drawn name in Python's spelling"),
            Some((wanted, Clash::Django)) => {
                let message = format!("{word} `{path}` would replace Django's own; it is named `{name}`");
                let found = Diagnostic::new(&codes::U1104, message).about(element);
                self.report.add(found.here(at, format!("Django has `{wanted}`")).help("give it another name"));
                (format!("Django has `{wanted}`"), "Django's own names stay Django's")
            }
            Some((wanted, Clash::Reserved(by))) => {
                let message = format!("{word} `{path}` becomes `{name}`: `{wanted}` is {}", by.words());
                self.report.add(Diagnostic::new(&codes::U0404, message).about(element).here(at, "reserved"));
                (format!("`{wanted}` is {}", by.words()), "reserved names have a suffix")
            }
            Some((wanted, Clash::Field)) => {
                let message = format!("{word} `{path}` becomes `{name}`: `{wanted}` is a field or relation");
                self.report.add(Diagnostic::new(&codes::U0404, message).about(element).here(at, "taken"));
                (format!("`{wanted}` is a field or relation"), "fields have their names first")
            }
            Some((wanted, Clash::Operation)) => {
                (format!("there is a `{wanted}` already"), "Python has one method of a name")
            }
        };
        Some((named.name.clone(), reason(format!("name `{name}`"), why, rule(rule_name, at))))
    }

    /// The property of a derived attribute or end.
    fn attribute(&mut self, writing: &mut Writing<'_>, id: Id<Property>) {
        let property = &self.cx.model.properties[id];
        let drawn = crate::resolve::types::name(property);
        let at = property.span;
        let Some((name, why)) = self.named(writing, property.element, drawn, StubKind::Property, at) else { return };
        if let Some(fact) = self.facts.derivations().attributes.get(&id) {
            let reasons = vec![fact.reason.clone(), why];
            let subject = StubSubject::Attribute(id);
            writing.computed.push(ComputedFact { subject, name, parameters: None, reasons });
            return;
        }
        self.told(property, "a stub is written");
        let many = property.multiplicity.is_some_and(|written| written.value.is_many());
        let is_optional = property.multiplicity.is_some_and(|written| !written.value.is_required());
        let result = self
            .types
            .of(&property.ty, many)
            .map(|ty| TypeFact { is_optional: ty.is_optional || is_optional && !many, ..ty });
        let base = Behavior::base_of(writing.name);
        let because = rule("derived values are computed in a class of yours", at);
        writing.stubs.push(StubFact {
            subject: StubSubject::Attribute(id),
            name,
            kind: StubKind::Property,
            is_query: true,
            parameters: Vec::new(),
            results: result.into_iter().collect(),
            reasons: vec![reason(format!("a property of {base}"), "it is derived, without a rule", because), why],
        });
    }

    /// Says of a derived attribute or end that it has no column (U0511).
    fn told(&mut self, property: &Property, what: &str) {
        let (path, word) =
            (self.cx.elements.path(property.element), self.cx.elements.get(property.element).kind.word());
        let message = format!("derived {word} `{path}` has no rule that we can compute; {what}");
        self.report.add(Diagnostic::new(&codes::U0511, message).about(property.element).here(property.span, "derived"));
    }
}

fn drawn(operation: &Operation) -> Option<String> {
    operation.name.as_ref().map(|name| naming::snake(&name.value))
}

fn rule(name: &'static str, at: Span) -> Because {
    Because::Rule { name, at: Some(at) }
}
