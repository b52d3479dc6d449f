//! Pass 2: relations between classes, however they were drawn: ends that are attributes, attributes that are ends, and
//! multiplicities that nobody drew.

use super::Context;
use crate::decision::{Because, Decision};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{Connection, Connections, End, Facts, Nary, Role};
use crate::policy::ends::{self, Undrawn};
use crate::source::{Span, Spanned};
use crate::uml::Multiplicity;
use crate::uml::model::{AbsentMultiplicity, Aggregation, Association, Classifier, Property, PropertyOwner, Type};
use crate::util::arena::{Id, Map};

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Connections {
    let mut found = Connections::default();
    for (id, classifier) in cx.model.classifiers.iter() {
        let mut plain = Vec::new();
        for &property in &classifier.attributes {
            if cx.model.properties[property].association.is_none() && !is_relation(cx, facts, id, property) {
                plain.push(property);
            }
        }
        if !plain.is_empty() {
            found.attributes.insert(id, plain);
        }
    }
    // In model order: an association stands where its first end stands, attributes where their class stands.
    for association in cx.model.associations.ids() {
        if is_derived(cx, association) {
            derived(cx, report, association);
        } else {
            read_association(cx, facts, report, &mut found, association);
        }
    }
    for (id, classifier) in cx.model.classifiers.iter() {
        for &property in &classifier.attributes {
            let drawn = &cx.model.properties[property];
            if drawn.association.is_none()
                && is_relation(cx, facts, id, property)
                && let Type::Classifier(to, _) = drawn.ty
            {
                // Of a derived one the user writes a property.
                if !drawn.is_derived {
                    found.binary.push(attribute(cx, id, property, to));
                }
            }
        }
    }
    found.in_database = in_database(cx, facts, &found);
    found
}

/// The classes that deletion by the database may reach: all that are joined with one where it is asked for.
fn in_database(cx: &Context<'_>, facts: &Facts, found: &Connections) -> Map<Classifier, Because> {
    let mut reached = Map::new();
    let asked = |element| facts.tags().has(element, "db_cascade").cloned();
    let mut stack: Vec<(Id<Classifier>, Because)> =
        cx.model.classifiers.iter().filter_map(|(id, class)| Some((id, asked(class.element)?))).collect();
    for connection in found.binary.values() {
        stack.extend(asked(connection.element).map(|because| (connection.ends[0].class, because)));
    }
    if stack.is_empty() {
        return reached;
    }
    let mut near: Vec<Vec<Id<Classifier>>> = vec![Vec::new(); cx.model.classifiers.len()];
    let mut join = |a: Id<Classifier>, b: Id<Classifier>| {
        near[a.index()].push(b);
        near[b.index()].push(a);
    };
    for connection in found.binary.values() {
        join(connection.ends[0].class, connection.ends[1].class);
    }
    for nary in &found.nary {
        nary.ends.windows(2).for_each(|pair| join(pair[0].class, pair[1].class));
    }
    for (id, class) in cx.model.classifiers.iter() {
        class.generalizations.iter().for_each(|general| join(id, general.general));
    }
    while let Some((class, because)) = stack.pop() {
        if reached.contains(class) {
            continue;
        }
        reached.insert(class, because.clone());
        stack.extend(near[class.index()].iter().map(|&next| (next, because.clone())));
    }
    reached
}

/// Whether an attribute is typed by a class, so that it is the end of a relation.
fn is_relation(cx: &Context<'_>, facts: &Facts, owner: Id<Classifier>, property: Id<Property>) -> bool {
    let drawn = &cx.model.properties[property];
    let Type::Classifier(to, _) = drawn.ty else { return false };
    facts.roles().is_class(owner) && facts.roles().is_class(to) && !drawn.is_static
}

fn usable(property: &Property) -> Option<Id<Classifier>> {
    match property.ty {
        Type::Classifier(classifier, _) => Some(classifier),
        _ => None,
    }
}

/// Whether nothing is stored for an association, because it or one of its ends is derived.
pub(super) fn is_derived(cx: &Context<'_>, id: Id<Association>) -> bool {
    let association = &cx.model.associations[id];
    association.is_derived || association.ends.iter().any(|&end| cx.model.properties[end].is_derived)
}

/// Says of a derived association that nothing is stored (U0511); its ends may become properties.
fn derived(cx: &Context<'_>, report: &mut Report, id: Id<Association>) {
    let association = &cx.model.associations[id];
    let path = cx.elements.path(association.element);
    let diagnostic = Diagnostic::new(&codes::U0511, format!("nothing is stored for derived association `{path}`"));
    report.add(diagnostic.about(association.element).here(association.span, "derived"));
}

