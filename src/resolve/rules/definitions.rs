//! Pass 0: which texts define something: how derived attributes are computed, what attributes start with, what queries give, what operations
//! demand and promise. This is syntax only; `derive` and `contracts` find out what they mean.

use crate::django::contract::RESULT;
use crate::facts::{Defined, Definition, Definitions, Moment, RuleKey, Stated, Tags};
use crate::resolve::{Context, ends};
use crate::source::Spanned;
use crate::uml::model::{Classifier, Constraint, ConstraintRole, DefaultKind, Operation, Property};
use crate::uml::ocl::{self, BinaryOp, Kind, NodeId, RuleKind, Rules};
use crate::util::arena::Id;

pub(in crate::resolve) fn run(cx: &Context<'_>, tags: &Tags) -> Definitions {
    let mut found = Definitions::default();
    for (_, classifier) in cx.model.classifiers.iter().filter(|(_, classifier)| !classifier.is_library) {
        let mut pass = Pass { cx, tags, classifier, found: &mut found };
        pass.class();
    }
    found
}

/// What a rule states: the place of its constraint says it where the text does not.
pub(super) fn kind(constraint: &Constraint, rule: &ocl::Rule) -> RuleKind {
    match (rule.kind, constraint.role) {
        (RuleKind::Invariant, ConstraintRole::Before) => RuleKind::Before,
        (RuleKind::Invariant, ConstraintRole::After) => RuleKind::After,
        (RuleKind::Invariant, ConstraintRole::Body) => RuleKind::Body,
        (RuleKind::Invariant, ConstraintRole::Derivation) => RuleKind::Derive,
        (RuleKind::Invariant, ConstraintRole::Initial) => RuleKind::Init,
        (kind, _) => kind,
    }
}

/// What stands behind `result =`.
fn result(rules: &Rules, root: NodeId) -> Option<NodeId> {
    match rules.tree.node(root).kind {
        Kind::Binary(BinaryOp::Equal, left, right) if rules.tree.node(left).kind == Kind::Name(RESULT.to_owned()) => {
            Some(right)
        }
        _ => None,
    }
}

/// When a condition of an operation must hold.
fn moment(kind: RuleKind) -> Option<Moment> {
    match kind {
        RuleKind::Before => Some(Moment::Before),
        RuleKind::After => Some(Moment::After),
        _ => None,
    }
}

/// Whether a name is one: some tools write the text where its name should be.
pub(super) fn is_name(name: &str, constraint: &Constraint) -> bool {
    !name.is_empty() && name != constraint.body.value.trim() && name.len() <= 60
}

/// Whether an attribute or end is derived: drawn so, or by a stereotype; and so is an end of an association that is not stored.
pub(in crate::resolve) fn is_derived(cx: &Context<'_>, tags: &Tags, property: &Property) -> bool {
    match property.association {
        Some(association) => ends::is_derived(cx, association),
        None => property.is_derived || tags.has(property.element, "computed").is_some(),
    }
}

struct Pass<'a, 'b> {
    cx: &'a Context<'a>,
    tags: &'a Tags,
    classifier: &'a Classifier,
    found: &'b mut Definitions,
}

