//! Pass 8a: what the definitions of derived attributes mean, and where they are computed (django-mapping 1.1 and 10).
//!
//! The database computes what it can, so that rows can be filtered and sorted by it: sums of numbers and joined texts of one row. The model
//! computes the rest when it is asked.

use std::collections::BTreeMap;

use super::contracts;
use super::members::Members;
use super::place::OwnColumns;
use super::types::{Fault, Ty, Typed, Wrong};
use super::typing::{Own, Typing};
use super::{because, diagnostic};
use crate::account::Element;
use crate::decision::Reason;
use crate::diagnostic::{Report, codes};
use crate::django::FieldKind;
use crate::django::computed::Computed;
use crate::django::field::Auto;
use crate::django::logic::{Term, Test};
use crate::facts::{
    ColumnKind, Definition, Derivations, DerivedFact, Facts, Named, RuleKey, Table, TableSubject, TypeFact, TypeOf,
    ValueFact, reason,
};
use crate::policy::derivation::{self as policy, Made};
use crate::resolve::Context;
use crate::resolve::operations::{Signature, TypeNames};
use crate::uml::model::{ClassifierKind, Operation, Property, PropertyOwner};
use crate::uml::ocl;
use crate::util::arena::Id;

/// Why definitions that come from a constraint were not translated.
pub(crate) type Verdicts = BTreeMap<RuleKey, Wrong>;

pub(in crate::resolve) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> (Derivations, Verdicts) {
    let (mut found, mut verdicts) = (Derivations::default(), Verdicts::new());
    let definitions = facts.definitions();
    if definitions.derived.is_empty() && definitions.bodies.is_empty() && definitions.stated.is_empty() {
        return (found, verdicts);
    }
    let members = Members::new(cx, facts);
    let children = facts.tables().children();
    let of_class = |definition: &Definition| definition.rule.is_some_and(|key| definitions.rules.contains_key(&key));
    let pass = Pass { members: &members, children: &children, types: TypeNames::new(cx, facts) };
    for (id, table) in facts.tables().tables.iter() {
        let TableSubject::Class(class) = table.subject else { continue };
        for &property in &cx.model.classifiers[class].attributes {
            let Some(definition) = definitions.derived.get(&property) else { continue };
            match pass.attribute(id, property, definition) {
                Ok(fact) => {
                    found.reasons.extend(definition.rule.map(|key| (key, fact.reason.clone())));
                    found.attributes.insert(property, fact);
                }
                Err(wrong) => match definition.rule {
                    Some(key) => drop(verdicts.insert(key, wrong)),
                    None => {
                        let element = cx.model.properties[property].element;
                        told(&members, id, element, "derivation", definition, &wrong, report);
                    }
                },
            }
        }
        for operation in &cx.model.classifiers[class].operations {
            let Some(definition) = definitions.bodies.get(&operation.element) else { continue };
            match pass.body(id, operation, definition) {
                Ok(fact) => {
                    found.reasons.extend(definition.rule.map(|key| (key, fact.reason.clone())));
                    found.bodies.insert(operation.element, fact);
                }
                // Constraints of operations are told of here alone.
                Err(wrong) => {
                    if of_class(definition) || told(&members, id, operation.element, "body", definition, &wrong, report)
                    {
                        verdicts.extend(definition.rule.map(|key| (key, wrong)));
                    }
                }
            }
        }
        for operation in &cx.model.classifiers[class].operations {
            for stated in definitions.stated.get(&operation.element).into_iter().flatten() {
                let definition = &stated.condition;
                match pass.demand(id, operation, stated) {
                    Ok((reason, demand)) => {
                        found.reasons.extend(definition.rule.map(|key| (key, reason)));
                        found.contracts.entry(operation.element).or_default().extend(demand);
                    }
                    Err(wrong) => {
                        let word = contracts::word(stated.moment);
                        if of_class(definition)
                            || told(&members, id, operation.element, word, definition, &wrong, report)
                        {
                            verdicts.extend(definition.rule.map(|key| (key, wrong)));
                        }
                    }
                }
            }
        }
    }
    of_values(cx, facts, &mut verdicts, report);
    (found, verdicts)
}

