//! A model as an inventory: what two versions of a diagram are compared by.

use std::collections::BTreeMap;

use super::Model;
use super::model::{
    Aggregation, Association, Classifier, ClassifierKind, Generalization, Literal, Marks, Package, PackageKind,
    Property, PropertyOwner, Type,
};
use crate::account::{Element, Elements};
use crate::inventory::{Inventory, Sort, Thing};
use crate::source::Spanned;
use crate::util::arena::Id;

type Says = Vec<(&'static str, String)>;

/// Everything that was drawn in the model itself: no libraries, profiles and qualifiers.
pub fn inventory(model: &Model, elements: &Elements) -> Inventory {
    let mut lister = Lister { model, elements, things: Vec::new(), places: BTreeMap::new(), owners: Vec::new() };
    for (_, package) in model.packages.iter() {
        lister.package(package);
    }
    for (_, classifier) in model.classifiers.iter().filter(|(_, it)| !it.is_library && !it.is_template) {
        lister.classifier(classifier);
    }
    for (_, association) in model.associations.iter() {
        lister.association(association);
    }
    lister.finish()
}

struct Lister<'a> {
    model: &'a Model,
    elements: &'a Elements,
    things: Vec<Thing>,
    places: BTreeMap<Element, usize>,
    owners: Vec<Option<Element>>,
}

impl Lister<'_> {
    fn enter(&mut self, sort: Sort, element: Element, owner: Option<Element>, says: Says) {
        let seen = self.elements.get(element);
        let path = self.elements.path(element);
        // Names may hold dots; only the last part of the path matters, and that is the name as it was drawn.
        let name = self.elements.name(element).map(str::trim).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("<{}>", seen.kind.word()), str::to_owned);
        let id = self.elements.lasting_id(element).map(str::to_owned);
        self.places.insert(element, self.things.len());
        self.owners.push(owner);
        let (kind, at) = (seen.kind.word(), Some(seen.span));
        self.things.push(Thing { sort, kind, path, name, owner: None, id, at, says });
    }

    fn finish(mut self) -> Inventory {
        for (thing, owner) in self.things.iter_mut().zip(&self.owners) {
            thing.owner = owner.and_then(|owner| self.places.get(&owner).copied());
        }
        Inventory { things: self.things }
    }

    fn package(&mut self, package: &Package) {
        if package.is_library || package.kind != PackageKind::Package {
            return;
        }
        let owner = package.owner.map(|owner| self.model.packages[owner].element);
        let mut says = Says::new();
        say_marks(&mut says, &package.marks, package.documentation.as_deref());
        self.enter(Sort::Package, package.element, owner, says);
    }

    fn classifier(&mut self, classifier: &Classifier) {
        let outer = classifier.outer.map(|outer| self.model.classifiers[outer].element);
        let owner = outer.or_else(|| classifier.package.map(|package| self.model.packages[package].element));
        let mut says = Says::new();
        say(&mut says, "abstract", classifier.is_abstract);
        self.say_generals(&mut says, "generalizations", &classifier.generalizations);
        self.say_generals(&mut says, "realizations", &classifier.realizations);
        if let Some(association) = classifier.association {
            self.say_ends(&mut says, &self.model.associations[association]);
        }
        say_marks(&mut says, &classifier.marks, classifier.documentation.as_deref());
        self.enter(Sort::Classifier, classifier.element, owner, says);
        for &attribute in &classifier.attributes {
            let property = &self.model.properties[attribute];
            // An end is told with its association.
            if property.association.is_none() {
                let says = self.property(property);
                self.enter(Sort::Attribute, property.element, Some(classifier.element), says);
            }
        }
        if classifier.kind == ClassifierKind::Enumeration {
            for literal in &classifier.literals {
                self.literal(literal, classifier.element);
            }
        }
    }

    fn literal(&mut self, literal: &Literal, owner: Element) {
        let mut says = Says::new();
        says.extend(literal.value.as_ref().map(|value| ("value", value.value.clone())));
        say_marks(&mut says, &literal.marks, literal.documentation.as_deref());
        self.enter(Sort::Literal, literal.element, Some(owner), says);
    }

    fn association(&mut self, association: &Association) {
        if association.class.is_some() {
            return;
        }
        let mut says = Says::new();
        say(&mut says, "derived", association.is_derived);
        self.say_ends(&mut says, association);
        say_marks(&mut says, &association.marks, association.documentation.as_deref());
        let owner = association.package.map(|package| self.model.packages[package].element);
        self.enter(Sort::Association, association.element, owner, says);
        // Without a name, its ends are its name.
        if association.name.as_ref().is_none_or(|name| name.value.trim().is_empty())
            && let Some(thing) = self.things.last_mut()
        {
            let ends: Vec<String> = association.ends.iter().map(|&end| end_name(self.model, end)).collect();
            let name = ends.join(" \u{2014} ");
            thing.path = match thing.path.rsplit_once('.') {
                Some((package, _)) => format!("{package}.{name}"),
                None => name.clone(),
            };
            thing.name = name;
        }
    }

    fn say_generals(&self, says: &mut Says, what: &'static str, generals: &[Generalization]) {
        let mut names: Vec<String> =
            generals.iter().map(|it| self.elements.path(self.model.classifiers[it.general].element)).collect();
        names.sort();
        if !names.is_empty() {
            says.push((what, names.join(", ")));
        }
    }

    fn say_ends(&self, says: &mut Says, association: &Association) {
        for (place, &end) in association.ends.iter().enumerate() {
            let words = ["one end", "the other end", "the third end", "the fourth end"];
            let Some(word) = words.get(place) else { break };
            let property = &self.model.properties[end];
            let role = property.name.as_ref().map(|name| name.value.trim()).filter(|name| !name.is_empty());
            let mut text = role.map_or(String::new(), |role| format!("{role}: "));
            text += &self.type_name(&property.ty);
            let mut details = self.property(property);
            details.retain(|(what, _)| *what != "type");
            if let Some(at) = details.iter().position(|(what, _)| *what == "multiplicity") {
                text += &format!(" [{}]", details.remove(at).1);
            }
            // Whether a line has an arrow says nothing about what is stored at a side that is found anyway.
            if property.navigable == Some(false) {
                details.push(("navigable", "no".to_owned()));
            }
            if !details.is_empty() {
                let details: Vec<String> = details.iter().map(|(what, text)| detail(what, text)).collect();
                text += &format!(" {{{}}}", details.join(", "));
            }
            says.push((word, text));
        }
    }

    fn property(&self, property: &Property) -> Says {
        let mut says = Says::new();
        let ty = self.type_name(&property.ty);
        if !ty.is_empty() {
            says.push(("type", ty));
        }
        says.extend(property.multiplicity.map(|it| ("multiplicity", it.value.to_string())));
        says.extend(property.default.as_ref().map(|default| ("default", default.text.value.clone())));
        match property.aggregation.value {
            Aggregation::None => {}
            Aggregation::Shared => says.push(("aggregation", "shared".to_owned())),
            Aggregation::Composite => says.push(("aggregation", "composite".to_owned())),
        }
        for (what, is) in [
            ("id", property.is_id),
            ("ordered", property.is_ordered),
            ("derived", property.is_derived),
            ("read only", property.is_read_only),
            ("static", property.is_static),
        ] {
            say(&mut says, what, is);
        }
        for (what, others) in
            [("qualifiers", &property.qualifiers), ("redefines", &property.redefines), ("subsets", &property.subsets)]
        {
            let names: Vec<String> =
                others.iter().map(|&other| self.elements.path(self.model.properties[other].element)).collect();
            if !names.is_empty() {
                says.push((what, names.join(", ")));
            }
        }
        say_marks(&mut says, &property.marks, property.documentation.as_deref());
        says
    }

    fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Classifier(id, _) => self.model.classifier_name(*id).trim().to_owned(),
            Type::Named(name) => name.value.trim().to_owned(),
            Type::Absent | Type::Unknown(_) => String::new(),
        }
    }
}

