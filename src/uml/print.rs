//! A model as compact text, for tests and `dump --stage model`.
//!
//! ```text
//! package shop {
//!   class Book : Item { title: String[1] {id} }
//!   Book * -- 1 Publisher : publisher
//! }
//! ```

use std::fmt::Write;

use super::Model;
use super::model::{
    Aggregation, Association, Classifier, ClassifierKind, Package, PackageKind, Property, PropertyOwner, Type,
    Visibility,
};
use crate::util::arena::Id;

/// Prints a model.
pub fn print(model: &Model) -> String {
    let mut printer = Printer { model, text: String::new() };
    printer.level(None, 0);
    let mut stack: Vec<(Id<Package>, usize)> = printer.packages(None, 0);
    let mut open: Vec<usize> = Vec::new();
    while let Some((package, depth)) = stack.pop() {
        printer.close(&mut open, depth);
        let content = &model.packages[package];
        let word = match content.kind {
            PackageKind::Model => "model",
            PackageKind::Package => "package",
            PackageKind::Profile => "profile",
        };
        let name = content.name.as_ref().map_or("<unnamed>", |name| name.value.trim());
        let library = if content.is_library { " {library}" } else { "" };
        let stereotypes = stereotypes(&content.marks);
        let _ = writeln!(printer.text, "{}{stereotypes}{word} {name}{library} {{", "  ".repeat(depth));
        open.push(depth);
        printer.level(Some(package), depth + 1);
        stack.extend(printer.packages(Some(package), depth + 1));
    }
    printer.close(&mut open, 0);
    for note in &model.notes {
        let _ = writeln!(printer.text, "note {:?}", note.value);
    }
    printer.text
}

struct Printer<'m> {
    model: &'m Model,
    text: String,
}

