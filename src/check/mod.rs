//! Checking: what is wrong in the terms of UML. Knows no Django.
//!
//! The table of contents: each subject has a file and a line here. Checks do not depend on each other. What can only be
//! judged when types, relations and names are decided is told by `resolve`.

mod inheritance;
mod names;
mod stereotypes;

use crate::account::Elements;
use crate::diagnostic::Report;
use crate::graph::RelationGraph;
use crate::uml::Model;

/// Runs all checks.
pub fn check(model: &Model, _graph: &RelationGraph, elements: &Elements, report: &mut Report) {
    names::check(model, elements, report);
    inheritance::check(model, elements, report);
    stereotypes::check(model, elements, report);
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[String]) -> String {
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! Small models for the tests of the checks.

    use thin_vec::ThinVec;

    use crate::account::{Element, ElementKind, Elements, Met};
    use crate::diagnostic::Report;
    use crate::graph::RelationGraph;
    use crate::source::{Name, SourceId, Sources, Span, Spanned};
    use crate::uml::Model;
    use crate::uml::model::{Classifier, ClassifierKind, Generalization, Literal, Marks, Package, PackageKind};
    use crate::util::arena::Id;

    /// A model under construction; each thing has a place of its own.
    pub(crate) struct Sample {
        pub(crate) model: Model,
        pub(crate) elements: Elements,
        source: SourceId,
        next: usize,
    }

    impl Sample {
        pub(crate) fn new() -> Self {
            let source = Sources::default().add("t", "");
            Self { model: Model::default(), elements: Elements::default(), source, next: 0 }
        }

        pub(crate) fn span(&mut self) -> Span {
            self.next += 2;
            Span::new(self.source, self.next..self.next + 1)
        }

        pub(crate) fn element(&mut self, kind: ElementKind, name: Option<&str>, owner: Option<Element>) -> Element {
            let span = self.span();
            self.elements.enter(Met { name, owner, ..Met::new(kind, span) })
        }

        fn name(&mut self, name: Option<&str>) -> Option<Name> {
            let span = self.span();
            name.map(|name| Spanned::new(name.into(), span))
        }

        pub(crate) fn package(&mut self, name: Option<&str>) -> Id<Package> {
            let element = self.element(ElementKind::Package, name, None);
            let name = self.name(name);
            self.model.packages.push(Package {
                element,
                name,
                owner: None,
                kind: PackageKind::Package,
                is_library: false,
                documentation: None,
                constraints: ThinVec::new(),
                marks: Marks::default(),
            })
        }

        pub(crate) fn class(&mut self, name: Option<&str>, package: Option<Id<Package>>) -> Id<Classifier> {
            let owner = package.map(|package| self.model.packages[package].element);
            let element = self.element(ElementKind::Class, name, owner);
            let span = self.span();
            let name = self.name(name);
            self.model.classifiers.push(Classifier {
                element,
                kind: ClassifierKind::Class,
                name,
                package,
                outer: None,
                is_abstract: false,
                is_library: false,
                is_template: false,
                is_bound: false,
                represents: None,
                attributes: Vec::new(),
                literals: ThinVec::new(),
                generalizations: ThinVec::new(),
                realizations: ThinVec::new(),
                operations: ThinVec::new(),
                constraints: ThinVec::new(),
                association: None,
                documentation: None,
                dependencies: ThinVec::new(),
                marks: Marks::default(),
                span,
            })
        }

        pub(crate) fn classes<const N: usize>(&mut self, names: [&str; N]) -> [Id<Classifier>; N] {
            names.map(|name| self.class(Some(name), None))
        }

        pub(crate) fn generalize(&mut self, special: Id<Classifier>, general: Id<Classifier>) {
            let owner = self.model.classifiers[special].element;
            let element = self.element(ElementKind::Generalization, None, Some(owner));
            let span = self.span();
            self.model.classifiers[special].generalizations.push(Generalization { element, general, span });
        }

        pub(crate) fn literal(&mut self, of: Id<Classifier>, name: Option<&str>) {
            let owner = self.model.classifiers[of].element;
            let element = self.element(ElementKind::Literal, name, Some(owner));
            let span = self.span();
            let name = self.name(name);
            self.model.classifiers[of].literals.push(Literal {
                element,
                name,
                value: None,
                documentation: None,
                marks: Marks::default(),
                span,
            });
        }

        pub(crate) fn mark(&mut self, class: Id<Classifier>, stereotype: &str) {
            let span = self.span();
            self.model.classifiers[class].marks.stereotypes.push(Spanned::new(stereotype.to_owned(), span));
        }

        pub(crate) fn check(&self) -> Report {
            let mut report = Report::default();
            super::check(&self.model, &RelationGraph::default(), &self.elements, &mut report);
            report
        }

        pub(crate) fn messages(&self) -> Vec<String> {
            let report = self.check();
            report.diagnostics().iter().map(|found| format!("{}: {}", found.code.id, found.message)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_do() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&names), "a, b and c");
        assert_eq!(list(&names[..2]), "a and b");
        assert_eq!(list(&names[..1]), "a");
    }

    #[test]
    fn a_sound_model_has_no_findings() {
        let mut sample = sample::Sample::new();
        let shop = sample.package(Some("shop"));
        let person = sample.class(Some("Person"), Some(shop));
        let customer = sample.class(Some("Customer"), Some(shop));
        sample.generalize(customer, person);
        sample.mark(customer, "Entity");
        assert_eq!(sample.messages(), [] as [&str; 0]);
    }
}
