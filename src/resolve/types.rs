//! Pass 4: what each attribute becomes: its field, whether it may be absent, its default.

use super::Context;
use super::attributes::{Resolved, Resolver, is_text};
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::FieldKind;
use crate::django::field::Auto;
use crate::facts::{Attribute, AttributeKind, DefaultFact, Facts, Part, Role, Types, ValueFact, reason};
use crate::policy::naming;
use crate::policy::presence::presence;
use crate::python::Expr;
use crate::uml::Multiplicity;
use crate::uml::model::{Classifier, Property};
use crate::util::arena::Id;

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Types {
    let mut types = Types::default();
    let resolver = Resolver::new(cx, facts, report);
    for class in cx.model.classifiers.ids() {
        if !matches!(facts.roles().get(class), Role::Entity | Role::Interface | Role::Value) {
            continue;
        }
        let properties = facts.connections().attributes_of(class);
        let ids = properties.iter().filter(|&&property| is_id(cx, facts, property)).count();
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
    let drawn = &cx.model.properties[property];
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
        if property.is_derived || tags.has(property.element, "computed").is_some() {
            if self.facts.roles().is_class(self.class) {
                super::ends::derived_attribute(cx, self.report, property);
            }
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
        self.sizes(property.element, &mut value);
        if naming::is_key(name(property))
            && self.facts.roles().is_class(self.class)
            && let Some(attribute) = self.key(id, &mut value, &mut reasons)
        {
            return attribute;
        }
        value.default = super::defaults::default(cx, self.facts, self.report, id, &value);
        if let Some(default) = &value.default {
            let text = property.default.as_ref().map_or(String::new(), |default| default.text.value.clone());
            let span = property.default.as_ref().map_or(property.span, |default| default.text.span);
            let _ = default;
            reasons.push(reason(format!("default {text}"), "drawn", rule("the default that is drawn", span)));
        }
        let wants_null = tags
            .has(property.element, "null")
            .map(|_| true)
            .or_else(|| tags.denies(property.element, "null").then_some(false));
        let found = presence(required && !resolved.nullable, is_text(&value.kind), value.unique, wants_null);
        (value.null, value.blank) = (found.null, found.blank);
        if let Some(because) = tags.has(property.element, "blank").filter(|_| is_text(&value.kind) && !value.blank) {
            value.blank = true;
            reasons.push(reason("blank", "asked for", because.clone()));
        }
        let is_file = matches!(value.kind, FieldKind::File { .. });
        if found.empty && value.default.is_none() && !is_file {
            value.default = Some(DefaultFact::Expr(Expr::str("")));
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
        reasons.push(reason(decision, found.why, rule("the multiplicity says whether it may be absent", at)));
        if property.is_read_only && value.default.is_some() && !value.blank {
            value.editable = false;
            reasons.push(reason(
                "editable=False",
                "read-only, and its default fills it",
                rule("{readOnly} is set once", property.span),
            ));
        }
        if tags.denies(property.element, "editable") {
            value.editable = false;
        }
        Attribute { property: id, kind: AttributeKind::Column(value), reasons }
    }

    /// Lengths, digits and dates that set themselves, by tag.
    fn sizes(&self, element: Element, value: &mut ValueFact) {
        let tags = self.facts.tags();
        let number = |name: &str| tags.text(element, name).and_then(|(text, _)| text.parse::<u32>().ok());
        if let Some(length) = number("max_length").filter(|length| (1..=10_485_760).contains(length)) {
            match &mut value.kind {
                FieldKind::Char { max_length }
                | FieldKind::Email { max_length }
                | FieldKind::Url { max_length }
                | FieldKind::Slug { max_length }
                    if value.choices.is_none() =>
                {
                    *max_length = length;
                }
                _ => {}
            }
        }
        if let FieldKind::Decimal { max_digits, decimal_places } = &mut value.kind {
            let digits = number("max_digits").unwrap_or(*max_digits);
            let places = number("decimal_places").unwrap_or(*decimal_places);
            if (1..=1000).contains(&digits) && places <= digits {
                (*max_digits, *decimal_places) = (digits, places);
            }
        }
        if value.kind == (FieldKind::Decimal { max_digits: 38, decimal_places: 0 })
            && let Some((width, _)) = tags.text(element, "integer_width")
        {
            value.kind = if width == "32" { FieldKind::Integer } else { FieldKind::BigInteger };
        }
        if let FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } = &mut value.kind {
            if tags.has(element, "auto_now_add").is_some() {
                *auto = Auto::NowAdd;
            } else if tags.has(element, "auto_now").is_some() {
                *auto = Auto::Now;
            }
        }
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
                value.default = Some(DefaultFact::Expr(Expr::Ref { module: "uuid", name: "uuid4" }));
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
        let fact = resolved.fact(property.element);
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
            _ if is_text(&fact.kind) => "str",
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

    fn many(&mut self, id: Id<Property>, resolved: Resolved, at: crate::source::Span) -> Attribute {
        let property = &self.cx.model.properties[id];
        let path = self.cx.elements.path(property.element);
        let store =
            self.facts.tags().text(property.element, "store").map(|(value, because)| (value.to_lowercase(), because));
        let asks_json = store.as_ref().is_some_and(|(value, _)| value == "json");
        let mut reasons = resolved.reasons.clone();
        if self.facts.roles().get(self.class) == Role::Value || asks_json || resolved.is_json() {
            let mut value = ValueFact::new(FieldKind::Json, property.element);
            value.default = Some(DefaultFact::Expr(Expr::Ref { module: "builtins", name: "list" }));
            value.blank = true;
            let (why, because) = match store {
                Some((_, because)) if asks_json => ("the diagram says so", because.clone()),
                _ => ("many values where no table can refer to their owner", rule("many values are a list", at)),
            };
            reasons.push(reason("JSONField", why, because));
            return Attribute { property: id, kind: AttributeKind::Column(value), reasons };
        }
        let table = format!(
            "{}{}",
            self.cx.model.classifier_name(self.class),
            crate::util::words::pascal(&crate::policy::plural::singular(&naming::snake(name(property))))
        );
        self.report.add(
            Diagnostic::new(&codes::U0504, format!("`{path}` has many values; it becomes a table `{table}`"))
                .about(property.element)
                .here(at, "more than one value")
                .help("the tag `store = json` makes it a list in a JSON column"),
        );
        reasons.push(reason(
            format!("a table `{table}`"),
            "many values",
            rule("many values are rows of a table of their own", at),
        ));
        let parts = if let Some(class) = resolved.value {
            self.resolver.parts(self.cx, self.facts, self.report, class)
        } else {
            let mut value = resolved.fact(property.element);
            self.sizes(property.element, &mut value);
            vec![Part { path: Vec::new(), value }]
        };
        let ordered = property.is_ordered || resolved.many.is_some_and(|many| many.ordered);
        let nonunique = property.is_unique == Some(false)
            || (property.is_unique.is_none() && resolved.many.is_some_and(|many| !many.unique));
        let kind = AttributeKind::Values { parts, ordered, nonunique };
        Attribute { property: id, kind, reasons }
    }
}

pub(super) fn name(property: &Property) -> &str {
    property.name.as_ref().map_or("", |name| name.value.trim())
}

pub(super) fn rule(name: &'static str, at: crate::source::Span) -> Because {
    Because::Rule { name, at: Some(at) }
}
