//! Pass 4: what each attribute becomes: its field, whether it may be absent, its default.

use super::Context;
use super::attributes::{Resolved, Resolver, class_of, is_empty_text};
use super::refine::refine;
use super::{NOT_HERE, not_here};
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::field::{Auto, Validator};
use crate::django::project::Database;
use crate::django::{Field, FieldKind, Origin};
use crate::facts::{Attribute, AttributeKind, DefaultFact, Facts, Part, Role, Types, ValueFact, reason};
use crate::policy::naming;
use crate::policy::presence::presence;
use crate::python::Expr;
use crate::uml::Multiplicity;
use crate::uml::model::{Classifier, Property};
use crate::uml::multiplicity::Upper;
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Types {
    let mut types = Types::default();
    let resolver = Resolver::new(cx, facts, report);
    let mut id_ends: Map<Classifier, usize> = Map::new();
    for connection in facts.connections().binary.values() {
        for (far, near) in [(0, 1), (1, 0)] {
            let near = connection.ends[near].class;
            if connection.ends[far].property.is_some_and(|end| is_id(cx, facts, end)) {
                let known = id_ends.get(near).copied().unwrap_or_default();
                id_ends.insert(near, known + 1);
            }
        }
    }
    for class in cx.model.classifiers.ids() {
        if !matches!(facts.roles().get(class), Role::Entity | Role::Interface | Role::Value) {
            continue;
        }
        let properties = facts.connections().attributes_of(class);
        let ids = properties.iter().filter(|&&property| is_id(cx, facts, property)).count();
        let ids = ids + id_ends.get(class).copied().unwrap_or_default();
        let mut attributes = Vec::new();
        for &property in properties {
            let mut pass = Pass { cx, facts, resolver: &resolver, report, class, alone: ids == 1 };
            attributes.push(pass.attribute(property));
        }
        if !attributes.is_empty() {
            types.attributes.insert(class, attributes);
        }
    }
    let connections = facts.connections().binary.values();
    let ends = connections.flat_map(|connection| {
        [(&connection.ends[0], &connection.ends[1]), (&connection.ends[1], &connection.ends[0])]
    });
    for (end, other) in ends {
        for &qualifier in &end.qualifiers {
            if naming::is_key(name(&cx.model.properties[qualifier])) {
                continue;
            }
            let mut pass = Pass { cx, facts, resolver: &resolver, report, class: other.class, alone: false };
            let attribute = pass.attribute(qualifier);
            types.qualifiers.insert(qualifier, attribute);
        }
    }
    types
}

/// Whether an attribute is drawn as {id}.
pub(super) fn is_id(cx: &Context<'_>, facts: &Facts, property: Id<Property>) -> bool {
    is_drawn_id(facts, &cx.model.properties[property])
}

pub(super) fn is_drawn_id(facts: &Facts, drawn: &Property) -> bool {
    drawn.is_id || facts.tags().has(drawn.element, "id").is_some()
}

struct Pass<'a, 'b> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    resolver: &'a Resolver,
    report: &'b mut Report,
    class: Id<Classifier>,
    /// Whether the class has one {id} attribute.
    alone: bool,
}

