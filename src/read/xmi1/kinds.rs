//! Metaclasses of UML 1.1 to 1.4: what they are to us.

use crate::account::ElementKind;
use crate::uml::draft::RelationKind;
use crate::uml::model::{ClassifierKind, PackageKind};

/// What a metaclass is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Package(PackageKind),
    Classifier(ClassifierKind),
    Attribute,
    Literal,
    Operation,
    Parameter,
    Association,
    End,
    Relation(RelationKind),
    Comment,
    Constraint,
    /// It makes its owner a template; the classifiers in it are no classes of the model.
    Template,
    /// What its owner reads: expressions, multiplicities, tagged values.
    Value,
    /// Read by nobody, and nobody misses it; what stands in it may be part of the model.
    Silent,
    /// A drawing: passed over as a whole.
    Drawing,
    /// No part of class diagrams; told by U0204. What stands in it may be part of the model.
    Ignored,
}

impl Kind {
    /// What `metaclass` is.
    pub(crate) fn of(metaclass: &str) -> Self {
        use ClassifierKind as C;
        match metaclass {
            "Model" => Self::Package(PackageKind::Model),
            "Package" | "Subsystem" => Self::Package(PackageKind::Package),
            // Umbrello draws the tables of databases too.
            "Class" | "Entity" => Self::Classifier(C::Class),
            "AssociationClass" => Self::Classifier(C::AssociationClass),
            "Interface" => Self::Classifier(C::Interface),
            "DataType" | "ProgrammingLanguageDataType" | "Structure" => Self::Classifier(C::DataType),
            "Primitive" | "PrimitiveType" => Self::Classifier(C::PrimitiveType),
            "Enumeration" => Self::Classifier(C::Enumeration),
            "Signal" | "Exception" => Self::Classifier(C::Signal),
            "Actor" => Self::Classifier(C::Actor),
            "Component" => Self::Classifier(C::Component),
            "Node" => Self::Classifier(C::Node),
            "Attribute" | "EntityAttribute" => Self::Attribute,
            "EnumerationLiteral" => Self::Literal,
            "Operation" => Self::Operation,
            "Parameter" => Self::Parameter,
            "Association" => Self::Association,
            "AssociationEnd" | "AssociationEndRole" => Self::End,
            "Generalization" => Self::Relation(RelationKind::Generalization),
            "Abstraction" | "Dependency" | "Usage" | "Permission" => Self::Relation(RelationKind::Dependency),
            "Comment" => Self::Comment,
            "Constraint" => Self::Constraint,
            "TemplateParameter" => Self::Template,
            "TaggedValue" | "Multiplicity" | "MultiplicityRange" | "TemplateArgument" | "Mapping" | "Geometry" => {
                Self::Value
            }
            _ if metaclass.ends_with("Expression") => Self::Value,
            "Stereotype" | "TagDefinition" | "ElementImport" | "Binding" | "Method" => Self::Silent,
            "Diagram"
            | "DiagramElement"
            | "DiagramLink"
            | "GraphElement"
            | "GraphNode"
            | "GraphEdge"
            | "Presentation"
            | "PresentationElement"
            | "Uml1SemanticModelBridge"
            | "SimpleSemanticModelElement" => Self::Drawing,
            _ => Self::Ignored,
        }
    }

    /// As what an element counts, whether it is part of the model or not.
    pub(super) fn element(self, metaclass: &str) -> ElementKind {
        match self {
            Self::Package(PackageKind::Model) => ElementKind::Model,
            Self::Package(_) => ElementKind::Package,
            Self::Classifier(kind) => word(kind),
            Self::Attribute => ElementKind::Attribute,
            Self::Literal => ElementKind::Literal,
            Self::Operation => ElementKind::Operation,
            Self::Parameter => ElementKind::Parameter,
            Self::Association => ElementKind::Association,
            Self::End => ElementKind::End,
            Self::Relation(kind) => relation(kind),
            Self::Comment => ElementKind::Comment,
            Self::Constraint => ElementKind::Constraint,
            Self::Template => ElementKind::Template,
            Self::Value | Self::Silent | Self::Drawing | Self::Ignored => match metaclass {
                "Stereotype" => ElementKind::Stereotype,
                "TagDefinition" => ElementKind::TagDefinition,
                "ElementImport" => ElementKind::Import,
                "Object" | "Instance" | "ComponentInstance" | "NodeInstance" => ElementKind::Instance,
                _ => ElementKind::Other,
            },
        }
    }
}

/// As what a classifier counts.
pub(super) fn word(kind: ClassifierKind) -> ElementKind {
    match kind {
        ClassifierKind::Class => ElementKind::Class,
        ClassifierKind::AssociationClass => ElementKind::AssociationClass,
        ClassifierKind::Interface => ElementKind::Interface,
        ClassifierKind::DataType => ElementKind::DataType,
        ClassifierKind::PrimitiveType => ElementKind::PrimitiveType,
        ClassifierKind::Enumeration => ElementKind::Enumeration,
        ClassifierKind::Signal => ElementKind::Signal,
        ClassifierKind::Actor => ElementKind::Actor,
        ClassifierKind::Component => ElementKind::Component,
        ClassifierKind::Node => ElementKind::Node,
    }
}

/// As what a relation counts.
pub(super) fn relation(kind: RelationKind) -> ElementKind {
    match kind {
        RelationKind::Generalization => ElementKind::Generalization,
        RelationKind::Realization => ElementKind::Realization,
        RelationKind::Dependency => ElementKind::Dependency,
    }
}