fn read_association(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    found: &mut Connections,
    id: Id<Association>,
) {
    let association = &cx.model.associations[id];
    let ends = association.ends.iter().map(|&end| cx.model.properties[end].element);
    if ends.chain([association.element]).any(|element| facts.tags().has(element, "skip").is_some()) {
        return;
    }
    if association.ends.len() > 2 {
        let ends: Vec<End> = association
            .ends
            .iter()
            .filter_map(|&end| {
                let class = usable(&cx.model.properties[end]).filter(|class| facts.roles().is_class(*class))?;
                Some(read_end(cx, report, id, end, class))
            })
            .collect();
        if ends.len() < association.ends.len() {
            of_values(cx, facts, report, id);
        }
        if ends.len() > 2 {
            found.nary.push(Nary { association: id, ends });
            return;
        }
        if let Ok(ends) = <[End; 2]>::try_from(ends) {
            found.binary.push(Connection {
                element: association.element,
                association: Some(id),
                ends,
                span: association.span,
                shape: None,
            });
        }
        return;
    }
    let [a, b] = association.ends[..] else { return };
    let roles = [a, b].map(|end| match &cx.model.properties[end].ty {
        Type::Classifier(class, _) => Some((*class, facts.roles().get(*class))),
        _ => None,
    });
    let is_class = |side: usize| roles[side].is_some_and(|(class, _)| facts.roles().is_class(class));
    match (is_class(0), is_class(1)) {
        (true, true) => {
            let (Some((left, _)), Some((right, _))) = (roles[0], roles[1]) else { return };
            let mut ends = [read_end(cx, report, id, a, left), read_end(cx, report, id, b, right)];
            check_aggregation(cx, report, id, &mut ends);
            found.binary.push(Connection {
                element: association.element,
                association: Some(id),
                ends,
                span: association.span,
                shape: None,
            });
        }
        // An end that is typed by a value is an attribute of the other class.
        (true, false) => attach(cx, found, roles[0], b),
        (false, true) => attach(cx, found, roles[1], a),
        (false, false) => {
            // Between data types: an attribute of the one that owns the end.
            let mut is_attribute = false;
            for end in [a, b] {
                if let PropertyOwner::Classifier(owner) = cx.model.properties[end].owner
                    && facts.roles().get(owner) == Role::Value
                {
                    attach(cx, found, Some((owner, Role::Value)), end);
                    is_attribute = true;
                }
            }
            if !is_attribute {
                of_values(cx, facts, report, id);
            }
        }
    }
}

/// Says of an association that some of its ends have no rows that could be joined (U0612).
fn of_values(cx: &Context<'_>, facts: &Facts, report: &mut Report, id: Id<Association>) {
    let association = &cx.model.associations[id];
    let values = association.ends.iter().filter_map(|&end| match cx.model.properties[end].ty {
        Type::Classifier(class, _) if !facts.roles().is_class(class) => Some(&cx.model.classifiers[class]),
        _ => None,
    });
    let values: Vec<&Classifier> = values.collect();
    // What stands in a library was not drawn to be stored.
    let Some(value) = values.first().filter(|_| values.iter().any(|value| !value.is_library)) else { return };
    let path = cx.elements.path(association.element);
    let name = value.name.as_ref().map_or("", |name| name.value.as_str());
    let is_rest = association.ends.len() - values.len() > 1;
    let what = if is_rest { "it is read without that end" } else { "nothing is stored for it" };
    let diagnostic =
        Diagnostic::new(&codes::U0612, format!("association `{path}` leads to `{name}`, which has no rows"))
            .about(association.element)
            .here(association.span, what)
            .because(value.span, "cannot be joined")
            .help("make an attribute of it, or make it a class");
    report.add(diagnostic);
}

fn attach(cx: &Context<'_>, found: &mut Connections, to: Option<(Id<Classifier>, Role)>, end: Id<Property>) {
    let Some((class, _)) = to else { return };
    let has_type = !matches!(cx.model.properties[end].ty, Type::Absent | Type::Unknown(_));
    if !has_type {
        return;
    }
    if let Some(attributes) = found.attributes.get_mut(class) {
        if !attributes.contains(&end) {
            attributes.push(end);
        }
    } else {
        found.attributes.insert(class, vec![end]);
    }
}

fn name_of(property: &Property) -> Option<Spanned<String>> {
    let name = property.name.clone().filter(|name| !name.value.trim().is_empty())?;
    Some(name.map(Into::into))
}

fn read_end(
    cx: &Context<'_>,
    report: &mut Report,
    association: Id<Association>,
    id: Id<Property>,
    class: Id<Classifier>,
) -> End {
    let property = &cx.model.properties[id];
    let multiplicity = match property.multiplicity {
        Some(written) => Decision::rule(written.value, "drawn at the end", written.span),
        None => undrawn(cx, report, association, id),
    };
    End {
        property: Some(id),
        class,
        multiplicity,
        aggregation: property.aggregation.value,
        navigable: property.navigable,
        role: name_of(property),
        ordered: property.is_ordered,
        nonunique: property.is_unique == Some(false),
        qualifiers: property.qualifiers.to_vec(),
        span: property.span,
    }
}