impl Pass<'_, '_> {
    fn attribute(&mut self, id: Id<Property>) -> Attribute {
        let cx = self.cx;
        let property = &cx.model.properties[id];
        let tags = self.facts.tags();
        let nothing = |why: Reason| Attribute { property: id, kind: AttributeKind::Nothing, reasons: vec![why] };
        if let Some(because) = tags.has(property.element, "skip") {
            return nothing(reason("no column", "it is to be skipped", because.clone()));
        }
        if super::rules::is_derived(cx, tags, property) {
            return nothing(reason("no column", "it is derived", rule("derived values are not stored", property.span)));
        }
        let resolved = self.resolver.resolve(cx, self.facts, self.report, id);
        let (multiplicity, at) = match property.multiplicity {
            Some(written) => (written.value, written.span),
            None => (Multiplicity::ONE, property.span),
        };
        if property.is_static {
            return self.constant(id, &resolved);
        }
        if multiplicity.is_many() || resolved.many.is_some() {
            return self.many(id, resolved, at);
        }
        let required = multiplicity.is_required() && !resolved.optional;
        if let Some(class) = resolved.value {
            return self.embedded(id, class, required, resolved.reasons);
        }
        let mut reasons = resolved.reasons.clone();
        let mut value = resolved.fact(property.element);
        if self.alone && is_id(cx, self.facts, id) && !naming::is_key(name(property)) {
            value.unique = true;
            reasons.push(reason("unique", "it is the {id} of its class", rule("{id} is unique", property.span)));
        } else if let Some(because) = tags.has(property.element, "unique") {
            value.unique = true;
            reasons.push(reason("unique", "the diagram says so", because.clone()));
        }
        if let Some(because) = tags.has(property.element, "db_index").or_else(|| tags.has(property.element, "index"))
            && !value.unique
        {
            value.db_index = Some(true);
            reasons.push(reason("index", "the diagram says so", because.clone()));
        }
        refine(cx, self.facts, self.report, property, &mut value, &mut reasons);
        if naming::is_key(name(property))
            && self.facts.roles().is_class(self.class)
            && let Some(attribute) = self.key(id, &mut value, &mut reasons)
        {
            return attribute;
        }
        self.natural(property, required, &mut value, &mut reasons);
        value.default = super::defaults::default(cx, self.facts, self.report, id, &value).map(Box::new);
        if let Some(default) = &value.default {
            let text = property.default.as_ref().map_or(String::new(), |default| default.text.value.clone());
            let span = property.default.as_ref().map_or(property.span, |default| default.text.span);
            let _ = default;
            reasons.push(match tags.text(property.element, "default") {
                Some((text, because)) => reason(format!("default {text}"), "asked for", because.clone()),
                None => reason(format!("default {text}"), "drawn", rule("the default that is drawn", span)),
            });
        }
        if let Some((default, because)) = super::defaults::of_database(cx, self.facts, self.report, property, &value) {
            value.db_default = Some(Box::new(default));
            reasons.push(reason("db_default", "the database fills it in", because));
        }
        let wants_null = tags
            .has(property.element, "null")
            .map(|_| true)
            .or_else(|| tags.denies(property.element, "null").then_some(false));
        let found = presence(required && !resolved.nullable, is_empty_text(&value.kind), value.unique, wants_null);
        (value.null, value.blank) = (found.null, found.blank);
        if let Some(because) =
            tags.has(property.element, "blank").filter(|_| is_empty_text(&value.kind) && !value.blank)
        {
            value.blank = true;
            reasons.push(reason("blank", "asked for", because.clone()));
        }
        let is_file = matches!(value.kind, FieldKind::File { .. });
        if found.empty && value.default.is_none() && value.db_default.is_none() && !is_file {
            value.default = Some(DefaultFact::expr(Expr::str("")));
        }
        if value.default.is_none() && !value.null {
            value.default.clone_from(&resolved.empty_default);
            value.blank |= resolved.empty_default.is_some();
        }
        let decision = match (value.null, value.blank) {
            (true, _) => "null",
            (false, true) => "blank",
            (false, false) => "not null",
        };
        let because = match tags.get(property.element, "null").filter(|_| wants_null == Some(value.null)) {
            Some(said) => said.because.clone(),
            None => rule("the multiplicity says whether it may be absent", at),
        };
        reasons.push(reason(decision, found.why, because));
        if let Some((filling, because)) = super::defaults::of_rows(cx, self.facts, self.report, property, &value) {
            value.filling = Some(Box::new(filling));
            reasons.push(reason("migration_default", "what rows get that are there", because));
        }
        let once = self.once(property);
        if let Some(because) = once.clone().filter(|_| !value.primary_key && !sets_itself(&value.kind)) {
            value.set_once = true;
            reasons.push(reason("set once", "it never changes once the row is there", because));
        }
        if once.is_some() && value.default.is_some() && !value.blank {
            value.editable = false;
            reasons.push(reason(
                "editable=False",
                "read-only, and its default fills it",
                rule("{readOnly} is set once", property.span),
            ));
        }
        if let Some(said) = tags.get(property.element, "editable").filter(|_| tags.denies(property.element, "editable"))
        {
            value.editable = false;
            reasons.push(reason("editable=False", "asked for", said.because.clone()));
        }
        Attribute { property: id, kind: AttributeKind::Column(value), reasons }
    }

