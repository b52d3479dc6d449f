//! Operations: the behavior of a model.

use super::Context;
use super::constraints::{OwnNames, code};
use super::rules;
use crate::account::Element;
use crate::django::behavior::{self, Annotation, Behavior, Stub, StubKind};
use crate::django::computed::Computed;
use crate::django::contract::{Contract, Demand};
use crate::django::field::Exposure;
use crate::django::{Field, FieldKind, Origin, Query};
use crate::facts::{ComputedFact, Definition, Moment, StubFact, StubSubject, Table, TableSubject, TypeFact, TypeOf};
use crate::policy::naming;
use crate::policy::text;
use crate::uml::model::{Classifier, Operation, Type, Visibility};
use crate::util::arena::Id;

/// The behavior of a table's model, if it has stubs.
pub(super) fn behavior(cx: &Context<'_>, table: Id<Table>, model: &str) -> Option<Behavior> {
    let fact = cx.facts.operations().behaviors.get(table)?;
    let stubs = fact.stubs.iter().map(|fact| stub(cx, table, fact)).collect();
    Some(Behavior { stubs, ..Behavior::new(model) })
}

/// What a table's model computes: the fields that the database fills in, and what the model does when it is asked.
pub(super) fn computed(cx: &Context<'_>, table: Id<Table>) -> (Vec<Field>, Vec<Query>) {
    let (mut fields, mut queries) = (Vec::new(), Vec::new());
    for fact in cx.facts.operations().computed.get(table).into_iter().flatten() {
        let (derivations, definitions) = (cx.facts.derivations(), cx.facts.definitions());
        let mut is_public = true;
        let (derived, definition, element, drawn, documentation) = match fact.subject {
            StubSubject::Attribute(id) => {
                let property = &cx.model.properties[id];
                is_public = !cx.settings.rules.visibility || property.visibility == Visibility::Public;
                let (derived, definition) = (derivations.attributes.get(&id), definitions.derived.get(&id));
                (derived, definition, property.element, &property.name, &property.documentation)
            }
            StubSubject::Operation(class, place) => {
                let operation = &cx.model.classifiers[class].operations[place];
                let derived = derivations.bodies.get(&operation.element);
                // Its documentation has the text of its own constraints.
                let is_of_class = |it: &&Definition| it.rule.is_some_and(|key| definitions.rules.contains_key(&key));
                let definition = definitions.bodies.get(&operation.element).filter(is_of_class);
                (derived, definition, operation.element, &operation.name, &operation.documentation)
            }
        };
        let Some(derived) = derived else { continue };
        let origin = Origin { element, reasons: fact.reasons.clone() };
        let documentation = documentation.as_ref().map(|documentation| documentation.value.as_str());
        if let (Some(kind), Computed::Value(value)) = (&derived.column, &derived.result)
            && let Some(formula) = value.generated(&OwnNames { cx }, places(kind))
        {
            let output = Box::new(Field::new("", kind.clone(), origin.clone()));
            let mut field = Field::new(fact.name.clone(), FieldKind::Generated { formula, output }, origin);
            let drawn = drawn.as_ref().map_or("", |name| name.value.as_str());
            let derived_name = naming::django_field_verbose_name(&fact.name);
            field.verbose_name = naming::verbose_name(drawn, &derived_name);
            if !derived.is_plain || !is_public {
                field.exposure = Exposure::Kept;
            }
            if cx.settings.rules.help_text {
                field.help_text = documentation.and_then(text::help_text);
            }
            fields.push(field);
            continue;
        }
        let Some(result) = derived.result.map(&mut |named| rules::named(cx, *named)) else { continue };
        let returns = known(cx, table, &derived.ty);
        let mut paragraphs =
            vec![documentation.and_then(text::documentation).unwrap_or_else(|| behavior::sentence(&fact.name))];
        paragraphs.extend(definition.map(|definition| {
            let text = definition.rules.tree.print(definition.root);
            format!("In the diagram: {text}")
        }));
        let doc = text::documentation(&paragraphs.join("\n\n")).unwrap_or_default();
        queries.push(Query {
            name: fact.name.clone(),
            parameters: parameters(cx, table, fact),
            result,
            contract: contract(cx, element),
            returns,
            is_shown: derived.is_plain && is_public && fact.parameters.is_none(),
            doc,
            origin,
        });
    }
    (fields, queries)
}