fn undrawn(
    cx: &Context<'_>,
    report: &mut Report,
    association: Id<Association>,
    id: Id<Property>,
) -> Decision<Multiplicity> {
    let property = &cx.model.properties[id];
    let ends = &cx.model.associations[association].ends;
    let others: Vec<&Property> = ends.iter().filter(|&&end| end != id).map(|&end| &cx.model.properties[end]).collect();
    let absent =
        cx.model.document(property.span).map_or(AbsentMultiplicity::One, |found| found.absent_end_multiplicity);
    let (multiplicity, is_worth_a_word) = ends::undrawn(Undrawn {
        absent,
        is_whole: others.len() == 1 && others[0].aggregation.value == Aggregation::Composite,
        navigable: property.navigable == Some(true),
        other_navigable: others.iter().any(|other| other.navigable == Some(true)),
        is_second: ends.last() == Some(&id) || ends.len() > 2,
        at: property.span,
    });
    if is_worth_a_word {
        report.add(
            Diagnostic::new(
                &codes::U0602,
                format!("{} has no multiplicity; read as `{}`", end_words(cx, id), multiplicity.value),
            )
            .about(property.element)
            .here(property.span, "nothing is written at this end")
            .help("write the multiplicity at the end"),
        );
    }
    multiplicity
}

/// `` `shop.Order.customer` ``, or for an end without name `` the end at `shop.Order` ``.
fn end_words(cx: &Context<'_>, id: Id<Property>) -> String {
    let property = &cx.model.properties[id];
    match (&property.name, usable(property)) {
        (None, Some(class)) => format!("the end at `{}`", cx.elements.path(cx.model.classifiers[class].element)),
        _ => format!("`{}`", cx.elements.path(property.element)),
    }
}

/// Diamonds that cannot be meant: at both ends, or a composition whose part has many wholes.
fn check_aggregation(cx: &Context<'_>, report: &mut Report, id: Id<Association>, ends: &mut [End; 2]) {
    let association = &cx.model.associations[id];
    let spans = ends
        .each_ref()
        .map(|end| end.property.map_or(association.span, |property| cx.model.properties[property].aggregation.span));
    if ends.iter().all(|end| end.aggregation != Aggregation::None) {
        report.add(
            Diagnostic::new(
                &codes::U0610,
                format!(
                    "both ends of `{}` are aggregations; it is read as a plain association",
                    cx.elements.path(association.element)
                ),
            )
            .about(association.element)
            .here(spans[1], "the second diamond")
            .because(spans[0], "the first diamond")
            .help("keep the diamond at the whole"),
        );
        for end in ends.iter_mut() {
            end.aggregation = Aggregation::None;
        }
        return;
    }
    for part in [0, 1] {
        let whole = &ends[1 - part];
        if ends[part].aggregation == Aggregation::Composite && whole.multiplicity.value.is_many() {
            let (part_name, whole_name) =
                (cx.model.classifier_name(ends[part].class), cx.model.classifier_name(whole.class));
            let at = evidence(&whole.multiplicity, whole.span);
            report.add(
                Diagnostic::new(
                    &codes::U0611,
                    format!("`{part_name}` would be part of many `{whole_name}`s at once; read as shared"),
                )
                .about(association.element)
                .here(spans[part], "a composition")
                .because(at, format!("`{}` wholes for each part", whole.multiplicity.value))
                .help("a part of a composition has one whole: draw `1` or `0..1`, or an open diamond"),
            );
            ends[part].aggregation = Aggregation::Shared;
        }
    }
}

/// The place that a multiplicity was decided by.
pub(super) fn evidence(multiplicity: &Decision<Multiplicity>, otherwise: Span) -> Span {
    match &multiplicity.because {
        crate::decision::Because::Tag(span) => *span,
        crate::decision::Because::Rule { at, .. } | crate::decision::Because::Setting { at, .. } => {
            at.unwrap_or(otherwise)
        }
    }
}

/// An attribute that is typed by a class: the missing end is `*` (0..1 if it is a part), not navigable and without name.
fn attribute(cx: &Context<'_>, owner: Id<Classifier>, property: Id<Property>, to: Id<Classifier>) -> Connection {
    let drawn = &cx.model.properties[property];
    let multiplicity = match drawn.multiplicity {
        Some(written) => Decision::rule(written.value, "drawn at the attribute", written.span),
        None => Decision::rule(Multiplicity::ONE, "an attribute without multiplicity has one value", drawn.span),
    };
    let is_part = drawn.aggregation.value == Aggregation::Composite;
    let near = if is_part { Multiplicity::OPTIONAL } else { Multiplicity::MANY };
    let near = Decision::rule(near, "an attribute says nothing about the way back", drawn.span);
    Connection {
        element: drawn.element,
        association: None,
        ends: [
            End {
                property: None,
                class: owner,
                multiplicity: near,
                aggregation: Aggregation::None,
                navigable: Some(false),
                role: None,
                ordered: false,
                nonunique: false,
                qualifiers: Vec::new(),
                span: drawn.span,
            },
            End {
                property: Some(property),
                class: to,
                multiplicity,
                aggregation: drawn.aggregation.value,
                navigable: Some(true),
                role: name_of(drawn),
                ordered: drawn.is_ordered,
                nonunique: drawn.is_unique == Some(false),
                qualifiers: Vec::new(),
                span: drawn.span,
            },
        ],
        span: drawn.span,
        shape: None,
    }
}