    /// An attribute called `id` is the primary key, if its type can be one.
    fn key(&mut self, id: Id<Property>, value: &mut ValueFact, reasons: &mut Vec<Reason>) -> Option<Attribute> {
        let property = &self.cx.model.properties[id];
        let because = rule("an attribute called `id` is the primary key", property.span);
        let (kind, what) = match &value.kind {
            _ if value.choices.is_some() => return None,
            FieldKind::SmallInteger
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::PositiveSmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger
            | FieldKind::Decimal { decimal_places: 0, .. } => (AttributeKind::Nothing, "the automatic key"),
            FieldKind::Uuid => {
                value.default = Some(DefaultFact::expr(Expr::Ref { module: "uuid", name: "uuid4" }));
                value.editable = false;
                value.primary_key = true;
                (AttributeKind::Column(value.clone()), "primary_key, a random UUID")
            }
            FieldKind::Char { .. } | FieldKind::Slug { .. } => {
                value.primary_key = true;
                (AttributeKind::Column(value.clone()), "primary_key")
            }
            _ => return None,
        };
        self.report.add(
            Diagnostic::new(
                &codes::U0404,
                format!("attribute `{}` becomes the primary key", self.cx.elements.path(property.element)),
            )
            .about(property.element)
            .here(property.span, "Django calls the primary key `id`")
            .note(match kind {
                AttributeKind::Nothing => "Django's automatic key is a 64-bit integer",
                _ => "it is a field of its own, and the primary key",
            }),
        );
        reasons.push(reason(what, "its name is that of the key", because));
        Some(Attribute { property: id, kind, reasons: std::mem::take(reasons) })
    }

    fn constant(&mut self, id: Id<Property>, resolved: &Resolved) -> Attribute {
        let property = &self.cx.model.properties[id];
        let fact = resolved.alone(property.element);
        let value = super::defaults::default(self.cx, self.facts, self.report, id, &fact);
        let annotation = match fact.kind {
            FieldKind::Boolean => "bool",
            FieldKind::SmallInteger
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::PositiveSmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger => "int",
            FieldKind::Float => "float",
            _ if is_empty_text(&fact.kind) => "str",
            _ => "object",
        };
        let why = reason("a class constant", "it is static", rule("a static attribute is no column", property.span));
        Attribute { property: id, kind: AttributeKind::Constant { value, annotation }, reasons: vec![why] }
    }

    fn embedded(
        &mut self,
        id: Id<Property>,
        class: Id<Classifier>,
        required: bool,
        mut reasons: Vec<Reason>,
    ) -> Attribute {
        let mut parts = self.resolver.parts(self.cx, self.facts, self.report, class);
        let property = &self.cx.model.properties[id];
        if let Some(because) = self.once(property) {
            for part in &mut parts {
                part.value.set_once = true;
            }
            reasons.push(reason("set once", "it never changes once the row is there", because));
        }
        reasons.push(reason(
            format!("{} columns", parts.len()),
            format!("the data type {} is embedded", self.cx.model.classifier_name(class)),
            rule("a value of a data type has no identity, so its parts are columns", property.span),
        ));
        if !required {
            for part in &mut parts {
                if !part.value.blank {
                    (part.value.null, part.value.blank, part.value.default) = (true, true, None);
                }
            }
        }
        Attribute { property: id, kind: AttributeKind::Embedded { class, parts, optional: !required }, reasons }
    }

