//! What types are in Python.

use std::collections::BTreeMap;

use crate::facts::{Facts, Role, TypeFact, TypeOf};
use crate::policy::operations as policy;
use crate::policy::types;
use crate::resolve::Context;
use crate::uml::model::{Classifier, Operation, Parameter, Type};
use crate::util::arena::Id;

/// Looks up the types of parameters, results and derived attributes.
pub(in crate::resolve) struct TypeNames<'a> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    classes: BTreeMap<String, Option<Id<Classifier>>>,
}

/// Classifiers by the normal form of their names, where one has it alone.
fn classes(cx: &Context<'_>) -> BTreeMap<String, Option<Id<Classifier>>> {
    let mut found: BTreeMap<String, Option<Id<Classifier>>> = BTreeMap::new();
    for id in cx.model.classifiers.ids() {
        let name = types::normal(cx.model.classifier_name(id));
        found.entry(name).and_modify(|known| *known = None).or_insert(Some(id));
    }
    found
}

/// What goes in and what comes out of an operation.
pub(in crate::resolve) struct Signature<'a> {
    pub(in crate::resolve) inputs: Vec<Input<'a>>,
    pub(in crate::resolve) results: Vec<TypeFact>,
    /// Parameters that come out.
    pub(in crate::resolve) outputs: Vec<TypeFact>,
}

/// What goes in.
pub(in crate::resolve) struct Input<'a> {
    /// The name in the diagram.
    pub(in crate::resolve) drawn: Option<&'a str>,
    /// The name in Python.
    pub(in crate::resolve) name: String,
    pub(in crate::resolve) ty: TypeFact,
}

/// Whether a parameter goes in.
pub(in crate::resolve) fn is_input(parameter: &Parameter) -> bool {
    !matches!(parameter.direction.as_str(), "out" | "return" | "result")
}

impl<'a> TypeNames<'a> {
    /// The parameters and results of an operation.
    pub(in crate::resolve) fn signature(&self, operation: &'a Operation) -> Signature<'a> {
        let (mut inputs, mut results, mut outputs) = (Vec::<Input<'_>>::new(), Vec::new(), Vec::new());
        for parameter in &operation.parameters {
            let ty = self.of(&parameter.ty, parameter.is_many);
            if is_input(parameter) {
                let drawn = parameter.name.as_ref().map(|name| name.value.as_str());
                let taken = |name: &str| inputs.iter().any(|known| known.name == name);
                let name = policy::parameter(drawn, self.name(&parameter.ty), taken);
                let unknown = TypeFact { of: TypeOf::Unknown, is_many: false, is_optional: false };
                inputs.push(Input { drawn, name, ty: ty.clone().unwrap_or(unknown) });
            }
            match (ty, parameter.direction.as_str()) {
                (Some(ty), "return" | "result") => results.push(ty),
                (Some(ty), "out" | "inout") => outputs.push(ty),
                _ => {}
            }
        }
        Signature { inputs, results, outputs }
    }

    pub(in crate::resolve) fn new(cx: &'a Context<'a>, facts: &'a Facts) -> Self {
        Self { cx, facts, classes: classes(cx) }
    }

    /// The name of a type.
    pub(super) fn name(&self, ty: &'a Type) -> &'a str {
        match ty {
            Type::Classifier(class, _) => self.cx.model.classifier_name(*class),
            Type::Named(name) => &name.value,
            Type::Absent | Type::Unknown(_) => "",
        }
    }

    /// What a type is in Python; `None` for `void`.
    pub(in crate::resolve) fn of(&self, ty: &Type, is_many: bool) -> Option<TypeFact> {
        let fact = |of: TypeOf| Some(TypeFact { of, is_many, is_optional: false });
        match ty {
            Type::Absent => None,
            Type::Unknown(_) => fact(TypeOf::Unknown),
            Type::Classifier(class, _) => {
                let name = self.cx.model.classifier_name(*class);
                if policy::is_nothing(name) { None } else { fact(self.class(*class)) }
            }
            Type::Named(name) if policy::is_nothing(&name.value) => None,
            Type::Named(name) => {
                let (element, many, is_optional) = types::element(&name.value);
                let of = match self.field(&name.value) {
                    Some(field) => field,
                    None => match self.classes.get(&element).copied().flatten() {
                        Some(class) => self.class(class),
                        None => TypeOf::Unknown,
                    },
                };
                Some(TypeFact { of, is_many: is_many || many, is_optional: is_optional && !many })
            }
        }
    }

    /// What a field of a type of this name holds.
    fn field(&self, name: &str) -> Option<TypeOf> {
        let settings = self.cx.settings;
        if let Some((_, found, _)) = types::from_settings(name, &settings.types) {
            return Some(TypeOf::Field(found.kind));
        }
        if let Some((kind, _)) = types::class_from_settings(name, &settings.type_classes) {
            return Some(TypeOf::Field(kind));
        }
        types::from_table(name).map(|found| TypeOf::Field(found.kind))
    }

    fn class(&self, class: Id<Classifier>) -> TypeOf {
        let (model, facts) = (self.cx.model, self.facts);
        if let Some(&table) = facts.tables().of_class.get(class) {
            return TypeOf::Row(table);
        }
        match facts.roles().get(class) {
            Role::Enumeration if facts.names().enumerations.get(class).is_some() => TypeOf::Member(class),
            Role::Enumeration => TypeOf::Field(crate::policy::enumeration::OPEN),
            Role::Value => TypeOf::Value(class),
            Role::Entity | Role::Interface => TypeOf::Unknown,
            Role::Named | Role::Alias => {
                // A type's own name, else what it stands for or specializes.
                let mut seen = vec![class];
                let mut at = 0;
                while let Some(&here) = seen.get(at) {
                    at += 1;
                    let classifier = &model.classifiers[here];
                    let represents = classifier.represents.as_ref().map(|name| name.value.as_str());
                    let names = [Some(model.classifier_name(here)), represents];
                    if let Some(found) = names.into_iter().flatten().find_map(|name| self.field(name)) {
                        return found;
                    }
                    if facts.names().enumerations.get(here).is_some() {
                        return TypeOf::Member(here);
                    }
                    let above = classifier.generalizations.iter().map(|relation| relation.general);
                    seen.extend(above.filter(|general| !seen.contains(general)).collect::<Vec<_>>());
                }
                TypeOf::Unknown
            }
        }
    }
}