/// Values of data types stand in columns of others: rules may read what is derived there, and nothing computes it.
fn of_values(cx: &Context<'_>, facts: &Facts, verdicts: &mut Verdicts, report: &mut Report) {
    for (&id, definition) in &facts.definitions().derived {
        let property = &cx.model.properties[id];
        let PropertyOwner::Classifier(class) = property.owner else { continue };
        let is_value = cx.model.classifiers[class].kind == ClassifierKind::DataType;
        if !is_value || facts.tables().of_class.get(class).is_some() {
            continue;
        }
        let wrong = Wrong {
            at: definition.rules.tree.node(definition.root).at.clone(),
            message: "serves rules only: values of data types compute nothing".to_owned(),
            help: None,
            fault: Fault::Unsupported,
        };
        match definition.rule {
            Some(key) => drop(verdicts.insert(key, wrong)),
            None => {
                let title = format!("the derivation of `{}`", cx.elements.path(property.element));
                let (text, offset) = (&definition.text, definition.offset);
                report.add(diagnostic(cx, property.element, &title, text, offset, &codes::U1101, &wrong));
            }
        }
    }
}

/// What a field holds.
fn fact_of(kind: &FieldKind) -> TypeFact {
    TypeFact { of: TypeOf::Field(kind.clone()), is_many: false, is_optional: false }
}

/// The type of a number.
fn kind_of(declared: &TypeFact) -> Option<Ty> {
    match &declared.of {
        TypeOf::Field(kind) => Ty::of_kind(kind),
        _ => None,
    }
}

/// What values of a type are in Python.
fn plain(ty: Ty) -> TypeOf {
    TypeOf::Field(match ty {
        Ty::Boolean => FieldKind::Boolean,
        Ty::Integer => FieldKind::Integer,
        Ty::Decimal => FieldKind::Decimal { max_digits: 1, decimal_places: 0 },
        Ty::Float => FieldKind::Float,
        Ty::Text => FieldKind::Text,
        Ty::Date => FieldKind::Date { auto: Auto::No },
        Ty::DateTime => FieldKind::DateTime { auto: Auto::No },
        Ty::Time => FieldKind::Time { auto: Auto::No },
        Ty::Duration => FieldKind::Duration,
        Ty::Other => return TypeOf::Unknown,
        Ty::Enumeration(class) => return TypeOf::Member(class),
        Ty::Row(table) => return TypeOf::Row(table),
    })
}

/// Says what is wrong with a text that is no constraint of a class and defines something; not if it may be prose.
fn told(
    members: &Members<'_, '_>,
    table: Id<Table>,
    element: Element,
    word: &str,
    definition: &Definition,
    wrong: &Wrong,
    report: &mut Report,
) -> bool {
    let names = definition.rules.tree.names();
    if !definition.is_sure && names.iter().all(|name| members.member(table, name).is_none()) {
        return false;
    }
    let cx = members.cx;
    let code = if wrong.fault == Fault::Unsupported { &codes::U1101 } else { &codes::U1102 };
    let title = format!("the {word} of `{}`", cx.elements.path(element));
    let about = definition.rule.map_or(element, |(constraint, _)| constraint);
    report.add(diagnostic(cx, about, &title, &definition.text, definition.offset, code, wrong));
    true
}

/// The type of one value that is always there, if rules can speak of it.
pub(super) fn one(ty: &TypeFact) -> Option<Ty> {
    if ty.is_many || ty.is_optional {
        return None;
    }
    match &ty.of {
        TypeOf::Field(kind) => Ty::of_kind(kind),
        TypeOf::Row(table) => Some(Ty::Row(*table)),
        TypeOf::Member(class) => Some(Ty::Enumeration(*class)),
        TypeOf::Value(_) | TypeOf::Unknown => None,
    }
}

pub(super) struct Pass<'s, 'a, 'b> {
    pub(super) members: &'s Members<'a, 'b>,
    children: &'s [Vec<Id<Table>>],
    pub(super) types: TypeNames<'a>,
}

impl<'s, 'a, 'b> Pass<'s, 'a, 'b> {
    fn attribute(&self, table: Id<Table>, id: Id<Property>, definition: &Definition) -> Result<DerivedFact, Wrong> {
        let property = &self.members.cx.model.properties[id];
        let many = property.multiplicity.is_some_and(|written| written.value.is_many());
        let declared = self.types.of(&property.ty, many);
        let own = Own::row(table, Term::Row(0));
        let typing = Typing::of_definition(self.members, &definition.rules.tree, own, property.element);
        let (result, ty) = self.result(typing, definition, declared.as_ref())?;
        let rule = because("the database computes what it can", definition.text.span);
        Ok(match self.column(table, &result, ty, declared.as_ref()) {
            Ok(kind) => {
                let reason = reason("a generated column", "it reads one row", rule);
                let is_plain = self.is_plain(table, &result);
                DerivedFact { result, ty: fact_of(&kind), column: Some(kind), is_plain, reason }
            }
            Err(why) => self.computed(table, result, ty, declared, reason("a property of the model", why, rule)),
        })
    }