impl<'a> Pass<'a, '_> {
    fn class(&mut self) {
        let model = self.cx.model;
        for constraint in &self.classifier.constraints {
            self.constraint(constraint, None);
        }
        for &id in &self.classifier.attributes {
            let property = &model.properties[id];
            for constraint in &property.constraints {
                self.constraint(constraint, Some(id));
            }
            self.default(id);
        }
        for operation in &self.classifier.operations {
            for constraint in &operation.constraints {
                self.around(constraint, operation);
            }
        }
    }

    /// `body: ..`, or `result = ..` behind a query, with or without `post:` in front; else what must hold before and after.
    fn around(&mut self, constraint: &Constraint, operation: &Operation) {
        let body = &constraint.body.value;
        let might = constraint.role != ConstraintRole::Invariant
            || ["body", "result", "pre", "post"].iter().any(|word| body.contains(word));
        let Some(is_sure) = constraint.is_ocl().filter(|_| might) else { return };
        let (offset, text) = ocl::unbraced(body);
        let Ok(rules) = ocl::parse(text, false) else { return };
        for (place, rule) in rules.rules.iter().enumerate() {
            let kind = kind(constraint, rule);
            let result = result(&rules, rule.root).or((kind == RuleKind::Body).then_some(rule.root));
            let is_body = !operation.is_static && (operation.is_query || kind == RuleKind::Body);
            let key = Some((constraint.element, place));
            let (rules, text) = (rules.clone(), constraint.body.clone());
            let definition = |root| Definition { rules, root, text, offset, rule: key, is_sure };
            match (result.filter(|_| is_body && kind != RuleKind::Before), moment(kind)) {
                (Some(root), _) => {
                    self.found.bodies.entry(operation.element).or_insert_with(|| definition(root));
                }
                (None, Some(moment)) => self.stated(operation, moment, constraint, rule, definition(rule.root)),
                (None, None) => {}
            }
        }
    }

    fn stated(
        &mut self,
        operation: &Operation,
        moment: Moment,
        constraint: &Constraint,
        rule: &ocl::Rule,
        condition: Definition,
    ) {
        let named = || constraint.name.as_ref().map(|name| name.value.trim().to_owned());
        let name = rule.name.clone().or_else(named).filter(|name| is_name(name, constraint));
        let documentation = constraint.documentation.as_ref().map(|text| text.value.trim().to_owned());
        let documentation = documentation.filter(|text| !text.is_empty());
        let stated = Stated { moment, name, documentation, condition };
        self.found.stated.entry(operation.element).or_default().push(stated);
    }

    /// The operation of this name, if it is the only one.
    fn operation(&self, name: &str) -> Option<&'a Operation> {
        let is_named = |it: &&Operation| it.name.as_ref().is_some_and(|known| known.value.trim() == name);
        let mut all = self.classifier.operations.iter().filter(is_named);
        let first = all.next();
        first.filter(|_| all.next().is_none())
    }

    /// The rules of a constraint of the class, or of one of its attributes.
    fn constraint(&mut self, constraint: &Constraint, of: Option<Id<Property>>) {
        let body = &constraint.body.value;
        // Few constraints define anything: only what might is parsed.
        let might = constraint.role != ConstraintRole::Invariant
            || ["derive", "init", "def", "body", "pre", "post", "="].iter().any(|word| body.contains(word));
        let Some(is_sure) = constraint.is_ocl().filter(|_| might) else { return };
        let (offset, text) = ocl::unbraced(body);
        let Ok(rules) = ocl::parse(text, of.is_some()) else { return };
        for (place, rule) in rules.rules.iter().enumerate() {
            // `context Order::total derive: ..` names it, else the constraint stands at it or has its name.
            let named = rule.context.as_ref().filter(|context| context.len() > 1).and_then(|context| context.last());
            let named = named.or(rule.name.as_ref()).map(String::as_str);
            let same = || constraint.name.as_ref().map(|name| name.value.trim());
            let subject = || of.or_else(|| named.or_else(same).and_then(|name| self.attribute(name)));
            let key: RuleKey = (constraint.element, place);
            let definition = |root: NodeId| Definition {
                rules: rules.clone(),
                root,
                text: constraint.body.clone(),
                offset,
                rule: Some(key),
                is_sure,
            };
            match kind(constraint, rule) {
                RuleKind::Derive => {
                    if let Some(id) = subject() {
                        self.derived(id, definition(rule.root), key);
                    }
                }
                RuleKind::Init => {
                    if let Some(id) = subject() {
                        self.found.rules.insert(key, Defined::Initial(id));
                        self.found.initial.entry(id).or_insert_with(|| definition(rule.root));
                    }
                }
                RuleKind::Invariant => {
                    // What a derived attribute is equal to is how it is computed.
                    if let Some((id, root)) = self.equation(&rules, rule.root, of) {
                        self.derived(id, definition(root), key);
                    }
                }
                // The query of a derived attribute may be drawn as its constraint as well.
                RuleKind::Body if of.is_some() => {
                    let root = result(&rules, rule.root).unwrap_or(rule.root);
                    if let Some(id) = of {
                        self.derived(id, definition(root), key);
                    }
                }
                RuleKind::Body => self.body(named, key, definition(rule.root)),
                RuleKind::Before | RuleKind::After => {
                    let operation = named.and_then(|name| self.operation(name));
                    if let (Some(operation), Some(moment)) = (operation, moment(rule.kind)) {
                        self.found.rules.insert(key, Defined::Stated(operation.element));
                        self.stated(operation, moment, constraint, rule, definition(rule.root));
                    }
                }
                // The class has it: as a helper, or because it was drawn, too.
                RuleKind::Define => match &rule.helper {
                    Some(helper) if helper.parameters.is_some() => self.body(named, key, definition(rule.root)),
                    _ => {
                        if let Some(id) = rule.name.as_deref().and_then(|name| self.attribute(name)) {
                            self.derived(id, definition(rule.root), key);
                        }
                    }
                },
            }
        }
    }

    /// What the operation of this name gives.
    fn body(&mut self, name: Option<&str>, key: RuleKey, definition: Definition) {
        let operation = name.and_then(|name| self.operation(name)).filter(|operation| !operation.is_static);
        if let Some(operation) = operation {
            self.found.rules.insert(key, Defined::Body(operation.element));
            self.found.bodies.entry(operation.element).or_insert(definition);
        }
    }

    fn derived(&mut self, id: Id<Property>, definition: Definition, key: RuleKey) {
        if is_derived(self.cx, self.tags, &self.cx.model.properties[id]) && !self.found.derived.contains_key(&id) {
            self.found.rules.insert(key, Defined::Derived(id));
            self.found.derived.insert(id, definition);
        }
    }

    /// `total = net + tax`, where `total` is a derived attribute.
    fn equation(&self, rules: &Rules, root: NodeId, of: Option<Id<Property>>) -> Option<(Id<Property>, NodeId)> {
        let Kind::Binary(BinaryOp::Equal, left, right) = rules.tree.node(root).kind else { return None };
        let name = match &rules.tree.node(left).kind {
            Kind::Name(name) => name,
            Kind::Member { of: own, name, .. } if rules.tree.node(*own).kind == Kind::Own => name,
            Kind::Subject | Kind::Own => return of.map(|id| (id, right)),
            _ => return None,
        };
        let id = self.attribute(name).filter(|&id| is_derived(self.cx, self.tags, &self.cx.model.properties[id]))?;
        Some((id, right))
    }

    fn attribute(&self, name: &str) -> Option<Id<Property>> {
        let properties = &self.cx.model.properties;
        let is_named =
            |id: &&Id<Property>| properties[**id].name.as_ref().is_some_and(|known| known.value.trim() == name);
        self.classifier.attributes.iter().find(is_named).copied()
    }

    /// The default value of a derived attribute is how it is computed, if it is computed from something.
    fn default(&mut self, id: Id<Property>) {
        let property = &self.cx.model.properties[id];
        let Some(default) = &property.default else { return };
        let is_text = matches!(default.kind, DefaultKind::Literal | DefaultKind::Expression);
        if !is_text || !is_derived(self.cx, self.tags, property) || self.found.derived.contains_key(&id) {
            return;
        }
        let text: &Spanned<String> = &default.text;
        let (offset, inner) = ocl::unbraced(&text.value);
        let Ok(rules) = ocl::parse(inner, false) else { return };
        let [rule] = rules.rules.as_slice() else { return };
        let root = match self.equation(&rules, rule.root, None) {
            Some((same, root)) if same == id => root,
            _ => rule.root,
        };
        // One word may be a value, too: whether it is one is known when names are looked up.
        let computes = !rules.tree.names().is_empty();
        if matches!(rule.kind, RuleKind::Invariant | RuleKind::Derive) && computes {
            let text = text.clone();
            self.found.derived.insert(id, Definition { rules, root, text, offset, rule: None, is_sure: false });
        }
    }
}