/// What the diagram demands and promises of an operation.
fn contract(cx: &Context<'_>, operation: Element) -> Contract {
    let mut contract = Contract::default();
    for fact in cx.facts.derivations().contracts.get(&operation).into_iter().flatten() {
        let Some(test) = fact.test.map(&mut |named| rules::named(cx, *named)) else { continue };
        let demand = Demand { test, message: fact.message.clone(), code: code(fact.name.as_deref()) };
        match fact.moment {
            Moment::Before => contract.before.push(demand),
            Moment::After => contract.after.push(demand),
        }
    }
    contract
}

/// What goes into a query.
fn parameters(cx: &Context<'_>, table: Id<Table>, fact: &ComputedFact) -> Option<Vec<(String, Annotation)>> {
    let parameters = fact.parameters.as_ref()?;
    Some(parameters.iter().map(|(name, ty)| (name.clone(), known(cx, table, ty))).collect())
}

/// The type in Python, whatever it is.
fn known(cx: &Context<'_>, table: Id<Table>, ty: &TypeFact) -> Annotation {
    let unknown = || Annotation { is_many: ty.is_many, ..Annotation::known("builtins", "object") };
    annotation(cx, table, ty).unwrap_or_else(unknown)
}

/// The places of an exact number.
fn places(kind: &FieldKind) -> Option<u32> {
    match kind {
        FieldKind::Decimal { decimal_places, .. } => Some(*decimal_places),
        _ => None,
    }
}

pub(super) fn stub(cx: &Context<'_>, table: Id<Table>, fact: &StubFact) -> Stub {
    let mut is_clear = true;
    let mut annotation = |ty: &TypeFact| {
        annotation(cx, table, ty).unwrap_or_else(|| {
            is_clear = false;
            Annotation { is_many: ty.is_many, is_optional: ty.is_optional, ..Annotation::known("builtins", "object") }
        })
    };
    let parameters = fact.parameters.iter().map(|(name, ty)| (name.clone(), annotation(ty))).collect();
    let mut results: Vec<Annotation> = fact.results.iter().map(&mut annotation).collect();
    let is_own = |ty: &TypeFact| matches!(ty.of, TypeOf::Row(row) if row == table) && ty.is_many;
    if fact.kind == StubKind::Rows && fact.results.iter().all(is_own) {
        // So that questions can be asked one behind the other.
        results = vec![Annotation::known("typing", "Self")];
    }
    let mut paragraphs = Vec::new();
    let mut has_documentation = true;
    let element = match fact.subject {
        StubSubject::Operation(class, place) => {
            let operation = &cx.model.classifiers[class].operations[place];
            paragraphs.extend(operation.documentation.as_ref().and_then(|doc| text::documentation(&doc.value)));
            has_documentation = !paragraphs.is_empty();
            if fact.is_query && fact.kind == StubKind::Method {
                paragraphs.push("It only asks: nothing changes.".to_owned());
            }
            if !is_clear {
                paragraphs.push(format!("In the diagram: {}.", signature(cx, operation)));
            }
            operation.element
        }
        StubSubject::Attribute(id) => {
            let property = &cx.model.properties[id];
            paragraphs.extend(property.documentation.as_ref().and_then(|doc| text::documentation(&doc.value)));
            property.element
        }
    };
    let is_no_summary = |text: &String| {
        // A signature, or a word that is spelled like a name.
        let word = text.split_whitespace().next().unwrap_or_default();
        let is_name = word.starts_with(char::is_lowercase) && word.contains(char::is_uppercase);
        is_name || text.contains(&format!("{}(", fact.name))
    };
    if paragraphs.first().is_some_and(|first| !has_documentation || is_no_summary(first)) {
        paragraphs.insert(0, behavior::sentence(&fact.name));
    }
    let joined = paragraphs.join("\n\n");
    Stub {
        name: fact.name.clone(),
        kind: fact.kind,
        is_query: fact.is_query,
        parameters,
        results,
        doc: if joined.is_empty() { None } else { text::documentation(&joined) },
        contract: match fact.kind {
            StubKind::Method | StubKind::Property => contract(cx, element),
            StubKind::ClassMethod | StubKind::Text | StubKind::Rows => Contract::default(),
        },
        origin: Origin { element, reasons: fact.reasons.clone() },
    }
}