    /// The tag `key = natural` of a class makes its {id} attribute the primary key.
    fn natural(&mut self, property: &Property, required: bool, value: &mut ValueFact, reasons: &mut Vec<Reason>) {
        let element = self.cx.model.classifiers[self.class].element;
        let asked = self.facts.tags().text(element, "key").filter(|(key, _)| key.eq_ignore_ascii_case("natural"));
        let Some((text, because)) = asked.filter(|_| is_drawn_id(self.facts, property)) else { return };
        let can_be_key = !matches!(
            value.kind,
            FieldKind::Text | FieldKind::Json | FieldKind::Binary | FieldKind::Boolean | FieldKind::File { .. }
        );
        if self.alone && required && can_be_key {
            (value.primary_key, value.unique) = (true, false);
            reasons.push(reason("primary_key", "the diagram says so", because.clone()));
        } else {
            let takes = "nothing here: the key is one {id} attribute that is always there, with a short value";
            super::refine::refuse(self.cx, self.report, property, "key", text, because, takes);
        }
    }

    /// Whether it never changes, and who says so.
    fn once(&self, property: &Property) -> Option<Because> {
        let drawn = property.is_read_only.then(|| rule("{readOnly} is set once", property.span));
        drawn.or_else(|| self.facts.tags().has(property.element, "immutable").cloned())
    }

    /// A column with a list of values, whose number is checked before it is saved.
    fn list(&self, property: &Property, kind: FieldKind, resolved: &Resolved) -> ValueFact {
        let mut value = ValueFact::new(kind, property.element);
        value.default = Some(DefaultFact::expr(Expr::Ref { module: "builtins", name: "list" }));
        let bounds = property.multiplicity.map_or(Multiplicity::ONE, |written| written.value);
        let is_drawn = bounds.is_many() && resolved.many.is_none();
        value.blank = !is_drawn || !bounds.is_required();
        if is_drawn && bounds.lower > 1 {
            value.validators.push(Validator::MinCount(bounds.lower));
        }
        if let (true, Upper::Finite(most)) = (is_drawn, bounds.upper) {
            value.validators.push(Validator::MaxCount(most));
        }
        value.set_once = self.once(property).is_some();
        value
    }

    /// An array of PostgreSQL, if nothing speaks against it.
    fn array(
        &mut self,
        property: &Property,
        resolved: &Resolved,
        because: &Because,
        reasons: &mut Vec<Reason>,
    ) -> Option<ValueFact> {
        if resolved.value.is_some() {
            let takes = "`table` or `json` for values of a data type";
            super::refine::refuse(self.cx, self.report, property, "store", "array", because, takes);
            return None;
        }
        if self.cx.settings.databases != [Database::Postgresql] {
            let what = format!("an array of `{}`", self.cx.elements.path(property.element));
            self.report.add(
                not_here(&what, "PostgreSQL alone", "it becomes a table")
                    .about(property.element)
                    .here(because.place().unwrap_or(property.span), NOT_HERE),
            );
            return None;
        }
        let mut item = resolved.alone(property.element);
        refine(self.cx, self.facts, self.report, property, &mut item, reasons);
        let origin = Origin { element: property.element, reasons: Vec::new() };
        let mut field = Field::new("", item.kind, origin);
        field.validators = item.validators;
        let mut value = self.list(property, FieldKind::Array(Box::new(field)), resolved);
        value.item_choices = item.choices;
        Some(value)
    }

