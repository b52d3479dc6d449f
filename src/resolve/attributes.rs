//! From the type of an attribute to a field: settings, the model's own types, the table.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::Context;
use super::refine::{refine, refuse};
use super::types::{name, rule};
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::ModelKey;
use crate::django::field::{FieldKind, ForeignKey, OnDelete, Validator, Value};
use crate::facts::{DefaultFact, Facts, Part, Role, ValueFact, reason};
use crate::graph::order;
use crate::policy::enumeration;
use crate::policy::presence::presence;
use crate::policy::types as policy;
use crate::python::Expr;
use crate::source::Span;
use crate::uml::model::{Classifier, Property, Type};
use crate::util::arena::Id;

/// The deepest data type in a data type whose parts become columns.
const LEVELS: usize = 3;

/// What the type of an attribute says.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    kind: FieldKind,
    choices: Option<Id<Classifier>>,
    /// Of an enumeration that is a table: the field of its codes.
    codes: Option<FieldKind>,
    validators: Vec<Validator>,
    /// A data type to embed.
    pub(super) value: Option<Id<Classifier>>,
    /// Many values, said by the type.
    pub(super) many: Option<policy::Many>,
    /// The type's name says that it may be absent.
    pub(super) optional: bool,
    /// NULL has a meaning of its own.
    pub(super) nullable: bool,
    /// What a required value starts with.
    pub(super) empty_default: Option<Box<DefaultFact>>,
    /// The least value, as a check constraint.
    pub(super) check_min: Option<&'static str>,
    /// Why.
    pub(super) reasons: Vec<Reason>,
}

impl Resolved {
    fn new(kind: FieldKind, why: Reason) -> Self {
        Self {
            kind,
            choices: None,
            codes: None,
            validators: Vec::new(),
            value: None,
            many: None,
            optional: false,
            nullable: false,
            empty_default: None,
            check_min: None,
            reasons: vec![why],
        }
    }

    /// A required column of this type.
    pub(super) fn fact(&self, element: Element) -> ValueFact {
        let mut value = ValueFact::new(self.kind.clone(), element);
        value.choices = self.choices;
        value.validators.clone_from(&self.validators);
        value.check_min = self.check_min;
        value
    }

    /// The same where no key can stand: in a list, or in a class.
    pub(super) fn alone(&self, element: Element) -> ValueFact {
        let mut value = self.fact(element);
        value.kind = self.codes.clone().unwrap_or(value.kind);
        value
    }

    /// The enumeration whose rows its values lead to.
    pub(super) fn lookup(&self) -> Option<Id<Classifier>> {
        self.choices.filter(|_| self.codes.is_some())
    }

    /// Whether a column can hold it whatever its shape.
    pub(super) fn is_json(&self) -> bool {
        self.kind == FieldKind::Json && self.value.is_none()
    }
}

/// Whether "nothing" of this field is the empty string: of texts, and of the names of files.
pub(super) fn is_empty_text(kind: &FieldKind) -> bool {
    kind.is_text() || matches!(kind, FieldKind::File { .. })
}

/// Finds fields for types; remembers which data types contain themselves, and which unknown names were told.
pub(super) struct Resolver {
    recursive: BTreeSet<Id<Classifier>>,
    told: RefCell<BTreeSet<String>>,
}

