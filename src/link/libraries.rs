//! Copies of languages' libraries: their classes are types and no tables.

use crate::diagnostic::{Diagnostic, Report, codes};
use crate::uml::Model;
use crate::uml::model::{Package, PackageKind};
use crate::util::arena::{Id, Map};

/// Qualified names of packages that only tools put into a model.
const LIBRARIES: &[&str] = &[
    "java.lang",
    "java.util",
    "java.io",
    "java.net",
    "java.sql",
    "java.math",
    "java.time",
    "java.awt",
    "javax",
    "org.w3c",
    "PrimitiveTypes",
    "UMLPrimitiveTypes",
    "UML Standard Profile",
    "MagicDraw Profile",
    "JavaPrimitiveTypes",
    "EcorePrimitiveTypes",
    "XMLPrimitiveTypes",
    "EA_PrimitiveTypes_Package",
    "EA_Java_Types_Package",
    "PredefinedTypesJava",
    "PredefinedTypesC",
    "PredefinedTypesCpp",
];

/// Marks the packages that are libraries, with all that is in them.
pub(super) fn mark(model: &mut Model, report: &mut Report) {
    let mut found: Vec<(Id<Package>, &str)> = Vec::new();
    for id in model.packages.ids() {
        let owner = model.packages[id].owner;
        if owner.is_some_and(|owner| model.packages[owner].is_library) {
            model.packages[id].is_library = true;
            continue;
        }
        let path = path(model, id);
        if let Some(&library) = LIBRARIES.iter().find(|&&library| path == library) {
            model.packages[id].is_library = true;
            found.push((id, library));
        }
    }
    for classifier in model.classifiers.ids() {
        // A tool's root of all classes has no place in anybody's model.
        let is_phantom = model.classifier_name(classifier) == "EARootClass";
        let package = model.classifiers[classifier].package;
        let classifier = &mut model.classifiers[classifier];
        classifier.is_library |= is_phantom || package.is_some_and(|package| model.packages[package].is_library);
        if is_phantom {
            report.add(
                Diagnostic::new(
                    &codes::U0207,
                    "1 class of Enterprise Architect is a library; it is a type, not a table",
                )
                .about(classifier.element)
                .here(classifier.span, "the root that the tool gives to all classes"),
            );
        }
    }
    let mut inside: Map<Package, usize> = Map::new();
    for classifier in model.classifiers.values() {
        // The outermost library around a package is the one that was found.
        let around = model.package_chain(classifier.package).filter(|&around| model.packages[around].is_library).last();
        if let Some(around) = around {
            let count = inside.get(around).copied().unwrap_or_default();
            inside.insert(around, count + 1);
        }
    }
    for (package, library) in found {
        let Some(&count) = inside.get(package) else { continue };
        let message = match count {
            1 => format!("1 class of `{library}` is a library; it is a type, not a table"),
            _ => format!("{count} classes of `{library}` are a library; they are types, not tables"),
        };
        let package = &model.packages[package];
        let mut diagnostic = Diagnostic::new(&codes::U0207, message).about(package.element);
        if let Some(name) = &package.name {
            diagnostic = diagnostic.here(name.span, "this package");
        }
        report.add(diagnostic);
    }
}

/// The qualified name of a package; models and packages without name have no part in it.
fn path(model: &Model, package: Id<Package>) -> String {
    let mut names: Vec<&str> = model
        .package_chain(Some(package))
        .filter(|&id| model.packages[id].kind != PackageKind::Model)
        .filter_map(|id| model.packages[id].name.as_ref())
        .map(|name| name.value.trim())
        .collect();
    names.reverse();
    names.join(".")
}