    /// Names what goes into an operation.
    pub(super) fn inside<'t>(
        &self,
        table: Id<Table>,
        signature: &Signature<'_>,
        tree: &'t ocl::Tree,
    ) -> Typing<'a, 'b, 't>
    where
        's: 't,
    {
        let own = Own::row(table, Term::Row(0));
        let mut typing = Typing::new(self.members, tree, own);
        for input in &signature.inputs {
            if let (Some(drawn), Some(ty)) = (input.drawn, one(&input.ty)) {
                typing.define(drawn.trim(), Typed::Value(Term::Parameter(input.name.clone()), ty));
            }
        }
        typing
    }

    /// The method of a query.
    fn body(&self, table: Id<Table>, operation: &'a Operation, definition: &Definition) -> Result<DerivedFact, Wrong> {
        let signature = self.types.signature(operation);
        let typing = self.inside(table, &signature, &definition.rules.tree);
        let declared = signature.results.into_iter().next();
        let (result, ty) = self.result(typing, definition, declared.as_ref())?;
        let why = "the diagram says what it gives";
        let because = because("a query with a body needs no code of yours", definition.text.span);
        Ok(self.computed(table, result, ty, declared, reason("a method of the model", why, because)))
    }

    /// What an expression gives, if that is what is declared.
    fn result(
        &self,
        mut typing: Typing<'a, '_, '_>,
        definition: &Definition,
        declared: Option<&TypeFact>,
    ) -> Result<(Computed<Named>, Ty), Wrong> {
        let typed = typing.typed(definition.root)?;
        let at = definition.rules.tree.node(definition.root).at.clone();
        let wrong = |fault, message: String| Err(Wrong { at: at.clone(), message, help: None, fault });
        let (result, ty) = match typed {
            Typed::Test(test) => (Computed::Test(test.folded()), Ty::Boolean),
            // What is not known to be true is not.
            Typed::Value(value, Ty::Boolean) => (Computed::Test(Test::Holds(value)), Ty::Boolean),
            Typed::Value(value, ty) => (Computed::Value(value), ty),
            Typed::Rows(mut rows, table) => {
                typing.number_rows(&mut rows);
                (Computed::Rows(rows), Ty::Row(table))
            }
            Typed::Values(rows, value, ty) => (Computed::Values(rows, value), ty),
            other => return wrong(Fault::Unsupported, format!("gives {}, which no property gives", other.name())),
        };
        let is_many = matches!(result, Computed::Rows(_) | Computed::Values(..));
        match declared {
            Some(declared) if !self.fits(declared, ty, is_many) => {
                let gives = if is_many { "several values" } else { ty.name() };
                wrong(Fault::Type, format!("gives {gives}, which is not of the declared type"))
            }
            _ => Ok((result, ty)),
        }
    }

    /// What the model computes when it is asked.
    fn computed(
        &self,
        table: Id<Table>,
        result: Computed<Named>,
        ty: Ty,
        declared: Option<TypeFact>,
        reason: Reason,
    ) -> DerivedFact {
        let is_many = matches!(result, Computed::Rows(_) | Computed::Values(..));
        let ty = match declared {
            // What is declared says more, unless it is a number of another kind.
            Some(declared) if !ty.is_number() || kind_of(&declared) == Some(ty) => TypeFact { is_many, ..declared },
            _ => TypeFact { of: plain(ty), is_many, is_optional: false },
        };
        let is_plain = !is_many && !matches!(ty.of, TypeOf::Row(_)) && self.is_plain(table, &result);
        DerivedFact { result, ty, column: None, is_plain, reason }
    }

    /// The values of the row that are read; `None` if other rows are.
    fn read(&self, table: Id<Table>, result: &Computed<Named>) -> Option<Vec<&'a ValueFact>> {
        let tables = self.members.facts.tables();
        let is_own = |of: Id<Table>| of == table || tables.ancestors(table).contains(&of);
        let mut found = Vec::new();
        // Nothing is renamed: the walk collects what it meets.
        let mut meet = |named: &Named| match *named {
            Named::Column(column) => match &tables.columns[column].kind {
                ColumnKind::Value(value) if is_own(tables.columns[column].table) => {
                    found.push(value);
                    Some(*named)
                }
                _ => None,
            },
            Named::Enumeration(_) => Some(*named),
            Named::Back(_) | Named::Table(_) => None,
        };
        result.map(&mut meet)?;
        Some(found)
    }

    /// Whether only values of the row itself are read, and none is secret.
    fn is_plain(&self, table: Id<Table>, result: &Computed<Named>) -> bool {
        self.read(table, result).is_some_and(|values| values.iter().all(|value| !value.secret))
    }

    /// Whether a value may stand where this type is declared.
    fn fits(&self, declared: &TypeFact, ty: Ty, is_many: bool) -> bool {
        if declared.is_many != is_many {
            return false;
        }
        match (&declared.of, ty) {
            (TypeOf::Row(wanted), Ty::Row(table)) => {
                *wanted == table || self.members.facts.tables().ancestors(table).contains(wanted)
            }
            (TypeOf::Member(class), Ty::Enumeration(found)) => *class == found,
            (TypeOf::Field(kind), ty) => match Ty::of_kind(kind) {
                Some(Ty::Integer) => ty == Ty::Integer,
                Some(wanted) if wanted.is_number() => ty.is_number(),
                Some(wanted) => wanted == ty,
                None => true,
            },
            (TypeOf::Unknown, _) => true,
            _ => false,
        }
    }

    /// The kind of column that holds what is computed, or why the model computes it.
    fn column(
        &self,
        table: Id<Table>,
        result: &Computed<Named>,
        ty: Ty,
        declared: Option<&TypeFact>,
    ) -> Result<FieldKind, &'static str> {
        let Computed::Value(value) = result else {
            return policy::column(Made::Other, None);
        };
        if self.read(table, result).is_none() {
            return Err("it reads other rows");
        }
        let tables = self.members.facts.tables();
        let holders = tables.holders(self.children, table);
        let is_local = |holder: &Id<Table>| value.generated(&OwnColumns::of(self.members, *holder), None).is_some();
        if holders.is_empty() || tables.tables[table].is_proxy {
            return Err("it has no table of its own");
        }
        if !holders.iter().all(is_local) {
            return Err("databases do not compute it from one table, or not all alike");
        }
        let digits = value.digits(&|named| self.digits(*named));
        let made = match (ty, digits) {
            (Ty::Text, _) => {
                value.length(&|named| self.length(*named)).map_or(Made::Other, |length| Made::Text { length })
            }
            (Ty::Integer, Some((digits, _))) => Made::Whole { digits, is_product: value.multiplies() },
            (Ty::Decimal, Some((whole, places))) => Made::Exact { whole, places },
            (Ty::Float, _) => Made::Float,
            _ => Made::Other,
        };
        let declared = match declared.map(|declared| &declared.of) {
            Some(TypeOf::Field(kind)) => Some(kind),
            _ => None,
        };
        policy::column(made, declared)
    }

    fn kind(&self, named: Named) -> Option<&'a FieldKind> {
        let Named::Column(column) = named else { return None };
        match &self.members.facts.tables().columns[column].kind {
            ColumnKind::Value(value) => Some(&value.kind),
            _ => None,
        }
    }

    /// The most characters of a column.
    fn length(&self, named: Named) -> Option<u32> {
        match self.kind(named)? {
            FieldKind::Char { max_length }
            | FieldKind::Email { max_length }
            | FieldKind::Url { max_length }
            | FieldKind::Slug { max_length } => Some(*max_length),
            FieldKind::Text => Some(u32::MAX),
            _ => None,
        }
    }

    /// The most digits of a column before and behind the point.
    fn digits(&self, named: Named) -> Option<(u32, u32)> {
        match self.kind(named)? {
            FieldKind::Decimal { max_digits, decimal_places } => {
                Some((max_digits.saturating_sub(*decimal_places), *decimal_places))
            }
            FieldKind::SmallInteger | FieldKind::PositiveSmallInteger => Some((5, 0)),
            FieldKind::Integer | FieldKind::PositiveInteger => Some((10, 0)),
            FieldKind::BigInteger | FieldKind::PositiveBigInteger => Some((19, 0)),
            _ => None,
        }
    }
}