/// `Order.customer`: whose end it is, and its role, else its type.
fn end_name(model: &Model, end: Id<Property>) -> String {
    let property = &model.properties[end];
    let name = property.name.as_ref().map(|name| name.value.trim()).filter(|name| !name.is_empty());
    let ty = match &property.ty {
        Type::Classifier(id, _) => model.classifier_name(*id).trim(),
        _ => "",
    };
    match (name, &property.owner) {
        (Some(name), PropertyOwner::Classifier(owner)) => format!("{}.{name}", model.classifier_name(*owner).trim()),
        _ => ty.to_owned(),
    }
}

fn detail(what: &str, text: &str) -> String {
    match text {
        "yes" => what.to_owned(),
        "no" => format!("not {what}"),
        text if what == "aggregation" => text.to_owned(),
        text => format!("{what}: {text}"),
    }
}

fn say(says: &mut Says, what: &'static str, is: bool) {
    if is {
        says.push((what, "yes".to_owned()));
    }
}

fn say_marks(says: &mut Says, marks: &Marks, documentation: Option<&Spanned<String>>) {
    let list = |mut words: Vec<String>| {
        words.sort();
        words.dedup();
        words.join(", ")
    };
    if !marks.stereotypes.is_empty() {
        says.push(("stereotypes", list(marks.stereotypes.iter().map(|it| it.value.clone()).collect())));
    }
    if !marks.tags.is_empty() {
        let tags = marks.tags.iter().map(|tag| format!("{} = {}", tag.name.value, tag.value.value));
        says.push(("tags", list(tags.collect())));
    }
    says.extend(documentation.map(|text| ("documentation", text.value.trim().to_owned())));
}
