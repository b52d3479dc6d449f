//! What became of the elements of the diagram, seen from the project: the account's first two columns.

use crate::account::{Element, ElementKind, Elements, Traces};
use crate::django::Project;
use crate::facts::{AttributeKind, Facts, Role};
use crate::profile;
use crate::uml::Model;
use crate::uml::model::{Classifier, Constraint, PackageKind, Property, Type};
use crate::util::arena::Id;

/// The elements that left a trace in `project`.
pub fn traces(model: &Model, facts: &Facts, project: &Project, elements: &Elements) -> Traces {
    let mut tracer = Tracer { model, facts, traces: Traces::default() };
    tracer.origins(project);
    tracer.associations();
    tracer.redefinitions();
    tracer.types();
    tracer.libraries();
    tracer.packages();
    tracer.relations();
    tracer.generalization_sets();
    tracer.texts();
    tracer.applications(elements);
    tracer.traces
}

struct Tracer<'a> {
    model: &'a Model,
    facts: &'a Facts,
    traces: Traces,
}

impl Tracer<'_> {
    fn is_lowered(&self, element: Element) -> bool {
        self.traces.lowered.contains(&element)
    }

    /// What a part of the project says that it comes from.
    fn origins(&mut self, project: &Project) {
        let lowered = &mut self.traces.lowered;
        // The app of the user model that nobody drew comes from nothing.
        let apps = project.apps.iter().filter(|app| project.accounts.as_ref() != Some(&app.label));
        lowered.extend(apps.clone().filter_map(|app| app.origin.as_ref()).map(|origin| origin.element));
        for model in apps.clone().flat_map(|app| &app.models).chain(&project.shared) {
            lowered.insert(model.origin.element);
            lowered.extend(model.fields.iter().map(|field| field.origin.element));
            lowered.extend(model.constants.iter().map(|constant| constant.origin.element));
            lowered.extend(model.queries.iter().map(|query| query.origin.element));
            let stubs = model.behavior.iter().flat_map(|behavior| behavior.written());
            lowered.extend(stubs.map(|stub| stub.origin.element));
        }
        lowered.extend(apps.clone().flat_map(|app| &app.protocols).map(|protocol| protocol.origin.element));
        for choices in apps.flat_map(|app| &app.choices) {
            lowered.insert(choices.origin.element);
            lowered.extend(choices.members.iter().map(|member| member.origin.element));
        }
    }

    /// A relation of the project has both ends of its association, and an association class has two sides.
    fn associations(&mut self) {
        for association in self.model.associations.values() {
            let class = association.class.map(|class| self.model.classifiers[class].element);
            let ends = association.ends.iter().map(|&end| self.model.properties[end].element);
            let mut parts = ends.clone().chain([association.element]).chain(class);
            let qualifiers = association.ends.iter().flat_map(|&end| &self.model.properties[end].qualifiers);
            let qualifiers = qualifiers.map(|&qualifier| self.model.properties[qualifier].element);
            if parts.any(|element| self.traces.lowered.contains(&element)) {
                self.traces.lowered.extend(ends.chain(qualifiers).chain([association.element]));
            } else {
                self.traces.together.push(ends.chain(qualifiers).chain([association.element]).collect());
            }
        }
    }

    /// What only redefines something has its field in what it redefines.
    fn redefinitions(&mut self) {
        let redefining: Vec<&Property> =
            self.model.properties.values().filter(|property| !property.redefines.is_empty()).collect();
        for (own, first) in self.facts.inheritance().shared.iter() {
            if self.is_lowered(self.model.properties[*first].element) {
                self.traces.lowered.insert(self.model.properties[own].element);
            }
        }
        // Redefinitions of redefinitions are few; a circle ends when nothing is added.
        loop {
            let before = self.traces.lowered.len();
            for property in &redefining {
                let is_kept = |id: &Id<Property>| self.is_lowered(self.model.properties[*id].element);
                if property.redefines.iter().any(is_kept) {
                    self.traces.lowered.insert(property.element);
                }
            }
            if self.traces.lowered.len() == before {
                break;
            }
        }
        self.associations();
    }

    /// A type whose values are stored in a column became that column.
    fn types(&mut self) {
        let used: Vec<Id<Classifier>> = self
            .model
            .properties
            .values()
            .filter(|property| self.is_lowered(property.element))
            .filter_map(|property| match property.ty {
                Type::Classifier(class, _) => Some(class),
                _ => None,
            })
            .collect();
        for class in used {
            let classifier = &self.model.classifiers[class];
            self.traces.lowered.insert(classifier.element);
            let role = self.facts.roles().get(class);
            if role == Role::Value {
                // Its attributes are columns of those who use it.
                for attribute in self.facts.types().of(class) {
                    if !matches!(attribute.kind, AttributeKind::Nothing) {
                        self.traces.lowered.insert(self.model.properties[attribute.property].element);
                    }
                }
            }
            if matches!(role, Role::Named | Role::Alias) {
                // Only the name of the type is used.
                let attributes = classifier.attributes.iter();
                self.traces.ignored.extend(attributes.map(|&attribute| self.model.properties[attribute].element));
            }
        }
        for (id, classifier) in self.model.classifiers.iter() {
            let role = self.facts.roles().get(id);
            if role != Role::Enumeration {
                // Of a type that a language has anyway, such as `boolean`.
                self.traces.ignored.extend(classifier.literals.iter().map(|literal| literal.element));
            }
            if !self.facts.inheritance().is_concrete(id) {
                // Many values have a table for each class below; where there is none, there are no rows either.
                let many =
                    self.facts.types().of(id).iter().filter(|it| matches!(it.kind, AttributeKind::Values { .. }));
                self.traces.ignored.extend(many.map(|it| self.model.properties[it.property].element));
            }
            // A value or an alias that no column has, and a class of a library, are types that nobody uses.
            if classifier.is_library || matches!(role, Role::Named | Role::Alias | Role::Value | Role::Interface) {
                self.traces.ignored.insert(classifier.element);
            }
            // What binds a template has what the template has.
            if classifier.is_bound {
                self.traces.carried.insert(classifier.element);
            }
        }
    }

    /// Associations of what has no rows: of libraries, and of interfaces that nothing realizes.
    fn libraries(&mut self) {
        for association in self.model.associations.values() {
            let ends = association.ends.iter().map(|&end| &self.model.properties[end]);
            let is_ignored = |class| self.traces.ignored.contains(&self.model.classifiers[class].element);
            let leads_out = ends.clone().any(|end| matches!(end.ty, Type::Classifier(class, _) if is_ignored(class)));
            if leads_out {
                self.traces.ignored.extend(ends.map(|end| end.element).chain([association.element]));
            }
        }
    }

    /// A package is in the project if something in it is.
    fn packages(&mut self) {
        for classifier in self.model.classifiers.values() {
            if self.is_lowered(classifier.element) {
                let around = self.model.package_chain(classifier.package);
                self.traces.lowered.extend(around.map(|package| self.model.packages[package].element));
            }
        }
        for package in self.model.packages.values() {
            // Empty ones too: nothing is lost with them.
            self.traces.ignored.insert(package.element);
            if package.owner.is_none() && package.kind == PackageKind::Model && !package.is_library {
                self.traces.lowered.insert(package.element);
            }
        }
    }

    /// Generalizations and realizations between what is in the project.
    fn relations(&mut self) {
        for classifier in self.model.classifiers.values() {
            for relation in classifier.generalizations.iter().chain(&classifier.realizations) {
                let general = &self.model.classifiers[relation.general];
                if self.is_lowered(classifier.element) && self.is_lowered(general.element) {
                    self.traces.lowered.insert(relation.element);
                } else {
                    self.traces.ignored.insert(relation.element);
                }
            }
        }
    }

    /// Sets of generalizations that are in the project.
    fn generalization_sets(&mut self) {
        for set in &self.model.generalization_sets {
            let classes = || set.specials.iter().map(|&special| self.model.classifiers[special].element);
            let is_kept = self.is_lowered(self.model.classifiers[set.general].element)
                && classes().any(|class| self.is_lowered(class));
            if is_kept {
                self.traces.lowered.insert(set.element);
            }
        }
    }

    /// Operations and constraints of what is in the project.
    fn texts(&mut self) {
        for classifier in self.model.classifiers.values() {
            let is_kept = self.is_lowered(classifier.element);
            self.constraints(is_kept, &classifier.constraints);
            for operation in &classifier.operations {
                // What has a stub is lowered; nothing else is made of operations.
                self.traces.ignored.insert(operation.element);
                self.constraints(self.is_lowered(operation.element), &operation.constraints);
            }
        }
        for property in self.model.properties.values() {
            let is_kept = self.is_lowered(property.element);
            self.constraints(is_kept, &property.constraints);
        }
        for association in self.model.associations.values() {
            let is_kept = self.is_lowered(association.element);
            self.constraints(is_kept, &association.constraints);
        }
    }

    /// An application of a stereotype of ours, and a tag, had its effect; others have none.
    fn applications(&mut self, elements: &Elements) {
        for (element, seen) in elements.iter() {
            let name = elements.name(element).unwrap_or_default();
            // A tag stands on an application, or on the element itself.
            let base = seen.owner.map(|owner| match elements.get(owner) {
                mark if matches!(mark.kind, ElementKind::StereotypeApplication | ElementKind::ToolStereotype) => {
                    mark.owner
                }
                _ => Some(owner),
            });
            let (is_ours, base) = match seen.kind {
                ElementKind::StereotypeApplication | ElementKind::ToolStereotype => {
                    (profile::stereotype(name).is_some(), seen.owner)
                }
                ElementKind::Tag | ElementKind::ToolTag => (profile::tag_rows(name).next().is_some(), base.flatten()),
                _ => continue,
            };
            if is_ours && base.is_some_and(|base| self.is_lowered(base)) {
                self.traces.lowered.insert(element);
            } else {
                self.traces.ignored.insert(element);
            }
        }
    }

    fn constraints(&mut self, is_kept: bool, constraints: &[Constraint]) {
        for constraint in constraints {
            if self.facts.invariants().translated.contains_key(&constraint.element) {
                self.traces.lowered.insert(constraint.element);
            } else if is_kept {
                self.traces.carried.insert(constraint.element);
            }
        }
    }
}