/// The operation as drawn: `add(item: Item, count: Integer): Boolean`.
fn signature(cx: &Context<'_>, operation: &Operation) -> String {
    let named = |ty: &Type| match ty {
        Type::Classifier(class, _) => cx.model.classifier_name(*class).trim().to_owned(),
        Type::Named(name) => name.value.trim().to_owned(),
        Type::Absent | Type::Unknown(_) => String::new(),
    };
    let typed =
        |ty: &Type| Some(named(ty)).filter(|name| !name.is_empty()).map_or(String::new(), |name| format!(": {name}"));
    let name = |name: &Option<crate::source::Name>| name.as_ref().map_or("", |name| name.value.trim()).to_owned();
    let (mut inside, mut result) = (Vec::new(), String::new());
    for parameter in &operation.parameters {
        match parameter.direction.as_str() {
            "return" | "result" => result = typed(&parameter.ty),
            direction @ ("out" | "inout") => {
                inside.push(format!("{direction} {}{}", name(&parameter.name), typed(&parameter.ty)));
            }
            _ => inside.push(format!("{}{}", name(&parameter.name), typed(&parameter.ty))),
        }
    }
    format!("{}({}){result}", name(&operation.name), inside.join(", "))
}

/// The type in Python; `None` if there is none.
fn annotation(cx: &Context<'_>, table: Id<Table>, ty: &TypeFact) -> Option<Annotation> {
    let of = match &ty.of {
        TypeOf::Field(kind) => {
            let (module, name) = kind.python_type();
            Annotation::known(module, name)
        }
        TypeOf::Row(row) => {
            let key = cx.key(*row);
            let module = if cx.is_shared(*row) { "abstract" } else { "models" };
            Annotation::ours(format!("{}.{module}", key.app), key.name)
        }
        TypeOf::Member(class) => {
            let key = cx.choices(*class)?;
            Annotation::ours(format!("{}.choices", key.app), key.name)
        }
        TypeOf::Value(class) => embedded(cx, table, *class)?,
        TypeOf::Unknown => return None,
    };
    Some(Annotation { is_many: ty.is_many, is_optional: ty.is_optional, ..of })
}

/// The class of a data type's values, where a model of the same app has such values.
fn embedded(cx: &Context<'_>, table: Id<Table>, class: Id<Classifier>) -> Option<Annotation> {
    let tables = &cx.facts.tables().tables;
    let app = tables[table].app;
    let mut holders = tables.iter().filter(|(id, other)| other.app == app && !cx.is_shared(*id));
    let is_there = holders.any(|(_, other)| other.embedded.iter().any(|embedded| embedded.class == class));
    let name = naming::class_name(cx.model.classifier_name(class))?.name;
    // A model of the same name would have it alone.
    let is_taken = tables.iter().any(|(id, other)| {
        other.app == app && cx.facts.names().tables.get(id).is_some_and(|names| names.class == name)
    });
    let is_class = matches!(tables[table].subject, TableSubject::Class(_));
    (is_there && is_class && !is_taken)
        .then(|| Annotation::ours(format!("{}.models", cx.facts.apps().list[app].label), name))
}