    fn many(&mut self, id: Id<Property>, resolved: Resolved, at: crate::source::Span) -> Attribute {
        let property = &self.cx.model.properties[id];
        let path = self.cx.elements.path(property.element);
        let store =
            self.facts.tags().text(property.element, "store").map(|(value, because)| (value.to_lowercase(), because));
        let asks_json = store.as_ref().is_some_and(|(value, _)| value == "json");
        let mut reasons = resolved.reasons.clone();
        if self.facts.roles().get(self.class) == Role::Value || asks_json || resolved.is_json() {
            let value = self.list(property, FieldKind::Json, &resolved);
            let (why, because) = match store {
                Some((_, because)) if asks_json => ("the diagram says so", because.clone()),
                _ => ("many values where no table can refer to their owner", rule("many values are a list", at)),
            };
            reasons.push(reason("JSONField", why, because));
            return Attribute { property: id, kind: AttributeKind::Column(value), reasons };
        }
        if let Some((_, because)) = store.as_ref().filter(|(value, _)| value == "array") {
            match self.array(property, &resolved, because, &mut reasons) {
                Some(value) => {
                    reasons.push(reason(class_of(&value.kind), "the diagram says so", (*because).clone()));
                    return Attribute { property: id, kind: AttributeKind::Column(value), reasons };
                }
                None => reasons.push(reason("no array", "it is impossible here", (*because).clone())),
            }
        }
        let ordered = property.is_ordered || resolved.many.is_some_and(|many| many.ordered);
        let nonunique = property.is_unique == Some(false)
            || (property.is_unique.is_none() && resolved.many.is_some_and(|many| !many.unique));
        let asks_table = store.as_ref().is_some_and(|(value, _)| value == "table");
        let bounds = property.multiplicity.map_or(Multiplicity::MANY, |written| written.value);
        // Links that Django makes itself cannot be left to the database.
        let in_database =
            self.cx.settings.rules.database_deletes || self.facts.connections().in_database.contains(self.class);
        let is_plain = !(in_database || ordered || nonunique || asks_table)
            && bounds.upper == Upper::Unlimited
            && bounds.lower < 2;
        if let Some(class) = resolved.lookup().filter(|_| is_plain) {
            let because = rule("many rows of literals are linked", at);
            reasons.push(reason("ManyToManyField", "many literals, each once and in no order", because));
            return Attribute { property: id, kind: AttributeKind::Links(class), reasons };
        }
        let is_told = store.as_ref().is_some_and(|(value, _)| value == "array");
        let drawn = self.facts.tags().text(property.element, "name").map_or(name(property), |(name, _)| name);
        let table = format!(
            "{}{}",
            self.cx.model.classifier_name(self.class),
            crate::util::words::pascal(&crate::policy::plural::singular(&naming::snake(drawn)))
        );
        if !is_told {
            self.report.add(
                Diagnostic::new(&codes::U0504, format!("`{path}` has many values; it becomes a table `{table}`"))
                    .about(property.element)
                    .here(at, "more than one value")
                    .help("the tag `store = json` makes it a list in a JSON column"),
            );
        }
        let because = match &store {
            Some((value, because)) if value == "table" => (*because).clone(),
            _ => rule("many values are rows of a table of their own", at),
        };
        reasons.push(reason(format!("a table `{table}`"), "many values", because));
        let parts = if let Some(class) = resolved.value {
            self.resolver.parts(self.cx, self.facts, self.report, class)
        } else {
            let mut value = resolved.fact(property.element);
            refine(self.cx, self.facts, self.report, property, &mut value, &mut reasons);
            vec![Part { path: Vec::new(), value, reasons: Vec::new() }]
        };
        let kind = AttributeKind::Values { parts, ordered, nonunique };
        Attribute { property: id, kind, reasons }
    }
}

/// Whether a field gets its value from a clock.
fn sets_itself(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => *auto != Auto::No,
        _ => false,
    }
}

pub(super) fn name(property: &Property) -> &str {
    property.name.as_ref().map_or("", |name| name.value.trim())
}

pub(super) fn rule(name: &'static str, at: crate::source::Span) -> Because {
    Because::Rule { name, at: Some(at) }
}