impl Printer<'_> {
    fn close(&mut self, open: &mut Vec<usize>, depth: usize) {
        while let Some(&last) = open.last() {
            if last < depth {
                break;
            }
            open.pop();
            let _ = writeln!(self.text, "{}}}", "  ".repeat(last));
        }
    }

    /// The packages directly in `owner`, the last one first.
    fn packages(&self, owner: Option<Id<Package>>, depth: usize) -> Vec<(Id<Package>, usize)> {
        let mut found: Vec<_> = self
            .model
            .packages
            .iter()
            .filter(|(_, package)| package.owner == owner)
            .map(|(id, _)| (id, depth))
            .collect();
        found.reverse();
        found
    }

    fn level(&mut self, package: Option<Id<Package>>, depth: usize) {
        for (id, classifier) in self.model.classifiers.iter().filter(|(_, classifier)| classifier.package == package) {
            self.classifier(id, classifier, depth);
        }
        for (_, association) in self.model.associations.iter().filter(|(_, association)| association.package == package)
        {
            self.association(association, depth);
        }
    }

    fn classifier(&mut self, id: Id<Classifier>, classifier: &Classifier, depth: usize) {
        let model = self.model;
        let mut line = "  ".repeat(depth);
        line.push_str(&stereotypes(&classifier.marks));
        if classifier.is_abstract {
            line.push_str("abstract ");
        }
        let _ = write!(line, "{} {}", word(classifier.kind), self.name(id));
        if classifier.is_template {
            line.push_str("<…>");
        }
        let names = |relations: &[super::model::Generalization]| {
            relations.iter().map(|relation| self.name(relation.general)).collect::<Vec<_>>().join(", ")
        };
        if !classifier.generalizations.is_empty() {
            let _ = write!(line, " : {}", names(&classifier.generalizations));
        }
        if !classifier.realizations.is_empty() {
            let _ = write!(line, " realizes {}", names(&classifier.realizations));
        }
        if classifier.is_library {
            line.push_str(" {library}");
        }
        let mut members: Vec<String> = classifier
            .attributes
            .iter()
            .map(|&attribute| &model.properties[attribute])
            .filter(|property| property.association.is_none())
            .map(|property| self.attribute(property))
            .collect();
        members.extend(classifier.literals.iter().map(|literal| {
            let name = literal.name.as_ref().map_or("<unnamed>", |name| name.value.as_str());
            literal.value.as_ref().map_or_else(|| name.to_owned(), |value| format!("{name} = {}", value.value))
        }));
        members.extend(
            classifier.operations.iter().map(|operation| {
                format!("{}()", operation.name.as_ref().map_or("<unnamed>", |name| name.value.as_str()))
            }),
        );
        members.extend(model.generalization_sets.iter().filter(|set| set.general == id).map(|set| {
            let name = set.name.as_ref().map_or_else(String::new, |name| format!(" {}", name.value));
            let specials = set.specials.iter().map(|&special| self.name(special)).collect::<Vec<_>>().join(", ");
            let covering = if set.is_covering { "complete" } else { "incomplete" };
            let disjoint = if set.is_disjoint { "disjoint" } else { "overlapping" };
            let power = set.power_type.map_or_else(String::new, |class| format!(" powertype {}", self.name(class)));
            format!("set{name}: {specials} {{{covering}, {disjoint}}}{power}")
        }));
        members.extend(classifier.constraints.iter().map(|constraint| format!("{{{}}}", constraint.body.value)));
        if members.is_empty() {
            line.push_str(" {}\n");
        } else if members.len() == 1 && line.len() + members[0].len() < 100 && !members[0].contains('\n') {
            let _ = writeln!(line, " {{ {} }}", members[0]);
        } else {
            line.push_str(" {\n");
            for member in members {
                let _ = writeln!(line, "{}{}", "  ".repeat(depth + 1), member.replace('\n', " "));
            }
            let _ = writeln!(line, "{}}}", "  ".repeat(depth));
        }
        self.text.push_str(&line);
    }

    fn attribute(&self, property: &Property) -> String {
        let name = property.name.as_ref().map_or("<unnamed>", |name| name.value.as_str());
        let multiplicity = property.multiplicity.map_or_else(|| "1".to_owned(), |written| written.value.to_string());
        let mut text = format!("{}{name}: {}[{multiplicity}]", stereotypes(&property.marks), self.ty(&property.ty));
        if let Some(default) = &property.default {
            let _ = write!(text, " = {}", default.text.value);
        }
        let flags: Vec<&str> = [
            (property.is_id, "id"),
            (property.is_unique == Some(false), "nonunique"),
            (property.is_ordered, "ordered"),
            (property.is_derived, "derived"),
            (property.is_read_only, "readOnly"),
            (property.is_static, "static"),
            (property.visibility != Visibility::Public, property.visibility.word()),
            (property.aggregation.value == Aggregation::Composite, "composite"),
        ]
        .into_iter()
        .filter_map(|(is_set, word)| is_set.then_some(word))
        .collect();
        if !flags.is_empty() {
            let _ = write!(text, " {{{}}}", flags.join(", "));
        }
        text
    }

    /// `Book * -- 1 Publisher : publisher`; the name of an end stands at its side, diamonds at the whole.
    fn association(&mut self, association: &Association, depth: usize) {
        let model = self.model;
        let indent = "  ".repeat(depth);
        let name = association.name.as_ref().map(|name| format!(" \"{}\"", name.value)).unwrap_or_default();
        let side = |end: Id<Property>| {
            let property = &model.properties[end];
            property.multiplicity.map_or_else(|| "?".to_owned(), |written| written.value.to_string())
        };
        let role = |end: Id<Property>| model.properties[end].name.as_ref().map(|name| name.value.to_string());
        let line = if let [a, b] = association.ends[..] {
            let diamond = |part: Id<Property>| match model.properties[part].aggregation.value {
                Aggregation::None => "",
                Aggregation::Shared => "<>",
                Aggregation::Composite => "<*>",
            };
            let arrow = |end: Id<Property>, sign: &'static str| {
                let property = &model.properties[end];
                if property.navigable == Some(true) { sign } else { "" }
            };
            let both_arrows = !arrow(a, "<").is_empty() && !arrow(b, ">").is_empty();
            let (left, right) = if both_arrows { ("", "") } else { (arrow(a, "<"), arrow(b, ">")) };
            // Which end is owned by a class says its name alone; an association's own end is shown in brackets.
            let shown = |end: Id<Property>| {
                let owned = matches!(model.properties[end].owner, PropertyOwner::Association(_));
                role(end).map_or_else(String::new, |role| if owned { format!("({role})") } else { role })
            };
            let roles = match (shown(a), shown(b)) {
                (a, b) if a.is_empty() && b.is_empty() => String::new(),
                (a, b) if a.is_empty() => format!(" : {b}"),
                (a, b) if b.is_empty() => format!(" : {a} /"),
                (a, b) => format!(" : {a} / {b}"),
            };
            format!(
                "{indent}{} {}{}{left}--{right}{}{} {}{roles}{name}\n",
                self.ty(&model.properties[a].ty),
                side(a),
                spaced(diamond(b)),
                diamond_right(diamond(a)),
                side(b),
                self.ty(&model.properties[b].ty),
            )
        } else {
            let ends: Vec<String> = association
                .ends
                .iter()
                .map(|&end| {
                    let role = role(end).map(|role| format!(" {role}")).unwrap_or_default();
                    format!("{} {}{role}", self.ty(&model.properties[end].ty), side(end))
                })
                .collect();
            format!("{indent}{}{name}\n", ends.join(" -- "))
        };
        self.text.push_str(&line);
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Classifier(id, _) => self.name(*id).to_owned(),
            Type::Named(name) => name.value.to_string(),
            Type::Absent => "-".to_owned(),
            Type::Unknown(_) => "?".to_owned(),
        }
    }

    fn name(&self, id: Id<Classifier>) -> &str {
        let name = self.model.classifier_name(id);
        if name.is_empty() { "<unnamed>" } else { name }
    }
}

fn spaced(sign: &str) -> String {
    if sign.is_empty() { " ".to_owned() } else { format!(" {sign}") }
}

fn diamond_right(sign: &str) -> String {
    if sign.is_empty() { " ".to_owned() } else { format!("{sign} ") }
}

fn stereotypes(marks: &super::model::Marks) -> String {
    marks.stereotypes.iter().fold(String::new(), |mut text, stereotype| {
        let _ = write!(text, "«{}» ", stereotype.value);
        text
    })
}

fn word(kind: ClassifierKind) -> &'static str {
    match kind {
        ClassifierKind::Class => "class",
        ClassifierKind::AssociationClass => "association class",
        ClassifierKind::Interface => "interface",
        ClassifierKind::DataType => "data type",
        ClassifierKind::PrimitiveType => "primitive type",
        ClassifierKind::Enumeration => "enumeration",
        ClassifierKind::Signal => "signal",
        ClassifierKind::Actor => "actor",
        ClassifierKind::Component => "component",
        ClassifierKind::Node => "node",
    }
}