impl Resolver {
    pub(super) fn new(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Self {
        let mut edges = Vec::new();
        for id in cx.model.classifiers.ids() {
            if facts.roles().get(id) != Role::Value {
                continue;
            }
            for property in value_attributes(cx, facts, id) {
                if let Type::Classifier(part, _) = cx.model.properties[property].ty
                    && facts.roles().get(part) == Role::Value
                {
                    edges.push((id.index(), part.index()));
                }
            }
        }
        let mut recursive = BTreeSet::new();
        for cycle in order::cycles(cx.model.classifiers.len(), &edges) {
            let first: Id<Classifier> = Id::new(cycle[0]);
            let classifier = &cx.model.classifiers[first];
            let mut diagnostic = Diagnostic::new(
                &codes::U0510,
                format!("data type `{}` contains itself; it becomes JSON", cx.elements.path(classifier.element)),
            )
            .about(classifier.element)
            .here(classifier.span, "has a part that leads back to it");
            for &other in &cycle[1..] {
                let other = &cx.model.classifiers[Id::new(other)];
                diagnostic = diagnostic.because(other.span, "through this data type");
            }
            report.add(diagnostic.help("make it a class"));
            recursive.extend(cycle.into_iter().map(Id::new));
        }
        Self { recursive, told: RefCell::new(BTreeSet::new()) }
    }

    /// What the type of an attribute says.
    pub(super) fn resolve(&self, cx: &Context<'_>, facts: &Facts, report: &mut Report, id: Id<Property>) -> Resolved {
        let property = &cx.model.properties[id];
        for stereotype in ["slug", "file", "image"] {
            if let Some(because) = facts.tags().has(property.element, stereotype)
                && let Some(found) = policy::from_table(stereotype)
            {
                return Self::field(found, reason(stereotype, "the diagram says so", because.clone()));
            }
        }
        if let Some((text, because)) = facts.tags().text(property.element, "choices") {
            match enumeration_called(cx, facts, text) {
                Some(id) => return Self::enumeration(facts, id, text, because.clone()),
                None => {
                    refuse(cx, report, property, "choices", text, because, "the name of an enumeration with literals");
                }
            }
        }
        match &property.ty {
            Type::Absent => {
                report.add(
                    Diagnostic::new(
                        &codes::U0501,
                        format!("`{}` has no type; treated as text", cx.elements.path(property.element)),
                    )
                    .about(property.element)
                    .here(property.span, "no type")
                    .help("draw a type, or say with `[rules] untyped` what such attributes are"),
                );
                self.untyped(cx, "no type is drawn", property.span)
            }
            Type::Unknown(_) => self.untyped(cx, "its type is missing", property.span),
            Type::Named(named) => self.named(cx, report, &named.value, named.span, property.element),
            Type::Classifier(classifier, span) => self.classifier(cx, facts, report, *classifier, *span, property),
        }
    }

    fn field(found: policy::FieldType, why: Reason) -> Resolved {
        let empty = found.empty_default().and_then(|value| match value {
            Value::Expr(expr) => Some(DefaultFact::expr(expr)),
            Value::Member { .. } => None,
        });
        let mut resolved = Resolved::new(found.kind.clone(), why);
        resolved.check_min = found.check_min();
        resolved.many = found.many;
        resolved.optional = found.optional;
        resolved.nullable = found.row.extra.nullable;
        resolved.empty_default = empty;
        resolved.validators = found.validators;
        resolved
    }

    fn untyped(&self, cx: &Context<'_>, why: &'static str, span: Span) -> Resolved {
        let found = policy::from_table(&cx.settings.rules.untyped).or_else(|| policy::from_table("string"));
        if let Some(found) = found {
            let what = class_of(&found.kind);
            Self::field(found, reason(what, why, rule("what has no usable type is text", span)))
        } else {
            let kind = enumeration::OPEN;
            Resolved::new(kind, reason("CharField", why, rule("what has no usable type is text", span)))
        }
    }

    fn named(&self, cx: &Context<'_>, report: &mut Report, text: &str, span: Span, about: Element) -> Resolved {
        if let Some((target, found, because)) = policy::from_settings(text, &cx.settings.types) {
            let why = reason(class_of(&found.kind), format!("type `{text}` is {target}"), because.clone());
            return Self::field(found, why);
        }
        if let Some((kind, because)) = policy::class_from_settings(text, &cx.settings.type_classes) {
            return Resolved::new(kind.clone(), reason(class_of(&kind), "the settings say so", because.clone()));
        }
        if let Some(found) = policy::from_table(text) {
            let why = reason(
                class_of(&found.kind),
                format!("type `{}`", text.rsplit(['#', '/']).next().unwrap_or(text)),
                rule("the table of types says so", span),
            );
            return Self::field(found, why);
        }
        let own: Vec<&str> =
            cx.model.classifiers.ids().map(|id| cx.model.classifier_name(id)).filter(|name| !name.is_empty()).collect();
        let mut diagnostic = Diagnostic::new(&codes::U0502, format!("there is no Django field for type `{text}`"))
            .about(about)
            .here(span, "treated as text")
            .cause(text.to_owned());
        let near = policy::nearest(text, own);
        diagnostic = match near.first() {
            Some(near) => diagnostic.help(format!("there is a type `{near}`; or map it in `[types]`")),
            None => diagnostic.help("map it in `[types]`"),
        };
        report.add(diagnostic);
        self.untyped(cx, "its type is unknown", span)
    }

    fn classifier(
        &self,
        cx: &Context<'_>,
        facts: &Facts,
        report: &mut Report,
        id: Id<Classifier>,
        span: Span,
        property: &Property,
    ) -> Resolved {
        let classifier = &cx.model.classifiers[id];
        let drawn = cx.model.classifier_name(id);
        if let Some((target, found, because)) = policy::from_settings(drawn, &cx.settings.types) {
            let why = reason(class_of(&found.kind), format!("type `{drawn}` is {target}"), because.clone());
            return Self::field(found, why);
        }
        if let Some((kind, because)) = policy::class_from_settings(drawn, &cx.settings.type_classes) {
            return Resolved::new(kind.clone(), reason(class_of(&kind), "the settings say so", because.clone()));
        }
        match facts.roles().get(id) {
            Role::Enumeration => {
                Self::enumeration(facts, id, drawn, rule("values of an enumeration are stored as themselves", span))
            }
            Role::Value if self.recursive.contains(&id) => {
                let why = reason("JSONField", "a data type that contains itself", rule("it has no end", span));
                let mut resolved = Resolved::new(FieldKind::Json, why);
                resolved.empty_default = Some(DefaultFact::expr(Expr::Ref { module: "builtins", name: "dict" }));
                resolved
            }
            Role::Value => {
                let as_json = facts
                    .tags()
                    .text(property.element, "store")
                    .filter(|(value, _)| value.eq_ignore_ascii_case("json"));
                if let Some((_, because)) = as_json {
                    let why = reason("JSONField", "the diagram says so", because.clone());
                    let mut resolved = Resolved::new(FieldKind::Json, why);
                    resolved.empty_default = Some(DefaultFact::expr(Expr::Ref { module: "builtins", name: "dict" }));
                    return resolved;
                }
                let mut resolved = Resolved::new(
                    enumeration::OPEN,
                    reason("embedded", format!("data type {drawn}"), rule("a data type is embedded", span)),
                );
                resolved.value = Some(id);
                resolved
            }
            Role::Alias => self.alias(cx, facts, report, id, span),
            Role::Named => {
                if let Some(found) = policy::from_table(drawn) {
                    let why =
                        reason(class_of(&found.kind), format!("type `{drawn}`"), rule("the table of types", span));
                    return Self::field(found, why);
                }
                if classifier.is_library {
                    return self.named(cx, report, drawn, span, property.element);
                }
                self.untyped(cx, "its type has no table", span)
            }
            Role::Entity | Role::Interface => self.untyped(cx, "a value cannot refer to a class", span),
        }
    }

    fn enumeration(facts: &Facts, id: Id<Classifier>, drawn: &str, because: Because) -> Resolved {
        let fact = facts.roles().enumeration(id).filter(|fact| !fact.literals.is_empty());
        let Some(fact) = fact else {
            let why = format!("enumeration {drawn} has no literals");
            return Resolved::new(enumeration::OPEN, reason("CharField", why, because));
        };
        let kind = enumeration::field(fact.is_integer, fact.literals.iter().map(|literal| literal.value.as_str()));
        let why = format!("enumeration {drawn} with {} literals", fact.literals.len());
        let Some(asked) = &fact.lookup else {
            let mut resolved = Resolved::new(kind.clone(), reason(class_of(&kind), why, because));
            resolved.choices = Some(id);
            return resolved;
        };
        // Where it leads has no name yet.
        let key = FieldKind::ForeignKey(Box::new(ForeignKey {
            to: ModelKey::default(),
            on_delete: OnDelete::Protect,
            related_name: Some("+".to_owned()),
            parent_link: false,
            to_field: None,
            limit: None,
        }));
        let why = format!("enumeration {drawn} is a table with {} rows", fact.literals.len());
        let mut resolved = Resolved::new(key, reason("a key to the row of a literal", why, asked.clone()));
        let because = |name| Because::Rule { name, at: asked.place() };
        resolved.reasons.extend([
            reason("on_delete PROTECT", "what is in use stays", because("losing data silently is the worst default")),
            reason("related_name `+`", "a literal has no lists of those that have it", because("a literal is a value")),
        ]);
        resolved.choices = Some(id);
        resolved.codes = Some(kind);
        resolved
    }

    /// A data type or primitive type without attributes: its own name, else what it specialises, else text.
    fn alias(
        &self,
        cx: &Context<'_>,
        facts: &Facts,
        report: &mut Report,
        start: Id<Classifier>,
        span: Span,
    ) -> Resolved {
        let mut seen = vec![start];
        let mut at = 0;
        while at < seen.len() {
            let id = seen[at];
            let drawn = cx.model.classifier_name(id);
            if let Some(found) = policy::from_table(drawn) {
                let why =
                    reason(class_of(&found.kind), format!("type `{drawn}`"), rule("the table of types says so", span));
                return Self::field(found, why);
            }
            if let Some(represents) = &cx.model.classifiers[id].represents
                && let Some(found) = policy::from_table(&represents.value)
            {
                let said = format!("`{drawn}` stands for `{}`", represents.value);
                return Self::field(
                    found.clone(),
                    reason(class_of(&found.kind), said, rule("the table of types says so", span)),
                );
            }
            if facts.roles().get(id) == Role::Enumeration {
                return Self::enumeration(
                    facts,
                    id,
                    drawn,
                    rule("values of an enumeration are stored as themselves", span),
                );
            }
            for generalization in &cx.model.classifiers[id].generalizations {
                if !seen.contains(&generalization.general) {
                    seen.push(generalization.general);
                }
            }
            at += 1;
        }
        let classifier = &cx.model.classifiers[start];
        let path = cx.elements.path(classifier.element);
        if self.told.borrow_mut().insert(path.clone()) {
            let diagnostic = if classifier.is_library {
                Diagnostic::new(
                    &codes::U0502,
                    format!("there is no Django field for type `{}`", cx.model.classifier_name(start)),
                )
                .here(span, "treated as text")
            } else {
                Diagnostic::new(
                    &codes::U0501,
                    format!("type `{path}` has no attributes and no general type; treated as text"),
                )
                .here(classifier.span, "another name of nothing")
                .because(span, "used here")
            };
            report.add(
                diagnostic
                    .about(classifier.element)
                    .cause(path)
                    .help("map it in `[types]`, or let it specialise a type"),
            );
        }
        self.untyped(cx, "its type says nothing about its values", span)
    }

    /// The columns of a data type, those of data types in it included, three levels deep.
    pub(super) fn parts(
        &self,
        cx: &Context<'_>,
        facts: &Facts,
        report: &mut Report,
        class: Id<Classifier>,
    ) -> Vec<Part> {
        let mut found_parts = Vec::new();
        // A stack in reverse, so that parts come in model order.
        let mut stack: Vec<(Vec<Id<Property>>, bool)> = Vec::new();
        let push = |stack: &mut Vec<(Vec<Id<Property>>, bool)>, path: &[Id<Property>], class, optional| {
            for property in value_attributes(cx, facts, class).into_iter().rev() {
                stack.push(([path, &[property]].concat(), optional));
            }
        };
        push(&mut stack, &[], class, false);
        while let Some((path, optional)) = stack.pop() {
            let Some(&id) = path.last() else { continue };
            let property = &cx.model.properties[id];
            if property.is_derived || property.is_static || facts.tags().has(property.element, "skip").is_some() {
                continue;
            }
            let resolved = self.resolve(cx, facts, report, id);
            let required = property.multiplicity.is_none_or(|written| written.value.is_required())
                && !resolved.optional
                && !resolved.nullable;
            let many = property.multiplicity.is_some_and(|written| written.value.is_many()) || resolved.many.is_some();
            if let (Some(inner), false, true) = (resolved.value, many, path.len() < LEVELS) {
                push(&mut stack, &path, inner, optional || !required);
                continue;
            }
            let mut value = resolved.fact(property.element);
            let mut reasons = resolved.reasons.clone();
            if many || resolved.value.is_some() {
                value = ValueFact::new(FieldKind::Json, property.element);
                let name = if many { "list" } else { "dict" };
                value.default = Some(DefaultFact::expr(Expr::Ref { module: "builtins", name }));
                value.blank = true;
            } else {
                refine(cx, facts, report, property, &mut value, &mut reasons);
                value.default = super::defaults::default(cx, facts, report, id, &value).map(Box::new);
                let found = presence(required && !optional, is_empty_text(&value.kind), false, None);
                (value.null, value.blank) = (found.null, found.blank);
                if required && optional {
                    // Not even text is empty: NULL tells that the value around it is absent.
                    (value.null, value.default) = (true, None);
                    found_parts.push(Part { path, value, reasons });
                    continue;
                }
                let is_file = matches!(value.kind, FieldKind::File { .. });
                if found.empty && value.default.is_none() && !is_file {
                    value.default = Some(DefaultFact::expr(Expr::str("")));
                }
                if value.default.is_none() && !value.null && resolved.empty_default.is_some() {
                    value.default.clone_from(&resolved.empty_default);
                    value.blank = true;
                }
            }
            found_parts.push(Part { path, value, reasons });
        }
        found_parts
    }
}

/// The one enumeration with literals that a tag names: by its path, an end of its path, or its name.
fn enumeration_called(cx: &Context<'_>, facts: &Facts, text: &str) -> Option<Id<Classifier>> {
    let fits = |id: &Id<Classifier>| {
        let path = cx.elements.path(cx.model.classifiers[*id].element);
        path == text || path.strip_suffix(text).is_some_and(|before| before.ends_with('.'))
    };
    let known = |id: &Id<Classifier>| facts.roles().enumeration(*id).is_some_and(|fact| !fact.literals.is_empty());
    let mut found = cx.model.classifiers.ids().filter(known).filter(fits);
    found.next().filter(|_| found.next().is_none())
}

/// The attributes of a data type, inherited ones first.
pub(super) fn value_attributes(cx: &Context<'_>, facts: &Facts, class: Id<Classifier>) -> Vec<Id<Property>> {
    let mut chain = vec![class];
    let mut at = 0;
    while at < chain.len() {
        for generalization in &cx.model.classifiers[chain[at]].generalizations {
            let general = generalization.general;
            if facts.roles().get(general) == Role::Value && !chain.contains(&general) {
                chain.push(general);
            }
        }
        at += 1;
    }
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for class in chain.into_iter().rev() {
        for &property in facts.connections().attributes_of(class) {
            if names.insert(name(&cx.model.properties[property]).to_lowercase()) {
                found.push(property);
            }
        }
    }
    found
}

/// The name of a field's class.
pub(super) fn class_of(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Boolean => "BooleanField",
        FieldKind::SmallInteger => "SmallIntegerField",
        FieldKind::Integer => "IntegerField",
        FieldKind::BigInteger => "BigIntegerField",
        FieldKind::PositiveSmallInteger => "PositiveSmallIntegerField",
        FieldKind::PositiveInteger => "PositiveIntegerField",
        FieldKind::PositiveBigInteger => "PositiveBigIntegerField",
        FieldKind::Float => "FloatField",
        FieldKind::Decimal { max_digits, decimal_places } => {
            return format!("DecimalField({max_digits}, {decimal_places})");
        }
        FieldKind::Char { max_length } => return format!("CharField({max_length})"),
        FieldKind::Text => "TextField",
        FieldKind::Email { .. } => "EmailField",
        FieldKind::Url { .. } => "URLField",
        FieldKind::Slug { .. } => "SlugField",
        FieldKind::Date { .. } => "DateField",
        FieldKind::DateTime { .. } => "DateTimeField",
        FieldKind::Time { .. } => "TimeField",
        FieldKind::Duration => "DurationField",
        FieldKind::Uuid => "UUIDField",
        FieldKind::GenericIpAddress => "GenericIPAddressField",
        FieldKind::Json => "JSONField",
        FieldKind::Binary => "BinaryField",
        FieldKind::File { .. } => "FileField",
        FieldKind::BigAuto => "BigAutoField",
        FieldKind::Array(base) => return format!("ArrayField({})", class_of(&base.kind)),
        FieldKind::Generated { .. } => "GeneratedField",
        FieldKind::Custom { class, .. } => return class.to_string(),
        FieldKind::ForeignKey(_) => "ForeignKey",
        FieldKind::OneToOne(_) => "OneToOneField",
        FieldKind::ManyToMany(_) => "ManyToManyField",
    }
    .to_owned()
}
